//! A customer's operations on surveys: list, fill in over several pages and devices, submit, and change until the survey
//! closes. The draft is the form's state; a response is one row per survey version and customer.

use aws_lc_rs::digest;
use scoped_futures::ScopedFutureExt;

use super::form::declared;
use super::model::{Answers, FOR_RECOMMENDATIONS, SURVEY_VERSION, Survey, SurveyRefusal};
use super::parameters::SurveyParameters;
use super::read::{SurveyLimits, read_answers, values_of};
use super::records;
use super::rules::{SurveyChange, SurveyNeed, answers_for_advice, changes, ensure_open, kept};
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{
    self, AttemptOutcome, Form, FormRow, FormState, Post, SubmitConflict, SubmitHandler, SubmitOutcome, SubmittedForm, Values,
};
use crate::kernel::ids::Key;
use crate::kernel::time::At;
use crate::recommendations::ChosenAnswer;
use crate::sessions::Customer;

/// A published survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The version in force.
    pub survey: Survey,
    /// Answers are accepted before this time only.
    pub closes_at: At,
}

/// The submitted answers of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Only answers to questions that were shown.
    pub answers: Answers,
    /// Whether the answers may be used for recommendations.
    pub for_recommendations: bool,
    /// Time of the last submission.
    pub submitted_at: At,
}

/// The form to show for a key.
#[derive(Clone, Debug)]
pub enum Opened {
    /// The form is open.
    Form(Box<SurveyForm>),
    /// The form under this key has been submitted already.
    Submitted,
}

/// An open form.
#[derive(Clone, Debug)]
pub struct SurveyForm {
    pub form: Form,
    /// Its idempotency key.
    pub key: Key,
    /// The draft, or the submitted answers to change.
    pub state: FormState,
    /// When the draft was last saved; `None` if nothing has been typed under this key.
    pub saved_at: Option<At>,
    /// The earlier submission, if there is one.
    pub response: Option<Response>,
    /// Changes of the survey since the draft was typed.
    pub changes: Vec<SurveyChange>,
}

/// The newest version of each survey, including closed ones, the earliest closing time first.
pub async fn list(bank: &Bank) -> Result<Vec<Published>, Failure> {
    records::list_newest(&mut bank.read().await?).await
}

/// The newest version of one survey.
pub async fn published(bank: &Bank, code: &str) -> Result<Option<Published>, Failure> {
    records::find_newest(&mut bank.read().await?, code).await
}

/// The customer's response to this version.
pub async fn response(bank: &Bank, customer: &Customer, survey: &Survey) -> Result<Option<Response>, Failure> {
    records::find_response(&mut bank.read().await?, customer.customer_id(), survey).await
}

/// The idempotency key under which a need becomes a suggestion. It is derived from customer, survey version and text, so
/// that reopening the page or submitting the survey again with the same need leads to the existing suggestion.
pub fn need_key(customer: &Customer, survey: &Survey, need: &SurveyNeed) -> Key {
    let whose = format!("{} {} {} {}", customer.customer_id(), survey.code, survey.version, need.text.trim());
    let digest = digest::digest(&digest::SHA256, whose.as_bytes());
    Key::from_digest(digest.as_ref())
}

/// The options that may be used for recommendations: only of responses with that tick.
pub async fn advice_answers(bank: &Bank, customer: &Customer) -> Result<Vec<ChosenAnswer>, Failure> {
    let answered = records::list_for_recommendations(&mut bank.read().await?, customer.customer_id()).await?;
    Ok(answered.iter().flat_map(|(survey, answers)| answers_for_advice(survey, answers, true)).collect())
}

/// The limits of free texts in force today.
pub async fn limits(bank: &Bank) -> Result<SurveyLimits, Failure> {
    Ok(SurveyLimits::from(&reference(bank).await?.parameters::<SurveyParameters>("", bank.now().day())))
}

/// A survey's form for a customer. It starts from the submitted answers, so that changing one page keeps the others.
pub async fn form(bank: &Bank, customer: &Customer, published: &Published) -> Result<Form, Failure> {
    let response = response(bank, customer, &published.survey).await?;
    Ok(form_with(published, response.as_ref()))
}

fn form_with(Published { survey, closes_at }: &Published, response: Option<&Response>) -> Form {
    let begins_with = response.map(|response| typed(survey, response)).unwrap_or_default();
    Form { begins_with, ..declared(survey, *closes_at) }
}

/// The form to show: under the key of the URL, otherwise the current draft (from any device), otherwise the submitted
/// answers, otherwise an empty form. Only reads.
pub async fn open_form(bank: &Bank, customer: &Customer, published: &Published, key: Option<Key>) -> Result<Opened, Failure> {
    let response = response(bank, customer, &published.survey).await?;
    let form = form_with(published, response.as_ref());
    let draft = forms::latest_draft(bank, customer.user_id(), &form).await?;
    // A draft older than the last submission would restore outdated answers.
    let newer = draft.filter(|draft| response.as_ref().is_none_or(|response| draft.saved_at > response.submitted_at));
    let key = match (key, &newer) {
        (Some(key), _) => key,
        (None, Some(draft)) => draft.key.clone(),
        (None, None) => forms::fresh_key(bank)?,
    };
    let saved_at = newer.filter(|draft| draft.key == key).map(|draft| draft.saved_at);
    let row = FormRow { owner: customer.user_id(), form: &form, key: &key };
    Ok(match forms::find_form(bank, row).await? {
        Some(FormState { case_number: Some(_), .. }) => Opened::Submitted,
        Some(state) => {
            let changes = changes_since(bank, &published.survey, &state.shown(&form)).await?;
            Opened::Form(Box::new(SurveyForm { form: form.clone(), key, state, saved_at, response, changes }))
        }
        None => {
            let state = form.blank();
            Opened::Form(Box::new(SurveyForm { form, key, state, saved_at: None, response, changes: Vec::new() }))
        }
    })
}

/// Changes since the survey version under which a draft was typed.
async fn changes_since(bank: &Bank, survey: &Survey, draft: &Values) -> Result<Vec<SurveyChange>, Failure> {
    let typed_under = draft.filled(SURVEY_VERSION).and_then(|version| version.parse::<i64>().ok());
    let Some(version) = typed_under.filter(|version| *version < survey.version) else { return Ok(Vec::new()) };
    let older = records::find_version(&mut bank.read().await?, &survey.code, version).await?;
    Ok(older.map(|older| changes(&older, survey)).unwrap_or_default())
}

/// The form values of a response.
fn typed(survey: &Survey, response: &Response) -> Values {
    let mut values = values_of(survey, &response.answers);
    if response.for_recommendations {
        values.set(FOR_RECOMMENDATIONS, "yes");
    }
    values
}

/// Submits the answers: form row, response and audit entry in one transaction. A repeated post under the same key changes
/// nothing; a later submission under another key updates the same response. A survey has no case, so the form row refers to
/// the survey's code instead of a case number.
pub async fn submit(
    bank: &Bank,
    customer: &Customer,
    published: &Published,
    form: &Form,
    post: &Post,
) -> Result<SubmitOutcome<SurveyRefusal>, Failure> {
    forms::submit(bank, post.row(customer.user_id(), form), post, &SurveySubmission { bank, customer, published }).await
}

/// A customer's submission of a survey.
struct SurveySubmission<'b> {
    bank: &'b Bank,
    customer: &'b Customer,
    published: &'b Published,
}

impl SubmitHandler for SurveySubmission<'_> {
    type Refusal = SurveyRefusal;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<SurveyRefusal>, Rejected<SubmitConflict>> {
        let (bank, customer) = (self.bank, self.customer);
        let Published { survey, closes_at } = self.published;
        let now = bank.now();
        if let Err(refusal) = ensure_open(*closes_at, now) {
            return Ok(AttemptOutcome::Refused(refusal));
        }
        let answers = match read_answers(survey, &submitted.values, limits(bank).await?) {
            Ok(answers) => answers,
            Err(refusals) => return Ok(refusals.into_iter().next().map_or(AttemptOutcome::Open, AttemptOutcome::Refused)),
        };
        let response = Response {
            answers: kept(survey, &answers),
            for_recommendations: submitted.values.ticked(FOR_RECOMMENDATIONS),
            submitted_at: now,
        };
        bank.write("submit_survey", |tx| {
            let response = &response;
            async move {
                let state = submitted.lock(tx).await?;
                if !records::upsert_response(tx, customer.customer_id(), survey, response).await? {
                    // The survey was closed since the form was validated.
                    return Err(Rejected::Refused(SubmitConflict::LostRace));
                }
                insert_audit(tx, &customer.actor(), "submit_survey", &survey.code, "ok").await?;
                submitted.finish(tx, state, &survey.code).await?;
                Ok(())
            }
            .scope_boxed()
        })
        .await?;
        Ok(AttemptOutcome::Booked(survey.code.clone()))
    }

    fn changed(&self) -> Option<SurveyRefusal> {
        Some(SurveyRefusal::Closed { at: self.published.closes_at })
    }
}
