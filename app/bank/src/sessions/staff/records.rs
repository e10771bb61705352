//! Rows of staff in `users`, of `user_moves` and `role_permissions`, and the cases that wait for a permission.

use std::sync::LazyLock;

use sqlx::{AssertSqlSafe, FromRow};

use super::Place;
use super::members::{StaffFilter, StaffPosition};
use crate::args;
use crate::cases::{PageStart, Phase, acting};
use crate::kernel::check::{Checking, Examination};
use crate::kernel::database::{Arg, Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::{At, Day};
use crate::sessions::access::Permission;
use crate::sessions::factors::HAS_FACTOR;

/// Some members of the staff.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who<'w> {
    Member(&'w str),
    /// Everybody with this role.
    Role(&'w str),
}

impl Who<'_> {
    /// The column of `users` and its value.
    const fn column(&self) -> (&'static str, &str) {
        match self {
            Self::Member(id) => ("u.id", id),
            Self::Role(code) => ("u.role", code),
        }
    }
}

/// Somebody who holds a permission.
#[derive(FromRow)]
pub(super) struct Holder {
    pub reach: String,
    pub branch_id: Option<String>,
}

/// The role of a user, `u`, holds the permission $1 on the day $2.
const HOLDS: &str = "EXISTS (SELECT 1 FROM role_permissions p WHERE p.role = u.role AND p.permission = $1 \
                     AND p.effective_from <= $2 AND (p.effective_until IS NULL OR p.effective_until > $2))";

/// The same, without an end.
const HOLDS_ON: &str = "EXISTS (SELECT 1 FROM role_permissions p WHERE p.role = u.role AND p.permission = $1 \
                        AND p.effective_from <= $2 AND p.effective_until IS NULL)";

/// Those of these people who can sign in and hold a permission today.
pub(super) async fn list_holders(
    conn: &mut Conn,
    permission: Permission,
    who: Who<'_>,
    today: Day,
) -> Result<Vec<Holder>, Failure> {
    let (column, value) = who.column();
    let sql = format!(
        "SELECT u.reach, u.branch_id FROM users u WHERE u.customer_id IS NULL AND {column} = $3 AND u.password_hash <> '' \
         AND (u.left_on IS NULL OR u.left_on > $2) AND {HOLDS}"
    );
    conn.fetch_all(AssertSqlSafe(sql), args![permission.code(), today.to_string(), value]).await
}

/// Everybody else who can sign in, holds a permission on and after a day, and neither leaves nor moves.
pub(super) async fn list_staying(
    conn: &mut Conn,
    permission: Permission,
    without: Who<'_>,
    from: Day,
) -> Result<Vec<Holder>, Failure> {
    let (column, value) = without.column();
    let sql = format!(
        "SELECT u.reach, u.branch_id FROM users u WHERE u.customer_id IS NULL AND {column} <> $3 AND u.password_hash <> '' \
         AND u.left_on IS NULL AND u.leaves_on IS NULL AND {HOLDS_ON} \
         AND NOT EXISTS (SELECT 1 FROM user_moves m WHERE m.user_id = u.id AND m.applied_at IS NULL)"
    );
    conn.fetch_all(AssertSqlSafe(sql), args![permission.code(), from.to_string(), value]).await
}

/// Somebody at this place, if its role holds a permission on and after a day.
pub(super) async fn find_holder(
    conn: &mut Conn,
    permission: Permission,
    role: &str,
    branch: Option<&str>,
    from: Day,
) -> Result<Option<Holder>, Failure> {
    let sql = "SELECT r.reach, $4 AS branch_id FROM roles r WHERE r.code = $3 AND EXISTS (SELECT 1 FROM role_permissions p \
               WHERE p.role = r.code AND p.permission = $1 AND p.effective_from <= $2 AND p.effective_until IS NULL)";
    conn.fetch_optional(sql, args![permission.code(), from.to_string(), role, branch]).await
}

/// The open cases in a state in which somebody with this permission ordinarily acts, by branch; an empty one is head office.
pub(super) async fn count_waiting_for(conn: &mut Conn, permission: Permission) -> Result<Vec<(String, i64)>, Failure> {
    let mut found = Vec::new();
    for kind in crate::KINDS {
        let mut args = args![kind.case_kind().code()];
        let mut places = Vec::new();
        let acts = |state: &str| acting(kind.table(), state).contains(&permission);
        for state in kind.states().iter().filter(|state| state.phase != Phase::Final && acts(state.code)) {
            args.push(Arg::from(state.code));
            places.push(format!("${}", args.len()));
        }
        if places.is_empty() {
            continue;
        }
        let sql = format!(
            "SELECT COALESCE(branch_id, ''), COUNT(*) FROM cases WHERE kind = $1 AND state IN ({}) GROUP BY branch_id",
            places.join(", ")
        );
        found.extend(conn.fetch_all::<(String, i64)>(AssertSqlSafe(sql), args).await?);
    }
    Ok(found)
}

/// Somebody who holds a permission on a day.
#[derive(FromRow)]
pub(super) struct Able {
    pub id: String,
    pub reach: String,
    pub branch_id: Option<String>,
    /// Whether they have a password.
    pub active: bool,
}

/// Everybody who holds a permission today and has not left.
pub(super) async fn list_able(conn: &mut Conn, permission: Permission, today: Day) -> Result<Vec<Able>, Failure> {
    let sql = format!(
        "SELECT u.id, u.reach, u.branch_id, u.password_hash <> '' AS active FROM users u WHERE u.customer_id IS NULL \
         AND (u.left_on IS NULL OR u.left_on > $2) AND {HOLDS}"
    );
    conn.fetch_all(AssertSqlSafe(sql), args![permission.code(), today.to_string()]).await
}

/// A member of the staff as stored.
#[derive(FromRow)]
pub(super) struct MemberRow {
    pub id: String,
    pub name: String,
    pub sign_in_name: String,
    pub role: String,
    pub branch_id: Option<String>,
    pub active: bool,
    pub has_factor: bool,
    /// The most failed sign-ins that a source has today.
    pub failures_of_a_source: i64,
    /// Failed sign-ins of all unknown sources today.
    pub failures_of_unknown: i64,
    pub left_on: Option<String>,
    pub leaves_on: Option<String>,
    pub link_until: Option<i64>,
    pub moves_from: Option<String>,
    pub moves_role: Option<String>,
    pub moves_branch: Option<String>,
}

/// $1 is the present time, $2 when the day began. Of several planned moves the next one.
static MEMBER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT u.id, u.name, u.sign_in_name, u.role, u.branch_id, u.password_hash <> '' AS active, {HAS_FACTOR} AS has_factor, \
         COALESCE((SELECT MAX(f.failures) FROM sign_in_failures f WHERE f.user_id = u.id AND f.day_begins = $2 \
         AND f.source_index <> ''), 0) AS failures_of_a_source, \
         COALESCE((SELECT MAX(f.failures) FROM sign_in_failures f WHERE f.user_id = u.id AND f.day_begins = $2 \
         AND f.source_index = ''), 0) AS failures_of_unknown, \
         u.left_on, u.leaves_on, (SELECT MAX(a.expires_at) FROM activations a WHERE a.user_id = u.id \
         AND a.used_at IS NULL AND a.ended_at IS NULL AND a.expires_at > $1) AS link_until, \
         m.effective_from AS moves_from, m.role AS moves_role, m.branch_id AS moves_branch \
         FROM users u LEFT JOIN user_moves m ON m.user_id = u.id AND m.applied_at IS NULL \
         AND m.effective_from = (SELECT MIN(n.effective_from) FROM user_moves n WHERE n.user_id = u.id \
         AND n.applied_at IS NULL) WHERE u.customer_id IS NULL"
    )
});

pub(super) async fn find_member(conn: &mut Conn, id: &str, now: At) -> Result<Option<MemberRow>, Failure> {
    let args = args![now.0, At::midnight(now.day()).0, id];
    conn.fetch_optional(AssertSqlSafe(format!("{} AND u.id = $3", *MEMBER)), args).await
}

/// The id of the staff member with this sign-in name.
pub(super) async fn find_by_name(conn: &mut Conn, sign_in_name: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT id FROM users WHERE sign_in_name = $1 AND customer_id IS NULL";
    let row: Option<(String,)> = conn.fetch_optional(sql, args![sign_in_name]).await?;
    Ok(row.map(|(id,)| id))
}

/// Whether anybody has this sign-in name.
pub(super) async fn is_name_used(conn: &mut Conn, sign_in_name: &str) -> Result<bool, Failure> {
    let row: Option<(String,)> = conn.fetch_optional("SELECT id FROM users WHERE sign_in_name = $1", args![sign_in_name]).await?;
    Ok(row.is_some())
}

/// A page of members and one more row, sorted by name; against the order for a page that ends before a position.
pub(super) async fn list_members(
    conn: &mut Conn,
    filter: &StaffFilter,
    start: &PageStart<StaffPosition>,
    most: usize,
    now: At,
) -> Result<Vec<MemberRow>, Failure> {
    let (order, beyond) = if start.is_backward() { ("DESC", "<") } else { ("ASC", ">") };
    let mut args = args![now.0, At::midnight(now.day()).0, now.day().to_string()];
    let left = if filter.left { "u.left_on IS NOT NULL AND u.left_on <= $3" } else { "(u.left_on IS NULL OR u.left_on > $3)" };
    let mut conditions = vec![left.to_owned()];
    if !filter.wanted.is_empty() {
        let wanted = filter.wanted.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        args.push(Arg::from(format!("%{wanted}%")));
        let place = args.len();
        conditions.push(format!("(LOWER(u.name) LIKE ${place} ESCAPE '\\' OR u.sign_in_name LIKE ${place} ESCAPE '\\')"));
    }
    if let Some(branch) = &filter.branch {
        args.push(Arg::from(branch));
        conditions.push(format!("COALESCE(u.branch_id, '') = ${}", args.len()));
    }
    if let Some(StaffPosition(id)) = start.position() {
        args.push(Arg::from(id));
        let place = args.len();
        conditions.push(format!("(u.name, u.id) {beyond} ((SELECT b.name FROM users b WHERE b.id = ${place}), ${place})"));
    }
    let conditions = conditions.join(" AND ");
    let sql = format!("{} AND {conditions} ORDER BY u.name {order}, u.id {order} LIMIT {}", *MEMBER, most + 1);
    conn.fetch_all(AssertSqlSafe(sql), args).await
}

/// Writes where somebody works. The reach follows from the role.
pub(super) async fn set_place(tx: &mut Tx, user_id: &str, place: &Place) -> Result<(), Failure> {
    let sql = "UPDATE users SET role = $2, reach = (SELECT reach FROM roles WHERE code = $2), branch_id = $3 WHERE id = $1";
    tx.execute(sql, args![user_id, &place.role, place.branch.clone()]).await?;
    Ok(())
}

/// Writes the name of a staff member.
pub(super) async fn set_name(tx: &mut Tx, user_id: &str, name: &str) -> Result<(), Failure> {
    tx.execute("UPDATE users SET name = $2 WHERE id = $1 AND customer_id IS NULL", args![user_id, name]).await?;
    Ok(())
}

/// The first day without access, and the day of a planned leave; both `None`: they stay.
pub(super) async fn set_left(tx: &mut Tx, user_id: &str, left_on: Option<Day>, leaves_on: Option<Day>) -> Result<(), Failure> {
    let text = |day: Option<Day>| day.map(|day| day.to_string());
    let sql = "UPDATE users SET left_on = $2, leaves_on = $3 WHERE id = $1";
    tx.execute(sql, args![user_id, text(left_on), text(leaves_on)]).await?;
    Ok(())
}

/// A planned leave.
#[derive(FromRow)]
pub(super) struct LeaveRow {
    pub id: String,
    pub leaves_on: String,
}

/// The leaves whose day has come, the earliest first.
pub(super) async fn list_due_leaves(conn: &mut Conn, today: Day) -> Result<Vec<LeaveRow>, Failure> {
    let sql = "SELECT id, leaves_on FROM users WHERE leaves_on IS NOT NULL AND leaves_on <= $1 ORDER BY leaves_on, id LIMIT 500";
    conn.fetch_all(sql, args![today.to_string()]).await
}

/// Takes a planned leave; `false` if another worker has done so, or it has been changed.
pub(super) async fn claim_leave(tx: &mut Tx, row: &LeaveRow) -> Result<bool, Failure> {
    let sql = "UPDATE users SET leaves_on = NULL WHERE id = $1 AND leaves_on = $2";
    Ok(tx.execute(sql, args![&row.id, &row.leaves_on]).await? == 1)
}

/// The place where somebody will work on a day by their planned moves.
pub(super) async fn find_planned(conn: &mut Conn, user_id: &str, day: Day) -> Result<Option<Place>, Failure> {
    let sql = "SELECT role, branch_id FROM user_moves WHERE user_id = $1 AND applied_at IS NULL AND effective_from <= $2 \
               ORDER BY effective_from DESC LIMIT 1";
    let row: Option<(String, Option<String>)> = conn.fetch_optional(sql, args![user_id, day.to_string()]).await?;
    Ok(row.map(|(role, branch)| Place { role, branch }))
}

/// The day of the first planned move after a day.
pub(super) async fn find_later_move(conn: &mut Conn, user_id: &str, day: Day) -> Result<Option<String>, Failure> {
    let sql = "SELECT MIN(effective_from) FROM user_moves WHERE user_id = $1 AND applied_at IS NULL AND effective_from > $2";
    let (day,): (Option<String>,) = conn.fetch_one(sql, args![user_id, day.to_string()]).await?;
    Ok(day)
}

/// Removes the planned moves from a day on; `None`: all of them.
pub(super) async fn delete_planned(tx: &mut Tx, user_id: &str, from: Option<Day>) -> Result<(), Failure> {
    let sql = "DELETE FROM user_moves WHERE user_id = $1 AND applied_at IS NULL AND effective_from >= $2";
    tx.execute(sql, args![user_id, from.map(|day| day.to_string()).unwrap_or_default()]).await?;
    Ok(())
}

pub(super) async fn insert_move(tx: &mut Tx, user_id: &str, from: Day, place: &Place) -> Result<(), Failure> {
    let sql = "INSERT INTO user_moves (user_id, effective_from, role, reach, branch_id) SELECT $1, $2, code, reach, $4 FROM roles \
               WHERE code = $3";
    tx.execute(sql, args![user_id, from.to_string(), &place.role, place.branch.clone()]).await?;
    Ok(())
}

/// A planned move.
#[derive(FromRow)]
pub(super) struct MoveRow {
    pub user_id: String,
    pub effective_from: String,
    pub role: String,
    pub branch_id: Option<String>,
}

/// The moves whose day has come, the earliest first.
pub(super) async fn list_due_moves(conn: &mut Conn, today: Day) -> Result<Vec<MoveRow>, Failure> {
    let sql = "SELECT user_id, effective_from, role, branch_id FROM user_moves WHERE applied_at IS NULL AND effective_from <= $1 \
               ORDER BY effective_from, user_id LIMIT 500";
    conn.fetch_all(sql, args![today.to_string()]).await
}

/// Marks a move as applied; `false` if another worker has done so, or it has been replaced.
pub(super) async fn claim_move(tx: &mut Tx, row: &MoveRow) -> Result<bool, Failure> {
    let sql = "UPDATE user_moves SET applied_at = $3 WHERE user_id = $1 AND effective_from = $2 AND applied_at IS NULL";
    let now = tx.now();
    Ok(tx.execute(sql, args![&row.user_id, &row.effective_from, now.0]).await? == 1)
}

/// Every role: code and reach, in order.
pub(super) async fn list_roles(conn: &mut Conn) -> Result<Vec<(String, String)>, Failure> {
    conn.fetch_all("SELECT code, reach FROM roles ORDER BY position", Vec::new()).await
}

/// The roles and their permissions on a day.
pub(super) async fn list_permissions(conn: &mut Conn, day: Day) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT role, permission FROM role_permissions WHERE effective_from <= $1 \
               AND (effective_until IS NULL OR effective_until > $1)";
    conn.fetch_all(sql, args![day.to_string()]).await
}

/// The first day after this one on which the permissions of a role change.
pub(super) async fn find_later_permissions(conn: &mut Conn, role: &str, day: Day) -> Result<Option<String>, Failure> {
    let sql = "SELECT MIN(day) FROM (SELECT effective_from AS day FROM role_permissions WHERE role = $1 \
               UNION ALL SELECT effective_until FROM role_permissions WHERE role = $1) AS days WHERE day > $2";
    let (day,): (Option<String>,) = conn.fetch_one(sql, args![role, day.to_string()]).await?;
    Ok(day)
}

/// The number of people with a role on a day or later.
pub(super) async fn count_with_role(conn: &mut Conn, role: &str, today: Day) -> Result<i64, Failure> {
    let sql = "SELECT COUNT(*) FROM users WHERE role = $1 AND customer_id IS NULL AND (left_on IS NULL OR left_on > $2)";
    let (count,): (i64,) = conn.fetch_one(sql, args![role, today.to_string()]).await?;
    Ok(count)
}

/// Gives a role a permission from a day on, or takes it away. What was planned for later days is replaced.
pub(super) async fn set_permission(
    tx: &mut Tx,
    role: &str,
    permission: Permission,
    from: Day,
    held: bool,
) -> Result<(), Failure> {
    let (code, from) = (permission.code(), from.to_string());
    let later = "DELETE FROM role_permissions WHERE role = $1 AND permission = $2 AND effective_from >= $3";
    tx.execute(later, args![role, code, &from]).await?;
    let ends = "UPDATE role_permissions SET effective_until = $3 WHERE role = $1 AND permission = $2 \
                AND (effective_until IS NULL OR effective_until > $3)";
    tx.execute(ends, args![role, code, &from]).await?;
    if held {
        let goes_on =
            "UPDATE role_permissions SET effective_until = NULL WHERE role = $1 AND permission = $2 AND effective_until = $3";
        if tx.execute(goes_on, args![role, code, &from]).await? == 0 {
            let begins = "INSERT INTO role_permissions (role, permission, effective_from) VALUES ($1, $2, $3)";
            tx.execute(begins, args![role, code, &from]).await?;
        }
    }
    Ok(())
}

/// What `lobby check` verifies of planned moves and last days.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let sql = "SELECT user_id, effective_from FROM user_moves ORDER BY user_id, effective_from";
        exam.each(sql, |(user, from): (String, String), _, findings| {
            if from.parse::<Day>().is_err() {
                findings.add("user_moves", format!("{user}/{from}"), "effective_from is no day");
            }
        })
        .await?;
        let sql = "SELECT id, left_on, leaves_on FROM users WHERE left_on IS NOT NULL OR leaves_on IS NOT NULL ORDER BY id";
        exam.each(sql, |(id, left_on, leaves_on): (String, Option<String>, Option<String>), _, findings| {
            let wrong = |day: &Option<String>| day.as_ref().is_some_and(|day| day.parse::<Day>().is_err());
            if wrong(&left_on) {
                findings.add("users", id.clone(), "left_on is no day");
            }
            if wrong(&leaves_on) {
                findings.add("users", id, "leaves_on is no day");
            }
        })
        .await
    })
}
