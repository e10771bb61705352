//! The form of a change: its fields, then the preview (`check.rs`), then the proposal.

use axum::response::Response;
use bank::administration::{CHECK, ChangeNotDone, ChangeRefusal, EDIT, Preview, SUBJECT, preview, propose, standing};
use bank::branches::reference;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Field, Refusal, SubmitOutcome, Values, post_form};
use bank::kernel::time::{day_text, shift};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::check;
use super::request_path;
use super::ui::{ChangeContext, ChangeUi, subject_of};
use super::words::refused;
use crate::form::{
    Ask, Asks, FormAt, FormQuery, OpenForm, Posted, Rendered, after, forms_behind, handle_common_buttons, notices, whole,
};
use crate::page::{PAGE_FORM, Page, PageError, see_other};
use crate::t;
use crate::typed::several_wrong;
use crate::ui::button::{Button, hidden};
use crate::ui::error_summary::{ErrorSummary, OfferForms, Refused};
use crate::ui::parts::Link;
use crate::visit::{App, Visit};

/// The form of a kind with its URLs.
fn at<'f>(ui: &'static dyn ChangeUi, path: &'f str) -> FormAt<'f> {
    FormAt { form: ui.kind().form(), path, list: ui.list(), case: request_path }
}

/// GET of a form.
pub async fn page(
    ui: &'static dyn ChangeUi,
    visit: &Visit,
    staff: &Staff,
    app: &App,
    segment: &str,
    query: &FormQuery,
) -> Result<Response, PageError> {
    let (bank, subject) = (&app.bank, subject_of(segment));
    let path = ui.path_of(subject);
    let shown = match OpenForm::open_of(bank, staff.user_id(), at(ui, &path), query).await? {
        Ok(shown) => shown,
        Err(to_request) => return Ok(to_request),
    };
    let values = shown.state.shown(&shown.form);
    // A form filled in for something else is not shown here.
    if shown.is_saved() && values.typed(SUBJECT) != subject {
        return Ok(see_other(&path));
    }
    let stands = standing(bank, staff, ui.kind(), subject, &values).await?.ok_or(PageError::NotFound)?;
    let judged = if shown.state.version > 0 { Some(judged(bank, staff, ui, subject, &shown.state.values).await?) } else { None };
    let reference = reference(bank).await?;
    let (language, now) = (visit.language, visit.now);
    let context = ChangeContext { language, reference: &reference, now, subject, values: &values, stands: &stands };
    let stored = shown.refusal::<ChangeNotDone>().map(|refused| refused.refusals).unwrap_or_default();
    let fields = Fields { ui, context, wrong: Vec::new() };
    Ok(match judged {
        Some(Ok(preview)) if query.step.as_deref() == Some(CHECK) => check::show(visit, ui, context, &shown, &preview, &stored),
        Some(Ok(_)) | None => show(visit, &shown, fields),
        Some(Err(wrong)) => show(visit, &shown, Fields { wrong, ..fields }),
    })
}

async fn judged(
    bank: &Bank,
    staff: &Staff,
    ui: &'static dyn ChangeUi,
    subject: &str,
    values: &Values,
) -> Result<Result<Preview, Vec<ChangeRefusal>>, PageError> {
    match preview(bank, staff, ui.kind(), subject, values).await {
        Ok(preview) => Ok(Ok(preview)),
        Err(Rejected::Refused(refusals)) => Ok(Err(refusals)),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}

/// POST of a form: stores it and shows the preview; `do=submit` proposes the change that the preview showed.
pub async fn send(
    ui: &'static dyn ChangeUi,
    visit: &Visit,
    staff: &Staff,
    app: &App,
    segment: &str,
    posted: &Posted,
) -> Result<Response, PageError> {
    let (bank, subject) = (&app.bank, subject_of(segment));
    let path = ui.path_of(subject);
    let at = at(ui, &path);
    standing(bank, staff, ui.kind(), subject, posted.values()).await?.ok_or(PageError::NotFound)?;
    if let Some(answer) = handle_common_buttons(app, visit, staff.user_id(), &at, posted).await? {
        return Ok(answer);
    }
    let preview = format!("{path}?key={}&step={CHECK}", posted.key());
    if posted.pressed() != "submit" {
        let outcome = post_form(bank, posted.0.row(staff.user_id(), at.form), &posted.0).await?;
        return after(&outcome, &at, posted, |_| preview);
    }
    let to = match propose(bank, staff, ui.kind(), subject, &posted.0).await? {
        SubmitOutcome::Case { number, .. } => request_path(&number),
        SubmitOutcome::Refused(_) | SubmitOutcome::Open | SubmitOutcome::Retry => preview,
        SubmitOutcome::Stale => format!("{preview}&stale=1"),
        SubmitOutcome::TooLarge => return Err(PageError::TooLarge),
    };
    Ok(see_other(&to))
}

/// The fields of a form with what stands now.
struct Fields<'c> {
    ui: &'static dyn ChangeUi,
    context: ChangeContext<'c>,
    wrong: Vec<ChangeRefusal>,
}

impl Asks for Fields<'_> {
    fn label(&self, name: &str) -> Option<String> {
        match name {
            "from" => Some(t!(self.context.locale(), admin.from)),
            _ => self.ui.label(self.context, name),
        }
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        match &*field.name {
            "from" => Some(Ask::new().hint(t!(self.context.locale(), admin.from_hint))),
            name => self.ui.ask(self.context, field, &self.typed(name)),
        }
    }

    /// What is typed, else what stands; the effective day is tomorrow. Several answers stand in a line each.
    fn typed(&self, name: &str) -> String {
        let joined = |values: &Values| values.has(name).then(|| values.all(name).collect::<Vec<_>>().join("\n"));
        if let Some(typed) = joined(self.context.values) {
            return typed;
        }
        if !self.context.values.0.is_empty() {
            return String::new();
        }
        joined(self.context.stands)
            .unwrap_or_else(|| if name == "from" { day_text(shift(self.context.now.day(), 1)) } else { String::new() })
    }

    fn error(&self, name: &str) -> Option<String> {
        let refusal = self.wrong.iter().find(|refusal| refusal.field() == name)?;
        Some(super::words::refusal_words(self.ui, self.context, refusal).0)
    }
}

fn show(visit: &Visit, shown: &OpenForm, fields: Fields<'_>) -> Response {
    let (locale, ui, context) = (visit.locale(), fields.ui, fields.context);
    let title = ui.title(context);
    let back = Link::new(ui.list(), t!(locale, admin.back));
    Page::new(visit, title.clone()).task(back, shown.is_saved()).form(Some(("do", "check"))).show(move || {
        let wrong: Vec<Refused> = fields.wrong.iter().map(|refusal| refused(ui, context, shown, refusal)).collect();
        let offers = Refused::all_offers(&wrong);
        let Rendered { view: inputs, offered, .. } = whole(shown.form.fields(), &fields);
        let mut carried = shown.hidden(EDIT, &offered);
        carried.push((SUBJECT.to_owned(), context.subject.to_owned()));
        view! {
            <h1>{title}</h1>
            {notices(locale, shown, &fields)}
            <ErrorSummary several=several_wrong(locale, wrong.len()) refused=wrong />
            <form method="post" action=shown.path.clone() id=PAGE_FORM class="form questions">
                {hidden(carried)}
                {inputs}
                <div class="actions">
                    <Button text=t!(locale, admin.preview) name="do" value="check" />
                </div>
            </form>
            <OfferForms offers=offers />
            {ui.beside(context)}
            {forms_behind(locale, shown, EDIT)}
        }
        .into_any()
    })
}
