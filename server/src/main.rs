//! The binary `lobby`: reads the command line and hands over to a command. Start at `commands/mod.rs`.

use std::process::ExitCode;

use clap::Parser;
use server::commands::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    match server::commands::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lobby: {error:#}");
            ExitCode::FAILURE
        }
    }
}
