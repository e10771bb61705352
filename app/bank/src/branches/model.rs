//! A branch, and the reference data.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::details::BankDetails;
use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::hours::Hours;
use crate::kernel::language::Language;
use crate::kernel::parameters::{Declaration, InForce, Parameters, overlaid};
use crate::kernel::time::{At, Day};

/// A branch of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Id; the value of the field `branch`.
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub address_zh: String,
    pub address_en: String,
    /// As displayed.
    pub phone: String,
    pub hours: Hours,
    /// Before this day the branch pays out no booked cash.
    pub cash_closed_until: Option<Day>,
}

impl Branch {
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.name_zh,
            Language::En => &self.name_en,
        }
    }

    pub fn address(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.address_zh,
            Language::En => &self.address_en,
        }
    }
}

/// A value of a parameter with its effective day; an empty branch means the whole bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParameterLine {
    pub name: String,
    pub branch_id: String,
    pub effective_from: Day,
    pub value: String,
}

/// A value of a parameter: where it applies and from which day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `None`: the whole bank.
    pub branch_id: Option<String>,
    /// Its effective day; `None`: the default.
    pub since: Option<Day>,
    /// The stored text.
    pub value: String,
}

/// The current calendar, branches and parameters. Clones share one copy.
#[derive(Clone, Debug, Default)]
pub struct Reference(Arc<Tables>);

impl Reference {
    #[cfg(feature = "records")]
    pub(super) fn new(tables: Tables) -> Self {
        Self(Arc::new(tables))
    }
}

impl Deref for Reference {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        &self.0
    }
}

/// The contents of a [`Reference`].
#[derive(Debug, Default)]
pub struct Tables {
    /// The version of the rows these were read from.
    #[cfg(feature = "records")]
    pub(crate) version: i64,
    /// The bank's names and contacts; `None` until `lobby init` has written them.
    pub details: Option<Arc<BankDetails>>,
    pub calendar: WorkingCalendar,
    /// All branches that are not closed for good, in the order shown to everybody.
    pub branches: Vec<Branch>,
    /// Branches that are closed for good, for the names in old cases.
    pub(super) closed: Vec<Branch>,
    /// Sorted by effective day, those of the bank before those of a branch.
    pub(super) lines: Vec<ParameterLine>,
}

impl Tables {
    /// A branch, also one that is closed for good.
    pub fn branch(&self, id: &str) -> Option<&Branch> {
        self.every_branch().find(|branch| branch.id == id)
    }

    /// Every branch, also those that are closed for good.
    pub fn every_branch(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter().chain(&self.closed)
    }

    /// Whether a branch works from `start` to `end`, a time of one day; never if it is closed for good.
    pub fn works(&self, branch_id: &str, start: At, end: At) -> bool {
        let branch = self.branches.iter().find(|branch| branch.id == branch_id);
        branch.is_some_and(|branch| branch.hours.contain(&self.calendar, start, end))
    }

    /// The parameters of a capability in force at a branch on a day. Bookings use those of the day they were made.
    pub fn parameters<T: Parameters>(&self, branch_id: &str, day: Day) -> T {
        overlaid(self.set(branch_id, day))
    }

    /// The same on each of these days, which are in order. They are put together again only when a value has become effective.
    pub fn parameters_by_day<T: Parameters + Clone>(&self, branch_id: &str, days: &[Day]) -> impl Iterator<Item = (Day, T)> {
        let mut last: Option<(Day, T)> = None;
        days.iter().map(move |day| {
            let changed = |since: Day| {
                let new = |line: &ParameterLine| line.effective_from > since && line.effective_from <= *day;
                self.lines.iter().any(|line| new(line) && (line.branch_id.is_empty() || line.branch_id == branch_id))
            };
            let parameters = match last.take() {
                Some((since, parameters)) if !changed(since) => parameters,
                _ => self.parameters(branch_id, *day),
            };
            last = Some((*day, parameters.clone()));
            (*day, parameters)
        })
    }

    /// The parameters of every capability in force at a branch on a day.
    pub fn in_force(&self, branch_id: &str, day: Day) -> InForce {
        InForce::new(self.set(branch_id, day))
    }

    /// The values of a parameter that apply on a day or later: those of the whole bank, then those of branches with own values.
    pub fn settings(&self, declared: &Declaration, today: Day) -> Vec<Setting> {
        let mut found = Vec::new();
        for whose in std::iter::once("").chain(self.branches.iter().map(|branch| branch.id.as_str())) {
            let lines = self.lines.iter().filter(|line| line.name == declared.name && line.branch_id == whose);
            // Sorted by effective day: of those in effect only the last applies.
            let (begun, later): (Vec<_>, Vec<_>) = lines.partition(|line| line.effective_from <= today);
            if begun.is_empty() && whose.is_empty() {
                found.push(Setting { branch_id: None, since: None, value: (declared.default)() });
            }
            found.extend(begun.last().into_iter().chain(&later).map(|line| Setting {
                branch_id: Some(whose.to_owned()).filter(|id| !id.is_empty()),
                since: Some(line.effective_from),
                value: line.value.clone(),
            }));
        }
        found
    }

    /// The values set for a branch on a day: the bank's values, then the branch's own, each ordered by effective day.
    fn set<'l>(&'l self, branch_id: &'l str, day: Day) -> impl Iterator<Item = (&'l str, &'l str)> {
        let own = Some(branch_id).filter(|id| !id.is_empty());
        std::iter::once("").chain(own).flat_map(move |whose| {
            let lines = self.lines.iter().filter(move |line| line.branch_id == whose && line.effective_from <= day);
            lines.map(|line| (line.name.as_str(), line.value.as_str()))
        })
    }
}
