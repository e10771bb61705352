//! A suggestion on the desk: the customer's words, the form of the answer, the answer once given. Not here: what an
//! answer must say (`bank::suggestions`).

use bank::cases::{CaseLine, DeskRefusal};
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::Values;
use bank::kernel::language::Language;
use bank::kernel::time::At;
use bank::sessions::Staff;
use bank::suggestions::{AnswerWish, Judgement, Suggestion, SuggestionRefusal, SuggestionState, answer, detail, limits};
use leptos::prelude::*;

use super::form::CaseForm;
use crate::cases::judgement_words;
use crate::t;
use crate::ui::button::Button;
use crate::ui::choice_group::{Choice, ChoiceGroup};
use crate::ui::summary_list::SummaryRow;
use crate::ui::text_area::TextArea;
use crate::words::locale;

/// What stands behind the case.
pub async fn load(bank: &Bank, case: &CaseLine) -> Result<Option<Suggestion>, Failure> {
    detail(bank, case).await
}

/// The rows of its summary; `customer` stands among them.
pub fn rows(language: Language, suggestion: &Suggestion, customer: SummaryRow) -> Vec<SummaryRow> {
    let locale = locale(language);
    let typed = |text: &str| view! { <p class="typed">{text.to_owned()}</p> };
    let mut rows = vec![SummaryRow::new(t!(locale, desk.content), typed(&suggestion.wish.content)), customer];
    if let Some(given) = &suggestion.answer {
        let judgement = judgement_words(locale, given.judgement.code()).unwrap_or_default();
        let answer = view! {
            <p>{judgement}</p>
            {typed(&given.reason)}
            {typed(&given.thanks)}
        };
        rows.push(SummaryRow::new(t!(locale, desk.answer_given), answer));
    }
    rows
}

/// The form of the answer, while there is none.
pub fn actions(language: Language, now: At, case: &CaseLine, form: &CaseForm) -> Option<AnyView> {
    if SuggestionState::parse(&case.state) != Some(SuggestionState::Recorded) {
        return None;
    }
    let locale = locale(language);
    let chosen = form.value("judgement", "");
    let choices = Judgement::ALL
        .into_iter()
        .map(|judgement| {
            let words = judgement_words(locale, judgement.code()).unwrap_or_default();
            Choice::new(judgement.code(), words).chosen(judgement.code() == chosen)
        })
        .collect();
    let fields = view! {
        <ChoiceGroup
            legend=t!(locale, desk.judgement)
            name="judgement"
            choices=choices
            error=form.error(language, "judgement", now)
        />
        <TextArea
            label=t!(locale, desk.judgement_reason)
            name="reason"
            hint=t!(locale, desk.judgement_reason_hint)
            value=form.value("reason", "")
            error=form.error(language, "reason", now)
            rows=3
        />
        <TextArea
            label=t!(locale, desk.thanks)
            name="thanks"
            value=form.value("thanks", t!(locale, desk.thanks_proposed))
            error=form.error(language, "thanks", now)
            rows=2
        />
        <Button text=t!(locale, desk.answer) name="do" value="answer" />
    };
    Some(form.form(fields.into_any()))
}

/// Carries out the pressed button.
pub async fn act(
    bank: &Bank,
    staff: &Staff,
    case: &CaseLine,
    version: i64,
    pressed: &str,
    posted: &Values,
) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    if pressed != "answer" {
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
        SuggestionRefusal::CategoryMissing
        | SuggestionRefusal::CategoryUnknown
        | SuggestionRefusal::ContentMissing
        | SuggestionRefusal::ContentTooLong(_) => DeskRefusal::NotNow,
    }
}
