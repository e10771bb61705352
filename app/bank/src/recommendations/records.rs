//! Rows of `products`, `assessments`, `holdings`, `prequalifications`, `declined_products` and `gate_decisions`.
//! Only the functions that load a bank are public (the demo bank; later the core-banking system).

use std::collections::HashMap;
use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, FromRow};

use super::facts::{Assessment, Declined, Holding};
use super::gate::{Outcome, Verdict};
use super::inputs::Inputs;
use super::model::{Product, ProductCode};
use crate::args;
use crate::imports::published;
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};

/// Inserts a product; `position`, from 1, is its place in every fixed order.
pub async fn insert_product(tx: &mut Tx, position: i64, product: &Product) -> Result<(), Failure> {
    let sql = "INSERT INTO products (code, position, definition) VALUES ($1, $2, $3)";
    let definition = serde_json::to_string(product).map_err(|e| Failure::stored("products.definition", e))?;
    tx.execute(sql, args![product.code.as_str(), position, definition]).await?;
    Ok(())
}

/// Stores an assessment made at a branch; `id` is a new identifier.
pub async fn insert_assessment(tx: &mut Tx, id: &str, customer_id: &str, assessment: &Assessment) -> Result<(), Failure> {
    let sql = "INSERT INTO assessments (id, customer_id, level, assessed_on, definition) VALUES ($1, $2, $3, $4, $5)";
    let definition = serde_json::to_string(assessment).map_err(|e| Failure::stored("assessments.definition", e))?;
    tx.execute(sql, args![id, customer_id, assessment.level.code(), assessment.assessed_on.to_string(), definition]).await?;
    Ok(())
}

/// Stores a customer's holding of a product, in fen.
pub async fn insert_holding(
    tx: &mut Tx,
    customer_id: &str,
    product: &ProductCode,
    amount: Fen,
    matures_on: Option<Day>,
) -> Result<(), Failure> {
    let sql = "INSERT INTO holdings (customer_id, product_code, amount, matures_on) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, args![customer_id, product.as_str(), amount.0, matures_on.map(|day| day.to_string())]).await?;
    Ok(())
}

/// Stores that the bank has pre-qualified a customer for a loan or card.
pub async fn insert_prequalification(tx: &mut Tx, customer_id: &str, product: &ProductCode) -> Result<(), Failure> {
    let sql = "INSERT INTO prequalifications (customer_id, product_code) VALUES ($1, $2)";
    tx.execute(sql, args![customer_id, product.as_str()]).await?;
    Ok(())
}

fn json<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|e| Failure::stored(what, e))
}

/// All products in fixed order.
pub(super) async fn list_products(conn: &mut Conn) -> Result<Vec<Product>, Failure> {
    let rows: Vec<(String,)> = conn.fetch_all("SELECT definition FROM products ORDER BY position", Vec::new()).await?;
    rows.iter().map(|(definition,)| json("products.definition", definition)).collect()
}

/// The names of all products, in both languages.
pub(crate) async fn product_names(conn: &mut Conn) -> Result<Vec<String>, Failure> {
    let products = list_products(conn).await?;
    Ok(products.into_iter().flat_map(|product| [product.name.zh, product.name.en]).collect())
}

/// The customer's latest assessment, valid or not.
pub(super) async fn latest_assessment(conn: &mut Conn, customer_id: &str) -> Result<Option<Assessment>, Failure> {
    let sql = "SELECT definition FROM assessments WHERE customer_id = $1 ORDER BY assessed_on DESC, id DESC LIMIT 1";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![customer_id]).await?;
    row.map(|(definition,)| json("assessments.definition", &definition)).transpose()
}

#[derive(FromRow)]
struct HoldingRow {
    product_code: String,
    amount: i64,
    matures_on: Option<String>,
}

/// The customer's holdings with their amounts.
pub(super) async fn list_holdings(
    conn: &mut Conn,
    customer_id: &str,
    products: &[Product],
) -> Result<Vec<(Holding, Fen)>, Failure> {
    let sql = format!(
        "SELECT product_code, amount, matures_on FROM holdings h WHERE customer_id = $1 AND {} ORDER BY product_code",
        published("h")
    );
    let rows: Vec<HoldingRow> = conn.fetch_all(AssertSqlSafe(sql), args![customer_id]).await?;
    rows.into_iter()
        .map(|row| {
            let product = products.iter().find(|product| product.code.as_str() == row.product_code);
            let product = product.ok_or_else(|| Failure::stored("holdings.product_code", &row.product_code))?;
            let matures_on = row.matures_on.map(|day| day.parse().map_err(|e| Failure::stored("holdings.matures_on", e)));
            let holding = Holding { product: product.code.clone(), kind: product.kind, matures_on: matures_on.transpose()? };
            Ok((holding, Fen(row.amount)))
        })
        .collect()
}

/// Credit products the customer is pre-qualified for.
pub(super) async fn list_prequalified(conn: &mut Conn, customer_id: &str) -> Result<Vec<ProductCode>, Failure> {
    let sql = "SELECT product_code FROM prequalifications WHERE customer_id = $1 ORDER BY product_code";
    let rows: Vec<(String,)> = conn.fetch_all(sql, args![customer_id]).await?;
    Ok(rows.into_iter().map(|(code,)| ProductCode(code)).collect())
}

/// Declined products, the latest first.
pub(super) async fn list_declined(conn: &mut Conn, customer_id: &str) -> Result<Vec<Declined>, Failure> {
    let sql =
        "SELECT product_code, declined_at FROM declined_products WHERE customer_id = $1 ORDER BY declined_at DESC, product_code";
    let rows: Vec<(String, i64)> = conn.fetch_all(sql, args![customer_id]).await?;
    Ok(rows.into_iter().map(|(code, at)| Declined { product: ProductCode(code), on: At(at).day() }).collect())
}

/// Stores a decline; repeating it restarts the period.
pub(super) async fn upsert_declined(tx: &mut Tx, customer_id: &str, code: &ProductCode, now: At) -> Result<(), Failure> {
    let sql = "INSERT INTO declined_products (customer_id, product_code, declined_at) VALUES ($1, $2, $3) \
               ON CONFLICT (customer_id, product_code) DO UPDATE SET declined_at = excluded.declined_at";
    tx.execute(sql, args![customer_id, code.as_str(), now.0]).await?;
    Ok(())
}

/// Removes a decline; `false` if there was none.
pub(super) async fn delete_declined(tx: &mut Tx, customer_id: &str, code: &ProductCode) -> Result<bool, Failure> {
    let sql = "DELETE FROM declined_products WHERE customer_id = $1 AND product_code = $2";
    Ok(tx.execute(sql, args![customer_id, code.as_str()]).await? == 1)
}

/// A recorded decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredDecision {
    pub(super) admitted: bool,
    pub(super) rule: String,
    pub(super) rule_version: String,
    pub(super) inputs: Inputs,
}

impl StoredDecision {
    /// The record of a verdict. An admission has an empty rule.
    pub(super) fn of(verdict: &Verdict) -> Self {
        Self {
            admitted: verdict.admits(),
            rule: match verdict.outcome {
                Outcome::Admitted => String::new(),
                Outcome::Refused(rule) => rule.code().to_owned(),
            },
            rule_version: verdict.rule_version.clone(),
            inputs: verdict.inputs,
        }
    }
}

#[derive(FromRow)]
struct DecisionRow {
    product_code: String,
    admitted: bool,
    rule: String,
    rule_version: String,
    inputs: String,
}

/// The latest decision on each product for this customer. A row written by an older version of [`Inputs`] is skipped, so
/// that the next decision is appended.
pub(super) async fn list_decisions(conn: &mut Conn, customer_id: &str) -> Result<HashMap<ProductCode, StoredDecision>, Failure> {
    let sql = "SELECT product_code, admitted, rule, rule_version, inputs FROM gate_decisions d WHERE customer_id = $1 AND at = \
               (SELECT MAX(e.at) FROM gate_decisions e WHERE e.customer_id = d.customer_id AND e.product_code = d.product_code)";
    let rows: Vec<DecisionRow> = conn.fetch_all(sql, args![customer_id]).await?;
    let read = |row: DecisionRow| {
        let inputs = serde_json::from_str(&row.inputs).ok()?;
        let kept = StoredDecision { admitted: row.admitted, rule: row.rule, rule_version: row.rule_version, inputs };
        Some((ProductCode(row.product_code), kept))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Appends decisions in one statement.
pub(super) async fn append_decisions(tx: &mut Tx, customer_id: &str, verdicts: &[&Verdict], now: At) -> Result<(), Failure> {
    if verdicts.is_empty() {
        return Ok(());
    }
    let mut values = String::new();
    let mut args = args![customer_id, now.0];
    for verdict in verdicts {
        let kept = StoredDecision::of(verdict);
        let inputs = serde_json::to_string(&kept.inputs).map_err(|e| Failure::stored("gate_decisions.inputs", e))?;
        let comma = if values.is_empty() { "" } else { ", " };
        let n = args.len();
        // Writing to a String cannot fail. Only placeholders are formatted into the SQL.
        let places = [n + 1, n + 2, n + 3, n + 4, n + 5, n + 6].map(|place| format!("${place}")).join(", ");
        let _ = write!(values, "{comma}($1, CAST($2 AS BIGINT), {places})");
        args.extend([Arg::from(tx.new_id()?), Arg::from(verdict.product.as_str()), Arg::from(kept.admitted)]);
        args.extend([Arg::from(&kept.rule), Arg::from(&kept.rule_version), Arg::from(&inputs)]);
    }
    let sql = format!(
        "INSERT INTO gate_decisions (customer_id, at, id, product_code, admitted, rule, rule_version, inputs) VALUES {values}"
    );
    tx.execute(AssertSqlSafe(sql), args).await?;
    Ok(())
}
