//! Islands of the cash form: free places after choosing a branch or day, and the sum of the notes while typing. The inputs are
//! plain inputs of the form; without script the same pages work step by step.

mod how_much;
mod when;
mod words;

pub use how_much::{HowMuch, MOVING};
pub use when::{DAYS, DayAndSlot, SLOTS};
pub use words::{MuchWords, WhenWords};
