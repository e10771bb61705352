//! Turns a form into a case (ARCHITECTURE.md, Forms): the values are validated, then booked in one transaction, and validated
//! again if the transaction lost a race. One key gives one case, however often it is sent. Fields, rules and rows besides
//! the form's are those of the capability's [`SubmitHandler`].

use std::collections::BTreeSet;
use std::future::Future;

use serde::Serialize;

use super::operations::{find_form, post_form, refuse_form};
use super::records::{FormRow, FormStates, Post, PostOutcome, WhenFull};
use super::{FormState, Values};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::ids::Key;
use crate::kernel::seal::Seal;

/// Attempts to validate and book before giving up, if each transaction finds less capacity than validation saw.
const TRIES: u32 = 4;

/// The result of submitting a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmitOutcome<R> {
    /// It is a case, new or existing.
    Case {
        number: String,
        /// Whether the values sent are those the case was made from.
        same: bool,
        /// The key of a new form that holds the values sent, if they differ.
        instead: Option<Key>,
    },
    /// Refused; the refusal is stored with the form. Nothing was reserved.
    Refused(R),
    /// Steps are missing; the values are stored.
    Open,
    /// A retry of the last post; nothing changed.
    Retry,
    /// The page was rendered from an older version; nothing was overwritten or booked.
    Stale,
    /// It exceeds the limits of a row.
    TooLarge,
}

/// A posted form merged with its stored state.
pub(crate) struct SubmittedForm<'s> {
    seal: &'s Seal,
    row: FormRow<'s>,
    post: &'s Post,
    /// The stored values merged with the posted ones.
    pub values: Values,
    /// The fields some page has shown.
    pub offered: BTreeSet<String>,
}

/// The result of an attempt.
pub(crate) enum AttemptOutcome<R> {
    /// Booked; the number of the case.
    Booked(String),
    Refused(R),
    /// Steps are missing.
    Open,
}

/// Why a transaction was rolled back without making a case.
#[derive(Debug)]
pub(crate) enum SubmitConflict {
    /// It lost a race: less capacity than validation saw, or the form has changed.
    LostRace,
    /// The form has become a case, or the post is based on an outdated version.
    Superseded,
}

/// The capability's rules and transaction.
pub(crate) trait SubmitHandler: Sync {
    type Refusal: Serialize + Send + Sync;

    /// Validates the values with current data and, if nothing is missing, books them in one transaction that begins with
    /// [`SubmittedForm::lock`] and ends with [`SubmittedForm::finish`].
    fn attempt(
        &self,
        submitted: &SubmittedForm<'_>,
    ) -> impl Future<Output = Result<AttemptOutcome<Self::Refusal>, Rejected<SubmitConflict>>> + Send;

    /// The refusal after repeatedly losing the race; `None` if the form uses no shared resource.
    fn changed(&self) -> Option<Self::Refusal>;
}

/// Submits a form. Idempotent per key.
pub(crate) async fn submit<W: SubmitHandler>(
    bank: &Bank,
    row: FormRow<'_>,
    post: &Post,
    handler: &W,
) -> Result<SubmitOutcome<W::Refusal>, Failure> {
    let mut tries = 1;
    loop {
        // A form sent whole at its first version has no row unless another post came first, which the lock notices.
        let first = post.version.unwrap_or_default() == 0 && tries == 1;
        let held = if first { None } else { find_form(bank, row).await? }.unwrap_or_else(|| row.form.blank());
        let values = row.form.merged(&held.values, &post.values);
        let offered = row.form.offered_with(&held.values, &held.offered, &post.values);
        let submitted = SubmittedForm { seal: bank.seal(), row, post, values, offered };
        let refusal = match handler.attempt(&submitted).await {
            Ok(AttemptOutcome::Booked(number)) => return Ok(SubmitOutcome::Case { number, same: true, instead: None }),
            Ok(AttemptOutcome::Refused(refusal)) => Some(refusal),
            // If another post came first, storing this one detects it and keeps the typed text.
            Ok(AttemptOutcome::Open) | Err(Rejected::Refused(SubmitConflict::Superseded)) => None,
            // The transaction lost a race: validate again, which yields the refusal with the nearest values.
            Err(Rejected::Refused(SubmitConflict::LostRace)) if tries < TRIES => {
                tries += 1;
                continue;
            }
            Err(Rejected::Refused(SubmitConflict::LostRace)) => {
                let failure = || Failure::Host("a form changed each time it was judged".to_owned());
                Some(handler.changed().ok_or_else(failure)?)
            }
            Err(Rejected::Unexpected(failure)) => return Err(failure),
        };
        // If the key has become a case in the meantime, that is the answer.
        let outcome = match &refusal {
            Some(refusal) => {
                let text = serde_json::to_string(refusal).map_err(|e| Failure::stored("form_states.fields", e))?;
                refuse_form(bank, row, post, text).await?
            }
            None => post_form(bank, row, post).await?,
        };
        return Ok(match (outcome, refusal) {
            (PostOutcome::Case { number, same, instead }, _) => SubmitOutcome::Case { number, same, instead },
            (PostOutcome::Stale(_), _) => SubmitOutcome::Stale,
            (PostOutcome::TooLarge, _) => SubmitOutcome::TooLarge,
            (PostOutcome::Retry(_), _) => SubmitOutcome::Retry,
            (PostOutcome::Accepted(_), Some(refusal)) => SubmitOutcome::Refused(refusal),
            (PostOutcome::Accepted(_), None) => SubmitOutcome::Open,
        });
    }
}

impl SubmittedForm<'_> {
    /// The first statement of the transaction: locks the form's row, on which concurrent posts with one key serialise, and makes
    /// sure that the stored values are those that were validated.
    pub async fn lock(&self, tx: &mut Tx) -> Result<FormState, Rejected<SubmitConflict>> {
        match FormStates(self.seal).lock_and_merge(tx, self.row, self.post, WhenFull::BecomesCase).await? {
            PostOutcome::Accepted(state) if state.values == self.values => Ok(state),
            PostOutcome::Accepted(_) => Err(Rejected::Refused(SubmitConflict::LostRace)),
            _ => Err(Rejected::Refused(SubmitConflict::Superseded)),
        }
    }

    /// The last statement of the transaction: from now on all posts under the key lead to the case.
    #[expect(clippy::unused_async, reason = "a statement like the others to its callers, which must not know when it is sent")]
    pub async fn finish(&self, tx: &mut Tx, state: FormState, number: &str) -> Result<(), Failure> {
        FormStates(self.seal).finish(tx, self.row, state, number)
    }
}
