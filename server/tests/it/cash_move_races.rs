//! A customer moves a booking while others act on it, take its new place, or close its branch (docs/domain.md §3.5). Whatever comes first,
//! capacity is what live bookings hold. The guards are the row lock of the case, the number of moves, `records::swap` and `cases::lock_holder`.

use std::time::Duration;

use bank::appointments::cash::{cancel_cash, move_cash};
use bank::kernel::database::Grouping;
use bank::kernel::forms::SubmitOutcome;
use bank::sessions::{Customer, CustomerKind};
use bank::worker::round;

use crate::cash_moves::{BOOKING, booked, change, code, is_done, moved};
use crate::cash_walk::reserved_wrongly;
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::cash::BookingValues;
use crate::support::kinds::{act_as_staff, as_customer, as_staff, everything};
use crate::support::seed::{BRANCH, OTHER_BRANCH, customer, parameter, unbounded};
use crate::support::soak::rounds;

on_both_engines!(
    moving_meets_a_cancel_a_confirm_and_a_decline,
    moving_meets_the_time_out,
    two_tabs_move_it_once,
    a_press_repeated_is_one_move,
    bookings_change_places_without_a_deadlock,
    the_last_places_go_to_as_many_as_fit,
);

/// Quotas do not end, and one may move until the slot begins.
async fn customer_of(bank: &TestBank) -> Customer {
    for name in ["cases_day_max", "cases_open_max", "cash_slot_places", "cash_cancel_grace_minutes"] {
        unbounded(bank, name, "100000").await;
    }
    as_customer(bank, "c1").await
}

async fn state(bank: &TestBank, number: &str) -> String {
    let mut conn = bank.bank.read().await.expect("a connection");
    let sql = "SELECT state FROM cases WHERE number = $1";
    let (state,): (String,) = conn.fetch_one(sql, bank::args![number]).await.expect("a case");
    state
}

async fn moving_meets_a_cancel_a_confirm_and_a_decline(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let (browser, clerk) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    for turn in 0..rounds(90) {
        let number = booked(&browser, &BOOKING).await;
        let post = change(bank, 0, &[("day", "2026-11-26"), ("slot", ["10:00", "14:00"][turn % 2])]);
        let against = ["cancel", "confirm", "decline"][turn % 3];
        let other = async {
            if against == "cancel" {
                cancel_cash(&bank.bank, &customer, &number).await.is_ok()
            } else {
                act_as_staff(&bank.bank, &clerk, &number, against, 1, &everything()).await.is_ok()
            }
        };
        let (told, other) = tokio::join!(moved(bank, &customer, &number, &post), other);
        let state = state(bank, &number).await;
        let what = format!("round {turn}: {told:?}, {against} {other}, {state}");
        match against {
            "cancel" => assert!(other && state == "cancelled", "a cancellation is never dropped: {what}"),
            // Confirmed first, it is moved all the same; moved first, the confirmation was about an outdated page.
            "confirm" => assert!(is_done(&told) && state == "submitted", "{what}"),
            _ => assert_eq!((is_done(&told), state == "declined"), (!other, other), "{what}"),
        }
        assert!(is_done(&told) || code(&told) == "move_over", "{what}");
        assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new(), "{what}");
        drop(cancel_cash(&bank.bank, &customer, &number).await);
    }
    assert_eq!(bank.held().await, 0);
}

async fn moving_meets_the_time_out(bank: &TestBank) {
    let customer = customer_of(bank).await;
    for turn in 0..rounds(40) {
        bank.set_time("2026-11-23T10:00:00+08:00");
        let booked = crate::company_approver::booked(bank, &customer, "2026-11-25").await;
        let SubmitOutcome::Case { number, .. } = booked else { panic!("{booked:?}") };
        bank.set_time("2026-11-25T13:00:00+08:00");
        let post = change(bank, 0, &[("day", "2026-11-27")]);
        let late = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(turn % 4).unwrap_or(0))).await;
            round(&bank.bank).await.expect("a round")
        };
        let (told, _) = tokio::join!(moved(bank, &customer, &number, &post), late);
        let state = state(bank, &number).await;
        let what = format!("round {turn}: {told:?} {state}");
        assert_eq!(state, if is_done(&told) { "submitted" } else { "timed_out" }, "{what}");
        // What was moved is looked at again at its new time, not at the old one.
        assert_eq!(round(&bank.bank).await.expect("a round").acted, 0, "{what}");
        assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new(), "{what}");
        drop(cancel_cash(&bank.bank, &customer, &number).await);
    }
    assert_eq!(bank.held().await, 0);
}

async fn two_tabs_move_it_once(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let browser = bank.signed_in("c1").await;
    for turn in 0..rounds(60) {
        let number = booked(&browser, &BOOKING).await;
        let posts = [change(bank, 0, &[("day", "2026-11-26")]), change(bank, 0, &[("slot", "14:00"), ("remark", "第二个页面")])];
        let (first, second) =
            tokio::join!(moved(bank, &customer, &number, &posts[0]), moved(bank, &customer, &number, &posts[1]));
        let mut told = [code(&first), code(&second)];
        told.sort_unstable();
        assert_eq!(told, ["done", "moved"], "round {turn}");
        assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new(), "round {turn}");
        drop(cancel_cash(&bank.bank, &customer, &number).await);
    }
    assert_eq!(bank.held().await, 0);
}

async fn a_press_repeated_is_one_move(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let post = change(bank, 0, &[("day", "2026-11-26")]);
    let pressed = (0..20).map(|_| {
        let (bank, customer, number, post) = (bank.bank.clone(), customer.clone(), number.clone(), post.clone());
        tokio::spawn(async move { move_cash(&bank, &customer, &number, &post).await.expect("no failure") })
    });
    for pressed in pressed.collect::<Vec<_>>() {
        let told = pressed.await.expect("an answer");
        assert!(is_done(&told), "{told:?}");
    }
    assert_eq!(bank.number("SELECT moves FROM cash_appointments").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'move'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_moved'").await, 1);
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new());
}

/// Two bookings that move into each other's place, to and fro; each place is in another branch or on another day.
async fn bookings_change_places_without_a_deadlock(bank: &TestBank) {
    let first = customer_of(bank).await;
    let second = as_customer(bank, "c2").await;
    let places = [(BRANCH, "2026-11-25", "10:00"), (OTHER_BRANCH, "2026-11-26", "11:00")];
    let at = |place: usize| {
        let (branch, day, slot) = places[place % 2];
        [("branch", branch), ("day", day), ("slot", slot)]
    };
    let numbers = [
        booked(&bank.signed_in("c1").await, &BOOKING).await,
        booked(
            &bank.signed_in("c2").await,
            &BookingValues { branch: OTHER_BRANCH, day: places[1].1, slot: places[1].2, ..BOOKING },
        )
        .await,
    ];
    for turn in 0..rounds(60) {
        let moves = i64::try_from(turn).expect("a count");
        let posts = [change(bank, moves, &at(turn + 1)), change(bank, moves, &at(turn))];
        let (one, other) =
            tokio::join!(moved(bank, &first, &numbers[0], &posts[0]), moved(bank, &second, &numbers[1], &posts[1]));
        assert_eq!((code(&one), code(&other)), ("done", "done"), "round {turn}");
        assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new(), "round {turn}");
    }
}

async fn the_last_places_go_to_as_many_as_fit(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "8").await;
    let mut people = Vec::new();
    for place in 0..8 {
        let name = format!("m{place}");
        customer(&bank.bank, &name, CustomerKind::Personal).await;
        let number = booked(&bank.signed_in(&name).await, &BOOKING).await;
        people.push((as_customer(bank, &name).await, number));
    }
    // The day they move to has fewer places.
    bank.change(
        "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) VALUES ('shiqi', '2026-11-26', '10:00', 3, 0)",
    )
    .await;
    let sent = people.into_iter().map(|(customer, number)| {
        let (bank, post) = (bank.bank.clone(), change(bank, 0, &[("day", "2026-11-26")]));
        tokio::spawn(async move { move_cash(&bank, &customer, &number, &post).await.expect("no failure") })
    });
    let mut told = Vec::new();
    for sent in sent.collect::<Vec<_>>() {
        told.push(sent.await.expect("an answer"));
    }
    let count = |what| told.iter().filter(|told| code(told) == what).count();
    assert_eq!((count("done"), count("slot_full")), (3, 5), "{told:?}");
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new());
}

/// On SQLite the order is certain: the closure's commit is still running when the move is validated, and the move's transaction waits
/// for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_vault_closed_after_the_validation_is_seen_by_the_transaction() {
    let commit_delay = Duration::from_millis(400);
    let bank = TestBank::sqlite_grouping(Grouping { commit_delay, ..Grouping::default() }).await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let customer = as_customer(&bank, "c1").await;
    let post = change(&bank, 0, &[("branch", OTHER_BRANCH)]);
    let posts = async {
        tokio::time::sleep(commit_delay / 4).await;
        moved(&bank, &customer, &number, &post).await
    };
    let closing = bank.change("UPDATE branches SET cash_closed_until = '2026-11-26' WHERE id = 'dongqu'");
    let ((), told) = tokio::join!(closing, posts);
    assert_eq!(code(&told), "branch_closed", "{told:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE branch_id = 'shiqi' AND moves = 0").await, 1);
    assert_eq!(reserved_wrongly(&bank).await, Vec::<String>::new());
}
