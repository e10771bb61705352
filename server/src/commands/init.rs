//! `lobby init`: founds a bank in an empty database. What no flag gives is asked for on the terminal (`questions.rs`). The
//! activation links of the two administrators are printed once, on standard output, and are not logged.

mod questions;

use std::io::IsTerminal as _;

use anyhow::{Context, bail};
use app::activation::LINK;
use bank::branches::BankDetails;
use bank::founding::{Administrator, Founding, FoundingRefusal, found, is_founded};
use bank::kernel::bank::Bank;
use bank::kernel::entries::EntryRefusal;
use bank::kernel::failure::Rejected;
use bank::sessions::{ADMINISTRATOR, StaffEntry};
use clap::Args;
use tokio::signal;

use self::questions::{Dialogue, QUESTIONS, namesakes};
use crate::config::Settings;
use crate::host;

/// The names and contacts of the bank, and its administrators.
#[derive(Args, Clone, Debug, Default)]
pub struct InitFlags {
    /// Name of the bank, Chinese
    #[arg(long, value_name = "NAME")]
    name_zh: Option<String>,
    /// Name of the bank, English
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// Service hotline, shown on every page
    #[arg(long, value_name = "NUMBER")]
    hotline: Option<String>,
    /// Phone number for complaints
    #[arg(long, value_name = "NUMBER")]
    complaint_phone: Option<String>,
    /// Address for complaints, Chinese
    #[arg(long, value_name = "ADDRESS")]
    complaint_address_zh: Option<String>,
    /// Address for complaints, English
    #[arg(long, value_name = "ADDRESS")]
    complaint_address_en: Option<String>,
    /// E-mail address for complaints
    #[arg(long, value_name = "ADDRESS")]
    complaint_email: Option<String>,
    /// An administrator, twice: sign-in name and full name, such as wangli=王莉
    #[arg(long = "administrator", value_name = "SIGN-IN=NAME")]
    administrators: Vec<String>,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
}

impl InitFlags {
    fn column(&self, column: &str) -> Option<&str> {
        match column {
            "name_zh" => self.name_zh.as_deref(),
            "name_en" => self.name_en.as_deref(),
            "hotline" => self.hotline.as_deref(),
            "complaint_phone" => self.complaint_phone.as_deref(),
            "complaint_address_zh" => self.complaint_address_zh.as_deref(),
            "complaint_address_en" => self.complaint_address_en.as_deref(),
            "complaint_email" => self.complaint_email.as_deref(),
            _ => None,
        }
    }
}

/// Exit code of a command that Ctrl-C has ended, as shells expect it.
const INTERRUPTED: i32 = 130;

pub async fn run(settings: &Settings, flags: InitFlags) -> anyhow::Result<()> {
    let terminal = std::io::stdin().is_terminal();
    let given = if terminal { None } else { Some(given(&flags)?) };
    let bank = host::open_bank(settings, host::clock(None)).await?;
    let outcome = found_in(&bank, settings, &flags, given).await;
    bank.db().close().await;
    outcome
}

async fn found_in(bank: &Bank, settings: &Settings, flags: &InitFlags, given: Option<Founding>) -> anyhow::Result<()> {
    // Before any question; `found` checks it again in its transaction.
    if host::is_demo(bank).await? {
        return Err(told(Rejected::Refused(FoundingRefusal::Demo)));
    }
    if is_founded(bank).await? {
        return Err(told(Rejected::Refused(FoundingRefusal::Founded)));
    }
    let founding = match given {
        Some(founding) => founding,
        None => asked(settings, flags)?,
    };
    if namesakes(&founding.administrators) {
        eprintln!("Both administrators have the same full name; they must be two people.");
    }
    let _one_at_a_time = bank.db().setup_lock().await?;
    let secrets = found(bank, &founding).await.map_err(told)?;
    println!("{} is founded.", founding.details.name_en);
    println!("Each administrator sets a password with their own link. A link works once and is not shown again:");
    for (administrator, secret) in founding.administrators.iter().zip(&secrets) {
        println!(
            "{} ({}): {}{LINK}{}",
            administrator.sign_in_name,
            administrator.name,
            settings.public_origin.as_str(),
            secret.reveal()
        );
    }
    if let Some(note) = settings.public_origin.links_note() {
        println!("{note}");
    }
    Ok(())
}

/// Asks on the terminal. Until the last answer Ctrl-C ends the command.
fn asked(settings: &Settings, flags: &InitFlags) -> anyhow::Result<Founding> {
    let watch = tokio::spawn(async {
        if signal::ctrl_c().await.is_ok() {
            println!("\nNothing was changed.");
            std::process::exit(INTERRUPTED);
        }
    });
    println!("This founds a bank in {}, once.", where_to(&settings.database));
    println!("There are {} questions; flags can answer them too (lobby init --help).", QUESTIONS.len());
    println!("Ctrl-C before the last answer changes nothing.\n");
    let answered = Dialogue { answers: &mut std::io::stdin().lock(), screen: &mut std::io::stdout() }.ask(flags);
    watch.abort();
    answered?.context("nothing was changed")
}

/// The database, without user and password.
fn where_to(database: &str) -> String {
    if let Some(path) = database.strip_prefix("sqlite:") {
        return format!("the SQLite file {}", path.trim_start_matches("//"));
    }
    let named = database.parse::<http::Uri>().ok().and_then(|uri| Some(format!("{}{}", uri.authority()?.host(), uri.path())));
    format!("the PostgreSQL database {}", named.unwrap_or_else(|| "of LOBBY_DATABASE".to_owned()))
}

fn told(rejected: Rejected<FoundingRefusal>) -> anyhow::Error {
    match rejected {
        Rejected::Refused(FoundingRefusal::Demo) => {
            anyhow::anyhow!("this database holds the demo bank; a real bank needs a database of its own")
        }
        Rejected::Refused(FoundingRefusal::Founded) => anyhow::anyhow!("this database holds a bank already; nothing was changed"),
        Rejected::Refused(FoundingRefusal::Entry(refusals)) => anyhow::anyhow!("--administrator: {}", listed(&refusals)),
        Rejected::Unexpected(failure) => failure.into(),
    }
}

fn listed(refusals: &[EntryRefusal]) -> String {
    let lines = refusals.iter().map(|refusal| format!("{} {}", refusal.column, refusal.rule));
    lines.collect::<Vec<_>>().join("; ")
}

/// Everything from the flags, for scripts. Everything that is missing or refused is told at once.
fn given(flags: &InitFlags) -> anyhow::Result<Founding> {
    let mut faults = Vec::new();
    let details = BankDetails::parse(&|column| flags.column(column));
    if let Err(refusals) = &details {
        faults.extend(refusals.iter().map(|refusal| format!("--{} {}", refusal.column.replace('_', "-"), refusal.rule)));
    }
    let mut administrators = Vec::new();
    for text in &flags.administrators {
        match administrator(text) {
            Ok(read) => administrators.push(read),
            Err(error) => faults.push(error.to_string()),
        }
    }
    if flags.administrators.len() != 2 {
        faults.push("--administrator is needed twice, such as --administrator wangli=王莉".to_owned());
    }
    match (details, <[Administrator; 2]>::try_from(administrators)) {
        (Ok(details), Ok(administrators)) if faults.is_empty() => Ok(Founding { details, administrators }),
        _ => bail!("{}", faults.join("\n")),
    }
}

/// Parses `sign-in name=full name`.
fn administrator(text: &str) -> anyhow::Result<Administrator> {
    let (sign_in_name, name) = text.split_once('=').context("--administrator is written SIGN-IN=NAME, such as wangli=王莉")?;
    let entry = staff_entry(sign_in_name, name).map_err(|refusals| anyhow::anyhow!("--administrator: {}", listed(&refusals)))?;
    Ok(Administrator { sign_in_name: entry.sign_in_name, name: entry.name })
}

/// An administrator as an entry.
fn staff_entry(sign_in_name: &str, name: &str) -> Result<StaffEntry, Vec<EntryRefusal>> {
    StaffEntry::parse(&|column: &'static str| match column {
        "sign_in_name" => Some(sign_in_name),
        "name" => Some(name),
        "role" => Some(ADMINISTRATOR),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn without_a_terminal_every_flag_is_needed() {
        let missing = given(&InitFlags::default()).unwrap_err().to_string();
        for flag in ["--name-zh is missing", "--complaint-email is missing", "--administrator is needed twice"] {
            assert!(missing.contains(flag), "{missing}");
        }
    }

    #[test]
    fn the_database_is_named_without_its_secrets() {
        assert_eq!(where_to("sqlite:data/lobby.db"), "the SQLite file data/lobby.db");
        for secret in ["postgres://lobby:s3cret@db:5432/bank?password=s3cret", "postgres://lobby:s3cret@d b/bank"] {
            let named = where_to(secret);
            assert!(!named.contains("s3cret") && !named.contains("lobby:"), "{named}");
        }
        assert_eq!(where_to("postgres://lobby:s3cret@db:5432/bank?password=s3cret"), "the PostgreSQL database db/bank");
    }
}
