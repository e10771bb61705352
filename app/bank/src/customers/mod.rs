//! Customers: their data, accounts and consents (docs/domain.md §3, §11, §12). A customer sees only their own; staff see
//! a masked card. ID and phone numbers are sealed in the database.
//!
//! Reading order: `model.rs` (types), `entry.rs` (customers and accounts as a file or a page gives them), `records.rs` (rows),
//! `entry_records.rs` (an entry becomes rows), `import_records.rs` (many become rows), `enter.rs` (entered and looked up by
//! branch staff), `operations.rs`.

#[cfg(feature = "records")]
mod check_records;
#[cfg(feature = "records")]
mod enter;
#[cfg(feature = "records")]
mod enter_records;
mod entry;
#[cfg(feature = "records")]
mod entry_records;
#[cfg(feature = "records")]
mod import_records;
mod model;
#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;

#[cfg(feature = "records")]
pub(crate) use check_records::check;
#[cfg(feature = "records")]
pub use enter::{
    CodeRefusal, CustomerSignIn, ENTER_FORM, EnterRefusal, FoundCustomer, IssuedCode, LOOKUP_FORM, enter_customer,
    find_in_branch, issue_code, look_up, read_customer, reset_customer,
};
pub(crate) use entry::read_email;
pub use entry::{AccountEntry, Approver, CustomerEntry};
#[cfg(feature = "records")]
pub use entry_records::{CustomerPut, find_by_number, put_account, put_customer};
#[cfg(feature = "records")]
pub(crate) use import_records::{
    Weighed, ids_by_number, stage_accounts, stage_customers, weigh_accounts, weigh_customers, write_accounts, write_customers,
};
pub use model::{Account, Consent, ConsentPurpose, CustomerCard, Given, Profile};
#[cfg(feature = "records")]
pub(crate) use operations::phone_on_file;
#[cfg(feature = "records")]
pub use operations::{accounts, card, consents, give_consent, profile, with_phone_on_file, withdraw_consent};
#[cfg(feature = "records")]
pub use records::{
    HolderIds, Lookup, NewAccount, NewCustomer, find_customers, holds_real_customers, insert_account, insert_customer,
    list_holders,
};
#[cfg(feature = "records")]
pub(crate) use records::{
    OnFile, active_accounts, clear_usual, count_usual, find_consent, index_some, index_some_accounts, on_file,
};

/// Version of the notice shown with a consent. Raise it whenever the wording changes; the page of the notice
/// then says to customers who agreed to an earlier one that theirs was another.
pub const NOTICE_VERSION: &str = "2026-11";

/// The field of a form of consent with the version of the notice that its page showed.
pub const NOTICE_FIELD: &str = "notice";
