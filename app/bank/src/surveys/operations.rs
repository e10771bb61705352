//! What a customer does with a survey: see what is open, fill it in over several pages and devices, submit, change it
//! until it closes. The draft is the form state; the response is the one row per version and customer.

use aws_lc_rs::digest;
use scoped_futures::ScopedFutureExt;

use super::model::{Answers, FOR_RECOMMENDATIONS, SURVEY_VERSION, Survey, SurveyRefusal};
use super::read::{SurveyLimits, read_answers, values_of};
use super::records;
use super::rules::{Change, Need, answers_for_advice, changes, ensure_open, kept};
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{self, FormRow, FormState, FormStates, KeyOf, Taken, Values};
use crate::kernel::ids::Key;
use crate::kernel::time::At;
use crate::recommendations::ChosenAnswer;
use crate::sessions::Customer;

/// A survey as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The version in force.
    pub survey: Survey,
    /// From then on no answer is taken or changed.
    pub closes_at: At,
}

/// What a customer has submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The answers to questions that showed.
    pub answers: Answers,
    /// Whether they may feed recommendations.
    pub for_recommendations: bool,
    /// When they were last submitted.
    pub submitted_at: At,
}

/// A survey's form as it is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// To be filled in.
    Form(Box<Filling>),
    /// What stood under this key has been submitted.
    Submitted,
    /// The key is somebody else's.
    NotYours,
}

/// A form that is being filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// Its key.
    pub key: String,
    /// What it holds: the draft, or the submitted answers to be changed.
    pub state: FormState,
    /// When the draft was last saved; `None` while nothing has been typed under this key.
    pub saved_at: Option<At>,
    /// What was submitted before, if anything.
    pub response: Option<Response>,
    /// What the survey asks otherwise since the draft was typed.
    pub changes: Vec<Change>,
}

/// The form's name for a survey of this code; `None` where there is no such survey.
pub fn form_of(code: &str) -> Option<&'static str> {
    (code == "needs-2026").then_some("surveys/needs-2026")
}

fn row(customer: &Customer, survey: &Survey, key: &str) -> Result<FormRow, Failure> {
    let form = form_of(&survey.code).ok_or_else(|| Failure::stored("surveys.code", &survey.code))?;
    Ok(FormRow { owner: customer.user_id().to_owned(), form, key: key.to_owned() })
}

/// The newest version of every survey, the one that closes first at the top; closed ones are there too.
pub async fn list(bank: &Bank) -> Result<Vec<Published>, Failure> {
    let mut known = records::list_newest(&mut bank.read().await?).await?;
    known.retain(|published| form_of(&published.survey.code).is_some());
    Ok(known)
}

/// The newest version of one survey.
pub async fn published(bank: &Bank, code: &str) -> Result<Option<Published>, Failure> {
    if form_of(code).is_none() {
        return Ok(None);
    }
    records::find_newest(&mut bank.read().await?, code).await
}

/// What the customer has submitted to this version.
pub async fn response(bank: &Bank, customer: &Customer, survey: &Survey) -> Result<Option<Response>, Failure> {
    records::find_response(&mut bank.read().await?, customer.customer_id(), survey).await
}

/// The key under which a need becomes a suggestion: the same as long as its words are, so that the page opened again
/// tomorrow, or the survey sent once more with the same need, leads to the suggestion there is.
pub fn need_key(customer: &Customer, survey: &Survey, need: &Need) -> String {
    let whose = format!("{} {} {} {}", customer.customer_id(), survey.code, survey.version, need.text.trim());
    let digest = digest::digest(&digest::SHA256, whose.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    Key::generate(bytes).as_str().to_owned()
}

/// The options the customer lets recommendations use: of responses with that purpose ticked, and no others.
pub async fn advice_answers(bank: &Bank, customer: &Customer) -> Result<Vec<ChosenAnswer>, Failure> {
    let answered = records::list_for_recommendations(&mut bank.read().await?, customer.customer_id()).await?;
    Ok(answered.iter().flat_map(|(survey, answers)| answers_for_advice(survey, answers, true)).collect())
}

/// The limits of free texts in force today.
pub async fn limits(bank: &Bank) -> Result<SurveyLimits, Failure> {
    Ok(SurveyLimits::from(&reference(bank).await?.parameters("", bank.now().day())))
}

/// The form to show: under the address's key, else the draft that is going on (on whatever device it was begun), else
/// what was submitted, else an empty one. Nothing is written.
pub async fn open_form(bank: &Bank, customer: &Customer, survey: &Survey, key: Option<&str>) -> Result<Opened, Failure> {
    let response = response(bank, customer, survey).await?;
    let draft = forms::latest_draft(bank, customer.user_id(), row(customer, survey, "")?.form).await?;
    // A draft left behind by a later submission would bring old answers back.
    let newer = draft.filter(|draft| response.as_ref().is_none_or(|response| draft.saved_at > response.submitted_at));
    let key = match (key, &newer) {
        (Some(key), _) => key.to_owned(),
        (None, Some(draft)) => draft.key.clone(),
        (None, None) => forms::fresh_key(bank)?,
    };
    let saved_at = newer.filter(|draft| draft.key == key).map(|draft| draft.saved_at);
    Ok(match forms::find_form(bank, &row(customer, survey, &key)?).await? {
        KeyOf::Mine(FormState { case_number: Some(_), .. }) => Opened::Submitted,
        KeyOf::Mine(state) => {
            let changes = changes_since(bank, survey, &state.values).await?;
            Opened::Form(Box::new(Filling { key, state, saved_at, response, changes }))
        }
        KeyOf::Nobody => {
            let values = response.as_ref().map(|response| typed(survey, response)).unwrap_or_default();
            let state = FormState { values, ..FormState::default() };
            Opened::Form(Box::new(Filling { key, state, response, ..Filling::default() }))
        }
        KeyOf::Another => Opened::NotYours,
    })
}

/// What has changed since the version a draft says it was typed under.
async fn changes_since(bank: &Bank, survey: &Survey, draft: &Values) -> Result<Vec<Change>, Failure> {
    let typed_under = draft.filled(SURVEY_VERSION).and_then(|version| version.parse::<i64>().ok());
    let Some(version) = typed_under.filter(|version| *version < survey.version) else { return Ok(Vec::new()) };
    let older = records::find_version(&mut bank.read().await?, &survey.code, version).await?;
    Ok(older.map(|older| changes(&older, survey)).unwrap_or_default())
}

/// A response as the form would have posted it.
fn typed(survey: &Survey, response: &Response) -> Values {
    let mut values = values_of(survey, &response.answers);
    if response.for_recommendations {
        values.set(FOR_RECOMMENDATIONS, "yes");
    }
    values
}

/// The first post under a new key carries the submitted answers along, so that changing one page loses no other.
async fn seeded(bank: &Bank, customer: &Customer, survey: &Survey, row: &FormRow, posted: &Values) -> Result<Values, Failure> {
    if !matches!(forms::find_form(bank, row).await?, KeyOf::Nobody) {
        return Ok(posted.clone());
    }
    let Some(response) = response(bank, customer, survey).await? else { return Ok(posted.clone()) };
    let offered = posted.offered();
    let mut values = typed(survey, &response);
    values.0.retain(|(name, _)| !offered.contains(name) && !posted.has(name));
    values.0.extend(posted.0.iter().cloned());
    Ok(values)
}

/// Stores a page of the form.
pub async fn post_step(
    bank: &Bank,
    customer: &Customer,
    survey: &Survey,
    key: &str,
    version: Option<i64>,
    posted: &Values,
) -> Result<Taken, Failure> {
    let row = row(customer, survey, key)?;
    let posted = seeded(bank, customer, survey, &row, posted).await?;
    forms::post_form(bank, &row, version, &posted).await
}

/// Saves while typing.
pub async fn save_draft(
    bank: &Bank,
    customer: &Customer,
    survey: &Survey,
    key: &str,
    version: Option<i64>,
    typed: &Values,
) -> Result<Taken, Failure> {
    let row = row(customer, survey, key)?;
    let typed = seeded(bank, customer, survey, &row, typed).await?;
    forms::save_draft(bank, &row, version, &typed).await
}

/// Submits the answers: the form's key, the response and the audit entry in one transaction. Under the same key again
/// nothing happens; a later submission under another key changes the one response.
pub async fn submit(
    bank: &Bank,
    customer: &Customer,
    published: &Published,
    key: &str,
    version: Option<i64>,
    posted: &Values,
) -> Result<Taken, Rejected<SurveyRefusal>> {
    let Published { survey, closes_at } = published;
    let row = row(customer, survey, key)?;
    let posted = seeded(bank, customer, survey, &row, posted).await?;
    let limits = limits(bank).await?;
    let now = bank.now();
    bank.write("submit_survey", |tx| {
        let (row, posted) = (&row, &posted);
        async move {
            let state = match FormStates(bank.seal()).take(tx, row, version, posted, now).await? {
                Taken::Fresh(state) => state,
                elsewhere => return Ok(elsewhere),
            };
            ensure_open(*closes_at, now).map_err(Rejected::Refused)?;
            let answers = read_answers(survey, &state.values, limits).map_err(first)?;
            let response = Response {
                answers: kept(survey, &answers),
                for_recommendations: state.values.ticked(FOR_RECOMMENDATIONS),
                submitted_at: now,
            };
            if !records::upsert_response(tx, customer.customer_id(), survey, &response).await? {
                return Err(Rejected::Refused(SurveyRefusal::Closed { at: *closes_at }));
            }
            insert_audit(tx, &customer.actor(), "submit_survey", &survey.code, "ok").await?;
            // What the form became; a survey has no case.
            FormStates(bank.seal()).finish(tx, row, state.clone(), &survey.code, now).await?;
            Ok(Taken::Fresh(state))
        }
        .scope_boxed()
    })
    .await
}

/// The page shows every refusal; the transaction needs one.
fn first(refusals: Vec<SurveyRefusal>) -> Rejected<SurveyRefusal> {
    match refusals.into_iter().next() {
        Some(refusal) => Rejected::Refused(refusal),
        None => Rejected::Unexpected(Failure::Host("answers refused without a refusal".to_owned())),
    }
}
