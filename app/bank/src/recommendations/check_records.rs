//! What `lobby check` verifies of recommendations: stored documents can be read, gate decisions are append-only.

use super::facts::Assessment;
use super::inputs::Inputs;
use super::model::Product;
use crate::kernel::check::{Checking, Examination};

/// Checks products, assessments and gate decisions.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        exam.append_only("gate_decisions").await?;
        exam.each("SELECT code, definition FROM products ORDER BY code", |(code, text): (String, String), _, findings| {
            if serde_json::from_str::<Product>(&text).is_err() {
                findings.add("products", code, "definition cannot be read");
            }
        })
        .await?;
        exam.each("SELECT id, definition FROM assessments ORDER BY id", |(id, text): (String, String), _, findings| {
            if serde_json::from_str::<Assessment>(&text).is_err() {
                findings.add("assessments", id, "definition cannot be read");
            }
        })
        .await?;
        exam.each("SELECT id, inputs FROM gate_decisions ORDER BY id", |(id, text): (String, String), _, findings| {
            if serde_json::from_str::<Inputs>(&text).is_err() {
                findings.add("gate_decisions", id, "inputs cannot be read");
            }
        })
        .await
    })
}
