//! What is said about typed text that no kind of case owns: names that cannot be read.

use bank::kernel::people::{NAME_MAX, NameFault};

use crate::t;
use crate::words::Locale;

/// What is wrong with a name, and what would be accepted.
pub fn name_fault(locale: Locale, fault: NameFault) -> (String, String) {
    match fault {
        NameFault::Missing | NameFault::Characters => (t!(locale, typed.name_characters), t!(locale, typed.name_characters_text)),
        NameFault::TooShort => (t!(locale, typed.name_too_short), t!(locale, typed.name_too_short_text)),
        NameFault::TooLong { length } => (
            t!(locale, typed.name_too_long, max = NAME_MAX),
            t!(locale, typed.name_too_long_text, length = length, max = NAME_MAX),
        ),
    }
}
