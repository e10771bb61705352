//! What a role allows ([`Permission`]) and whose rows it reaches ([`Scope`]), by docs/domain.md §12. Roles are rows:
//! `roles` says how far one reaches, `role_permissions` what it may and from which day.

use serde::{Deserialize, Serialize};

#[cfg(feature = "records")]
use crate::kernel::database::Arg;

/// What somebody may do. A permission is listed once something checks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// A customer's user: books, applies, suggests, cancels for the holder. A company's approver only looks.
    ActForHolder,
    /// Staff: the queue and the cases in scope, masked.
    SeeCases,
    /// Staff: confirms, declines, answers, cancels, writes internal notes.
    AnswerCases,
    /// Staff: what happens at the counter: prepare, arrive, pay out, not collected.
    ServeCounter,
    /// Staff: approves or sends back what another confirmed.
    ApproveCases,
    /// Staff: the parameters in force.
    SeeSettings,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 6] =
        [Self::ActForHolder, Self::SeeCases, Self::AnswerCases, Self::ServeCounter, Self::ApproveCases, Self::SeeSettings];

    /// As stored in `role_permissions`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ActForHolder => "holder.act",
            Self::SeeCases => "cases.see",
            Self::AnswerCases => "cases.answer",
            Self::ServeCounter => "counter.serve",
            Self::ApproveCases => "cases.approve",
            Self::SeeSettings => "settings.see",
        }
    }

    /// From storage. `None` for a code that a later version wrote: it allows nothing here.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.code() == code)
    }
}

/// How far a role reaches, as stored in `roles.reach`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// A customer's user: the holder's own rows.
    Own,
    /// Staff of a branch: the rows of that branch.
    Branch,
    /// Head office: the rows of every branch.
    Bank,
    /// Staff who see no row of any customer.
    Nothing,
}

impl Reach {
    /// From storage.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "own" => Some(Self::Own),
            "branch" => Some(Self::Branch),
            "bank" => Some(Self::Bank),
            "none" => Some(Self::Nothing),
            _ => None,
        }
    }
}

/// Whose rows a query for staff may give. Made in this folder from a live session; a query takes it and has it in its
/// SQL, so that a row out of scope is not found rather than found and hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope(Bounds);

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "records"), expect(dead_code, reason = "the browser makes no scope"))]
enum Bounds {
    Nothing,
    Branch(String),
    Everything,
}

impl Scope {
    /// For what the bank does by itself and for a customer's own case, which is found by its owner first.
    #[cfg(feature = "records")]
    pub(crate) const EVERYTHING: Self = Self(Bounds::Everything);

    /// No row at all.
    pub(super) const NOTHING: Self = Self(Bounds::Nothing);

    /// What a staff member of this reach, who works at this branch, is given. Staff of a branch who have none see nothing.
    #[cfg(feature = "records")]
    pub(super) fn of(reach: Reach, branch_id: Option<&str>) -> Self {
        match (reach, branch_id) {
            (Reach::Bank, _) => Self(Bounds::Everything),
            (Reach::Branch, Some(branch)) => Self(Bounds::Branch(branch.to_owned())),
            (Reach::Branch, None) | (Reach::Own | Reach::Nothing, _) => Self::NOTHING,
        }
    }

    /// Whether it holds more than one branch: then a filter by branch makes sense.
    pub fn is_whole_bank(&self) -> bool {
        self.0 == Bounds::Everything
    }

    /// The condition on a column that holds a branch's id; what it compares with is appended to `args`. A row without a
    /// branch belongs to head office.
    #[cfg(feature = "records")]
    pub(crate) fn condition(&self, column: &str, args: &mut Vec<Arg>) -> String {
        match &self.0 {
            Bounds::Nothing => "FALSE".to_owned(),
            Bounds::Everything => "TRUE".to_owned(),
            Bounds::Branch(branch) => {
                args.push(Arg::from(branch));
                format!("{column} = ${}", args.len())
            }
        }
    }
}

#[cfg(all(test, feature = "records"))]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_condition_on_the_branch_and_denies_by_default() {
        let condition = |reach, branch| {
            let mut args = vec![Arg::from(7_i64)];
            (Scope::of(reach, branch).condition("k.branch_id", &mut args), args.len())
        };
        assert_eq!(condition(Reach::Branch, Some("shiqi")), ("k.branch_id = $2".to_owned(), 2));
        assert_eq!(condition(Reach::Bank, Some("shiqi")), ("TRUE".to_owned(), 1));
        for (reach, branch) in [(Reach::Branch, None), (Reach::Nothing, Some("shiqi")), (Reach::Own, Some("shiqi"))] {
            assert_eq!(condition(reach, branch), ("FALSE".to_owned(), 1), "{reach:?}");
        }
    }

    #[test]
    fn a_permission_of_a_later_version_allows_nothing() {
        assert!(Permission::ALL.into_iter().all(|permission| Permission::parse(permission.code()) == Some(permission)));
        assert_eq!(Permission::parse("vault.open"), None);
    }
}
