//! The table in SECURITY.md: every requirement of OWASP ASVS 5.0 of levels 1 and 2 in chapters V6, V7 and V8 has a row, and none says
//! *met* without a file or test that exists.

use app::routes::{Callers, Verb, table};

use super::house_rules::{root, sources};

/// Sections with the numbers of their requirements of levels 1 and 2 (OWASP ASVS 5.0.0).
const REQUIRED: [(&str, std::ops::RangeInclusive<u32>); 17] = [
    ("6.1", 1..=3),
    ("6.2", 1..=12),
    ("6.3", 1..=4),
    ("6.4", 1..=4),
    ("6.5", 1..=5),
    ("6.6", 1..=3),
    ("6.8", 1..=4),
    ("7.1", 1..=3),
    ("7.2", 1..=4),
    ("7.3", 1..=2),
    ("7.4", 1..=5),
    ("7.5", 1..=2),
    ("7.6", 1..=2),
    ("8.1", 1..=2),
    ("8.2", 1..=3),
    ("8.3", 1..=1),
    ("8.4", 1..=1),
];

/// Why a row may not say that its requirement is met.
fn unproven(shown_by: &str) -> Option<String> {
    let words =
        || shown_by.split([' ', ',', ';', ':', '(', ')']).map(|word| word.trim_matches('`')).filter(|word| !word.is_empty());
    let file = |word: &str| {
        let path = [root().join(word), root().join("server/tests/it").join(word)].into_iter().find(|path| path.exists());
        path.filter(|_| word.contains(['/', '.']) || word == "access")
    };
    let files: Vec<_> = words().filter_map(file).collect();
    if files.is_empty() {
        return Some("names no file".to_owned());
    }
    let text: String = files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let missing = words().find(|word| word.matches('_').count() > 2 && !text.contains(&format!("fn {word}(")));
    missing.map(|test| format!("names the test {test}, which is not there"))
}

#[test]
fn every_requirement_has_a_row_and_every_met_one_a_proof() {
    let text = std::fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let mut listed = Vec::new();
    for row in text.lines().filter(|line| line.starts_with("| 6.") || line.starts_with("| 7.") || line.starts_with("| 8.")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, numbers, _, state, shown_by, _] = cells[..] else { panic!("{row}") };
        let numbers: Vec<&str> = numbers.split([',', ' ']).filter(|number| number.contains('.')).collect();
        match numbers[..] {
            [first, last] => {
                let (section, from) = first.rsplit_once('.').unwrap();
                let to: u32 = last.rsplit_once('.').unwrap().1.parse().unwrap();
                listed.extend((from.parse().unwrap()..=to).map(|number| format!("{section}.{number}")));
            }
            _ => listed.push(numbers.concat()),
        }
        match state {
            "met" => assert_eq!(unproven(shown_by), None, "{row}"),
            "not met" | "not applicable" => assert!(!shown_by.is_empty(), "{row}"),
            other => panic!("{other:?} is no state: {row}"),
        }
    }
    let required = REQUIRED.into_iter().flat_map(|(section, numbers)| numbers.map(move |number| format!("{section}.{number}")));
    assert_eq!(listed, required.collect::<Vec<_>>());
    assert!(unproven("I say so").is_some() && unproven("`sign_in.rs` there_is_no_such_test").is_some());
}

/// docs/authentication.md names every form that is open to people who are not signed in, and every file that makes a session.
#[test]
fn every_way_in_is_documented() {
    let text = std::fs::read_to_string(root().join("docs/authentication.md")).unwrap();
    let open = table().into_iter().filter(|route| route.verb == Verb::Post && route.callers == Callers::Anyone);
    let forms: Vec<&str> = open.map(|route| route.path).collect();
    assert!(forms.contains(&"/login") && forms.contains(&"/passkey"), "{forms:?}");
    for path in forms.into_iter().chain(["/step-up"]) {
        assert!(text.contains(&format!("`{path}`")), "{path} is not documented");
    }
    let makes =
        |text: &str| text.contains(" insert_session(") || text.contains("::insert_session(") || text.contains(" go_on(tx");
    let mut found = 0;
    for (name, code) in sources("app/bank/src") {
        if makes(&code) && !name.ends_with("records.rs") {
            found += 1;
            assert!(text.contains(&format!("`{name}`")), "{name} makes sessions and is not documented");
        }
    }
    assert_eq!(found, 5);
}
