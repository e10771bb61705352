//! Query plans: every statement of the desk's lists, of the customers' lists, of an administrator's previews and of the worker
//! finds its rows by an index, on both engines, so that its cost does not grow with history. The statements are recorded while
//! the operations run on a demo bank
//! with a small history; each index that serves them is then dropped in turn, and the check must notice it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "the other tests use the rest of it")]
#[path = "../it/support/mod.rs"]
mod support;

mod explain;

use std::collections::BTreeSet;
use std::sync::Arc;

use bank::cases::{CaseKind, DayList, PageStart, QueueFilter, StateFilter, day_board, queue, queue_changes, recent_events};
use bank::kernel::database::{Engine, Sent};
use bank::kernel::ids::CaseNumber;
use bank::kernel::time::At;
use bank::sessions::Permission;
use server::adapters::outbox::OutboxFolder;
use server::commands::demo;
use server::worker::Worker;
use support::TestBank;
use support::admin::check;
use support::kinds::as_staff;

use self::explain::Explainer;

/// Cases of the history.
const CASES: u32 = 600;

/// Indexes without which a statement would read rows that grow with history.
const SERVING: [&str; 12] = [
    "customers_usual_branch",
    "cases_states",
    "cases_branch_states",
    "cases_customer",
    "cases_acts",
    "case_clocks_next",
    "case_events_at",
    "outbox_unread",
    "outbox_unsent",
    "outbox_created",
    "form_states_drafts",
    "form_states_finished",
];

/// The same on SQLite only. With few rows a plan of PostgreSQL does not tell them from other indexes, whose rows it filters.
const TOLD_BY_SQLITE: [&str; 3] = ["cases_times", "cash_appointments_day", "gate_decisions_admitted"];

/// Reads every list of the desk: each filter from the first page on, forward and back.
async fn desk(bank: &TestBank) {
    let states: BTreeSet<&str> = bank::KINDS.iter().flat_map(|kind| kind.states().iter().map(|state| state.code)).collect();
    let mut filters = vec![StateFilter::Waiting, StateFilter::All, StateFilter::InClosure];
    filters.extend(DayList::ALL.map(StateFilter::Day));
    filters.extend(states.into_iter().map(|state| StateFilter::Only(state.to_owned())));
    let everywhere = as_staff(bank, "dispatcher").await.scope(Permission::SeeCases);
    let one_branch = as_staff(bank, "clerk").await.scope(Permission::SeeCases);
    for scope in [&everywhere, &one_branch] {
        for kind in CaseKind::all().map(Some).chain([None]) {
            for branch in [None, Some("shiqi".to_owned())] {
                for state in &filters {
                    let mut filter = QueueFilter { kind, branch: branch.clone(), state: state.clone(), ..QueueFilter::default() };
                    let first = queue(&bank.bank, scope, &filter).await.unwrap();
                    if let Some(next) = first.neighbours.next {
                        filter.start = PageStart::After(next.clone());
                        queue(&bank.bank, scope, &filter).await.unwrap();
                        filter.start = PageStart::Before(next);
                        queue(&bank.bank, scope, &filter).await.unwrap();
                    }
                }
            }
        }
        queue_changes(&bank.bank, scope).await.unwrap();
        recent_events(&bank.bank, scope, bank.bank.now()).await.unwrap();
    }
    let number = queue(&bank.bank, &one_branch, &QueueFilter::default()).await.unwrap().lines.swap_remove(0).number;
    for scope in [&everywhere, &one_branch] {
        let filter = QueueFilter { part: CaseNumber::part(&number[3..]), ..QueueFilter::default() };
        assert!(!queue(&bank.bank, scope, &filter).await.unwrap().lines.is_empty());
    }
    // A day with bookings, so that their kind reads what it adds to the board.
    let day = At(bank.number("SELECT MAX(starts_at) FROM cases WHERE branch_id = 'shiqi' AND kind = 'cash'").await).day();
    for name in ["dispatcher", "clerk"] {
        let board = day_board(&bank.bank, &as_staff(bank, name).await, "shiqi", day).await.unwrap();
        assert!(board.cases.iter().any(|case| case.collector.is_some()), "{day}");
    }
    let browser = bank.signed_in("clerk").await;
    for path in [format!("/desk?number={number}"), format!("/desk/cases/{number}")] {
        assert_eq!(browser.get(&path).await.status, 200, "{path}");
    }
}

/// Opens the lists of a customer with a long history.
async fn customer(bank: &TestBank) {
    let browser = bank.signed_in("g000001").await;
    for path in ["/", "/appointments", "/suggestions"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
}

/// The previews of an administrator count what a change touches.
async fn administrator(bank: &TestBank) {
    let browser = bank.signed_in("admin").await;
    for (path, fields) in [
        ("/admin/calendar/new", vec![("date", "2026-11-26"), ("kind", "closed"), ("name", "台风停业")]),
        ("/admin/branches/dongqu/hours", vec![("thursday", "12:00-13:00"), ("from", "2026-11-26")]),
        ("/admin/branches/dongqu/closing", vec![("closing", "on")]),
        // Nothing hangs on this one.
        ("/admin/branches/empty/closing", vec![("closing", "on")]),
        ("/admin/parameters/cash_slot_places", vec![("value", "3"), ("from", "2026-11-26")]),
        ("/admin/parameters/cash_day_total", vec![("value", "100万"), ("from", "2026-11-26")]),
        ("/admin/products/fund-money", vec![("seller_level", "R5")]),
    ] {
        let page = check(&browser, path, &fields).await;
        assert_eq!(page.status, 200, "{path}");
    }
}

/// What the worker does in a minute, with the daily tasks: there are alarms, time-outs and messages to send.
async fn worker(bank: &TestBank) {
    bank.set_time("2026-11-30T18:00:00+08:00");
    let folder = OutboxFolder::below(&bank.settings().data);
    Worker::new(bank.bank.clone(), Some(Arc::new(folder))).pass().await;
}

/// The distinct statements that read or change rows.
fn distinct(sent: &[Sent]) -> Vec<String> {
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    let texts = sent.iter().map(|sent| sent.sql.split_whitespace().collect::<Vec<_>>().join(" "));
    // On SQLite several statements may be sent as one text.
    let each = texts.flat_map(|text| text.split("; ").map(str::to_owned).collect::<Vec<_>>());
    each.filter(|sql| verbs.iter().any(|verb| sql.starts_with(verb))).collect::<BTreeSet<_>>().into_iter().collect()
}

async fn every_statement_uses_an_index(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    demo::add_history(&bank.bank, CASES, 1).await.unwrap();
    bank.change(
        "INSERT INTO branches (id, position, name_zh, name_en, address_zh, address_en, phone) VALUES ('empty', 99, 'x', 'x', 'x', 'x', 'x')",
    )
    .await;
    bank.bank.db().record();
    desk(bank).await;
    administrator(bank).await;
    customer(bank).await;
    worker(bank).await;
    let statements = distinct(&bank.bank.db().recorded());
    assert!(statements.len() > 100, "{} statements were recorded", statements.len());
    let mut explainer = Explainer::open(bank).await;
    let problems = explainer.problems(&statements).await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let on_sqlite = bank.bank.db().engine() == Engine::Sqlite;
    for index in SERVING.iter().chain(if on_sqlite { &TOLD_BY_SQLITE[..] } else { &[] }) {
        explainer.drop_index(index).await;
        let problems = explainer.problems(&statements).await;
        explainer.undo().await;
        assert!(!problems.is_empty(), "nothing was noticed without {index}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_uses_an_index_on_sqlite() {
    every_statement_uses_an_index(&TestBank::blank_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_uses_an_index_on_postgres() {
    let Some(bank) = TestBank::blank_postgres().await else { return };
    assert_eq!(bank.bank.db().engine(), Engine::Postgres);
    every_statement_uses_an_index(&bank).await;
    bank.drop_database().await;
}
