//! A kind's table of actions as data, and its evaluation. Pure functions. Pages choose buttons by the table, and the
//! transaction decides by the same table.

use crate::kernel::time::At;
use crate::sessions::Permission;

/// The phase of a state, with the same meaning for all kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Waits for an answer of the bank.
    Waiting,
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
pub enum By {
    /// The customer of the case.
    Customer,
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
    /// The actor must not be the one who took this action last (four-eyes principle).
    OtherThan(&'static str),
    /// Before this moment.
    Before(&'static str),
    /// From this moment on.
    From(&'static str),
}

/// One line of a kind's table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The states it applies to.
    pub from: &'static [&'static str],
    /// Code of the action: value of the field `do`, code in history and audit.
    pub action: &'static str,
    pub by: &'static [By],
    pub guards: &'static [Guard],
    /// The next state.
    pub to: &'static str,
}

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
    fn admits(&self, line: &Line) -> bool {
        line.guards.iter().all(|guard| match guard {
            Guard::When(name) => self.holds(name),
            Guard::Unless(name) => !self.holds(name),
            _ => true,
        })
    }
}

/// The actor, the time, and whether a reason was given.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// All roles of the actor.
    pub by: &'a [By],
    /// The user id; empty for the system.
    pub user: &'a str,
    pub now: At,
    /// Whether a reason was given.
    pub reason: bool,
}

/// Why an action is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The table has no such action in this state, for instance because the case has changed.
    State,
    /// The role of the actor does not allow it.
    Role,
    /// The actor took the action that another person must follow (four-eyes principle).
    OwnAct,
    ReasonMissing,
    /// It was possible until then.
    TooLate(At),
    /// It is possible from then on.
    TooEarly(At),
}

/// The line that applies, or why the action is not allowed. Of several lines for an action the first whose guards hold counts;
/// if none does, the last one the actor could take gives the reason.
pub fn decide<'t>(
    table: &'t [Line],
    state: &str,
    action: &str,
    facts: &Facts,
    attempt: &Attempt<'_>,
) -> Result<&'t Line, Barred> {
    let possible = |line: &&Line| line.action == action && line.from.contains(&state) && facts.admits(line);
    if !table.iter().any(|line| possible(&line)) {
        return Err(Barred::State);
    }
    let mut bar = Barred::Role;
    for line in table.iter().filter(possible).filter(|line| line.by.iter().any(|by| attempt.by.contains(by))) {
        match line.guards.iter().try_for_each(|guard| ensure(*guard, facts, attempt)) {
            Ok(()) => return Ok(line),
            Err(barred) => bar = barred,
        }
    }
    Err(bar)
}

fn ensure(guard: Guard, facts: &Facts, attempt: &Attempt<'_>) -> Result<(), Barred> {
    let moment = |name| facts.moment(name).ok_or(Barred::State);
    let (holds, barred) = match guard {
        Guard::When(_) | Guard::Unless(_) => (true, Barred::State),
        Guard::Reason => (attempt.reason, Barred::ReasonMissing),
        Guard::OtherThan(action) => (!facts.did(action, attempt.user), Barred::OwnAct),
        Guard::Before(name) => moment(name).map(|at| (attempt.now < at, Barred::TooLate(at)))?,
        Guard::From(name) => moment(name).map(|at| (attempt.now >= at, Barred::TooEarly(at)))?,
    };
    if holds { Ok(()) } else { Err(barred) }
}

/// An action that the actor may take now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible {
    pub action: &'static str,
    /// Whether a reason is required.
    pub needs_reason: bool,
}

/// The actions the actor may take now, in the order of the table, assuming that a reason will be given.
pub fn possible(table: &[Line], state: &str, facts: &Facts, attempt: &Attempt<'_>) -> Vec<Possible> {
    let attempt = Attempt { reason: true, ..*attempt };
    let mut found: Vec<Possible> = Vec::new();
    for line in table {
        if found.iter().any(|known| known.action == line.action) {
            continue;
        }
        if let Ok(line) = decide(table, state, line.action, facts, &attempt) {
            found.push(Possible { action: line.action, needs_reason: line.guards.contains(&Guard::Reason) });
        }
    }
    found
}

/// The next time the system acts in a state: the earliest time from which one of its lines holds; `None`: never.
pub fn acts_at(table: &[Line], state: &str, facts: &Facts) -> Option<At> {
    let mine = table.iter().filter(|line| line.by.contains(&By::System) && line.from.contains(&state) && facts.admits(line));
    mine.filter_map(|line| {
        let from = |guard: &Guard| if let Guard::From(name) = guard { facts.moment(name) } else { None };
        line.guards.iter().filter_map(from).max()
    })
    .min()
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Barred, By, Facts, Guard, Line, Possible, acts_at, decide, possible};
    use crate::kernel::time::At;
    use crate::sessions::Permission;

    const CLERK: By = By::Staff(Permission::AnswerCases);
    const HEAD: By = By::Staff(Permission::ApproveCases);

    static TABLE: [Line; 5] = [
        Line { from: &["sent"], action: "open", by: &[CLERK], guards: &[Guard::Before("evening")], to: "opened" },
        Line { from: &["sent"], action: "open", by: &[HEAD], guards: &[Guard::Reason], to: "opened" },
        Line { from: &["opened"], action: "sign", by: &[HEAD], guards: &[Guard::OtherThan("open")], to: "signed" },
        Line {
            from: &["sent"],
            action: "lapse",
            by: &[By::System],
            guards: &[Guard::From("night"), Guard::When("old")],
            to: "gone",
        },
        Line {
            from: &["sent"],
            action: "burn",
            by: &[By::System],
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

    fn attempt(by: &'static [By], now: i64, reason: bool) -> Attempt<'static> {
        Attempt { by, user: "wang", now: At(now), reason }
    }

    #[test]
    fn the_first_line_that_holds_counts_and_the_last_one_says_why_none_does() {
        let try_open =
            |by, now, reason| decide(&TABLE, "sent", "open", &facts(true), &attempt(by, now, reason)).map(|line| line.to);
        assert_eq!(try_open(&[CLERK], 99, false), Ok("opened"));
        assert_eq!(try_open(&[CLERK], 100, true), Err(Barred::TooLate(At(100))));
        assert_eq!(try_open(&[CLERK, HEAD], 100, false), Err(Barred::ReasonMissing));
        assert_eq!(try_open(&[CLERK, HEAD], 100, true), Ok("opened"));
        assert_eq!(try_open(&[By::Customer], 0, true), Err(Barred::Role));
        assert!(matches!(decide(&TABLE, "gone", "open", &facts(true), &attempt(&[CLERK], 0, true)), Err(Barred::State)));
    }

    #[test]
    fn the_second_of_two_people_is_another() {
        let sign = |user| decide(&TABLE, "opened", "sign", &facts(true), &Attempt { user, ..attempt(&[HEAD], 0, true) });
        assert!(matches!(sign("wang"), Err(Barred::OwnAct)));
        assert!(sign("li").is_ok());
    }

    #[test]
    fn a_line_for_other_cases_is_no_line() {
        let lapse =
            |old, now| decide(&TABLE, "sent", "lapse", &facts(old), &attempt(&[By::System], now, false)).map(|line| line.to);
        assert_eq!(lapse(true, 200), Ok("gone"));
        assert_eq!(lapse(true, 199), Err(Barred::TooEarly(At(200))));
        assert_eq!(lapse(false, 200), Err(Barred::State));
        assert_eq!(
            (acts_at(&TABLE, "sent", &facts(true)), acts_at(&TABLE, "sent", &facts(false))),
            (Some(At(200)), Some(At(100)))
        );
        assert_eq!(acts_at(&TABLE, "opened", &facts(true)), None);
    }

    #[test]
    fn what_is_possible_says_whether_it_needs_a_reason() {
        let now = |by, now| possible(&TABLE, "sent", &facts(true), &attempt(by, now, false));
        assert_eq!(now(&[CLERK, HEAD], 0), [Possible { action: "open", needs_reason: false }]);
        assert_eq!(now(&[CLERK, HEAD], 100), [Possible { action: "open", needs_reason: true }]);
        assert_eq!(now(&[CLERK], 100), []);
    }
}
