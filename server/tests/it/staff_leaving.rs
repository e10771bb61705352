//! A leave that is planned for a later day is judged again on that day (docs/domain.md §12): what was nothing when it was
//! approved may hinder it. Then it waits, the person keeps the access, administrators are told, and it is carried out as soon as
//! that is settled.

use bank::kernel::database::Engine;
use bank::worker::round;

use crate::house_rules::root;
use crate::on_both_engines;
use crate::staff::{TOMORROW, act, awaits_approval, codes, done, path, signs_in};
use crate::support::TestBank;
use crate::support::admin::{check, decision, id, propose, send, staff};
use crate::support::seed::{OTHER_BRANCH, staff_of};
use crate::support::soak::rounds;

on_both_engines!(
    a_planned_leave_is_carried_out_once_on_its_day,
    one_that_is_hindered_on_its_day_waits_and_administrators_are_told,
    a_planned_leave_leaves_two_who_can_administer,
    a_leave_that_is_taken_back_as_its_day_comes_is_one_of_both,
    who_has_left_today_has_left_after_an_upgrade,
);

const PLANNED: &str = "SELECT COUNT(*) FROM users WHERE leaves_on IS NOT NULL";

async fn a_planned_leave_is_carried_out_once_on_its_day(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    done(bank, &path("clerk", "leave"), &[("leaves", TOMORROW)]).await;
    let admin = bank.signed_in("admin").await;
    let page = check(&admin, &path("clerk", "move"), &[("role", "clerk"), ("branch", "shiqi"), ("from", TOMORROW)]).await;
    assert_eq!(codes(&page), ["blocked"], "who leaves does not move on that day");
    assert!(admin.open("/admin/staff").await.text().contains("2026 年 11 月 24 日离职"));
    assert_eq!((round(&bank.bank).await.unwrap().moved, clerk.get("/desk").await.status), (0, 200));
    bank.set_time("2026-11-24T00:01:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    // Two workers carry it out once.
    let (other, mine) = (bank.another_node().await, &bank.bank);
    let (one, two) = tokio::join!(round(mine), round(&other));
    assert_eq!(one.unwrap().moved + two.unwrap().moved, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'staff_left'").await, 1);
    assert_eq!(clerk.get("/desk").await.status, 303, "signed out");
    assert!(!signs_in(bank, "clerk").await);
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE left_on = '2026-11-24' AND password_hash = ''").await, 1);
    assert_eq!((bank.number(PLANNED).await, round(&bank.bank).await.unwrap().moved), (0, 0));
    // Whoever comes back does not come back with a password of before, nor for a while.
    for day in ["2026-12-01", ""] {
        bank.change(
            "UPDATE users SET left_on = '2026-11-24', leaves_on = NULL,              password_hash = (SELECT password_hash FROM users WHERE id = 'user-clerk2') WHERE id = 'user-clerk'",
        )
        .await;
        done(bank, &path("clerk", "leave"), &[("leaves", day)]).await;
        assert!(!signs_in(bank, "clerk").await, "{day}");
    }
}

async fn one_that_is_hindered_on_its_day_waits_and_administrators_are_told(bank: &TestBank) {
    staff_of(&bank.bank, "helper", "lobby_manager", Some(OTHER_BRANCH)).await;
    done(bank, &path("head2", "leave"), &[("leaves", TOMORROW)]).await;
    assert!(!bank.signed_in("admin").await.open("/admin").await.has("#stuck"));
    let number = awaits_approval(bank).await;
    bank.set_time("2026-11-24T09:30:00+08:00");
    assert_eq!(round(&bank.bank).await.unwrap().moved, 0);
    assert!(signs_in(bank, "head2").await, "the access stays");
    let admin = bank.signed_in("admin").await;
    let index = admin.open("/admin").await;
    let told = index.words("#stuck").join("");
    assert!(told.contains("离职") && told.contains("没有生效") && told.contains("有 1 件未办结的事项"), "{told}");
    assert!(index.has("#stuck a[href='/admin/staff/user-head2']"));
    assert!(admin.open("/admin/staff").await.text().contains("离职未生效"));
    let page = admin.open("/admin/staff/user-head2").await.text();
    assert!(page.contains("离职日期已到，但没有生效") && page.contains("有 1 件未办结的事项"), "{page}");
    // Nor does another day help.
    assert_eq!(codes(&check(&admin, &path("head2", "leave"), &[("leaves", "2026-11-25")]).await), ["blocked"]);
    act(&bank.signed_in("head2").await, &number, "approve").await;
    assert_eq!(round(&bank.bank).await.unwrap().moved, 1);
    assert!(!signs_in(bank, "head2").await);
    assert!(!admin.open("/admin").await.has("#stuck"));
}

async fn a_planned_leave_leaves_two_who_can_administer(bank: &TestBank) {
    staff_of(&bank.bank, "third", "administrator", None).await;
    done(bank, &path("admin2", "leave"), &[("leaves", TOMORROW)]).await;
    let admin = bank.signed_in("admin").await;
    let page = check(&admin, &path("third", "leave"), &[("leaves", "2026-11-23")]).await;
    assert_eq!(codes(&page), ["blocked"], "who will leave counts as gone already");
    // Something else has taken an administrator meanwhile.
    bank.change("UPDATE users SET left_on = '2026-11-23' WHERE id = 'user-third'").await;
    bank.set_time("2026-11-24T09:30:00+08:00");
    assert_eq!(round(&bank.bank).await.unwrap().moved, 0);
    let told = bank.signed_in("admin").await.open("/admin").await.words("#stuck").join("");
    assert!(told.contains("至少要有 2 人"), "{told}");
    // They take it back together.
    done(bank, &path("admin2", "leave"), &[("leaves", "")]).await;
    assert_eq!((bank.number(PLANNED).await, round(&bank.bank).await.unwrap().moved), (0, 0));
    assert!(signs_in(bank, "admin2").await && !bank.signed_in("admin").await.open("/admin").await.has("#stuck"));
}

async fn a_leave_that_is_taken_back_as_its_day_comes_is_one_of_both(bank: &TestBank) {
    let second = staff(bank, "admin2").await;
    let node = bank.another_node().await;
    for turn in 0..rounds(20) {
        bank.change("UPDATE users SET left_on = NULL, leaves_on = '2026-11-23' WHERE id = 'user-clerk'").await;
        bank.change(
            "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = 'user-clerk2') WHERE id = 'user-clerk'",
        )
        .await;
        let request = id(&propose(&bank.signed_in("admin").await, &path("clerk", "leave"), &[("leaves", "")]).await);
        let post = decision(bank, &second, &request, "approve").await;
        let (back, left) = tokio::join!(send(bank, &second, &request, &post), round(&node));
        let left = left.unwrap().moved;
        match (&back, left) {
            (Ok(()), 0) => {}
            (Err(why), 1) => assert!(["outdated", "preview_changed"].contains(&why[0].as_str()), "{why:?}"),
            other => panic!("{turn}: {other:?}"),
        }
        assert_eq!(signs_in(bank, "clerk").await, left == 0, "{turn}");
        assert_eq!(bank.number(PLANNED).await, 0, "{turn}");
        bank.change(
            "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'",
        )
        .await;
    }
}

/// For the first eight hours of its day the bank is one day ahead of UTC, and migration 0076 made a plan of a leave of that day.
async fn who_has_left_today_has_left_after_an_upgrade(bank: &TestBank) {
    // A leave of yesterday is hindered, one of tomorrow is planned.
    for (name, leaves) in [("clerk", "2026-11-22"), ("clerk2", "2026-11-23"), ("head2", "2026-11-24")] {
        bank.change(&format!("UPDATE users SET leaves_on = '{leaves}' WHERE id = 'user-{name}'")).await;
    }
    let (engine, clock, time) = match bank.bank.db().engine() {
        Engine::Sqlite => ("sqlite", "'now'", "'{}'"),
        Engine::Postgres => ("postgres", "CURRENT_TIMESTAMP", "TIMESTAMPTZ '{}+00'"),
    };
    let path = root().join(format!("app/bank/migrations/{engine}/0077_leaves_of_today.sql"));
    let migration = std::fs::read_to_string(path).expect("a migration");
    assert_eq!(migration.matches(clock).count(), 2);
    // At noon of the bank's day, then at one in the morning.
    for (utc, left) in [("2026-11-23 04:00:00", 0), ("2026-11-22 17:00:00", 1)] {
        bank.change(&migration.replace(clock, &time.replace("{}", utc))).await;
        let clerk2 = "SELECT COUNT(*) FROM users WHERE id = 'user-clerk2' AND left_on = '2026-11-23' AND leaves_on IS NULL";
        assert_eq!((bank.number(clerk2).await, bank.number(PLANNED).await), (left, 3 - left), "{utc}");
    }
}
