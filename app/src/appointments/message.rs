//! The subject of a message about an appointment, from the message's values.

use bank::kernel::language::{Language, amount, day_full};
use bank::kernel::money::Fen;
use bank::kernel::time::parse_day;
use serde_json::Value;

use crate::cases::comma;
use crate::messages::fact;

/// Describes the appointment: `2026 年 12 月 2 日 周三 10:00，石岐支行，200,000 元`, without missing facts. The year is included because
/// messages are kept for years and the page with the last one can be printed.
pub fn about(language: Language, facts: &Value) -> Option<String> {
    let day = day_full(language, parse_day(fact(facts, "day")?)?);
    let slot = fact(facts, "slot").unwrap_or_default();
    let branch = match language {
        Language::ZhCn => fact(facts, "branch_zh"),
        Language::En => fact(facts, "branch_en"),
    };
    let mut words = vec![format!("{day} {slot}").trim_end().to_owned()];
    words.extend(branch.map(str::to_owned));
    words.extend(facts.get("amount").and_then(Value::as_i64).map(|fen| amount(language, Fen(fen))));
    Some(words.join(comma(language)))
}
