//! wip
use crate::config::Settings;
use bank::kernel::{bank::Bank, time::At};
/// x
pub async fn run(_s: &Settings, _c: u32, _n: Option<At>) -> anyhow::Result<()> {
    Ok(())
}
/// x
pub async fn top_up(_b: &Bank) -> anyhow::Result<usize> {
    Ok(0)
}
