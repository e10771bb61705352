//! Operations on a form outside its final transaction: store a step, store a refusal, save while typing, resume, discard.

use std::convert::Infallible;

use aws_lc_rs::digest;
use scoped_futures::ScopedFutureExt;

use super::latest_records::LatestDraft;
use super::records::{FormRow, FormStates, Post, PostOutcome, WhenFull};
use super::{Form, FormState};
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::ids::Key;
use crate::kernel::time::At;

/// A draft that can be resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub key: Key,
    pub saved_at: At,
}

/// A new random key for a form shown for the first time. Writes nothing: the first POST creates the row.
pub fn fresh_key(bank: &Bank) -> Result<Key, Failure> {
    Ok(Key::generate(bank.random()?))
}

/// The mark of the user for whom a page was rendered (hidden field `made_for`). It protects against mistakes, not attacks: a
/// page opened by one user and posted after another has signed in in the same browser.
pub fn made_for(user_id: &str) -> String {
    Key::from_digest(digest::digest(&digest::SHA256, format!("made for {user_id}").as_bytes()).as_ref()).to_string()
}

/// The state under a key; `None` if the owner has posted nothing of this form under it.
pub async fn find_form(bank: &Bank, row: FormRow<'_>) -> Result<Option<FormState>, Failure> {
    FormStates(bank.seal()).find(&mut bank.read().await?, row).await
}

/// Stores a posted step: raises the version and clears the refusal.
pub async fn post_form(bank: &Bank, row: FormRow<'_>, post: &Post) -> Result<PostOutcome, Failure> {
    store(bank, row, post, None).await
}

/// Stores a posted step together with the refusal of its transaction.
pub async fn refuse_form(bank: &Bank, row: FormRow<'_>, post: &Post, refusal: String) -> Result<PostOutcome, Failure> {
    store(bank, row, post, Some(refusal)).await
}

async fn store(bank: &Bank, row: FormRow<'_>, post: &Post, refusal: Option<String>) -> Result<PostOutcome, Failure> {
    let done = bank.write("post_form", |tx| {
        let refusal = refusal.clone();
        async move {
            let forms = FormStates(bank.seal());
            let mut outcome = forms.lock_and_merge(tx, row, post, WhenFull::ReplaceOldest).await?;
            match &mut outcome {
                PostOutcome::Accepted(state) => {
                    state.refusal = refusal;
                    forms.store(tx, row, state)?;
                    state.version += 1;
                }
                PostOutcome::Stale(state) => forms.keep_aside(tx, row, state.clone(), post).await?,
                PostOutcome::Case { same: false, instead, .. } => {
                    *instead = forms.keep_instead(tx, row, post, WhenFull::ReplaceOldest).await?;
                }
                PostOutcome::Retry(_) | PostOutcome::Case { .. } | PostOutcome::TooLarge => {}
            }
            stored(outcome)
        }
        .scope_boxed()
    });
    outcome(done.await)
}

/// Rolls back what is too large, so that it leaves no empty row and replaces no draft.
fn stored(outcome: PostOutcome) -> Result<PostOutcome, Rejected<PostOutcome>> {
    match outcome {
        PostOutcome::TooLarge => Err(Rejected::Refused(outcome)),
        outcome => Ok(outcome),
    }
}

fn outcome(done: Result<PostOutcome, Rejected<PostOutcome>>) -> Result<PostOutcome, Failure> {
    match done {
        Ok(outcome) | Err(Rejected::Refused(outcome)) => Ok(outcome),
        Err(Rejected::Unexpected(failure)) => Err(failure),
    }
}

/// Saves while typing. Ignored if the version is outdated; never raises the version.
pub async fn save_draft(bank: &Bank, row: FormRow<'_>, post: &Post) -> Result<PostOutcome, Failure> {
    let done = bank.write("save_draft", |tx| {
        async move { stored(FormStates(bank.seal()).save_draft(tx, row, post, WhenFull::ReplaceOldest).await?) }.scope_boxed()
    });
    outcome(done.await)
}

/// Stores a post as typed text without submitting it: in the form, beside it if the form has changed, or in a new form if the
/// key has become a case.
pub async fn keep_typed(bank: &Bank, row: FormRow<'_>, post: &Post) -> Result<PostOutcome, Failure> {
    keep(bank, row, post, WhenFull::ReplaceOldest).await
}

/// Stores a post that arrived after its session had ended. Holders of an expired cookie can only add to the user's drafts,
/// not replace any.
pub async fn keep_unsent(bank: &Bank, row: FormRow<'_>, post: &Post) -> Result<PostOutcome, Failure> {
    keep(bank, row, post, WhenFull::Refuse).await
}

async fn keep(bank: &Bank, row: FormRow<'_>, post: &Post, when_full: WhenFull) -> Result<PostOutcome, Failure> {
    let done = bank.write("keep_typed", |tx| {
        async move {
            let forms = FormStates(bank.seal());
            let mut outcome = forms.save_draft(tx, row, post, when_full).await?;
            match &mut outcome {
                PostOutcome::Stale(state) => forms.keep_aside(tx, row, state.clone(), post).await?,
                PostOutcome::Case { same: false, instead, .. } => {
                    *instead = forms.keep_instead(tx, row, post, when_full).await?;
                }
                PostOutcome::Accepted(_) | PostOutcome::Retry(_) | PostOutcome::Case { .. } | PostOutcome::TooLarge => {}
            }
            stored(outcome)
        }
        .scope_boxed()
    });
    outcome(done.await)
}

/// Deletes an unfinished form. A form that has become a case is kept.
pub async fn discard_form(bank: &Bank, row: FormRow<'_>) -> Result<(), Failure> {
    bank.write::<_, Infallible, _>("discard_form", |tx| {
        async move { Ok(FormStates(bank.seal()).discard(tx, row).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Deletes drafts that have expired; returns their number. For the worker.
pub async fn delete_expired_drafts(bank: &Bank) -> Result<u64, Failure> {
    bank.write::<_, Infallible, _>("delete_expired_drafts", |tx| {
        async move { Ok(FormStates(bank.seal()).delete_expired_drafts(tx).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// The newest unfinished form of this kind, offered as 接着填.
pub async fn latest_draft(bank: &Bank, owner: &str, form: &Form) -> Result<Option<Draft>, Failure> {
    let found = FormStates(bank.seal()).latest_draft(&mut bank.read().await?, owner, form, bank.now()).await?;
    Ok(found.and_then(|(key, saved_at)| Some(Draft { key: Key::parse(&key).ok()?, saved_at })))
}

/// The newest unfinished form of each of these forms, in one statement.
pub async fn latest_drafts(bank: &Bank, owner: &str, forms: &[&Form]) -> Result<Vec<LatestDraft>, Failure> {
    FormStates(bank.seal()).latest_drafts(&mut bank.read().await?, owner, forms, bank.now()).await
}
