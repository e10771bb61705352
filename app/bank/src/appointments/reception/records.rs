//! Rows of `receptions`, `reception_slots` and `reception_applications`. A place is reserved by one guarded statement, backed
//! up by a CHECK constraint; values read earlier decide nothing.

use sqlx::FromRow;

use super::availability::{ReceptionLimits, SlotPlaces, Upcoming};
use super::model::{Audience, Reception, Topic};
use crate::args;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::seal::columns::RECEPTION_PHONE;
use crate::kernel::time::{At, Day, Time, day_text, hhmm, parse_day, parse_time};

pub(super) const COLUMNS: &str = "r.id, r.branch_id, r.day, r.host_name, r.host_title_zh, r.host_title_en, r.topic_zh, r.topic_en, r.place_zh, \
                       r.place_en, r.registration_from, r.registration_until, r.audience";

#[derive(FromRow)]
pub(super) struct ReceptionRow {
    id: String,
    branch_id: String,
    day: String,
    host_name: String,
    host_title_zh: String,
    host_title_en: String,
    topic_zh: String,
    topic_en: String,
    place_zh: String,
    place_en: String,
    registration_from: i64,
    registration_until: i64,
    audience: String,
}

impl ReceptionRow {
    pub fn read(self) -> Result<Reception, Failure> {
        Ok(Reception {
            day: read_day(&self.day)?,
            audience: Audience::parse(&self.audience).ok_or_else(|| Failure::stored("receptions.audience", &self.audience))?,
            id: self.id,
            branch_id: self.branch_id,
            host_name: self.host_name,
            host_title_zh: self.host_title_zh,
            host_title_en: self.host_title_en,
            topic_zh: self.topic_zh,
            topic_en: self.topic_en,
            place_zh: self.place_zh,
            place_en: self.place_en,
            registration_from: At(self.registration_from),
            registration_until: At(self.registration_until),
        })
    }
}

#[derive(FromRow)]
struct SlotRow {
    reception_id: String,
    slot: String,
    places: i64,
}

pub(super) fn read_day(text: &str) -> Result<Day, Failure> {
    parse_day(text).ok_or_else(|| Failure::stored("receptions.day", text))
}

pub(super) fn read_slot(text: &str) -> Result<Time, Failure> {
    parse_time(text).ok_or_else(|| Failure::stored("reception_slots.slot", text))
}

/// Announces a reception with its slots (start, places); `false` if the branch has one on that day already.
pub async fn insert_reception(tx: &mut Tx, new: &Reception, slots: &[(Time, i64)]) -> Result<bool, Failure> {
    let sql = "INSERT INTO receptions (id, branch_id, day, host_name, host_title_zh, host_title_en, topic_zh, topic_en, \
               place_zh, place_en, registration_from, registration_until, audience) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (branch_id, day) DO NOTHING";
    let made = tx
        .execute(
            sql,
            args![
                &new.id,
                &new.branch_id,
                day_text(new.day),
                &new.host_name,
                &new.host_title_zh,
                &new.host_title_en,
                &new.topic_zh,
                &new.topic_en,
                &new.place_zh,
                &new.place_en,
                new.registration_from.0,
                new.registration_until.0,
                new.audience.code()
            ],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    for (slot, places) in slots {
        let sql = "INSERT INTO reception_slots (reception_id, slot, capacity, reserved) VALUES ($1, $2, $3, 0)";
        tx.execute(sql, args![&new.id, hhmm(*slot), *places]).await?;
    }
    Ok(true)
}

/// All receptions from now on with the slots that have not begun, the earliest first, branches in their order; with the
/// customer's live application and the limits of each. The caller must filter by audience.
pub(super) async fn list_upcoming(
    conn: &mut Conn,
    customer_id: &str,
    now: At,
    limits: impl Fn(&Reception) -> ReceptionLimits,
) -> Result<Vec<Upcoming>, Failure> {
    let today = day_text(now.day());
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM receptions r JOIN branches b ON b.id = r.branch_id WHERE r.day >= $1 ORDER BY r.day, b.position"
    ));
    let receptions: Vec<ReceptionRow> = conn.fetch_all(sql, args![&today]).await?;
    let sql = "SELECT s.reception_id, s.slot, s.capacity - s.reserved AS places FROM reception_slots s \
               JOIN receptions r ON r.id = s.reception_id WHERE r.day >= $1 ORDER BY s.reception_id, s.slot";
    let slots: Vec<SlotRow> = conn.fetch_all(sql, args![&today]).await?;
    let sql = "SELECT a.reception_id FROM reception_applications a JOIN receptions r ON r.id = a.reception_id \
               WHERE a.customer_id = $1 AND a.live AND r.day >= $2";
    let applied: Vec<(String,)> = conn.fetch_all(sql, args![customer_id, &today]).await?;
    receptions
        .into_iter()
        .map(|row| {
            let reception = row.read()?;
            let mine = slots.iter().filter(|slot| slot.reception_id == reception.id);
            let slots = mine
                .map(|row| Ok(SlotPlaces { slot: read_slot(&row.slot)?, places: row.places }))
                .filter(|slot| slot.as_ref().map_or(true, |slot| At::of(reception.day, slot.slot) > now))
                .collect::<Result<_, Failure>>()?;
            let applied = applied.iter().any(|(id,)| *id == reception.id);
            Ok(Upcoming { limits: limits(&reception), reception, slots, applied })
        })
        .collect()
}

/// The earliest day with free places at receptions for everybody that can be applied for now, and their number.
pub(super) async fn next_open(conn: &mut Conn, now: At) -> Result<Option<(Day, i64)>, Failure> {
    let sql = "SELECT r.day, CAST(SUM(s.capacity - s.reserved) AS BIGINT) FROM receptions r \
               JOIN reception_slots s ON s.reception_id = r.id \
               WHERE r.day >= $1 AND r.audience = $4 AND r.registration_from <= $3 AND r.registration_until > $3 \
               AND s.reserved < s.capacity AND (r.day > $1 OR s.slot > $2) GROUP BY r.day ORDER BY r.day LIMIT 1";
    let args = args![day_text(now.day()), hhmm(now.time()), now.0, Audience::All.code()];
    let found: Option<(String, i64)> = conn.fetch_optional(sql, args).await?;
    found.map(|(day, places)| Ok((read_day(&day)?, places))).transpose()
}

/// Reserves a place; `false` if the slot is full.
pub(super) async fn reserve_place(tx: &mut Tx, reception_id: &str, slot: Time) -> Result<bool, Failure> {
    let sql = "UPDATE reception_slots SET reserved = reserved + 1 WHERE reception_id = $1 AND slot = $2 AND reserved < capacity";
    Ok(tx.execute(sql, args![reception_id, hhmm(slot)]).await? == 1)
}

/// Changes the customer's deadline to cancel.
pub(super) async fn set_cancel_until(tx: &mut Tx, number: &str, until: At) -> Result<(), Failure> {
    tx.execute("UPDATE reception_applications SET cancel_until = $2 WHERE case_number = $1", args![number, until.0]).await?;
    Ok(())
}

/// Releases the place and ends the application; does nothing if it has ended already.
pub(super) async fn release_place(tx: &mut Tx, number: &str) -> Result<(), Failure> {
    let sql = "UPDATE reception_applications SET live = FALSE WHERE case_number = $1 AND live RETURNING reception_id, slot";
    let ended: Option<(String, String)> = tx.fetch_optional(sql, args![number]).await?;
    if let Some((reception_id, slot)) = ended {
        let sql = "UPDATE reception_slots SET reserved = reserved - 1 WHERE reception_id = $1 AND slot = $2";
        tx.execute(sql, args![&reception_id, &slot]).await?;
    }
    Ok(())
}

/// A new application; the phone number is sealed for its row.
pub(super) struct NewApplication<'n> {
    pub customer_id: &'n str,
    pub reception_id: &'n str,
    pub slot: Time,
    pub topic: Topic,
    pub summary: &'n str,
    pub hope: &'n str,
    pub attendees: i64,
    pub phone: &'n str,
    pub cancel_until: At,
}

/// Inserts an application; `false` if the customer has a live one for this reception (`reception_applications_once`).
pub(super) async fn insert_application(tx: &mut Tx, number: &str, new: &NewApplication<'_>) -> Result<bool, Failure> {
    let sql = "INSERT INTO reception_applications (case_number, customer_id, reception_id, slot, topic, summary, hope, attendees, \
               phone_sealed, cancel_until, live) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE) \
               ON CONFLICT (customer_id, reception_id) WHERE live DO NOTHING";
    let phone = tx.seal().seal(&RECEPTION_PHONE, number, new.phone)?;
    let stored = tx
        .execute(
            sql,
            args![
                number,
                new.customer_id,
                new.reception_id,
                hhmm(new.slot),
                new.topic.code(),
                new.summary,
                new.hope,
                new.attendees,
                phone,
                new.cancel_until.0
            ],
        )
        .await?;
    Ok(stored == 1)
}

#[derive(FromRow)]
struct ApplicationRow {
    #[sqlx(flatten)]
    reception: ReceptionRow,
    slot: String,
    application_topic: String,
    summary: String,
    hope: String,
    attendees: i64,
    phone_sealed: String,
    cancel_until: i64,
    places: i64,
}

/// An application with its reception.
pub(super) struct Stored {
    pub reception: Reception,
    pub slot: Time,
    pub topic: Topic,
    pub summary: String,
    pub hope: String,
    pub attendees: i64,
    pub phone_sealed: String,
    pub cancel_until: At,
    /// Free places in its slot.
    pub places: i64,
}

pub(super) async fn find_application(conn: &mut Conn, number: &str) -> Result<Option<Stored>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS}, a.slot, a.topic AS application_topic, a.summary, a.hope, a.attendees, a.phone_sealed, \
         a.cancel_until, s.capacity - s.reserved AS places FROM reception_applications a JOIN receptions r ON r.id = a.reception_id \
         JOIN reception_slots s ON s.reception_id = a.reception_id AND s.slot = a.slot WHERE a.case_number = $1"
    ));
    let row: Option<ApplicationRow> = conn.fetch_optional(sql, args![number]).await?;
    row.map(|row| {
        let topic = Topic::parse(&row.application_topic);
        Ok(Stored {
            topic: topic.ok_or_else(|| Failure::stored("reception_applications.topic", &row.application_topic))?,
            reception: row.reception.read()?,
            slot: read_slot(&row.slot)?,
            summary: row.summary,
            hope: row.hope,
            attendees: row.attendees,
            phone_sealed: row.phone_sealed,
            cancel_until: At(row.cancel_until),
            places: row.places,
        })
    })
    .transpose()
}
