//! The binary `lobby`: reads the command line and hands over to a command. Start at `commands/mod.rs`.

use std::process::ExitCode;

use clap::Parser;
use server::commands::Options;

fn main() -> ExitCode {
    // Everything made from here on is for its owner only: the database, its log, the secrets, the messages.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let options = Options::parse();
    match server::commands::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lobby: {error:#}");
            ExitCode::FAILURE
        }
    }
}
