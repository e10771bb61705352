//! Passkeys (docs/domain.md §12): a second factor that a user's device gives after it has verified the person.
//!
//! Reading order: `model.rs` (types), `ceremony.rs` (what is asked and how an answer is verified, by the library `webauthn_rp`),
//! `add.rs` (add, remove, recovery codes), `give.rs` (give one after the password and for a step-up), `records.rs` and
//! `check_records.rs` (rows).

mod add;
mod ceremony;
mod check_records;
mod give;
mod model;
mod records;

pub use add::{add_passkey, begin_passkey, list_passkeys, remove_passkey, renew_codes_by_passkey};
pub(super) use check_records::check_passkeys;
pub use give::{ask_for_passkey, find_ways, give_passkey};
pub use model::{Ceremony, LONGEST_PASSKEY_NAME, MOST_PASSKEYS, Passkey, PasskeyRefusal, RelyingParty, Ways};
pub(super) use records::{clear_failures, count_attempt, forget_passkeys, locked_until};

use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::sessions::model::Caller;

/// What the browser has to be told for this ceremony of the caller's session; `None` if none is open.
pub async fn find_options(bank: &Bank, caller: &Caller, ceremony: Ceremony) -> Result<Option<String>, Failure> {
    let Some((_, session_id)) = caller.account() else { return Ok(None) };
    let row = records::find_challenge(&mut bank.read().await?, session_id, ceremony).await?;
    Ok(row.filter(|row| bank.now().0 < row.expires_at).map(|row| row.options))
}
