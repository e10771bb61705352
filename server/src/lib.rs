//! The host: what stands between the operating system and the portal. Settings, secrets, the router's layers, assets,
//! logs, the worker and the commands. Not here: what a page shows (crate `app`) and what the bank means (crate `bank`).
//!
//! Reading order: `config` (settings), `host.rs` (opens the bank), `router.rs` (every layer a request passes),
//! `commands` (what the binary does), `worker.rs` (what happens without a request), `nodes.rs` (what several nodes tell
//! each other).

pub mod adapters;
pub mod assets;
pub mod commands;
pub mod config;
pub mod host;
pub mod keys;
pub mod nodes;
pub mod pages;
pub mod router;
pub mod secrets;
pub mod security;
pub mod telemetry;
pub mod worker;
