//! The page of a suggestion: number, answer, content, history.

use axum::response::Response;
use bank::cases::{CaseLine, HistoryLine};
use bank::kernel::bank::Bank;
use bank::suggestions::{self, AnswerText, Judgement, Suggestion};
use leptos::prelude::*;

use super::pages::{due_words, is_news};
use super::words::{category_words, judgement_line};
use crate::cases::{Reader, history_entry};
use crate::form::AlreadyNotice;
use crate::kinds;
use crate::page::{Page, PageError};
use crate::t;
use crate::typed::display_text;
use crate::ui::banner::Banner;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::confirmation::Confirmation;
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::ui::timeline::{Stage, Timeline, TimelineEntry};
use crate::visit::Visit;

pub async fn page(visit: &Visit, bank: &Bank, case: &CaseLine) -> Result<Response, PageError> {
    let suggestion = suggestions::detail(bank, case).await?.ok_or(PageError::NotFound)?;
    let history = bank::cases::history(bank, case).await?;
    let messages = bank::messages::list_for_case(bank, case).await?;
    let unread = messages.iter().any(|message| is_news(message) && message.read_at.is_none());
    Ok(show(visit, case.clone(), suggestion, history, unread))
}

fn show(visit: &Visit, case: CaseLine, suggestion: Suggestion, history: Vec<HistoryLine>, unread: bool) -> Response {
    let locale = visit.locale();
    let visit_for_view = visit.clone();
    let title = t!(locale, suggestions.case_title, number = case.number.clone());
    Page::new(visit, title).show(move || view(&visit_for_view, &case, &suggestion, &history, unread))
}

fn view(visit: &Visit, case: &CaseLine, suggestion: &Suggestion, history: &[HistoryLine], unread: bool) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    let title =
        if suggestion.answer.is_some() { t!(locale, suggestions.answered_title) } else { t!(locale, suggestions.recorded_title) };
    let promise = case.waiting.then(|| due_words(visit, case));
    let mut entries: Vec<TimelineEntry> =
        history.iter().map(|line| history_entry(language, case.kind, Reader::Customer, &told_once(line), visit.now)).collect();
    if case.waiting {
        entries.push(TimelineEntry::new(t!(locale, suggestions.next_answer), due_words(visit, case)).stage(Stage::Now));
    }
    let category = category_words(locale, suggestion.text.category.code());
    view! {
        <Confirmation title=title label=t!(locale, suggestions.number) number=case.number.clone() text=promise.unwrap_or_default() />
        <AlreadyNotice visit=visit.clone() form=super::NEW />
        {(unread && visit.acts()).then(|| news(visit, case))}
        {suggestion.answer.as_ref().map(|answer| answer_view(visit, answer))}
        <section class="block">
            <h2>{t!(locale, suggestions.yours)}</h2>
            <p class="hint">{category}</p>
            <p class="quote">{display_text(&suggestion.text.content)}</p>
        </section>
        <section class="block">
            <h2>{t!(locale, suggestions.life)}</h2>
            <Timeline entries=entries />
        </section>
        <div class="actions">
            <LinkButton href=super::PATH text=t!(locale, suggestions.all) kind=ButtonKind::Secondary />
        </div>
    }
    .into_any()
}

/// A history line without reason and thanks, which the page shows in full above.
fn told_once(line: &HistoryLine) -> HistoryLine {
    let mut line = line.clone();
    if line.action == "answer" {
        line.reason = None;
        if let Some(detail) = line.detail.as_object_mut() {
            detail.remove("thanks");
        }
    }
    line
}

fn news(visit: &Visit, case: &CaseLine) -> AnyView {
    let locale = visit.locale();
    let action = kinds::path(&case.number);
    view! {
        <Banner title=t!(locale, suggestions.news_title) text=t!(locale, suggestions.news_text)>
            <PostButton action=action text=t!(locale, suggestions.understood) kind=ButtonKind::Secondary name="do" value="read" />
        </Banner>
    }
    .into_any()
}

fn answer_view(visit: &Visit, answer: &AnswerText) -> AnyView {
    let locale = visit.locale();
    let tone = match answer.judgement {
        Judgement::Adopted => Tone::Ok,
        Judgement::Partly => Tone::Brand,
        Judgement::Not => Tone::Neutral,
    };
    view! {
        <section class="block">
            <h2>{t!(locale, suggestions.answer)}</h2>
            <div class="quote quote-answer">
                <StateTag text=judgement_line(locale, answer.judgement) tone=tone />
                <p>{display_text(&answer.reason)}</p>
                <p class="thanks">{display_text(&answer.thanks)}</p>
            </div>
        </section>
    }
    .into_any()
}
