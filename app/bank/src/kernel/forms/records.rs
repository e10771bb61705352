//! The rows of `form_states`. Taking a form is the first statement of the transaction it leads to: concurrent posts with
//! one key serialise on its row lock.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{FieldKind, Form, FormState, Values};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::ids::Key;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::FORM_FIELDS;
use crate::kernel::time::At;

/// Unfinished rows one owner may have of one form; a new one takes the place of the one saved longest ago. Pages offer
/// the latest only, so that more would be rows nobody sees.
pub const DRAFTS: i64 = 10;

/// Which form of which person. A key is its owner's own: the same key of another owner is another row.
#[derive(Clone, Copy, Debug)]
pub struct FormRow<'f> {
    /// The user who fills it in.
    pub owner: &'f str,
    /// The form.
    pub form: &'f Form,
    /// The hidden field `key`.
    pub key: &'f Key,
}

impl FormRow<'_> {
    /// The row as its values are sealed for it.
    fn sealed_for(&self) -> String {
        [self.owner, &*self.form.name, self.key.as_str()].join("/")
    }
}

/// A form as it was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The hidden field `key`.
    pub key: Key,
    /// The hidden field `version`: what the page was made from. A form that already has a row needs it.
    pub version: Option<i64>,
    /// Names and values in the order of the page.
    pub values: Values,
}

impl Post {
    /// The first post under a key, which needs no version: there is nothing yet that a page could have missed.
    pub fn first(key: Key, values: Values) -> Self {
        Self { key, version: None, values }
    }

    /// The row it is meant for.
    pub fn row<'f>(&'f self, owner: &'f str, form: &'f Form) -> FormRow<'f> {
        FormRow { owner, form, key: &self.key }
    }

    /// What tells a retry from another post.
    fn digest(&self) -> String {
        let text = format!("{:?} {:?}", self.version, self.values.0);
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        Key::from_digest(digest.as_ref()).to_string()
    }
}

/// What became of a posted form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is the newest: these are the merged values, not yet stored.
    Fresh(FormState),
    /// This very post was the last one taken: a retry, nothing is stored again.
    Repeated(FormState),
    /// The key has become a case.
    Case {
        /// The case's number.
        number: String,
        /// Whether the posted wish is the one the case was made from.
        same: bool,
        /// The key of a new form that holds what was posted, when it is another wish.
        instead: Option<Key>,
    },
    /// The page was made from an older version, or names none; nothing is overwritten.
    Stale(FormState),
    /// It is more than a form may hold.
    TooLarge,
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
#[serde(default)]
struct Fields {
    values: Values,
    offered: BTreeSet<String>,
    typed: Values,
    aside: Values,
    last: String,
}

impl StateRow {
    fn read(self, seal: &Seal, row: FormRow<'_>) -> Result<FormState, Failure> {
        let fields = seal.open(&FORM_FIELDS, &row.sealed_for(), &self.fields)?;
        let fields: Fields = serde_json::from_str(&fields).map_err(|e| Failure::stored("form_states.fields", e))?;
        Ok(FormState {
            version: self.version,
            values: if self.version == 0 { row.form.begins_with.clone() } else { fields.values },
            offered: fields.offered,
            typed: fields.typed,
            aside: fields.aside,
            last: fields.last,
            refusal: self.refusal,
            case_number: self.case_number,
        })
    }
}

/// Whether a row that is missing may take the place of an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// The oldest unfinished row gives way.
    Make,
    /// Nothing gives way.
    Find,
}

/// A locked row.
struct Locked {
    state: FormState,
    /// Made by this lock.
    new: bool,
}

impl FormStates<'_> {
    fn sealed_fields(&self, row: FormRow<'_>, state: &FormState) -> Result<String, Failure> {
        let FormState { values, offered, typed, aside, last, .. } = state.clone();
        let text = serde_json::to_string(&Fields { values, offered, typed, aside, last });
        self.0.seal(&FORM_FIELDS, &row.sealed_for(), &text.map_err(|e| Failure::stored("form_states.fields", e))?)
    }

    /// The state under a key, if the owner has posted this form under it.
    pub async fn find(&self, conn: &mut Conn, row: FormRow<'_>) -> Result<Option<FormState>, Failure> {
        let sql = "SELECT version, fields, refusal, case_number FROM form_states WHERE owner = $1 AND form = $2 AND id = $3";
        let found: Option<StateRow> = conn.fetch_optional(sql, args![row.owner, &*row.form.name, row.key.as_str()]).await?;
        found.map(|found| found.read(self.0, row)).transpose()
    }

    /// The newest unfinished form of this kind that is still kept: its key and when it was last saved.
    pub async fn latest_draft(
        &self,
        conn: &mut Conn,
        owner: &str,
        form: &Form,
        now: At,
    ) -> Result<Option<(String, At)>, Failure> {
        let sql = "SELECT id, updated_at FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL \
                   AND kept_until >= $3 ORDER BY updated_at DESC, id LIMIT 1";
        let found: Option<DraftRow> = conn.fetch_optional(sql, args![owner, &*form.name, now.0]).await?;
        Ok(found.map(|row| (row.id, At(row.updated_at))))
    }

    /// Locks the row of a posted form (making it when new) and says what the post means. Nothing is stored yet. A form
    /// that has a row is taken only from a page made from its present version: what a page has not shown is not agreed to.
    pub async fn take(&self, tx: &mut Tx, row: FormRow<'_>, post: &Post) -> Result<Taken, Failure> {
        let Some(Locked { state: held, new }) = self.lock(tx, row, Room::Make).await? else {
            return Ok(Taken::TooLarge);
        };
        let merged = row.form.merged(&held.values, &post.values);
        if let Some(number) = held.case_number {
            return Ok(Taken::Case { number, same: merged == row.form.keep(&held.values), instead: None });
        }
        let last = post.digest();
        if !new && post.version != Some(held.version) {
            return Ok(if held.last == last { Taken::Repeated(held) } else { Taken::Stale(held) });
        }
        if Form::is_too_large(&merged) {
            return Ok(Taken::TooLarge);
        }
        let offered = row.form.offered_with(&held.values, &held.offered, &post.values);
        let typed = row.form.still_typed(&held.typed, &post.values);
        Ok(Taken::Fresh(FormState { values: merged, offered, typed, aside: Values::default(), last, ..held }))
    }

    /// `None` when there is no room for another row.
    async fn lock(&self, tx: &mut Tx, row: FormRow<'_>, room: Room) -> Result<Option<Locked>, Failure> {
        let now = tx.now();
        // An update that changes nothing but the time is the row lock both engines know.
        let lock = "UPDATE form_states SET updated_at = $4 WHERE owner = $1 AND form = $2 AND id = $3 \
                    RETURNING version, fields, refusal, case_number";
        let insert = "INSERT INTO form_states (owner, form, id, version, fields, created_at, updated_at, kept_until) \
                      VALUES ($1, $2, $3, 0, $5, $4, $4, $6) ON CONFLICT (owner, form, id) DO NOTHING \
                      RETURNING version, fields, refusal, case_number";
        let args = || args![row.owner, &*row.form.name, row.key.as_str(), now.0];
        let found: Option<StateRow> = tx.fetch_optional(lock, args()).await?;
        if let Some(found) = found {
            return Ok(Some(Locked { state: found.read(self.0, row)?, new: false }));
        }
        if room == Room::Find && self.is_full(tx, row).await? {
            return Ok(None);
        }
        let empty = self.sealed_fields(row, &FormState::default())?;
        let until = row.form.kept_until(now).0;
        let with = args![row.owner, &*row.form.name, row.key.as_str(), now.0, empty, until];
        let made: Option<StateRow> = tx.fetch_optional(insert, with).await?;
        if let Some(made) = made {
            self.make_room(tx, row).await?;
            return Ok(Some(Locked { state: made.read(self.0, row)?, new: true }));
        }
        // Two first posts under one new key: the other has made the row meanwhile.
        let found: Option<StateRow> = tx.fetch_optional(lock, args()).await?;
        let state = found.map(|found| found.read(self.0, row)).transpose()?;
        Ok(state.map(|state| Locked { state, new: false }))
    }

    async fn is_full(&self, tx: &mut Tx, row: FormRow<'_>) -> Result<bool, Failure> {
        let sql = "SELECT COUNT(*) FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL";
        let (rows,): (i64,) = tx.fetch_one(sql, args![row.owner, &*row.form.name]).await?;
        Ok(rows >= DRAFTS)
    }

    async fn make_room(&self, tx: &mut Tx, row: FormRow<'_>) -> Result<(), Failure> {
        let sql = "DELETE FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL AND id IN \
                   (SELECT id FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL AND id <> $3 \
                   ORDER BY updated_at DESC, id LIMIT 1000 OFFSET $4)";
        tx.execute(sql, args![row.owner, &*row.form.name, row.key.as_str(), DRAFTS - 1]).await?;
        Ok(())
    }

    /// Stores a taken form as the next version.
    pub async fn store(&self, tx: &mut Tx, row: FormRow<'_>, state: &FormState) -> Result<(), Failure> {
        let sql = "UPDATE form_states SET version = $4, fields = $5, refusal = $6, case_number = $7, updated_at = $8, \
                   kept_until = $9 WHERE owner = $1 AND form = $2 AND id = $3";
        let (fields, now) = (self.sealed_fields(row, state)?, tx.now());
        tx.execute(
            sql,
            args![
                row.owner,
                &*row.form.name,
                row.key.as_str(),
                state.version + 1,
                fields,
                state.refusal.clone(),
                state.case_number.clone(),
                now.0,
                row.form.kept_until(now).0
            ],
        )
        .await?;
        Ok(())
    }

    /// Stores a taken form as what it became: everything posted under its key leads there from now on.
    pub async fn finish(&self, tx: &mut Tx, row: FormRow<'_>, state: FormState, case_number: &str) -> Result<(), Failure> {
        let typed = Values::default();
        let finished = FormState { case_number: Some(case_number.to_owned()), refusal: None, typed, ..state };
        self.store(tx, row, &finished).await
    }

    /// Keeps what was posted under a key that has become a case as typed in a new form, whose key it gives. The key
    /// follows from the post, so that the same post again leads to the same new form.
    pub async fn keep_instead(&self, tx: &mut Tx, row: FormRow<'_>, post: &Post, room: Room) -> Result<Option<Key>, Failure> {
        let Some(held) = self.find(tx, row).await? else { return Ok(None) };
        let typed = row.form.merged(&held.values, &post.values);
        if Form::is_too_large(&typed) {
            return Ok(None);
        }
        let digest = digest::digest(&digest::SHA256, format!("{} {}", row.key, post.digest()).as_bytes());
        let key = Key::from_digest(digest.as_ref());
        let new = FormRow { key: &key, ..row };
        let Some(Locked { state, new: is_new }) = self.lock(tx, new, room).await? else { return Ok(None) };
        if is_new {
            self.write_fields(tx, new, &FormState { typed, ..state }).await?;
        }
        Ok(Some(key))
    }

    /// Keeps beside the newer state what a page sent that was made from an older one.
    pub async fn keep_aside(&self, tx: &mut Tx, row: FormRow<'_>, state: FormState, post: &Post) -> Result<(), Failure> {
        let mut aside = row.form.keep(&post.values);
        // What a page carries along is its own: putting it back would press the button of another page.
        let typed = |name: &str| row.form.field(name).is_some_and(|field| !matches!(field.kind, FieldKind::Carried));
        aside
            .0
            .retain(|(name, value)| typed(name) && !value.trim().is_empty() && !state.values.all(name).any(|held| held == value));
        if aside.0.is_empty() || Form::is_too_large(&aside) {
            return Ok(());
        }
        self.write_fields(tx, row, &FormState { aside, ..state }).await
    }

    /// Forgets unfinished forms that are kept no longer; gives how many.
    pub async fn forget_drafts(&self, tx: &mut Tx) -> Result<u64, Failure> {
        let now = tx.now().0;
        tx.execute("DELETE FROM form_states WHERE case_number IS NULL AND kept_until < $1", args![now]).await
    }

    /// Throws an unfinished form away.
    pub async fn discard(&self, tx: &mut Tx, row: FormRow<'_>) -> Result<(), Failure> {
        let sql = "DELETE FROM form_states WHERE owner = $1 AND form = $2 AND id = $3 AND case_number IS NULL";
        tx.execute(sql, args![row.owner, &*row.form.name, row.key.as_str()]).await?;
        Ok(())
    }

    /// Saves what is typed, under the version the page was given; older is ignored. The version stays, nothing counts as
    /// offered and no value changes: what a person has not posted cannot be missing, and no other page can agree to it.
    pub async fn save_draft(&self, tx: &mut Tx, row: FormRow<'_>, post: &Post, room: Room) -> Result<Taken, Failure> {
        let Some(Locked { state: held, new }) = self.lock(tx, row, room).await? else { return Ok(Taken::TooLarge) };
        let same = row.form.merged(&held.values, &post.values) == row.form.keep(&held.values);
        if let Some(number) = held.case_number {
            return Ok(Taken::Case { number, same, instead: None });
        }
        if !new && post.version != Some(held.version) {
            return Ok(if same { Taken::Repeated(held) } else { Taken::Stale(held) });
        }
        let typed = row.form.overlaid(&held.typed, &post.values);
        if Form::is_too_large(&typed) {
            return Ok(Taken::TooLarge);
        }
        let state = FormState { typed, ..held };
        self.write_fields(tx, row, &state).await?;
        Ok(Taken::Fresh(state))
    }

    /// Writes what a form holds without raising its version.
    async fn write_fields(&self, tx: &mut Tx, row: FormRow<'_>, state: &FormState) -> Result<(), Failure> {
        let sql = "UPDATE form_states SET fields = $4, kept_until = $5 WHERE owner = $1 AND form = $2 AND id = $3";
        let (fields, until) = (self.sealed_fields(row, state)?, row.form.kept_until(tx.now()).0);
        tx.execute(sql, args![row.owner, &*row.form.name, row.key.as_str(), fields, until]).await?;
        Ok(())
    }
}
