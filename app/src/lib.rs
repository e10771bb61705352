//! What people see: routes, pages, forms, islands.
//!
//! Not the meaning of the bank's rules: those are in the crate `bank`. Start at [`ui`] for the design system.

// A page is one deep type; components end in `AnyView`, plain markup around them still nests.
#![recursion_limit = "256"]

pub mod ui;
