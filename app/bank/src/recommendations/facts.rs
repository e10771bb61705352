//! The facts about a customer that advice may use: consent, person, assessment, holdings, answers.
//! There is deliberately no field for sex, ethnicity, health, religion or marital status, so no rule and no reason can use
//! them (docs/domain.md §9). Next: [`super::gate`] reads [`GateFacts`], [`super::score`] the rest of [`AdviceFacts`].

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::model::{CustomerLevel, ProductCode, ProductKind};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;
use crate::sessions::CustomerKind;

/// The origin of a risk level. Only the customer's own answers count (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The customer's own answers.
    Own,
    /// Estimated by a model.
    Predicted,
    /// Copied from another institution or person.
    Copied,
}

impl Source {
    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "own" => Some(Self::Own),
            "predicted" => Some(Self::Predicted),
            "copied" => Some(Self::Copied),
            _ => None,
        }
    }
}

/// A risk assessment as stored (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub level: CustomerLevel,
    /// Whose answers it is based on.
    pub source: Source,
    pub assessed_on: Day,
    /// Whether the customer has confirmed the level; an unconfirmed one does not count.
    pub confirmed: bool,
    /// The longest time the customer accepts to have money tied up, calendar days; `None`: not stated.
    pub horizon_days: Option<i64>,
    /// The number of calendar days within which money must be redeemable; `None`: not stated.
    pub liquidity_days: Option<i64>,
}

impl Assessment {
    /// The last valid day, inclusive: the day before it is `months` old.
    pub fn valid_until(&self, months: i64) -> Day {
        self.assessed_on.saturating_add(Span::new().months(months)).saturating_sub(Span::new().days(1))
    }
}

/// A product of the bank that the customer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub product: ProductCode,
    pub kind: ProductKind,
    /// `None` if it has no maturity.
    pub matures_on: Option<Day>,
}

/// A product the customer was not interested in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    pub product: ProductCode,
    pub on: Day,
}

/// The facts the gate uses (docs/domain.md §9). An unknown fact is `None` and leads to refusal.
#[expect(clippy::struct_excessive_bools, reason = "each is one yes-or-no question of docs/domain.md §9")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateFacts {
    /// Consent to personalised recommendations is in force.
    pub consent: bool,
    pub customer: CustomerKind,
    /// Full capacity for civil conduct.
    pub capacity: bool,
    pub resident: bool,
    /// Birth date; `None` for a company or if unknown.
    pub born: Option<Day>,
    /// The latest assessment, valid or not.
    pub assessment: Option<Assessment>,
    /// The total balance of the customer's active accounts.
    pub available: Fen,
    pub holdings: Vec<Holding>,
    pub declined: Vec<Declined>,
    /// The customer has an open complaint.
    pub open_complaint: bool,
    /// Credit products the bank has pre-qualified the customer for.
    pub prequalified: Vec<ProductCode>,
}

impl GateFacts {
    /// A customer without known facts: everything is refused.
    pub const fn unknown(customer: CustomerKind) -> Self {
        Self {
            consent: false,
            customer,
            capacity: false,
            resident: false,
            born: None,
            assessment: None,
            available: Fen(0),
            holdings: Vec::new(),
            declined: Vec::new(),
            open_complaint: false,
            prequalified: Vec::new(),
        }
    }
}

/// A tier that counts as a reason; the common tier does not (docs/domain.md §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Vip,
}

/// An option the customer chose in a survey and allowed for recommendations
/// (`surveys::rules::answers_for_advice` returns only answers with that tick).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenAnswer {
    /// Survey code in `/surveys/{code}`.
    pub survey: String,
    /// Question code.
    pub question: String,
    /// Option code.
    pub option: String,
}

/// All facts advice may be based on: those of the gate and those of the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceFacts {
    pub gate: GateFacts,
    /// Survey answers allowed for this purpose.
    pub answers: Vec<ChosenAnswer>,
    /// Average savings over twelve months.
    pub savings: Option<Fen>,
    pub tier: Option<Tier>,
}
