//! [`Tx`], the unit of work: a connection in its transaction, with the time of the change, fresh ids and the sealing keys.
//! The cases changed in it are announced after the commit; after a rollback nothing is announced.

use std::sync::Arc;

use super::bank::{Clock, new_id};
use super::database::Conn;
use super::failure::Failure;
use super::seal::Seal;
use super::time::At;

/// What the bank hands to each transaction it begins.
#[derive(Clone)]
pub(super) struct TxContext {
    pub clock: Arc<dyn Clock>,
    pub seal: Arc<Seal>,
}

/// A write transaction; only [`super::bank::Bank::write`] creates one.
pub struct Tx {
    conn: Conn,
    now: At,
    seal: Arc<Seal>,
    changed: Vec<String>,
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    pub(super) fn new(conn: Conn, tx_context: &TxContext) -> Self {
        Self { conn, now: tx_context.clock.now(), seal: tx_context.seal.clone(), changed: Vec::new() }
    }

    /// The time of every change in this transaction: the clock is read once, after BEGIN.
    pub fn now(&self) -> At {
        self.now
    }

    /// A new identifier.
    pub fn new_id(&self) -> Result<String, Failure> {
        new_id()
    }

    pub fn random<const N: usize>(&self) -> Result<[u8; N], Failure> {
        super::bank::random()
    }

    /// The keys that seal and open personal data.
    pub fn seal(&self) -> Arc<Seal> {
        self.seal.clone()
    }

    /// Marks a case as changed, so that its number is announced once after the commit.
    pub fn case_changed(&mut self, number: &str) {
        if !self.changed.iter().any(|known| known == number) {
            self.changed.push(number.to_owned());
        }
    }

    /// The connection, to end the transaction, and the numbers of the changed cases.
    pub(super) fn into_parts(self) -> (Conn, Vec<String>) {
        (self.conn, self.changed)
    }
}
