//! The day board of a branch (docs/domain.md §13): who comes when, whatever the kind, where a clerk checks people in. Each line leads
//! to its case. The next step stands beside it, a link to the actions of the case. Knows no kind by name.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bank::branches::{Branch, reference};
use bank::cases::{
    Board, BoardCase, BoardCollector, DayList, NoBoard, Phase, StateFilter, board_place, day_board, queue_changes,
};
use bank::kernel::bank::Bank;
use bank::kernel::language::{Language, day_clear, day_full, day_long, moment, moment_full};
use bank::kernel::people::mask_name;
use bank::kernel::time::{At, Day, day_text, hhmm, parse_day, shift};
use bank::sessions::{Permission, Staff};
use leptos::prelude::*;

use super::due::no_show_words;
use super::live::{self, PageState};
use super::query::{BoardQuery, DeskQuery};
use super::queue::{due, none, search};
use super::{BOARD, BOARD_LIST, bar, case_path};
use crate::cases::{short_words, state_words};
use crate::kinds;
use crate::page::{Page, PageError};
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, LinkButton};
use crate::ui::parts::{Fields, Link, ScreenAndPrint, Tone};
use crate::ui::select::Select;
use crate::ui::state_tag::StateTag;
use crate::ui::table::{Column, Table, TableRow};
use crate::visit::{App, LenientQuery, Visit};
use crate::words::{Locale, locale};
use crate::{counted, t};

/// GET /desk/day, and /desk/day/list for its script.
pub async fn page(visit: Visit, staff: Staff, State(app): State<App>, LenientQuery(query): LenientQuery<BoardQuery>) -> Response {
    visit.answer(show(&visit, &staff, &app.bank, &query).await)
}

async fn show(visit: &Visit, staff: &Staff, bank: &Bank, query: &BoardQuery) -> Result<Response, PageError> {
    let (reference, scope) = (reference(bank).await?, staff.scope(Permission::SeeCases));
    let asked = (query.branch.as_deref(), query.day.as_deref());
    let (id, day) = match board_place(&reference, staff, asked, visit.now) {
        Ok(place) => place,
        Err(no_board) => return Ok(there_is_none(visit, no_board)),
    };
    let branch = reference.branch(&id).ok_or(PageError::NotFound)?;
    let shown = PageState::read(bank, staff, visit.now, None).await?;
    let board = day_board(bank, staff, &id, day).await?;
    let waiting = queue_changes(bank, &scope).await?.waiting;
    let language = visit.language;
    let choice = |branch: &Branch| (branch.id.clone(), branch.name(language).to_owned());
    let page = BoardPage {
        language,
        now: visit.now,
        name: branch.name(language).to_owned(),
        is_open: !branch.hours.working(&reference.calendar, day).is_empty(),
        branches: reference.branches.iter().filter(|_| scope.is_whole_bank()).map(choice).collect(),
        bound: visit.bound(Vec::new()),
        board,
    };
    // With its day, so that an open board stays at it past midnight.
    let dated = BoardQuery { branch: page.branch(), day: Some(day_text(day)) };
    let live = live::view(visit, shown, None, (dated.link(BOARD), dated.link(BOARD_LIST), true));
    let (bar, title) = (bar::view(visit, staff, &reference), page.title(day_long));
    Ok(Page::new(visit, title).waiting(waiting).script(live::SCRIPT).show(move || {
        view! {
            {bar}
            <div class="desk-panes">{page.view(live)}</div>
            {bar::keys(visit)}
        }
        .into_any()
    }))
}

/// The page of an address without a board: what it lacks, and a way on.
fn there_is_none(visit: &Visit, no_board: NoBoard) -> Response {
    let l = visit.locale();
    let (title, text, href, way) = match no_board {
        NoBoard::Day => (t!(l, desk.board.no_day), t!(l, desk.board.no_day_text), BOARD, t!(l, desk.board.to_today)),
        NoBoard::Branch => (t!(l, desk.board.no_branch), t!(l, desk.board.no_branch_text), "/desk", t!(l, page.to_desk)),
    };
    Page::new(visit, title.clone()).status(StatusCode::NOT_FOUND).show(move || {
        view! {
            <h1>{title}</h1>
            <p>{text}</p>
            <p>
                <LinkButton href=href text=way />
            </p>
        }
        .into_any()
    })
}

/// The words of a case's next step.
fn next_step(locale: Locale, case: &BoardCase) -> Option<String> {
    let action = case.next?;
    // An answer is given with the case in view.
    if case.line.waiting {
        return Some(t!(locale, desk.board.answer));
    }
    let own = kinds::of(case.line.kind).and_then(|ui| ui.on_board(locale, action));
    Some(own.unwrap_or_else(|| t!(locale, desk.actions)))
}

/// The data of a board.
struct BoardPage {
    language: Language,
    /// The bank's time.
    now: At,
    /// Name of the branch.
    name: String,
    /// Whether the branch opens on the day.
    is_open: bool,
    /// Id and name of the branches, for staff who see all of them.
    branches: Vec<(String, String)>,
    board: Board,
    /// The hidden fields of a form that is posted by this reader.
    bound: Fields,
}

impl BoardPage {
    fn title(&self, day: impl Fn(Language, Day) -> String) -> String {
        let day = day(self.language, self.board.day);
        t!(locale(self.language), desk.board.title, branch = self.name.clone(), day = day)
    }

    /// The branch, where the reader has a choice.
    fn branch(&self) -> Option<String> {
        (!self.branches.is_empty()).then(|| self.board.branch.clone())
    }

    /// The board of a day at the same branch.
    fn query(&self, day: Day) -> BoardQuery {
        let is_today = day == self.now.day();
        BoardQuery { branch: self.branch(), day: (!is_today).then(|| day_text(day)) }
    }

    fn address(&self, day: Day) -> String {
        self.query(day).link(BOARD)
    }

    /// The query of the page of a case that is opened from here: beside it stands the list of such a day.
    fn of_case(&self) -> DeskQuery {
        let (day, today) = (self.board.day, self.now.day());
        let state = match day.cmp(&today) {
            std::cmp::Ordering::Less => StateFilter::All,
            std::cmp::Ordering::Equal => StateFilter::Day(DayList::Today),
            std::cmp::Ordering::Greater => StateFilter::Day(DayList::Ahead),
        };
        DeskQuery { branch: self.branch(), state, board: Some(day), ..DeskQuery::default() }
    }

    fn view(&self, live: AnyView) -> AnyView {
        let l = locale(self.language);
        let title = ScreenAndPrint::new(self.title(day_long), self.title(day_full));
        let (days, search, chooser) = (self.days(l), search(l, self.bound.clone(), String::new()), self.chooser(l));
        let left_open = self.left_open(l);
        let list = if self.board.cases.is_empty() { self.nothing(l) } else { self.table(l) };
        view! {
            <section class="desk-queue desk-day">
                <h1 class="desk-name">{title.view()}</h1>
                <div class="desk-top">{days} {search} {live}</div>
                {chooser}
                <div class="desk-alarm">{left_open}</div>
                <div class="desk-list">{list}</div>
            </section>
        }
        .into_any()
    }

    /// The day before, today, the day after.
    fn days(&self, l: Locale) -> AnyView {
        let (day, today) = (self.board.day, self.now.day());
        let words = |day| day_clear(self.language, day, self.now);
        // Before the first day and after the last one that can be written there is none.
        let other = |days| Some(shift(day, days)).filter(|other| *other != day && parse_day(&day_text(*other)).is_some());
        let before = other(-1).map(|other| Link::new(self.address(other), t!(l, desk.board.before, day = words(other))));
        let after = other(1).map(|other| Link::new(self.address(other), t!(l, desk.board.after, day = words(other))));
        let now = Link::new(self.address(today), t!(l, desk.board.today)).current(day == today);
        let links = before.into_iter().chain([now]).chain(after).map(|link| {
            view! {
                <a href=link.href aria-current=link.current.then_some("page")>
                    {link.text}
                </a>
            }
        });
        view! {
            <nav class="desk-tabs" aria-label=t!(l, desk.board.days)>
                {links.collect_view()}
            </nav>
        }
        .into_any()
    }

    /// The choice of a branch.
    fn chooser(&self, l: Locale) -> Option<AnyView> {
        let branches = self.branches.clone();
        (!branches.is_empty()).then(|| {
            view! {
                <div class="filters">
                    <form method="get" action=BOARD class="filter-form">
                        <input type="hidden" name="day" value=day_text(self.board.day) />
                        <Select label=t!(l, desk.branch) name="branch" options=branches value=self.board.branch.clone() />
                        <Button text=t!(l, desk.filter) kind=ButtonKind::Secondary />
                    </form>
                </div>
            }
            .into_any()
        })
    }

    /// The alarm about customers who came and whose case is still open after closing time. It stands outside the list, so that it
    /// is read aloud when it changes, not with every renewal.
    fn left_open(&self, l: Locale) -> Option<AnyView> {
        let n = self.board.cases.iter().filter(|case| case.left_open).count();
        let title = counted!(l, n, [desk.board.left_open_one], [desk.board.left_open], n = n);
        let text = t!(l, desk.board.left_open_text);
        (n > 0).then(|| view! { <Banner tone=Tone::Seal title=title text=text /> }.into_any())
    }

    fn nothing(&self, l: Locale) -> AnyView {
        let closed = (!self.is_open).then(|| view! { <p class="hint">{t!(l, desk.board.closed)}</p> });
        view! {
            <div class="desk-nothing">
                <p class="big">{t!(l, desk.board.nothing)}</p>
                {closed}
            </div>
        }
        .into_any()
    }

    fn table(&self, l: Locale) -> AnyView {
        let columns = [
            t!(l, desk.number),
            t!(l, desk.matter),
            t!(l, desk.customer),
            t!(l, desk.board.collector),
            t!(l, desk.state),
            t!(l, desk.board.term),
            t!(l, desk.board.next),
        ];
        let query = self.of_case();
        let mut rows = Vec::new();
        let mut slot = None;
        for case in &self.board.cases {
            if case.line.time != slot {
                slot = case.line.time;
                rows.push(TableRow::heading(self.heading(l, slot)));
            }
            rows.push(self.row(l, case, &query));
        }
        view! { <Table caption=self.title(day_long) columns=columns.map(Column::new).into() rows=rows /> }.into_any()
    }

    /// The times of the cases below it, how many are not over, and whether it is now.
    fn heading(&self, l: Locale, slot: Option<(At, At)>) -> AnyView {
        let Some((start, end)) = slot else { return ().into_any() };
        let n = self.board.cases.iter().filter(|case| case.line.time == slot && case.line.phase() != Some(Phase::Final)).count();
        let cases = (n > 0).then(|| counted!(l, n, [desk.board.cases_one], [desk.board.cases], n = n));
        let now = (start <= self.now && self.now < end).then(|| view! { <b class="desk-now">{t!(l, desk.board.now)}</b> });
        let time = format!("{}–{}", hhmm(start.time()), hhmm(end.time()));
        view! {
            <span class="desk-slot">{time}</span>
            " "
            {cases}
            " "
            {now}
        }
        .into_any()
    }

    fn row(&self, l: Locale, case: &BoardCase, query: &DeskQuery) -> TableRow {
        let line = &case.line;
        let (state, tone) = state_words(l, line.kind, &line.state);
        let path = case_path(&line.number);
        let cells = vec![
            view! { <span class="case-number">{line.number.clone()}</span> }.into_any(),
            short_words(self.language, line).into_any(),
            mask_name(&line.customer_name).into_any(),
            collector(l, case.collector.as_ref()),
            view! { <StateTag text=state tone=tone /> }.into_any(),
            self.term(l, case),
            act(l, case, query),
        ];
        let class =
            if case.left_open { Some("desk-left-open") } else { (line.phase() == Some(Phase::Final)).then_some("desk-over") };
        TableRow::new(cells).href(query.link(&path)).anchor(line.number.clone()).class(class)
    }

    /// Until when the customer has to come or to answer, or the bank to answer, and the marks.
    fn term(&self, l: Locale, case: &BoardCase) -> AnyView {
        let until = case.no_show_at.map(|at| {
            let (words, pressure) = no_show_words(self.language, at, self.now);
            let words = ScreenAndPrint::new(words, t!(l, desk.board.no_show_at, time = moment_full(self.language, at)));
            view! { <span class=pressure.class()>{words.view()}</span> }.into_any()
        });
        let until = until.or_else(|| {
            let at = case.answer_until?;
            let words = |time: String| t!(l, desk.board.answer_until, time = time);
            let (screen, paper) = (words(moment(self.language, at, self.now)), words(moment_full(self.language, at)));
            let words = ScreenAndPrint::new(screen, paper);
            Some(view! { <span class="due">{words.view()}</span> }.into_any())
        });
        let until = until.or_else(|| case.line.waiting.then(|| due(self.language, &case.line, self.now)));
        let mark = |text: String| view! { <span class="alarm late">{text}</span> };
        let left_open = case.left_open.then(|| mark(t!(l, desk.board.left_open_mark)));
        let in_closure = case.in_closure.then(|| mark(t!(l, desk.in_closure_mark)));
        if until.is_none() && left_open.is_none() && in_closure.is_none() {
            return none();
        }
        view! {
            {until}
            {left_open}
            {in_closure}
        }
        .into_any()
    }
}

fn collector(l: Locale, collector: Option<&BoardCollector>) -> AnyView {
    let words = match collector {
        None => return none(),
        Some(BoardCollector::Customer) => t!(l, desk.board.collector_self),
        Some(BoardCollector::Operator(name)) => t!(l, desk.board.collector_operator, name = name.clone()),
        Some(BoardCollector::Agent(name)) => t!(l, desk.board.collector_agent, name = name.clone()),
    };
    words.into_any()
}

/// The link to the next step. Of several with one text each names its row.
fn act(l: Locale, case: &BoardCase, query: &DeskQuery) -> AnyView {
    let Some(text) = next_step(l, case) else { return none() };
    let (number, class) = (case.line.number.clone(), ButtonKind::Secondary.class());
    let href = format!("{}#actions", query.link(&case_path(&number)));
    view! {
        <div class="desk-row-act">
            <a class=class href=href aria-describedby=number>
                {text}
            </a>
        </div>
    }
    .into_any()
}
