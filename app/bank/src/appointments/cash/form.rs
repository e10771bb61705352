//! The booking form as data: steps, fields and the conditions that open fields (docs/domain.md §3). Parsing and validation
//! are in `rules.rs`.

use std::sync::LazyLock;

use super::CashParameters;
use super::model::Denomination;
use crate::kernel::forms::{Field, FieldKind as Kind, Form};

pub static FORM: LazyLock<Form> = LazyLock::new(|| {
    let place = vec![
        Field::new("branch", Kind::Choice),
        Field::new("day", Kind::Day).after(&["branch"]),
        Field::new("slot", Kind::Time).after(&["branch", "day"]),
    ];
    let mut money = vec![Field::new("account", Kind::Choice), Field::new("amount", Kind::Amount)];
    money.extend(Denomination::ALL.map(|note| Field::new(note.field(), Kind::Count)));
    money.extend([Field::new("any_notes", Kind::Tick), Field::new("new_notes", Kind::Tick)]);
    let people = vec![
        Field::new("purpose", Kind::Choice),
        Field::new("purpose_other", Kind::Short(|set| set.of::<CashParameters>().cash_purpose_other_max)),
        Field::new("collector", Kind::Choice),
        Field::new("agent_name", Kind::Line),
        Field::new("agent_id_type", Kind::Choice),
        Field::new("agent_id", Kind::Line),
        Field::new("phone", Kind::Phone),
        Field::new("remark", Kind::Lines(|set| set.of::<CashParameters>().cash_remark_max)),
    ];
    Form::new("cash", vec![("where", place), ("how_much", money), ("who", people), ("check", Vec::new())])
});
