//! Step 2: what the customer wants to talk about, how many come, and how the branch reaches them.

use bank::appointments::reception::Topic;
use leptos::prelude::*;

use crate::appointments::reception::kind_words::topic_words;
use crate::appointments::reception::sheet::Sheet;
use crate::appointments::step_page::StepPage;
use crate::t;
use crate::ui::button::Button;
use crate::ui::choice_group::{Choice, ChoiceGroup, Layout};
use crate::ui::text_area::TextArea;
use crate::ui::text_field::TextField;

/// The step.
pub fn page(sheet: &Sheet) -> StepPage {
    let locale = sheet.locale;
    let limits = sheet.chosen().map_or(&sheet.context.limits, |chosen| &chosen.limits);
    let topic = Topic::parse(sheet.typed("topic").trim());
    let topics = Topic::ALL.map(|known| Choice::new(known.code(), topic_words(locale, known)).chosen(topic == Some(known)));
    let people = (1..=limits.attendees_max).map(|people| {
        Choice::new(people.to_string(), t!(locale, reception.people, n = people)).chosen(sheet.reading.attendees == Some(people))
    });
    let fields = view! {
        <ChoiceGroup
            legend=t!(locale, reception.topic)
            name="topic"
            layout=Layout::Grid
            choices=topics.into()
            error=sheet.error("topic")
        />
        <TextArea
            name="summary"
            label=t!(locale, reception.summary)
            hint=t!(locale, reception.summary_hint, max = limits.summary_max)
            error=sheet.error("summary")
            value=sheet.typed("summary")
            rows=5
        />
        <TextArea
            name="hope"
            label=t!(locale, reception.hope)
            hint=t!(locale, reception.hope_hint, max = limits.hope_max)
            error=sheet.error("hope")
            value=sheet.typed("hope")
            rows=3
        />
        <ChoiceGroup
            legend=t!(locale, reception.attendees)
            name="attendees"
            layout=Layout::Grid
            hint=t!(locale, reception.attendees_hint, max = limits.attendees_max)
            choices=people.collect()
            error=sheet.error("attendees")
        />
        <TextField
            name="phone"
            label=t!(locale, reception.phone)
            hint=t!(locale, reception.phone_hint, phone = sheet.phone_on_file.clone())
            error=sheet.error("phone")
            value=sheet.typed("phone")
            kind="tel"
            autocomplete="tel-national"
        />
        <Button text=t!(locale, reception.next) />
    };
    StepPage {
        title: t!(locale, reception.matter_title),
        before: None,
        fields: fields.into_any(),
        offered: vec!["topic", "summary", "hope", "attendees", "phone"],
    }
}
