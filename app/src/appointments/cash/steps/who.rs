//! Step 3: the purpose if required, the collector, the phone number, a remark.

use crate::appointments::cash::form_data::CashFormData;
use crate::appointments::cash::words::{document_words, purpose_words};
use crate::form::{Ask, Asks};
use crate::t;
use crate::ui::choice_group::Choice;
use bank::appointments::cash::Moving;
use bank::kernel::language::amount;
use bank::kernel::people::IdType;

/// The fields of the step.
pub fn ask(data: &CashFormData, field: &str) -> Option<Ask> {
    let (locale, limits) = (data.locale, &data.context.limits);
    Some(match field {
        "purpose" | "purpose_other" if !data.parsed.purpose_asked => return None,
        "purpose" => purpose(data).within("purpose"),
        "purpose_other" => Ask::new().hint(t!(locale, cash.purpose_other_hint, max = limits.purpose_other_max)).within("purpose"),
        "collector" => Ask::new().choices(collectors(data)),
        "agent_id_type" => {
            let documents = IdType::ALL.into_iter().map(|kind| (kind.code().to_owned(), document_words(locale, kind)));
            // The bank's Chinese term is accepted as well as the code.
            let document = IdType::parse(&data.typed("agent_id_type")).map_or_else(String::new, |kind| kind.code().to_owned());
            Ask::new().options(documents.collect(), t!(locale, cash.choose)).value(document).within("reveal")
        }
        "agent_id" => {
            let same = data.moving.as_ref().and_then(Moving::agent_id_masked);
            Ask::new().hint(same.map(|id| t!(locale, cash.moving.agent_id_hint, id = id))).within("reveal")
        }
        "phone" => Ask::new().hint(match &data.moving {
            Some(moving) => t!(locale, cash.moving.phone_hint, phone = moving.booked.phone.masked()),
            None => t!(locale, cash.phone_hint, phone = data.phone_on_file.clone()),
        }),
        "remark" => Ask::new().hint(t!(locale, cash.remark_hint, max = limits.remark_max)).rows(2),
        _ => Ask::new().within("reveal"),
    })
}

fn purpose(data: &CashFormData) -> Ask {
    let locale = data.locale;
    let from = data.context.limits.purpose_from;
    let by_amount = data.parsed.amount.is_some_and(|amount| amount >= from);
    let hint = if by_amount {
        t!(locale, cash.purpose_hint, from = amount(data.language, from))
    } else {
        t!(locale, cash.purpose_hint_risk)
    };
    let options = data.context.purposes().iter().map(|term| ((*term).to_owned(), purpose_words(locale, term))).collect();
    let value = data.parsed.purpose.as_ref().map_or_else(|| data.typed("purpose"), |purpose| purpose.term.clone());
    Ask::new().options(options, t!(locale, cash.choose)).value(value).hint(hint)
}

fn collectors(data: &CashFormData) -> Vec<Choice> {
    let (locale, chosen) = (data.locale, data.typed("collector"));
    let myself = if data.context.corporate { t!(locale, cash.collector_operator) } else { t!(locale, cash.collector_self) };
    vec![
        Choice::new("self", myself).detail(t!(locale, cash.collector_self_detail)).chosen(chosen == "self"),
        Choice::new("agent", t!(locale, cash.collector_agent))
            .detail(t!(locale, cash.collector_agent_detail))
            .chosen(chosen == "agent")
            .reveals(),
    ]
}
