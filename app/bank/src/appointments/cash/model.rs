//! The types of a cash booking: notes, collector, purpose, the validated values, the states.
//!
//! Transitions are in [`super::states`], parsing of the form in [`super::rules`].

use serde::{Deserialize, Serialize};

use crate::cases::Phase;
use crate::kernel::money::Fen;
use crate::kernel::people::{IdType, Phone};
use crate::kernel::time::{Day, Time};

/// A banknote (券别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denomination {
    /// 100 yuan.
    Hundred,
    /// 50 yuan.
    Fifty,
    /// 20 yuan.
    Twenty,
    /// 10 yuan.
    Ten,
    /// 5 yuan.
    Five,
    /// 1 yuan.
    One,
}

impl Denomination {
    /// All denominations, the largest first: the order of forms, tables and row locks.
    pub const ALL: [Self; 6] = [Self::Hundred, Self::Fifty, Self::Twenty, Self::Ten, Self::Five, Self::One];

    /// Value in yuan.
    pub const fn yuan(self) -> i64 {
        match self {
            Self::Hundred => 100,
            Self::Fifty => 50,
            Self::Twenty => 20,
            Self::Ten => 10,
            Self::Five => 5,
            Self::One => 1,
        }
    }

    /// The denomination with this value in yuan.
    pub fn of_yuan(yuan: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|note| note.yuan() == yuan)
    }

    /// The form field of its count.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Hundred => "notes_100",
            Self::Fifty => "notes_50",
            Self::Twenty => "notes_20",
            Self::Ten => "notes_10",
            Self::Five => "notes_5",
            Self::One => "notes_1",
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Hundred => 0,
            Self::Fifty => 1,
            Self::Twenty => 2,
            Self::Ten => 3,
            Self::Five => 4,
            Self::One => 5,
        }
    }
}

/// Counts of notes in the order of [`Denomination::ALL`]; never negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notes(pub [i64; 6]);

impl Notes {
    pub const NONE: Self = Self([0; 6]);

    pub const fn count(&self, note: Denomination) -> i64 {
        self.0[note.index()]
    }

    /// A copy with another count of one denomination.
    #[must_use]
    pub const fn with(mut self, note: Denomination, count: i64) -> Self {
        self.0[note.index()] = count;
        self
    }

    /// Every denomination with its count, including counts of 0.
    pub fn iter(&self) -> impl Iterator<Item = (Denomination, i64)> {
        Denomination::ALL.into_iter().zip(self.0)
    }

    /// Value in whole yuan; saturates.
    pub fn yuan(&self) -> i64 {
        self.iter().fold(0_i64, |sum, (note, count)| sum.saturating_add(count.saturating_mul(note.yuan())))
    }

    pub fn value(&self) -> Fen {
        Fen::from_yuan(self.yuan())
    }

    /// Total number of notes; saturates.
    pub fn pieces(&self) -> i64 {
        self.0.iter().fold(0_i64, |sum, count| sum.saturating_add(*count))
    }

    /// Whether all counts are 0.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }

    /// Whether the stock covers every count.
    pub fn fit(&self, stock: &Self) -> bool {
        self.first_short(stock).is_none()
    }

    /// The largest denomination of which the stock has too few.
    pub fn first_short(&self, stock: &Self) -> Option<Denomination> {
        Denomination::ALL.into_iter().find(|note| self.count(*note) > stock.count(*note))
    }

    /// The smaller count of each denomination.
    #[must_use]
    pub fn at_most(&self, stock: &Self) -> Self {
        self.zip(stock, i64::min)
    }

    /// The sum of both; saturates.
    #[must_use]
    pub fn plus(&self, more: &Self) -> Self {
        self.zip(more, i64::saturating_add)
    }

    /// The difference; `None` if a count would be negative.
    pub fn minus(&self, fewer: &Self) -> Option<Self> {
        fewer.fit(self).then(|| self.zip(fewer, i64::saturating_sub))
    }

    fn zip(&self, other: &Self, with: impl Fn(i64, i64) -> i64) -> Self {
        let mut counts = [0; 6];
        for (count, (mine, theirs)) in counts.iter_mut().zip(self.0.into_iter().zip(other.0)) {
            *count = with(mine, theirs);
        }
        Self(counts)
    }
}

/// Who collects the cash (谁来取).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collector {
    /// The customer; for a company, the operator who booked.
    Myself,
    /// An agent (代理人).
    Agent {
        name: String,
        /// Type of the identity document.
        id_type: IdType,
        /// Number of the document, validated if it has a check digit.
        id: String,
    },
}

impl Collector {
    /// Code of [`Collector::Myself`].
    pub const MYSELF: &str = "self";
    /// Code of [`Collector::Agent`].
    pub const AGENT: &str = "agent";

    /// The value of the form field `collector`, also stored.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Myself => Self::MYSELF,
            Self::Agent { .. } => Self::AGENT,
        }
    }
}

/// The purpose that needs a description.
pub const PURPOSE_OTHER: &str = "其他";

/// Purposes of persons (docs/domain.md §3). The Chinese term is the stored value.
pub const PERSONAL_PURPOSES: [&str; 13] = [
    "食品烟酒",
    "衣着",
    "居住",
    "生活用品",
    "交通通信",
    "教育文娱",
    "医疗",
    "收藏品",
    "经营性支出",
    "境外消费",
    "境外投资",
    "境外贸易",
    PURPOSE_OTHER,
];

/// Purposes of companies (docs/domain.md §3).
pub const CORPORATE_PURPOSES: [&str; 7] = ["工资", "劳务报酬", "奖金", "劳保福利", "收购农副产品", "差旅费", PURPOSE_OTHER];

/// The purposes a customer can choose from.
pub const fn purposes(corporate: bool) -> &'static [&'static str] {
    if corporate { &CORPORATE_PURPOSES } else { &PERSONAL_PURPOSES }
}

/// What the cash is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// One of [`purposes`].
    pub term: String,
    /// The customer's description, with 其他 only.
    pub other: Option<String>,
}

/// A validated booking. Only the database can still refuse it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashRequest {
    /// Id of an active account of the customer.
    pub account: String,
    pub branch: String,
    pub day: Day,
    /// Start of the slot.
    pub slot: Time,
    /// Whole yuan.
    pub amount: Fen,
    /// The notes to pay out; their value is the amount. With `any_notes` the proposed split.
    pub notes: Notes,
    /// Whether the branch chooses the notes.
    pub any_notes: bool,
    /// Whether new notes are preferred.
    pub new_notes: bool,
    /// `None` if it is not asked.
    pub purpose: Option<Purpose>,
    pub collector: Collector,
    /// Phone number for questions of the branch.
    pub phone: Phone,
    /// May be empty.
    pub remark: String,
}

/// State of a booking (docs/domain.md §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CashState {
    /// Submitted; waits for the bank's answer.
    Submitted,
    /// The company's approver has to agree before the bank is asked.
    AwaitingCompanyApprover,
    /// Confirmed by a clerk; waits for approval by the branch head.
    AwaitingApproval,
    /// Confirmed.
    Confirmed,
    /// The branch has proposed another place; waits for the customer's answer.
    Proposed,
    /// The cash has been prepared.
    Prepared,
    /// The collector is at the counter.
    Arrived,
    /// Paid out.
    Completed,
    /// Cancelled by the customer or the branch.
    Cancelled,
    /// Declined by the branch.
    Declined,
    /// Not answered in time.
    TimedOut,
    /// Not collected.
    NoShow,
}

impl CashState {
    pub const ALL: [Self; 12] = [
        Self::Submitted,
        Self::AwaitingCompanyApprover,
        Self::AwaitingApproval,
        Self::Confirmed,
        Self::Proposed,
        Self::Prepared,
        Self::Arrived,
        Self::Completed,
        Self::Cancelled,
        Self::Declined,
        Self::TimedOut,
        Self::NoShow,
    ];

    /// The code stored and used in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::AwaitingCompanyApprover => "awaiting_company_approver",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Confirmed => "confirmed",
            Self::Proposed => "proposed",
            Self::Prepared => "prepared",
            Self::Arrived => "arrived",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::TimedOut => "timed_out",
            Self::NoShow => "no_show",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The phase: held, waiting, proposed, live or final.
    pub const fn phase(self) -> Phase {
        match self {
            Self::AwaitingCompanyApprover => Phase::Held,
            Self::Submitted | Self::AwaitingApproval => Phase::Waiting,
            Self::Proposed => Phase::Proposed,
            Self::Confirmed | Self::Prepared | Self::Arrived => Phase::Live,
            Self::Completed | Self::Cancelled | Self::Declined | Self::TimedOut | Self::NoShow => Phase::Final,
        }
    }

    /// Whether it reserves capacity and counts for the limit of one booking per day.
    pub const fn is_live(self) -> bool {
        !matches!(self.phase(), Phase::Final)
    }

    /// Whether the customer may still move it: nothing is made ready yet.
    pub const fn is_movable(self) -> bool {
        matches!(
            self,
            Self::AwaitingCompanyApprover | Self::Submitted | Self::AwaitingApproval | Self::Confirmed | Self::Proposed
        )
    }

    /// Whether it waits for an answer of the bank.
    pub const fn is_waiting(self) -> bool {
        matches!(self.phase(), Phase::Waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::{CORPORATE_PURPOSES, CashState, Denomination, Notes, PERSONAL_PURPOSES, PURPOSE_OTHER};
    use crate::kernel::money::Fen;

    #[test]
    fn notes_are_added_taken_away_and_compared_by_count() {
        let some = Notes([3, 1, 0, 2, 0, 4]);
        assert_eq!(some.value(), Fen::from_yuan(374));
        assert_eq!(some.pieces(), 10);
        assert_eq!(some.minus(&Notes([1, 1, 0, 0, 0, 4])), Some(Notes([2, 0, 0, 2, 0, 0])));
        assert_eq!(some.minus(&Notes([0, 0, 1, 0, 0, 0])), None);
        assert_eq!(some.first_short(&Notes([3, 0, 9, 0, 9, 9])), Some(Denomination::Fifty));
        assert_eq!(some.at_most(&Notes([2, 2, 2, 2, 2, 2])), Notes([2, 1, 0, 2, 0, 2]));
        assert_eq!(Notes::NONE.with(Denomination::Ten, 5).count(Denomination::Ten), 5);
    }

    #[test]
    fn absurd_counts_do_not_overflow() {
        let many = Notes([i64::MAX; 6]);
        assert_eq!(many.yuan(), i64::MAX);
        assert_eq!(many.pieces(), i64::MAX);
        assert_eq!(many.plus(&many), many);
    }

    #[test]
    fn every_state_and_note_is_known_by_its_code() {
        for state in CashState::ALL {
            assert_eq!(CashState::parse(state.code()), Some(state));
            assert_eq!(serde_json::to_string(&state).expect("json"), format!("\"{}\"", state.code()));
            assert!(state.is_live() || !state.is_waiting());
        }
        for note in Denomination::ALL {
            assert_eq!(Denomination::of_yuan(note.yuan()), Some(note));
            assert_eq!(note.field(), format!("notes_{}", note.yuan()));
        }
    }

    #[test]
    fn both_lists_of_purposes_end_in_other() {
        assert_eq!(PERSONAL_PURPOSES.last(), Some(&PURPOSE_OTHER));
        assert_eq!(CORPORATE_PURPOSES.last(), Some(&PURPOSE_OTHER));
    }
}
