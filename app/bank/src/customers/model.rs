//! A customer's data as the customer and as staff see it.

use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};
use crate::sessions::CustomerKind;

/// What the customer sees on `/me`. Numbers are masked even here, because other people may see the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Person or company.
    pub kind: CustomerKind,
    /// Full name.
    pub name: String,
    /// Date of birth of a person.
    pub birth_day: Option<Day>,
    /// Term of the ID document (docs/domain.md §3).
    pub id_type: String,
    /// First 6 and last 4 characters.
    pub id_masked: String,
    /// First 3 and last 4 digits.
    pub phone_masked: String,
    /// Down to the district.
    pub address: String,
    /// Lives in China.
    pub resident: bool,
    /// Full capacity for civil conduct.
    pub capable: bool,
    /// 贵宾
    pub vip: bool,
    /// The purpose of a withdrawal is asked at any amount.
    pub risk_flag: bool,
    /// The branch the customer usually visits.
    pub usual_branch_id: Option<String>,
}

/// What staff see beside a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerCard {
    /// Person or company.
    pub kind: CustomerKind,
    /// Masked name.
    pub name: String,
    /// 贵宾
    pub vip: bool,
    /// Age in years, `None` for a company. Staff take extra care from 65 on.
    pub age: Option<i64>,
    /// Masked.
    pub phone: String,
    /// Masked.
    pub id: String,
    /// Term of the ID document.
    pub id_type: String,
}

/// An account of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier; the value of the field `account`.
    pub id: String,
    /// `debit_card`, `passbook`, `settlement`.
    pub kind: String,
    /// Last four digits.
    pub last4: String,
    /// Whether cash can be booked from it.
    pub active: bool,
    pub balance: Fen,
}

/// A purpose a customer may consent to; each consent can be withdrawn (个人信息保护法).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentPurpose {
    /// Recommendations selected by personal data.
    Recommendations,
}

impl ConsentPurpose {
    pub const ALL: [Self; 1] = [Self::Recommendations];

    /// The code stored and posted.
    pub fn code(self) -> &'static str {
        match self {
            Self::Recommendations => "recommendations",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

/// The current state of a consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub purpose: ConsentPurpose,
    /// `None`: not given, or withdrawn.
    pub given: Option<Given>,
}

/// A consent that has been given and not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub at: At,
    /// Version of the notice at that time.
    pub notice: String,
}
