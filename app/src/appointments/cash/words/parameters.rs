//! Labels of the parameters of cash withdrawals, for the administrator.

use crate::t;
use crate::words::Locale;

/// The label of a parameter; `None` for a name that is not declared by cash withdrawals.
pub fn parameter_words(l: Locale, name: &str) -> Option<String> {
    Some(match name {
        "cash_cutoff" => t!(l, cash.parameter.cash_cutoff),
        "cash_window_days" => t!(l, cash.parameter.cash_window_days),
        "cash_minimum" => t!(l, cash.parameter.cash_minimum),
        "cash_mandatory_from" => t!(l, cash.parameter.cash_mandatory_from),
        "cash_online_maximum" => t!(l, cash.parameter.cash_online_maximum),
        "cash_purpose_from" => t!(l, cash.parameter.cash_purpose_from),
        "cash_approval_from" => t!(l, cash.parameter.cash_approval_from),
        "cash_same_day_answer_before" => t!(l, cash.parameter.cash_same_day_answer_before),
        "cash_answer_until" => t!(l, cash.parameter.cash_answer_until),
        "cash_next_day_answer_until" => t!(l, cash.parameter.cash_next_day_answer_until),
        "cash_cancel_until" => t!(l, cash.parameter.cash_cancel_until),
        "cash_cancel_grace_minutes" => t!(l, cash.parameter.cash_cancel_grace_minutes),
        "cash_cancel_answered_minutes" => t!(l, cash.parameter.cash_cancel_answered_minutes),
        "cash_time_out_minutes" => t!(l, cash.parameter.cash_time_out_minutes),
        "cash_proposal_hours" => t!(l, cash.parameter.cash_proposal_hours),
        "cash_proposal_ahead_minutes" => t!(l, cash.parameter.cash_proposal_ahead_minutes),
        "cash_no_show_grace_minutes" => t!(l, cash.parameter.cash_no_show_grace_minutes),
        "cash_slot_minutes" => t!(l, cash.parameter.cash_slot_minutes),
        "cash_slot_places" => t!(l, cash.parameter.cash_slot_places),
        "cash_day_total" => t!(l, cash.parameter.cash_day_total),
        "cash_stock_100" => t!(l, cash.parameter.cash_stock_100),
        "cash_stock_50" => t!(l, cash.parameter.cash_stock_50),
        "cash_stock_20" => t!(l, cash.parameter.cash_stock_20),
        "cash_stock_10" => t!(l, cash.parameter.cash_stock_10),
        "cash_stock_5" => t!(l, cash.parameter.cash_stock_5),
        "cash_stock_1" => t!(l, cash.parameter.cash_stock_1),
        "cash_open_max" => t!(l, cash.parameter.cash_open_max),
        "cash_remark_max" => t!(l, cash.parameter.cash_remark_max),
        "cash_purpose_other_max" => t!(l, cash.parameter.cash_purpose_other_max),
        "no_show_count" => t!(l, cash.parameter.no_show_count),
        "no_show_window_days" => t!(l, cash.parameter.no_show_window_days),
        "no_show_block_days" => t!(l, cash.parameter.no_show_block_days),
        _ => return None,
    })
}
