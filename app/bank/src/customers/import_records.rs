//! Customers, their users and accounts in an import: whole batches are compared with the stored rows and staged; portions of
//! the staged rows are written by a few statements.

use std::collections::{HashMap, HashSet};

use sqlx::AssertSqlSafe;

use super::entry::{AccountEntry, CustomerEntry};
use super::entry_records::{STORED, StoredAccount, StoredRow, judge_account, users};
use super::records::{ACCOUNT_INDEX, Lookup, email_index, last_four, sealed_email};
use crate::args;
use crate::cases::look_again;
use crate::imports::{People, Portion, Unique, stage_rows};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::Failure;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{ACCOUNT_NUMBER, CUSTOMER_ID, CUSTOMER_PHONE};
use crate::kernel::time::Day;
use crate::sessions::{APPROVER, CustomerUser, InOffice, KnownUser, approvers_of, find_users};

/// A batch of entries compared with what stands.
#[derive(Default)]
pub(crate) struct Weighed {
    /// What each entry does, in their order.
    pub puts: Vec<Result<Put, Vec<EntryRefusal>>>,
    /// Rows to stage, without the run.
    pub rows: Vec<Vec<Arg>>,
    /// Users to stage, without the run.
    pub users: Vec<Vec<Arg>>,
    /// The unique values of new rows, as they are stored.
    pub claims: Vec<(Unique, Arg)>,
    /// People who will need a secret.
    pub to_invite: usize,
    /// Those of them who have held one before.
    pub to_renew: usize,
    /// Places of entries whose ID number another customer has, in the bank or in an earlier row.
    pub same_id: Vec<usize>,
}

const CUSTOMERS: &[&str] = &[
    "run_id",
    "id",
    "fresh",
    "number",
    "kind",
    "name",
    "title",
    "birth_day",
    "id_type",
    "sealed_id",
    "sealed_phone",
    "sealed_email",
    "address",
    "resident",
    "capable",
    "vip",
    "risk_flag",
    "usual_branch_id",
    "demo",
    "id_index",
    "phone_index",
    "phone_last4_index",
    "email_index",
];

const USERS: &[&str] = &["run_id", "id", "fresh", "sign_in_name", "password_hash", "role", "name", "customer_id", "left_on"];

const ACCOUNTS: &[&str] =
    &["run_id", "id", "fresh", "customer_id", "kind", "last4", "active", "balance", "sealed_number", "number_index"];

/// `$1, $2 …` for these values.
fn places(count: usize) -> String {
    (1..=count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

fn texts<'t>(values: impl IntoIterator<Item = &'t String>) -> Vec<Arg> {
    values.into_iter().map(Arg::from).collect()
}

/// The ids of the customers with these numbers.
pub(crate) async fn ids_by_number(conn: &mut Conn, numbers: &HashSet<&String>) -> Result<HashMap<String, String>, Failure> {
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT number, id FROM customers WHERE number IN ({})", places(numbers.len()));
    let rows: Vec<(String, String)> = conn.fetch_all(AssertSqlSafe(sql), texts(numbers.iter().copied())).await?;
    Ok(rows.into_iter().collect())
}

/// The numbers of the customers who have one of these entries' ID numbers, by blind index.
async fn holders(conn: &mut Conn, seal: &Seal, entries: &[&CustomerEntry]) -> Result<HashMap<String, Vec<String>>, Failure> {
    let indexes: Vec<String> = entries.iter().flat_map(|entry| Lookup::IdNumber(&entry.id_number).indexes(seal)).collect();
    if indexes.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!("SELECT id_index, number FROM customers WHERE id_index IN ({})", places(indexes.len()));
    let rows: Vec<(String, String)> = conn.fetch_all(AssertSqlSafe(sql), texts(&indexes)).await?;
    let mut holders: HashMap<String, Vec<String>> = HashMap::new();
    for (index, number) in rows {
        holders.entry(index).or_default().push(number);
    }
    Ok(holders)
}

/// `ids`: the ID numbers of the entries of earlier batches.
pub(crate) async fn weigh_customers(
    bank: &Bank,
    entries: &[&CustomerEntry],
    people: &People,
    ids: &mut HashSet<String>,
) -> Result<Weighed, Failure> {
    let mut weighed = Weighed::default();
    if entries.is_empty() {
        return Ok(weighed);
    }
    let mut conn = bank.read().await?;
    let branches: Vec<(String,)> = conn.fetch_all("SELECT id FROM branches", Vec::new()).await?;
    let branches: HashSet<String> = branches.into_iter().map(|(id,)| id).collect();
    let sql = format!("{STORED} WHERE number IN ({})", places(entries.len()));
    let stored: Vec<StoredRow> = conn.fetch_all(AssertSqlSafe(sql), texts(entries.iter().map(|entry| &entry.number))).await?;
    let stored: HashMap<String, StoredRow> = stored.into_iter().map(|row| (row.number.clone(), row)).collect();
    let approvers = entries.iter().filter_map(|entry| entry.approver.as_ref().map(|approver| &approver.sign_in_name));
    let names: Vec<&String> = entries.iter().map(|entry| &entry.number).chain(approvers).collect();
    let known = find_users(&mut conn, &names, bank.now()).await?;
    let holders = holders(&mut conn, bank.seal(), entries).await?;
    let in_office = approvers_of(&mut conn, &stored.values().map(|row| &row.id).collect::<Vec<_>>()).await?;
    drop(conn);
    for (place, entry) in entries.iter().enumerate() {
        let row = stored.get(&entry.number);
        let others = Lookup::IdNumber(&entry.id_number).indexes(bank.seal());
        let another = others.iter().filter_map(|index| holders.get(index)).flatten().any(|number| *number != entry.number);
        if another || !others.is_empty() && !ids.insert(entry.id_number.clone()) {
            weighed.same_id.push(place);
        }
        let mut refusals = Vec::new();
        let mut refuse = |column, rule| refusals.push(EntryRefusal { column, rule });
        if entry.branch.as_ref().is_some_and(|branch| !branches.contains(branch)) {
            refuse("branch", EntryRule::UnknownReference);
        }
        if row.is_some_and(|row| row.kind != entry.kind.code()) {
            refuse("kind", EntryRule::CannotChange);
        }
        let id = match (row, people) {
            (Some(row), _) => row.id.clone(),
            (None, People::Real) => bank.new_id()?,
            (None, People::Demo { .. }) => entry.number.clone(),
        };
        if row.is_none() {
            weighed.claims.push((Unique::CustomerId, Arg::from(&id)));
            weighed.claims.push((Unique::CustomerNumber, Arg::from(&entry.number)));
        }
        let mut put = match row {
            None => Put::Inserted,
            Some(row) if row.equals(bank.seal(), entry)? => Put::Unchanged,
            Some(_) => Put::Changed,
        };
        let values =
            (put != Put::Unchanged).then(|| customer_values(bank.seal(), &id, row.is_none(), entry, people)).transpose()?;
        let mut user_values = Vec::new();
        for (column, user) in users(&id, entry) {
            let known = known.get(&user.sign_in_name);
            if known.is_some_and(|known| known.customer_id.as_ref() != Some(&id) || known.role != user.role) {
                refuse(column, EntryRule::AlreadyUsed);
            }
            weighed.to_invite += usize::from(known.map_or(*people == People::Real, |known| known.pending));
            weighed.to_renew += usize::from(known.is_some_and(|known| known.pending && known.invited));
            if known.is_none_or(|known| known.name != user.name || known.gone) {
                let user_id = user_id(bank, known, &user, people)?;
                if known.is_none() {
                    weighed.claims.push((Unique::UserId, Arg::from(&user_id)));
                    weighed.claims.push((Unique::SignInName, Arg::from(&user.sign_in_name)));
                }
                user_values.push(user_row(user_id, known.is_none(), &user, people, None));
                put = if put == Put::Unchanged { Put::Changed } else { put };
            }
        }
        let kept = entry.approver.as_ref().map(|approver| &approver.sign_in_name);
        for InOffice { id: user_id, sign_in_name, name, .. } in in_office.get(&id).into_iter().flatten() {
            if Some(sign_in_name) != kept {
                let (customer_id, sign_in_name, name) = (id.clone(), sign_in_name.clone(), name.clone());
                let gone = CustomerUser { customer_id, sign_in_name, role: APPROVER, name };
                user_values.push(user_row(user_id.clone(), false, &gone, people, Some(bank.now().day())));
                put = if put == Put::Unchanged { Put::Changed } else { put };
            }
        }
        if refusals.is_empty() {
            weighed.puts.push(Ok(put));
            weighed.rows.extend(values);
            weighed.users.extend(user_values);
        } else {
            weighed.puts.push(Err(refusals));
        }
    }
    Ok(weighed)
}

fn customer_values(seal: &Seal, id: &str, fresh: bool, entry: &CustomerEntry, people: &People) -> Result<Vec<Arg>, Failure> {
    Ok(args![
        id,
        fresh,
        &entry.number,
        entry.kind.code(),
        &entry.name,
        entry.title,
        entry.birth_day.map(|day| day.to_string()),
        entry.id_type.code(),
        seal.seal(&CUSTOMER_ID, id, &entry.id_number)?,
        seal.seal(&CUSTOMER_PHONE, id, &entry.phone)?,
        sealed_email(seal, id, entry.email.as_deref())?,
        &entry.address,
        entry.resident,
        entry.capable,
        entry.vip,
        entry.risk_flag,
        entry.branch.clone(),
        *people != People::Real,
        Lookup::IdNumber(&entry.id_number).index(seal),
        Lookup::Phone(&entry.phone).index(seal),
        Lookup::PhoneLast4(last_four(&entry.phone)).index(seal),
        entry.email.as_deref().map(|email| email_index(seal, email))
    ])
}

fn user_id(bank: &Bank, known: Option<&KnownUser>, user: &CustomerUser, people: &People) -> Result<String, Failure> {
    match (known, people) {
        (Some(known), _) => Ok(known.id.clone()),
        (None, People::Real) => bank.new_id(),
        (None, People::Demo { .. }) => Ok(user.sign_in_name.clone()),
    }
}

/// `left_on`: the day from which a removed approver has left.
fn user_row(id: String, fresh: bool, user: &CustomerUser, people: &People, left_on: Option<Day>) -> Vec<Arg> {
    let password_hash = match people {
        People::Real => "",
        People::Demo { password_hash } => password_hash,
    };
    args![
        id,
        fresh,
        &user.sign_in_name,
        password_hash,
        user.role,
        &user.name,
        &user.customer_id,
        left_on.map(|day| day.to_string())
    ]
}

pub(crate) async fn stage_customers(tx: &mut Tx, run: &str, weighed: &Weighed) -> Result<(), Failure> {
    stage_rows(tx, run, "import_customers", CUSTOMERS, &weighed.rows).await?;
    stage_rows(tx, run, "import_users", USERS, &weighed.users).await
}

pub(crate) async fn write_customers(tx: &mut Tx, portion: &Portion<'_>) -> Result<(), Failure> {
    let [customers, users] = if portion.fresh {
        [
            "INSERT INTO customers (id, number, kind, name, title, birth_day, id_type, id_sealed, phone_sealed, email_sealed, \
             address, resident, capable, vip, risk_flag, usual_branch_id, demo, id_index, phone_index, phone_last4_index, \
             email_index, import_run) \
             SELECT id, number, kind, name, title, birth_day, id_type, sealed_id, sealed_phone, sealed_email, address, resident, \
             capable, vip, risk_flag, usual_branch_id, demo, id_index, phone_index, phone_last4_index, email_index, run_id \
             FROM import_customers WHERE run_id = $1 AND fresh = $2 AND id <= $3",
            // A join with the few roles would be planned by statistics that know nothing of the staged rows.
            "INSERT INTO users (id, sign_in_name, password_hash, role, reach, name, customer_id, import_run) \
             SELECT s.id, s.sign_in_name, s.password_hash, s.role, (SELECT reach FROM roles WHERE code = s.role), s.name, \
             s.customer_id, s.run_id FROM import_users s WHERE s.run_id = $1 AND s.fresh = $2 AND s.customer_id <= $3",
        ]
    } else {
        [
            "UPDATE customers SET name = s.name, title = s.title, birth_day = s.birth_day, id_type = s.id_type, \
             id_sealed = s.sealed_id, phone_sealed = s.sealed_phone, email_sealed = s.sealed_email, address = s.address, \
             resident = s.resident, capable = s.capable, vip = s.vip, risk_flag = s.risk_flag, \
             usual_branch_id = s.usual_branch_id, id_index = s.id_index, phone_index = s.phone_index, \
             phone_last4_index = s.phone_last4_index, email_index = s.email_index \
             FROM import_customers AS s WHERE s.run_id = $1 AND s.fresh = $2 AND s.id <= $3 AND customers.id = s.id",
            "UPDATE users SET name = s.name, left_on = s.left_on FROM import_users AS s \
             WHERE s.run_id = $1 AND s.fresh = $2 AND s.customer_id <= $3 AND users.id = s.id",
        ]
    };
    let gone = "SELECT s.customer_id FROM import_users s WHERE s.run_id = $1 AND s.fresh = $2 AND s.customer_id <= $3 \
                AND s.left_on IS NOT NULL";
    let gone: Vec<(String,)> = tx.fetch_all(gone, portion.args()).await?;
    for (customer,) in &gone {
        // As for one entry: every booking of this company is made before or after.
        tx.execute("UPDATE customers SET number = number WHERE id = $1", args![customer]).await?;
    }
    tx.execute(customers, portion.args()).await?;
    tx.execute(users, portion.args()).await?;
    for (customer,) in &gone {
        look_again(tx, customer).await?;
    }
    Ok(())
}

/// `counted`: how many accounts of each customer were seen in earlier batches.
pub(crate) async fn weigh_accounts(
    bank: &Bank,
    entries: &[&AccountEntry],
    people: &People,
    counted: &mut HashMap<String, usize>,
) -> Result<Weighed, Failure> {
    let mut weighed = Weighed::default();
    if entries.is_empty() {
        return Ok(weighed);
    }
    let seal = bank.seal();
    let indexes: Vec<Vec<String>> = entries.iter().map(|entry| seal.indexes(ACCOUNT_INDEX, &entry.number)).collect();
    let mut conn = bank.read().await?;
    let customers = ids_by_number(&mut conn, &entries.iter().map(|entry| &entry.customer).collect()).await?;
    let all: Vec<&String> = indexes.iter().flatten().collect();
    let sql = format!(
        "SELECT number_index, id, customer_id, kind, active, balance FROM accounts WHERE number_index IN ({})",
        places(all.len())
    );
    let stored: Vec<StoredAccount> = conn.fetch_all(AssertSqlSafe(sql), texts(all)).await?;
    drop(conn);
    let stored: HashMap<&str, &StoredAccount> = stored.iter().map(|row| (row.number_index.as_str(), row)).collect();
    for (entry, indexes) in entries.iter().zip(&indexes) {
        let count = counted.entry(entry.customer.clone()).or_default();
        *count += 1;
        let known = indexes.iter().find_map(|index| stored.get(index.as_str()).copied());
        let customer_id = customers.get(&entry.customer);
        let put = judge_account(entry, customer_id, known);
        weighed.puts.push(put.map_err(|refusal| vec![refusal]));
        let (Ok(Put::Inserted | Put::Changed), Some(customer_id)) = (put, customer_id) else { continue };
        let id = match (known, people) {
            (Some(known), _) => known.id.clone(),
            (None, People::Real) => bank.new_id()?,
            (None, People::Demo { .. }) => format!("{customer_id}-{count}"),
        };
        let number_index = seal.index(ACCOUNT_INDEX, &entry.number);
        if known.is_none() {
            weighed.claims.push((Unique::AccountId, Arg::from(&id)));
            weighed.claims.push((Unique::AccountNumber, Arg::from(&number_index)));
        }
        weighed.rows.push(args![
            &id,
            known.is_none(),
            customer_id,
            entry.kind,
            last_four(&entry.number),
            entry.active,
            entry.balance.0,
            seal.seal(&ACCOUNT_NUMBER, &id, &entry.number)?,
            number_index
        ]);
    }
    Ok(weighed)
}

pub(crate) async fn stage_accounts(tx: &mut Tx, run: &str, weighed: &Weighed) -> Result<(), Failure> {
    stage_rows(tx, run, "import_accounts", ACCOUNTS, &weighed.rows).await
}

pub(crate) async fn write_accounts(tx: &mut Tx, portion: &Portion<'_>) -> Result<(), Failure> {
    let sql = if portion.fresh {
        "INSERT INTO accounts (id, customer_id, kind, last4, active, balance, number_sealed, number_index, import_run) \
         SELECT id, customer_id, kind, last4, active, balance, sealed_number, number_index, run_id \
         FROM import_accounts WHERE run_id = $1 AND fresh = $2 AND customer_id <= $3"
    } else {
        "UPDATE accounts SET kind = s.kind, active = s.active, balance = s.balance FROM import_accounts AS s \
         WHERE s.run_id = $1 AND s.fresh = $2 AND s.customer_id <= $3 AND accounts.id = s.id"
    };
    tx.execute(sql, portion.args()).await?;
    Ok(())
}
