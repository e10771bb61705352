//! The host: settings, secrets, router layers, assets, logs, the worker and the commands. Pages are in crate `app`, business
//! rules in crate `bank`.
//!
//! Reading order: `config` (settings), `host.rs` (opens the bank), `router.rs` (the layers of every request), `limits.rs` and
//! `serving` (connections), `commands` (the subcommands), `worker.rs` (periodic tasks), `nodes.rs` (notifications between nodes).

pub mod adapters;
pub mod assets;
pub mod commands;
pub mod config;
pub mod host;
pub mod keys;
pub mod limits;
pub mod nodes;
pub mod pages;
pub mod router;
pub mod secrets;
pub mod security;
pub mod serving;
pub mod telemetry;
pub mod worker;

/// The allocator of the program, its tests and its benches.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
