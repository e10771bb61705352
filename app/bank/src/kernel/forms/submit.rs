//! A form that becomes a case (ARCHITECTURE.md, Forms): what was sent is judged, booked in one transaction, and judged
//! again when somebody was faster. One wish under one key is one case, however often it is sent. Not here: any field,
//! any rule, any row but the form's; those are the capability's [`Wish`].

use std::collections::BTreeSet;
use std::future::Future;

use serde::Serialize;

use super::operations::{KeyOf, find_form, post_form, refuse_form};
use super::records::{FormRow, FormStates, Taken};
use super::{FormState, Values};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::seal::Seal;
use crate::kernel::time::At;

/// How often a wish is judged again when the transaction found less than the judgement had seen.
const TRIES: u32 = 4;

/// What became of a submitted form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted<R> {
    /// It is a case, now or already before.
    Case {
        /// Its number.
        number: String,
        /// Whether what was sent is what the case was made from.
        same: bool,
    },
    /// Refused; the refusal is kept with the form. Nothing was taken.
    Refused(R),
    /// Steps are still open; what was sent is stored.
    Open,
    /// Another tab has changed the form; nothing was overwritten.
    Stale,
    /// The key is not the caller's.
    NotYours,
}

/// A form as it was sent, and what it holds with it.
pub(crate) struct Sent<'s> {
    seal: &'s Seal,
    row: &'s FormRow,
    version: Option<i64>,
    posted: &'s Values,
    /// The values as they stand with those just posted.
    pub values: Values,
    /// The fields some page has shown.
    pub offered: BTreeSet<String>,
}

/// What a judgement came to.
pub(crate) enum Verdict<R> {
    /// Booked: the number of the case.
    Booked(String),
    /// The rules say no.
    Refused(R),
    /// Steps are still open.
    Open,
}

/// Why a transaction made no case; it is rolled back.
#[derive(Debug)]
pub(crate) enum Turned {
    /// It found less than the judgement had seen, or the form had changed under it.
    Less,
    /// The form is a case already, has been changed, or is another's.
    Elsewhere(Taken),
}

/// What a capability adds: its rules and its transaction.
pub(crate) trait Wish: Sync {
    /// Its refusals.
    type Refusal: Serialize + Send + Sync;

    /// Judges what was sent as things stand now and, when nothing is missing, books it in one transaction that begins
    /// with [`Sent::take`] and ends with [`Sent::become_case`].
    fn attempt(&self, sent: &Sent<'_>) -> impl Future<Output = Result<Verdict<Self::Refusal>, Rejected<Turned>>> + Send;

    /// The refusal when others were faster again and again.
    fn changed(&self) -> Self::Refusal;
}

/// Submits a form. One effect and one answer for one key.
pub(crate) async fn submit<W: Wish>(
    bank: &Bank,
    row: &FormRow,
    version: Option<i64>,
    posted: &Values,
    wish: &W,
) -> Result<Submitted<W::Refusal>, Failure> {
    let mut tries = 1;
    loop {
        let held = match find_form(bank, row).await? {
            KeyOf::Mine(state) => state,
            KeyOf::Nobody => FormState::default(),
            KeyOf::Another => return Ok(Submitted::NotYours),
        };
        let (values, offered) = (held.values.merged(posted), held.offered_with(posted));
        let sent = Sent { seal: bank.seal(), row, version, posted, values, offered };
        let refusal = match wish.attempt(&sent).await {
            Ok(Verdict::Booked(number)) => return Ok(Submitted::Case { number, same: true }),
            Ok(Verdict::Refused(refusal)) => Some(refusal),
            Ok(Verdict::Open) => None,
            Err(Rejected::Refused(Turned::Elsewhere(taken))) => return Ok(outcome(taken, None)),
            // What the judgement had seen is gone: judge again; the words and the nearest values are the rules'.
            Err(Rejected::Refused(Turned::Less)) if tries < TRIES => {
                tries += 1;
                continue;
            }
            Err(Rejected::Refused(Turned::Less)) => Some(wish.changed()),
            Err(Rejected::Unexpected(failure)) => return Err(failure),
        };
        // Should the key have become a case meanwhile, that is the answer.
        let taken = match &refusal {
            Some(refusal) => {
                let text = serde_json::to_string(refusal).map_err(|e| Failure::stored("form_states.refusal", e))?;
                refuse_form(bank, row, version, posted, text).await?
            }
            None => post_form(bank, row, version, posted).await?,
        };
        return Ok(outcome(taken, refusal));
    }
}

fn outcome<R>(taken: Taken, refusal: Option<R>) -> Submitted<R> {
    match (taken, refusal) {
        (Taken::Case { number, same }, _) => Submitted::Case { number, same },
        (Taken::Stale(_), _) => Submitted::Stale,
        (Taken::NotYours, _) => Submitted::NotYours,
        (Taken::Fresh(_), Some(refusal)) => Submitted::Refused(refusal),
        (Taken::Fresh(_), None) => Submitted::Open,
    }
}

impl Sent<'_> {
    /// The first statement of the transaction: locks the form's row, where the same key sent twice meets itself, and
    /// makes sure that what was judged is what is booked.
    pub async fn take(&self, tx: &mut Tx, now: At) -> Result<FormState, Rejected<Turned>> {
        match FormStates(self.seal).take(tx, self.row, self.version, self.posted, now).await? {
            Taken::Fresh(state) if state.values == self.values => Ok(state),
            Taken::Fresh(_) => Err(Rejected::Refused(Turned::Less)),
            elsewhere => Err(Rejected::Refused(Turned::Elsewhere(elsewhere))),
        }
    }

    /// The last statement: from now on everything under the key goes to the case.
    pub async fn become_case(&self, tx: &mut Tx, state: FormState, number: &str, now: At) -> Result<(), Failure> {
        FormStates(self.seal).finish(tx, self.row, state, number, now).await
    }
}
