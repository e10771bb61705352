//! What the bank holds about a customer, as its owner and as staff see it.

use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day};
use crate::sessions::CustomerKind;

/// What the owner sees on `/me`; numbers are masked even here, a screen is seen by others.
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
    /// First 6 and last 4.
    pub id_masked: String,
    /// 3 + 4.
    pub phone_masked: String,
    /// To the district.
    pub address: String,
    /// Lives in the country.
    pub resident: bool,
    /// Full capacity for civil conduct.
    pub capable: bool,
    /// 贵宾
    pub vip: bool,
    /// The purpose of a withdrawal is asked whatever the amount.
    pub risk_flag: bool,
    /// The branch they usually go to.
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
    /// 65 and over: extra care.
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

/// What a customer may agree to; each can be withdrawn (个人信息保护法).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Recommendations chosen by personal data.
    Recommendations,
}

impl Purpose {
    /// Every purpose `/me` lists.
    pub const ALL: [Self; 1] = [Self::Recommendations];

    /// As stored and posted.
    pub fn code(self) -> &'static str {
        match self {
            Self::Recommendations => "recommendations",
        }
    }

    /// From a form.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

/// A consent as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// For what.
    pub purpose: Purpose,
    /// `None`: not given, or withdrawn.
    pub given: Option<Given>,
}

/// A consent that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Since when.
    pub at: At,
    /// Version of the notice it was given under.
    pub notice: String,
}
