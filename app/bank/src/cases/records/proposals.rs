//! Rows of `case_proposals`: another place for an appointment, as long as its customer has not answered.

use sqlx::FromRow;

use crate::args;
use crate::cases::proposals::Proposal;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, day_text, hhmm, parse_day, parse_time};

#[derive(FromRow)]
struct ProposalRow {
    branch_id: String,
    day: String,
    slot: String,
    ends_at: i64,
    until_at: i64,
    from_state: String,
    proposed_by: String,
}

/// The proposal that waits for the answer of a case's customer.
pub async fn find_proposal(conn: &mut Conn, number: &str) -> Result<Option<Proposal>, Failure> {
    let sql =
        "SELECT branch_id, day, slot, ends_at, until_at, from_state, proposed_by FROM case_proposals WHERE case_number = $1";
    let row: Option<ProposalRow> = conn.fetch_optional(sql, args![number]).await?;
    row.map(|row| {
        Ok(Proposal {
            day: parse_day(&row.day).ok_or_else(|| Failure::stored("case_proposals.day", &row.day))?,
            slot: parse_time(&row.slot).ok_or_else(|| Failure::stored("case_proposals.slot", &row.slot))?,
            branch_id: row.branch_id,
            end: At(row.ends_at),
            until: At(row.until_at),
            from: row.from_state,
            by: row.proposed_by,
        })
    })
    .transpose()
}

/// How many places at a branch are proposed to customers.
pub async fn count_proposals(conn: &mut Conn, branch: &str) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM case_proposals WHERE branch_id = $1";
    let (count,): (i64,) = conn.fetch_one(sql, args![branch]).await?;
    Ok(count)
}

/// Stores a proposal, in the transaction that leads to a state in which the customer answers.
pub async fn insert_proposal(tx: &mut Tx, number: &str, proposal: &Proposal) -> Result<(), Failure> {
    let sql = "INSERT INTO case_proposals (case_number, branch_id, day, slot, ends_at, until_at, from_state, proposed_by) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let args = args![
        number,
        &proposal.branch_id,
        day_text(proposal.day),
        hhmm(proposal.slot),
        proposal.end.0,
        proposal.until.0,
        &proposal.from,
        &proposal.by
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

/// Removes the proposal of a case that leaves such a state.
pub async fn delete_proposal(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM case_proposals WHERE case_number = $1", args![number]).await?;
    Ok(())
}

/// Whether a change of state to this version of a case was this action.
pub async fn was_done(tx: &mut Tx, number: &str, version: i64, action: &str) -> Result<bool, Failure> {
    let sql = "SELECT action FROM case_events WHERE case_number = $1 AND version = $2 AND action = $3 AND to_state IS NOT NULL";
    let row: Option<(String,)> = tx.fetch_optional(sql, args![number, version, action]).await?;
    Ok(row.is_some())
}
