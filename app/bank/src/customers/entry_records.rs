//! Entries become rows of `customers`, with the users who sign in for them, and of `accounts`.

use sqlx::{AssertSqlSafe, FromRow};

use super::entry::{AccountEntry, CustomerEntry};
use super::records::{
    ACCOUNT_INDEX, Lookup, NewAccount, NewCustomer, email_index, insert_account, insert_customer, last_four, sealed_email,
};
use crate::args;
use crate::cases::look_again;
use crate::imports::{Unique, is_claimed};
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{CUSTOMER_EMAIL, CUSTOMER_ID, CUSTOMER_PHONE};
use crate::sessions::{CustomerKind, CustomerUser, branch_exists, keep_approver, put_customer_user};

/// What storing a customer did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerPut {
    pub put: Put,
    pub customer_id: String,
    /// Ids of the users made for the customer; they have no password and need an activation.
    pub new_users: Vec<String>,
}

/// Selects [`StoredRow`]s.
pub(super) const STORED: &str = "SELECT id, number, kind, name, title, birth_day, id_type, id_sealed, phone_sealed, email_sealed, \
                                 address, resident, capable, vip, risk_flag, usual_branch_id FROM customers";

#[derive(FromRow)]
pub(super) struct StoredRow {
    pub id: String,
    pub number: String,
    pub kind: String,
    name: String,
    title: String,
    birth_day: Option<String>,
    id_type: String,
    id_sealed: String,
    phone_sealed: String,
    email_sealed: Option<String>,
    address: String,
    resident: bool,
    capable: bool,
    vip: bool,
    risk_flag: bool,
    usual_branch_id: Option<String>,
}

impl StoredRow {
    /// Whether the row holds the values of the entry.
    pub(super) fn equals(&self, seal: &Seal, entry: &CustomerEntry) -> Result<bool, Failure> {
        let email = self.email_sealed.as_deref().map(|sealed| seal.open(&CUSTOMER_EMAIL, &self.id, sealed)).transpose()?;
        Ok(self.name == entry.name
            && self.title == entry.title
            && self.birth_day == entry.birth_day.map(|day| day.to_string())
            && self.id_type == entry.id_type.code()
            && self.address == entry.address
            && (self.resident, self.capable, self.vip, self.risk_flag)
                == (entry.resident, entry.capable, entry.vip, entry.risk_flag)
            && self.usual_branch_id == entry.branch
            && email == entry.email
            && seal.open(&CUSTOMER_ID, &self.id, &self.id_sealed)? == entry.id_number
            && seal.open(&CUSTOMER_PHONE, &self.id, &self.phone_sealed)? == entry.phone)
    }
}

/// Inserts or changes a customer and those who sign in for them. Refused: an unknown branch, a sign-in name of somebody
/// else, a number or name of a row that an import is writing, a person who becomes a company or the reverse.
pub async fn put_customer(tx: &mut Tx, entry: &CustomerEntry) -> Result<CustomerPut, Rejected<Vec<EntryRefusal>>> {
    let refused = |column, rule| Err(Rejected::Refused(vec![EntryRefusal { column, rule }]));
    if let Some(branch) = &entry.branch
        && !branch_exists(tx, branch).await?
    {
        return refused("branch", EntryRule::UnknownReference);
    }
    let sql = format!("{STORED} WHERE number = $1");
    let stored: Option<StoredRow> = tx.fetch_optional(AssertSqlSafe(sql), args![&entry.number]).await?;
    let (mut put, customer_id) = match stored {
        None if is_claimed(tx, Unique::CustomerNumber, std::slice::from_ref(&entry.number)).await? => {
            return refused("number", EntryRule::AlreadyUsed);
        }
        None => {
            let new = new_customer(tx.new_id()?, entry);
            insert_customer(tx, &new).await?;
            (Put::Inserted, new.id)
        }
        Some(stored) if stored.kind != entry.kind.code() => return refused("kind", EntryRule::CannotChange),
        Some(stored) if stored.equals(&tx.seal(), entry)? => (Put::Unchanged, stored.id),
        Some(stored) => {
            update_customer(tx, &stored.id, entry).await?;
            (Put::Changed, stored.id)
        }
    };
    let mut new_users = Vec::new();
    for (column, user) in users(&customer_id, entry) {
        match put_customer_user(tx, &user).await? {
            None => return refused(column, EntryRule::AlreadyUsed),
            Some((Put::Unchanged, _)) => {}
            Some((Put::Changed, _)) => put = if put == Put::Unchanged { Put::Changed } else { put },
            Some((Put::Inserted, user_id)) => {
                put = if put == Put::Unchanged { Put::Changed } else { put };
                new_users.push(user_id);
            }
        }
    }
    if entry.kind == CustomerKind::Company && !keeps_approver(tx, &customer_id, entry).await? && put == Put::Unchanged {
        put = Put::Changed;
    }
    Ok(CustomerPut { put, customer_id, new_users })
}

/// Whether the approver in office stays. Otherwise the bookings that wait for one are looked at again: without an approver they go
/// on to the bank (docs/domain.md §3.5). The customer's row is locked first, so that every booking is made before or after.
async fn keeps_approver(tx: &mut Tx, customer_id: &str, entry: &CustomerEntry) -> Result<bool, Failure> {
    tx.execute("UPDATE customers SET number = number WHERE id = $1", args![customer_id]).await?;
    let name = entry.approver.as_ref().map(|approver| approver.sign_in_name.as_str());
    let stays = keep_approver(tx, customer_id, name).await? == 0;
    if !stays {
        look_again(tx, customer_id).await?;
    }
    Ok(stays)
}

/// Those who sign in for the customer, with the column of their sign-in name.
pub(super) fn users(customer_id: &str, entry: &CustomerEntry) -> Vec<(&'static str, CustomerUser)> {
    let user = |sign_in_name: &str, role, name: &str| CustomerUser {
        customer_id: customer_id.to_owned(),
        sign_in_name: sign_in_name.to_owned(),
        role,
        name: name.to_owned(),
    };
    let first = match &entry.operator {
        Some(operator) => user(&entry.number, "company_operator", operator),
        None => user(&entry.number, "customer", &entry.name),
    };
    let second = entry.approver.as_ref().map(|approver| user(&approver.sign_in_name, "company_approver", &approver.name));
    [("number", Some(first)), ("approver_sign_in_name", second)]
        .into_iter()
        .filter_map(|(column, user)| Some((column, user?)))
        .collect()
}

fn new_customer(id: String, entry: &CustomerEntry) -> NewCustomer {
    NewCustomer {
        id,
        number: entry.number.clone(),
        kind: entry.kind,
        name: entry.name.clone(),
        title: entry.title,
        birth_day: entry.birth_day,
        id_type: entry.id_type.code().to_owned(),
        id_number: entry.id_number.clone(),
        phone: entry.phone.clone(),
        email: entry.email.clone(),
        address: entry.address.clone(),
        resident: entry.resident,
        capable: entry.capable,
        vip: entry.vip,
        risk_flag: entry.risk_flag,
        usual_branch_id: entry.branch.clone(),
        demo: false,
    }
}

async fn update_customer(tx: &mut Tx, id: &str, entry: &CustomerEntry) -> Result<(), Failure> {
    let seal = tx.seal();
    let sql = "UPDATE customers SET name = $2, title = $3, birth_day = $4, id_type = $5, id_sealed = $6, phone_sealed = $7, \
               email_sealed = $8, address = $9, resident = $10, capable = $11, vip = $12, risk_flag = $13, usual_branch_id = $14, \
               id_index = $15, phone_index = $16, phone_last4_index = $17, email_index = $18 WHERE id = $1";
    let args = args![
        id,
        &entry.name,
        entry.title,
        entry.birth_day.map(|day| day.to_string()),
        entry.id_type.code(),
        seal.seal(&CUSTOMER_ID, id, &entry.id_number)?,
        seal.seal(&CUSTOMER_PHONE, id, &entry.phone)?,
        sealed_email(&seal, id, entry.email.as_deref())?,
        &entry.address,
        entry.resident,
        entry.capable,
        entry.vip,
        entry.risk_flag,
        entry.branch.clone(),
        Lookup::IdNumber(&entry.id_number).index(&seal),
        Lookup::Phone(&entry.phone).index(&seal),
        Lookup::PhoneLast4(last_four(&entry.phone)).index(&seal),
        entry.email.as_deref().map(|email| email_index(&seal, email))
    ];
    tx.execute(sql, args).await?;
    Ok(())
}

#[derive(FromRow)]
pub(super) struct StoredAccount {
    pub number_index: String,
    pub id: String,
    pub customer_id: String,
    kind: String,
    active: bool,
    balance: i64,
}

impl StoredAccount {
    /// Whether the row holds the values of the entry.
    fn equals(&self, entry: &AccountEntry) -> bool {
        self.kind == entry.kind && self.active == entry.active && self.balance == entry.balance.0
    }
}

/// What an entry does to the account with its number, if there is one. Refused: an unknown customer, an account of another customer.
pub(super) fn judge_account(
    entry: &AccountEntry,
    customer_id: Option<&String>,
    stored: Option<&StoredAccount>,
) -> Result<Put, EntryRefusal> {
    match (customer_id, stored) {
        (None, _) => Err(EntryRefusal { column: "customer", rule: EntryRule::UnknownReference }),
        (Some(_), None) => Ok(Put::Inserted),
        (Some(customer), Some(stored)) if stored.customer_id != *customer => {
            Err(EntryRefusal { column: "customer", rule: EntryRule::CannotChange })
        }
        (Some(_), Some(stored)) if stored.equals(entry) => Ok(Put::Unchanged),
        (Some(_), Some(_)) => Ok(Put::Changed),
    }
}

/// Inserts or changes an account by the rule of [`judge_account`]. Refused, too: a number of an account that an import is writing.
pub async fn put_account(tx: &mut Tx, entry: &AccountEntry) -> Result<Put, Rejected<Vec<EntryRefusal>>> {
    let customer_id = find_by_number(tx, &entry.customer).await?;
    let seal = tx.seal();
    let indexes = seal.indexes(ACCOUNT_INDEX, &entry.number);
    let places: Vec<String> = (1..=indexes.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT number_index, id, customer_id, kind, active, balance FROM accounts WHERE number_index IN ({}) ORDER BY id LIMIT 1",
        places.join(", ")
    );
    let stored: Option<StoredAccount> = tx.fetch_optional(AssertSqlSafe(sql), indexes.iter().map(Arg::from).collect()).await?;
    let put = judge_account(entry, customer_id.as_ref(), stored.as_ref());
    let put = put.map_err(|refusal| Rejected::Refused(vec![refusal]))?;
    if put == Put::Inserted && is_claimed(tx, Unique::AccountNumber, &indexes).await? {
        return Err(Rejected::Refused(vec![EntryRefusal { column: "number", rule: EntryRule::AlreadyUsed }]));
    }
    match (put, stored, customer_id) {
        (Put::Changed, Some(stored), _) => {
            let sql = "UPDATE accounts SET kind = $2, active = $3, balance = $4 WHERE id = $1";
            tx.execute(sql, args![&stored.id, entry.kind, entry.active, entry.balance.0]).await?;
        }
        (Put::Inserted, _, Some(customer_id)) => {
            let account = NewAccount {
                id: tx.new_id()?,
                customer_id,
                kind: entry.kind,
                number: Some(entry.number.clone()),
                last4: last_four(&entry.number).to_owned(),
                active: entry.active,
                balance: entry.balance,
            };
            insert_account(tx, &account).await?;
        }
        _ => {}
    }
    Ok(put)
}

/// The id of the customer with this number.
pub async fn find_by_number(conn: &mut Conn, number: &str) -> Result<Option<String>, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM customers WHERE number = $1", args![number]).await?;
    Ok(row.map(|(id,)| id))
}
