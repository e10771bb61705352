//! The query of a desk page's URL: filters, page, and the key of a refused form. Unknown filters are ignored; default
//! values are left out of links.

use std::collections::BTreeSet;

use bank::cases::{CaseKind, DayList, QueueFilter, StateFilter};
use bank::kernel::ids::CaseNumber;
use bank::kernel::text::cleaned;
use bank::kernel::time::{Day, day_text, parse_day};
use serde::Deserialize;

use super::BOARD;
use crate::paging::Paging;

/// The value of `state` for all states. Without the parameter the queue shows waiting cases.
pub const ALL_STATES: &str = "all";

/// The value of `state` for appointments that fall into closed time.
pub const IN_CLOSURE: &str = "closure";

/// The value of `branch` for all branches, where the reader's own is preselected.
pub const ALL_BRANCHES: &str = "all";

/// Between the kind and the state of an option: codes have no such character.
pub const KIND_AND_STATE: char = '.';

/// The query of a desk page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskQuery {
    pub kind: Option<CaseKind>,
    pub branch: Option<String>,
    pub state: StateFilter,
    /// A case number as typed; empty: none.
    pub number: String,
    pub page: Paging,
    /// The form whose refusal the page shows.
    pub key: Option<String>,
    /// The notices to show.
    pub says: BTreeSet<Says>,
    /// The day of the board that the case was opened from.
    pub board: Option<Day>,
}

/// A notice about the form whose post led to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// The action was executed.
    Done,
    /// Another tab has changed the form; nothing was overwritten.
    Stale,
    /// The form was posted after the session had ended.
    Unsent,
    /// The key was used before with different values.
    Used,
    /// What was looked for is neither a case number nor part of one.
    NoNumber,
}

impl Says {
    const ALL: [Self; 5] = [Self::Done, Self::Stale, Self::Unsent, Self::Used, Self::NoNumber];

    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Stale => "stale",
            Self::Unsent => "unsent",
            Self::Used => "used",
            Self::NoNumber => "no_number",
        }
    }
}

/// The query of a day board's URL, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct BoardQuery {
    pub branch: Option<String>,
    pub day: Option<String>,
}

impl BoardQuery {
    /// URL of a board's page with this query.
    pub fn link(&self, path: &str) -> String {
        let pairs = [("branch", &self.branch), ("day", &self.day)];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

impl DeskQuery {
    /// Parses a path with its query.
    pub fn read(uri: &str) -> Self {
        let query = uri.split_once('?').map_or("", |(_, query)| query);
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = cleaned(&value).trim().to_owned();
            if value.is_empty() {
                continue;
            }
            match name.as_ref() {
                "kind" => read.kind = CaseKind::parse(&value),
                "branch" => read.branch = Some(value),
                "state" if value == ALL_STATES => read.state = StateFilter::All,
                "state" if value == IN_CLOSURE => read.state = StateFilter::InClosure,
                "state" => read.read_state(&value),
                "number" => read.number = value,
                "after" | "before" => read.page.read_pair(&name, &value),
                "key" => read.key = Some(value),
                "board" => read.board = parse_day(&value),
                other => read.says.extend(Says::ALL.into_iter().find(|says| says.name() == other)),
            }
        }
        read
    }

    /// A list by time, or a state: its code, in the list of every kind with the kind's before it.
    fn read_state(&mut self, value: &str) {
        let of_kind = value.split_once(KIND_AND_STATE).and_then(|(kind, state)| Some((CaseKind::parse(kind)?, state)));
        match (of_kind, DayList::parse(value)) {
            (Some((kind, state)), _) => (self.kind, self.state) = (Some(kind), StateFilter::Only(state.to_owned())),
            (None, Some(list)) => self.state = StateFilter::Day(list),
            (None, None) => self.state = StateFilter::Only(value.to_owned()),
        }
    }

    /// What somebody typed to look for: a case number or part of one.
    pub fn search(typed: &str) -> Self {
        let typed = typed.trim();
        if typed.is_empty() || CaseNumber::parse(typed).is_ok() || CaseNumber::part(typed).is_some() {
            return Self { number: typed.to_owned(), ..Self::default() };
        }
        // It may be a name or a phone number, which must not stand in an address.
        Self::default().saying(Says::NoNumber)
    }

    /// The typed number in canonical form, or as typed if it is not a case number, so that nothing is found. `None` for part of
    /// a number.
    pub fn canonical_number(&self) -> Option<String> {
        if self.number.is_empty() || self.part().is_some() {
            return None;
        }
        Some(CaseNumber::parse(&self.number).map_or_else(|_| self.number.clone(), |number| number.as_str().to_owned()))
    }

    /// The typed part of a number.
    pub fn part(&self) -> Option<String> {
        CaseNumber::part(&self.number).filter(|_| CaseNumber::parse(&self.number).is_err())
    }

    /// The branch of the list: the chosen one, or else the reader's own (`own`); `None` for all.
    pub fn branch<'a>(&'a self, own: Option<&'a str>) -> Option<&'a str> {
        self.branch.as_deref().or(own).filter(|branch| *branch != ALL_BRANCHES)
    }

    /// The filter of the queue for a reader who works at this branch and may see others.
    pub fn filter(&self, own: Option<&str>) -> QueueFilter {
        QueueFilter {
            kind: self.kind,
            branch: self.branch(own).map(str::to_owned),
            state: self.state.clone(),
            number: self.canonical_number(),
            part: self.part(),
            start: self.page.start.clone(),
        }
    }

    /// The value of the select element `state`.
    pub fn state_value(&self) -> String {
        match &self.state {
            StateFilter::Waiting => String::new(),
            StateFilter::Only(state) => state.clone(),
            StateFilter::InClosure => IN_CLOSURE.to_owned(),
            StateFilter::Day(list) => list.code().to_owned(),
            StateFilter::All => ALL_STATES.to_owned(),
        }
    }

    /// The same filters with another kind, from the first page.
    #[must_use]
    pub fn with_kind(&self, kind: Option<CaseKind>) -> Self {
        Self { kind, page: Paging::default(), number: String::new(), ..self.list() }
    }

    /// The same branch in another state, from the first page.
    #[must_use]
    pub fn with_state(&self, state: StateFilter) -> Self {
        Self { branch: self.branch.clone(), state, ..Self::default() }
    }

    /// Another page of the same list.
    #[must_use]
    pub fn with_page(&self, page: &Paging) -> Self {
        Self { page: page.clone(), ..self.list() }
    }

    /// The same filters with the key of a refused form.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The same list without a form. Its other cases were not opened from a board.
    #[must_use]
    pub fn list(&self) -> Self {
        Self { key: None, says: BTreeSet::new(), board: None, ..self.clone() }
    }

    /// The page of the same case without a form.
    #[must_use]
    pub fn of_case(&self) -> Self {
        Self { board: self.board, ..self.list() }
    }

    /// URL of the board that this case was opened from, at its row.
    pub fn to_board(&self, number: &str) -> Option<String> {
        let board = BoardQuery { branch: self.branch.clone(), day: Some(day_text(self.board?)) };
        Some(format!("{}#{number}", board.link(BOARD)))
    }

    /// The same query with this notice.
    #[must_use]
    pub fn saying(mut self, says: Says) -> Self {
        self.says.insert(says);
        self
    }

    /// URL of a desk page with this query.
    pub fn link(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.code());
        }
        if let Some(branch) = &self.branch {
            query.append_pair("branch", branch);
        }
        let (state, number) = (self.state_value(), self.number.as_str());
        let (name, page) = self.page.pair().unwrap_or_default();
        let key = self.key.as_deref().unwrap_or_default();
        for (name, value) in [("state", state.as_str()), ("number", number), (name, page.as_str()), ("key", key)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(day) = self.board {
            query.append_pair("board", &day_text(day));
        }
        for says in &self.says {
            query.append_pair(says.name(), "1");
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::DeskQuery;
    use crate::kinds::{self, Ui};
    use crate::paging::Paging;
    use bank::cases::{DayList, PageStart, StateFilter};
    use bank::kernel::ids::CaseNumber;

    #[test]
    fn without_a_query_the_desk_shows_what_waits() {
        let query = DeskQuery::read("/desk");
        assert_eq!(query.filter(None).state, StateFilter::Waiting);
        assert_eq!(query.link("/desk"), "/desk");
    }

    #[test]
    fn filters_are_kept_from_page_to_page() {
        for kind in kinds::all().map(Ui::kind) {
            let filters = format!("kind={}&branch=shiqi&state=confirmed", kind.code());
            let page = format!("after=1764000000000.{}", CaseNumber::generate("QK", &[7; 8]));
            let query = DeskQuery::read(&format!("/desk?{filters}&{page}"));
            assert_eq!(query.kind, Some(kind));
            assert_eq!(query.link("/desk"), format!("/desk?{filters}&{page}"));
            assert_eq!(query.with_page(&Paging::default()).link("/desk"), format!("/desk?{filters}"));
            assert_eq!(query.with_kind(None).link("/desk"), "/desk?branch=shiqi&state=confirmed");
            assert_eq!(query.with_key("k1").link("/desk/cases/X"), format!("/desk/cases/X?{filters}&{page}&key=k1"));
        }
    }

    #[test]
    fn a_filter_nobody_knows_filters_nothing() {
        let query = DeskQuery::read("/desk?kind=loans&page=-4&before=x&colour=red&state=all");
        assert_eq!((query.kind, query.filter(None).start), (None, PageStart::First));
        assert!(query.page.is_broken, "a position that is none of ours is reported");
        assert_eq!(query.state, StateFilter::All);
    }

    #[test]
    fn the_own_branch_is_preselected_and_all_of_them_can_be_chosen() {
        let branch = |uri: &str| DeskQuery::read(uri).filter(Some("shiqi")).branch;
        assert_eq!(branch("/desk").as_deref(), Some("shiqi"));
        assert_eq!(branch("/desk?branch=dongqu").as_deref(), Some("dongqu"));
        assert_eq!((branch("/desk?branch=all"), DeskQuery::read("/desk").filter(None).branch), (None, None));
        let today = DeskQuery::read("/desk?branch=all&state=today");
        assert_eq!(today.state, StateFilter::Day(DayList::Today));
        assert_eq!(today.with_state(StateFilter::Day(DayList::ToPrepare)).link("/desk"), "/desk?branch=all&state=prepare");
    }

    #[test]
    fn a_state_of_one_kind_is_a_state_and_its_kind() {
        for ui in kinds::all() {
            for state in ui.states() {
                let chosen = DeskQuery::read(&format!("/desk?state={}.{state}", ui.kind().code()));
                assert_eq!(chosen.link("/desk"), format!("/desk?kind={}&state={state}", ui.kind().code()));
            }
        }
        assert_eq!(DeskQuery::read("/desk?state=no.such").kind, None);
    }

    #[test]
    fn only_a_number_or_a_part_of_one_comes_into_an_address() {
        for typed in ["QK7-3M9D-X4V", " 3m9d ", ""] {
            assert!(DeskQuery::search(typed).says.is_empty(), "{typed}");
        }
        for typed in ["陈志远", "13800000000", "110101199001010018", "X4V", "smith & co"] {
            assert_eq!(DeskQuery::search(typed).link("/desk"), "/desk?no_number=1");
        }
        let part = DeskQuery::search("3m9d");
        assert_eq!((part.part().as_deref(), part.canonical_number()), (Some("3M9D"), None));
        let number = CaseNumber::generate("QK", &[7; 8]);
        let whole = DeskQuery::search(number.as_str());
        assert_eq!((whole.part(), whole.canonical_number().as_deref()), (None, Some(number.as_str())));
    }

    #[test]
    fn a_case_opened_from_a_board_leads_back_to_its_row() {
        let query = DeskQuery::read("/desk/cases/X?branch=shiqi&state=today&board=2026-12-02&done=1");
        assert_eq!(query.to_board("QK7").as_deref(), Some("/desk/day?branch=shiqi&day=2026-12-02#QK7"));
        assert_eq!(query.of_case().link("/x"), "/x?branch=shiqi&state=today&board=2026-12-02", "also after its own acts");
        for elsewhere in [query.list(), query.with_kind(None), query.with_page(&Paging::default())] {
            assert_eq!(elsewhere.link("/x"), "/x?branch=shiqi&state=today", "other cases were not opened from it");
        }
        assert_eq!(DeskQuery::read("/desk/cases/X?board=tomorrow").to_board("QK7"), None);
    }

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        let typed = DeskQuery::read("/desk?number=+jd2-7xqa-8");
        let number = CaseNumber::generate("QK", &[7; 8]);
        let loose = number.as_str().to_lowercase().replace('-', "");
        assert_eq!(DeskQuery::read(&format!("/desk?number={loose}")).canonical_number().as_deref(), Some(number.as_str()));
        assert_eq!(typed.number, "jd2-7xqa-8");
        assert!(DeskQuery::read("/desk?number=hello").canonical_number().is_some(), "what is no number finds nothing");
    }
}
