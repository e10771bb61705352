//! Entries become rows of `products`: inserted, or changed under their key. Holdings come by import only (`import_records.rs`).

use std::collections::BTreeSet;

use super::entry::ProductEntry;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::{Failure, Rejected};

/// The stored product as an entry.
pub async fn find_product_entry(conn: &mut Conn, code: &str) -> Result<Option<ProductEntry>, Failure> {
    let sql = "SELECT position, definition FROM products WHERE code = $1";
    let row: Option<(i64, String)> = conn.fetch_optional(sql, args![code]).await?;
    row.map(|(position, definition)| {
        let product = serde_json::from_str(&definition).map_err(|e| Failure::stored("products.definition", e))?;
        Ok(ProductEntry { position, product })
    })
    .transpose()
}

/// Inserts or changes products, which may exchange their positions. Each refusal comes with the place of its
/// entry.
pub async fn put_products(tx: &mut Tx, entries: &[ProductEntry]) -> Result<Vec<Put>, Rejected<Vec<(usize, EntryRefusal)>>> {
    let mut puts = Vec::with_capacity(entries.len());
    for entry in entries {
        let code = entry.product.code.as_str();
        let stored = find_product_entry(tx, code).await?;
        puts.push(match &stored {
            None => Put::Inserted,
            Some(stored) if stored == entry => Put::Unchanged,
            Some(_) => Put::Changed,
        });
        if stored.is_some_and(|stored| stored.position != entry.position) {
            // Makes room, so that the unique positions can be exchanged one after the other.
            tx.execute("UPDATE products SET position = -position - 1 WHERE code = $1", args![code]).await?;
        }
    }
    let (mut positions, mut refusals) = (BTreeSet::new(), Vec::new());
    for (place, (entry, put)) in entries.iter().zip(&puts).enumerate() {
        let code = entry.product.code.as_str();
        let taken = "SELECT code FROM products WHERE position = $1 AND code <> $2";
        let other: Option<(String,)> = tx.fetch_optional(taken, args![entry.position, code]).await?;
        if other.is_some() || !positions.insert(entry.position) {
            refusals.push((place, EntryRefusal { column: "position", rule: EntryRule::AlreadyUsed }));
        } else if *put != Put::Unchanged {
            let definition = serde_json::to_string(&entry.product).map_err(|e| Failure::stored("products.definition", e))?;
            let sql = "INSERT INTO products (code, position, definition) VALUES ($1, $2, $3) \
                       ON CONFLICT (code) DO UPDATE SET position = excluded.position, definition = excluded.definition";
            tx.execute(sql, args![code, entry.position, definition]).await?;
        }
    }
    if refusals.is_empty() { Ok(puts) } else { Err(Rejected::Refused(refusals)) }
}

/// All products in their fixed order.
pub(super) async fn list_entries(conn: &mut Conn) -> Result<Vec<ProductEntry>, Failure> {
    let rows: Vec<(i64, String)> =
        conn.fetch_all("SELECT position, definition FROM products ORDER BY position", Vec::new()).await?;
    let read = |(position, definition): (i64, String)| {
        let product = serde_json::from_str(&definition).map_err(|e| Failure::stored("products.definition", e))?;
        Ok(ProductEntry { position, product })
    };
    rows.into_iter().map(read).collect()
}

/// The number of customers to whom the gate admitted a product when it last decided.
pub(super) async fn count_admitted(conn: &mut Conn, code: &str) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM gate_decisions d WHERE d.product_code = $1 AND d.admitted = TRUE AND d.at = \
               (SELECT MAX(e.at) FROM gate_decisions e WHERE e.customer_id = d.customer_id AND e.product_code = d.product_code)";
    let (count,): (i64,) = conn.fetch_one(sql, args![code]).await?;
    Ok(count)
}
