//! Staff: the list with its search, and what the changes of one member share.

use axum::extract::State;
use axum::response::Response;
use bank::branches::{Reference, reference};
use bank::kernel::forms::{Values, post_form};
use bank::kernel::language::day_with_year;
use bank::sessions::{LIST_FORM, Staff, StaffMember, StaffPage, StaffPosition, list_staff};
use leptos::prelude::*;

use super::staff_words::{branch_words, role_words};
use crate::form::{FormAt, FormQuery, OpenForm, Posted, after, handle_common_buttons};
use crate::page::{PAGE_FORM, Page, PageError};
use crate::paging::Paging;
use crate::t;
use crate::ui::button::{Button, ButtonKind, LinkButton, hidden};
use crate::ui::parts::Tone;
use crate::ui::select::Select;
use crate::ui::state_tag::StateTag;
use crate::ui::table::{Column, Table, TableRow};
use crate::ui::text_field::TextField;
use crate::ui::tick::Tick;
use crate::visit::{App, LenientQuery, Visit};

/// The list.
pub const LIST: &str = "/admin/staff";

/// The choice of head office in a list of branches.
const HEAD_OFFICE: &str = "-";

/// The page of a member.
pub fn member_path(user_id: &str) -> String {
    format!("{LIST}/{user_id}")
}

fn at() -> FormAt<'static> {
    FormAt { form: &LIST_FORM, path: LIST, list: LIST, case: |_| LIST.to_owned() }
}

/// POST /admin/staff: stores what is looked for, so that no address holds a name.
pub async fn find(visit: Visit, staff: Staff, State(app): State<App>, posted: Posted) -> Response {
    let found = async {
        if let Some(answer) = handle_common_buttons(&app, &visit, staff.user_id(), &at(), &posted).await? {
            return Ok(answer);
        }
        let stored = post_form(&app.bank, posted.0.row(staff.user_id(), &LIST_FORM), &posted.0).await?;
        after(&stored, &at(), &posted, |_| format!("{LIST}?key={}", posted.key()))
    };
    visit.answer(found.await)
}

/// GET /admin/staff
pub async fn list(visit: Visit, staff: Staff, State(app): State<App>, LenientQuery(query): LenientQuery<FormQuery>) -> Response {
    let page = async {
        let shown = match OpenForm::open_of(&app.bank, staff.user_id(), at(), &query).await? {
            Ok(shown) => shown,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let filter = shown.state.shown(&LIST_FORM);
        let paging = Paging::<StaffPosition>::read(&visit.uri);
        let found = list_staff(&app.bank, &staff, &filter, &paging.start).await?;
        let reference = reference(&app.bank).await?;
        Ok::<_, PageError>(show(&visit, &reference, &shown, &filter, &paging, &found))
    };
    visit.answer(page.await)
}

fn show(
    visit: &Visit,
    reference: &Reference,
    shown: &OpenForm,
    filter: &Values,
    paging: &Paging<StaffPosition>,
    found: &StaffPage,
) -> Response {
    let l = visit.locale();
    let title = t!(l, admin.area.staff);
    Page::new(visit, title.clone()).layout("page page-wide").form(Some(("do", "find"))).show(move || {
        let empty = found.members.is_empty().then(|| view! { <p>{t!(l, staff.nobody)}</p> });
        let key = if shown.is_saved() { format!("?key={}", shown.key) } else { String::new() };
        let href = |page: &Paging<StaffPosition>| {
            let joint = if key.is_empty() { '?' } else { '&' };
            page.pair().map_or_else(|| format!("{LIST}{key}"), |(name, value)| format!("{LIST}{key}{joint}{name}={value}"))
        };
        let more = paging.pair().is_some() || found.neighbours.next.is_some();
        view! {
            <p>
                <a href=super::PATH>{t!(l, admin.back_to_index)}</a>
            </p>
            <h1>{title.clone()}</h1>
            <p>{t!(l, staff.text)}</p>
            <div class="actions">
                <LinkButton href=format!("{LIST}/new/joiner") text=t!(l, staff.add) />
                <LinkButton href=super::roles::LIST text=t!(l, admin.area.roles) kind=ButtonKind::Secondary />
            </div>
            {paging.notice(l)}
            {search(visit, reference, shown, filter)}
            {empty}
            <Table
                caption=title
                columns=columns(visit)
                rows=found.members.iter().map(|member| row(visit, reference, member)).collect()
            />
            {more.then(|| paging.links(l, String::new(), &found.neighbours, href))}
        }
        .into_any()
    })
}

/// The form that narrows the list.
fn search(visit: &Visit, reference: &Reference, shown: &OpenForm, filter: &Values) -> AnyView {
    let l = visit.locale();
    let names = ["wanted", "branch", "left"].map(str::to_owned);
    let mut branches = vec![(HEAD_OFFICE.to_owned(), t!(l, staff.head_office))];
    branches.extend(reference.branches.iter().map(|branch| (branch.id.clone(), branch.name(visit.language).to_owned())));
    view! {
        <form method="post" action=LIST id=PAGE_FORM class="form">
            {hidden(shown.hidden("find", &names))}
            <TextField name="wanted" label=t!(l, staff.wanted) value=filter.typed("wanted").to_owned() autocomplete="off" />
            <Select label=t!(l, staff.branch) name="branch" options=branches value=filter.typed("branch").to_owned() empty=t!(l, staff.everywhere) />
            <Tick title=t!(l, staff.left_filter) name="left" chosen=filter.ticked("left") />
            <div class="actions">
                <Button text=t!(l, staff.find) name="do" value="find" kind=ButtonKind::Secondary />
            </div>
        </form>
    }
    .into_any()
}

fn columns(visit: &Visit) -> Vec<Column> {
    let l = visit.locale();
    [t!(l, staff.name), t!(l, staff.sign_in_name), t!(l, staff.role), t!(l, staff.branch), t!(l, staff.state)]
        .map(Column::new)
        .into()
}

fn row(visit: &Visit, reference: &Reference, member: &StaffMember) -> TableRow {
    let (text, tone) = state_words(visit, member);
    TableRow::new(vec![
        member.name.clone().into_any(),
        member.sign_in_name.clone().into_any(),
        role_words(visit.locale(), &member.role).into_any(),
        branch_words(visit.language, reference, member.branch_id.as_deref().unwrap_or_default()).into_any(),
        view! { <StateTag text=text tone=tone /> }.into_any(),
    ])
    .href(member_path(&member.user_id))
}

/// The most important thing about a member, in a few words.
pub fn state_words(visit: &Visit, member: &StaffMember) -> (String, Tone) {
    let (l, today) = (visit.locale(), visit.now.day());
    let day = |day| day_with_year(visit.language, day);
    match (member.leaves_on, &member.moves) {
        _ if member.has_left(today) => (t!(l, staff.has_left), Tone::Neutral),
        (Some(leaves), _) if leaves <= today => (t!(l, staff.leave_stuck), Tone::Seal),
        (_, Some(planned)) if planned.from <= today => (t!(l, staff.move_stuck), Tone::Seal),
        _ if member.locked => (t!(l, staff.locked), Tone::Seal),
        _ if !member.active => (t!(l, staff.not_activated), Tone::Wait),
        (Some(leaves), _) => (t!(l, staff.leaves_on, day = day(leaves)), Tone::Wait),
        (None, Some(planned)) => (t!(l, staff.moves_on, day = day(planned.from)), Tone::Wait),
        (None, None) => (t!(l, staff.works), Tone::Ok),
    }
}
