//! The parts of the cash form that answer at once: places left when a branch or day is chosen, the sum of the notes
//! while they are typed. The inputs stay plain inputs of the form; without script the same pages work step by step.

mod how_much;
mod when;
mod words;

pub use how_much::HowMuch;
pub use when::DayAndSlot;
pub use words::{MuchWords, WhenWords};
