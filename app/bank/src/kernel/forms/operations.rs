//! What a form does outside the transaction it leads to: store a step, keep a refusal, save while typing, resume.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::records::{FormRow, FormStates, Taken};
use super::{FormState, Values};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::ids::Key;
use crate::kernel::time::At;

/// A draft is offered again for this long (days); it is then too old to be worth finishing.
const DRAFT_DAYS: i64 = 30;

/// A draft that can be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its key.
    pub key: String,
    /// When it was last saved.
    pub saved_at: At,
}

/// A fresh random key for a form shown for the first time. Nothing is written: the first POST makes the row.
pub fn fresh_key(bank: &Bank) -> Result<String, Failure> {
    Ok(Key::generate(bank.random()?).as_str().to_owned())
}

/// The state under a key; `None` when nothing has been posted under it yet. A key of another person or form is
/// [`KeyOf::Another`], which a page answers like an address nobody has.
pub async fn find_form(bank: &Bank, row: &FormRow) -> Result<KeyOf, Failure> {
    let mut conn = bank.read().await?;
    if let Some(state) = FormStates(bank.seal()).find(&mut conn, row).await? {
        return Ok(KeyOf::Mine(state));
    }
    let taken = FormStates(bank.seal()).is_known(&mut conn, &row.key).await?;
    Ok(if taken || Key::parse(&row.key).is_err() { KeyOf::Another } else { KeyOf::Nobody })
}

/// Whose a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOf {
    /// The caller's: this is what it holds.
    Mine(FormState),
    /// Not used yet.
    Nobody,
    /// Another person's, another form's, or no key at all.
    Another,
}

/// Stores a posted step (version + 1, an old refusal forgotten) and says what became of it.
pub async fn post_form(bank: &Bank, row: &FormRow, version: Option<i64>, posted: &Values) -> Result<Taken, Failure> {
    store(bank, row, version, posted, None).await
}

/// Stores a posted step together with the refusal of the transaction it led to.
pub async fn refuse_form(
    bank: &Bank,
    row: &FormRow,
    version: Option<i64>,
    posted: &Values,
    refusal: String,
) -> Result<Taken, Failure> {
    store(bank, row, version, posted, Some(refusal)).await
}

async fn store(
    bank: &Bank,
    row: &FormRow,
    version: Option<i64>,
    posted: &Values,
    refusal: Option<String>,
) -> Result<Taken, Failure> {
    let now = bank.now();
    if Key::parse(&row.key).is_err() {
        return Ok(Taken::NotYours);
    }
    bank.write::<_, Infallible, _>("post_form", |tx| {
        let refusal = refusal.clone();
        async move {
            let mut taken = FormStates(bank.seal()).take(tx, row, version, posted, now).await?;
            if let Taken::Fresh(state) = &mut taken {
                state.refusal = refusal;
                FormStates(bank.seal()).store(tx, row, state, now).await?;
                state.version += 1;
            }
            Ok(taken)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Saves while typing: ignored when older than what is stored, never raises the version.
pub async fn save_draft(bank: &Bank, row: &FormRow, version: Option<i64>, typed: &Values) -> Result<Taken, Failure> {
    let now = bank.now();
    if Key::parse(&row.key).is_err() {
        return Ok(Taken::NotYours);
    }
    bank.write::<_, Infallible, _>("save_draft", |tx| {
        async move { Ok(FormStates(bank.seal()).save_draft(tx, row, version, typed, now).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Forgets drafts that are too old to be offered; gives how many. For the worker.
pub async fn forget_drafts(bank: &Bank) -> Result<u64, Failure> {
    let before = bank.now().plus_days(-DRAFT_DAYS);
    bank.write::<_, Infallible, _>("forget_drafts", |tx| {
        async move { Ok(FormStates(bank.seal()).forget_drafts(tx, before).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// The newest unfinished form of this kind, to be offered as 接着填.
pub async fn latest_draft(bank: &Bank, owner: &str, form: &str) -> Result<Option<Draft>, Failure> {
    let since = bank.now().plus_days(-DRAFT_DAYS);
    let found = FormStates(bank.seal()).latest_draft(&mut bank.read().await?, owner, form, since).await?;
    Ok(found.map(|(key, saved_at)| Draft { key, saved_at }))
}
