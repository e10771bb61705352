//! Who is there: users, roles, sign-in, sessions, and the proof types that every operation asks for (docs/domain.md §12).
//!
//! Promise: a [`Customer`] or [`Staff`] exists only because a live session row said so at this request, and a [`Scope`]
//! only because such a staff member may do something. Their fields are private to this folder: nobody else can make one.
//!
//! Reading order: `access.rs` (permissions, scope), `model.rs` (the proofs), `rules.rs` (when a session or a lock holds),
//! `records.rs` (rows), `operations.rs` (sign in, sign out, who calls).

mod access;
mod model;
mod rules;

#[cfg(feature = "records")]
mod operations;
#[cfg(feature = "records")]
mod records;

pub use access::{Permission, Reach, Scope};
#[cfg(feature = "records")]
pub use model::SessionLine;
pub use model::{Caller, Customer, CustomerKind, EndedSession, SignInRefusal, Staff};
#[cfg(feature = "records")]
pub use operations::{
    SignedIn, Visitor, caller, end_session, hash_password, idle_caller, list_sessions, set_language, sign_in, sign_out,
};
#[cfg(feature = "records")]
pub use records::{NewUser, insert_user, list_sign_in_names};
pub use rules::{SessionTime, is_locked, session_ends};
