//! A suggestion on the desk: the customer's words, the form of the answer, the answer once given. Not here: what an
//! answer must say (`bank::suggestions`) and the frame of the page (`crate::desk`).

use bank::cases::{CaseLine, OwnRefusal, possible_actions};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::Nearest;
use bank::kernel::language::Language;
use bank::sessions::Staff;
use bank::suggestions::{Judgement, Suggestion, detail};
use leptos::prelude::*;

use super::SuggestionUi;
use super::words::{judgement_words, refusal_words};
use crate::kinds::{Desk, Later, OnDesk, Seen};
use crate::t;
use crate::typed::said;
use crate::ui::button::Button;
use crate::ui::choice_group::{Choice, ChoiceGroup};
use crate::ui::summary_list::SummaryRow;
use crate::ui::text_area::TextArea;
use crate::words::{Locale, locale};

impl Desk for SuggestionUi {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> Later<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move {
            let found = detail(bank, case).await?.ok_or_else(|| Failure::stored("suggestions", &case.number))?;
            let actions = possible_actions(bank, staff, case).await?;
            Ok(Box::new(SuggestionMatter { found, answers: !actions.is_empty() }) as Box<dyn OnDesk>)
        })
    }

    fn refusal(&self, language: Language, refusal: &OwnRefusal) -> Option<(String, String)> {
        refusal.read().map(|refusal| refusal_words(locale(language), &refusal))
    }

    fn field(&self, locale: Locale, field: &str) -> Option<String> {
        Some(match field {
            "judgement" => t!(locale, suggestions.desk.judgement),
            "thanks" => t!(locale, suggestions.desk.thanks),
            _ => return None,
        })
    }

    fn offer(&self, language: Language, _nearest: &Nearest) -> Option<String> {
        Some(t!(locale(language), suggestions.cut))
    }

    fn texts(&self) -> &'static [&'static str] {
        &["reason", "thanks"]
    }
}

/// A suggestion, and whether this staff member may answer it now.
struct SuggestionMatter {
    found: Suggestion,
    answers: bool,
}

impl OnDesk for SuggestionMatter {
    fn rows(&self, seen: &Seen<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        rows(locale(seen.language), &self.found, customer)
    }

    fn forms(&self, seen: &Seen<'_>) -> Option<AnyView> {
        self.answers.then(|| form(seen))
    }
}

fn rows(locale: Locale, suggestion: &Suggestion, customer: SummaryRow) -> Vec<SummaryRow> {
    let typed = |text: &str| view! { <p class="typed">{said(text)}</p> };
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

/// The form of the answer.
fn form(seen: &Seen<'_>) -> AnyView {
    let Seen { language, now, form, .. } = *seen;
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
    form.form(fields.into_any())
}
