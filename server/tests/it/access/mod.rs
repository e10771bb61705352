//! Access rules. `matrix.txt` lists the expected answer for every route, server function and desk action, for every role and
//! for whose case it is; each cell is tested with a real request. A route without a line fails.

mod subjects;

use std::collections::BTreeSet;

use app::routes::{Verb, server_functions, table};
use bank::KINDS;
use bank::cases::ActorKind;
use bank::kernel::forms::fresh_key;
use bank::sessions::CustomerKind;

use self::subjects::{Fresh, Subjects};
use crate::on_both_engines;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::kinds::everything;
use crate::support::seed::{BRANCH, PASSWORD, customer_of};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(every_cell_of_the_matrix_is_as_written, every_desk_action_is_for_whom_the_matrix_names);

const MATRIX: &str = include_str!("matrix.txt");

/// The columns: a letter, and who signs in (empty: nobody).
const CALLERS: [(char, &str); 19] = [
    ('N', ""),
    ('E', "c2"),
    ('G', "half"),
    ('P', "c1"),
    ('O', "k1"),
    ('A', "k1a"),
    ('C', "clerk"),
    ('L', "lobby"),
    ('H', "head"),
    ('R', "manager"),
    ('D', "dispatcher"),
    ('Q', "quality"),
    ('F', "complaints"),
    ('X', "executive"),
    ('W', "editor"),
    ('U', "auditor"),
    ('M', "admin"),
    ('Z', "nowhere"),
    ('T', "colleague"),
];

/// One line: what is requested, whose case it is, one answer per column.
struct Row {
    verb: &'static str,
    what: &'static str,
    whose: &'static str,
    answers: Vec<char>,
}

impl Row {
    /// Path of the route or server function.
    fn path(&self) -> &'static str {
        self.what.split('?').next().unwrap_or_default()
    }
}

fn matrix() -> Vec<Row> {
    let lines = MATRIX.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap_or_else(|| panic!("a short line: {line}"));
            let (verb, what, whose) = (word(), word(), word());
            let answers: Vec<char> = words.flat_map(str::chars).collect();
            assert_eq!(answers.len(), CALLERS.len(), "{line}");
            Row { verb, what, whose, answers }
        })
        .collect()
}

/// A browser per column; the session of the second column has ended, and two have given the password alone.
async fn callers(bank: &TestBank) -> Vec<(char, Browser)> {
    let ended = bank.signed_in("c2").await;
    bank.pass_minutes(30);
    customer_of(&bank.bank, "half", CustomerKind::Personal, Some(BRANCH)).await;
    let mut browsers = Vec::new();
    for (letter, name) in CALLERS {
        let browser = match letter {
            'N' => bank.browser().await,
            'E' => ended.clone(),
            'G' | 'T' => {
                AuthenticatorApp::set_up(bank, &bank.signed_in(name).await).await;
                let browser = bank.browser().await;
                browser.try_sign_in(name, PASSWORD).await;
                browser
            }
            _ => bank.signed_in(name).await,
        };
        browsers.push((letter, browser));
    }
    browsers
}

/// A response in the notation of the matrix: `+` permitted, `i` sign in first, `x` forbidden, `0` not found.
fn written(answer: &Answer, letter: char) -> char {
    let location = answer.location.as_deref().unwrap_or_default();
    match answer.status {
        303 if location.starts_with("/login/code?next=") && "GT".contains(letter) => {
            if location == "/login/code?next=" {
                '+'
            } else {
                'i'
            }
        }
        303 if location.starts_with("/login?next=") => {
            assert_eq!(location.contains("&ended=idle"), letter == 'E', "{}: {location}", answer.path);
            'i'
        }
        // 204: the stream without a session, so that the browser does not reconnect.
        401 | 204 => 'i',
        403 => 'x',
        404 => '0',
        // Access was granted; an island's malformed request is a different matter.
        200..400 | 400 | 409 | 415 | 422 => '+',
        status => panic!("{} answers {letter} with {status}", answer.path),
    }
}

fn compare(expected: &[(String, String)], found: &[(String, String)]) {
    let wrong: Vec<String> = expected
        .iter()
        .zip(found)
        .filter(|(expected, found)| expected != found)
        .map(|(expected, found)| format!("{}\n  written {}\n  found   {}", expected.0, expected.1, found.1))
        .collect();
    let columns: String = CALLERS.iter().map(|(letter, _)| *letter).collect();
    assert!(wrong.is_empty(), "          {columns}\n{}", wrong.join("\n"));
}

async fn every_cell_of_the_matrix_is_as_written(bank: &TestBank) {
    let subjects = Subjects::made(bank).await;
    let browsers = callers(bank).await;
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for row in matrix().iter().filter(|row| row.verb != "ACT") {
        let mut answers = String::new();
        for (letter, browser) in &browsers {
            let draft = row.what.contains("{draft}").then(|| subjects.draft(*letter, row.whose));
            let key = draft.unwrap_or_else(|| fresh_key(&bank.bank).expect("a key").to_string());
            let path = row.what.replace("{draft}", &key);
            let path = path.replace("{number}", &subjects.number(row.path(), *letter, row.whose));
            let path = path.replace("{code}", "unknown").replace("{component}", "unknown");
            let path = path.replace("{id}", "unknown").replace("{subject}", "unknown");
            assert!(!path.contains('{'), "nothing is known to fill in {path}");
            let answer = match row.verb {
                "GET" => browser.get(&path).await,
                "STREAM" => browser.listen(&path).await.0,
                "POST" => {
                    let address = path.split('?').next().unwrap_or_default();
                    browser.post(address, &pairs(&[("key", &key), ("version", "1"), ("offered", "")])).await
                }
                "API" => {
                    let body = serde_json::json!({ "form": "cash", "key": key, "version": 0, "pairs": [] });
                    browser.send(row.path(), &[("accept", "application/json")], Some(&body.to_string())).await
                }
                other => panic!("{other} is no verb"),
            };
            answers.push(written(&answer, *letter));
        }
        let title = format!("{} {} {}", row.verb, row.what, row.whose);
        expected.push((title.clone(), row.answers.iter().collect()));
        found.push((title, answers));
    }
    compare(&expected, &found);
}

async fn every_desk_action_is_for_whom_the_matrix_names(bank: &TestBank) {
    let mut fresh = Fresh::opened(bank).await;
    let browsers = callers(bank).await;
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for row in matrix().iter().filter(|row| row.verb == "ACT") {
        let (kind, action) = row.what.split_once('.').expect("kind.action");
        let mut answers = String::new();
        let mut number = fresh.case(kind, action, row.whose).await;
        for (letter, browser) in &browsers {
            let before = fresh.version(&number).await;
            answers.push(pressed(bank, browser, *letter, &number, action, before).await);
            let changed = fresh.version(&number).await != before;
            assert!(!changed || answers.ends_with('+'), "{} {} changed the case for {letter}", row.what, row.whose);
            if changed {
                number = fresh.case(kind, action, row.whose).await;
            }
        }
        let title = format!("ACT {} {}", row.what, row.whose);
        expected.push((title.clone(), row.answers.iter().collect()));
        found.push((title, answers));
    }
    compare(&expected, &found);
}

/// Posts an action whether or not the page shows its button. `r`: the page says this person may not do it; `+`: done, or
/// refused because of the case's state.
async fn pressed(bank: &TestBank, browser: &Browser, letter: char, number: &str, action: &str, version: i64) -> char {
    let key = fresh_key(&bank.bank).expect("a key").to_string();
    let path = format!("/desk/cases/{number}");
    let mut fields = everything().0;
    fields.extend(pairs(&[("key", &key), ("do", action), ("seen", &version.to_string()), ("note", "备注")]));
    let answer = browser.post(&path, &fields).await;
    let written = written(&answer, letter);
    if written != '+' || !answer.location.as_deref().unwrap_or_default().contains("key=") {
        return written;
    }
    let page = browser.open(answer.location.as_deref().unwrap_or_default()).await;
    if page.refusals().iter().any(|(code, _)| code == "not_yours") { 'r' } else { '+' }
}

#[test]
fn every_route_server_function_and_action_has_a_line() {
    let rows = matrix();
    let lines = |verb: &str| -> BTreeSet<&str> { rows.iter().filter(|row| row.verb == verb).map(Row::path).collect() };
    let routes = |wanted: Verb| -> BTreeSet<&str> {
        table().into_iter().filter(|route| route.verb == wanted).map(|route| route.path).collect()
    };
    assert_eq!(lines("GET"), routes(Verb::Page), "in the matrix on the left, served on the right");
    assert_eq!(lines("POST"), routes(Verb::Post));
    assert_eq!(lines("STREAM"), routes(Verb::Stream));
    let registered: BTreeSet<&str> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(registered, server_functions().iter().map(|function| function.path).collect());
    assert_eq!(lines("API"), registered);
    let mut actions = BTreeSet::from(["cash.note".to_owned()]);
    for kind in KINDS {
        let lines = kind.table().iter().filter(|line| line.by.iter().any(|by| matches!(by, ActorKind::Staff(_))));
        actions.extend(lines.map(|line| format!("{}.{}", kind.case_kind().code(), line.action)));
    }
    assert_eq!(lines("ACT").into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), actions);
    // Ownership matters wherever a URL, a draft or a case belongs to somebody.
    for row in &rows {
        let whose: BTreeSet<&str> =
            rows.iter().filter(|other| (other.verb, other.what) == (row.verb, row.what)).map(|other| other.whose).collect();
        let wanted: BTreeSet<&str> = match row.verb {
            _ if row.what.contains("{draft}") => BTreeSet::from(["own", "customer", "company"]),
            _ if row.what == "suggestion.answer" || row.path().starts_with("/desk/cases/") => {
                BTreeSet::from(["own", "branch", "company", "office"])
            }
            "ACT" => BTreeSet::from(["own", "branch", "company"]),
            _ if row.what.contains("{number}") => BTreeSet::from(["own", "customer", "branch", "company"]),
            _ => BTreeSet::from(["-"]),
        };
        assert_eq!(whose, wanted, "{} {}", row.verb, row.what);
    }
}
