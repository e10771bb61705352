//! The newest unfinished form of each kind with what has been typed, for the page that offers to go on with them.

use sqlx::FromRow;

use super::records::{FormRow, FormStates, StateRow};
use super::{Form, Values};
use crate::args;
use crate::kernel::database::Conn;
use crate::kernel::failure::Failure;
use crate::kernel::ids::Key;
use crate::kernel::time::At;

#[derive(FromRow)]
struct LatestRow {
    form: String,
    id: String,
    version: i64,
    fields: String,
    updated_at: i64,
    kept_until: i64,
}

/// The newest unfinished form of its kind, with what is in its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestDraft {
    /// Name of the form.
    pub form: String,
    pub key: Key,
    /// Posted and typed.
    pub values: Values,
    pub saved_at: At,
    /// Deleted after this.
    pub kept_until: At,
}

impl FormStates<'_> {
    /// The newest unfinished form of each of these, with what has been typed, that has not expired.
    pub async fn latest_drafts(
        &self,
        conn: &mut Conn,
        owner: &str,
        forms: &[&Form],
        now: At,
    ) -> Result<Vec<LatestDraft>, Failure> {
        let sql = "SELECT form, id, version, fields, updated_at, kept_until FROM form_states \
                   WHERE owner = $1 AND case_number IS NULL AND kept_until >= $2 ORDER BY updated_at DESC, id";
        let found: Vec<LatestRow> = conn.fetch_all(sql, args![owner, now.0]).await?;
        let newest = forms.iter().filter_map(|form| {
            let row = found.iter().find(|row| row.form == *form.name)?;
            Some(self.read_latest(owner, form, row))
        });
        newest.collect()
    }

    fn read_latest(&self, owner: &str, form: &Form, row: &LatestRow) -> Result<LatestDraft, Failure> {
        let key = Key::parse(&row.id).map_err(|_| Failure::stored("form_states.id", &row.id))?;
        let state = StateRow { version: row.version, fields: row.fields.clone(), case_number: None };
        let state = state.read(self.0, FormRow { owner, form, key: &key })?;
        Ok(LatestDraft {
            form: row.form.clone(),
            values: state.shown(form),
            saved_at: At(row.updated_at),
            kept_until: At(row.kept_until),
            key,
        })
    }
}
