//! The subcommands, one file each. `serve` and `demo` migrate the database first.

pub mod backup;
mod check;
pub mod demo;
pub mod import;
pub mod init;
mod keys;
mod migrate;
mod presence;
mod reset;
pub mod restore;
mod serve;

use std::path::PathBuf;

use anyhow::Context;
use bank::kernel::time::At;
use clap::{Parser, Subcommand};

use crate::config::{Flags, Settings};
use crate::telemetry;

/// Lobby (厅堂): a bank's self-service portal.
#[derive(Parser, Debug)]
#[command(name = "lobby", version, about, disable_help_subcommand = true)]
pub struct Options {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,
    /// Settings.
    #[command(flatten)]
    pub flags: Flags,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serves the portal
    Serve {
        /// Shows every component with its examples at /ui
        #[arg(long)]
        gallery: bool,
        /// Starts the bank's clock here, RFC 3339; on a demo bank only
        #[arg(long, value_name = "RFC3339", value_parser = moment)]
        now: Option<At>,
        /// Serves a demo bank to other machines too: anybody can sign in with the published password
        #[arg(long)]
        expose_demo: bool,
        /// Encryption by the portal itself, without a proxy.
        #[command(flatten)]
        tls: serve::TlsFiles,
    },
    /// Founds a bank in an empty database: its names and contacts, and two administrators
    Init(init::InitFlags),
    /// Resets the sign-in of a staff member and prints a new activation link, once; for the operator of this machine
    Reset(reset::ResetArgs),
    /// Migrates the database: its schema, then values sealed with an older key
    Migrate,
    /// Verifies the database and says what is wrong; exit code 1 if anything is. The portal may be running
    Check,
    /// Writes all data to a new file, while the portal may be running. The key files are not in it
    Backup {
        /// A file that does not exist yet, or a folder
        to: PathBuf,
    },
    /// Loads a backup into a new database, of either engine; put the key files into the data folder first
    Restore {
        /// A file that `lobby backup` has written
        from: PathBuf,
    },
    /// Creates and rotates the encryption keys while the portal is running
    Keys {
        /// What to do.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Imports the rows of a CSV or JSON file, all or none, while the portal is running (docs/import.md)
    Import(import::ImportArgs),
    /// Loads the demo bank; does nothing if it is loaded already
    Demo {
        /// Adds generated customers g000001 … up to this number
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=999_999))]
        customers: u32,
        /// Adds two years of generated cases, up to this number, with customers and staff of their own
        #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=2_000_000))]
        cases: u32,
        /// The generated cases follow from this number
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
        /// Loads it as of this time, RFC 3339
        #[arg(long, value_name = "RFC3339", value_parser = moment)]
        now: Option<At>,
    },
}

/// The subcommands of `lobby keys`.
#[derive(Subcommand, Debug)]
pub enum KeysCommand {
    /// Creates the next key without using it; copy it to the data folder of every node before rotating
    Make,
    /// Re-encrypts all values with the next key; old keys are kept to decrypt backups
    Rotate,
}

fn moment(text: &str) -> Result<At, String> {
    At::parse_rfc3339(text).ok_or_else(|| "not a moment such as 2026-12-01T10:12:00+08:00".to_owned())
}

/// Runs the selected command.
pub fn run(options: Options) -> anyhow::Result<()> {
    let settings = Settings::load(&options.flags)?;
    telemetry::start(settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime cannot start")?;
    runtime.block_on(async {
        match options.command {
            Command::Serve { gallery, now, expose_demo, tls } => serve::run(&settings, gallery, now, expose_demo, &tls).await,
            Command::Keys { command } => keys::run(&settings, &command).await,
            Command::Init(flags) => init::run(&settings, flags).await,
            Command::Reset(args) => reset::run(&settings, &args).await,
            Command::Check => check::run(&settings).await,
            Command::Backup { to } => backup::run(&settings, &to).await,
            Command::Restore { from } => restore::run(&settings, &from).await,
            Command::Import(args) => import::run(&settings, &args).await,
            Command::Migrate => migrate::run(&settings).await,
            Command::Demo { customers, cases, seed, now } => demo::run(&settings, customers, cases, seed, now).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn a_moment_needs_its_offset() {
        assert!(Options::try_parse_from(["lobby", "serve", "--now", "2026-12-01T10:12:00+08:00"]).is_ok());
        assert!(Options::try_parse_from(["lobby", "serve", "--now", "2026-12-01T10:12:00"]).is_err());
    }
}
