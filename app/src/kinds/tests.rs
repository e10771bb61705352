//! Every kind of `bank` has pages and texts in both languages.

use std::collections::BTreeSet;

use bank::cases::{CaseKind, DeskRefusal, HistoryLine};
use bank::kernel::forms::Refusal;
use bank::kernel::forms::Values;
use bank::kernel::language::Language;
use bank::kernel::time::At;
use serde_json::json;

use super::{all, of, of_message};
use crate::desk::refusal_words;
use crate::messages::text;
use crate::words::locale;

#[test]
fn every_kind_stands_in_both_registries_once() {
    let kinds: Vec<&str> = CaseKind::all().map(CaseKind::code).collect();
    let shown: Vec<&str> = all().map(|ui| ui.kind().code()).collect();
    assert_eq!(kinds, shown, "the kinds of `bank` and those of `app`, in the same order");
    assert!(CaseKind::all().all(|kind| of(kind).is_some()));
}

#[test]
fn kinds_do_not_share_forms_or_number_prefixes() {
    let prefixes: BTreeSet<&str> = all().map(|ui| ui.kind().prefix()).collect();
    let forms: BTreeSet<&str> = all().map(|ui| &*ui.form().form.name).collect();
    let paths: BTreeSet<&str> = all().map(|ui| ui.form().path).collect();
    assert_eq!([prefixes.len(), forms.len(), paths.len()], [all().count(); 3]);
    for ui in all() {
        assert!(ui.address().ends_with("/{number}"), "{}", ui.address());
        let served = ui.routes();
        assert_eq!(served.iter().filter(|route| route.path == ui.form().path).count(), 2, "shown and posted to");
    }
}

#[test]
fn every_kind_and_every_state_has_words_in_both_languages() {
    for ui in all() {
        let code = ui.kind().code();
        for locale in Language::ALL.map(locale) {
            let own = [ui.name(locale), ui.task(locale), ui.book(locale), ui.draft(locale, &Values::default())];
            assert!(own.iter().all(|words| !words.is_empty()), "{code}");
            for state in ui.states() {
                assert!(ui.state(locale, state).is_some_and(|(words, _)| !words.is_empty()), "{code}: state {state}");
            }
            assert!(ui.state(locale, "no such state").is_none());
        }
    }
}

#[test]
fn every_action_has_words_in_both_languages() {
    for ui in all() {
        let (code, kind) = (ui.kind().code(), ui.kind().registered());
        let first = kind.states().iter().map(|state| ("submit", state.code)).take(1);
        for (action, to) in first.chain(kind.table().iter().map(|line| (line.action, line.to))) {
            let line = HistoryLine {
                version: 1,
                at: At(0),
                role: "clerk".to_owned(),
                user_name: "陈敏".to_owned(),
                action: action.to_owned(),
                from: None,
                to: Some(to.to_owned()),
                reason: None,
                detail: json!({}),
            };
            for language in Language::ALL {
                let said = ui.done(language, "陈敏".to_owned(), &line);
                assert!(said.is_some_and(|words| !words.is_empty()), "{code}: {action} to {to}");
            }
        }
    }
}

#[test]
fn every_message_the_bank_writes_has_words_of_its_own_in_both_languages() {
    for (language, ui) in Language::ALL.into_iter().flat_map(|language| all().map(move |ui| (language, ui))) {
        let news = text(language, "something_new", &json!({}));
        for message in ui.kind().registered().messages() {
            let said = text(language, message, &json!({ "reason": "x", "judgement": "partly" }));
            assert!(!said.title.is_empty() && !said.body.is_empty() && said.title != news.title, "{message}");
            assert_eq!(of_message(message).map(|(of, _)| of.kind()), Some(ui.kind()), "{message} is taken for another kind's");
        }
    }
}

#[test]
fn every_refusal_has_words_its_field_and_its_offer_too() {
    for (language, ui) in Language::ALL.into_iter().flat_map(|language| all().map(move |ui| (language, ui))) {
        for refusal in ui.kind().registered().refusals() {
            let DeskRefusal::Own(own) = &refusal else { panic!("{} is every kind's", refusal.code()) };
            let (title, body) = refusal_words(language, ui.kind(), &refusal, At(0));
            assert!(ui.refusal(language, own).is_some() && !title.is_empty() && !body.is_empty(), "{}", refusal.code());
            let field = refusal.field();
            assert!(field.is_empty() || ui.field(locale(language), field).is_some(), "{}: {field}", refusal.code());
            assert!(refusal.nearest().iter().all(|nearest| ui.offer(language, nearest).is_some()), "{}", refusal.code());
        }
    }
}
