//! Settings from `lobby.toml`, the environment and flags; later sources override earlier ones. Everything has a default.
//! Business values (limits, cut-offs) are parameters in the database, not settings. Fields of the file: `file.rs`;
//! permitted public origins: `origin.rs`.

mod file;
mod origin;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use bank::branches::BankDetails;
use clap::{Args, ValueEnum};
use serde::Deserialize;

pub use origin::{OriginError, PublicOrigin, is_loopback_address};

/// Read if it exists and no other file is given.
const DEFAULT_FILE: &str = "lobby.toml";

/// Format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Human-readable lines.
    #[default]
    Plain,
    /// One JSON object per line.
    Json,
}

/// Settings from flags and the environment. clap reads both; a flag overrides a variable.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// Settings file (default: ./lobby.toml, if there is one)
    #[arg(long, global = true, env = "LOBBY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://… (default: sqlite:<data>/lobby.db)
    #[arg(long, global = true, env = "LOBBY_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Folder for the database file, the secrets and the outbox (default: ./data)
    #[arg(long, global = true, env = "LOBBY_DATA", value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Address to listen on (default: 127.0.0.1:3000)
    #[arg(long, global = true, env = "LOBBY_ADDRESS", value_name = "HOST:PORT")]
    pub address: Option<String>,
    /// Address in the browser (default: http://<address>); http only for a loopback host
    #[arg(long, global = true, env = "LOBBY_PUBLIC_ORIGIN", value_name = "ORIGIN")]
    pub public_origin: Option<String>,
    /// Number of proxies between clients and the server, for the addresses in X-Forwarded-For (default: 0)
    #[arg(long, global = true, env = "LOBBY_TRUSTED_PROXIES", value_name = "NUMBER")]
    pub trusted_proxies: Option<usize>,
    /// Format of log lines (default: plain); `RUST_LOG` selects what is logged
    #[arg(long, global = true, env = "LOBBY_LOG", value_name = "FORMAT")]
    pub log: Option<LogFormat>,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// Folder for the database file, the secrets and the outbox.
    pub data: PathBuf,
    pub address: String,
    /// Address in the browser.
    pub public_origin: PublicOrigin,
    /// Number of proxies between clients and the server; 0: clients connect to it.
    pub trusted_proxies: usize,
    pub log: LogFormat,
    /// The bank's name, phone numbers and addresses.
    pub house: BankDetails,
}

impl Settings {
    /// Merges the sources.
    pub fn load(flags: &Flags) -> anyhow::Result<Self> {
        let file = match &flags.config {
            Some(path) => file::read(path)?,
            None if Path::new(DEFAULT_FILE).is_file() => file::read(Path::new(DEFAULT_FILE))?,
            None => file::File::default(),
        };
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let data = flags.data.clone().filter(|path| !path.as_os_str().is_empty());
        let data = data.or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let address = filled(&flags.address).or(file.address).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let database = filled(&flags.database).or(file.database);
        let database = database.unwrap_or_else(|| format!("sqlite:{}", data.join("lobby.db").display()));
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|start| database.starts_with(start)) {
            bail!("the database must be sqlite:PATH or postgres://…");
        }
        let given = filled(&flags.public_origin).or(file.public_origin);
        let origin = given.clone().unwrap_or_else(|| format!("http://{address}"));
        let public_origin = PublicOrigin::parse(&origin).with_context(|| format!("public origin {origin:?}"))?;
        let public_origin = if given.is_some() { public_origin.configured() } else { public_origin };
        let trusted_proxies = flags.trusted_proxies.or(file.trusted_proxies).unwrap_or_default();
        let log = flags.log.or(file.log).unwrap_or_default();
        Ok(Self { database, data, address, public_origin, trusted_proxies, log, house: file.house.into() })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn without_any_setting_everything_has_a_default() {
        let settings = Settings::load(&Flags::default()).unwrap();
        assert_eq!(settings.database, "sqlite:data/lobby.db");
        assert_eq!(settings.public_origin.as_str(), "http://127.0.0.1:3000");
        assert_eq!(settings.house.name_zh, "岭南示范银行");
        assert_eq!(settings.house.complaint_phone, "0760-8888 0000");
    }

    #[test]
    fn a_flag_is_stronger_than_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lobby.toml");
        std::fs::write(&path, "address = \"127.0.0.1:4000\"\ndata = \"elsewhere\"\n[house]\nhotline = \"95599\"\n").unwrap();
        let flags = Flags { config: Some(path), address: Some("localhost:5000".to_owned()), ..Flags::default() };
        let settings = Settings::load(&flags).unwrap();
        assert_eq!(settings.address, "localhost:5000");
        assert_eq!(settings.public_origin.as_str(), "http://localhost:5000");
        assert_eq!(settings.database, "sqlite:elsewhere/lobby.db");
        assert_eq!(settings.house.hotline, "95599");
        assert_eq!(settings.house.name_en, "Lingnan Demo Bank");
    }

    #[test]
    fn a_setting_that_does_not_exist_is_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lobby.toml");
        std::fs::write(&path, "adress = \"127.0.0.1:4000\"\n").unwrap();
        let error = Settings::load(&Flags { config: Some(path), ..Flags::default() }).unwrap_err();
        assert!(format!("{error:#}").contains("adress"), "{error:#}");
    }
}
