//! The second factor (docs/domain.md §12): an authenticator app with one-time codes, and recovery codes for when it is lost.
//!
//! Reading order: `totp.rs` (what a code is), `recovery.rs` (what a recovery code is), `model.rs` (types), `proof.rs` (judges a typed code,
//! for every act that asks for one),
//! `operations.rs` (set up, give, renew the recovery codes, remove), `records.rs` and `check_records.rs` (rows).

mod check_records;
mod model;
mod operations;
mod proof;
mod records;
mod recovery;
mod totp;

pub(super) use check_records::check_factors;
pub use model::{Enrolment, Factor, FactorRefusal};
pub(super) use operations::go_on;
pub use operations::{
    begin_factor, cancel_factor, confirm_factor, find_factor, find_own_name, give_factor, keep_begun_factor, remove_factor,
    renew_recovery_codes,
};
pub(crate) use records::HAS_FACTOR;
pub(super) use records::{forget_codes_without_factor, forget_factor, has_factor, is_left_weak, replace_codes, sign_in_name};
pub(super) use recovery::make_codes;

/// How many recovery codes a user gets at once.
pub const RECOVERY_CODES: usize = 10;
