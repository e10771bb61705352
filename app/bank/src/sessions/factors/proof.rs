//! Judges a typed code, in the transaction of the act that asks for it. Every attempt is counted before it is judged, so that
//! concurrent attempts cannot exceed the parameter `factor_failures`.

use super::model::FactorRefusal;
use super::records;
use super::totp;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::text::ungrouped;
use crate::kernel::time::At;
use crate::sessions::notices::{SecurityEvent, tell};
use crate::sessions::parameters::SessionParameters;
use crate::sessions::passkeys;

/// A code as typed.
pub(super) struct Typed<'t> {
    pub text: &'t str,
    /// When it came: what is computed until the transaction takes nothing from its 30 seconds.
    pub at: At,
    /// Its hash as a recovery code.
    pub hash: Option<String>,
}

/// Until when no code of a user is judged, of whoever has a second factor.
pub(super) async fn locked_until(conn: &mut Conn, user_id: &str) -> Result<Option<At>, Failure> {
    match records::find(conn, user_id).await?.filter(|row| row.confirmed_at.is_some()) {
        Some(row) => Ok(Some(row.locked_until())),
        None => passkeys::locked_until(conn, user_id).await,
    }
}

/// Whether this is a code of the user's app, or one of the recovery codes. What it accepts is used from now on. A refusal is a value,
/// because the counted attempt must be committed.
pub(super) async fn prove(
    tx: &mut Tx,
    user_id: &str,
    typed: &Typed<'_>,
    limits: &SessionParameters,
) -> Result<Result<(), FactorRefusal>, Failure> {
    let code = ungrouped(typed.text);
    if code.is_empty() {
        return Ok(Err(FactorRefusal::CodeMissing));
    }
    let lock = tx.now().plus_minutes(limits.factor_lock_minutes);
    let counted = records::count_attempt(tx, user_id, limits.factor_failures, lock).await?
        || passkeys::count_attempt(tx, user_id, limits.factor_failures, lock).await?;
    if !counted {
        let until = locked_until(tx, user_id).await?;
        return Ok(Err(until.map_or(FactorRefusal::Off, |until| FactorRefusal::Locked { until })));
    }
    let fits = if totp::is_code(&code) {
        // Who has passkeys alone has no app, and one that was only begun counts for nothing.
        let row = records::find(tx, user_id).await?.filter(|row| row.confirmed_at.is_some());
        let step = match row {
            Some(row) => totp::matching_step(&row.secret(&tx.seal())?, &code, typed.at)?,
            None => None,
        };
        match step {
            Some(step) => records::use_step(tx, user_id, step).await?,
            None => false,
        }
    } else {
        let used = match &typed.hash {
            Some(hash) => records::use_recovery_code(tx, user_id, hash).await?,
            None => false,
        };
        if used {
            tell(tx, user_id, SecurityEvent::RecoveryUsed, None).await?;
        }
        used
    };
    if !fits {
        return Ok(Err(FactorRefusal::CodeWrong));
    }
    records::clear_failures(tx, user_id).await?;
    passkeys::clear_failures(tx, user_id).await?;
    Ok(Ok(()))
}
