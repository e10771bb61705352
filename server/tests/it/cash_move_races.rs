//! A customer moves a booking while others act on it, take its new place, or close its branch (docs/domain.md §3.5). The guards are
//! the row lock of the case, the number of moves, `records::swap` and `cases::lock_holder`.

use std::time::Duration;

use bank::appointments::cash::{CashRefusal, answer_for_company, cancel_cash, move_cash};
use bank::cases::DeskRefusal;
use bank::kernel::database::Grouping;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::SubmitOutcome;
use bank::sessions::{Customer, CustomerKind};
use bank::worker::round;
use sqlx::{AssertSqlSafe, Connection as _};

use crate::cash_moves::{BOOKING, booked, change, code, is_done, moved};
use crate::cash_walk::reserved_wrongly;
use crate::closing_races::{held, waiting};
use crate::company_approver::{self, company, press};
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::admin::check;
use crate::support::cash::BookingValues;
use crate::support::kinds::{act_as_staff, as_customer, as_staff, everything};
use crate::support::seed::{BRANCH, OTHER_BRANCH, customer, parameter, unbounded};
use crate::support::soak::rounds;

on_both_engines!(
    moving_meets_a_cancel_a_confirm_and_a_decline,
    moving_meets_an_approval_the_cash_made_ready_and_an_arrival,
    moving_meets_the_companys_approver,
    moving_meets_the_closure_of_its_new_day,
    moving_meets_a_booking_of_its_customer,
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

/// Every change has its version and its entry, every move its message, and what is reserved is what live bookings hold; the state.
async fn settled(bank: &TestBank, number: &str, what: &str) -> String {
    let of = |sql: &str| AssertSqlSafe(sql.replace("NUMBER", &format!("'{number}'")));
    let changes = bank.number(of("SELECT COUNT(*) FROM case_events WHERE case_number = NUMBER AND to_state IS NOT NULL")).await;
    assert_eq!(changes, bank.number(of("SELECT version FROM cases WHERE number = NUMBER")).await, "{what}");
    let moves = bank.number(of("SELECT moves FROM cash_appointments WHERE case_number = NUMBER")).await;
    let told = "SELECT COUNT(*) FROM case_events WHERE case_number = NUMBER AND action = 'move'";
    assert_eq!(bank.number(of(told)).await, moves, "{what}");
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new(), "{what}");
    state(bank, number).await
}

/// What staff have done first stands, or they are told that the booking has changed.
async fn moving_meets_an_approval_the_cash_made_ready_and_an_arrival(bank: &TestBank) {
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let customer = customer_of(bank).await;
    let (browser, clerk, head) = (bank.signed_in("c1").await, as_staff(bank, "clerk").await, as_staff(bank, "head").await);
    for turn in 0..rounds(90) {
        let number = booked(&browser, &BOOKING).await;
        let against = ["approve", "prepare", "arrive"][turn % 3];
        act_as_staff(&bank.bank, &clerk, &number, "confirm", 1, &everything()).await.expect("confirmed");
        let mut version = 2;
        if against != "approve" {
            act_as_staff(&bank.bank, &head, &number, "approve", 2, &everything()).await.expect("approved");
            version = 3;
        }
        let post = change(bank, 0, &[("day", "2026-11-26"), ("slot", ["10:00", "14:00"][turn % 2])]);
        let other = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(turn % 4).unwrap_or(0) * 2)).await;
            act_as_staff(&bank.bank, &head, &number, against, version, &everything()).await
        };
        let (told, other) = tokio::join!(moved(bank, &customer, &number, &post), other);
        let what = format!("round {turn}: {told:?}, {against} {other:?}");
        let state = settled(bank, &number, &what).await;
        let outdated = matches!(&other, Err(Rejected::Refused(refusals)) if *refusals == [DeskRefusal::Changed]);
        assert!(other.is_ok() || outdated, "{what}");
        // Approved first, it is moved all the same and approved again.
        let expected = match against {
            "prepare" if other.is_ok() => ("move_over", "prepared"),
            "arrive" if other.is_ok() => ("move_over", "arrived"),
            _ => ("done", "submitted"),
        };
        assert_eq!((code(&told), &*state), expected, "{what}");
        let sql = AssertSqlSafe(format!("SELECT version FROM cases WHERE number = '{number}'"));
        let version = bank.number(sql).await;
        act_as_staff(&bank.bank, &head, &number, "cancel", version, &everything()).await.expect("cancelled");
    }
    assert_eq!(bank.held().await, 0);
}

/// The approver has agreed to the old values, and is asked again, or is told that there are others.
async fn moving_meets_the_companys_approver(bank: &TestBank) {
    customer_of(bank).await;
    company(bank).await;
    let (operator, approver) = (as_customer(bank, "k1").await, as_customer(bank, "k1a").await);
    for turn in 0..rounds(60) {
        let made = company_approver::booked(bank, &operator, "2026-11-25").await;
        let SubmitOutcome::Case { number, .. } = made else { panic!("{made:?}") };
        let agrees = turn % 2 == 0;
        let post = change(bank, 0, &[("day", "2026-11-26")]);
        let answer = press(bank, if agrees { "company_approve" } else { "company_refuse" }, "");
        let answering = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(turn % 4).unwrap_or(0) * 2)).await;
            answer_for_company(&bank.bank, &approver, &number, &answer).await.expect("no failure")
        };
        let (told, answered) = tokio::join!(moved(bank, &operator, &number, &post), answering);
        let what = format!("round {turn}: {told:?} {answered:?}");
        let state = settled(bank, &number, &what).await;
        let counted = match &answered {
            SubmitOutcome::Case { .. } => true,
            SubmitOutcome::Refused(not_done) => {
                assert_eq!(not_done.refusals, [DeskRefusal::Changed], "{what}");
                false
            }
            other => panic!("{other:?}"),
        };
        if counted && !agrees {
            assert_eq!((code(&told), &*state), ("move_over", "cancelled"), "{what}");
        } else {
            assert!(is_done(&told) && state == "awaiting_company_approver", "{what} {state}");
        }
        let sql = format!("SELECT COUNT(*) FROM case_clocks WHERE case_number = '{number}'");
        assert_eq!(bank.number(AssertSqlSafe(sql)).await, 0, "the bank is not asked: {what}");
        drop(cancel_cash(&bank.bank, &operator, &number).await);
    }
    assert_eq!(bank.held().await, 0);
}

/// A day is closed with as many bookings as its preview counted, and nothing is moved to a day that is closed.
async fn moving_meets_the_closure_of_its_new_day(bank: &TestBank) {
    let customer = customer_of(bank).await;
    let (browser, admin) = (bank.signed_in("c1").await, bank.signed_in("admin").await);
    for turn in 0..rounds(40) {
        let number = booked(&browser, &BOOKING).await;
        let fields = [("date", "2026-11-26"), ("kind", "closed"), ("why", "线路检修")];
        let preview = check(&admin, "/admin/branches/dongqu/closure", &fields).await;
        let form = preview.form().with("do", "submit");
        let post = change(bank, 0, &[("branch", OTHER_BRANCH), ("day", "2026-11-26")]);
        let moving = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(turn % 8).unwrap_or(0) * 3)).await;
            moved(bank, &customer, &number, &post).await
        };
        let (page, told) = tokio::join!(admin.submit(&form), moving);
        let what = format!("round {turn}: {told:?} {:?}", page.refusals());
        let there = bank.number("SELECT COUNT(*) FROM cash_appointments WHERE live AND branch_id = 'dongqu'").await;
        if page.is_applied() {
            assert_eq!((code(&told), there), ("branch_closed", 0), "{what}");
        } else {
            let codes: Vec<_> = page.refusals().into_iter().map(|(code, _)| code).collect();
            assert_eq!((codes, code(&told), there), (vec!["preview_changed".to_owned()], "done", 1), "{what}");
        }
        assert_eq!(settled(bank, &number, &what).await, "submitted", "{what}");
        drop(cancel_cash(&bank.bank, &customer, &number).await);
        bank.change("DELETE FROM branch_closures").await;
    }
}

/// Both want the same day of the customer, or both together are more than one customer may have booked: one of them is refused.
async fn moving_meets_a_booking_of_its_customer(bank: &TestBank) {
    let customer = customer_of(bank).await;
    parameter(&bank.bank, "cash_open_max", "125000").await;
    let browser = bank.signed_in("c1").await;
    for turn in 0..rounds(60) {
        let number = booked(&browser, &BOOKING).await;
        let same_day = turn % 2 == 0;
        let (fields, day, why): (&[(&str, &str)], _, _) = if same_day {
            (&[("day", "2026-11-26")], "2026-11-26", "day_taken")
        } else {
            (&[("amount", "70000"), ("notes_100", "700")], "2026-11-27", "open_cash")
        };
        let post = change(bank, 0, fields);
        let (told, made) = tokio::join!(moved(bank, &customer, &number, &post), company_approver::booked(bank, &customer, day));
        let what = format!("round {turn}: {told:?} {made:?}");
        match &made {
            SubmitOutcome::Case { number: second, .. } => {
                assert_eq!(code(&told), why, "{what}");
                cancel_cash(&bank.bank, &customer, second).await.expect("cancelled");
            }
            refused => assert_eq!((code(&told), code(refused)), ("done", why), "{what}"),
        }
        assert_eq!(settled(bank, &number, &what).await, "submitted", "{what}");
        cancel_cash(&bank.bank, &customer, &number).await.expect("cancelled");
    }
    assert_eq!(bank.held().await, 0);
}

async fn moving_meets_the_time_out(bank: &TestBank) {
    let customer = customer_of(bank).await;
    for turn in 0..rounds(40) {
        bank.set_time("2026-11-23T10:00:00+08:00");
        let booked = company_approver::booked(bank, &customer, "2026-11-25").await;
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
    assert_eq!(bank.bank.db().counted().reruns, 0, "a deadlock makes one of them run again");
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

/// The closure is committed between the move's validation and its comparison: certain on SQLite by a slow commit, on PostgreSQL by a
/// row for which the move has to wait.
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
    ensure_stayed(&bank, &told).await;

    let Some(bank) = TestBank::postgres().await else { return };
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let customer = as_customer(&bank, "c1").await;
    let post = change(&bank, 0, &[("branch", OTHER_BRANCH)]);
    let row = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) VALUES ('dongqu', '2026-11-25', '10:00', 4, 1)";
    let row = held(&bank, row).await;
    let closing = async {
        waiting(&bank, 1).await;
        bank.change("UPDATE branches SET cash_closed_until = '2026-11-26' WHERE id = 'dongqu'").await;
        row.close().await.expect("rolled back");
    };
    let (told, ()) = tokio::join!(moved(&bank, &customer, &number, &post), closing);
    ensure_stayed(&bank, &told).await;
    bank.drop_database().await;
}

async fn ensure_stayed(bank: &TestBank, told: &SubmitOutcome<CashRefusal>) {
    assert_eq!(code(told), "branch_closed", "{told:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE branch_id = 'shiqi' AND moves = 0").await, 1);
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new());
}
