//! A form that becomes a case (ARCHITECTURE.md, Forms): what was sent is judged, booked in one transaction, and judged
//! again when somebody was faster. One wish under one key is one case, however often it is sent. Not here: any field,
//! any rule, any row but the form's; those are the capability's [`Wish`].

use std::collections::BTreeSet;
use std::future::Future;

use serde::Serialize;

use super::operations::{find_form, post_form, refuse_form};
use super::records::{FormRow, FormStates, Post, Taken};
use super::{FormState, Values};
use crate::kernel::bank::Bank;
use crate::kernel::database::Tx;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::ids::Key;
use crate::kernel::seal::Seal;

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
        /// The key of a new form that holds what was sent, when it is something else.
        instead: Option<Key>,
    },
    /// Refused; the refusal is kept with the form. Nothing was taken.
    Refused(R),
    /// Steps are still open; what was sent is stored.
    Open,
    /// A retry of the last post: nothing new.
    Repeated,
    /// The page was made from an older version; nothing was overwritten or booked.
    Stale,
    /// It is more than a form may hold.
    TooLarge,
}

/// A form as it was sent, and what it holds with it.
pub(crate) struct Sent<'s> {
    seal: &'s Seal,
    row: FormRow<'s>,
    post: &'s Post,
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
    /// The form is a case already, or the post is not of its present version.
    Elsewhere,
}

/// What a capability adds: its rules and its transaction.
pub(crate) trait Wish: Sync {
    /// Its refusals.
    type Refusal: Serialize + Send + Sync;

    /// Judges what was sent as things stand now and, when nothing is missing, books it in one transaction that begins
    /// with [`Sent::take`] and ends with [`Sent::become_case`].
    fn attempt(&self, sent: &Sent<'_>) -> impl Future<Output = Result<Verdict<Self::Refusal>, Rejected<Turned>>> + Send;

    /// The refusal when others were faster again and again; `None` where nothing is shared that others could take.
    fn changed(&self) -> Option<Self::Refusal>;
}

/// Submits a form. One effect and one answer for one key.
pub(crate) async fn submit<W: Wish>(
    bank: &Bank,
    row: FormRow<'_>,
    post: &Post,
    wish: &W,
) -> Result<Submitted<W::Refusal>, Failure> {
    let mut tries = 1;
    loop {
        let held = find_form(bank, row).await?.unwrap_or_else(|| row.form.blank());
        let values = row.form.merged(&held.values, &post.values);
        let offered = row.form.offered_with(&held.values, &held.offered, &post.values);
        let sent = Sent { seal: bank.seal(), row, post, values, offered };
        let refusal = match wish.attempt(&sent).await {
            Ok(Verdict::Booked(number)) => return Ok(Submitted::Case { number, same: true, instead: None }),
            Ok(Verdict::Refused(refusal)) => Some(refusal),
            // Where another post was faster, storing this one finds out and keeps what was typed.
            Ok(Verdict::Open) | Err(Rejected::Refused(Turned::Elsewhere)) => None,
            // What the judgement had seen is gone: judge again; the words and the nearest values are the rules'.
            Err(Rejected::Refused(Turned::Less)) if tries < TRIES => {
                tries += 1;
                continue;
            }
            Err(Rejected::Refused(Turned::Less)) => {
                let failure = || Failure::Host("a form changed each time it was judged".to_owned());
                Some(wish.changed().ok_or_else(failure)?)
            }
            Err(Rejected::Unexpected(failure)) => return Err(failure),
        };
        // Should the key have become a case meanwhile, that is the answer.
        let taken = match &refusal {
            Some(refusal) => {
                let text = serde_json::to_string(refusal).map_err(|e| Failure::stored("form_states.refusal", e))?;
                refuse_form(bank, row, post, text).await?
            }
            None => post_form(bank, row, post).await?,
        };
        return Ok(match (taken, refusal) {
            (Taken::Case { number, same, instead }, _) => Submitted::Case { number, same, instead },
            (Taken::Stale(_), _) => Submitted::Stale,
            (Taken::TooLarge, _) => Submitted::TooLarge,
            (Taken::Repeated(_), _) => Submitted::Repeated,
            (Taken::Fresh(_), Some(refusal)) => Submitted::Refused(refusal),
            (Taken::Fresh(_), None) => Submitted::Open,
        });
    }
}

impl Sent<'_> {
    /// The first statement of the transaction: locks the form's row, on which concurrent posts with one key serialise, and
    /// makes sure that what was judged is what is booked.
    pub async fn take(&self, tx: &mut Tx) -> Result<FormState, Rejected<Turned>> {
        match FormStates(self.seal).take(tx, self.row, self.post).await? {
            Taken::Fresh(state) if state.values == self.values => Ok(state),
            Taken::Fresh(_) => Err(Rejected::Refused(Turned::Less)),
            _ => Err(Rejected::Refused(Turned::Elsewhere)),
        }
    }

    /// The last statement: from now on everything under the key goes to the case.
    pub async fn become_case(&self, tx: &mut Tx, state: FormState, number: &str) -> Result<(), Failure> {
        FormStates(self.seal).finish(tx, self.row, state, number).await
    }
}
