//! A reception day, its slots, and what a customer says when they apply. Stable codes stand in pages, in the database
//! and in tests; the words are in the catalogue.

use serde::{Deserialize, Serialize};

use crate::cases::Phase;
use crate::kernel::language::Language;
use crate::kernel::people::Phone;
use crate::kernel::time::{At, Day, Time};

/// Who may apply for a reception (docs/domain.md §4). Nobody else is shown it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every customer.
    All,
    /// VIP customers.
    Vip,
    Company,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 3] = [Self::All, Self::Vip, Self::Company];

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Vip => "vip",
            Self::Company => "company",
        }
    }

    /// From storage.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.code() == code)
    }

    /// Whether a customer belongs to it.
    pub const fn admits(self, corporate: bool, vip: bool) -> bool {
        match self {
            Self::All => true,
            Self::Vip => vip,
            Self::Company => corporate,
        }
    }
}

/// A day on which a leader of a branch receives customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    /// Identifier; the value of the field `reception` where a day has several.
    pub id: String,
    pub branch_id: String,
    /// The day; a branch has at most one reception on it.
    pub day: Day,
    /// The host's name.
    pub host_name: String,
    /// The host's title, Chinese.
    pub host_title_zh: String,
    /// The host's title, English.
    pub host_title_en: String,
    /// What the day is about, Chinese.
    pub topic_zh: String,
    /// What the day is about, English.
    pub topic_en: String,
    /// Where in the branch, Chinese.
    pub place_zh: String,
    /// Where in the branch, English.
    pub place_en: String,
    /// Applications are taken from then.
    pub registration_from: At,
    /// … to before then.
    pub registration_until: At,
    /// Who may apply.
    pub audience: Audience,
}

impl Reception {
    /// The host with their title: `何静 行长`, `何静, branch manager`.
    pub fn host(&self, language: Language) -> String {
        match language {
            Language::ZhCn => format!("{} {}", self.host_name, self.host_title_zh),
            Language::En => format!("{}, {}", self.host_name, self.host_title_en),
        }
    }

    /// What the day is about.
    pub fn topic(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.topic_zh,
            Language::En => &self.topic_en,
        }
    }

    /// Where in the branch.
    pub fn place(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.place_zh,
            Language::En => &self.place_en,
        }
    }

    /// Whether applications are taken at this moment.
    pub fn is_registering(&self, now: At) -> bool {
        self.registration_from <= now && now < self.registration_until
    }
}

/// What an application is about (docs/domain.md §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// 产品
    Product,
    /// 服务
    Service,
    /// 投诉
    Complaint,
    /// 融资
    Financing,
    /// 其他
    Other,
}

impl Topic {
    /// Every topic, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Product, Self::Service, Self::Complaint, Self::Financing, Self::Other];

    /// The stable code: the radio's value, and the case's topic.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Service => "service",
            Self::Complaint => "complaint",
            Self::Financing => "financing",
            Self::Other => "other",
        }
    }

    /// The bank's term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Product => "产品",
            Self::Service => "服务",
            Self::Complaint => "投诉",
            Self::Financing => "融资",
            Self::Other => "其他",
        }
    }

    /// Reads a code or the bank's term.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.code() == text || topic.term() == text)
    }
}

/// Where an application stands. What follows a confirmed one (received, minutes, answered) is not kept here yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceptionState {
    /// The branch has not answered yet. Also after its time has passed: then alarms are given, and it is never closed by itself.
    Applied,
    /// The customer is expected.
    Confirmed,
    /// The branch has said no; the place is given back.
    Declined,
    /// The customer has given it up; the place is given back.
    Cancelled,
}

impl ReceptionState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Applied, Self::Confirmed, Self::Declined, Self::Cancelled];

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// From storage.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What it means for everybody.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Applied => Phase::Waiting,
            Self::Confirmed => Phase::Live,
            Self::Declined | Self::Cancelled => Phase::Final,
        }
    }

    /// Whether the application holds its place and its time.
    pub const fn is_live(self) -> bool {
        !matches!(self.phase(), Phase::Final)
    }
}

/// An application that may be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceptionWish {
    /// Which reception.
    pub reception: String,
    pub day: Day,
    /// The slot's beginning.
    pub slot: Time,
    /// What it is about.
    pub topic: Topic,
    /// In the customer's words.
    pub summary: String,
    /// The result hoped for.
    pub hope: String,
    /// How many come, the customer included.
    pub attendees: i64,
    /// Where the branch reaches them.
    pub phone: Phone,
}
