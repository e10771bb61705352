//! `/desk/customers/new`: first person or company, then the form of a new customer with the first account, and the page after it.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{ENTER_FORM, EnterRefusal, enter_customer, find_in_branch};
use bank::kernel::forms::{Draft, FormRow, Refusal, SubmitOutcome, find_form, fresh_key, latest_draft, made_for, post_form};
use bank::kernel::ids::Key;
use bank::kernel::language::moment;
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
use crate::ui::button::{Button, ButtonKind, LinkButton, hidden};
use crate::ui::card::Card;
use crate::ui::error_summary::{ErrorSummary, OfferButton, OfferForms, Refused};
use crate::ui::parts::Tone;
use crate::visit::{App, LenientQuery, Visit};

/// The form's only step.
const STEP: &str = "enter";

/// The button that shows the form for the other kind of customer, with everything typed.
const OTHER_KIND: &str = "other_kind";

/// The kinds of customer: each has fields that the other has not.
const KINDS: [&str; 2] = ["personal", "company"];

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
            let mut post = posted.0.clone();
            if posted.pressed() == OTHER_KIND {
                let company = post.values.filled("kind") == Some("company");
                post.values.set("kind", KINDS[usize::from(!company)]);
            }
            let stored = post_form(&app.bank, post.row(staff.user_id(), &ENTER_FORM), &post).await?;
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
        let kind = visit.asks("kind").and_then(|asked| KINDS.into_iter().find(|kind| *kind == asked));
        if query.key.is_none() && kind.is_none() {
            let unfinished = latest_draft(&app.bank, staff.user_id(), &ENTER_FORM).await?;
            return Ok(choose(&visit, unfinished));
        }
        let Ok(mut shown) = OpenForm::open_of(&app.bank, staff.user_id(), at(), &query).await? else {
            // The key has become a customer.
            return Ok(see_other(&entered_path(query.key.as_deref().unwrap_or_default())));
        };
        if let Some(kind) = kind.filter(|_| !shown.is_saved()) {
            shown.state.values.set("kind", kind);
        }
        Ok::<_, PageError>(show(&visit, &staff, &shown, fresh_key(&app.bank)?))
    };
    visit.answer(outcome.await)
}

/// The first step: the form asks what belongs to the kind. A form that was left is offered again.
fn choose(visit: &Visit, unfinished: Option<Draft>) -> Response {
    let l = visit.locale();
    let unfinished = unfinished.map(|draft| {
        let when = t!(l, form.saved_when, when = moment(visit.language, draft.saved_at, visit.now));
        view! {
            <Card row=true title=t!(l, customers.unfinished) hint=when>
                <LinkButton href=format!("{NEW}?key={}", draft.key) text=t!(l, form.go_on) kind=ButtonKind::Secondary />
            </Card>
        }
    });
    Page::new(visit, t!(l, customers.enter)).show(move || {
        view! {
            <h1>{t!(l, customers.enter)}</h1>
            {unfinished}
            <p>{t!(l, customers.which)}</p>
            <div class="actions">
                <LinkButton href=format!("{NEW}?kind=personal") text=t!(l, customers.enter_person) />
                <LinkButton href=format!("{NEW}?kind=company") text=t!(l, customers.enter_company) kind=ButtonKind::Secondary />
            </div>
            <p>
                <a href=PATH>{t!(l, customers.back)}</a>
            </p>
        }
        .into_any()
    })
}

/// The look-up of a number that is used already: the customer may be entered.
fn look_up(visit: &Visit, staff: &Staff, fields: &EntryFields, refusal: &EnterRefusal, key: &Key) -> Vec<OfferButton> {
    let field = match refusal {
        EnterRefusal::NumberUsed => "number",
        EnterRefusal::IdUsed => "id_number",
        _ => return Vec::new(),
    };
    let values = [
        ("key", key.to_string()),
        ("version", "0".to_owned()),
        ("made_for", made_for(staff.user_id())),
        ("offered", "wanted".to_owned()),
        ("wanted", crate::form::Asks::typed(fields, field)),
        ("do", "find".to_owned()),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value)).into();
    vec![OfferButton::fill(t!(visit.locale(), customers.look_up), PATH, values)]
}

fn show(visit: &Visit, staff: &Staff, shown: &OpenForm, key: Key) -> Response {
    let l = visit.locale();
    let back = OpenForm::way_back(STEP, None, None, t!(l, customers.back));
    Page::new(visit, t!(l, customers.enter)).task(back, shown.is_saved()).form(Some(("do", "submit"))).show(move || {
        let fields = EntryFields::read(visit, staff, shown);
        let mut wrong: Vec<Refused> = fields.refused();
        let offers: Vec<OfferButton> =
            fields.stored().iter().flat_map(|refusal| look_up(visit, staff, &fields, refusal, &key)).collect();
        wrong.extend(fields.stored().map(|refusal| {
            let refused = Refused::of(refusal, fields.refusal_words(refusal)).offers(offers.clone());
            match refusal.field() {
                "" => refused,
                field => refused.field(field, crate::form::Asks::label(&fields, field).unwrap_or_default()),
            }
        }));
        let Rendered { view: inputs, offered, .. } = whole(ENTER_FORM.fields(), &fields);
        let (title, other) = if fields.is_company() {
            (t!(l, customers.enter_company), t!(l, customers.rather_person))
        } else {
            (t!(l, customers.enter_person), t!(l, customers.rather_company))
        };
        let mut carried = shown.hidden(STEP, &offered);
        carried.push(("kind".to_owned(), fields.kind().to_owned()));
        view! {
            <h1>{title}</h1>
            <p>{t!(l, customers.enter_text)}</p>
            {notices(l, shown, &fields)}
            <ErrorSummary several=several_wrong(l, wrong.len()) refused=wrong />
            <form method="post" action=NEW id=PAGE_FORM class="form questions">
                {hidden(carried)}
                {inputs}
                <div class="actions">
                    <Button text=t!(l, customers.enter_now) name="do" value="submit" />
                    <Button text=other name="do" value=OTHER_KIND kind=ButtonKind::Quiet />
                </div>
            </form>
            <OfferForms offers=offers />
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
