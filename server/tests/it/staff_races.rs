//! Staff who go at the same moment (docs/domain.md §12): whatever is approved together, two people can still administer, and an
//! administrator who has gone decides nothing.

use std::time::Duration;

use bank::kernel::database::Grouping;
use bank::worker::round;

use crate::closing_races::{held, waiting};
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::admin::{decision, id, propose, send, staff};
use crate::support::cash::{BookingValues, book, whole};
use crate::support::seed::{OTHER_BRANCH, staff_of};
use crate::support::soak::rounds;

on_both_engines!(
    of_two_administrators_who_leave_at_once_one_stays,
    who_moves_away_does_not_approve_at_the_same_moment,
    of_two_heads_who_leave_at_once_one_stays_for_the_open_case,
);

const TODAY: &str = "2026-11-23";

/// The administrators who can sign in.
async fn administrators(bank: &TestBank) -> i64 {
    let sql = "SELECT COUNT(*) FROM users WHERE role = 'administrator' AND left_on IS NULL AND password_hash <> ''";
    bank.number(sql).await
}

/// Everybody is back, with the password.
async fn back(bank: &TestBank) {
    for name in ["admin", "admin2", "third"] {
        bank.change(&format!(
            "UPDATE users SET role = 'administrator', reach = 'none', left_on = NULL, \
             password_hash = (SELECT password_hash FROM users WHERE id = 'user-clerk') WHERE id = 'user-{name}'"
        ))
        .await;
    }
    bank.change(
        "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'",
    )
    .await;
}

fn leave(name: &str) -> String {
    format!("/admin/staff/user-{name}/leave")
}

async fn of_two_administrators_who_leave_at_once_one_stays(bank: &TestBank) {
    staff_of(&bank.bank, "third", "administrator", None).await;
    let (admin, admin2) = (staff(bank, "admin").await, staff(bank, "admin2").await);
    let third = bank.signed_in("third").await;
    for _ in 0..rounds(40) {
        let first = id(&propose(&third, &leave("admin"), &[("leaves", TODAY)]).await);
        let second = id(&propose(&third, &leave("admin2"), &[("leaves", TODAY)]).await);
        // Each approves that the other leaves.
        let posts = [decision(bank, &admin2, &first, "approve").await, decision(bank, &admin, &second, "approve").await];
        let (one, two) = tokio::join!(send(bank, &admin2, &first, &posts[0]), send(bank, &admin, &second, &posts[1]));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(administrators(bank).await, 2);
        back(bank).await;
    }
}

async fn who_moves_away_does_not_approve_at_the_same_moment(bank: &TestBank) {
    for name in ["third", "fourth"] {
        staff_of(&bank.bank, name, "administrator", None).await;
    }
    let (admin, admin2) = (staff(bank, "admin").await, staff(bank, "admin2").await);
    let third = bank.signed_in("third").await;
    for _ in 0..rounds(40) {
        // Each decides that the other goes; who has gone decides nothing, although four administrators would allow both.
        let moves = [("role", "editor"), ("branch", ""), ("from", TODAY)];
        let first = id(&propose(&third, "/admin/staff/user-admin/move", &moves).await);
        let second = id(&propose(&third, &leave("admin2"), &[("leaves", TODAY)]).await);
        let posts = [decision(bank, &admin2, &first, "approve").await, decision(bank, &admin, &second, "approve").await];
        let (one, two) = tokio::join!(send(bank, &admin2, &first, &posts[0]), send(bank, &admin, &second, &posts[1]));
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let refused = [one, two].into_iter().find_map(Result::err).expect("one came too late");
        assert_eq!(refused, ["not_yours"]);
        back(bank).await;
    }
}

async fn of_two_heads_who_leave_at_once_one_stays_for_the_open_case(bank: &TestBank) {
    staff_of(&bank.bank, "head3", "branch_head", Some(OTHER_BRANCH)).await;
    let values = BookingValues { branch: OTHER_BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
    let page = book(&bank.signed_in("c1").await, &values).await;
    let number = page.case_number().expect("a booking");
    bank.change(&format!("UPDATE cases SET state = 'awaiting_approval' WHERE number = '{number}'")).await;
    let (admin, admin2) = (bank.signed_in("admin").await, staff(bank, "admin2").await);
    let first = id(&propose(&admin, &leave("head2"), &[("leaves", TODAY)]).await);
    let second = id(&propose(&admin, &leave("head3"), &[("leaves", TODAY)]).await);
    let posts = [decision(bank, &admin2, &first, "approve").await, decision(bank, &admin2, &second, "approve").await];
    let (one, two) = tokio::join!(send(bank, &admin2, &first, &posts[0]), send(bank, &admin2, &second, &posts[1]));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!([one, two].into_iter().find_map(Result::err), Some(vec!["blocked".to_owned()]));
}

const BOOKING: BookingValues<'_> =
    BookingValues { branch: OTHER_BRANCH, day: "2026-11-26", slot: "10:00", amount: "50000", notes_100: "" };

/// One clerk is left who answers at the other branch: nobody of head office does, either.
async fn with_one_clerk(bank: &TestBank) {
    bank.change("UPDATE users SET left_on = '2026-11-01' WHERE id = 'user-dispatcher'").await;
    bank.change("UPDATE users SET branch_id = 'shiqi' WHERE id = 'user-head2'").await;
}

/// A booking that has inserted its case and waits, not committed, for its half-hour; `going` starts then, and has to wait for
/// the booking. Returns what `going` did.
async fn while_booking<T>(bank: &TestBank, going: impl Future<Output = T>) -> T {
    bank.change(
        "INSERT INTO cases (number, kind, customer_id, state, version, waiting, due_at, topic, created_by, created_at, updated_at) \
                 VALUES ('QK-OTHER', 'cash', 'customer-c2', 'cancelled', 1, FALSE, 1, '', 'user-c2', 1, 1)",
    )
    .await;
    let row =
        "INSERT INTO engagements (customer_id, day, half_hour, case_number) VALUES ('customer-c1', '2026-11-26', 20, 'QK-OTHER')";
    let half_hour = held(bank, row).await;
    let visitor = bank.signed_in("c1").await;
    let booking = tokio::spawn(async move { visitor.submit(&whole("c1", &format!("{:0<26}", "c1"), &BOOKING)).await });
    waiting(bank, 1).await;
    let let_go = async {
        waiting(bank, 2).await;
        sqlx::Connection::close(half_hour).await.expect("rolled back");
    };
    let (gone, ()) = tokio::join!(going, let_go);
    let answer = booking.await.expect("an answer");
    assert!(answer.case_number().is_some(), "{}", answer.text());
    gone
}

/// The last one who answers at a branch goes while somebody books there: the case is counted although it was not committed
/// when they went. The guard is the lock of `branches::hold_reference`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_goes_waits_for_the_bookings_that_need_them() {
    let ways: [(&str, &[(&str, &str)]); 3] = [
        ("/admin/staff/user-clerk2/leave", &[("leaves", TODAY)]),
        ("/admin/staff/user-clerk2/move", &[("role", "clerk"), ("branch", "shiqi"), ("from", TODAY)]),
        ("/admin/roles/clerk", &[("permissions", "cases.see"), ("from", TODAY)]),
    ];
    for (path, fields) in ways {
        let Some(bank) = TestBank::postgres().await else { return };
        with_one_clerk(&bank).await;
        let request = id(&propose(&bank.signed_in("admin").await, path, fields).await);
        let second = staff(&bank, "admin2").await;
        let post = decision(&bank, &second, &request, "approve").await;
        let gone = while_booking(&bank, Box::pin(send(&bank, &second, &request, &post))).await;
        assert_eq!(gone, Err(vec!["blocked".to_owned()]), "{path}");
        bank.drop_database().await;
    }
    let Some(bank) = TestBank::postgres().await else { return };
    with_one_clerk(&bank).await;
    let planned = "INSERT INTO user_moves (user_id, effective_from, role, reach, branch_id) \
                   VALUES ('user-clerk2', '2026-11-23', 'clerk', 'branch', 'shiqi')";
    bank.change(planned).await;
    let done = while_booking(&bank, Box::pin(round(&bank.bank))).await.expect("a round");
    assert_eq!(done.moved, 0, "a planned move waits, too");
    bank.drop_database().await;
    let Some(bank) = TestBank::postgres().await else { return };
    with_one_clerk(&bank).await;
    bank.change("UPDATE users SET leaves_on = '2026-11-23' WHERE id = 'user-clerk2'").await;
    let done = while_booking(&bank, Box::pin(round(&bank.bank))).await.expect("a round");
    assert_eq!(done.moved, 0, "a planned leave, too");
    bank.drop_database().await;
}

/// On SQLite write transactions run one after another, also those that share a commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_goes_sees_a_booking_that_is_not_committed_yet() {
    let commit_delay = Duration::from_millis(500);
    let bank = TestBank::sqlite_grouping(Grouping { commit_delay, ..Grouping::default() }).await;
    with_one_clerk(&bank).await;
    let request = id(&propose(&bank.signed_in("admin").await, "/admin/staff/user-clerk2/leave", &[("leaves", TODAY)]).await);
    let second = staff(&bank, "admin2").await;
    let post = decision(&bank, &second, &request, "approve").await;
    let visitor = bank.signed_in("c1").await;
    let leaving = async {
        tokio::time::sleep(commit_delay / 4).await;
        send(&bank, &second, &request, &post).await
    };
    let form = whole("c1", &format!("{:0<26}", "c1"), &BOOKING);
    let (booked, left) = tokio::join!(visitor.submit(&form), leaving);
    assert!(booked.case_number().is_some(), "{}", booked.text());
    assert_eq!(left, Err(vec!["blocked".to_owned()]));
}
