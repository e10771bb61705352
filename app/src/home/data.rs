//! The data of a home page, read once in a fixed number of statements.

use bank::branches::Reference;
use bank::cases::{self, CaseKind, CaseLine, Phase, falls_into_closure};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Form, Values, latest_drafts};
use bank::kernel::ids::Key;
use bank::kernel::time::At;
use bank::messages::{self, Message};
use bank::sessions::{Customer, CustomerKind};
use bank::surveys::{self, Opened, Published};

use crate::kinds::{self, FreeNow};
use crate::visit::{App, Visit};

/// The action with which a customer cancels an appointment, of every kind.
const CANCEL: &str = "cancel";

/// An unfinished form.
pub struct UnfinishedForm {
    pub kind: UnfinishedKind,
    /// Path of its page.
    pub path: String,
    pub key: Key,
    pub saved_at: At,
    /// When it is deleted; `None` if it stays as long as the survey.
    pub kept_until: Option<At>,
    /// What has been filled in.
    pub values: Values,
}

/// The next appointment.
pub struct NextVisit {
    pub case: CaseLine,
    /// Until when the customer may cancel it; `None` if only the branch can.
    pub cancel_until: Option<At>,
    /// Whether the branch will be closed then.
    pub in_closure: bool,
    /// Whether the customer, or the own side, has something to say to it first.
    pub held: bool,
}

/// What each kind has free next, as everybody may know it.
pub type Free = Vec<(CaseKind, FreeNow)>;

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
    pub next: Option<NextVisit>,
    /// Those after it, the earliest first.
    pub later: Vec<CaseLine>,
    /// What waits for the company's approver who reads, the earliest first.
    pub to_approve: Vec<CaseLine>,
    /// The open survey. Companies get none.
    pub survey: Option<Published>,
    /// Unfinished forms, the latest saved first.
    pub unfinished: Vec<UnfinishedForm>,
    /// The newest unread answer of each case, the latest first.
    pub answers: Vec<Message>,
    pub free: Free,
}

pub async fn read(visit: &Visit, app: &App, customer: &Customer, reference: &Reference) -> Result<HomeData, Failure> {
    let bank = &app.bank;
    // None of these needs another's answer.
    let ((next, later, to_approve), mut unfinished, (survey, unfinished_survey), unread, free) = tokio::try_join!(
        Box::pin(visits(visit, bank, customer, reference)),
        Box::pin(unfinished_cases(bank, customer)),
        Box::pin(survey(bank, customer)),
        Box::pin(messages::list_unread(bank, customer)),
        Box::pin(free(visit, app, reference))
    )?;
    unfinished.extend(unfinished_survey);
    unfinished.sort_by_key(|unfinished| std::cmp::Reverse(unfinished.saved_at));
    Ok(HomeData { next, later, to_approve, survey, unfinished, answers: newest_answers(unread), free })
}

/// What is free at the branches, for everybody.
pub async fn free(visit: &Visit, app: &App, reference: &Reference) -> Result<Free, Failure> {
    let mut found = Vec::new();
    for ui in kinds::all() {
        found.extend(ui.free(visit, app, reference).await?.map(|free| (ui.kind(), free)));
    }
    Ok(found)
}

/// The next live appointment, those after it, and what waits for the company's approver who reads: that is no visit yet.
async fn visits(
    visit: &Visit,
    bank: &Bank,
    customer: &Customer,
    reference: &Reference,
) -> Result<(Option<NextVisit>, Vec<CaseLine>, Vec<CaseLine>), Failure> {
    let live = cases::upcoming(bank, customer).await?.into_iter().filter(is_live);
    let (to_approve, visits): (Vec<_>, Vec<_>) = live.partition(|case| customer.approves() && case.phase() == Some(Phase::Held));
    let mut visits = visits.into_iter();
    let Some(case) = visits.next() else { return Ok((None, Vec::new(), to_approve)) };
    let cancel_until = cases::deadline_of_customer(bank, customer, &case, CANCEL).await?;
    let held = matches!(case.phase(), Some(Phase::Held | Phase::Proposed));
    let next = NextVisit { in_closure: falls_into_closure(reference, &case, visit.now), cancel_until, held, case };
    Ok((Some(next), visits.collect(), to_approve))
}

/// The newest unfinished form of each kind of case.
async fn unfinished_cases(bank: &Bank, customer: &Customer) -> Result<Vec<UnfinishedForm>, Failure> {
    let forms: Vec<_> = kinds::all().map(|ui| (ui.kind(), ui.form())).collect();
    let declared: Vec<&Form> = forms.iter().map(|(_, form)| &**form.form).collect();
    let drafts = latest_drafts(bank, customer.user_id(), &declared).await?;
    let unfinished = drafts.into_iter().filter_map(|draft| {
        let (kind, form) = forms.iter().find(|(_, form)| *form.form.name == draft.form)?;
        Some(UnfinishedForm {
            kind: UnfinishedKind::Case(*kind),
            path: form.path.to_owned(),
            key: draft.key,
            saved_at: draft.saved_at,
            kept_until: Some(draft.kept_until),
            values: draft.values,
        })
    });
    Ok(unfinished.collect())
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
        kept_until: None,
        values: Values::default(),
    }))
}

/// The bank's answers, without messages that repeat what the customer did.
fn newest_answers(unread: Vec<Message>) -> Vec<Message> {
    let mut answers: Vec<Message> = Vec::new();
    for message in unread {
        let own = kinds::of_message(&message.kind).is_some_and(|(ui, what)| ui.is_echo(what));
        let known = answers.iter().any(|newer| newer.case_number == message.case_number);
        if !own && !known && message.case_number.is_some() {
            answers.push(message);
        }
    }
    answers
}
