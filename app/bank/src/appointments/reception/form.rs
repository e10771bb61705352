//! The application form as data: steps, fields and the conditions that open fields (docs/domain.md §4). Parsing and
//! validation are in `rules.rs`.

use std::sync::LazyLock;

use super::ReceptionParameters;
use crate::kernel::forms::{Field, FieldKind as Kind, Form};

pub static FORM: LazyLock<Form> = LazyLock::new(|| {
    let when = vec![
        Field::new("day", Kind::Day),
        Field::new("reception", Kind::Choice).after(&["day"]),
        Field::new("slot", Kind::Time).after(&["day", "reception"]),
    ];
    let matter = vec![
        Field::new("topic", Kind::Choice),
        Field::new("summary", Kind::Lines(|set| set.of::<ReceptionParameters>().reception_summary_max)),
        Field::new("hope", Kind::Lines(|set| set.of::<ReceptionParameters>().reception_hope_max)),
        Field::new("attendees", Kind::Choice),
        Field::new("phone", Kind::Phone),
    ];
    Form::new("reception", vec![("when", when), ("matter", matter), ("check", Vec::new())])
});
