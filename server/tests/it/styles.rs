//! A class has one meaning: it is styled in one partial. A rule for a class within others (`.desk .table`, `.page:has(> .ticket)`)
//! is about a place, not a second meaning; elder mode, forced colours and print change everything on purpose.

use std::collections::{BTreeMap, BTreeSet};

use crate::house_rules::root;

/// Partials that restyle what others define.
const MODES: [&str; 3] = ["elder.css", "forced_colors.css", "print.css"];

/// Classes that two partials style, with the reason.
const SHARED: [(&str, &str); 4] = [
    ("bar", "base.css names it for the transition between pages"),
    ("button", "base.css sets the motion of what is pressed once"),
    ("choice", "base.css sets the motion of what is pressed once"),
    ("tile", "base.css sets the motion of what is pressed once"),
];

/// The selectors of the rules that stand in no other rule; at-rules may be around them.
fn selectors(css: &str) -> Vec<String> {
    let mut text = String::new();
    let mut rest = css;
    while let Some(at) = rest.find("/*") {
        text.push_str(&rest[..at]);
        rest = rest[at..].split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let (mut found, mut around, mut prelude) = (Vec::new(), Vec::new(), String::new());
    for c in text.chars() {
        match c {
            '{' => {
                let is_rule = !prelude.trim_start().starts_with('@');
                if is_rule && !around.contains(&true) {
                    found.extend(split(&prelude, |c| c == ','));
                }
                around.push(is_rule);
                prelude.clear();
            }
            '}' => {
                around.pop();
                prelude.clear();
            }
            ';' => prelude.clear(),
            _ => prelude.push(c),
        }
    }
    found
}

/// The parts between separators outside brackets.
fn split(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in text.chars() {
        depth += i32::from(c == '(' || c == '[') - i32::from(c == ')' || c == ']');
        if depth == 0 && is_separator(c) {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// The classes that a selector styles wherever they stand.
fn classes(selector: &str) -> BTreeSet<String> {
    let compounds = split(selector, |c| c.is_whitespace() || ">+~".contains(c));
    let [compound] = compounds.as_slice() else { return BTreeSet::new() };
    if let Some(list) = compound.strip_prefix(":is(").and_then(|list| list.strip_suffix(')')) {
        return split(list, |c| c == ',').iter().flat_map(|one| classes(one)).collect();
    }
    if compound.contains(":has(") {
        return BTreeSet::new();
    }
    let named = compound.split(':').next().unwrap_or_default();
    named.split('.').skip(1).map(|class| class.split(['[', '#']).next().unwrap_or_default().to_owned()).collect()
}

/// The partials that style each class.
fn styled(partials: &[(String, String)]) -> BTreeMap<String, BTreeSet<String>> {
    let mut styled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, css) in partials {
        for class in selectors(css).iter().flat_map(|selector| classes(selector)) {
            styled.entry(class).or_default().insert(name.clone());
        }
    }
    styled
}

fn partials() -> Vec<(String, String)> {
    let style = root().join("style");
    let mut found = Vec::new();
    for folder in ["", "ui"] {
        for entry in std::fs::read_dir(style.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&style).unwrap().to_string_lossy().into_owned();
            if path.extension().is_some_and(|extension| extension == "css") && !MODES.contains(&&*name) {
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn a_class_is_styled_in_one_partial() {
    let styled = styled(&partials());
    assert!(styled.len() > 100, "the rules are not read: {styled:?}");
    for (class, partials) in &styled {
        let is_shared = SHARED.iter().any(|(shared, _)| shared == class);
        assert!(partials.len() < 2 || is_shared, ".{class} has a meaning in each of {partials:?}; a class of its own, or SHARED");
        assert!(partials.len() > 1 || !is_shared, ".{class} is styled in one partial; it need not stand in SHARED");
    }
}

#[test]
fn two_meanings_of_a_class_are_noticed() {
    let two = |first: &str, second: &str| {
        let found = styled(&[("a.css".to_owned(), first.to_owned()), ("b.css".to_owned(), second.to_owned())]);
        found.into_iter().filter(|(_, partials)| partials.len() > 1).map(|(class, _)| class).collect::<Vec<_>>()
    };
    let reveal = ".reveal { display: grid; }";
    for other in [
        ".reveal { border: 0; }",
        ".x, .reveal:hover { a: b; }",
        "@media (width < 40rem) { .reveal { a: b; } }",
        ":is(.x, .reveal) { a: b; }",
        ".x.reveal[hidden] { a: b; }",
    ] {
        assert_eq!(two(reveal, other), ["reveal"], "{other}");
    }
    for place in
        [".x { .reveal { a: b; } }", ".x > .reveal { a: b; }", ".x:has(.reveal) { a: b; }", "/* .reveal { */ .x { a: b; }"]
    {
        assert_eq!(two(reveal, place), Vec::<String>::new(), "{place}");
    }
}
