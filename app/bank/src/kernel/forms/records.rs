//! The rows of `form_states`. Taking a form is the first statement of the transaction it leads to: the row is locked,
//! so that concurrent posts with one key serialise on this row lock.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{FormState, Values};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::FORM_FIELDS;
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

impl FormRow {
    /// The row as its values are sealed for it.
    fn sealed_for(&self) -> String {
        [self.owner.as_str(), self.form, &self.key].join("/")
    }
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

/// Operations on `form_states` for use inside other capabilities' transactions. What a form holds may be anybody's ID or
/// phone number, so it is sealed as a whole.
pub struct FormStates<'s>(pub &'s Seal);

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
    fn read(self, seal: &Seal, row: &FormRow) -> Result<FormState, Failure> {
        let fields = seal.open(&FORM_FIELDS, &row.sealed_for(), &self.fields)?;
        let fields: Fields = serde_json::from_str(&fields).map_err(|e| Failure::stored("form_states.fields", e))?;
        Ok(FormState {
            version: self.version,
            values: fields.values,
            offered: fields.offered,
            refusal: self.refusal,
            case_number: self.case_number,
        })
    }
}

impl FormStates<'_> {
    fn sealed_fields(&self, row: &FormRow, state: &FormState) -> Result<String, Failure> {
        let text = serde_json::to_string(&Fields { values: state.values.clone(), offered: state.offered.clone() });
        self.0.seal(&FORM_FIELDS, &row.sealed_for(), &text.map_err(|e| Failure::stored("form_states.fields", e))?)
    }

    /// The state under a key, if it is this owner's and this form's.
    pub async fn find(&self, conn: &mut Conn, row: &FormRow) -> Result<Option<FormState>, Failure> {
        let sql = "SELECT version, fields, refusal, case_number FROM form_states WHERE id = $1 AND owner = $2 AND form = $3";
        let found: Option<StateRow> = conn.fetch_optional(sql, args![&row.key, &row.owner, row.form]).await?;
        found.map(|found| found.read(self.0, row)).transpose()
    }

    /// Whether any row has this key, whoever owns it.
    pub async fn is_known(&self, conn: &mut Conn, key: &str) -> Result<bool, Failure> {
        let found: Option<(String,)> = conn.fetch_optional("SELECT id FROM form_states WHERE id = $1", args![key]).await?;
        Ok(found.is_some())
    }

    /// The newest unfinished form of this kind touched since `since`: its key and when it was last saved.
    pub async fn latest_draft(
        &self,
        conn: &mut Conn,
        owner: &str,
        form: &str,
        since: At,
    ) -> Result<Option<(String, At)>, Failure> {
        let sql = "SELECT id, updated_at FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL \
                   AND updated_at >= $3 ORDER BY updated_at DESC, id LIMIT 1";
        let found: Option<DraftRow> = conn.fetch_optional(sql, args![owner, form, since.0]).await?;
        Ok(found.map(|row| (row.id, At(row.updated_at))))
    }

    /// Locks the row of a posted form (making it when new) and says what the post means. Nothing is stored yet. `version`
    /// is the one the page showed; a post that names none is taken as made from the form as it stands.
    pub async fn take(
        &self,
        tx: &mut Tx,
        row: &FormRow,
        version: Option<i64>,
        posted: &Values,
        now: At,
    ) -> Result<Taken, Failure> {
        let Some(held) = self.lock(tx, row, now).await? else { return Ok(Taken::NotYours) };
        let merged = held.values.merged(posted);
        if let Some(number) = held.case_number {
            return Ok(Taken::Case { number, same: merged == held.values });
        }
        // A repeat of what is already there conflicts with nothing, whichever version it was made from.
        if version.is_some_and(|version| version != held.version) && merged != held.values {
            return Ok(Taken::Stale(held));
        }
        let offered = held.offered_with(posted);
        Ok(Taken::Fresh(FormState { values: merged, offered, ..held }))
    }

    async fn lock(&self, tx: &mut Tx, row: &FormRow, now: At) -> Result<Option<FormState>, Failure> {
        // An update that changes nothing but the time is the row lock both engines know.
        let lock = "UPDATE form_states SET updated_at = $4 WHERE id = $1 AND owner = $2 AND form = $3 \
                    RETURNING version, fields, refusal, case_number";
        let insert = "INSERT INTO form_states (id, owner, form, version, fields, created_at, updated_at) \
                      VALUES ($1, $2, $3, 0, $5, $4, $4) ON CONFLICT (id) DO NOTHING \
                      RETURNING version, fields, refusal, case_number";
        let empty = self.sealed_fields(row, &FormState::default())?;
        let args = || args![&row.key, &row.owner, row.form, now.0];
        let mut found: Option<StateRow> = tx.fetch_optional(lock, args()).await?;
        if found.is_none() {
            found = tx.fetch_optional(insert, args![&row.key, &row.owner, row.form, now.0, empty]).await?;
        }
        if found.is_none() {
            // Two first posts under one new key: the other has made the row meanwhile.
            found = tx.fetch_optional(lock, args()).await?;
        }
        found.map(|found| found.read(self.0, row)).transpose()
    }

    /// Stores a taken form as the next version.
    pub async fn store(&self, tx: &mut Tx, row: &FormRow, state: &FormState, now: At) -> Result<(), Failure> {
        let sql = "UPDATE form_states SET version = $4, fields = $5, refusal = $6, case_number = $7, updated_at = $8 \
                   WHERE id = $1 AND owner = $2 AND form = $3";
        let fields = self.sealed_fields(row, state)?;
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

    /// Stores a taken form as what it became: everything posted under its key leads there from now on.
    pub async fn finish(&self, tx: &mut Tx, row: &FormRow, state: FormState, case_number: &str, now: At) -> Result<(), Failure> {
        let finished = FormState { case_number: Some(case_number.to_owned()), refusal: None, ..state };
        self.store(tx, row, &finished, now).await
    }

    /// Forgets drafts nobody has touched since `before`; gives how many.
    pub async fn forget_drafts(&self, tx: &mut Tx, before: At) -> Result<u64, Failure> {
        tx.execute("DELETE FROM form_states WHERE case_number IS NULL AND updated_at < $1", args![before.0]).await
    }

    /// Saves while typing, under the version the page was given; older is ignored. The version stays and nothing
    /// counts as offered: what was not sent by a person cannot be refused as missing.
    pub async fn save_draft(
        &self,
        tx: &mut Tx,
        row: &FormRow,
        version: Option<i64>,
        typed: &Values,
        now: At,
    ) -> Result<Taken, Failure> {
        let taken = self.take(tx, row, version, typed, now).await?;
        if let Taken::Fresh(state) = &taken {
            let sql = "UPDATE form_states SET fields = $3 WHERE id = $1 AND owner = $2";
            let held = self.find(tx, row).await?.unwrap_or_default();
            let fields = self.sealed_fields(row, &FormState { offered: held.offered, ..state.clone() })?;
            tx.execute(sql, args![&row.key, &row.owner, fields]).await?;
        }
        Ok(taken)
    }
}
