//! A user changes the own password: the current one is asked for, with a limit of its own, because whoever has found an open session
//! must not be able to guess it.

use scoped_futures::ScopedFutureExt;

use super::activation_records::{find_identity, set_password};
use super::attempt_records::{Attempt, admit};
use super::factors::has_factor;
use super::model::Caller;
use super::notices::{SecurityEvent, tell};
use super::parameters::SessionParameters;
use super::password_rule::{KnownOfUser, NewPassword, PasswordFault, check_password, needs_factor, shortest};
use super::passwords;
use super::records;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};

/// Why a password was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangePasswordRefusal {
    /// The current password is wrong, or was wrong too often today.
    CurrentWrong,
    /// The new one breaks the rule.
    Password(PasswordFault),
}

/// The fewest characters of the caller's own password.
pub async fn shortest_own_password(bank: &Bank, caller: &Caller) -> Result<usize, Failure> {
    let Some(user_id) = caller.user_id() else { return Ok(shortest(false)) };
    Ok(shortest(has_factor(&mut bank.read().await?, user_id).await?))
}

/// The name and the source under which wrong attempts at the own password are counted.
pub(super) fn own_counter(bank: &Bank, user_id: &str, sign_in_name: &str) -> (String, String) {
    let seal = bank.seal();
    (seal.index("sign_in_name", sign_in_name), seal.index("sign_in_source", &format!("change/{user_id}")))
}

/// Changes the caller's password, ends all other sessions, and tells the customer. Refused alike: a wrong current password, one
/// that was wrong too often today, and a session that has ended meanwhile.
pub async fn change_password(
    bank: &Bank,
    caller: &Caller,
    current: String,
    new: NewPassword,
) -> Result<(), Rejected<ChangePasswordRefusal>> {
    let wrong = Rejected::Refused(ChangePasswordRefusal::CurrentWrong);
    let refused = |fault| Rejected::Refused(ChangePasswordRefusal::Password(fault));
    let Some((user_id, session_id)) = caller.signed_in() else { return Err(wrong) };
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let mut conn = bank.read().await?;
    let Some(user) = records::find_own_password(&mut conn, user_id).await? else { return Err(wrong) };
    let fewest = shortest(has_factor(&mut conn, user_id).await?);
    drop(conn);
    let house = new.house_names(bank).await?;
    let known = KnownOfUser { texts: &[&user.sign_in_name], born: None, house: &house };
    let new = new.check(fewest, known).map_err(refused)?;
    let fits = passwords::fits(user_id, Some(user.password_hash.clone()), current).await?;
    let new_hash = if fits { passwords::hash_in_turn(user_id, new.clone()).await? } else { String::new() };
    let (name_index, counter) = own_counter(bank, user_id, &user.sign_in_name);
    let attempt = Attempt { name_index: &name_index, source_index: &counter, user_id: Some(user_id), known: true };
    let changed = bank.write("change_password", |tx| {
        let (user, new, new_hash, attempt, limits) = (&user, &new, &new_hash, &attempt, &limits);
        async move {
            let open = admit(tx, attempt, !fits, limits).await?;
            let changes = open
                && fits
                && records::lock_if_unchanged(tx, user_id, &user.password_hash).await?
                && records::is_live(tx, session_id).await?;
            if !changes {
                insert_audit(tx, &caller.actor(), "change_password", user_id, "refused").await?;
                return Ok(false);
            }
            // The user's row is locked: the factor was removed before, and this sees it, or it is removed afterwards, and that sees
            // the new password.
            let fewest = shortest(has_factor(tx, user_id).await?);
            let identity = find_identity(tx, &user.sign_in_name).await?;
            let (phone, number, born) = identity.map_or_else(Default::default, |of| (of.phone, of.number, of.born));
            check_password(new, fewest, KnownOfUser { texts: &[&phone, &number], born, house: &[] }).map_err(refused)?;
            set_password(tx, user_id, new_hash, needs_factor(new)).await?;
            let now = tx.now();
            records::end_other_sessions(tx, user_id, session_id, now).await?;
            tell(tx, user_id, SecurityEvent::PasswordChanged, None).await?;
            insert_audit(tx, &caller.actor(), "change_password", user_id, "ok").await?;
            Ok(true)
        }
        .scope_boxed()
    });
    if changed.await? { Ok(()) } else { Err(Rejected::Refused(ChangePasswordRefusal::CurrentWrong)) }
}
