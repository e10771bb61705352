//! The sealing keys as the database knows them: a number and a check value each, so that a lost or exchanged key file is
//! noticed before another key seals anything. Resealing brings every value under the newest key, in small transactions; it
//! can be interrupted and continued. The key files belong to the host.
//!
//! Reading order: this file, `records.rs` (rows).

mod records;

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use crate::customers;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{COLUMNS, Column, KEY_CHECK};

/// What the check value of every key says.
const CHECK: &str = "lobby";

/// A key the database knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Its number; the highest seals.
    pub number: i64,
    check: String,
    resealed: bool,
}

impl KnownKey {
    /// Whether this seal holds the key the check value was made with.
    pub fn fits(&self, seal: &Seal) -> bool {
        seal.open(&KEY_CHECK, &self.number.to_string(), &self.check).is_ok_and(|text| text == CHECK)
    }
}

/// What resealing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values that are under the newest key now and were not before.
    pub values: u64,
    /// Values that no key opens; they stay as they are.
    pub unreadable: u64,
}

/// The keys of this database, the oldest first. None: it is new, or of release 0.1.0.
pub async fn known_keys(conn: &mut Conn) -> Result<Vec<KnownKey>, Failure> {
    records::list_keys(conn).await
}

/// Whether anything sealed stands in the database.
pub async fn holds_sealed(conn: &mut Conn) -> Result<bool, Failure> {
    for column in COLUMNS {
        if records::any(conn, column).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this seal opens what a database of release 0.1.0 holds: one value of each column is tried.
pub async fn opens_unnumbered(conn: &mut Conn, seal: &Seal) -> Result<bool, Failure> {
    for column in COLUMNS {
        if let Some(value) =
            records::list_unsettled(conn, column, i64::MAX, 1, &vec![String::new(); column.key.len()]).await?.first()
            && seal.open_any(column, &value.row(), &value.sealed).is_err()
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// States the newest key of the bank's seal with its check value; one that stands already is kept.
pub async fn state_key(bank: &Bank) -> Result<(), Failure> {
    let number = bank.seal().newest();
    let check = bank.seal().seal_with(number, &KEY_CHECK, &number.to_string(), CHECK)?;
    bank.write::<_, Infallible, _>("state_key", |tx| {
        let check = &check;
        async move {
            if records::insert_key(tx, number, check).await? {
                insert_audit(tx, &Actor::system(), "seal_key", &number.to_string(), "ok").await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Brings every sealed value and blind index under the newest key. Done once for each key; breaking it off loses nothing.
/// `progress` is told after every transaction.
pub async fn reseal(bank: &Bank, mut progress: impl FnMut(&str, Resealed) + Send) -> Result<Resealed, Failure> {
    let newest = bank.seal().newest();
    let known = known_keys(&mut bank.read().await?).await?;
    if known.iter().any(|key| key.number == newest && key.resealed) {
        return Ok(Resealed::default());
    }
    let mut done = Resealed::default();
    for column in COLUMNS {
        loop {
            let pass = reseal_column(bank, column, newest, done, &mut progress).await?;
            done.values += pass.values;
            if pass.values == 0 {
                done.unreadable += pass.unreadable;
                break;
            }
            // A server that does not know the newest key yet may have written meanwhile: repeat for what is left.
        }
    }
    let mut after = Some(String::new());
    while let Some(last) = after {
        after = bank
            .write::<_, Infallible, _>("index_customers", |tx| {
                let last = &last;
                async move { Ok(customers::index_some(tx, last, BATCH).await?) }.scope_boxed()
            })
            .await
            .map_err(Rejected::into_failure)?;
    }
    bank.write::<_, Infallible, _>("resealed", |tx| async move { Ok(records::mark_resealed(tx, newest).await?) }.scope_boxed())
        .await
        .map_err(Rejected::into_failure)?;
    Ok(done)
}

/// Values sealed again in one transaction.
const BATCH: i64 = 200;

/// One pass over a column, in the order of its rows.
async fn reseal_column(
    bank: &Bank,
    column: &'static Column,
    newest: i64,
    before: Resealed,
    progress: &mut (impl FnMut(&str, Resealed) + Send),
) -> Result<Resealed, Failure> {
    let mut pass = Resealed::default();
    let mut after = vec![String::new(); column.key.len()];
    loop {
        let (batch, last) = bank
            .write::<_, Infallible, _>("reseal", |tx| {
                let after = &after;
                async move {
                    let found = records::list_unsettled(tx, column, newest, BATCH, after).await?;
                    let mut batch = Resealed::default();
                    for value in &found {
                        let row = value.row();
                        match tx.seal().open_any(column, &row, &value.sealed) {
                            Ok(text) => {
                                let sealed = tx.seal().seal_with(newest, column, &row, &text)?;
                                batch.values += records::replace(tx, column, value, &sealed).await?;
                            }
                            Err(_) => batch.unreadable += 1,
                        }
                    }
                    Ok((batch, found.last().map(records::Value::key)))
                }
                .scope_boxed()
            })
            .await
            .map_err(Rejected::into_failure)?;
        let Some(last) = last else { return Ok(pass) };
        after = last;
        pass.values += batch.values;
        pass.unreadable += batch.unreadable;
        progress(column.table, Resealed { values: before.values + pass.values, ..pass });
    }
}
