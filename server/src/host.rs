//! Opens the bank and builds the state of the portal, in the same way for every command and for the tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use app::founding::Founded;
use app::sign_in::cookie::SessionCookie;
use app::visit::{Portal, Stopping};
use bank::customers::holds_real_customers;
use bank::founding::DEMO;
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::database::Db;
use bank::kernel::facts;
use bank::kernel::time::At;
use tokio::sync::watch;

use crate::adapters::clock::{SystemClock, TickingClock};
use crate::adapters::outbox::{Gateway, OutboxFolder};
use crate::assets;
use crate::config::{Settings, is_loopback_address};
use crate::keys;
use crate::secrets::{self, SESSION_KEY};

/// Why a schema was not migrated.
pub const NOT_MIGRATED: &str = "the schema cannot be brought up to date";

/// The system clock, or a clock that starts at `now` and ticks.
pub fn clock(now: Option<At>) -> Arc<dyn Clock> {
    match now {
        Some(start) => Arc::new(TickingClock::starting(start)),
        None => Arc::new(SystemClock),
    }
}

/// Opens the configured database, migrates its schema and loads the secrets.
pub async fn open_bank(settings: &Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Bank> {
    let db = open_database(settings).await?;
    db.migrate().await.context(NOT_MIGRATED)?;
    keys::open(db, clock, &settings.data).await
}

/// Opens the configured database without migrating it. A new SQLite file is created.
pub async fn open_database(settings: &Settings) -> anyhow::Result<Db> {
    make_folder(&settings.data)?;
    if let Some(path) = settings.database.strip_prefix("sqlite:") {
        // SQLite accepts both `sqlite:PATH` and `sqlite://PATH`.
        make_folder(Path::new(path.trim_start_matches("//")).parent().unwrap_or(Path::new("")))?;
    }
    let db = open_undamaged(&settings.database).await?;
    keep_private(settings)?;
    Ok(db)
}

/// Opens the configured database if it exists, without changing it.
pub async fn open_existing(settings: &Settings) -> anyhow::Result<Db> {
    if let Some(path) = settings.database.strip_prefix("sqlite:") {
        let path = Path::new(path.trim_start_matches("//"));
        if !path.exists() {
            bail!("there is no database at {}", path.display());
        }
    }
    open_undamaged(&settings.database).await
}

/// Restricts database files and outbox messages to their owner, because older releases or copies may have left them
/// readable for others.
#[cfg(unix)]
fn keep_private(settings: &Settings) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut paths = vec![(settings.data.join("outbox"), 0o700)];
    if let Some(path) = settings.database.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//");
        paths.extend(["", "-wal", "-shm", ".lock"].map(|end| (PathBuf::from(format!("{path}{end}")), 0o600)));
    }
    if let Ok(letters) = std::fs::read_dir(settings.data.join("outbox")) {
        paths.extend(letters.flatten().map(|letter| (letter.path(), 0o600)));
    }
    for (path, mode) in paths {
        let Ok(found) = std::fs::metadata(&path) else { continue };
        if found.permissions().mode() & 0o077 != 0 {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))
                .with_context(|| format!("{} cannot be made private", path.display()))?;
        }
    }
    Ok(())
}

/// Other systems rely on the access rights of the folder.
#[cfg(not(unix))]
fn keep_private(_settings: &Settings) -> anyhow::Result<()> {
    Ok(())
}

async fn open_undamaged(url: &str) -> anyhow::Result<Db> {
    let damage = match Db::open(url).await {
        Ok(db) => match db.damage().await.context("the database cannot be checked")? {
            None => return Ok(db),
            Some(damage) => damage,
        },
        Err(failure) if failure.is_damage() => failure.to_string(),
        Err(failure) => return Err(failure).context("the database cannot be opened"),
    };
    bail!("the database file is damaged, restore it from a backup: {damage}");
}

fn make_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // Only the owner may read the files in it.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("folder {}", folder.display()))
}

/// The state available to every handler.
pub fn portal(settings: &Settings, bank: Bank, gallery: bool) -> anyhow::Result<Portal> {
    let session_key = secrets::load(&settings.data, SESSION_KEY)?;
    Ok(Portal {
        bank,
        cookie: Arc::new(SessionCookie::new(&session_key, settings.public_origin.is_secure())),
        pkg: assets::pkg(),
        bank_details: Arc::new(settings.house.clone()),
        founded: Founded::default(),
        stopping: Stopping::when(watch::channel(false).1),
        gallery,
        origin: settings.public_origin.as_str().into(),
        origin_is_local: settings.public_origin.is_loopback(),
        trusted_proxies: settings.trusted_proxies,
        courier: None,
    })
}

/// Whether the database holds a demo bank.
pub async fn is_demo(bank: &Bank) -> anyhow::Result<bool> {
    Ok(facts::find_fact(&mut bank.read().await?, DEMO).await?.is_some())
}

/// The gateway for messages: a folder on a demo bank. There is none for real customers yet.
pub async fn gateway(bank: &Bank, settings: &Settings) -> anyhow::Result<Option<Arc<dyn Gateway>>> {
    Ok(is_demo(bank).await?.then(|| Arc::new(OutboxFolder::below(&settings.data)) as Arc<dyn Gateway>))
}

/// Refuses to serve a demo bank beyond this machine unless asked to, because its passwords are published.
pub async fn ensure_not_exposed(bank: &Bank, settings: &Settings, expose_demo: bool) -> anyhow::Result<()> {
    let here_only = settings.public_origin.is_loopback() && is_loopback_address(&settings.address);
    if here_only || expose_demo || !is_demo(bank).await? {
        return Ok(());
    }
    bail!(
        "this is a demo bank, whose passwords everybody knows; it is served on a loopback host only \
         (address {}, origin {}). `serve --expose-demo` serves it to other machines all the same",
        settings.address,
        settings.public_origin.as_str()
    );
}

/// Refuses a chosen clock except on a demo bank: sessions, bookings and the audit trail would get wrong times.
pub async fn ensure_may_choose_clock(bank: &Bank, now: Option<At>) -> anyhow::Result<()> {
    if now.is_none() {
        return Ok(());
    }
    if !is_demo(bank).await? {
        bail!("--now is for a demo bank only; this database holds none (`lobby demo` loads one)");
    }
    if holds_real_customers(&mut bank.read().await?).await? {
        bail!("--now is for a demo bank only; this database holds a customer who is not marked demo");
    }
    Ok(())
}
