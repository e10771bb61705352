//! The proof types. A proof is made only in this folder, from a session row that holds now.

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

/// Proof that a signed-in customer, or a company's operator, calls. Queries about "mine" take it.
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
    /// The session's row.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
    /// The person signed in; owns drafts.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
    /// The name of the person signed in.
    pub fn user_name(&self) -> &str {
        &self.user_name
    }
    /// The holder: limits, "mine" and no-shows count by it.
    pub fn customer_id(&self) -> &str {
        &self.customer_id
    }
    /// Person or company.
    pub fn kind(&self) -> CustomerKind {
        self.kind
    }
    /// The holder's name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// `ms`, `mr` or blank.
    pub fn title(&self) -> &str {
        &self.title
    }
    /// For history and audit.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        Actor { role: "customer".into(), user_id: Some(self.user_id.clone()), name: self.user_name.clone() }
    }
    /// Whether this user may do it for the holder.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// Proof that somebody of the bank calls. What they may is in their role's rows: an operation asks [`Staff::may`], a query
/// takes [`Staff::scope`].
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
    /// The session's row.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
    /// The staff member.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
    /// Their name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Code of their role.
    pub fn role(&self) -> &str {
        &self.role
    }
    /// Where they work.
    pub fn branch_id(&self) -> Option<&str> {
        self.branch_id.as_deref()
    }
    /// Whether their role allows it today.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
    /// The rows they may do this with: none at all when their role does not allow it.
    pub fn scope(&self, permission: Permission) -> Scope {
        if self.may(permission) { self.scope.clone() } else { Scope::NOTHING }
    }
    /// For history and audit.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        Actor { role: self.role.clone().into(), user_id: Some(self.user_id.clone()), name: self.name.clone() }
    }
}

/// Who makes a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Caller {
    /// Nobody signed in.
    #[default]
    Nobody,
    /// A session was there and is over (idle or too old): the page says so.
    Expired,
    /// A customer.
    Customer(Customer),
    /// Somebody of the bank, whatever their role.
    Staff(Staff),
}

/// Proof that a request carries the cookie of a session that has ended by itself, not long ago. It opens nothing; what its
/// page sent can be kept for the user until they sign in again.
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

/// Why a sign-in did not happen. One outcome for a wrong password, an unknown name and a locked account: the answer
/// tells nobody which names exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInRefusal {
    /// Name or password do not fit, or the account is locked until the next day.
    SignInFailed,
}

impl Refusal for SignInRefusal {
    fn code(&self) -> &'static str {
        "sign_in_failed"
    }
    fn field(&self) -> &'static str {
        "sign_in_name"
    }
    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}

/// A live session as `/me` lists it.
#[cfg(feature = "records")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Its row.
    pub id: String,
    /// When it began.
    pub created_at: crate::kernel::time::At,
    /// When it was last used.
    pub seen_at: crate::kernel::time::At,
    /// Browser and system in a few words.
    pub device: String,
}

impl Caller {
    /// The name shown in the header.
    pub fn name(&self) -> &str {
        match self {
            Self::Nobody | Self::Expired => "",
            Self::Customer(customer) => customer.user_name(),
            Self::Staff(staff) => staff.name(),
        }
    }

    /// For history and audit; who is not signed in is nobody.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Nobody | Self::Expired => Actor { role: "nobody".into(), user_id: None, name: String::new() },
            Self::Customer(customer) => customer.actor(),
            Self::Staff(staff) => staff.actor(),
        }
    }

    /// The session, when there is one.
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Expired => None,
            Self::Customer(customer) => Some(customer.session_id()),
            Self::Staff(staff) => Some(staff.session_id()),
        }
    }

    /// The user, when there is one.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Expired => None,
            Self::Customer(customer) => Some(customer.user_id()),
            Self::Staff(staff) => Some(staff.user_id()),
        }
    }
}
