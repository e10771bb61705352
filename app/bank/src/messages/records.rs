//! Rows of `outbox`.

use sqlx::{AssertSqlSafe, FromRow};

use super::quota_records::take_quota;
use super::{Delivery, Message, NewMessage};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::language::Language;
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{CUSTOMER_PHONE, OUTBOX_CODE, OUTBOX_PHONE};
use crate::kernel::time::At;

#[derive(FromRow)]
struct MessageRow {
    id: String,
    case_number: Option<String>,
    kind: String,
    details: String,
    language: String,
    created_at: i64,
    read_at: Option<i64>,
    sent_at: Option<i64>,
    dead_at: Option<i64>,
    failure: Option<String>,
}

#[derive(FromRow)]
struct UnsentRow {
    #[sqlx(flatten)]
    message: MessageRow,
    attempts: i64,
    customer_id: String,
    phone_given: Option<String>,
    phone_on_file: String,
    code_sealed: Option<String>,
}

/// The sealed parts of a message: the recipient's phone number, which is the one given for it, otherwise the one on file, and a
/// one-time code.
pub(super) struct SealedParts {
    message: String,
    customer: String,
    given: Option<String>,
    on_file: String,
    code: Option<String>,
}

impl SealedParts {
    /// The phone number and the code.
    pub fn open(&self, seal: &Seal) -> Result<(String, Option<String>), Failure> {
        let phone = match &self.given {
            Some(given) => seal.open(&OUTBOX_PHONE, &self.message, given)?,
            None => seal.open(&CUSTOMER_PHONE, &self.customer, &self.on_file)?,
        };
        let code = self.code.as_ref().map(|code| seal.open(&OUTBOX_CODE, &self.message, code)).transpose()?;
        Ok((phone, code))
    }
}

/// `outbox.failure` of a message beyond the quota of its number.
pub(super) const OVER_QUOTA: &str = "quota";

impl MessageRow {
    fn read(self) -> Result<Message, Failure> {
        Ok(Message {
            id: self.id,
            case_number: self.case_number,
            kind: self.kind,
            details: serde_json::from_str(&self.details).map_err(|e| Failure::stored("outbox.details", e))?,
            language: Language::parse(&self.language).unwrap_or_default(),
            created_at: At(self.created_at),
            delivery: match (self.sent_at, self.dead_at) {
                (Some(sent), _) => Delivery::Sent(At(sent)),
                (None, Some(_)) if self.failure.as_deref() == Some(OVER_QUOTA) => Delivery::OverQuota,
                (None, Some(_)) => Delivery::GivenUp,
                (None, None) => Delivery::Open,
            },
            read_at: self.read_at.map(At),
        })
    }
}

/// Writes a message in the customer's chosen language (default Chinese). A message beyond the quota of its number is written as a
/// dead letter: shown in the portal, never sent.
pub(crate) async fn insert_message(tx: &mut Tx, new: &NewMessage<'_>) -> Result<(), Failure> {
    let sql = "INSERT INTO outbox (id, customer_id, case_number, kind, details, language, phone_sealed, created_at, dead_at, failure, \
               expires_at, code_sealed, case_version) SELECT $1, $2, $3, $4, $5, COALESCE((SELECT language FROM users WHERE customer_id = $2 \
               AND language IS NOT NULL ORDER BY id LIMIT 1), $7), $8, CAST($6 AS BIGINT), $9, $10, $11, $12, \
               COALESCE((SELECT version FROM cases WHERE number = $3), 0)";
    let (id, now, seal) = (tx.new_id()?, tx.now(), tx.seal());
    let phone = new.phone.map(|phone| seal.seal(&OUTBOX_PHONE, &id, phone)).transpose()?;
    let until = new.code.as_ref().map(|code| code.until.0);
    let code = new.code.as_ref().map(|code| seal.seal(&OUTBOX_CODE, &id, code.code)).transpose()?;
    if code.is_some() {
        withdraw_codes(tx, new.customer_id).await?;
    }
    let language = Language::default().tag();
    let sends = take_quota(tx, new).await?;
    if !sends {
        tracing::info!(message = id, "a message is not sent: its number has had its messages of the day");
    }
    let (dead_at, failure) = if sends { (None, None) } else { (Some(now.0), Some(OVER_QUOTA)) };
    let details = new.details.to_string();
    let code = code.filter(|_| sends);
    let args =
        args![id, new.customer_id, new.case_number, new.kind, details, now.0, language, phone, dead_at, failure, until, code];
    tx.execute_later(sql, args);
    Ok(())
}

/// Gives up the customer's messages with a one-time code that are not sent yet: the code has been replaced.
async fn withdraw_codes(tx: &mut Tx, customer_id: &str) -> Result<(), Failure> {
    let sql = format!(
        "UPDATE outbox SET dead_at = $2, failure = 'too old', code_sealed = NULL \
         WHERE {OPEN} AND customer_id = $1 AND expires_at IS NOT NULL"
    );
    let now = tx.now();
    tx.execute(AssertSqlSafe(sql), args![customer_id, now.0]).await?;
    Ok(())
}

const COLUMNS: &str =
    "o.id, o.case_number, o.kind, o.details, o.language, o.created_at, o.read_at, o.sent_at, o.dead_at, o.failure";

pub(super) async fn list_for_case(conn: &mut Conn, number: &str) -> Result<Vec<Message>, Failure> {
    let sql = AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM outbox o WHERE o.case_number = $1 ORDER BY o.case_version, o.created_at, o.id"
    ));
    let rows: Vec<MessageRow> = conn.fetch_all(sql, args![number]).await?;
    rows.into_iter().map(MessageRow::read).collect()
}

pub(super) async fn list_notices(conn: &mut Conn, customer_id: &str) -> Result<Vec<Message>, Failure> {
    let sql = AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM outbox o WHERE o.customer_id = $1 AND o.case_number IS NULL AND o.expires_at IS NULL \
         ORDER BY o.created_at DESC, o.id DESC LIMIT 5"
    ));
    let rows: Vec<MessageRow> = conn.fetch_all(sql, args![customer_id]).await?;
    rows.into_iter().map(MessageRow::read).collect()
}

pub(super) async fn list_unread(conn: &mut Conn, customer_id: &str) -> Result<Vec<Message>, Failure> {
    let sql = AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM outbox o WHERE o.customer_id = $1 AND o.read_at IS NULL \
         AND o.case_number IS NOT NULL ORDER BY o.created_at DESC, o.id DESC LIMIT 50"
    ));
    let rows: Vec<MessageRow> = conn.fetch_all(sql, args![customer_id]).await?;
    rows.into_iter().map(MessageRow::read).collect()
}

pub(super) async fn mark_read(tx: &mut Tx, customer_id: &str, number: &str, now: At) -> Result<(), Failure> {
    let sql = "UPDATE outbox SET read_at = $3 WHERE customer_id = $1 AND case_number = $2 AND read_at IS NULL";
    tx.execute(sql, args![customer_id, number, now.0]).await?;
    Ok(())
}

/// Condition for messages that may still be sent.
const OPEN: &str = "sent_at IS NULL AND dead_at IS NULL";

/// Turns unsent messages older than this, and those with a code that has expired, into dead letters. `+created_at`: they are found by
/// the index of unsent messages, not among all messages that were ever written.
pub(super) async fn expire_older(tx: &mut Tx, written_before: At) -> Result<(), Failure> {
    let sql = format!(
        "UPDATE outbox SET dead_at = $1, failure = 'too old', code_sealed = NULL \
         WHERE {OPEN} AND (+created_at < $2 OR expires_at <= $1)"
    );
    let now = tx.now();
    tx.execute(AssertSqlSafe(sql), args![now.0, written_before.0]).await?;
    Ok(())
}

/// Marks due messages with this claim, those with a code before all others, so that two workers never hold the same one; an expired
/// claim can be replaced. Returns each message with the number of this attempt.
pub(super) async fn claim_unsent(
    tx: &mut Tx,
    claim: &str,
    stale: At,
    limit: i64,
) -> Result<Vec<(Message, i64, SealedParts)>, Failure> {
    let free = format!("{OPEN} AND due_at <= $1 AND (claimed_at IS NULL OR claimed_at < $2)");
    let update = format!(
        "UPDATE outbox SET claimed_at = $1, claim = $3, attempts = attempts + 1 WHERE {free} \
         AND id IN (SELECT id FROM outbox WHERE {free} ORDER BY (expires_at IS NULL), due_at, created_at, id LIMIT $4)"
    );
    let now = tx.now();
    tx.execute(AssertSqlSafe(update), args![now.0, stale.0, claim, limit]).await?;
    let sql = AssertSqlSafe(format!(
        "SELECT {COLUMNS}, o.attempts, o.customer_id, o.phone_sealed AS phone_given, c.phone_sealed AS phone_on_file, \
         o.code_sealed \
         FROM outbox o JOIN customers c ON c.id = o.customer_id \
         WHERE o.sent_at IS NULL AND o.dead_at IS NULL AND o.claimed_at = $1 AND o.claim = $2 ORDER BY (o.expires_at IS NULL), +o.created_at, o.id"
    ));
    let rows: Vec<UnsentRow> = tx.fetch_all(sql, args![now.0, claim]).await?;
    let read = |row: UnsentRow| {
        let sealed = SealedParts {
            message: row.message.id.clone(),
            customer: row.customer_id,
            given: row.phone_given,
            on_file: row.phone_on_file,
            code: row.code_sealed,
        };
        Ok((row.message.read()?, row.attempts, sealed))
    };
    rows.into_iter().map(read).collect()
}

/// Marks it as sent; it may have been given up while it was being sent.
pub(super) async fn mark_sent(tx: &mut Tx, id: &str, claim: &str) -> Result<(), Failure> {
    let now = tx.now();
    let sql = "UPDATE outbox SET sent_at = $3, failure = NULL, dead_at = NULL, code_sealed = NULL \
               WHERE id = $1 AND claim = $2 AND sent_at IS NULL";
    tx.execute(sql, args![id, claim, now.0]).await?;
    Ok(())
}

/// Releases the message until `due`, or makes it a dead letter. One that was given up meanwhile stays so.
pub(super) async fn mark_failed(tx: &mut Tx, id: &str, claim: &str, reason: &str, due: Option<At>) -> Result<(), Failure> {
    let now = tx.now();
    let sql = "UPDATE outbox SET claimed_at = NULL, claim = NULL, failure = $3, due_at = COALESCE($4, due_at), \
               dead_at = CASE WHEN $4 IS NULL THEN CAST($5 AS BIGINT) END, \
               code_sealed = CASE WHEN $4 IS NULL THEN NULL ELSE code_sealed END \
               WHERE id = $1 AND claim = $2 AND sent_at IS NULL AND dead_at IS NULL";
    tx.execute(sql, args![id, claim, reason, due.map(|due| due.0), now.0]).await?;
    Ok(())
}
