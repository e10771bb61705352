//! What `lobby check` verifies of requests for changes: they can be read, and everything that the constraints of the table say.

use sqlx::FromRow;

use super::kind::ChangeKind;
use super::model::ChangeState;
use super::propose::Asked;
use super::records::{self, StoredChange};
use crate::branches::read_reference;
use crate::kernel::check::{Checking, Examination};
use crate::kernel::failure::Failure;
use crate::kernel::time::Day;

/// Rules that the row alone shows: the condition of a wrong row, and what is wrong.
const RULES: [(&str, &str); 5] = [
    (
        "(r.state = 'waiting') <> (r.decided_by IS NULL) OR (r.decided_by IS NULL) <> (r.decided_at IS NULL)",
        "who decided and when do not fit its state",
    ),
    ("r.decided_at < r.proposed_at", "it was decided before it was proposed"),
    (
        "r.needs_second AND r.state = 'applied' AND r.decided_by = r.proposed_by",
        "it needs a second administrator and its proposer has approved it",
    ),
    (
        "r.state = 'rejected' AND (r.decided_by = r.proposed_by OR r.reason IS NULL)",
        "it was rejected by its proposer or without a reason",
    ),
    ("r.state = 'withdrawn' AND r.decided_by <> r.proposed_by", "it was withdrawn by somebody else"),
];

#[derive(FromRow)]
struct StoredRow {
    id: String,
    kind: String,
    change: String,
    effective_from: Option<String>,
    state: String,
}

/// Checks all requests.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        for (wrong, rule) in RULES {
            exam.none("change_requests", rule, format!("SELECT r.id FROM change_requests r WHERE {wrong} ORDER BY r.id")).await?;
        }
        let twice = "SELECT r.id FROM change_requests r WHERE r.state = 'waiting' AND r.subject <> '' AND EXISTS \
                     (SELECT 1 FROM change_requests o WHERE o.state = 'waiting' AND o.kind = r.kind AND o.subject = r.subject \
                     AND o.id < r.id) ORDER BY r.id";
        exam.none("change_requests", "another request waits for the same thing", twice).await?;
        let (turns,): (i64,) = exam.conn().fetch_one("SELECT COUNT(*) FROM change_turn", Vec::new()).await?;
        if turns != 1 {
            exam.find("change_turn", "", "its one row is missing: no change can wait for the one before it");
        }
        let mut waiting = Vec::new();
        let sql = "SELECT id, kind, change, effective_from, state FROM change_requests ORDER BY id";
        exam.each(sql, |row: StoredRow, _, findings| {
            let known = <dyn ChangeKind>::parse(&row.kind);
            let read = serde_json::from_str::<StoredChange>(&row.change).is_ok();
            let day = row.effective_from.is_none_or(|day| day.parse::<Day>().is_ok());
            match ChangeState::parse(&row.state) {
                _ if known.is_none() => findings.add("change_requests", row.id, "its kind is unknown to the program"),
                Some(state) if read && day => {
                    if state == ChangeState::Waiting {
                        waiting.push(row.id);
                    }
                }
                _ => findings.add("change_requests", row.id, "state, change or effective day cannot be read"),
            }
        })
        .await?;
        let reference = match read_reference(exam.conn()).await {
            // The check of the reference data says what cannot be read.
            Err(Failure::Stored { .. }) => return Ok(()),
            read => read?,
        };
        for id in waiting {
            let Some(request) = records::find(exam.conn(), &id).await? else { continue };
            let proposed_by = request.proposed_by.user_id.as_str();
            let asked = Asked { kind: request.kind, subject: &request.subject, values: &request.values, proposed_by };
            let proposal = asked.proposal(&reference, request.proposed_at);
            if request.kind.standing(exam.conn(), &proposal).await?.is_none() {
                exam.find("change_requests", id, "what it would change does not exist");
            }
        }
        Ok(())
    })
}
