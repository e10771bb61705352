//! The form of a suggestion as data (docs/domain.md §7). Parsing is in `model.rs`.

use std::sync::LazyLock;

use super::parameters::SuggestionParameters;
use crate::kernel::forms::{Field, FieldKind as Kind, Form};

/// The field that says what a text that claims a loss is meant as.
pub(super) const CLAIM: &str = "claim";

/// Its value: a suggestion all the same.
pub(super) const AS_SUGGESTION: &str = "suggestion";

/// The form: one step.
pub static FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("category", Kind::Choice),
        Field::new("content", Kind::Lines(|set| set.of::<SuggestionParameters>().suggestion_content_max)),
        Field::new(CLAIM, Kind::Carried),
    ];
    Form::new("suggestions", vec![("write", fields)])
});
