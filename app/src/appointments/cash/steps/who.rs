//! Step 3: the purpose where it is asked, who collects, how the bank reaches the customer, a remark.

use bank::kernel::language::amount;
use bank::kernel::people::IdType;
use leptos::prelude::*;

use crate::appointments::cash::sheet::Sheet;
use crate::appointments::cash::words::{document_words, purpose_words};
use crate::appointments::step_page::StepPage;
use crate::t;
use crate::ui::button::Button;
use crate::ui::choice_group::{Choice, ChoiceGroup};
use crate::ui::select::Select;
use crate::ui::text_area::TextArea;
use crate::ui::text_field::TextField;

/// The step.
pub fn page(sheet: &Sheet) -> StepPage {
    let locale = sheet.locale;
    let asked = sheet.reading.purpose_asked;
    let mut offered = vec!["collector", "agent_name", "agent_id_type", "agent_id", "phone", "remark"];
    if asked {
        offered.extend(["purpose", "purpose_other"]);
    }
    let limits = &sheet.context.limits;
    let fields = view! {
        {asked.then(|| purpose(sheet))}
        {collector(sheet)}
        <TextField
            name="phone"
            label=t!(locale, cash.phone)
            hint=t!(locale, cash.phone_hint, phone = sheet.phone_on_file.clone())
            error=sheet.error("phone")
            value=sheet.typed("phone")
            kind="tel"
            autocomplete="tel-national"
        />
        <TextArea
            name="remark"
            label=t!(locale, cash.remark)
            hint=t!(locale, cash.remark_hint, max = limits.remark_max)
            error=sheet.error("remark")
            value=sheet.typed("remark")
            rows=2
        />
        <Button text=t!(locale, cash.next) />
    };
    StepPage { title: t!(locale, cash.who_title), before: None, fields: fields.into_any(), offered }
}

fn purpose(sheet: &Sheet) -> AnyView {
    let locale = sheet.locale;
    let limits = &sheet.context.limits;
    let by_amount = sheet.reading.amount.is_some_and(|amount| amount >= limits.purpose_from);
    let hint = if by_amount {
        t!(locale, cash.purpose_hint, from = amount(sheet.language, limits.purpose_from))
    } else {
        t!(locale, cash.purpose_hint_risk)
    };
    let options = sheet.context.purposes().iter().map(|term| ((*term).to_owned(), purpose_words(locale, term))).collect();
    view! {
        <div class="purpose">
        <Select
            name="purpose"
            label=t!(locale, cash.purpose)
            hint=hint
            options=options
            value=sheet.reading.purpose.as_ref().map_or_else(|| sheet.typed("purpose"), |purpose| purpose.term.clone())
            empty=t!(locale, cash.choose)
            error=sheet.error("purpose")
        />
        <TextField
            name="purpose_other"
            label=t!(locale, cash.purpose_other)
            hint=t!(locale, cash.purpose_other_hint, max = limits.purpose_other_max)
            value=sheet.typed("purpose_other")
            error=sheet.error("purpose_other")
            autocomplete="off"
        />
        </div>
    }
    .into_any()
}

fn collector(sheet: &Sheet) -> AnyView {
    let locale = sheet.locale;
    let chosen = sheet.typed("collector");
    let myself = if sheet.context.corporate { t!(locale, cash.collector_operator) } else { t!(locale, cash.collector_self) };
    let choices = vec![
        Choice::new("self", myself).detail(t!(locale, cash.collector_self_detail)).chosen(chosen == "self"),
        Choice::new("agent", t!(locale, cash.collector_agent))
            .detail(t!(locale, cash.collector_agent_detail))
            .chosen(chosen == "agent")
            .reveals(),
    ];
    let documents = IdType::ALL.into_iter().map(|kind| (kind.code().to_owned(), document_words(locale, kind))).collect();
    // The bank's own term is taken as well as the code.
    let document = IdType::parse(&sheet.typed("agent_id_type")).map_or_else(String::new, |kind| kind.code().to_owned());
    view! {
        <ChoiceGroup legend=t!(locale, cash.collector) name="collector" choices=choices error=sheet.error("collector") />
        <div class="reveal">
            <TextField
                name="agent_name"
                label=t!(locale, cash.agent_name)
                value=sheet.typed("agent_name")
                error=sheet.error("agent_name")
                autocomplete="off"
            />
            <Select
                name="agent_id_type"
                label=t!(locale, cash.agent_id_type)
                options=documents
                value=document
                empty=t!(locale, cash.choose)
                error=sheet.error("agent_id_type")
            />
            <TextField
                name="agent_id"
                label=t!(locale, cash.agent_id)
                value=sheet.typed("agent_id")
                error=sheet.error("agent_id")
                autocomplete="off"
            />
        </div>
    }
    .into_any()
}
