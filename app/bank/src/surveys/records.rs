//! Rows of `surveys` and `survey_responses`. The text of a published version is never updated. A response is one row per
//! version and customer; the statement that writes it checks that the survey is still open.

use sqlx::FromRow;

use super::entry::SurveyEntry;
use super::model::{Answers, Survey};
use super::operations::{Published, Response};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;

#[derive(FromRow)]
struct SurveyRow {
    definition: String,
    closes_at: i64,
}

#[derive(FromRow)]
struct ResponseRow {
    answers: String,
    for_recommendations: bool,
    submitted_at: i64,
}

#[derive(FromRow)]
struct AnsweredRow {
    definition: String,
    answers: String,
}

fn survey(definition: &str) -> Result<Survey, Failure> {
    serde_json::from_str(definition).map_err(|e| Failure::stored("surveys.definition", e))
}

fn answers(text: &str) -> Result<Answers, Failure> {
    serde_json::from_str(text).map_err(|e| Failure::stored("survey_responses.answers", e))
}

impl SurveyRow {
    fn read(self) -> Result<Published, Failure> {
        Ok(Published { survey: survey(&self.definition)?, closes_at: At(self.closes_at) })
    }
}

/// Publishes one version of a survey, open until `closes_at`.
pub async fn insert_survey(tx: &mut Tx, survey: &Survey, closes_at: At) -> Result<(), Failure> {
    let definition = serde_json::to_string(survey).map_err(|e| Failure::stored("surveys.definition", e))?;
    let sql = "INSERT INTO surveys (code, version, definition, closes_at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, args![&survey.code, survey.version, definition, closes_at.0]).await?;
    Ok(())
}

/// Publishes a version, or changes its last day. A version that stands with another text is refused.
pub async fn put_survey(tx: &mut Tx, entry: &SurveyEntry) -> Result<Put, Rejected<Vec<EntryRefusal>>> {
    let (code, version) = (&entry.survey.code, entry.survey.version);
    let sql = "SELECT definition, closes_at FROM surveys WHERE code = $1 AND version = $2";
    let stored: Option<SurveyRow> = tx.fetch_optional(sql, args![code, version]).await?;
    let closes_at = entry.closes_at();
    match stored.map(SurveyRow::read).transpose()? {
        None => {
            insert_survey(tx, &entry.survey, closes_at).await?;
            Ok(Put::Inserted)
        }
        Some(stored) if stored.survey != entry.survey => {
            Err(Rejected::Refused(vec![EntryRefusal { column: "definition", rule: EntryRule::CannotChange }]))
        }
        Some(stored) if stored.closes_at == closes_at => Ok(Put::Unchanged),
        Some(_) => {
            let sql = "UPDATE surveys SET closes_at = $3 WHERE code = $1 AND version = $2";
            tx.execute(sql, args![code, version, closes_at.0]).await?;
            Ok(Put::Changed)
        }
    }
}

/// The newest version of each survey.
pub(super) async fn list_newest(conn: &mut Conn) -> Result<Vec<Published>, Failure> {
    let sql = "SELECT s.definition, s.closes_at FROM surveys s \
               WHERE s.version = (SELECT MAX(v.version) FROM surveys v WHERE v.code = s.code) ORDER BY s.closes_at, s.code";
    let rows: Vec<SurveyRow> = conn.fetch_all(sql, Vec::new()).await?;
    rows.into_iter().map(SurveyRow::read).collect()
}

/// The newest version of one survey.
pub(super) async fn find_newest(conn: &mut Conn, code: &str) -> Result<Option<Published>, Failure> {
    let sql = "SELECT definition, closes_at FROM surveys WHERE code = $1 ORDER BY version DESC LIMIT 1";
    let row: Option<SurveyRow> = conn.fetch_optional(sql, args![code]).await?;
    row.map(SurveyRow::read).transpose()
}

/// One version of a survey.
pub(super) async fn find_version(conn: &mut Conn, code: &str, version: i64) -> Result<Option<Survey>, Failure> {
    let sql = "SELECT definition, closes_at FROM surveys WHERE code = $1 AND version = $2";
    let row: Option<SurveyRow> = conn.fetch_optional(sql, args![code, version]).await?;
    row.map(|row| survey(&row.definition)).transpose()
}

/// The customer's response to this version.
pub(super) async fn find_response(conn: &mut Conn, customer_id: &str, survey: &Survey) -> Result<Option<Response>, Failure> {
    let sql = "SELECT answers, for_recommendations, submitted_at FROM survey_responses \
               WHERE customer_id = $1 AND survey_code = $2 AND survey_version = $3";
    let row: Option<ResponseRow> = conn.fetch_optional(sql, args![customer_id, &survey.code, survey.version]).await?;
    row.map(|row| {
        Ok(Response {
            answers: answers(&row.answers)?,
            for_recommendations: row.for_recommendations,
            submitted_at: At(row.submitted_at),
        })
    })
    .transpose()
}

/// For each survey the customer's newest response with its definition, if that response may be used for recommendations.
/// Removing the tick in a newer response thus also withdraws older ones.
pub(super) async fn list_for_recommendations(conn: &mut Conn, customer_id: &str) -> Result<Vec<(Survey, Answers)>, Failure> {
    let sql = "SELECT s.definition, r.answers FROM survey_responses r \
               JOIN surveys s ON s.code = r.survey_code AND s.version = r.survey_version \
               WHERE r.customer_id = $1 AND r.for_recommendations AND r.survey_version = \
               (SELECT MAX(n.survey_version) FROM survey_responses n WHERE n.customer_id = r.customer_id AND n.survey_code = r.survey_code) \
               ORDER BY r.submitted_at DESC, r.survey_code";
    let rows: Vec<AnsweredRow> = conn.fetch_all(sql, args![customer_id]).await?;
    rows.into_iter().map(|row| Ok((survey(&row.definition)?, answers(&row.answers)?))).collect()
}

/// Stores the customer's response to this version if the survey is still open; otherwise returns `false`.
pub(super) async fn upsert_response(
    tx: &mut Tx,
    customer_id: &str,
    survey: &Survey,
    response: &Response,
) -> Result<bool, Failure> {
    let answers = serde_json::to_string(&response.answers).map_err(|e| Failure::stored("survey_responses.answers", e))?;
    let sql = "INSERT INTO survey_responses (survey_code, survey_version, customer_id, answers, for_recommendations, submitted_at) \
               SELECT code, version, $3, $4, $5, CAST($6 AS BIGINT) FROM surveys WHERE code = $1 AND version = $2 AND closes_at > $6 \
               ON CONFLICT (survey_code, survey_version, customer_id) DO UPDATE SET answers = EXCLUDED.answers, \
               for_recommendations = EXCLUDED.for_recommendations, submitted_at = EXCLUDED.submitted_at";
    let args = args![&survey.code, survey.version, customer_id, answers, response.for_recommendations, response.submitted_at.0];
    Ok(tx.execute(sql, args).await? == 1)
}
