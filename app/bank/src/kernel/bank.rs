//! [`Bank`]: the one value every operation takes. It holds the database, the clock, the seal and the source of
//! randomness; it knows no capability.

use std::sync::Arc;

use scoped_futures::ScopedBoxFuture;

use super::database::{Conn, Db, Tx};
use super::failure::{Failure, Rejected};
use super::seal::Seal;
use super::time::At;

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
    clock: Arc<dyn Clock>,
    seal: Arc<Seal>,
}

impl Bank {
    /// A bank on this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, seal: Seal) -> Self {
        Self { inner: Arc::new(Inner { db, clock, seal: Arc::new(seal) }) }
    }

    /// The same bank under another clock (the demo bank's past, tests).
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Arc::new(Inner { db: self.inner.db.clone(), clock, seal: self.inner.seal.clone() }) }
    }

    /// Now, by the bank's clock.
    pub fn now(&self) -> At {
        self.inner.clock.now()
    }

    /// Seals and opens ID and phone numbers.
    pub fn seal(&self) -> &Seal {
        &self.inner.seal
    }

    /// The database, for the host (migrate, close, tests).
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Conn, Failure> {
        self.inner.db.read().await
    }

    /// The only way to write: one transaction, retried when two met. See [`Db::write`].
    pub async fn write<'a, T, R, F>(&self, name: &'static str, work: F) -> Result<T, Rejected<R>>
    where
        F: for<'t> FnMut(&'t mut Tx) -> ScopedBoxFuture<'a, 't, Result<T, Rejected<R>>>,
    {
        self.inner.db.write(name, work).await
    }

    /// `N` random bytes.
    #[expect(clippy::disallowed_methods, reason = "this is the bank's source of randomness")]
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Failure> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes).map_err(Failure::Random)?;
        Ok(bytes)
    }

    /// A new identifier: 130 random bits as 26 letters and digits.
    pub fn new_id(&self) -> Result<String, Failure> {
        const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        Ok(self.random::<26>()?.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
    }
}
