//! Sign in. The password is verified outside any transaction, because that takes tens of milliseconds.

use scoped_futures::ScopedFutureExt;

use super::access::Reach;
use super::attempt_records::{Attempt, admit, clear_source, count_network, failures_of_network, list_slowed, remember_device};
use super::model::{SignInRefusal, Staff};
use super::notices::{SecurityEvent, tell};
use super::parameters::SessionParameters;
use super::passwords;
use super::records::{self, PasswordRow};
use super::source::{DeviceToken, Source};
use crate::branches::reference;
use crate::kernel::audit::{Actor, insert_audit};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::{At, Day};

/// The name that separates the blind indexes of sign-in names from others.
const NAME_INDEX: &str = "sign_in_name";

/// Milliseconds in an hour.
const HOUR_MS: i64 = 3_600_000;

/// The result of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub session_id: String,
    /// The id of the session's first token.
    pub token: String,
    /// What the browser holds from now on to be known again; `None` for a command.
    pub device: Option<DeviceToken>,
}

/// Signs a user in and creates the session row. Failed attempts lock the source for this name until the next day
/// (docs/domain.md §12). A name that does not exist, a wrong password and a locked source take the same statements and give the
/// same refusal; a locked source takes them for the right password too, so that it cannot go on guessing by the clock.
pub async fn sign_in(bank: &Bank, name: &str, password: String, source: &Source) -> Result<SignedIn, Rejected<SignInRefusal>> {
    let now = bank.now();
    let limits: SessionParameters = reference(bank).await?.parameters("", now.day());
    let (network_index, hour) = (source.network_index(bank.seal()), hour_of(now));
    let mut conn = bank.read().await?;
    let user = records::find_password(&mut conn, name, &source.token_hash(), now.day()).await?;
    let known = user.as_ref().is_some_and(|user| user.device_known);
    let failures = failures_of_network(&mut conn, &network_index, hour).await?;
    drop(conn);
    // A network is slowed down before anything is compared, so that it learns nothing and costs nothing. A few guesses under way may
    // exceed the limit.
    if !known && failures >= limits.sign_in_failures_network {
        return Err(Rejected::Refused(SignInRefusal::NetworkSlowed));
    }
    let fits = passwords::fits(&source.turn(known), user.as_ref().map(|user| user.password_hash.clone()), password).await?;

    let (name_index, source_index) = (bank.seal().index(NAME_INDEX, name), source.index(bank.seal(), known));
    let attempt = Attempt {
        name_index: &name_index,
        source_index: &source_index,
        user_id: user.as_ref().map(|user| user.id.as_str()),
        known,
    };
    let admitted = user.as_ref().filter(|_| fits);
    let side = admitted.and_then(|user| actor_role(&user.reach, &user.role));
    let session_id = bank.new_id()?;
    let (signed_in, failures) = bank
        .write("sign_in", |tx| {
            let (session_id, user, attempt, limits) = (session_id.clone(), user.as_ref(), &attempt, &limits);
            let (side, network_index) = (side.clone(), &network_index);
            async move {
                let (mut done, mut failures) = (None, 0);
                let wrong = side.is_none();
                let open = admit(tx, attempt, wrong, limits).await?;
                if let Some(user) = user.filter(|_| open && !wrong) {
                    done = enter(tx, user, attempt, session_id, source).await?;
                }
                let actor = Actor {
                    role: side.map_or_else(|| "nobody".into(), Into::into),
                    user_id: user.map(|user| user.id.clone()),
                    name: String::new(),
                };
                let subject = user.map_or("unknown", |user| user.id.as_str());
                let result = if done.is_some() { "ok" } else { "refused" };
                insert_audit(tx, &actor, "sign_in", subject, result).await?;
                if open && wrong && !attempt.known {
                    failures = count_network(tx, network_index, hour).await?;
                }
                Ok::<_, Rejected<SignInRefusal>>((done, failures))
            }
            .scope_boxed()
        })
        .await?;
    if failures == limits.sign_in_failures_network {
        tracing::warn!(
            network = source.cut(),
            failures,
            "many failed sign-ins from one network: it has to wait until the next hour"
        );
    }
    signed_in.ok_or(Rejected::Refused(SignInRefusal::SignInFailed))
}

/// Makes the session of a user whose password fits; `None` if it has been changed since it was compared, or the user has left.
async fn enter(
    tx: &mut Tx,
    user: &PasswordRow,
    attempt: &Attempt<'_>,
    session_id: String,
    source: &Source,
) -> Result<Option<SignedIn>, Failure> {
    // Locks the user's row: a reset comes before, or ends this session too.
    if !records::lock_if_unchanged(tx, &user.id, &user.password_hash).await? {
        return Ok(None);
    }
    let device = source.token(tx, user.device_issued)?;
    // The first device of all is that of the activation; after it every new one is told.
    if device.is_some() && !attempt.known && user.has_devices {
        tell(tx, &user.id, SecurityEvent::NewDevice, Some(source.device())).await?;
    }
    let token = tx.new_id()?;
    records::insert_session(tx, &session_id, &token, &user.id, source.device());
    clear_source(tx, attempt);
    if let Some(token) = &device {
        remember_device(tx, &user.id, &token.hash(), source.device());
    }
    Ok(Some(SignedIn { session_id, token, device }))
}

/// When the hour began. The bank's time is whole hours from UTC.
fn hour_of(now: At) -> At {
    At(now.0 - now.0.rem_euclid(HOUR_MS))
}

/// Seconds until a network that has to wait may try again.
pub fn seconds_to_next_hour(now: At) -> i64 {
    (hour_of(now).0 + HOUR_MS - now.0).div_euclid(1000).max(1)
}

/// The role recorded in history and audit: `customer` for every user of a customer.
pub(super) fn actor_role(reach: &str, role: &str) -> Option<String> {
    Reach::parse(reach).map(|reach| if reach == Reach::Own { "customer".to_owned() } else { role.to_owned() })
}

/// Networks that had to wait because of many failed sign-ins, today and yesterday: the day and how many. For administrators only.
pub async fn slowed_networks(bank: &Bank, staff: &Staff) -> Result<Vec<(Day, i64)>, Failure> {
    if !staff.administers() {
        return Ok(Vec::new());
    }
    let now = bank.now();
    let limits: SessionParameters = reference(bank).await?.parameters("", now.day());
    let since = At::midnight(now.plus_days(-1).day());
    let hours = list_slowed(&mut bank.read().await?, since, limits.sign_in_failures_network).await?;
    let mut days: Vec<(Day, i64)> = Vec::new();
    for (hour, networks) in hours {
        let day = At(hour).day();
        match days.last_mut().filter(|(last, _)| *last == day) {
            // A network that had to wait in several hours counts once for each.
            Some((_, count)) => *count += networks,
            None => days.push((day, networks)),
        }
    }
    Ok(days)
}
