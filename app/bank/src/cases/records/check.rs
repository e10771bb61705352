//! What `lobby check` verifies of cases: kind, state, clock, due time, events and counts.

use crate::cases::kind::CaseKind;
use crate::cases::table::Phase;
use crate::kernel::check::{Checking, Examination};

/// Checks all cases.
pub fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        exam.append_only("case_events").await?;
        exam.triggers(
            "cases",
            &["cases_counted_insert", "cases_counted_delete", "cases_counted_update"],
            &["cases_counted", "cases_counted_update"],
        )
        .await?;
        exam.each("SELECT code, prefix FROM case_kinds ORDER BY code", |(code, prefix): (String, String), _, findings| {
            if CaseKind::parse(&code).is_none_or(|kind| kind.prefix() != prefix) {
                findings.add("case_kinds", code, "this kind is unknown to the program");
            }
        })
        .await?;
        for kind in CaseKind::all() {
            let missing = format!("SELECT '{0}' WHERE NOT EXISTS (SELECT 1 FROM case_kinds WHERE code = '{0}')", kind.code());
            exam.none("case_kinds", "the kind is missing", missing).await?;
        }
        let unknown = format!("SELECT k.number FROM cases k WHERE NOT {}", in_state(|_| true));
        exam.none("cases", "the case is of no known kind or in no state of its kind", unknown).await?;
        let (waits, rests) = (in_state(|phase| phase == Phase::Waiting), in_state(|phase| phase != Phase::Waiting));
        let marked = format!("SELECT k.number FROM cases k WHERE (k.waiting AND {rests}) OR (NOT k.waiting AND {waits})");
        exam.none("cases", "its mark as waiting does not fit its state", marked).await?;
        let no_branch = "SELECT k.number FROM cases k WHERE k.branch_id IS NOT NULL \
                         AND NOT EXISTS (SELECT 1 FROM branches b WHERE b.id = k.branch_id)";
        exam.none("cases", "the case has no owner: neither a branch nor head office", no_branch).await?;
        let no_clock = format!(
            "SELECT k.number FROM cases k WHERE {} AND NOT EXISTS (SELECT 1 FROM case_clocks t WHERE t.case_number = k.number)",
            in_state(|phase| matches!(phase, Phase::Waiting | Phase::Proposed | Phase::Live))
        );
        exam.none("cases", "the live case has no clock", no_clock).await?;
        let early = format!(
            "SELECT k.number FROM cases k WHERE {} AND EXISTS (SELECT 1 FROM case_clocks t WHERE t.case_number = k.number)",
            held()
        );
        exam.none("cases", "the case has a clock although the bank is not asked yet", early).await?;
        let (proposed, settled) = (in_state(|phase| phase == Phase::Proposed), in_state(|phase| phase != Phase::Proposed));
        let unproposed = format!(
            "SELECT k.number FROM cases k WHERE {proposed} AND NOT EXISTS \
             (SELECT 1 FROM case_proposals p WHERE p.case_number = k.number)"
        );
        exam.none("cases", "nothing is proposed although the customer is to answer", unproposed).await?;
        let left = format!("SELECT p.case_number FROM case_proposals p JOIN cases k ON k.number = p.case_number WHERE {settled}");
        exam.none("case_proposals", "the proposal is left although its case goes on", left).await?;
        let stopped = "SELECT k.number FROM cases k WHERE k.waiting AND EXISTS (SELECT 1 FROM case_clocks t \
                       WHERE t.case_number = k.number) AND NOT EXISTS (SELECT 1 FROM case_clocks t \
                       WHERE t.case_number = k.number AND t.stopped_at IS NULL)";
        exam.none("case_clocks", "the case waits and no clock runs", stopped).await?;
        let runs = "SELECT t.case_number FROM case_clocks t JOIN cases k ON k.number = t.case_number \
                    WHERE t.stopped_at IS NULL AND NOT k.waiting";
        exam.none("case_clocks", "the clock runs although the case does not wait", runs).await?;
        let due = "SELECT k.number FROM cases k WHERE k.due_at <> \
                   (SELECT MIN(t.due_at) FROM case_clocks t WHERE t.case_number = k.number)";
        exam.none("cases", "due_at is not the earliest due time of its clocks", due).await?;
        let silent = "SELECT t.case_number FROM case_clocks t WHERE t.stopped_at IS NULL AND t.next_at IS NULL \
                      AND t.escalated_at IS NULL";
        exam.none("case_clocks", "the clock runs and its next alarm is missing", silent).await?;
        let present = "SELECT k.number FROM cases k WHERE NOT EXISTS (SELECT 1 FROM case_events e WHERE e.case_number = k.number \
                       AND e.version = k.version AND e.to_state = k.state)";
        exam.none("cases", "the events do not lead to its state and version", present).await?;
        let broken = "SELECT CAST(e.seq AS TEXT) FROM case_events e WHERE e.to_state IS NOT NULL AND (e.version > 1 OR \
                      e.from_state IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM case_events p WHERE p.case_number = e.case_number \
                      AND p.version = e.version - 1 AND p.to_state = e.from_state)";
        exam.none("case_events", "the change does not begin where the one before it ended", broken).await?;
        let ahead = "SELECT CAST(e.seq AS TEXT) FROM case_events e JOIN cases k ON k.number = e.case_number \
                     WHERE e.version > k.version";
        exam.none("case_events", "the event is newer than its case", ahead).await?;
        let counts = "SELECT branch_id || '/' || kind || '/' || state FROM ( \
                      SELECT COALESCE(branch_id, '') AS branch_id, kind, state, waiting, 1 AS cases FROM cases \
                      UNION ALL SELECT branch_id, kind, state, waiting, -cases FROM case_counts \
                      UNION ALL SELECT branch_id, kind, state, waiting, -cases FROM case_count_changes) AS every_one \
                      GROUP BY branch_id, kind, state, waiting HAVING SUM(cases) <> 0 ORDER BY 1";
        exam.none("case_counts", "the kept count is not the number of cases", counts).await?;
        let days = "SELECT branch_id || '/' || kind || '/' || state FROM ( \
                    SELECT COALESCE(branch_id, '') AS branch_id, (starts_at + 28800000) / 86400000 AS day, kind, state, 1 AS cases \
                    FROM cases WHERE starts_at IS NOT NULL \
                    UNION ALL SELECT branch_id, day, kind, state, -cases FROM case_day_counts \
                    UNION ALL SELECT branch_id, day, kind, state, -cases FROM case_count_changes WHERE day IS NOT NULL) AS every_one \
                    GROUP BY branch_id, day, kind, state HAVING SUM(cases) <> 0 ORDER BY 1";
        exam.none("case_day_counts", "the kept count is not the number of appointments of the day", days).await
    })
}

/// The condition that a row of `cases` is in a state of its kind, whose phase `admits`.
fn in_state(admits: impl Fn(Phase) -> bool) -> String {
    let of_kind = |kind: CaseKind| {
        let states = kind.registered().states().iter().filter(|state| admits(state.phase));
        let codes: Vec<String> = states.map(|state| format!("'{}'", state.code)).collect();
        // Codes are our own constants. No state has an empty code.
        let codes = if codes.is_empty() { "''".to_owned() } else { codes.join(", ") };
        format!("(k.kind = '{}' AND k.state IN ({codes}))", kind.code())
    };
    format!("({})", CaseKind::all().map(of_kind).collect::<Vec<_>>().join(" OR "))
}

/// The condition that the row `k` of `cases` is live, that is in no final state of its kind.
pub fn live() -> String {
    in_state(|phase| phase != Phase::Final)
}

/// The condition that the row `k` of `cases` waits for the customer's own side.
pub fn held() -> String {
    in_state(|phase| phase == Phase::Held)
}
