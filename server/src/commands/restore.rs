//! `lobby restore`: loads a backup into a new database of either engine, all of it or nothing, brings it up to date and checks
//! it. The key files must be in the data folder first.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use bank::kernel::archive;
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::catalog::schema;
use bank::kernel::check::{Finding, examine};
use bank::kernel::database::newest_schema;
use bank::kernel::failure::Rejected;

use crate::config::Settings;
use crate::host::{self, NOT_MIGRATED};
use crate::keys;

/// Bytes buffered between the file and the database.
const BUFFER: usize = 1 << 18;

pub async fn run(settings: &Settings, from: &Path) -> anyhow::Result<()> {
    let (bank, findings) = restore(settings, host::clock(None), from).await?;
    bank.db().close().await;
    println!("The backup is restored.");
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("the restored bank has {} findings; it had them when it was backed up", findings.len());
    }
    println!("Checked: nothing wrong.");
    Ok(())
}

/// Restores a backup into the configured database, which must hold nothing. Returns the bank and what a check finds in it.
pub async fn restore(settings: &Settings, clock: Arc<dyn Clock>, from: &Path) -> anyhow::Result<(Bank, Vec<Finding>)> {
    let open = || Ok(BufReader::with_capacity(BUFFER, File::open(from)?));
    let unreadable = || format!("{}", from.display());
    let (header, _) = archive::verify(open().with_context(unreadable)?).with_context(unreadable)?;
    if header.schema > newest_schema() {
        bail!("this backup is of a later release of the program");
    }
    let db = host::open_database(settings).await?;
    if schema(&mut db.read().await?).await?.is_some_and(|there| there > header.schema) {
        bail!("this database is in use: its schema is newer than the backup. A backup is restored into a new database");
    }
    db.migrate_to(header.schema).await.context(NOT_MIGRATED)?;
    let bank = Bank::new(db.clone(), clock.clone(), keys::unverified(&settings.data)?);
    archive::load(&bank, open).await.map_err(|rejected| match rejected {
        Rejected::Refused(refused) => anyhow::Error::new(refused),
        Rejected::Unexpected(failure) => failure.into(),
    })?;
    db.migrate().await.context(NOT_MIGRATED)?;
    let bank = keys::open(db, clock, &settings.data).await?;
    bank.db().optimize().await?;
    let findings = examine(&bank).await?;
    Ok((bank, findings))
}
