//! Types and rules shared by all capabilities: time, money, calendar, case numbers, parameters, forms, the database.
//!
//! Code that only one capability needs does not belong here. Reading order: [`time`], [`money`], [`calendar`] and
//! [`hours`], [`ids`] and [`people`], [`parameters`], [`forms`],
//! [`entries`], [`language`].

#[cfg(feature = "records")]
pub mod archive;
#[cfg(feature = "records")]
pub mod audit;
#[cfg(feature = "records")]
pub mod bank;
pub mod bilingual;
pub mod calendar;
#[cfg(feature = "records")]
pub mod catalog;
#[cfg(feature = "records")]
pub mod check;
#[cfg(feature = "records")]
pub mod database;
pub mod entries;
#[cfg(feature = "records")]
pub mod facts;
#[cfg(feature = "records")]
pub mod failure;
pub mod forms;
pub mod hours;
pub mod ids;
pub mod language;
pub mod money;
pub mod month;
#[cfg(feature = "records")]
pub mod nodes;
pub mod parameters;
pub mod people;
#[cfg(feature = "records")]
pub mod retention;
#[cfg(feature = "records")]
pub mod seal;
pub mod text;
pub mod time;
#[cfg(feature = "records")]
mod tx;
