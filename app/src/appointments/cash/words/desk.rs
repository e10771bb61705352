//! Texts of the desk's refusals that belong to cash bookings, and of their offers.

use bank::appointments::cash::{CashDeskRefusal as R, ProposalFault};
use bank::kernel::forms::Nearest;
use bank::kernel::language::{Language, day_long};
use bank::kernel::money::grouped;
use bank::kernel::people::NameFault;
use bank::kernel::time::{hhmm, parse_day};

use crate::cases::join;
use crate::t;
use crate::typed::name_fault;
use crate::words::{Locale, locale};

/// Title and explanation of a refusal.
pub fn desk_refusal(language: Language, refusal: &R) -> (String, String) {
    let l = locale(language);
    match refusal {
        R::OfferedDayInvalid { earliest: None } => (t!(l, cash.desk.offered_day_title), t!(l, cash.desk.offered_day_none)),
        R::OfferedDayInvalid { earliest: Some(day) } => {
            (t!(l, cash.desk.offered_day_title), t!(l, cash.desk.offered_day_text, day = day_long(language, *day)))
        }
        R::ProposalUnfit { fault, nearest } => {
            let (title, why) = match fault {
                ProposalFault::Branch => (t!(l, cash.desk.proposal_branch), t!(l, cash.desk.proposal_branch_why)),
                ProposalFault::Day => (t!(l, cash.desk.proposal_day), t!(l, cash.desk.proposal_day_why)),
                ProposalFault::Short => (t!(l, cash.desk.proposal_short), t!(l, cash.desk.proposal_short_why)),
                ProposalFault::Taken => (t!(l, cash.desk.proposal_taken), t!(l, cash.desk.proposal_taken_why)),
                ProposalFault::Slot => (t!(l, cash.desk.proposal_slot), t!(l, cash.desk.proposal_slot_why)),
                ProposalFault::Same => (t!(l, cash.desk.proposal_same), t!(l, cash.desk.proposal_same_why)),
            };
            let nearest = match nearest {
                Some(place) => {
                    let (day, slot) = (day_long(language, place.day), hhmm(place.slot));
                    t!(l, cash.desk.proposal_nearest, day = day, slot = slot)
                }
                None => t!(l, cash.desk.proposal_none),
            };
            (title, join(language, &[why, nearest]))
        }
        R::PaidTooMuch { denomination, booked } => {
            (t!(l, cash.desk.paid_title_wrong, note = *denomination), t!(l, cash.desk.paid_text, count = grouped(*booked)))
        }
        R::PaidNothing => (t!(l, cash.desk.paid_nothing_title), t!(l, cash.desk.paid_nothing_text)),
        R::PurposeUnknown => (t!(l, cash.desk.purpose_unknown_title), t!(l, cash.desk.purpose_unknown_text)),
        R::PurposeWordsMissing => (t!(l, cash.refused.purpose_other_missing), t!(l, cash.why.purpose_other_missing)),
        R::PurposeWordsTooLong { max, length, .. } => {
            (t!(l, desk.too_long_title), t!(l, desk.too_long_text, over = grouped(length - max), max = grouped(*max)))
        }
        R::CollectorUnclear => (t!(l, cash.desk.collector_unclear_title), t!(l, cash.desk.collector_unclear_text)),
        R::IdMissing => (t!(l, cash.desk.id_missing_title), t!(l, cash.desk.id_missing_text)),
        R::AgentNameInvalid { fault: NameFault::Missing } => {
            (t!(l, cash.desk.agent_name_title), t!(l, cash.desk.agent_name_text))
        }
        R::AgentNameInvalid { fault } => name_fault(l, *fault),
        R::AgentIdInvalid => (t!(l, cash.desk.agent_id_title), t!(l, cash.desk.agent_id_text)),
    }
}

/// The label of a field of the desk's forms.
pub fn desk_field(l: Locale, field: &str) -> Option<String> {
    Some(match field {
        "offered_day" => t!(l, cash.desk.offered_day),
        "branch" => t!(l, cash.branch),
        "day" => t!(l, cash.day),
        "slot" => t!(l, cash.slot),
        "collector" => t!(l, cash.desk.came),
        "purpose" => t!(l, cash.desk.purpose),
        "purpose_other" => t!(l, cash.desk.purpose_other),
        "id_checked" => t!(l, cash.desk.id_checked),
        "agent_name" => t!(l, cash.desk.agent_name),
        "agent_id" => t!(l, cash.desk.agent_id),
        paid if paid.starts_with("paid_") => t!(l, cash.desk.paid_title),
        _ => return None,
    })
}

/// The text of an offer's button.
pub fn desk_offer(language: Language, nearest: &Nearest) -> Option<String> {
    let l = locale(language);
    let value_of = |name: &str| nearest.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    if let (Some(day), Some(slot)) = (value_of("day").and_then(parse_day), value_of("slot")) {
        return Some(t!(l, cash.do_when, day = day_long(language, day), slot = slot.to_owned()));
    }
    let (field, value) = nearest.0.first()?;
    Some(match (field.as_str(), parse_day(value)) {
        ("purpose_other", _) => t!(l, desk.cut),
        (_, Some(day)) => t!(l, cash.desk.use_day, day = day_long(language, day)),
        (_, None) => t!(l, cash.desk.use_count, count = value.clone()),
    })
}
