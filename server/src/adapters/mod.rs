//! What we do not own: the clock and the ways a message leaves the house.

pub mod clock;
pub mod outbox;
