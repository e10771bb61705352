//! Pages of the desk: the list, and a case beside it (below 60rem only the case).

use axum::extract::{Path, State};
use axum::response::Response;
use bank::branches::reference;
use bank::cases::{CaseLine, find_for_staff, queue};
use bank::kernel::bank::Bank;
use bank::kernel::ids::CaseNumber;
use bank::sessions::{Permission, Staff};
use leptos::prelude::*;

use super::case::{Case, Shown};
use super::form::CaseForm;
use super::live::{self, PageState};
use super::query::{DeskQuery, Says};
use super::queue::Queue;
use super::{LIST, bar, case_path};
use crate::page::{Page, PageError, see_other};
use crate::submission::Submission;
use crate::t;
use crate::visit::{App, Visit};

/// How far ahead staff are warned of a year without published holidays, days. Bookings reach a few weeks ahead.
const YEAR_AHEAD: i64 = 31;

/// GET /desk
pub async fn desk(visit: Visit, staff: Staff, State(app): State<App>) -> Response {
    visit.answer(show_desk(&visit, &staff, &app.bank).await)
}

/// POST /desk/search: what is typed may be a name, so it comes into an address only if it can be a case number.
pub async fn search(visit: Visit, form: Submission) -> Response {
    let found = see_other(&DeskQuery::search(form.0.typed("number")).link("/desk"));
    visit.answer(Ok(found))
}

/// GET /desk/cases/{number}
pub async fn case(visit: Visit, staff: Staff, State(app): State<App>, Path(number): Path<String>) -> Response {
    visit.answer(show_case(&visit, &staff, &app.bank, &number).await)
}

/// Finds a case within the staff member's scope by the number in an address, in any spelling. Also returns whether the
/// spelling is the canonical one.
pub async fn find(bank: &Bank, staff: &Staff, typed: &str) -> Result<(CaseLine, bool), PageError> {
    let number = CaseNumber::parse(typed).map_err(|_| PageError::NotFound)?;
    let case = find_for_staff(bank, &staff.scope(Permission::SeeCases), number.as_str()).await?.ok_or(PageError::NotFound)?;
    Ok((case, number.as_str() == typed))
}

async fn show_desk(visit: &Visit, staff: &Staff, bank: &Bank) -> Result<Response, PageError> {
    let query = DeskQuery::read(&visit.uri);
    let shown = PageState::read(bank, staff, visit.now, query.canonical_number().as_deref()).await?;
    let list = load_queue(visit, staff, bank, query.clone()).await?;
    if let (Some(_), [only]) = (query.part(), list.page.lines.as_slice()) {
        return Ok(see_other(&case_path(&only.number)));
    }
    // A search for a case number opens the case.
    let case = match list.page.lines.first().filter(|_| query.canonical_number().is_some()) {
        Some(line) => Some(load_case(visit, staff, bank, line.clone(), &query).await?),
        None => None,
    };
    let title = t!(visit.locale(), desk.title);
    let bar = bar::view(visit, staff, &reference(bank).await?);
    Ok(show(visit, shown, title, bar, list, case, "desk-panes"))
}

async fn show_case(visit: &Visit, staff: &Staff, bank: &Bank, typed: &str) -> Result<Response, PageError> {
    let query = DeskQuery::read(&visit.uri);
    let number = CaseNumber::parse(typed).map_err(|_| PageError::NotFound)?;
    let shown = PageState::read(bank, staff, visit.now, Some(number.as_str())).await?;
    let (line, canonical) = find(bank, staff, typed).await?;
    if !canonical {
        return Ok(see_other(&query.link(&case_path(&line.number))));
    }
    let list = Box::pin(load_queue(visit, staff, bank, query.clone()));
    let (list, mut case) = tokio::try_join!(list, Box::pin(load_case(visit, staff, bank, line, &query)))?;
    case.go_on_with(list.next_after(case.line()));
    let bar = bar::view(visit, staff, &reference(bank).await?);
    Ok(show(visit, shown, case.title(), bar, list, Some(case), "desk-panes desk-panes-case"))
}

async fn load_queue(visit: &Visit, staff: &Staff, bank: &Bank, query: DeskQuery) -> Result<Queue, PageError> {
    let scope = staff.scope(Permission::SeeCases);
    // Staff of a branch see that branch only.
    let own = staff.branch_id().filter(|_| scope.is_whole_bank());
    let page = queue(bank, &scope, &query.filter(own)).await?;
    let reference = reference(bank).await?;
    Ok(Queue {
        language: visit.language,
        now: visit.now,
        query,
        page,
        unknown_year: reference.calendar.unknown_year(visit.now.day(), YEAR_AHEAD),
        branches: reference
            .branches
            .iter()
            .filter(|_| scope.is_whole_bank())
            .map(|branch| (branch.id.clone(), branch.name(visit.language).to_owned()))
            .collect(),
        own: own.map(str::to_owned),
        bound: visit.bound(Vec::new()),
        open: None,
    })
}

async fn load_case(visit: &Visit, staff: &Staff, bank: &Bank, line: CaseLine, query: &DeskQuery) -> Result<Case, PageError> {
    let action = query.of_case().link(&case_path(&line.number));
    let back = DeskQuery { number: String::new(), ..query.list() }.link("/desk");
    let form = CaseForm::open(bank, staff, &line, action, query).await?;
    let board = query.to_board(&line.number);
    let shown = Shown { back, board, next: None, done: query.says.contains(&Says::Done) };
    Ok(Box::pin(Case::load(bank, staff, visit, line, form, shown)).await?)
}

fn show(
    visit: &Visit,
    shown: PageState,
    title: String,
    bar: AnyView,
    mut list: Queue,
    case: Option<Case>,
    class: &'static str,
) -> Response {
    list.open = case.as_ref().map(|case| case.number().to_owned());
    let waiting = list.page.waiting;
    // The notice about changes is shown once: beside the case if one is open.
    let renew = list.query.list().link(LIST);
    let live = live::view(visit, shown, list.open.as_deref(), (visit.uri.clone(), renew, false));
    Page::new(visit, title).waiting(waiting).script(live::SCRIPT).show(move || {
        let (of_list, of_case) = if case.is_some() { (None, Some(live)) } else { (Some(live), None) };
        let skip = case.is_some().then(|| view! { <a class="skip" href="#actions">{t!(visit.locale(), desk.to_actions)}</a> });
        view! {
            {skip}
            {bar}
            <div class=class>{list.view(of_list)} {case.map(|case| case.view(of_case))}</div>
            {bar::keys(visit)}
        }
        .into_any()
    })
}
