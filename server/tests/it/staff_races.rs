//! Staff who go at the same moment (docs/domain.md §12): whatever is approved together, two people can still administer, and an
//! administrator who has gone decides nothing.

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::admin::{decision, id, propose, send, staff};
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
    let values = crate::support::cash::BookingValues {
        branch: OTHER_BRANCH,
        day: "2026-11-26",
        slot: "10:00",
        amount: "60000",
        notes_100: "",
    };
    let page = crate::support::cash::book(&bank.signed_in("c1").await, &values).await;
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
