//! Recovery codes. One has 51 bits, so it is kept by a password hash: Argon2 of its keyed hash, with one salt for all codes of a
//! user, so that an attempt costs one hash whichever of them it is. All hashes are computed before the transaction, on the
//! threads of the passwords.

use super::RECOVERY_CODES;
use super::proof::locked_until;
use super::records;
use super::totp;
use crate::kernel::bank::Bank;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::text::ungrouped;
use crate::sessions::activation::{ActivationKind, Secret};
use crate::sessions::passwords::hash_with_salt;

/// Recovery codes that are not stored yet.
pub(in crate::sessions) struct NewCodes {
    pub codes: Vec<Secret>,
    pub salt: String,
    pub hashes: Vec<String>,
}

/// Makes the recovery codes of a user.
pub(in crate::sessions) async fn make_codes(bank: &Bank, user_id: &str) -> Result<NewCodes, Failure> {
    let code = || Secret::from_random(ActivationKind::Code, || bank.random());
    let codes = (0..RECOVERY_CODES).map(|_| code()).collect::<Result<Vec<_>, _>>()?;
    let (key, salt) = (bank.seal().newest(), bank.random::<16>()?);
    let keyed = codes.iter().map(|code| code.recovery_hash(user_id, bank.seal())).collect();
    let hashes = hash_with_salt(user_id, salt, keyed).await?;
    Ok(NewCodes { codes, salt: records::salt_text(key, salt), hashes })
}

/// Whether a code that was typed is judged at all.
pub(super) async fn may_give(bank: &Bank, user_id: &str, text: &str) -> Result<bool, Failure> {
    Ok(!ungrouped(text).is_empty() && !is_locked(bank, &mut bank.read().await?, user_id).await?)
}

async fn is_locked(bank: &Bank, conn: &mut Conn, user_id: &str) -> Result<bool, Failure> {
    Ok(locked_until(conn, user_id).await?.is_some_and(|until| bank.now() < until))
}

/// The hash under which a typed recovery code of its user is stored; `None` if it cannot be one, or none is judged now.
pub(super) async fn hash_typed(bank: &Bank, user_id: &str, text: &str) -> Result<Option<String>, Failure> {
    let code = ungrouped(text);
    if code.is_empty() || totp::is_code(&code) {
        return Ok(None);
    }
    let mut conn = bank.read().await?;
    let salt = if is_locked(bank, &mut conn, user_id).await? { None } else { records::find_salt(&mut conn, user_id).await? };
    drop(conn);
    let Some((key, salt)) = salt else { return Ok(None) };
    let start = format!("{key}:");
    let keyed = Secret::typed(ActivationKind::Code, &code).recovery_hashes(user_id, bank.seal());
    match (keyed.into_iter().find(|keyed| keyed.starts_with(&start)), salt) {
        (Some(keyed), Some(salt)) => Ok(hash_with_salt(user_id, salt, vec![keyed]).await?.pop()),
        (keyed, _) => Ok(keyed),
    }
}
