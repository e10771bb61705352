//! `lobby check`: verifies the database against the rules that the bank relies on and prints what is wrong, one line for each
//! finding, without personal data. It changes nothing; the portal may be running. A branch at which nobody may act is a warning: it
//! does not make the command fail.

use anyhow::bail;
use bank::kernel::bank::Bank;
use bank::kernel::catalog::schema;
use bank::kernel::check::examine;
use bank::kernel::database::newest_schema;

use crate::commands::presence;
use crate::config::Settings;
use crate::{host, keys};

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let db = host::open_existing(settings).await?;
    match schema(&mut db.read().await?).await? {
        Some(schema) if schema == newest_schema() => {}
        Some(schema) if schema > newest_schema() => bail!("this database was migrated by a later release of the program"),
        _ => bail!("the schema of this database is not up to date: run `lobby migrate` first"),
    }
    let bank = Bank::new(db, host::clock(None), keys::unverified(&settings.data)?);
    let findings = examine(&bank).await?;
    // Of a database with something wrong they may be unreadable.
    let warnings = if findings.is_empty() { presence::warnings(&bank).await? } else { Vec::new() };
    bank.db().close().await;
    for finding in &findings {
        println!("{finding}");
    }
    for warning in &warnings {
        println!("{warning}");
    }
    match findings.len() {
        0 => println!("Checked: nothing wrong."),
        1 => bail!("1 finding"),
        count => bail!("{count} findings"),
    }
    Ok(())
}
