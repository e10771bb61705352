//! The desk's list: the cases of a filter in pages, the counts per kind, the number of waiting cases.
//!
//! **Order.** Cases that wait for an answer stand by due time, the most urgent first. Every other list (finished states, states
//! in which the bank owes no answer, all states) stands the other way round, the latest first.
//!
//! **Pages** begin at a [`ListPosition`], not at a row number: the costs of a page do not depend on how far it is from the first.
//!
//! **The day.** The agreed appointments of today and of later days stand by their time (`day.rs`); so do those in closed time.
//!
//! **Closed time.** The appointments that fall into it are one list of their own, which empties as the branch calls its customers.
//!
//! **Indexes.** A list is merged from one sorted leg for each pair of kind and state that the filter admits, each with the limit
//! of a page. So two indexes serve every filter: `cases_states` for the whole bank, `cases_branch_states` for a branch. Kinds and
//! states are constants of the code, so they are part of the SQL text.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Write as _;

use scoped_futures::ScopedFutureExt;
use sqlx::{AssertSqlSafe, FromRow};

use super::closures::list_in_closure;
use super::day::{DayList, count_agreed, list_agreed, list_agreed_by_part, page_of};
use super::kind::CaseKind;
use super::model::{BookedTime, CaseLine, QueueCounts};
use super::position::{Neighbours, PageStart};
use super::records::{COUNTED, COUNTS_BATCH, Listing, find_case, fold_batch, list_numbered, part_condition, read_page};
use super::table::{Phase, State};
use crate::branches::reference;
use crate::kernel::bank::Bank;
use crate::kernel::database::{Arg, Conn};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;
use crate::sessions::Scope;

/// Cases per page.
pub const PAGE_SIZE: usize = 50;

/// The states the queue shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StateFilter {
    /// Cases waiting for an answer.
    #[default]
    Waiting,
    /// Live appointments that fall into closed time, the earliest first (docs/domain.md §2).
    InClosure,
    /// Agreed appointments of the day or of later days, the earliest first.
    Day(DayList),
    /// One state by its code.
    Only(String),
    /// All states, including final ones.
    All,
}

impl StateFilter {
    fn admits(&self, state: &State) -> bool {
        match self {
            Self::Waiting => state.phase == Phase::Waiting,
            Self::InClosure | Self::Day(_) => false,
            Self::Only(code) => state.code == code,
            Self::All => true,
        }
    }
}

/// The filter of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    pub kind: Option<CaseKind>,
    pub branch: Option<String>,
    pub state: StateFilter,
    /// One case by its normalised number; the other filters are then ignored.
    pub number: Option<String>,
    pub start: PageStart,
    /// Open cases by part of their number, as [`CaseNumber::part`](crate::kernel::ids::CaseNumber::part) returns it; the other
    /// filters are then ignored.
    pub part: Option<String>,
}

/// One page of the queue with its counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueuePage {
    /// At most [`PAGE_SIZE`] cases.
    pub lines: Vec<CaseLine>,
    pub neighbours: Neighbours,
    /// Number of cases that match the filter.
    pub total: i64,
    /// Number of cases per kind with the same branch and states, shown at the filters of the kinds.
    pub kinds: Vec<(CaseKind, i64)>,
    /// Number of waiting cases in scope, whatever the filter.
    pub waiting: i64,
    /// Numbers of the appointments in scope that fall into closed time, whatever the filter.
    pub in_closure: BTreeSet<String>,
    /// Whether more cases than these were found by part of their number.
    pub more: bool,
    /// The lengths of the lists of agreed appointments at the branch of the filter, or at all in scope.
    pub day: Vec<(DayList, i64)>,
}

#[derive(FromRow)]
struct KindCount {
    kind: String,
    found: i64,
}

/// One page of the queue for a staff member with this scope. [`Failure::DeskBusy`] if too many lists are being read.
pub async fn queue(bank: &Bank, scope: &Scope, filter: &QueueFilter) -> Result<QueuePage, Failure> {
    let (reference, now) = (reference(bank).await?, bank.now());
    let mut conn = bank.read_desk().await?;
    let mut closed = list_in_closure(bank, &mut conn, scope, &reference, now).await?;
    let in_closure = closed.iter().map(|time| time.number.clone()).collect();
    let waiting = count_waiting(&mut conn, scope).await?;
    let one_branch = filter.branch.as_deref().or(scope.branch());
    let branches: Vec<&str> = match one_branch {
        Some(branch) => vec![branch],
        None => reference.every_branch().map(|branch| branch.id.as_str()).collect(),
    };
    let agreed = count_agreed(&mut conn, scope, &branches, &reference, now).await?;
    let day = agreed.iter().map(|(list, kinds)| (*list, kinds.iter().map(|(_, found)| found).sum())).collect();
    let page = QueuePage { waiting, in_closure, day, ..QueuePage::default() };
    if let Some(part) = &filter.part {
        return found_by_part(&mut conn, scope, part, (&branches, now), page).await;
    }
    if filter.number.is_none() {
        match filter.state {
            StateFilter::InClosure => {
                closed.retain(|time| filter.branch.as_ref().is_none_or(|branch| *branch == time.branch_id));
                return in_closed_time(&mut conn, scope, filter, closed, page).await;
            }
            StateFilter::Day(list) => {
                let (lines, neighbours) = list_agreed(&mut conn, scope, list, &branches, filter, (&reference, now)).await?;
                let kinds: Vec<(CaseKind, i64)> =
                    agreed.into_iter().filter(|(of, _)| *of == list).flat_map(|(_, kinds)| kinds).collect();
                let counted = kinds.iter().filter(|(kind, _)| filter.kind.is_none_or(|wanted| wanted == *kind));
                let total = counted.map(|(_, found)| found).sum();
                return Ok(QueuePage { lines, neighbours, total, kinds, ..page });
            }
            _ => {}
        }
    }
    let (lines, neighbours) = match &filter.number {
        Some(number) => (find_case(&mut conn, scope, number).await?.into_iter().collect(), Neighbours::default()),
        None => list(&mut conn, scope, filter).await?,
    };
    let (condition, args) = condition(scope, filter);
    let sql = format!("SELECT k.kind, CAST(SUM(k.cases) AS BIGINT) AS found FROM {COUNTED} WHERE {condition} GROUP BY k.kind");
    let counts: Vec<KindCount> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    let found = |kind: CaseKind| counts.iter().find(|row| row.kind == kind.code()).map_or(0, |row| row.found);
    let total = match (&filter.number, filter.kind) {
        (Some(_), _) => count_of(lines.len()),
        (None, Some(kind)) => found(kind),
        (None, None) => counts.iter().map(|row| row.found).sum(),
    };
    Ok(QueuePage { lines, neighbours, total, kinds: CaseKind::all().map(|kind| (kind, found(kind))).collect(), ..page })
}

/// The cases whose number contains this: those that wait for an answer, then those that are agreed from today on (docs/domain.md
/// §13). Both are few, however long the history; finished cases are found by their whole number.
async fn found_by_part(
    conn: &mut Conn,
    scope: &Scope,
    part: &str,
    (branches, now): (&[&str], At),
    page: QueuePage,
) -> Result<QueuePage, Failure> {
    let waiting = QueueFilter { part: Some(part.to_owned()), ..QueueFilter::default() };
    let (mut lines, waits) = list(conn, scope, &waiting).await?;
    let (agreed, comes) = list_agreed_by_part(conn, scope, part, branches, now).await?;
    lines.extend(agreed);
    let more = waits.next.is_some() || comes.next.is_some();
    let count = |kind: CaseKind| count_of(lines.iter().filter(|line| line.kind == kind).count());
    let (kinds, total) = (CaseKind::all().map(|kind| (kind, count(kind))).collect(), count_of(lines.len()));
    Ok(QueuePage { lines, total, kinds, more, ..page })
}

/// A page of the appointments in closed time, and their number per kind.
async fn in_closed_time(
    conn: &mut Conn,
    scope: &Scope,
    filter: &QueueFilter,
    mut times: Vec<BookedTime>,
    page: QueuePage,
) -> Result<QueuePage, Failure> {
    let count = |kind: CaseKind| count_of(times.iter().filter(|time| time.kind == kind).count());
    let kinds = CaseKind::all().map(|kind| (kind, count(kind))).collect();
    times.retain(|time| filter.kind.is_none_or(|kind| kind == time.kind));
    let (numbers, neighbours) = page_of(&times, &filter.start);
    let lines = list_numbered(conn, scope, &numbers).await?;
    Ok(QueuePage { lines, neighbours, total: count_of(times.len()), kinds, ..page })
}

fn count_of(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The counts for the live update of the list.
pub async fn queue_changes(bank: &Bank, scope: &Scope) -> Result<QueueCounts, Failure> {
    Ok(QueueCounts { waiting: count_waiting(&mut bank.read_desk().await?, scope).await? })
}

/// Adds the pending differences to the stored counts until none is left; returns their number. For the worker.
pub async fn fold_counts(bank: &Bank) -> Result<u64, Failure> {
    let mut folded = 0;
    loop {
        let batch = bank.write::<_, Infallible, _>("fold_counts", |tx| async move { Ok(fold_batch(tx).await?) }.scope_boxed());
        let batch = batch.await.map_err(Rejected::into_failure)?;
        folded += batch;
        if batch < COUNTS_BATCH {
            return Ok(folded);
        }
    }
}

async fn count_waiting(conn: &mut Conn, scope: &Scope) -> Result<i64, Failure> {
    let mut args = Vec::new();
    let scoped = scope.condition("k.branch_id", &mut args);
    let sql = format!("SELECT CAST(COALESCE(SUM(k.cases), 0) AS BIGINT) FROM {COUNTED} WHERE {scoped} AND k.waiting = TRUE");
    let (waiting,): (i64,) = conn.fetch_one(AssertSqlSafe(sql), args).await?;
    Ok(waiting)
}

/// The cases of a page and the positions of its neighbours.
async fn list(conn: &mut Conn, scope: &Scope, filter: &QueueFilter) -> Result<(Vec<CaseLine>, Neighbours), Failure> {
    match list_statement(scope, filter) {
        Some((sql, args)) => read_page(conn, &listing(filter), (sql, args), &filter.start, PAGE_SIZE).await,
        None => Ok(Default::default()),
    }
}

/// The statement that reads a page and one more row, in any order; `None` if no kind has the state. For [`list`] and for the test
/// of the query plans.
pub fn list_statement(scope: &Scope, filter: &QueueFilter) -> Option<(String, Vec<Arg>)> {
    let mut args = Vec::new();
    let mut narrowed = scope.condition("branch_id", &mut args);
    if let Some(branch) = &filter.branch {
        args.push(Arg::from(branch));
        _ = write!(narrowed, " AND branch_id = ${}", args.len());
    }
    if let Some(part) = &filter.part {
        _ = write!(narrowed, " AND {}", part_condition(part, &mut args));
    }
    listing(filter).statement(&narrowed, args, &filter.start, PAGE_SIZE)
}

/// The pairs of kind and state that the filter admits, in their order.
fn listing(filter: &QueueFilter) -> Listing {
    let kinds = crate::KINDS.iter().filter(|kind| filter.kind.is_none_or(|wanted| wanted == kind.case_kind()));
    let pairs = kinds.flat_map(|kind| kind.states().iter().map(|state| (kind.case_kind(), state)));
    let admitted: Vec<(CaseKind, &State)> = pairs.filter(|(_, state)| filter.state.admits(state)).collect();
    let urgent = filter.state != StateFilter::All && admitted.iter().any(|(_, state)| state.phase == Phase::Waiting);
    Listing {
        column: "due_at",
        latest_first: !urgent,
        legs: admitted.iter().map(|(kind, state)| format!("kind = '{}' AND state = '{}'", kind.code(), state.code)).collect(),
    }
}

/// The SQL condition of scope, branch and states on the counts.
fn condition(scope: &Scope, filter: &QueueFilter) -> (String, Vec<Arg>) {
    let mut args = Vec::new();
    let mut parts = vec![scope.condition("k.branch_id", &mut args)];
    let mut equals = |column: &str, value: &str| {
        args.push(Arg::from(value));
        parts.push(format!("{column} = ${}", args.len()));
    };
    if let Some(branch) = &filter.branch {
        equals("k.branch_id", branch);
    }
    if let StateFilter::Only(state) = &filter.state {
        equals("k.state", state);
    }
    if filter.state == StateFilter::Waiting {
        parts.push("k.waiting = TRUE".into());
    }
    (parts.join(" AND "), args)
}
