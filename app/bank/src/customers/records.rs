//! Rows of `customers`, `accounts` and `consents`.

use sqlx::{AssertSqlSafe, FromRow};

use super::model::{Account, Given};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};
use crate::sessions::{CustomerKind, Scope};

/// A customer to be made (the demo bank; later the core-banking link).
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Fresh identifier.
    pub id: String,
    /// Person or company.
    pub kind: CustomerKind,
    /// Full name.
    pub name: String,
    /// `ms`, `mr` or blank.
    pub title: &'static str,
    /// Date of birth of a person.
    pub birth_day: Option<Day>,
    /// Term of the ID document.
    pub id_type: String,
    /// Sealed for [`super::ID`].
    pub id_sealed: String,
    /// Sealed for [`super::PHONE`].
    pub phone_sealed: String,
    /// To the district.
    pub address: String,
    /// Lives in the country.
    pub resident: bool,
    /// Full capacity for civil conduct.
    pub capable: bool,
    /// 贵宾
    pub vip: bool,
    /// Asked for the purpose whatever the amount.
    pub risk_flag: bool,
    /// The branch they usually go to.
    pub usual_branch_id: Option<String>,
    /// Made by `lobby demo`.
    pub demo: bool,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Fresh identifier.
    pub id: String,
    /// Its holder.
    pub customer_id: String,
    /// `debit_card`, `passbook`, `settlement`.
    pub kind: &'static str,
    /// Last four digits.
    pub last4: String,
    /// Whether cash can be booked from it.
    pub active: bool,
    /// Balance.
    pub balance: Fen,
}

#[derive(FromRow)]
pub(super) struct CustomerRow {
    pub kind: String,
    pub name: String,
    pub birth_day: Option<String>,
    pub id_type: String,
    pub id_sealed: String,
    pub phone_sealed: String,
    pub address: String,
    pub resident: bool,
    pub capable: bool,
    pub vip: bool,
    pub risk_flag: bool,
    pub usual_branch_id: Option<String>,
}

#[derive(FromRow)]
struct AccountRow {
    id: String,
    kind: String,
    last4: String,
    active: bool,
    balance: i64,
}

/// Makes a customer.
pub async fn insert_customer(tx: &mut Tx, customer: &NewCustomer) -> Result<(), Failure> {
    let sql = "INSERT INTO customers (id, kind, name, title, birth_day, id_type, id_sealed, phone_sealed, address, resident, capable, \
               vip, risk_flag, usual_branch_id, demo) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let kind = match customer.kind {
        CustomerKind::Personal => "personal",
        CustomerKind::Company => "company",
    };
    tx.execute(
        sql,
        args![
            &customer.id,
            kind,
            &customer.name,
            customer.title,
            customer.birth_day.map(|day| day.to_string()),
            &customer.id_type,
            &customer.id_sealed,
            &customer.phone_sealed,
            &customer.address,
            customer.resident,
            customer.capable,
            customer.vip,
            customer.risk_flag,
            customer.usual_branch_id.clone(),
            customer.demo
        ],
    )
    .await?;
    Ok(())
}

/// Whether there is a customer who was not made by `lobby demo`: then this is no demo bank.
pub async fn holds_real_customers(conn: &mut Conn) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM customers WHERE demo = $1 LIMIT 1", args![false]).await?;
    Ok(row.is_some())
}

/// Makes an account.
pub async fn insert_account(tx: &mut Tx, account: &NewAccount) -> Result<(), Failure> {
    let sql = "INSERT INTO accounts (id, customer_id, kind, last4, active, balance) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.execute(sql, args![&account.id, &account.customer_id, account.kind, &account.last4, account.active, account.balance.0])
        .await?;
    Ok(())
}

/// Columns of a [`CustomerRow`], from `customers c`.
const CUSTOMER: &str = "c.kind, c.name, c.birth_day, c.id_type, c.id_sealed, c.phone_sealed, c.address, c.resident, c.capable, \
                        c.vip, c.risk_flag, c.usual_branch_id";

pub(super) async fn find_customer(conn: &mut Conn, customer_id: &str) -> Result<CustomerRow, Failure> {
    conn.fetch_one(AssertSqlSafe(format!("SELECT {CUSTOMER} FROM customers c WHERE c.id = $1")), args![customer_id]).await
}

/// The customer of a case in this scope.
pub(super) async fn find_customer_of(conn: &mut Conn, scope: &Scope, number: &str) -> Result<CustomerRow, Failure> {
    let mut args = args![number];
    let scoped = scope.condition("k.branch_id", &mut args);
    let sql = format!("SELECT {CUSTOMER} FROM cases k JOIN customers c ON c.id = k.customer_id WHERE k.number = $1 AND {scoped}");
    conn.fetch_one(AssertSqlSafe(sql), args).await
}

pub(super) async fn list_accounts(conn: &mut Conn, customer_id: &str) -> Result<Vec<Account>, Failure> {
    let sql = "SELECT id, kind, last4, active, balance FROM accounts WHERE customer_id = $1 ORDER BY id";
    let rows: Vec<AccountRow> = conn.fetch_all(sql, args![customer_id]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Account { id: row.id, kind: row.kind, last4: row.last4, active: row.active, balance: Fen(row.balance) })
        .collect())
}

/// Since when a consent stands and under which notice; `None` when it does not.
pub(crate) async fn find_consent(conn: &mut Conn, customer_id: &str, purpose: &str) -> Result<Option<Given>, Failure> {
    let sql = "SELECT given_at, notice_version FROM consents WHERE customer_id = $1 AND purpose = $2 AND withdrawn_at IS NULL";
    let row: Option<(i64, String)> = conn.fetch_optional(sql, args![customer_id, purpose]).await?;
    Ok(row.map(|(at, notice)| Given { at: At(at), notice }))
}

/// Gives a consent; nothing when it stands already (`consents_open`).
pub(super) async fn insert_consent(
    tx: &mut Tx,
    id: &str,
    customer_id: &str,
    purpose: &str,
    notice: &str,
    now: At,
) -> Result<bool, Failure> {
    let sql = "INSERT INTO consents (id, customer_id, purpose, notice_version, given_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (customer_id, purpose) WHERE withdrawn_at IS NULL DO NOTHING";
    Ok(tx.execute(sql, args![id, customer_id, purpose, notice, now.0]).await? == 1)
}

pub(super) async fn withdraw_consent(tx: &mut Tx, customer_id: &str, purpose: &str, now: At) -> Result<bool, Failure> {
    let sql = "UPDATE consents SET withdrawn_at = $3 WHERE customer_id = $1 AND purpose = $2 AND withdrawn_at IS NULL";
    Ok(tx.execute(sql, args![customer_id, purpose, now.0]).await? == 1)
}
