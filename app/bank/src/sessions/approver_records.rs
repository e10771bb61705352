//! The approver of a company: a user of the role `company_approver` who has not left (docs/domain.md §12). At most one is in office,
//! because entries and imports let the others leave.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, FromRow};

use super::model::APPROVER;
use crate::args;
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::failure::Failure;

/// The name of the customer's approver; `None`: there is none.
pub(crate) async fn find_approver(conn: &mut Conn, customer_id: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT name FROM users WHERE customer_id = $1 AND role = $2 AND left_on IS NULL ORDER BY id LIMIT 1";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![customer_id, APPROVER]).await?;
    Ok(row.map(|(name,)| name))
}

/// Lets the approvers of a customer leave who are not this one; returns their number. Whoever returns is in office again and counts.
pub(crate) async fn keep_approver(tx: &mut Tx, customer_id: &str, sign_in_name: Option<&str>) -> Result<u64, Failure> {
    let (today, name) = (tx.now().day().to_string(), sign_in_name.unwrap_or_default());
    let back =
        "UPDATE users SET left_on = NULL WHERE customer_id = $1 AND role = $2 AND sign_in_name = $3 AND left_on IS NOT NULL";
    let back = tx.execute(back, args![customer_id, APPROVER, name]).await?;
    let leave = "UPDATE users SET left_on = $4 WHERE customer_id = $1 AND role = $2 AND sign_in_name <> $3 AND left_on IS NULL";
    Ok(back + tx.execute(leave, args![customer_id, APPROVER, name, today]).await?)
}

/// An approver in office.
#[derive(FromRow)]
pub(crate) struct InOffice {
    pub customer_id: String,
    pub id: String,
    pub sign_in_name: String,
    pub name: String,
}

/// The approvers in office of these customers.
pub(crate) async fn approvers_of(conn: &mut Conn, customers: &[&String]) -> Result<HashMap<String, Vec<InOffice>>, Failure> {
    let mut found: HashMap<String, Vec<InOffice>> = HashMap::new();
    if customers.is_empty() {
        return Ok(found);
    }
    let places: Vec<String> = (2..=customers.len() + 1).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT customer_id, id, sign_in_name, name FROM users WHERE role = $1 AND left_on IS NULL AND customer_id IN ({}) ORDER BY id",
        places.join(", ")
    );
    let args = args![APPROVER].into_iter().chain(customers.iter().map(|id| Arg::from(*id))).collect();
    let rows: Vec<InOffice> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
    for row in rows {
        found.entry(row.customer_id.clone()).or_default().push(row);
    }
    Ok(found)
}
