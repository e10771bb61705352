//! Rules of the house that a compiler cannot hold: where SQL may stand, where a textarea may, how a file begins.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every Rust file below a folder, with its text; paths relative to the checkout.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all() -> Vec<(String, String)> {
    ["app/src", "app/bank/src", "app/hydrate/src", "server/src"].into_iter().flat_map(sources).collect()
}

#[test]
fn sql_stands_in_records_and_in_the_kernel_only() {
    let verbs = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];
    for (name, text) in all() {
        let records = name.ends_with("records.rs") || name.contains("/records/") || name.contains("/kernel/");
        // Rows that two capabilities share, and the desk's one big query, have files of their own.
        let shared = name.ends_with("appointments/engagements.rs") || name.ends_with("cases/queue.rs");
        if !records && !shared {
            for verb in verbs {
                assert!(!text.contains(&format!("\"{verb}")), "{name} holds SQL ({verb})");
            }
        }
    }
}

#[test]
fn a_textarea_is_written_in_one_place() {
    for (name, text) in sources("app/src") {
        // What it shows must begin with a line feed, or the browser eats the customer's own first one.
        assert!(!text.contains("<textarea") || name.contains("ui/text_area/"), "{name} writes a textarea");
    }
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    for (name, text) in all() {
        assert!(text.starts_with("//!"), "{name} does not open with what it is");
        let lines = text.lines().count();
        assert!(lines <= 400, "{name} has {lines} lines");
    }
}

#[test]
fn both_engines_take_the_same_steps() {
    let names = |folder: &str| -> BTreeSet<String> {
        let folder = root().join("app/bank/migrations").join(folder);
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    let (both, sqlite, postgres) = (names("both"), names("sqlite"), names("postgres"));
    assert_eq!(sqlite, postgres);
    let numbers: Vec<&str> = both.iter().chain(&sqlite).filter_map(|name| name.split('_').next()).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "a number stands twice: {numbers:?}");
}
