//! Connections that are kept between two uses (`kernel/database/kept.rs`): whoever waits for one gets the next that is free, one
//! whose statement was abandoned or failed gives nobody a wrong answer, and a full pool is an error after its time limit.

use std::time::{Duration, Instant};

use bank::kernel::database::{Conn, Engine};
use bank::kernel::failure::Failure;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(
    a_full_pool_passes_its_connections_on,
    an_abandoned_or_failed_statement_disturbs_nobody,
    a_snapshot_is_not_passed_on,
);

async fn number(conn: &mut Conn, number: i64) -> i64 {
    let (read,): (i64,) =
        conn.fetch_one(AssertSqlSafe(format!("SELECT CAST({number} AS BIGINT)")), Vec::new()).await.expect("a number");
    read
}

/// All connections that read.
async fn all(bank: &TestBank) -> Vec<Conn> {
    let mut held = Vec::new();
    loop {
        match bank.bank.read().await {
            Ok(conn) => held.push(conn),
            Err(failure) => {
                assert!(matches!(failure, Failure::Database(sqlx::Error::PoolTimedOut)), "{failure}");
                return held;
            }
        }
    }
}

async fn a_full_pool_passes_its_connections_on(bank: &TestBank) {
    let mut held = all(bank).await;
    assert!((8..=12).contains(&held.len()), "{}", held.len());
    // More wait than there are connections; each of them gets one as soon as it is free.
    let waiting: Vec<_> = (0..40)
        .map(|value| {
            let bank = bank.bank.clone();
            tokio::spawn(async move { number(&mut bank.read().await.expect("a connection"), value).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let asked = Instant::now();
    for conn in &mut held {
        number(conn, 1).await;
    }
    drop(held);
    for (value, read) in (0..).zip(waiting) {
        assert_eq!(read.await.expect("an answer"), value);
    }
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
}

async fn an_abandoned_or_failed_statement_disturbs_nobody(bank: &TestBank) {
    let slow = match bank.bank.db().engine() {
        Engine::Sqlite => {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT COUNT(*) FROM n"
        }
        Engine::Postgres => "SELECT COUNT(*) FROM pg_sleep(0.3)",
    };
    for round in 0..20 {
        let mut conn = bank.bank.read().await.expect("a connection");
        let abandoned = conn.fetch_all::<(i64,)>(slow, Vec::new());
        assert!(tokio::time::timeout(Duration::from_millis(5), abandoned).await.is_err(), "it takes longer");
        drop(conn);
        let mut conn = bank.bank.read().await.expect("a connection");
        let failed = conn.fetch_all::<(i64,)>("SELECT value FROM no_such_table", Vec::new()).await;
        assert!(failed.is_err());
        drop(conn);
        let mut conn = bank.bank.read().await.expect("a connection");
        assert_eq!(number(&mut conn, round).await, round);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_waits_for_an_abandoned_statement() {
    let Some(bank) = TestBank::postgres().await else { return };
    let mut conn = bank.bank.read().await.expect("a connection");
    let abandoned = conn.fetch_all::<(i64,)>("SELECT COUNT(*) FROM pg_sleep(4)", Vec::new());
    assert!(tokio::time::timeout(Duration::from_millis(20), abandoned).await.is_err(), "it takes longer");
    drop(conn);
    let asked = Instant::now();
    assert_eq!(number(&mut bank.bank.read().await.expect("a connection"), 1).await, 1);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    bank.drop_database().await;
}

async fn a_snapshot_is_not_passed_on(bank: &TestBank) {
    let mut snapshot = bank.bank.db().snapshot().await.expect("a snapshot");
    let facts = "SELECT COUNT(*) FROM facts";
    let (before,): (i64,) = snapshot.fetch_one(facts, Vec::new()).await.expect("a number");
    bank.change("INSERT INTO facts (name, value) VALUES ('later', '1')").await;
    let (during,): (i64,) = snapshot.fetch_one(facts, Vec::new()).await.expect("a number");
    assert_eq!(during, before);
    drop(snapshot);
    for _ in 0..12 {
        assert_eq!(bank.number(facts).await, before + 1);
    }
}
