//! Display of typed text, and texts about refused input shared by all kinds of case.

use bank::kernel::people::{NAME_MAX, NameFault};
use bank::kernel::text::cleaned;

use crate::t;
use crate::words::Locale;

/// Prepares typed text for display. Direction marks are dropped (rows stored before they were dropped on entry may hold
/// them), and right-to-left text is isolated, so that it cannot reorder the text around it.
pub fn display_text(text: &str) -> String {
    let text = cleaned(text);
    if text.chars().any(runs_right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

const fn runs_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// The heading of a summary with several refusals.
pub fn several_wrong(locale: Locale, count: usize) -> String {
    t!(locale, typed.several, count = count)
}

/// Title and explanation of a refused name.
pub fn name_fault(locale: Locale, fault: NameFault) -> (String, String) {
    match fault {
        NameFault::Missing | NameFault::Characters => (t!(locale, typed.name_characters), t!(locale, typed.name_characters_text)),
        NameFault::TooShort => (t!(locale, typed.name_too_short), t!(locale, typed.name_too_short_text)),
        NameFault::TooLong { length } => (
            t!(locale, typed.name_too_long, max = NAME_MAX),
            t!(locale, typed.name_too_long_text, length = length, over = length.saturating_sub(NAME_MAX), max = NAME_MAX),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::display_text;

    #[test]
    fn a_text_reorders_nothing_around_it() {
        assert_eq!(display_text("金额请付 \u{202e}000,05 元"), "金额请付 000,05 元");
        assert_eq!(display_text("买买提·艾力"), "买买提·艾力");
        assert_eq!(display_text("ئەلى"), "\u{2068}ئەلى\u{2069}");
    }
}
