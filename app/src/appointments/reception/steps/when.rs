//! Step 1: the day, the branch if several receive that day, then the time. A field is shown once the choice before it is made.

use bank::appointments::reception::{SlotPlaces, Step, Upcoming};
use bank::kernel::language::{day_long, time_span};
use bank::kernel::time::{Day, day_text, hhmm, parse_day};

use crate::appointments::reception::form_data::ReceptionFormData;
use crate::form::{Ask, Asks};
use crate::t;
use crate::ui::choice_group::Choice;

/// The day; the branch, if the day has several receptions; the time.
pub fn ask(data: &ReceptionFormData, field: &str) -> Option<Ask> {
    Some(match field {
        "day" => Ask::new().choices(days(data)),
        "reception" => Ask::new().choices(several(data)?),
        _ => slots(data, data.chosen()?),
    })
}

/// A hidden field with the reception whose times are shown, so that it stays chosen if another reception of the day opens.
pub fn named(data: &ReceptionFormData, step: Step) -> Option<(String, String)> {
    let chosen = data.chosen().filter(|_| step == Step::When && several(data).is_none())?;
    Some(("reception".to_owned(), chosen.reception.id.clone()))
}

fn of_day(data: &ReceptionFormData, day: Day) -> Vec<&Upcoming> {
    data.context.shown().filter(|upcoming| upcoming.reception.day == day).collect()
}

fn days(data: &ReceptionFormData) -> Vec<Choice> {
    let mut days: Vec<Day> = data.context.shown().map(|upcoming| upcoming.reception.day).collect();
    days.dedup();
    let typed = parse_day(data.typed("day").trim());
    days.into_iter()
        .map(|day| {
            let receptions = of_day(data, day);
            let choice = Choice::new(day_text(day), day_long(data.language, day)).chosen(typed == Some(day));
            let choice = match receptions.as_slice() {
                [one] => choice.detail(described(data, one, true)),
                many => choice.detail(branches(data, many)),
            };
            closed_or_places(data, choice, &receptions)
        })
        .collect()
}

/// The receptions of the chosen day, if there are several.
fn several(data: &ReceptionFormData) -> Option<Vec<Choice>> {
    let receptions = of_day(data, parse_day(data.typed("day").trim())?);
    if receptions.len() < 2 {
        return None;
    }
    let chosen = data.parsed.reception.clone().unwrap_or_else(|| data.typed("reception"));
    let choice = |upcoming: &&Upcoming| {
        let choice = Choice::new(upcoming.reception.id.clone(), data.branch_name(upcoming))
            .detail(described(data, upcoming, false))
            .chosen(upcoming.reception.id == chosen);
        closed_or_places(data, choice, &[upcoming])
    };
    Some(receptions.iter().map(choice).collect())
}

fn described(data: &ReceptionFormData, upcoming: &Upcoming, with_branch: bool) -> String {
    let (l, language) = (data.locale, data.language);
    let (host, topic) = (upcoming.reception.host(language), upcoming.reception.topic(language).to_owned());
    if with_branch {
        t!(l, reception.branch_host, branch = data.branch_name(upcoming), host = host, topic = topic)
    } else {
        t!(l, reception.host_topic, host = host, topic = topic)
    }
}

fn branches(data: &ReceptionFormData, receptions: &[&Upcoming]) -> String {
    let names: Vec<String> = receptions.iter().map(|upcoming| data.branch_name(upcoming)).collect();
    let names = names.join(&t!(data.locale, reception.branches_comma));
    t!(data.locale, reception.branches, count = receptions.len(), branches = names)
}

/// Why none of these receptions can be chosen, or their number of free places.
fn closed_or_places(data: &ReceptionFormData, choice: Choice, receptions: &[&Upcoming]) -> Choice {
    let locale = data.locale;
    if receptions.iter().any(|upcoming| upcoming.is_open(data.now)) {
        let open = receptions.iter().filter(|upcoming| upcoming.is_open(data.now));
        let places: i64 = open.flat_map(|upcoming| &upcoming.slots).map(|slot| slot.places).sum();
        return choice.note(t!(locale, reception.places, n = places)).data("places", places);
    }
    if receptions.iter().any(|upcoming| upcoming.applied) {
        choice.closed(t!(locale, reception.day_applied))
    } else {
        choice.closed(t!(locale, reception.day_full))
    }
}

fn slots(data: &ReceptionFormData, chosen: &Upcoming) -> Ask {
    let typed = data.typed("slot");
    let choices = chosen.slots.iter().map(|slot| slot_choice(data, chosen, *slot, typed.trim())).collect();
    let (minutes, place) = (chosen.limits.slot_minutes, chosen.reception.place(data.language).to_owned());
    Ask::new().grid(choices).hint(t!(data.locale, reception.slot_hint, minutes = minutes, place = place))
}

fn slot_choice(data: &ReceptionFormData, chosen: &Upcoming, slot: SlotPlaces, typed: &str) -> Choice {
    let locale = data.locale;
    let end = chosen.slot_end(slot.slot).time();
    let choice = Choice::new(hhmm(slot.slot), time_span(slot.slot, end)).data("places", slot.places);
    let choice = choice.detail(t!(locale, reception.places, n = slot.places)).chosen(typed == hhmm(slot.slot));
    if slot.places <= 0 {
        choice.closed(t!(locale, reception.slot_full))
    } else if data.context.overlap(chosen, slot.slot).is_some() {
        choice.closed(t!(locale, reception.slot_overlap))
    } else {
        choice
    }
}
