//! Products and levels (docs/domain.md §9, §11): what the bank sells, as data in `data/products.json`.
//! Not the customer's side, which is [`super::facts`]; not the decision, which is [`super::gate`].

use serde::{Deserialize, Serialize};

use crate::kernel::bilingual::Bilingual;
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

/// Risk level of a product, R1 the lowest of five (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RiskLevel {
    /// Lowest of five.
    R1,
    /// Second of five.
    R2,
    /// Third of five.
    R3,
    /// Fourth of five; never recommended from the elder age on.
    R4,
    /// Highest of five.
    R5,
}

impl RiskLevel {
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [Self::R1, Self::R2, Self::R3, Self::R4, Self::R5];

    /// The short code printed beside a product: `R1` … `R5`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::R1 => "R1",
            Self::R2 => "R2",
            Self::R3 => "R3",
            Self::R4 => "R4",
            Self::R5 => "R5",
        }
    }
}

/// Level of a customer from their own assessment, C1 the lowest type (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CustomerLevel {
    /// Lowest type; up to R1.
    C1,
    /// Up to R2.
    C2,
    /// Up to R3.
    C3,
    /// Up to R4.
    C4,
    /// Up to R5.
    C5,
}

impl CustomerLevel {
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [Self::C1, Self::C2, Self::C3, Self::C4, Self::C5];

    /// The short code printed on the assessment: `C1` … `C5`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::C1 => "C1",
            Self::C2 => "C2",
            Self::C3 => "C3",
            Self::C4 => "C4",
            Self::C5 => "C5",
        }
    }

    /// The level of that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// The highest product level this customer may be shown.
    pub const fn ceiling(self) -> RiskLevel {
        match self {
            Self::C1 => RiskLevel::R1,
            Self::C2 => RiskLevel::R2,
            Self::C3 => RiskLevel::R3,
            Self::C4 => RiskLevel::R4,
            Self::C5 => RiskLevel::R5,
        }
    }
}

/// Kind of a product (docs/domain.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 存款.
    Deposit,
    /// 大额存单.
    LargeCd,
    /// 结构性存款: carries a level although its name says deposit.
    StructuredDeposit,
    /// 理财.
    Wealth,
    /// 基金.
    Fund,
    /// 保险.
    Insurance,
    /// 国债.
    TreasuryBond,
    /// 贵金属.
    PreciousMetal,
    /// 贷款.
    Loan,
    /// 信用卡.
    Card,
    /// 服务.
    Service,
}

impl Kind {
    /// All kinds, in the order the neutral list and the data keep.
    pub const ALL: [Self; 11] = [
        Self::Deposit,
        Self::LargeCd,
        Self::TreasuryBond,
        Self::StructuredDeposit,
        Self::Wealth,
        Self::Fund,
        Self::Insurance,
        Self::PreciousMetal,
        Self::Loan,
        Self::Card,
        Self::Service,
    ];

    /// Stable code, as in the data and in catalogue keys.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::LargeCd => "large_cd",
            Self::StructuredDeposit => "structured_deposit",
            Self::Wealth => "wealth",
            Self::Fund => "fund",
            Self::Insurance => "insurance",
            Self::TreasuryBond => "treasury_bond",
            Self::PreciousMetal => "precious_metal",
            Self::Loan => "loan",
            Self::Card => "card",
            Self::Service => "service",
        }
    }

    /// Whether a product level is compared with the customer's (docs/domain.md §9: six kinds need none).
    pub const fn needs_level(self) -> bool {
        matches!(self, Self::StructuredDeposit | Self::Wealth | Self::Fund | Self::Insurance | Self::PreciousMetal)
    }

    /// Whether it may be shown to a customer without a valid assessment: deposits, treasury bonds and services
    /// (docs/domain.md §9, last line; narrower than "needs no level" on purpose: the stricter reading wins).
    pub const fn open_to_unassessed(self) -> bool {
        matches!(self, Self::Deposit | Self::TreasuryBond | Self::Service)
    }

    /// Whether the bank lends: shown only to whom it has pre-qualified.
    pub const fn is_credit(self) -> bool {
        matches!(self, Self::Loan | Self::Card)
    }

    /// Whether the customer's money is tied up in it, so that horizon and liquidity matter.
    pub const fn ties_up_money(self) -> bool {
        !matches!(self, Self::Loan | Self::Card | Self::Service)
    }
}

/// Whether a customer is a person or a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// A natural person.
    Personal,
    /// A company, through its operator.
    Company,
}

/// Whom a product is made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Customers {
    /// Persons only.
    #[default]
    Personal,
    /// Companies only.
    Company,
    Both,
}

impl Customers {
    /// Whether that kind of customer is among them.
    pub const fn include(self, kind: CustomerKind) -> bool {
        matches!(
            (self, kind),
            (Self::Both, _) | (Self::Personal, CustomerKind::Personal) | (Self::Company, CustomerKind::Company)
        )
    }
}

/// Whether the bank sells a product at present; its days are [`Product::on_sale_from`] and `on_sale_until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// Sold within its days.
    Open,
    /// Not sold for now.
    Suspended,
    /// Sold no more.
    Withdrawn,
}

/// Stable code of a product, as in `/products/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductCode(pub String);

impl ProductCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A yearly rate from a day on (docs/domain.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// First day it applies.
    pub effective: Day,
    /// Hundredths of a percent a year: 95 is 0.95 %.
    pub basis_points: i64,
}

/// A survey answer this product answers: the source of a reason (docs/domain.md §9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suits {
    /// Question code of the needs survey.
    pub question: String,
    /// Option code of that question.
    pub option: String,
}

/// One product as the bank describes it (docs/domain.md §11).
#[expect(clippy::struct_excessive_bools, reason = "each is one yes-or-no column of the product's sheet")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    pub code: ProductCode,
    pub kind: Kind,
    pub name: Bilingual,
    /// What it is, in one sentence.
    pub summary: Bilingual,
    /// Level the issuer gave.
    #[serde(default)]
    pub issuer_level: Option<RiskLevel>,
    /// Level the bank gave as the seller; without it a product that needs a level counts as unrated.
    #[serde(default)]
    pub seller_level: Option<RiskLevel>,
    /// Day of the latest re-rating, when there was one.
    #[serde(default)]
    pub rerated_on: Option<Day>,
    /// Whether it is sold at present.
    pub state: SaleState,
    /// First day of sale.
    pub on_sale_from: Day,
    /// Last day of sale, inclusive.
    #[serde(default)]
    pub on_sale_until: Option<Day>,
    /// Least amount, fen; zero when there is none.
    #[serde(default)]
    pub minimum: Fen,
    /// Most one person may hold, fen (大额存单).
    #[serde(default)]
    pub per_person: Option<Fen>,
    /// Natural days to maturity; none when open-ended.
    #[serde(default)]
    pub term_days: Option<i64>,
    /// Natural days from asking to having the money back; none when not before maturity.
    #[serde(default)]
    pub redeemable_within_days: Option<i64>,
    /// Whom it is made for.
    #[serde(default)]
    pub customers: Customers,
    /// Least age in years.
    #[serde(default)]
    pub min_age: Option<i64>,
    /// Greatest age in years, inclusive.
    #[serde(default)]
    pub max_age: Option<i64>,
    /// Whether only residents may buy it.
    #[serde(default)]
    pub residents_only: bool,
    /// Privately offered: never shown (docs/domain.md §9 [law]).
    #[serde(default)]
    pub private: bool,
    /// Made for VIP customers among others.
    #[serde(default)]
    pub for_vip: bool,
    /// Sample terms that belong to no real offer (docs/domain.md §11: loans).
    #[serde(default)]
    pub fictitious: bool,
    /// Registration code of a wealth product.
    #[serde(default)]
    pub registration: Option<String>,
    /// What its yield is compared with.
    #[serde(default)]
    pub benchmark: Option<Bilingual>,
    /// Rates by effective date, oldest first.
    #[serde(default)]
    pub rates: Vec<Rate>,
    /// What it offers.
    pub features: Vec<Bilingual>,
    /// What speaks against it; never empty.
    pub against: Vec<Bilingual>,
    /// Survey answers it answers.
    #[serde(default)]
    pub suits: Vec<Suits>,
}

impl Product {
    /// The level that counts: the higher of issuer's and seller's; unrated without the bank's own (docs/domain.md §9).
    pub fn level(&self) -> Option<RiskLevel> {
        let seller = self.seller_level?;
        Some(self.issuer_level.map_or(seller, |issuer| issuer.max(seller)))
    }

    /// The rate that holds on a day.
    pub fn rate_on(&self, day: Day) -> Option<Rate> {
        self.rates.iter().rfind(|rate| rate.effective <= day).copied()
    }

    /// Whether anyone may open its page; a private product has none.
    pub const fn has_page(&self) -> bool {
        !self.private
    }

    /// Every text of it a customer can read.
    pub fn texts(&self) -> impl Iterator<Item = &Bilingual> {
        [&self.name, &self.summary].into_iter().chain(&self.benchmark).chain(&self.features).chain(&self.against)
    }
}

/// The demo bank's products in their fixed order, from `data/products.json`.
pub fn catalogue() -> Result<Vec<Product>, serde_json::Error> {
    serde_json::from_str(include_str!("../../data/products.json"))
}
