//! Step 1 in the browser: choosing a branch shows its days, choosing a day its slots, with the free places. The days come from
//! the server function `free_slots`; the rules decide which can be chosen. What opens comes into view and is announced; the
//! list of branches closes to one line.

use bank::appointments::cash::{BrowserContext, CashContext};
use bank::kernel::forms::SHOWN;
use bank::kernel::language::{Language, day_long, month_with_year};
use bank::kernel::money::Fen;
use bank::kernel::month::sheets;
use bank::kernel::time::{Day, day_text, hhmm, parse_day};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::WhenWords;
use crate::appointments::cash::api::free_slots;
use crate::islands::{enclosing_form, on, pairs};
use crate::ui::choice_group::{Choice, ChoiceGroup, Layout};
use crate::ui::month::{DayState, MonthDay, MonthGroup, MonthView, weekdays};

/// Id of the days, to which a browser without script is sent after a branch is chosen.
pub const DAYS: &str = "days";

/// Id of the slots.
pub const SLOTS: &str = "slots";

/// How a choice was made.
#[derive(Clone, Copy, PartialEq)]
enum By {
    /// By the browser, which restores the choices of a page that is opened again: nothing moves.
    Page,
    /// By keyboard: the focus stays where it is.
    Keys,
    /// By mouse or finger.
    Pointer,
}

impl By {
    /// How the choices found at hydration were made: those of a person have the focus, which a browser shows only to the keyboard.
    fn before_hydration(form: &HtmlFormElement) -> Self {
        let focused = document().active_element().filter(|focused| form.contains(Some(focused)));
        match focused.map(|focused| focused.matches(":focus-visible").unwrap_or_default()) {
            None => Self::Page,
            Some(true) => Self::Keys,
            Some(false) => Self::Pointer,
        }
    }
}

/// The fields `day` and `slot`. Placed in the form after the branches.
#[island]
pub fn DayAndSlot(
    /// Data for validation, with the availability of the chosen branch.
    context: BrowserContext,
    /// The amount, if known.
    amount: Option<Fen>,
    branch: String,
    day: String,
    /// The chosen slot. The property cannot be called `slot`, which has another meaning in the view macro.
    time: String,
    /// Error text of the day; may be empty.
    day_error: String,
    /// Error text of the slot; may be empty.
    slot_error: String,
    /// Texts.
    words: WhenWords,
    /// Language of dates.
    language: Language,
    /// The number of the booking that is being moved; empty: a new one.
    moving: String,
) -> impl IntoView {
    let context = RwSignal::new(context);
    let (branch, day, slot) = (RwSignal::new(branch), RwSignal::new(day), RwSignal::new(time));
    let (day_error, slot_error) = (RwSignal::new(day_error), RwSignal::new(slot_error));
    let (words, moving) = (StoredValue::new(words), StoredValue::new(moving));
    let announced = RwSignal::new(String::new());
    // The fields shown for the choices made here; the server knows those it has rendered.
    let shown = RwSignal::new(String::new());
    let by = StoredValue::new(By::Page);
    // Presses so far: what comes after another press moves nothing.
    let presses = StoredValue::new(0_u32);
    let pressed = move |how: By| {
        by.set_value(how);
        presses.update_value(|presses| *presses += 1);
    };
    let choose = move |form: &HtmlFormElement, name: &str, value: String| match name {
        "branch" if branch.get_untracked() != value => {
            branch.set(value.clone());
            shown.set(String::new());
            let (by, pressed) = (by.get_value(), presses.get_value());
            name_branch(form, by == By::Pointer);
            spawn_local(async move {
                // If the call fails the form works without it; a response for a branch that is no longer chosen is dropped.
                let Ok(found) = free_slots(value.clone(), amount, moving.get_value()).await else { return };
                if branch.get_untracked() == value {
                    day_error.set(String::new());
                    slot_error.set(String::new());
                    if !can_be_chosen(found.context(), &day.get_untracked()) {
                        day.set(String::new());
                    }
                    let free = found.context().availability.iter().flat_map(|availability| &availability.days);
                    let free = free.filter(|offer| found.context().may_choose(offer)).count();
                    let slots = if day.with_untracked(String::is_empty) { "" } else { "slot" };
                    shown.set(if free == 0 { String::new() } else { format!("day {slots}") });
                    context.set(found);
                    announced.set(words.with_value(|words| words.free_days(free)));
                    bring_into_view(DAYS, by, move || presses.get_value() == pressed);
                }
            });
        }
        "day" if day.get_untracked() != value => {
            // Only what is free can be chosen, so nothing is wrong with a choice.
            day_error.set(String::new());
            slot_error.set(String::new());
            let free = parse_day(&value).map_or(0, |day| context.with_untracked(|context| free_slots_of(context.context(), day)));
            day.set(value);
            shown.set("day slot".to_owned());
            announced.set(words.with_value(|words| words.slots_free.replace("{n}", &free.to_string())));
            let pressed = presses.get_value();
            bring_into_view(SLOTS, by.get_value(), move || presses.get_value() == pressed);
        }
        "slot" if slot.get_untracked() != value => {
            slot_error.set(String::new());
            slot.set(value);
        }
        _ => {}
    };
    let place = NodeRef::<leptos::html::Div>::new();
    // Reads choices made before hydration or restored by the browser.
    Effect::new(move |_| {
        let Some(form) = place.get().and_then(|place| enclosing_form(&place)) else { return };
        let here = form.clone();
        let read = move || {
            for (name, value) in pairs(&here) {
                choose(&here, &name, value);
            }
        };
        by.set_value(By::before_hydration(&form));
        read();
        on(&form, "pointerdown", move || pressed(By::Pointer));
        on(&form, "keydown", move || pressed(By::Keys));
        // While a button of the mouse is down nothing may move, or the click would miss: it closes the list afterwards.
        let here = form.clone();
        on(&form, "focusin", move || {
            if by.get_value() != By::Pointer {
                close_branches_left(&here);
            }
        });
        let here = form.clone();
        on(&form, "click", move || close_branches_left(&here));
        on(&form, "change", read);
    });
    let days = move || {
        let words = words.get_value();
        // The days change only with the branch: a change on choosing a day would move the focus.
        context.with(|context| {
            let context = context.context();
            let free = context.availability.iter().flat_map(|availability| &availability.days);
            let free = free.filter(|offer| context.may_choose(offer)).count();
            let months = months(context, language, &day.get_untracked(), &words);
            (!months.is_empty()).then(|| {
                view! {
                    <div id=DAYS tabindex="-1">
                        <MonthGroup
                            legend=words.day.clone()
                            name="day"
                            weekdays=weekdays(language)
                            months=months
                            unit=words.unit.clone()
                            figures=words.figures.clone()
                            free=words.free_days(free)
                            hint=words.hint(language, context)
                            error=day_error.get()
                        />
                    </div>
                }
            })
        })
    };
    let slots = move || {
        let words = words.get_value();
        let chosen = day.with(|day| parse_day(day));
        let choices = chosen.map(|day| context.with(|context| slots(context.context(), day, &slot.get_untracked(), &words)));
        let error = slot_error.get();
        choices.filter(|choices| !choices.is_empty()).map(|choices| {
            view! {
                <div id=SLOTS tabindex="-1">
                    <ChoiceGroup legend=words.slot name="slot" layout=Layout::Grid choices=choices error=error />
                </div>
            }
        })
    };
    view! {
        <div class="form" node_ref=place>
            <p class="unseen" role="status">
                {announced}
            </p>
            <input type="hidden" name=SHOWN value=shown />
            {days}
            {slots}
        </div>
    }
}

/// Writes the name of the chosen branch into the line that stands for the list, and closes the list.
fn name_branch(form: &HtmlFormElement, close: bool) {
    let find = |css: &str| form.query_selector(css).ok().flatten();
    let Some(chosen) = find("[name=branch]:checked") else { return };
    let title = chosen.closest(".choice").ok().flatten().and_then(|row| row.query_selector(".choice-title").ok().flatten());
    for (css, words) in [
        (".branch-pick-name", title.and_then(|title| title.text_content())),
        (".branch-pick-address", chosen.get_attribute("data-address")),
    ] {
        if let Some(place) = find(css) {
            place.set_text_content(words.as_deref());
        }
    }
    if let Some(list) = find(".branch-pick") {
        // Cannot fail: the names are valid.
        let _ = list.class_list().add_1("branch-pick-chosen");
        if close {
            let _ = list.remove_attribute("open");
        }
    }
}

/// Closes the list of branches once the focus has left it: with the keyboard every step through the list is a choice.
fn close_branches_left(form: &HtmlFormElement) {
    let list = form.query_selector(".branch-pick-chosen[open]").ok().flatten();
    let focus = document().active_element();
    if let Some(list) = list.filter(|list| !list.contains(focus.as_ref().map(AsRef::as_ref))) {
        let _ = list.remove_attribute("open");
    }
}

/// Brings what a choice has opened into view, if by the next picture it is still `wanted`; after a click it has the focus as well.
fn bring_into_view(id: &'static str, by: By, wanted: impl Fn() -> bool + 'static) {
    if by == By::Page {
        return;
    }
    request_animation_frame(move || {
        if !wanted() {
            return;
        }
        let Some(place) = document().get_element_by_id(id).and_then(|place| place.dyn_into::<HtmlElement>().ok()) else { return };
        if by == By::Pointer {
            // Fails only for an element that cannot have the focus.
            let _ = place.focus();
        }
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        place.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

fn can_be_chosen(context: &CashContext, day: &str) -> bool {
    let offer = parse_day(day).and_then(|day| context.availability.as_ref()?.on(day));
    offer.is_some_and(|offer| context.may_choose(offer))
}

/// The months of the days of the chosen branch; a day that cannot be chosen says why.
fn months(context: &CashContext, language: Language, chosen: &str, words: &WhenWords) -> Vec<MonthView> {
    let Some(availability) = &context.availability else { return Vec::new() };
    let (today, last) = (context.now.day(), availability.days.last().map(|offer| offer.day));
    let first = availability.days.first().map(|offer| offer.day);
    let name = |day: Day, why: &str| format!("{} {why}", day_long(language, day));
    let state = |day: Day| {
        let full = |why: &str| DayState::Full { why: why.to_owned(), name: name(day, why) };
        let Some(offer) = availability.on(day) else {
            let within = Some(day) > first && Some(day) < last;
            let word = if within { Some(&words.day_closed) } else { Some(&words.day_today).filter(|_| day == today) };
            return DayState::Plain(word.cloned());
        };
        if !offer.open {
            full(&words.day_closed)
        } else if context.booked.contains(&day) {
            full(&words.day_taken)
        } else if offer.is_full(context.limits.minimum) {
            full(&words.day_full)
        } else if !context.may_choose(offer) {
            // Every free slot overlaps an appointment of their own.
            full(&words.day_taken)
        } else {
            let places = context.free_slots(offer).map(|slot| slot.places).sum::<i64>();
            let value = day_text(day);
            let name = name(day, &words.places.replace("{n}", &places.to_string()));
            DayState::Free { chosen: value == chosen, value, name, places }
        }
    };
    let cell = |day: Option<Day>| day.map(|day| MonthDay { number: day.day(), state: state(day) });
    let sheets = sheets(today, availability.days.iter().map(|offer| offer.day));
    let month = sheets.into_iter().map(|sheet| MonthView {
        title: month_with_year(language, sheet.first),
        weeks: sheet.weeks.into_iter().map(|week| week.map(cell).into()).collect(),
    });
    month.collect()
}

/// How many slots of a day can be chosen.
fn free_slots_of(context: &CashContext, day: Day) -> usize {
    context
        .availability
        .iter()
        .filter_map(|availability| availability.on(day))
        .flat_map(|offer| context.free_slots(offer))
        .count()
}

/// The slots of a day that can be chosen; a slot that cannot be chosen shows the reason.
fn slots(context: &CashContext, day: Day, chosen: &str, words: &WhenWords) -> Vec<Choice> {
    if !can_be_chosen(context, &day_text(day)) {
        return Vec::new();
    }
    let slots = context.availability.iter().filter_map(|availability| availability.on(day)).flat_map(|offer| &offer.slots);
    let choices = slots.map(|offer| {
        let value = hhmm(offer.slot);
        let is_chosen = value == chosen;
        let choice = Choice::new(value.clone(), value).chosen(is_chosen).data("places", offer.places);
        if offer.places <= 0 {
            choice.closed(words.slot_full.clone())
        } else if context.overlap(day, offer.slot).is_some() {
            choice.closed(words.slot_overlap.clone())
        } else {
            choice.detail(words.places.replace("{n}", &offer.places.to_string()))
        }
    });
    choices.collect()
}
