//! Rows of `receptions`, `reception_slots` and `reception_applications`.

use crate::args;
use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::time::{Time, day_text, hhmm};

use super::model::Reception;

/// Announces a reception with its slots (beginning, places); `false` when the branch has one on that day already.
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
