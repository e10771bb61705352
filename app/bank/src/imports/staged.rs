//! Kinds with many rows: batches are compared with what stands and staged, with ids made and values sealed; then one short
//! transaction of a few statements copies them.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::model::{ImportKind, ImportRefusal, Options, Report, RowFault};
use super::operations::{Lines, faulty, refused, remove_staged};
use super::records;
use crate::customers::{
    AccountEntry, CustomerEntry, Weighed, publish_accounts, publish_customers, stage_accounts, stage_customers, weigh_accounts,
    weigh_customers,
};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::recommendations::{HoldingEntry, publish_holdings, stage_holdings, weigh_holdings};

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
            async move { Ok(records::insert_run(tx, run, kind, key).await?) }.scope_boxed()
        });
        begun.await.map_err(Rejected::into_failure)?;
    }
    let mut report = Report::default();
    let lines = entries.lines();
    let mut batches = Batches { entries, from: 0, accounts: HashMap::new(), ids: HashSet::new() };
    let mut before = 0;
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
        if faults.is_empty() && !options.dry_run {
            stage(bank, kind, &run, &weighed).await?;
        }
        before = done;
        progress(done);
    }
    let outcome = if !faults.is_empty() {
        Err(faulty(faults))
    } else if options.dry_run {
        Ok(report)
    } else if report.first_secrets() > 0 && !options.takes_secrets {
        Err(Rejected::Refused(ImportRefusal::NowhereForSecrets(report.first_secrets())))
    } else {
        publish(bank, kind, &run, key, &report).await.map(|()| report)
    };
    if !options.dry_run {
        remove_staged(bank).await?;
        bank.db().optimize().await?;
    }
    outcome
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

async fn stage(bank: &Bank, kind: ImportKind, run: &str, weighed: &Weighed) -> Result<(), Failure> {
    if weighed.rows.is_empty() && weighed.users.is_empty() {
        return Ok(());
    }
    bank.write::<_, Infallible, _>("stage", |tx| {
        async move {
            match kind {
                ImportKind::Customers => stage_customers(tx, run, weighed).await?,
                ImportKind::Accounts => stage_accounts(tx, run, weighed).await?,
                _ => stage_holdings(tx, run, weighed).await?,
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Makes the staged rows visible. Nothing is parsed or sealed here.
async fn publish(
    bank: &Bank,
    kind: ImportKind,
    run: &str,
    key: Option<i64>,
    report: &Report,
) -> Result<(), Rejected<ImportRefusal>> {
    if !report.changes() {
        return Ok(());
    }
    let published = bank.write("publish_import", |tx| {
        async move {
            // Values sealed before a rotation of the keys must not follow it.
            if records::newest_key(tx).await? != key {
                return Err(Rejected::Refused(ImportRefusal::Outdated));
            }
            records::allow_time(tx).await?;
            // The indexes of many rows are written at random; with SQLite's usual two megabytes this takes twice as long.
            tx.prepare_for_load().await?;
            match kind {
                ImportKind::Customers => publish_customers(tx, run).await?,
                ImportKind::Accounts => publish_accounts(tx, run).await?,
                _ => publish_holdings(tx, run).await?,
            }
            insert_audit(tx, &Actor::operator(), "import", kind.code(), &report.to_string()).await?;
            Ok(())
        }
        .scope_boxed()
    });
    published.await.map_err(|rejected| match rejected {
        // Somebody has entered the same number, or removed what a row refers to, since it was compared.
        Rejected::Unexpected(failure) if failure.breaks_constraint() => Rejected::Refused(ImportRefusal::Outdated),
        other => other,
    })
}
