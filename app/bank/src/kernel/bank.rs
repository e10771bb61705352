//! [`Bank`]: the value every operation takes. It holds the database, the clock, the sealing keys, the source of randomness
//! and what this process remembers of rows. It knows no capability.

use std::sync::Arc;

use scoped_futures::ScopedBoxFuture;
use tokio::sync::broadcast;

use super::database::{Conn, Db, Tx};
use super::failure::{Failure, Rejected};
use super::seal::Seal;
use super::time::At;
use super::tx::TxContext;
use crate::branches::ReferenceCache;
use crate::cases::BranchesInClosure;

/// Capacity of the broadcast channels, in announcements. A subscriber that falls further behind gets `Lagged`.
const ANNOUNCEMENTS: usize = 1_024;

/// The source of the current time: the system clock in the server, another one in tests and in the demo bank.
pub trait Clock: Send + Sync {
    /// The current time, UTC.
    fn now(&self) -> At;
}

/// Access to the bank's data. Cloning is cheap.
#[derive(Clone)]
pub struct Bank {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    tx_context: TxContext,
    /// Numbers of the cases changed by this process.
    here: broadcast::Sender<String>,
    /// Numbers of the cases changed by any node.
    changed: broadcast::Sender<String>,
    reference: Arc<ReferenceCache>,
    in_closure: Arc<BranchesInClosure>,
}

impl Bank {
    pub fn new(db: Db, clock: Arc<dyn Clock>, seal: Seal) -> Self {
        let (here, changed) = (broadcast::Sender::new(ANNOUNCEMENTS), broadcast::Sender::new(ANNOUNCEMENTS));
        let tx_context = TxContext { clock, seal: Arc::new(seal) };
        Self { inner: Arc::new(Inner { db, tx_context, here, changed, reference: Arc::default(), in_closure: Arc::default() }) }
    }

    /// The same bank with another clock (tests, and the demo bank's generated past).
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        let tx_context = TxContext { clock, seal: self.inner.tx_context.seal.clone() };
        let Inner { db, here, changed, reference, in_closure, .. } = &*self.inner;
        let (db, here, changed) = (db.clone(), here.clone(), changed.clone());
        let (reference, in_closure) = (reference.clone(), in_closure.clone());
        Self { inner: Arc::new(Inner { db, tx_context, here, changed, reference, in_closure }) }
    }

    /// The current time of the bank's clock.
    pub fn now(&self) -> At {
        self.inner.tx_context.clock.now()
    }

    /// The keys that seal and open personal data.
    pub fn seal(&self) -> &Seal {
        &self.inner.tx_context.seal
    }

    /// The database, for the host (migrations, shutdown) and tests.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The cached reference data: calendar, branches and parameters.
    pub(crate) fn reference_cache(&self) -> &ReferenceCache {
        &self.inner.reference
    }

    /// Where this process remembers branches with appointments in closed time.
    pub(crate) fn branches_in_closure(&self) -> &BranchesInClosure {
        &self.inner.in_closure
    }

    /// A connection that only reads.
    pub async fn read(&self) -> Result<Conn, Failure> {
        self.inner.db.read().await
    }

    /// A connection that reads a list of the desk, see [`Db::read_desk`].
    pub async fn read_desk(&self) -> Result<Conn, Failure> {
        self.inner.db.read_desk().await
    }

    /// Runs `work` in one write transaction, the only way to write. `work` runs again after a serialisation failure, a
    /// deadlock or a connection lost before COMMIT, so it must have no effect outside the transaction. The numbers of the
    /// cases it changed are announced after the commit.
    pub async fn write<'a, T, R, F>(&self, name: &'static str, work: F) -> Result<T, Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        let (done, changed) = self.inner.db.write(&self.inner.tx_context, name, work).await?;
        for number in changed {
            // An error means that there is no subscriber.
            let _ = self.inner.here.send(number.clone());
            self.announce(number);
        }
        Ok(done)
    }

    /// Subscribes to the numbers of cases changed by any node from now on. A subscriber that falls behind gets `Lagged`
    /// and must read everything again.
    pub fn changed_cases(&self) -> broadcast::Receiver<String> {
        self.inner.changed.subscribe()
    }

    /// Subscribes to the numbers of cases changed by this process from now on; they are sent to the other nodes.
    pub fn changed_here(&self) -> broadcast::Receiver<String> {
        self.inner.here.subscribe()
    }

    /// Passes a case number received from another node to the subscribers of this process.
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

/// `N` random bytes from the operating system.
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
