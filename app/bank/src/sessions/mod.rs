//! Who is there: users, sign-in, sessions, and the proof types that every operation asks for (docs/domain.md §12).
//!
//! Promise: a [`Customer`], [`Staff`], [`BranchHead`] or [`Administrator`] exists only because a live session row said
//! so at this request. Their fields are private to this folder: nobody else can make one.
//!
//! Reading order: `model.rs` (the proofs), `rules.rs` (when a session or a lock holds), `records.rs` (rows),
//! `operations.rs` (sign in, sign out, who calls).

mod model;
mod rules;

#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;

#[cfg(feature = "records")]
pub use model::SessionLine;
pub use model::{Administrator, BranchHead, Caller, Customer, CustomerKind, Role, SignInRefusal, Staff};
#[cfg(feature = "records")]
pub use operations::{
    SignedIn, Visitor, caller, end_session, hash_password, idle_caller, list_sessions, set_language, sign_in, sign_out,
};
#[cfg(feature = "records")]
pub use records::{NewUser, insert_user, list_sign_in_names};
pub use rules::{is_locked, session_holds};
