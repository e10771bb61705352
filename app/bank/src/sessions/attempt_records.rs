//! Rows of `sign_in_failures`, `sign_in_networks` and `known_devices`: failed sign-ins of a name by source and day, those of a
//! network by hour, and the devices of a user.

use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

use super::parameters::SessionParameters;

/// Devices kept per user, the latest ones.
const DEVICES_MAX: i64 = 20;

/// Whose sign-in is attempted, and from where. Names and sources are blind indexes.
pub(super) struct Attempt<'a> {
    pub name_index: &'a str,
    pub source_index: &'a str,
    /// The user with this name; `None`: nobody has it, which makes no difference.
    pub user_id: Option<&'a str>,
    /// Whether the user has signed in with this device before. It counts for itself alone.
    pub known: bool,
}

/// Counts an attempt if its password is wrong; `false` if the source is locked for this name today, or too many attempts from
/// unknown sources have failed. The limits are in the statement itself, and it locks the counter whether or not the password fits,
/// so that concurrent guesses are judged one after the other. What a locked source tries is not counted: it cannot use up the
/// attempts of the others.
pub(super) async fn admit(tx: &mut Tx, attempt: &Attempt<'_>, wrong: bool, limits: &SessionParameters) -> Result<bool, Failure> {
    let sql = "INSERT INTO sign_in_failures (day_begins, name_index, source_index, failures, user_id) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (day_begins, name_index, source_index) DO UPDATE SET \
               failures = sign_in_failures.failures + excluded.failures, \
               user_id = COALESCE(excluded.user_id, sign_in_failures.user_id) WHERE sign_in_failures.failures < $6";
    let day = At::midnight(tx.now().day()).0;
    let source = (attempt.source_index, limits.sign_in_failures);
    let all = (!attempt.known).then_some(("", limits.sign_in_failures_day));
    for (source, limit) in [Some(source), all].into_iter().flatten() {
        let args = args![day, attempt.name_index, source, i64::from(wrong), attempt.user_id, limit];
        if tx.execute(sql, args).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Failed sign-ins of a network in the hour that began at `hour`.
pub(super) async fn failures_of_network(conn: &mut Conn, network_index: &str, hour: At) -> Result<i64, Failure> {
    let sql = "SELECT failures FROM sign_in_networks WHERE hour_begins = $1 AND network_index = $2";
    let row: Option<(i64,)> = conn.fetch_optional(sql, args![hour.0, network_index]).await?;
    Ok(row.map_or(0, |(failures,)| failures))
}

/// Counts a failed sign-in of a network; returns how many there are in this hour.
pub(super) async fn count_network(tx: &mut Tx, network_index: &str, hour: At) -> Result<i64, Failure> {
    let sql = "INSERT INTO sign_in_networks (hour_begins, network_index, failures) VALUES ($1, $2, 1) \
               ON CONFLICT (hour_begins, network_index) DO UPDATE SET failures = sign_in_networks.failures + 1 RETURNING failures";
    let (failures,): (i64,) = tx.fetch_one(sql, args![hour.0, network_index]).await?;
    Ok(failures)
}

/// Networks with at least so many failed sign-ins in an hour since a time: when the hour began, and how many they are.
pub(super) async fn list_slowed(conn: &mut Conn, since: At, failures: i64) -> Result<Vec<(i64, i64)>, Failure> {
    let sql = "SELECT hour_begins, COUNT(*) FROM sign_in_networks WHERE hour_begins >= $1 AND failures >= $2 \
               GROUP BY hour_begins ORDER BY hour_begins";
    conn.fetch_all(sql, args![since.0, failures]).await
}

/// Forgets the failures of a source that has signed in.
pub(super) fn clear_source(tx: &mut Tx, attempt: &Attempt<'_>) {
    let sql = "DELETE FROM sign_in_failures WHERE day_begins = $1 AND name_index = $2 AND source_index = $3";
    let day = At::midnight(tx.now().day()).0;
    tx.execute_later(sql, args![day, attempt.name_index, attempt.source_index]);
}

/// Forgets the failures of all sources for a user.
pub(super) async fn clear_user(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM sign_in_failures WHERE user_id = $1", args![user_id]).await?;
    Ok(())
}

/// Notes that a user has signed in with a device. The devices used longest ago are forgotten when there are too many.
pub(super) fn remember_device(tx: &mut Tx, user_id: &str, token_hash: &str, device: &str) {
    let now = tx.now().0;
    let sql = "INSERT INTO known_devices (token_hash, user_id, device, created_at, used_at) VALUES ($1, $2, $3, $4, $4) \
               ON CONFLICT (token_hash, user_id) DO UPDATE SET device = excluded.device, used_at = excluded.used_at";
    tx.execute_later(sql, args![token_hash, user_id, device, now]);
    // It does not see the row of the statement before: both are sent together.
    let sql = "DELETE FROM known_devices WHERE user_id = $1 AND token_hash <> $3 AND token_hash NOT IN (SELECT token_hash \
               FROM known_devices WHERE user_id = $1 AND token_hash <> $3 ORDER BY used_at DESC, token_hash LIMIT $2)";
    tx.execute_later(sql, args![user_id, DEVICES_MAX - 1, token_hash]);
}

/// Forgets all devices of a user.
pub(super) async fn forget_devices(tx: &mut Tx, user_id: &str) -> Result<(), Failure> {
    tx.execute("DELETE FROM known_devices WHERE user_id = $1", args![user_id]).await?;
    Ok(())
}
