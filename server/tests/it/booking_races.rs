//! Concurrent bookings (promises 3 and 5): exactly as many succeed as there is capacity, and one key gives one case. Over HTTP,
//! on both engines. The guards are the statements in `appointments/cash/records/capacity.rs` and `FormStates::lock_and_merge`.

use std::time::Duration;

use bank::kernel::database::Grouping;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, fill_in, whole};
use crate::support::crowd::{crowd, ensure_refused_with, give_back, made, press};
use crate::support::seed::{BRANCH, parameter};
use crate::support::soak::rounds;
use crate::support::{Answer, Browser, Form, TestBank, pairs};

const CUSTOMERS: usize = 50;

/// All customers submit the same values at the same time. In the first round the forms were filled in through the pages.
async fn rush(crowd: &[(String, Browser)], round: usize, values: BookingValues<'static>) -> Vec<(Browser, Answer)> {
    let mut ready: Vec<(Browser, Form)> = Vec::new();
    for (name, browser) in crowd {
        let key = format!("{name}{round:0>23}");
        let form = if round == 0 { fill_in(browser, &values).await } else { whole(name, &key, &values) };
        ready.push((browser.clone(), form));
    }
    press(ready).await
}

async fn the_last_places_of_a_slot_go_to_as_many_as_fit(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "2").await;
    let crowd = crowd(bank, CUSTOMERS).await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "" };
    for round in 0..rounds(20) {
        let answers = rush(&crowd, round, values).await;
        assert_eq!(made(&answers), 2, "round {round}");
        ensure_refused_with(&answers, "slot_full", "slot=");
        assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE live").await, 2);
        give_back(&answers).await;
    }
}

async fn the_last_notes_of_a_day_go_to_as_many_as_fit(bank: &TestBank) {
    parameter(&bank.bank, "cash_stock_100", "1700").await;
    parameter(&bank.bank, "cash_slot_places", "60").await;
    let crowd = crowd(bank, CUSTOMERS).await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
    for round in 0..rounds(20) {
        let answers = rush(&crowd, round, values).await;
        assert_eq!(made(&answers), 3, "round {round}");
        ensure_refused_with(&answers, "notes_short", "notes_");
        assert_eq!(bank.number("SELECT reserved FROM cash_notes WHERE denomination = 100").await, 1_500);
        give_back(&answers).await;
    }
}

async fn the_same_form_forty_times_at_once_is_one_case(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "11:00", amount: "60000", notes_100: "600" };
    let form = fill_in(&browser, &values).await;
    let sent: Vec<_> = (0..40)
        .map(|_| {
            let (browser, form) = (browser.clone(), form.clone());
            tokio::spawn(async move { browser.post(&form.action, &form.fields).await })
        })
        .collect();
    let mut places = std::collections::BTreeSet::new();
    for sent in sent {
        let answer = sent.await.expect("an answer");
        assert_eq!(answer.status, 303);
        places.insert(answer.location.expect("a place"));
    }
    assert_eq!(places.len(), 1, "{places:?}");
    assert!(places.first().is_some_and(|place| place.starts_with("/appointments/QK")), "{places:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 1);
    assert_eq!(bank.number("SELECT reserved FROM cash_slots WHERE slot = '11:00'").await, 1);
}

async fn another_wish_under_a_used_key_leads_to_the_case_with_a_notice(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "11:00", amount: "60000", notes_100: "600" };
    let form = fill_in(&browser, &values).await;
    let number = browser.submit(&form).await.case_number().expect("a case");
    let key = form.value("key").expect("a key").to_owned();

    let other = Form { action: NEW.into(), fields: pairs(&[("key", &key), ("version", "9"), ("slot", "14:00")]) };
    let answer = browser.post(&other.action, &other.fields).await;
    let to = answer.location.unwrap_or_default();
    assert!(to.starts_with(&format!("/appointments/{number}?notice=already&draft=")), "{to}");
    let again = browser.get(&format!("{NEW}?key={key}")).await;
    assert_eq!((again.status, again.location.as_deref()), (303, Some(format!("/appointments/{number}#answer").as_str())));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 1);

    let stranger = bank.signed_in("c2").await;
    let theirs = stranger.open(&format!("{NEW}?key={key}")).await;
    assert!(theirs.status == 200 && !theirs.has("[name=branch][checked]"), "a fresh form under a key of their own");
    assert_eq!(stranger.post(&other.action, &other.fields).await.location, Some(format!("{NEW}?key={key}")));
    assert_eq!(stranger.get(&format!("/appointments/{number}")).await.status, 404);
}

on_both_engines!(
    the_last_places_of_a_slot_go_to_as_many_as_fit,
    the_last_notes_of_a_day_go_to_as_many_as_fit,
    the_same_form_forty_times_at_once_is_one_case,
    another_wish_under_a_used_key_leads_to_the_case_with_a_notice,
);

/// On SQLite the order is certain: the appointment's commit is still running when the booking is validated, and the booking's
/// transaction waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_appointment_committed_after_the_validation_is_seen_by_the_transaction() {
    let commit_delay = Duration::from_millis(400);
    let bank = TestBank::sqlite_grouping(Grouping { commit_delay, ..Grouping::default() }).await;
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
    let first = browser.submit(&whole("c1", "a0b0c0d0e0f0g0h0j0k0m0n0p0", &values)).await;
    assert!(first.case_number().is_some(), "{}", first.text());
    let next_day = whole("c1", "b0b0c0d0e0f0g0h0j0k0m0n0p0", &BookingValues { day: "2026-11-26", ..values });
    // The same hour of the next day, as another kind of appointment takes it.
    let sql = "INSERT INTO engagements (customer_id, day, half_hour, case_number) \
               SELECT customer_id, '2026-11-26', 21, case_number FROM engagements WHERE half_hour = 20";
    let posts = async {
        tokio::time::sleep(commit_delay / 4).await;
        browser.submit(&next_day).await
    };
    let ((), second) = tokio::join!(bank.change(sql), posts);
    assert!(second.case_number().is_none(), "it overlaps: {}", second.path);
    ensure_refused_with(&[(browser, second)], "overlap", "2026-11-26");
    assert_eq!(bank.count("cash_appointments").await, 1);
}
