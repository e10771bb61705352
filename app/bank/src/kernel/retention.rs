//! Deletes rows after their retention: ended sessions, finished forms and messages (parameters in days), the audit trail
//! and gate decisions (table `retention`, which their triggers read). The worker runs it once a day in small transactions.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::bank::Bank;
use super::database::Engine;
use super::failure::{Failure, Rejected};
use super::parameters::parameters;
use super::time::At;
use crate::args;
use crate::branches::reference;

parameters! {
    /// Retention periods.
    pub struct RetentionParameters {
        /// A session is deleted this long after its last use.
        keep_sessions_days: i64 = 90, Days, Default(12), 2..=3_650;
        /// A device is forgotten this long after its last sign-in.
        keep_devices_days: i64 = 180, Days, Default(12), 30..=400;
        /// A form that has become a case is deleted this long after its last change.
        keep_forms_days: i64 = 90, Days, Default(12), 7..=3_650;
        /// A message is deleted this long after it was written.
        keep_messages_days: i64 = 730, Days, Default(12), 30..=3_650;
    }
}

/// Maximum rows per transaction, so that other writers get their turn.
const BATCH: i64 = 500;

/// Deletes all rows whose retention has passed; returns their number.
pub async fn delete_expired_rows(bank: &Bank) -> Result<u64, Failure> {
    let now = bank.now();
    let keep: RetentionParameters = reference(bank).await?.parameters("", now.day());
    let before = |days: i64| now.plus_days(-days);
    let mut gone = 0;
    for (sql, before) in [
        // The last request of a session is the latest time at which it can have ended.
        (
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)",
            before(keep.keep_sessions_days),
        ),
        (
            "DELETE FROM activations WHERE id IN (SELECT id FROM activations WHERE created_at < $1 \
             AND (used_at IS NOT NULL OR ended_at IS NOT NULL) ORDER BY created_at LIMIT $2)",
            before(keep.keep_sessions_days),
        ),
        (
            "DELETE FROM form_states WHERE (owner, form, id) IN (SELECT owner, form, id FROM form_states \
             WHERE case_number IS NOT NULL AND updated_at < $1 ORDER BY updated_at LIMIT $2) AND case_number IS NOT NULL AND updated_at < $1",
            before(keep.keep_forms_days),
        ),
        (
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
            before(keep.keep_messages_days),
        ),
        (
            "DELETE FROM message_quotas WHERE (day_begins, phone_index) IN (SELECT day_begins, phone_index FROM message_quotas \
             WHERE day_begins < $1 LIMIT $2) AND day_begins < $1",
            before(1),
        ),
        (
            "DELETE FROM sign_in_failures WHERE (day_begins, name_index, source_index) IN (SELECT day_begins, name_index, source_index \
             FROM sign_in_failures WHERE day_begins < $1 ORDER BY day_begins LIMIT $2) AND day_begins < $1",
            before(1),
        ),
        (
            "DELETE FROM sign_in_networks WHERE (hour_begins, network_index) IN (SELECT hour_begins, network_index \
             FROM sign_in_networks WHERE hour_begins < $1 ORDER BY hour_begins LIMIT $2) AND hour_begins < $1",
            before(2),
        ),
        (
            "DELETE FROM passkey_challenges WHERE (session_id, act) IN (SELECT session_id, act FROM passkey_challenges \
             WHERE expires_at < $1 ORDER BY expires_at LIMIT $2) AND expires_at < $1",
            before(1),
        ),
        (
            "DELETE FROM step_up_codes WHERE id IN (SELECT id FROM step_up_codes WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
            before(1),
        ),
        // The device used last is kept, so that the next sign-in from another one is noticed.
        (
            "DELETE FROM known_devices WHERE (token_hash, user_id) IN (SELECT token_hash, user_id FROM known_devices d \
             WHERE used_at < $1 AND EXISTS (SELECT 1 FROM known_devices o WHERE o.user_id = d.user_id AND o.used_at > d.used_at) \
             ORDER BY used_at LIMIT $2)",
            before(keep.keep_devices_days),
        ),
        (
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)",
            kept_before(bank, "audit").await?,
        ),
        (
            "DELETE FROM gate_decisions WHERE id IN (SELECT id FROM gate_decisions WHERE at < $1 ORDER BY at LIMIT $2)",
            kept_before(bank, "gate_decisions").await?,
        ),
    ] {
        gone += forget(bank, sql, before).await?;
    }
    Ok(gone)
}

/// The time before which rows of an append-only table may be deleted. It respects the bank's clock and the clock of the
/// database machine, because the triggers compare with the latter.
async fn kept_before(bank: &Bank, table: &'static str) -> Result<At, Failure> {
    let mut conn = bank.read().await?;
    let machine = match conn.engine() {
        Engine::Sqlite => "SELECT unixepoch('now') * 1000, days FROM retention WHERE table_name = $1",
        Engine::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT), days FROM retention WHERE table_name = $1",
    };
    let row: Option<(i64, i64)> = conn.fetch_optional(machine, args![table]).await?;
    Ok(row.map_or(At(0), |(machine, days)| At(bank.now().0.min(machine)).plus_days(-days)))
}

async fn forget(bank: &Bank, sql: &'static str, before: At) -> Result<u64, Failure> {
    let mut gone = 0;
    loop {
        let deleted = bank
            .write::<_, Infallible, _>("delete_expired_rows", |tx| {
                async move { Ok(tx.execute(sql, args![before.0, BATCH]).await?) }.scope_boxed()
            })
            .await
            .map_err(Rejected::into_failure)?;
        gone += deleted;
        if deleted < BATCH.unsigned_abs() {
            return Ok(gone);
        }
    }
}
