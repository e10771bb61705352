//! Step 3: a summary of all values with links to change them, and the button that applies.

use bank::appointments::reception::{ReceptionParameters, Step, Timing};
use bank::kernel::language::{day_long, moment, time_span};
use bank::kernel::people::Phone;
use bank::kernel::time::At;
use leptos::prelude::*;

use crate::appointments::reception::kind_words::topic_words;
use crate::appointments::reception::sheet::Sheet;
use crate::appointments::step_page::StepPage;
use crate::form::Rendered;
use crate::t;
use crate::typed::said;
use crate::ui::button::Button;
use crate::ui::summary_list::{SummaryList, SummaryRow};

/// The step. It is reached only if no step is open, so all values exist; a missing one is left out.
pub fn page(sheet: &Sheet) -> StepPage {
    let locale = sheet.locale;
    let before = view! {
        {intro(sheet).map(|words| view! { <p>{words}</p> })}
        <SummaryList rows=rows(sheet) />
    };
    StepPage {
        title: t!(locale, reception.check_title),
        before: Some(before.into_any()),
        fields: Rendered::nothing(),
        after: view! { <Button text=t!(locale, reception.book) name="do" value="book" /> }.into_any(),
    }
}

fn intro(sheet: &Sheet) -> Option<String> {
    let chosen = sheet.chosen()?;
    let start = At::of(sheet.reading.day?, sheet.reading.slot?);
    let parameters: ReceptionParameters = sheet.reference.parameters(&chosen.reception.branch_id, sheet.now.day());
    let hours = &sheet.branch(chosen)?.hours;
    let timing = Timing { calendar: &sheet.reference.calendar, hours, parameters: &parameters };
    let (due, until) = (timing.answer_due(sheet.now, start), timing.cancel_until(sheet.now, start));
    let minutes = parameters.reception_cancel_answered_minutes;
    let say = |at: At| moment(sheet.language, at, sheet.now);
    Some(t!(sheet.locale, reception.check_intro, due = say(due), until = say(until), minutes = minutes))
}

fn rows(sheet: &Sheet) -> Vec<SummaryRow> {
    let (l, language, reading) = (sheet.locale, sheet.language, &sheet.reading);
    let mut rows = Vec::new();
    let mut row = |step: Step, term: String, value: Option<String>| {
        if let Some(value) = value {
            rows.push(SummaryRow::new(term, value).change(sheet.shown.step(step.name()), t!(l, form.change)));
        }
    };
    let chosen = sheet.chosen();
    let branch = chosen.and_then(|chosen| sheet.branch(chosen)).map(|branch| {
        let (name, address) = (branch.name(language).to_owned(), branch.address(language).to_owned());
        t!(l, appointments.branch_address, branch = name, address = address)
    });
    let time = chosen.zip(reading.day.zip(reading.slot)).map(|(chosen, (day, slot))| {
        let end = chosen.slot_end(slot).time();
        format!("{} {}", day_long(language, day), time_span(slot, end))
    });
    row(Step::When, t!(l, reception.row_time), time);
    row(Step::When, t!(l, reception.row_branch), branch);
    row(Step::When, t!(l, reception.row_place), chosen.map(|chosen| chosen.reception.place(language).to_owned()));
    row(Step::When, t!(l, reception.row_host), chosen.map(|chosen| chosen.reception.host(language)));
    row(Step::Matter, t!(l, reception.topic), reading.topic.map(|topic| topic_words(l, topic)));
    row(Step::Matter, t!(l, reception.summary), reading.summary.as_deref().map(said));
    row(Step::Matter, t!(l, reception.hope), reading.hope.as_deref().map(said));
    row(Step::Matter, t!(l, reception.attendees), reading.attendees.map(|people| t!(l, reception.people, n = people)));
    row(Step::Matter, t!(l, reception.phone), reading.phone.as_ref().map(Phone::masked));
    rows
}
