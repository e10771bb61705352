//! Who may call what: the table of routes and the table of server functions, walked with every kind of caller over real
//! requests. What is open to anybody is written down here a second time, so that opening an address takes two hands.

use std::collections::BTreeSet;

use app::routes::{Callers, Route, Verb, server_functions, table};

use crate::on_both_engines;
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    every_address_is_open_to_whom_its_verdict_names_and_to_nobody_else,
    a_server_function_is_for_whom_its_verdict_names,
);

/// Open to whoever comes by.
const OPEN: [&str; 7] = ["/", "/complaints", "/language", "/login", "/logout", "/ui", "/ui/{component}"];

/// Of what kind a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nobody,
    Expired,
    Person,
    Company,
    Staff,
    Administrator,
}

const CALLERS: [(Kind, &str); 7] = [
    (Kind::Nobody, ""),
    (Kind::Expired, "c2"),
    (Kind::Person, "c1"),
    (Kind::Company, "k1"),
    (Kind::Staff, "clerk"),
    (Kind::Staff, "head"),
    (Kind::Administrator, "admin"),
];

/// The verdict, judged a second time and independently of `Callers::admit`.
fn may(callers: Callers, kind: Kind) -> bool {
    match callers {
        Callers::Anyone => true,
        Callers::Customers => matches!(kind, Kind::Person | Kind::Company),
        Callers::Persons => kind == Kind::Person,
        Callers::Staff => kind == Kind::Staff,
    }
}

async fn arrive(bank: &TestBank, kind: Kind, name: &str) -> Browser {
    if kind == Kind::Nobody { bank.browser().await } else { bank.signed_in(name).await }
}

/// An address with its parameters filled in by something that does not exist.
fn address(path: &str) -> String {
    let filled = path.replace("{number}", "QK7-3M9D-X4V").replace("{code}", "unknown").replace("{component}", "unknown");
    filled.replace("{session}", "unknown").replace("{id}", "unknown")
}

fn judge(answer: &Answer, kind: Kind, allowed: bool, what: &str) {
    let location = answer.location.as_deref().unwrap_or_default();
    let to_sign_in = location.starts_with("/login?next=");
    match (allowed, kind) {
        (true, _) => {
            assert!(!to_sign_in && answer.status != 403, "{what} should let {kind:?} in: {}", answer.status);
            assert!(answer.status < 500, "{what} fails for {kind:?}: {}", answer.status);
        }
        (false, Kind::Nobody | Kind::Expired) => {
            assert!(answer.status == 303 && to_sign_in, "{what} should send {kind:?} to /login: {} {location}", answer.status);
            assert_eq!(location.contains("expired=1"), kind == Kind::Expired, "{what}");
        }
        (false, _) => assert_eq!(answer.status, 403, "{what} should refuse {kind:?}"),
    }
}

async fn every_address_is_open_to_whom_its_verdict_names_and_to_nobody_else(bank: &TestBank) {
    let expired = arrive(bank, Kind::Expired, "c2").await;
    bank.pass_minutes(30);
    let mut routes: Vec<Route> = table();
    assert!(routes.len() > 20, "the table is whole");
    // Signing out ends the session: last.
    routes.sort_by_key(|route| route.path == "/logout");
    for (kind, name) in CALLERS {
        let browser = if kind == Kind::Expired { expired.clone() } else { arrive(bank, kind, name).await };
        for route in &routes {
            let what = format!("{:?} {}", route.verb, route.path);
            let path = address(route.path);
            assert!(!path.contains('{'), "the test knows no value for {path}");
            let answer = match route.verb {
                Verb::Show => browser.get(&path).await,
                Verb::Take => browser.post(&path, &[]).await,
            };
            judge(&answer, kind, may(route.callers, kind), &what);
        }
    }
}

#[test]
fn what_is_open_to_anybody_is_written_down_twice() {
    let open: BTreeSet<&str> = table().iter().filter(|route| route.callers == Callers::Anyone).map(|route| route.path).collect();
    assert_eq!(open, BTreeSet::from(OPEN));
    for route in table() {
        assert_eq!(route.path.starts_with("/desk"), route.callers == Callers::Staff, "{}", route.path);
    }
}

#[test]
fn every_server_function_has_a_verdict() {
    let registered: BTreeSet<&str> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    let judged: BTreeSet<&str> = server_functions().iter().map(|function| function.path).collect();
    assert_eq!(registered, judged, "registered on the left, with a verdict on the right");
    assert!(server_functions().iter().all(|function| function.callers != Callers::Anyone), "islands stand on somebody's pages");
}

async fn a_server_function_is_for_whom_its_verdict_names(bank: &TestBank) {
    for (kind, name) in CALLERS.into_iter().filter(|(kind, _)| *kind != Kind::Expired) {
        let browser = arrive(bank, kind, name).await;
        for function in server_functions() {
            let answer = browser.send(function.path, &[], Some("")).await;
            let denied = matches!(answer.status, 401 | 403);
            assert_eq!(denied, !may(function.callers, kind), "{} for {kind:?}: {}", function.path, answer.status);
        }
        assert_eq!(browser.send("/api/nothing", &[], Some("")).await.status, 404);
    }
}
