//! Appointments: times at a branch reserved for a customer. Each kind has its own folder: [`cash`], [`reception`].
//!
//! No two appointments of one person overlap, whatever their kinds (`engagements.rs`).

pub mod cash;
#[cfg(feature = "records")]
pub(crate) mod engagements;
pub mod reception;
