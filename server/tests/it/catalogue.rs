//! The message catalogue: both languages have the same keys and placeholders, and every key is used.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::house_rules::{root, sources};

/// The keys with a singular.
fn counted(texts: &BTreeMap<String, String>) -> BTreeSet<String> {
    let bases = texts.keys().filter_map(|key| key.strip_suffix("_one"));
    bases.filter(|base| texts.contains_key(*base)).map(str::to_owned).collect()
}

/// Every text by its key, `namespace.key`.
pub(crate) fn texts(language: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("app/locales").join(language)).unwrap() {
        let path = entry.unwrap().path();
        let namespace = path.file_stem().unwrap().to_string_lossy().into_owned();
        let value: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        flatten(&namespace, &value, &mut texts);
    }
    texts
}

fn flatten(key: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(name, value)| flatten(&format!("{key}.{name}"), value, texts)),
        Value::String(text) => {
            texts.insert(key.to_owned(), text.clone());
        }
        other => panic!("{key} is {other}"),
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let (chinese, english) = (texts("zh-CN"), texts("en"));
    let keys = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = keys(&chinese).symmetric_difference(&keys(&english)).cloned().collect();
    assert!(missing.is_empty(), "in one language only: {missing:?}");
    for (key, text) in &chinese {
        assert_eq!(placeholders(text), placeholders(&english[key]), "{key}");
        assert!(!text.trim().is_empty() && !english[key].trim().is_empty(), "{key} is blank");
    }
}

/// English texts with a plural after a number that is never one, with the reason.
const NEVER_ONE: [(&str, &str); 11] = [
    ("cash.why.blocked", "spans of days; one would be no rule"),
    ("cash.desk.paid_title_wrong", "notes of a denomination"),
    ("desk.age", "only old people"),
    ("home.all_branches", "only if there are more than on the board"),
    ("home.in_days", "one day is tomorrow"),
    ("reception.branches", "only if there are several"),
    ("reception.case.early", "a slot is longer"),
    ("reception.slot_hint", "a slot is longer"),
    ("recommendations.redemption_days", "one day has a text of its own"),
    ("recommendations.years", "one year has a text of its own"),
    ("typed.several", "one is shown alone"),
];

/// The plurals after a number: `{{ n }} days`. Limits of characters are never one.
fn plurals(text: &str) -> Vec<&str> {
    const OTHERS: [&str; 5] = ["characters", "counts", "does", "matures", "has"];
    let after = text.split("}}").skip(1).map(|rest| rest.trim_start().split(|c: char| !c.is_ascii_lowercase() && c != '-'));
    let words = after.filter_map(|mut words| words.next()).filter(|word| !OTHERS.contains(word));
    words.filter(|word| *word == "people" || (word.len() > 3 && word.ends_with('s') && !word.ends_with("ss"))).collect()
}

#[test]
fn english_has_a_singular_where_a_number_can_be_one() {
    let (english, chinese) = (texts("en"), texts("zh-CN"));
    let counted = counted(&english);
    for (key, text) in &english {
        let is_excepted = NEVER_ONE.iter().any(|(excepted, _)| excepted == key);
        let needs = !plurals(text).is_empty() && !counted.contains(key);
        assert!(!needs || is_excepted, "{key} says \"1 {:?}\": {text}", plurals(text));
        assert!(needs || !is_excepted, "{key} need not stand in NEVER_ONE");
    }
    assert!(counted.len() > 20, "{counted:?}");
    for key in counted.iter().filter(|key| *key != "home.unread") {
        assert_eq!(chinese[key], chinese[&format!("{key}_one")], "Chinese has no singular");
    }
}

#[test]
fn no_text_is_there_that_nothing_says() {
    let code: String = sources("app/src").into_iter().map(|(_, text)| spoken(&text)).collect();
    // `namespace.key` as the macros name it; a longer key with the same beginning does not count.
    let said = |key: &str| {
        code.match_indices(key).any(|(at, _)| {
            let before = code[..at].chars().next_back();
            let after = code[at + key.len()..].chars().next();
            let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !part(before) && !part(after)
        })
    };
    let unused: Vec<String> = texts("zh-CN").into_keys().filter(|key| !said(key)).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

/// Rust code without comments and string contents, because a key named there is not a use.
pub(crate) fn spoken(code: &str) -> String {
    let mut spoken = String::with_capacity(code.len());
    let mut rest = code.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '/' if rest.peek() == Some(&'/') => {
                rest.by_ref().find(|letter| *letter == '\n');
                spoken.push('\n');
            }
            '"' => {
                while let Some(letter) = rest.next().filter(|letter| *letter != '"') {
                    if letter == '\\' {
                        rest.next();
                    }
                }
                spoken.push_str("\"\"");
            }
            // A quotation mark as a character literal does not start a string.
            '\'' if rest.peek() == Some(&'"') => {
                rest.next();
            }
            letter => spoken.push(letter),
        }
    }
    spoken
}

#[test]
fn a_key_in_a_comment_or_a_string_is_not_said() {
    let code = "/// cash.one\nlet a = '\"'; t!(locale, cash.two); // cash.three\nlet b = \"cash.four \\\" cash.five\"; t!(locale, cash.six)";
    let spoken = spoken(code);
    let said = |key: &str| spoken.contains(key);
    assert!(said("cash.two") && said("cash.six"), "{spoken}");
    for key in ["cash.one", "cash.three", "cash.four", "cash.five"] {
        assert!(!said(key), "{key}: {spoken}");
    }
}

/// `**English** (中文)` in docs/founding.md is a label: a text of the catalogue in both languages.
#[test]
fn the_labels_in_the_guide_to_a_first_bank_are_those_of_the_pages() {
    let (chinese, english) = (texts("zh-CN"), texts("en"));
    let guide = std::fs::read_to_string(root().join("docs/founding.md")).unwrap();
    let words = guide.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut labels = 0;
    for (label, rest) in words.split("**").zip(words.split("**").skip(1)).skip(1).step_by(2) {
        let Some((said, _)) = rest.strip_prefix(" (").and_then(|rest| rest.split_once(')')) else { continue };
        if said.is_ascii() {
            continue;
        }
        labels += 1;
        assert!(english.iter().any(|(key, text)| text == label && chinese[key] == said), "no page says {label} / {said}");
    }
    assert!(labels > 10, "{labels}");
}
