//! Cases of the generated past of a demo bank, with their events, clocks and audit entries, inserted many at a time. A past case
//! has the rows that its operations would have left; the caller gives what happened and when.

use super::clocks::{SERVICE, clock_term};
use crate::args;
use crate::branches::Reference;
use crate::cases::kind::CaseKind;
use crate::cases::model::Alarm;
use crate::cases::table::Phase;
use crate::kernel::audit::{Actor, insert_past_audit, past_entry};
use crate::kernel::database::{Arg, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::At;

/// The worker raises an alarm at most this long after its time.
const WORKER: i64 = 60_000;

/// A case of the past.
#[derive(Clone, Debug)]
pub struct PastCase {
    pub number: String,
    pub kind: CaseKind,
    pub customer_id: String,
    /// `None`: head office.
    pub branch_id: Option<String>,
    pub due_at: At,
    pub time: Option<(At, At)>,
    pub acts_at: Option<At>,
    pub amount: Option<Fen>,
    pub topic: &'static str,
    /// The changes of state, the submission first, in the order of their times.
    pub changes: Vec<PastChange>,
}

/// A change of state of a past case.
#[derive(Clone, Debug)]
pub struct PastChange {
    pub at: At,
    pub actor: Actor,
    pub action: &'static str,
    pub to: &'static str,
    pub reason: Option<&'static str>,
    /// A JSON object.
    pub detail: String,
}

/// Inserts past cases as they stand at `now`. Alarms that fell due while a case waited have been raised. Audit entries from
/// `audited_from` on exist; older ones have been deleted.
pub async fn insert_past_cases(
    tx: &mut Tx,
    reference: &Reference,
    cases: &[PastCase],
    now: At,
    audited_from: At,
) -> Result<(), Failure> {
    let (mut rows, mut clocks, mut events, mut audit) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for case in cases {
        let (Some(submitted), Some(last)) = (case.changes.first(), case.changes.last()) else { continue };
        let kind = case.kind.registered();
        let waits = |state: &str| kind.phase(state) == Some(Phase::Waiting);
        rows.push(args![
            &case.number,
            case.kind.code(),
            &case.customer_id,
            case.branch_id.clone(),
            last.to,
            i64::try_from(case.changes.len()).unwrap_or(1),
            waits(last.to),
            case.due_at.0,
            case.time.map(|(start, _)| start.0),
            case.time.map(|(_, end)| end.0),
            case.acts_at.map(|at| at.0),
            case.amount.map(|amount| amount.0),
            case.topic,
            submitted.actor.user_id.clone(),
            submitted.at.0,
            last.at.0
        ]);
        let term = clock_term(reference, case.branch_id.as_deref(), submitted.at, case.due_at);
        let stopped = case.changes.iter().find(|change| !waits(change.to)).map(|change| change.at);
        let times = [(Alarm::Warning, term.warn), (Alarm::Breach, term.due), (Alarm::Escalation, term.escalate)];
        let raised = times.map(|(alarm, due)| (alarm, due, due.plus_ms(WORKER)));
        let given = |at: At| at < stopped.unwrap_or(now);
        let at = raised.map(|(_, _, at)| given(at).then_some(at.0));
        let next = raised.iter().find(|(_, _, at)| !given(*at)).map(|(_, due, _)| due.0).filter(|_| stopped.is_none());
        clocks.push(args![
            &case.number,
            SERVICE,
            submitted.at.0,
            term.due.0,
            term.warn.0,
            term.escalate.0,
            at[0],
            at[1],
            at[2],
            stopped.map(|at| at.0),
            next
        ]);
        let alarms = raised.iter().filter(|(_, _, at)| given(*at));
        let alarms = alarms.map(|(alarm, _, at)| Happened { at: *at, change: None, alarm: alarm.code() });
        let changes = case.changes.iter().map(|change| Happened { at: change.at, change: Some(change), alarm: "" });
        let mut happened: Vec<Happened<'_>> = changes.chain(alarms).collect();
        happened.sort_by_key(|happened| happened.at);
        let (mut version, mut state) = (0, None);
        let system = Actor::system();
        for Happened { at, change, alarm } in happened {
            version += i64::from(change.is_some());
            let actor = change.map_or(&system, |change| &change.actor);
            let (action, to) = change.map_or((alarm, None), |change| (change.action, Some(change.to)));
            events.push(args![
                &case.number,
                version,
                at.0,
                &*actor.role,
                actor.user_id.clone(),
                &actor.name,
                action,
                to.and(state),
                to,
                change.and_then(|change| change.reason),
                change.map_or("{}", |change| change.detail.as_str()),
                change.is_none()
            ]);
            if at >= audited_from {
                let result = to.filter(|_| version > 1).unwrap_or("ok");
                audit.push(past_entry(tx, at, actor, action, &case.number, result)?);
            }
            state = to.or(state);
        }
    }
    insert(tx, &rows, &clocks, &events).await?;
    insert_past_audit(tx, &audit).await
}

/// A change or, without one, an alarm.
struct Happened<'c> {
    at: At,
    change: Option<&'c PastChange>,
    alarm: &'static str,
}

async fn insert(tx: &mut Tx, cases: &[Vec<Arg>], clocks: &[Vec<Arg>], events: &[Vec<Arg>]) -> Result<(), Failure> {
    let into = "INSERT INTO cases (number, kind, customer_id, branch_id, state, version, waiting, due_at, starts_at, ends_at, \
                acts_at, amount, topic, created_by, created_at, updated_at)";
    tx.insert_rows(into, cases, "").await?;
    let into = "INSERT INTO case_clocks (case_number, kind, started_at, due_at, warn_at, escalate_at, warned_at, breached_at, \
                escalated_at, stopped_at, next_at)";
    tx.insert_rows(into, clocks, "").await?;
    let into = "INSERT INTO case_events (case_number, version, at, role, user_id, user_name, action, from_state, to_state, reason, \
                detail, internal)";
    tx.insert_rows(into, events, "").await
}
