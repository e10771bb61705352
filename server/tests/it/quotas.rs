//! Quotas of one customer (docs/domain.md §1, §3): open cases, cases per day, live cash, each refused with an accepted
//! alternative; and messages per phone number and day (§19). Concurrent submissions never exceed them. Both engines.

use bank::cases::CaseKind;
use bank::kernel::forms::Values;
use bank::messages::claim_unsent;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::support::cash::{self, BookingValues, act as desk_act, book, whole};
use crate::support::crowd::{crowd, made, press};
use crate::support::kinds::{Workshop, act_as_staff as act, as_staff};
use crate::support::seed::{BRANCH, parameter, unbounded};
use crate::support::{Answer, Browser, Form, TestBank, pairs};

/// Working days from the Monday of the tests.
const DAYS: [&str; 16] = [
    "2026-11-24",
    "2026-11-25",
    "2026-11-26",
    "2026-11-27",
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-07",
    "2026-12-08",
    "2026-12-09",
    "2026-12-10",
    "2026-12-11",
    "2026-12-14",
    "2026-12-15",
];

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: DAYS[0], slot: "10:00", amount: "60000", notes_100: "600" };

/// An unused idempotency key, made of form and number.
fn key(form: char, number: usize) -> String {
    format!("{form}{number:0>25}")
}

fn suggestion(number: usize) -> Form {
    let key = key('s', number);
    let said = [("key", key.as_str()), ("version", "0"), ("do", "submit"), ("category", "savings"), ("content", "早点开门")];
    Form { action: "/suggestions/new".into(), fields: pairs(&said) }
}

/// One customer submits all forms concurrently. At most ten may be refused, because only ten unfinished forms are kept.
async fn at_once(browser: &Browser, forms: impl Iterator<Item = Form>) -> Vec<(Browser, Answer)> {
    press(forms.map(|form| (browser.clone(), form)).collect()).await
}

fn refused(answers: &[(Browser, Answer)]) -> impl Iterator<Item = &Answer> {
    answers.iter().map(|(_, answer)| answer).filter(|answer| answer.case_number().is_none())
}

async fn in_english(browser: &Browser, page: &Answer) -> String {
    browser.send(&page.path, &[("accept-language", "en")], None).await.text()
}

async fn cancel(browser: &Browser, page: &Answer) {
    let form = page.form_with("button[name=do][value=cancel]").with("do", "cancel");
    assert_eq!(browser.submit(&form).await.status, 200);
}

async fn of_sixteen_suggestions_at_once_as_many_are_recorded_as_may_be_open(bank: &TestBank) {
    parameter(&bank.bank, "cases_open_max", "6").await;
    let browser = bank.signed_in("c1").await;
    let answers = at_once(&browser, (0..16).map(suggestion)).await;
    assert_eq!((made(&answers), bank.count("suggestions").await, bank.count("outbox").await), (6, 6, 6));
    for page in refused(&answers) {
        assert_eq!(page.refusals(), [("too_many_open".to_owned(), None)], "{}", page.text());
        assert!(page.text().contains("最多可以同时有 6 件") && page.body.contains("早点开门"), "what was typed stays");
    }
    let page = refused(&answers).next().expect("a refusal");
    let english = in_english(&browser, page).await;
    assert!(english.contains("at most 6 open cases") && english.contains("after cancelling one"), "{english}");
    // Another customer is not affected; closing a case frees the quota.
    assert!(bank.signed_in("c2").await.submit(&suggestion(0)).await.case_number().is_some());
    let number = answers.iter().find_map(|(_, answer)| answer.case_number()).expect("a case");
    let answer = Values(pairs(&[("judgement", "adopted"), ("reason", "好"), ("thanks", "谢谢")]));
    act(&bank.bank, &as_staff(bank, "clerk").await, &number, "answer", 1, &answer).await.expect("an answer");
    assert!(browser.submit(&page.form().with("do", "submit")).await.case_number().is_some());
    assert_eq!(browser.submit(&suggestion(99)).await.refusals().len(), 1);
}

async fn every_kind_is_refused_when_the_customers_cases_are_too_many(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    for (name, code, words) in
        [("cases_open_max", "too_many_open", "同时有 0 件"), ("cases_day_max", "too_many_today", "一天最多提交 0 件")]
    {
        unbounded(bank, name, "0").await;
        for kind in CaseKind::all() {
            let (page, _) = shop.send(kind, "60000").await;
            assert_eq!(page.refusals(), [(code.to_owned(), None)], "{}: {}", kind.code(), page.path);
            assert!(page.text().contains(words), "{}: {}", kind.code(), page.text());
        }
        parameter(&bank.bank, name, "20").await;
    }
    assert_eq!((bank.count("cases").await, bank.held().await), (0, 0));
}

async fn of_sixteen_suggestions_at_once_no_more_are_recorded_than_a_day_allows(bank: &TestBank) {
    parameter(&bank.bank, "cases_day_max", "6").await;
    let browser = bank.signed_in("c1").await;
    let answers = at_once(&browser, (0..16).map(suggestion)).await;
    assert_eq!((made(&answers), bank.count("suggestions").await), (6, 6));
    for page in refused(&answers) {
        assert_eq!(page.refusals(), [("too_many_today".to_owned(), None)]);
        assert!(page.text().contains("一天最多提交 6 件") && page.text().contains("明天 00:00 起"), "{}", page.text());
    }
    let page = refused(&answers).next().expect("a refusal");
    assert!(in_english(&browser, page).await.contains("from 00:00 tomorrow"));
    // Other kinds have their own count; the count starts at zero the next day.
    assert!(book(&browser, &BOOKING).await.case_number().is_some());
    bank.set_time("2026-11-24T09:00:00+08:00");
    let browser = bank.signed_in("c1").await;
    assert!(browser.submit(&page.form().with("do", "submit")).await.case_number().is_some());
}

async fn who_books_and_cancels_again_and_again_is_stopped_for_the_day(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let mut booked = 0;
    for number in 0..25 {
        let page = browser.submit(&whole("c1", &key('b', number), &BOOKING)).await;
        if page.case_number().is_none() {
            assert_eq!(page.refusals(), [("too_many_today".to_owned(), None)]);
            continue;
        }
        booked += 1;
        cancel(&browser, &page).await;
    }
    assert_eq!((booked, bank.count("cases").await, bank.held().await), (20, 20, 0));
    // Of 40 messages 20 are sent; the others are shown on the pages of their cases, and the desk shows that they were not sent.
    assert_eq!(messages(bank).await, [20, 20]);
    assert_eq!(claim_unsent(&bank.bank, 100).await.expect("messages").len(), 20);
    let last = text(bank, "SELECT case_number FROM outbox WHERE failure = 'quota' AND kind = 'cash_cancelled' LIMIT 1").await;
    let page = browser.open(&format!("/appointments/{last}")).await;
    assert!(page.text().contains("预约已取消"), "{}", page.text());
    let desk = bank.signed_in("clerk").await.open(&format!("/desk/cases/{last}")).await;
    assert!(desk.text().contains("没有发送：这个号码今天的通知已到上限"), "{}", desk.text());
}

/// Counts of messages within and beyond the quota of their number.
async fn messages(bank: &TestBank) -> [i64; 2] {
    let over = "dead_at IS NOT NULL AND failure = 'quota' AND attempts = 0";
    [
        bank.number("SELECT COUNT(*) FROM outbox WHERE dead_at IS NULL AND case_number IS NOT NULL").await,
        bank.number(AssertSqlSafe(format!("SELECT COUNT(*) FROM outbox WHERE {over}"))).await,
    ]
}

async fn text(bank: &TestBank, sql: &'static str) -> String {
    let mut conn = bank.bank.read().await.expect("a connection");
    let (text,): (String,) = conn.fetch_one(sql, Vec::new()).await.expect("a row");
    text
}

async fn of_many_messages_at_once_to_one_number_no_more_are_sent_than_a_day_allows(bank: &TestBank) {
    parameter(&bank.bank, "messages_day_max", "5").await;
    // The three customers have the same number on file.
    let mut forms = Vec::new();
    for name in ["c1", "c2", "k1"] {
        let browser = bank.signed_in(name).await;
        forms.extend((0..16).map(|number| (browser.clone(), suggestion(number))));
    }
    let answers = press(forms).await;
    assert_eq!((made(&answers), messages(bank).await), (48, [5, 43]));
    bank.set_time("2026-11-24T09:00:00+08:00");
    assert!(bank.signed_in("c1").await.submit(&suggestion(99)).await.case_number().is_some());
    assert_eq!(messages(bank).await, [6, 43], "the next day counts anew");
}

async fn a_number_that_is_not_on_file_gets_the_messages_of_one_case_a_day(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "100").await;
    let crowd = crowd(bank, 16).await;
    let forms = crowd.iter().enumerate().map(|(number, (name, browser))| {
        (browser.clone(), whole(name, &key('b', number), &BOOKING).with("phone", "139 0000 0001"))
    });
    assert_eq!(made(&press(forms.collect()).await), 16);
    assert_eq!(messages(bank).await, [1, 15]);
    let first = text(bank, "SELECT case_number FROM outbox WHERE dead_at IS NULL").await;
    let other = text(bank, "SELECT case_number FROM outbox WHERE dead_at IS NOT NULL LIMIT 1").await;
    let clerk = bank.signed_in("clerk").await;
    for number in [&first, &other] {
        assert_eq!(desk_act(&clerk, number, "confirm", &[]).await.refusals(), []);
    }
    assert_eq!(messages(bank).await, [2, 16], "all messages of the first case, none of another");
    // The number on file is recognised in any spelling.
    let browser = bank.signed_in("c1").await;
    for (number, day) in DAYS[1..3].iter().enumerate() {
        let form = whole("c1", &key('c', number), &BookingValues { day, ..BOOKING }).with("phone", "+86 138-0013-8000");
        assert!(browser.submit(&form).await.case_number().is_some());
    }
    assert_eq!(messages(bank).await, [4, 16]);
}

async fn of_sixteen_bookings_at_once_no_more_cash_is_live_than_may_be(bank: &TestBank) {
    for (name, value) in [("cash_open_max", "410000"), ("cash_window_days", "16")] {
        parameter(&bank.bank, name, value).await;
    }
    let browser = bank.signed_in("c1").await;
    let requests = DAYS.iter().enumerate().map(|(number, day)| whole("c1", &key('b', number), &BookingValues { day, ..BOOKING }));
    let answers = at_once(&browser, requests).await;
    assert_eq!(made(&answers), 6, "seven would be 420,000 yuan");
    for page in refused(&answers) {
        let nearest = Some("amount=50000&notes_100=500".to_owned());
        assert_eq!(page.refusals(), [("open_cash".to_owned(), nearest)], "the nearest amount that is left");
        assert!(page.text().contains("410,000") && page.text().contains("还可以再约 50,000"), "{}", page.text());
    }
    let page = refused(&answers).next().expect("a refusal");
    assert!(in_english(&browser, page).await.contains("can come to at most"));
    let live = "SELECT CAST(SUM(amount) AS BIGINT) FROM cash_appointments WHERE live";
    assert_eq!((bank.number(live).await, bank.held().await), (36_000_000, 6 + 36_000_000 + 3_600 + 12));
    // The suggestion is accepted. Then nothing can be booked until a booking is cancelled.
    let offered = browser.submit(&page.form_with("input[type=hidden][name=amount]")).await;
    let offered =
        if offered.has("[name=collector]") { browser.submit(&offered.form().with("collector", "self")).await } else { offered };
    let third = browser.submit(&offered.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert!(third.case_number().is_some(), "{:?}", third.refusals());
    let mut free = DAYS.iter().zip(&answers).filter(|(_, (_, answer))| answer.case_number().is_none()).map(|(day, _)| *day);
    let day = free.next_back().expect("a day without a booking");
    let page = cash::fill_in_answer(&browser, &BookingValues { day, ..BOOKING }).await;
    assert_eq!(page.refusals(), [("open_cash".to_owned(), None)]);
    assert!(page.text().contains("取款或取消一笔以后，可以再约"), "{}", page.text());
    cancel(&browser, &browser.open(&third.path).await).await;
    assert!(book(&browser, &BookingValues { day, amount: "50000", notes_100: "500", ..BOOKING }).await.case_number().is_some());
}

on_both_engines!(
    of_sixteen_suggestions_at_once_as_many_are_recorded_as_may_be_open,
    every_kind_is_refused_when_the_customers_cases_are_too_many,
    of_sixteen_suggestions_at_once_no_more_are_recorded_than_a_day_allows,
    who_books_and_cancels_again_and_again_is_stopped_for_the_day,
    of_sixteen_bookings_at_once_no_more_cash_is_live_than_may_be,
    of_many_messages_at_once_to_one_number_no_more_are_sent_than_a_day_allows,
    a_number_that_is_not_on_file_gets_the_messages_of_one_case_a_day,
);
