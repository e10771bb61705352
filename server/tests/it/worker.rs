//! The worker: messages are sent once under one key, a gateway's failures lead to back-off and dead letters, a bank without
//! a gateway sends nothing, old rows are deleted, reception days of a demo bank are topped up.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use bank::kernel::database::Engine;
use bank::messages::{claim_unsent, mark_sent};
use server::adapters::outbox::{Gateway, OutboxFolder, OutgoingMessage, SendError, SendFuture};
use server::commands::demo;
use server::config::PublicOrigin;
use server::host;
use server::worker::Worker;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::seed::parameter;

on_both_engines!(blank:
    every_message_is_laid_into_the_outbox_once,
    a_crash_before_sent_and_two_nodes_send_under_one_key,
    a_gateway_that_fails_is_tried_less_and_less_often_and_then_given_up,
    what_was_kept_long_enough_is_deleted,
    a_daily_task_that_failed_is_tried_again_the_same_day,
    only_a_demo_bank_lays_messages_in_a_folder_and_it_is_not_served_to_other_machines,
    reception_days_are_topped_up_as_the_days_go_by,
);

/// A gateway that records what it is given and answers as configured.
#[derive(Clone)]
struct Recording {
    letters: Arc<Mutex<Vec<OutgoingMessage>>>,
    /// Why it refuses, and whether permanently; `None`: it accepts.
    refuses: Arc<Mutex<Option<(&'static str, bool)>>>,
}

impl Recording {
    fn new() -> Self {
        Self { letters: Arc::default(), refuses: Arc::default() }
    }

    fn refuses(&self, why: Option<(&'static str, bool)>) {
        *self.refuses.lock().unwrap() = why;
    }

    fn keys(&self) -> Vec<String> {
        self.letters.lock().unwrap().iter().map(|letter| letter.key.clone()).collect()
    }
}

impl Gateway for Recording {
    fn send<'a>(&'a self, letter: &'a OutgoingMessage) -> SendFuture<'a> {
        self.letters.lock().unwrap().push(letter.clone());
        let refuses = *self.refuses.lock().unwrap();
        let reply = match refuses {
            Some((reason, for_good)) => Err(SendError { reason: reason.to_owned(), for_good }),
            None => Ok(()),
        };
        Box::pin(std::future::ready(reply))
    }
}

fn worker(bank: &TestBank, gateway: &Recording) -> Worker {
    Worker::new(bank.bank.clone(), Some(Arc::new(gateway.clone())))
}

const UNSENT: &str = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL";
const SENT: &str = "SELECT COUNT(*) FROM outbox WHERE sent_at IS NOT NULL";
const DEAD: &str = "SELECT COUNT(*) FROM outbox WHERE dead_at IS NOT NULL";

/// Inserts copies of one message into the outbox.
async fn write_messages(bank: &TestBank, copies: usize) {
    let now = bank.bank.now().0;
    for copy in 0..copies {
        bank.change(&format!(
            "INSERT INTO outbox (id, customer_id, kind, details, language, created_at) \
             SELECT 'copy-{copy}', id, 'cash_submitted', '{{}}', 'en', {now} FROM customers ORDER BY id LIMIT 1"
        ))
        .await;
    }
}

async fn every_message_is_laid_into_the_outbox_once(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    // More than two batches: all are sent in one pass.
    write_messages(bank, 45).await;
    let data = bank.settings().data;
    let claimed = bank.number(UNSENT).await;
    assert!(claimed > 45);
    let worker = Worker::new(bank.bank.clone(), Some(Arc::new(OutboxFolder::below(&data))));
    let files = || i64::try_from(std::fs::read_dir(data.join("outbox")).map_or(0, Iterator::count)).unwrap();
    for _ in 0..2 {
        worker.pass().await;
        assert_eq!(files(), claimed);
        assert_eq!(bank.number(UNSENT).await, 0);
    }
}

async fn a_crash_before_sent_and_two_nodes_send_under_one_key(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let claimed = usize::try_from(bank.number(UNSENT).await).unwrap();
    // A node sends and crashes before it marks the messages as sent.
    let crashed = claim_unsent(&bank.bank, 100).await.unwrap();
    assert_eq!(crashed.len(), claimed);
    assert!(claim_unsent(&bank.bank, 100).await.unwrap().is_empty(), "claimed is claimed");
    assert!(crashed[0].is_held(bank.bank.now()));
    bank.pass_minutes(6);
    assert!(!crashed[0].is_held(bank.bank.now()), "it must not send any more");
    // Two other nodes send at the same time.
    let gateway = Recording::new();
    let nodes = [worker(bank, &gateway), worker(bank, &gateway)].map(|node| tokio::spawn(async move { node.pass().await }));
    for node in nodes {
        node.await.unwrap();
    }
    let mut keys = gateway.keys();
    keys.sort();
    let mut tried: Vec<_> = crashed.iter().map(|claimed| claimed.message.id.clone()).collect();
    tried.sort();
    assert_eq!(keys, tried, "each once, under the key of the first attempt");
    // The crashed node continues: its expired claim marks nothing as sent.
    let sent_at = "SELECT CAST(SUM(sent_at) AS BIGINT) FROM outbox";
    let before = bank.number(sent_at).await;
    bank.change("UPDATE outbox SET sent_at = NULL").await;
    mark_sent(&bank.bank, &crashed[0]).await.unwrap();
    assert!(before > 0 && bank.number(SENT).await == 0);
}

async fn a_gateway_that_fails_is_tried_less_and_less_often_and_then_given_up(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let claimed = bank.number(UNSENT).await;
    let gateway = Recording::new();
    gateway.refuses(Some(("down", false)));
    let worker = worker(bank, &gateway);
    for (minutes, attempts) in [(0, 1), (0, 1), (1, 2), (4, 2), (1, 3), (14, 3), (1, 4), (60, 5), (239, 5)] {
        bank.pass_minutes(minutes);
        worker.pass().await;
        assert_eq!(bank.number("SELECT MAX(attempts) FROM outbox").await, attempts);
        assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE attempts >= 5 AND dead_at IS NOT NULL").await, 0);
    }
    let keys: Vec<_> = gateway.keys();
    assert!(keys.len() > 5 * BTreeSet::from_iter(&keys).len() - 5, "each many times under its one key");
    bank.pass_minutes(1);
    worker.pass().await;
    assert_eq!(bank.number(UNSENT).await, 0);
    assert!(bank.number(DEAD).await >= claimed);
    // A permanent refusal is not retried; a message that is too old is not sent.
    gateway.refuses(Some(("no such number", true)));
    write_messages(bank, 1).await;
    worker.pass().await;
    assert_eq!(bank.number("SELECT attempts FROM outbox WHERE id = 'copy-0' AND dead_at IS NOT NULL").await, 1);
    bank.change("UPDATE outbox SET dead_at = NULL, due_at = 0 WHERE id = 'copy-0'").await;
    bank.pass_minutes(2 * 24 * 60 + 1);
    gateway.refuses(None);
    worker.pass().await;
    assert_eq!(bank.number("SELECT attempts FROM outbox WHERE id = 'copy-0' AND failure = 'too old'").await, 1);
}

async fn a_daily_task_that_failed_is_tried_again_the_same_day(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    bank.signed_in("c1001").await;
    let before = format!("SELECT COUNT(*) FROM sessions WHERE seen_at <= {}", bank.bank.now().0);
    bank.pass_minutes(91 * 24 * 60);
    let worker = Worker::new(bank.bank.clone(), None);
    bank.change("ALTER TABLE sessions RENAME TO sessions_away").await;
    worker.pass().await;
    bank.change("ALTER TABLE sessions_away RENAME TO sessions").await;
    assert!(bank.number(sqlx::AssertSqlSafe(before.clone())).await > 0);
    worker.pass().await;
    assert_eq!(bank.number(sqlx::AssertSqlSafe(before)).await, 0);
}

async fn what_was_kept_long_enough_is_deleted(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    for (name, days) in [("keep_sessions_days", "10"), ("keep_forms_days", "20"), ("keep_messages_days", "30")] {
        parameter(&bank.bank, name, days).await;
    }
    bank.signed_in("c1001").await;
    bank.change("INSERT INTO audit (id, at, role, action, subject, result) VALUES ('old', 0, '', '', '', '')").await;
    let before = bank.bank.now().0;
    let kept = [
        format!("SELECT COUNT(*) FROM sessions WHERE seen_at <= {before}"),
        format!("SELECT COUNT(*) FROM form_states WHERE case_number IS NOT NULL AND updated_at <= {before}"),
        format!("SELECT COUNT(*) FROM outbox WHERE created_at <= {before}"),
    ];
    let worker = Worker::new(bank.bank.clone(), None);
    let audit = bank.count("audit").await;
    for (days, left) in
        [(9, [true, true, true]), (3, [false, true, true]), (10, [false, false, true]), (10, [false, false, false])]
    {
        bank.pass_minutes(days * 24 * 60);
        worker.pass().await;
        for (rows, left) in kept.iter().zip(left) {
            assert_eq!(bank.number(sqlx::AssertSqlSafe(rows.clone())).await > 0, left, "{days}: {rows}");
        }
    }
    assert!(bank.count("audit").await >= audit - 1, "a year has not passed");
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE id = 'old'").await, 0);
    if bank.bank.db().engine() == Engine::Sqlite {
        assert!(bank.count("sqlite_stat1").await > 5, "the planner has statistics");
    }
}

async fn only_a_demo_bank_lays_messages_in_a_folder_and_it_is_not_served_to_other_machines(bank: &TestBank) {
    let (mut settings, here) = (bank.settings(), bank.settings());
    settings.public_origin = PublicOrigin::parse("https://bank.example").unwrap();
    assert!(host::gateway(&bank.bank, &settings).await.unwrap().is_none(), "nobody's numbers in clear");
    assert!(host::ensure_not_exposed(&bank.bank, &settings, false).await.is_ok(), "no demo bank");
    demo::load(&bank.bank, 0).await.unwrap();
    assert!(host::gateway(&bank.bank, &settings).await.unwrap().is_some());
    let error = host::ensure_not_exposed(&bank.bank, &settings, false).await.unwrap_err().to_string();
    assert!(error.contains("--expose-demo") && error.contains("passwords"), "{error}");
    assert!(host::ensure_not_exposed(&bank.bank, &settings, true).await.is_ok());
    assert!(host::ensure_not_exposed(&bank.bank, &here, false).await.is_ok());
    settings.public_origin = here.public_origin;
    "0.0.0.0:3000".clone_into(&mut settings.address);
    assert!(host::ensure_not_exposed(&bank.bank, &settings, false).await.is_err());
    // Without a gateway nothing is claimed, and nothing is lost.
    Worker::new(bank.bank.clone(), None).pass().await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE attempts > 0 OR sent_at IS NOT NULL").await, 0);
}

async fn reception_days_are_topped_up_as_the_days_go_by(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let worker = Worker::new(bank.bank.clone(), None);
    let before = bank.count("receptions").await;
    worker.pass().await;
    assert_eq!(bank.count("receptions").await, before, "announced already");
    bank.set_time("2026-11-30T10:00:00+08:00");
    worker.pass().await;
    assert!(bank.number("SELECT COUNT(*) FROM receptions WHERE day > '2026-12-14'").await > 0);
}
