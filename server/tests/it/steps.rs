//! The rendered steps of the appointment forms: rendering a whole step and its single fields gives the same inputs, and `offered`
//! names exactly the rendered fields.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::appointments::{cash, reception};
use app::form::{Asks, FormQuery, OpenForm, alone, whole};
use app::visit::{Context, Visit};
use bank::appointments::reception::Audience;
use bank::branches::BankDetails;
use bank::kernel::forms::{Form, FormRow, find_form, made_for};
use bank::kernel::ids::Key;
use bank::kernel::language::Language;
use bank::sessions::{Appearance, Caller, Customer};
use leptos::prelude::{Owner, RenderHtml};
use scraper::{Html, Selector};

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::cash::NEW as CASH;
use crate::support::kinds::as_customer;
use crate::support::reception::{NEW as RECEPTION, announce};
use crate::support::seed::{BRANCH, OTHER_BRANCH};

/// Names of the inputs in an HTML fragment.
fn names(html: &str) -> BTreeSet<String> {
    let page = Html::parse_fragment(html);
    let inputs = Selector::parse("input[name]:not([type=hidden]), select[name], textarea[name]").expect("a selector");
    page.select(&inputs).filter_map(|input| input.attr("name")).map(str::to_owned).collect()
}

/// Compares a step rendered as a whole with its fields rendered one by one.
fn compare(form: &Form, step: &str, asks: &dyn Asks) -> BTreeSet<String> {
    let fields = &form.step(step).expect("a step").fields;
    let (html, offered, single) = Owner::new().with(|| {
        let rendered = whole(fields, asks);
        let single: String = fields.iter().filter_map(|field| alone(field, asks)).map(RenderHtml::to_html).collect();
        (rendered.view.to_html(), rendered.offered, single)
    });
    let offered: BTreeSet<String> = offered.into_iter().collect();
    assert_eq!(names(&html), offered, "{step}: what is shown is what is offered");
    assert_eq!(names(&single), offered, "{step}: field by field");
    offered
}

async fn shown(bank: &TestBank, customer: &Customer, form: &'static Form, key: &str) -> OpenForm {
    let key = Key::parse(key).expect("a key");
    let state = find_form(&bank.bank, FormRow { owner: customer.user_id(), form, key: &key }).await.expect("no failure");
    OpenForm {
        form: form.clone(),
        path: String::new(),
        made_for: made_for(customer.user_id()),
        state: state.unwrap_or_else(|| form.blank()),
        key,
        stale: false,
        unsent: false,
        turn: None,
        also: Vec::new(),
    }
}

fn visit(bank: &TestBank, customer: &Customer) -> Visit {
    let blank = String::new;
    let details = BankDetails {
        name_zh: blank(),
        name_en: blank(),
        hotline: blank(),
        complaint_phone: blank(),
        complaint_address_zh: blank(),
        complaint_address_en: blank(),
        complaint_email: blank(),
    };
    let context = Context {
        caller: Caller::Customer(customer.clone()),
        ended: None,
        language: Language::ZhCn,
        appearance: Appearance::default(),
        offer_elder: false,
        session: None,
        step_up: None,
        now: bank.bank.now(),
        uri: "/".to_owned(),
        pkg: Arc::from("pkg"),
        bank_details: Arc::new(details),
        nonce: blank(),
        reference: blank(),
    };
    context.into()
}

/// The query of the address of a step.
fn at_step(key: &str, step: &str) -> FormQuery {
    FormQuery { key: Some(key.to_owned()), step: Some(step.to_owned()), ..FormQuery::default() }
}

async fn a_cash_step_shows_the_same_inputs_whole_and_field_by_field(bank: &TestBank) {
    use bank::appointments::cash::{FORM, Step};
    let (browser, customer) = (bank.signed_in("c1").await, as_customer(bank, "c1").await);
    let key = browser.open(CASH).await.form().value("key").expect("a key").to_owned();
    let steps: [&[(&str, &str)]; 4] = [
        &[("branch", BRANCH)],
        &[("day", "2026-11-25"), ("slot", "10:00")],
        &[("account", "acc-c1"), ("amount", "200000"), ("any_notes", "own"), ("notes_100", "2000")],
        &[("collector", "agent"), ("agent_name", "王建国"), ("purpose", "居住")],
    ];
    let mut seen = Vec::new();
    for posted in [&[] as &[(&str, &str)]].into_iter().chain(steps) {
        if !posted.is_empty() {
            let form = browser.open(&format!("{CASH}?key={key}")).await.form();
            browser.submit(&form.with_all(posted)).await;
        }
        for step in [Step::Where, Step::HowMuch, Step::Who] {
            let shown = shown(bank, &customer, &FORM, &key).await;
            let visit = visit(bank, &customer);
            let query = at_step(&key, step.name());
            let read = cash::form_data::CashFormData::read(&bank.bank, &customer, &visit, shown, &query, None).await;
            // A step that is not open leads to the one that is.
            if let Ok(data) = read.expect("form data") {
                assert_eq!(data.step, step);
                seen.push(compare(&FORM, step.name(), &data));
            }
        }
    }
    let holds = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(seen.first(), Some(&holds(&["branch"])), "a day opens after its branch");
    for open in [holds(&["branch", "day"]), holds(&["branch", "day", "slot"])] {
        assert!(seen.contains(&open), "{open:?} in {seen:?}");
    }
    assert!(seen.iter().any(|names| names.contains("purpose")) && seen.iter().any(|names| names.contains("notes_1")));
}

async fn a_reception_step_shows_the_same_inputs_whole_and_field_by_field(bank: &TestBank) {
    use bank::appointments::reception::{FORM, Step};
    announce(&bank.bank, BRANCH, "2026-11-25", Audience::All, 4).await;
    announce(&bank.bank, OTHER_BRANCH, "2026-11-25", Audience::All, 4).await;
    let (browser, customer) = (bank.signed_in("c1").await, as_customer(bank, "c1").await);
    let key = browser.open(RECEPTION).await.form().value("key").expect("a key").to_owned();
    let mut seen = Vec::new();
    for field in ["", "day", "reception", "slot"] {
        let page = browser.open(&format!("{RECEPTION}?key={key}")).await;
        if !field.is_empty() {
            let first = page.all(&format!("input[name={field}]:not([disabled])"), "value");
            let value = first.first().unwrap_or_else(|| panic!("no {field} to choose"));
            browser.submit(&page.form().with_all(&[(field, value.as_str())])).await;
        }
        for step in [Step::When, Step::Subject] {
            let shown = shown(bank, &customer, &FORM, &key).await;
            let visit = visit(bank, &customer);
            let query = at_step(&key, step.name());
            let read = reception::form_data::ReceptionFormData::read(&bank.bank, &customer, &visit, shown, &query).await;
            if let Ok(data) = read.expect("form data") {
                assert_eq!(data.step, step);
                seen.push(compare(&FORM, step.name(), &data));
            }
        }
    }
    let of_when: Vec<usize> = seen.iter().filter(|names| names.contains("day")).map(BTreeSet::len).collect();
    assert_eq!(of_when, [1, 2, 3, 3], "each choice opens the next: {seen:?}");
    assert!(seen.iter().any(|names| names.contains("topic")));
}

on_both_engines!(
    a_cash_step_shows_the_same_inputs_whole_and_field_by_field,
    a_reception_step_shows_the_same_inputs_whole_and_field_by_field,
);
