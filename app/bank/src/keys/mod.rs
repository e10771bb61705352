//! The database's list of sealing keys: a number and a check value for each, so that a lost or exchanged key file is noticed
//! before another key seals anything. Resealing moves all values to the newest key in small transactions; it can be
//! interrupted and continued. The host manages the key files.
//!
//! Reading order: this file, `records.rs` (rows).

mod check_records;
mod records;

use std::convert::Infallible;

pub(crate) use check_records::check;

use scoped_futures::ScopedFutureExt;

use crate::administration::take_turn;
use crate::customers;
use crate::imports::finish_decided;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{COLUMNS, KEY_CHECK, SealedColumn};

/// Plaintext of every check value.
const CHECK: &str = "lobby";

/// A key listed in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The highest number seals.
    pub number: i64,
    check: String,
    resealed: bool,
}

impl KnownKey {
    /// Whether this seal holds the key that made the check value.
    pub fn fits(&self, seal: &Seal) -> bool {
        seal.open(&KEY_CHECK, &self.number.to_string(), &self.check).is_ok_and(|text| text == CHECK)
    }
}

/// The result of resealing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Values resealed under the newest key.
    pub values: u64,
    /// Values that no key opens; they are left unchanged.
    pub unreadable: u64,
}

/// The keys of this database, the oldest first. Empty for a new database or one of release 0.1.0.
pub async fn known_keys(conn: &mut Conn) -> Result<Vec<KnownKey>, Failure> {
    records::list_keys(conn).await
}

/// Whether the database holds any sealed value.
pub async fn holds_sealed(conn: &mut Conn) -> Result<bool, Failure> {
    for column in COLUMNS {
        if records::any(conn, column).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this seal opens the values of a database of release 0.1.0; one value of each column is tried.
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

/// Lists the newest key of the bank's seal with its check value, unless it is listed already.
pub async fn register_key(bank: &Bank) -> Result<(), Failure> {
    let number = bank.seal().newest();
    let check = bank.seal().seal_with(number, &KEY_CHECK, &number.to_string(), CHECK)?;
    bank.write::<_, Infallible, _>("register_key", |tx| {
        let check = &check;
        async move {
            // An import takes it when it decides: it either sees this key, or is seen by whoever reseals.
            take_turn(tx).await?;
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

/// Reseals all values and blind indexes under the newest key, once per key. It may be interrupted at any time. `progress`
/// is called after every transaction.
pub async fn reseal(bank: &Bank, mut progress: impl FnMut(&str, Resealed) + Send) -> Result<Resealed, Failure> {
    let newest = bank.seal().newest();
    let known = known_keys(&mut bank.read().await?).await?;
    if known.iter().any(|key| key.number == newest && key.resealed) {
        return Ok(Resealed::default());
    }
    // What an import has decided is sealed with the key before.
    finish_decided(bank).await?;
    let mut done = Resealed::default();
    for column in COLUMNS {
        loop {
            let pass = reseal_column(bank, column, newest, done, &mut progress).await?;
            done.values += pass.values;
            if pass.values == 0 {
                done.unreadable += pass.unreadable;
                break;
            }
            // A server that has not loaded the newest key yet may have written in between: repeat for those values.
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
    let mut after = Some(String::new());
    while let Some(last) = after {
        after = bank
            .write::<_, Infallible, _>("index_accounts", |tx| {
                let last = &last;
                async move { Ok(customers::index_some_accounts(tx, last, BATCH).await?) }.scope_boxed()
            })
            .await
            .map_err(Rejected::into_failure)?;
    }
    bank.write::<_, Infallible, _>("resealed", |tx| async move { Ok(records::mark_resealed(tx, newest).await?) }.scope_boxed())
        .await
        .map_err(Rejected::into_failure)?;
    Ok(done)
}

/// Values resealed per transaction.
const BATCH: i64 = 200;

/// One pass over a column, ordered by primary key.
async fn reseal_column(
    bank: &Bank,
    column: &'static SealedColumn,
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
