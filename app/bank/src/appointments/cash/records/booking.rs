//! The booking's own row, and the large-cash register.

use sqlx::FromRow;

use crate::appointments::cash::act::{Arrival, Collecting};
use crate::appointments::cash::book::AGENT_ID;
use crate::appointments::cash::model::{Collector, Notes, Purpose};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, Time, day_text, hhmm};

/// A booking to be stored; ID and phone are sealed already.
#[derive(Clone, Debug)]
pub struct NewBooking<'b> {
    pub number: &'b str,
    pub customer_id: &'b str,
    pub account_id: &'b str,
    pub branch_id: &'b str,
    pub day: Day,
    pub slot: Time,
    pub notes: Notes,
    pub any_notes: bool,
    pub new_notes: bool,
    pub purpose: Option<&'b Purpose>,
    pub collector: &'b Collector,
    pub agent_id_sealed: Option<String>,
    pub phone_sealed: String,
    pub remark: &'b str,
    pub cancel_until: At,
}

#[derive(Clone, Debug, FromRow)]
pub struct BookingRow {
    pub customer_id: String,
    pub account_last4: String,
    pub branch_id: String,
    pub day: String,
    pub slot: String,
    pub amount: i64,
    notes_100: i64,
    notes_50: i64,
    notes_20: i64,
    notes_10: i64,
    notes_5: i64,
    notes_1: i64,
    pub any_notes: bool,
    pub new_notes: bool,
    pub purpose: Option<String>,
    pub purpose_other: Option<String>,
    pub agent_name: Option<String>,
    pub agent_id_type: Option<String>,
    pub agent_id_sealed: Option<String>,
    pub phone_sealed: String,
    pub remark: String,
    pub cancel_until: i64,
    pub confirmed_by: Option<String>,
    pub arrived_as: Option<String>,
    pub arrived_agent_name: Option<String>,
    pub arrived_agent_id_sealed: Option<String>,
    pub operator: Option<String>,
}

/// The customer, where a name stands for anybody else.
const MYSELF: &str = "self";

impl BookingRow {
    /// Who collects, for the register: as found at the counter, else as booked. `self` is the customer; for a company its
    /// operator stands by name.
    pub fn collected_by(&self) -> &str {
        let who = self.arrived_agent_name.as_deref().or(self.agent_name.as_deref()).unwrap_or(MYSELF);
        if who == MYSELF { self.operator.as_deref().unwrap_or(MYSELF) } else { who }
    }

    pub fn notes(&self) -> Notes {
        Notes([self.notes_100, self.notes_50, self.notes_20, self.notes_10, self.notes_5, self.notes_1])
    }
}

/// Stores a booking; `false` when the customer has a live one on that day (`cash_appointments_one_a_day`).
pub async fn insert_booking(tx: &mut Tx, new: &NewBooking<'_>) -> Result<bool, Failure> {
    let sql = "INSERT INTO cash_appointments (case_number, customer_id, account_id, branch_id, day, slot, amount, \
               notes_100, notes_50, notes_20, notes_10, notes_5, notes_1, any_notes, new_notes, purpose, purpose_other, collector, \
               agent_name, agent_id_type, agent_id_sealed, phone_sealed, remark, cancel_until, live) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, TRUE) \
               ON CONFLICT (customer_id, day) WHERE live DO NOTHING";
    let (agent_name, agent_id_type) = match new.collector {
        Collector::Myself => (None, None),
        Collector::Agent { name, id_type, .. } => (Some(name.clone()), Some(id_type.code())),
    };
    let [n100, n50, n20, n10, n5, n1] = new.notes.0;
    let stored = tx
        .execute(
            sql,
            args![
                new.number,
                new.customer_id,
                new.account_id,
                new.branch_id,
                day_text(new.day),
                hhmm(new.slot),
                new.notes.value().0,
                n100,
                n50,
                n20,
                n10,
                n5,
                n1,
                new.any_notes,
                new.new_notes,
                new.purpose.map(|purpose| purpose.term.clone()),
                new.purpose.and_then(|purpose| purpose.other.clone()),
                new.collector.code(),
                agent_name,
                agent_id_type,
                new.agent_id_sealed.clone(),
                &new.phone_sealed,
                new.remark,
                new.cancel_until.0
            ],
        )
        .await?;
    Ok(stored == 1)
}

/// The booking of a case.
pub async fn find_booking(conn: &mut Conn, number: &str) -> Result<Option<BookingRow>, Failure> {
    let sql = "SELECT b.customer_id, a.last4 AS account_last4, b.branch_id, b.day, b.slot, b.amount, b.notes_100, b.notes_50, \
               b.notes_20, b.notes_10, b.notes_5, b.notes_1, b.any_notes, b.new_notes, b.purpose, b.purpose_other, \
               b.agent_name, b.agent_id_type, b.agent_id_sealed, b.phone_sealed, b.remark, b.cancel_until, b.confirmed_by, b.arrived_as, \
               b.arrived_agent_name, b.arrived_agent_id_sealed, CASE WHEN c.kind = 'company' THEN u.name END AS operator \
               FROM cash_appointments b JOIN accounts a ON a.id = b.account_id JOIN customers c ON c.id = b.customer_id \
               JOIN cases k ON k.number = b.case_number LEFT JOIN users u ON u.id = k.created_by WHERE b.case_number = $1";
    conn.fetch_optional(sql, args![number]).await
}

/// Remembers who confirmed, so that the same person cannot approve.
pub async fn set_confirmed_by(tx: &mut Tx, number: &str, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE cash_appointments SET confirmed_by = $2 WHERE case_number = $1", args![number, user_id]).await?;
    Ok(())
}

/// Moves the customer's deadline to cancel after the bank's answer.
pub async fn set_cancel_until(tx: &mut Tx, number: &str, until: At) -> Result<(), Failure> {
    tx.execute("UPDATE cash_appointments SET cancel_until = $2 WHERE case_number = $1", args![number, until.0]).await?;
    Ok(())
}

/// Records who came and which document they showed. The customer in an agent's stead is `self`.
pub async fn set_arrived(tx: &mut Tx, number: &str, arrival: &Arrival) -> Result<(), Failure> {
    let (name, id) = match &arrival.who {
        Collecting::AsBooked => (None, None),
        Collecting::Customer => (Some(MYSELF), None),
        Collecting::Agent { name, id } => (Some(name.as_str()), Some(tx.seal().seal(AGENT_ID, id)?)),
    };
    let sql = "UPDATE cash_appointments SET arrived_as = $2, arrived_agent_name = $3, arrived_agent_id_sealed = $4 WHERE case_number = $1";
    tx.execute(sql, args![number, arrival.document.code(), name, id]).await?;
    Ok(())
}

/// The booking holds nothing any more; `no_show` says since when nobody came.
pub async fn set_ended(tx: &mut Tx, number: &str, no_show: Option<At>) -> Result<(), Failure> {
    let sql = "UPDATE cash_appointments SET live = FALSE, no_show_at = $2 WHERE case_number = $1";
    tx.execute(sql, args![number, no_show.map(|at| at.0)]).await?;
    Ok(())
}

/// One row of the large-cash register.
pub struct RegisterEntry<'e> {
    pub number: &'e str,
    pub at: At,
    pub paid: Notes,
    pub purpose: &'e str,
    pub collected_by: &'e str,
    pub id_checked: &'e str,
    pub teller: &'e str,
}

/// Writes the register.
pub async fn insert_register(tx: &mut Tx, entry: &RegisterEntry<'_>) -> Result<(), Failure> {
    let sql = "INSERT INTO cash_register (case_number, paid_at, amount, notes_100, notes_50, notes_20, notes_10, notes_5, notes_1, \
               purpose, collected_by, id_checked, teller) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let amount: Fen = entry.paid.value();
    let [n100, n50, n20, n10, n5, n1] = entry.paid.0;
    tx.execute(
        sql,
        args![
            entry.number,
            entry.at.0,
            amount.0,
            n100,
            n50,
            n20,
            n10,
            n5,
            n1,
            entry.purpose,
            entry.collected_by,
            entry.id_checked,
            entry.teller
        ],
    )
    .await?;
    Ok(())
}
