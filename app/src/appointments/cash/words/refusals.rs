//! Texts of all refusals of a cash booking: title, and explanation with the rule's value. The match is exhaustive, so a new
//! refusal does not compile without a text.

use bank::appointments::cash::CashRefusal as R;
use bank::kernel::language::{amount, day_long};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::time::{At, Day, hhmm};

use super::{RefusalContext, offer_phrase};
use crate::cases::{join, quota_words};
use crate::typed::name_fault;
use crate::{counted, t};

/// The title, one line.
pub fn refusal_title(context: &RefusalContext<'_>, refusal: &R) -> String {
    let l = context.locale();
    let day = |day: &Day| day_long(context.language, *day);
    let money = |fen: &Fen| amount(context.language, *fen);
    let at = |at: &At| format!("{} {}", day_long(context.language, at.day()), hhmm(at.time()));
    match refusal {
        R::Blocked { until } => t!(l, cash.refused.blocked, until = day(until)),
        R::BranchMissing => t!(l, cash.refused.branch_missing),
        R::BranchUnknown => t!(l, cash.refused.branch_unknown),
        R::DayMissing { .. } => t!(l, cash.refused.day_missing),
        R::DayInvalid { .. } => t!(l, cash.refused.day_invalid),
        R::DayTooEarly { earliest, .. } => t!(l, cash.refused.day_too_early, earliest = day(earliest)),
        R::DayTooLate { latest, .. } => t!(l, cash.refused.day_too_late, latest = day(latest)),
        R::DayClosed { day: at, .. } => t!(l, cash.refused.day_closed, day = day(at)),
        R::BranchClosed { day: at, .. } => t!(l, cash.refused.branch_closed, day = day(at)),
        R::DayFull { day: at, .. } => t!(l, cash.refused.day_full, day = day(at)),
        R::DayTaken { day: at, .. } => t!(l, cash.refused.day_taken, day = day(at)),
        R::SlotMissing { .. } => t!(l, cash.refused.slot_missing),
        R::SlotUnknown { .. } => t!(l, cash.refused.slot_unknown),
        R::SlotFull { day: at, slot, .. } => t!(l, cash.refused.slot_full, day = day(at), slot = hhmm(*slot)),
        R::Overlap { from, to, .. } => t!(l, cash.refused.overlap, from = hhmm(*from), to = hhmm(*to)),
        R::NoAccount => t!(l, cash.refused.no_account),
        R::AccountMissing => t!(l, cash.refused.account_missing),
        R::AccountUnknown { .. } => t!(l, cash.refused.account_unknown),
        R::AmountMissing => t!(l, cash.refused.amount_missing),
        R::AmountInvalid => t!(l, cash.refused.amount_invalid),
        R::AmountUnclear { .. } => t!(l, cash.refused.amount_unclear),
        R::AmountNotWhole { .. } => t!(l, cash.refused.amount_not_whole),
        R::AmountBelowMinimum { minimum, .. } => t!(l, cash.refused.amount_below_minimum, minimum = money(minimum)),
        R::AmountAboveMaximum { maximum, .. } => t!(l, cash.refused.amount_above_maximum, maximum = money(maximum)),
        R::OpenCash { .. } => t!(l, cash.refused.open_cash, maximum = money(&context.parameters.cash_open_max)),
        R::CashShort { left, .. } => t!(l, cash.refused.cash_short, left = money(left)),
        R::NotesMissing { .. } => t!(l, cash.refused.notes_missing),
        R::NotesInvalid { denomination, .. } => t!(l, cash.refused.notes_invalid, note = denomination.yuan()),
        R::NotesDiffer { sum, .. } => t!(l, cash.refused.notes_differ, sum = money(sum)),
        R::NotesShort { denomination, asked, .. } => {
            t!(l, cash.refused.notes_short, note = denomination.yuan(), asked = grouped(*asked))
        }
        R::NotesUnsplittable { .. } => t!(l, cash.refused.notes_unsplittable),
        R::PurposeMissing { .. } => t!(l, cash.refused.purpose_missing),
        R::PurposeUnknown => t!(l, cash.refused.purpose_unknown),
        R::PurposeOtherMissing => t!(l, cash.refused.purpose_other_missing),
        R::PurposeOtherTooLong { max, .. } => t!(l, cash.refused.purpose_other_too_long, max = *max),
        R::CollectorMissing => t!(l, cash.refused.collector_missing),
        R::CollectorUnknown => t!(l, cash.refused.collector_unknown),
        R::AgentNameMissing => t!(l, cash.refused.agent_name_missing),
        R::AgentNameInvalid { fault } => name_fault(l, *fault).0,
        R::AgentIdTypeMissing => t!(l, cash.refused.agent_id_type_missing),
        R::AgentIdTypeUnknown => t!(l, cash.refused.agent_id_type_unknown),
        R::AgentIdMissing => t!(l, cash.refused.agent_id_missing),
        R::AgentIdInvalid => t!(l, cash.refused.agent_id_invalid),
        R::PhoneMissing => t!(l, cash.refused.phone_missing),
        R::PhoneInvalid => t!(l, cash.refused.phone_invalid),
        R::RemarkTooLong { max, .. } => t!(l, cash.refused.remark_too_long, max = *max),
        R::Quota(full) => quota_words(l, *full).0,
        R::Changed => t!(l, cash.refused.changed),
        R::CancelOver => t!(l, cash.refused.cancel_over),
        R::CancelClosed { until } => t!(l, cash.refused.cancel_closed, until = at(until)),
        R::MoveOver => t!(l, cash.refused.move_over),
        R::MoveClosed { until } => t!(l, cash.refused.move_closed, until = at(until)),
        R::ApproverTooLate { until } => t!(l, cash.refused.approver_too_late, until = at(until)),
        R::Moved => t!(l, cash.refused.moved),
        R::NothingMoved => t!(l, cash.refused.nothing_moved),
    }
}

/// The explanation, with what would be accepted instead.
pub fn refusal_body(context: &RefusalContext<'_>, refusal: &R) -> String {
    let mut parts = vec![why(context, refusal)];
    let ways: Vec<String> = refusal.offers().iter().map(|offer| offer_phrase(context, refusal, offer)).collect();
    if !ways.is_empty() {
        let l = context.locale();
        let or = t!(l, cash.instead_or);
        let ways = ways.join(&or);
        parts.push(if refusal.needs_no_booking() {
            t!(l, cash.instead_booking, ways = ways)
        } else {
            t!(l, cash.instead, ways = ways)
        });
    }
    join(context.language, &parts)
}

fn why(context: &RefusalContext<'_>, refusal: &R) -> String {
    let l = context.locale();
    let p = context.parameters;
    let day = |day: &Day| day_long(context.language, *day);
    let money = |fen: &Fen| amount(context.language, *fen);
    let branch = || context.branch.clone();
    let chosen = || context.day.map_or_else(String::new, |chosen| day(&chosen));
    match refusal {
        R::Blocked { until } => t!(
            l,
            cash.why.blocked,
            days = p.no_show_window_days,
            count = p.no_show_count,
            block = p.no_show_block_days,
            until = day(until)
        ),
        R::BranchMissing => t!(l, cash.why.branch_missing),
        R::BranchUnknown => t!(l, cash.why.branch_unknown),
        R::DayMissing { .. } => t!(l, cash.why.day_missing),
        R::DayInvalid { .. } => t!(l, cash.why.day_invalid),
        R::DayTooEarly { .. } => t!(l, cash.why.day_too_early, cutoff = hhmm(p.cash_cutoff)),
        R::DayTooLate { .. } => t!(l, cash.why.day_too_late, days = p.cash_window_days),
        R::DayClosed { .. } => t!(l, cash.why.day_closed),
        R::BranchClosed { .. } => t!(l, cash.why.branch_closed, branch = branch()),
        R::DayFull { .. } => t!(l, cash.why.day_full, branch = branch()),
        R::DayTaken { .. } => t!(l, cash.why.day_taken),
        R::SlotMissing { .. } => t!(l, cash.why.slot_missing),
        R::SlotUnknown { .. } => t!(l, cash.why.slot_unknown),
        R::SlotFull { .. } => {
            let places = p.cash_slot_places;
            counted!(l, places, [cash.why.slot_full_one], [cash.why.slot_full], branch = branch(), places = places)
        }
        R::Overlap { .. } => t!(l, cash.why.overlap),
        R::NoAccount => t!(l, cash.why.no_account),
        R::AccountMissing => t!(l, cash.why.account_missing),
        R::AccountUnknown { .. } => t!(l, cash.why.account_unknown),
        R::AmountMissing => {
            t!(
                l,
                cash.why.amount_missing,
                minimum = money(&p.cash_minimum),
                maximum = money(&p.cash_online_maximum),
                mandatory = money(&p.cash_mandatory_from)
            )
        }
        R::AmountInvalid => t!(l, cash.why.amount_invalid),
        R::AmountUnclear { readings, .. } => {
            let or = t!(l, typed.or);
            let readings = readings.iter().map(money).collect::<Vec<_>>().join(&or);
            t!(l, cash.why.amount_unclear, readings = readings)
        }
        R::AmountNotWhole { .. } => t!(l, cash.why.amount_not_whole),
        R::AmountBelowMinimum { .. } => {
            let come = t!(l, cash.why.amount_below_minimum);
            let must = t!(l, cash.why.amount_mandatory, mandatory = money(&p.cash_mandatory_from));
            let parts = [come, context.opening.clone(), must];
            join(context.language, &parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>())
        }
        R::AmountAboveMaximum { maximum, .. } => {
            t!(l, cash.why.amount_above_maximum, maximum = money(maximum), branch = branch(), phone = context.phone.clone())
        }
        R::OpenCash { left, .. } if *left < p.cash_minimum => t!(l, cash.why.open_cash_none),
        R::OpenCash { left, .. } => t!(l, cash.why.open_cash, left = money(left)),
        R::CashShort { .. } => t!(l, cash.why.cash_short, branch = branch(), day = chosen()),
        R::NotesMissing { .. } => t!(l, cash.why.notes_missing),
        R::NotesInvalid { .. } => t!(l, cash.why.notes_invalid),
        R::NotesDiffer { amount: wanted, .. } => t!(l, cash.why.notes_differ, amount = money(wanted)),
        R::NotesShort { .. } => t!(l, cash.why.notes_short, branch = branch(), day = chosen()),
        R::NotesUnsplittable { .. } => t!(l, cash.why.notes_unsplittable, branch = branch(), day = chosen()),
        R::PurposeMissing { by_risk: true } => t!(l, cash.why.purpose_missing_risk),
        R::PurposeMissing { by_risk: false } => t!(l, cash.why.purpose_missing, from = money(&p.cash_purpose_from)),
        R::PurposeUnknown => t!(l, cash.why.purpose_unknown),
        R::PurposeOtherMissing => t!(l, cash.why.purpose_other_missing),
        R::PurposeOtherTooLong { max, length } => {
            t!(l, cash.why.purpose_other_too_long, max = *max, length = *length, over = length - max)
        }
        R::CollectorMissing => t!(l, cash.why.collector_missing),
        R::CollectorUnknown => t!(l, cash.why.collector_unknown),
        R::AgentNameMissing => t!(l, cash.why.agent_name_missing),
        R::AgentNameInvalid { fault } => name_fault(l, *fault).1,
        R::AgentIdTypeMissing => t!(l, cash.why.agent_id_type_missing),
        R::AgentIdTypeUnknown => t!(l, cash.why.agent_id_type_unknown),
        R::AgentIdMissing => t!(l, cash.why.agent_id_missing),
        R::AgentIdInvalid => t!(l, cash.why.agent_id_invalid),
        R::PhoneMissing => t!(l, cash.why.phone_missing),
        R::PhoneInvalid => t!(l, cash.why.phone_invalid),
        R::RemarkTooLong { max, length } => t!(l, cash.why.remark_too_long, max = *max, length = *length, over = length - max),
        R::Quota(full) => quota_words(l, *full).1,
        R::Changed => t!(l, cash.why.changed),
        R::CancelOver => t!(l, cash.why.cancel_over, phone = context.phone.clone()),
        R::CancelClosed { .. } => t!(l, cash.why.cancel_closed, phone = context.phone.clone()),
        R::MoveOver => t!(l, cash.why.move_over, phone = context.phone.clone()),
        R::MoveClosed { .. } => t!(l, cash.why.move_closed, phone = context.phone.clone()),
        R::ApproverTooLate { .. } => t!(l, cash.why.approver_too_late, phone = context.phone.clone()),
        R::Moved => t!(l, cash.why.moved),
        R::NothingMoved => t!(l, cash.why.nothing_moved),
    }
}
