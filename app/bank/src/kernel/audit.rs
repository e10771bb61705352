//! The audit trail: one entry for every change, written in the same transaction as the change (docs/domain.md §12).
//! The table is append-only: triggers refuse UPDATE, and DELETE before the retention has passed.

use std::borrow::Cow;

use super::database::{Arg, Tx};
use super::failure::Failure;
use super::time::At;
use crate::args;

/// The author of a change, as audit and history record it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `customer`, the code of a staff role, `system` for the worker, `operator` for the command line, or `nobody` before
    /// sign-in.
    pub role: Cow<'static, str>,
    /// The user's id; `None` for the worker, the command line, and before sign-in.
    pub user_id: Option<String>,
    /// The name that staff see in the history of a case.
    pub name: String,
}

impl Actor {
    /// The server's worker.
    pub fn system() -> Self {
        Self { role: "system".into(), user_id: None, name: String::new() }
    }

    /// Whoever runs a command at the machine.
    pub fn operator() -> Self {
        Self { role: "operator".into(), user_id: None, name: String::new() }
    }
}

/// Appends one entry. `subject` is a case number or an id. It must not hold personal data.
pub async fn insert_audit(tx: &mut Tx, actor: &Actor, action: &str, subject: &str, result: &str) -> Result<(), Failure> {
    let sql = "INSERT INTO audit (id, at, role, user_id, action, subject, result) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (id, at) = (tx.new_id()?, tx.now());
    tx.execute_later(sql, args![id, at.0, &*actor.role, actor.user_id.clone(), action, subject, result]);
    Ok(())
}

/// The values of an entry of the past, for [`insert_past_audit`].
pub(crate) fn past_entry(tx: &Tx, at: At, actor: &Actor, action: &str, subject: &str, result: &str) -> Result<Vec<Arg>, Failure> {
    Ok(args![tx.new_id()?, at.0, &*actor.role, actor.user_id.clone(), action, subject, result])
}

/// Appends entries of the generated past of a demo bank.
pub(crate) async fn insert_past_audit(tx: &mut Tx, entries: &[Vec<Arg>]) -> Result<(), Failure> {
    tx.insert_rows("INSERT INTO audit (id, at, role, user_id, action, subject, result)", entries, "").await
}
