//! `lobby init`: founds a bank in an empty database. What no flag gives is asked for on the terminal. The activation links of the
//! two administrators are printed once, on standard output, and are not logged.

use std::io::{BufRead, IsTerminal as _, Write as _};

use anyhow::{Context, bail};
use app::activation::LINK;
use bank::branches::BankDetails;
use bank::founding::{Administrator, Founding, FoundingRefusal, found};
use bank::kernel::entries::EntryRefusal;
use bank::kernel::failure::Rejected;
use bank::sessions::{ADMINISTRATOR, StaffEntry};
use clap::Args;

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

/// What is asked for each column.
const QUESTIONS: [(&str, &str); 7] = [
    ("name_zh", "Name of the bank, Chinese"),
    ("name_en", "Name of the bank, English"),
    ("hotline", "Service hotline"),
    ("complaint_phone", "Phone number for complaints"),
    ("complaint_address_zh", "Address for complaints, Chinese"),
    ("complaint_address_en", "Address for complaints, English"),
    ("complaint_email", "E-mail address for complaints"),
];

pub async fn run(settings: &Settings, flags: InitFlags) -> anyhow::Result<()> {
    let terminal = std::io::stdin().is_terminal();
    let founding = if terminal { ask(&flags, &mut std::io::stdin().lock())? } else { given(&flags)? };
    if terminal && !flags.yes && !confirmed(&mut std::io::stdin().lock())? {
        bail!("nothing was founded");
    }
    let bank = host::open_bank(settings, host::clock(None)).await?;
    let _one_at_a_time = bank.db().setup_lock().await?;
    let secrets = found(&bank, &founding).await.map_err(told)?;
    bank.db().close().await;
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
    Ok(())
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

/// Everything from the flags, for scripts.
fn given(flags: &InitFlags) -> anyhow::Result<Founding> {
    let details = BankDetails::parse(&|column| flags.column(column)).map_err(|refusals| {
        let lines = refusals.iter().map(|refusal| format!("--{} {}", refusal.column.replace('_', "-"), refusal.rule));
        anyhow::anyhow!("{}", lines.collect::<Vec<_>>().join("\n"))
    })?;
    let administrators: Vec<Administrator> =
        flags.administrators.iter().map(|text| administrator(text)).collect::<anyhow::Result<_>>()?;
    let two = <[Administrator; 2]>::try_from(administrators);
    let administrators =
        two.map_err(|_| anyhow::anyhow!("--administrator is needed twice, such as --administrator wangli=王莉"))?;
    Ok(Founding { details, administrators })
}

/// Parses `sign-in name=full name`.
fn administrator(text: &str) -> anyhow::Result<Administrator> {
    let (sign_in_name, name) = text.split_once('=').context("--administrator is written SIGN-IN=NAME, such as wangli=王莉")?;
    let columns = |column: &'static str| match column {
        "sign_in_name" => Some(sign_in_name),
        "name" => Some(name),
        "role" => Some(ADMINISTRATOR),
        _ => None,
    };
    let entry = StaffEntry::parse(&columns).map_err(|refusals| anyhow::anyhow!("--administrator: {}", listed(&refusals)))?;
    Ok(Administrator { sign_in_name: entry.sign_in_name, name: entry.name })
}

/// Asks for what the flags do not give, each until it is accepted.
fn ask(flags: &InitFlags, answers: &mut dyn BufRead) -> anyhow::Result<Founding> {
    let mut typed: Vec<(&str, String)> = Vec::new();
    for (column, question) in QUESTIONS {
        let mut answer = flags.column(column).map(str::to_owned);
        loop {
            let value = match answer.take() {
                Some(value) => value,
                None => line(question, answers)?,
            };
            // The other columns are refused as missing; only this one counts here.
            let refused = BankDetails::parse(&|asked| (asked == column).then_some(value.as_str())).err().unwrap_or_default();
            match refused.iter().find(|refusal| refusal.column == column) {
                Some(refusal) => println!("  This {}.", refusal.rule),
                None => {
                    typed.push((column, value));
                    break;
                }
            }
        }
    }
    let of = |column: &'static str| typed.iter().find(|(name, _)| *name == column).map(|(_, value)| value.as_str());
    let details = BankDetails::parse(&of).map_err(|refusals| anyhow::anyhow!("{}", listed(&refusals)))?;
    let mut administrators: Vec<Administrator> = Vec::new();
    let mut given = flags.administrators.iter();
    for place in ["first", "second"] {
        loop {
            let text = match given.next() {
                Some(text) => text.clone(),
                None => {
                    let sign_in_name = line(&format!("Sign-in name of the {place} administrator"), answers)?;
                    format!("{sign_in_name}={}", line(&format!("Full name of the {place} administrator"), answers)?)
                }
            };
            match administrator(&text) {
                Ok(read) if administrators.iter().all(|other| other.sign_in_name != read.sign_in_name) => {
                    administrators.push(read);
                    break;
                }
                Ok(_) => println!("  This must be somebody else: two administrators approve each other's changes."),
                Err(error) => println!("  {error}"),
            }
        }
    }
    let two = <[Administrator; 2]>::try_from(administrators);
    let administrators = two.map_err(|_| anyhow::anyhow!("two administrators are needed"))?;
    Ok(Founding { details, administrators })
}

fn line(question: &str, answers: &mut dyn BufRead) -> anyhow::Result<String> {
    print!("{question}: ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    if answers.read_line(&mut answer)? == 0 {
        bail!("the input ended; nothing was founded");
    }
    Ok(answer.trim().to_owned())
}

fn confirmed(answers: &mut dyn BufRead) -> anyhow::Result<bool> {
    Ok(matches!(line("Found this bank? [y/N]", answers)?.to_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn every_column_has_a_question_and_a_flag() {
        assert_eq!(QUESTIONS.map(|(column, _)| column), BankDetails::COLUMNS);
        let flags = InitFlags { hotline: Some("95511".to_owned()), ..InitFlags::default() };
        assert_eq!((flags.column("hotline"), flags.column("name_zh")), (Some("95511"), None));
    }

    #[test]
    fn a_refused_answer_is_asked_for_again() {
        let typed = "海湾银行\nHarbour Bank\nnone\n95511\n0756-8888 0000\n珠海市香洲区\nXiangzhou, Zhuhai\ntousu\ntousu@harbour.example\n\
                     wangli\n王莉\nwangli\n王莉\nliuyang\n刘洋\n";
        let founding = ask(&InitFlags::default(), &mut typed.as_bytes()).unwrap();
        assert_eq!((founding.details.hotline.as_str(), founding.details.name_zh.as_str()), ("95511", "海湾银行"));
        assert_eq!(founding.administrators.map(|administrator| administrator.sign_in_name), ["wangli", "liuyang"]);
        assert!(ask(&InitFlags::default(), &mut "海湾银行\n".as_bytes()).is_err(), "the input ended");
    }

    #[test]
    fn without_a_terminal_every_flag_is_needed() {
        let missing = given(&InitFlags::default()).unwrap_err().to_string();
        assert!(missing.contains("--name-zh is missing") && missing.contains("--complaint-email is missing"), "{missing}");
    }
}
