//! Codes that the bank sends at sign-in and for a step-up (docs/domain.md §12): to the phone of a customer without a second factor, if
//! a channel sends messages.
//!
//! Reading order: `model.rs` (types, and when one may be sent), `operations.rs` (send, give), `records.rs` and `check_records.rs`
//! (rows).

mod check_records;
mod model;
mod operations;
mod records;

pub(super) use check_records::check_sent_codes;
pub use model::{OpenCode, SentCodeRefusal, SentCodes};
pub use operations::{find_sent_codes, give_sent_code, send_code};
pub(super) use records::end_open;
pub(crate) use records::index_validated_phone;
