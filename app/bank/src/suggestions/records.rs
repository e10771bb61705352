//! Rows of `suggestions`, which belong to a case of this kind.

use sqlx::FromRow;

use super::model::{AnswerText, Category, Judgement, SuggestionText};
use super::operations::Suggestion;
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;

#[derive(FromRow)]
struct SuggestionRow {
    category: String,
    content: String,
    judgement: Option<String>,
    reason: Option<String>,
    thanks: Option<String>,
}

impl SuggestionRow {
    fn read(self) -> Result<Suggestion, Failure> {
        let category = Category::parse(&self.category).ok_or_else(|| Failure::stored("suggestions.category", &self.category))?;
        let judgement = self.judgement.as_deref().and_then(Judgement::parse);
        let answer = judgement.map(|judgement| AnswerText {
            judgement,
            reason: self.reason.unwrap_or_default(),
            thanks: self.thanks.unwrap_or_default(),
        });
        Ok(Suggestion { text: SuggestionText { category, content: self.content }, answer })
    }
}

pub(super) async fn find_suggestion(conn: &mut Conn, number: &str) -> Result<Option<Suggestion>, Failure> {
    let sql = "SELECT category, content, judgement, reason, thanks FROM suggestions WHERE case_number = $1";
    let row: Option<SuggestionRow> = conn.fetch_optional(sql, args![number]).await?;
    row.map(SuggestionRow::read).transpose()
}

pub(super) async fn insert_suggestion(
    tx: &mut Tx,
    customer_id: &str,
    number: &str,
    text: &SuggestionText,
) -> Result<(), Failure> {
    let sql = "INSERT INTO suggestions (case_number, customer_id, category, content) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, args![number, customer_id, text.category.code(), &text.content]).await?;
    Ok(())
}

/// Stores the answer.
pub(super) async fn answer_suggestion(tx: &mut Tx, number: &str, answer: &AnswerText) -> Result<(), Failure> {
    let sql = "UPDATE suggestions SET judgement = $2, reason = $3, thanks = $4 WHERE case_number = $1";
    tx.execute(sql, args![number, answer.judgement.code(), &answer.reason, &answer.thanks]).await?;
    Ok(())
}
