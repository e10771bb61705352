//! Many at once (promises 3 and 5): exactly as many bookings as fit, one wish under one key is one case. Over HTTP, on both
//! engines. The guards are the statements in `appointments/cash/records/capacity.rs` and `FormStates::take`.

use crate::on_both_engines;
use crate::support::cash::{NEW, Wish, fill_in};
use crate::support::seed::{BRANCH, customer, parameter};
use crate::support::{Answer, Browser, Form, TestBank, pairs};
use bank::sessions::CustomerKind;

const CUSTOMERS: usize = 50;
const ROUNDS: usize = 20;

/// Customers in their browsers, by name; the account is `acc-NAME`.
async fn crowd(bank: &TestBank) -> Vec<(String, Browser)> {
    let mut crowd = Vec::new();
    for number in 0..CUSTOMERS {
        let name = format!("r{number:02}");
        customer(&bank.bank, &name, CustomerKind::Personal).await;
        let browser = bank.signed_in(&name).await;
        crowd.push((name, browser));
    }
    crowd
}

/// A wish under a fresh key, everything in one form: what the check page's button sends once the steps are stored.
fn whole(name: &str, round: usize, wish: &Wish<'_>) -> Form {
    let key = format!("{name}{round:0>23}");
    let account = format!("acc-{name}");
    let mut fields = pairs(&[("key", &key), ("version", "0"), ("do", "book"), ("account", &account), ("collector", "self")]);
    fields.extend(pairs(&[("branch", wish.branch), ("day", wish.day), ("slot", wish.slot), ("amount", wish.amount)]));
    fields.extend(if wish.notes_100.is_empty() {
        pairs(&[("any_notes", "on")])
    } else {
        pairs(&[("notes_100", wish.notes_100)])
    });
    Form { action: NEW.into(), fields }
}

/// Everybody has the same wish, and all press at once. In the first round they have come through the pages.
async fn rush(crowd: &[(String, Browser)], round: usize, wish: Wish<'static>) -> Vec<(Browser, Answer)> {
    let mut ready: Vec<(Browser, Form)> = Vec::new();
    for (name, browser) in crowd {
        let form = if round == 0 { fill_in(browser, &wish).await } else { whole(name, round, &wish) };
        ready.push((browser.clone(), form));
    }
    let pressed: Vec<_> = ready
        .into_iter()
        .map(|(browser, form)| {
            tokio::spawn(async move {
                let answer = browser.submit(&form).await;
                (browser, answer)
            })
        })
        .collect();
    let mut answers = Vec::new();
    for pressed in pressed {
        answers.push(pressed.await.expect("an answer"));
    }
    answers
}

/// Gives the round's bookings back, so that the next finds the same capacity.
async fn give_back(answers: &[(Browser, Answer)]) {
    for (browser, answer) in answers {
        if let Some(number) = answer.case_number() {
            let page = browser.open(&format!("/appointments/{number}")).await;
            let gone = browser.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
            assert_eq!(gone.status, 200);
        }
    }
}

fn booked(answers: &[(Browser, Answer)]) -> usize {
    answers.iter().filter(|(_, answer)| answer.case_number().is_some()).count()
}

fn ensure_refused_with(answers: &[(Browser, Answer)], code: &str, field: &str) {
    for (_, answer) in answers {
        assert_eq!(answer.status, 200, "{}", answer.path);
        if answer.case_number().is_none() {
            let refusals = answer.refusals();
            let (_, nearest) = refusals.iter().find(|(found, _)| found == code).unwrap_or_else(|| panic!("{refusals:?}"));
            assert!(nearest.as_deref().is_some_and(|nearest| nearest.contains(field)), "{nearest:?}");
        }
    }
}

async fn the_last_places_of_a_slot_go_to_as_many_as_fit(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "2").await;
    let crowd = crowd(bank).await;
    let wish = Wish { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "" };
    for round in 0..ROUNDS {
        let answers = rush(&crowd, round, wish).await;
        assert_eq!(booked(&answers), 2, "round {round}");
        ensure_refused_with(&answers, "slot_full", "slot=");
        assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE live").await, 2);
        give_back(&answers).await;
    }
}

async fn the_last_notes_of_a_day_go_to_as_many_as_fit(bank: &TestBank) {
    parameter(&bank.bank, "cash_stock_100", "1700").await;
    parameter(&bank.bank, "cash_slot_places", "60").await;
    let crowd = crowd(bank).await;
    let wish = Wish { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
    for round in 0..ROUNDS {
        let answers = rush(&crowd, round, wish).await;
        assert_eq!(booked(&answers), 3, "round {round}");
        ensure_refused_with(&answers, "notes_short", "notes_");
        assert_eq!(bank.number("SELECT reserved FROM cash_notes WHERE denomination = 100").await, 1_500);
        give_back(&answers).await;
    }
}

async fn the_same_form_forty_times_at_once_is_one_case(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let wish = Wish { branch: BRANCH, day: "2026-11-25", slot: "11:00", amount: "60000", notes_100: "600" };
    let form = fill_in(&browser, &wish).await;
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
    let wish = Wish { branch: BRANCH, day: "2026-11-25", slot: "11:00", amount: "60000", notes_100: "600" };
    let form = fill_in(&browser, &wish).await;
    let number = browser.submit(&form).await.case_number().expect("a case");
    let key = form.value("key").expect("a key").to_owned();

    let other = Form { action: NEW.into(), fields: pairs(&[("key", &key), ("version", "9"), ("slot", "14:00")]) };
    let answer = browser.post(&other.action, &other.fields).await;
    assert_eq!(
        (answer.status, answer.location.as_deref()),
        (303, Some(format!("/appointments/{number}?notice=already").as_str()))
    );
    let again = browser.get(&format!("{NEW}?key={key}")).await;
    assert_eq!((again.status, again.location.as_deref()), (303, Some(format!("/appointments/{number}").as_str())));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 1);

    let stranger = bank.signed_in("c2").await;
    assert_eq!(stranger.get(&format!("{NEW}?key={key}")).await.status, 404);
    assert_eq!(stranger.post(&other.action, &other.fields).await.status, 404);
    assert_eq!(stranger.get(&format!("/appointments/{number}")).await.status, 404);
}

on_both_engines!(
    the_last_places_of_a_slot_go_to_as_many_as_fit,
    the_last_notes_of_a_day_go_to_as_many_as_fit,
    the_same_form_forty_times_at_once_is_one_case,
    another_wish_under_a_used_key_leads_to_the_case_with_a_notice,
);
