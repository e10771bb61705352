//! The bar on top of every page: brand or way back, navigation, language, sign-out.
//!
//! Three kinds: customer (white), staff (dark blue), and a task, where only the way back, the saved notice and the
//! language stay. Language and sign-out are plain forms that carry no `key`. What stands at the end is `footer`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    icon::{Icon, Picture},
    parts::{Link, Maybe},
};

mod samples;

pub use samples::examples;

/// Which bar it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HeaderKind {
    /// For customers and visitors.
    #[default]
    Customer,
    /// For staff: dark blue, dense.
    Staff,
}

/// The form of a page that the language switch sends, so that what was typed in it comes along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSwitch {
    /// The form's id.
    pub id: String,
    /// What the form's main button sends, for the Enter key.
    pub button: Option<(String, String)>,
}

/// The language switch: a form that posts to `/language` and comes back, or a button of the page's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageSwitch {
    /// The other language in its own words, such as English.
    pub text: String,
    /// Its tag as posted and as `lang`, such as `en`.
    pub value: String,
    /// The path and query to come back to.
    pub to: String,
    /// The page's own form, where it has one.
    pub form: Option<FormSwitch>,
}

/// The bar. Every part but the brand and the language may be missing.
#[component]
pub fn Header(
    /// The product's name: 厅堂.
    #[prop(into)]
    brand: String,
    /// The bank's name under it, or 工作台 behind it for staff.
    #[prop(into)]
    subtitle: String,
    /// Words of the link that jumps over the bar to `#main`.
    #[prop(into)]
    skip: String,
    /// The language switch.
    language: LanguageSwitch,
    /// Which bar.
    #[prop(optional)]
    kind: HeaderKind,
    /// Where the brand leads.
    #[prop(default = "/".to_owned(), into)]
    home: String,
    /// The name of the navigation for readers.
    #[prop(optional, into)]
    nav_label: Maybe,
    /// The main places; under the bar on a phone.
    #[prop(optional)]
    nav: Vec<Link>,
    /// The way back, in place of the brand: a task.
    #[prop(optional_no_strip, into)]
    back: Option<Link>,
    /// Plain words at the right: 已自动保存, the clerk's branch and name, the bank's time.
    #[prop(optional)]
    notes: Vec<String>,
    /// Links at the right: 我的, 登录.
    #[prop(optional)]
    links: Vec<Link>,
    /// The words of the sign-out button; missing when nobody is signed in.
    #[prop(optional, into)]
    sign_out: Maybe,
) -> AnyView {
    let class = match kind {
        HeaderKind::Customer => "bar",
        HeaderKind::Staff => "bar bar-staff",
    };
    view! {
        <a class="skip" href="#main">{skip}</a>
        <header class=class>
            <div class="bar-in">
                {match back {
                    Some(link) => {
                        view! {
                            <a class="bar-back" href=link.href>
                                <Icon picture=Picture::Back />
                                {link.text}
                            </a>
                        }
                            .into_any()
                    }
                    None => brand_link(kind, home, brand, subtitle).into_any(),
                }}
                {(!nav.is_empty())
                    .then(|| {
                        view! {
                            <nav aria-label=nav_label.text()>
                                <ul>{nav.into_iter().map(|link| view! { <li>{nav_link(link)}</li> }).collect_view()}</ul>
                            </nav>
                        }
                    })}
                <div class="bar-tools">
                    {notes.into_iter().map(|words| view! { <span class="bar-note">{words}</span> }).collect_view()}
                    {language_switch(language)}
                    {links.into_iter().map(nav_link).collect_view()}
                    {sign_out
                        .text()
                        .map(|words| {
                            view! {
                                <form method="post" action="/logout">
                                    <button type="submit">{words}</button>
                                </form>
                            }
                        })}
                </div>
            </div>
        </header>
    }
    .into_any()
}

fn language_switch(language: LanguageSwitch) -> AnyView {
    let LanguageSwitch { text, value, to, form } = language;
    let Some(FormSwitch { id, button }) = form else {
        return view! {
            <form method="post" action="/language">
                <input type="hidden" name="to" value=to />
                <button type="submit" name="language" value=value.clone() lang=value>
                    {text}
                </button>
            </form>
        }
        .into_any();
    };
    let (name, sent) = button.unzip();
    // Enter presses the first button of a form in the document. This one stands before it and is the page's own, unseen.
    view! {
        <button type="submit" form=id.clone() name=name value=sent hidden></button>
        <button type="submit" class="bar-language" form=id formnovalidate name="language" value=value.clone() lang=value>
            {text}
        </button>
    }
    .into_any()
}

fn brand_link(kind: HeaderKind, home: String, brand: String, subtitle: String) -> impl IntoView {
    view! {
        <a class="brand" href=home>
            {(kind == HeaderKind::Customer)
                .then(|| {
                    view! {
                        <span class="brand-mark">
                            <Icon picture=Picture::Bank />
                        </span>
                    }
                })}
            <span class="brand-words">
                <b>{brand}</b>
                " "
                <span class="brand-bank">{subtitle}</span>
            </span>
        </a>
    }
}

fn nav_link(link: Link) -> impl IntoView {
    view! {
        <a href=link.href aria-current=link.current.then_some("page")>
            {link.text}
            {link.count.map(|waiting| format!(" {waiting}"))}
        </a>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_language_and_the_way_out_are_plain_forms_without_a_key() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"<form method="post" action="/language""#));
        assert!(html.contains(r#"<input type="hidden" name="to" value="/appointments""#));
        assert!(html.contains(r#"name="language" value="en" lang="en""#));
        assert!(html.contains(r#"<form method="post" action="/logout""#));
        assert!(!html.contains(r#"name="key""#));
    }

    #[test]
    fn the_present_page_is_marked() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"aria-current="page""#));
    }
}
