//! A kind's table of actions as data, and its evaluation. Pure functions. Pages choose buttons by the table, and the
//! transaction decides by the same table.

use std::collections::BTreeSet;

use crate::kernel::time::At;
use crate::sessions::Permission;

/// The phase of a state, with the same meaning for all kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for the customer's own side; the bank is not asked yet, so no clock runs.
    Held,
    /// Waits for an answer of the bank.
    Waiting,
    /// The bank has answered with a proposal and waits for the customer; no clock runs.
    Proposed,
    /// In effect; no answer is due.
    Live,
    /// Ended.
    Final,
}

/// A state of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The stored code.
    pub code: &'static str,
    pub phase: Phase,
}

/// Who may take an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// The customer of the case; for a company its operator.
    Customer,
    /// The approver of the company whose case it is.
    Approver,
    /// Staff with this permission.
    Staff(Permission),
    /// The system, when its time has come.
    System,
}

/// A condition besides state and actor. Moments and conditions are named by the kind and provided in [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The line applies only to cases for which this condition holds.
    When(&'static str),
    /// The line applies only to cases for which this condition does not hold.
    Unless(&'static str),
    /// A reason is required, because the customer is informed.
    Reason,
    /// A reason is required that only staff read.
    InternalReason,
    /// The actor must not be the one who took this action last (four-eyes principle).
    OtherThan(&'static str),
    /// Before this moment.
    Before(&'static str),
    /// From this moment on.
    From(&'static str),
}

/// One line of a kind's table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The states it applies to.
    pub from: &'static [&'static str],
    /// Code of the action: value of the field `do`, code in history and audit.
    pub action: &'static str,
    pub by: &'static [ActorKind],
    pub guards: &'static [Guard],
    /// The next state.
    pub to: &'static str,
}

/// The action with which a customer accepts what the bank has proposed, of every kind.
pub const ACCEPT: &str = "accept";

/// The action with which a customer stays with what is booked, of every kind.
pub const REJECT: &str = "reject";

/// The facts the guards are evaluated on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Times by name of the moment.
    pub moments: Vec<(&'static str, At)>,
    /// Values by name of the condition.
    pub holds: Vec<(&'static str, bool)>,
    /// The user who took an action last, by action.
    pub did: Vec<(&'static str, String)>,
}

impl Facts {
    fn moment(&self, name: &str) -> Option<At> {
        self.moments.iter().find(|(known, _)| *known == name).map(|(_, at)| *at)
    }

    fn holds(&self, name: &str) -> bool {
        self.holds.iter().any(|(known, holds)| *known == name && *holds)
    }

    fn did(&self, action: &str, user: &str) -> bool {
        self.did.iter().any(|(known, who)| *known == action && who == user)
    }

    /// Whether a line applies to this case.
    fn admits(&self, transition: &Transition) -> bool {
        transition.guards.iter().all(|guard| match guard {
            Guard::When(name) => self.holds(name),
            Guard::Unless(name) => !self.holds(name),
            _ => true,
        })
    }
}

/// The actor, the time, and which reasons were given.
#[derive(Clone, Copy, Debug)]
pub struct ActionContext<'a> {
    /// All roles of the actor.
    pub by: &'a [ActorKind],
    /// The user id; empty for the system.
    pub user: &'a str,
    pub now: At,
    /// Whether a reason for the customer was given.
    pub reason: bool,
    /// Whether a reason for staff was given.
    pub internal_reason: bool,
}

/// Why an action is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    /// The table has no such action in this state, for instance because the case has changed.
    State,
    /// The role of the actor does not allow it.
    Role,
    /// The actor took the action that another person must follow (four-eyes principle).
    OwnAct,
    ReasonMissing,
    InternalReasonMissing,
    /// It was possible until then.
    TooLate(At),
    /// It is possible from then on.
    TooEarly(At),
}

/// Until when this actor may take an action that they may take now; `None` if they may not, or if nothing ends it.
#[cfg(any(test, feature = "records"))]
pub fn deadline(table: &[Transition], state: &str, action: &str, facts: &Facts, context: &ActionContext<'_>) -> Option<At> {
    let line = decide(table, state, action, facts, context).ok()?;
    let ends = line.guards.iter().filter_map(|guard| match guard {
        Guard::Before(name) => facts.moment(name),
        _ => None,
    });
    ends.min()
}

/// The line that applies, or why the action is not allowed. Of several lines for an action the first whose guards hold counts;
/// if none does, the last one the actor could take gives the reason.
pub fn decide<'t>(
    table: &'t [Transition],
    state: &str,
    action: &str,
    facts: &Facts,
    context: &ActionContext<'_>,
) -> Result<&'t Transition, NotAllowed> {
    let possible =
        |transition: &&Transition| transition.action == action && transition.from.contains(&state) && facts.admits(transition);
    if !table.iter().any(|transition| possible(&transition)) {
        return Err(NotAllowed::State);
    }
    let mut bar = NotAllowed::Role;
    for transition in table.iter().filter(possible).filter(|transition| transition.by.iter().any(|by| context.by.contains(by))) {
        match transition.guards.iter().try_for_each(|guard| ensure(*guard, facts, context)) {
            Ok(()) => return Ok(transition),
            Err(not_allowed) => bar = not_allowed,
        }
    }
    Err(bar)
}

fn ensure(guard: Guard, facts: &Facts, context: &ActionContext<'_>) -> Result<(), NotAllowed> {
    let moment = |name| facts.moment(name).ok_or(NotAllowed::State);
    let (holds, not_allowed) = match guard {
        Guard::When(_) | Guard::Unless(_) => (true, NotAllowed::State),
        Guard::Reason => (context.reason, NotAllowed::ReasonMissing),
        Guard::InternalReason => (context.internal_reason, NotAllowed::InternalReasonMissing),
        Guard::OtherThan(action) => (!facts.did(action, context.user), NotAllowed::OwnAct),
        Guard::Before(name) => moment(name).map(|at| (context.now < at, NotAllowed::TooLate(at)))?,
        Guard::From(name) => moment(name).map(|at| (context.now >= at, NotAllowed::TooEarly(at)))?,
    };
    if holds { Ok(()) } else { Err(not_allowed) }
}

/// The permissions with which staff ordinarily act in a state. The first line of staff for an action is the ordinary one; further
/// lines are exceptions, such as the head's on another day.
pub fn acting(table: &[Transition], state: &str) -> BTreeSet<Permission> {
    let staff = |line: &&Transition| line.by.iter().any(|by| matches!(by, ActorKind::Staff(_)));
    let mut seen = BTreeSet::new();
    let lines = table.iter().filter(|line| line.from.contains(&state)).filter(staff);
    let first = lines.filter(|line| seen.insert(line.action));
    let by = first.flat_map(|line| line.by).filter_map(|by| match by {
        ActorKind::Staff(permission) => Some(*permission),
        _ => None,
    });
    by.collect()
}

/// An action that the actor may take now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PossibleAction {
    pub action: &'static str,
    /// Whether a reason is required that the customer reads.
    pub needs_reason: bool,
    /// Whether a reason is required that only staff read.
    pub needs_internal_reason: bool,
}

/// The actions whose reason only staff read.
pub fn internally_reasoned(table: &[Transition]) -> BTreeSet<&'static str> {
    table.iter().filter(|line| line.guards.contains(&Guard::InternalReason)).map(|line| line.action).collect()
}

/// The actions the actor may take now, in the order of the table, assuming that a reason will be given.
pub fn possible(table: &[Transition], state: &str, facts: &Facts, context: &ActionContext<'_>) -> Vec<PossibleAction> {
    let context = ActionContext { reason: true, internal_reason: true, ..*context };
    let mut found: Vec<PossibleAction> = Vec::new();
    for transition in table {
        if found.iter().any(|known| known.action == transition.action) {
            continue;
        }
        if let Ok(transition) = decide(table, state, transition.action, facts, &context) {
            found.push(PossibleAction {
                action: transition.action,
                needs_reason: transition.guards.contains(&Guard::Reason),
                needs_internal_reason: transition.guards.contains(&Guard::InternalReason),
            });
        }
    }
    found
}

/// The next time the system acts in a state: the earliest time from which one of its lines holds; `None`: never.
pub fn acts_at(table: &[Transition], state: &str, facts: &Facts) -> Option<At> {
    let mine = table.iter().filter(|transition| {
        transition.by.contains(&ActorKind::System) && transition.from.contains(&state) && facts.admits(transition)
    });
    mine.filter_map(|transition| {
        let from = |guard: &Guard| if let Guard::From(name) = guard { facts.moment(name) } else { None };
        transition.guards.iter().filter_map(from).max()
    })
    .min()
}

#[cfg(test)]
mod tests {
    use super::{
        ActionContext, ActorKind, Facts, Guard, NotAllowed, PossibleAction, Transition, acting, acts_at, deadline, decide,
        possible,
    };
    use crate::kernel::time::At;
    use crate::sessions::Permission;

    const CLERK: ActorKind = ActorKind::Staff(Permission::AnswerCases);
    const HEAD: ActorKind = ActorKind::Staff(Permission::ApproveCases);

    static TABLE: [Transition; 5] = [
        Transition { from: &["sent"], action: "open", by: &[CLERK], guards: &[Guard::Before("evening")], to: "opened" },
        Transition { from: &["sent"], action: "open", by: &[HEAD], guards: &[Guard::Reason], to: "opened" },
        Transition { from: &["opened"], action: "sign", by: &[HEAD], guards: &[Guard::OtherThan("open")], to: "signed" },
        Transition {
            from: &["sent"],
            action: "lapse",
            by: &[ActorKind::System],
            guards: &[Guard::From("night"), Guard::When("old")],
            to: "gone",
        },
        Transition {
            from: &["sent"],
            action: "burn",
            by: &[ActorKind::System],
            guards: &[Guard::From("evening"), Guard::Unless("old")],
            to: "gone",
        },
    ];

    fn facts(old: bool) -> Facts {
        Facts {
            moments: vec![("evening", At(100)), ("night", At(200))],
            holds: vec![("old", old)],
            did: vec![("open", "wang".to_owned())],
        }
    }

    fn context(by: &'static [ActorKind], now: i64, reason: bool) -> ActionContext<'static> {
        ActionContext { by, user: "wang", now: At(now), reason, internal_reason: false }
    }

    #[test]
    fn a_deadline_is_said_only_while_the_action_is_possible() {
        let until = |by, now, action| deadline(&TABLE, "sent", action, &facts(true), &context(by, now, false));
        assert_eq!(until(&[CLERK], 99, "open"), Some(At(100)));
        assert_eq!(until(&[CLERK], 100, "open"), None, "it is over");
        assert_eq!(until(&[HEAD], 99, "open"), None, "a reason is missing");
        assert_eq!(until(&[ActorKind::System], 200, "lapse"), None, "nothing ends it");
    }

    #[test]
    fn the_first_line_that_holds_counts_and_the_last_one_says_why_none_does() {
        let try_open = |by, now, reason| {
            decide(&TABLE, "sent", "open", &facts(true), &context(by, now, reason)).map(|transition| transition.to)
        };
        assert_eq!(try_open(&[CLERK], 99, false), Ok("opened"));
        assert_eq!(try_open(&[CLERK], 100, true), Err(NotAllowed::TooLate(At(100))));
        assert_eq!(try_open(&[CLERK, HEAD], 100, false), Err(NotAllowed::ReasonMissing));
        assert_eq!(try_open(&[CLERK, HEAD], 100, true), Ok("opened"));
        assert_eq!(try_open(&[ActorKind::Customer], 0, true), Err(NotAllowed::Role));
        assert!(matches!(decide(&TABLE, "gone", "open", &facts(true), &context(&[CLERK], 0, true)), Err(NotAllowed::State)));
    }

    #[test]
    fn who_acts_in_a_state_is_told_by_the_first_line_of_each_action() {
        assert_eq!(acting(&TABLE, "sent"), [Permission::AnswerCases].into(), "the head only as an exception");
        assert_eq!(acting(&TABLE, "opened"), [Permission::ApproveCases].into());
        assert_eq!(acting(&TABLE, "gone"), [].into());
    }

    #[test]
    fn the_second_of_two_people_is_another() {
        let sign = |user| decide(&TABLE, "opened", "sign", &facts(true), &ActionContext { user, ..context(&[HEAD], 0, true) });
        assert!(matches!(sign("wang"), Err(NotAllowed::OwnAct)));
        assert!(sign("li").is_ok());
    }

    #[test]
    fn a_line_for_other_cases_is_no_line() {
        let lapse = |old, now| {
            decide(&TABLE, "sent", "lapse", &facts(old), &context(&[ActorKind::System], now, false))
                .map(|transition| transition.to)
        };
        assert_eq!(lapse(true, 200), Ok("gone"));
        assert_eq!(lapse(true, 199), Err(NotAllowed::TooEarly(At(200))));
        assert_eq!(lapse(false, 200), Err(NotAllowed::State));
        assert_eq!(
            (acts_at(&TABLE, "sent", &facts(true)), acts_at(&TABLE, "sent", &facts(false))),
            (Some(At(200)), Some(At(100)))
        );
        assert_eq!(acts_at(&TABLE, "opened", &facts(true)), None);
    }

    #[test]
    fn what_is_possible_says_whether_it_needs_a_reason() {
        let now = |by, now| possible(&TABLE, "sent", &facts(true), &context(by, now, false));
        assert_eq!(
            now(&[CLERK, HEAD], 0),
            [PossibleAction { action: "open", needs_reason: false, needs_internal_reason: false }]
        );
        assert_eq!(
            now(&[CLERK, HEAD], 100),
            [PossibleAction { action: "open", needs_reason: true, needs_internal_reason: false }]
        );
        assert_eq!(now(&[CLERK], 100), []);
    }
}
