//! Holdings in an import: whole batches are compared with the stored rows and staged; portions of the staged rows are written by
//! one statement.

use std::collections::{HashMap, HashSet};

use sqlx::AssertSqlSafe;

use super::entry::HoldingEntry;
use crate::args;
use crate::customers::{Weighed, ids_by_number};
use crate::imports::{Portion, stage_rows};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Arg, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::Failure;

const HOLDINGS: &[&str] = &["run_id", "fresh", "customer_id", "product_code", "amount", "matures_on"];

type Stored = HashMap<(String, String), (i64, Option<String>)>;

pub(crate) async fn weigh_holdings(bank: &Bank, entries: &[&HoldingEntry]) -> Result<Weighed, Failure> {
    let mut weighed = Weighed::default();
    if entries.is_empty() {
        return Ok(weighed);
    }
    let mut conn = bank.read().await?;
    let products: Vec<(String,)> = conn.fetch_all("SELECT code FROM products", Vec::new()).await?;
    let products: HashSet<String> = products.into_iter().map(|(code,)| code).collect();
    let customers = ids_by_number(&mut conn, &entries.iter().map(|entry| &entry.customer).collect()).await?;
    let mut stored = Stored::new();
    if !customers.is_empty() {
        let places: Vec<String> = (1..=customers.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT customer_id, product_code, amount, matures_on FROM holdings WHERE customer_id IN ({})",
            places.join(", ")
        );
        let rows: Vec<(String, String, i64, Option<String>)> =
            conn.fetch_all(AssertSqlSafe(sql), customers.values().map(Arg::from).collect()).await?;
        stored.extend(rows.into_iter().map(|(customer, product, amount, day)| ((customer, product), (amount, day))));
    }
    drop(conn);
    for entry in entries {
        let customer_id = customers.get(&entry.customer);
        let unknown = [("customer", customer_id.is_none()), ("product", !products.contains(&entry.product))];
        let refusals: Vec<EntryRefusal> = unknown
            .into_iter()
            .filter(|(_, unknown)| *unknown)
            .map(|(column, _)| EntryRefusal { column, rule: EntryRule::UnknownReference })
            .collect();
        let Some(customer_id) = customer_id.filter(|_| refusals.is_empty()) else {
            weighed.puts.push(Err(refusals));
            continue;
        };
        let matures_on = entry.matures_on.map(|day| day.to_string());
        let put = match stored.get(&(customer_id.clone(), entry.product.clone())) {
            None => Put::Inserted,
            Some((amount, day)) if *amount == entry.amount.0 && *day == matures_on => Put::Unchanged,
            Some(_) => Put::Changed,
        };
        weighed.puts.push(Ok(put));
        if put != Put::Unchanged {
            weighed.rows.push(args![put == Put::Inserted, customer_id, &entry.product, entry.amount.0, matures_on]);
        }
    }
    Ok(weighed)
}

pub(crate) async fn stage_holdings(tx: &mut Tx, run: &str, weighed: &Weighed) -> Result<(), Failure> {
    stage_rows(tx, run, "import_holdings", HOLDINGS, &weighed.rows).await
}

pub(crate) async fn write_holdings(tx: &mut Tx, portion: &Portion<'_>) -> Result<(), Failure> {
    let sql = if portion.fresh {
        "INSERT INTO holdings (customer_id, product_code, amount, matures_on, import_run) \
         SELECT customer_id, product_code, amount, matures_on, run_id FROM import_holdings \
         WHERE run_id = $1 AND fresh = $2 AND customer_id <= $3"
    } else {
        "UPDATE holdings SET amount = s.amount, matures_on = s.matures_on FROM import_holdings AS s \
         WHERE s.run_id = $1 AND s.fresh = $2 AND s.customer_id <= $3 \
         AND holdings.customer_id = s.customer_id AND holdings.product_code = s.product_code"
    };
    tx.execute(sql, portion.args()).await?;
    Ok(())
}
