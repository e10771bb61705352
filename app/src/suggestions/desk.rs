//! A suggestion on the desk: the customer's words, the form of the answer, the answer once given. Not here: what an
//! answer must say (`bank::suggestions`) and the frame of the page (`crate::desk`).

use bank::cases::{CaseLine, DeskRefusal};
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::language::Language;
use bank::kernel::money::grouped;
use bank::sessions::Staff;
use bank::suggestions::{AnswerWish, Judgement, Suggestion, SuggestionRefusal, SuggestionState, answer, detail, limits};
use leptos::prelude::*;

use super::SuggestionUi;
use super::words::judgement_words;
use crate::kinds::{Desk, Later, OnDesk, Pressed, Seen};
use crate::t;
use crate::ui::button::Button;
use crate::ui::choice_group::{Choice, ChoiceGroup};
use crate::ui::summary_list::SummaryRow;
use crate::ui::text_area::TextArea;
use crate::words::{Locale, locale};

impl Desk for SuggestionUi {
    fn open<'a>(&self, bank: &'a Bank, _staff: &'a Staff, case: &'a CaseLine) -> Later<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move {
            let found = detail(bank, case).await?.ok_or_else(|| Failure::stored("suggestions", &case.number))?;
            Ok(Box::new(found) as Box<dyn OnDesk>)
        })
    }

    fn press<'a>(&self, pressed: Pressed<'a>) -> Later<'a, Result<(), Rejected<Vec<DeskRefusal>>>> {
        Box::pin(press(pressed))
    }

    fn refusal(&self, language: Language, refusal: &DeskRefusal) -> Option<(String, String)> {
        desk_refusal_words(language, refusal)
    }

    fn field(&self, locale: Locale, field: &str) -> Option<String> {
        Some(match field {
            "judgement" => t!(locale, suggestions.desk.judgement),
            "thanks" => t!(locale, suggestions.desk.thanks),
            _ => return None,
        })
    }

    fn texts(&self) -> &'static [&'static str] {
        &["reason", "thanks"]
    }
}

impl OnDesk for Suggestion {
    fn rows(&self, seen: &Seen<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        rows(locale(seen.language), self, customer)
    }

    fn forms(&self, seen: &Seen<'_>) -> Option<AnyView> {
        forms(seen)
    }
}

fn rows(locale: Locale, suggestion: &Suggestion, customer: SummaryRow) -> Vec<SummaryRow> {
    let typed = |text: &str| view! { <p class="typed">{text.to_owned()}</p> };
    let mut rows = vec![SummaryRow::new(t!(locale, suggestions.desk.content), typed(&suggestion.wish.content)), customer];
    if let Some(given) = &suggestion.answer {
        let judgement = judgement_words(locale, given.judgement);
        let answer = view! {
            <p>{judgement}</p>
            {typed(&given.reason)}
            {typed(&given.thanks)}
        };
        rows.push(SummaryRow::new(t!(locale, suggestions.desk.answer_given), answer));
    }
    rows
}

/// The form of the answer, while there is none.
fn forms(seen: &Seen<'_>) -> Option<AnyView> {
    let Seen { language, now, case, form, .. } = *seen;
    if SuggestionState::parse(&case.state) != Some(SuggestionState::Recorded) {
        return None;
    }
    let locale = locale(language);
    let chosen = form.value("judgement", "");
    let choices = Judgement::ALL
        .into_iter()
        .map(|judgement| {
            let words = judgement_words(locale, judgement);
            Choice::new(judgement.code(), words).chosen(judgement.code() == chosen)
        })
        .collect();
    let fields = view! {
        <ChoiceGroup
            legend=t!(locale, suggestions.desk.judgement)
            name="judgement"
            choices=choices
            error=form.error(language, "judgement", now)
        />
        <TextArea
            label=t!(locale, suggestions.desk.judgement_reason)
            name="reason"
            hint=t!(locale, suggestions.desk.judgement_reason_hint)
            value=form.value("reason", "")
            error=form.error(language, "reason", now)
            rows=3
        />
        <TextArea
            label=t!(locale, suggestions.desk.thanks)
            name="thanks"
            value=form.value("thanks", t!(locale, suggestions.desk.thanks_proposed))
            error=form.error(language, "thanks", now)
            rows=2
        />
        <Button text=t!(locale, suggestions.desk.answer) name="do" value="answer" />
    };
    Some(form.form(fields.into_any()))
}

/// Carries out the pressed button.
async fn press(pressed: Pressed<'_>) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let Pressed { bank, staff, case, version, button, posted } = pressed;
    if button != "answer" {
        return Err(Rejected::Refused(vec![DeskRefusal::NotNow]));
    }
    if version != case.version {
        return Err(Rejected::Refused(vec![DeskRefusal::Changed]));
    }
    let said = |refusals: Vec<SuggestionRefusal>| Rejected::Refused(refusals.into_iter().map(desk_refusal).collect());
    let wish = AnswerWish::parse(posted, limits(bank).await?).map_err(said)?;
    answer(bank, staff, &case.number, version, &wish).await.map_err(|rejected| match rejected {
        Rejected::Refused(refusal) => said(vec![refusal]),
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
    })
}

/// The suggestion's refusals in the desk's terms.
fn desk_refusal(refusal: SuggestionRefusal) -> DeskRefusal {
    let most = |limit: usize| i64::try_from(limit).unwrap_or(i64::MAX);
    match refusal {
        SuggestionRefusal::JudgementMissing | SuggestionRefusal::JudgementUnknown => DeskRefusal::JudgementMissing,
        SuggestionRefusal::ReasonMissing => DeskRefusal::ReasonMissing,
        SuggestionRefusal::ReasonTooLong(text) => DeskRefusal::ReasonTooLong { max: most(text.limit) },
        SuggestionRefusal::ThanksMissing => DeskRefusal::ThanksMissing,
        SuggestionRefusal::ThanksTooLong(text) => DeskRefusal::ThanksTooLong { max: most(text.limit) },
        SuggestionRefusal::AlreadyAnswered => DeskRefusal::Changed,
        // Refusals of recording a suggestion; answering one has neither field.
        SuggestionRefusal::Quota(_)
        | SuggestionRefusal::CategoryMissing
        | SuggestionRefusal::CategoryUnknown
        | SuggestionRefusal::ContentMissing
        | SuggestionRefusal::ContentTooLong(_) => DeskRefusal::NotNow,
    }
}

/// The desk's refusals that are a suggestion's own.
fn desk_refusal_words(language: Language, refusal: &DeskRefusal) -> Option<(String, String)> {
    let l = locale(language);
    Some(match refusal {
        DeskRefusal::JudgementMissing => {
            (t!(l, suggestions.desk.judgement_missing_title), t!(l, suggestions.desk.judgement_missing_text))
        }
        DeskRefusal::ThanksMissing => (t!(l, suggestions.desk.thanks_missing_title), t!(l, suggestions.desk.thanks_missing_text)),
        DeskRefusal::ThanksTooLong { max } => (t!(l, desk.too_long_title), t!(l, desk.too_long_text, max = grouped(*max))),
        _ => return None,
    })
}
