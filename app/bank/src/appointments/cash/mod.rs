//! The large cash withdrawal (大额取款预约, docs/domain.md §3).
//!
//! The same pure rules run in the browser and on the server, and every refusal offers a value that would be accepted.
//! Reading order: [`model`] (types), [`states`] (state table of §3), `booked.rs` (facts and holds of a booking), `kind.rs` and
//! `act.rs` (effects of actions), `moving.rs` (another place for a booking), `proposing.rs` (another place that the branch
//! proposes), `approver.rs` (a company's second person), `again.rs` (a new booking like an earlier one), `parameters.rs`,
//! [`timing`] (days, cut-offs, due times), [`split`] (notes), [`availability`] (free capacity), [`refusals`] and
//! [`offers`], `form.rs` (the form as data), [`rules`] (parsing and validation), `browser_context.rs` (data for the browser), `snapshot.rs`
//! (reads the database).

#[cfg(feature = "records")]
mod act;
#[cfg(feature = "records")]
mod again;
#[cfg(feature = "records")]
mod approver;
pub mod availability;
#[cfg(feature = "records")]
mod board;
#[cfg(feature = "records")]
mod book;
#[cfg(feature = "records")]
mod booked;
mod bring;
mod browser_context;
#[cfg(feature = "records")]
mod desk_refusals;
#[cfg(feature = "records")]
mod detail;
#[cfg(feature = "records")]
mod elsewhere;
mod form;
#[cfg(feature = "records")]
mod kind;
pub mod model;
#[cfg(feature = "records")]
mod moving;
pub mod no_shows;
pub mod offers;
mod own;
mod parameters;
#[cfg(feature = "records")]
mod proposing;
#[cfg(feature = "records")]
mod records;
pub mod refusals;
pub mod rules;
#[cfg(feature = "records")]
mod snapshot;
pub mod split;
pub mod states;
pub mod timing;

#[cfg(feature = "records")]
pub use again::cash_again;
#[cfg(feature = "records")]
pub use approver::{APPROVER_FORM, WHY, answer_for_company, approver_of, waits_for_approver};
pub use availability::{Availability, Busy, CashContext, CashLimits, CutoffStatus, DayAvailability, SlotAvailability};
#[cfg(feature = "records")]
pub use book::book_cash;
pub use bring::{Bring, to_bring};
pub use browser_context::BrowserContext;
#[cfg(feature = "records")]
pub use desk_refusals::{CashDeskRefusal, ProposalFault, paid_field};
#[cfg(feature = "records")]
pub use detail::{ArrivedInstead, CashDetail, StockLine, cash_detail, cash_stock};
#[cfg(feature = "records")]
pub use elsewhere::{FreeAt, Wish, answered_everywhere_by, free_at_branches, other_branch};
pub use form::{ANY_NOTES, FORM, OWN_NOTES, branch_chooses_notes};
#[cfg(feature = "records")]
pub use kind::{CashKind, KIND, cancel_cash};
pub use model::{CashRequest, CashState, Collector, Denomination, Notes, Purpose};
#[cfg(feature = "records")]
pub use moving::{MOVE_FORM, MOVES, Moving, move_cash, moving};
pub use offers::CashOffer;
pub use own::OwnBooking;
pub use parameters::CashParameters;
#[cfg(feature = "records")]
pub use proposing::{Obstacle, PROPOSAL_FIELDS, ProposalPlace, Proposed, nearest_place};
#[cfg(feature = "records")]
pub use records::{
    DayCapacity, PastBooking, PastDay, PastPayment, Place, hold, hold_time, insert_past_bookings, insert_past_days,
};
pub use refusals::CashRefusal;
pub use rules::{ParsedCashForm, Step, above_balance, read_cash, read_how_much};
#[cfg(feature = "records")]
pub use snapshot::{capacity, cash_context, next_free_day};
pub use states::CashAction;
pub use timing::Timing;
