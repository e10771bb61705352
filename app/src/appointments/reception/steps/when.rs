//! Step 1: the day, the branch if several receive that day, then the time. A field is shown once the choice before it is made.

use bank::appointments::reception::{SlotPlaces, Step, Upcoming};
use bank::kernel::language::{day_long, time_span};
use bank::kernel::time::{Day, day_text, hhmm, parse_day};

use crate::appointments::reception::sheet::Sheet;
use crate::form::{Ask, Asks};
use crate::t;
use crate::ui::choice_group::Choice;

/// The day; the branch, if the day has several receptions; the time.
pub fn ask(sheet: &Sheet, field: &str) -> Option<Ask> {
    Some(match field {
        "day" => Ask::new().choices(days(sheet)),
        "reception" => Ask::new().choices(several(sheet)?),
        _ => slots(sheet, sheet.chosen()?),
    })
}

/// A hidden field with the reception whose times are shown, so that it stays chosen if another reception of the day opens.
pub fn named(sheet: &Sheet, step: Step) -> Option<(String, String)> {
    let chosen = sheet.chosen().filter(|_| step == Step::When && several(sheet).is_none())?;
    Some(("reception".to_owned(), chosen.reception.id.clone()))
}

fn of_day(sheet: &Sheet, day: Day) -> Vec<&Upcoming> {
    sheet.context.shown().filter(|upcoming| upcoming.reception.day == day).collect()
}

fn days(sheet: &Sheet) -> Vec<Choice> {
    let mut days: Vec<Day> = sheet.context.shown().map(|upcoming| upcoming.reception.day).collect();
    days.dedup();
    let typed = parse_day(sheet.typed("day").trim());
    days.into_iter()
        .map(|day| {
            let receptions = of_day(sheet, day);
            let choice = Choice::new(day_text(day), day_long(sheet.language, day)).chosen(typed == Some(day));
            let choice = match receptions.as_slice() {
                [one] => choice.detail(described(sheet, one, true)),
                many => choice.detail(branches(sheet, many)),
            };
            closed_or_places(sheet, choice, &receptions)
        })
        .collect()
}

/// The receptions of the chosen day, if there are several.
fn several(sheet: &Sheet) -> Option<Vec<Choice>> {
    let receptions = of_day(sheet, parse_day(sheet.typed("day").trim())?);
    if receptions.len() < 2 {
        return None;
    }
    let chosen = sheet.reading.reception.clone().unwrap_or_else(|| sheet.typed("reception"));
    let choice = |upcoming: &&Upcoming| {
        let choice = Choice::new(upcoming.reception.id.clone(), sheet.branch_name(upcoming))
            .detail(described(sheet, upcoming, false))
            .chosen(upcoming.reception.id == chosen);
        closed_or_places(sheet, choice, &[upcoming])
    };
    Some(receptions.iter().map(choice).collect())
}

fn described(sheet: &Sheet, upcoming: &Upcoming, with_branch: bool) -> String {
    let (l, language) = (sheet.locale, sheet.language);
    let (host, topic) = (upcoming.reception.host(language), upcoming.reception.topic(language).to_owned());
    if with_branch {
        t!(l, reception.branch_host, branch = sheet.branch_name(upcoming), host = host, topic = topic)
    } else {
        t!(l, reception.host_topic, host = host, topic = topic)
    }
}

fn branches(sheet: &Sheet, receptions: &[&Upcoming]) -> String {
    let names: Vec<String> = receptions.iter().map(|upcoming| sheet.branch_name(upcoming)).collect();
    let names = names.join(&t!(sheet.locale, reception.branches_comma));
    t!(sheet.locale, reception.branches, count = receptions.len(), branches = names)
}

/// Why none of these receptions can be chosen, or their number of free places.
fn closed_or_places(sheet: &Sheet, choice: Choice, receptions: &[&Upcoming]) -> Choice {
    let locale = sheet.locale;
    if receptions.iter().any(|upcoming| upcoming.is_open(sheet.now)) {
        let open = receptions.iter().filter(|upcoming| upcoming.is_open(sheet.now));
        let places: i64 = open.flat_map(|upcoming| &upcoming.slots).map(|slot| slot.places).sum();
        return choice.note(t!(locale, reception.places, n = places)).data("places", places);
    }
    if receptions.iter().any(|upcoming| upcoming.applied) {
        choice.closed(t!(locale, reception.day_applied))
    } else {
        choice.closed(t!(locale, reception.day_full))
    }
}

fn slots(sheet: &Sheet, chosen: &Upcoming) -> Ask {
    let typed = sheet.typed("slot");
    let choices = chosen.slots.iter().map(|slot| slot_choice(sheet, chosen, *slot, typed.trim())).collect();
    let (minutes, place) = (chosen.limits.slot_minutes, chosen.reception.place(sheet.language).to_owned());
    Ask::new().grid(choices).hint(t!(sheet.locale, reception.slot_hint, minutes = minutes, place = place))
}

fn slot_choice(sheet: &Sheet, chosen: &Upcoming, slot: SlotPlaces, typed: &str) -> Choice {
    let locale = sheet.locale;
    let end = chosen.slot_end(slot.slot).time();
    let choice = Choice::new(hhmm(slot.slot), time_span(slot.slot, end)).data("places", slot.places);
    let choice = choice.detail(t!(locale, reception.places, n = slot.places)).chosen(typed == hhmm(slot.slot));
    if slot.places <= 0 {
        choice.closed(t!(locale, reception.slot_full))
    } else if sheet.context.overlap(chosen, slot.slot).is_some() {
        choice.closed(t!(locale, reception.slot_overlap))
    } else {
        choice
    }
}
