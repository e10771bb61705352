//! What `lobby check` verifies of sealed values: the registered keys are at hand, and every value opens in its row.

use super::records::{Value, select_values};
use super::{KnownKey, known_keys};
use crate::kernel::check::{Checking, Examination};
use crate::kernel::seal::columns::COLUMNS;

/// Opens every sealed value.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let known: Vec<KnownKey> = known_keys(exam.conn()).await?;
        if known.is_empty() {
            exam.find("seal_keys", "", "no sealing key is registered");
        }
        for key in &known {
            if !key.fits(exam.seal()) {
                exam.find("seal_keys", key.number.to_string(), "the key file is missing or holds another key");
            }
        }
        for column in COLUMNS {
            let rule = format!("{} does not open", column.name);
            exam.each(select_values(column), |value: Value, seal, findings| {
                let row = value.row();
                if seal.open(column, &row, &value.sealed).is_err() {
                    findings.add(column.table, row, &rule);
                }
            })
            .await?;
        }
        Ok(())
    })
}
