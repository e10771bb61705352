//! The vocabulary every capability shares: time, money, calendar, numbers of cases, parameters, forms.
//!
//! Not here: anything only one capability needs. Reading order: [`time`], [`money`], [`calendar`] and [`hours`],
//! [`ids`] and [`people`], [`parameters`], [`forms`], [`language`].

pub mod calendar;
pub mod forms;
pub mod hours;
pub mod ids;
pub mod language;
pub mod money;
pub mod parameters;
pub mod people;
pub mod text;
pub mod time;
