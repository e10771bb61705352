//! `lobby import KIND FILE`: rows of a CSV or JSON file become rows of the bank, all of them or none (docs/import.md), while
//! the portal is served. Faults are reported by line, column and rule, never by the value.
//!
//! Reading order: this file, `sheet.rs` (files to rows), `codes.rs` (secrets of new people to a file).

mod codes;
pub mod sheet;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context, bail};
use bank::imports::{Fault, ImportKind, ImportRefusal, Options, People, Report, RowFault, import, invite};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use clap::{Args, ValueEnum};

use self::codes::Codes;
use self::sheet::Sheet;
use super::presence;
use crate::config::Settings;
use crate::host;

/// Faults printed; their number is always printed.
const FAULTS_SHOWN: usize = 50;

/// Width of the progress bar, characters.
const BAR: usize = 40;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Csv,
    Json,
}

/// The arguments of `lobby import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// branches, hours, calendar, staff, customers, accounts, products, holdings or surveys
    #[arg(value_parser = kind)]
    pub kind: ImportKind,
    /// The file, in UTF-8
    pub file: PathBuf,
    /// Format of the file (default: by its ending)
    #[arg(long)]
    pub format: Option<Format>,
    /// Says what would happen, and stores nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Writes the activation links and codes of new people to this new file, which only its owner can read
    #[arg(long, value_name = "FILE")]
    pub codes: Option<PathBuf>,
}

fn kind(code: &str) -> Result<ImportKind, String> {
    let kinds = || ImportKind::ALL.map(ImportKind::code).join(", ");
    ImportKind::parse(code).ok_or_else(|| format!("the kinds are {}", kinds()))
}

pub async fn run(settings: &Settings, args: &ImportArgs) -> anyhow::Result<()> {
    let format = match (args.format, args.file.extension().and_then(|ending| ending.to_str())) {
        (Some(format), _) => format,
        (None, Some("csv")) => Format::Csv,
        (None, Some("json")) => Format::Json,
        _ => bail!("say --format csv or --format json: the file's ending is neither"),
    };
    let bytes = std::fs::read(&args.file).with_context(|| format!("{} cannot be read", args.file.display()))?;
    let sheet = match format {
        Format::Csv => sheet::read_csv(args.kind, &bytes),
        Format::Json => sheet::read_json(args.kind, &bytes),
    }?;
    let bank = host::open_bank(settings, host::clock(None)).await?;
    let demo = host::is_demo(&bank).await? && args.kind == ImportKind::Customers;
    let outcome = if demo {
        // Everybody knows the passwords of a demo bank.
        Err(anyhow::anyhow!("this is a demo bank; real customers need a bank of their own (`lobby init`)"))
    } else {
        store(settings, &bank, args, sheet).await
    };
    bank.db().close().await;
    outcome
}

async fn store(settings: &Settings, bank: &Bank, args: &ImportArgs, sheet: Sheet) -> anyhow::Result<()> {
    let codes = match &args.codes {
        Some(path) if args.kind.has_people() && !args.dry_run => Some(Codes::create(path, &settings.public_origin)?),
        _ => None,
    };
    let options = Options { people: People::Real, dry_run: args.dry_run, takes_secrets: codes.is_some() };
    let total = sheet.rows.len();
    let outcome = import(bank, args.kind, &sheet.rows, sheet.faults, &options, &|done| show_progress(done, total)).await;
    end_progress(total);
    let report = match outcome {
        Ok(report) => report,
        Err(rejected) => {
            if let Some(codes) = codes {
                codes.finish()?;
            }
            return Err(refused(args.kind, rejected));
        }
    };
    say(args, &report);
    if let Some(codes) = codes {
        let invited = invite(bank, args.kind, &sheet.rows, &codes).await;
        let kept = codes.finish()?;
        let invited = invited.context("the rows are stored, but not everybody has a secret; import the same file again")?;
        if let Some(path) = kept {
            let people = counted(invited, "person", "people");
            println!("{people} can set a password; the secrets are in {}.", path.display());
            if let Some(note) = settings.public_origin.links_note().filter(|_| args.kind == ImportKind::Staff) {
                println!("{note}");
            }
        }
    }
    if matches!(args.kind, ImportKind::Branches | ImportKind::Staff) && !args.dry_run {
        for warning in presence::warnings(bank).await? {
            println!("{warning}");
        }
    }
    Ok(())
}

fn say(args: &ImportArgs, report: &Report) {
    let kind = args.kind.code();
    if args.dry_run {
        println!("{kind}: {report}; this was a dry run, nothing is stored.");
        if report.to_invite > 0 {
            println!("{} would need an activation: give --codes FILE.", counted(report.to_invite, "person", "people"));
        }
    } else {
        println!("{kind}: {report}.");
        if report.to_renew > 0 && args.codes.is_none() {
            let people = counted(report.to_renew, "person has", "people have");
            println!("{people} no password and no valid link or code any more; --codes FILE makes new ones.");
        }
    }
    if let Some(warning) = same_id(&report.same_id) {
        println!("{warning}");
    }
}

/// The rows whose ID number another customer has. They are no fault: one person may rightly have two numbers.
fn same_id(lines: &[u64]) -> Option<String> {
    let shown: Vec<String> = lines.iter().take(FAULTS_SHOWN).map(ToString::to_string).collect();
    let (last, more) = (shown.join(", "), if lines.len() > FAULTS_SHOWN { " …" } else { "" });
    let rows = counted(lines.len(), "row has", "rows have");
    (!lines.is_empty()).then(|| {
        format!("Warning: {rows} the ID number of another customer, line {last}{more}. Check that they are not mistakes.")
    })
}

/// `1 fault`, `2 faults`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn refused(kind: ImportKind, rejected: Rejected<ImportRefusal>) -> anyhow::Error {
    match rejected {
        Rejected::Unexpected(failure) => anyhow::Error::from(failure).context("nothing was imported"),
        Rejected::Refused(ImportRefusal::Busy) => {
            anyhow::anyhow!("another import is running on this database; nothing was imported")
        }
        Rejected::Refused(ImportRefusal::Outdated) => {
            anyhow::anyhow!("the bank has changed while the file was read; nothing was imported, import it again")
        }
        Rejected::Refused(ImportRefusal::Unfinished(failure)) => anyhow::anyhow!(
            "all rows will be imported, but this command could not finish it: {failure}. A running portal goes on within a minute, \
             and so does the next import; then import the same file again"
        ),
        Rejected::Refused(ImportRefusal::NowhereForSecrets(people)) => anyhow::anyhow!(
            "{} an activation link or code: give --codes FILE, where they are written to; nothing was imported",
            counted(people, "person needs", "people need")
        ),
        Rejected::Refused(ImportRefusal::Faults(faults)) => {
            tell_faults(kind, &faults);
            anyhow::anyhow!("nothing was imported: {}", counted(faults.len(), "fault", "faults"))
        }
    }
}

fn tell_faults(kind: ImportKind, faults: &[RowFault]) {
    for fault in faults.iter().take(FAULTS_SHOWN) {
        eprintln!("{fault}");
    }
    if faults.len() > FAULTS_SHOWN {
        eprintln!("… and {} more", faults.len() - FAULTS_SHOWN);
    }
    if faults.iter().any(|fault| matches!(fault.fault, Fault::Columns { .. })) {
        eprintln!("The columns of {} are, in any order: {}", kind.code(), kind.columns().join(","));
    }
}

/// A bar on a terminal; nothing elsewhere.
fn show_progress(done: usize, total: usize) {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() && total > 0 {
        let filled = done.min(total) * BAR / total;
        // A bar that cannot be drawn stops no import.
        let _ = write!(terminal, "\r[{}{}] {done} of {total} rows", "#".repeat(filled), " ".repeat(BAR - filled));
        let _ = terminal.flush();
    }
}

fn end_progress(total: usize) {
    if std::io::stderr().is_terminal() && total > 0 {
        eprintln!();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn one_is_not_several() {
        assert_eq!([counted(1, "fault", "faults"), counted(2, "fault", "faults")], ["1 fault", "2 faults"]);
        assert_eq!(same_id(&[]), None);
        assert!(same_id(&[7]).unwrap().starts_with("Warning: 1 row has the ID number of another customer, line 7. "));
        let many: Vec<u64> = (1..=60).collect();
        assert!(same_id(&many).unwrap().contains("60 rows have") && same_id(&many).unwrap().contains(", 50 …"));
    }
}
