//! Adapters of external systems: the clock and the message gateway.

pub mod clock;
pub mod outbox;
