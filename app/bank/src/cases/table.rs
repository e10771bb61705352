//! The table of actions of a kind as data, and its evaluation. Pure. Pages use it to choose the buttons, the transaction
//! uses the same table to decide.

use crate::kernel::time::At;
use crate::sessions::Permission;

/// What a state means for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The bank owes an answer.
    Waiting,
    /// It still stands, and the bank owes nothing now.
    Live,
    /// Over.
    Final,
}

/// A state of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// As stored.
    pub code: &'static str,
    /// What it means for everybody.
    pub phase: Phase,
}

/// Who may take an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The case's own customer.
    Customer,
    /// Staff whose role allows this.
    Staff(Permission),
    /// The bank by itself, when its time has come.
    System,
}

/// What must hold besides state and actor. Moments and conditions are named by the kind and given in [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The line is for cases of which this holds.
    When(&'static str),
    /// The line is for cases of which this does not hold.
    Unless(&'static str),
    /// A reason must be given: the customer is told.
    Reason,
    /// Somebody else than who took this action last.
    OtherThan(&'static str),
    /// Before this moment.
    Before(&'static str),
    /// From this moment on.
    From(&'static str),
}

/// One line of a kind's table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// States it starts from.
    pub from: &'static [&'static str],
    /// The action's stable code: value of `do`, code in history and audit.
    pub action: &'static str,
    /// Who may take it.
    pub by: &'static [By],
    /// What must hold besides.
    pub guards: &'static [Guard],
    /// The state it leads to.
    pub to: &'static str,
}

/// What the guards are decided on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Moments by name.
    pub moments: Vec<(&'static str, At)>,
    /// Conditions by name.
    pub holds: Vec<(&'static str, bool)>,
    /// Who took an action last.
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

    /// Whether a line is for this case at all.
    fn admits(&self, line: &Line) -> bool {
        line.guards.iter().all(|guard| match guard {
            Guard::When(name) => self.holds(name),
            Guard::Unless(name) => !self.holds(name),
            _ => true,
        })
    }
}

/// Who acts, when, and whether they gave a reason.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Everything they may act as.
    pub by: &'a [By],
    /// The user; blank for the system.
    pub user: &'a str,
    pub now: At,
    /// Whether a reason was written.
    pub reason: bool,
}

/// Why an action is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The table has no such action in this state: somebody else was faster, or it never was possible.
    State,
    /// It is for others to do.
    Role,
    /// They did the part of the first of two people.
    OwnAct,
    /// A reason must be given.
    ReasonMissing,
    /// It could be done until then.
    TooLate(At),
    /// It can be done from then on.
    TooEarly(At),
}

/// The line that an action takes, or why it is not allowed. Of several lines for one action the first that holds counts;
/// when none does, the last one they could take says why.
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

/// An action that somebody may take now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible {
    /// Its code.
    pub action: &'static str,
    /// Whether a reason must be given.
    pub needs_reason: bool,
}

/// The actions somebody may take now, in the order of the table; a reason is taken as given.
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

/// When the system acts next by itself in a state: the earliest moment from which one of its lines holds; `None`: never.
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
