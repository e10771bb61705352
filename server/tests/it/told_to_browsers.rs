//! Data about branch and customer sent to the browser: enough to validate the current input and no more (docs/domain.md §13).
//! Both engines.

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, act, book};
use crate::support::seed::{BRANCH, OTHER_BRANCH, parameter};
use crate::support::{Browser, TestBank, reception};

/// The Tuesday after the Monday on which the tests run.
const TUESDAY: &str = "2026-11-24";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: TUESDAY, slot: "10:00", amount: "60000", notes_100: "600" };

/// The pages of the first two steps as sent to the browser, without the parts that differ between requests.
async fn steps(browser: &Browser) -> String {
    let page = browser.open(NEW).await;
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", TUESDAY), ("slot", "10:00")])).await;
    let first = browser.open(&format!("{}&step=where", page.path)).await;
    let second = browser.submit(&page.form().with_all(&[("account", "acc-c1"), ("amount", "60000"), ("any_notes", "own")])).await;
    assert!(second.has("#notes-sum"), "{}", second.path);
    first.body + &page.body + &second.body
}

async fn no_number_beyond_the_amount_asked_for_reaches_the_browser(bank: &TestBank) {
    parameter(&bank.bank, "cash_day_total", "77777777").await;
    for note in ["100", "50", "20", "10", "5", "1"] {
        parameter(&bank.bank, &format!("cash_stock_{note}"), "7777777").await;
    }
    let browser = bank.signed_in("c1").await;
    assert!(!steps(&browser).await.contains("7777"), "a page tells what the branch holds");
    for (amount, most) in [("null", 5_000_000_i64), ("6000000", 6_000_000), ("99999999999", 100_000_000)] {
        let answer = browser.call("free_slots", &format!(r#"{{"branch":"{BRANCH}","amount":{amount}}}"#)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(!answer.body.contains("7777"), "{}", answer.body);
        // Amounts are sent in fen. Apart from the bank-wide limits, which every page names, none exceeds the requested amount.
        let limits = [100_000_000, 20_000_000, 5_000_000];
        let numbers = answer.body.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<i64>().ok());
        let beyond: Vec<i64> = numbers.filter(|number| *number > most && !limits.contains(number)).collect();
        assert_eq!(beyond, [] as [i64; 0], "{}", answer.body);
    }
}

async fn a_mark_on_the_customer_does_not_reach_the_browser(bank: &TestBank) {
    let ask = format!(r#"{{"branch":"{BRANCH}","amount":6000000}}"#);
    let browser = bank.signed_in("c1").await;
    let unmarked = browser.call("free_slots", &ask).await.body;
    bank.change("UPDATE customers SET risk_flag = TRUE WHERE id = 'customer-c1'").await;
    assert_eq!(browser.call("free_slots", &ask).await.body, unmarked);
    // The purpose is asked nevertheless, by the server and without a reason.
    let page = crate::support::cash::fill_in_answer(&browser, &BOOKING).await;
    assert!(page.has("select[name=purpose]"), "{}", page.path);
    assert!(!page.body.contains("risk"), "{}", page.body);
}

async fn places_of_receptions_are_those_the_caller_may_apply_for(bank: &TestBank) {
    reception::announce(&bank.bank, BRANCH, "2026-11-26", Audience::All, 2).await;
    reception::announce(&bank.bank, OTHER_BRANCH, "2026-11-26", Audience::Company, 2).await;
    let answer = bank.signed_in("c1").await.call("free_reception_places", "{}").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let found: serde_json::Value = serde_json::from_str(&answer.body).expect("json");
    let ids: Vec<&str> = found.as_array().expect("a list").iter().filter_map(|one| one["reception"]["id"].as_str()).collect();
    assert_eq!(ids, ["shiqi-2026-11-26"]);
    assert_eq!(found[0]["slots"][0]["places"], 2);
    assert_eq!(bank.browser().await.call("free_reception_places", "{}").await.status, 401);
}

async fn a_decline_names_only_a_day_the_rules_would_accept(bank: &TestBank) {
    // The branch is closed on Thursday; the customer has a booking on Wednesday.
    bank.change("DELETE FROM branch_hours WHERE branch_id = 'shiqi' AND weekday = 4").await;
    let browser = bank.signed_in("c1").await;
    let number = book(&browser, &BOOKING).await.case_number().expect("a case");
    let held = book(&browser, &BookingValues { day: "2026-11-25", ..BOOKING }).await.case_number().expect("a case");
    let clerk = bank.signed_in("clerk").await;
    let decline = |day: &'static str| [("reason", "当天没有现金"), ("offered_day", day)];
    // The booked day itself, a day the customer has another booking, a closed day, a Saturday, a day beyond the window.
    for wrong in [TUESDAY, "2026-11-25", "2026-11-26", "2026-11-28", "2026-12-02", ""] {
        let page = act(&clerk, &number, "decline", &decline(wrong)).await;
        let refused = ("offered_day_invalid".to_owned(), Some("offered_day=2026-11-27".to_owned()));
        assert_eq!(page.refusals(), [refused], "{wrong}");
    }
    // If the vault closes, only a day after that remains; without any such day no date is offered.
    bank.change("UPDATE branches SET cash_closed_until = '2026-11-30' WHERE id = 'shiqi'").await;
    let page = act(&clerk, &number, "decline", &decline("2026-11-27")).await;
    assert_eq!(page.refusals()[0].1.as_deref(), Some("offered_day=2026-11-30"));
    bank.change("UPDATE branches SET cash_closed_until = '2026-12-30' WHERE id = 'shiqi'").await;
    let page = act(&clerk, &number, "decline", &decline("2026-11-30")).await;
    assert_eq!(page.refusals(), [("offered_day_invalid".to_owned(), Some("offered_day=".to_owned()))]);
    let page = act(&clerk, &number, "decline", &decline("")).await;
    assert!(page.refusals().is_empty(), "{:?}", page.refusals());
    bank.change("UPDATE branches SET cash_closed_until = NULL WHERE id = 'shiqi'").await;
    // The declined day is free again for the customer's other booking.
    let page = act(&clerk, &held, "decline", &decline(TUESDAY)).await;
    assert!(page.refusals().is_empty(), "{:?}", page.refusals());
    assert_eq!(bank.held().await, 0);
}

on_both_engines!(
    no_number_beyond_the_amount_asked_for_reaches_the_browser,
    a_mark_on_the_customer_does_not_reach_the_browser,
    places_of_receptions_are_those_the_caller_may_apply_for,
    a_decline_names_only_a_day_the_rules_would_accept,
);
