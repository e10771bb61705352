//! The stored counts of the desk equal the counted cases at every time, under concurrent actions and concurrent folding of
//! pending differences.

use std::sync::atomic::{AtomicBool, Ordering};

use bank::cases::{CaseKind, QueueFilter, StateFilter, fold_counts, possible_actions, queue};
use bank::kernel::bank::Bank;
use bank::sessions::{Permission, Staff};
use bank::worker::round;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::{Workshop, act_as_staff as act, as_staff, everything};
use crate::support::soak::{rounds, seed};

/// Number of combinations of branch, kind and state whose stored and pending counts differ from the number of cases.
const WRONG: &str = "SELECT COUNT(*) FROM (SELECT branch_id, kind, state, waiting FROM ( \
    SELECT COALESCE(branch_id, '') AS branch_id, kind, state, waiting, 1 AS cases FROM cases \
    UNION ALL SELECT branch_id, kind, state, waiting, -cases FROM case_counts \
    UNION ALL SELECT branch_id, kind, state, waiting, -cases FROM case_count_changes) AS every_one \
    GROUP BY branch_id, kind, state, waiting HAVING SUM(cases) <> 0) AS wrong";

/// The same for appointments by branch and day.
const WRONG_DAYS: &str = "SELECT COUNT(*) FROM (SELECT branch_id, day, kind, state FROM ( \
    SELECT COALESCE(branch_id, '') AS branch_id, (starts_at + 28800000) / 86400000 AS day, kind, state, 1 AS cases FROM cases \
    WHERE starts_at IS NOT NULL \
    UNION ALL SELECT branch_id, day, kind, state, -cases FROM case_day_counts \
    UNION ALL SELECT branch_id, day, kind, state, -cases FROM case_count_changes WHERE day IS NOT NULL) AS every_one \
    GROUP BY branch_id, day, kind, state HAVING SUM(cases) <> 0) AS wrong";

/// Performs random actions on cases for a fixed number of turns.
async fn wander(bank: &TestBank, staff: &Staff, numbers: &[String], mut seed: u64) {
    let mut roll = move |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % sides
    };
    let scope = staff.scope(Permission::SeeCases);
    for _ in 0..numbers.len() * 2 {
        let number = &numbers[roll(numbers.len())];
        let case = bank::cases::find_for_staff(&bank.bank, &scope, number).await.expect("no failure").expect("a case");
        let possible = possible_actions(&bank.bank, staff, &case).await.expect("actions");
        if !possible.is_empty() {
            let action = possible[roll(possible.len())].action;
            // Another action may have come first.
            drop(act(&bank.bank, staff, number, action, case.version, &everything()).await);
        }
    }
}

/// Folds and compares until all actors are done.
async fn fold_and_compare(bank: &TestBank, node: &Bank, done: &AtomicBool) {
    while !done.load(Ordering::SeqCst) {
        fold_counts(node).await.expect("folded");
        assert_eq!((bank.number(WRONG).await, bank.number(WRONG_DAYS).await), (0, 0), "while everybody acts");
    }
}

async fn kept_counts_are_what_counting_gives_at_every_moment(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let other = bank.another_node().await;
    let mut numbers = Vec::new();
    for turn in 0..rounds(120) {
        let kinds: Vec<CaseKind> = CaseKind::all().collect();
        numbers.push(shop.open(kinds[turn % kinds.len()], ["50000", "60000"][turn % 2]).await.0);
    }
    assert_eq!(bank.number(WRONG).await, 0, "before the first folding");
    assert!(bank.count("case_count_changes").await > 0);
    let (done, seed) = (AtomicBool::new(false), seed(1));
    let colleague = as_staff(bank, "colleague").await;
    let everybody = async {
        tokio::join!(
            wander(bank, &shop.clerk, &numbers, seed),
            wander(bank, &shop.head, &numbers, seed + 1),
            wander(bank, &colleague, &numbers, seed + 2),
        );
        bank.set_time("2026-11-25T18:00:00+08:00");
        round(&bank.bank).await.expect("a round");
        done.store(true, Ordering::SeqCst);
    };
    tokio::join!(everybody, fold_and_compare(bank, &bank.bank, &done), fold_and_compare(bank, &other, &done));
    assert_eq!(bank.number(WRONG).await, 0, "at the end");
    let (first, second) = tokio::join!(fold_counts(&bank.bank), fold_counts(&other));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!((bank.number(WRONG).await, bank.count("case_count_changes").await), (0, 0), "everything is folded");
    assert!(bank.number(WRONG_DAYS).await == 0 && bank.count("case_day_counts").await > 0);
    // An appointment that is moved to another day, which no action does yet, is counted there.
    bank.change("UPDATE cases SET starts_at = starts_at + 86400000 WHERE kind = 'cash'").await;
    assert_eq!(bank.number(WRONG_DAYS).await, 0, "moved");
    fold_counts(&bank.bank).await.expect("folded");
    assert_eq!((bank.number(WRONG).await, bank.number(WRONG_DAYS).await), (0, 0), "moved and folded");
    let changes = bank.number("SELECT COUNT(*) FROM case_events WHERE to_state IS NOT NULL").await;
    assert!(changes > bank.count("cases").await * 3 / 2, "the walk went nowhere: {changes}");
    other.db().close().await;
}

async fn workers_at_the_same_moment_add_no_difference_twice(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let other = bank.another_node().await;
    for turn in 0..rounds(100) {
        shop.open(bank::suggestions::KIND, "").await;
        let workers = [bank.bank.clone(), other.clone(), bank.bank.clone(), other.clone()];
        let workers = workers.map(|node| tokio::spawn(async move { fold_counts(&node).await.expect("folded") }));
        let mut folded = 0;
        for worker in workers {
            folded += worker.await.expect("a worker");
        }
        assert_eq!((folded, bank.number(WRONG).await), (1, 0), "turn {turn}");
    }
    other.db().close().await;
}

async fn the_desk_shows_the_kept_counts_of_its_scope(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let (cash, suggestion) = (bank::appointments::cash::KIND, bank::suggestions::KIND);
    let (answered, _) = shop.open(suggestion, "").await;
    shop.open(suggestion, "").await;
    shop.open(cash, "50000").await;
    act(&bank.bank, &shop.clerk, &answered, "answer", 1, &everything()).await.expect("answered");
    let elsewhere = as_staff(bank, "clerk2").await;
    let dispatcher = as_staff(bank, "dispatcher").await;
    for folded in [false, true] {
        let counts = async |staff: &Staff, kind, state| {
            let filter = QueueFilter { kind, state, ..QueueFilter::default() };
            let page = queue(&bank.bank, &staff.scope(Permission::SeeCases), &filter).await.expect("a page");
            let found = |kind| page.kinds.iter().find(|(known, _)| *known == kind).map(|(_, found)| *found);
            (found(cash), found(suggestion), page.total, page.waiting)
        };
        for staff in [&shop.clerk, &dispatcher] {
            assert_eq!(counts(staff, None, StateFilter::Waiting).await, (Some(1), Some(1), 2, 2), "{folded}");
            assert_eq!(counts(staff, Some(suggestion), StateFilter::All).await, (Some(1), Some(2), 2, 2), "{folded}");
            let answered = StateFilter::Only("answered".to_owned());
            assert_eq!(counts(staff, None, answered).await, (Some(0), Some(1), 1, 2), "{folded}");
        }
        assert_eq!(counts(&elsewhere, None, StateFilter::All).await, (Some(0), Some(0), 0, 0), "{folded}");
        fold_counts(&bank.bank).await.expect("folded");
    }
}

on_both_engines!(
    kept_counts_are_what_counting_gives_at_every_moment,
    workers_at_the_same_moment_add_no_difference_twice,
    the_desk_shows_the_kept_counts_of_its_scope,
);
