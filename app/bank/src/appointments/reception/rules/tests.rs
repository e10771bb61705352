//! Tests of the form's rules with two branches that receive customers in the coming week.

use std::collections::BTreeSet;

use jiff::civil::{date, time};

use super::super::ReceptionParameters;
use super::{ParsedReceptionForm, Step, read_reception};
use crate::appointments::cash::Busy;
use crate::appointments::reception::FORM;
use crate::appointments::reception::availability::{ReceptionContext, ReceptionLimits, SlotPlaces, Upcoming};
use crate::appointments::reception::model::{Audience, Reception, Topic};
use crate::appointments::reception::refusals::ALL_CODES;
use crate::cases::QuotaFull;
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::time::{At, Day, Time};

pub(super) fn day(number: i8) -> Day {
    date(2026, 12, number)
}

fn at(hour: i8, minute: i8) -> Time {
    time(hour, minute, 0, 0)
}

pub(super) fn upcoming(id: &str, number: i8, places: [i64; 3]) -> Upcoming {
    let reception = Reception {
        id: id.into(),
        branch_id: format!("branch-of-{id}"),
        day: day(number),
        host_name: "何静".into(),
        host_title_zh: "行长".into(),
        host_title_en: "branch manager".into(),
        topic_zh: "服务".into(),
        topic_en: "Service".into(),
        place_zh: "二楼".into(),
        place_en: "2nd floor".into(),
        registration_from: At::midnight(day(1)),
        registration_until: At::midnight(day(number)),
        audience: Audience::All,
    };
    let slots = [at(14, 0), at(14, 30), at(15, 0)].into_iter().zip(places).map(|(slot, places)| SlotPlaces { slot, places });
    Upcoming { reception, slots: slots.collect(), applied: false, limits: ReceptionLimits::from(&ReceptionParameters::default()) }
}

/// Two receptions on the 3rd, one on the 8th, and one on the 10th with only its last slot free.
pub(super) fn context() -> ReceptionContext {
    ReceptionContext {
        now: At::of(day(2), at(10, 0)),
        limits: ReceptionLimits::from(&ReceptionParameters::default()),
        upcoming: vec![
            upcoming("a", 3, [1, 1, 1]),
            upcoming("b", 3, [1, 1, 1]),
            upcoming("c", 8, [2, 0, 1]),
            upcoming("d", 10, [0, 0, 1]),
        ],
        busy: Vec::new(),
    }
}

const WHOLE: [(&str, &str); 7] = [
    ("day", "2026-12-08"),
    ("slot", "14:00"),
    ("topic", "service"),
    ("summary", "柜台等候太久"),
    ("hope", "多开一个窗口"),
    ("attendees", "2"),
    ("phone", "13800138000"),
];

/// Parses the complete form with some values replaced; an empty value removes the field, which still counts as shown.
fn read_with(context: &ReceptionContext, changes: &[(&str, &str)]) -> ParsedReceptionForm {
    let mut values = Values(WHOLE.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
    for (name, value) in changes {
        values.set(name, *value);
    }
    let offered: BTreeSet<String> = values.0.iter().map(|(name, _)| name.clone()).chain(["reception".to_owned()]).collect();
    read_reception(&values, &offered, context)
}

/// The first refusal as `code field nearest`.
fn refused(context: &ReceptionContext, changes: &[(&str, &str)]) -> String {
    let parsed = read_with(context, changes);
    assert_eq!(parsed.request(), None);
    let refusal = parsed.refusals.first().expect("a refusal");
    let nearest = refusal.nearest().first().map(crate::kernel::forms::Nearest::query).unwrap_or_default();
    format!("{} {} {nearest}", refusal.code(), refusal.field())
}

#[test]
fn a_whole_form_is_a_wish() {
    let request = read_with(&context(), &[("topic", "服务"), ("attendees", "２ 人")]).request().expect("a valid form");
    assert_eq!((request.reception.as_str(), request.topic, request.attendees), ("c", Topic::Service, 2));
}

#[test]
fn the_declared_maximum_lengths_are_those_of_the_rules() {
    let limited = FORM.limited();
    assert_eq!(limited.len(), 2);
    for (name, [fits, long]) in limited {
        let refused = |text: &str| read_with(&context(), &[(&name, text)]).refusals.iter().any(|refusal| refusal.field() == name);
        assert!(!refused(&fits) && refused(&long), "{name}");
    }
}

#[test]
fn a_day_with_two_receptions_asks_which_and_a_value_of_another_day_counts_as_none() {
    let context = context();
    let missing = "reception_missing reception day=2026-12-03&slot=14:00&reception=a";
    assert_eq!(refused(&context, &[("day", "2026-12-03")]), missing);
    assert_eq!(refused(&context, &[("day", "2026-12-03"), ("reception", "c")]), missing);
    let request = read_with(&context, &[("day", "2026-12-03"), ("reception", "b")]).request().expect("a valid form");
    assert_eq!(request.reception, "b");
    let request = read_with(&context, &[("reception", "b")]).request().expect("a valid form");
    assert_eq!(request.reception, "c");
}

#[test]
fn where_one_of_two_is_full_the_day_alone_suffices() {
    let mut context = context();
    context.upcoming[0] = upcoming("a", 3, [0, 0, 0]);
    assert_eq!(read_with(&context, &[("day", "2026-12-03")]).reception.as_deref(), Some("b"));
    let named = [("day", "2026-12-03"), ("reception", "a")];
    assert_eq!(refused(&context, &named), "slot_full slot day=2026-12-03&slot=14:00&reception=b");
}

#[test]
fn what_no_page_has_offered_is_open_and_not_refused() {
    let values = Values(vec![("day".into(), "2026-12-08".into())]);
    let offered = BTreeSet::from(["day".to_owned()]);
    let parsed = read_reception(&values, &offered, &context());
    assert!(parsed.refusals.is_empty());
    assert_eq!(parsed.first_open_step(), Step::When);
    assert_eq!((parsed.reception.as_deref(), parsed.slot), (Some("c"), None));
}

#[test]
fn every_refusal_of_the_form_is_reached_with_the_nearest_place() {
    let context = context();
    let mut reached = BTreeSet::new();
    let mut check = |context: &ReceptionContext, changes: &[(&str, &str)], expected: &str| {
        assert_eq!(refused(context, changes), expected);
        reached.insert(expected.split(' ').next().unwrap_or_default().to_owned());
    };
    check(&context, &[("day", "")], "day_missing day day=2026-12-03&slot=14:00&reception=a");
    check(&context, &[("day", "tomorrow")], "day_invalid day day=2026-12-03&slot=14:00&reception=a");
    check(&context, &[("day", "2026-12-09")], "no_reception day day=2026-12-10&slot=15:00");
    check(&context, &[("slot", "")], "slot_missing slot day=2026-12-08&slot=14:00");
    check(&context, &[("slot", "09:00")], "slot_unknown slot day=2026-12-08&slot=14:00");
    check(&context, &[("slot", "14:30")], "slot_full slot day=2026-12-08&slot=15:00");
    check(&context, &[("topic", "")], "topic_missing topic ");
    check(&context, &[("topic", "weather")], "topic_unknown topic ");
    check(&context, &[("summary", " ")], "summary_missing summary ");
    check(&context, &[("summary", &"长".repeat(501))], "summary_too_long summary ");
    check(&context, &[("hope", "")], "hope_missing hope ");
    check(&context, &[("hope", &"长".repeat(301))], "hope_too_long hope ");
    check(&context, &[("attendees", "")], "attendees_missing attendees ");
    check(&context, &[("attendees", "6")], "attendees_too_many attendees attendees=5");
    check(&context, &[("attendees", "0")], "attendees_invalid attendees attendees=1");
    check(&context, &[("phone", "")], "phone_missing phone ");
    check(&context, &[("phone", "12345")], "phone_invalid phone ");
    check(&context, &[("day", "2026-12-03")], "reception_missing reception day=2026-12-03&slot=14:00&reception=a");

    let mut busy = context.clone();
    busy.busy.push(Busy { day: day(8), from: at(13, 30), to: at(14, 30) });
    check(&busy, &[], "overlap slot day=2026-12-08&slot=15:00");
    let mut applied = context.clone();
    applied.upcoming[2].applied = true;
    check(&applied, &[], "already_applied day day=2026-12-10&slot=15:00");
    let mut closed = context.clone();
    closed.upcoming[2].reception.registration_until = closed.now;
    check(&closed, &[], "registration_closed day day=2026-12-10&slot=15:00");
    closed.upcoming[2].reception.registration_from = At::midnight(day(5));
    closed.upcoming[2].reception.registration_until = At::midnight(day(7));
    check(&closed, &[], "registration_not_open day day=2026-12-10&slot=15:00");
    let mut full = context.clone();
    full.upcoming[2] = upcoming("c", 8, [0, 0, 0]);
    check(&full, &[("slot", "")], "day_full day day=2026-12-10&slot=15:00");

    // These come from the transaction and from cancelling.
    reached.extend(QuotaFull::CODES.map(str::to_owned));
    reached.extend(["changed", "cancel_over", "cancel_closed"].map(str::to_owned));
    assert_eq!(reached, ALL_CODES.map(str::to_owned).into());
}

#[test]
fn the_nearest_place_is_of_the_same_reception_first_and_never_one_that_overlaps() {
    let mut context = context();
    let b = context.upcoming[1].clone();
    let query = |context: &ReceptionContext| {
        context.nearest(Some(&b), Some(day(3)), Some(at(14, 30)), |_| true).map(|offer| offer.nearest().query())
    };
    assert_eq!(query(&context).as_deref(), Some("day=2026-12-03&slot=14:30&reception=b"));
    context.busy.push(Busy { day: day(3), from: at(14, 0), to: at(15, 0) });
    assert_eq!(query(&context).as_deref(), Some("day=2026-12-03&slot=15:00&reception=b"));
    context.busy.push(Busy { day: day(3), from: at(15, 0), to: at(16, 0) });
    assert_eq!(query(&context).as_deref(), Some("day=2026-12-08&slot=15:00"));
}
