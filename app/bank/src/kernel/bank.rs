//! [`Bank`]: the one value every operation takes. It holds the database, the clock, the seal, the source of randomness and
//! the cached reference data; it knows no kind of case.

use std::sync::Arc;

use scoped_futures::ScopedBoxFuture;
use tokio::sync::broadcast;

use super::database::{Conn, Db, Tx};
use super::failure::{Failure, Rejected};
use super::seal::Seal;
use super::time::At;
use super::tx::Unit;
use crate::branches::ReferenceCache;

/// Announcements a slow subscriber may fall behind before it has to read everything again.
const ANNOUNCEMENTS: usize = 1_024;

/// What tells the time. Ours in the server; tests and the demo bank bring their own.
pub trait Clock: Send + Sync {
    /// Now, UTC.
    fn now(&self) -> At;
}

/// The bank as the server sees it. Cloning is cheap.
#[derive(Clone)]
pub struct Bank {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    unit: Unit,
    /// Cases this process has changed.
    here: broadcast::Sender<String>,
    /// Cases any node has changed.
    changed: broadcast::Sender<String>,
    reference: Arc<ReferenceCache>,
}

impl Bank {
    /// A bank on this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, seal: Seal) -> Self {
        let (here, changed) = (broadcast::Sender::new(ANNOUNCEMENTS), broadcast::Sender::new(ANNOUNCEMENTS));
        let unit = Unit { clock, seal: Arc::new(seal) };
        Self { inner: Arc::new(Inner { db, unit, here, changed, reference: Arc::default() }) }
    }

    /// The same bank under another clock (the demo bank's past, tests).
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        let unit = Unit { clock, seal: self.inner.unit.seal.clone() };
        let Inner { db, here, changed, reference, .. } = &*self.inner;
        let (db, here, changed, reference) = (db.clone(), here.clone(), changed.clone(), reference.clone());
        Self { inner: Arc::new(Inner { db, unit, here, changed, reference }) }
    }

    /// Now, by the bank's clock.
    pub fn now(&self) -> At {
        self.inner.unit.clock.now()
    }

    /// Seals and opens ID and phone numbers.
    pub fn seal(&self) -> &Seal {
        &self.inner.unit.seal
    }

    /// The database, for the host (migrate, close, tests).
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// What this process has cached of calendar, branches and parameters.
    pub(crate) fn reference_cache(&self) -> &ReferenceCache {
        &self.inner.reference
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Conn, Failure> {
        self.inner.db.read().await
    }

    /// The only way to write: one transaction, retried when two met. The cases it changed are announced after the
    /// commit.
    pub async fn write<'a, T, R, F>(&self, name: &'static str, work: F) -> Result<T, Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let (done, changed) = self.inner.db.write(&self.inner.unit, name, work).await?;
        for number in changed {
            // An error means that there is no subscriber.
            let _ = self.inner.here.send(number.clone());
            self.announce(number);
        }
        Ok(done)
    }

    /// The numbers of cases that change on any node, from now on. A subscriber that falls behind gets `Lagged`
    /// and reads everything again.
    pub fn changed_cases(&self) -> broadcast::Receiver<String> {
        self.inner.changed.subscribe()
    }

    /// Numbers of cases that this process has changed, from now on: what it tells the other nodes.
    pub fn changed_here(&self) -> broadcast::Receiver<String> {
        self.inner.here.subscribe()
    }

    /// Passes on that another node has changed a case.
    pub fn announce(&self, number: String) {
        let _ = self.inner.changed.send(number);
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Failure> {
        random()
    }

    /// A new identifier: 130 random bits as 26 letters and digits.
    pub fn new_id(&self) -> Result<String, Failure> {
        new_id()
    }
}

/// `N` random bytes of the operating system.
#[expect(clippy::disallowed_methods, reason = "this is the bank's source of randomness")]
pub(super) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Failure::Random)?;
    Ok(bytes)
}

/// A new identifier: 130 random bits as 26 letters and digits.
pub(super) fn new_id() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    Ok(random::<26>()?.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
}
