//! A branch, and the reference data a decision is made from.

use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::calendar::WorkingCalendar;
use crate::kernel::hours::WeekHours;
use crate::kernel::language::Language;
use crate::kernel::parameters::Parameters;
use crate::kernel::time::Day;

/// A branch of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// Identifier; the value of the field `branch`.
    pub id: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Chinese address.
    pub address_zh: String,
    /// English address.
    pub address_en: String,
    /// As printed.
    pub phone: String,
    /// Opening hours of a week.
    pub hours: WeekHours,
    /// Before this day it pays out no booked cash.
    pub cash_closed_until: Option<Day>,
}

impl Branch {
    /// Its name.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.name_zh,
            Language::En => &self.name_en,
        }
    }

    /// Its address.
    pub fn address(&self, language: Language) -> &str {
        match language {
            Language::ZhCn => &self.address_zh,
            Language::En => &self.address_en,
        }
    }
}

/// One value of a parameter from its effective day on; an empty branch means the whole bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParameterLine {
    pub name: String,
    pub branch_id: String,
    pub effective_from: Day,
    pub value: String,
}

/// One value of a parameter, for whom and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Empty: the whole bank.
    pub branch_id: String,
    /// From this day on; `None`: the default.
    pub since: Option<Day>,
    /// As stored, see [`Parameters::set`].
    pub value: String,
}

/// Calendar, branches and parameters as they stand in the database now. Cloning is cheap: a process reads them once and
/// again when they have changed.
#[derive(Clone, Debug, Default)]
pub struct Reference(pub(super) Arc<Tables>);

impl Deref for Reference {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        &self.0
    }
}

/// What a [`Reference`] holds.
#[derive(Debug, Default)]
pub struct Tables {
    /// The working calendar.
    pub calendar: WorkingCalendar,
    /// Every branch in the one order everyone sees.
    pub branches: Vec<Branch>,
    /// Sorted by effective day, the bank's before a branch's.
    pub(super) lines: Vec<ParameterLine>,
}

impl Tables {
    /// The branch with this identifier.
    pub fn branch(&self, id: &str) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == id)
    }

    /// What has been set of one parameter, as far as it holds on a day or later: the whole bank first, its default when
    /// nothing was set, then every branch that differs.
    pub fn settings(&self, name: &str, today: Day) -> Vec<Setting> {
        let mut found = Vec::new();
        let branches = self.branches.iter().map(|branch| branch.id.as_str());
        for whose in std::iter::once("").chain(branches) {
            let lines: Vec<_> = self.lines.iter().filter(|line| line.name == name && line.branch_id == whose).collect();
            // Sorted by day: of those that hold already the last one does.
            let past = lines.iter().filter(|line| line.effective_from <= today).count();
            if past == 0 && whose.is_empty() {
                let value = Parameters::default().get(name).unwrap_or_default();
                found.push(Setting { branch_id: String::new(), since: None, value });
            }
            found.extend(lines.iter().skip(past.saturating_sub(1)).map(|line| Setting {
                branch_id: line.branch_id.clone(),
                since: Some(line.effective_from),
                value: line.value.clone(),
            }));
        }
        found
    }

    /// The parameters in force at a branch on a day: an old booking is judged by the rule of its day.
    pub fn parameters(&self, branch_id: &str, day: Day) -> Parameters {
        let mut parameters = Parameters::default();
        for whose in ["", branch_id] {
            for line in self.lines.iter().filter(|line| line.branch_id == whose && line.effective_from <= day) {
                // Values were checked when they were stored; one that no longer parses leaves the value before it.
                let _ = parameters.set(&line.name, &line.value);
            }
            if branch_id.is_empty() {
                break;
            }
        }
        parameters
    }
}
