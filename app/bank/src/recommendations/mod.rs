//! Product recommendations under the law: what may be recommended to whom, and why (docs/domain.md §9).
//!
//! Nothing above the customer's level and nothing without consent is recommended, and every reason is a stored fact that
//! the customer can open. A list is computed at every view from the facts of that day, so a product rated up or a lowered
//! customer level takes effect at once. Assessments are made at a branch for now.
//! Reading order: [`model`] (products, levels) → [`facts`] (facts of the customer) → [`inputs`] → [`gate`] (may it be
//! shown) → [`why_not`] → [`score`] (order and reasons) → [`wording`] (permitted words) → [`advice`] (all of it for one
//! customer) → `records.rs`, `operations.rs`; `entry.rs` and `entry_records.rs` (products and holdings as a file or a page gives
//! them, and the rows of them).

pub mod advice;
#[cfg(feature = "records")]
mod check_records;
mod entry;
#[cfg(feature = "records")]
mod entry_records;
pub mod facts;
pub mod gate;
#[cfg(feature = "records")]
mod import_records;
pub mod inputs;
pub mod model;
#[cfg(feature = "records")]
mod operations;
mod parameters;
#[cfg(feature = "records")]
mod product_change;
#[cfg(feature = "records")]
mod records;
pub mod score;
pub mod why_not;
pub mod wording;

#[cfg(test)]
mod grid_tests;
#[cfg(test)]
mod score_tests;
#[cfg(test)]
mod test_support;

pub use advice::{Advice, Assessed, DeclinedProduct, Explanation};
#[cfg(feature = "records")]
pub(crate) use check_records::check;
pub use entry::{HoldingEntry, ProductEntry};
#[cfg(feature = "records")]
pub use entry_records::{find_product_entry, put_products};
pub use facts::{AdviceFacts, Assessment, ChosenAnswer, GateFacts, Holding, Source, Tier};
pub use gate::{GateRules, Outcome, RuleId, Verdict, decide, decide_neutral};
#[cfg(feature = "records")]
pub(crate) use import_records::{stage_holdings, weigh_holdings, write_holdings};
pub use inputs::Inputs;
pub use model::{CustomerLevel, Customers, Product, ProductCode, ProductKind, Rate, RiskLevel, SaleState, catalogue};
#[cfg(feature = "records")]
pub use operations::{decline, known, recommend, undecline};
pub use parameters::AdviceParameters;
#[cfg(feature = "records")]
pub use product_change::{PRODUCT_FORM, ProductChange, list_product_entries};
#[cfg(feature = "records")]
pub(crate) use records::product_names;
#[cfg(feature = "records")]
pub use records::{insert_assessment, insert_holding, insert_prequalification, insert_product};
pub use score::{AdviceRules, Card, Reason, ScoreRules, ScoreTerm};
pub use why_not::{AssessmentGap, WhyNot, why_not};
pub use wording::{forbidden, law_words, level_name};
