//! What one customer may ask of the bank at a time (docs/domain.md §3): open cases, live cash, messages a day. Refused in
//! words, and of many at once none slips past: the transaction locks the customer's row. Both engines.

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{Wish, book, whole};
use crate::support::crowd::press;
use crate::support::seed::{BRANCH, parameter};
use crate::support::{Answer, Browser, TestBank, reception};

/// The working days that can be booked on the tests' Monday.
const DAYS: [&str; 5] = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"];

const WISH: Wish<'static> = Wish { branch: BRANCH, day: DAYS[0], slot: "10:00", amount: "60000", notes_100: "600" };

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

fn made(answers: &[(Browser, Answer)]) -> usize {
    answers.iter().filter(|(_, answer)| answer.case_number().is_some()).count()
}

/// One form a day, all pressed at once by the same customer.
async fn five_at_once(bank: &TestBank) -> Vec<(Browser, Answer)> {
    let browser = bank.signed_in("c1").await;
    let forms = DAYS.iter().zip('a'..).map(|(day, key)| whole("c1", &key.to_string().repeat(26), &Wish { day, ..WISH }));
    press(forms.map(|form| (browser.clone(), form)).collect()).await
}

async fn of_many_bookings_at_once_only_so_many_are_open(bank: &TestBank) {
    parameter(&bank.bank, "open_cases_max", "2").await;
    let answers = five_at_once(bank).await;
    assert_eq!((made(&answers), bank.count("cases").await), (2, 2));
    for (_, answer) in &answers {
        assert!(answer.case_number().is_some() || codes(answer).contains(&"too_many_open".to_owned()), "{:?}", codes(answer));
    }
    // Said in words with the number, and on every kind's form.
    let browser = bank.signed_in("c1").await;
    reception::announce(&bank.bank, BRANCH, "2026-11-27", Audience::All, 2).await;
    let page = browser.submit(&reception::whole(&"x".repeat(26), "2026-11-27", "14:00")).await;
    assert!(codes(&page).contains(&"too_many_open".to_owned()) && page.text().contains("最多 2 件"), "{}", page.text());
    let page = browser.open("/suggestions/new").await;
    let page = browser.submit(&page.form().with_all(&[("category", "branch_service"), ("content", "多放几把椅子")])).await;
    assert_eq!(codes(&page), ["too_many_open"]);
    assert!(page.text().contains("最多 2 件") && page.body.contains("多放几把椅子"), "what was typed stays");
    assert_eq!(bank.count("cases").await, 2);
    // Another customer is not concerned; and what is given up makes room.
    assert!(book(&bank.signed_in("c2").await, &WISH).await.case_number().is_some());
    let (_, mine) = answers.iter().find(|(_, answer)| answer.case_number().is_some()).expect("a case");
    browser.submit(&mine.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(book(&browser, &Wish { day: "2026-11-27", slot: "15:00", ..WISH }).await.case_number().is_some());
}

async fn of_many_bookings_at_once_no_more_cash_is_live_than_may_be(bank: &TestBank) {
    parameter(&bank.bank, "cash_open_max", "170000").await;
    let answers = five_at_once(bank).await;
    assert_eq!(made(&answers), 2, "three would be 180,000 yuan");
    for (_, answer) in answers.iter().filter(|(_, answer)| answer.case_number().is_none()) {
        let refusals = answer.refusals();
        let refused = ("open_cash".to_owned(), Some("amount=50000&notes_100=500".to_owned()));
        assert_eq!(refusals, [refused], "the nearest amount that is left");
        assert!(answer.text().contains("170,000") && answer.text().contains("50,000"), "{}", answer.text());
    }
    assert_eq!(bank.number("SELECT CAST(SUM(amount) AS BIGINT) FROM cash_appointments WHERE live").await, 12_000_000);
}

async fn a_day_has_only_so_many_messages_however_often_one_books_and_cancels(bank: &TestBank) {
    parameter(&bank.bank, "messages_day_max", "6").await;
    let browser = bank.signed_in("c1").await;
    for _ in 0..3 {
        let page = book(&browser, &WISH).await;
        browser.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    }
    assert_eq!(bank.count("outbox").await, 6);
    let page = browser.submit(&whole("c1", &"m".repeat(26), &WISH)).await;
    assert!(codes(&page).contains(&"too_many_messages".to_owned()), "{:?}", codes(&page));
    assert!(page.text().contains("最多给您发 6 条"), "{}", page.text());
    assert_eq!((bank.count("outbox").await, bank.held().await), (6, 0));
    // The next day there is room again.
    bank.set_time("2026-11-24T09:00:00+08:00");
    let page = book(&bank.signed_in("c1").await, &Wish { day: "2026-11-26", ..WISH }).await;
    assert!(page.case_number().is_some(), "{:?}", page.refusals());
}

on_both_engines!(
    of_many_bookings_at_once_only_so_many_are_open,
    of_many_bookings_at_once_no_more_cash_is_live_than_may_be,
    a_day_has_only_so_many_messages_however_often_one_books_and_cancels,
);
