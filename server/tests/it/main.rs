//! Every test that needs a database or HTTP, in one binary: real databases of both engines, the real router on a real
//! socket. Files are named after the capability they test; `support` is the bank and the browser they share.

#![expect(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test stops at the first surprise")]

mod support;

mod booking_races;
mod cash_walk;
mod desk;
mod power_cut;
mod suggestions;
mod surveys;
mod reception;
