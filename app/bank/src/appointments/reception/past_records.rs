//! Applications of the generated past of a demo bank, inserted many at a time. Their receptions exist.

use super::model::Topic;
use crate::appointments::engagements;
use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::seal::columns::RECEPTION_PHONE;
use crate::kernel::time::{At, Time, hhmm};

/// An application of the past.
#[derive(Clone, Debug)]
pub struct PastApplication {
    pub number: String,
    pub customer_id: String,
    pub reception_id: String,
    pub slot: Time,
    pub topic: Topic,
    pub summary: &'static str,
    pub hope: &'static str,
    pub attendees: i64,
    pub phone: String,
    pub cancel_until: At,
    /// Start and end of a live application, which keeps its place and the customer's time.
    pub live: Option<(At, At)>,
}

/// Inserts past applications; live ones take their places.
pub async fn insert_past_applications(tx: &mut Tx, applications: &[PastApplication]) -> Result<(), Failure> {
    let seal = tx.seal();
    let mut rows = Vec::new();
    for application in applications {
        rows.push(args![
            &application.number,
            &application.customer_id,
            &application.reception_id,
            hhmm(application.slot),
            application.topic.code(),
            application.summary,
            application.hope,
            application.attendees,
            seal.seal(&RECEPTION_PHONE, &application.number, &application.phone)?,
            application.cancel_until.0,
            application.live.is_some()
        ]);
    }
    let into = "INSERT INTO reception_applications (case_number, customer_id, reception_id, slot, topic, summary, hope, attendees, \
                phone_sealed, cancel_until, live)";
    tx.insert_rows(into, &rows, "").await?;
    for application in applications {
        let Some((start, end)) = application.live else { continue };
        let reserved = super::records::reserve_place(tx, &application.reception_id, application.slot).await?;
        let held = engagements::reserve_time(tx, &application.customer_id, &application.number, start, end).await?;
        if !(reserved && held) {
            return Err(Failure::Host("a reception of the generated past is full".to_owned()));
        }
    }
    Ok(())
}
