//! Customers: their data, accounts and consents (docs/domain.md §3, §11, §12). A customer sees only their own; staff see
//! a masked card. ID and phone numbers are sealed in the database.
//!
//! Reading order: `model.rs` (types), `records.rs` (rows), `operations.rs`.

mod model;
mod operations;
mod records;

pub use model::{Account, Consent, ConsentPurpose, CustomerCard, Given, Profile};
pub use operations::{accounts, card, consents, give_consent, profile, with_phone_on_file, withdraw_consent};
pub use records::{Lookup, NewAccount, NewCustomer, find_customers, holds_real_customers, insert_account, insert_customer};
pub(crate) use records::{find_consent, index_some};

/// Version of the notice shown with a consent. Raise it whenever the wording changes.
pub const NOTICE_VERSION: &str = "2026-11";
