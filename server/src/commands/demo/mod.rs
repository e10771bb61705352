//! `lobby demo`: the demo bank 岭南示范银行, in which every journey can be tried at once. All people are invented and share
//! the password [`PASSWORD`]. It is loaded once: on a loaded demo bank the command only adds missing generated customers.
//! A database with other customers is refused.
//!
//! Reading order: `data.rs` (branches, people, products …: data files stored by the importers), `people.rs` (what no file
//! brings), `waiting.rs` (open cases on the desk, filed through the public operations), `receptions.rs` (reception days of the
//! next three weeks, topped up by the worker), `generated.rs` (`--customers`),
//! `history.rs` (`--cases`).

mod data;
mod generated;
mod history;
mod identity;
mod people;
mod receptions;
mod waiting;

use std::convert::Infallible;

use anyhow::{Context as _, bail};
use bank::branches::insert_parameter;
use bank::customers::holds_real_customers;
use bank::founding::{DEMO, FOUNDED};
use bank::kernel::bank::Bank;
use bank::kernel::facts::{find_fact, insert_fact};
use bank::kernel::failure::Rejected;
use bank::kernel::parameters::Demand;
use bank::kernel::time::{At, parse_day};
use bank::sessions::hash_password;
use scoped_futures::ScopedFutureExt;

use crate::config::Settings;
use crate::host;

pub use history::add as add_history;
pub use receptions::top_up;

/// The password of every user.
pub const PASSWORD: &str = "lobby-demo";

/// The fact that the demo cases have been filed as well.
const CASES: &str = "demo_cases";

/// The fact that assessments and pre-qualifications are stored.
const PEOPLE: &str = "demo_people";

/// The result of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Whether the demo bank was loaded by this call; `false`: it existed already.
    pub fresh: bool,
    /// Number of customers added by `--customers`.
    pub customers: usize,
}

pub async fn run(settings: &Settings, customers: u32, cases: u32, seed: u64, now: Option<At>) -> anyhow::Result<()> {
    let bank = host::open_bank(settings, host::clock(now)).await?;
    let loaded = load(&bank, customers).await?;
    let cases = if cases > 0 { add_history(&bank, cases, seed).await? } else { 0 };
    bank.db().close().await;
    println!("{}", if loaded.fresh { "The demo bank is loaded." } else { "The demo bank was loaded before." });
    if loaded.customers > 0 {
        println!("{} customers added.", loaded.customers);
    }
    if cases > 0 {
        println!("{cases} cases added.");
    }
    Ok(())
}

/// Loads what is missing. A lock serialises concurrent calls; the later ones find nothing to do.
pub async fn load(bank: &Bank, customers: u32) -> anyhow::Result<Loaded> {
    let _one_at_a_time = bank.db().setup_lock().await?;
    let mut conn = bank.read().await?;
    if holds_real_customers(&mut conn).await? {
        bail!("this database holds customers who are no demo customers; the demo bank needs a database of its own");
    }
    if find_fact(&mut conn, FOUNDED).await?.is_some() {
        bail!("this database holds a founded bank; the demo bank needs a database of its own");
    }
    let known = find_fact(&mut conn, DEMO).await?.is_some();
    let complete = find_fact(&mut conn, CASES).await?.is_some();
    drop(conn);
    if !complete {
        // First of all, because the published password works as soon as somebody is there.
        state(bank, DEMO).await?;
        offer_second_factor(bank).await?;
        // The importers and the reception plan leave alone what stands, so that an interrupted load can continue.
        load_bank(bank).await?;
        // Cases are filed through the public operations, each under its own key, so that an interrupted load can continue.
        waiting::file(bank).await?;
        state(bank, CASES).await?;
    }
    let customers = generated::add(bank, customers).await?;
    Ok(Loaded { fresh: !known, customers })
}

/// Stores everything except the cases.
async fn load_bank(bank: &Bank) -> anyhow::Result<()> {
    data::store(bank, &hash_password(PASSWORD)?).await?;
    let now = bank.now();
    bank.write::<_, Infallible, _>("load_demo_people", |tx| {
        async move {
            // Its fact and its rows are one, so that they are stored once.
            if insert_fact(tx, PEOPLE, &now.day().to_string()).await? {
                people::insert(tx, now).await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)?;
    top_up(bank).await?;
    Ok(())
}

/// Neither staff nor customers need a second factor, so that everybody can be tried at once.
async fn offer_second_factor(bank: &Bank) -> anyhow::Result<()> {
    let from = parse_day("2020-01-01").context("a day")?;
    bank.write::<_, Infallible, _>("offer_second_factor", |tx| {
        async move {
            for name in ["staff_second_factor", "customer_second_factor"] {
                insert_parameter(tx, name, "", from, Demand::Offered.code()).await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)?;
    Ok(())
}

async fn state(bank: &Bank, fact: &'static str) -> anyhow::Result<()> {
    let now = bank.now();
    bank.write::<_, Infallible, _>("state_fact", |tx| {
        async move { Ok(insert_fact(tx, fact, &now.day().to_string()).await.map(|_| ())?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)?;
    Ok(())
}
