//! The proof types. They are created only in this folder, from a session row that is live at this request.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::access::{Permission, Scope};
#[cfg(feature = "records")]
use crate::kernel::audit::Actor;
use crate::kernel::forms::{Nearest, Refusal};

/// A natural person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// 个人
    Personal,
    /// 对公
    Company,
}

impl CustomerKind {
    /// The code in `customers.kind`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Company => "company",
        }
    }

    /// The kind of a stored code.
    #[cfg(feature = "records")]
    pub(crate) fn stored(code: &str) -> Self {
        if code == Self::Company.code() { Self::Company } else { Self::Personal }
    }
}

/// The role of a company's approver, also as the author of changes.
pub const APPROVER: &str = "company_approver";

/// Proof that a customer, or a user of a company, is signed in. Queries for a customer's own rows take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub(super) session_id: String,
    pub(super) user_id: String,
    pub(super) user_name: String,
    pub(super) customer_id: String,
    pub(super) kind: CustomerKind,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) permissions: BTreeSet<Permission>,
}

impl Customer {
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
    /// The user who is signed in, who owns the drafts.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
    /// The name of the user who is signed in.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }
    /// The account holder: limits, lists and no-shows are counted per holder.
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }
    pub fn kind(&self) -> CustomerKind {
        self.kind
    }
    /// The account holder's name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// `ms`, `mr` or empty.
    pub fn title(&self) -> &str {
        &self.title
    }
    /// The author of changes, for history and audit.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        let role = if self.approves() { APPROVER } else { "customer" };
        Actor { role: role.into(), user_id: Some(self.user_id.clone()), name: self.user_name.clone() }
    }
    /// Whether this user answers what the company's operator has booked. Whoever acts for the holder never does, whatever the rows
    /// of their role say.
    pub fn approves(&self) -> bool {
        self.may(Permission::ApproveForHolder) && !self.may(Permission::ActForHolder)
    }
    /// Whether this user may do it for the account holder.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// Proof that a staff member is signed in. Operations check [`Staff::may`]; queries take [`Staff::scope`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub(super) session_id: String,
    pub(super) user_id: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) branch_id: Option<String>,
    pub(super) permissions: BTreeSet<Permission>,
    pub(super) scope: Scope,
}

impl Staff {
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Code of their role in `roles`.
    pub fn role(&self) -> &str {
        &self.role
    }
    /// The branch they work at; `None` at head office.
    pub fn branch_id(&self) -> Option<&str> {
        self.branch_id.as_deref()
    }
    /// Whether the role allows it today.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
    /// Whether they administer: settings, staff, or both.
    pub fn administers(&self) -> bool {
        self.may(Permission::ChangeSettings) || self.may(Permission::ManageStaff)
    }
    /// The rows the staff member may use this permission on: none if the role does not allow it.
    pub fn scope(&self, permission: Permission) -> Scope {
        if self.may(permission) { self.scope.clone() } else { Scope::NOTHING }
    }
    /// The author of changes, for history and audit.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        Actor { role: self.role.clone().into(), user_id: Some(self.user_id.clone()), name: self.name.clone() }
    }
}

/// Proof that the password was right, while the second factor is still to come. It gives no access: a customer or staff member
/// cannot be made from it, so every rule that wants one refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaiting {
    pub(super) session_id: String,
    pub(super) user_id: String,
    /// `customer`, or the code of the staff role.
    #[cfg(feature = "records")]
    pub(super) role: String,
    pub(super) needs: Needed,
}

impl Awaiting {
    pub fn needs(&self) -> Needed {
        self.needs
    }

    /// The user whose password it was, for the mark of a page.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
}

/// What a session still needs before it may do anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// A code of the second factor.
    Code,
    /// A code that is sent to the phone of a customer without a second factor.
    SentCode,
    /// Somebody without a second factor, whom no code reaches, has to set one up.
    Enrolment,
}

/// What an act that asks for a fresh proof of who is there wants first (docs/domain.md §12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepUp {
    /// A code of the second factor.
    Code,
    /// A code that is sent to the phone of a customer without a second factor.
    SentCode,
    /// The password again, of a customer without a second factor whom no code reaches.
    Password,
}

/// The author of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// Not signed in.
    #[default]
    Nobody,
    /// The session has ended; the sign-in page says why.
    Ended(SessionEnd),
    /// The password was right; the second factor is still to come.
    Awaiting(Awaiting),
    Customer(Customer),
    /// Any staff member, whatever the role.
    Staff(Staff),
}

/// Why a session has ended (docs/domain.md §12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// It was not used for the idle time.
    Idle,
    /// It has reached its maximum length, in use or not.
    TooOld,
    /// The user has ended it, from another device or window.
    SignedOut,
    /// The bank has: a reset, or the user has left.
    ByBank,
    /// An old token of it was shown, so somebody has a copy.
    Reused,
}

impl SessionEnd {
    pub const ALL: [Self; 5] = [Self::Idle, Self::TooOld, Self::SignedOut, Self::ByBank, Self::Reused];

    /// The stable code in the address of the sign-in page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::TooOld => "age",
            Self::SignedOut => "elsewhere",
            Self::ByBank => "bank",
            Self::Reused => "copy",
        }
    }

    /// Parses a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.code() == code)
    }
}

/// Proof that the request carries the cookie of a session that has expired recently. It gives no access; it only allows
/// the posted text to be kept for that user until the next sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    pub(super) user_id: String,
}

impl EndedSession {
    /// The user who was signed in.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
}

/// Why a sign-in failed. A wrong password, an unknown name and a locked source give the same refusal, so that the answer
/// does not reveal which names exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInRefusal {
    /// The field of the name is empty.
    NameMissing,
    /// The field of the password is empty.
    PasswordMissing,
    /// Wrong name or password, or the source is locked for this name until the next day.
    SignInFailed,
    /// Too many sign-ins from this network have failed in this hour, whatever the names. Known devices are not concerned.
    NetworkSlowed,
}

impl SignInRefusal {
    /// Those after which the page is shown again by a redirect.
    pub const ALL: [Self; 3] = [Self::NameMissing, Self::PasswordMissing, Self::SignInFailed];

    /// What is missing before anything is compared. It says nothing about which names exist.
    pub fn missing(name: &str, password: &str) -> Vec<Self> {
        let name = name.is_empty().then_some(Self::NameMissing);
        let password = password.is_empty().then_some(Self::PasswordMissing);
        [name, password].into_iter().flatten().collect()
    }
}

impl Refusal for SignInRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NameMissing => "name_missing",
            Self::PasswordMissing => "password_missing",
            Self::SignInFailed => "sign_in_failed",
            Self::NetworkSlowed => "network_slowed",
        }
    }
    fn field(&self) -> &'static str {
        match self {
            Self::PasswordMissing => "password",
            Self::NameMissing | Self::SignInFailed => "sign_in_name",
            Self::NetworkSlowed => "",
        }
    }
    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}

/// A live session as listed on `/me`.
#[cfg(feature = "records")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    pub id: String,
    pub created_at: crate::kernel::time::At,
    /// Time of the last request that counted as activity.
    pub seen_at: crate::kernel::time::At,
    /// Browser and system in a few words.
    pub device: String,
}

impl Caller {
    /// The name shown in the header; empty without a session.
    pub fn name(&self) -> &str {
        match self {
            Self::Nobody | Self::Ended(_) | Self::Awaiting(_) => "",
            Self::Customer(customer) => customer.user_name(),
            Self::Staff(staff) => staff.name(),
        }
    }

    /// The author of changes, for history and audit; the role is `nobody` without a session.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Nobody | Self::Ended(_) => Actor { role: "nobody".into(), user_id: None, name: String::new() },
            Self::Awaiting(awaiting) => {
                Actor { role: awaiting.role.clone().into(), user_id: Some(awaiting.user_id.clone()), name: String::new() }
            }
            Self::Customer(customer) => customer.actor(),
            Self::Staff(staff) => staff.actor(),
        }
    }

    /// The session's id, if there is a session.
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Ended(_) => None,
            Self::Awaiting(awaiting) => Some(&awaiting.session_id),
            Self::Customer(customer) => Some(customer.session_id()),
            Self::Staff(staff) => Some(staff.session_id()),
        }
    }

    /// The user's id, if there is a session that may do something.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Ended(_) | Self::Awaiting(_) => None,
            Self::Customer(customer) => Some(customer.user_id()),
            Self::Staff(staff) => Some(staff.user_id()),
        }
    }

    /// The user's and the session's id, if the session may do something.
    #[cfg(feature = "records")]
    pub(super) fn signed_in(&self) -> Option<(&str, &str)> {
        self.user_id().zip(self.session_id())
    }

    /// The user's and the session's id, also while the second factor is still to come: for what concerns the factor, and to sign
    /// out.
    #[cfg(feature = "records")]
    pub(super) fn account(&self) -> Option<(&str, &str)> {
        let user_id = match self {
            Self::Awaiting(awaiting) => Some(awaiting.user_id()),
            _ => self.user_id(),
        };
        user_id.zip(self.session_id())
    }
}

#[cfg(test)]
mod tests {
    use super::SignInRefusal::{self, NameMissing, PasswordMissing};

    #[test]
    fn each_empty_field_is_named() {
        assert_eq!(SignInRefusal::missing("", ""), [NameMissing, PasswordMissing]);
        assert_eq!(SignInRefusal::missing("c1", ""), [PasswordMissing]);
        assert_eq!(SignInRefusal::missing("", " "), [NameMissing], "a blank may be a password");
        assert_eq!(SignInRefusal::missing("c1", "x"), []);
    }
}
