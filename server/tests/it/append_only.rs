//! History and audit are append-only: the database refuses other changes, whatever code issues them (promise 3).

use std::convert::Infallible;

use bank::kernel::database::Engine;
use scoped_futures::ScopedFutureExt;
use server::commands::demo;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(blank:
    the_database_refuses_to_change_history_and_audit,
    the_database_refuses_to_change_gate_decisions,
    what_is_past_its_retention_may_be_deleted_and_nothing_else,
    a_reading_connection_cannot_write,
);

/// The append-only tables, with their key columns.
const APPEND_ONLY: [(&str, &str); 2] = [("audit", "id"), ("case_events", "seq")];

/// The result of SQL that bypasses the bank's operations.
async fn attempt(bank: &TestBank, sql: &str) -> Result<u64, String> {
    let sql = sql.to_owned();
    let tried = bank.bank.write::<_, Infallible, _>("tamper", |tx| {
        let sql = sql.clone();
        async move { Ok(tx.execute(AssertSqlSafe(sql), Vec::new()).await?) }.scope_boxed()
    });
    tried.await.map_err(|rejected| rejected.into_failure().to_string())
}

async fn the_database_refuses_to_change_history_and_audit(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    for (table, key) in APPEND_ONLY {
        let mut tampering = vec![format!("UPDATE {table} SET action = 'other'"), format!("DELETE FROM {table}")];
        match bank.bank.db().engine() {
            Engine::Sqlite => {
                tampering.push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"));
                // Conflicts with the rowid instead of the primary key, or with the unique index of changes of state.
                tampering.push(match table {
                    "audit" => "INSERT OR REPLACE INTO audit (rowid, id, at, role, action, subject, result) \
                                SELECT MIN(rowid), 'x', 0, '', '', '', '' FROM audit"
                        .to_owned(),
                    _ => "INSERT OR REPLACE INTO case_events (case_number, version, at, role, user_name, action, to_state, internal) \
                          SELECT case_number, version, at, role, user_name, 'other', to_state, internal FROM case_events"
                        .to_owned(),
                });
            }
            Engine::Postgres => {
                tampering.push(format!("TRUNCATE {table}"));
                tampering.push("TRUNCATE cases, audit CASCADE".to_owned());
                tampering.push(format!(
                    "INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET action = 'other'"
                ));
            }
        }
        let before = bank.count(table).await;
        assert!(before > 0);
        for sql in tampering {
            let error = attempt(bank, &sql).await.expect_err(&sql);
            assert!(error.contains("append-only"), "{sql}: {error}");
            assert_eq!(bank.count(table).await, before, "{sql}");
        }
    }
}

async fn the_database_refuses_to_change_gate_decisions(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let insert = "INSERT INTO gate_decisions (id, customer_id, product_code, at, admitted, rule, rule_version, inputs) \
                  SELECT 'd', (SELECT id FROM customers LIMIT 1), (SELECT code FROM products LIMIT 1), 4000000000000, TRUE, '', '', '{}'";
    attempt(bank, insert).await.expect("a decision");
    let mut tampering = vec!["UPDATE gate_decisions SET rule = 'other'", "DELETE FROM gate_decisions"];
    tampering.push(match bank.bank.db().engine() {
        Engine::Sqlite => "INSERT OR REPLACE INTO gate_decisions SELECT * FROM gate_decisions",
        Engine::Postgres => "TRUNCATE gate_decisions",
    });
    for sql in tampering {
        let error = attempt(bank, sql).await.expect_err(sql);
        assert!(error.contains("append-only"), "{sql}: {error}");
        assert_eq!(bank.count("gate_decisions").await, 1, "{sql}");
    }
}

async fn what_is_past_its_retention_may_be_deleted_and_nothing_else(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let number = "(SELECT number FROM cases LIMIT 1)";
    for at in ["0", "1000"] {
        let audit =
            format!("INSERT INTO audit (id, at, role, action, subject, result) VALUES ('old-{at}', {at}, '', '', '', '')");
        let history = format!(
            "INSERT INTO case_events (case_number, version, at, role, user_name, action, internal) \
             SELECT {number}, 900 + {at}, {at}, '', '', '', FALSE"
        );
        attempt(bank, &audit).await.unwrap();
        attempt(bank, &history).await.unwrap();
    }
    assert_eq!(attempt(bank, "DELETE FROM audit WHERE id = 'old-0'").await, Ok(1));
    assert_eq!(attempt(bank, "DELETE FROM case_events WHERE version = 900").await, Ok(1));
    // One statement that would delete expired and unexpired rows.
    assert!(attempt(bank, "DELETE FROM audit").await.is_err());
    // The retention cannot be set below a year; without a row the table is kept for ever.
    assert!(attempt(bank, "UPDATE retention SET days = 364").await.is_err());
    assert_eq!(attempt(bank, "DELETE FROM retention").await, Ok(3));
    let long_ago = "INSERT INTO audit (id, at, role, action, subject, result) VALUES ('kept', 1600000000000, '', '', '', '')";
    attempt(bank, long_ago).await.unwrap();
    assert!(attempt(bank, "DELETE FROM audit WHERE id = 'kept'").await.is_err());
}

async fn a_reading_connection_cannot_write(bank: &TestBank) {
    let mut conn = bank.bank.read().await.unwrap();
    assert!(conn.execute("DELETE FROM facts", Vec::new()).await.is_err());
}
