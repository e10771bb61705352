//! Lets the server compile before the browser's half is built, and notices when it was built anew.
//!
//! `rust-embed` resolves `target/site` while compiling: the folder must exist then, or the dev profile would refuse the
//! files that `scripts/assets.mjs` lays there later. A release carries the files, so a changed folder means a new binary;
//! the dev profile reads them from disk and need not be compiled again.

use std::{env, fs, io};

/// The folder `scripts/assets.mjs` fills, as seen from this crate.
const SITE: &str = "../target/site";

fn main() -> io::Result<()> {
    fs::create_dir_all(SITE)?;
    let embeds = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if embeds { SITE } else { "build.rs" });
    Ok(())
}
