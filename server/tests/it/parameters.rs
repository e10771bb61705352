//! Parameters: each is declared once, is documented in docs/domain.md §12 with unit, default and source, and is read by a rule or
//! a page. The test searches the source text for a field access `.name` outside comments, strings, tests and the declaration. A
//! value that is only copied into another struct must be read there.

use std::collections::BTreeSet;

use bank::kernel::parameters::{Declaration, Source, Unit};

use crate::catalogue::spoken;
use crate::house_rules::{domain, sources};
use crate::on_both_engines;
use crate::support::seed::{branch_parameter, parameter};
use crate::support::{TestBank, pairs};

fn unit_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Yuan => "yuan",
        Unit::Clock | Unit::Demand => "",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Days => "calendar days",
        Unit::WorkingDays => "working days",
        Unit::Months => "months",
        Unit::Years => "years",
        Unit::Notes => "notes",
        Unit::Bookings => "bookings",
        Unit::NoShows => "no-shows",
        Unit::Cases => "cases",
        Unit::Messages => "messages",
        Unit::Percent => "percent",
        Unit::Characters => "characters",
        Unit::People => "people",
        Unit::Attempts => "attempts",
        Unit::Cards => "cards",
        Unit::Reasons => "reasons",
    }
}

fn source_words(source: Source) -> String {
    match source {
        Source::Law(section) => format!("[law, §{section}]"),
        Source::Bank(section) => format!("[bank, §{section}]"),
        Source::Practice(section) => format!("[practice, §{section}]"),
        Source::Default(section) => format!("[default, §{section}]"),
    }
}

#[test]
fn every_parameter_stands_in_the_domain_with_default_unit_and_source() {
    let domain = domain();
    let mut names = BTreeSet::new();
    for declared @ Declaration { name, unit, source, default, bounds, .. } in bank::parameters() {
        assert!(names.insert(name), "{name} is declared twice");
        assert!(declared.accepts(&default()), "{name}: the default lies out of its bounds");
        let is_bounded = bounds.is_some_and(|bounds| bounds.lowest < bounds.highest);
        assert!(is_bounded || [Unit::Clock, Unit::Demand].contains(unit), "{name} has no bounds");
        let row = domain.lines().find_map(|line| line.strip_prefix(&format!("| `{name}` | ")));
        let row = row.unwrap_or_else(|| panic!("{name} is missing in the domain, 12.1"));
        // `50,000 yuan`, `5 working days`, `1 minute`, `15:00`
        let (value, meaning) = row.split_once(" | ").unwrap();
        let (number, words) = value.split_once(' ').unwrap_or((value, ""));
        assert_eq!(number.replace(',', ""), default(), "{name} has another default in the domain, 12.1");
        let singular = number == "1" && unit_words(*unit).strip_suffix('s') == Some(words);
        assert!(words == unit_words(*unit) || singular, "{name} counts {words} in the domain, 12.1");
        let (accepted, meaning) = meaning.split_once(" | ").unwrap();
        let bounds = bounds.map(|bounds| format!("{} to {}", bounds.lowest, bounds.highest));
        assert_eq!(
            accepted.replace(',', ""),
            bounds.unwrap_or_else(|| if *unit == Unit::Demand { "required or offered" } else { "any time" }.to_owned()),
            "{name} in the domain, 12.1"
        );
        let source = source_words(*source);
        assert!(meaning.ends_with(&format!("{source} |")), "{name} has another source than {source} in the domain, 12.1");
    }
    let rows = domain.lines().filter(|line| line.starts_with("| `") && line.matches(" | ").count() == 3);
    assert_eq!(rows.count(), names.len(), "the domain lists a parameter that nothing declares");
}

/// Rust code without comments, strings, parameter declarations and the tests at its end.
fn read_by_compiler(code: &str) -> String {
    let mut code = spoken(code);
    if let Some(tests) = code.find("#[cfg(test)]\nmod tests {") {
        code.truncate(tests);
    }
    while let Some(begin) = code.find("parameters! {\n") {
        let end = code[begin..].find("\n}\n").map_or(code.len(), |length| begin + length);
        code.replace_range(begin..end, "");
    }
    code
}

fn part(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

/// The positions where a field of this name is accessed.
fn accesses<'c>(code: &'c str, field: &str) -> impl Iterator<Item = usize> + use<'c> {
    let access = format!(".{field}");
    let length = access.len();
    let places: Vec<usize> = code.match_indices(&access).map(|(at, _)| at).collect();
    // The key of a text (`cash.parameter.cash_cutoff`) is no field.
    let is_key = move |at: usize| ["parameter", "kept_for"].iter().any(|group| code[..at].ends_with(group));
    places.into_iter().filter(move |at| !part(code[at + length..].chars().next()) && !is_key(*at))
}

/// The field to which the value is copied, if this access is only a copy inside a conversion `impl From<&…>`.
fn copied_to(code: &str, at: usize) -> Option<&str> {
    let conversion = code[..at].rfind("impl From<&")?;
    if code[conversion..at].contains("\n}\n") {
        return None;
    }
    let (before, _) = code[..at].rsplit_once(": ")?;
    let field = before.rsplit(|c: char| !part(Some(c))).next()?;
    Some(field).filter(|field| !field.is_empty())
}

/// Whether a rule or a page reads a field other than to copy it.
fn is_read(field: &str, code: &[String]) -> bool {
    code.iter().any(|code| accesses(code, field).any(|at| copied_to(code, at).is_none()))
}

/// The names that this code does not read.
fn unread<'n>(names: &[&'n str], code: &[String]) -> Vec<&'n str> {
    let copies = |name: &str| {
        let copies = code.iter().flat_map(|code| accesses(code, name).filter_map(|at| copied_to(code, at)));
        copies.map(str::to_owned).collect::<Vec<_>>()
    };
    let read = |name: &str| is_read(name, code) || copies(name).iter().any(|field| is_read(field, code));
    names.iter().copied().filter(|name| !read(name)).collect()
}

#[test]
fn every_parameter_is_read() {
    let tests = ["/tests", "_tests", "/test_support", "/fixture", "/soak", "/samples"];
    let all = ["app/src", "app/bank/src", "server/src"].into_iter().flat_map(sources);
    let code: Vec<String> =
        all.filter(|(name, _)| !tests.iter().any(|test| name.contains(test))).map(|(_, code)| read_by_compiler(&code)).collect();
    let names: Vec<&str> = bank::parameters().map(|declared| declared.name).collect();
    assert!(names.len() > 50);
    let unread = unread(&names, &code);
    assert!(unread.is_empty(), "nothing reads {unread:?}");
}

#[test]
fn a_name_in_a_comment_a_string_a_test_or_a_declaration_is_not_read() {
    let declared = "parameters! {\n    pub struct A {\n        a_days: i64 = x.a_days, Days, Default(3);\n    }\n}\n";
    let tests = "#[cfg(test)]\nmod tests {\n    fn t() { p.a_days; }\n}\n";
    let conversion =
        "impl From<&A> for Limits {\n    fn from(p: &A) -> Self {\n        Self { most: count(p.a_days) }\n    }\n}\n";
    let unread = |code: &str| !unread(&["a_days"], &[read_by_compiler(code)]).is_empty();
    for code in [
        "// p.a_days\n",
        "let a = \".a_days\";",
        "let a = p.a_days_more;",
        "t!(l, cash.parameter.a_days)",
        declared,
        tests,
        conversion,
    ] {
        assert!(unread(code), "{code}");
    }
    let copied_and_read = format!("{conversion}fn rule(limits: &Limits) -> bool {{ limits.most > 3 }}\n");
    for code in ["let a = p.a_days;", &format!("{declared}let a = p.a_days;\n{tests}"), &copied_and_read] {
        assert!(!unread(code), "{code}");
    }
}

async fn the_administrator_reads_them_in_words(bank: &TestBank) {
    parameter(&bank.bank, "cash_minimum", "60000").await;
    branch_parameter(&bank.bank, "dongqu", "cash_cutoff", "14:30").await;
    bank.change(
        "INSERT INTO parameters (name, branch_id, effective_from, value) VALUES ('no_show_count', '', '2026-12-01', '4')",
    )
    .await;
    let admin = bank.signed_in("admin").await;
    let text = admin.open("/settings").await.text();
    for words in ["60,000 元", "14:30", "东区支行", "2026 年 12 月 1 日", "4 次", "默认值", "行业惯例", "全行"]
    {
        assert!(text.contains(words), "{words} is not on the page: {text}");
    }
    assert!(!bank::parameters().any(|declared| text.contains(declared.name)), "a stored name is shown");
    admin.post("/language", &pairs(&[("language", "en"), ("to", "/settings")])).await;
    let text = admin.open("/settings").await.text();
    for words in ["CNY 60,000", "14:30", "4 no-shows", "Whole bank", "Default", "Banking practice"] {
        assert!(text.contains(words), "{words} is not on the page: {text}");
    }
}

on_both_engines!(the_administrator_reads_them_in_words);
