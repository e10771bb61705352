//! Step 3: a summary of all values with buttons to change them, and the button that applies.

use bank::appointments::reception::{ReceptionParameters, Step, Timing};
use bank::kernel::language::{day_long, time_span};
use bank::kernel::people::Phone;
use bank::kernel::time::At;
use leptos::prelude::*;

use crate::appointments::reception::form_data::ReceptionFormData;
use crate::appointments::reception::kind_words::topic_words;
use crate::appointments::step_page::{StepPage, deadlines};
use crate::form::{OpenForm, Rendered};
use crate::page::PAGE_FORM;
use crate::t;
use crate::typed::display_text;
use crate::ui::button::Button;
use crate::ui::summary_list::{SummaryList, SummaryRow};

/// The step. It is reached only if no step is open, so all values exist; a missing one is left out.
pub fn page(data: &ReceptionFormData) -> StepPage {
    let locale = data.locale;
    let before = view! {
        {intro(data).map(|words| view! { <p>{words}</p> })}
        <SummaryList rows=rows(data) form=PAGE_FORM />
    };
    StepPage {
        title: super::title(locale, Step::Check),
        before: Some(before.into_any()),
        fields: Rendered::nothing(),
        after: view! { <Button text=t!(locale, reception.book) name="do" value="book" /> }.into_any(),
        side: None,
    }
}

fn intro(data: &ReceptionFormData) -> Option<String> {
    let chosen = data.chosen()?;
    let start = At::of(data.parsed.day?, data.parsed.slot?);
    let parameters: ReceptionParameters = data.reference.parameters(&chosen.reception.branch_id, data.now.day());
    let hours = &data.branch(chosen)?.hours;
    let timing = Timing { calendar: &data.reference.calendar, hours, parameters: &parameters };
    let (due, until) = (timing.answer_due(data.now, start), timing.cancel_until(data.now, start));
    let minutes = parameters.reception_cancel_answered_minutes;
    Some(deadlines(data.language, data.now, due, until, minutes))
}

fn rows(data: &ReceptionFormData) -> Vec<SummaryRow> {
    let (l, language, parsed) = (data.locale, data.language, &data.parsed);
    let mut rows = Vec::new();
    let mut row = |field: &str, term: String, value: Option<String>| {
        if let Some(value) = value {
            let change = OpenForm::to_field(Step::of(field).name(), field, t!(l, form.change));
            rows.push(SummaryRow::new(term, value).change(change));
        }
    };
    let chosen = data.chosen();
    let branch = chosen.and_then(|chosen| data.branch(chosen)).map(|branch| {
        let (name, address) = (branch.name(language).to_owned(), branch.address(language).to_owned());
        t!(l, appointments.branch_address, branch = name, address = address)
    });
    let time = chosen.zip(parsed.day.zip(parsed.slot)).map(|(chosen, (day, slot))| {
        let end = chosen.slot_end(slot).time();
        format!("{} {}", day_long(language, day), time_span(slot, end))
    });
    row("day", t!(l, reception.row_time), time);
    row("day", t!(l, reception.row_branch), branch);
    row("day", t!(l, reception.row_place), chosen.map(|chosen| chosen.reception.place(language).to_owned()));
    row("day", t!(l, reception.row_host), chosen.map(|chosen| chosen.reception.host(language)));
    row("topic", t!(l, reception.topic), parsed.topic.map(|topic| topic_words(l, topic)));
    row("summary", t!(l, reception.summary), parsed.summary.as_deref().map(display_text));
    row("hope", t!(l, reception.hope), parsed.hope.as_deref().map(display_text));
    row("attendees", t!(l, reception.attendees), parsed.attendees.map(|people| t!(l, reception.people, n = people)));
    row("phone", t!(l, reception.phone), parsed.phone.as_ref().map(Phone::masked));
    rows
}
