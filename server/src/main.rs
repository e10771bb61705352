//! The binary `lobby`: parses the command line and runs the command. Start at `commands/mod.rs`.

use std::process::ExitCode;

use clap::Parser;
use server::commands::Options;

fn main() -> ExitCode {
    // Files created from here on are readable by their owner only: database, log, secrets, messages.
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
