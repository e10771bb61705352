//! Judges a typed code, in the transaction of the act that asks for it. Every attempt is counted before it is judged, so that
//! concurrent attempts cannot exceed the parameter `factor_failures`.

use super::model::FactorRefusal;
use super::records;
use super::totp;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::text::ungrouped;
use crate::sessions::activation::{ActivationKind, Secret};
use crate::sessions::notices::{SecurityEvent, tell};
use crate::sessions::parameters::SessionParameters;
use crate::sessions::passkeys;

/// Whether this is a code of the user's app, or one of the recovery codes. What it accepts is used from now on. A refusal is a value,
/// because the counted attempt must be committed.
pub(super) async fn prove(
    tx: &mut Tx,
    user_id: &str,
    text: &str,
    limits: &SessionParameters,
) -> Result<Result<(), FactorRefusal>, Failure> {
    let code = ungrouped(text);
    if code.is_empty() {
        return Ok(Err(FactorRefusal::CodeMissing));
    }
    let locked_until = tx.now().plus_minutes(limits.factor_lock_minutes);
    let counted = records::count_attempt(tx, user_id, limits.factor_failures, locked_until).await?
        || passkeys::count_attempt(tx, user_id, limits.factor_failures, locked_until).await?;
    if !counted {
        let row = records::find(tx, user_id).await?.filter(|row| row.confirmed_at.is_some());
        let until = match row {
            Some(row) => Some(row.locked_until()),
            None => passkeys::locked_until(tx, user_id).await?,
        };
        return Ok(Err(until.map_or(FactorRefusal::Off, |until| FactorRefusal::Locked { until })));
    }
    let fits = if totp::is_code(&code) {
        // Who has passkeys alone has no app, and one that was only begun counts for nothing.
        let row = records::find(tx, user_id).await?.filter(|row| row.confirmed_at.is_some());
        let now = tx.now();
        let step = match row {
            Some(row) => totp::matching_step(&row.secret(&tx.seal())?, &code, now)?,
            None => None,
        };
        match step {
            Some(step) => records::use_step(tx, user_id, step).await?,
            None => false,
        }
    } else {
        let code = Secret::typed(ActivationKind::Code, &code);
        let hashes = code.recovery_hashes(user_id, &tx.seal());
        let used = records::use_recovery_code(tx, user_id, &hashes).await?;
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
