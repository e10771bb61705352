//! The large cash withdrawal (大额取款预约, docs/domain.md §3): what may be booked, when, in which notes, and what staff may do.
//!
//! Promise: the same pure rules run in the browser and on the server, and every refusal offers what would be accepted.
//! Reading order: [`model`] (the wish and its parts), [`states`] (the table of §3), `kind.rs` and `act.rs` (what its actions do), [`timing`] (days, cut-offs, due
//! times), [`split`] (notes), [`availability`] (what is left), [`refusals`] and [`offers`], [`rules`] (a form read and judged),
//! `wire.rs` (how the browser gets it).

#[cfg(feature = "records")]
mod act;
pub mod availability;
#[cfg(feature = "records")]
mod book;
mod desk_refusals;
#[cfg(feature = "records")]
mod detail;
#[cfg(feature = "records")]
mod kind;
pub mod model;
pub mod no_shows;
pub mod offers;
#[cfg(feature = "records")]
mod records;
pub mod refusals;
pub mod rules;
pub mod split;
pub mod states;
pub mod timing;
mod wire;

pub use availability::{Availability, Busy, CashContext, CashLimits, DayOffer, SlotOffer};
#[cfg(feature = "records")]
pub use book::{FORM, book_cash, cash_context};
pub use desk_refusals::{CashDeskRefusal, paid_field};
#[cfg(feature = "records")]
pub use detail::{ArrivedInstead, CashDetail, StockLine, cash_detail, cash_stock, next_free_day};
#[cfg(feature = "records")]
pub use kind::{CashKind, KIND, cancel_cash};
pub use model::{CashState, CashWish, Collector, Denomination, Notes, Purpose};
pub use offers::Offer;
pub use refusals::CashRefusal;
pub use rules::{Reading, Step, read_cash};
pub use states::CashAction;
pub use timing::Timing;
