//! Appointments: a time at a branch that the bank keeps for a customer. Each kind is a folder of its own.
//!
//! Promise: no two appointments of one person overlap, whatever their kind. Where next: [`cash`], [`reception`].

pub mod cash;
#[cfg(feature = "records")]
pub(crate) mod engagements;
pub mod reception;
