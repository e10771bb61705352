//! Moves the row of a booking, with the time it takes of the customer.

use super::booking::NewBooking;
use crate::appointments::engagements;
use crate::args;
use crate::cases::Proposal;
use crate::kernel::database::{Statement, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, day_text, hhmm};

/// Writes the new values of a booking; who confirmed or agreed to the old ones has not done so to these. `false` if the customer
/// has another live booking on that day, another appointment at that time, or too much booked (`open_max`). The customer's row is
/// locked, so that nothing is booked meanwhile. The booking itself is no obstacle and counts once.
pub async fn move_booking(
    tx: &mut Tx,
    number: &str,
    new: &NewBooking<'_>,
    open_max: Fen,
    time: Vec<Statement>,
) -> Result<bool, Failure> {
    let sql = "UPDATE cash_appointments SET account_id = $3, branch_id = $4, day = $5, slot = $6, amount = $7, \
               notes_100 = $8, notes_50 = $9, notes_20 = $10, notes_10 = $11, notes_5 = $12, notes_1 = $13, any_notes = $14, \
               new_notes = $15, purpose = $16, purpose_other = $17, collector = $18, agent_name = $19, agent_id_type = $20, \
               agent_id_sealed = $21, phone_sealed = $22, remark = $23, cancel_until = $24, operator_id = $26, confirmed_by = NULL, \
               company_answered_by = NULL, moves = moves + 1 WHERE case_number = $1 AND live AND NOT EXISTS \
               (SELECT 1 FROM cash_appointments o WHERE o.customer_id = $2 AND o.live AND o.day = $5 AND o.case_number <> $1) \
               AND CAST($7 AS BIGINT) + (SELECT COALESCE(SUM(o.amount), 0) FROM cash_appointments o \
               WHERE o.customer_id = $2 AND o.live AND o.case_number <> $1) <= CAST($25 AS BIGINT)";
    let args = new.values(&tx.seal(), number, open_max)?;
    // Before the time of the new place is taken, which can be the same; statements sent together do not see each other.
    engagements::release_time(tx, number).await?;
    let mut statements = vec![Statement::new(sql, args)];
    statements.extend(time);
    Ok(tx.execute_together(statements).await?.into_iter().all(|row| row == 1))
}

/// Writes the place that the customer has accepted; who proposed it has confirmed it. `false` if the customer has another live
/// booking on that day, or another appointment at that time. The customer's row is locked, so that nothing is booked meanwhile.
pub async fn accept_place(
    tx: &mut Tx,
    number: &str,
    customer_id: &str,
    proposal: &Proposal,
    cancel_until: At,
    time: Vec<Statement>,
) -> Result<bool, Failure> {
    let sql = "UPDATE cash_appointments SET branch_id = $3, day = $4, slot = $5, cancel_until = $6, confirmed_by = $7, moves = moves + 1 \
               WHERE case_number = $1 AND live AND NOT EXISTS \
               (SELECT 1 FROM cash_appointments o WHERE o.customer_id = $2 AND o.live AND o.day = $4 AND o.case_number <> $1)";
    let args = args![
        number,
        customer_id,
        &proposal.branch_id,
        day_text(proposal.day),
        hhmm(proposal.slot),
        cancel_until.0,
        &proposal.by
    ];
    // Before the time of the new place is taken, which can be the same; statements sent together do not see each other.
    engagements::release_time(tx, number).await?;
    let mut statements = vec![Statement::new(sql, args)];
    statements.extend(time);
    Ok(tx.execute_together(statements).await?.into_iter().all(|row| row == 1))
}
