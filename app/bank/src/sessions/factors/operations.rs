//! A user sets up, gives, renews and removes the second factor.

use scoped_futures::ScopedFutureExt;

use super::RECOVERY_CODES;
use super::model::{Enrolment, Factor, FactorRefusal};
use super::proof::prove;
use super::records;
use super::totp;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::sessions::activation::{ActivationKind, Secret};
use crate::sessions::model::Caller;
use crate::sessions::parameters::SessionParameters;
use crate::sessions::records::lock_user;

/// The caller's user and session, also while the second factor is still to come.
fn who(caller: &Caller) -> Result<(&str, &str), Rejected<FactorRefusal>> {
    caller.account().ok_or(Rejected::Refused(FactorRefusal::Off))
}

/// The same, if the session may do everything.
fn who_is_in(caller: &Caller) -> Result<(&str, &str), Rejected<FactorRefusal>> {
    caller.user_id().zip(caller.session_id()).ok_or(Rejected::Refused(FactorRefusal::Off))
}

/// The second factor of the caller. `bank_name` is the name under which an app keeps it.
pub async fn find_factor(bank: &Bank, caller: &Caller, bank_name: &str) -> Result<Factor, Failure> {
    let Some((user_id, session_id)) = caller.account() else { return Ok(Factor::Off) };
    let mut conn = bank.read().await?;
    let Some(row) = records::find(&mut conn, user_id).await? else { return Ok(Factor::Off) };
    if let Some(since) = row.confirmed_at {
        return Ok(Factor::On { since: At(since), codes_left: records::count_codes_left(&mut conn, user_id).await? });
    }
    if row.begun_in != session_id {
        return Ok(Factor::Off);
    }
    let secret = row.secret(bank.seal())?;
    let account = records::sign_in_name(&mut conn, user_id).await?;
    Ok(Factor::Begun(Enrolment { address: totp::address(&secret, bank_name, &account)?, secret }))
}

/// The sign-in name of the caller, who gives the password again.
pub async fn find_own_name(bank: &Bank, caller: &Caller) -> Result<String, Failure> {
    let Some(user_id) = caller.user_id() else { return Ok(String::new()) };
    records::sign_in_name(&mut bank.read().await?, user_id).await
}

/// Begins to set it up. Twice in one session is once, so that two tabs show the same code. One that was begun in another session
/// is replaced, because somebody else may have seen it.
pub async fn begin_factor(bank: &Bank, caller: &Caller) -> Result<(), Rejected<FactorRefusal>> {
    let (user_id, session_id) = who(caller)?;
    bank.write("begin_factor", |tx| {
        async move {
            let secret = totp::secret_text(tx.random()?);
            records::begin(tx, user_id, session_id, &secret).await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
}

/// Cancels what this session has begun.
pub async fn cancel_factor(bank: &Bank, caller: &Caller) -> Result<(), Rejected<FactorRefusal>> {
    let (user_id, session_id) = who(caller)?;
    bank.write("cancel_factor", |tx| async move { Ok(records::cancel(tx, user_id, session_id).await?) }.scope_boxed()).await
}

/// Confirms it with a code of the app, and returns the recovery codes. Of several at once one gets them.
pub async fn confirm_factor(bank: &Bank, caller: &Caller, code: &str) -> Result<Vec<Secret>, Rejected<FactorRefusal>> {
    let (user_id, session_id) = who(caller)?;
    bank.write("confirm_factor", |tx| {
        async move {
            let refused = Rejected::Refused;
            let row = records::find(tx, user_id).await?.ok_or(refused(FactorRefusal::NotBegun))?;
            if row.confirmed_at.is_some() {
                return Err(refused(FactorRefusal::AlreadyOn));
            }
            if row.begun_in != session_id {
                return Err(refused(FactorRefusal::NotBegun));
            }
            let now = tx.now();
            let code: String = crate::kernel::text::narrow(code).chars().filter(|c| !c.is_whitespace()).collect();
            if code.is_empty() {
                return Err(refused(FactorRefusal::CodeMissing));
            }
            let step = totp::matching_step(&row.secret(&tx.seal())?, &code, now)?.ok_or(refused(FactorRefusal::CodeWrong))?;
            // Under the secret whose code was typed, and once.
            if !records::confirm(tx, user_id, &row.secret_sealed, step).await? {
                return Err(refused(FactorRefusal::AlreadyOn));
            }
            records::mark_given(tx, session_id).await?;
            insert_audit(tx, &caller.actor(), "factor_set_up", user_id, "ok").await?;
            Ok(new_codes(tx, user_id).await?)
        }
        .scope_boxed()
    })
    .await
}

/// Gives the second factor in the caller's session, which may do everything from then on.
pub async fn give_factor(bank: &Bank, caller: &Caller, code: &str) -> Result<(), Rejected<FactorRefusal>> {
    let (user_id, session_id) = who(caller)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let given = bank.write("give_factor", |tx| {
        let limits = &limits;
        async move {
            let proven = prove(tx, user_id, code, limits).await?;
            if proven.is_ok() {
                records::mark_given(tx, session_id).await?;
            }
            let result = if proven.is_ok() { "ok" } else { "refused" };
            insert_audit(tx, &caller.actor(), "factor_given", user_id, result).await?;
            Ok::<_, Rejected<FactorRefusal>>(proven)
        }
        .scope_boxed()
    });
    given.await?.map_err(Rejected::Refused)
}

/// Replaces the recovery codes; the old ones are void. It takes a code.
pub async fn renew_recovery_codes(bank: &Bank, caller: &Caller, code: &str) -> Result<Vec<Secret>, Rejected<FactorRefusal>> {
    let (user_id, session_id) = who_is_in(caller)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let renewed = bank.write("renew_recovery_codes", |tx| {
        let limits = &limits;
        async move {
            let proven = prove(tx, user_id, code, limits).await?;
            let result = if proven.is_ok() { "ok" } else { "refused" };
            insert_audit(tx, &caller.actor(), "recovery_codes_renewed", user_id, result).await?;
            if let Err(refusal) = proven {
                return Ok(Err(refusal));
            }
            records::mark_given(tx, session_id).await?;
            Ok::<_, Rejected<FactorRefusal>>(Ok(new_codes(tx, user_id).await?))
        }
        .scope_boxed()
    });
    renewed.await?.map_err(Rejected::Refused)
}

/// Removes the app, and the recovery codes unless there are passkeys. It takes a code.
pub async fn remove_factor(bank: &Bank, caller: &Caller, code: &str) -> Result<(), Rejected<FactorRefusal>> {
    let (user_id, _) = who_is_in(caller)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let removed = bank.write("remove_factor", |tx| {
        let limits = &limits;
        async move {
            // The removals of the app and of the last passkey are one after the other, so that the codes go with the last.
            lock_user(tx, user_id).await?;
            let proven = prove(tx, user_id, code, limits).await?;
            if proven.is_ok() {
                records::forget_app(tx, user_id).await?;
            }
            let result = if proven.is_ok() { "ok" } else { "refused" };
            insert_audit(tx, &caller.actor(), "factor_removed", user_id, result).await?;
            Ok::<_, Rejected<FactorRefusal>>(proven)
        }
        .scope_boxed()
    });
    removed.await?.map_err(Rejected::Refused)
}

/// Makes the recovery codes of a user anew.
pub(in crate::sessions) async fn new_codes(tx: &mut Tx, user_id: &str) -> Result<Vec<Secret>, Failure> {
    let codes = (0..RECOVERY_CODES).map(|_| Secret::generate(tx, ActivationKind::Code)).collect::<Result<Vec<_>, _>>()?;
    let seal = tx.seal();
    let hashes: Vec<String> = codes.iter().map(|code| code.recovery_hash(user_id, &seal)).collect();
    records::replace_codes(tx, user_id, &hashes).await?;
    Ok(codes)
}
