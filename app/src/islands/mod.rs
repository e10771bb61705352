//! Islands any form can use, and how an island reaches the form around it. An island of one capability lives in that
//! capability's folder. Islands never intercept a submit, read the page as it is when they wake, and change no input.

mod enclosing_form;
mod saves_while_typing;

pub use enclosing_form::{enclosing_form, is_changed, on, pairs};
pub use saves_while_typing::SavesWhileTyping;
