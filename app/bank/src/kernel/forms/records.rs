//! Rows of `form_states`. Taking a form is the first statement of its final transaction: concurrent posts with one key
//! serialise on its row lock.

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

/// Maximum number of unfinished rows per owner and form; a new one replaces the one saved longest ago. Pages offer only the
/// latest, so more rows would never be seen.
pub const DRAFTS: i64 = 10;

/// Identifies a row. Keys are unique per owner: the same key of another owner is another row.
#[derive(Clone, Copy, Debug)]
pub struct FormRow<'f> {
    pub owner: &'f str,
    pub form: &'f Form,
    /// The hidden field `key`.
    pub key: &'f Key,
}

impl FormRow<'_> {
    /// The row id in the associated data of its sealed values.
    fn sealed_for(&self) -> String {
        [self.owner, &*self.form.name, self.key.as_str()].join("/")
    }
}

/// A posted form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The hidden field `key`.
    pub key: Key,
    /// The hidden field `version`: the version the page was rendered from. Required if the form has a row.
    pub version: Option<i64>,
    /// Names and values in the order of the page.
    pub values: Values,
}

impl Post {
    /// The first post under a key. It needs no version, because there is no state a page could have missed.
    pub fn first(key: Key, values: Values) -> Self {
        Self { key, version: None, values }
    }

    /// The row of this post.
    pub fn row<'f>(&'f self, owner: &'f str, form: &'f Form) -> FormRow<'f> {
        FormRow { owner, form, key: &self.key }
    }

    /// A digest that identifies a retry.
    fn digest(&self) -> String {
        let text = format!("{:?} {:?}", self.version, self.values.0);
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        Key::from_digest(digest.as_ref()).to_string()
    }
}

/// What a post means for its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is based on the current version: the merged values, not stored yet.
    Accepted(FormState),
    /// It equals the last accepted post: a retry, nothing is stored again.
    Retry(FormState),
    /// The key has become a case.
    Case {
        number: String,
        /// Whether the posted values are those the case was made from.
        same: bool,
        /// The key of a new form that holds the posted values, if they differ.
        instead: Option<Key>,
    },
    /// The page was rendered from an older version, or names none; nothing is overwritten.
    Stale(FormState),
    /// It exceeds the limits of a row.
    TooLarge,
}

/// Operations on `form_states` for use inside other transactions. The values may include ID and phone numbers, so they are
/// sealed as a whole.
pub struct FormStates<'s>(pub &'s Seal);

#[derive(FromRow)]
pub(super) struct StateRow {
    pub version: i64,
    pub fields: String,
    pub case_number: Option<String>,
}

#[derive(FromRow)]
struct DraftRow {
    id: String,
    updated_at: i64,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct StoredFields {
    values: Values,
    offered: BTreeSet<String>,
    typed: Values,
    aside: Values,
    last: String,
    /// It can repeat typed text, so it is sealed with the values.
    refusal: Option<String>,
}

impl StateRow {
    pub fn read(self, seal: &Seal, row: FormRow<'_>) -> Result<FormState, Failure> {
        let fields = seal.open(&FORM_FIELDS, &row.sealed_for(), &self.fields)?;
        let fields: StoredFields = serde_json::from_str(&fields).map_err(|e| Failure::stored("form_states.fields", e))?;
        Ok(FormState {
            version: self.version,
            values: if self.version == 0 { row.form.begins_with.clone() } else { fields.values },
            offered: fields.offered,
            typed: fields.typed,
            aside: fields.aside,
            last: fields.last,
            refusal: fields.refusal,
            case_number: self.case_number,
        })
    }
}

/// Whether a new row may replace an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenFull {
    /// The oldest unfinished row is replaced.
    ReplaceOldest,
    /// Nothing is replaced.
    Refuse,
    /// The row becomes a case in this transaction, so it is not counted.
    BecomesCase,
}

/// A locked row.
struct Locked {
    state: FormState,
    /// Created by this lock.
    new: bool,
}

/// Deletes the oldest unfinished rows beyond the limit, but not this one.
fn make_room(tx: &mut Tx, row: FormRow<'_>) {
    let sql = "DELETE FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL AND id IN \
               (SELECT id FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL AND id <> $3 \
               ORDER BY updated_at DESC, id LIMIT 1000 OFFSET $4)";
    tx.execute_later(sql, args![row.owner, &*row.form.name, row.key.as_str(), DRAFTS - 1]);
}

impl FormStates<'_> {
    fn sealed_fields(&self, row: FormRow<'_>, state: &FormState) -> Result<String, Failure> {
        let FormState { values, offered, typed, aside, last, refusal, .. } = state.clone();
        let text = serde_json::to_string(&StoredFields { values, offered, typed, aside, last, refusal });
        self.0.seal(&FORM_FIELDS, &row.sealed_for(), &text.map_err(|e| Failure::stored("form_states.fields", e))?)
    }

    /// The state under a key, if the owner has posted this form under it.
    pub async fn find(&self, conn: &mut Conn, row: FormRow<'_>) -> Result<Option<FormState>, Failure> {
        let sql = "SELECT version, fields, case_number FROM form_states WHERE owner = $1 AND form = $2 AND id = $3";
        let found: Option<StateRow> = conn.fetch_optional(sql, args![row.owner, &*row.form.name, row.key.as_str()]).await?;
        found.map(|found| found.read(self.0, row)).transpose()
    }

    /// Key and time of the newest unfinished form of this kind that has not expired.
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

    /// Locks the row of a posted form (creating it if new) and says what the post means. Nothing is stored yet. If the form has a
    /// row, the post must be based on its current version, because the user cannot agree to values the page has not shown.
    pub(super) async fn lock_and_merge(
        &self,
        tx: &mut Tx,
        row: FormRow<'_>,
        post: &Post,
        when_full: WhenFull,
    ) -> Result<PostOutcome, Failure> {
        let Some(Locked { state: held, new }) = self.lock(tx, row, when_full).await? else {
            return Ok(PostOutcome::TooLarge);
        };
        let merged = row.form.merged(&held.values, &post.values);
        if let Some(number) = held.case_number {
            return Ok(PostOutcome::Case { number, same: merged == row.form.keep(&held.values), instead: None });
        }
        let last = post.digest();
        if !new && post.version != Some(held.version) {
            return Ok(if held.last == last { PostOutcome::Retry(held) } else { PostOutcome::Stale(held) });
        }
        if Form::is_too_large(&merged) {
            return Ok(PostOutcome::TooLarge);
        }
        let offered = row.form.offered_with(&held.values, &held.offered, &post.values);
        let typed = row.form.still_typed(&held.typed, &post.values);
        Ok(PostOutcome::Accepted(FormState { values: merged, offered, typed, aside: Values::default(), last, ..held }))
    }

    /// Locks the row, or creates it. `None` if there is no space for another row.
    async fn lock(&self, tx: &mut Tx, row: FormRow<'_>, when_full: WhenFull) -> Result<Option<Locked>, Failure> {
        if when_full == WhenFull::Refuse && !self.exists(tx, row).await? && self.is_full(tx, row).await? {
            return Ok(None);
        }
        let now = tx.now();
        let empty = self.sealed_fields(row, &FormState::default())?;
        // The update of the time locks an existing row on both engines.
        let sql = "INSERT INTO form_states (owner, form, id, version, fields, created_at, updated_at, kept_until) \
                   VALUES ($1, $2, $3, 0, $5, $4, $4, $6) ON CONFLICT (owner, form, id) DO UPDATE SET updated_at = excluded.updated_at \
                   RETURNING version, fields, case_number";
        let until = row.form.kept_until(now).0;
        let with = args![row.owner, &*row.form.name, row.key.as_str(), now.0, &empty, until];
        let locked: StateRow = tx.fetch_one(sql, with).await?;
        // No other sealed text equals this one: it contains a nonce.
        let new = locked.fields == empty;
        if new && when_full == WhenFull::ReplaceOldest {
            make_room(tx, row);
        }
        Ok(Some(Locked { state: locked.read(self.0, row)?, new }))
    }

    async fn exists(&self, tx: &mut Tx, row: FormRow<'_>) -> Result<bool, Failure> {
        let sql = "SELECT id FROM form_states WHERE owner = $1 AND form = $2 AND id = $3";
        let found: Option<(String,)> = tx.fetch_optional(sql, args![row.owner, &*row.form.name, row.key.as_str()]).await?;
        Ok(found.is_some())
    }

    async fn is_full(&self, tx: &mut Tx, row: FormRow<'_>) -> Result<bool, Failure> {
        let sql = "SELECT COUNT(*) FROM form_states WHERE owner = $1 AND form = $2 AND case_number IS NULL";
        let (rows,): (i64,) = tx.fetch_one(sql, args![row.owner, &*row.form.name]).await?;
        Ok(rows >= DRAFTS)
    }

    /// Stores an accepted post as the next version.
    pub fn store(&self, tx: &mut Tx, row: FormRow<'_>, state: &FormState) -> Result<(), Failure> {
        let sql = "UPDATE form_states SET version = $4, fields = $5, case_number = $6, updated_at = $7, kept_until = $8 \
                   WHERE owner = $1 AND form = $2 AND id = $3";
        let (fields, now) = (self.sealed_fields(row, state)?, tx.now());
        let args = args![
            row.owner,
            &*row.form.name,
            row.key.as_str(),
            state.version + 1,
            fields,
            state.case_number.clone(),
            now.0,
            row.form.kept_until(now).0
        ];
        tx.execute_later(sql, args);
        Ok(())
    }

    /// Stores an accepted post together with the case it has become; all later posts under the key lead to the case.
    pub fn finish(&self, tx: &mut Tx, row: FormRow<'_>, state: FormState, case_number: &str) -> Result<(), Failure> {
        let typed = Values::default();
        let finished = FormState { case_number: Some(case_number.to_owned()), refusal: None, typed, ..state };
        self.store(tx, row, &finished)
    }

    /// Stores a post under a key that has become a case as typed text in a new form, and returns its key. The key is derived from
    /// the post, so that a retry leads to the same form.
    pub async fn keep_instead(
        &self,
        tx: &mut Tx,
        row: FormRow<'_>,
        post: &Post,
        when_full: WhenFull,
    ) -> Result<Option<Key>, Failure> {
        let Some(held) = self.find(tx, row).await? else { return Ok(None) };
        let typed = row.form.merged(&held.values, &post.values);
        if Form::is_too_large(&typed) {
            return Ok(None);
        }
        let digest = digest::digest(&digest::SHA256, format!("{} {}", row.key, post.digest()).as_bytes());
        let key = Key::from_digest(digest.as_ref());
        let new = FormRow { key: &key, ..row };
        let Some(Locked { state, new: is_new }) = self.lock(tx, new, when_full).await? else { return Ok(None) };
        if is_new {
            self.write_fields(tx, new, &FormState { typed, ..state }).await?;
        }
        Ok(Some(key))
    }

    /// Stores the values of an outdated page beside the newer state.
    pub async fn keep_aside(&self, tx: &mut Tx, row: FormRow<'_>, state: FormState, post: &Post) -> Result<(), Failure> {
        let mut aside = row.form.keep(&post.values);
        // Hidden fields are not restored: that would repeat the button of another page.
        let typed = |name: &str| row.form.field(name).is_some_and(|field| !matches!(field.kind, FieldKind::Carried));
        aside
            .0
            .retain(|(name, value)| typed(name) && !value.trim().is_empty() && !state.values.all(name).any(|held| held == value));
        if aside.0.is_empty() || Form::is_too_large(&aside) {
            return Ok(());
        }
        self.write_fields(tx, row, &FormState { aside, ..state }).await
    }

    /// Deletes expired unfinished forms; returns their number.
    pub async fn delete_expired_drafts(&self, tx: &mut Tx) -> Result<u64, Failure> {
        let now = tx.now().0;
        tx.execute("DELETE FROM form_states WHERE case_number IS NULL AND kept_until < $1", args![now]).await
    }

    /// Deletes an unfinished form.
    pub async fn discard(&self, tx: &mut Tx, row: FormRow<'_>) -> Result<(), Failure> {
        let sql = "DELETE FROM form_states WHERE owner = $1 AND form = $2 AND id = $3 AND case_number IS NULL";
        tx.execute(sql, args![row.owner, &*row.form.name, row.key.as_str()]).await?;
        Ok(())
    }

    /// Saves typed text under the version of the page; ignored if outdated. The version, the values and the shown fields do not
    /// change, so that nothing becomes missing and no other page can submit the text.
    pub async fn save_draft(
        &self,
        tx: &mut Tx,
        row: FormRow<'_>,
        post: &Post,
        when_full: WhenFull,
    ) -> Result<PostOutcome, Failure> {
        let Some(Locked { state: held, new }) = self.lock(tx, row, when_full).await? else { return Ok(PostOutcome::TooLarge) };
        let same = row.form.merged(&held.values, &post.values) == row.form.keep(&held.values);
        if let Some(number) = held.case_number {
            return Ok(PostOutcome::Case { number, same, instead: None });
        }
        if !new && post.version != Some(held.version) {
            return Ok(if same { PostOutcome::Retry(held) } else { PostOutcome::Stale(held) });
        }
        let typed = row.form.overlaid(&held.typed, &post.values);
        if Form::is_too_large(&typed) {
            return Ok(PostOutcome::TooLarge);
        }
        let state = FormState { typed, ..held };
        self.write_fields(tx, row, &state).await?;
        Ok(PostOutcome::Accepted(state))
    }

    /// Writes the state without raising the version.
    async fn write_fields(&self, tx: &mut Tx, row: FormRow<'_>, state: &FormState) -> Result<(), Failure> {
        let sql = "UPDATE form_states SET fields = $4, kept_until = $5 WHERE owner = $1 AND form = $2 AND id = $3";
        let (fields, until) = (self.sealed_fields(row, state)?, row.form.kept_until(tx.now()).0);
        tx.execute(sql, args![row.owner, &*row.form.name, row.key.as_str(), fields, until]).await?;
        Ok(())
    }
}
