//! Calendar, branches and parameters are cached in every process and never stale: the first read after a commit sees the
//! change, on every node and whatever process or statement made it. A request reads them once. Both engines.

use std::process::{Command, Stdio};

use bank::appointments::cash::CashParameters;
use bank::branches::{one_request, reference};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use scoped_futures::ScopedFutureExt;
use tokio::sync::watch;

use crate::on_both_engines;
use crate::support::seed::{BRANCH, branch_parameter, parameter};
use crate::support::{Browser, TestBank};

async fn minimum(bank: &Bank) -> i64 {
    let reference = reference(bank).await.expect("a reference");
    reference.parameters::<CashParameters>(BRANCH, bank.now().day()).cash_minimum.yuan()
}

async fn a_change_on_one_node_is_seen_on_the_other(bank: &TestBank) {
    let other = bank.another_node().await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (50_000, 50_000));
    parameter(&bank.bank, "cash_minimum", "60000").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (60_000, 60_000));
    branch_parameter(&other, BRANCH, "cash_minimum", "70000").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (70_000, 70_000));
    // Every kind of statement, and each of the tables.
    bank.change("UPDATE parameters SET value = '80000' WHERE branch_id <> ''").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (80_000, 80_000));
    bank.change("DELETE FROM parameters").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (50_000, 50_000));
    for (change, seen) in [
        ("UPDATE branches SET phone = '0760-0000 9999' WHERE id = 'shiqi'", "0760-0000 9999"),
        ("UPDATE branch_hours SET spans = '08:00-09:00' WHERE branch_id = 'shiqi' AND weekday = 2", "8"),
        ("DELETE FROM branch_hours WHERE branch_id = 'shiqi' AND weekday = 1", "[]"),
        ("INSERT INTO branch_closures (branch_id, day, reason) VALUES ('shiqi', '2026-12-23', '停电')", "停电"),
        ("UPDATE branch_closures SET reason = '停水'", "停水"),
        ("DELETE FROM branch_closures", "closed: []"),
        ("INSERT INTO calendar_days (day, kind, name) VALUES ('2026-12-24', 'closed', '临时停业')", "false"),
        ("UPDATE calendar_days SET kind = 'open' WHERE day = '2026-12-24'", "true"),
    ] {
        let said = |seen: &bank::branches::Reference| {
            let branch = seen.branch(BRANCH).expect("a branch");
            let working = seen.calendar.is_working("2026-12-24".parse().expect("a day"));
            format!("{} {:?} {working}", branch.phone, branch.hours)
        };
        let before = reference(&other).await.expect("a reference");
        bank.change(change).await;
        let after = reference(&other).await.expect("a reference");
        assert!(said(&after) != said(&before) && said(&after).contains(seen), "{change}: {}", said(&after));
    }
    other.db().close().await;
}

async fn a_page_of_one_node_shows_what_was_changed_on_another(bank: &TestBank) {
    let (_stop, stopping) = watch::channel(false);
    let other = bank.another_node().await;
    let admin = Browser::new(&bank.serve(other, stopping).await);
    admin.sign_in("admin").await;
    for minimum in ["60000", "70000"] {
        parameter(&bank.bank, "cash_minimum", minimum).await;
        let amount = format!("{},000", &minimum[..2]);
        let page = admin.open("/settings").await.text();
        assert!(page.contains(minimum) || page.contains(&amount), "{minimum} is not on the page");
    }
}

async fn a_change_that_is_rolled_back_is_never_seen(bank: &TestBank) {
    assert_eq!(minimum(&bank.bank).await, 50_000);
    let undone = bank.bank.write::<(), (), _>("undone", |tx| {
        async move {
            let since = "2020-01-01".parse().expect("a day");
            bank::branches::insert_parameter(tx, "cash_minimum", "", since, "60000").await?;
            Err(Rejected::Refused(()))
        }
        .scope_boxed()
    });
    assert!(undone.await.is_err());
    assert_eq!(minimum(&bank.bank).await, 50_000);
    // A version that was rolled back is assigned again: it must not match the cached one.
    parameter(&bank.bank, "cash_minimum", "70000").await;
    assert_eq!(minimum(&bank.bank).await, 70_000);
}

async fn a_request_decides_everything_by_what_it_read_first(bank: &TestBank) {
    let within = one_request(async {
        let first = minimum(&bank.bank).await;
        parameter(&bank.bank, "cash_minimum", "60000").await;
        (first, minimum(&bank.bank).await)
    });
    assert_eq!(within.await, (50_000, 50_000));
    assert_eq!(one_request(minimum(&bank.bank)).await, 60_000);
}

async fn a_request_reads_the_session_with_the_version(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    admin.open("/settings").await;
    let before = bank.bank.db().counted();
    admin.open("/settings").await;
    let after = bank.bank.db().counted();
    assert_eq!((after.reads - before.reads, after.writes - before.writes), (1, 0));
}

on_both_engines!(
    a_change_on_one_node_is_seen_on_the_other,
    a_page_of_one_node_shows_what_was_changed_on_another,
    a_change_that_is_rolled_back_is_never_seen,
    a_request_decides_everything_by_what_it_read_first,
    a_request_reads_the_session_with_the_version,
);
/// A bank loaded by another process.
mod blank {
    use super::*;

    async fn a_change_of_another_process_is_seen(bank: &TestBank) {
        assert!(reference(&bank.bank).await.expect("a reference").branches.is_empty());
        let folder = tempfile::tempdir().expect("a folder");
        let mut demo = Command::new(env!("CARGO_BIN_EXE_lobby"));
        demo.args(["demo", "--now", "2026-11-23T10:00:00+08:00"]).current_dir(folder.path());
        demo.env("LOBBY_DATA", folder.path()).env("LOBBY_DATABASE", bank.database());
        let loaded = demo.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("lobby demo");
        assert!(loaded.success());
        assert!(!reference(&bank.bank).await.expect("a reference").branches.is_empty());
    }

    on_both_engines!(blank: a_change_of_another_process_is_seen);
}
