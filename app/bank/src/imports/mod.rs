//! Imports: rows of a file become rows of the bank, all of them or none (ARCHITECTURE.md, Import). What a column may hold is
//! the business of its capability (`entry.rs` there); this folder reads whole files of entries, reports every fault, and
//! stores what differs. It knows no file format: the host reads CSV and JSON.
//!
//! Reading order: `model.rs` (kinds, rows, faults), `operations.rs` (one import), `direct.rs` (kinds with few rows, stored in
//! one transaction), `staged.rs` (kinds with many rows, staged first), `journal.rs` (how staged rows are written),
//! `spreadsheet.rs` (numbers that a
//! spreadsheet has cut), `definitions.rs` (why a nested definition cannot be read), `invitations.rs` (secrets for new people), `records.rs` (runs).

mod definitions;
mod direct;
mod invitations;
mod journal;
mod model;
mod operations;
mod records;
mod spreadsheet;
mod staged;

pub use invitations::{Invitation, SecretSink, invite};
pub(crate) use journal::{finish_decided, resume};
pub use model::{Fault, ImportKind, ImportRefusal, Options, People, Report, Row, RowFault};
pub use operations::import;
pub(crate) use records::{Portion, Unique, is_claimed, published, stage_rows};
