//! The change of a branch's opening hours from a day on (docs/domain.md §2). Appointments keep their time; the preview counts
//! those that would fall outside the new hours.

use std::sync::LazyLock;

use super::entry::HoursEntry;
use super::entry_records::{find_hours_entry, put_hours_from};
use super::stranded::stranded;
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form, effective_day,
    entry_refused,
};
use crate::cases::list_booked;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::hours::{Hours, WeekHours, spans_text};
use crate::kernel::time::{At, day_text};
use crate::sessions::Scope;

/// The change of a branch's hours. Its subject is the branch.
pub struct HoursChange;

/// The fields of the week, Monday first.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The form: the hours of each weekday and the effective day.
pub static HOURS_FORM: LazyLock<Form> = LazyLock::new(|| {
    let mut fields: Vec<Field> = WEEKDAYS.into_iter().map(|day| Field::new(day, FieldKind::Line)).collect();
    fields.push(Field::new("from", FieldKind::Day));
    change_form("admin_hours", fields)
});

fn values(week: &WeekHours) -> Values {
    let pairs = WEEKDAYS.into_iter().zip(&week.0);
    Values(pairs.map(|(day, spans)| (day.to_owned(), spans_text(spans))).collect())
}

fn parse(proposal: &Proposal<'_>) -> Result<HoursEntry, Vec<ChangeRefusal>> {
    let of = |column: &'static str| if column == "branch" { Some(proposal.subject) } else { proposal.values.filled(column) };
    HoursEntry::parse(&of).map_err(entry_refused)
}

impl HoursChange {
    async fn weigh(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<Judgement, Rejected<Vec<ChangeRefusal>>> {
        let (entry, day) = match (parse(proposal), effective_day(proposal.values, proposal.now.day())) {
            (Ok(entry), Ok(day)) => (entry, day),
            (entry, day) => {
                return Err(Rejected::Refused(entry.err().into_iter().flatten().chain(day.err()).collect()));
            }
        };
        let branch = proposal.reference.branch(proposal.subject);
        let later = branch.and_then(|branch| branch.hours.later.iter().map(|(from, _)| *from).find(|from| *from > day));
        let closed = branch.map(|branch| branch.hours.closed.clone()).unwrap_or_default();
        let hours = Hours { closed, ..Hours::from(entry.week.clone()) };
        let (from, until) = (At::midnight(day).max(proposal.now), later.map(At::midnight));
        let mut booked = list_booked(conn, &Scope::EVERYTHING, &[proposal.subject], from, until).await?;
        booked.retain(|time| !hours.contain(&proposal.reference.calendar, time.start, time.end));
        let second = (!booked.is_empty()).then_some(Second::Booked);
        let mut touches = stranded(&booked);
        touches.extend(later.map(|from| Touch::LaterValue { from }));
        let mut values = values(&entry.week);
        values.set("from", day_text(day));
        Ok(Judgement { values, effective_from: Some(day), second, touches })
    }
}

impl ChangeKind for HoursChange {
    fn code(&self) -> &'static str {
        "hours"
    }

    fn counts_cases(&self) -> bool {
        true
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &HOURS_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            if !proposal.reference.branches.iter().any(|branch| branch.id == proposal.subject) {
                return Ok(None);
            }
            let today = proposal.now.day();
            let day = effective_day(proposal.values, today).unwrap_or(today);
            Ok(find_hours_entry(conn, proposal.subject, day).await?.map(|entry| values(&entry.week)))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(Self::weigh(conn, proposal))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let entry = parse(proposal).map_err(Rejected::Refused)?;
            let Some(day) = judgement.effective_from else { return Ok(()) };
            put_hours_from(tx, &entry, day).await.map_err(|rejected| rejected.map(entry_refused))?;
            Ok(())
        })
    }
}
