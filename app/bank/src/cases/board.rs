//! The day board of a branch (docs/domain.md §13): every case with a time on a day, whatever its kind and state, in the order of time.
//! It is read in one statement and one for each kind that adds something of its own ([`Kind::on_board`](super::Kind::on_board)),
//! however many cases there are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::closures::falls_into_closure;
use super::flow::staff_parts;
use super::kind::CaseKind;
use super::model::CaseLine;
use super::records::list_day;
use super::table::{ActionContext, Facts, possible};
use crate::branches::{Reference, reference};
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::people::mask_name;
use crate::kernel::time::{At, Day, day_text, parse_day};
use crate::sessions::{Permission, Scope, Staff};

/// Who collects, with a masked name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardCollector {
    Customer,
    /// The operator of a company.
    Operator(String),
    Agent(String),
}

/// What a kind reads its part of a board for.
pub struct BoardDay<'d> {
    pub scope: &'d Scope,
    pub branch: &'d str,
    pub day: Day,
    pub reference: &'d Reference,
    pub now: At,
    /// All cases of the board, those of other kinds too.
    pub cases: &'d [CaseLine],
}

/// What a kind adds to the line of a case.
#[derive(Clone, Debug, Default)]
pub struct OnBoard {
    pub collector: Option<BoardCollector>,
    /// While the customer is expected: from when on it is a no-show.
    pub no_show_at: Option<At>,
    /// While the customer is asked about another place: until when they can answer.
    pub answer_until: Option<At>,
    /// While the customer is present: since when.
    pub came_at: Option<At>,
    /// The facts for the guards of the kind's table.
    pub facts: Facts,
    /// The actions of staff that usually lead the case on now, the next one first.
    pub usual: &'static [&'static str],
}

/// A case of a board.
#[derive(Clone, Debug)]
pub struct BoardCase {
    pub line: CaseLine,
    pub collector: Option<BoardCollector>,
    pub no_show_at: Option<At>,
    pub answer_until: Option<At>,
    /// Whether it falls into closed time.
    pub in_closure: bool,
    /// Whether the customer came and the case is still open after the branch has closed, on the day of the appointment or, if
    /// they came later, on that day.
    pub left_open: bool,
    /// The usual next action that the reader may take now.
    pub next: Option<&'static str>,
}

/// A board.
#[derive(Clone, Debug)]
pub struct Board {
    pub branch: String,
    pub day: Day,
    pub cases: Vec<BoardCase>,
}

/// Why there is no board at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBoard {
    /// The text is no day.
    Day,
    /// There is no such branch in the reader's scope.
    Branch,
}

/// The branch and the day that an address asks for: unless it names them, the reader's own branch, or else the first, and today.
pub fn board_place(
    reference: &Reference,
    staff: &Staff,
    (branch, day): (Option<&str>, Option<&str>),
    now: At,
) -> Result<(String, Day), NoBoard> {
    let named = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let day = named(day).map_or(Some(now.day()), |text| parse_day(&text)).ok_or(NoBoard::Day)?;
    let scope = staff.scope(Permission::SeeCases);
    let own = || staff.branch_id().map(str::to_owned);
    let first = || reference.branches.first().filter(|_| scope.is_whole_bank()).map(|branch| branch.id.clone());
    let branch = named(branch).or_else(own).or_else(first);
    let branch = branch.filter(|id| scope.covers(id) && reference.branch(id).is_some());
    Ok((branch.ok_or(NoBoard::Branch)?, day))
}

/// The board of a branch and a day for this reader; empty for a branch out of their scope.
pub async fn day_board(bank: &Bank, staff: &Staff, branch: &str, day: Day) -> Result<Board, Failure> {
    let (reference, now, scope) = (reference(bank).await?, bank.now(), staff.scope(Permission::SeeCases));
    let mut conn = bank.read_desk().await?;
    let lines = list_day(&mut conn, &scope, branch, day).await?;
    let asked = BoardDay { scope: &scope, branch, day, reference: &reference, now, cases: &lines };
    let mut added: BTreeMap<String, OnBoard> = BTreeMap::new();
    for kind in CaseKind::all().filter(|kind| lines.iter().any(|line| line.kind == *kind)) {
        added.extend(kind.registered().on_board(&mut conn, &asked).await?);
    }
    let hours = reference.branch(branch).map(|branch| &branch.hours);
    let closing = |day: Day| hours.and_then(|hours| hours.closing(&reference.calendar, day)).map(|time| At::of(day, time));
    let (by, answers) = (staff_parts(staff), staff.may(Permission::AnswerCases));
    let context = ActionContext { by: &by, user: staff.user_id(), now, reason: true, internal_reason: true };
    let case = |line: CaseLine| {
        let OnBoard { collector, no_show_at, answer_until, came_at, facts, usual } =
            added.remove(&line.number).unwrap_or_default();
        let kind = line.kind.registered();
        let may = possible(kind.table(), &line.state, &facts, &context);
        // What needs a reason, such as another day than the agreed one, is not usual.
        let at_once =
            |action: &&&str| may.iter().any(|may| may.action == **action && !may.needs_reason && !may.needs_internal_reason);
        // On a day on which the branch does not open, the end of the appointment counts.
        let closed_at = closing(came_at.map_or(day, |at| at.day().max(day))).or(line.time.map(|(_, end)| end));
        BoardCase {
            in_closure: falls_into_closure(&reference, &line, now),
            left_open: kind.present().contains(&line.state.as_str()) && closed_at.is_some_and(|closed| closed <= now),
            next: usual.iter().find(at_once).copied().filter(|_| answers),
            collector,
            no_show_at,
            answer_until,
            line,
        }
    };
    let cases = lines.into_iter().map(case).collect();
    Ok(Board { branch: branch.to_owned(), day, cases })
}

/// A board for whoever calls the server function: names are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBoard {
    pub branch: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// In the order of time.
    pub cases: Vec<DayBoardCase>,
}

/// A case of a [`DayBoard`]; the fields are those of [`BoardCase`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBoardCase {
    pub number: String,
    /// Code of the kind.
    pub kind: String,
    pub state: String,
    /// The holder's name, masked.
    pub customer: String,
    pub starts_at: Option<At>,
    pub ends_at: Option<At>,
    pub amount: Option<Fen>,
    pub topic: String,
    pub collector: Option<BoardCollector>,
    pub no_show_at: Option<At>,
    pub answer_until: Option<At>,
    pub in_closure: bool,
    pub left_open: bool,
    pub next: Option<String>,
}

impl From<Board> for DayBoard {
    fn from(board: Board) -> Self {
        let case = |case: BoardCase| DayBoardCase {
            customer: mask_name(&case.line.customer_name),
            kind: case.line.kind.code().to_owned(),
            number: case.line.number,
            state: case.line.state,
            starts_at: case.line.time.map(|(start, _)| start),
            ends_at: case.line.time.map(|(_, end)| end),
            amount: case.line.amount,
            topic: case.line.topic,
            collector: case.collector,
            no_show_at: case.no_show_at,
            answer_until: case.answer_until,
            in_closure: case.in_closure,
            left_open: case.left_open,
            next: case.next.map(str::to_owned),
        };
        Self { branch: board.branch, day: day_text(board.day), cases: board.cases.into_iter().map(case).collect() }
    }
}
