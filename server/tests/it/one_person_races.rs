//! One customer submits two forms at the same time (promise 3). Validation would refuse the second one if it came later; under
//! concurrency only the database can. Over HTTP, on both engines. The guards are the unique indexes
//! `cash_appointments_one_a_day` and `reception_applications_once` and the primary key of `engagements`; each pair of forms
//! conflicts at one guard only.

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{self, BookingValues};
use crate::support::crowd::{ensure_refused_with, give_back, made, press};
use crate::support::reception::{self, announce};
use crate::support::seed::{BRANCH, OTHER_BRANCH};
use crate::support::soak::rounds;
use crate::support::{Answer, Browser, Form, TestBank};

/// The Wednesday after the Monday on which the tests run, and the day after it.
const DAY: &str = "2026-11-25";
const NEXT: &str = "2026-11-26";

const MORNING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: DAY, slot: "10:00", amount: "50000", notes_100: "500" };

/// Number of live appointments of any kind.
const LIVE: &str =
    "SELECT (SELECT COUNT(*) FROM cash_appointments WHERE live) + (SELECT COUNT(*) FROM reception_applications WHERE live)";

/// An unused key for a form and a round.
fn key(form: &str, round: usize) -> String {
    format!("{form}{round:0>25}")
}

/// Sends both at the same time: one gives a case, the other is refused with this code and a nearest value.
async fn one_of(browser: &Browser, forms: [Form; 2], code: &str, nearest: &str) -> Vec<(Browser, Answer)> {
    let answers = press(forms.into_iter().map(|form| (browser.clone(), form)).collect()).await;
    assert_eq!(made(&answers), 1, "{:?}", answers.iter().map(|(_, answer)| answer.refusals()).collect::<Vec<_>>());
    ensure_refused_with(&answers, code, nearest);
    answers
}

/// Cancels the appointment of the round; afterwards no capacity is reserved.
async fn end_round(bank: &TestBank, answers: &[(Browser, Answer)]) {
    give_back(answers).await;
    assert_eq!((bank.number(LIVE).await, bank.held().await), (0, 0));
}

async fn one_day_at_two_branches_is_one_booking(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    // The hours do not overlap, so that only the day can conflict.
    let afternoon = BookingValues { branch: OTHER_BRANCH, slot: "15:00", ..MORNING };
    for round in 0..rounds(20) {
        let forms = [cash::whole("c1", &key("a", round), &MORNING), cash::whole("c1", &key("b", round), &afternoon)];
        let answers = one_of(&browser, forms, "day_taken", &format!("day={NEXT}&slot=")).await;
        assert_eq!(bank.number(LIVE).await, 1, "round {round}");
        let held = [
            bank.number("SELECT CAST(SUM(reserved) AS BIGINT) FROM cash_slots").await,
            bank.number("SELECT CAST(SUM(reserved) AS BIGINT) FROM cash_totals").await,
            bank.number("SELECT CAST(SUM(reserved) AS BIGINT) FROM cash_notes").await,
            bank.count("engagements").await,
        ];
        assert_eq!(held, [1, 5_000_000, 500, 2], "round {round}: what one booking holds");
        end_round(bank, &answers).await;
    }
}

async fn a_booking_and_a_reception_of_one_hour_are_one_appointment(bank: &TestBank) {
    announce(&bank.bank, OTHER_BRANCH, DAY, Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    let afternoon = BookingValues { slot: "14:00", ..MORNING };
    for round in 0..rounds(20) {
        let forms = [cash::whole("c1", &key("a", round), &afternoon), reception::whole(&key("b", round), DAY, "14:30")];
        let answers = one_of(&browser, forms, "overlap", &format!("day={DAY}&slot=15:00")).await;
        assert_eq!(bank.number(LIVE).await, 1, "round {round}");
        assert_eq!(bank.number("SELECT COUNT(DISTINCT case_number) FROM engagements").await, 1);
        end_round(bank, &answers).await;
    }
}

async fn two_times_of_one_reception_are_one_application(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    announce(&bank.bank, BRANCH, NEXT, Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    for round in 0..rounds(20) {
        let forms = [reception::whole(&key("a", round), DAY, "14:00"), reception::whole(&key("b", round), DAY, "15:00")];
        let answers = one_of(&browser, forms, "already_applied", &format!("day={NEXT}&slot=")).await;
        assert_eq!(bank.number(LIVE).await, 1, "round {round}");
        assert_eq!(bank.number("SELECT CAST(SUM(reserved) AS BIGINT) FROM reception_slots").await, 1);
        end_round(bank, &answers).await;
    }
}

on_both_engines!(
    one_day_at_two_branches_is_one_booking,
    a_booking_and_a_reception_of_one_hour_are_one_appointment,
    two_times_of_one_reception_are_one_application,
);
