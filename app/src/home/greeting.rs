//! The greeting of the home page, by title and time of day: 林女士，上午好.

use bank::kernel::language::Language;
use bank::kernel::people::surname;
use bank::kernel::time::At;
use bank::sessions::{Customer, CustomerKind};

use crate::t;
use crate::words::locale;

/// In Chinese, persons are addressed by surname and title if both are known, everybody else by the holder's name.
pub fn greeting(language: Language, customer: &Customer, now: At) -> String {
    let who = match customer.kind() {
        CustomerKind::Personal => addressed(language, customer.name(), customer.title()),
        CustomerKind::Company => customer.user_name().to_owned(),
    };
    greeting_text(language, who, now)
}

fn addressed(language: Language, name: &str, title: &str) -> String {
    let locale = locale(language);
    // Only of a name in Chinese characters is the surname known, and Ms and Mr do not go with one.
    let titled = language == Language::ZhCn && !name.is_ascii();
    match title {
        "ms" if titled => t!(locale, home.ms, surname = surname(name)),
        "mr" if titled => t!(locale, home.mr, surname = surname(name)),
        _ => name.to_owned(),
    }
}

fn greeting_text(language: Language, who: String, now: At) -> String {
    let locale = locale(language);
    match now.time().hour() {
        0..5 => t!(locale, home.night, who = who),
        5..11 => t!(locale, home.morning, who = who),
        11..13 => t!(locale, home.noon, who = who),
        13..18 => t!(locale, home.afternoon, who = who),
        _ => t!(locale, home.evening, who = who),
    }
}

#[cfg(test)]
mod tests {
    use bank::kernel::language::Language;
    use bank::kernel::time::{At, Day};

    use super::{addressed, greeting_text, surname};

    #[test]
    fn a_customer_is_addressed_by_surname_and_title() {
        assert_eq!(addressed(Language::ZhCn, "林晓雯", "ms"), "林女士");
        assert_eq!(addressed(Language::ZhCn, "欧阳建国", "mr"), "欧阳先生");
        assert_eq!(addressed(Language::ZhCn, "林晓雯", ""), "林晓雯");
        assert_eq!(surname(""), "");
        assert_eq!(addressed(Language::En, "邓丽", "ms"), "邓丽");
        assert_eq!(addressed(Language::ZhCn, "Li Wei", "mr"), "Li Wei");
    }

    #[test]
    fn the_time_of_day_is_the_banks() {
        let at = |hour| At::midnight(Day::constant(2026, 12, 1)).plus_hours(hour);
        let says = |hour| greeting_text(Language::ZhCn, "林女士".to_owned(), at(hour));
        assert_eq!(says(10), "林女士，上午好");
        assert_eq!(says(12), "林女士，中午好");
        assert_eq!(says(17), "林女士，下午好");
        assert_eq!(says(21), "林女士，晚上好");
    }
}
