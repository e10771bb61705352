//! House rules that the compiler cannot check: where SQL and textareas may be written, how a file begins, citations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The text of the business rules (docs/domain.md §1 to §24).
pub fn domain() -> String {
    std::fs::read_to_string(root().join("docs/domain.md")).unwrap()
}

/// Every Rust file below a folder with its text; paths are relative to the root.
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
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM ", "WITH ", "TRUNCATE "];
    for (name, text) in all() {
        let records = name.ends_with("records.rs") || name.contains("/records/") || name.contains("/kernel/");
        // Rows shared by two capabilities, and the desk's large query, have files of their own.
        let shared = name.ends_with("appointments/engagements.rs") || name.ends_with("cases/queue.rs");
        if !records && !shared {
            // The content of a string, also if it begins on the line after its quotation mark.
            for literal in text.split('"').map(|literal| literal.trim_start_matches('\\').trim_start()) {
                assert!(!verbs.iter().any(|verb| literal.starts_with(verb)), "{name} holds SQL: {literal}");
            }
        }
    }
}

#[test]
fn a_textarea_is_written_in_one_place() {
    for (name, text) in sources("app/src") {
        // Its content must begin with a line feed, because the browser drops the first one. `page/texts.rs` only reads pages.
        let writes = text.contains("<textarea") && !name.ends_with("page/texts.rs");
        assert!(!writes || name.contains("ui/text_area/"), "{name} writes a textarea");
    }
}

#[test]
fn every_style_partial_is_imported_once() {
    let style = root().join("style");
    let mut partials = BTreeSet::new();
    for folder in ["", "ui"] {
        for entry in std::fs::read_dir(style.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "css") {
                partials.insert(path.strip_prefix(&style).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    partials.remove("main.css");
    let main = std::fs::read_to_string(style.join("main.css")).unwrap();
    let imported: Vec<String> =
        main.lines().filter_map(|line| Some(line.strip_prefix("@import \"")?.strip_suffix("\";")?.to_owned())).collect();
    assert_eq!(imported.iter().cloned().collect::<BTreeSet<_>>(), partials);
    assert_eq!(imported.len(), partials.len(), "a partial is imported twice");
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let others = ["tools", "server/tests", "server/benches", "server/examples"].into_iter().flat_map(sources);
    for (name, text) in all().into_iter().chain(others) {
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

/// A text file of the repository that may cite a document.
struct Citing {
    /// Path relative to the root.
    name: String,
    /// As one line, so that a citation may be broken across lines.
    text: String,
    /// Code or settings, which must cite in the exact form; prose need not.
    code: bool,
}

fn citing_files() -> Vec<Citing> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                let generated = ["target", "node_modules", "data"].iter().any(|folder| path.ends_with(folder));
                if !generated && !path.file_name().unwrap().to_string_lossy().starts_with('.') {
                    folders.push(path);
                }
            } else if ["rs", "sql", "ts", "mjs", "css", "sh", "toml", "md"].contains(&ending) {
                let text = unwrapped(&std::fs::read_to_string(&path).unwrap());
                let code = ending != "md" && !path.ends_with("house_rules.rs");
                found.push(Citing { name, text, code });
            }
        }
    }
    found
}

/// The text without line breaks and comment marks.
fn unwrapped(text: &str) -> String {
    text.lines().map(|line| line.trim_start().trim_start_matches(['/', '!', '-', '*', '#', ' '])).collect::<Vec<_>>().join(" ")
}

/// The section numbers after a file name: ` §3, §12`, ` section 3` or ` sections 1 and 12`.
fn cited_sections(after: &str) -> Vec<u32> {
    let mut sections = Vec::new();
    let mut rest = after;
    loop {
        let words = [" sections ", " section ", " §", ", §", " and §", " to §", ", ", " and "];
        let Some(next) = words.iter().find_map(|word| rest.strip_prefix(word)) else { return sections };
        let digits = next.chars().take_while(char::is_ascii_digit).count();
        let Ok(section) = next[..digits].parse() else { return sections };
        sections.push(section);
        rest = &next[digits..];
    }
}

#[test]
fn every_section_of_the_domain_that_is_cited_exists() {
    let domain = domain();
    let number = |line: &str| line.strip_prefix("## ")?.split_once(". ")?.0.parse::<u32>().ok();
    let sections: BTreeSet<u32> = domain.lines().filter_map(number).collect();
    let mut cited = 0;
    for Citing { name, text, code } in citing_files() {
        for (place, _) in text.match_indices("domain.md") {
            let numbers = cited_sections(&text[place + "domain.md".len()..]);
            for section in &numbers {
                assert!(sections.contains(section), "{name} cites section {section} of docs/domain.md, which has none");
            }
            cited += numbers.len();
            // Released migrations cannot be edited, so the first ones keep the short name.
            let prefix = name.contains("/migrations/") || text[..place].ends_with("docs/");
            assert!(!code || (prefix && !numbers.is_empty()), "{name} must cite docs/domain.md §N, with the section's number");
        }
    }
    assert!(cited > 50, "only {cited} citations found");
}

#[test]
fn every_part_of_the_architecture_that_is_cited_exists() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let headings: Vec<&str> = architecture.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let mut cited = 0;
    for Citing { name, text, .. } in citing_files().into_iter().filter(|file| file.code) {
        // The first design document is not in the repository.
        assert!(!text.contains("design.md"), "{name} cites a document that is not here");
        for (place, _) in text.match_indices("ARCHITECTURE.md, ") {
            let part = &text[place + "ARCHITECTURE.md, ".len()..];
            assert!(headings.iter().any(|heading| part.starts_with(heading)), "{name} cites a part ARCHITECTURE.md lacks");
            cited += 1;
        }
    }
    assert!(cited > 3, "only {cited} citations found");
}
