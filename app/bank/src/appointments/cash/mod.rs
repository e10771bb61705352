//! The large cash withdrawal (大额取款预约, docs/domain.md §3).
//!
//! The same pure rules run in the browser and on the server, and every refusal offers a value that would be accepted.
//! Reading order: [`model`] (types), [`states`] (state table of §3), `kind.rs` and `act.rs` (effects of actions),
//! `parameters.rs`, [`timing`] (days, cut-offs, due times), [`split`] (notes), [`availability`] (free capacity), [`refusals`] and
//! [`offers`], `form.rs` (the form as data), [`rules`] (parsing and validation), `wire.rs` (data for the browser), `snapshot.rs`
//! (reads the database).

#[cfg(feature = "records")]
mod act;
pub mod availability;
#[cfg(feature = "records")]
mod book;
#[cfg(feature = "records")]
mod desk_refusals;
#[cfg(feature = "records")]
mod detail;
mod form;
#[cfg(feature = "records")]
mod kind;
pub mod model;
pub mod no_shows;
pub mod offers;
mod parameters;
#[cfg(feature = "records")]
mod records;
pub mod refusals;
pub mod rules;
#[cfg(feature = "records")]
mod snapshot;
pub mod split;
pub mod states;
pub mod timing;
mod wire;

pub use availability::{Availability, Busy, CashContext, CashLimits, DayOffer, Receipt, SlotOffer};
#[cfg(feature = "records")]
pub use book::book_cash;
#[cfg(feature = "records")]
pub use desk_refusals::{CashDeskRefusal, paid_field};
#[cfg(feature = "records")]
pub use detail::{ArrivedInstead, CashDetail, StockLine, cash_detail, cash_stock};
pub use form::FORM;
#[cfg(feature = "records")]
pub use kind::{CashKind, KIND, cancel_cash};
pub use model::{CashState, CashWish, Collector, Denomination, Notes, Purpose};
pub use offers::Offer;
pub use parameters::CashParameters;
pub use refusals::CashRefusal;
pub use rules::{Reading, Step, read_cash, read_how_much};
#[cfg(feature = "records")]
pub use snapshot::{cash_context, next_free_day};
pub use states::CashAction;
pub use timing::Timing;
pub use wire::Glance;
