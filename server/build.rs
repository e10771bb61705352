//! Lets the server compile before the assets are built, and recompiles it when they have changed.
//!
//! `rust-embed` resolves `target/site` at compile time: without the folder the dev profile would refuse files that
//! `scripts/assets.mjs` puts there later. A release embeds the files, so a changed folder needs a new binary; the dev
//! profile reads them from disk and need not be recompiled.

use std::{env, fs, io};

/// The output folder of `scripts/assets.mjs`, relative to this crate.
const SITE: &str = "../target/site";

fn main() -> io::Result<()> {
    fs::create_dir_all(SITE)?;
    let embeds = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed={}", if embeds { SITE } else { "build.rs" });
    Ok(())
}
