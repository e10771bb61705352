//! Kinds with many rows: batches are compared with what stands and staged, with ids made and values sealed. One short
//! transaction decides that all of them will be written (`journal.rs`), or none.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::journal;
use super::model::{ImportKind, ImportRefusal, Options, Report, RowFault};
use super::operations::{Lines, faulty, refused};
use super::records::{self, RunState};
use crate::administration::take_turn;
use crate::customers::{AccountEntry, CustomerEntry, Weighed, stage_accounts, stage_customers, weigh_accounts, weigh_customers};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::recommendations::{HoldingEntry, stage_holdings, weigh_holdings};

/// Rows compared and staged together.
const BATCH: usize = 400;

/// The entries of a file.
pub(super) enum Staged {
    Customers(Lines<CustomerEntry>),
    Accounts(Lines<AccountEntry>),
    Holdings(Lines<HoldingEntry>),
}

impl Staged {
    const fn kind(&self) -> ImportKind {
        match self {
            Self::Customers(_) => ImportKind::Customers,
            Self::Accounts(_) => ImportKind::Accounts,
            Self::Holdings(_) => ImportKind::Holdings,
        }
    }

    fn lines(&self) -> Vec<u64> {
        match self {
            Self::Customers(entries) => entries.iter().map(|(line, _)| *line).collect(),
            Self::Accounts(entries) => entries.iter().map(|(line, _)| *line).collect(),
            Self::Holdings(entries) => entries.iter().map(|(line, _)| *line).collect(),
        }
    }
}

pub(super) async fn import(
    bank: &Bank,
    options: &Options,
    entries: Staged,
    mut faults: Vec<RowFault>,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Report, Rejected<ImportRefusal>> {
    let kind = entries.kind();
    let run = bank.new_id()?;
    let key = records::newest_key(&mut bank.read().await?).await?;
    if !options.dry_run {
        let begun = bank.write::<_, Infallible, _>("begin_import", |tx| {
            let run = &run;
            async move {
                // The indexes of many rows are written at random; with SQLite's usual two megabytes this takes twice as long.
                tx.prepare_for_load().await?;
                Ok(records::insert_run(tx, run, kind, key).await?)
            }
            .scope_boxed()
        });
        begun.await.map_err(Rejected::into_failure)?;
    }
    let mut report = Report::default();
    let lines = entries.lines();
    let mut batches = Batches { entries, from: 0, accounts: HashMap::new(), ids: HashSet::new() };
    let (mut before, mut outdated) = (0, false);
    while let Some((weighed, done)) = batches.next(bank, options).await? {
        for (line, put) in lines.iter().skip(before).zip(&weighed.puts) {
            match put {
                Ok(put) => report.add(*put),
                Err(refusals) => faults.extend(refused(*line, refusals.clone())),
            }
        }
        report.to_invite += weighed.to_invite;
        report.to_renew += weighed.to_renew;
        report.same_id.extend(weighed.same_id.iter().filter_map(|place| lines.get(before + place)));
        if faults.is_empty() && !outdated && !options.dry_run {
            outdated = !stage(bank, kind, &run, &weighed).await?;
        }
        before = done;
        progress(done);
    }
    let outcome = if !faults.is_empty() {
        Err(faulty(faults))
    } else if outdated {
        Err(Rejected::Refused(ImportRefusal::Outdated))
    } else if options.dry_run {
        Ok(report)
    } else if report.first_secrets() > 0 && !options.takes_secrets {
        Err(Rejected::Refused(ImportRefusal::NowhereForSecrets(report.first_secrets())))
    } else {
        decide(bank, kind, &run, key, &report).await.map(|()| report)
    };
    if options.dry_run {
        return outcome;
    }
    let settled = match journal::settle(bank).await {
        Ok(()) => bank.db().optimize().await,
        failed => failed,
    };
    match (outcome, settled) {
        (Ok(_), Err(failure)) => Err(Rejected::Refused(ImportRefusal::Unfinished(failure.to_string()))),
        (outcome, _) => outcome,
    }
}

/// Goes through the entries batch by batch.
struct Batches {
    entries: Staged,
    from: usize,
    /// How many accounts of each customer have been seen: the ids of a demo bank count them.
    accounts: HashMap<String, usize>,
    /// The ID numbers of the customers that have been seen.
    ids: HashSet<String>,
}

impl Batches {
    /// The next batch, compared with what stands, and the number of entries done with it.
    async fn next(&mut self, bank: &Bank, options: &Options) -> Result<Option<(Weighed, usize)>, Failure> {
        let people = &options.people;
        let (weighed, count) = match &self.entries {
            Staged::Customers(entries) => {
                let batch = part(entries, self.from);
                (weigh_customers(bank, &batch, people, &mut self.ids).await?, batch.len())
            }
            Staged::Accounts(entries) => {
                let batch = part(entries, self.from);
                (weigh_accounts(bank, &batch, people, &mut self.accounts).await?, batch.len())
            }
            Staged::Holdings(entries) => {
                let batch = part(entries, self.from);
                (weigh_holdings(bank, &batch).await?, batch.len())
            }
        };
        self.from += count;
        Ok((count > 0).then_some((weighed, self.from)))
    }
}

fn part<E>(entries: &Lines<E>, from: usize) -> Vec<&E> {
    entries.iter().skip(from).take(BATCH).map(|(_, entry)| entry).collect()
}

/// Stages a batch; `false` if somebody has entered one of its new numbers or names since it was compared.
async fn stage(bank: &Bank, kind: ImportKind, run: &str, weighed: &Weighed) -> Result<bool, Failure> {
    if weighed.rows.is_empty() && weighed.users.is_empty() {
        return Ok(true);
    }
    let staged = bank.write("stage", |tx| {
        async move {
            // Those who enter customers and staff take it, too, and ask what is claimed.
            take_turn(tx).await?;
            if records::is_taken(tx, &weighed.claims).await? {
                return Err(Rejected::Refused(()));
            }
            match kind {
                ImportKind::Customers => stage_customers(tx, run, weighed).await?,
                ImportKind::Accounts => stage_accounts(tx, run, weighed).await?,
                _ => stage_holdings(tx, run, weighed).await?,
            }
            Ok(())
        }
        .scope_boxed()
    });
    match staged.await {
        Ok(()) => Ok(true),
        Err(Rejected::Refused(())) => Ok(false),
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}

/// Decides that everything staged is written.
async fn decide(
    bank: &Bank,
    kind: ImportKind,
    run: &str,
    key: Option<i64>,
    report: &Report,
) -> Result<(), Rejected<ImportRefusal>> {
    if !report.changes() {
        return Ok(());
    }
    bank.write("decide_import", |tx| {
        async move {
            take_turn(tx).await?;
            // Values sealed before a rotation of the keys must not follow it. The run is gone if another import has taken the
            // lock of this one.
            let same_key = records::newest_key(tx).await? == key;
            if !same_key || !records::turn_run(tx, run, RunState::Staging, RunState::Decided).await? {
                return Err(Rejected::Refused(ImportRefusal::Outdated));
            }
            insert_audit(tx, &Actor::operator(), "import", kind.code(), &report.to_string()).await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
}
