//! What `lobby check` verifies of receptions: reserved places are the live applications.

use crate::cases::live;
use crate::kernel::check::{Checking, Examination};

/// Checks all applications and slots.
pub(super) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let slots = "SELECT s.reception_id || '/' || s.slot FROM reception_slots s WHERE s.reserved <> \
                     (SELECT COUNT(*) FROM reception_applications a WHERE a.live AND a.reception_id = s.reception_id \
                     AND a.slot = s.slot)";
        exam.none("reception_slots", "reserved is not the number of live applications", slots).await?;
        let without = "SELECT a.case_number FROM reception_applications a WHERE a.live AND NOT EXISTS \
                       (SELECT 1 FROM reception_slots s WHERE s.reception_id = a.reception_id AND s.slot = a.slot)";
        exam.none("reception_applications", "the live application holds no place", without).await?;
        let live = live();
        let ended = format!(
            "SELECT a.case_number FROM reception_applications a JOIN cases k ON k.number = a.case_number \
             WHERE (a.live AND NOT {live}) OR (NOT a.live AND {live})"
        );
        exam.none("reception_applications", "its mark as live does not fit the state of its case", ended).await?;
        let other = "SELECT a.case_number FROM reception_applications a JOIN cases k ON k.number = a.case_number \
                     WHERE k.kind <> 'reception' OR k.customer_id <> a.customer_id";
        exam.none("reception_applications", "kind or customer differ from its case", other).await?;
        let missing = "SELECT k.number FROM cases k WHERE k.kind = 'reception' AND NOT EXISTS \
                       (SELECT 1 FROM reception_applications a WHERE a.case_number = k.number)";
        exam.none("cases", "the case has no application", missing).await
    })
}
