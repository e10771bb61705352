//! `/desk/customers/new`: the form of a new customer with the first account, and the page after it.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{ENTER_FORM, EnterRefusal, enter_customer, find_in_branch};
use bank::kernel::forms::{FormRow, Refusal, SubmitOutcome, find_form, post_form};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::fields::EntryFields;
use super::lookup::{customer, fresh_keys};
use super::{ENTERED, NEW, PATH};
use crate::form::{FormAt, FormQuery, OpenForm, Posted, Rendered, after, forms_behind, handle_common_buttons, notices, whole};
use crate::page::{PAGE_FORM, Page, PageError, see_other};
use crate::t;
use crate::typed::several_wrong;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, LinkButton, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::{Link, Tone};
use crate::visit::{App, LenientQuery, Visit};

/// The form's only step.
const STEP: &str = "enter";

fn at() -> FormAt<'static> {
    FormAt { form: &ENTER_FORM, path: NEW, list: PATH, case: |_| PATH.to_owned() }
}

/// The page after the form with this key has become a customer.
fn entered_path(key: &str) -> String {
    format!("{ENTERED}?key={key}")
}

/// POST /desk/customers/new
pub async fn send(visit: Visit, staff: Staff, State(app): State<App>, posted: Posted) -> Response {
    let outcome = async {
        if let Some(answer) = handle_common_buttons(&app, &visit, staff.user_id(), &at(), &posted).await? {
            return Ok(answer);
        }
        let page = format!("{NEW}?key={}", posted.key());
        if posted.pressed() != "submit" {
            let stored = post_form(&app.bank, posted.0.row(staff.user_id(), &ENTER_FORM), &posted.0).await?;
            return after(&stored, &at(), &posted, |_| page);
        }
        Ok(see_other(&match enter_customer(&app.bank, &staff, &posted.0).await? {
            SubmitOutcome::Case { .. } => entered_path(posted.key().as_str()),
            SubmitOutcome::Refused(_) | SubmitOutcome::Open | SubmitOutcome::Retry => page,
            SubmitOutcome::Stale => format!("{page}&stale=1"),
            SubmitOutcome::TooLarge => return Err(PageError::TooLarge),
        }))
    };
    visit.answer(outcome.await)
}

/// GET /desk/customers/new
pub async fn page(visit: Visit, staff: Staff, State(app): State<App>, LenientQuery(query): LenientQuery<FormQuery>) -> Response {
    let outcome = async {
        let Ok(shown) = OpenForm::open_of(&app.bank, staff.user_id(), at(), &query).await? else {
            // The key has become a customer.
            return Ok(see_other(&entered_path(query.key.as_deref().unwrap_or_default())));
        };
        Ok::<_, PageError>(show(&visit, &staff, &shown))
    };
    visit.answer(outcome.await)
}

fn show(visit: &Visit, staff: &Staff, shown: &OpenForm) -> Response {
    let l = visit.locale();
    let back = Link::new(PATH, t!(l, customers.back));
    Page::new(visit, t!(l, customers.enter)).task(back, shown.is_saved()).form(Some(("do", "submit"))).show(move || {
        let fields = EntryFields::read(visit, staff, shown);
        let mut wrong: Vec<Refused> = fields.refused();
        wrong.extend(shown.refusal::<EnterRefusal>().filter(|refusal| *refusal != EnterRefusal::Invalid).map(|refusal| {
            let refused = Refused::of(&refusal, fields.refusal_words(&refusal));
            match refusal.field() {
                "" => refused,
                field => refused.field(field, crate::form::Asks::label(&fields, field).unwrap_or_default()),
            }
        }));
        let Rendered { view: inputs, offered } = whole(ENTER_FORM.fields(), &fields);
        view! {
            <h1>{t!(l, customers.enter)}</h1>
            <p>{t!(l, customers.enter_text)}</p>
            {notices(l, shown, &fields)}
            <ErrorSummary several=several_wrong(l, wrong.len()) refused=wrong />
            <form method="post" action=NEW id=PAGE_FORM class="form questions">
                {hidden(shown.hidden(STEP, &offered))}
                {inputs}
                <div class="actions">
                    <Button text=t!(l, customers.enter_now) name="do" value="submit" />
                </div>
            </form>
            {forms_behind(l, shown, STEP)}
        }
        .into_any()
    })
}

/// GET /desk/customers/entered: the customer whom the form with this key has become.
pub async fn entered(
    visit: Visit,
    staff: Staff,
    State(app): State<App>,
    LenientQuery(query): LenientQuery<FormQuery>,
) -> Response {
    let outcome = async {
        let key = query.key()?.ok_or(PageError::NotFound)?;
        let state = find_form(&app.bank, FormRow { owner: staff.user_id(), form: &ENTER_FORM, key: &key }).await?;
        let id = state.and_then(|state| state.case_number).ok_or(PageError::NotFound)?;
        let found = find_in_branch(&app.bank, &staff, &id).await?.ok_or(PageError::NotFound)?;
        let keys = fresh_keys(&app, Some(&found))?;
        let l = visit.locale();
        Ok::<_, PageError>(Page::new(&visit, t!(l, customers.entered)).show(|| {
            view! {
                <h1>{t!(l, customers.entered)}</h1>
                <Banner tone=Tone::Ok title=t!(l, customers.entered_title) text=t!(l, customers.entered_text) />
                {customer(&visit, &staff, &found, &keys, "")}
                <p>
                    <LinkButton href=PATH text=t!(l, customers.back) />
                </p>
            }
            .into_any()
        }))
    };
    visit.answer(outcome.await)
}
