//! Step 4: a summary of all values with buttons to change them, and the button that books.

use bank::appointments::cash::{Collector, Step};
use bank::kernel::language::{day_long, moment, time_span};
use bank::kernel::people::mask_id;
use leptos::prelude::*;

use crate::appointments::cash::form_data::CashFormData;
use crate::appointments::cash::words::{amount_in_full, booked_notes_words, document_words, purpose_said};
use crate::appointments::step_page::{StepPage, deadlines};
use crate::form::{OpenForm, Rendered};
use crate::page::PAGE_FORM;
use crate::t;
use crate::typed::display_text;
use crate::ui::button::Button;
use crate::ui::summary_list::{SummaryList, SummaryRow};

/// The step. It is reached only if no step is open, so all values exist; a missing one is left out.
pub fn page(data: &CashFormData) -> StepPage {
    let locale = data.locale;
    let last = if data.moving.is_some() { t!(locale, cash.moving.submit) } else { t!(locale, cash.book) };
    let before = view! {
        {data.booked_now().map(|words| view! { <p>{words}</p> })}
        {super::above_balance(data)}
        {intro(data).map(|words| view! { <p>{words}</p> })}
        <SummaryList rows=rows(data) form=PAGE_FORM />
    };
    StepPage {
        title: super::title(locale, Step::Check),
        before: Some(before.into_any()),
        fields: Rendered::nothing(),
        after: view! { <Button text=last name="do" value=data.last_button() /> }.into_any(),
        side: None,
    }
}

fn intro(data: &CashFormData) -> Option<String> {
    let (branch, day, slot) = (data.branch()?, data.parsed.day?, data.parsed.slot?);
    let (due, until) = (data.answer_due(branch, day, slot), data.cancel_until(branch, day, slot));
    if data.held {
        // The clock of the branch starts when the approver has agreed, so no time of its answer can be said.
        let (l, until) = (data.locale, moment(data.language, until, data.now));
        let is_new = data.moving.is_none();
        return Some(if is_new { t!(l, cash.check_held, until = until) } else { t!(l, cash.moving.held, until = until) });
    }
    let minutes = data.parameters.cash_cancel_answered_minutes;
    Some(deadlines(data.language, data.now, due, until, minutes))
}

fn rows(data: &CashFormData) -> Vec<SummaryRow> {
    let (l, parsed) = (data.locale, &data.parsed);
    let mut rows = Vec::new();
    let mut row = |field: &str, term: String, value: Option<String>| {
        if let Some(value) = value {
            let change = OpenForm::to_field(Step::of(field).name(), field, t!(l, form.change));
            rows.push(SummaryRow::new(term, value).change(change));
        }
    };
    let branch = data.branch().map(|branch| {
        let (name, address) = (branch.name(data.language).to_owned(), branch.address(data.language).to_owned());
        t!(l, appointments.branch_address, branch = name, address = address)
    });
    let time = parsed.day.zip(parsed.slot).and_then(|(day, slot)| {
        let end = data.context.slot_end(day, slot)?.time();
        Some(format!("{} {}", day_long(data.language, day), time_span(slot, end)))
    });
    let account = parsed.account.as_ref().and_then(|id| data.accounts.iter().find(|(known, _)| known == id));
    let notes = parsed.notes.map(|notes| booked_notes_words(l, &notes, parsed.any_notes, parsed.new_notes));
    let purpose = parsed.purpose.as_ref().map(|purpose| purpose_said(l, &purpose.term, purpose.other.as_deref()));
    let collector = parsed.collector.as_ref().map(|collector| match collector {
        Collector::Myself if data.context.corporate => t!(l, cash.collector_operator),
        Collector::Myself => t!(l, cash.collector_self),
        Collector::Agent { name, id_type, id } => {
            t!(l, cash.row_agent, name = display_text(name), document = document_words(l, *id_type), id = mask_id(id))
        }
    });
    row("branch", t!(l, cash.branch), branch);
    row("day", t!(l, cash.row_time), time);
    row("amount", t!(l, cash.amount), parsed.amount.map(|fen| amount_in_full(data.language, fen)));
    row("account", t!(l, cash.row_account), account.map(|(_, words)| words.clone()));
    row("any_notes", t!(l, cash.notes), notes);
    row("purpose", t!(l, cash.purpose), purpose);
    row("collector", t!(l, cash.collector), collector);
    row("phone", t!(l, cash.row_phone), parsed.phone.as_ref().map(bank::kernel::people::Phone::masked));
    row("remark", t!(l, cash.remark), Some(display_text(&parsed.remark)).filter(|remark| !remark.is_empty()));
    rows
}
