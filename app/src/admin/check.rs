//! The preview of a change, with the button that proposes or applies it.

use axum::response::Response;
use bank::administration::{CHECK, ChangeRefusal, EDIT, Preview, SEEN, Second};
use bank::kernel::language::day_full;
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use super::words::{difference_rows, refused, touch_list};
use crate::form::{OpenForm, forms_behind};
use crate::page::{PAGE_FORM, Page};
use crate::t;
use crate::typed::several_wrong;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::steps::StepButton;
use crate::ui::summary_list::SummaryList;
use crate::visit::Visit;
use crate::words::Locale;

/// The page.
pub fn show(
    visit: &Visit,
    ui: &'static dyn ChangeUi,
    context: ChangeContext<'_>,
    shown: &OpenForm,
    preview: &Preview,
    stored: &[ChangeRefusal],
) -> Response {
    let locale = visit.locale();
    let judgement = &preview.judgement;
    let back = OpenForm::way_back(CHECK, None, Some(EDIT), t!(locale, admin.back_to_form));
    Page::new(visit, t!(locale, admin.check)).task(back, true).form(Some(("do", "language"))).show(move || {
        let wrong: Vec<Refused> = stored.iter().map(|refusal| refused(ui, context, shown, refusal)).collect();
        let mut carried = shown.hidden(CHECK, &[]);
        carried.push((SEEN.to_owned(), preview.mark()));
        let from = judgement
            .effective_from
            .map_or_else(|| t!(locale, admin.at_once), |day| t!(locale, admin.from_day, day = day_full(context.language, day)));
        let (button, note) = match judgement.second {
            Some(second) => (t!(locale, admin.propose), second_words(locale, second)),
            None => (t!(locale, admin.apply), t!(locale, admin.applies_at_once)),
        };
        let edit = StepButton { to: EDIT.to_owned(), text: t!(locale, admin.edit) };
        view! {
            <h1>{t!(locale, admin.check)}</h1>
            <p class="lead">{ui.title(context)}</p>
            <ErrorSummary several=several_wrong(locale, wrong.len()) refused=wrong />
            <section class="block">
                <h2>{t!(locale, admin.what_changes)}</h2>
                <SummaryList rows=difference_rows(ui, context, &preview.differences) />
                <p>{from}</p>
            </section>
            <section class="block">
                <h2>{t!(locale, admin.what_it_touches)}</h2>
                {touch_list(ui, context, &judgement.touches)}
            </section>
            <form method="post" action=shown.path.clone() id=PAGE_FORM class="form">
                {hidden(carried)}
                <p>{note}</p>
                <div class="actions">
                    <Button text=button name="do" value="submit" />
                    {edit.view(None, ButtonKind::Secondary.class(), None)}
                </div>
            </form>
            {forms_behind(locale, shown, CHECK)}
        }
        .into_any()
    })
}

/// Why a second administrator has to approve the change.
fn second_words(locale: Locale, second: Second) -> String {
    let why = match second {
        Second::Money => t!(locale, admin.second.money),
        Second::Rights => t!(locale, admin.second.rights),
        Second::Guard => t!(locale, admin.second.guard),
        Second::RiskLevel => t!(locale, admin.second.risk_level),
        Second::BranchOpens => t!(locale, admin.second.branch_opens),
        Second::BranchCloses => t!(locale, admin.second.branch_closes),
        Second::Booked => t!(locale, admin.second.booked),
    };
    t!(locale, admin.needs_second, why = why)
}
