//! A user gives a passkey: after the password, or for an act that asks for a fresh proof.

use scoped_futures::ScopedFutureExt;

use super::ceremony;
use super::model::{Ceremony, PasskeyRefusal, RelyingParty, Ways};
use super::records;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::sessions::factors::go_on;
use crate::sessions::model::Caller;
use crate::sessions::parameters::SessionParameters;
use crate::sessions::records::lock_user;
use crate::sessions::tokens::NewToken;

/// The second factors of the caller, also while one is still to come.
pub async fn find_ways(bank: &Bank, caller: &Caller) -> Result<Ways, Failure> {
    let Some((user_id, _)) = caller.account() else { return Ok(Ways::default()) };
    records::find_ways(&mut bank.read().await?, user_id).await
}

/// Asks for one of the caller's passkeys; what this session was asked before is void.
pub async fn ask_for_passkey(bank: &Bank, caller: &Caller, party: &RelyingParty) -> Result<(), Rejected<PasskeyRefusal>> {
    let (user_id, session_id) = caller.account().ok_or(Rejected::Refused(PasskeyRefusal::Unknown))?;
    bank.write("ask_for_passkey", |tx| {
        async move {
            let known = records::list_credentials(tx, user_id).await?;
            if known.is_empty() {
                return Err(Rejected::Refused(PasskeyRefusal::Unknown));
            }
            let begun = ceremony::begin_giving(party, &known)?;
            Ok(records::put_challenge(tx, session_id, Ceremony::Give, &begun).await?)
        }
        .scope_boxed()
    })
    .await
}

/// Gives one; returns the token of a new session, which may do everything. The old one has ended. A refusal that concerns the answer is a
/// value, because the challenge is used by it.
pub async fn give_passkey(
    bank: &Bank,
    caller: &Caller,
    party: &RelyingParty,
    answer: &str,
) -> Result<NewToken, Rejected<PasskeyRefusal>> {
    let refused = Rejected::Refused;
    let (user_id, session_id) = caller.account().ok_or(refused(PasskeyRefusal::Unknown))?;
    let answer = ceremony::read_given(answer).map_err(refused)?;
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let given = bank.write("give_passkey", |tx| {
        let (answer, limits) = (&answer, &limits);
        async move {
            // What ends all sessions comes before or after.
            lock_user(tx, user_id).await?;
            let open = records::take_challenge(tx, session_id, Ceremony::Give, &answer.challenge).await?;
            let open = open.ok_or(refused(PasskeyRefusal::Outdated))?;
            let known = records::list_credentials(tx, user_id).await?;
            let answered_by = ceremony::answered_by(&answer.told);
            let row = known.into_iter().find(|row| row.credential_id == answered_by);
            let given = match row {
                _ if tx.now().0 >= open.expires_at => Err(PasskeyRefusal::Expired),
                None => Err(PasskeyRefusal::Unknown),
                Some(row) => {
                    let handle = records::handle(tx, user_id).await?;
                    match ceremony::verify_given(party, &open.state, &handle, &row, &answer.told)? {
                        Err(refusal) => Err(refusal),
                        // Another session of the user may have given it at the same moment: the counter in the row decides.
                        Ok(count) if !records::count_use(tx, &row.id, count).await? => Err(PasskeyRefusal::CountedBack),
                        Ok(_) => go_on(tx, session_id, limits).await?.ok_or(PasskeyRefusal::Outdated),
                    }
                }
            };
            let (act, result) = match given {
                Ok(_) => ("factor_given", "ok"),
                Err(PasskeyRefusal::CountedBack) => ("passkey_counted_back", "refused"),
                Err(_) => ("factor_given", "refused"),
            };
            insert_audit(tx, &caller.actor(), act, user_id, result).await?;
            Ok::<_, Rejected<PasskeyRefusal>>(given)
        }
        .scope_boxed()
    });
    given.await?.map_err(refused)
}
