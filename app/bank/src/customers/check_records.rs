//! What `lobby check` verifies of customers: the blind indexes are those of the sealed numbers, dates can be read.

use sqlx::FromRow;

use super::records::{ACCOUNT_INDEX, EMAIL_INDEX, Lookup, last_four};
use crate::kernel::check::{Checking, Examination};
use crate::kernel::seal::Seal;
use crate::kernel::seal::columns::{ACCOUNT_NUMBER, CUSTOMER_EMAIL, CUSTOMER_ID, CUSTOMER_PHONE};
use crate::kernel::time::Day;

#[derive(FromRow)]
struct IndexedRow {
    id: String,
    birth_day: Option<String>,
    id_sealed: String,
    phone_sealed: String,
    id_index: Option<String>,
    phone_index: Option<String>,
    phone_last4_index: Option<String>,
    email_sealed: Option<String>,
    email_index: Option<String>,
}

/// Whether the stored index is that of the text under one of the keys; without a text there is none.
fn is_index(seal: &Seal, name: &str, text: Option<&str>, stored: Option<&String>) -> bool {
    match (text, stored) {
        (None, None) => true,
        (Some(text), Some(stored)) => seal.indexes(name, text).contains(stored),
        _ => false,
    }
}

/// Checks all customers. A number that does not open is found by the check of the sealed values.
pub(crate) fn check<'e>(exam: &'e mut Examination<'_>) -> Checking<'e> {
    Box::pin(async move {
        let sql = "SELECT id, birth_day, id_sealed, phone_sealed, id_index, phone_index, phone_last4_index, \
                   email_sealed, email_index FROM customers ORDER BY id";
        exam.each(sql, |row: IndexedRow, seal, findings| {
            if row.birth_day.is_some_and(|day| day.parse::<Day>().is_err()) {
                findings.add("customers", row.id.as_str(), "birth_day is no day");
            }
            let mut same = |column: &str, name: &str, text: Option<&str>, stored: Option<&String>| {
                if !is_index(seal, name, text, stored) {
                    let rule = format!("{column} is not the index of the sealed value");
                    findings.add("customers", row.id.as_str(), &rule);
                }
            };
            let mut number = |lookup: Lookup<'_>, stored| same(lookup.column(), lookup.column(), Some(&lookup.plain()), stored);
            if let Ok(id_number) = seal.open(&CUSTOMER_ID, &row.id, &row.id_sealed) {
                number(Lookup::IdNumber(&id_number), row.id_index.as_ref());
            }
            if let Ok(phone) = seal.open(&CUSTOMER_PHONE, &row.id, &row.phone_sealed) {
                number(Lookup::Phone(&phone), row.phone_index.as_ref());
                number(Lookup::PhoneLast4(last_four(&phone)), row.phone_last4_index.as_ref());
            }
            let email = row.email_sealed.as_ref().map(|sealed| seal.open(&CUSTOMER_EMAIL, &row.id, sealed));
            if let Ok(email) = email.transpose() {
                same("email_index", EMAIL_INDEX, email.as_deref(), row.email_index.as_ref());
            }
        })
        .await?;
        let sql = "SELECT id, number_sealed, number_index FROM accounts ORDER BY id";
        exam.each(sql, |(id, sealed, index): (String, Option<String>, Option<String>), seal, findings| {
            let number = sealed.map(|sealed| seal.open(&ACCOUNT_NUMBER, &id, &sealed)).transpose();
            if number.is_ok_and(|number| !is_index(seal, ACCOUNT_INDEX, number.as_deref(), index.as_ref())) {
                findings.add("accounts", id, "number_index is not the index of the sealed value");
            }
        })
        .await
    })
}
