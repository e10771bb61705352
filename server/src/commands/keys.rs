//! `lobby keys`: creates and rotates the sealing keys while the portal is served.

use anyhow::bail;

use super::KeysCommand;
use crate::config::Settings;
use crate::{host, keys};

pub async fn run(settings: &Settings, command: &KeysCommand) -> anyhow::Result<()> {
    let bank = host::open_bank(settings, host::clock(None)).await?;
    match command {
        KeysCommand::Make => {
            let name = keys::make_next(&bank, &settings.data)?;
            println!("{} is there; nothing is sealed with it yet.", settings.data.join(name).display());
        }
        KeysCommand::Rotate => {
            let told = |table: &str, done: bank::keys::Resealed| println!("{table}: {} values so far", done.values);
            let done = keys::rotate(&bank, &settings.data, told).await?;
            println!("{} values are sealed with key {}.", done.values, bank.seal().newest());
            if done.unreadable > 0 {
                bail!("{} values open under no key and stay as they are", done.unreadable);
            }
        }
    }
    bank.db().close().await;
    Ok(())
}
