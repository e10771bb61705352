//! Roles and the proof types. A proof is made only in this folder, from a session row that holds now.

use serde::{Deserialize, Serialize};

#[cfg(feature = "records")]
use crate::kernel::audit::Actor;
use crate::kernel::forms::{Nearest, Refusal};

/// What a user may be (docs/domain.md §12; further roles come with their capabilities).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A person, or the operator of a company.
    Customer,
    /// Answers cases at a branch.
    Clerk,
    /// 网点负责人: all a clerk may, and approves.
    BranchHead,
    /// Runs the installation; sees no customer data.
    Administrator,
}

impl Role {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Clerk => "clerk",
            Self::BranchHead => "branch_head",
            Self::Administrator => "administrator",
        }
    }

    /// From storage.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Customer, Self::Clerk, Self::BranchHead, Self::Administrator].into_iter().find(|role| role.code() == code)
    }
}

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
        Actor { role: Role::Customer.code(), user_id: Some(self.user_id.clone()), name: self.user_name.clone() }
    }
}

/// Proof that a clerk or a branch head calls: whoever may work the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub(super) session_id: String,
    pub(super) user_id: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) branch_id: Option<String>,
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
    /// Clerk or branch head.
    pub fn role(&self) -> Role {
        self.role
    }
    /// Where they work.
    pub fn branch_id(&self) -> Option<&str> {
        self.branch_id.as_deref()
    }
    /// The stronger proof, if they are one.
    pub fn branch_head(&self) -> Option<BranchHead> {
        (self.role == Role::BranchHead).then_some(BranchHead(()))
    }
    /// For history and audit.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        Actor { role: self.role.code(), user_id: Some(self.user_id.clone()), name: self.name.clone() }
    }
}

/// Proof that a branch head calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchHead(());

/// Proof that an administrator calls. It opens no customer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrator {
    pub(super) session_id: String,
    pub(super) user_id: String,
    pub(super) name: String,
}

impl Administrator {
    /// The session's row.
    pub fn session_id(&self) -> &str {
        &self.session_id
    }
    /// The administrator.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
    /// Their name.
    pub fn name(&self) -> &str {
        &self.name
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
    /// A clerk or branch head.
    Staff(Staff),
    /// An administrator.
    Administrator(Administrator),
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
            Self::Administrator(administrator) => administrator.name(),
        }
    }

    /// For history and audit; who is not signed in is nobody.
    #[cfg(feature = "records")]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Nobody | Self::Expired => Actor { role: "nobody", user_id: None, name: String::new() },
            Self::Customer(customer) => customer.actor(),
            Self::Staff(staff) => staff.actor(),
            Self::Administrator(administrator) => Actor {
                role: Role::Administrator.code(),
                user_id: Some(administrator.user_id.clone()),
                name: administrator.name.clone(),
            },
        }
    }

    /// The session, when there is one.
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Expired => None,
            Self::Customer(customer) => Some(customer.session_id()),
            Self::Staff(staff) => Some(staff.session_id()),
            Self::Administrator(administrator) => Some(administrator.session_id()),
        }
    }

    /// The user, when there is one.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Nobody | Self::Expired => None,
            Self::Customer(customer) => Some(customer.user_id()),
            Self::Staff(staff) => Some(staff.user_id()),
            Self::Administrator(administrator) => Some(administrator.user_id()),
        }
    }
}
