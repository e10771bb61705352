//! Rows that branch staff look up: a customer of the branch, and those who sign in for them.

use sqlx::{AssertSqlSafe, FromRow};

use crate::args;
use crate::imports::published;
use crate::kernel::database::{Arg, Conn};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;
use crate::sessions::{HAS_FACTOR, Scope};

#[derive(FromRow)]
pub(super) struct FoundRow {
    pub number: String,
    pub name: String,
    pub id_type: String,
    pub id_sealed: String,
    pub phone_sealed: String,
}

#[derive(FromRow)]
pub(super) struct SignInRow {
    pub id: String,
    pub sign_in_name: String,
    pub name: String,
    pub role: String,
    pub active: bool,
    pub has_factor: bool,
    pub code_until: Option<i64>,
}

#[derive(FromRow)]
pub(super) struct UserRow {
    /// The customer number.
    pub number: String,
    pub sign_in_name: String,
}

/// The condition that staff of this scope serve the customer `c`: one of their branches, or one who belongs to no branch, whom every
/// branch serves (docs/domain.md §12). Both look-ups below find one customer by a key, so this lists nobody.
fn within(scope: &Scope, args: &mut Vec<Arg>) -> String {
    let scoped = scope.condition("c.usual_branch_id", args);
    if scope.is_nothing() { scoped } else { format!("({scoped} OR c.usual_branch_id IS NULL)") }
}

/// The customer with this id, within the scope.
pub(super) async fn find_in_scope(conn: &mut Conn, scope: &Scope, customer_id: &str) -> Result<Option<FoundRow>, Failure> {
    let mut args = args![customer_id];
    let scoped = within(scope, &mut args);
    let sql = format!(
        "SELECT number, name, id_type, id_sealed, phone_sealed FROM customers c WHERE c.id = $1 AND {scoped} AND {}",
        published("c")
    );
    conn.fetch_optional(AssertSqlSafe(sql), args).await
}

/// Those who sign in for a customer.
pub(super) async fn list_users(conn: &mut Conn, customer_id: &str, now: At) -> Result<Vec<SignInRow>, Failure> {
    let sql = format!(
        "SELECT u.id, u.sign_in_name, u.name, u.role, u.password_hash <> '' AS active, {HAS_FACTOR} AS has_factor, a.expires_at AS code_until \
         FROM users u LEFT JOIN activations a ON a.user_id = u.id AND a.used_at IS NULL AND a.ended_at IS NULL \
         AND a.expires_at > $2 WHERE u.customer_id = $1 AND {} ORDER BY u.sign_in_name",
        published("u")
    );
    conn.fetch_all(AssertSqlSafe(sql), args![customer_id, now.0]).await
}

/// The customer number and the sign-in name of a user whose customer is within the scope.
pub(super) async fn find_user_in_scope(conn: &mut Conn, scope: &Scope, user_id: &str) -> Result<Option<UserRow>, Failure> {
    let mut args = args![user_id];
    let scoped = within(scope, &mut args);
    let sql = format!(
        "SELECT c.number, u.sign_in_name FROM users u JOIN customers c ON c.id = u.customer_id \
         WHERE u.id = $1 AND {scoped} AND {}",
        published("u")
    );
    conn.fetch_optional(AssertSqlSafe(sql), args).await
}
