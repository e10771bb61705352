//! Entries become rows of `users`: staff, and the people who sign in for a customer.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, FromRow};

use super::access::{ADMINISTRATOR, Reach};
use super::entry::StaffEntry;
use super::records::{NewUser, insert_user};
use super::staff::{Moved, Place};
use crate::args;
use crate::imports::{Unique, is_claimed};
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule, Put};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::time::At;

/// The hash of a user who has not been activated: no password matches it.
const NOT_ACTIVATED: &str = "";

/// A stored user, as imports compare them.
#[derive(FromRow)]
pub(crate) struct KnownUser {
    pub id: String,
    pub sign_in_name: String,
    pub role: String,
    pub name: String,
    pub customer_id: Option<String>,
    /// Where they work, or which branch their customer usually visits.
    pub branch: Option<String>,
    /// Has no password and no valid secret to set one.
    pub pending: bool,
    /// Has held a secret before.
    pub invited: bool,
    /// Has left, as an approver who was removed.
    pub gone: bool,
}

/// Statements look for this many names at once.
const NAMES: usize = 1_000;

/// The users with these sign-in names. Whoever has no password, valid secret or last day is pending.
pub(crate) async fn find_users(conn: &mut Conn, names: &[&String], now: At) -> Result<HashMap<String, KnownUser>, Failure> {
    let mut found = HashMap::new();
    for part in names.chunks(NAMES) {
        let places: Vec<String> = (2..=part.len() + 1).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT u.id, u.sign_in_name, u.role, u.name, u.customer_id, \
             COALESCE(u.branch_id, (SELECT c.usual_branch_id FROM customers c WHERE c.id = u.customer_id)) AS branch, \
             (u.password_hash = '' AND u.left_on IS NULL AND NOT EXISTS (SELECT 1 FROM activations a WHERE a.user_id = u.id \
             AND a.used_at IS NULL AND a.ended_at IS NULL AND a.expires_at > $1)) AS pending, \
             EXISTS (SELECT 1 FROM activations a WHERE a.user_id = u.id) AS invited, u.left_on IS NOT NULL AS gone FROM users u \
             WHERE u.sign_in_name IN ({})",
            places.join(", ")
        );
        let args = args![now.0].into_iter().chain(part.iter().map(|name| Arg::from(*name))).collect();
        let rows: Vec<KnownUser> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
        found.extend(rows.into_iter().map(|row| (row.sign_in_name.clone(), row)));
    }
    Ok(found)
}

/// Those of these users who have no password and no valid secret to set one, sorted by sign-in name.
pub(crate) async fn pending_users(conn: &mut Conn, names: &[String], now: At) -> Result<Vec<KnownUser>, Failure> {
    let found = find_users(conn, &names.iter().collect::<Vec<_>>(), now).await?;
    let mut pending: Vec<KnownUser> = found.into_values().filter(|user| user.pending).collect();
    pending.sort_by(|a, b| a.sign_in_name.cmp(&b.sign_in_name));
    Ok(pending)
}

#[derive(FromRow)]
struct UserRow {
    id: String,
    role: String,
    name: String,
    customer_id: Option<String>,
    branch_id: Option<String>,
}

async fn find_user(conn: &mut Conn, sign_in_name: &str) -> Result<Option<UserRow>, Failure> {
    let sql = "SELECT id, role, name, customer_id, branch_id FROM users WHERE sign_in_name = $1";
    conn.fetch_optional(sql, args![sign_in_name]).await
}

/// What storing a staff member did. An inserted one has no password and needs an activation.
pub struct StaffPut {
    pub put: Put,
    pub user_id: String,
    /// Whoever works elsewhere now. The caller asks for its refusals once all entries are stored.
    pub moved: Option<Moved>,
}

/// Inserts or changes a staff member. Refused: an unknown role or branch, a role of a branch without one, the sign-in name of
/// a customer, also of one whom an import is writing, and a change from or to an administrator.
pub async fn put_staff(tx: &mut Tx, entry: &StaffEntry) -> Result<StaffPut, Rejected<Vec<EntryRefusal>>> {
    let id = tx.new_id()?;
    put_with(tx, entry, id, NOT_ACTIVATED).await
}

/// The same for the staff of a demo bank, whose sign-in name is also their id.
pub(crate) async fn put_demo_staff(
    tx: &mut Tx,
    entry: &StaffEntry,
    password_hash: &str,
) -> Result<StaffPut, Rejected<Vec<EntryRefusal>>> {
    put_with(tx, entry, entry.sign_in_name.clone(), password_hash).await
}

async fn put_with(
    tx: &mut Tx,
    entry: &StaffEntry,
    new_id: String,
    password_hash: &str,
) -> Result<StaffPut, Rejected<Vec<EntryRefusal>>> {
    let mut refusals = Vec::new();
    let mut refuse = |column, rule| refusals.push(EntryRefusal { column, rule });
    let stored = find_user(tx, &entry.sign_in_name).await?;
    match role_reach(tx, &entry.role).await? {
        None | Some(Reach::Own) => refuse("role", EntryRule::UnknownReference),
        Some(Reach::Branch) if entry.branch.is_none() => refuse("branch", EntryRule::Missing),
        Some(_) => {}
    }
    if let Some(branch) = &entry.branch
        && !branch_exists(tx, branch).await?
    {
        refuse("branch", EntryRule::UnknownReference);
    }
    if stored.is_none() && is_claimed(tx, Unique::SignInName, std::slice::from_ref(&entry.sign_in_name)).await? {
        refuse("sign_in_name", EntryRule::AlreadyUsed);
    }
    if let Some(stored) = &stored {
        if stored.customer_id.is_some() {
            refuse("sign_in_name", EntryRule::AlreadyUsed);
        } else if stored.role != entry.role && [&stored.role, &entry.role].iter().any(|role| *role == ADMINISTRATOR) {
            refuse("role", EntryRule::NeedsApproval);
        }
    }
    if !refusals.is_empty() {
        return Err(Rejected::Refused(refusals));
    }
    let Some(stored) = stored else {
        let user = NewUser {
            id: new_id,
            sign_in_name: entry.sign_in_name.clone(),
            password_hash: password_hash.to_owned(),
            role: entry.role.clone(),
            name: entry.name.clone(),
            customer_id: None,
            branch_id: entry.branch.clone(),
        };
        insert_user(tx, &user).await?;
        return Ok(StaffPut { put: Put::Inserted, user_id: user.id, moved: None });
    };
    if stored.role == entry.role && stored.name == entry.name && stored.branch_id == entry.branch {
        return Ok(StaffPut { put: Put::Unchanged, user_id: stored.id, moved: None });
    }
    let from = Place { role: stored.role, branch: stored.branch_id };
    let to = Place { role: entry.role.clone(), branch: entry.branch.clone() };
    let today = tx.now().day();
    let moved = if from == to { None } else { Some(Moved::before(tx, &stored.id, &from, &to, today).await?) };
    let sql =
        "UPDATE users SET role = $2, reach = (SELECT reach FROM roles WHERE code = $2), name = $3, branch_id = $4 WHERE id = $1";
    tx.execute(sql, args![&stored.id, &entry.role, &entry.name, entry.branch.clone()]).await?;
    Ok(StaffPut { put: Put::Changed, user_id: stored.id, moved })
}

/// How far a role reaches; `None`: there is no such role.
pub(super) async fn role_reach(conn: &mut Conn, role: &str) -> Result<Option<Reach>, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT reach FROM roles WHERE code = $1", args![role]).await?;
    Ok(row.and_then(|(reach,)| Reach::parse(&reach)))
}

/// Whether a branch with this id exists.
pub(crate) async fn branch_exists(conn: &mut Conn, branch: &str) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM branches WHERE id = $1", args![branch]).await?;
    Ok(row.is_some())
}

/// Somebody who signs in for a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerUser {
    pub customer_id: String,
    pub sign_in_name: String,
    /// Code of a role of customers.
    pub role: &'static str,
    pub name: String,
}

/// Inserts the user, without a password, or changes their name. `None`: the sign-in name belongs to somebody else, also in an
/// import that is being written, or to another role of this customer.
pub async fn put_customer_user(tx: &mut Tx, user: &CustomerUser) -> Result<Option<(Put, String)>, Failure> {
    let Some(stored) = find_user(tx, &user.sign_in_name).await? else {
        if is_claimed(tx, Unique::SignInName, std::slice::from_ref(&user.sign_in_name)).await? {
            return Ok(None);
        }
        let new = NewUser {
            id: tx.new_id()?,
            sign_in_name: user.sign_in_name.clone(),
            password_hash: NOT_ACTIVATED.to_owned(),
            role: user.role.to_owned(),
            name: user.name.clone(),
            customer_id: Some(user.customer_id.clone()),
            branch_id: None,
        };
        insert_user(tx, &new).await?;
        return Ok(Some((Put::Inserted, new.id)));
    };
    if stored.customer_id.as_ref() != Some(&user.customer_id) || stored.role != user.role {
        return Ok(None);
    }
    if stored.name == user.name {
        return Ok(Some((Put::Unchanged, stored.id)));
    }
    tx.execute("UPDATE users SET name = $2 WHERE id = $1", args![&stored.id, &user.name]).await?;
    Ok(Some((Put::Changed, stored.id)))
}
