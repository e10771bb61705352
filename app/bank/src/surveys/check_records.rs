//! What `lobby check` verifies of surveys: definitions and answers can be read.

use super::model::{Answers, Survey};
use crate::kernel::check::{Checking, Examination};

/// Checks all surveys and responses.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let sql = "SELECT code || '/' || CAST(version AS TEXT), definition FROM surveys ORDER BY code, version";
        exam.each(sql, |(id, definition): (String, String), _, findings| {
            if serde_json::from_str::<Survey>(&definition).is_err() {
                findings.add("surveys", id, "definition cannot be read");
            }
        })
        .await?;
        let sql =
            "SELECT survey_code || '/' || CAST(survey_version AS TEXT) || '/' || customer_id, answers FROM survey_responses";
        exam.each(sql, |(id, answers): (String, String), _, findings| {
            if serde_json::from_str::<Answers>(&answers).is_err() {
                findings.add("survey_responses", id, "answers cannot be read");
            }
        })
        .await
    })
}
