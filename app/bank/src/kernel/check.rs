//! `lobby check`: verifies the rows of a database against the rules that the bank relies on, in one snapshot and with bounded
//! memory, while the portal runs. Each capability declares its own checks beside its records ([`Check`]) and is listed in
//! [`crate::checks`]; this file holds what they share and the checks of the schema.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;

use sqlx::AssertSqlSafe;
use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use super::bank::Bank;
use super::catalog::{foreign_keys, quoted, tables, triggers};
use super::database::{Arg, Conn, Engine};
use super::failure::Failure;
use super::seal::Seal;

/// Findings of one rule that are listed; the others are only counted.
const LISTED: u64 = 20;

/// The checks of a capability.
pub type Check = for<'e> fn(&'e mut Examination<'_>) -> Checking<'e>;

/// The future of a [`Check`].
pub type Checking<'e> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'e>>;

/// Something wrong, without personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub table: String,
    /// The row's id or the number of its case; empty for a finding about the whole table.
    pub row: String,
    /// What is wrong.
    pub rule: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, row, rule } = self;
        if row.is_empty() { write!(f, "{table}: {rule}") } else { write!(f, "{table} {row}: {rule}") }
    }
}

/// The findings so far; of each rule only the first ones are kept.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<Finding>,
    counts: BTreeMap<(String, String), u64>,
}

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, table: &str, row: impl Into<String>, rule: &str) {
        let count = self.counts.entry((table.to_owned(), rule.to_owned())).or_default();
        *count += 1;
        if *count <= LISTED {
            self.kept.push(Finding { table: table.to_owned(), row: row.into(), rule: rule.to_owned() });
        }
    }

    fn finish(self) -> Vec<Finding> {
        let mut findings = self.kept;
        for ((table, rule), count) in self.counts.into_iter().filter(|(_, count)| *count > LISTED) {
            findings.push(Finding { table, row: format!("and {} more rows", count - LISTED), rule });
        }
        findings
    }
}

/// A database under examination.
pub struct Examination<'b> {
    conn: Conn,
    seal: &'b Seal,
    findings: Findings,
}

/// Runs all checks on one snapshot of the database; returns what is wrong.
pub async fn examine(bank: &Bank) -> Result<Vec<Finding>, Failure> {
    let conn = bank.db().snapshot().await?;
    let mut exam = Examination { conn, seal: bank.seal(), findings: Findings::default() };
    check_foreign_keys(&mut exam).await?;
    exam.append_only("audit").await?;
    for check in crate::checks() {
        check(&mut exam).await?;
    }
    Ok(exam.findings.finish())
}

impl Examination<'_> {
    pub fn engine(&self) -> Engine {
        self.conn.engine()
    }

    /// The keys at hand.
    pub fn seal(&self) -> &Seal {
        self.seal
    }

    /// The snapshot.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Adds a finding.
    pub fn find(&mut self, table: &str, row: impl Into<String>, rule: &str) {
        self.findings.add(table, row, rule);
    }

    /// A statement that must select nothing; its only column is the id of a wrong row.
    pub async fn none(&mut self, table: &str, rule: &str, sql: impl Into<String> + Send) -> Result<(), Failure> {
        self.none_with(table, rule, sql, Vec::new()).await
    }

    /// Like [`Self::none`], with values.
    pub async fn none_with(
        &mut self,
        table: &str,
        rule: &str,
        sql: impl Into<String> + Send,
        args: Vec<Arg>,
    ) -> Result<(), Failure> {
        let findings = &mut self.findings;
        let found = |(row,): (String,)| {
            findings.add(table, row, rule);
            Ok(())
        };
        self.conn.for_each(AssertSqlSafe(sql.into()), args, found).await
    }

    /// Passes each selected row to `each` with the keys and the findings.
    pub async fn each<Row>(
        &mut self,
        sql: impl Into<String> + Send,
        mut each: impl FnMut(Row, &Seal, &mut Findings) + Send,
    ) -> Result<(), Failure>
    where
        Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let (findings, seal) = (&mut self.findings, self.seal);
        let passed = |row: Row| {
            each(row, seal, findings);
            Ok(())
        };
        self.conn.for_each(AssertSqlSafe(sql.into()), Vec::new(), passed).await
    }

    /// These triggers must exist, under the names of the engine, and on PostgreSQL be enabled.
    pub async fn triggers(&mut self, table: &str, sqlite: &[&str], postgres: &[&str]) -> Result<(), Failure> {
        let there = triggers(&mut self.conn).await?;
        let names = if self.engine() == Engine::Sqlite { sqlite } else { postgres };
        for name in names.iter().filter(|name| !there.contains_key(**name)) {
            self.find(table, "", &format!("trigger {name} is missing or disabled"));
        }
        Ok(())
    }

    /// The triggers that make a table append-only, and its retention.
    pub async fn append_only(&mut self, table: &str) -> Result<(), Failure> {
        let there = triggers(&mut self.conn).await?;
        let last = if self.engine() == Engine::Sqlite { "no_replace" } else { "no_truncate" };
        for name in ["no_update", "no_delete", last].map(|what| format!("{table}_{what}")) {
            if there.get(&name) != Some(&true) {
                self.find(table, "", &format!("trigger {name} is missing or not always enabled"));
            }
        }
        let sql = "SELECT days FROM retention WHERE table_name = $1";
        let kept: Option<(i64,)> = self.conn.fetch_optional(sql, vec![Arg::from(table)]).await?;
        if kept.is_none() {
            self.find("retention", table, "the retention of this table is missing");
        }
        Ok(())
    }
}

/// Every foreign key has its row, also those written while the database did not enforce them.
async fn check_foreign_keys(exam: &mut Examination<'_>) -> Result<(), Failure> {
    let tables = tables(&mut exam.conn).await?;
    for key in foreign_keys(&mut exam.conn).await? {
        let rule = format!("{} has no row in {}", key.columns.join(", "), key.refers_to);
        if !key.validated {
            exam.find(&key.table, "", &format!("the foreign key {} is not validated", key.columns.join(", ")));
        }
        let Some(table) = tables.iter().find(|table| table.name == key.table) else { continue };
        let set: Vec<String> = key.columns.iter().map(|column| format!("f.{} IS NOT NULL", quoted(column))).collect();
        let same: Vec<String> =
            key.columns.iter().zip(&key.referred).map(|(from, to)| format!("r.{} = f.{}", quoted(to), quoted(from))).collect();
        let id: Vec<String> = table.key().into_iter().map(|column| format!("CAST(f.{} AS TEXT)", quoted(column))).collect();
        let sql = format!(
            "SELECT {} FROM {} f WHERE {} AND NOT EXISTS (SELECT 1 FROM {} r WHERE {})",
            id.join(" || '/' || "),
            quoted(&key.table),
            set.join(" AND "),
            quoted(&key.refers_to),
            same.join(" AND ")
        );
        exam.none(&key.table, &rule, sql).await?;
    }
    Ok(())
}
