//! Changes of administration take their turn (docs/domain.md §12): each is judged on what the one before it has committed, also
//! when it is applied without a second administrator, by the worker, or by an import. The guard is the row of
//! `administration::take_turn`; a transaction that holds it here stands for the change before.

use bank::kernel::failure::Rejected;
use bank::kernel::forms::fresh_key;
use bank::sessions::{LinkRefusal, hand_out_link};
use bank::worker::round;
use sqlx::{Executor as _, PgConnection};

use crate::closing_races::{held, waiting};
use crate::on_both_engines;
use crate::staff_entries::imported;
use crate::support::TestBank;
use crate::support::admin::{check, staff};
use crate::support::seed::staff_of;

on_both_engines!(who_may_no_longer_manage_staff_hands_out_no_link);

/// Commits the change before as soon as the next one waits for it.
async fn commits(bank: &TestBank, mut before: PgConnection) {
    waiting(bank, 1).await;
    before.execute("COMMIT").await.expect("committed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_name_is_not_changed_over_another_one_that_nobody_saw() {
    let Some(bank) = TestBank::postgres().await else { return };
    let admin = bank.signed_in("admin").await;
    let form = check(&admin, "/admin/staff/user-clerk/name", &[("name", "陈美玲")]).await.form().with("do", "submit");
    let before = "UPDATE change_turn SET turn = turn + 1 WHERE id = 1; UPDATE users SET name = '陈美琳' WHERE id = 'user-clerk'";
    let before = held(&bank, before).await;
    let (page, ()) = tokio::join!(admin.submit(&form), commits(&bank, before));
    let codes: Vec<_> = page.refusals().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["preview_changed"], "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE name = '陈美琳'").await, 1);
    bank.drop_database().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_planned_move_leaves_two_administrators_after_a_reset_at_the_same_moment() {
    let Some(bank) = TestBank::postgres().await else { return };
    staff_of(&bank.bank, "third", "administrator", None).await;
    let planned =
        "INSERT INTO user_moves (user_id, effective_from, role, reach) VALUES ('user-admin2', '2026-11-23', 'editor', 'none')";
    bank.change(planned).await;
    let before =
        "UPDATE change_turn SET turn = turn + 1 WHERE id = 1; UPDATE users SET password_hash = '' WHERE id = 'user-third'";
    let before = held(&bank, before).await;
    let (done, ()) = tokio::join!(round(&bank.bank), commits(&bank, before));
    assert_eq!(done.expect("a round").moved, 0);
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE role = 'administrator' AND password_hash <> ''").await, 2);
    bank.drop_database().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_planned_leave_leaves_two_administrators_after_a_reset_at_the_same_moment() {
    let Some(bank) = TestBank::postgres().await else { return };
    staff_of(&bank.bank, "third", "administrator", None).await;
    bank.change("UPDATE users SET leaves_on = '2026-11-23' WHERE id = 'user-admin2'").await;
    let before =
        "UPDATE change_turn SET turn = turn + 1 WHERE id = 1; UPDATE users SET password_hash = '' WHERE id = 'user-third'";
    let before = held(&bank, before).await;
    let (done, ()) = tokio::join!(round(&bank.bank), commits(&bank, before));
    assert_eq!(done.expect("a round").moved, 0);
    let stay = "SELECT COUNT(*) FROM users WHERE role = 'administrator' AND password_hash <> '' AND left_on IS NULL";
    assert_eq!(bank.number(stay).await, 2);
    bank.drop_database().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_changes_the_person_who_joins_at_the_same_moment() {
    let Some(bank) = TestBank::postgres().await else { return };
    let before = "UPDATE change_turn SET turn = turn + 1 WHERE id = 1; \
                  INSERT INTO users (id, sign_in_name, password_hash, role, reach, name, branch_id) \
                  VALUES ('user-linxy', 'linxy', '', 'clerk', 'branch', '林小雨', 'dongqu')";
    let before = held(&bank, before).await;
    let (put, ()) = tokio::join!(imported(&bank, "linxy,林晓雨,lobby_manager,shiqi\n"), commits(&bank, before));
    let put = put.expect("imported");
    assert_eq!((put.inserted, put.changed), (0, 1));
    bank.drop_database().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_loses_the_permission_at_the_same_moment_changes_nothing() {
    let Some(bank) = TestBank::postgres().await else { return };
    let admin = bank.signed_in("admin").await;
    let form = check(&admin, "/admin/staff/user-clerk/name", &[("name", "陈美玲")]).await.form().with("do", "submit");
    let before = "UPDATE change_turn SET turn = turn + 1 WHERE id = 1; \
                  UPDATE users SET role = 'editor', reach = 'none' WHERE id = 'user-admin'";
    let before = held(&bank, before).await;
    let (_, ()) = tokio::join!(admin.submit(&form), commits(&bank, before));
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE name = '陈美玲'").await, 0);
    bank.drop_database().await;
}

/// The request has read its session before the permission ended.
async fn who_may_no_longer_manage_staff_hands_out_no_link(bank: &TestBank) {
    let admin = staff(bank, "admin").await;
    bank.change("UPDATE users SET password_hash = '' WHERE id = 'user-clerk'").await;
    bank.change("UPDATE users SET role = 'editor', reach = 'none' WHERE id = 'user-admin'").await;
    let refused = hand_out_link(&bank.bank, &admin, "user-clerk", &fresh_key(&bank.bank).expect("a key")).await;
    assert!(matches!(refused, Err(Rejected::Refused(LinkRefusal::NotFound))), "{refused:?}");
    assert_eq!(bank.count("activations").await, 0);
}
