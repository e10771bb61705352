//! A user adds and removes passkeys, and renews the recovery codes by one.

use scoped_futures::ScopedFutureExt;

use super::ceremony::{self, HANDLE_BYTES, NewPasskey, handle_text};
use super::model::{Ceremony, MOST_PASSKEYS, Passkey, PasskeyRefusal, RelyingParty, read_name};
use super::records;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::sessions::activation::Secret;
use crate::sessions::factors::{
    forget_codes_without_factor, go_on, has_factor, is_left_weak, make_codes, replace_codes, sign_in_name,
};
use crate::sessions::model::Caller;
use crate::sessions::notices::{SecurityEvent, tell};
use crate::sessions::parameters::SessionParameters;
use crate::sessions::records::lock_user;
use crate::sessions::sent_codes::end_open;
use crate::sessions::tokens::NewToken;

/// The caller's user and session, also of staff who have to set up a second factor first. After the password alone there is no way
/// here: the route does not admit it.
fn who(caller: &Caller) -> Result<(&str, &str), Rejected<PasskeyRefusal>> {
    caller.account().ok_or(Rejected::Refused(PasskeyRefusal::Unknown))
}

/// The caller's passkeys, the oldest first.
pub async fn list_passkeys(bank: &Bank, caller: &Caller) -> Result<Vec<Passkey>, Failure> {
    let Some((user_id, _)) = caller.account() else { return Ok(Vec::new()) };
    let rows = records::list(&mut bank.read().await?, user_id).await?;
    let passkey = |row: records::ListedRow| Passkey {
        id: row.id,
        name: row.name,
        since: At(row.created_at),
        used: row.last_used_at.map(At),
    };
    Ok(rows.into_iter().map(passkey).collect())
}

/// Begins to add one; what this session has begun before is void.
pub async fn begin_passkey(bank: &Bank, caller: &Caller, party: &RelyingParty) -> Result<(), Rejected<PasskeyRefusal>> {
    let (user_id, session_id) = who(caller)?;
    bank.write("begin_passkey", |tx| {
        async move {
            let offered = handle_text(tx.random::<HANDLE_BYTES>()?);
            let handle = records::keep_handle(tx, user_id, &offered).await?;
            let known = records::list_credentials(tx, user_id).await?;
            if known.len() >= MOST_PASSKEYS {
                return Err(Rejected::Refused(PasskeyRefusal::Full));
            }
            let name = sign_in_name(tx, user_id).await?;
            let begun = ceremony::begin_adding(party, &handle, &name, &known)?;
            Ok(records::put_challenge(tx, session_id, Ceremony::Add, &begun).await?)
        }
        .scope_boxed()
    })
    .await
}

/// Adds the passkey that a device has made; returns the token of the session that goes on. The first second factor of a user
/// brings recovery codes. A refusal that concerns the answer is a value, because the challenge is used by it; one that concerns
/// the name leaves it open.
pub async fn add_passkey(
    bank: &Bank,
    caller: &Caller,
    party: &RelyingParty,
    name: &str,
    answer: &str,
) -> Result<(Option<Vec<Secret>>, NewToken), Rejected<PasskeyRefusal>> {
    let (user_id, session_id) = who(caller)?;
    let refused = Rejected::Refused;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let name = read_name(name).map_err(refused)?;
    let answer = ceremony::read_added(answer).map_err(refused)?;
    let has_none = !has_factor(&mut bank.read().await?, user_id).await?;
    let new_codes = if has_none { Some(make_codes(bank, user_id).await?) } else { None };
    let added = bank.write("add_passkey", |tx| {
        let (name, answer, limits, new_codes) = (&name, &answer, &limits, &new_codes);
        async move {
            // One after the other, so that no user gets one too many or a name twice, and one of them the recovery codes.
            lock_user(tx, user_id).await?;
            let open = records::take_challenge(tx, session_id, Ceremony::Add, &answer.challenge).await?;
            let open = open.ok_or(refused(PasskeyRefusal::Outdated))?;
            let verified = if tx.now().0 < open.expires_at {
                ceremony::verify_added(party, &open.state, &answer.told)?
            } else {
                Err(PasskeyRefusal::Expired)
            };
            let ways = records::find_ways(tx, user_id).await?;
            let added = match verified {
                Err(refusal) => Err(refusal),
                // Rolled back: the same answer serves under another name.
                Ok(_) if records::has_name(tx, user_id, name).await? => return Err(refused(PasskeyRefusal::NameTaken)),
                Ok(new) => store(tx, user_id, name, &new).await?,
            };
            let result = if added.is_ok() { "ok" } else { "refused" };
            insert_audit(tx, &caller.actor(), "passkey_added", user_id, result).await?;
            if let Err(refusal) = added {
                return Ok(Err(refusal));
            }
            end_open(tx, user_id).await?;
            let token = go_on(tx, session_id, limits).await?.ok_or(refused(PasskeyRefusal::Outdated))?;
            let is_first = !ways.app && !ways.passkey;
            // Without the name, which whoever adds it has typed: it would speak with the voice of the bank.
            let event = if is_first { SecurityEvent::FactorSetUp } else { SecurityEvent::PasskeyAdded };
            tell(tx, user_id, event, None).await?;
            if !is_first {
                return Ok(Ok((None, token)));
            }
            // The last other factor was removed a moment ago: it is tried again, rolled back.
            let new = new_codes.as_ref().ok_or(refused(PasskeyRefusal::Outdated))?;
            replace_codes(tx, user_id, new).await?;
            Ok::<_, Rejected<PasskeyRefusal>>(Ok((Some(new.codes.clone()), token)))
        }
        .scope_boxed()
    });
    added.await?.map_err(refused)
}

async fn store(tx: &mut Tx, user_id: &str, name: &str, new: &NewPasskey) -> Result<Result<(), PasskeyRefusal>, Failure> {
    if records::list(tx, user_id).await?.len() >= MOST_PASSKEYS {
        return Ok(Err(PasskeyRefusal::Full));
    }
    let is_new = records::insert(tx, user_id, name, new).await?;
    Ok(if is_new { Ok(()) } else { Err(PasskeyRefusal::Taken) })
}

/// Removes one. With the last second factor the recovery codes go too.
pub async fn remove_passkey(bank: &Bank, caller: &Caller, id: &str) -> Result<(), Rejected<PasskeyRefusal>> {
    let unknown = Rejected::Refused(PasskeyRefusal::Unknown);
    let Some(user_id) = caller.user_id() else { return Err(unknown) };
    bank.write("remove_passkey", |tx| {
        async move {
            lock_user(tx, user_id).await?;
            if !records::remove(tx, user_id, id).await? {
                return Err(Rejected::Refused(PasskeyRefusal::Unknown));
            }
            if is_left_weak(tx, user_id).await? {
                return Err(Rejected::Refused(PasskeyRefusal::PasswordTooShort));
            }
            forget_codes_without_factor(tx, user_id).await?;
            if !has_factor(tx, user_id).await? {
                tell(tx, user_id, SecurityEvent::FactorRemoved, None).await?;
            }
            insert_audit(tx, &caller.actor(), "passkey_removed", user_id, "ok").await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
}

/// Replaces the recovery codes of a user who has a passkey; the old ones are void.
pub async fn renew_codes_by_passkey(bank: &Bank, caller: &Caller) -> Result<Vec<Secret>, Rejected<PasskeyRefusal>> {
    let Some(user_id) = caller.user_id() else { return Err(Rejected::Refused(PasskeyRefusal::Unknown)) };
    let new = make_codes(bank, user_id).await?;
    let renewed = bank.write("renew_codes_by_passkey", |tx| {
        let new = &new;
        async move {
            lock_user(tx, user_id).await?;
            if !records::find_ways(tx, user_id).await?.passkey {
                return Err(Rejected::Refused(PasskeyRefusal::Unknown));
            }
            tell(tx, user_id, SecurityEvent::CodesRenewed, None).await?;
            insert_audit(tx, &caller.actor(), "recovery_codes_renewed", user_id, "ok").await?;
            Ok::<_, Rejected<PasskeyRefusal>>(replace_codes(tx, user_id, new).await?)
        }
        .scope_boxed()
    });
    renewed.await?;
    Ok(new.codes)
}
