//! A user sets up, gives, renews and removes the second factor.

use std::convert::Infallible;
use std::pin::Pin;

use scoped_futures::ScopedFutureExt;

use super::model::{Enrolment, Factor, FactorRefusal};
use super::proof::{Typed, prove};
use super::records::{self, AuthenticatorRow};
use super::recovery::{NewCodes, hash_typed, make_codes, may_give};
use super::totp;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::sessions::activation::Secret;
use crate::sessions::model::Caller;
use crate::sessions::notices::{SecurityEvent, tell};
use crate::sessions::parameters::SessionParameters;
use crate::sessions::records::{lock_user, replace_session};
use crate::sessions::sent_codes::end_open;
use crate::sessions::tokens::NewToken;

/// The caller's user and session, also while the second factor is still to come.
fn who(caller: &Caller) -> Result<(&str, &str), Rejected<FactorRefusal>> {
    caller.account().ok_or(Rejected::Refused(FactorRefusal::Off))
}

/// The same, if the session may do everything.
fn who_is_in(caller: &Caller) -> Result<(&str, &str), Rejected<FactorRefusal>> {
    caller.signed_in().ok_or(Rejected::Refused(FactorRefusal::Off))
}

/// The second factor of the caller. `bank_name` is the name under which an app keeps it.
pub async fn find_factor(bank: &Bank, caller: &Caller, bank_name: &str) -> Result<Factor, Failure> {
    let Some((user_id, session_id)) = caller.account() else { return Ok(Factor::Off) };
    let mut conn = bank.read().await?;
    let Some(row) = records::find(&mut conn, user_id).await? else { return Ok(Factor::Off) };
    if let Some(since) = row.confirmed_at {
        let codes_left = records::count_codes_left(&mut conn, user_id).await?;
        let password_needs_it = records::password_needs_app(&mut conn, user_id).await?;
        return Ok(Factor::On { since: At(since), codes_left, password_needs_it });
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
    let Some((user_id, _)) = caller.account() else { return Ok(String::new()) };
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

/// What the caller has begun goes on in the session that the password, given again, has made.
pub async fn keep_begun_factor(bank: &Bank, caller: &Caller, session_id: &str) -> Result<(), Failure> {
    let Some((_, before)) = caller.account() else { return Ok(()) };
    bank.write::<_, Infallible, _>("keep_begun_factor", |tx| {
        async move { Ok(records::keep_begun(tx, before, session_id).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Confirms it with a code of the app; returns the recovery codes and the token of the session that goes on. Of several at once one
/// gets them.
pub async fn confirm_factor(
    bank: &Bank,
    caller: &Caller,
    code: &str,
) -> Result<(Vec<Secret>, NewToken), Rejected<FactorRefusal>> {
    let (user_id, session_id) = who(caller)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let begun = find_begun(&mut bank.read().await?, user_id, session_id).await?;
    let code: String = crate::kernel::text::narrow(code).chars().filter(|c| !c.is_whitespace()).collect();
    if code.is_empty() {
        return Err(Rejected::Refused(FactorRefusal::CodeMissing));
    }
    let step = totp::matching_step(&begun.secret(bank.seal())?, &code, bank.now())?;
    let step = step.ok_or(Rejected::Refused(FactorRefusal::CodeWrong))?;
    let new = make_codes(bank, user_id).await?;
    let token = bank.write("confirm_factor", |tx| {
        let (limits, begun, new) = (&limits, &begun, &new);
        async move {
            let refused = Rejected::Refused;
            lock_user(tx, user_id).await?;
            find_begun(tx, user_id, session_id).await?;
            // Under the secret whose code was typed, and once.
            if !records::confirm(tx, user_id, &begun.secret_sealed, step).await? {
                return Err(refused(FactorRefusal::AlreadyOn));
            }
            end_open(tx, user_id).await?;
            let token = go_on(tx, session_id, limits).await?.ok_or(refused(FactorRefusal::NotBegun))?;
            tell(tx, user_id, SecurityEvent::FactorSetUp, None).await?;
            insert_audit(tx, &caller.actor(), "factor_set_up", user_id, "ok").await?;
            records::replace_codes(tx, user_id, new).await?;
            Ok(token)
        }
        .scope_boxed()
    });
    Ok((new.codes.clone(), token.await?))
}

/// What this session has begun to set up.
async fn find_begun(conn: &mut Conn, user_id: &str, session_id: &str) -> Result<AuthenticatorRow, Rejected<FactorRefusal>> {
    let refused = Rejected::Refused;
    let row = records::find(conn, user_id).await?.ok_or(refused(FactorRefusal::NotBegun))?;
    if row.confirmed_at.is_some() {
        return Err(refused(FactorRefusal::AlreadyOn));
    }
    if row.begun_in == session_id { Ok(row) } else { Err(refused(FactorRefusal::NotBegun)) }
}

/// Gives the second factor; returns the token of a new session, which may do everything. The old one has ended.
pub async fn give_factor(bank: &Bank, caller: &Caller, code: &str) -> Result<NewToken, Rejected<FactorRefusal>> {
    with_code(bank, caller, who(caller)?, (code, bank.now(), None), "factor_given", |tx, proven| {
        Box::pin(async move { Ok(go_on(tx, proven.session_id, &proven.limits).await?.ok_or(FactorRefusal::Off)) })
    })
    .await
}

/// Replaces the recovery codes; the old ones are void. It takes a code.
pub async fn renew_recovery_codes(bank: &Bank, caller: &Caller, code: &str) -> Result<Vec<Secret>, Rejected<FactorRefusal>> {
    let (user_id, session_id) = who_is_in(caller)?;
    let arrived = bank.now();
    // Whoever is locked out, or has typed nothing, is refused below, and costs no hashes.
    let new = if may_give(bank, user_id, code).await? { Some(make_codes(bank, user_id).await?) } else { None };
    with_code(bank, caller, (user_id, session_id), (code, arrived, new), "recovery_codes_renewed", |tx, proven| {
        Box::pin(async move {
            let Some(new) = &proven.new_codes else { return Ok(Err(FactorRefusal::CodeWrong)) };
            records::mark_given(tx, proven.session_id).await?;
            tell(tx, proven.user_id, SecurityEvent::CodesRenewed, None).await?;
            records::replace_codes(tx, proven.user_id, new).await?;
            Ok(Ok(new.codes.clone()))
        })
    })
    .await
}

/// Removes the app, and the recovery codes unless there are passkeys. It takes a code, and a password that is long enough for what is
/// left.
pub async fn remove_factor(bank: &Bank, caller: &Caller, code: &str) -> Result<(), Rejected<FactorRefusal>> {
    with_code(bank, caller, who_is_in(caller)?, (code, bank.now(), None), "factor_removed", |tx, proven| {
        Box::pin(async move {
            if records::password_needs_app(tx, proven.user_id).await? {
                return Ok(Err(FactorRefusal::PasswordTooShort));
            }
            records::forget_app(tx, proven.user_id).await?;
            if !records::has_factor(tx, proven.user_id).await? {
                tell(tx, proven.user_id, SecurityEvent::FactorRemoved, None).await?;
            }
            Ok(Ok(()))
        })
    })
    .await
}

/// Who has given a right code.
struct Proven<'p> {
    user_id: &'p str,
    session_id: &'p str,
    limits: SessionParameters,
    /// Of the act that replaces the recovery codes.
    new_codes: Option<NewCodes>,
}

/// What an act does after a right code.
type Done<'a, T> = Pin<Box<dyn Future<Output = Result<Result<T, FactorRefusal>, Failure>> + Send + 'a>>;

/// Judges a code, and does what it was given for in the same transaction.
async fn with_code<T: Send>(
    bank: &Bank,
    caller: &Caller,
    (user_id, session_id): (&str, &str),
    (text, at, new_codes): (&str, At, Option<NewCodes>),
    action: &'static str,
    act: for<'a> fn(&'a mut Tx, &'a Proven<'a>) -> Done<'a, T>,
) -> Result<T, Rejected<FactorRefusal>> {
    let limits = reference(bank).await?.parameters("", bank.now().day());
    let proven = Proven { user_id, session_id, limits, new_codes };
    let typed = Typed { text, at, hash: hash_typed(bank, user_id, text).await? };
    let done = bank.write(action, |tx| {
        let (proven, typed) = (&proven, &typed);
        async move {
            // Locks the user's row: a new password and what ends all sessions come before or after.
            lock_user(tx, user_id).await?;
            let done = match prove(tx, user_id, typed, &proven.limits).await? {
                Ok(()) => act(tx, proven).await?,
                Err(refusal) => Err(refusal),
            };
            let result = if done.is_ok() { "ok" } else { "refused" };
            insert_audit(tx, &caller.actor(), action, user_id, result).await?;
            Ok::<_, Rejected<FactorRefusal>>(done)
        }
        .scope_boxed()
    });
    done.await?.map_err(Rejected::Refused)
}

/// A new session in the place of this one, which ends: whoever has proven who they are gets another token, and the old one is void at
/// once. `None`: it has ended already.
pub(in crate::sessions) async fn go_on(
    tx: &mut Tx,
    session_id: &str,
    limits: &SessionParameters,
) -> Result<Option<NewToken>, Failure> {
    let new = NewToken { session_id: tx.new_id()?, id: tx.new_id()?, until: tx.now().plus_hours(limits.session_hours) };
    if !replace_session(tx, session_id, &new).await? {
        return Ok(None);
    }
    // Whoever was asked for a proof at the end of the set-up need not scan another code.
    records::keep_begun(tx, session_id, &new.session_id).await?;
    Ok(Some(new))
}
