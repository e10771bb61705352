//! The page around a step of a booking form: progress, unfinished draft, error summary, and the step itself. Fields, rules and
//! texts of a kind are in its own folder.

use bank::kernel::forms::Draft;
use bank::kernel::language::{Language, day_long, moment};
use bank::kernel::time::{At, hhmm};
use leptos::prelude::*;

use crate::cases::join;
use crate::form::{Asks, OpenForm, Rendered, Saves, forms_behind, notices};
use crate::page::PAGE_FORM;
use crate::t;
use crate::typed::several_wrong;
use crate::ui::button::{ButtonKind, LinkButton, hidden};
use crate::ui::card::Card;
use crate::ui::error_summary::{ErrorSummary, OfferForms, Refused};
use crate::ui::panel::{PanelContents, PanelFold, PanelSide};
use crate::ui::steps::{DoneStep, Steps};
use crate::visit::Visit;
use crate::words::locale;

/// The content of a step.
pub struct StepPage {
    /// Heading.
    pub title: String,
    /// Content before the form.
    pub before: Option<AnyView>,
    /// The fields.
    pub fields: Rendered,
    /// The content after the fields: the "continue" button.
    pub after: AnyView,
    /// What the form has come to so far, shown beside the fields.
    pub side: Option<PanelContents>,
}

/// The position of a step.
#[derive(Clone, Debug)]
pub struct StepPosition {
    /// Name of the step in URLs.
    pub name: &'static str,
    /// Number of the step, from 1.
    pub at: usize,
    /// Number of steps.
    pub of: usize,
    /// The completed ones.
    pub done: Vec<DoneStep>,
}

impl StepPage {
    /// Title in the browser's tab: the step, then the form.
    pub fn tab(&self, form: &str) -> String {
        format!("{} · {form}", self.title)
    }
}

/// By when the bank answers, and until when the customer may cancel, each as one sentence with its day and time. `minutes` is how
/// long one may cancel after the answer; it is said only if that can be later.
pub fn deadlines(language: Language, now: At, due: At, until: At, minutes: i64) -> String {
    let l = locale(language);
    let until_words = format!("{} {}", day_long(language, until.day()), hhmm(until.time()));
    let mut parts = vec![
        t!(l, appointments.answered_by, due = moment(language, due, now)),
        t!(l, appointments.cancel_free, until = until_words),
    ];
    if due.plus_minutes(minutes) > until {
        parts.push(t!(l, appointments.cancel_answered, minutes = minutes));
    }
    join(language, &parts)
}

/// The page of a step. `draft` is an unfinished form to resume, with the title for it.
pub fn view(
    visit: &Visit,
    shown: &OpenForm,
    position: StepPosition,
    page: StepPage,
    refused: Vec<Refused>,
    draft: Option<(&Draft, String)>,
    asks: &dyn Asks,
) -> AnyView {
    let locale = visit.locale();
    let draft = draft.map(|(draft, title)| {
        let when = t!(locale, form.saved_when, when = moment(visit.language, draft.saved_at, visit.now));
        let href = format!("{}?key={}", shown.path, draft.key);
        view! {
            <Card row=true title=title hint=when>
                <LinkButton href=href text=t!(locale, form.go_on) />
            </Card>
        }
    });
    let Rendered { view: fields, offered, place, .. } = page.fields;
    // A question shows its own refusals; those of another question are shown there.
    let refused = refused.into_iter().filter(|refused| place.is_none() || refused.concerns(&offered)).collect();
    let refused = Refused::ordered(refused);
    let wrong = Refused::wrong(&refused);
    let several = if wrong < refused.len() { t!(locale, form.besides, n = wrong) } else { several_wrong(locale, wrong) };
    let offers = Refused::all_offers(&refused);
    let step = t!(locale, form.step_of, at = position.at, of = position.of);
    let step = place.map_or_else(|| step.clone(), |place| t!(locale, form.question_of, step = step.clone(), at = place.at));
    let pause = place.is_some().then(|| {
        view! { <LinkButton href="/" text=t!(locale, form.pause) kind=ButtonKind::Secondary /> }
    });
    // A question alone has nothing beside it.
    let side = page.side.filter(|_| place.is_none());
    let fold = side.clone().map(|contents| view! { <PanelFold contents=contents /> });
    let is_sided = side.is_some();
    let side = side.map(|contents| view! { <PanelSide contents=contents /> });
    let fields = if is_sided { view! { <div class="form">{fields}</div> }.into_any() } else { fields };
    let carried = shown.hidden(position.name, &offered);
    let saved = (!offered.is_empty()).then(|| shown.form.name.clone());
    view! {
        <Steps at=position.at of=position.of text=step done=position.done form=PAGE_FORM />
        <h1>{page.title}</h1>
        {notices(locale, shown, asks)}
        {draft}
        <ErrorSummary several=several refused=refused />
        {page.before}
        <form method="post" action=shown.path.clone() id=PAGE_FORM class="form" class:form-sided=is_sided novalidate>
            {hidden(carried)}
            {fields}
            {fold}
            {page.after}
            {saved.map(|form| view! { <Saves locale=locale form=form.into_owned() /> })}
            {side}
        </form>
        {pause}
        <OfferForms offers=offers />
        {forms_behind(locale, shown, position.name)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::deadlines;
    use bank::kernel::language::Language;
    use bank::kernel::time::{At, Day};

    #[test]
    fn the_deadline_to_cancel_is_a_sentence_with_its_day_and_time() {
        let at = |day, hour| At::midnight(Day::constant(2026, 12, day)).plus_hours(hour);
        let now = at(1, 10);
        let far = deadlines(Language::ZhCn, now, at(1, 17), at(3, 15), 60);
        assert_eq!(far, "网点今天 17:00 前答复。12 月 3 日 周四 15:00 前可以在这里取消，不收费。");
        let near = deadlines(Language::ZhCn, now, at(1, 17), at(1, 15), 60);
        assert!(near.ends_with("答复后还有 60 分钟可以取消。"), "{near}");
        let english = deadlines(Language::En, now, at(1, 17), at(3, 15), 60);
        assert_eq!(english, "You'll have an answer by 17:00 today. You can cancel here free of charge until Thu 3 Dec 15:00.");
    }
}
