//! A branch, and the reference data.

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
    /// Id; the value of the field `branch`.
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub address_zh: String,
    pub address_en: String,
    /// As displayed.
    pub phone: String,
    pub hours: WeekHours,
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
    pub calendar: WorkingCalendar,
    /// All branches in the order shown to everybody.
    pub branches: Vec<Branch>,
    /// Sorted by effective day, those of the bank before those of a branch.
    pub(super) lines: Vec<ParameterLine>,
}

impl Tables {
    pub fn branch(&self, id: &str) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == id)
    }

    /// The parameters in force at a branch on a day. Bookings use those of the day they were made.
    pub fn parameters(&self, branch_id: &str, day: Day) -> Parameters {
        let mut parameters = Parameters::default();
        for whose in ["", branch_id] {
            for line in self.lines.iter().filter(|line| line.branch_id == whose && line.effective_from <= day) {
                // Values are validated when they are stored. One that no longer parses is ignored and the earlier one applies.
                let _ = parameters.set(&line.name, &line.value);
            }
            if branch_id.is_empty() {
                break;
            }
        }
        parameters
    }
}
