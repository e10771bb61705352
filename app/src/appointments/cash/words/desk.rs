//! The desk's refusals that are a booking's own, and what they offer, in words.

use bank::cases::DeskRefusal;
use bank::kernel::forms::Nearest;
use bank::kernel::language::{Language, day_long};
use bank::kernel::money::grouped;
use bank::kernel::people::NameFault;
use bank::kernel::time::parse_day;

use crate::t;
use crate::typed::name_fault;
use crate::words::{Locale, locale};

/// What is refused, and why with what would be accepted.
pub fn desk_refusal(language: Language, refusal: &DeskRefusal) -> Option<(String, String)> {
    let l = locale(language);
    Some(match refusal {
        DeskRefusal::OfferedDayInvalid { earliest: None } => {
            (t!(l, cash.desk.offered_day_title), t!(l, cash.desk.offered_day_none))
        }
        DeskRefusal::OfferedDayInvalid { earliest: Some(day) } => {
            (t!(l, cash.desk.offered_day_title), t!(l, cash.desk.offered_day_text, day = day_long(language, *day)))
        }
        DeskRefusal::PaidTooMuch { denomination, booked } => {
            (t!(l, cash.desk.paid_title_wrong, note = *denomination), t!(l, cash.desk.paid_text, count = grouped(*booked)))
        }
        DeskRefusal::PaidNothing => (t!(l, cash.desk.paid_nothing_title), t!(l, cash.desk.paid_nothing_text)),
        DeskRefusal::PurposeUnknown => (t!(l, cash.desk.purpose_unknown_title), t!(l, cash.desk.purpose_unknown_text)),
        DeskRefusal::IdMissing => (t!(l, cash.desk.id_missing_title), t!(l, cash.desk.id_missing_text)),
        DeskRefusal::AgentNameInvalid { fault: NameFault::Missing } => {
            (t!(l, cash.desk.agent_name_title), t!(l, cash.desk.agent_name_text))
        }
        DeskRefusal::AgentNameInvalid { fault } => name_fault(l, *fault),
        DeskRefusal::AgentIdInvalid => (t!(l, cash.desk.agent_id_title), t!(l, cash.desk.agent_id_text)),
        _ => return None,
    })
}

/// The name of a field of the desk's forms, as its label says it.
pub fn desk_field(l: Locale, field: &str) -> Option<String> {
    Some(match field {
        "offered_day" => t!(l, cash.desk.offered_day),
        "purpose" => t!(l, cash.desk.purpose),
        "id_checked" => t!(l, cash.desk.id_checked),
        "agent_name" => t!(l, cash.desk.agent_name),
        "agent_id" => t!(l, cash.desk.agent_id),
        paid if paid.starts_with("paid_") => t!(l, cash.desk.paid_title),
        _ => return None,
    })
}

/// What one click on an offer does.
pub fn desk_offer(language: Language, nearest: &Nearest) -> Option<String> {
    let l = locale(language);
    let (_, value) = nearest.0.first()?;
    Some(match parse_day(value) {
        Some(day) => t!(l, cash.desk.use_day, day = day_long(language, day)),
        None => t!(l, cash.desk.use_count, count = value.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::{desk_field, desk_offer, desk_refusal};
    use crate::words::locale;
    use bank::cases::DeskRefusal;
    use bank::kernel::forms::Refusal;
    use bank::kernel::language::Language;
    use bank::kernel::people::NameFault;
    use bank::kernel::time::At;

    #[test]
    fn every_refusal_has_words_its_field_and_its_offer_too() {
        let all = [
            DeskRefusal::OfferedDayInvalid { earliest: Some(At(0).day()) },
            DeskRefusal::OfferedDayInvalid { earliest: None },
            DeskRefusal::PaidTooMuch { denomination: 50, booked: 1_000 },
            DeskRefusal::PaidNothing,
            DeskRefusal::PurposeUnknown,
            DeskRefusal::IdMissing,
            DeskRefusal::AgentNameInvalid { fault: NameFault::Missing },
            DeskRefusal::AgentNameInvalid { fault: NameFault::TooLong { length: 51 } },
            DeskRefusal::AgentIdInvalid,
        ];
        for language in Language::ALL {
            for refusal in &all {
                assert!(desk_refusal(language, refusal).is_some(), "{}", refusal.code());
                assert!(desk_field(locale(language), refusal.field()).is_some(), "{}", refusal.field());
                assert!(refusal.nearest().iter().all(|nearest| desk_offer(language, nearest).is_some()));
            }
        }
    }
}
