//! The booking form as data: steps, fields and the conditions that open fields (docs/domain.md §3). Parsing and validation
//! are in `rules.rs`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::CashParameters;
use super::model::Denomination;
use crate::kernel::forms::{Field, FieldKind as Kind, Form, Values};

/// `any_notes`: the branch chooses the notes (网点搭配).
pub const ANY_NOTES: &str = "on";

/// `any_notes`: the customer counts the notes.
pub const OWN_NOTES: &str = "own";

/// Whether a page shows that the branch chooses the notes. It is the common case, so a form in which nothing has been said
/// about notes begins with it; it counts only once a page with it was posted.
pub fn branch_chooses_notes(values: &Values, offered: &BTreeSet<String>) -> bool {
    if values.has("any_notes") {
        return values.filled("any_notes").is_some_and(|chosen| chosen != OWN_NOTES);
    }
    !offered.contains("any_notes") && Denomination::ALL.iter().all(|note| values.filled(note.field()).is_none())
}

pub static FORM: LazyLock<Form> = LazyLock::new(|| {
    let place = vec![
        Field::new("branch", Kind::Choice),
        Field::new("day", Kind::Day).after(&["branch"]),
        Field::new("slot", Kind::Time).after(&["branch", "day"]),
    ];
    // Who chooses the notes decides whether they are counted, so it is asked before them.
    let mut money =
        vec![Field::new("amount", Kind::Amount), Field::new("account", Kind::Choice), Field::new("any_notes", Kind::Choice)];
    money.extend(Denomination::ALL.map(|note| Field::new(note.field(), Kind::Count)));
    money.push(Field::new("new_notes", Kind::Tick));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_branch_chooses_the_notes_until_something_else_is_said() {
        let chosen = |values: &[(&str, &str)], offered: &[&str]| {
            let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            branch_chooses_notes(&Values(values), &offered.iter().map(|name| (*name).to_owned()).collect())
        };
        assert!(chosen(&[], &[]), "a new form");
        assert!(chosen(&[("amount", "60000")], &["amount"]));
        for any in [ANY_NOTES, "yes", "1"] {
            assert!(chosen(&[("any_notes", any), ("notes_100", "1")], &["any_notes"]), "{any}");
        }
        assert!(!chosen(&[("any_notes", OWN_NOTES)], &[]));
        assert!(!chosen(&[("any_notes", "")], &[]), "cleared");
        assert!(!chosen(&[], &["any_notes"]), "shown, and not chosen");
        assert!(!chosen(&[("notes_100", "600")], &[]), "counted already");
    }
}
