//! Headers of every response (page policy with nonce, security headers, request reference) and contents no page may have.

use std::collections::BTreeSet;

use app::routes::{Callers, Verb, table};
use server::commands::demo;

use crate::on_both_engines;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::cash::{BookingValues, book};
use crate::support::passkey::{HONEST, Site, added, ask};
use crate::support::seed::lock_sign_in;
use crate::support::{Answer, TestBank, admin, pairs};

on_both_engines!(blank:
    every_page_carries_the_policy_and_no_page_needs_more,
    a_nonce_and_a_reference_are_used_once,
    a_form_that_is_too_large_is_answered_with_a_page,
    the_probes_answer_and_a_failure_names_its_reference,
    the_language_changes_without_a_script,
);

const POLICY: [&str; 6] = [
    "default-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
];

fn check(page: &Answer) {
    let path = &page.path;
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default();
    assert!(nonce.len() >= 22, "{path}: no nonce in {policy}");
    for part in POLICY {
        assert!(policy.contains(part), "{path}: {part} is missing in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("strict-transport-security", ""),
    ] {
        assert_eq!(page.header(name), value, "{path}: {name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"), "{path}");
    assert_eq!(page.header("x-request-id").len(), 8, "{path}");
    if page.header("content-type").starts_with("text/html") {
        assert!(!page.body.contains(" style="), "{path}: a style attribute");
        assert!(!page.body.contains(" onclick=") && !page.body.contains("javascript:"), "{path}: a script in an attribute");
        assert!(!page.has("script:not([nonce])"), "{path}: a script without a nonce");
        assert!(page.all("script[nonce]", "nonce").iter().all(|used| used == nonce), "{path}: another nonce");
        let title = page.words("title").join("");
        assert!(title.ends_with("岭南示范银行"), "{path}: the bank's name is not in {title}");
        assert!(page.attr("html", "lang").is_some() && page.has("title") && page.has("h1"), "{path}: no language, title or h1");
    }
}

async fn every_page_carries_the_policy_and_no_page_needs_more(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let customer = bank.signed_in("c1001").await;
    let values = BookingValues { branch: "shiqi", day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };
    let booking = book(&customer, &values).await.case_number().unwrap();
    let suggestion = customer.open("/suggestions/new").await.form().with_all(&[("category", "savings"), ("do", "submit")]);
    let suggestion = customer.submit(&suggestion.with("content", "多开一个窗口")).await.case_number().unwrap();
    let mut survey = customer.open("/surveys/needs-2026").await;
    while !survey.has("button[name=do][value=submit]") {
        survey = customer.submit(&survey.form()).await;
    }
    survey = customer.submit(&survey.form().with("do", "submit")).await;
    assert!(survey.has("[data-survey-submitted]"), "{:?}", survey.refusals());
    let proposal = [("value", "60000"), ("from", "2026-12-01")];
    let change = admin::propose(&bank.signed_in("admin").await, "/admin/parameters/cash_minimum", &proposal).await;
    let change = admin::id(&change);
    // So that there is something to unlock.
    lock_sign_in(bank, "id = 'clerk2'").await;
    let mut left: BTreeSet<&str> = table().iter().filter(|route| route.verb == Verb::Page).map(|route| route.path).collect();
    AuthenticatorApp::set_up(bank, &bank.signed_in("c1002").await).await;
    for name in ["", "c1001", "c1002", "c1003", "clerk", "admin"] {
        let browser = bank.browser().await;
        // Of c1002 the second factor is still to come.
        match name {
            "" => {}
            "c1002" => assert_eq!(browser.try_sign_in(name, "lobby-demo").await.status, 303),
            _ => browser.sign_in(name).await,
        }
        for route in table().iter().filter(|route| route.verb == Verb::Page) {
            let number = if route.path.contains("suggestions") { &suggestion } else { &booking };
            let code = if route.path.contains("product") { "deposit-1y" } else { "needs-2026" };
            let path = route.path.replace("{code}", code).replace("{number}", number).replace("{id}", &change);
            let path = path.replace("{subject}", admin::subject(route.path));
            let mut page = browser.get(&path).await;
            check(&page);
            // A form leads to the address of its step.
            if page.header("location").starts_with(&format!("{path}?")) {
                page = browser.open(&path).await;
                check(&page);
            }
            // A list that a script fetches is not a page.
            if route.callers != Callers::Anyone && page.status == 200 && page.attr("html", "lang").is_some() {
                // A step of a form has the way back instead of what leads away from it.
                assert!(page.has("form[action='/logout'] button, .bar-back"), "{}: {name} cannot sign out", page.path);
            }
            if page.status == 200 {
                left.remove(route.path);
            }
        }
        for path in ["/nothing", "/desk", "/me", "/appointments/new/cash", "/surveys/needs-2026"] {
            check(&browser.open(path).await);
        }
    }
    // A passkey is given at an address with a name.
    let site = Site::open(bank).await;
    added(&site.signed_in("c1003").await, HONEST).await;
    let page = ask(&site.halfway("c1003").await).await;
    check(&page);
    assert!(page.has("[data-passkey]"), "{}", page.text());
    left.remove("/passkey");
    // A proof of who is there is asked for five minutes after the last one.
    let stale = bank.signed_in("c1001").await;
    bank.pass_minutes(6);
    let page = stale.get("/step-up").await;
    check(&page);
    assert_eq!(page.status, 200);
    left.remove("/step-up");
    // Components are shown by `serve --gallery` only; an activation link, the address of an approver's form and the page after a
    // joiner redirect.
    let redirect =
        ["/activate/{code}", "/desk/customers/entered", "/admin/changes/{id}/member", "/appointments/{number}/approver"];
    left.retain(|path| !path.starts_with("/ui") && !redirect.contains(path));
    assert!(left.is_empty(), "nobody was shown {left:?}");
}

async fn a_nonce_and_a_reference_are_used_once(bank: &TestBank) {
    let browser = bank.browser().await;
    let (first, second) = (browser.get("/login").await, browser.get("/login").await);
    for name in ["content-security-policy", "x-request-id"] {
        assert_ne!(first.header(name), second.header(name), "{name}");
    }
}

async fn a_form_that_is_too_large_is_answered_with_a_page(bank: &TestBank) {
    bank.change("INSERT INTO facts (name, value) VALUES ('founded', '2026-11-23')").await;
    let browser = bank.browser().await;
    let page = browser.post("/login", &pairs(&[("sign_in_name", &"x".repeat(70_000))])).await;
    assert_eq!(page.status, 413);
    check(&page);
    assert!(page.has("h1"));
}

async fn the_probes_answer_and_a_failure_names_its_reference(bank: &TestBank) {
    let browser = bank.browser().await;
    assert_eq!(browser.get("/healthz").await.body, "ok");
    assert_eq!(browser.get("/readyz").await.body, "ready");
    bank.bank.db().close().await;
    assert_eq!(browser.get("/readyz").await.status, 503);
    assert_eq!(browser.get("/healthz").await.status, 200);
    let failed = browser.try_sign_in("c1001", "lobby-demo").await;
    assert_eq!(failed.status, 503);
    assert!(failed.text().contains(failed.header("x-request-id")), "{}", failed.text());
    check(&failed);
}

async fn the_language_changes_without_a_script(bank: &TestBank) {
    bank.change("INSERT INTO facts (name, value) VALUES ('founded', '2026-11-23')").await;
    let browser = bank.browser().await;
    assert_eq!(browser.get("/login").await.attr("html", "lang").as_deref(), Some("zh-CN"));
    let answer = browser.post("/language", &pairs(&[("language", "en"), ("to", "/login")])).await;
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/login")));
    assert_eq!(browser.get("/login").await.attr("html", "lang").as_deref(), Some("en"));
    let elsewhere = browser.post("/language", &pairs(&[("language", "en"), ("to", "https://elsewhere.example")])).await;
    assert_eq!(elsewhere.location.as_deref(), Some("/"));
}
