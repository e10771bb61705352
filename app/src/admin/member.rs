//! One member of the staff: what can be changed, and the activation link, which is shown by the response that makes it, once.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::administration::{ChangeState, find_change};
use bank::branches::{Reference, reference};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::fresh_key;
use bank::kernel::ids::Key;
use bank::kernel::language::{day_with_year, moment};
use bank::sessions::{
    IssuedLink, JoinerChange, LinkRefusal, Planned, Staff, StaffMember, Stuck, find_member, find_sign_in_name, hand_out_link,
    list_stuck,
};
use leptos::prelude::*;

use super::staff::{LIST, member_path, state_words};
use super::staff_words::{branch_words, role_words};
use super::words::all_blocked_words;
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::ui::banner::Banner;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::{App, Visit};
use crate::words::Locale;
use crate::{counted, t};

/// GET /admin/staff/{subject}
pub async fn page(visit: Visit, staff: Staff, State(app): State<App>, Path(id): Path<String>) -> Response {
    let page = async {
        let member = find_member(&app.bank, &staff, &id).await?.ok_or(PageError::NotFound)?;
        let stuck = list_stuck(&app.bank, &staff).await?.into_iter().filter(|stuck| stuck.user_id == member.user_id).collect();
        let reference = reference(&app.bank).await?;
        let key = fresh_key(&app.bank)?;
        Ok(show(&visit, &reference, &member, stuck, &key))
    };
    visit.answer(page.await)
}

/// GET /admin/changes/{id}/member: the person who has joined by a change.
pub async fn joined(visit: Visit, staff: Staff, State(app): State<App>, Path(id): Path<String>) -> Response {
    let page = async {
        use bank::administration::ChangeKind as _;
        let request = find_change(&app.bank, &staff, &id).await?;
        let joined = request.filter(|of| of.kind.code() == JoinerChange.code() && of.state == ChangeState::Applied);
        let joined = joined.ok_or(PageError::NotFound)?;
        let member = find_sign_in_name(&app.bank, &staff, joined.judged.typed("sign_in_name")).await?;
        Ok::<_, PageError>(see_other(&member_path(&member.ok_or(PageError::NotFound)?)))
    };
    visit.answer(page.await)
}

/// POST /admin/staff/{subject}/link
pub async fn link(visit: Visit, staff: Staff, State(app): State<App>, Path(id): Path<String>, form: Submission) -> Response {
    let Ok(key) = Key::parse(form.key()) else { return PageError::BadForm.answer(&visit) };
    match hand_out_link(&app.bank, &staff, &id, &key).await {
        Ok(issued) => show_link(&visit, &app, &id, &issued),
        Err(Rejected::Refused(LinkRefusal::NotFound)) => PageError::NotFound.answer(&visit),
        Err(Rejected::Refused(LinkRefusal::Active)) => see_other(&format!("{}?refused=active", member_path(&id))),
        Err(Rejected::Refused(LinkRefusal::Shown)) => see_other(&format!("{}?refused=shown", member_path(&id))),
        Err(Rejected::Unexpected(failure)) => PageError::from(failure).answer(&visit),
    }
}

fn show_link(visit: &Visit, app: &App, id: &str, issued: &IssuedLink) -> Response {
    let (l, local) = (visit.locale(), app.origin_is_local);
    let link = format!("{}{}{}", app.origin, crate::activation::LINK, issued.secret.reveal());
    let rows = vec![
        SummaryRow::new(t!(l, staff.name), issued.name.clone()),
        SummaryRow::new(t!(l, staff.sign_in_name), issued.sign_in_name.clone()),
        SummaryRow::new(t!(l, staff.link), view! { <b class="activation-link">{link}</b> }),
    ];
    let days = issued.days;
    let back = member_path(id);
    Page::new(visit, t!(l, staff.link_title)).show(move || {
        view! {
            <h1>{t!(l, staff.link_title)}</h1>
            <Banner tone=Tone::Wait title=t!(l, staff.link_once) text=t!(l, staff.link_once_text) />
            {local.then(|| view! { <Banner tone=Tone::Wait title=t!(l, staff.link_local) text=t!(l, staff.link_local_text) /> })}
            <SummaryList rows=rows />
            <p>{counted!(l, days, [staff.link_how_one], [staff.link_how], days = days)}</p>
            <p class="no-print">
                <LinkButton href=back text=t!(l, staff.back_to_member) />
            </p>
        }
        .into_any()
    })
}

/// Why a link was not handed out, by its code in the query.
fn refusal(l: Locale, code: &str) -> Option<Refused> {
    let (title, text) = match code {
        "active" => (t!(l, staff.refused.active), t!(l, staff.refused.active_text)),
        "shown" => (t!(l, staff.refused.shown), t!(l, staff.refused.shown_text)),
        _ => return None,
    };
    Some(Refused::new(code, title, text))
}

fn show(visit: &Visit, reference: &Reference, member: &StaffMember, stuck: Vec<Stuck>, key: &Key) -> Response {
    let (l, today) = (visit.locale(), visit.now.day());
    let title = member.name.clone();
    Page::new(visit, title.clone()).layout("page page-wide").show(move || {
        let refused: Vec<Refused> = visit.asks("refused").and_then(|code| refusal(l, code)).into_iter().collect();
        let (state, tone) = state_words(visit, member);
        let stuck = stuck.iter().map(|stuck| {
            let by = all_blocked_words(l, &stuck.by);
            let (title, text) = match stuck.planned {
                Planned::Move => (t!(l, staff.stuck_title), t!(l, staff.stuck_text, by = by)),
                Planned::Leave => (t!(l, staff.leave_stuck_title), t!(l, staff.leave_stuck_text, by = by)),
            };
            view! { <Banner tone=Tone::Wait title=title text=text /> }
        });
        let stuck = stuck.collect_view();
        let change = |what: &str| format!("{}/{what}", member_path(&member.user_id));
        let works = !member.has_left(today);
        let actions = [
            (works, "move", t!(l, staff.do_move)),
            (true, "leave", if works { t!(l, staff.do_leave) } else { t!(l, staff.do_return) }),
            (true, "name", t!(l, staff.do_rename)),
            (works && (member.active || member.has_factor), "reset", t!(l, staff.do_reset)),
            (member.locked, "unlock", t!(l, staff.do_unlock)),
        ];
        let actions = actions.into_iter().filter(|(offered, ..)| *offered).map(|(_, what, text)| {
            view! {
                <li>
                    <a href=change(what)>{text}</a>
                </li>
            }
        });
        let actions = actions.collect_view();
        let link = member.awaits_password(today).then(|| link_form(visit, member, key));
        view! {
            <p>
                <a href=LIST>{t!(l, staff.back)}</a>
            </p>
            <p>
                <StateTag text=state tone=tone />
            </p>
            <h1>{title}</h1>
            {(!refused.is_empty()).then(|| view! { <ErrorSummary refused=refused /> })}
            {stuck}
            <SummaryList rows=facts(visit, reference, member) />
            {link}
            <section class="block">
                <h2>{t!(l, staff.changes)}</h2>
                <ul class="change-links">{actions}</ul>
            </section>
        }
        .into_any()
    })
}

fn facts(visit: &Visit, reference: &Reference, member: &StaffMember) -> Vec<SummaryRow> {
    let (l, language) = (visit.locale(), visit.language);
    let branch = |id: Option<&str>| branch_words(language, reference, id.unwrap_or_default());
    let mut rows = vec![
        SummaryRow::new(t!(l, staff.sign_in_name), member.sign_in_name.clone()),
        SummaryRow::new(t!(l, staff.role), role_words(l, &member.role)),
        SummaryRow::new(t!(l, staff.branch), branch(member.branch_id.as_deref())),
    ];
    if let Some(planned) = &member.moves {
        let (day, role) = (day_with_year(language, planned.from), role_words(l, &planned.role));
        let words = t!(l, staff.planned_text, day = day, role = role, branch = branch(planned.branch_id.as_deref()));
        rows.push(SummaryRow::new(t!(l, staff.planned), words));
    }
    rows.extend(
        member.left_on.or(member.leaves_on).map(|day| SummaryRow::new(t!(l, staff.leaves), day_with_year(language, day))),
    );
    rows
}

/// The button that makes a link.
fn link_form(visit: &Visit, member: &StaffMember, key: &Key) -> AnyView {
    let l = visit.locale();
    let (state, text) = match member.link_until {
        Some(until) => (t!(l, staff.link_open, when = moment(visit.language, until, visit.now)), t!(l, staff.renew_link)),
        None => (t!(l, staff.no_link), t!(l, staff.make_link)),
    };
    let action = format!("{}/link", member_path(&member.user_id));
    let fields = visit.bound(vec![("key".to_owned(), key.to_string())]);
    view! {
        <section class="block">
            <h2>{t!(l, staff.activation)}</h2>
            <p>{state}</p>
            <PostButton action=action text=text kind=ButtonKind::Secondary fields=fields />
        </section>
    }
    .into_any()
}
