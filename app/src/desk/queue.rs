//! The list of the desk: tabs of the day, filters with counts, one line per case; what waits by due time, the day by the time of
//! the appointments, everything else the latest first. A pure view; the case beside it is `case.rs`.

use bank::cases::{Alarm, CaseKind, CaseLine, DayList, PageStart, QueuePage, StateFilter};
use bank::kernel::ids::CaseNumber;
use bank::kernel::language::{Language, day_clear, day_from_now, moment_full};
use bank::kernel::money::grouped;
use bank::kernel::people::mask_name;
use bank::kernel::time::{At, hhmm};
use leptos::prelude::*;

use super::SEARCH;
use super::due::due_words;
use super::query::{ALL_BRANCHES, ALL_STATES, DeskQuery, IN_CLOSURE, KIND_AND_STATE, Says};
use crate::cases::{kind_words, short_words, state_words};
use crate::kinds;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, LinkButton, hidden};
use crate::ui::parts::{Fields, Link, ScreenAndPrint, Tone};
use crate::ui::pills::Pills;
use crate::ui::select::Select;
use crate::ui::state_tag::StateTag;
use crate::ui::table::{Column, Table, TableRow};
use crate::ui::text_field::TextField;
use crate::words::{Locale, locale};

/// The data of the list.
pub struct Queue {
    pub language: Language,
    /// The bank's time.
    pub now: At,
    pub query: DeskQuery,
    /// The cases and the counts.
    pub page: QueuePage,
    /// Branches in order: id and name. Empty for staff who see one branch only.
    pub branches: Vec<(String, String)>,
    /// The branch at which a reader works who sees all of them: it is preselected.
    pub own: Option<String>,
    /// The hidden fields of a form that is posted by this reader.
    pub bound: Fields,
    /// A coming year whose holidays are not loaded.
    pub unknown_year: Option<i16>,
    /// Number of the case that is open beside the list.
    pub open: Option<String>,
}

impl Queue {
    /// The list with its filters. Its heading is an `h1` unless a case is open, whose heading is then the `h1`.
    pub fn view(self, live: Option<AnyView>) -> AnyView {
        let locale = locale(self.language);
        let title = self.name(locale);
        let heading = match self.open {
            Some(_) => view! { <h2 class="unseen desk-name">{title.clone()}</h2> }.into_any(),
            None => view! { <h1 class="unseen desk-name">{title.clone()}</h1> }.into_any(),
        };
        let unknown_year = self.unknown_year.map(|year| {
            let (title, text) =
                (t!(locale, desk.unknown_year_title, year = year), t!(locale, desk.unknown_year_text, year = year));
            view! { <Banner tone=Tone::Wait title=title text=text /> }
        });
        let closed = self.closed(locale);
        let search = search(locale, self.bound.clone(), self.query.number.clone());
        let (tabs, filters) = (self.tabs(locale), self.filters(locale));
        let no_number = self.query.says.contains(&Says::NoNumber).then(|| {
            let (title, text) = (t!(locale, desk.by_number_title), t!(locale, desk.by_number_text, count = CaseNumber::PART_MIN));
            view! { <Banner tone=Tone::Wait title=title text=text focused=true /> }
        });
        let table = if self.page.lines.is_empty() { self.nothing(locale) } else { self.table(locale, title) };
        let pagination = (self.page.total > 0).then(|| self.pagination(locale));
        let broken = self.query.page.notice(locale);
        view! {
            <section class="desk-queue">
                {heading}
                <div class="desk-top">{tabs} {search} {live}</div>
                {unknown_year}
                {closed}
                {broken}
                {no_number}
                {filters}
                <div class="desk-list">
                    {table}
                    {pagination}
                </div>
            </section>
        }
        .into_any()
    }

    /// The name of the list.
    fn name(&self, locale: Locale) -> String {
        match &self.query.state {
            _ if !self.query.number.is_empty() => t!(locale, desk.found),
            StateFilter::Waiting => t!(locale, desk.title),
            StateFilter::Day(list) => day_list_words(locale, *list),
            StateFilter::InClosure => t!(locale, desk.in_closure),
            StateFilter::Only(state) => self.state_name(locale, state),
            StateFilter::All => t!(locale, desk.any_state),
        }
    }

    /// The name of a state: of the chosen kind's, or else of the first that has it.
    fn state_name(&self, locale: Locale, state: &str) -> String {
        let mut kinds = kinds::all().filter(|ui| self.query.kind.is_none_or(|kind| kind == ui.kind()));
        kinds.find_map(|ui| ui.state(locale, state)).map_or_else(|| state.to_owned(), |(words, _)| words)
    }

    /// The appointments that fall into closed time, with the way to them.
    fn closed(&self, locale: Locale) -> Option<AnyView> {
        let n = self.page.in_closure.len();
        let link = (self.query.state != StateFilter::InClosure).then(|| {
            let query = DeskQuery { state: StateFilter::InClosure, ..DeskQuery::default() };
            view! {
                <p>
                    <a href=query.link("/desk")>{t!(locale, desk.in_closure_link)}</a>
                </p>
            }
        });
        let title = t!(locale, desk.in_closure_title, n = n);
        (n > 0).then(|| view! { <Banner tone=Tone::Wait title=title>{link}</Banner> }.into_any())
    }

    /// The lists of a working day and of what is to come, with their lengths.
    fn tabs(&self, locale: Locale) -> AnyView {
        let tab = |state: StateFilter, text: String, count: Option<i64>| {
            let here = self.query.state == state && self.query.number.is_empty();
            let link = Link::new(self.query.with_state(state).link("/desk"), text).current(here);
            match count.and_then(|count| u64::try_from(count).ok()) {
                Some(count) => link.count(count),
                None => link,
            }
        };
        let mut tabs = vec![tab(StateFilter::Waiting, t!(locale, desk.tab.waiting), Some(self.page.waiting))];
        tabs.extend(DayList::ALL.map(|list| {
            let count = self.page.day.iter().find(|(known, _)| *known == list).map(|(_, count)| *count);
            tab(StateFilter::Day(list), day_list_words(locale, list), count)
        }));
        let tabs = tabs.into_iter().map(|link| {
            view! {
                <a href=link.href aria-current=link.current.then_some("page")>
                    {link.text} {link.count.map(|count| view! { " " <b>{count}</b> })}
                </a>
            }
        });
        view! {
            <nav class="desk-tabs" aria-label=t!(locale, desk.tab.label)>
                {tabs.collect_view()}
            </nav>
        }
        .into_any()
    }

    fn filters(&self, locale: Locale) -> AnyView {
        let all = self.page.kinds.iter().map(|(_, found)| found).sum();
        let pill = |kind: Option<CaseKind>, text: String, found: i64| {
            let here = self.query.kind == kind && self.query.number.is_empty();
            Link::new(self.query.with_kind(kind).link("/desk"), text).current(here).count(self.count(found))
        };
        let mut pills = vec![pill(None, t!(locale, desk.all), all)];
        pills.extend(self.page.kinds.iter().map(|(kind, found)| pill(Some(*kind), kind_words(locale, *kind), *found)));
        let by_time = DayList::ALL.map(|list| (list.code().to_owned(), day_list_words(locale, list)));
        let mut groups = vec![(t!(locale, desk.tab.label), by_time.into())];
        for ui in kinds::all().filter(|ui| self.query.kind.is_none_or(|kind| kind == ui.kind())) {
            // Several kinds have states of one name: an option of the list of all kinds names its kind.
            let code = |state: &str| match self.query.kind {
                Some(_) => state.to_owned(),
                None => format!("{}{KIND_AND_STATE}{state}", ui.kind().code()),
            };
            let states = ui.states().map(|state| (code(state), state_words(locale, ui.kind(), state).0)).collect();
            groups.push((ui.name(locale), states));
        }
        let mut options =
            vec![(IN_CLOSURE.to_owned(), t!(locale, desk.in_closure)), (ALL_STATES.to_owned(), t!(locale, desk.any_state))];
        if let (None, StateFilter::Only(state)) = (self.query.kind, &self.query.state) {
            options.push((state.clone(), self.state_name(locale, state)));
        }
        let kind = self.query.kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.code() /> });
        view! {
            <div class="filters">
                <Pills label=t!(locale, desk.kinds) links=pills />
                <form method="get" action="/desk" class="filter-form">
                    {kind}
                    {(!self.branches.is_empty())
                        .then(|| {
                            let every = if self.own.is_some() { ALL_BRANCHES } else { "" };
                            let mut branches = vec![(every.to_owned(), t!(locale, desk.any_branch))];
                            branches.extend(self.branches.iter().cloned());
                            let chosen = self.query.branch.clone().or_else(|| self.own.clone());
                            // The forms of a case beside the list have a field of this name.
                            view! { <Select label=t!(locale, desk.branch) name="branch" id="of-branch" options=branches value=chosen /> }
                        })}
                    <Select
                        label=t!(locale, desk.state)
                        name="state"
                        options=options
                        groups=groups
                        value=self.query.state_value()
                        empty=t!(locale, desk.waiting)
                    />
                    <Button text=t!(locale, desk.filter) kind=ButtonKind::Secondary />
                </form>
            </div>
        }
        .into_any()
    }

    fn nothing(&self, locale: Locale) -> AnyView {
        let (title, hint) = if let Some(part) = self.query.part() {
            (t!(locale, desk.no_part, part = part), t!(locale, desk.no_part_hint))
        } else if !self.query.number.is_empty() {
            (t!(locale, desk.no_number, number = self.query.number.clone()), t!(locale, desk.no_number_hint))
        } else if self.query.page.start != PageStart::First {
            (t!(locale, paging.empty), String::new())
        } else if self.page.waiting == 0 && self.query.state == StateFilter::Waiting {
            (t!(locale, desk.all_done), t!(locale, desk.all_done_hint))
        } else {
            (t!(locale, desk.no_match), String::new())
        };
        let filtered = self.query.list() != DeskQuery::read("/desk");
        view! {
            <div class="desk-nothing">
                <p class="big">{title}</p>
                {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
                {filtered.then(|| view! { <LinkButton href="/desk" text=t!(locale, desk.show_waiting) kind=ButtonKind::Secondary /> })}
            </div>
        }
        .into_any()
    }

    fn table(&self, locale: Locale, title: String) -> AnyView {
        let columns: Vec<Column> = [
            Column::new(t!(locale, desk.number)),
            Column::new(t!(locale, desk.matter)),
            Column::new(t!(locale, desk.customer)),
            Column::new(t!(locale, desk.time)),
            Column::new(t!(locale, desk.state)),
            Column::new(t!(locale, desk.due)),
        ]
        .into_iter()
        .chain(self.names_branches().then(|| Column::new(t!(locale, desk.branch))))
        .collect();
        let rows = self.page.lines.iter().map(|line| self.row(locale, line)).collect();
        view! { <Table caption=title columns=columns rows=rows /> }.into_any()
    }

    fn row(&self, locale: Locale, line: &CaseLine) -> TableRow {
        let (state, tone) = state_words(locale, line.kind, &line.state);
        let path = format!("/desk/cases/{}", line.number);
        let mark = self.page.in_closure.contains(&line.number).then(|| {
            view! { <span class="alarm late">{t!(locale, desk.in_closure_mark)}</span> }
        });
        let time = line.time.map_or_else(none, |(from, _)| view! { {self.appointment(from)} {mark} }.into_any());
        let mut cells = vec![
            view! { <span class="case-number">{line.number.clone()}</span> }.into_any(),
            short_words(self.language, line).into_any(),
            mask_name(&line.customer_name).into_any(),
            time,
            view! { <StateTag text=state tone=tone /> }.into_any(),
            due(self.language, line, self.now),
        ];
        if self.names_branches() {
            cells.push(self.branch_words(locale, line).into_any());
        }
        TableRow::new(cells).href(self.query.list().link(&path)).current(self.open.as_ref() == Some(&line.number))
    }

    /// Whether the list may hold cases of several branches.
    fn names_branches(&self) -> bool {
        !self.branches.is_empty() && self.query.branch(self.own.as_deref()).is_none()
    }

    /// The branch of a case; head office for a case without one.
    fn branch_words(&self, locale: Locale, line: &CaseLine) -> String {
        let Some(id) = &line.branch_id else { return t!(locale, desk.head_office) };
        self.branches.iter().find(|(known, _)| known == id).map_or_else(|| id.clone(), |(_, name)| name.clone())
    }

    /// The case to go on with after another one: the next in the list, or the first.
    pub fn next_after(&self, case: &CaseLine) -> Option<(String, String)> {
        let lines = &self.page.lines;
        let after = match lines.iter().position(|line| line.number == case.number) {
            Some(place) => lines.get(place + 1),
            // The case has left the list: the one that follows its place, in the order of the list.
            None if matches!(self.query.state, StateFilter::Day(_) | StateFilter::InClosure) => {
                lines.iter().find(|line| (line.time, &line.number) > (case.time, &case.number))
            }
            None => lines.iter().find(|line| (line.due_at, &line.number) > (case.due_at, &case.number)),
        };
        let next = after.or_else(|| lines.first()).filter(|line| line.number != case.number)?;
        Some((self.query.list().link(&super::case_path(&next.number)), short_words(self.language, next)))
    }

    /// The time of an appointment: today's relative, others by date; on paper in full.
    fn appointment(&self, from: At) -> AnyView {
        let day = if from.day() == self.now.day() {
            day_from_now(self.language, from.day(), self.now)
        } else {
            day_clear(self.language, from.day(), self.now)
        };
        let screen = format!("{day} {}", hhmm(from.time()));
        ScreenAndPrint::new(screen, moment_full(self.language, from)).view()
    }

    fn pagination(&self, locale: Locale) -> AnyView {
        let (page, shown, total) = (&self.query.page, self.page.lines.len(), self.count(self.page.total));
        let text = if self.page.more {
            t!(locale, desk.part_more, count = shown)
        } else if page.start == PageStart::First && shown > 0 {
            t!(locale, desk.range, first = 1, last = shown, total = total)
        } else {
            t!(locale, desk.total, total = total)
        };
        page.links(locale, text, &self.page.neighbours, |page| self.query.with_page(page).link("/desk"))
    }

    /// A number of cases. It is exact where it says how much is to be done; of finished work nobody needs more than "1,000+".
    fn count(&self, cases: i64) -> String {
        if cases > COUNTED && self.query.state != StateFilter::Waiting {
            format!("{}+", grouped(COUNTED))
        } else {
            grouped(cases)
        }
    }
}

/// The search by number. It is posted, because people also type names into it.
pub fn search(locale: Locale, bound: Fields, number: String) -> AnyView {
    view! {
        <form method="post" action=SEARCH role="search" class="desk-search">
            {hidden(bound)}
            <TextField
                label=t!(locale, desk.number)
                name="number"
                value=number
                placeholder=t!(locale, desk.number_sample)
                autocomplete="off"
                literal=true
                unseen=true
            />
            <Button text=t!(locale, desk.find) kind=ButtonKind::Secondary />
        </form>
    }
    .into_any()
}

/// The name of a list of the day.
fn day_list_words(locale: Locale, list: DayList) -> String {
    match list {
        DayList::Today => t!(locale, desk.tab.today),
        DayList::Present => t!(locale, desk.tab.present),
        DayList::ToPrepare => t!(locale, desk.tab.prepare),
        DayList::Ahead => t!(locale, desk.tab.ahead),
    }
}

/// Numbers of cases up to this one are shown exactly in every list.
const COUNTED: i64 = 1_000;

/// A dash in the table; the cards of a phone leave the line out.
pub fn none() -> AnyView {
    view! { <span class="none">"—"</span> }.into_any()
}

/// The due time and the last alarm; a dash if the case does not wait for an answer.
pub fn due(language: Language, line: &CaseLine, now: At) -> AnyView {
    if !line.waiting {
        return none();
    }
    let (words, pressure) = due_words(language, line.due_at, now);
    let alarm = line.alarm.map(|alarm| {
        let class = if alarm == Alarm::Warning { "alarm soon" } else { "alarm late" };
        view! { <span class=class>{alarm_mark(locale(language), alarm)}</span> }
    });
    view! {
        <span class=pressure.class()>{ScreenAndPrint::new(words, moment_full(language, line.due_at)).view()}</span>
        {alarm}
    }
    .into_any()
}

/// The label of an alarm beside the due time.
fn alarm_mark(locale: Locale, alarm: Alarm) -> String {
    match alarm {
        Alarm::Warning => t!(locale, desk.alarm.warning),
        Alarm::Breach => t!(locale, desk.alarm.breach),
        Alarm::Escalation => t!(locale, desk.alarm.escalation),
    }
}
