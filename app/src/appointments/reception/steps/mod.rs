//! The three steps of the reception form, one file each: pure views. The page around them is `pages.rs`.

mod check;
mod side;
mod subject;
mod when;

use bank::appointments::reception::{FORM, Step};
use bank::kernel::forms::{Field, Refusal};
use leptos::prelude::*;

use super::form_data::ReceptionFormData;
use super::words::refusal_title;
use crate::appointments::step_page::StepPage;
use crate::form::{Ask, Asks, Own};
use crate::t;
use crate::ui::button::{Button, hidden};
use crate::words::Locale;

/// The heading of a step.
pub fn title(l: Locale, step: Step) -> String {
    match step {
        Step::When => t!(l, reception.when_title),
        Step::Subject => t!(l, reception.matter_title),
        Step::Check => t!(l, reception.check_title),
    }
}

pub fn page(step: Step, data: &ReceptionFormData) -> StepPage {
    let l = data.locale;
    let before = match step {
        Step::When => Some(view! { <p>{t!(l, reception.when_intro)}</p> }.into_any()),
        Step::Subject => None,
        Step::Check => return check::page(data),
    };
    let mut fields = data.shown.fields(FORM.step(step.name()).iter().flat_map(|step| &step.fields), data);
    // The place where a script puts the times of the day.
    if step == Step::When && !data.shown.one_by_one() && !when::has_times(data) {
        fields.view = view! { {fields.view} {when::times(data, Vec::new())} }.into_any();
    }
    let named = data.shown.one_by_one().then(|| hidden(when::named(data, step).into_iter().collect()));
    let after = view! {
        {named}
        <Button text=t!(l, reception.next) />
    };
    StepPage { title: title(l, step), before, fields, after: after.into_any(), side: Some(side::contents(data, step)) }
}

impl Asks for ReceptionFormData {
    fn label(&self, name: &str) -> Option<String> {
        let l = self.locale;
        Some(match name {
            "day" => t!(l, reception.day),
            "reception" => t!(l, reception.reception),
            "slot" => t!(l, reception.slot),
            "topic" => t!(l, reception.topic),
            "summary" => t!(l, reception.summary),
            "hope" => t!(l, reception.hope),
            "attendees" => t!(l, reception.attendees),
            "phone" => t!(l, reception.phone),
            _ => return None,
        })
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        match Step::of(&field.name) {
            Step::When => when::ask(self, &field.name),
            Step::Subject => Some(subject::ask(self, &field.name)),
            Step::Check => None,
        }
    }

    fn typed(&self, name: &str) -> String {
        self.values.typed(name).to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        let refusals = self.refusals(Step::of(name));
        refusals.iter().find(|refusal| refusal.field() == name).map(|refusal| refusal_title(&self.refusal_context(), refusal))
    }

    fn is_answered(&self, name: &str) -> bool {
        match name {
            "reception" => self.chosen().is_some(),
            _ => self.values.filled(name).is_some(),
        }
    }

    fn own(&self, name: &str) -> Option<Own> {
        (name == "day" && !self.shown.one_by_one()).then(|| when::month(self))
    }

    fn frame(&self, _frame: &str, fields: Vec<AnyView>) -> AnyView {
        when::times(self, fields)
    }
}
