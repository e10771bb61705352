//! What the demo bank knows about its customers and no file brings, because it comes from other work of the bank: assessments
//! are made at a branch, pre-qualifications by the credit department. The people themselves stand in
//! `server/data/demo/customers.csv` and `staff.csv` (and in README.md): c1001 is a VIP with a valid C3 and a deposit that
//! matures in three and a half weeks, who consents to recommendations (`waiting.rs`); c1002 has neither assessment nor
//! consent; c1003 is a company with an operator alone; c1004 is over 65 and C4; c1005 is a company whose operator signs in as c1005 and
//! whose approver as c1006.

use bank::kernel::database::Tx;
use bank::kernel::failure::Failure;
use bank::kernel::time::{At, Day, shift};
use bank::recommendations::{Assessment, CustomerLevel, ProductCode, Source, insert_assessment, insert_prequalification};

pub(super) async fn insert(tx: &mut Tx, now: At) -> Result<(), Failure> {
    let today = now.day();
    let lin = assessment(CustomerLevel::C3, shift(today, -120), 1_100, 180);
    insert_assessment(tx, "c1001-1", "c1001", &lin).await?;
    insert_prequalification(tx, "c1001", &ProductCode("card-standard".to_owned())).await?;
    let liang = assessment(CustomerLevel::C4, shift(today, -60), 730, 90);
    insert_assessment(tx, "c1004-1", "c1004", &liang).await
}

fn assessment(level: CustomerLevel, assessed_on: Day, horizon_days: i64, liquidity_days: i64) -> Assessment {
    Assessment {
        level,
        source: Source::Own,
        assessed_on,
        confirmed: true,
        horizon_days: Some(horizon_days),
        liquidity_days: Some(liquidity_days),
    }
}
