//! Step 2: the subject, the number of people, and the phone number.

use bank::appointments::reception::Topic;

use crate::appointments::reception::form_data::ReceptionFormData;
use crate::appointments::reception::kind_words::topic_words;
use crate::form::{Ask, Asks};
use crate::t;
use crate::ui::choice_group::Choice;

/// The fields of the step.
pub fn ask(data: &ReceptionFormData, field: &str) -> Ask {
    let locale = data.locale;
    let limits = data.chosen().map_or(&data.context.limits, |chosen| &chosen.limits);
    match field {
        "topic" => {
            let topic = Topic::parse(data.typed("topic").trim());
            let choice = |known: Topic| Choice::new(known.code(), topic_words(locale, known)).chosen(topic == Some(known));
            Ask::new().grid(Topic::ALL.map(choice).into())
        }
        "summary" => Ask::new().hint(t!(locale, reception.summary_hint, max = limits.summary_max)).rows(5),
        "hope" => Ask::new().hint(t!(locale, reception.hope_hint, max = limits.hope_max)).rows(3),
        "attendees" => {
            // Most come alone.
            let new = !data.shown.state.offered.contains("attendees") && data.typed("attendees").is_empty();
            let chosen = data.parsed.attendees.or(new.then_some(1));
            let choice = |people: i64| {
                Choice::new(people.to_string(), t!(locale, reception.people, n = people)).chosen(chosen == Some(people))
            };
            let hint = t!(locale, reception.attendees_hint, max = limits.attendees_max);
            Ask::new().grid((1..=limits.attendees_max).map(choice).collect()).hint(hint)
        }
        _ => Ask::new().hint(t!(locale, reception.phone_hint, phone = data.phone_on_file.clone())),
    }
}
