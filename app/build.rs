//! Turns the message catalogue (locales/) into the module `i18n`, so that the compiler checks every key. A new file in
//! `locales/zh-CN` and `locales/en` is a new namespace; nothing else names it.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let mut namespaces = std::fs::read_dir("locales/zh-CN")?
        .map(|entry| Ok(entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    namespaces.sort();
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("zh-CN")?.add_locale("en")?.add_namespaces(namespaces)?.parse_options(options);
    let catalogue = parse_locales(None, config)?;
    for warning in catalogue.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    for error in catalogue.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let module = leptos_i18n_codegen::gen_code(&catalogue, None, false, None, true)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    std::fs::create_dir_all(&out)?;
    // In lines: in a single one of megabytes the compiler would count columns from its start for each of its items, which took
    // five of the six minutes of this crate.
    std::fs::write(out.join("mod.rs"), prettyplease::unparse(&syn::parse2(module)?))?;
    Ok(())
}
