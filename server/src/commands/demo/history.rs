//! `lobby demo --cases N --seed S`: two years of cases, so that the portal can be tried and measured with a history. They are
//! generated from the seed and the time of loading and inserted in batches, with the rows that the operations would have left:
//! events, clocks, audit entries of the last year, capacity that was used up, the large-cash register. The newest 5,000 wait for
//! an answer. What ages ago was deleted is left out: forms and messages.
//!
//! Reading order: `plan.rs` (how many cases of a kind on which day), `people.rs` (customers and staff), `cash.rs`,
//! `receptions.rs`, `suggestions.rs` (what happened to a case of each kind), `open.rs` (cases that are not finished).

mod cash;
mod open;
mod people;
mod plan;
mod receptions;
mod suggestions;

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::bail;
use bank::appointments::cash::{PastBooking, PastDay, insert_past_bookings, insert_past_days};
use bank::appointments::reception::{PastApplication, Reception, insert_past_applications, insert_reception};
use bank::branches::{Reference, reference};
use bank::cases::{PastCase, fold_counts, insert_past_cases};
use bank::kernel::bank::Bank;
use bank::kernel::database::{Engine, Tx};
use bank::kernel::facts::{find_fact, put_fact};
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::time::{At, Time};
use bank::suggestions::{PastSuggestion, insert_past_suggestions};
use futures_util::future::try_join_all;
use scoped_futures::ScopedFutureExt;
use tokio::sync::watch;

use self::plan::Plan;

/// The fact that holds what was asked for and how far the generation has come.
const HISTORY: &str = "demo_history";

/// Cases per transaction, about.
const BATCH: usize = 20_000;

/// Rows of a batch.
#[derive(Default)]
struct Rows {
    /// The number of days that are inserted once it is; one more than the plan has for the batch of open cases.
    until: usize,
    cases: Vec<PastCase>,
    bookings: Vec<PastBooking>,
    days: Vec<PastDay>,
    receptions: Vec<(Reception, Vec<(Time, i64)>)>,
    applications: Vec<PastApplication>,
    suggestions: Vec<PastSuggestion>,
}

/// What was asked for and when, and how many days of it are inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    cases: usize,
    seed: u64,
    as_of: At,
    days: usize,
}

impl Progress {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(Self {
            cases: parts.next()?.parse().ok()?,
            seed: parts.next()?.parse().ok()?,
            as_of: At(parts.next()?.parse().ok()?),
            days: parts.next()?.parse().ok()?,
        })
    }

    fn text(self) -> String {
        format!("{} {} {} {}", self.cases, self.seed, self.as_of.0, self.days)
    }
}

/// Adds the history to a loaded demo bank, or what is missing of it; returns the number of cases added. Another number or seed
/// than the first time is refused.
pub async fn add(bank: &Bank, cases: u32, seed: u64) -> anyhow::Result<usize> {
    let _one_at_a_time = bank.db().setup_lock().await?;
    let cases = usize::try_from(cases)?;
    let known = find_fact(&mut bank.read().await?, HISTORY).await?;
    let begun = known.as_deref().and_then(Progress::parse);
    let mut progress = begun.unwrap_or(Progress { cases, seed, as_of: bank.now(), days: 0 });
    if (progress.cases, progress.seed) != (cases, seed) {
        bail!("this demo bank has a history already: --cases {} --seed {}", progress.cases, progress.seed);
    }
    let customers = people::add_customers(bank, cases).await?;
    people::add_staff(bank).await?;
    let reference = reference(bank).await?;
    let plan = Arc::new(Plan::new(cases, seed, progress.as_of, reference.clone(), customers));
    let lanes = match bank.db().engine() {
        Engine::Sqlite => 1,
        // A connection to PostgreSQL uses one core.
        Engine::Postgres => 2,
    };
    let mut added = 0;
    let mut coming = generate(&plan, progress.days, lanes);
    while progress.days <= plan.days() {
        let batches = coming.await?;
        let days = batches.last().map_or(progress.days, |rows| rows.until);
        coming = generate(&plan, days, lanes);
        added += insert_side_by_side(bank, &plan, &reference, progress, batches).await?;
        progress.days = days;
        fold_counts(bank).await?;
        tracing::info!(days, of = plan.days(), added, "history");
    }
    bank.db().settle_after_load().await?;
    Ok(added)
}

/// The rows of up to `most` batches from this day on, and at last, alone, a batch for the open cases, which need what is
/// inserted before. Generated while the previous batches are written.
fn generate(plan: &Arc<Plan>, from: usize, most: usize) -> tokio::task::JoinHandle<Vec<Rows>> {
    let plan = plan.clone();
    tokio::task::spawn_blocking(move || {
        // A small history has several batches as well, so that tests meet what a large one meets.
        let batch = BATCH.min(plan.past() / 8 + 1);
        let (mut batches, mut day) = (Vec::new(), from);
        while batches.len() < most && day < plan.days() {
            let mut rows = Rows::default();
            while day < plan.days() && rows.cases.len() < batch {
                cash::day(&plan, day, &mut rows);
                receptions::day(&plan, day, &mut rows);
                suggestions::day(&plan, day, &mut rows);
                day += 1;
            }
            rows.until = day;
            batches.push(rows);
        }
        if batches.is_empty() {
            batches.push(Rows { until: plan.days() + 1, ..Rows::default() });
        }
        batches
    })
}

/// Inserts batches at the same time, each in its transaction. They commit in their order, because [`Progress`] is what a
/// generation that was stopped goes on from.
async fn insert_side_by_side(
    bank: &Bank,
    plan: &Plan,
    reference: &Reference,
    progress: Progress,
    batches: Vec<Rows>,
) -> anyhow::Result<usize> {
    let (mut inserts, mut before) = (Vec::new(), watch::channel(true).1);
    for rows in batches {
        let (committed, this) = watch::channel(false);
        let before = std::mem::replace(&mut before, this);
        inserts.push(async move {
            let added = insert(bank, plan, reference, Progress { days: rows.until, ..progress }, &rows, before).await?;
            committed.send_replace(true);
            anyhow::Ok(added)
        });
    }
    Ok(try_join_all(inserts).await?.into_iter().sum())
}

/// Inserts a batch; commits when `before` is true.
async fn insert(
    bank: &Bank,
    plan: &Plan,
    reference: &Reference,
    progress: Progress,
    rows: &Rows,
    before: watch::Receiver<bool>,
) -> anyhow::Result<usize> {
    let added = bank
        .write::<_, Infallible, _>("demo_history", |tx| {
            let mut before = before.clone();
            async move {
                tx.prepare_for_load().await?;
                let mut added = insert_rows(tx, plan, reference, rows).await?;
                if progress.days > plan.days() {
                    let held = open::hold_bookings(tx, plan).await?;
                    let rows = open::rows(plan, held);
                    added += insert_rows(tx, plan, reference, &rows).await?;
                    open::hold_time(tx, &rows).await?;
                }
                before.wait_for(|committed| *committed).await.map_err(|_| Failure::Host("the batch before failed".to_owned()))?;
                put_fact(tx, HISTORY, &progress.text()).await?;
                Ok(added)
            }
            .scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
    Ok(added)
}

async fn insert_rows(tx: &mut Tx, plan: &Plan, reference: &Reference, rows: &Rows) -> Result<usize, Failure> {
    for (reception, slots) in &rows.receptions {
        insert_reception(tx, reception, slots).await?;
    }
    insert_past_cases(tx, reference, &rows.cases, plan.as_of, plan.as_of.plus_days(-365)).await?;
    insert_past_bookings(tx, &rows.bookings).await?;
    insert_past_days(tx, &rows.days).await?;
    insert_past_applications(tx, &rows.applications).await?;
    insert_past_suggestions(tx, &rows.suggestions).await?;
    Ok(rows.cases.len())
}

#[cfg(test)]
mod tests {
    use super::{At, Progress};

    #[test]
    fn the_progress_is_read_as_it_was_written() {
        let progress = Progress { cases: 1_000, seed: 7, as_of: At(1_764_000_000_000), days: 30 };
        assert_eq!(Progress::parse(&progress.text()), Some(progress));
        assert_eq!(Progress::parse("1000 7"), None);
    }
}
