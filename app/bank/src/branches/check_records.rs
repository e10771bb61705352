//! What `lobby check` verifies of the reference data: every row can be read, and no parameter is unknown.

use sqlx::FromRow;

use crate::kernel::calendar::DayKind;
use crate::kernel::check::{Checking, Examination};
use crate::kernel::hours::parse_spans;
use crate::kernel::time::Day;

/// The tables whose changes raise `reference_version`.
const CACHED: [&str; 6] = ["bank_details", "branches", "branch_closures", "branch_hours", "calendar_days", "parameters"];

#[derive(FromRow)]
struct ParameterRow {
    name: String,
    branch_id: String,
    effective_from: String,
    value: String,
    branch_exists: bool,
}

/// Checks branches, hours, calendar and parameters.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        for table in CACHED {
            let [insert, update, delete] = ["insert", "update", "delete"].map(|what| format!("{table}_{what}_version"));
            exam.triggers(table, &[&insert, &update, &delete], &[&format!("{table}_version")]).await?;
        }
        let sql = "SELECT id, cash_closed_until FROM branches ORDER BY id";
        exam.each(sql, |(id, closed_until): (String, Option<String>), _, findings| {
            if closed_until.is_some_and(|day| day.parse::<Day>().is_err()) {
                findings.add("branches", id, "cash_closed_until is no day");
            }
        })
        .await?;
        let sql = "SELECT branch_id || '/' || CAST(weekday AS TEXT), spans FROM branch_hours ORDER BY branch_id, weekday";
        exam.each(sql, |(id, spans): (String, String), _, findings| {
            if parse_spans(&spans).is_none() {
                findings.add("branch_hours", id, "spans are no opening hours");
            }
        })
        .await?;
        let sql = "SELECT branch_id, day FROM branch_closures ORDER BY branch_id, day";
        exam.each(sql, |(branch, day): (String, String), _, findings| {
            if day.parse::<Day>().is_err() {
                findings.add("branch_closures", format!("{branch}/{day}"), "day is no day");
            }
        })
        .await?;
        exam.each("SELECT day, kind FROM calendar_days ORDER BY day", |(day, kind): (String, String), _, findings| {
            if day.parse::<Day>().is_err() || DayKind::parse(&kind).is_none() {
                findings.add("calendar_days", day, "day or kind cannot be read");
            }
        })
        .await?;
        let sql = "SELECT p.name, p.branch_id, p.effective_from, p.value, \
                   p.branch_id = '' OR EXISTS (SELECT 1 FROM branches b WHERE b.id = p.branch_id) AS branch_exists \
                   FROM parameters p ORDER BY p.name, p.branch_id, p.effective_from";
        exam.each(sql, |row: ParameterRow, _, findings| {
            let id = format!("{}/{}/{}", row.name, row.branch_id, row.effective_from);
            let declared = crate::parameters().find(|declared| declared.name == row.name);
            match declared {
                None => findings.add("parameters", id.as_str(), "this parameter is unknown to the program"),
                Some(declared) if !(declared.reads)(&row.value) => {
                    findings.add("parameters", id.as_str(), "the value cannot be read");
                }
                Some(declared) if !declared.accepts(&row.value) => {
                    findings.add("parameters", id.as_str(), "the value is out of bounds");
                }
                Some(_) => {}
            }
            if row.effective_from.parse::<Day>().is_err() {
                findings.add("parameters", id.as_str(), "effective_from is no day");
            }
            if !row.branch_exists {
                findings.add("parameters", id, "its branch does not exist");
            }
        })
        .await
    })
}
