//! A bank for one test: its own database, a clock the test sets, and a server on its own port on request.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use app::visit::{Portal, Stopping};
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::database::{Db, Grouping};
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::seal::{KEY_LEN, Seal};
use bank::kernel::time::At;
use scoped_futures::ScopedFutureExt;
use server::config::{Flags, Settings};
use server::limits::Limits;
use server::serving;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr};
use tokio::net::TcpListener;
use tokio::sync::{Notify, OnceCell, watch};

use super::{Browser, seed};

/// Monday morning, no holiday nearby.
pub const NOW: &str = "2026-11-23T10:00:00+08:00";

/// A bank for one test, seeded by [`seed::bank`].
pub struct TestBank {
    pub bank: Bank,
    clock: Arc<SetClock>,
    folder: tempfile::TempDir,
    database: String,
    base: OnceCell<String>,
}

struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

static DATABASES: AtomicU32 = AtomicU32::new(0);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static TEMPLATE_FILE: OnceCell<Vec<u8>> = OnceCell::const_new();

/// The PostgreSQL server for tests. Without one a run on CI fails; elsewhere a message says what was not tested.
fn postgres_url() -> Option<String> {
    let url = std::env::var("LOBBY_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CI must test PostgreSQL: LOBBY_TEST_POSTGRES_URL is not set");
        // Bypasses the test harness's capture, because this must be seen.
        let words = b"NOT TESTED ON POSTGRESQL: LOBBY_TEST_POSTGRES_URL is not set; `make test` provides one\n";
        drop(std::io::Write::write_all(&mut std::io::stderr(), words));
    }
    url
}

fn other_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("a database in the URL");
    format!("{server}/{name}")
}

async fn administer(url: &str, sql: String) {
    let mut conn = PgConnection::connect(url).await.expect("PostgreSQL");
    conn.execute(AssertSqlSafe(sql)).await.expect("an administrator");
    conn.close().await.expect("PostgreSQL");
}

impl TestBank {
    /// A copy of a file that is migrated and seeded once per run.
    pub async fn sqlite() -> Self {
        let file = TEMPLATE_FILE
            .get_or_init(|| async {
                let first = Self::blank_sqlite().await;
                seed::bank(&first.bank).await;
                first.bank.db().close().await;
                assert!(!first.folder.path().join("lobby.db-wal").exists(), "whoever closes the file last leaves one file");
                std::fs::read(first.folder.path().join("lobby.db")).expect("a database")
            })
            .await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lobby.db");
        std::fs::write(&path, file).expect("a copy");
        Self::open(folder, format!("sqlite:{}", path.display())).await
    }

    /// A copy of a template database that is migrated and seeded once per run.
    pub async fn postgres() -> Option<Self> {
        let url = postgres_url()?;
        let template = TEMPLATE
            .get_or_init(|| async {
                let name = format!("lobby_template_{}", std::process::id());
                administer(&url, format!("CREATE DATABASE {name}")).await;
                let folder = tempfile::tempdir().expect("a folder");
                let first = Self::open(folder, other_database(&url, &name)).await;
                first.bank.db().migrate().await.expect("migrations");
                seed::bank(&first.bank).await;
                first.bank.db().close().await;
                name
            })
            .await;
        let name = format!("lobby_test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::SeqCst));
        administer(&url, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Some(Self::open(tempfile::tempdir().expect("a folder"), other_database(&url, &name)).await)
    }

    /// Migrates and seeds the empty database at this URL.
    pub async fn on(database: String) -> Self {
        let bank = Self::open(tempfile::tempdir().expect("a folder"), database).await;
        bank.bank.db().migrate().await.expect("migrations");
        seed::bank(&bank.bank).await;
        bank
    }

    /// The same with another way to group transactions.
    pub async fn sqlite_grouping(grouping: Grouping) -> Self {
        let first = Self::sqlite().await;
        first.bank.db().close().await;
        Self { bank: first.node_grouping(grouping).await, ..first }
    }

    /// An SQLite database with an empty schema.
    pub async fn blank_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite:{}", folder.path().join("lobby.db").display());
        let bank = Self::open(folder, database).await;
        bank.bank.db().migrate().await.expect("migrations");
        bank
    }

    /// A PostgreSQL database with an empty schema.
    pub async fn blank_postgres() -> Option<Self> {
        let url = postgres_url()?;
        let name = format!("lobby_test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::SeqCst));
        administer(&url, format!("CREATE DATABASE {name}")).await;
        let bank = Self::open(tempfile::tempdir().expect("a folder"), other_database(&url, &name)).await;
        bank.bank.db().migrate().await.expect("migrations");
        Some(bank)
    }

    async fn open(folder: tempfile::TempDir, database: String) -> Self {
        let db = Db::open(&database).await.expect("a database");
        let clock = Arc::new(SetClock(AtomicI64::new(At::parse_rfc3339(NOW).expect("a time").0)));
        let seal = Seal::new(&[7; KEY_LEN]).expect("a key");
        let bank = Bank::new(db, clock.clone(), seal);
        Self { bank, clock, folder, database, base: OnceCell::new() }
    }

    /// A saved database of an earlier release.
    pub async fn unmigrated(folder: tempfile::TempDir, database: String) -> Self {
        Self::open(folder, database).await
    }

    /// A PostgreSQL database without a schema.
    pub async fn empty_postgres() -> Option<Self> {
        let url = postgres_url()?;
        let name = format!("lobby_test_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::SeqCst));
        administer(&url, format!("CREATE DATABASE {name}")).await;
        Some(Self::open(tempfile::tempdir().expect("a folder"), other_database(&url, &name)).await)
    }

    /// The same database migrated as by `serve`, with the keys in its folder.
    pub async fn upgraded(self) -> Self {
        let bank = server::host::open_bank(&self.settings(), self.clock.clone()).await.expect("an upgraded bank");
        self.bank.db().close().await;
        Self { bank, ..self }
    }

    /// The clock set by the test.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Sets the bank's clock.
    pub fn set_moment(&self, now: At) {
        self.clock.0.store(now.0, Ordering::SeqCst);
    }

    /// Sets the bank's clock to an RFC 3339 time.
    pub fn set_time(&self, rfc3339: &str) {
        self.clock.0.store(At::parse_rfc3339(rfc3339).expect("a time").0, Ordering::SeqCst);
    }

    /// Advances the bank's clock.
    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.0.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    /// The value for `LOBBY_DATABASE`.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Settings for this bank.
    pub fn settings(&self) -> Settings {
        let flags =
            Flags { database: Some(self.database.clone()), data: Some(self.folder.path().to_owned()), ..Flags::default() };
        Settings::load(&flags).expect("settings")
    }

    /// The base URL of the portal; the first call starts it.
    pub async fn base(&self) -> &str {
        // It runs until the test ends.
        self.base.get_or_init(|| self.serve(self.bank.clone(), watch::channel(false).1)).await
    }

    /// Another node of the same bank with its own connections and subscribers.
    pub async fn another_node(&self) -> Bank {
        self.node_grouping(Grouping::default()).await
    }

    /// The same with another way to group transactions.
    pub async fn node_grouping(&self, grouping: Grouping) -> Bank {
        let db = Db::open_grouping(&self.database, grouping).await.expect("a database");
        Bank::new(db, self.clock.clone(), Seal::new(&[7; KEY_LEN]).expect("a key"))
    }

    /// Serves a node on its own port until `stop`; returns the base URL.
    pub async fn serve(&self, node: Bank, stop: watch::Receiver<bool>) -> String {
        let portal = server::host::portal(&self.settings(), node, false).expect("a portal");
        self.serve_portal(Portal { stopping: Stopping::when(stop), ..portal }).await
    }

    /// The base URL of another node that stands behind this many proxies.
    pub async fn behind_proxies(&self, trusted_proxies: usize) -> String {
        let portal = server::host::portal(&self.settings(), self.another_node().await, false).expect("a portal");
        self.serve_portal(Portal { trusted_proxies, ..portal }).await
    }

    /// The base URL of another node with a channel that sends messages.
    pub async fn served_with(&self, courier: Option<Arc<Notify>>) -> String {
        let portal = server::host::portal(&self.settings(), self.another_node().await, false).expect("a portal");
        self.serve_portal(Portal { courier, ..portal }).await
    }

    /// The base URL of another node whose public origin is this one.
    pub async fn served_at(&self, origin: &str) -> String {
        let portal = server::host::portal(&self.settings(), self.another_node().await, false).expect("a portal");
        self.serve_portal(Portal { origin: origin.into(), ..portal }).await
    }

    async fn serve_portal(&self, portal: Portal) -> String {
        let (settings, limits) = (self.settings(), Limits::default());
        let mut stopping = portal.stopping.clone();
        let router = server::router::router(portal.into(), &settings.public_origin, limits).expect("a router");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { serving::serve(listener, None, router, limits, stopping.wait()).await });
        format!("http://{address}")
    }

    pub async fn browser(&self) -> Browser {
        Browser::new(self.base().await)
    }

    /// A browser signed in with this name.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let browser = self.browser().await;
        browser.sign_in(name).await;
        browser
    }

    /// One number from the database.
    pub async fn number(&self, sql: impl SqlSafeStr + Send) -> i64 {
        let (number,): (i64,) = self.bank.read().await.expect("a connection").fetch_one(sql, Vec::new()).await.expect("a number");
        number
    }

    /// The number of rows of a table.
    pub async fn count(&self, table: &str) -> i64 {
        self.number(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"))).await
    }

    /// The sum of all reserved capacity: places, cash in fen, notes, half hours.
    pub async fn held(&self) -> i64 {
        let sums = ["cash_slots", "cash_totals", "cash_notes", "reception_slots"]
            .map(|table| format!("(SELECT COALESCE(SUM(reserved), 0) FROM {table})"))
            .join(" + ");
        let sql = format!("SELECT CAST({sums} + (SELECT COUNT(*) FROM engagements) AS BIGINT)");
        self.number(AssertSqlSafe(sql)).await
    }

    /// Executes SQL that bypasses the bank's operations.
    pub async fn change(&self, sql: &str) {
        self.try_change(sql).await.expect("a change");
    }

    /// Executes SQL that the database may refuse.
    pub async fn try_change(&self, sql: &str) -> Result<(), Failure> {
        self.bank
            .write::<_, std::convert::Infallible, _>("change", |tx| {
                async move { Ok(tx.execute(AssertSqlSafe(sql.to_owned()), Vec::new()).await.map(|_| ())?) }.scope_boxed()
            })
            .await
            .map_err(Rejected::into_failure)
    }

    /// Drops the PostgreSQL database of a passed test.
    pub async fn drop_database(&self) {
        self.bank.db().close().await;
        let (_, name) = self.database.rsplit_once('/').expect("a database");
        if let Some(url) = postgres_url() {
            administer(&url, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}
