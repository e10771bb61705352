//! Step 1: the branch, then its days, then their slots. A field is shown once the choice before it is made; with script the
//! island shows it at once.

use bank::appointments::cash::Timing;
use bank::branches::Branch;
use bank::kernel::language::day_short;
use bank::kernel::time::hhmm;
use leptos::prelude::*;

use crate::appointments::cash::islands::{DayAndSlot, WhenWords};
use crate::appointments::cash::sheet::Sheet;
use crate::form::{Ask, Asks, Own};
use crate::t;
use crate::ui::choice_group::Choice;

/// The choice of branches.
pub fn ask(sheet: &Sheet) -> Ask {
    Ask::new().choices(sheet.reference.branches.iter().map(|branch| choice(sheet, branch)).collect())
}

/// Day and slot; the island shows each as soon as the previous choice is made.
pub fn days_and_slots(sheet: &Sheet) -> Own {
    let locale = sheet.locale;
    let words = WhenWords {
        day: t!(locale, cash.day),
        hint_before: t!(locale, cash.hint_before, cutoff = "{cutoff}", earliest = "{earliest}", now = "{now}"),
        hint_after: t!(locale, cash.hint_after, cutoff = "{cutoff}", earliest = "{earliest}", now = "{now}"),
        hint_closed: t!(locale, cash.hint_closed, earliest = "{earliest}"),
        day_full: t!(locale, cash.day_full),
        day_closed: t!(locale, cash.day_closed),
        day_taken: t!(locale, cash.day_taken),
        slot: t!(locale, cash.slot),
        places: t!(locale, cash.places, n = "{n}"),
        slot_full: t!(locale, cash.slot_full),
        slot_overlap: t!(locale, cash.slot_overlap),
    };
    let view = view! {
        <DayAndSlot
            context=sheet.context.clone().glance(sheet.reading.amount)
            amount=sheet.reading.amount
            branch=sheet.typed("branch")
            day=sheet.typed("day")
            time=sheet.typed("slot")
            day_error=sheet.error("day").unwrap_or_default()
            slot_error=sheet.error("slot").unwrap_or_default()
            words=words
            language=sheet.language
        />
    };
    Own { holds: vec!["day", "slot"], view: view.into_any() }
}

fn choice(sheet: &Sheet, branch: &Branch) -> Choice {
    let locale = sheet.locale;
    let choice = Choice::new(branch.id.clone(), branch.name(sheet.language)).chosen(sheet.typed("branch") == branch.id);
    let choice = if sheet.usual_branch.as_ref() == Some(&branch.id) { choice.note(t!(locale, cash.usual)) } else { choice };
    let parameters = sheet.reference.parameters(&branch.id, sheet.now.day());
    let timing = Timing { parameters: &parameters, ..sheet.timing(branch) };
    let last = timing.window(sheet.now).last().copied();
    if let Some(until) = branch.cash_closed_until.filter(|until| last.is_some_and(|last| last < *until)) {
        return choice.closed(t!(locale, cash.vault, day = day_short(sheet.language, until)));
    }
    let address = branch.address(sheet.language).to_owned();
    let spans = branch.hours.opening(&sheet.reference.calendar, sheet.now.day());
    let closing = spans.iter().map(|span| span.closes).max();
    match closing.filter(|closing| *closing > sheet.now.time()) {
        Some(closing) => choice.detail(t!(locale, cash.open_until, address = address, time = hhmm(closing))),
        None => choice.detail(address),
    }
}
