//! The declared forms of changes: the fields of a kind, then the check of the preview.

use super::refusals::ChangeRefusal;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::Day;

/// The step with the fields.
pub const EDIT: &str = "edit";

/// The step that shows what the change touches.
pub const CHECK: &str = "check";

/// The hidden field with the mark of the preview that the page showed.
pub const SEEN: &str = "seen";

/// The hidden field with the subject, so that a form filled in for one thing is never shown for another.
pub const SUBJECT: &str = "subject";

/// The field with the effective day.
pub const FROM: &str = "from";

/// The form of a kind of change: its fields, then the check.
pub fn change_form(name: &'static str, mut fields: Vec<Field>) -> Form {
    fields.push(Field::new(SUBJECT, FieldKind::Carried));
    Form::new(name, vec![(EDIT, fields), (CHECK, vec![Field::new(SEEN, FieldKind::Carried)])])
}

/// The effective day in the field `from`: today or later (docs/domain.md §12).
pub fn effective_day(values: &Values, today: Day) -> Result<Day, ChangeRefusal> {
    let field = || FROM.to_owned();
    let typed = values.filled(FROM).ok_or_else(|| ChangeRefusal::Missing { field: field() })?;
    let day: Day = typed.parse().map_err(|_| ChangeRefusal::Invalid { field: field() })?;
    if day < today { Err(ChangeRefusal::DayPassed { field: field(), earliest: today }) } else { Ok(day) }
}
