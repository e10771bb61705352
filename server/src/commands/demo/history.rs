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
use bank::kernel::database::Tx;
use bank::kernel::facts::{find_fact, put_fact};
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::time::{At, Time};
use bank::suggestions::{PastSuggestion, insert_past_suggestions};
use scoped_futures::ScopedFutureExt;

use self::plan::Plan;

/// The fact that holds what was asked for and how far the generation has come.
const HISTORY: &str = "demo_history";

/// Cases per transaction, about.
const BATCH: usize = 20_000;

/// Rows of a batch.
#[derive(Default)]
struct Rows {
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
    let mut added = 0;
    let mut coming = generate(&plan, progress.days);
    while progress.days <= plan.days() {
        let (rows, days) = coming.await?;
        coming = generate(&plan, days);
        // The last batch includes the open cases.
        let last = days > plan.days();
        added += insert(bank, &plan, &reference, Progress { days, ..progress }, rows, last).await?;
        progress.days = days;
        fold_counts(bank).await?;
        tracing::info!(days, of = plan.days(), added, "history");
    }
    bank.db().settle_after_load().await?;
    Ok(added)
}

/// The rows of about one batch from this day on, and the day after its last. Generated while the previous batch is written.
fn generate(plan: &Arc<Plan>, from: usize) -> tokio::task::JoinHandle<(Rows, usize)> {
    let plan = plan.clone();
    tokio::task::spawn_blocking(move || {
        let (mut rows, mut day) = (Rows::default(), from);
        while day < plan.days() && rows.cases.len() < BATCH {
            cash::day(&plan, day, &mut rows);
            receptions::day(&plan, day, &mut rows);
            suggestions::day(&plan, day, &mut rows);
            day += 1;
        }
        // One step beyond the last day stands for the open cases.
        (rows, if day == plan.days() { day + 1 } else { day })
    })
}

async fn insert(
    bank: &Bank,
    plan: &Plan,
    reference: &Reference,
    progress: Progress,
    rows: Rows,
    last: bool,
) -> anyhow::Result<usize> {
    let added = bank
        .write::<_, Infallible, _>("demo_history", |tx| {
            let rows = &rows;
            async move {
                tx.prepare_for_load().await?;
                let mut added = insert_rows(tx, plan, reference, rows).await?;
                if last {
                    let held = open::hold_bookings(tx, plan).await?;
                    let rows = open::rows(plan, held);
                    added += insert_rows(tx, plan, reference, &rows).await?;
                    open::hold_time(tx, &rows).await?;
                }
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
