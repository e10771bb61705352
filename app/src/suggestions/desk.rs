//! A suggestion on the desk: content, answer form, answer. The rules of an answer are in `bank::suggestions`, the frame of the
//! page is `crate::desk`.

use bank::cases::{CaseLine, OwnRefusal, possible_actions};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Field, FieldKind, Nearest};
use bank::kernel::language::Language;
use bank::sessions::Staff;
use bank::suggestions::{Judgement, Suggestion, SuggestionParameters, claims_loss, detail};
use leptos::prelude::*;

use super::SuggestionUi;
use super::words::{judgement_line, refusal_words};
use crate::form::Ask;
use crate::kinds::{ActButton, ActForm, BoxFuture, Desk, DeskContext, OnDesk};
use crate::t;
use crate::typed::display_text;
use crate::ui::choice_group::Choice;
use crate::ui::summary_list::SummaryRow;
use crate::words::{Locale, locale};

impl Desk for SuggestionUi {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> BoxFuture<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move {
            let found = detail(bank, case).await?.ok_or_else(|| Failure::stored("suggestions", &case.number))?;
            let actions = possible_actions(bank, staff, case).await?;
            Ok(Box::new(SuggestionDeskCase { found, answers: !actions.is_empty() }) as Box<dyn OnDesk>)
        })
    }

    fn refusal(&self, language: Language, refusal: &OwnRefusal) -> Option<(String, String)> {
        refusal.read().map(|refusal| refusal_words(locale(language), &refusal))
    }

    fn field(&self, locale: Locale, field: &str) -> Option<String> {
        Some(match field {
            "judgement" => t!(locale, suggestions.desk.judgement),
            "reason" => t!(locale, suggestions.desk.judgement_reason),
            "thanks" => t!(locale, suggestions.desk.thanks),
            _ => return None,
        })
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::new("judgement", FieldKind::Choice),
            Field::new("reason", FieldKind::Lines(|set| set.of::<SuggestionParameters>().suggestion_answer_max)),
            Field::new("thanks", FieldKind::Lines(|set| set.of::<SuggestionParameters>().suggestion_answer_max)),
        ]
    }

    fn offer(&self, language: Language, _nearest: &Nearest) -> Option<String> {
        Some(t!(locale(language), desk.cut))
    }

    fn texts(&self) -> &'static [&'static str] {
        &["reason", "thanks"]
    }
}

/// A suggestion, and whether this staff member may answer it now.
struct SuggestionDeskCase {
    found: Suggestion,
    answers: bool,
}

impl OnDesk for SuggestionDeskCase {
    fn rows(&self, context: &DeskContext<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        rows(locale(context.language), &self.found, customer)
    }

    fn forms(&self, context: &DeskContext<'_>) -> Vec<ActForm> {
        let answer = || ActButton::new("answer", t!(locale(context.language), suggestions.desk.answer));
        let claims = claims_loss(&self.found.text.content);
        let note = claims.then(|| t!(locale(context.language), suggestions.desk.claims_loss));
        let form = || ActForm::new(vec!["judgement", "reason", "thanks"], vec![answer()]).noting(note);
        self.answers.then(form).into_iter().collect()
    }

    fn ask(&self, context: &DeskContext<'_>, field: &str) -> Option<Ask> {
        let locale = locale(context.language);
        Some(match field {
            "judgement" => {
                let chosen = context.form.value("judgement", "");
                let choice = |judgement: Judgement| {
                    Choice::new(judgement.code(), judgement_line(locale, judgement)).chosen(judgement.code() == chosen)
                };
                Ask::new().choices(Judgement::ALL.map(choice).into())
            }
            "reason" => Ask::new().hint(t!(locale, suggestions.desk.judgement_reason_hint)).rows(3),
            "thanks" => Ask::new().value(context.form.value("thanks", t!(locale, suggestions.desk.thanks_proposed))).rows(2),
            _ => return None,
        })
    }
}

fn rows(locale: Locale, suggestion: &Suggestion, customer: SummaryRow) -> Vec<SummaryRow> {
    let typed = |text: &str| view! { <p class="typed">{display_text(text)}</p> };
    let mut rows = vec![SummaryRow::new(t!(locale, suggestions.desk.content), typed(&suggestion.text.content)), customer];
    if let Some(given) = &suggestion.answer {
        let judgement = judgement_line(locale, given.judgement);
        let answer = view! {
            <p>{judgement}</p>
            {typed(&given.reason)}
            {typed(&given.thanks)}
        };
        rows.push(SummaryRow::new(t!(locale, suggestions.desk.answer_given), answer));
    }
    rows
}
