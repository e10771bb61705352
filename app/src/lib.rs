//! What people see: routes, pages, forms, islands.
//!
//! Not the meaning of the bank's rules: those are in the crate `bank`. Start at [`ui`] for the design system.

pub mod ui;
