//! What `lobby check` verifies of cash bookings: reserved capacity is the sum of the live bookings.

use crate::appointments::cash::model::Denomination;
use crate::cases::live;
use crate::kernel::check::{Checking, Examination};

/// Checks all cash bookings and the capacity of all days.
pub fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let slots = "SELECT s.branch_id || '/' || s.day || '/' || s.slot FROM cash_slots s WHERE s.reserved <> \
                     (SELECT COUNT(*) FROM cash_appointments b WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day \
                     AND b.slot = s.slot) + (SELECT COUNT(*) FROM case_proposals p JOIN cash_appointments b \
                     ON b.case_number = p.case_number WHERE p.branch_id = s.branch_id AND p.day = s.day AND p.slot = s.slot)";
        exam.none("cash_slots", "reserved is not the number of live bookings and proposals", slots).await?;
        let totals = format!("SELECT t.branch_id || '/' || t.day FROM cash_totals t WHERE t.reserved <> {}", held("amount", "t"));
        exam.none("cash_totals", "reserved is not the sum of the live bookings and proposals", totals).await?;
        for table in ["cash_slots", "cash_totals"] {
            let slot = if table == "cash_slots" { " AND s.slot = b.slot" } else { "" };
            let without = format!(
                "SELECT b.case_number FROM cash_appointments b WHERE b.live AND NOT EXISTS \
                 (SELECT 1 FROM {table} s WHERE s.branch_id = b.branch_id AND s.day = b.day{slot})"
            );
            exam.none("cash_appointments", &format!("the live booking holds nothing in {table}"), without).await?;
        }
        for note in Denomination::ALL.map(Denomination::yuan) {
            let notes = format!(
                "SELECT n.branch_id || '/' || n.day || '/{note}' FROM cash_notes n WHERE n.denomination = {note} AND n.reserved <> {}",
                held(&format!("notes_{note}"), "n")
            );
            exam.none("cash_notes", "reserved is not the sum of the live bookings and proposals", notes).await?;
            let without = format!(
                "SELECT b.case_number FROM cash_appointments b WHERE b.live AND b.notes_{note} > 0 AND NOT EXISTS \
                 (SELECT 1 FROM cash_notes n WHERE n.branch_id = b.branch_id AND n.day = b.day AND n.denomination = {note})"
            );
            exam.none("cash_appointments", "the live booking holds nothing in cash_notes", without).await?;
        }
        let live = live();
        let ended = format!(
            "SELECT b.case_number FROM cash_appointments b JOIN cases k ON k.number = b.case_number \
             WHERE (b.live AND NOT {live}) OR (NOT b.live AND {live})"
        );
        exam.none("cash_appointments", "its mark as live does not fit the state of its case", ended).await?;
        let other = "SELECT b.case_number FROM cash_appointments b JOIN cases k ON k.number = b.case_number \
                     WHERE k.kind <> 'cash' OR k.customer_id <> b.customer_id OR k.branch_id <> b.branch_id OR k.amount <> b.amount";
        exam.none("cash_appointments", "kind, customer, branch or amount differ from its case", other).await?;
        let missing = "SELECT k.number FROM cases k WHERE k.kind = 'cash' AND NOT EXISTS \
                       (SELECT 1 FROM cash_appointments b WHERE b.case_number = k.number)";
        exam.none("cases", "the case has no booking", missing).await?;
        let paid = "SELECT k.number FROM cases k WHERE k.kind = 'cash' AND k.state = 'completed' AND NOT EXISTS \
                    (SELECT 1 FROM cash_register r WHERE r.case_number = k.number)";
        exam.none("cash_register", "the booking is paid out and not in the register", paid).await?;
        let unpaid =
            "SELECT r.case_number FROM cash_register r JOIN cases k ON k.number = r.case_number WHERE k.state <> 'completed'";
        exam.none("cash_register", "the booking is in the register and not paid out", unpaid).await
    })
}

/// What live bookings hold of a day, the row of this alias: the sum of their column, and of those whose proposed other place is
/// on another day.
fn held(column: &str, day: &str) -> String {
    format!(
        "((SELECT COALESCE(SUM(b.{column}), 0) FROM cash_appointments b WHERE b.live AND b.branch_id = {day}.branch_id \
         AND b.day = {day}.day) + (SELECT COALESCE(SUM(b.{column}), 0) FROM case_proposals p JOIN cash_appointments b \
         ON b.case_number = p.case_number WHERE p.branch_id = {day}.branch_id AND p.day = {day}.day \
         AND NOT (b.branch_id = p.branch_id AND b.day = p.day)))"
    )
}
