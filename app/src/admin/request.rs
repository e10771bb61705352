//! The page of a request: what it changes and touches, and the decision on it.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::administration::{
    ACTION, ChangeNotDone, ChangeRefusal, ChangeRequest, ChangeState, DECISION, Preview, SEEN, decide as decide_change,
    find_change, preview_request,
};
use bank::branches::reference;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Field, Refusal, SubmitOutcome};
use bank::kernel::language::{day_full, moment};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::ui::{ChangeContext, ChangeUi};
use super::words::{difference_rows, refusal_words, refused, request_state, touch_list};
use super::{PATH, request_path};
use crate::form::{Ask, Asks, FormAt, FormQuery, OpenForm, Posted, Rendered, aside_form, notices, whole};
use crate::page::{PAGE_FORM, Page, PageError, see_other};
use crate::t;
use crate::typed::{display_text, several_wrong};
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::{Link, Tone};
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::{App, LenientQuery, Visit};

/// The only step of the form.
const STEP: &str = "decide";

/// The data of the page.
struct Shown<'c> {
    ui: &'static dyn ChangeUi,
    context: ChangeContext<'c>,
    request: ChangeRequest,
    /// What it would do now, while it waits.
    preview: Option<Result<Preview, Vec<ChangeRefusal>>>,
    /// The refusals of the last decision.
    wrong: Vec<ChangeRefusal>,
    own: bool,
    form: OpenForm,
}

impl Asks for Shown<'_> {
    fn label(&self, name: &str) -> Option<String> {
        (name == "reason").then(|| t!(self.context.locale(), admin.reason))
    }

    fn ask(&self, _field: &Field) -> Option<Ask> {
        Some(Ask::new().hint(t!(self.context.locale(), admin.reason_hint)).rows(2))
    }

    fn typed(&self, name: &str) -> String {
        self.form.state.shown(&DECISION).typed(name).to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        let refusal = self.wrong.iter().find(|refusal| refusal.field() == name)?;
        Some(refusal_words(self.ui, self.context, refusal).0)
    }
}

/// GET /admin/changes/{id}
pub async fn page(
    visit: Visit,
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    let shown = async {
        let bank = &app.bank;
        let request = find_change(bank, &staff, &id).await?.ok_or(PageError::NotFound)?;
        let ui = <dyn ChangeUi>::of(request.kind).ok_or(PageError::NotFound)?;
        let path = request_path(&id);
        let at = FormAt { form: &DECISION, path: &path, list: PATH, case: request_path };
        // A key that has decided this request leads to its page without the key.
        let form = match OpenForm::open_of(bank, staff.user_id(), at, &query).await? {
            Ok(form) => form,
            Err(decided) => return Ok(decided),
        };
        let preview = match request.state {
            ChangeState::Waiting => Some(match preview_request(bank, &request).await {
                Ok(preview) => Ok(preview),
                Err(Rejected::Refused(refusals)) => Err(refusals),
                Err(Rejected::Unexpected(failure)) => return Err(failure.into()),
            }),
            _ => None,
        };
        let reference = reference(bank).await?;
        let (subject, values) = (request.subject.clone(), request.judged.clone());
        let (language, now, stands) = (visit.language, visit.now, request.before.clone());
        let (subject, values, stands) = (&subject, &values, &stands);
        let context = ChangeContext { language, reference: &reference, now, subject, values, stands };
        let wrong = form.refusal::<ChangeNotDone>().map(|refused| refused.refusals).unwrap_or_default();
        let own = request.proposed_by.user_id == staff.user_id();
        Ok::<_, PageError>(show(&visit, &Shown { ui, context, request, preview, wrong, own, form }))
    };
    visit.answer(shown.await)
}

/// POST /admin/changes/{id}: approves, rejects or withdraws.
pub async fn decide(visit: Visit, staff: Staff, State(app): State<App>, Path(id): Path<String>, posted: Posted) -> Response {
    let decided = async {
        find_change(&app.bank, &staff, &id).await?.ok_or(PageError::NotFound)?;
        let path = request_path(&id);
        let to = match decide_change(&app.bank, &staff, &id, &posted.0).await? {
            SubmitOutcome::Case { .. } => path,
            SubmitOutcome::Refused(_) | SubmitOutcome::Open | SubmitOutcome::Retry => format!("{path}?key={}", posted.key()),
            SubmitOutcome::Stale => format!("{path}?key={}&stale=1", posted.key()),
            SubmitOutcome::TooLarge => return Err(PageError::TooLarge),
        };
        Ok(see_other(&to))
    };
    visit.answer(decided.await)
}

fn show(visit: &Visit, shown: &Shown<'_>) -> Response {
    let (locale, ui, context) = (visit.locale(), shown.ui, shown.context);
    let title = ui.title(context);
    let back = Link::new(PATH, t!(locale, admin.back_to_index));
    Page::new(visit, title.clone()).task(back, false).show(move || {
        let request = &shown.request;
        let (state, tone) = request_state(visit.language, visit.now, request);
        let wrong: Vec<Refused> = shown.wrong.iter().map(|refusal| refused(ui, context, &shown.form, refusal)).collect();
        let (differences, touches) = match &shown.preview {
            Some(Ok(preview)) => (preview.differences.clone(), preview.judgement.touches.clone()),
            _ => (request.differences(), request.touches.clone()),
        };
        view! {
            <p>
                <StateTag text=state tone=tone />
            </p>
            <h1>{title}</h1>
            {notices(locale, &shown.form, shown)}
            <ErrorSummary several=several_wrong(locale, wrong.len()) refused=wrong />
            {unfit(shown)}
            <SummaryList rows=facts(visit, request) />
            <section class="block">
                <h2>{t!(locale, admin.what_changes)}</h2>
                <SummaryList rows=difference_rows(ui, context, &differences) />
            </section>
            <section class="block">
                <h2>{t!(locale, admin.what_it_touches)}</h2>
                {touch_list(ui, context, &touches)}
            </section>
            {(request.state == ChangeState::Waiting).then(|| form(shown))}
            {(request.state == ChangeState::Applied).then(|| leads_to(shown))}
            {aside_form(&shown.form, STEP)}
        }
        .into_any()
    })
}

/// Who proposed and decided it, and when it takes effect.
fn facts(visit: &Visit, request: &ChangeRequest) -> Vec<SummaryRow> {
    let (locale, language) = (visit.locale(), visit.language);
    let by = |name: &str, at| t!(locale, admin.by_at, name = name.to_owned(), at = moment(language, at, visit.now));
    let from = request.effective_from.map_or_else(|| t!(locale, admin.at_once), |day| day_full(language, day));
    let mut rows = vec![
        SummaryRow::new(t!(locale, admin.effective), from),
        SummaryRow::new(t!(locale, admin.proposed_by), by(&request.proposed_by.name, request.proposed_at)),
    ];
    if let Some((person, at)) = &request.decided {
        rows.push(SummaryRow::new(t!(locale, admin.decided_by), by(&person.name, *at)));
    }
    if let Some(reason) = &request.reason {
        rows.push(SummaryRow::new(t!(locale, admin.reason), display_text(reason)));
    }
    rows
}

/// The way on from an applied request.
fn leads_to(shown: &Shown<'_>) -> Option<AnyView> {
    let Link { href, text, .. } = shown.ui.leads_to(shown.context, &shown.request.id)?;
    let link = view! {
        <p>
            <a href=href>{text}</a>
        </p>
    };
    Some(link.into_any())
}

/// Why a waiting request cannot be approved any more.
fn unfit(shown: &Shown<'_>) -> Option<AnyView> {
    let Some(Err(refusals)) = &shown.preview else { return None };
    let locale = shown.context.locale();
    let lines = refusals.iter().filter(|refusal| !shown.wrong.contains(refusal)).map(|refusal| {
        let (title, text) = refusal_words(shown.ui, shown.context, refusal);
        view! { <Banner tone=Tone::Wait title=title text=text /> }
    });
    let lines = lines.collect_view();
    let again = view! { <a href=shown.ui.path_of(&shown.request.subject)>{t!(locale, admin.propose_again)}</a> };
    Some(
        view! {
            {lines}
            <p>{again}</p>
        }
        .into_any(),
    )
}

/// The decision. The proposer can only withdraw.
fn form(shown: &Shown<'_>) -> AnyView {
    let locale = shown.context.locale();
    let (inputs, offered) = if shown.own {
        (().into_any(), Vec::new())
    } else {
        let Rendered { view, offered, .. } = whole(DECISION.fields(), shown);
        (view, offered)
    };
    let mut carried = shown.form.hidden(STEP, &offered);
    let fits = shown.preview.as_ref().and_then(|preview| preview.as_ref().ok());
    carried.extend(fits.map(|preview| (SEEN.to_owned(), preview.mark())));
    let buttons = if shown.own {
        view! { <Button text=t!(locale, admin.withdraw) kind=ButtonKind::Danger name=ACTION value="withdraw" /> }.into_any()
    } else {
        let approve = fits.map(|_| view! { <Button text=t!(locale, admin.approve) name=ACTION value="approve" /> });
        view! {
            {approve}
            <Button text=t!(locale, admin.reject) kind=ButtonKind::Danger name=ACTION value="reject" />
        }
        .into_any()
    };
    let note = if shown.own { t!(locale, admin.own_note) } else { t!(locale, admin.second_note) };
    view! {
        <section class="block">
            <h2>{t!(locale, admin.decision)}</h2>
            <p>{note}</p>
            <form method="post" action=shown.form.path.clone() id=PAGE_FORM class="form">
                {hidden(carried)}
                {inputs}
                <div class="actions">{buttons}</div>
            </form>
        </section>
    }
    .into_any()
}
