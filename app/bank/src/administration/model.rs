//! A request for a change, and what it would change.

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use super::kind::{ChangeKind, Judgement};
use crate::kernel::forms::{FieldKind, Values};
use crate::kernel::ids::Key;
use crate::kernel::time::{At, Day};
use crate::sessions::Permission;

/// The state of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// A second administrator has to decide.
    Waiting,
    Applied,
    Rejected,
    /// Taken back by the proposer.
    Withdrawn,
}

impl ChangeState {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Applied, Self::Rejected, Self::Withdrawn];

    /// The stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Parses a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Something a change touches, with its number. Pages word it; it names no customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Touch {
    /// The value will apply at this many branches.
    Branches { count: i64 },
    /// This many branches keep a value of their own.
    OwnValues { count: i64 },
    /// A later value stands already; it replaces this one from its day on.
    LaterValue { from: Day },
    /// Live appointments on the days the change is about.
    Appointments { count: i64 },
    /// Live appointments that stand although the branch would be closed at their time: the branch calls the customers.
    Stranded { count: i64 },
    /// Those of one branch, with the first case numbers.
    StrandedAt { branch: String, count: i64, numbers: Vec<String> },
    /// Answers promised for a day that would be closed; their due times stay.
    Promised { count: i64 },
    /// Cases that are not final.
    OpenCases { count: i64 },
    /// Reception days to come.
    Receptions { count: i64 },
    /// Places there that were proposed to customers, who have not answered.
    Proposals { count: i64 },
    /// Applications for a reception day, ended ones included.
    Applications { count: i64 },
    /// Places that customers can apply for.
    Places { count: i64 },
    /// Staff who work there.
    Staff { count: i64 },
    /// Those who could administer afterwards.
    Administrators { count: i64 },
    /// Open cases that nobody else may handle.
    Unattended { count: i64 },
    /// Nobody is left at this branch who may do this.
    Deserted { branch: String, permission: Permission },
    /// Nobody may do this yet at the branch that opens.
    NobodyYet { permissions: Vec<Permission> },
    /// The branch or the role is no longer there.
    ClosedBranch,
    /// The person has left by that day.
    HasLeft,
    /// The person has left already, and comes back with a new link: the password ended with the leave.
    ComesBack,
    /// A move planned for this later day is replaced.
    LaterMove { from: Day },
    /// Permissions planned for this later day are replaced.
    LaterRights { from: Day },
    /// Staff who have the role.
    WithRole { count: i64 },
    /// Customers who usually go there; they would have no usual branch.
    UsualBranch { count: i64 },
    /// Customers who see the product now, on a card or in the list.
    Cards { count: i64 },
    /// The year had no published days; from now on it counts as published.
    YearKnown { year: i16 },
    /// A branch opens beside so many others; it takes bookings once its hours are set.
    BranchOpens { others: i64 },
    /// Days that are booked keep the capacity they were opened with.
    DaysKept { count: i64 },
    /// Days on which more is booked than the new value allows; `most` is the largest booked quantity, in the unit of the value.
    DaysAbove { count: i64, most: i64 },
}

impl Touch {
    /// Its number, if it has one.
    pub const fn count(&self) -> Option<i64> {
        match self {
            Self::Branches { count }
            | Self::OwnValues { count }
            | Self::Appointments { count }
            | Self::Stranded { count }
            | Self::StrandedAt { count, .. }
            | Self::Promised { count }
            | Self::OpenCases { count }
            | Self::Receptions { count }
            | Self::Proposals { count }
            | Self::Staff { count }
            | Self::Applications { count }
            | Self::Places { count }
            | Self::UsualBranch { count }
            | Self::Cards { count }
            | Self::DaysKept { count }
            | Self::Administrators { count }
            | Self::Unattended { count }
            | Self::WithRole { count }
            | Self::DaysAbove { count, .. } => Some(*count),
            Self::BranchOpens { others } => Some(*others),
            Self::LaterValue { .. }
            | Self::YearKnown { .. }
            | Self::LaterMove { .. }
            | Self::ComesBack
            | Self::LaterRights { .. }
            | Self::Deserted { .. }
            | Self::NobodyYet { .. }
            | Self::ClosedBranch
            | Self::HasLeft => None,
        }
    }
}

/// A field that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub field: String,
    /// Empty: there was no value.
    pub before: String,
    pub after: String,
}

/// What a proposal would do if it were applied now.
#[derive(Clone, Debug)]
pub struct Preview {
    pub judgement: Judgement,
    /// What stands now.
    pub standing: Values,
    pub differences: Vec<Difference>,
}

impl Preview {
    /// A mark of everything the preview says. A form that was made from another preview is not applied.
    pub fn mark(&self) -> String {
        let Judgement { effective_from, second, touches, .. } = &self.judgement;
        let text = format!("{:?} {effective_from:?} {second:?} {touches:?}", self.differences);
        Key::from_digest(digest::digest(&digest::SHA256, text.as_bytes()).as_ref()).to_string()
    }
}

/// A user of the bank, as a request names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub user_id: String,
    pub name: String,
}

/// A request for a change.
#[derive(Clone)]
pub struct ChangeRequest {
    pub id: String,
    pub kind: &'static dyn ChangeKind,
    /// What is changed; empty for something new.
    pub subject: String,
    /// As typed.
    pub values: Values,
    /// In their stored form, when they were last judged.
    pub judged: Values,
    /// What stood when it was proposed.
    pub before: Values,
    /// What it touched when it was last judged.
    pub touches: Vec<Touch>,
    pub effective_from: Option<Day>,
    pub needs_second: bool,
    pub proposed_by: Person,
    pub proposed_at: At,
    pub state: ChangeState,
    /// Who applied, rejected or withdrew it, and when.
    pub decided: Option<(Person, At)>,
    pub reason: Option<String>,
}

impl ChangeRequest {
    /// What it changes, or would have changed, against what stood when it was proposed.
    pub fn differences(&self) -> Vec<Difference> {
        differences(self.kind, &self.before, &self.judged)
    }
}

/// The fields whose values differ, in the order of the form.
pub(super) fn differences(kind: &dyn ChangeKind, before: &Values, after: &Values) -> Vec<Difference> {
    let asked = kind.form().fields().filter(|field| !matches!(field.kind, FieldKind::Carried));
    asked
        .map(|field| {
            let joined = |values: &Values| values.all(&field.name).collect::<Vec<_>>().join("\n");
            Difference { field: field.name.to_string(), before: joined(before), after: joined(after) }
        })
        .filter(|difference| difference.before != difference.after && difference.field != super::forms::FROM)
        .collect()
}
