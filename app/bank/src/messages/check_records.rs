//! What `lobby check` verifies of the outbox.

use crate::kernel::check::{Checking, Examination};
use crate::kernel::language::Language;

/// Checks all messages.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let other = "SELECT m.id FROM outbox m JOIN cases k ON k.number = m.case_number WHERE k.customer_id <> m.customer_id";
        exam.none("outbox", "the message is about another customer's case", other).await?;
        let both = "SELECT id FROM outbox WHERE sent_at IS NOT NULL AND dead_at IS NOT NULL";
        exam.none("outbox", "the message is both sent and given up", both).await?;
        exam.each("SELECT id, language, details FROM outbox", |(id, tag, details): (String, String, String), _, findings| {
            if Language::parse(&tag).is_none() || serde_json::from_str::<serde_json::Value>(&details).is_err() {
                findings.add("outbox", id, "language or details cannot be read");
            }
        })
        .await
    })
}
