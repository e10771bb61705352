//! The change of a single day of one branch: closed, with the reason, or as usual again (docs/domain.md §2). Appointments keep
//! their time; the preview counts those that would fall into the closed day.

use std::sync::LazyLock;

use super::records::{delete_closure, find_closure, put_closure};
use super::stranded::stranded;
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, change_form, entry_refused,
};
use crate::cases::list_booked;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::Reader;
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::{At, Day, day_text, parse_day, shift};
use crate::sessions::Scope;

/// The change of a day of a branch. Its subject is the branch.
pub struct ClosureChange;

/// Longest reason, characters.
const REASON_MAX: i64 = 40;

/// The value of `kind` for a closed day.
const CLOSED: &str = "closed";

/// The value of `kind` for a day with the usual hours.
const USUAL: &str = "usual";

/// The form: the day, whether the branch is closed, and why.
pub static CLOSURE_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("date", FieldKind::Day),
        Field::new("kind", FieldKind::Choice),
        Field::new("why", FieldKind::Short(|_| REASON_MAX)),
    ];
    change_form("admin_closure", fields)
});

fn values(day: Day, why: Option<&str>) -> Values {
    let kind = if why.is_some() { CLOSED } else { USUAL };
    let pairs = [("date", day_text(day)), ("kind", kind.to_owned()), ("why", why.unwrap_or_default().to_owned())];
    Values(pairs.map(|(field, value)| (field.to_owned(), value)).into())
}

/// The typed day: today or later.
fn read_day(proposal: &Proposal<'_>) -> Result<Day, ChangeRefusal> {
    let field = || "date".to_owned();
    let typed = proposal.values.filled("date").ok_or_else(|| ChangeRefusal::Missing { field: field() })?;
    let day = parse_day(typed).ok_or_else(|| ChangeRefusal::Invalid { field: field() })?;
    let today = proposal.now.day();
    if day < today { Err(ChangeRefusal::DayPassed { field: field(), earliest: today }) } else { Ok(day) }
}

/// The reason of a closed day; `None` for a day with the usual hours.
fn read_reason(proposal: &Proposal<'_>) -> Result<Option<String>, Vec<ChangeRefusal>> {
    let columns = |column: &'static str| proposal.values.filled(column);
    let mut reader = Reader::new(&columns);
    let kind = reader.need_choice("kind", &[CLOSED, USUAL]);
    let why = if kind == Some(CLOSED) { reader.need_text("why", REASON_MAX) } else { None };
    let read = kind.map(|_| why);
    reader.finish(read).map_err(entry_refused)
}

impl ClosureChange {
    async fn weigh(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<Judgement, Rejected<Vec<ChangeRefusal>>> {
        let (day, why) = match (read_day(proposal), read_reason(proposal)) {
            (Ok(day), Ok(why)) => (day, why),
            (day, why) => return Err(Rejected::Refused(day.err().into_iter().chain(why.err().into_iter().flatten()).collect())),
        };
        let branch = proposal.reference.branch(proposal.subject);
        let works = branch.is_some_and(|branch| !branch.hours.working(&proposal.reference.calendar, day).is_empty());
        let (mut touches, mut second) = (Vec::new(), None);
        if why.is_some() && works {
            let (from, until) = (At::midnight(day).max(proposal.now), At::midnight(shift(day, 1)));
            let booked = list_booked(conn, &Scope::EVERYTHING, &[proposal.subject], from, Some(until)).await?;
            second = (!booked.is_empty()).then_some(Second::Booked);
            touches = stranded(&booked);
        }
        Ok(Judgement { values: values(day, why.as_deref()), effective_from: Some(day), second, touches })
    }
}

impl ChangeKind for ClosureChange {
    fn code(&self) -> &'static str {
        "closure"
    }

    fn counts_cases(&self) -> bool {
        true
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &CLOSURE_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            if !proposal.reference.branches.iter().any(|branch| branch.id == proposal.subject) {
                return Ok(None);
            }
            let Ok(day) = read_day(proposal) else { return Ok(Some(Values::default())) };
            let why = find_closure(conn, proposal.subject, day).await?;
            Ok(Some(values(day, why.as_deref())))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(Self::weigh(conn, proposal))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let Some(day) = judgement.effective_from else { return Ok(()) };
            match judgement.values.filled("why") {
                Some(why) => put_closure(tx, proposal.subject, day, why).await?,
                None => delete_closure(tx, proposal.subject, day).await?,
            }
            Ok(())
        })
    }
}
