//! Types of receptions and applications. The codes are used in pages, in the database and in tests; the texts are in the
//! catalogue.

use serde::{Deserialize, Serialize};

use crate::cases::Phase;
use crate::kernel::language::Language;
use crate::kernel::people::Phone;
use crate::kernel::time::{At, Day, Time};

/// Who may apply for a reception (docs/domain.md §4). Other customers do not see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    All,
    Vip,
    Company,
}

impl Audience {
    pub const ALL: [Self; 3] = [Self::All, Self::Vip, Self::Company];

    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Vip => "vip",
            Self::Company => "company",
        }
    }

    /// Parses a code.
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
    /// Id; the value of the field `reception` if the day has several.
    pub id: String,
    pub branch_id: String,
    /// The day. A branch has at most one reception per day.
    pub day: Day,
    pub host_name: String,
    /// Title of the host, Chinese.
    pub host_title_zh: String,
    /// Title of the host, English.
    pub host_title_en: String,
    /// Topic of the day, Chinese.
    pub topic_zh: String,
    /// Topic of the day, English.
    pub topic_en: String,
    /// Place in the branch, Chinese.
    pub place_zh: String,
    /// Place in the branch, English.
    pub place_en: String,
    /// Start of registration (inclusive).
    pub registration_from: At,
    /// End of registration (exclusive).
    pub registration_until: At,
    pub audience: Audience,
}

impl Reception {
    /// The host with title: `何静 行长`, `何静, branch manager`.
    pub fn host(&self, language: Language) -> String {
        match language {
            Language::ZhCn => format!("{} {}", self.host_name, self.host_title_zh),
            Language::En => format!("{}, {}", self.host_name, self.host_title_en),
        }
    }

    /// Topic of the day.
    pub fn topic(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.topic_zh,
            Language::En => &self.topic_en,
        }
    }

    /// Place in the branch.
    pub fn place(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.place_zh,
            Language::En => &self.place_en,
        }
    }

    /// Whether applications are accepted at this time.
    pub fn is_registering(&self, now: At) -> bool {
        self.registration_from <= now && now < self.registration_until
    }
}

/// The subject of an application (docs/domain.md §4).
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
    /// All topics, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Product, Self::Service, Self::Complaint, Self::Financing, Self::Other];

    /// The code: the value of the radio button, and the topic of the case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Service => "service",
            Self::Complaint => "complaint",
            Self::Financing => "financing",
            Self::Other => "other",
        }
    }

    /// The bank's Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Product => "产品",
            Self::Service => "服务",
            Self::Complaint => "投诉",
            Self::Financing => "融资",
            Self::Other => "其他",
        }
    }

    /// Parses a code or the bank's term.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.code() == text || topic.term() == text)
    }
}

/// State of an application. The steps after confirmation (received, minutes, answered) are not built yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceptionState {
    /// The branch has not answered yet. After the due time alarms are raised; the system never closes the application.
    Applied,
    /// The customer is expected.
    Confirmed,
    /// Declined by the branch; the place is released.
    Declined,
    /// Cancelled by the customer; the place is released.
    Cancelled,
}

impl ReceptionState {
    pub const ALL: [Self; 4] = [Self::Applied, Self::Confirmed, Self::Declined, Self::Cancelled];

    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The phase: waiting, live or final.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Applied => Phase::Waiting,
            Self::Confirmed => Phase::Live,
            Self::Declined | Self::Cancelled => Phase::Final,
        }
    }

    /// Whether the application reserves a place and the customer's time.
    pub const fn is_live(self) -> bool {
        !matches!(self.phase(), Phase::Final)
    }
}

/// A validated application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceptionRequest {
    /// Id of the reception.
    pub reception: String,
    pub day: Day,
    /// Start of the slot.
    pub slot: Time,
    pub topic: Topic,
    /// The subject in the customer's words.
    pub summary: String,
    /// The result hoped for.
    pub hope: String,
    /// Number of people, including the customer.
    pub attendees: i64,
    /// Phone number for questions of the branch.
    pub phone: Phone,
}
