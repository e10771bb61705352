//! `lobby demo --cases`: a generated history is what its operations would have left, the same for a seed, and complete after an
//! interruption.

use bank::cases::CaseKind;
use bank::kernel::check::examine;
use bank::worker::round;
use server::commands::demo;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(blank: a_history_is_what_the_operations_would_have_left, the_same_seed_gives_the_same_history);

/// Cases of the histories.
const CASES: u32 = 400;

/// Each finds nothing in a consistent bank.
const NOTHING: [&str; 16] = [
    // Counts.
    "(SELECT branch_id, kind, state, waiting FROM (SELECT COALESCE(branch_id, '') AS branch_id, kind, state, waiting, 1 AS cases \
     FROM cases UNION ALL SELECT branch_id, kind, state, waiting, -cases FROM case_counts) AS every_one \
     GROUP BY branch_id, kind, state, waiting HAVING SUM(cases) <> 0) AS wrong",
    "case_count_changes",
    // Events: versions without a gap, each beginning where the one before ended, the last as the case stands.
    "cases k WHERE version <> (SELECT COUNT(*) FROM case_events e WHERE e.case_number = k.number AND e.to_state IS NOT NULL)",
    "cases k WHERE state <> (SELECT e.to_state FROM case_events e WHERE e.case_number = k.number AND e.version = k.version \
     AND e.to_state IS NOT NULL)",
    "case_events e WHERE e.to_state IS NOT NULL AND e.version > 1 AND e.from_state <> (SELECT b.to_state FROM case_events b \
     WHERE b.case_number = e.case_number AND b.version = e.version - 1 AND b.to_state IS NOT NULL)",
    "case_events e JOIN case_events l ON l.case_number = e.case_number AND l.seq > e.seq AND l.at < e.at",
    // Clocks: one for each case that the bank was asked about, stopped exactly if it owes no answer.
    "cases k WHERE k.state <> 'awaiting_company_approver' AND NOT EXISTS (SELECT 1 FROM case_clocks t \
     WHERE t.case_number = k.number AND t.started_at = k.created_at)",
    "cases k JOIN case_clocks t ON t.case_number = k.number WHERE k.waiting <> (t.stopped_at IS NULL)",
    "case_clocks t WHERE (t.breached_at IS NULL) <> (NOT EXISTS (SELECT 1 FROM case_events e WHERE e.case_number = t.case_number \
     AND e.action = 'breach'))",
    // Capacity: reserved is what live bookings hold.
    "cash_slots s WHERE reserved <> (SELECT COUNT(*) FROM cash_appointments b WHERE b.live AND b.branch_id = s.branch_id \
     AND b.day = s.day AND b.slot = s.slot)",
    "cash_totals s WHERE reserved <> (SELECT COALESCE(SUM(b.amount), 0) FROM cash_appointments b WHERE b.live \
     AND b.branch_id = s.branch_id AND b.day = s.day)",
    "reception_slots s WHERE reserved <> (SELECT COUNT(*) FROM reception_applications a WHERE a.live \
     AND a.reception_id = s.reception_id AND a.slot = s.slot)",
    "cash_appointments b WHERE b.live AND 2 <> (SELECT COUNT(*) FROM engagements e WHERE e.case_number = b.case_number)",
    // The register: one entry for each booking paid out.
    "cases k WHERE (k.state = 'completed') <> EXISTS (SELECT 1 FROM cash_register r WHERE r.case_number = k.number AND \
     r.amount = k.amount)",
    "cases k WHERE k.kind = 'suggestion' AND (k.state = 'answered') <> EXISTS (SELECT 1 FROM suggestions s \
     WHERE s.case_number = k.number AND s.judgement IS NOT NULL AND s.thanks IS NOT NULL)",
    "cases k WHERE k.kind = 'cash' AND k.waiting AND (k.acts_at IS NULL OR k.acts_at >= k.starts_at)",
];

async fn a_history_is_what_the_operations_would_have_left(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let before = bank.count("cases").await;
    let added = demo::add_history(&bank.bank, CASES, 7).await.unwrap();
    assert_eq!((i64::from(CASES), added), (bank.count("cases").await - before, 400));
    for nothing in NOTHING {
        assert_eq!(bank.number(AssertSqlSafe(format!("SELECT COUNT(*) FROM {nothing}"))).await, 0, "{nothing}");
    }
    // Of this bank's rows; the test bank has an unregistered key.
    let mut found = examine(&bank.bank).await.unwrap();
    found.retain(|finding| !["seal_keys", "role_permissions"].contains(&finding.table.as_str()));
    assert_eq!(found, [], "what `lobby check` finds");
    let waiting = bank.number("SELECT COUNT(*) FROM cases WHERE waiting").await;
    assert!((200..=216).contains(&waiting), "{waiting} wait");
    let seen = bank.number("SELECT COUNT(DISTINCT kind || state) FROM cases").await;
    let states: usize = CaseKind::all().map(|kind| kind.registered().states().len()).sum();
    // Nothing is held or proposed in a history, and of so few cases not every rare end is there.
    assert!(usize::try_from(seen).unwrap() >= states - 5, "{seen} of {states} states");
    assert!(bank.number("SELECT COUNT(DISTINCT branch_id) FROM cases").await == 8);
    // The alarms and actions that were due have been taken.
    assert_eq!(round(&bank.bank).await.unwrap().acted, 0);
    assert_eq!(demo::add_history(&bank.bank, CASES, 7).await.unwrap(), 0, "a second time nothing is added");
    assert!(demo::add_history(&bank.bank, CASES, 8).await.is_err(), "another history does not fit");
    // Staff can go on with it.
    let clerk = bank.signed_in("clerk-shiqi").await;
    for query in ["", "?state=all"] {
        let page = clerk.open(&format!("/desk{query}")).await;
        let first = page.attr(".desk-queue tbody a.row-link", "href").expect("a case");
        assert_eq!(clerk.get(&first).await.status, 200, "{first}");
    }
}

async fn the_same_seed_gives_the_same_history(bank: &TestBank) {
    let other = TestBank::blank_sqlite().await;
    let sql = "SELECT k.number || ' ' || k.state || ' ' || k.due_at || ' ' || c.number || ' ' || COUNT(e.seq) FROM cases k \
               JOIN customers c ON c.id = k.customer_id JOIN case_events e ON e.case_number = k.number WHERE c.number LIKE 'g%' \
               GROUP BY k.number, c.number ORDER BY 1";
    let mut all = Vec::new();
    for bank in [bank, &other] {
        demo::load(&bank.bank, 0).await.unwrap();
        demo::add_history(&bank.bank, CASES, 3).await.unwrap();
        let rows: Vec<(String,)> = bank.bank.read().await.unwrap().fetch_all(sql, Vec::new()).await.unwrap();
        all.push(rows);
    }
    assert_eq!(all[0].len(), 400);
    let (first, second) = (all.swap_remove(0), all.swap_remove(0));
    let different: Vec<_> = first.iter().zip(&second).filter(|(one, other)| one != other).take(3).collect();
    assert!(different.is_empty(), "{different:?}");
}
