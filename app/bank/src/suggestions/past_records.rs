//! Suggestions of the generated past of a demo bank, inserted many at a time.

use super::model::{Category, Judgement};
use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;

/// A suggestion of the past.
#[derive(Clone, Debug)]
pub struct PastSuggestion {
    pub number: String,
    pub customer_id: String,
    pub category: Category,
    pub content: &'static str,
    /// Judgement, reason and thanks.
    pub answer: Option<(Judgement, &'static str, &'static str)>,
}

pub async fn insert_past_suggestions(tx: &mut Tx, suggestions: &[PastSuggestion]) -> Result<(), Failure> {
    let row = |suggestion: &PastSuggestion| {
        let answer = suggestion.answer;
        args![
            &suggestion.number,
            &suggestion.customer_id,
            suggestion.category.code(),
            suggestion.content,
            answer.map(|(judgement, ..)| judgement.code()),
            answer.map(|(_, reason, _)| reason),
            answer.map(|(.., thanks)| thanks)
        ]
    };
    let rows: Vec<_> = suggestions.iter().map(row).collect();
    let into = "INSERT INTO suggestions (case_number, customer_id, category, content, judgement, reason, thanks)";
    tx.insert_rows(into, &rows, "").await
}
