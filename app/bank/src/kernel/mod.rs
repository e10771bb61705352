//! The vocabulary every capability shares: time, money, calendar, numbers of cases, parameters, forms.
//!
//! Not here: anything only one capability needs. Reading order: [`time`], [`money`], [`calendar`] and [`hours`],
//! [`ids`] and [`people`], [`parameters`], [`forms`], [`language`].

pub mod forms;
pub mod language;
pub mod money;
pub mod text;
pub mod time;
