//! How the delivery of messages goes: counts and reasons, and sending again what was given up. No message and no customer.

use axum::extract::State;
use axum::response::Response;
use bank::kernel::language::moment;
use bank::messages::{Deliveries, Undelivered, deliveries, retry as send_again};
use bank::sessions::Staff;
use leptos::prelude::*;

use crate::kinds;
use crate::messages::text;
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::typed::display_text;
use crate::ui::banner::Banner;
use crate::ui::button::{ButtonKind, PostButton};
use crate::ui::parts::Tone;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, Visit};

/// The page.
pub const PATH: &str = "/admin/messages";

/// GET /admin/messages
pub async fn page(visit: Visit, staff: Staff, State(app): State<App>) -> Response {
    let page = async { Ok::<_, PageError>(show(&visit, &deliveries(&app.bank, &staff).await?, app.courier.is_some())) };
    visit.answer(page.await)
}

/// POST /admin/messages: sends messages of a kind and reason again. Idempotent, so it needs no key.
pub async fn retry(visit: Visit, staff: Staff, State(app): State<App>, form: Submission) -> Response {
    let done = async {
        let kind = form.0.filled("kind").filter(|_| form.pressed() == "retry").ok_or(PageError::NotFound)?;
        let count = send_again(&app.bank, &staff, kind, form.0.typed("reason")).await?;
        Ok(see_other(&format!("{PATH}?again={count}")))
    };
    visit.answer(done.await)
}

fn show(visit: &Visit, status: &Deliveries, connected: bool) -> Response {
    let (locale, language) = (visit.locale(), visit.language);
    let title = t!(locale, admin.area.messages);
    let again: Option<i64> = visit.asks("again").and_then(|count| count.parse().ok());
    Page::new(visit, title.clone()).layout("page page-wide").show(move || {
        let done = again.map(|count| view! { <Banner tone=Tone::Ok title=t!(locale, admin.delivery.again, n = count) /> });
        let oldest = status.oldest.map_or_else(|| t!(locale, admin.none), |at| moment(language, at, visit.now));
        // Without a channel nothing waits: no later pass would send it.
        let mut rows = if connected {
            vec![
                SummaryRow::new(t!(locale, admin.delivery.open), status.open.to_string()),
                SummaryRow::new(t!(locale, admin.delivery.oldest), oldest),
            ]
        } else {
            vec![SummaryRow::new(t!(locale, admin.delivery.portal_only), status.open.to_string())]
        };
        rows.push(SummaryRow::new(t!(locale, admin.delivery.sent_today), status.sent_today.to_string()));
        let unconnected = (!connected).then(|| {
            let (title, text) = (t!(locale, admin.delivery.unconnected), t!(locale, admin.delivery.unconnected_text));
            view! { <Banner tone=Tone::Wait title=title text=text /> }
        });
        view! {
            <p>
                <a href=super::PATH>{t!(locale, admin.back_to_index)}</a>
            </p>
            <h1>{title}</h1>
            <p>{t!(locale, admin.messages_text)}</p>
            {done}
            {unconnected}
            <SummaryList rows=rows />
            <section class="block">
                <h2>{t!(locale, admin.delivery.given_up)}</h2>
                {given_up(visit, &status.given_up)}
            </section>
        }
        .into_any()
    })
}

fn given_up(visit: &Visit, groups: &[Undelivered]) -> AnyView {
    let (locale, language) = (visit.locale(), visit.language);
    if groups.is_empty() {
        return view! { <p>{t!(locale, admin.delivery.nothing)}</p> }.into_any();
    }
    let row = |group: &Undelivered| {
        let known = kinds::of_message(&group.kind);
        let message = known.and_then(|(ui, what)| ui.message(locale, what, &serde_json::Value::Null));
        let other = || text(language, &group.kind, &serde_json::Value::Null).title;
        let title = message.map_or_else(other, |(title, _)| title);
        let kind = known.map_or(title.clone(), |(ui, _)| t!(locale, admin.delivery.of, kind = ui.name(locale), title = title));
        let reason = match group.reason.as_str() {
            "quota" => t!(locale, admin.delivery.quota),
            "too old" => t!(locale, admin.delivery.too_old),
            other => t!(locale, admin.delivery.gateway, reason = display_text(other)),
        };
        let retry = (group.again > 0).then(|| {
            let fields = [("kind", group.kind.clone()), ("reason", group.reason.clone())];
            let fields = visit.bound(fields.map(|(name, value)| (name.to_owned(), value)).into());
            let text = t!(locale, admin.delivery.retry, n = group.again);
            view! { <PostButton action=PATH text=text kind=ButtonKind::Secondary fields=fields name="do" value="retry" /> }
        });
        TableRow::new(vec![
            kind.into_any(),
            reason.into_any(),
            group.count.to_string().into_any(),
            moment(language, group.latest, visit.now).into_any(),
            retry.into_any(),
        ])
    };
    let columns = vec![
        Column::new(t!(locale, admin.delivery.message)),
        Column::new(t!(locale, admin.delivery.reason)),
        Column::figures(t!(locale, admin.delivery.count)),
        Column::new(t!(locale, admin.delivery.latest)),
        Column::new(t!(locale, admin.delivery.action)),
    ];
    view! { <Table caption=t!(locale, admin.delivery.given_up) columns=columns rows=groups.iter().map(row).collect() /> }
        .into_any()
}
