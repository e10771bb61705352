//! A proposal and its answer meet each other, time, staff, the customer's own acts, and closures (docs/domain.md §3.5).
//! Whatever comes first, capacity is what live bookings and proposals hold. The guards are the row lock of the case, its
//! version, the customer's row lock with the version of the reference data, and the conditional statements of capacity and
//! place.

use std::time::Duration;

use bank::appointments::cash::cancel_cash;
use bank::cases::{ACCEPT, DeskRefusal, REJECT};
use bank::kernel::database::Grouping;
use bank::kernel::forms::Refusal;
use bank::sessions::Customer;
use bank::worker::round;

use crate::cash_moves::{BOOKING, booked, change, is_done, moved};
use crate::cash_proposals::{answered, place, proposed, state};
use crate::cash_walk::reserved_wrongly;
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::cash::BookingValues;
use crate::support::kinds::{act_as_staff, as_customer, as_staff, everything};
use crate::support::seed::{BRANCH, OTHER_BRANCH, unbounded};
use crate::support::soak::rounds;

on_both_engines!(
    an_answer_meets_the_lapse,
    an_answer_meets_staff_who_confirm_or_cancel,
    an_answer_meets_the_other_answer_and_itself,
    a_proposal_meets_the_customer_who_moves_or_cancels,
    two_clerks_propose_once,
    a_proposal_and_a_booking_want_the_last_place,
    accepting_meets_the_customers_own_booking_of_that_day,
);

/// Quotas do not end, and one may move until the slot begins.
async fn customer_of(bank: &TestBank) -> Customer {
    for name in ["cases_day_max", "cases_open_max", "cash_slot_places", "cash_cancel_grace_minutes"] {
        unbounded(bank, name, "100000").await;
    }
    as_customer(bank, "c1").await
}

async fn end(bank: &TestBank, customer: &Customer, number: &str, what: &str) {
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new(), "{what}");
    drop(cancel_cash(&bank.bank, customer, number).await);
}

fn code(told: &Result<(), Vec<DeskRefusal>>) -> String {
    match told {
        Ok(()) => "done".to_owned(),
        Err(refusals) => refusals.iter().map(|refusal| refusal.code().to_owned()).collect::<Vec<_>>().join(" "),
    }
}

async fn an_answer_meets_the_lapse(bank: &TestBank) {
    let customer = customer_of(bank).await;
    for turn in 0..rounds(60) {
        bank.set_time("2026-11-23T10:00:00+08:00");
        let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
        let number = booked(&browser, &BOOKING).await;
        proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
        let action = [ACCEPT, REJECT][turn % 2];
        let late = async {
            tokio::time::sleep(Duration::from_micros(u64::try_from(turn % 7).unwrap_or(0) * 300)).await;
            bank.set_time("2026-11-24T10:00:00+08:00");
            round(&bank.bank).await.expect("a round")
        };
        let (told, _) = tokio::join!(answered(bank, &customer, &number, action, 2), late);
        let state = state(bank, &number).await;
        let what = format!("round {turn}: {action} {told}, {state}");
        assert_eq!(state, if told && action == ACCEPT { "confirmed" } else { "submitted" }, "{what}");
        let ended = format!("SELECT COUNT(*) FROM case_events WHERE case_number = '{number}' AND from_state = 'proposed'");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(ended)).await, 1, "{what}");
        end(bank, &customer, &number, &what).await;
    }
}

async fn an_answer_meets_staff_who_confirm_or_cancel(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    for turn in 0..rounds(90) {
        let number = booked(&browser, &BOOKING).await;
        proposed(bank, &clerk, (&number, 1), &place(OTHER_BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
        // The clerk's page shows the proposal, or is one of before it.
        let (against, seen) = [("cancel", 2), ("confirm", 1), ("confirm", 2)][turn % 3];
        let posted = everything();
        let (told, other) = tokio::join!(
            answered(bank, &customer, &number, ACCEPT, 2),
            act_as_staff(&bank.bank, &clerk, &number, against, seen, &posted)
        );
        let state = state(bank, &number).await;
        let what = format!("round {turn}: {told}, {against} {other:?}, {state}");
        match against {
            "cancel" => assert_eq!((told, other.is_ok()), (state == "confirmed", state == "cancelled"), "{what}"),
            _ => assert!(told && other.is_err() && state == "confirmed", "{what}"),
        }
        end(bank, &customer, &number, &what).await;
    }
    assert_eq!(bank.held().await, 0);
}

async fn an_answer_meets_the_other_answer_and_itself(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    for turn in 0..rounds(90) {
        let number = booked(&browser, &BOOKING).await;
        proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-25", "11:00")).await.expect("proposed");
        let second = [ACCEPT, REJECT][turn % 2];
        let (one, other) =
            tokio::join!(answered(bank, &customer, &number, ACCEPT, 2), answered(bank, &customer, &number, second, 2));
        let what = format!("round {turn}: {one}, {second} {other}, {}", state(bank, &number).await);
        assert!(if second == ACCEPT { one && other } else { one != other }, "{what}");
        let changes = format!("SELECT COUNT(*) FROM case_events WHERE case_number = '{number}' AND to_state IS NOT NULL");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(changes)).await, 3, "{what}");
        end(bank, &customer, &number, &what).await;
    }
    assert_eq!(bank.held().await, 0);
}

async fn a_proposal_meets_the_customer_who_moves_or_cancels(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    for turn in 0..rounds(90) {
        let number = booked(&browser, &BOOKING).await;
        let wish = place([BRANCH, OTHER_BRANCH][turn % 2], "2026-11-26", "14:00");
        let moves = turn % 3 != 0;
        let theirs = async {
            if moves {
                is_done(&moved(bank, &customer, &number, &change(bank, 0, &[("day", "2026-11-26"), ("slot", "14:00")])).await)
            } else {
                cancel_cash(&bank.bank, &customer, &number).await.is_ok()
            }
        };
        let (told, theirs) = tokio::join!(proposed(bank, &clerk, (&number, 1), &wish), theirs);
        let state = state(bank, &number).await;
        let what = format!("round {turn}: {told:?}, {theirs}, {state}");
        // What the customer does is never dropped; proposed first, it is given back.
        assert!(theirs && state == if moves { "submitted" } else { "cancelled" }, "{what}");
        assert!(["done", "changed"].contains(&code(&told).as_str()), "{what}");
        assert_eq!(bank.count("case_proposals").await, 0, "{what}");
        end(bank, &customer, &number, &what).await;
    }
    assert_eq!(bank.held().await, 0);
}

async fn two_clerks_propose_once(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let browser = bank.signed_in("c1").await;
    let (clerk, colleague) = (as_staff(bank, "clerk").await, as_staff(bank, "colleague").await);
    for turn in 0..rounds(60) {
        let number = booked(&browser, &BOOKING).await;
        let wishes = [place(BRANCH, "2026-11-26", "14:00"), place(OTHER_BRANCH, "2026-11-27", "10:00")];
        let (one, other) =
            tokio::join!(proposed(bank, &clerk, (&number, 1), &wishes[0]), proposed(bank, &colleague, (&number, 1), &wishes[1]));
        let mut told = [code(&one), code(&other)];
        told.sort_unstable();
        assert_eq!(told, ["changed", "done"], "round {turn}");
        assert_eq!(bank.count("case_proposals").await, 1, "round {turn}");
        end(bank, &customer, &number, &format!("round {turn}")).await;
    }
    assert_eq!(bank.held().await, 0);
}

async fn a_proposal_and_a_booking_want_the_last_place(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let other = as_customer(bank, "c2").await;
    let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    let full = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) VALUES ('shiqi', '2026-11-26', '14:00', 1, 0)";
    bank.change(full).await;
    for turn in 0..rounds(60) {
        let number = booked(&browser, &BOOKING).await;
        let elsewhere = booked(&bank.signed_in("c2").await, &BookingValues { day: "2026-11-27", ..BOOKING }).await;
        let (wish, last) = (place(BRANCH, "2026-11-26", "14:00"), change(bank, 0, &[("day", "2026-11-26"), ("slot", "14:00")]));
        let (told, theirs) = tokio::join!(proposed(bank, &clerk, (&number, 1), &wish), moved(bank, &other, &elsewhere, &last));
        let what = format!("round {turn}: {told:?} {theirs:?}");
        assert_ne!(told.is_ok(), is_done(&theirs), "{what}");
        assert!(told.is_ok() || code(&told) == "proposal_slot", "{what}");
        drop(cancel_cash(&bank.bank, &other, &elsewhere).await);
        end(bank, &customer, &number, &what).await;
    }
    assert_eq!(bank.held().await, 0);
}

async fn accepting_meets_the_customers_own_booking_of_that_day(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    for turn in 0..rounds(60) {
        let number = booked(&browser, &BOOKING).await;
        let second = booked(&browser, &BookingValues { day: "2026-11-27", ..BOOKING }).await;
        proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
        // The other booking of theirs moves to the same day.
        let post = change(bank, 0, &[("day", "2026-11-26")]);
        let (told, theirs) = tokio::join!(answered(bank, &customer, &number, ACCEPT, 2), moved(bank, &customer, &second, &post));
        let what = format!("round {turn}: {told} {theirs:?}");
        assert_ne!(told, is_done(&theirs), "{what}");
        drop(cancel_cash(&bank.bank, &customer, &second).await);
        end(bank, &customer, &number, &what).await;
    }
    assert_eq!(bank.held().await, 0);
}

/// On SQLite the order is certain: the closure's commit is still running when the answer is read, and the answer's transaction
/// waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_vault_closed_just_before_it_is_accepted_is_seen_by_the_transaction() {
    let commit_delay = Duration::from_millis(400);
    let bank = TestBank::sqlite_grouping(Grouping { commit_delay, ..Grouping::default() }).await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let (customer, clerk) = (as_customer(&bank, "c1").await, as_staff(&bank, "clerk").await);
    proposed(&bank, &clerk, (&number, 1), &place(OTHER_BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    let answers = async {
        tokio::time::sleep(commit_delay / 4).await;
        answered(&bank, &customer, &number, ACCEPT, 2).await
    };
    let closing = bank.change("UPDATE branches SET cash_closed_until = '2026-11-30' WHERE id = 'dongqu'");
    let ((), told) = tokio::join!(closing, answers);
    assert!(!told, "accepted in a closed vault");
    assert_eq!(state(&bank, &number).await, "proposed");
    assert_eq!(reserved_wrongly(&bank).await, Vec::<String>::new());
}

/// The same order, with the proposal: its transaction reads whether branch and parameters are still those it was prepared with.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_vault_closed_just_before_a_place_in_it_is_proposed_is_seen_by_the_transaction() {
    let commit_delay = Duration::from_millis(400);
    let bank = TestBank::sqlite_grouping(Grouping { commit_delay, ..Grouping::default() }).await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let clerk = as_staff(&bank, "clerk").await;
    let there = place(OTHER_BRANCH, "2026-11-26", "14:00");
    let proposes = async {
        tokio::time::sleep(commit_delay / 4).await;
        proposed(&bank, &clerk, (&number, 1), &there).await
    };
    let closing = bank.change("UPDATE branches SET cash_closed_until = '2026-11-30' WHERE id = 'dongqu'");
    let ((), told) = tokio::join!(closing, proposes);
    assert_eq!(code(&told), "changed");
    assert_eq!((state(&bank, &number).await.as_str(), bank.count("case_proposals").await), ("submitted", 0));
    assert_eq!(reserved_wrongly(&bank).await, Vec::<String>::new());
}
