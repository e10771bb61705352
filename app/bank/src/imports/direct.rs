//! Kinds with few rows: all entries are stored in one transaction, which is rolled back on a fault or a dry run. Rows that
//! stand already are only read.

use scoped_futures::ScopedFutureExt;

use super::model::{ImportKind, ImportRefusal, Options, People, Report, RowFault};
use super::operations::{Lines, faulty, refused};
use crate::administration::take_turn;
use crate::branches::{BranchEntry, CalendarEntry, HoursEntry, hold_reference, put_branches, put_calendar_day, put_hours};
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::entries::{EntryRefusal, Put};
use crate::kernel::failure::{Failure, Rejected};
use crate::recommendations::{ProductEntry, put_products};
use crate::sessions::{StaffEntry, pending_users, put_demo_staff, put_staff};
use crate::surveys::{SurveyEntry, put_survey};

/// The entries of a file.
pub(super) enum Direct {
    Branches(Lines<BranchEntry>),
    Hours(Lines<HoursEntry>),
    Calendar(Lines<CalendarEntry>),
    Staff(Lines<StaffEntry>),
    Products(Lines<ProductEntry>),
    Surveys(Lines<SurveyEntry>),
}

impl Direct {
    const fn kind(&self) -> ImportKind {
        match self {
            Self::Branches(_) => ImportKind::Branches,
            Self::Hours(_) => ImportKind::Hours,
            Self::Calendar(_) => ImportKind::Calendar,
            Self::Staff(_) => ImportKind::Staff,
            Self::Products(_) => ImportKind::Products,
            Self::Surveys(_) => ImportKind::Surveys,
        }
    }
}

/// How the transaction ended without storing anything.
enum Ended {
    Refused(ImportRefusal),
    Faults(Vec<RowFault>),
    DryRun(Report),
}

pub(super) async fn import(
    bank: &Bank,
    options: &Options,
    entries: &Direct,
    faults: Vec<RowFault>,
) -> Result<Report, Rejected<ImportRefusal>> {
    let stored = bank.write("import", |tx| {
        let faults = faults.clone();
        async move { store(tx, options, entries, faults).await }.scope_boxed()
    });
    match stored.await {
        Ok(report) | Err(Rejected::Refused(Ended::DryRun(report))) => Ok(report),
        Err(Rejected::Refused(Ended::Faults(faults))) => Err(faulty(faults)),
        Err(Rejected::Refused(Ended::Refused(refusal))) => Err(Rejected::Refused(refusal)),
        Err(Rejected::Unexpected(failure)) => Err(Rejected::Unexpected(failure)),
    }
}

async fn store(tx: &mut Tx, options: &Options, entries: &Direct, faults: Vec<RowFault>) -> Result<Report, Rejected<Ended>> {
    if matches!(entries, Direct::Staff(_)) {
        // Who goes and who stays is decided one after another, on pages and here.
        take_turn(tx).await?;
    }
    // Hours and days decide which appointments fall into closed time, staff who answers open cases.
    hold_reference(tx).await?;
    let mut tally = Tally { report: Report::default(), faults };
    match entries {
        Direct::Branches(entries) => {
            let (lines, all): (Vec<u64>, Vec<BranchEntry>) = entries.iter().cloned().unzip();
            tally.add_all(&lines, put_branches(tx, &all).await)?;
        }
        Direct::Products(entries) => {
            let (lines, all): (Vec<u64>, Vec<ProductEntry>) = entries.iter().cloned().unzip();
            tally.add_all(&lines, put_products(tx, &all).await)?;
        }
        Direct::Hours(entries) => {
            for (line, entry) in entries {
                tally.add(*line, put_hours(tx, entry).await)?;
            }
        }
        Direct::Calendar(entries) => {
            for (line, entry) in entries {
                tally.add(*line, put_calendar_day(tx, entry).await.map_err(Rejected::Unexpected))?;
            }
        }
        Direct::Surveys(entries) => {
            for (line, entry) in entries {
                tally.add(*line, put_survey(tx, entry).await)?;
            }
        }
        Direct::Staff(entries) => {
            let now = tx.now();
            let mut moved = Vec::new();
            for (line, entry) in entries {
                let put = match &options.people {
                    People::Real => put_staff(tx, entry).await,
                    People::Demo { password_hash } => put_demo_staff(tx, entry, password_hash).await,
                };
                let put = put.map(|staff| {
                    moved.extend(staff.moved.map(|moved| (*line, moved)));
                    staff.put
                });
                tally.add(*line, put)?;
            }
            for (line, moved) in moved {
                let refusals = moved.refusals(tx, now.day()).await?;
                tally.faults.extend(refused(line, refusals));
            }
            let names: Vec<String> = entries.iter().map(|(_, entry)| entry.sign_in_name.clone()).collect();
            let pending = pending_users(tx, &names, now).await?;
            tally.report.to_invite = pending.len();
            tally.report.to_renew = pending.iter().filter(|user| user.invited).count();
        }
    }
    let Tally { report, faults } = tally;
    if !faults.is_empty() {
        return Err(Rejected::Refused(Ended::Faults(faults)));
    }
    if options.dry_run {
        return Err(Rejected::Refused(Ended::DryRun(report)));
    }
    if report.first_secrets() > 0 && !options.takes_secrets {
        return Err(Rejected::Refused(Ended::Refused(ImportRefusal::NowhereForSecrets(report.first_secrets()))));
    }
    if report.changes() {
        insert_audit(tx, &Actor::operator(), "import", entries.kind().code(), &report.to_string()).await?;
    }
    Ok(report)
}

/// Counts what was stored and collects faults.
struct Tally {
    report: Report,
    faults: Vec<RowFault>,
}

impl Tally {
    fn add(&mut self, line: u64, put: Result<Put, Rejected<Vec<EntryRefusal>>>) -> Result<(), Failure> {
        match put {
            Ok(put) => self.report.add(put),
            Err(Rejected::Refused(refusals)) => self.faults.extend(refused(line, refusals)),
            Err(Rejected::Unexpected(failure)) => return Err(failure),
        }
        Ok(())
    }

    fn add_all(&mut self, lines: &[u64], puts: Result<Vec<Put>, Rejected<Vec<(usize, EntryRefusal)>>>) -> Result<(), Failure> {
        match puts {
            Ok(puts) => puts.into_iter().for_each(|put| self.report.add(put)),
            Err(Rejected::Refused(refusals)) => {
                for (place, refusal) in refusals {
                    self.faults.extend(refused(lines.get(place).copied().unwrap_or_default(), vec![refusal]));
                }
            }
            Err(Rejected::Unexpected(failure)) => return Err(failure),
        }
        Ok(())
    }
}
