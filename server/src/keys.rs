//! Loads the sealing keys of an installation and compares the key files in the data folder with the check values in the
//! database. A key is created only for a database without sealed values and by `lobby keys`, never to replace a lost one.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::database::{Conn, Db};
use bank::kernel::seal::{FIRST_KEY, FindKey, Seal};
use bank::keys::{KnownKey, Resealed, holds_sealed, known_keys, opens_unnumbered, register_key, reseal};

use crate::secrets::{self, seal_key};

/// The bank on this database with all its keys. Values under an older key are resealed before it returns.
pub async fn open(db: Db, clock: Arc<dyn Clock>, folder: &Path) -> anyhow::Result<Bank> {
    let _one_at_a_time = db.setup_lock().await?;
    let mut conn = db.read().await?;
    let known = known_keys(&mut conn).await?;
    let seal = if known.is_empty() { first_key(&mut conn, folder).await? } else { ring(&known, folder)? };
    drop(conn);
    let bank = Bank::new(db, clock, seal);
    if known.is_empty() {
        register_key(&bank).await?;
    }
    let done = reseal(&bank, |table, done| tracing::info!(table, values = done.values, "sealing again")).await?;
    if done.unreadable > 0 {
        tracing::error!(values = done.unreadable, "sealed values open under no key and stay as they are");
    }
    Ok(bank)
}

/// The first key of a database without a list of keys. It is created for a new database. For a database of release 0.1.0 it
/// must exist and open the stored values.
async fn first_key(conn: &mut Conn, folder: &Path) -> anyhow::Result<Seal> {
    let name = seal_key(FIRST_KEY);
    let key = if holds_sealed(conn).await? {
        secrets::read(folder, &name)?.with_context(|| missing(FIRST_KEY, folder))?
    } else {
        secrets::load(folder, &name)?
    };
    let seal = Seal::with_keys([(FIRST_KEY, key)], Some(finding(folder)))?;
    if !opens_unnumbered(conn, &seal).await? {
        bail!(exchanged(FIRST_KEY, folder));
    }
    Ok(seal)
}

/// The keys listed in the database, each verified against its check value.
fn ring(known: &[KnownKey], folder: &Path) -> anyhow::Result<Seal> {
    let seal = Seal::with_keys([], Some(finding(folder)))?;
    for key in known {
        let number = key.number;
        let bytes = secrets::read(folder, &seal_key(number))?.with_context(|| missing(number, folder))?;
        seal.add(number, &bytes)?;
        if !key.fits(&seal) {
            bail!(exchanged(number, folder));
        }
    }
    Ok(seal)
}

/// All keys in the folder, read when a value names them. Nothing is verified or created.
pub fn unverified(folder: &Path) -> anyhow::Result<Seal> {
    Ok(Seal::with_keys([], Some(finding(folder)))?)
}

/// Reads a key that another process has created since from the folder.
fn finding(folder: &Path) -> FindKey {
    let folder = folder.to_owned();
    Box::new(move |number| secrets::read(&folder, &seal_key(number)).ok().flatten())
}

fn missing(number: i64, folder: &Path) -> String {
    format!(
        "this database is sealed, and {} is missing in {}: restore it from the backup (a new key could not open what is sealed)",
        seal_key(number),
        folder.display()
    )
}

fn exchanged(number: i64, folder: &Path) -> String {
    format!(
        "{} in {} is not the key this database was sealed with: restore the right one from the backup",
        seal_key(number),
        folder.display()
    )
}

/// Creates the next key without using it, so that it can be copied to other nodes first.
pub fn make_next(bank: &Bank, folder: &Path) -> anyhow::Result<String> {
    let name = seal_key(bank.seal().newest() + 1);
    secrets::load(folder, &name)?;
    Ok(name)
}

/// Reseals everything with the next key (created if missing) while the portal is served. Old keys are kept, because they
/// open backups.
pub async fn rotate(bank: &Bank, folder: &Path, progress: impl FnMut(&str, Resealed) + Send) -> anyhow::Result<Resealed> {
    let _one_at_a_time = bank.db().setup_lock().await?;
    let number = bank.seal().newest() + 1;
    let key = secrets::load(folder, &seal_key(number))?;
    bank.seal().add(number, &key)?;
    register_key(bank).await?;
    Ok(reseal(bank, progress).await?)
}
