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

/// One value of a parameter from its effective day on; an empty branch means the whole bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParameterLine {
    pub name: String,
    pub branch_id: String,
    pub effective_from: Day,
    pub value: String,
}

/// Calendar, branches and parameters as they stand in the database now. Clones share one copy.
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

    /// The parameters in force at a branch on a day: an old booking is judged by the rule of its day.
    pub fn parameters(&self, branch_id: &str, day: Day) -> Parameters {
        let mut parameters = Parameters::default();
        for whose in ["", branch_id] {
            for line in self.lines.iter().filter(|line| line.branch_id == whose && line.effective_from <= day) {
                // Values are validated when they are stored. One that no longer parses is ignored; the earlier value stays.
                let _ = parameters.set(&line.name, &line.value);
            }
            if branch_id.is_empty() {
                break;
            }
        }
        parameters
    }
}
