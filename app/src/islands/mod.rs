//! Islands for any form, and access to the form around an island. Islands of one capability are in its own folder. Islands never
//! intercept a submit, read the page as it is at hydration, and change no input.

mod enclosing_form;
mod saves_while_typing;

pub use enclosing_form::{enclosing_form, is_changed, on, pairs};
pub use saves_while_typing::SavesWhileTyping;
