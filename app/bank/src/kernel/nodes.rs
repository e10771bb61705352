//! Notifications between nodes on PostgreSQL: numbers of changed cases, by LISTEN and NOTIFY. NOTIFY is sent after the
//! commit as a separate statement, because inside a transaction it takes a lock shared by all commits. A notification can
//! be lost when a connection breaks, so readers also poll.

use sqlx::postgres::PgListener;

use super::database::Db;
use super::failure::Failure;
use crate::args;

/// The PostgreSQL channel.
const CHANNEL: &str = "case_changed";

/// A subscription to the notifications of all nodes, including this one.
pub struct NodeListener(PgListener);

impl NodeListener {
    /// Starts to listen; `None` on SQLite, which has one node.
    pub async fn listen(db: &Db) -> Result<Option<Self>, Failure> {
        let Db::Postgres { readers, .. } = db else { return Ok(None) };
        let mut listener = PgListener::connect_with(readers.pool()).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Self(listener)))
    }

    /// The next case number. A lost connection is reopened; notifications sent in between are lost.
    pub async fn next(&mut self) -> Result<String, Failure> {
        Ok(self.0.recv().await?.payload().to_owned())
    }
}

/// Sends case numbers to the other nodes, outside any transaction. Does nothing on SQLite.
pub async fn notify_nodes(db: &Db, numbers: impl IntoIterator<Item = String>) -> Result<(), Failure> {
    let Db::Postgres { .. } = db else { return Ok(()) };
    let mut conn = db.read().await?;
    for number in numbers {
        conn.execute("SELECT pg_notify($1, $2)", args![CHANNEL, number]).await?;
    }
    Ok(())
}
