//! The four steps of the form, one file each: pure views of the form data. `pages.rs` renders the page around them.

mod check;
pub mod how_much;
mod one;
mod side;
mod where_when;
mod who;

use bank::appointments::cash::{FORM, Step};
use bank::kernel::forms::{Field, Refusal};
use leptos::prelude::*;

use super::form_data::CashFormData;
use super::words::refusal_title;
use crate::appointments::step_page::StepPage;
use crate::form::{Ask, Asks, OpenForm, Own};
use crate::page::PAGE_FORM;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::Button;
use crate::ui::parts::Tone;
use crate::words::Locale;

/// The heading of a step.
pub fn title(l: Locale, step: Step) -> String {
    match step {
        Step::Where => t!(l, cash.where_title),
        Step::HowMuch => t!(l, cash.much_title),
        Step::Who => t!(l, cash.who_title),
        Step::Check => t!(l, cash.check_title),
    }
}

pub fn page(step: Step, data: &CashFormData) -> StepPage {
    let l = data.locale;
    let island = match step {
        Step::HowMuch => (!data.shown.one_by_one()).then(|| how_much::island(data)),
        Step::Where | Step::Who => None,
        Step::Check => return check::page(data),
    };
    let fields = data.shown.fields(FORM.step(step.name()).iter().flat_map(|step| &step.fields), data);
    let after = view! {
        {island}
        <Button text=t!(l, cash.next) />
    };
    let before = match step {
        Step::Where => data.booked_now().map(|words| view! { <p>{words}</p> }.into_any()),
        Step::Who => above_balance(data),
        Step::HowMuch | Step::Check => None,
    };
    StepPage { title: title(l, step), before, fields, after: after.into_any(), side: Some(side::contents(data, step)) }
}

/// The caution that the amount is above the balance, with the way to change it.
fn above_balance(data: &CashFormData) -> Option<AnyView> {
    let words = data.above_balance()?;
    let mend = OpenForm::to_field(Step::HowMuch.name(), "amount", t!(data.locale, cash.change_amount));
    let text = t!(data.locale, cash.above_balance_text);
    Some(
        view! {
            <Banner tone=Tone::Wait title=words text=text>
                <p>{mend.view(Some(PAGE_FORM.to_owned()), "as-link", None)}</p>
            </Banner>
        }
        .into_any(),
    )
}

impl Asks for CashFormData {
    fn label(&self, name: &str) -> Option<String> {
        let l = self.locale;
        Some(match name {
            "branch" => t!(l, cash.branch),
            "day" => t!(l, cash.day),
            "slot" => t!(l, cash.slot),
            "account" => t!(l, cash.account),
            "amount" => t!(l, cash.amount),
            "any_notes" => t!(l, cash.notes),
            "new_notes" => t!(l, cash.new_notes),
            "purpose" => t!(l, cash.purpose),
            "purpose_other" => t!(l, cash.purpose_other),
            "collector" => t!(l, cash.collector),
            "agent_name" => t!(l, cash.agent_name),
            "agent_id_type" => t!(l, cash.agent_id_type),
            "agent_id" => t!(l, cash.agent_id),
            "phone" => t!(l, cash.phone),
            "remark" => t!(l, cash.remark),
            notes if notes.starts_with("notes_") => t!(l, cash.notes),
            _ => return None,
        })
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        match Step::of(&field.name) {
            Step::Where if field.name == "day" => one::days(self),
            Step::Where if field.name == "slot" => one::slots(self),
            Step::Where => Some(where_when::ask(self)),
            Step::HowMuch => Some(how_much::ask(self, &field.name)),
            Step::Who => who::ask(self, &field.name),
            Step::Check => None,
        }
    }

    fn typed(&self, name: &str) -> String {
        self.values.typed(name).to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        let context = self.refusal_context();
        let refusals = self.refusals(Step::of(name));
        refusals.iter().find(|refusal| refusal.field() == name).map(|refusal| refusal_title(&context, refusal))
    }

    fn is_answered(&self, name: &str) -> bool {
        match name {
            "branch" => self.context.availability.is_some(),
            "day" => self.parsed.day.is_some(),
            _ => self.values.filled(name).is_some(),
        }
    }

    fn applies(&self, name: &str) -> bool {
        match name {
            // Whether the branch chooses is asked first.
            notes if notes.starts_with("notes_") => !self.parsed.any_notes && self.shown.state.offered.contains("any_notes"),
            "agent_name" | "agent_id_type" | "agent_id" => self.values.typed("collector") == "agent",
            _ => true,
        }
    }

    fn own(&self, name: &str) -> Option<Own> {
        match name {
            "branch" if !self.shown.one_by_one() => Some(where_when::branches(self)),
            "day" | "slot" if !self.shown.one_by_one() => Some(where_when::days_and_slots(self)),
            "amount" => Some(how_much::amount_part(self)),
            notes if notes.starts_with("notes_") => Some(how_much::notes(self)),
            _ => None,
        }
    }
}
