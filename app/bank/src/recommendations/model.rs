//! Products and levels (docs/domain.md §9, §11); the bank's products are data in `data/products.json`.
//! Facts of the customer are in [`super::facts`], the decision in [`super::gate`].

use serde::{Deserialize, Serialize};

use crate::kernel::bilingual::Bilingual;
use crate::kernel::money::Fen;
use crate::kernel::time::Day;
use crate::sessions::CustomerKind;

/// Risk level of a product, R1 the lowest of five (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RiskLevel {
    R1,
    R2,
    R3,
    /// Never recommended from the elder age on.
    R4,
    R5,
}

impl RiskLevel {
    pub const ALL: [Self; 5] = [Self::R1, Self::R2, Self::R3, Self::R4, Self::R5];

    /// The code printed beside a product: `R1` … `R5`.
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

/// Risk level of a customer by their own assessment, C1 the lowest of five (docs/domain.md §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CustomerLevel {
    /// Products up to R1.
    C1,
    /// Products up to R2.
    C2,
    /// Products up to R3.
    C3,
    /// Products up to R4.
    C4,
    /// Products up to R5.
    C5,
}

impl CustomerLevel {
    pub const ALL: [Self; 5] = [Self::C1, Self::C2, Self::C3, Self::C4, Self::C5];

    /// The code printed on the assessment: `C1` … `C5`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::C1 => "C1",
            Self::C2 => "C2",
            Self::C3 => "C3",
            Self::C4 => "C4",
            Self::C5 => "C5",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// The highest product level that may be shown to this customer.
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
pub enum ProductKind {
    /// 存款.
    Deposit,
    /// 大额存单.
    LargeCd,
    /// 结构性存款; has a level although it is called a deposit.
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

impl ProductKind {
    /// All kinds, in the order of the neutral list and of the data.
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

    /// The code used in the data and in catalogue keys.
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

    /// Whether the product's level is compared with the customer's (docs/domain.md §9: six kinds have no level).
    pub const fn needs_level(self) -> bool {
        matches!(self, Self::StructuredDeposit | Self::Wealth | Self::Fund | Self::Insurance | Self::PreciousMetal)
    }

    /// Whether it may be shown to a customer without a valid assessment: deposits, treasury bonds and services only
    /// (docs/domain.md §9, last line). Deliberately narrower than the kinds without a level.
    pub const fn open_to_unassessed(self) -> bool {
        matches!(self, Self::Deposit | Self::TreasuryBond | Self::Service)
    }

    /// Whether it is credit, which is shown only to pre-qualified customers.
    pub const fn is_credit(self) -> bool {
        matches!(self, Self::Loan | Self::Card)
    }

    /// Whether a posted rate may be shown: of deposits and treasury bonds, which pay it, and of loans, which cost it. What other
    /// products earn is not certain, so no rate of theirs is ever shown, whatever the data hold (docs/domain.md §9).
    pub const fn posts_rate(self) -> bool {
        matches!(self, Self::Deposit | Self::LargeCd | Self::TreasuryBond | Self::Loan)
    }

    /// Whether it ties up money, so that horizon and liquidity rules apply.
    pub const fn ties_up_money(self) -> bool {
        !matches!(self, Self::Loan | Self::Card | Self::Service)
    }
}

/// Whom a product is for.
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
    pub const fn include(self, kind: CustomerKind) -> bool {
        matches!(
            (self, kind),
            (Self::Both, _) | (Self::Personal, CustomerKind::Personal) | (Self::Company, CustomerKind::Company)
        )
    }
}

/// Sale state of a product. The days of sale are [`Product::on_sale_from`] and `on_sale_until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// On sale within its days.
    Open,
    /// Temporarily not on sale.
    Suspended,
    /// No longer on sale.
    Withdrawn,
}

/// The code of a product in `/products/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductCode(pub String);

impl ProductCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A yearly interest rate with its effective day (docs/domain.md §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub effective: Day,
    /// Basis points: 95 is 0.95 %.
    pub basis_points: i64,
}

/// A survey answer that this product suits; it can become a reason (docs/domain.md §9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    pub kind: ProductKind,
    pub name: Bilingual,
    /// One sentence.
    pub summary: Bilingual,
    /// Level set by the issuer.
    #[serde(default)]
    pub issuer_level: Option<RiskLevel>,
    /// Level set by the bank as seller. Without it a product of a kind that needs a level is unrated.
    #[serde(default)]
    pub seller_level: Option<RiskLevel>,
    /// Day of the latest re-rating, if any.
    #[serde(default)]
    pub rerated_on: Option<Day>,
    pub state: SaleState,
    /// First day of sale.
    pub on_sale_from: Day,
    /// Last day of sale, inclusive.
    #[serde(default)]
    pub on_sale_until: Option<Day>,
    /// Minimum amount; zero if there is none.
    #[serde(default)]
    pub minimum: Fen,
    /// Maximum holding of one person (大额存单).
    #[serde(default)]
    pub per_person: Option<Fen>,
    /// Calendar days to maturity; `None` if open-ended.
    #[serde(default)]
    pub term_days: Option<i64>,
    /// Calendar days from redemption to payment; `None` if not redeemable before maturity.
    #[serde(default)]
    pub redeemable_within_days: Option<i64>,
    #[serde(default)]
    pub customers: Customers,
    /// Minimum age, years.
    #[serde(default)]
    pub min_age: Option<i64>,
    /// Maximum age, years, inclusive.
    #[serde(default)]
    pub max_age: Option<i64>,
    #[serde(default)]
    pub residents_only: bool,
    /// Privately offered: never shown (docs/domain.md §9 [law]).
    #[serde(default)]
    pub private: bool,
    /// VIP customers are among those it is made for, which gives a reason.
    #[serde(default)]
    pub for_vip: bool,
    /// Invented sample terms, not a real offer (docs/domain.md §11: loans).
    #[serde(default)]
    pub fictitious: bool,
    #[serde(default)]
    pub registration: Option<String>,
    /// The benchmark its yield is compared with.
    #[serde(default)]
    pub benchmark: Option<Bilingual>,
    /// Rates by effective day, the oldest first.
    #[serde(default)]
    pub rates: Vec<Rate>,
    /// What it offers.
    pub features: Vec<Bilingual>,
    /// Its drawbacks; never empty.
    pub against: Vec<Bilingual>,
    /// Survey answers it suits.
    #[serde(default)]
    pub suits: Vec<Suits>,
}

impl Product {
    /// The level that counts: the higher of issuer's and seller's, unrated without the seller's (docs/domain.md §9).
    pub fn level(&self) -> Option<RiskLevel> {
        let seller = self.seller_level?;
        Some(self.issuer_level.map_or(seller, |issuer| issuer.max(seller)))
    }

    /// The posted rate in force on a day; none for a kind whose return is not certain.
    pub fn rate_on(&self, day: Day) -> Option<Rate> {
        self.rates.iter().rfind(|rate| rate.effective <= day).filter(|_| self.kind.posts_rate()).copied()
    }

    /// Whether it has a page; private products have none.
    pub const fn has_page(&self) -> bool {
        !self.private
    }

    /// All texts that a customer can read.
    pub fn texts(&self) -> impl Iterator<Item = &Bilingual> {
        [&self.name, &self.summary].into_iter().chain(&self.benchmark).chain(&self.features).chain(&self.against)
    }
}

/// The demo bank's products in their fixed order, from `data/products.json`.
pub fn catalogue() -> Result<Vec<Product>, serde_json::Error> {
    serde_json::from_str(include_str!("../../data/products.json"))
}
