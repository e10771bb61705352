//! What `lobby check` verifies of suggestions.

use crate::kernel::check::{Checking, Examination};

/// Every case has its text, and an answered one its judgement.
pub(super) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let missing = "SELECT k.number FROM cases k WHERE k.kind = 'suggestion' AND NOT EXISTS \
                       (SELECT 1 FROM suggestions s WHERE s.case_number = k.number)";
        exam.none("cases", "the case has no suggestion", missing).await?;
        let other = "SELECT s.case_number FROM suggestions s JOIN cases k ON k.number = s.case_number \
                     WHERE k.kind <> 'suggestion' OR k.customer_id <> s.customer_id";
        exam.none("suggestions", "kind or customer differ from its case", other).await?;
        let judged = "SELECT s.case_number FROM suggestions s JOIN cases k ON k.number = s.case_number \
                      WHERE (s.judgement IS NULL) <> (k.waiting)";
        exam.none("suggestions", "its judgement does not fit the state of its case", judged).await
    })
}
