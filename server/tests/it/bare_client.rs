//! A client that knows only the visible fields of a form, without hidden fields other than `key` and `version`; broken queries
//! and broken bodies. Nothing it sends is lost, nothing fails, and what it types is sealed and answered to the given number.
//! A first post under a new key needs no version, so a client can send all fields at once with the key alone. A form that
//! has a row needs the version: the client cannot agree to values it has not seen.

use bank::messages::claim_unsent;

use crate::on_both_engines;
use crate::support::cash::NEW;
use crate::support::seed::BRANCH;
use crate::support::{Browser, TestBank, pairs};

const AGENT_ID: &str = "11010519491231002X";
const PHONE: &str = "13912345678";

/// Posts a step with no hidden fields except the key and the current version.
async fn step(browser: &Browser, key: &str, fields: &[(&str, &str)]) -> String {
    let version = browser.open(&format!("{NEW}?key={key}")).await.form().value("version").expect("a version").to_owned();
    let mut sent = pairs(&[("key", key), ("version", &version)]);
    sent.extend(pairs(fields));
    let answer = browser.post(NEW, &sent).await;
    let to = answer.location.unwrap_or_default();
    assert_eq!(answer.status, 303);
    assert!(!to.contains("stale"), "{fields:?} led to {to}");
    to
}

async fn a_form_is_filled_in_with_nothing_hidden_but_its_key_and_version(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let key = browser.open(NEW).await.form().value("key").expect("a key").to_owned();
    step(&browser, &key, &[("branch", BRANCH)]).await;
    step(&browser, &key, &[("branch", BRANCH), ("day", "2026-11-25")]).await;
    step(&browser, &key, &[("slot", "10:00")]).await;
    step(&browser, &key, &[("account", "acc-c1"), ("amount", "60000"), ("any_notes", "on")]).await;
    let agent = [("collector", "agent"), ("agent_name", "李雷"), ("agent_id_type", "resident_id"), ("agent_id", AGENT_ID)];
    step(&browser, &key, &agent).await;
    step(&browser, &key, &[("phone", PHONE)]).await;
    let sql = "SELECT fields FROM form_states";
    let stored: Vec<(String,)> = bank.bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("rows");
    assert!(!stored.is_empty());
    assert!(stored.iter().all(|(fields,)| !fields.contains(AGENT_ID) && !fields.contains(PHONE)), "{stored:?}");
    let to = step(&browser, &key, &[("do", "book")]).await;
    assert!(to.starts_with("/appointments/QK"), "{to}");
    let sent = claim_unsent(&bank.bank, 10).await.expect("messages");
    assert_eq!(
        sent.iter().map(|unsent| unsent.phone.as_deref().unwrap_or_default()).collect::<Vec<_>>(),
        [PHONE],
        "the number they gave"
    );
}

async fn what_cannot_be_read_is_answered_and_breaks_nothing(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for path in ["/api/free_slots", "/api/save_draft"] {
        assert_eq!(browser.send(path, &[("accept", "application/json")], Some("x=1")).await.status, 400, "{path}");
    }
    for query in ["?key=a&key=b", "?%ff=%fe", "?step"] {
        let status = browser.get(&format!("{NEW}{query}")).await.status;
        assert!([200, 303, 404].contains(&status), "{query} answered {status}");
    }
    assert_eq!(bank.browser().await.get("/login?refused=a&refused=b").await.status, 200);
}

on_both_engines!(
    a_form_is_filled_in_with_nothing_hidden_but_its_key_and_version,
    what_cannot_be_read_is_answered_and_breaks_nothing,
);
