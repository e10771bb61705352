//! Day and time as questions of their own, without a grid and without an island (elder mode, docs/domain.md §12).

use bank::kernel::language::day_long;
use bank::kernel::time::{day_text, hhmm, parse_day};

use crate::appointments::cash::form_data::CashFormData;
use crate::cases::join;
use crate::form::{Ask, Asks};
use crate::t;
use crate::ui::choice_group::Choice;

/// The days that can be chosen, one row each.
pub fn days(data: &CashFormData) -> Option<Ask> {
    let typed = parse_day(data.typed("day").trim());
    let days = data.context.availability.as_ref()?.days.iter();
    let choices = days.filter(|available| available.open || typed == Some(available.day)).map(|available| {
        let choice = Choice::new(day_text(available.day), day_long(data.language, available.day));
        choice.chosen(typed == Some(available.day))
    });
    let hint = join(data.language, &[t!(data.locale, cash.one_day_hint), super::where_when::hint_until(data)]);
    Some(Ask::new().choices(choices.collect()).hint(hint))
}

/// The times of the chosen day that are free, one row each.
pub fn slots(data: &CashFormData) -> Option<Ask> {
    let locale = data.locale;
    let typed = data.typed("slot");
    let available = data.context.availability.as_ref()?.on(data.parsed.day?)?;
    let free = available.slots.iter().filter(|slot| slot.places > 0 || hhmm(slot.slot) == typed.trim());
    let choices = free.map(|slot| {
        let time = hhmm(slot.slot);
        let choice = Choice::new(time.clone(), time.clone()).chosen(typed.trim() == time);
        choice.detail(t!(locale, cash.places, n = slot.places))
    });
    Some(Ask::new().choices(choices.collect()))
}
