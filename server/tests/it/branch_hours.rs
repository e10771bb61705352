//! Every promised time follows the branch's hours and parameters (docs/domain.md §2, §3, §14): Saturdays, closed weekdays,
//! the length of a slot, eligibility, deadlines of the bank's answer and of cancelling. Both engines.

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{self, BookingValues, act, book, fill_in_answer};
use crate::support::seed::{BRANCH, OTHER_BRANCH, branch_parameter};
use crate::support::{Answer, TestBank, reception};

/// The Tuesday after the tests' Monday.
const TUESDAY: &str = "2026-11-24";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: TUESDAY, slot: "10:00", amount: "60000", notes_100: "600" };

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn a_saturday_with_hours_is_said_to_be_open(bank: &TestBank) {
    bank.change("INSERT INTO branch_hours (branch_id, weekday, spans) VALUES ('shiqi', 6, '09:30-12:00')").await;
    bank.set_time("2026-11-28T10:00:00+08:00");
    let home = bank.browser().await.open("/branches").await.text();
    assert!(home.contains("今天 09:30–12:00"), "{home}");
    assert_eq!(home.matches("今天不营业").count(), 1, "the other branch is closed: {home}");
    let page = bank.signed_in("c1").await.open(cash::NEW).await;
    bank.set_time("2026-11-28T12:00:00+08:00");
    let after = bank.browser().await.open("/branches").await.text();
    assert!(after.contains("已关门，11 月 30 日 周一"), "{after}");
    bank.set_time("2026-11-28T10:00:00+08:00");
    // What comes on a Saturday counts as received on Monday.
    assert!(page.text().contains("最早 12 月 1 日 周二"), "{}", page.text());
    // Withdrawals remain limited to working days.
    let page = fill_in_answer(&bank.signed_in("c1").await, &BookingValues { day: "2026-12-05", ..BOOKING }).await;
    assert_eq!(codes(&page), ["day_closed"]);
}

async fn the_earliest_day_is_one_on_which_the_branch_is_open(bank: &TestBank) {
    bank.change("DELETE FROM branch_hours WHERE branch_id = 'dongqu' AND weekday = 2").await;
    let browser = bank.signed_in("c1").await;
    let page = fill_in_answer(&browser, &BookingValues { branch: OTHER_BRANCH, day: TUESDAY, ..BOOKING }).await;
    assert_eq!(codes(&page), ["day_too_early"]);
    assert!(page.text().contains("最早 11 月 25 日"), "{}", page.text());
    // Days on which the vault is closed are not offered for collection either.
    bank.change("UPDATE branches SET cash_closed_until = '2026-11-26' WHERE id = 'shiqi'").await;
    let page = fill_in_answer(&browser, &BookingValues { day: "2026-11-23", ..BOOKING }).await;
    assert_eq!(codes(&page), ["day_too_early"]);
    assert!(page.text().contains("最早 11 月 26 日"), "{}", page.text());
}

async fn a_reception_has_the_slots_and_the_guests_of_its_branch(bank: &TestBank) {
    branch_parameter(&bank.bank, BRANCH, "reception_slot_minutes", "45").await;
    branch_parameter(&bank.bank, BRANCH, "reception_attendees_max", "2").await;
    reception::announce(&bank.bank, BRANCH, "2026-11-26", Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open(reception::NEW).await;
    let page = browser.submit(&page.form().with("day", "2026-11-26")).await;
    assert!(page.text().contains("14:00–14:45"), "{}", page.text());
    let page = browser.submit(&page.form().with("slot", "14:00")).await;
    assert_eq!(page.all("[name=attendees]", "value"), ["1", "2"]);
    let matter = [("topic", "service"), ("summary", "排队"), ("hope", "窗口"), ("attendees", "3")];
    let page = browser.submit(&page.form().with_all(&matter)).await;
    assert_eq!(page.refusals(), [("attendees_too_many".to_owned(), Some("attendees=2".to_owned()))]);
    let page = browser.submit(&page.form().with("attendees", "2")).await;
    let page = browser.submit(&page.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert!(page.case_number().is_some(), "{:?}", page.refusals());
    assert!(page.text().contains("14:00–14:45") && page.text().contains("45 分钟"), "{}", page.text());
    assert_eq!(bank.count("engagements").await, 2, "both half hours are taken");
}

async fn an_answer_leaves_an_hour_to_cancel_and_never_longer_than_the_slot(bank: &TestBank) {
    bank.set_time("2026-11-23T14:50:00+08:00");
    let booked = book(&bank.signed_in("c1").await, &BOOKING).await;
    let number = booked.case_number().expect("a case");
    bank.set_time("2026-11-23T16:30:00+08:00");
    let browser = bank.signed_in("c1").await;
    let cancel = booked.form_with("button[name=do][value=cancel]").with("do", "cancel");
    assert_eq!(codes(&browser.submit(&cancel).await), ["cancel_closed"], "the time of grace is over");
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    bank.set_time("2026-11-23T17:30:00+08:00");
    let browser = bank.signed_in("c1").await;
    assert_eq!(codes(&browser.submit(&cancel).await), ["cancel_closed"], "an hour is over");
    bank.set_time("2026-11-23T17:29:00+08:00");
    let page = browser.submit(&cancel).await;
    assert!(page.refusals().is_empty() && page.text().contains("已取消"), "{:?}", page.refusals());
    assert_eq!(bank.held().await, 0);
}

async fn a_reception_is_answered_before_the_customers_deadline_and_leaves_an_hour_after_it(bank: &TestBank) {
    reception::announce(&bank.bank, BRANCH, TUESDAY, Audience::All, 1).await;
    let browser = bank.signed_in("c1").await;
    let applied = browser.submit(&reception::checked(&browser, TUESDAY, "14:00").await).await;
    let number = applied.case_number().expect("a case");
    let due = bank.number("SELECT due_at FROM cases").await;
    let deadline = bank.number("SELECT cancel_until FROM reception_applications").await;
    assert_eq!(due, deadline, "Monday 15:00");
    bank.set_time("2026-11-23T14:30:00+08:00");
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    bank.set_time("2026-11-23T15:29:00+08:00");
    let cancel = applied.form_with("button[name=do][value=cancel]").with("do", "cancel");
    let page = bank.signed_in("c1").await.submit(&cancel).await;
    assert!(page.refusals().is_empty(), "{:?}", page.refusals());
    assert_eq!(bank.held().await, 0);
}

async fn a_suggestion_of_the_evening_is_answered_in_opening_hours(bank: &TestBank) {
    bank.set_time("2026-11-23T22:00:00+08:00");
    let browser = bank.signed_in("c1").await;
    let page = browser.open("/suggestions/new").await;
    let form = page.form().with_all(&[("category", "branch_service"), ("content", "多放几把椅子")]);
    let page = browser.submit(&form).await;
    assert!(page.case_number().is_some(), "{:?}", page.refusals());
    // The branch is closed 24 hours later, so the answer is due by the end of the next hours: Wednesday 17:00.
    let due = bank.number("SELECT due_at FROM cases").await;
    assert_eq!(Some(due), bank::kernel::time::At::parse_rfc3339("2026-11-25T17:00:00+08:00").map(|at| at.0));
}

on_both_engines!(
    a_saturday_with_hours_is_said_to_be_open,
    the_earliest_day_is_one_on_which_the_branch_is_open,
    a_reception_has_the_slots_and_the_guests_of_its_branch,
    an_answer_leaves_an_hour_to_cancel_and_never_longer_than_the_slot,
    a_reception_is_answered_before_the_customers_deadline_and_leaves_an_hour_after_it,
    a_suggestion_of_the_evening_is_answered_in_opening_hours,
);
