//! Rows of bookings and of the large-cash register.

use sqlx::{AssertSqlSafe, FromRow};

use crate::appointments::cash::act::{Arrival, Collecting};
use crate::appointments::cash::model::{CashRequest, Collector, Notes, Purpose};
use crate::args;
use crate::kernel::database::{Arg, Conn, Statement, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{CASH_AGENT_ID, CASH_ARRIVED_AGENT_ID, CASH_PHONE};
use crate::kernel::time::{At, Day, Time, day_text, hhmm};
use crate::sessions::Scope;

/// A new booking; ID and phone number are sealed for its row.
#[derive(Clone, Debug)]
pub struct NewBooking<'b> {
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
    pub phone: &'b str,
    pub remark: &'b str,
    pub cancel_until: At,
    /// The operator of a company who booked, if its approver has to agree.
    pub operator_id: Option<&'b str>,
}

impl<'b> NewBooking<'b> {
    /// What a customer asks for, as a row.
    pub fn of(customer_id: &'b str, request: &'b CashRequest, cancel_until: At, operator_id: Option<&'b str>) -> Self {
        Self {
            customer_id,
            account_id: &request.account,
            branch_id: &request.branch,
            day: request.day,
            slot: request.slot,
            notes: request.notes,
            any_notes: request.any_notes,
            new_notes: request.new_notes,
            purpose: request.purpose.as_ref(),
            collector: &request.collector,
            phone: request.phone.as_str(),
            remark: &request.remark,
            cancel_until,
            operator_id,
        }
    }

    /// The values that inserting and moving bind, in the same places: $1 the number, $2 the customer, the columns, $25 the most
    /// that the customer may have booked, $26 the operator.
    pub(super) fn values(&self, seal: &Seal, number: &str, open_max: Fen) -> Result<Vec<Arg>, Failure> {
        let phone = seal.seal(&CASH_PHONE, number, self.phone)?;
        let (agent_name, agent_id_type, agent_id) = sealed_agent(seal, number, self.collector)?;
        let [n100, n50, n20, n10, n5, n1] = self.notes.0;
        Ok(args![
            number,
            self.customer_id,
            self.account_id,
            self.branch_id,
            day_text(self.day),
            hhmm(self.slot),
            self.notes.value().0,
            n100,
            n50,
            n20,
            n10,
            n5,
            n1,
            self.any_notes,
            self.new_notes,
            self.purpose.map(|purpose| purpose.term.clone()),
            self.purpose.and_then(|purpose| purpose.other.clone()),
            self.collector.code(),
            agent_name,
            agent_id_type,
            agent_id,
            phone,
            self.remark,
            self.cancel_until.0,
            open_max.0,
            self.operator_id
        ])
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct BookingRow {
    pub account_id: String,
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
    pub collector: String,
    pub agent_name: Option<String>,
    pub agent_id_type: Option<String>,
    pub agent_id_sealed: Option<String>,
    pub phone_sealed: String,
    pub remark: String,
    pub cancel_until: i64,
    pub operator_id: Option<String>,
    pub confirmed_by: Option<String>,
    pub arrived_as: Option<String>,
    pub arrived_collector: Option<String>,
    pub arrived_agent_name: Option<String>,
    pub arrived_agent_id_sealed: Option<String>,
    pub operator: Option<String>,
    /// How often it was moved.
    pub moves: i64,
}

impl BookingRow {
    pub fn notes(&self) -> Notes {
        Notes([self.notes_100, self.notes_50, self.notes_20, self.notes_10, self.notes_5, self.notes_1])
    }
}

/// Inserts a booking and the time it takes, in one round trip. `false` if the customer has a live booking on that day (unique
/// index `cash_appointments_one_a_day`), another appointment at that time, or too much booked (`open_max`). The customer's row
/// is locked, so that their concurrent bookings are added up one after the other.
pub async fn insert_booking(
    tx: &mut Tx,
    number: &str,
    new: &NewBooking<'_>,
    open_max: Fen,
    time: Vec<Statement>,
) -> Result<bool, Failure> {
    let sql = "INSERT INTO cash_appointments (case_number, customer_id, account_id, branch_id, day, slot, amount, \
               notes_100, notes_50, notes_20, notes_10, notes_5, notes_1, any_notes, new_notes, purpose, purpose_other, collector, \
               agent_name, agent_id_type, agent_id_sealed, phone_sealed, remark, cancel_until, operator_id, live) \
               SELECT $1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), \
               CAST($11 AS BIGINT), CAST($12 AS BIGINT), CAST($13 AS BIGINT), CAST($14 AS BOOLEAN), CAST($15 AS BOOLEAN), $16, $17, \
               $18, $19, $20, $21, $22, $23, CAST($24 AS BIGINT), $26, TRUE \
               WHERE CAST($7 AS BIGINT) + (SELECT COALESCE(SUM(amount), 0) FROM cash_appointments WHERE customer_id = $2 AND live) \
               <= CAST($25 AS BIGINT) ON CONFLICT (customer_id, day) WHERE live DO NOTHING";
    let args = new.values(&tx.seal(), number, open_max)?;
    let mut statements = vec![Statement::new(sql, args)];
    statements.extend(time);
    Ok(tx.execute_together(statements).await?.into_iter().all(|row| row == 1))
}

/// The columns of an agent: name, document and sealed number.
type AgentColumns = (Option<String>, Option<&'static str>, Option<String>);

fn sealed_agent(seal: &Seal, number: &str, collector: &Collector) -> Result<AgentColumns, Failure> {
    Ok(match collector {
        Collector::Myself => (None, None, None),
        Collector::Agent { name, id_type, id } => {
            (Some(name.clone()), Some(id_type.code()), Some(seal.seal(&CASH_AGENT_ID, number, id)?))
        }
    })
}

pub async fn find_booking(conn: &mut Conn, number: &str) -> Result<Option<BookingRow>, Failure> {
    let sql = "SELECT b.account_id, a.last4 AS account_last4, b.branch_id, b.day, b.slot, b.amount, b.notes_100, b.notes_50, \
               b.notes_20, b.notes_10, b.notes_5, b.notes_1, b.any_notes, b.new_notes, b.purpose, b.purpose_other, b.collector, \
               b.agent_name, b.agent_id_type, b.agent_id_sealed, b.phone_sealed, b.remark, b.cancel_until, b.operator_id, b.confirmed_by, b.arrived_as, b.arrived_collector, \
               b.arrived_agent_name, b.arrived_agent_id_sealed, CASE WHEN c.kind = 'company' THEN u.name END AS operator, b.moves \
               FROM cash_appointments b JOIN accounts a ON a.id = b.account_id JOIN customers c ON c.id = b.customer_id \
               JOIN cases k ON k.number = b.case_number LEFT JOIN users u ON u.id = COALESCE(b.operator_id, k.created_by) \
               WHERE b.case_number = $1";
    conn.fetch_optional(sql, args![number]).await
}

/// A booking on the day board.
#[derive(FromRow)]
pub struct BoardRow {
    pub case_number: String,
    pub collector: String,
    pub agent_name: Option<String>,
    pub arrived_collector: Option<String>,
    pub arrived_agent_name: Option<String>,
    pub cancel_until: i64,
    pub confirmed_by: Option<String>,
    /// When its case last changed.
    pub updated_at: i64,
    /// Until when the customer can answer the proposal of another place.
    pub answer_until: Option<i64>,
    /// The operator of a company who booked.
    pub operator: Option<String>,
}

/// The bookings of a branch on a day, within the scope.
pub async fn list_board(conn: &mut Conn, scope: &Scope, branch: &str, day: Day) -> Result<Vec<BoardRow>, Failure> {
    let mut args = args![branch, day_text(day)];
    let scoped = scope.condition("b.branch_id", &mut args);
    let sql = format!(
        "SELECT b.case_number, b.collector, b.agent_name, b.arrived_collector, b.arrived_agent_name, b.cancel_until, \
         b.confirmed_by, k.updated_at, p.until_at AS answer_until, CASE WHEN c.kind = 'company' THEN u.name END AS operator \
         FROM cash_appointments b JOIN customers c ON c.id = b.customer_id JOIN cases k ON k.number = b.case_number \
         LEFT JOIN case_proposals p ON p.case_number = b.case_number \
         LEFT JOIN users u ON u.id = COALESCE(b.operator_id, k.created_by) WHERE b.branch_id = $1 AND b.day = $2 AND {scoped}"
    );
    conn.fetch_all(AssertSqlSafe(sql), args).await
}

/// Stores who confirmed, because the same person must not approve.
pub async fn set_confirmed_by(tx: &mut Tx, number: &str, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE cash_appointments SET confirmed_by = $2 WHERE case_number = $1", args![number, user_id]).await?;
    Ok(())
}

/// Stores which approver of the company has answered. The database refuses the operator who booked.
pub async fn set_company_answer(tx: &mut Tx, number: &str, user_id: &str) -> Result<(), Failure> {
    tx.execute("UPDATE cash_appointments SET company_answered_by = $2 WHERE case_number = $1", args![number, user_id]).await?;
    Ok(())
}

/// Changes the customer's deadline to cancel.
pub async fn set_cancel_until(tx: &mut Tx, number: &str, until: At) -> Result<(), Failure> {
    tx.execute("UPDATE cash_appointments SET cancel_until = $2 WHERE case_number = $1", args![number, until.0]).await?;
    Ok(())
}

/// Stores who collected and which document was shown; `booked` is the code of the collector named in the booking.
pub async fn set_arrived(tx: &mut Tx, number: &str, arrival: &Arrival, booked: &str) -> Result<(), Failure> {
    let (collector, name, id) = match &arrival.who {
        Collecting::AsBooked => (booked, None, None),
        Collecting::Customer => (Collector::MYSELF, None, None),
        Collecting::Agent { name, id } => {
            (Collector::AGENT, Some(name.as_str()), Some(tx.seal().seal(&CASH_ARRIVED_AGENT_ID, number, id)?))
        }
    };
    let sql = "UPDATE cash_appointments SET arrived_as = $2, arrived_collector = $3, arrived_agent_name = $4, \
               arrived_agent_id_sealed = $5 WHERE case_number = $1";
    tx.execute(sql, args![number, arrival.document.code(), collector, name, id]).await?;
    Ok(())
}

/// Ends a booking, so that it no longer reserves anything; `no_show` is the time of a no-show.
pub async fn set_ended(tx: &mut Tx, number: &str, no_show: Option<At>) -> Result<(), Failure> {
    let sql = "UPDATE cash_appointments SET live = FALSE, no_show_at = $2 WHERE case_number = $1";
    tx.execute(sql, args![number, no_show.map(|at| at.0)]).await?;
    Ok(())
}

/// A row of the large-cash register.
pub struct RegisterEntry<'e> {
    pub number: &'e str,
    pub at: At,
    pub paid: Notes,
    pub purpose: &'e str,
    /// Code of the collector.
    pub collector: &'e str,
    /// Name of the collector.
    pub collected_by: &'e str,
    pub id_checked: &'e str,
    pub teller: &'e str,
}

pub async fn insert_register(tx: &mut Tx, entry: &RegisterEntry<'_>) -> Result<(), Failure> {
    let sql = "INSERT INTO cash_register (case_number, paid_at, amount, notes_100, notes_50, notes_20, notes_10, notes_5, notes_1, \
               purpose, collector, collected_by, id_checked, teller) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
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
            entry.collector,
            entry.collected_by,
            entry.id_checked,
            entry.teller
        ],
    )
    .await?;
    Ok(())
}
