//! [`Tx`], the unit of work: the connection in its transaction, and what every change needs besides: the time of the change,
//! fresh identifiers, the seal. The cases that it changes are announced after the commit; nothing is announced after a
//! rollback.

use std::sync::Arc;

use super::bank::{Clock, new_id};
use super::database::Conn;
use super::failure::Failure;
use super::seal::Seal;
use super::time::At;

/// What a transaction is given by the bank that begins it.
#[derive(Clone)]
pub(super) struct Unit {
    pub clock: Arc<dyn Clock>,
    pub seal: Arc<Seal>,
}

/// A write transaction; only [`super::bank::Bank::write`] makes one.
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
    /// A transaction that has just begun on this connection.
    pub(super) fn new(conn: Conn, unit: &Unit) -> Self {
        Self { conn, now: unit.clock.now(), seal: unit.seal.clone(), changed: Vec::new() }
    }

    /// When everything in this transaction happens: read once, after it has begun.
    pub fn now(&self) -> At {
        self.now
    }

    /// A fresh identifier.
    pub fn new_id(&self) -> Result<String, Failure> {
        new_id()
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], Failure> {
        super::bank::random()
    }

    /// Seals and opens ID and phone numbers.
    pub fn seal(&self) -> Arc<Seal> {
        self.seal.clone()
    }

    /// Notes that this transaction changes a case: announced once after the commit.
    pub fn case_changed(&mut self, number: &str) {
        if !self.changed.iter().any(|known| known == number) {
            self.changed.push(number.to_owned());
        }
    }

    /// The connection, to end the transaction, and the numbers of the cases it changed.
    pub(super) fn into_parts(self) -> (Conn, Vec<String>) {
        (self.conn, self.changed)
    }
}
