//! The rows of `form_states`. Taking a form is the first statement of the transaction it leads to: the row is locked,
//! so that the same key posted twice at once meets itself (design.md, promise 5).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{FormState, Values};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// Which form of which person; every query takes the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRow {
    /// The user who fills it in.
    pub owner: String,
    /// The form's name: its route's noun.
    pub form: &'static str,
    /// The hidden field `key`.
    pub key: String,
}

/// What became of a posted form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is the newest: these are the merged values, not yet stored.
    Fresh(FormState),
    /// The key has become a case; `same` when what was posted is what was booked.
    Case {
        /// The case's number.
        number: String,
        /// Whether the posted wish is the one the case was made from.
        same: bool,
    },
    /// Another tab has changed the form since this page was shown; nothing is overwritten.
    Stale(FormState),
    /// The key is someone else's or another form's.
    NotYours,
}

/// Operations on `form_states` for use inside other capabilities' transactions.
pub struct FormStates;

#[derive(FromRow)]
struct StateRow {
    version: i64,
    fields: String,
    refusal: Option<String>,
    case_number: Option<String>,
}

#[derive(FromRow)]
struct DraftRow {
    id: String,
    updated_at: i64,
}

#[derive(Serialize, Deserialize, Default)]
struct Fields {
    values: Values,
    offered: BTreeSet<String>,
}

impl StateRow {
    fn read(self) -> Result<FormState, Failure> {
        let fields: Fields = serde_json::from_str(&self.fields).map_err(|e| Failure::stored("form_states.fields", e))?;
        Ok(FormState {
            version: self.version,
            values: fields.values,
            offered: fields.offered,
            refusal: self.refusal,
            case_number: self.case_number,
        })
    }
}

fn fields_text(state: &FormState) -> Result<String, Failure> {
    serde_json::to_string(&Fields { values: state.values.clone(), offered: state.offered.clone() })
        .map_err(|e| Failure::stored("form_states.fields", e))
}

impl FormStates {
    /// The state under a key, if it is this owner's and this form's.
    pub async fn find(conn: &mut Conn, row: &FormRow) -> Result<Option<FormState>, Failure> {
        let sql = "SELECT version, fields, refusal, case_number FROM form_states WHERE id = $1 AND owner = $2 AND form = $3";
        let found: Option<StateRow> = conn.fetch_optional(sql, args![&row.key, &row.owner, row.form]).await?;
        found.map(StateRow::read).transpose()
    }

    /// Whether any row has this key, whoever owns it.
    pub async fn is_known(conn: &mut Conn, key: &str) -> Result<bool, Failure> {
        let found: Option<(String,)> = conn.fetch_optional("SELECT id FROM form_states WHERE id = $1", args![key]).await?;
        Ok(found.is_some())
    }

    /// The newest unfinished form of this kind touched since `since`: its key and when it was last saved.
    pub async fn latest_draft(conn: &mut Conn, owner: &str, form: &str, since: At) -> Result<Option<(String, At)>, Failure> {
        let sql = "SELECT id, updated_at FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL \
                   AND updated_at >= $3 ORDER BY updated_at DESC, id LIMIT 1";
        let found: Option<DraftRow> = conn.fetch_optional(sql, args![owner, form, since.0]).await?;
        Ok(found.map(|row| (row.id, At(row.updated_at))))
    }

    /// Locks the row of a posted form (making it when new) and says what the post means. Nothing is stored yet.
    pub async fn take(tx: &mut Tx, row: &FormRow, version: i64, posted: &Values, now: At) -> Result<Taken, Failure> {
        let Some(held) = Self::lock(tx, row, now).await? else { return Ok(Taken::NotYours) };
        let merged = held.values.merged(posted);
        if let Some(number) = held.case_number {
            return Ok(Taken::Case { number, same: merged == held.values });
        }
        // A repeat of what is already there conflicts with nothing, whichever version it was made from.
        if held.version != version && merged != held.values {
            return Ok(Taken::Stale(held));
        }
        let mut offered = held.offered.clone();
        offered.extend(posted.offered());
        Ok(Taken::Fresh(FormState { values: merged, offered, ..held }))
    }

    async fn lock(tx: &mut Tx, row: &FormRow, now: At) -> Result<Option<FormState>, Failure> {
        // An update that changes nothing but the time is the row lock both engines know.
        let lock = "UPDATE form_states SET updated_at = $4 WHERE id = $1 AND owner = $2 AND form = $3 \
                    RETURNING version, fields, refusal, case_number";
        let insert = "INSERT INTO form_states (id, owner, form, version, fields, created_at, updated_at) \
                      VALUES ($1, $2, $3, 0, $5, $4, $4) ON CONFLICT (id) DO NOTHING \
                      RETURNING version, fields, refusal, case_number";
        let empty = fields_text(&FormState::default())?;
        let args = || args![&row.key, &row.owner, row.form, now.0];
        let mut found: Option<StateRow> = tx.fetch_optional(lock, args()).await?;
        if found.is_none() {
            found = tx.fetch_optional(insert, args![&row.key, &row.owner, row.form, now.0, empty]).await?;
        }
        if found.is_none() {
            // Two first posts under one new key: the other has made the row meanwhile.
            found = tx.fetch_optional(lock, args()).await?;
        }
        found.map(StateRow::read).transpose()
    }

    /// Stores a taken form as the next version.
    pub async fn store(tx: &mut Tx, row: &FormRow, state: &FormState, now: At) -> Result<(), Failure> {
        let sql = "UPDATE form_states SET version = $4, fields = $5, refusal = $6, case_number = $7, updated_at = $8 \
                   WHERE id = $1 AND owner = $2 AND form = $3";
        let fields = fields_text(state)?;
        tx.execute(
            sql,
            args![
                &row.key,
                &row.owner,
                row.form,
                state.version + 1,
                fields,
                state.refusal.clone(),
                state.case_number.clone(),
                now.0
            ],
        )
        .await?;
        Ok(())
    }

    /// Saves while typing, under the version the page was given; older is ignored. The version stays and nothing
    /// counts as offered: what was not sent by a person cannot be refused as missing.
    pub async fn save_draft(tx: &mut Tx, row: &FormRow, version: i64, typed: &Values, now: At) -> Result<Taken, Failure> {
        let taken = Self::take(tx, row, version, typed, now).await?;
        if let Taken::Fresh(state) = &taken {
            let sql = "UPDATE form_states SET fields = $3 WHERE id = $1 AND owner = $2";
            let held = Self::find(tx, row).await?.unwrap_or_default();
            let fields = fields_text(&FormState { offered: held.offered, ..state.clone() })?;
            tx.execute(sql, args![&row.key, &row.owner, fields]).await?;
        }
        Ok(taken)
    }
}
