//! `lobby migrate`: migrates the database, then exits.

use crate::config::Settings;
use crate::host;

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let bank = host::open_bank(settings, host::clock(None)).await?;
    bank.db().close().await;
    println!("The schema is up to date.");
    Ok(())
}
