//! Checks of every registered kind by its own table: every state is reachable, every state that is not final can be left by
//! somebody or by time, everything the table names exists, and history replays to the current state.

use std::collections::BTreeSet;
use std::convert::Infallible;

use bank::branches::reference;
use bank::cases::{ActionContext, ActorKind, CaseKind, CaseLine, Guard, Phase, decide, history, possible_actions};
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::Workshop;

#[test]
fn every_table_is_whole() {
    let codes: BTreeSet<&str> = CaseKind::all().map(CaseKind::code).collect();
    let prefixes: BTreeSet<&str> = CaseKind::all().map(CaseKind::prefix).collect();
    assert_eq!((codes.len(), prefixes.len()), (bank::KINDS.len(), bank::KINDS.len()), "kinds share a code or a prefix");
    for kind in bank::KINDS {
        let code = kind.case_kind().code();
        let states: BTreeSet<&str> = kind.states().iter().map(|state| state.code).collect();
        assert_eq!(states.len(), kind.states().len(), "{code}: a state twice");
        for line in kind.table() {
            assert!(states.contains(line.to) && line.from.iter().all(|from| states.contains(from)), "{code}: {line:?}");
            let leaves_final = line.from.iter().any(|from| kind.phase(from) == Some(Phase::Final));
            assert!(!leaves_final, "{code}: {line:?} leaves a final state");
            // A stopped clock is never restarted. That of a held case has not begun; what was proposed and not accepted, and a
            // customer who moves an appointment, ask anew, by a new clock.
            let reopens = kind.phase(line.to) == Some(Phase::Waiting)
                && line.from.iter().any(|from| !matches!(kind.phase(from), Some(Phase::Waiting | Phase::Held | Phase::Proposed)))
                && line.action != "move";
            assert!(!reopens, "{code}: {line:?} owes an answer again");
            let by_system = line.by.contains(&ActorKind::System);
            assert!(!by_system || line.guards.iter().any(|guard| matches!(guard, Guard::From(_))), "{code}: never due: {line:?}");
        }
        for state in kind.states() {
            let left = kind.table().iter().any(|line| line.from.contains(&state.code));
            assert_eq!(left, state.phase != Phase::Final, "{code}: {} is left by nobody", state.code);
        }
        assert!(kind.echoes().iter().all(|echo| kind.messages().contains(echo)), "{code}");
        assert!(kind.messages().iter().all(|message| message.starts_with(&format!("{code}_"))), "{code}");
    }
}

/// Every row returned is a case whose history does not lead step by step to its current state.
const REPLAY: [&str; 3] = [
    "SELECT h.case_number AS what FROM case_events h WHERE h.version = 1 AND h.from_state IS NOT NULL",
    "SELECT h.case_number AS what FROM case_events h WHERE h.version > 1 AND h.to_state IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_events p \
     WHERE p.case_number = h.case_number AND p.version = h.version - 1 AND p.to_state = h.from_state)",
    "SELECT k.number AS what FROM cases k WHERE NOT EXISTS (SELECT 1 FROM case_events h \
     WHERE h.case_number = k.number AND h.version = k.version AND h.to_state = k.state)",
];

async fn ensure_replayed(bank: &TestBank) {
    let mut conn = bank.bank.read().await.expect("a connection");
    for sql in REPLAY {
        let wrong: Vec<(String,)> = conn.fetch_all(sql, Vec::new()).await.expect("rows");
        assert!(wrong.is_empty(), "{wrong:?}: {sql}");
    }
}

async fn every_state_is_reached_and_left_and_history_replays(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    for kind in bank::KINDS {
        let handle = kind.case_kind();
        for state in kind.states() {
            let code = format!("{} {}", handle.code(), state.code);
            let Some((number, _)) = shop.reach(handle, state.code).await else { panic!("{code} is reached by no way") };
            let case = shop.case(&number).await;
            assert_eq!(case.waiting, state.phase == Phase::Waiting, "{code}");
            let steps = history(&bank.bank, &case).await.expect("history");
            assert_eq!(steps.last().and_then(|line| line.to.as_deref()), Some(state.code), "{code}");
            let by_staff = possible_actions(&bank.bank, &shop.head, &case).await.expect("actions");
            assert!(state.phase != Phase::Final || by_staff.is_empty(), "{code}: {by_staff:?}");
            assert!(!kind.takes_time() || case.time.is_some(), "{code}: it takes no time");
            // Every message sent is declared by the kind.
            let sql = "SELECT DISTINCT o.kind FROM outbox o WHERE o.case_number = $1";
            let mut conn = bank.bank.read().await.expect("a connection");
            let sent: Vec<(String,)> = conn.fetch_all(sql, bank::args![&number]).await.expect("messages");
            assert!(sent.iter().all(|(sent,)| kind.messages().contains(&sent.as_str())), "{code}: {sent:?}");
        }
    }
    ensure_replayed(bank).await;
}

/// Whether the kind's table lets the customer cancel the case now.
async fn may_cancel(bank: &TestBank, case: &CaseLine) -> bool {
    let (kind, reference) = (case.kind.registered(), reference(&bank.bank).await.expect("the reference"));
    let mut conn = bank.bank.read().await.expect("a connection");
    let facts = kind.facts(&mut conn, &reference, case).await.expect("facts");
    let context =
        ActionContext { by: &[ActorKind::Customer], user: "", now: bank.bank.now(), reason: false, internal_reason: false };
    decide(kind.table(), &case.state, "cancel", &facts, &context).is_ok()
}

async fn a_customer_sees_cancel_exactly_when_the_table_allows_it(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let mut seen = BTreeSet::new();
    for kind in bank::KINDS {
        for state in kind.states() {
            let (number, customer) = shop.reach(kind.case_kind(), state.code).await.expect("a way to every state");
            let (case, browser) = (shop.case(&number).await, shop.browser_of(&customer));
            // Before and after the deadline, whatever the way to the state took.
            for time in ["2026-11-23T11:00:00+08:00", "2026-11-24T15:00:00+08:00", "2026-11-25T14:00:00+08:00"] {
                bank.set_time(time);
                let page = browser.open(&app::kinds::path(&number)).await;
                let (offered, allowed) = (page.has("button[name=do][value=cancel]"), may_cancel(bank, &case).await);
                assert_eq!((page.status, offered), (200, allowed), "{} {} at {time}", kind.case_kind().code(), state.code);
                seen.insert((kind.takes_time(), allowed));
            }
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [(false, false), (true, false), (true, true)]);
}

async fn every_kind_is_a_row_and_a_case_is_of_one(bank: &TestBank) {
    let mut conn = bank.bank.read().await.expect("a connection");
    let rows: Vec<(String, String)> = conn.fetch_all("SELECT code, prefix FROM case_kinds", Vec::new()).await.expect("rows");
    let rows: BTreeSet<(String, String)> = rows.into_iter().collect();
    let kinds = CaseKind::all().map(|kind| (kind.code().to_owned(), kind.prefix().to_owned())).collect();
    assert_eq!(rows, kinds, "a kind's migration adds its row");
    let unknown = "INSERT INTO cases (number, kind, customer_id, state, version, waiting, due_at, created_by, created_at, updated_at) \
                   VALUES ('XX1-1111-1', 'no_such_kind', 'customer-c1', 'sent', 1, FALSE, 0, 'user-c1', 0, 0)";
    let refused = bank
        .bank
        .write::<_, Infallible, _>("unknown_kind", |tx| async move { Ok(tx.execute(unknown, Vec::new()).await?) }.scope_boxed())
        .await;
    let refused = refused.expect_err("a case of no kind").into_failure().to_string();
    assert!(refused.to_lowercase().contains("foreign key"), "{refused}");
}

on_both_engines!(
    every_state_is_reached_and_left_and_history_replays,
    a_customer_sees_cancel_exactly_when_the_table_allows_it,
    every_kind_is_a_row_and_a_case_is_of_one,
);
