//! Step 3: the purpose if required, the collector, the phone number, a remark.

use crate::appointments::cash::sheet::Sheet;
use crate::appointments::cash::words::{document_words, purpose_words};
use crate::form::{Ask, Asks};
use crate::t;
use crate::ui::choice_group::Choice;
use bank::kernel::language::amount;
use bank::kernel::people::IdType;

/// The fields of the step.
pub fn ask(sheet: &Sheet, field: &str) -> Option<Ask> {
    let (locale, limits) = (sheet.locale, &sheet.context.limits);
    Some(match field {
        "purpose" | "purpose_other" if !sheet.reading.purpose_asked => return None,
        "purpose" => purpose(sheet).within("purpose"),
        "purpose_other" => Ask::new().hint(t!(locale, cash.purpose_other_hint, max = limits.purpose_other_max)).within("purpose"),
        "collector" => Ask::new().choices(collectors(sheet)),
        "agent_id_type" => {
            let documents = IdType::ALL.into_iter().map(|kind| (kind.code().to_owned(), document_words(locale, kind)));
            // The bank's Chinese term is accepted as well as the code.
            let document = IdType::parse(&sheet.typed("agent_id_type")).map_or_else(String::new, |kind| kind.code().to_owned());
            Ask::new().options(documents.collect(), t!(locale, cash.choose)).value(document).within("reveal")
        }
        "phone" => Ask::new().hint(t!(locale, cash.phone_hint, phone = sheet.phone_on_file.clone())),
        "remark" => Ask::new().hint(t!(locale, cash.remark_hint, max = limits.remark_max)).rows(2),
        _ => Ask::new().within("reveal"),
    })
}

fn purpose(sheet: &Sheet) -> Ask {
    let locale = sheet.locale;
    let from = sheet.context.limits.purpose_from;
    let by_amount = sheet.reading.amount.is_some_and(|amount| amount >= from);
    let hint = if by_amount {
        t!(locale, cash.purpose_hint, from = amount(sheet.language, from))
    } else {
        t!(locale, cash.purpose_hint_risk)
    };
    let options = sheet.context.purposes().iter().map(|term| ((*term).to_owned(), purpose_words(locale, term))).collect();
    let value = sheet.reading.purpose.as_ref().map_or_else(|| sheet.typed("purpose"), |purpose| purpose.term.clone());
    Ask::new().options(options, t!(locale, cash.choose)).value(value).hint(hint)
}

fn collectors(sheet: &Sheet) -> Vec<Choice> {
    let (locale, chosen) = (sheet.locale, sheet.typed("collector"));
    let myself = if sheet.context.corporate { t!(locale, cash.collector_operator) } else { t!(locale, cash.collector_self) };
    vec![
        Choice::new("self", myself).detail(t!(locale, cash.collector_self_detail)).chosen(chosen == "self"),
        Choice::new("agent", t!(locale, cash.collector_agent))
            .detail(t!(locale, cash.collector_agent_detail))
            .chosen(chosen == "agent")
            .reveals(),
    ]
}
