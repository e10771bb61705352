//! Step 1: the day, the branch if several receive that day, then the time. Branch and time are shown once the choice before is
//! made; with script as soon as the form has been saved with it (`form/follows.js`).

use std::collections::BTreeSet;

use bank::appointments::reception::{Audience, SlotPlaces, Step, Upcoming};
use bank::kernel::forms::SHOWN;
use bank::kernel::language::{day_long, day_short, month_with_year, time_span};
use bank::kernel::month::sheets;
use bank::kernel::time::{Day, day_text, hhmm, parse_day};
use leptos::prelude::*;

use crate::appointments::reception::form_data::ReceptionFormData;
use crate::cases::join;
use crate::form::{Ask, Asks, Own};
use crate::ui::button::hidden;
use crate::ui::choice_group::Choice;
use crate::ui::month::{DayState, MonthDay, MonthGroup, MonthView, weekdays};
use crate::{counted, t};

/// The frame of branch and time.
const TIMES: &str = "times";

/// The day as rows (one question a page); the branch, if the day has several receptions; the time.
pub fn ask(data: &ReceptionFormData, field: &str) -> Option<Ask> {
    Some(match field {
        "day" => Ask::new().choices(days(data)),
        "reception" => Ask::new().choices(several(data)?).within(TIMES),
        _ => slots(data, data.chosen()?).within(TIMES),
    })
}

/// A hidden field with the reception whose times are shown, so that it stays chosen if another reception of the day opens.
pub fn named(data: &ReceptionFormData, step: Step) -> Option<(String, String)> {
    let chosen = data.chosen().filter(|_| step == Step::When && several(data).is_none())?;
    Some(("reception".to_owned(), chosen.reception.id.clone()))
}

/// Whether the page shows branches or times.
pub fn has_times(data: &ReceptionFormData) -> bool {
    data.chosen().is_some() || several(data).is_some()
}

/// Branch and time of the chosen day, which follow the day while the form is saved. The script that puts them here enables the
/// field that says so; where no other day can be chosen, it needs no script. How many there are is announced.
pub fn times(data: &ReceptionFormData, fields: Vec<AnyView>) -> AnyView {
    let free = data.chosen().map(|chosen| data.context.free_slots(chosen).count());
    let said = free.map(|free| counted!(data.locale, free, [reception.times_free_one], [reception.times_free], n = free));
    let shown = if data.chosen().is_some() { "reception slot" } else { "reception" };
    view! {
        <div class="form" data-live="times">
            <p class="unseen" role="status">
                {said}
            </p>
            {hidden(named(data, Step::When).into_iter().collect())}
            <input type="hidden" name=SHOWN value=shown disabled=!data.only_day data-placed="" />
            {fields}
        </div>
    }
    .into_any()
}

fn of_day(data: &ReceptionFormData, day: Day) -> Vec<&Upcoming> {
    data.context.shown().filter(|upcoming| upcoming.reception.day == day).collect()
}

fn all_days(data: &ReceptionFormData) -> Vec<Day> {
    let mut days: Vec<Day> = data.context.shown().map(|upcoming| upcoming.reception.day).collect();
    days.dedup();
    days
}

/// The days as a calendar, and folded below it who receives on which of them; of the chosen day the times say it.
pub fn month(data: &ReceptionFormData) -> Own {
    let (l, language) = (data.locale, data.language);
    let (today, typed) = (data.now.day(), parse_day(data.typed("day").trim()));
    let days = all_days(data);
    let state = |day: Day| {
        let receptions = of_day(data, day);
        let name = |words: String| format!("{} {words}", day_long(language, day));
        if receptions.is_empty() {
            return DayState::Plain((day == today).then(|| t!(l, reception.today)));
        }
        if let Some(why) = closed(data, &receptions) {
            return DayState::Full { name: name(why.clone()), why };
        }
        let places = places(data, &receptions);
        let name = name(t!(l, reception.places, n = places));
        DayState::Free { value: day_text(day), name, places, chosen: typed == Some(day) }
    };
    let cell = |day: Option<Day>| day.map(|day| MonthDay { number: day.day(), state: state(day) });
    let months = sheets(today, days.iter().copied()).into_iter().map(|sheet| MonthView {
        title: month_with_year(language, sheet.first),
        weeks: sheet.weeks.into_iter().map(|week| week.map(cell).into()).collect(),
    });
    let open = days.iter().filter(|day| closed(data, &of_day(data, **day)).is_none()).count();
    let view = view! {
        <MonthGroup
            legend=data.label("day").unwrap_or_default()
            name="day"
            weekdays=weekdays(language)
            months=months.collect()
            unit=t!(l, reception.unit)
            figures=t!(l, reception.figures)
            free=counted!(l, open, [reception.days_free_one], [reception.days_free], n = open)
            error=data.error("day")
        />
        <details class="programme">
            <summary>{t!(l, reception.programme)}</summary>
            <ul class="rows">{programme(data)}</ul>
        </details>
    };
    Own { holds: vec!["day"], view: view.into_any() }
}

/// Who receives where and about what, each with the days.
fn programme(data: &ReceptionFormData) -> AnyView {
    let (language, comma) = (data.language, t!(data.locale, reception.branches_comma));
    let lines: Vec<String> = data.context.shown().map(|upcoming| described(data, upcoming, true)).collect();
    let mut seen = BTreeSet::new();
    let rows = lines.iter().filter(|line| seen.insert(*line)).map(|line| {
        let days = data.context.shown().zip(&lines).filter(|(_, other)| *other == line);
        let days = days.map(|(upcoming, _)| day_short(language, upcoming.reception.day)).collect::<Vec<_>>().join(&comma);
        view! {
            <li>
                <div>
                    <p>{line.clone()}</p>
                    <p class="hint">{days}</p>
                </div>
            </li>
        }
    });
    rows.collect_view().into_any()
}

fn days(data: &ReceptionFormData) -> Vec<Choice> {
    let typed = parse_day(data.typed("day").trim());
    let choice = |day: Day| {
        let receptions = of_day(data, day);
        let choice = Choice::new(day_text(day), day_long(data.language, day)).chosen(typed == Some(day));
        let choice = match receptions.as_slice() {
            [one] => choice.detail(described(data, one, true)),
            many => choice.detail(branches(data, many)),
        };
        closed_or_places(data, choice, &receptions)
    };
    all_days(data).into_iter().map(choice).collect()
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

/// Host and topic, and for whom the reception is if not for everybody.
fn described(data: &ReceptionFormData, upcoming: &Upcoming, with_branch: bool) -> String {
    let (l, language) = (data.locale, data.language);
    let (host, topic) = (upcoming.reception.host(language), upcoming.reception.topic(language).to_owned());
    let topic = match upcoming.reception.audience {
        Audience::All => topic,
        Audience::Vip => t!(l, reception.for_vip, topic = topic),
        Audience::Company => t!(l, reception.for_company, topic = topic),
    };
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

/// Free places of those of these receptions that can be chosen.
fn places(data: &ReceptionFormData, receptions: &[&Upcoming]) -> i64 {
    let open = receptions.iter().filter(|upcoming| data.context.may_choose(upcoming));
    open.flat_map(|upcoming| data.context.free_slots(upcoming)).map(|slot| slot.places).sum()
}

/// Why none of these receptions can be chosen.
fn closed(data: &ReceptionFormData, receptions: &[&Upcoming]) -> Option<String> {
    if receptions.iter().any(|upcoming| data.context.may_choose(upcoming)) {
        None
    } else if receptions.iter().any(|upcoming| upcoming.is_open(data.now)) {
        Some(t!(data.locale, reception.day_overlap))
    } else if receptions.iter().any(|upcoming| upcoming.applied) {
        Some(t!(data.locale, reception.day_applied))
    } else {
        Some(t!(data.locale, reception.day_full))
    }
}

/// Why none of these receptions can be chosen, or their number of free places.
fn closed_or_places(data: &ReceptionFormData, choice: Choice, receptions: &[&Upcoming]) -> Choice {
    if let Some(why) = closed(data, receptions) {
        return choice.closed(why);
    }
    let places = places(data, receptions);
    choice.note(t!(data.locale, reception.places, n = places)).data("places", places)
}

fn slots(data: &ReceptionFormData, chosen: &Upcoming) -> Ask {
    let typed = data.typed("slot");
    let choices = chosen.slots.iter().map(|slot| slot_choice(data, chosen, *slot, typed.trim())).collect();
    let (minutes, place) = (chosen.limits.slot_minutes, chosen.reception.place(data.language).to_owned());
    let place = t!(data.locale, reception.slot_hint, minutes = minutes, place = place);
    // The calendar does not say who receives that day.
    let hint = if data.shown.one_by_one() { place } else { join(data.language, &[described(data, chosen, true), place]) };
    Ask::new().grid(choices).hint(hint)
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
