//! Sign-in (docs/domain.md §12): no enumeration, the lock, how long a session holds, forms posted from elsewhere.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use bank::sessions::sign_in;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::on_both_engines;
use crate::support::seed::parameter;
use crate::support::{Answer, TestBank, pairs};

async fn how_long_a_session_may_idle_is_a_parameter(bank: &TestBank) {
    parameter(&bank.bank, "session_idle_customer_minutes", "5").await;
    let browser = bank.signed_in("c1").await;
    bank.pass_minutes(4);
    assert_eq!(browser.get("/appointments").await.status, 200);
    bank.pass_minutes(6);
    assert_eq!(browser.get("/appointments").await.status, 303);
}

on_both_engines!(
    how_long_a_session_may_idle_is_a_parameter,
    everybody_lands_where_they_work,
    a_wrong_password_an_unknown_name_and_a_locked_account_are_answered_alike,
    five_failures_lock_the_account_until_the_next_day,
    four_failures_and_a_success_start_the_count_anew,
    a_session_ends_when_it_has_been_idle_too_long,
    no_session_is_older_than_eight_hours,
    signing_out_ends_the_session_at_once_wherever_its_cookie_is,
    a_clock_moved_back_keeps_the_session,
    a_forged_token_is_nobody,
    a_form_posted_from_another_site_is_refused,
);

const PASSWORD: &str = "lobby-demo";

fn to(answer: &Answer) -> &str {
    answer.location.as_deref().unwrap_or_default()
}

/// The cookie of a sign-in, as a request sends it.
async fn cookie(bank: &TestBank, name: &str) -> String {
    let answer = bank.browser().await.try_sign_in(name, PASSWORD).await;
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("lobby=")).unwrap().to_owned()
}

async fn everybody_lands_where_they_work(bank: &TestBank) {
    for (name, landing) in [("c1", "/"), ("k1", "/"), ("clerk", "/desk"), ("head", "/desk"), ("admin", "/")] {
        let answer = bank.browser().await.try_sign_in(name, PASSWORD).await;
        assert_eq!((answer.status, to(&answer)), (303, landing), "{name}");
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    }
}

/// A refused sign-in as anybody sees it: the answer and the page it leads to, without what differs at every request.
async fn refused(bank: &TestBank, name: &str) -> (u16, String, Vec<String>, String) {
    let browser = bank.browser().await;
    let answer = browser.try_sign_in(name, "wrong").await;
    let cookies = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|c| c.to_str().unwrap().replace(&format!("={name};"), "=NAME;"))
        .collect();
    let page = browser.open(to(&answer)).await;
    assert_eq!(page.refusals(), [("sign_in_failed".to_owned(), page.refusals()[0].1.clone())]);
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    (
        answer.status,
        to(&answer).to_owned(),
        cookies,
        page.body.replace(nonce, "NONCE").replace(&format!("\"{name}\""), "\"NAME\""),
    )
}

async fn a_wrong_password_an_unknown_name_and_a_locked_account_are_answered_alike(bank: &TestBank) {
    let wrong = refused(bank, "c1").await;
    assert_eq!(refused(bank, "nobody-of-this-name").await, wrong);
    for _ in 0..5 {
        refused(bank, "c2").await;
    }
    assert_eq!(refused(bank, "c2").await, wrong);
}

async fn five_failures_lock_the_account_until_the_next_day(bank: &TestBank) {
    for _ in 0..5 {
        refused(bank, "c1").await;
    }
    assert!(to(&bank.browser().await.try_sign_in("c1", PASSWORD).await).starts_with("/login?refused="));
    bank.set_time("2026-11-23T23:59:00+08:00");
    assert!(to(&bank.browser().await.try_sign_in("c1", PASSWORD).await).starts_with("/login?refused="));
    bank.set_time("2026-11-24T00:00:00+08:00");
    assert_eq!(to(&bank.browser().await.try_sign_in("c1", PASSWORD).await), "/");
}

async fn four_failures_and_a_success_start_the_count_anew(bank: &TestBank) {
    for _ in 0..2 {
        for _ in 0..4 {
            refused(bank, "c1").await;
        }
        bank.signed_in("c1").await;
    }
}

async fn a_session_ends_when_it_has_been_idle_too_long(bank: &TestBank) {
    let (customer, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    bank.pass_minutes(10);
    assert_eq!((customer.get("/me").await.status, clerk.get("/desk").await.status), (200, 200));
    bank.pass_minutes(11);
    assert_eq!(to(&customer.get("/me").await), "/login?next=%2Fme&expired=1");
    assert_eq!(clerk.get("/desk").await.status, 200);
    bank.pass_minutes(16);
    assert_eq!(to(&clerk.get("/desk").await), "/login?next=%2Fdesk&expired=1");
}

async fn no_session_is_older_than_eight_hours(bank: &TestBank) {
    let customer = bank.signed_in("c1").await;
    for _ in 0..60 {
        assert_eq!(customer.get("/me").await.status, 200);
        bank.pass_minutes(8);
    }
    assert_eq!(customer.get("/me").await.status, 200, "eight hours to the minute");
    bank.pass_minutes(1);
    assert_eq!(to(&customer.get("/me").await), "/login?next=%2Fme&expired=1");
}

async fn signing_out_ends_the_session_at_once_wherever_its_cookie_is(bank: &TestBank) {
    let cookie = cookie(bank, "c1").await;
    let browser = bank.browser().await;
    let held = [("cookie", cookie.as_str())];
    assert_eq!(browser.send("/me", &held, None).await.status, 200);
    assert_eq!(to(&browser.send("/logout", &held, Some("")).await), "/login?signed_out=1");
    assert!(to(&browser.send("/me", &held, None).await).starts_with("/login?"));
}

async fn a_clock_moved_back_keeps_the_session(bank: &TestBank) {
    let customer = bank.signed_in("c1").await;
    bank.set_time("2026-11-20T09:00:00+08:00");
    assert_eq!(customer.get("/me").await.status, 200);
}

async fn a_forged_token_is_nobody(bank: &TestBank) {
    let cookie = cookie(bank, "c1").await;
    let (start, _) = cookie.rsplit_once('.').unwrap();
    let forged = format!("{start}.{}", "A".repeat(43));
    assert_eq!(to(&bank.browser().await.send("/me", &[("cookie", &forged)], None).await), "/login?next=%2Fme");
}

async fn a_form_posted_from_another_site_is_refused(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for elsewhere in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let answer = browser.send("/logout", &[elsewhere], Some("")).await;
        assert_eq!(answer.status, 403, "{elsewhere:?}");
        assert!(answer.body.contains("</html>"), "the refusal is a page");
    }
    // Not a browser: it has no cookies but its own.
    assert_eq!(browser.post("/language", &pairs(&[("language", "en")])).await.status, 303);
    let ours = [("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "same-origin")];
    assert_eq!(browser.send("/logout", &ours, Some("")).await.status, 303);
}

/// A runtime with a single thread for what blocks, as checking a password does: who holds it sees who needs it.
fn with_one_thread_that_blocks(test: impl Future<Output = ()>) {
    Builder::new_multi_thread().worker_threads(2).max_blocking_threads(1).enable_all().build().unwrap().block_on(test);
}

/// Holds that thread, behind whatever waits for it already, until the gate's other end is dropped.
fn hold(gate: Receiver<()>) {
    drop(tokio::task::spawn_blocking(move || {
        let _ = gate.recv();
    }));
}

/// A refused sign-in is answered after one password check, neither without one nor with another.
async fn ensure_one_check(bank: &TestBank, name: &'static str) {
    let ((first, gate), at_bank) = (channel(), bank.bank.clone());
    hold(gate);
    let mut answer = tokio::spawn(async move { sign_in(&at_bank, name, "wrong".to_owned(), "test").await.is_err() });
    assert!(timeout(Duration::from_secs(1), &mut answer).await.is_err(), "{name} was answered without a check");
    let (second, gate) = channel();
    hold(gate);
    drop(first);
    let refused = timeout(Duration::from_secs(30), &mut answer).await;
    assert!(refused.expect("one check is all it takes").unwrap(), "{name}");
    drop(second);
}

async fn every_refusal_costs_one_password_check(bank: &TestBank) {
    for _ in 0..5 {
        assert!(sign_in(&bank.bank, "c2", "wrong".to_owned(), "test").await.is_err());
    }
    // A wrong password, a locked account, and nobody at all.
    for name in ["c1", "c2", "nobody-of-this-name"] {
        ensure_one_check(bank, name).await;
    }
}

#[test]
fn every_refusal_costs_one_password_check_on_sqlite() {
    with_one_thread_that_blocks(async {
        let bank = TestBank::sqlite().await;
        every_refusal_costs_one_password_check(&bank).await;
    });
}

#[test]
fn every_refusal_costs_one_password_check_on_postgres() {
    with_one_thread_that_blocks(async {
        let Some(bank) = TestBank::postgres().await else { return };
        every_refusal_costs_one_password_check(&bank).await;
        bank.drop_database().await;
    });
}
