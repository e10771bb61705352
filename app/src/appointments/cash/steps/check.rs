//! Step 4: a summary of all values with links to change them, and the button that books.

use bank::appointments::cash::{Collector, Step};
use bank::kernel::language::{amount, day_long, moment, time_span};
use bank::kernel::people::mask_id;
use bank::kernel::time::At;
use leptos::prelude::*;

use crate::appointments::cash::sheet::Sheet;
use crate::appointments::cash::words::{booked_notes_words, document_words, purpose_said};
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
        title: t!(locale, cash.check_title),
        before: Some(before.into_any()),
        fields: Rendered::nothing(),
        after: view! { <Button text=t!(locale, cash.book) name="do" value="book" /> }.into_any(),
    }
}

fn intro(sheet: &Sheet) -> Option<String> {
    let (branch, start) = (sheet.branch()?, At::of(sheet.reading.day?, sheet.reading.slot?));
    let timing = sheet.timing(branch);
    let due = moment(sheet.language, timing.answer_due(sheet.now), sheet.now);
    let until = moment(sheet.language, timing.cancel_until(sheet.now, start), sheet.now);
    let minutes = sheet.parameters.cash_cancel_answered_minutes;
    Some(t!(sheet.locale, cash.check_intro, due = due, until = until, minutes = minutes))
}

fn rows(sheet: &Sheet) -> Vec<SummaryRow> {
    let (l, reading) = (sheet.locale, &sheet.reading);
    let mut rows = Vec::new();
    let mut row = |step: Step, term: String, value: Option<String>| {
        if let Some(value) = value {
            rows.push(SummaryRow::new(term, value).change(sheet.shown.step(step.name()), t!(l, form.change)));
        }
    };
    let branch = sheet.branch().map(|branch| {
        let (name, address) = (branch.name(sheet.language).to_owned(), branch.address(sheet.language).to_owned());
        t!(l, appointments.branch_address, branch = name, address = address)
    });
    let time = reading.day.zip(reading.slot).and_then(|(day, slot)| {
        let end = sheet.context.slot_end(day, slot)?.time();
        Some(format!("{} {}", day_long(sheet.language, day), time_span(slot, end)))
    });
    let account = reading.account.as_ref().and_then(|id| sheet.accounts.iter().find(|(known, _)| known == id));
    let notes = reading.notes.map(|notes| booked_notes_words(l, &notes, reading.any_notes, reading.new_notes));
    let purpose = reading.purpose.as_ref().map(|purpose| purpose_said(l, &purpose.term, purpose.other.as_deref()));
    let collector = reading.collector.as_ref().map(|collector| match collector {
        Collector::Myself if sheet.context.corporate => t!(l, cash.collector_operator),
        Collector::Myself => t!(l, cash.collector_self),
        Collector::Agent { name, id_type, id } => {
            t!(l, cash.row_agent, name = said(name), document = document_words(l, *id_type), id = mask_id(id))
        }
    });
    row(Step::Where, t!(l, cash.branch), branch);
    row(Step::Where, t!(l, cash.row_time), time);
    row(Step::HowMuch, t!(l, cash.row_account), account.map(|(_, words)| words.clone()));
    row(Step::HowMuch, t!(l, cash.amount), reading.amount.map(|fen| amount(sheet.language, fen)));
    row(Step::HowMuch, t!(l, cash.notes), notes);
    row(Step::Who, t!(l, cash.purpose), purpose);
    row(Step::Who, t!(l, cash.collector), collector);
    row(Step::Who, t!(l, cash.row_phone), reading.phone.as_ref().map(bank::kernel::people::Phone::masked));
    row(Step::Who, t!(l, cash.remark), Some(said(&reading.remark)).filter(|remark| !remark.is_empty()));
    rows
}
