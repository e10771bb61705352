//! Handles a posted form that is not valid UTF-8 (GBK from an old program, for instance). Nothing is stored: the person sees
//! the text as far as it can be decoded, corrects it and sends it again.

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use percent_encoding::percent_decode;

use crate::page::Page;
use crate::submission::is_password;
use crate::t;
use crate::ui::button::{Button, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::text_area::TextArea;
use crate::visit::Visit;

/// Replaces a byte that cannot be decoded.
const LOST: char = '\u{fffd}';

/// One posted field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawPair {
    pub name: String,
    /// Its text as far as it can be decoded.
    pub value: String,
    /// Whether all of it was valid UTF-8.
    pub clear: bool,
}

/// Parses `application/x-www-form-urlencoded`. Fields whose name cannot be decoded are dropped.
pub fn read(body: &[u8]) -> impl Iterator<Item = RawPair> {
    body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).filter_map(|pair| {
        let (name, value) = pair.split_at(pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len()));
        let name = String::from_utf8(bytes(name)).ok()?;
        let (value, clear) = text(bytes(value.get(1..).unwrap_or_default()));
        Some(RawPair { clear: clear || is_password(&name), name, value })
    })
}

fn bytes(encoded: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).collect()
}

/// Decodes bytes and says whether the result is certain. Invalid UTF-8 is most often GBK; such a guess is only displayed.
fn text(bytes: Vec<u8>) -> (String, bool) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let clear = !text.contains(LOST);
            (text, clear)
        }
        Err(error) => {
            let bytes = error.as_bytes();
            let guess = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
            (guess.map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), std::borrow::Cow::into_owned), false)
        }
    }
}

/// The page that asks for corrections: valid values in hidden fields, the others in visible ones.
pub fn answer(visit: &Visit, posted: Vec<RawPair>) -> Response {
    let locale = visit.locale();
    let path = visit.path().to_owned();
    Page::new(visit, t!(locale, typed.unreadable_title)).status(StatusCode::BAD_REQUEST).show(move || {
        let (clear, unclear): (Vec<RawPair>, Vec<RawPair>) =
            posted.into_iter().filter(|posted| !is_password(&posted.name)).partition(|posted| posted.clear);
        let clear = clear.into_iter().map(|posted| (posted.name, posted.value)).collect::<Vec<_>>();
        let fields = unclear.into_iter().enumerate().map(|(place, posted)| {
            let lost = posted.value.contains(LOST).then(|| t!(locale, typed.unreadable_lost));
            let label = t!(locale, typed.unreadable_field, place = place + 1);
            view! { <TextArea label=label name=posted.name value=posted.value error=lost rows=3 /> }
        });
        view! {
            <h1>{t!(locale, typed.unreadable_title)}</h1>
            <ErrorSummary refused=vec![Refused::new("unreadable", t!(locale, typed.unreadable), t!(locale, typed.unreadable_text))] />
            <form method="post" action=path class="form">
                {hidden(clear)}
                {fields.collect_view()}
                <div class="actions">
                    <Button text=t!(locale, typed.unreadable_send) />
                </div>
            </form>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::{RawPair, read};

    fn one(body: &[u8]) -> RawPair {
        read(body).next().unwrap_or_else(|| panic!("nothing in {body:?}"))
    }

    #[test]
    fn utf_8_is_read_as_browsers_send_it() {
        let pairs: Vec<_> = read("a+b=%E4%BD%A0%2B+1&&c&=d&e==".as_bytes()).map(|p| (p.name, p.value, p.clear)).collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned(), true);
        assert_eq!(pairs, [pair("a b", "你+ 1"), pair("c", ""), pair("", "d"), pair("e", "=")]);
    }

    #[test]
    fn gbk_is_shown_as_it_was_meant_but_is_not_certain() {
        let posted = one(b"content=%C4%E3%BA%C3");
        assert_eq!((posted.value.as_str(), posted.clear), ("你好", false));
        let posted = one(b"content=ok%ff%fe%E4%BD%A0");
        assert_eq!((posted.value.as_str(), posted.clear), ("ok\u{fffd}\u{fffd}你", false));
        assert!(!one("content=\u{fffd}".as_bytes()).clear, "already lost");
    }

    #[test]
    fn a_password_is_taken_as_typed() {
        assert!(one(b"password=%C4%E3").clear);
    }
}
