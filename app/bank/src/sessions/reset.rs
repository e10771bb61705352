//! A reset of a sign-in (docs/domain.md §12), after the identity was proven: of a forgotten password, which leaves the second
//! factor as it is, or of both.

use super::activation_records as records;
use super::attempt_records::forget_devices;
use super::factors::{forget_factor, has_factor};
use super::notices::{SecurityEvent, tell};
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;

/// What a reset takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetOf {
    /// A forgotten password. A second factor stays and is asked for at the next sign-in.
    Password,
    /// The second factor too, because it is lost.
    PasswordAndFactor,
}

impl ResetOf {
    /// Of a form with the tick that the second factor is lost too.
    pub fn ticked(factor_lost: bool) -> Self {
        if factor_lost { Self::PasswordAndFactor } else { Self::Password }
    }

    /// The name of the act in the audit trail.
    pub const fn audited(self) -> &'static str {
        match self {
            Self::Password => "sign_in_reset",
            Self::PasswordAndFactor => "sign_in_and_factor_reset",
        }
    }
}

/// Takes a user's password away, ends their sessions, forgets their devices, and tells a customer. The second factor goes only if
/// it is lost too.
pub async fn reset_sign_in(tx: &mut Tx, user_id: &str, of: ResetOf) -> Result<(), Failure> {
    // Locks the user's row, as everything that changes the factor does.
    records::take_password(tx, user_id).await?;
    let had_factor = has_factor(tx, user_id).await?;
    let event = if of == ResetOf::PasswordAndFactor && had_factor { SecurityEvent::ResetOfBoth } else { SecurityEvent::Reset };
    if of == ResetOf::PasswordAndFactor {
        forget_factor(tx, user_id).await?;
    }
    forget_devices(tx, user_id).await?;
    records::end_sessions(tx, user_id).await?;
    tell(tx, user_id, event, None).await
}
