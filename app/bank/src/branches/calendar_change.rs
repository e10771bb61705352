//! The change of a day of the calendar: a public holiday, a make-up working day, or an ordinary day again (docs/domain.md §2).

use std::sync::LazyLock;

use super::entry::CalendarEntry;
use super::entry_records::{delete_calendar_day, find_calendar_day, put_calendar_day};
use super::stranded::stranded;
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form, entry_refused,
};
use crate::cases::{count_promised, list_booked};
use crate::kernel::calendar::{CalendarRow, DayKind, WorkingCalendar};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::{At, Day, day_text, parse_day, shift};
use crate::sessions::Scope;

/// The change of a day. Its subject is the day, or empty.
pub struct CalendarChange;

/// The form: the day, what it is, and its name.
pub static CALENDAR_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("date", FieldKind::Day),
        Field::new("kind", FieldKind::Choice),
        Field::new("name", FieldKind::Short(|_| 40)),
    ];
    change_form("admin_calendar", fields)
});

/// The value of `kind` for a day that the calendar does not mention.
const ORDINARY: &str = "ordinary";

/// The day of a proposal: that of the subject, else the typed one.
fn day_of(proposal: &Proposal<'_>) -> Option<Day> {
    let typed = proposal.values.filled("date").or(Some(proposal.subject).filter(|subject| !subject.is_empty()));
    typed.and_then(parse_day)
}

fn values(day: Day, kind: &str, name: &str) -> Values {
    let pairs = [("date", day_text(day)), ("kind", kind.to_owned()), ("name", name.to_owned())];
    Values(pairs.map(|(field, value)| (field.to_owned(), value)).into())
}

/// The calendar with another row for a day.
fn with(calendar: &[CalendarRow], day: Day, row: Option<&CalendarRow>) -> WorkingCalendar {
    let others = calendar.iter().filter(|known| known.day != day).chain(row).cloned();
    WorkingCalendar::from_rows(others.collect())
}

impl CalendarChange {
    async fn weigh(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<Judgement, Rejected<Vec<ChangeRefusal>>> {
        let today = proposal.now.day();
        let field = |field: &str| field.to_owned();
        let Some(day) = day_of(proposal) else {
            let missing = proposal.values.filled("date").is_none();
            let refusal = if missing {
                ChangeRefusal::Missing { field: field("date") }
            } else {
                ChangeRefusal::Invalid { field: field("date") }
            };
            return Err(Rejected::Refused(vec![refusal]));
        };
        if day < today || (!proposal.subject.is_empty() && day_text(day) != proposal.subject) {
            return Err(Rejected::Refused(vec![ChangeRefusal::Invalid { field: field("date") }]));
        }
        let row = match proposal.values.filled("kind") {
            Some(ORDINARY) => None,
            _ => {
                let date = day_text(day);
                let of = |column: &'static str| {
                    if column == "date" { Some(date.as_str()) } else { proposal.values.filled(column) }
                };
                Some(CalendarEntry::parse(&of).map_err(|refusals| Rejected::Refused(entry_refused(refusals)))?.0)
            }
        };
        let rows = proposal.reference.calendar.rows();
        let (before, after) = (&proposal.reference.calendar, with(&rows, day, row.as_ref()));
        let mut touches = Vec::new();
        if before.is_working(day) && !after.is_working(day) {
            let branches: Vec<&str> = proposal.reference.every_branch().map(|branch| branch.id.as_str()).collect();
            let (from, until) = (At::midnight(day), At::midnight(shift(day, 1)));
            touches.extend(stranded(&list_booked(conn, &Scope::EVERYTHING, &branches, from, Some(until)).await?));
            let promised = count_promised(conn, from, until).await?;
            touches.push(Touch::Promised { count: promised });
        }
        if !before.is_known(day.year()) && after.is_known(day.year()) {
            touches.push(Touch::YearKnown { year: day.year() });
        }
        let booked = touches.iter().any(|touch| matches!(touch, Touch::Stranded { count } if *count > 0));
        let values = row.map_or_else(|| values(day, ORDINARY, ""), |row| values(day, row.kind.code(), &row.name));
        Ok(Judgement { values, effective_from: Some(day), second: booked.then_some(Second::Booked), touches })
    }
}

impl ChangeKind for CalendarChange {
    fn code(&self) -> &'static str {
        "calendar"
    }

    fn counts_cases(&self) -> bool {
        true
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &CALENDAR_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            if !proposal.subject.is_empty() && parse_day(proposal.subject).is_none() {
                return Ok(None);
            }
            let Some(day) = day_of(proposal) else { return Ok(Some(Values::default())) };
            let row = find_calendar_day(conn, day).await?;
            Ok(Some(row.map_or_else(|| values(day, ORDINARY, ""), |(kind, name)| values(day, &kind, &name))))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(Self::weigh(conn, proposal))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, _proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let Some(day) = judgement.effective_from else { return Ok(()) };
            match DayKind::parse(judgement.values.typed("kind")) {
                None => delete_calendar_day(tx, day).await?,
                Some(kind) => {
                    let name = judgement.values.typed("name").to_owned();
                    put_calendar_day(tx, &CalendarEntry(CalendarRow { day, kind, name })).await?;
                }
            }
            Ok(())
        })
    }
}
