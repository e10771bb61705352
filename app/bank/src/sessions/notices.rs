//! What a customer is told about the own sign-in (docs/domain.md §12): a new device, another password, a reset, and what becomes
//! of the second factor. The message is written in the transaction of the change. Staff have no messages; their page lists
//! sessions.

use serde_json::{Value, json};

use super::records::find_holder;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::messages::{NewMessage, insert_message};

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityEvent {
    /// Somebody has signed in with a device that is not known.
    NewDevice,
    /// The user has changed the password.
    PasswordChanged,
    /// The password was set with an activation code.
    PasswordSet,
    /// A branch has reset the password.
    Reset,
    /// The same, and has removed the second factor.
    ResetOfBoth,
    /// The second factor was set up.
    FactorSetUp,
    /// A passkey was added beside what there was.
    PasskeyAdded,
    /// Its recovery codes were renewed.
    CodesRenewed,
    /// One of them was used in place of a code.
    RecoveryUsed,
    /// The user has removed the second factor.
    FactorRemoved,
}

impl SecurityEvent {
    pub const ALL: [Self; 10] = [
        Self::NewDevice,
        Self::PasswordChanged,
        Self::PasswordSet,
        Self::Reset,
        Self::ResetOfBoth,
        Self::FactorSetUp,
        Self::PasskeyAdded,
        Self::CodesRenewed,
        Self::RecoveryUsed,
        Self::FactorRemoved,
    ];

    /// The kind of its message.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NewDevice => "security_new_device",
            Self::PasswordChanged => "security_password_changed",
            Self::PasswordSet => "security_password_set",
            Self::Reset => "security_reset",
            Self::ResetOfBoth => "security_reset_of_both",
            Self::FactorSetUp => "security_factor_set_up",
            Self::PasskeyAdded => "security_passkey_added",
            Self::CodesRenewed => "security_codes_renewed",
            Self::RecoveryUsed => "security_recovery_used",
            Self::FactorRemoved => "security_factor_removed",
        }
    }

    /// Parses the kind of a message.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }
}

/// Tells the customer for whom a user signs in. No quota keeps it back: strangers cannot cause it.
pub(super) async fn tell(tx: &mut Tx, user_id: &str, event: SecurityEvent, device: Option<&str>) -> Result<(), Failure> {
    let Some((customer_id, name)) = find_holder(tx, user_id).await? else { return Ok(()) };
    let details: Value = json!({ "user": name, "at": tx.now().0, "device": device });
    let message = NewMessage {
        customer_id: &customer_id,
        case_number: None,
        kind: event.code(),
        details: &details,
        phone: None,
        day_max: i64::MAX,
        code: None,
    };
    insert_message(tx, &message).await
}
