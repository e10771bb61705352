//! A company's approver answers what its operator has booked (docs/domain.md §3.5): the form on the page of the booking, and its
//! POST.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{APPROVER_FORM, CashDetail, KIND, MOVES, WHY, answer_for_company};
use bank::cases::{CaseLine, DeskRefusal, NotDone, REASON_MAX};
use bank::kernel::forms::{Field, Refusal, SubmitOutcome};
use bank::kernel::language::moment;
use bank::kernel::money::grouped;
use bank::kernel::people::mask_name;
use bank::sessions::Customer;
use leptos::prelude::*;

use crate::appointments::ADDRESS;
use crate::cases::mine;
use crate::form::{
    ANSWER, Ask, Asks, FormAt, FormQuery, OpenForm, Posted, Rendered, aside_form, handle_common_buttons, notices, whole,
};
use crate::kinds::{self, AtCase};
use crate::page::{PAGE_FORM, PageError, see_other};
use crate::routes::{Asking, Callers, FormOf, Route};
use crate::t;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::error_summary::{ErrorSummary, OfferForms, Refused};
use crate::visit::{App, Visit};
use crate::words::Locale;

/// Where the answer is posted.
const PATH: &str = "/appointments/{number}/approver";

/// The only step of the form, and its id on the page.
const STEP: &str = "answer";

/// Agreeing asks for a fresh proof of who is there.
const AGREE: &str = CashAction::CompanyApprove.code();

const REFUSE: &str = CashAction::CompanyRefuse.code();

pub fn routes() -> Vec<Route> {
    vec![
        Route::page(PATH, Callers::Approvers, get(back)),
        Route::post(PATH, Callers::Approvers, post(answer)).of(FormOf::One(&APPROVER_FORM)).asking(Asking::By(&[AGREE])),
    ]
}

fn path(number: &str) -> String {
    PATH.replace("{number}", number)
}

fn page_of(number: &str) -> String {
    ADDRESS.replace("{number}", number)
}

async fn find(app: &App, customer: &Customer, number: &str) -> Result<CaseLine, PageError> {
    let (case, _) = mine(app, customer, ADDRESS, number).await?;
    if case.kind == KIND { Ok(case) } else { Err(PageError::NotFound) }
}

/// GET: the form stands on the page of the booking.
async fn back(visit: Visit, State(app): State<App>, customer: Customer, Path(number): Path<String>) -> Response {
    let found = find(&app, &customer, &number).await;
    let query = visit.uri.split_once('?').map_or_else(String::new, |(_, query)| format!("?{query}"));
    visit.answer(found.map(|case| see_other(&format!("{}{query}", page_of(&case.number)))))
}

/// POST: agrees or refuses.
async fn answer(
    visit: Visit,
    State(app): State<App>,
    customer: Customer,
    Path(number): Path<String>,
    posted: Posted,
) -> Response {
    visit.answer(submit(&visit, &app, &customer, &number, &posted).await)
}

async fn submit(visit: &Visit, app: &App, customer: &Customer, number: &str, posted: &Posted) -> Result<Response, PageError> {
    let case = find(app, customer, number).await?;
    let (path, page) = (path(&case.number), page_of(&case.number));
    let at = FormAt { form: &APPROVER_FORM, path: &path, list: &page, case: page_of };
    if let Some(answer) = handle_common_buttons(app, visit, customer.user_id(), &at, posted).await? {
        return Ok(answer);
    }
    let key = posted.key();
    Ok(see_other(&match answer_for_company(&app.bank, customer, &case.number, &posted.0).await? {
        SubmitOutcome::Case { .. } => format!("{page}#{ANSWER}"),
        SubmitOutcome::Refused(_) | SubmitOutcome::Open | SubmitOutcome::Retry => format!("{page}?key={key}"),
        SubmitOutcome::Stale => format!("{page}?key={key}&stale=1"),
        SubmitOutcome::TooLarge => return Err(PageError::TooLarge),
    }))
}

/// What the page of a booking shows its company's approver.
pub struct Answering {
    open: OpenForm,
    /// Whether they may answer now.
    may: bool,
}

impl Answering {
    /// `None` for everybody else, and if there is nothing to answer and nothing was refused. `Err`: the answer is given already.
    pub async fn read(at: &AtCase<'_>, may: bool, moves: i64) -> Result<Option<Result<Self, Response>>, PageError> {
        let AtCase { visit, app, customer, case } = *at;
        let asks = |name: &str| visit.asks(name).map(str::to_owned);
        let query = FormQuery { key: asks("key"), stale: asks("stale"), unsent: asks("unsent"), ..FormQuery::default() };
        if !customer.approves() || !may && query.key.is_none() {
            return Ok(None);
        }
        let path = path(&case.number);
        let form = FormAt { form: &APPROVER_FORM, path: &path, list: "/", case: kinds::path };
        let opened = OpenForm::open(&app.bank, customer, form, &query).await?;
        // Nobody agrees to what they have not seen.
        let open = |open: OpenForm| open.with_hidden(MOVES, moves.to_string());
        Ok(Some(opened.map(|opened| Self { open: open(opened), may })))
    }

    pub fn may(&self) -> bool {
        self.may
    }

    fn refusal(&self, number: &str) -> Option<DeskRefusal> {
        let refused = self.open.refusal::<NotDone>().filter(|refused| refused.number == number)?;
        // What the page asks already, or can no longer ask, is not refused again.
        refused.refusals.into_iter().next().filter(|_| !self.open.unsent)
    }

    /// The refusal of the last press.
    pub fn refused(&self, visit: &Visit, number: &str) -> Option<AnyView> {
        let (l, refusal) = (visit.locale(), self.refusal(number)?);
        let words = match &refusal {
            DeskRefusal::TooLate { until } => (
                t!(l, cash.approver.too_late),
                t!(l, cash.approver.too_late_text, until = moment(visit.language, *until, visit.now)),
            ),
            DeskRefusal::OwnConfirmation => (t!(l, cash.approver.own), t!(l, cash.approver.own_text)),
            DeskRefusal::ReasonTooLong { max, length, .. } => (
                t!(l, cash.approver.too_long),
                t!(l, cash.approver.too_long_text, over = grouped(length - max), max = grouped(*max)),
            ),
            DeskRefusal::Changed => (t!(l, cash.approver.moved), t!(l, cash.approver.moved_text)),
            _ => (t!(l, cash.approver.over), t!(l, cash.approver.over_text)),
        };
        let offers = self.open.offers(STEP, &refusal, |_| t!(l, cash.approver.cut));
        let refused = Refused::of(&refusal, words).offers(offers.clone());
        let refused = if refusal.field() == WHY { refused.field(WHY, t!(l, cash.approver.why)) } else { refused };
        Some(
            view! {
                <ErrorSummary refused=vec![refused] />
                <OfferForms offers=offers />
            }
            .into_any(),
        )
    }

    /// The form: agree, or refuse after a second look, because that cannot be undone.
    pub fn view(&self, visit: &Visit, detail: &CashDetail, number: &str) -> Option<AnyView> {
        let (l, open) = (visit.locale(), &self.open);
        let too_long = self.refusal(number).filter(|refusal| refusal.field() == WHY);
        let reason =
            Reason { locale: l, typed: open.state.shown(&APPROVER_FORM).typed(WHY).to_owned(), wrong: too_long.is_some() };
        let operator = detail.operator.as_deref().map(mask_name).unwrap_or_default();
        let lead = visit.dated(|say| t!(l, cash.approver.lead, name = operator.clone(), until = say(detail.cancel_until)));
        let unfolded = !reason.typed.is_empty();
        self.may.then(|| {
            let Rendered { view: field, offered, .. } = whole(APPROVER_FORM.field(WHY), &reason);
            view! {
                {notices(l, open, &reason)}
                <section class="block no-print">
                    <h2>{t!(l, cash.approver.title)}</h2>
                    <p>{lead.view()}</p>
                    <form method="post" action=open.path.clone() id=PAGE_FORM class="form">
                        {hidden(open.hidden(STEP, &offered))}
                        <Button text=t!(l, cash.approver.agree) name="do" value=AGREE />
                        <details class="cancel" open=unfolded>
                            <summary class="button button-quiet">{t!(l, cash.approver.refuse)}</summary>
                            <div class="stack">
                                <p>{t!(l, cash.approver.refuse_why)}</p>
                                {field}
                                <Button text=t!(l, cash.approver.refuse_do) kind=ButtonKind::Danger name="do" value=REFUSE />
                            </div>
                        </details>
                    </form>
                    {aside_form(open, STEP)}
                </section>
            }
            .into_any()
        })
    }
}

/// The field with the reason.
struct Reason {
    locale: Locale,
    typed: String,
    wrong: bool,
}

impl Asks for Reason {
    fn label(&self, name: &str) -> Option<String> {
        (name == WHY).then(|| t!(self.locale, cash.approver.why))
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        (field.name == WHY).then(|| Ask::new().hint(t!(self.locale, cash.approver.why_hint, max = grouped(REASON_MAX))))
    }

    fn typed(&self, _name: &str) -> String {
        self.typed.clone()
    }

    fn error(&self, _name: &str) -> Option<String> {
        self.wrong.then(|| t!(self.locale, cash.approver.too_long))
    }
}
