//! A customer has a code sent and gives it.

use scoped_futures::ScopedFutureExt;
use serde_json::json;

use super::model::{OpenCode, SentCodeRefusal, SentCodes, code_of, may_send};
use super::records;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::ids::Key;
use crate::kernel::people::mask_phone;
use crate::kernel::text::ungrouped;
use crate::kernel::time::At;
use crate::messages::{NewMessage, OneTimeCode, STEP_UP_CODE, insert_message};
use crate::sessions::attempt_records::{Attempt, admit};
use crate::sessions::change_password::own_counter;
use crate::sessions::factors::{go_on, has_factor};
use crate::sessions::model::Caller;
use crate::sessions::parameters::SessionParameters;
use crate::sessions::passwords;
use crate::sessions::records::{find_own_password, is_live, lock_if_unchanged, lock_user};
use crate::sessions::tokens::NewToken;

/// The caller's user and session, also while the code after the password is still to come.
fn who(caller: &Caller) -> Result<(&str, &str), Rejected<SentCodeRefusal>> {
    caller.account().ok_or(Rejected::Refused(SentCodeRefusal::NotMeant))
}

/// What the caller can do with codes that are sent; `None` if they are not for this caller.
pub async fn find_sent_codes(bank: &Bank, caller: &Caller) -> Result<Option<SentCodes>, Failure> {
    let Some((user_id, session_id)) = caller.account() else { return Ok(None) };
    let now = bank.now();
    let limits: SessionParameters = reference(bank).await?.parameters("", now.day());
    let mut conn = bank.read().await?;
    let Some(recipient) = records::find_recipient(&mut conn, user_id).await? else { return Ok(None) };
    let open = records::find_open(&mut conn, user_id, session_id, now, limits.step_up_code_failures).await?;
    let open = open.map(|(sent, until)| OpenCode { sent: At(sent), until: At(until) });
    let phone = mask_phone(&recipient.phone(bank.seal())?);
    let validated = recipient.validated;
    Ok(Some(SentCodes { phone, validated, open, pause_minutes: limits.step_up_code_pause_minutes }))
}

/// Sends a code to the customer's phone; the one before ends. The key is the form's idempotency key: a repeated post sends
/// nothing and gets the same answer.
pub async fn send_code(bank: &Bank, caller: &Caller, key: &Key) -> Result<(), Rejected<SentCodeRefusal>> {
    let (user_id, session_id) = who(caller)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    bank.write("send_step_up_code", |tx| {
        let limits = &limits;
        async move {
            let refused = Rejected::Refused;
            // One after the other, so that none exceeds the limits. What ends all sessions, and a factor that is set up, come
            // before or after.
            lock_user(tx, user_id).await?;
            if records::is_taken(tx, key).await? {
                return Ok(());
            }
            let recipient = records::find_recipient(tx, user_id).await?.ok_or(refused(SentCodeRefusal::NotMeant))?;
            if !is_live(tx, session_id).await? || has_factor(tx, user_id).await? {
                return Err(refused(SentCodeRefusal::NotMeant));
            }
            let now = tx.now();
            let (unused, latest) = records::count_sent(tx, user_id, At::midnight(now.day())).await?;
            may_send(unused, latest.map(At), now, limits).map_err(refused)?;
            let code = code_of(tx.random()?);
            let until = now.plus_minutes(limits.step_up_code_minutes);
            records::end_open(tx, user_id).await?;
            records::insert(tx, key, user_id, session_id, &code, &recipient.phone_index, until).await?;
            let phone = recipient.phone(&tx.seal())?;
            // It has limits of its own instead of the quota of a number.
            let message = NewMessage {
                customer_id: &recipient.customer_id,
                case_number: None,
                kind: STEP_UP_CODE,
                details: &json!({ "minutes": limits.step_up_code_minutes }),
                phone: Some(&phone),
                day_max: i64::MAX,
                code: Some(OneTimeCode { code: &code, until }),
            };
            insert_message(tx, &message).await?;
            insert_audit(tx, &caller.actor(), "step_up_code_sent", user_id, "ok").await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
}

/// Gives a code; returns the token of a new session with a fresh proof. The old one has ended. The first code to a number takes
/// the password beside it, so that the number is validated before its codes prove anything alone. A refusal is a value, because
/// the counted try must be committed.
pub async fn give_sent_code(
    bank: &Bank,
    caller: &Caller,
    code: &str,
    password: String,
) -> Result<NewToken, Rejected<SentCodeRefusal>> {
    let (user_id, session_id) = who(caller)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let code = ungrouped(code);
    if code.is_empty() {
        return Err(Rejected::Refused(SentCodeRefusal::Missing));
    }
    let first = first_code(bank, (user_id, session_id), password, &limits).await?;
    let given = bank.write("give_step_up_code", |tx| {
        let (limits, code, first) = (&limits, &code, &first);
        async move {
            if let Some(first) = first
                && !first.holds(tx, user_id, limits).await?
            {
                insert_audit(tx, &caller.actor(), "step_up_code_given", user_id, "refused").await?;
                return Ok(Err(SentCodeRefusal::PasswordWrong));
            }
            lock_user(tx, user_id).await?;
            let given = match records::count_try(tx, user_id, session_id, limits.step_up_code_failures).await? {
                None => Err(SentCodeRefusal::Void),
                Some(row) if !row.is(code, &tx.seal()) => Err(match limits.step_up_code_failures - row.failures {
                    left if left > 0 => SentCodeRefusal::Wrong { left },
                    _ => SentCodeRefusal::Exhausted,
                }),
                Some(row) if !records::use_code(tx, &row.id).await? => Err(SentCodeRefusal::Void),
                Some(_) => go_on(tx, session_id, limits).await?.ok_or(SentCodeRefusal::Void),
            };
            if given.is_ok() && first.is_some() {
                // It is the number of the code: one that was sent to another number is void.
                records::validate_phone(tx, user_id).await?;
                insert_audit(tx, &caller.actor(), "phone_validated", user_id, "ok").await?;
            }
            let result = if given.is_ok() { "ok" } else { "refused" };
            insert_audit(tx, &caller.actor(), "step_up_code_given", user_id, result).await?;
            Ok::<_, Rejected<SentCodeRefusal>>(given)
        }
        .scope_boxed()
    });
    given.await?.map_err(Rejected::Refused)
}

/// The password beside the first code to a number.
struct FirstCode {
    password_hash: String,
    fits: bool,
    name_index: String,
    counter: String,
}

impl FirstCode {
    /// Counts the attempt at the password, with the limit of the own password, and says whether it fits and is still the password.
    async fn holds(&self, tx: &mut Tx, user_id: &str, limits: &SessionParameters) -> Result<bool, Failure> {
        let (name_index, source_index) = (&self.name_index, &self.counter);
        let attempt = Attempt { name_index, source_index, user_id: Some(user_id), known: true };
        let open = admit(tx, &attempt, !self.fits, limits).await?;
        Ok(open && self.fits && lock_if_unchanged(tx, user_id, &self.password_hash).await?)
    }
}

/// Compares the password, if the number on file is not validated; `None` if it is. Without a code that can be given it is not
/// judged, so that no attempt at it is counted.
async fn first_code(
    bank: &Bank,
    (user_id, session_id): (&str, &str),
    password: String,
    limits: &SessionParameters,
) -> Result<Option<FirstCode>, Rejected<SentCodeRefusal>> {
    let refused = Rejected::Refused;
    let mut conn = bank.read().await?;
    let recipient = records::find_recipient(&mut conn, user_id).await?.ok_or(refused(SentCodeRefusal::NotMeant))?;
    if recipient.validated {
        return Ok(None);
    }
    if password.is_empty() {
        return Err(refused(SentCodeRefusal::PasswordMissing));
    }
    let open = records::find_open(&mut conn, user_id, session_id, bank.now(), limits.step_up_code_failures).await?;
    if open.is_none() {
        return Err(refused(SentCodeRefusal::Void));
    }
    let own = find_own_password(&mut conn, user_id).await?.ok_or(refused(SentCodeRefusal::NotMeant))?;
    drop(conn);
    let (name_index, counter) = own_counter(bank, user_id, &own.sign_in_name);
    let fits = passwords::fits(user_id, Some(own.password_hash.clone()), password).await?;
    Ok(Some(FirstCode { password_hash: own.password_hash, fits, name_index, counter }))
}
