//! `lobby migrate`: brings the schema up to date and stops.

use crate::config::Settings;
use crate::host;

/// Runs the command.
pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let bank = host::open_bank(settings, host::clock(None)).await?;
    bank.db().close().await;
    println!("The schema is up to date.");
    Ok(())
}
