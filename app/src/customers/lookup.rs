//! `/desk/customers`: the look-up by customer number or ID number, and the customer it finds.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{FoundCustomer, LOOKUP_FORM, look_up};
use bank::kernel::forms::{fresh_key, post_form};
use bank::kernel::ids::Key;
use bank::kernel::language::moment;
use bank::kernel::people::IdType;
use bank::sessions::{Permission, Staff};
use leptos::prelude::*;
use serde::Deserialize;

use super::{CODE, NEW, PATH, RESET};
use crate::form::{FormAt, OpenForm, Posted, after, handle_common_buttons};
use crate::me::id_kind;
use crate::page::{PAGE_FORM, Page, PageError};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, LinkButton, hidden};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::Tone;
use crate::ui::select::Select;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::text_field::TextField;
use crate::ui::tick::Tick;
use crate::visit::{App, LenientQuery, Visit};
use crate::words::Locale;

/// Query: the stored look-up, and why a code was not issued.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LookupQuery {
    key: Option<String>,
    refused: Option<String>,
}

fn at() -> FormAt<'static> {
    FormAt { form: &LOOKUP_FORM, path: PATH, list: PATH, case: |_| PATH.to_owned() }
}

/// POST /desk/customers: stores what is looked for.
pub async fn send(visit: Visit, staff: Staff, State(app): State<App>, posted: Posted) -> Response {
    let outcome = async {
        if let Some(answer) = handle_common_buttons(&app, &visit, staff.user_id(), &at(), &posted).await? {
            return Ok(answer);
        }
        let stored = post_form(&app.bank, posted.0.row(staff.user_id(), &LOOKUP_FORM), &posted.0).await?;
        after(&stored, &at(), &posted, |_| format!("{PATH}?key={}", posted.key()))
    };
    visit.answer(outcome.await)
}

/// GET /desk/customers
pub async fn page(
    visit: Visit,
    staff: Staff,
    State(app): State<App>,
    LenientQuery(query): LenientQuery<LookupQuery>,
) -> Response {
    let outcome = async {
        let asked = crate::form::FormQuery { key: query.key.clone(), ..Default::default() };
        let shown = match OpenForm::open_of(&app.bank, staff.user_id(), at(), &asked).await? {
            Ok(shown) => shown,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let wanted = shown.state.shown(&LOOKUP_FORM).filled("wanted").map(str::to_owned);
        let found = match &wanted {
            Some(wanted) => look_up(&app.bank, &staff, wanted).await?,
            None => None,
        };
        let keys = fresh_keys(&app, found.as_ref())?;
        Ok::<_, PageError>(show(&visit, &staff, &shown, wanted, found, &keys, query.refused.as_deref()))
    };
    visit.answer(outcome.await)
}

/// One new key per person for the forms below.
pub fn fresh_keys(app: &App, found: Option<&FoundCustomer>) -> Result<Vec<Key>, PageError> {
    let people = found.map_or(0, |found| found.users.len());
    (0..people).map(|_| fresh_key(&app.bank).map_err(PageError::from)).collect()
}

fn show(
    visit: &Visit,
    staff: &Staff,
    shown: &OpenForm,
    wanted: Option<String>,
    found: Option<FoundCustomer>,
    keys: &[Key],
    refused: Option<&str>,
) -> Response {
    let l = visit.locale();
    let nobody = wanted.is_some() && found.is_none();
    Page::new(visit, t!(l, customers.title)).form(Some(("do", "find"))).show(move || {
        let refusal = refused.and_then(|code| refusal(l, code)).into_iter().collect::<Vec<_>>();
        view! {
            <h1>{t!(l, customers.title)}</h1>
            {(!refusal.is_empty()).then(|| view! { <ErrorSummary refused=refusal /> })}
            <form method="post" action=PATH id=PAGE_FORM class="form">
                {hidden(shown.hidden("find", &["wanted".to_owned()]))}
                <TextField name="wanted" label=t!(l, customers.wanted) hint=t!(l, customers.wanted_hint) value=wanted.unwrap_or_default() autocomplete="off" />
                <div class="actions">
                    <Button text=t!(l, customers.find) name="do" value="find" />
                    <LinkButton href=NEW text=t!(l, customers.enter) kind=ButtonKind::Secondary />
                </div>
            </form>
            {nobody.then(|| view! { <Banner tone=Tone::Wait title=t!(l, customers.nobody) text=t!(l, customers.nobody_text) /> })}
            {found.map(|found| customer(visit, staff, &found, keys, shown.key.as_str()))}
        }
        .into_any()
    })
}

/// Why a code was not issued, by its code in the query.
fn refusal(l: Locale, code: &str) -> Option<Refused> {
    let words = match code {
        "shown" => (t!(l, customers.refused.shown), t!(l, customers.refused.shown_text)),
        "active" => (t!(l, customers.refused.active), t!(l, customers.refused.active_text)),
        "id_unchecked" => (t!(l, customers.refused.id_unchecked), t!(l, customers.refused.id_unchecked_text)),
        _ => return None,
    };
    Some(Refused::new(code, words.0, words.1))
}

/// A customer with those who sign in. `from` is the key of the look-up to come back to.
pub fn customer(visit: &Visit, staff: &Staff, found: &FoundCustomer, keys: &[Key], from: &str) -> AnyView {
    let l = visit.locale();
    let rows = vec![
        SummaryRow::new(t!(l, customers.number), found.number.clone()),
        SummaryRow::new(t!(l, customers.found_name), found.name.clone()),
        SummaryRow::new(id_kind(l, &found.id_type), found.id.clone()),
        SummaryRow::new(t!(l, customers.phone), found.phone.clone()),
    ];
    let people = found.users.iter().zip(keys).map(|(user, key)| {
        let fields = vec![
            ("key".to_owned(), key.to_string()),
            ("made_for".to_owned(), visit.made_for()),
            ("user".to_owned(), user.user_id.clone()),
            ("from".to_owned(), from.to_owned()),
        ];
        let state = match (user.active, user.code_until) {
            (true, _) => t!(l, customers.active),
            (false, Some(until)) => t!(l, customers.code_open, when = moment(visit.language, until, visit.now)),
            (false, None) => t!(l, customers.no_code),
        };
        let renew = user.code_until.is_some();
        let code = (!user.active).then(|| {
            let text = if renew { t!(l, customers.renew_code) } else { t!(l, customers.issue_code) };
            view! {
                <form method="post" action=CODE class="form">
                    {hidden(fields.clone())}
                    <Button text=text kind=ButtonKind::Secondary />
                </form>
            }
        });
        // Who has lost the second factor may find out before the new password is set.
        let resets = (user.active || user.has_factor) && staff.may(Permission::ResetSignIn);
        let reset = resets.then(|| reset_form(l, fields, user.has_factor));
        view! {
            <section class="block">
                <h3>{t!(l, customers.signs_in, name = user.name.clone(), sign_in_name = user.sign_in_name.clone())}</h3>
                <p>{state}</p>
                {code}
                {reset}
            </section>
        }
    });
    view! {
        <section class="block">
            <h2>{t!(l, customers.found)}</h2>
            <SummaryList rows=rows />
            {people.collect_view()}
        </section>
    }
    .into_any()
}

/// The form with which a branch head resets a sign-in.
fn reset_form(l: Locale, fields: Vec<(String, String)>, has_factor: bool) -> AnyView {
    let options = IdType::ALL.map(|kind| (kind.code().to_owned(), id_kind(l, kind.code())));
    view! {
        <details>
            <summary>{t!(l, customers.reset)}</summary>
            <form method="post" action=RESET class="form">
                {hidden(fields)}
                <p>{t!(l, customers.reset_text)}</p>
                <Select label=t!(l, customers.checked_type) name="id_type" options=options.into() empty=t!(l, customers.choose) />
                <Tick title=t!(l, customers.id_checked) name="id_checked" />
                {has_factor
                    .then(|| {
                        view! {
                            <Tick title=t!(l, customers.factor_lost) detail=t!(l, customers.factor_lost_text) name="factor_lost" />
                        }
                    })}
                <Button text=t!(l, customers.reset_now) kind=ButtonKind::Danger />
            </form>
        </details>
    }
    .into_any()
}
