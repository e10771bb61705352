//! The application as it stands, beside the fields of a step: when and where, the host, the subject, and what is not filled in
//! yet. It shows the saved state.

use bank::appointments::reception::Step;
use bank::kernel::language::{day_long, day_short, time_span};
use bank::kernel::time::hhmm;

use crate::appointments::reception::form_data::ReceptionFormData;
use crate::appointments::reception::kind_words::topic_words;
use crate::form::OpenForm;
use crate::t;
use crate::ui::panel::{PanelContents, PanelRow};
use crate::ui::parts::Tone;

/// The panel of a step.
pub fn contents(data: &ReceptionFormData, step: Step) -> PanelContents {
    let (l, language, parsed) = (data.locale, data.language, &data.parsed);
    let chosen = data.chosen();
    let change = |field: &str| {
        let of = Step::of(field);
        (of < step).then(|| OpenForm::to_field(of.name(), field, t!(l, form.change)))
    };
    let row = |field: &str, term: String, said: Option<(String, String)>| match said {
        Some((value, hint)) => PanelRow::new(term, value).hint(hint).change(change(field)),
        None => PanelRow::open(term, t!(l, form.still_open)),
    };
    let when = parsed.day.map(|day| {
        let end = chosen.zip(parsed.slot).map(|(chosen, slot)| time_span(slot, chosen.slot_end(slot).time()));
        (day_long(language, day), end.unwrap_or_default())
    });
    let branch = chosen.map(|chosen| (data.branch_name(chosen), chosen.reception.place(language).to_owned()));
    let host = chosen.map(|chosen| (chosen.reception.host(language), chosen.reception.topic(language).to_owned()));
    let topic = parsed.topic.map(|topic| (topic_words(l, topic), String::new()));
    let people = parsed.attendees.map(|people| (t!(l, reception.people, n = people), String::new()));
    let short = parsed.day.map(|day| day_short(language, day));
    let line = short.map(|day| parsed.slot.map_or_else(|| day.clone(), |slot| format!("{day} {}", hhmm(slot))));
    let wrong = data.refusals(step).len();
    PanelContents {
        title: t!(l, reception.case.yours),
        main: String::new(),
        main_hint: String::new(),
        line: line.unwrap_or_else(|| t!(l, reception.case.yours)),
        rows: vec![
            row("day", t!(l, reception.row_time), when),
            row("day", t!(l, reception.row_branch), branch),
            row("day", t!(l, reception.row_host), host),
            row("topic", t!(l, reception.topic), topic),
            row("attendees", t!(l, reception.attendees), people),
        ],
        verdict: (wrong > 0).then(|| (Tone::Seal, t!(l, form.to_correct, n = wrong))),
        next: String::new(),
    }
}
