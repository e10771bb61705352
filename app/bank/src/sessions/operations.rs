//! Sign out, and identify the caller.

use std::collections::BTreeSet;

use scoped_futures::ScopedFutureExt;

use super::access::{Permission, Reach, Scope};
use super::appearance::ChosenAppearance;
use super::model::{Awaiting, Caller, Customer, CustomerKind, EndedSession, Needed, SessionEnd, SessionLine, Staff, StepUp};
use super::parameters::SessionParameters;
use super::records::{self, SessionRow};
use super::rules::{SessionTime, idle_minutes, needed, session_ends, step_up, why_over};
use super::sign_in::actor_role;
use super::tokens::{NewToken, Shown, ShownToken, show};
use crate::branches::{reference, reference_at};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::language::Language;
use crate::kernel::time::{At, Day, age_on};

/// Minimum interval between updates of a session's `seen_at` (ms), so that most page views do not write.
const TOUCH_EVERY: i64 = 30_000;

/// How long after its last request an expired session still identifies its user, to keep posted text (ms).
const ENDED_KEPT: i64 = 24 * 3_600_000;

/// The caller of a request, with the chosen language if there is one.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    pub caller: Caller,
    /// The language stored with the user.
    pub language: Option<Language>,
    /// What the user has chosen for every device.
    pub appearance: ChosenAppearance,
    /// Whether to offer the elder mode: to a person of this age who has not decided.
    pub offer_elder: bool,
    /// When the session ends; `None` without a session.
    pub session: Option<SessionTime>,
    /// The session of the cookie, if it has expired recently.
    pub ended: Option<EndedSession>,
    /// A new token for the browser, if it is due.
    pub renewed: Option<NewToken>,
    /// What an act that asks for a fresh proof wants first; `None`: the last one counts still.
    pub step_up: Option<StepUp>,
}

/// The caller who shows a token. `active`: the request counts as activity; one that a page makes by itself does not. `sends`: a
/// channel sends messages.
pub async fn visitor(bank: &Bank, shown: &ShownToken, active: bool, sends: bool) -> Result<Visitor, Failure> {
    load_visitor(bank, &shown.session_id, Some(shown), active, sends).await
}

/// The caller of this session id, within the bank. The request counts as activity. `sends`: a channel sends messages.
pub async fn caller(bank: &Bank, session_id: &str, sends: bool) -> Result<Visitor, Failure> {
    load_visitor(bank, session_id, None, true, sends).await
}

/// The same of staff, to whom no code is sent, for requests that are no activity.
pub async fn idle_caller(bank: &Bank, session_id: &str) -> Result<Visitor, Failure> {
    load_visitor(bank, session_id, None, false, false).await
}

async fn load_visitor(
    bank: &Bank,
    session_id: &str,
    shown: Option<&ShownToken>,
    active: bool,
    sends: bool,
) -> Result<Visitor, Failure> {
    let now = bank.now();
    let mut conn = bank.read().await?;
    let mut rows = records::find_session(&mut conn, session_id, now.day()).await?;
    let permissions = rows.iter().filter_map(|row| Permission::parse(row.permission.as_deref()?)).collect();
    let Some(row) = rows.pop() else {
        let end = match records::find_end(&mut conn, session_id, now.day()).await? {
            Some((_, _, true)) => SessionEnd::Reused,
            Some((Some(by), ..)) if by == "bank" => SessionEnd::ByBank,
            Some((_, true, _)) => SessionEnd::ByBank,
            Some((_, false, _)) => SessionEnd::SignedOut,
            None => SessionEnd::Idle,
        };
        return Ok(Visitor { caller: Caller::Ended(end), ..Visitor::default() });
    };
    let limits: SessionParameters = reference_at(bank, &mut conn, row.reference_version).await?.parameters("", now.day());
    let reach = Reach::parse(&row.reach).ok_or_else(|| Failure::stored("users.reach", &row.reach))?;
    drop(conn);
    let appearance = ChosenAppearance::read(row.display_mode.as_deref(), row.theme.as_deref());
    let language = row.language.as_deref().and_then(Language::parse);
    let mut ends = session_ends(reach, At(row.created_at), At(row.seen_at), &limits);
    if now > ends {
        let recent = now.0 - row.seen_at <= ENDED_KEPT;
        let ended = recent.then_some(EndedSession { user_id: row.user_id });
        let why = why_over(reach, At(row.created_at), At(row.seen_at), &limits);
        return Ok(Visitor { caller: Caller::Ended(why), language, appearance, ended, ..Visitor::default() });
    }
    let mut renewed = None;
    if let Some(shown) = shown {
        match show(bank, shown, &row.user_id, row.tokens.clone()).await? {
            Shown::Accepted(new) => {
                let until = now.plus_hours(limits.session_hours);
                renewed = new.map(|id| NewToken { session_id: session_id.to_owned(), id, until });
            }
            Shown::Ended => {
                return Ok(Visitor { caller: Caller::Ended(SessionEnd::Reused), language, appearance, ..Visitor::default() });
            }
        }
    }
    if active && now.0 - row.seen_at > TOUCH_EVERY {
        bank.write::<_, std::convert::Infallible, _>("touch_session", |tx| {
            async move { Ok(records::touch_session(tx, session_id, now).await?) }.scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
        ends = session_ends(reach, At(row.created_at), now, &limits);
    }
    // The number of a company is not its user's.
    let is_reached = sends && row.customer_kind.as_deref().map(CustomerKind::stored) == Some(CustomerKind::Personal);
    let (given, password) = (row.factor_at.map(At), At(row.created_at));
    let step_up = step_up(reach, row.factor_since().is_some(), is_reached, given, password, now, &limits);
    if let Some(needs) = needed(reach, row.factor_since(), is_reached, given, &limits) {
        // What was typed before can be kept, as after the end of a session.
        let ended = Some(EndedSession { user_id: row.user_id.clone() });
        let role = actor_role(&row.reach, &row.role).unwrap_or_default();
        let caller = Caller::Awaiting(Awaiting { session_id: row.session_id, user_id: row.user_id, role, needs });
        // Setting a factor up takes a fresh proof here too.
        let step_up = step_up.filter(|_| needs == Needed::Enrolment);
        return Ok(Visitor { caller, language, appearance, ended, renewed, step_up, ..Visitor::default() });
    }
    let birth_day = row.birth_day.as_deref().and_then(|day| day.parse::<Day>().ok());
    let offer_elder =
        appearance.mode.is_none() && birth_day.is_some_and(|born| age_on(born, now.day()) >= limits.elder_offer_from);
    let session = Some(SessionTime::ending(ends, &limits));
    let caller = proof(reach, row, permissions)?;
    Ok(Visitor { caller, language, appearance, offer_elder, session, ended: None, renewed, step_up })
}

fn proof(reach: Reach, row: SessionRow, permissions: BTreeSet<Permission>) -> Result<Caller, Failure> {
    if reach == Reach::Own {
        let missing = || Failure::stored("users.customer_id", "no customer");
        return Ok(Caller::Customer(Customer {
            session_id: row.session_id,
            user_id: row.user_id,
            user_name: row.name,
            customer_id: row.customer_id.ok_or_else(missing)?,
            kind: row.customer_kind.as_deref().map(CustomerKind::stored).ok_or_else(missing)?,
            name: row.customer_name.ok_or_else(missing)?,
            title: row.customer_title.unwrap_or_default(),
            permissions,
        }));
    }
    Ok(Caller::Staff(Staff {
        scope: Scope::of(reach, row.branch_id.as_deref()),
        session_id: row.session_id,
        user_id: row.user_id,
        name: row.name,
        role: row.role,
        branch_id: row.branch_id,
        permissions,
    }))
}

/// Ends the caller's session immediately.
pub async fn sign_out(bank: &Bank, caller: &Caller) -> Result<(), Failure> {
    let Some((user_id, session_id)) = caller.account() else { return Ok(()) };
    end_session_of(bank, caller, user_id, session_id).await.map(|_| ())
}

/// Ends one of the caller's sessions; `false` if it belongs to somebody else or has ended already.
pub async fn end_session(bank: &Bank, caller: &Caller, session_id: &str) -> Result<bool, Failure> {
    let Some(user_id) = caller.user_id() else { return Ok(false) };
    end_session_of(bank, caller, user_id, session_id).await
}

async fn end_session_of(bank: &Bank, caller: &Caller, user_id: &str, session_id: &str) -> Result<bool, Failure> {
    let now = bank.now();
    bank.write::<_, std::convert::Infallible, _>("end_session", |tx| {
        async move {
            let ended = records::end_session(tx, user_id, session_id, now).await?;
            let actor = caller.actor();
            let result = if ended { "ok" } else { "refused" };
            insert_audit(tx, &actor, "sign_out", user_id, result).await?;
            Ok(ended)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Ends all sessions of the caller except their own one; returns how many. If two sessions do this at once, the first one stays
/// and the second one has ended before it can do anything.
pub async fn end_other_sessions(bank: &Bank, caller: &Caller) -> Result<u64, Failure> {
    let Some((user_id, session_id)) = caller.signed_in() else { return Ok(0) };
    let now = bank.now();
    bank.write::<_, std::convert::Infallible, _>("end_other_sessions", |tx| {
        async move {
            records::lock_user(tx, user_id).await?;
            let ended = records::end_other_sessions(tx, user_id, session_id, now).await?;
            if ended > 0 {
                insert_audit(tx, &caller.actor(), "sign_out_others", user_id, "ok").await?;
            }
            Ok(ended)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// The caller's live sessions, the most recently used first; none without a session.
pub async fn list_sessions(bank: &Bank, caller: &Caller) -> Result<Vec<SessionLine>, Failure> {
    let (user_id, reach) = match caller {
        Caller::Customer(customer) => (customer.user_id(), Reach::Own),
        // All staff have the same idle limit, whatever their reach.
        Caller::Staff(staff) => (staff.user_id(), Reach::Branch),
        Caller::Nobody | Caller::Ended(_) | Caller::Awaiting(_) => return Ok(Vec::new()),
    };
    let now = bank.now();
    let limits: SessionParameters = reference(bank).await?.parameters("", now.day());
    let mut conn = bank.read().await?;
    let since = |minutes: i64| now.plus_minutes(-minutes);
    let (seen, created) = (since(idle_minutes(reach, &limits)), since(limits.session_hours * 60));
    let rows = records::list_sessions(&mut conn, user_id, seen, created).await?;
    Ok(rows
        .into_iter()
        .map(|row| SessionLine { id: row.id, created_at: At(row.created_at), seen_at: At(row.seen_at), device: row.device })
        .collect())
}

/// Stores the user's language for pages and messages on all devices.
pub async fn set_language(bank: &Bank, caller: &Caller, language: Language) -> Result<(), Failure> {
    let Some(user_id) = caller.user_id() else { return Ok(()) };
    bank.write::<_, std::convert::Infallible, _>("set_language", |tx| {
        async move {
            records::set_language(tx, user_id, language.tag()).await?;
            insert_audit(tx, &caller.actor(), "set_language", user_id, language.tag()).await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Stores how pages look for the user on all devices; what is not chosen stays.
pub async fn set_appearance(bank: &Bank, caller: &Caller, chosen: ChosenAppearance) -> Result<(), Failure> {
    let Some(user_id) = caller.user_id() else { return Ok(()) };
    bank.write::<_, std::convert::Infallible, _>("set_appearance", |tx| {
        async move {
            records::set_appearance(tx, user_id, chosen).await?;
            insert_audit(tx, &caller.actor(), "set_appearance", user_id, "ok").await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
