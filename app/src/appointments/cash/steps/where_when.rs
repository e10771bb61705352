//! Step 1: the branch, then its days, then their slots. A field is shown once the choice before it is made; with script the
//! island shows it at once.

use bank::appointments::cash::Timing;
use bank::branches::Branch;
use bank::kernel::language::{day_long, day_short};
use leptos::prelude::*;

use crate::appointments::cash::form_data::CashFormData;
use crate::appointments::cash::islands::{DayAndSlot, WhenWords};
use crate::form::{Ask, Asks, Own};
use crate::ui::choice_group::{Choice, ChoiceGroup};
use crate::{counted, t};

/// The choice of branches.
pub fn ask(data: &CashFormData) -> Ask {
    Ask::new().choices(data.reference.branches.iter().map(|branch| choice(data, branch)).collect())
}

/// The branches: once one is chosen, its line with *change*; the list is behind it, and stays part of the form.
pub fn branches(data: &CashFormData) -> Own {
    let locale = data.locale;
    let chosen = data.parsed.branch.as_deref().and_then(|id| data.reference.branch(id));
    let error = data.error("branch");
    let is_open = chosen.is_none() || error.is_some();
    let (name, address) = chosen.map_or_else(Default::default, |branch| {
        (branch.name(data.language).to_owned(), branch.address(data.language).to_owned())
    });
    let choices =
        data.reference.branches.iter().map(|branch| choice(data, branch).data("address", branch.address(data.language)));
    let legend = data.label("branch").unwrap_or_default();
    let view = view! {
        <details class="branch-pick" class:branch-pick-chosen=chosen.is_some() open=is_open>
            <summary>
                <span class="branch-pick-label">{legend.clone()}</span>
                <b class="branch-pick-name">{name}</b>
                <span class="branch-pick-address">{address}</span>
                <span class="branch-pick-change">{t!(locale, cash.change_branch)}</span>
            </summary>
            <ChoiceGroup legend=legend name="branch" choices=choices.collect() error=error />
        </details>
    };
    Own { holds: vec!["branch"], view: view.into_any() }
}

/// Until when one can book.
pub fn hint_until(data: &CashFormData) -> String {
    data.context.availability.as_ref().map_or_else(String::new, |availability| words(data).until(data.language, availability))
}

/// Texts of the island, with placeholders.
fn words(data: &CashFormData) -> WhenWords {
    let locale = data.locale;
    WhenWords {
        day: t!(locale, cash.day),
        hint_before: t!(locale, cash.hint_before, cutoff = "{cutoff}", earliest = "{earliest}", now = "{now}"),
        hint_after: t!(locale, cash.hint_after, cutoff = "{cutoff}", earliest = "{earliest}", now = "{now}"),
        hint_closed: t!(locale, cash.hint_closed, earliest = "{earliest}"),
        hint_until: t!(locale, cash.hint_until, latest = "{latest}"),
        day_full: t!(locale, cash.day_full),
        day_closed: t!(locale, cash.day_closed),
        day_taken: t!(locale, cash.day_taken),
        day_today: t!(locale, cash.day_today),
        days_free: t!(locale, cash.days_free, n = "{n}"),
        days_none: t!(locale, cash.days_none),
        figures: t!(locale, cash.figures),
        unit: t!(locale, cash.unit),
        slots_free: t!(locale, cash.slots_free, n = "{n}"),
        slot: t!(locale, cash.slot),
        places: t!(locale, cash.places, n = "{n}"),
        slot_full: t!(locale, cash.slot_full),
        slot_overlap: t!(locale, cash.slot_overlap),
    }
}

/// Day and slot; the island shows each as soon as the previous choice is made.
pub fn days_and_slots(data: &CashFormData) -> Own {
    let view = view! {
        <DayAndSlot
            context=data.context.clone().for_browser(data.parsed.amount)
            amount=data.parsed.amount
            branch=data.typed("branch")
            day=data.typed("day")
            time=data.typed("slot")
            day_error=data.error("day").unwrap_or_default()
            slot_error=data.error("slot").unwrap_or_default()
            words=words(data)
            language=data.language
            moving=data.moving_number()
        />
    };
    Own { holds: vec!["day", "slot"], view: view.into_any() }
}

fn choice(data: &CashFormData, branch: &Branch) -> Choice {
    let locale = data.locale;
    let choice = Choice::new(branch.id.clone(), branch.name(data.language)).chosen(data.typed("branch") == branch.id);
    let choice = if data.usual_branch.as_ref() == Some(&branch.id) { choice.note(t!(locale, cash.usual)) } else { choice };
    let parameters = data.reference.parameters(&branch.id, data.now.day());
    let timing = Timing { parameters: &parameters, ..data.timing(branch) };
    let last = timing.window(data.now).last().copied();
    if let Some(until) = branch.cash_closed_until.filter(|until| last.is_some_and(|last| last < *until)) {
        return choice.closed(t!(locale, cash.vault, day = day_short(data.language, until)));
    }
    let address = branch.address(data.language).to_owned();
    match data.free.iter().find(|free| free.branch == branch.id) {
        Some(free) => {
            let day = day_long(data.language, free.day);
            choice.detail(counted!(
                locale,
                free.places,
                [cash.branch_free_one],
                [cash.branch_free],
                day = day,
                n = free.places,
                address = address
            ))
        }
        None => choice.detail(t!(locale, cash.branch_full, address = address)),
    }
}
