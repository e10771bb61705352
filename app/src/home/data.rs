//! The data of a customer's home page, read once in a fixed number of statements.

use bank::cases::{self, CaseKind, CaseLine};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::latest_drafts;
use bank::kernel::ids::Key;
use bank::kernel::time::At;
use bank::messages::{self, Message};
use bank::recommendations::{self, Advice};
use bank::sessions::{Customer, CustomerKind};
use bank::surveys::{self, Opened, Published};

use crate::kinds;

/// Maximum number of answers shown; the others are on the pages of their cases.
const ANSWERS: usize = 3;

/// An unfinished form.
pub struct UnfinishedForm {
    pub kind: UnfinishedKind,
    /// Path of its page.
    pub path: String,
    pub key: Key,
    pub saved_at: At,
}

/// What an unfinished form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfinishedKind {
    /// A new case of this kind.
    Case(CaseKind),
    /// The needs survey, with the number of questions left.
    Survey(usize),
}

/// The customer's own data.
pub struct HomeData {
    /// The next live appointment.
    pub next: Option<CaseLine>,
    /// The open survey. Companies get none.
    pub survey: Option<Published>,
    /// Unfinished forms, the latest saved first.
    pub unfinished: Vec<UnfinishedForm>,
    /// The newest unread answer of each case.
    pub answers: Vec<Message>,
    /// `None` for a company.
    pub advice: Option<Advice>,
}

pub async fn read(bank: &Bank, customer: &Customer) -> Result<HomeData, Failure> {
    let personal = customer.kind() == CustomerKind::Personal;
    let advice = async { if personal { recommendations::recommend(bank, customer).await.map(Some) } else { Ok(None) } };
    // None of these needs another's answer.
    let (upcoming, mut unfinished, (survey, unfinished_survey), unread, advice) = tokio::try_join!(
        Box::pin(cases::upcoming(bank, customer)),
        Box::pin(unfinished_cases(bank, customer)),
        Box::pin(survey(bank, customer)),
        Box::pin(messages::list_unread(bank, customer)),
        Box::pin(advice)
    )?;
    unfinished.extend(unfinished_survey);
    unfinished.sort_by_key(|unfinished| std::cmp::Reverse(unfinished.saved_at));
    Ok(HomeData { next: upcoming.into_iter().find(is_live), survey, unfinished, answers: newest_answers(unread), advice })
}

/// The newest unfinished form of each kind of case.
async fn unfinished_cases(bank: &Bank, customer: &Customer) -> Result<Vec<UnfinishedForm>, Failure> {
    let drafts = latest_drafts(bank, customer.user_id()).await?;
    let forms = kinds::all().map(|ui| (ui.kind(), ui.form()));
    Ok(forms
        .filter_map(|(kind, form)| {
            let draft = drafts.get(&*form.form.name)?;
            Some(UnfinishedForm {
                kind: UnfinishedKind::Case(kind),
                path: form.path.to_owned(),
                key: draft.key.clone(),
                saved_at: draft.saved_at,
            })
        })
        .collect())
}

/// The survey that a person can answer now, and the form of it that is unfinished.
async fn survey(bank: &Bank, customer: &Customer) -> Result<(Option<Published>, Option<UnfinishedForm>), Failure> {
    let open = if customer.kind() == CustomerKind::Personal { open_survey(bank).await? } else { None };
    let unfinished = match &open {
        Some(published) => unfinished_survey(bank, customer, published).await?,
        None => None,
    };
    Ok((open, unfinished))
}

/// Whether the state of an appointment is live.
fn is_live(case: &CaseLine) -> bool {
    kinds::of(case.kind).is_some_and(|ui| ui.is_live(&case.state))
}

/// The survey that can be answered now.
pub async fn open_survey(bank: &Bank) -> Result<Option<Published>, Failure> {
    Ok(surveys::list(bank).await?.into_iter().find(|published| bank.now() < published.closes_at))
}

async fn unfinished_survey(bank: &Bank, customer: &Customer, published: &Published) -> Result<Option<UnfinishedForm>, Failure> {
    let survey = &published.survey;
    let Opened::Form(survey_form) = surveys::open_form(bank, customer, published, None).await? else { return Ok(None) };
    let Some(saved_at) = survey_form.saved_at else { return Ok(None) };
    // A question whose text is too long counts as unanswered here; the survey's own page shows the refusal.
    let answers = surveys::read_answers(survey, &survey_form.state.shown(&survey_form.form), surveys::limits(bank).await?)
        .unwrap_or_default();
    let left = surveys::progress(survey, &answers).left();
    Ok(Some(UnfinishedForm {
        kind: UnfinishedKind::Survey(left),
        path: format!("/surveys/{}", survey.code),
        key: survey_form.key,
        saved_at,
    }))
}

/// The bank's answers, without confirmations of receipt.
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
