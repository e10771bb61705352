//! A backup that is whole but does not fit is refused, and the database stays empty. `backup.rs` tests backups that fit, damaged
//! files and keys.

use std::fs;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use bank::kernel::database::{Engine, newest_schema};
use serde_json::{Value, json};
use server::commands::backup;
use server::commands::restore::restore;

use crate::backup::{back_up, elsewhere, settle};
use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(
    a_backup_that_does_not_fit_is_refused,
    a_database_that_is_not_new_is_refused,
    a_backup_that_fails_leaves_no_file,
);

/// The lines of a backup without the last.
fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a backup");
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("json")).collect();
    lines.pop();
    lines
}

/// Writes these lines as a backup with the right checksum. `told`: the number of all rows that it tells, if not the right one.
fn write(lines: &[Value], told: Option<usize>, path: &Path) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let rows = told.unwrap_or_else(|| lines.iter().filter(|line| line.is_array()).count());
    let tables = lines.iter().filter(|line| line.get("table").is_some()).count();
    let sum: String = digest(&SHA256, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let last = json!({"tables": tables, "all_rows": rows, "sha256": sum});
    fs::write(path, format!("{text}{last}\n")).expect("written");
}

/// Where the lines of a table begin and end.
fn table(lines: &[Value], name: &str) -> std::ops::RangeInclusive<usize> {
    let begin = lines.iter().position(|line| line["table"] == name).expect("a table");
    let end = begin + lines[begin..].iter().position(|line| line.get("rows").is_some()).expect("its end");
    begin..=end
}

async fn refused(target: &TestBank, file: &Path, why: &str) {
    let error = restore(&target.settings(), target.clock(), file).await.map(|_| ()).expect_err(why);
    assert!(format!("{error:#}").contains(why), "{error:#} instead of {why}");
}

async fn a_backup_that_does_not_fit_is_refused(bank: &TestBank) {
    type Change = fn(&mut Vec<Value>) -> Option<usize>;
    settle(bank).await;
    let whole = lines(&back_up(bank).await);
    let changes: [(&str, Change); 9] = [
        ("has format 2", |lines| {
            lines[0]["lobby_backup"] = json!(2);
            None
        }),
        ("of a later release", |lines| {
            lines[0]["schema"] = json!(newest_schema() + 1);
            None
        }),
        ("there is no table strangers", |lines| {
            let place = *table(lines, "customers").start();
            lines[place]["table"] = json!("strangers");
            None
        }),
        ("table branches has no column", |lines| {
            let place = *table(lines, "branches").start();
            lines[place]["columns"][0] = json!("strange");
            None
        }),
        ("columns instead of", |lines| {
            let place = *table(lines, "branches").start();
            lines[place]["columns"].as_array_mut().expect("columns").pop();
            None
        }),
        ("table suggestions has 0 rows after loading", |lines| {
            let place = table(lines, "suggestions");
            lines.drain(place);
            None
        }),
        ("damaged", |lines| {
            let end = *table(lines, "branches").end();
            lines[end]["rows"] = json!(1_000);
            None
        }),
        ("damaged", |lines| Some(lines.len() * 2)),
        ("damaged", |lines| {
            let header = lines[0].clone();
            lines.insert(1, header);
            None
        }),
    ];
    let file = bank.settings().data.join("changed");
    // As it is, it fits.
    write(&whole, None, &file);
    let target = elsewhere(Engine::Sqlite).await.expect("a folder");
    let (restored, _) = restore(&target.settings(), target.clock(), &file).await.expect("restored");
    restored.db().close().await;
    for (why, change) in changes {
        let mut lines = whole.clone();
        let told = change(&mut lines);
        write(&lines, told, &file);
        let target = elsewhere(Engine::Sqlite).await.expect("a folder");
        refused(&target, &file, why).await;
        // It may have been given its tables, and no row.
        target.bank.db().migrate().await.expect("migrated");
        assert_eq!(target.count("customers").await + target.count("branches").await, 0, "{why}");
    }
}

async fn a_database_that_is_not_new_is_refused(bank: &TestBank) {
    settle(bank).await;
    let file = back_up(bank).await;
    let target = elsewhere(Engine::Sqlite).await.expect("a folder");
    target.bank.db().migrate().await.expect("migrated");
    // One row of one table.
    target.change("INSERT INTO facts (name, value) VALUES ('one', 'row')").await;
    refused(&target, &file, "this database is in use: table facts has rows").await;
    assert_eq!(target.count("customers").await, 0);
    target.change("DELETE FROM facts").await;
    let mut lines = lines(&file);
    lines[0]["schema"] = json!(newest_schema() - 1);
    let older = bank.settings().data.join("older");
    write(&lines, None, &older);
    refused(&target, &older, "its schema is newer than the backup").await;
    assert_eq!(target.count("customers").await, 0);
}

async fn a_backup_that_fails_leaves_no_file(bank: &TestBank) {
    let Some(without_tables) = elsewhere(bank.bank.db().engine()).await else { return };
    let file = without_tables.settings().data.join("none");
    let failed = backup::write(without_tables.bank.db(), &without_tables.clock(), &file).await;
    assert!(failed.is_err() && !file.exists());
    if without_tables.bank.db().engine() == Engine::Postgres {
        without_tables.drop_database().await;
    }
}
