//! What is known of a customer when advice is given: consent, person, assessment, holdings, answers.
//! There is no place here for sex, ethnicity, health, religion or marital status, so no rule and no reason can use
//! them (docs/domain.md §9). Next: [`super::gate`] reads [`GateFacts`], [`super::score`] the rest of [`AdviceFacts`].

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::model::{CustomerKind, CustomerLevel, Kind, ProductCode};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

/// Where a level comes from; only the customer's own answers open the gate (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The customer's own answers.
    Own,
    /// Estimated by a model.
    Predicted,
    /// Taken over from another institution or person.
    Copied,
}

impl Source {
    /// The source of that code.
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
    /// The level it found.
    pub level: CustomerLevel,
    /// Whose answers it rests on.
    pub source: Source,
    /// The day it was made.
    pub assessed_on: Day,
    /// Whether the customer confirmed the level; a changed one counts only then.
    pub confirmed: bool,
    /// Longest time the customer said money may stay tied up, natural days; none: not stated.
    pub horizon_days: Option<i64>,
    /// Within how many natural days money must be redeemable, as the customer stated; `None`: not stated.
    pub liquidity_days: Option<i64>,
}

impl Assessment {
    /// The last day it is valid, inclusive: the day before it is so many months old.
    pub fn valid_until(&self, months: i64) -> Day {
        self.assessed_on.saturating_add(Span::new().months(months)).saturating_sub(Span::new().days(1))
    }
}

/// Something of the bank's the customer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Which product.
    pub product: ProductCode,
    /// Of what kind.
    pub kind: Kind,
    /// When it matures, if it does.
    pub matures_on: Option<Day>,
}

/// A product the customer was not interested in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Which product.
    pub product: ProductCode,
    /// When they said so.
    pub on: Day,
}

/// What the gate asks about a customer (docs/domain.md §9). What is not known is `None`, and denies.
#[expect(clippy::struct_excessive_bools, reason = "each is one yes-or-no question of docs/domain.md §9")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateFacts {
    /// Consent to personalised recommendations is on.
    pub consent: bool,
    /// Person or company.
    pub customer: CustomerKind,
    /// Full capacity for civil acts.
    pub capacity: bool,
    pub resident: bool,
    /// Day of birth; none for a company or when not known.
    pub born: Option<Day>,
    /// The latest assessment, valid or not.
    pub assessment: Option<Assessment>,
    /// What the customer's active accounts hold together.
    pub available: Fen,
    /// What the customer holds.
    pub holdings: Vec<Holding>,
    /// What the customer declined.
    pub declined: Vec<Declined>,
    /// A complaint of theirs is open.
    pub open_complaint: bool,
    /// Credit products the bank has pre-qualified them for.
    pub prequalified: Vec<ProductCode>,
}

impl GateFacts {
    /// A customer of whom nothing is known: everything is denied.
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

/// A tier that gives a reason; the common tier gives none (docs/domain.md §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Vip,
}

/// An option the customer chose in a survey and let the bank use for recommendations
/// (`surveys::rules::answers_for_advice` gives these only with the purpose ticked).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenAnswer {
    /// Survey code, as in `/surveys/{code}`.
    pub survey: String,
    /// Question code.
    pub question: String,
    /// Option code.
    pub option: String,
}

/// Everything advice may rest on: what the gate asks and what the score may count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceFacts {
    /// What the gate asks.
    pub gate: GateFacts,
    /// Survey answers given for this purpose.
    pub answers: Vec<ChosenAnswer>,
    /// Average savings of twelve months.
    pub savings: Option<Fen>,
    /// The customer's tier.
    pub tier: Option<Tier>,
}
