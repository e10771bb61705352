//! What a customer's first page rests on: read once, in a fixed number of statements.

use bank::cases::{self, CaseKind, CaseLine};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Draft, latest_draft};
use bank::kernel::ids::Key;
use bank::kernel::time::At;
use bank::messages::{self, Message};
use bank::recommendations::{self, Advice};
use bank::sessions::{Customer, CustomerKind};
use bank::surveys::{self, Opened};

use crate::kinds;

/// Answers shown at most; the rest is on the cases' own pages.
const ANSWERS: usize = 3;

/// A form that was begun and not sent.
pub struct Begun {
    /// Which.
    pub what: What,
    /// Where it goes on.
    pub path: String,
    /// Its key.
    pub key: Key,
    /// When it was last saved.
    pub saved_at: At,
}

/// The forms that can be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A case of this kind.
    Case(CaseKind),
    /// The needs survey, with the questions left.
    Survey(usize),
}

/// Everything of the customer's own.
pub struct Mine {
    /// The next appointment that is not given up.
    pub next: Option<CaseLine>,
    /// The latest saved first.
    pub begun: Vec<Begun>,
    /// The newest unread answer of each case.
    pub answers: Vec<Message>,
    /// A company gets none.
    pub advice: Option<Advice>,
}

/// Reads it.
pub async fn read(bank: &Bank, customer: &Customer) -> Result<Mine, Failure> {
    let personal = customer.kind() == CustomerKind::Personal;
    let upcoming = cases::upcoming(bank, customer).await?;
    let mut begun = Vec::new();
    for ui in kinds::all() {
        let form = ui.form();
        let draft = latest_draft(bank, customer.user_id(), form.form).await?;
        let begin = |draft: Draft| Begun {
            what: What::Case(ui.kind()),
            path: form.path.to_owned(),
            key: draft.key,
            saved_at: draft.saved_at,
        };
        begun.extend(draft.map(begin));
    }
    if personal {
        begun.extend(begun_survey(bank, customer).await?);
    }
    begun.sort_by_key(|begun| std::cmp::Reverse(begun.saved_at));
    Ok(Mine {
        next: upcoming.into_iter().find(is_live),
        begun,
        answers: newest_answers(messages::list_unread(bank, customer).await?),
        advice: if personal { Some(recommendations::recommend(bank, customer).await?) } else { None },
    })
}

/// Whether an appointment still stands, by the rules of its kind.
fn is_live(case: &CaseLine) -> bool {
    kinds::of(case.kind).is_some_and(|ui| ui.is_live(&case.state))
}

async fn begun_survey(bank: &Bank, customer: &Customer) -> Result<Option<Begun>, Failure> {
    let open = surveys::list(bank).await?.into_iter().find(|published| bank.now() < published.closes_at);
    let Some(published) = open else { return Ok(None) };
    let survey = &published.survey;
    let Opened::Form(filling) = surveys::open_form(bank, customer, &published, None).await? else { return Ok(None) };
    let Some(saved_at) = filling.saved_at else { return Ok(None) };
    // A text that is too long is told on the survey's own page; here the question counts as left.
    let answers =
        surveys::read_answers(survey, &filling.state.shown(&filling.form), surveys::limits(bank).await?).unwrap_or_default();
    let left = surveys::progress(survey, &answers).left();
    Ok(Some(Begun { what: What::Survey(left), path: format!("/surveys/{}", survey.code), key: filling.key, saved_at }))
}

/// What the bank answered; that something was received, the customer has seen when they sent it.
fn newest_answers(unread: Vec<Message>) -> Vec<Message> {
    let mut answers: Vec<Message> = Vec::new();
    for message in unread {
        let received = kinds::of_message(&message.kind).is_some_and(|(ui, what)| ui.is_receipt(what));
        let known = answers.iter().any(|newer| newer.case_number == message.case_number);
        if !received && !known && message.case_number.is_some() {
            answers.push(message);
        }
    }
    answers.truncate(ANSWERS);
    answers
}
