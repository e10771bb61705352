//! Rows of `customers`, `accounts` and `consents`.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, FromRow};

use super::model::{Account, Given};
use crate::args;
use crate::imports::published;
use crate::kernel::database::{Arg, Conn, Part, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::money::Fen;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{ACCOUNT_NUMBER, CUSTOMER_EMAIL, CUSTOMER_ID, CUSTOMER_PHONE};
use crate::kernel::time::{At, Day};
use crate::sessions::{CustomerKind, Scope, index_validated_phone};

/// A new customer.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    pub id: String,
    /// The number by which bank and customer know them; unique.
    pub number: String,
    /// Person or company.
    pub kind: CustomerKind,
    /// Full name.
    pub name: String,
    /// `ms`, `mr` or blank.
    pub title: &'static str,
    /// Date of birth of a person.
    pub birth_day: Option<Day>,
    pub id_type: String,
    pub id_number: String,
    pub phone: String,
    pub email: Option<String>,
    /// Down to the district.
    pub address: String,
    /// Lives in China.
    pub resident: bool,
    /// Full capacity for civil conduct.
    pub capable: bool,
    /// 贵宾
    pub vip: bool,
    /// The purpose of a withdrawal is asked at any amount.
    pub risk_flag: bool,
    /// The branch the customer usually visits.
    pub usual_branch_id: Option<String>,
    /// Created by `lobby demo`.
    pub demo: bool,
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub id: String,
    pub customer_id: String,
    /// `debit_card`, `passbook`, `settlement`.
    pub kind: &'static str,
    /// The full number; the last four digits are those of it. `None`: only they are known.
    pub number: Option<String>,
    /// Last four digits.
    pub last4: String,
    /// Whether cash can be booked from it.
    pub active: bool,
    pub balance: Fen,
}

#[derive(FromRow)]
pub(super) struct CustomerRow {
    pub id: String,
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

pub async fn insert_customer(tx: &mut Tx, customer: &NewCustomer) -> Result<(), Failure> {
    let sql = "INSERT INTO customers (id, kind, name, title, birth_day, id_type, id_sealed, phone_sealed, address, resident, capable, \
               vip, risk_flag, usual_branch_id, demo, id_index, phone_index, phone_last4_index, number, email_sealed, email_index) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    let seal = tx.seal();
    let kind = customer.kind.code();
    tx.execute(
        sql,
        args![
            &customer.id,
            kind,
            &customer.name,
            customer.title,
            customer.birth_day.map(|day| day.to_string()),
            &customer.id_type,
            seal.seal(&CUSTOMER_ID, &customer.id, &customer.id_number)?,
            seal.seal(&CUSTOMER_PHONE, &customer.id, &customer.phone)?,
            &customer.address,
            customer.resident,
            customer.capable,
            customer.vip,
            customer.risk_flag,
            customer.usual_branch_id.clone(),
            customer.demo,
            Lookup::IdNumber(&customer.id_number).index(&seal),
            Lookup::Phone(&customer.phone).index(&seal),
            Lookup::PhoneLast4(last_four(&customer.phone)).index(&seal),
            &customer.number,
            sealed_email(&seal, &customer.id, customer.email.as_deref())?,
            customer.email.as_deref().map(|email| email_index(&seal, email))
        ],
    )
    .await?;
    Ok(())
}

/// A number to search a customer by, in any spelling. It is compared by its blind index, so nothing is opened.
#[derive(Clone, Copy, Debug)]
pub enum Lookup<'n> {
    /// The whole phone number.
    Phone(&'n str),
    /// Its last four digits.
    PhoneLast4(&'n str),
    /// The number of the ID document.
    IdNumber(&'n str),
}

impl Lookup<'_> {
    pub(super) fn column(&self) -> &'static str {
        match self {
            Self::Phone(_) => "phone_index",
            Self::PhoneLast4(_) => "phone_last4_index",
            Self::IdNumber(_) => "id_index",
        }
    }

    /// The number without separators; empty if it cannot be such a number.
    pub(super) fn plain(&self) -> String {
        let (Self::Phone(number) | Self::PhoneLast4(number) | Self::IdNumber(number)) = self;
        let plain: String = number.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        if matches!(self, Self::PhoneLast4(_)) && plain.len() != 4 { String::new() } else { plain }
    }

    /// The blind indexes of this number under every key; none if it cannot be such a number.
    pub(super) fn indexes(&self, seal: &Seal) -> Vec<String> {
        let plain = self.plain();
        if plain.is_empty() { Vec::new() } else { seal.indexes(self.column(), &plain) }
    }

    /// The blind index stored for this number.
    pub(super) fn index(&self, seal: &Seal) -> String {
        seal.index(self.column(), &self.plain())
    }
}

/// The stored form of an e-mail address of this customer.
pub(super) fn sealed_email(seal: &Seal, customer_id: &str, email: Option<&str>) -> Result<Option<String>, Failure> {
    email.map(|email| seal.seal(&CUSTOMER_EMAIL, customer_id, email)).transpose()
}

/// The blind index of an e-mail address in small letters.
pub(super) fn email_index(seal: &Seal, email: &str) -> String {
    seal.index(EMAIL_INDEX, email)
}

/// The names that separate these blind indexes from others.
pub(super) const EMAIL_INDEX: &str = "email_index";
pub(super) const ACCOUNT_INDEX: &str = "account_number_index";

pub(super) fn last_four(phone: &str) -> &str {
    phone.len().checked_sub(4).and_then(|from| phone.get(from..)).unwrap_or_default()
}

/// Ids of the customers with this number, at most 100. The caller must restrict the result to the scope of the staff member.
pub async fn find_customers(conn: &mut Conn, seal: &Seal, lookup: &Lookup<'_>) -> Result<Vec<String>, Failure> {
    let indexes = lookup.indexes(seal);
    if indexes.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=indexes.len()).map(|place| format!("${place}")).collect();
    let sql = format!("SELECT id FROM customers WHERE {} IN ({}) ORDER BY id LIMIT 100", lookup.column(), places.join(", "));
    let found: Vec<(String,)> = conn.fetch_all(AssertSqlSafe(sql), indexes.into_iter().map(Arg::from).collect()).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// A customer with what is indexed: id, sealed ID number, phone number and e-mail address, and the index of the phone number.
type Indexed = (String, String, String, Option<String>, Option<String>);

/// Recomputes the blind indexes of up to `limit` customers after `after` under the newest key. Returns the last one, or
/// `None` if none is left. A number that no key opens gets the index of an empty text, so no search finds it.
pub(crate) async fn index_some(tx: &mut Tx, after: &str, limit: i64) -> Result<Option<String>, Failure> {
    let seal = tx.seal();
    let sql = "SELECT id, id_sealed, phone_sealed, email_sealed, phone_index FROM customers \
               WHERE id > $1 AND (phone_index IS NULL OR phone_index NOT LIKE $2) ORDER BY id LIMIT $3";
    let rows: Vec<Indexed> = tx.fetch_all(sql, args![after, format!("{}:%", seal.newest()), limit]).await?;
    for (id, id_sealed, phone_sealed, email_sealed, indexed) in &rows {
        let id_number = seal.open(&CUSTOMER_ID, id, id_sealed).unwrap_or_default();
        let phone = seal.open(&CUSTOMER_PHONE, id, phone_sealed).unwrap_or_default();
        let email = email_sealed.as_deref().map(|sealed| seal.open(&CUSTOMER_EMAIL, id, sealed).unwrap_or_default());
        let update =
            "UPDATE customers SET id_index = $2, phone_index = $3, phone_last4_index = $4, email_index = $5 WHERE id = $1";
        let (by_id, by_phone) = (Lookup::IdNumber(&id_number).index(&seal), Lookup::Phone(&phone).index(&seal));
        let by_last_four = Lookup::PhoneLast4(last_four(&phone)).index(&seal);
        let by_email = email.as_deref().map(|email| email_index(&seal, email));
        tx.execute(update, args![id, by_id, &*by_phone, by_last_four, by_email]).await?;
        if let Some(indexed) = indexed {
            index_validated_phone(tx, id, indexed, &by_phone).await?;
        }
    }
    Ok(rows.into_iter().last().map(|(id, ..)| id))
}

/// The same for the account numbers; one that no key opens loses its index.
pub(crate) async fn index_some_accounts(tx: &mut Tx, after: &str, limit: i64) -> Result<Option<String>, Failure> {
    let seal = tx.seal();
    let sql = "SELECT id, number_sealed FROM accounts \
               WHERE id > $1 AND number_sealed IS NOT NULL AND number_index NOT LIKE $2 ORDER BY id LIMIT $3";
    let rows: Vec<(String, String)> = tx.fetch_all(sql, args![after, format!("{}:%", seal.newest()), limit]).await?;
    for (id, sealed) in &rows {
        let index = seal.open(&ACCOUNT_NUMBER, id, sealed).ok().map(|number| seal.index(ACCOUNT_INDEX, &number));
        tx.execute("UPDATE accounts SET number_index = $2 WHERE id = $1", args![id, index]).await?;
    }
    Ok(rows.into_iter().last().map(|(id, _)| id))
}

/// A customer by number, with the ids of their first user and account.
#[derive(Clone, Debug, FromRow)]
pub struct HolderIds {
    pub number: String,
    pub customer_id: String,
    pub user_id: String,
    pub account_id: String,
}

/// The customers with a user and an account whose numbers begin with a prefix, by number. For the generated past of a demo bank.
pub async fn list_holders(conn: &mut Conn, prefix: &str) -> Result<Vec<HolderIds>, Failure> {
    let sql = "SELECT c.number, c.id AS customer_id, MIN(u.id) AS user_id, MIN(a.id) AS account_id FROM customers c \
               JOIN users u ON u.customer_id = c.id JOIN accounts a ON a.customer_id = c.id WHERE c.number LIKE $1 \
               GROUP BY c.number, c.id ORDER BY c.number";
    conn.fetch_all(sql, args![format!("{prefix}%")]).await
}

/// Whether the database holds a customer not created by `lobby demo`. If so it is not a demo bank.
pub async fn holds_real_customers(conn: &mut Conn) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM customers WHERE demo = $1 LIMIT 1", args![false]).await?;
    Ok(row.is_some())
}

pub async fn insert_account(tx: &mut Tx, account: &NewAccount) -> Result<(), Failure> {
    let sql = "INSERT INTO accounts (id, customer_id, kind, last4, active, balance, number_sealed, number_index) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let seal = tx.seal();
    let number = account.number.as_deref();
    tx.execute(
        sql,
        args![
            &account.id,
            &account.customer_id,
            account.kind,
            number.map_or(account.last4.as_str(), last_four),
            account.active,
            account.balance.0,
            number.map(|number| seal.seal(&ACCOUNT_NUMBER, &account.id, number)).transpose()?,
            number.map(|number| seal.index(ACCOUNT_INDEX, number))
        ],
    )
    .await?;
    Ok(())
}

/// Columns of a [`CustomerRow`], from `customers c`.
const CUSTOMER: &str = "c.id, c.kind, c.name, c.birth_day, c.id_type, c.id_sealed, c.phone_sealed, c.address, c.resident, c.capable, \
                        c.vip, c.risk_flag, c.usual_branch_id";

pub(super) async fn find_customer(conn: &mut Conn, customer_id: &str) -> Result<CustomerRow, Failure> {
    conn.fetch_one(AssertSqlSafe(format!("SELECT {CUSTOMER} FROM customers c WHERE c.id = $1")), args![customer_id]).await
}

/// The customer of a case, if the case is within `scope`.
pub(super) async fn find_customer_of(conn: &mut Conn, scope: &Scope, number: &str) -> Result<CustomerRow, Failure> {
    let mut args = args![number];
    let scoped = scope.condition("k.branch_id", &mut args);
    let sql = format!("SELECT {CUSTOMER} FROM cases k JOIN customers c ON c.id = k.customer_id WHERE k.number = $1 AND {scoped}");
    conn.fetch_one(AssertSqlSafe(sql), args).await
}

pub(super) async fn list_accounts(conn: &mut Conn, customer_id: &str) -> Result<Vec<Account>, Failure> {
    let seen = published("a");
    let sql = format!("SELECT id, kind, last4, active, balance FROM accounts a WHERE customer_id = $1 AND {seen} ORDER BY id");
    let rows: Vec<AccountRow> = conn.fetch_all(AssertSqlSafe(sql), args![customer_id]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Account { id: row.id, kind: row.kind, last4: row.last4, active: row.active, balance: Fen(row.balance) })
        .collect())
}

/// What a form needs of the customer's own data.
#[derive(Clone, Debug, Default)]
pub(crate) struct OnFile {
    pub id: String,
    pub phone_sealed: String,
    /// The purpose of a withdrawal is asked at any amount.
    pub risk_flag: bool,
}

pub(crate) fn on_file(customer_id: &str) -> Part<OnFile> {
    let sql =
        "SELECT id AS a, phone_sealed AS b, CASE WHEN risk_flag THEN 1 ELSE 0 END AS x, 0 AS y FROM customers WHERE id = $1";
    Part::new(sql, args![customer_id], |rows| {
        let row = rows.into_iter().next().ok_or(Failure::Database(sqlx::Error::RowNotFound))?;
        Ok(OnFile { id: row.a, phone_sealed: row.b, risk_flag: row.x == 1 })
    })
}

static ACTIVE_ACCOUNTS: LazyLock<String> = LazyLock::new(|| {
    let published = published("accounts");
    format!("SELECT id AS a, '' AS b, balance AS x, 0 AS y FROM accounts WHERE customer_id = $1 AND active AND {published}")
});

/// The accounts that cash can be booked from, in the order of their ids: id and balance.
pub(crate) fn active_accounts(customer_id: &str) -> Part<Vec<(String, Fen)>> {
    Part::new(ACTIVE_ACCOUNTS.as_str(), args![customer_id], |rows| {
        let mut accounts: Vec<(String, Fen)> = rows.into_iter().map(|row| (row.a, Fen(row.x))).collect();
        accounts.sort_unstable();
        Ok(accounts)
    })
}

/// When and under which notice a consent was given; `None` if it is not in force.
pub(crate) async fn find_consent(conn: &mut Conn, customer_id: &str, purpose: &str) -> Result<Option<Given>, Failure> {
    let sql = "SELECT given_at, notice_version FROM consents WHERE customer_id = $1 AND purpose = $2 AND withdrawn_at IS NULL";
    let row: Option<(i64, String)> = conn.fetch_optional(sql, args![customer_id, purpose]).await?;
    Ok(row.map(|(at, notice)| Given { at: At(at), notice }))
}

/// Inserts a consent; `false` if it is in force already (unique index `consents_open`).
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

/// The number of customers who usually go to a branch.
pub(crate) async fn count_usual(conn: &mut Conn, branch: &str) -> Result<i64, Failure> {
    let sql = format!("SELECT COUNT(*) FROM customers c WHERE usual_branch_id = $1 AND {}", published("c"));
    let (count,): (i64,) = conn.fetch_one(AssertSqlSafe(sql), args![branch]).await?;
    Ok(count)
}

/// Customers of a branch that closes have no usual branch any more.
pub(crate) async fn clear_usual(tx: &mut Tx, branch: &str) -> Result<(), Failure> {
    tx.execute("UPDATE customers SET usual_branch_id = NULL WHERE usual_branch_id = $1", args![branch]).await?;
    Ok(())
}
