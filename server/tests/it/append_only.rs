//! History and audit are only ever appended to: the database itself refuses, whatever code asks (promise 3).

use std::convert::Infallible;

use bank::kernel::database::Engine;
use scoped_futures::ScopedFutureExt;
use server::commands::demo;

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(blank: the_database_refuses_to_change_history_and_audit, a_reading_connection_of_sqlite_cannot_write);

async fn the_database_refuses_to_change_history_and_audit(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    for (table, sql) in [
        ("audit", "UPDATE audit SET result = 'other'"),
        ("audit", "DELETE FROM audit"),
        ("case_history", "UPDATE case_history SET action = 'other'"),
        ("case_history", "DELETE FROM case_history"),
    ] {
        let before = bank.count(table).await;
        assert!(before > 0);
        let tried = bank
            .bank
            .write::<_, Infallible, _>("tamper", |tx| async move { Ok(tx.execute(sql, Vec::new()).await?) }.scope_boxed())
            .await;
        let error = tried.unwrap_err().into_failure().to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
        assert_eq!(bank.count(table).await, before, "{sql}");
    }
}

async fn a_reading_connection_of_sqlite_cannot_write(bank: &TestBank) {
    if bank.bank.db().engine() == Engine::Sqlite {
        let mut conn = bank.bank.read().await.unwrap();
        assert!(conn.execute("DELETE FROM facts", Vec::new()).await.is_err());
    }
}
