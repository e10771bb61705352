//! What `lobby check` verifies of a founding: a founded bank has its names and contacts.

use super::FOUNDED;
use crate::args;
use crate::kernel::check::{Checking, Examination};

/// Checks that a founded bank has one row of details.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let sql = "SELECT f.name FROM facts f WHERE f.name = $1 AND (SELECT COUNT(*) FROM bank_details) <> 1";
        exam.none_with("facts", "the bank is founded and does not have one row in bank_details", sql, args![FOUNDED]).await
    })
}
