//! The audit trail: who, what, when, result, for every change, in the change's own transaction (docs/domain.md §12).
//! Append-only: the database refuses updates and deletes.

use std::borrow::Cow;

use super::database::Tx;
use super::failure::Failure;
use crate::args;

/// Who did it: a signed-in user by id and role, or the system itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `customer`, the code of a staff role, `system`, or `nobody` before sign-in.
    pub role: Cow<'static, str>,
    /// The user; `None` for the system and before sign-in.
    pub user_id: Option<String>,
    /// As history shows it to staff.
    pub name: String,
}

impl Actor {
    /// The server's worker.
    pub fn system() -> Self {
        Self { role: "system".into(), user_id: None, name: String::new() }
    }
}

/// Appends one entry. `subject` is a case number or an id, never personal data.
pub async fn insert_audit(tx: &mut Tx, actor: &Actor, action: &str, subject: &str, result: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO audit (id, at, role, user_id, action, subject, result) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (id, at) = (tx.new_id()?, tx.now());
    tx.execute(sql, args![id, at.0, &*actor.role, actor.user_id.clone(), action, subject, result]).await?;
    Ok(())
}
