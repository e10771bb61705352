//! Turns the message catalogue (locales/) into the module `i18n`, so that the compiler checks every key.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let mut namespaces = std::fs::read_dir("locales/zh-CN")?
        .map(|entry| Ok(entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    namespaces.sort();
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("zh-CN")?.add_locale("en")?.add_namespaces(namespaces)?.parse_options(options);
    let catalogue = TranslationsInfos::parse(config)?;
    catalogue.emit_diagnostics();
    catalogue.rerun_if_locales_changed();
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    catalogue.generate_i18n_module(out)?;
    Ok(())
}
