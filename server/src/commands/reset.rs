//! `lobby reset NAME`: the operator at the machine resets the sign-in of a staff member, without a second administrator. With two
//! administrators this is the only way back for one who has forgotten the password, or whose activation link was lost. The new
//! link is printed once, on standard output, and is not logged.

use std::io::{BufRead, IsTerminal as _, Write};

use anyhow::bail;
use app::activation::LINK;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::sessions::{OperatorRefusal, ResetOf, StaffMember, find_for_operator, reset_by_operator};
use clap::Args;

use crate::config::Settings;
use crate::host;

/// The arguments of `lobby reset`.
#[derive(Args, Debug)]
pub struct ResetArgs {
    /// Sign-in name of a staff member
    #[arg(value_name = "NAME")]
    sign_in_name: String,
    /// Removes the second factor too, because it is lost
    #[arg(long)]
    factor_lost: bool,
    /// Does not ask for confirmation
    #[arg(long)]
    yes: bool,
}

pub async fn run(settings: &Settings, args: &ResetArgs) -> anyhow::Result<()> {
    if !args.yes && !std::io::stdin().is_terminal() {
        bail!("there is no terminal to confirm on: give --yes; nothing was changed");
    }
    // A wrong LOBBY_DATA or LOBBY_DATABASE makes no new database.
    host::open_existing(settings).await?.close().await;
    let bank = host::open_bank(settings, host::clock(None)).await?;
    let outcome = reset(&bank, settings, args).await;
    bank.db().close().await;
    outcome
}

async fn reset(bank: &Bank, settings: &Settings, args: &ResetArgs) -> anyhow::Result<()> {
    let of = ResetOf::ticked(args.factor_lost);
    let member = find_for_operator(bank, &args.sign_in_name).await.map_err(told)?;
    if !args.yes && !confirmed(&member, of, &mut std::io::stdin().lock(), &mut std::io::stdout())? {
        bail!("nothing was changed");
    }
    let issued = reset_by_operator(bank, &member.sign_in_name, of).await.map_err(told)?;
    println!("{} ({}): {}{LINK}{}", issued.sign_in_name, issued.name, settings.public_origin.as_str(), issued.secret.reveal());
    println!("The link works once and for {} days, and is not shown again. Give it to this person only.", issued.days);
    if let Some(note) = settings.public_origin.links_note() {
        println!("{note}");
    }
    Ok(())
}

/// Says what will happen to whom, and reads a yes.
fn confirmed(member: &StaffMember, of: ResetOf, answers: &mut dyn BufRead, screen: &mut dyn Write) -> anyhow::Result<bool> {
    let who = format!("{} ({}, {})", member.sign_in_name, member.name, member.role.replace('_', " "));
    if member.active {
        writeln!(
            screen,
            "This takes the password of {who} away, ends every session of theirs, and makes a new activation link."
        )?;
    } else {
        writeln!(screen, "{who} has set no password yet. This makes a new activation link; an earlier one ends.")?;
    }
    if of == ResetOf::PasswordAndFactor {
        writeln!(screen, "Two-step verification and its recovery codes are removed as well.")?;
    } else {
        writeln!(screen, "Two-step verification stays; if it is lost too, use --factor-lost.")?;
    }
    write!(screen, "Continue? [y/N] ")?;
    screen.flush()?;
    let mut answer = String::new();
    answers.read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

fn told(rejected: Rejected<OperatorRefusal>) -> anyhow::Error {
    match rejected {
        Rejected::Refused(OperatorRefusal::NotStaff) => {
            anyhow::anyhow!(
                "no staff member has this sign-in name; a customer's sign-in is reset at the branch. Nothing was changed"
            )
        }
        Rejected::Refused(OperatorRefusal::HasLeft) => {
            anyhow::anyhow!("this person has left; two administrators let them return under /admin/staff. Nothing was changed")
        }
        Rejected::Unexpected(failure) => anyhow::Error::from(failure).context("nothing was changed"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn member(active: bool) -> StaffMember {
        StaffMember {
            user_id: "user-wangli".to_owned(),
            name: "王莉".to_owned(),
            sign_in_name: "wangli".to_owned(),
            role: "branch_head".to_owned(),
            branch_id: None,
            active,
            has_factor: false,
            locked: false,
            left_on: None,
            leaves_on: None,
            link_until: None,
            moves: None,
        }
    }

    #[test]
    fn only_a_yes_confirms_and_the_person_is_named() {
        for (answer, expected) in [("y\n", true), ("YES\n", true), ("\n", false), ("n\n", false), ("", false), ("yep\n", false)] {
            let mut screen = Vec::new();
            assert_eq!(
                confirmed(&member(true), ResetOf::Password, &mut answer.as_bytes(), &mut screen).unwrap(),
                expected,
                "{answer:?}"
            );
            let screen = String::from_utf8(screen).unwrap();
            assert!(screen.contains("wangli (王莉, branch head) away, ends every session"), "{screen}");
            assert!(screen.contains("Two-step verification stays"), "{screen}");
        }
        let mut screen = Vec::new();
        confirmed(&member(false), ResetOf::PasswordAndFactor, &mut "n\n".as_bytes(), &mut screen).unwrap();
        let screen = String::from_utf8(screen).unwrap();
        assert!(screen.contains("are removed as well"), "{screen}");
        assert!(screen.contains("has set no password yet") && !screen.contains("ends every session"), "{screen}");
    }
}
