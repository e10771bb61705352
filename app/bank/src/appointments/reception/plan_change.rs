//! Planning a reception day (docs/domain.md §4): a new one, another plan while nobody has applied, or calling it off.

use std::sync::LazyLock;

use super::ReceptionParameters;
use super::model::{Audience, Reception};
use super::plan_records::{PlannedReception, count_applications, delete_unbooked, find_on, find_planned, list_from, replace};
use super::records::insert_reception;
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Standing, Touch, change_form, entry_refused,
};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Reader};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::text::narrow;
use crate::kernel::time::{At, Time, day_text, hhmm, parse_time, shift};
use crate::sessions::Staff;

/// The plan of a reception day. Its subject is the reception, or empty for a new one.
pub struct ReceptionChange;

/// Maximum number of slots of a day.
const SLOTS_MAX: usize = 24;

/// Maximum number of places of a slot.
const PLACES_MAX: i64 = 20;

/// Maximum length of a title, topic or place, characters.
const TEXT_MAX: i64 = 60;

/// The form: where, when, who receives, what about, who may apply.
pub static RECEPTION_FORM: LazyLock<Form> = LazyLock::new(|| {
    let text = FieldKind::Short(|_| TEXT_MAX);
    let fields = vec![
        Field::new("branch", FieldKind::Choice),
        Field::new("day", FieldKind::Day),
        Field::new("slots", FieldKind::Line),
        Field::new("places", FieldKind::Count),
        Field::new("host_name", FieldKind::Line),
        Field::new("host_title_zh", text),
        Field::new("host_title_en", text),
        Field::new("topic_zh", text),
        Field::new("topic_en", text),
        Field::new("place_zh", text),
        Field::new("place_en", text),
        Field::new("audience", FieldKind::Choice),
        Field::new("registration_from", FieldKind::Day),
        Field::new("registration_until", FieldKind::Day),
        Field::new("called_off", FieldKind::Tick),
    ];
    change_form("admin_reception", fields)
});

/// A valid plan.
struct Plan {
    reception: Reception,
    slots: Vec<(Time, i64)>,
    called_off: bool,
}

fn values(plan: &PlannedReception) -> Values {
    let reception = &plan.reception;
    let slots = plan.slots.iter().map(|(slot, _)| hhmm(*slot)).collect::<Vec<_>>().join(",");
    let places = plan.slots.first().map_or_else(String::new, |(_, places)| places.to_string());
    let pairs = [
        ("branch", reception.branch_id.clone()),
        ("day", day_text(reception.day)),
        ("slots", slots),
        ("places", places),
        ("host_name", reception.host_name.clone()),
        ("host_title_zh", reception.host_title_zh.clone()),
        ("host_title_en", reception.host_title_en.clone()),
        ("topic_zh", reception.topic_zh.clone()),
        ("topic_en", reception.topic_en.clone()),
        ("place_zh", reception.place_zh.clone()),
        ("place_en", reception.place_en.clone()),
        ("audience", reception.audience.code().to_owned()),
        ("registration_from", day_text(reception.registration_from.day())),
        // Stored as the midnight after the last day.
        ("registration_until", day_text(shift(reception.registration_until.day(), -1))),
    ];
    Values(pairs.map(|(field, value)| (field.to_owned(), value)).into())
}

/// The start times of a day, in order, as people type them: `9:30, 10:00`.
fn read_slots(text: &str) -> Option<Vec<Time>> {
    let parts = narrow(text).replace([';', '、', '，'], ",");
    let parts = parts.split(',').map(str::trim).filter(|part| !part.is_empty());
    let slots: Vec<Time> = parts.map(|part| parse_time(&format!("{part:0>5}"))).collect::<Option<_>>()?;
    let ordered = slots.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    (ordered && !slots.is_empty() && slots.len() <= SLOTS_MAX).then_some(slots)
}

fn parse(id: &str, proposal: &Proposal<'_>) -> Result<Plan, Vec<ChangeRefusal>> {
    let of = |column: &'static str| proposal.values.filled(column);
    let mut reader = Reader::new(&of);
    let branch = reader
        .need("branch", EntryRule::UnknownReference, |id| proposal.reference.branches.iter().find(|branch| branch.id == id));
    let day = reader.need_day("day");
    let slots = reader.need("slots", EntryRule::NotStartTimes { most: SLOTS_MAX }, read_slots);
    let places = reader.need_whole("places", 1, PLACES_MAX);
    let host_name = reader.need_person("host_name");
    let mut text = |column| reader.need_text(column, TEXT_MAX);
    let texts =
        [text("host_title_zh"), text("host_title_en"), text("topic_zh"), text("topic_en"), text("place_zh"), text("place_en")];
    let audience = reader.need_choice("audience", &["all", "vip", "company"]).and_then(Audience::parse);
    let from = reader.need_day("registration_from");
    let until = reader.need_day("registration_until");
    let mut wrong = Vec::new();
    if let (Some(branch), Some(day), Some(slots)) = (branch, day, &slots) {
        if day < proposal.now.day() {
            wrong.push(ChangeRefusal::Invalid { field: "day".to_owned() });
        }
        let length = proposal.reference.parameters::<ReceptionParameters>(&branch.id, day).reception_slot_minutes;
        let spans = branch.hours.working(&proposal.reference.calendar, day);
        let fits = |slot: &Time| {
            let (begins, ends) = (At::of(day, *slot), At::of(day, *slot).plus_minutes(length));
            spans.iter().any(|span| At::of(day, span.opens) <= begins && ends <= At::of(day, span.closes))
        };
        let apart =
            slots.windows(2).all(|pair| matches!(pair, [a, b] if At::of(day, *a).plus_minutes(length) <= At::of(day, *b)));
        if !apart || !slots.iter().all(fits) {
            wrong.push(ChangeRefusal::Invalid { field: "slots".to_owned() });
        }
    }
    if let (Some(day), Some(from), Some(until)) = (day, from, until)
        && (from > until || until > day)
    {
        let rule = EntryRule::Contradicts(if until > day { "day" } else { "registration_from" });
        wrong.push(EntryRefusal { column: "registration_until", rule }.into());
    }
    let plan = (|| {
        let [host_title_zh, host_title_en, topic_zh, topic_en, place_zh, place_en] = texts;
        let places = places?;
        Some(Plan {
            reception: Reception {
                id: id.to_owned(),
                branch_id: branch?.id.clone(),
                day: day?,
                host_name: host_name?,
                host_title_zh: host_title_zh?,
                host_title_en: host_title_en?,
                topic_zh: topic_zh?,
                topic_en: topic_en?,
                place_zh: place_zh?,
                place_en: place_en?,
                registration_from: At::midnight(from?),
                registration_until: At::midnight(shift(until?, 1)),
                audience: audience?,
            },
            slots: slots?.into_iter().map(|slot| (slot, places)).collect(),
            called_off: !proposal.subject.is_empty() && proposal.values.ticked("called_off"),
        })
    })();
    match reader.finish(plan) {
        Ok(plan) if wrong.is_empty() => Ok(plan),
        Ok(_) => Err(wrong),
        Err(refusals) => Err(entry_refused(refusals).into_iter().chain(wrong).collect()),
    }
}

/// The reception days from today on, the earliest first, for somebody who may plan them.
pub async fn list_planned(bank: &Bank, staff: &Staff) -> Result<Vec<PlannedReception>, Failure> {
    if !staff.may(ReceptionChange.permission()) {
        return Ok(Vec::new());
    }
    list_from(&mut bank.read().await?, bank.now().day()).await
}

/// Refuses a change of a reception for which somebody has applied.
async fn blocked(conn: &mut Conn, id: &str) -> Result<Option<ChangeRefusal>, Failure> {
    let count = if id.is_empty() { 0 } else { count_applications(conn, id).await? };
    Ok((count > 0).then(|| ChangeRefusal::Blocked { by: vec![Touch::Applications { count }] }))
}

impl ReceptionChange {
    async fn weigh(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<Judgement, Rejected<Vec<ChangeRefusal>>> {
        if let Some(refusal) = blocked(conn, proposal.subject).await? {
            return Err(Rejected::Refused(vec![refusal]));
        }
        let plan = parse(proposal.subject, proposal).map_err(Rejected::Refused)?;
        let other = find_on(conn, &plan.reception.branch_id, plan.reception.day).await?;
        if other.is_some_and(|other| other != proposal.subject) {
            let taken = EntryRefusal { column: "day", rule: EntryRule::AlreadyUsed };
            return Err(Rejected::Refused(entry_refused(vec![taken])));
        }
        let places = plan.slots.iter().map(|(_, places)| places).sum();
        let called_off = plan.called_off;
        let touches = if called_off { Vec::new() } else { vec![Touch::Places { count: places }] };
        let mut values = values(&PlannedReception { reception: plan.reception, slots: plan.slots, booked: 0 });
        if called_off {
            values.set("called_off", "on");
        }
        Ok(Judgement { values, effective_from: None, second: None, touches })
    }
}

impl ChangeKind for ReceptionChange {
    fn code(&self) -> &'static str {
        "reception"
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &RECEPTION_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            if proposal.subject.is_empty() {
                return Ok(Some(Values::default()));
            }
            Ok(find_planned(conn, proposal.subject).await?.as_ref().map(values))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(Self::weigh(conn, proposal))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, _judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let id = if proposal.subject.is_empty() { tx.new_id()? } else { proposal.subject.to_owned() };
            let plan = parse(&id, proposal).map_err(Rejected::Refused)?;
            let done = if proposal.subject.is_empty() {
                insert_reception(tx, &plan.reception, &plan.slots).await?
            } else if plan.called_off {
                delete_unbooked(tx, &id).await?
            } else {
                replace(tx, &plan.reception, &plan.slots).await?
            };
            // Somebody has applied between the judgement and this statement.
            if done { Ok(()) } else { Err(Rejected::Refused(vec![ChangeRefusal::PreviewChanged])) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::read_slots;
    use crate::kernel::time::hhmm;

    #[test]
    fn start_times_are_read_in_order() {
        let read = |text| read_slots(text).map(|slots| slots.into_iter().map(hhmm).collect::<Vec<_>>().join(","));
        assert_eq!(read("9:30、10:00，10:30").as_deref(), Some("09:30,10:00,10:30"));
        for wrong in ["", "10:00,9:30", "10:00,10:00", "ten"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
