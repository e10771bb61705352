//! The form of a change: its fields, then the preview (`check.rs`), then the proposal. What was typed is kept on every way back; the form
//! of the same subject offers it again.

use axum::response::Response;
use bank::administration::{CHECK, ChangeNotDone, ChangeRefusal, EDIT, FROM, Preview, SUBJECT, preview, propose, standing};
use bank::branches::reference;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{
    Draft, Field, FieldKind, Form, FormRow, Refusal, SubmitOutcome, Values, find_form, latest_draft, post_form,
};
use bank::kernel::language::moment;
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
use crate::ui::banner::Banner;
use crate::ui::button::{Button, hidden};
use crate::ui::error_summary::{ErrorSummary, OfferForms, Refused};
use crate::ui::parts::Tone;
use crate::ui::steps::{LEAVE, TO_STEP};
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
    let unfinished = if query.key.is_none() { unfinished(bank, staff, at(ui, &path), subject).await? } else { None };
    let reference = reference(bank).await?;
    let (language, now) = (visit.language, visit.now);
    let context = ChangeContext { language, reference: &reference, now, subject, values: &values, stands: &stands };
    let stored = shown.refusal::<ChangeNotDone>().map(|refused| refused.refusals).unwrap_or_default();
    let fields = Fields { ui, context, wrong: Vec::new(), unfinished };
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
    let stands = standing(bank, staff, ui.kind(), subject, posted.values()).await?.ok_or(PageError::NotFound)?;
    let row = posted.0.row(staff.user_id(), at.form);
    // Who has changed nothing leaves no draft behind.
    if posted.values().filled(TO_STEP) == Some(LEAVE)
        && is_untouched(at.form, &stands, posted.values())
        && find_form(bank, row).await?.is_none()
    {
        return Ok(see_other(at.list));
    }
    if let Some(answer) = handle_common_buttons(app, visit, staff.user_id(), &at, posted).await? {
        return Ok(answer);
    }
    let preview = format!("{path}?key={}&step={CHECK}", posted.key());
    if posted.pressed() != "submit" {
        let outcome = post_form(bank, row, &posted.0).await?;
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

/// The draft of this subject that was left last, if it is the newest of its form.
async fn unfinished(bank: &Bank, staff: &Staff, at: FormAt<'_>, subject: &str) -> Result<Option<Draft>, PageError> {
    let Some(draft) = latest_draft(bank, staff.user_id(), at.form).await? else { return Ok(None) };
    let state = find_form(bank, FormRow { owner: staff.user_id(), form: at.form, key: &draft.key }).await?;
    Ok(state.filter(|state| state.shown(at.form).typed(SUBJECT) == subject).map(|_| draft))
}

/// Whether a form holds what stands.
fn is_untouched(form: &Form, stands: &Values, posted: &Values) -> bool {
    let mut asked = form.fields().filter(|field| !matches!(field.kind, FieldKind::Carried) && &*field.name != FROM);
    asked.all(|field| joined(stands, &field.name) == joined(posted, &field.name))
}

/// The answers to a field, in a line each.
fn joined(values: &Values, field: &str) -> String {
    values.all(field).collect::<Vec<_>>().join("\n")
}

/// The fields of a form with what stands now.
struct Fields<'c> {
    ui: &'static dyn ChangeUi,
    context: ChangeContext<'c>,
    wrong: Vec<ChangeRefusal>,
    /// What was left of the same subject before.
    unfinished: Option<Draft>,
}

impl Asks for Fields<'_> {
    fn label(&self, name: &str) -> Option<String> {
        match name {
            FROM => Some(t!(self.context.locale(), admin.from)),
            _ => self.ui.label(self.context, name),
        }
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        match &*field.name {
            FROM => Some(Ask::new().hint(t!(self.context.locale(), admin.from_hint))),
            name => self.ui.ask(self.context, field, &self.typed(name)),
        }
    }

    /// What is typed, else what stands; the effective day is tomorrow. Several answers stand in a line each.
    fn typed(&self, name: &str) -> String {
        let joined = |values: &Values| values.has(name).then(|| joined(values, name));
        if let Some(typed) = joined(self.context.values) {
            return typed;
        }
        if !self.context.values.0.is_empty() {
            return String::new();
        }
        joined(self.context.stands)
            .unwrap_or_else(|| if name == FROM { day_text(shift(self.context.now.day(), 1)) } else { String::new() })
    }

    fn error(&self, name: &str) -> Option<String> {
        let refusal = self.wrong.iter().find(|refusal| refusal.field() == name)?;
        Some(super::words::refusal_words(self.ui, self.context, refusal).0)
    }
}

fn show(visit: &Visit, shown: &OpenForm, fields: Fields<'_>) -> Response {
    let (locale, ui, context) = (visit.locale(), fields.ui, fields.context);
    let title = ui.title(context);
    let back = OpenForm::way_back(EDIT, None, None, t!(locale, admin.back));
    let unfinished = fields.unfinished.as_ref().map(|draft| {
        let title = t!(locale, admin.unfinished, when = moment(visit.language, draft.saved_at, visit.now));
        (title, format!("{}?key={}", shown.path, draft.key))
    });
    Page::new(visit, title.clone()).task(back, shown.is_saved()).form(Some(("do", "check"))).show(move || {
        let wrong: Vec<Refused> = fields.wrong.iter().map(|refusal| refused(ui, context, shown, refusal)).collect();
        let offers = Refused::all_offers(&wrong);
        let Rendered { view: inputs, offered, .. } = whole(shown.form.fields(), &fields);
        let mut carried = shown.hidden(EDIT, &offered);
        carried.push((SUBJECT.to_owned(), context.subject.to_owned()));
        view! {
            <h1>{title}</h1>
            {unfinished
                .map(|(title, href)| {
                    view! {
                        <Banner tone=Tone::Wait title=title>
                            <p>
                                <a href=href>{t!(locale, admin.resume)}</a>
                            </p>
                        </Banner>
                    }
                })}
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
