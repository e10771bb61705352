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
    // What was chosen stays in sight beside its refusal.
    let days = days.filter(|available| data.context.may_choose(available) || typed == Some(available.day));
    let choices = days.map(|available| {
        let choice = Choice::new(day_text(available.day), day_long(data.language, available.day));
        choice.chosen(typed == Some(available.day))
    });
    let choices: Vec<Choice> = choices.collect();
    let said = if choices.is_empty() { t!(data.locale, cash.one_day_none) } else { t!(data.locale, cash.one_day_hint) };
    let hint = join(data.language, &[said, super::where_when::hint_until(data)]);
    Some(Ask::new().choices(choices).hint(hint))
}

/// The times of the chosen day that are free, one row each.
pub fn slots(data: &CashFormData) -> Option<Ask> {
    let locale = data.locale;
    let typed = data.typed("slot");
    let available = data.context.availability.as_ref()?.on(data.parsed.day?)?;
    let may_choose = |slot| data.context.free_slots(available).any(|free| free.slot == slot);
    let free = available.slots.iter().filter(|slot| may_choose(slot.slot) || hhmm(slot.slot) == typed.trim());
    let choices = free.map(|slot| {
        let time = hhmm(slot.slot);
        let choice = Choice::new(time.clone(), time.clone()).chosen(typed.trim() == time);
        choice.detail(t!(locale, cash.places, n = slot.places))
    });
    Some(Ask::new().choices(choices.collect()))
}
