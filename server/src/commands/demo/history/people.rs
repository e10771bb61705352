//! Who filed the cases of the history and who answered them: the generated customers, and a clerk and a head for each branch.

use std::convert::Infallible;

use anyhow::bail;
use bank::branches::reference;
use bank::cases::PastChange;
use bank::customers::{HolderIds, list_holders};
use bank::kernel::audit::Actor;
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::time::At;
use bank::sessions::{NewUser, hash_password, insert_user, list_sign_in_names};
use scoped_futures::ScopedFutureExt;

use super::super::PASSWORD;
use super::super::generated;

/// Number of generated customers of a history: about a hundred cases each in a large one, and always enough for each to have
/// one live booking.
fn customers(cases: usize) -> u32 {
    let enough = (cases / 5 + 50).min(1_500);
    u32::try_from((cases / 100).clamp(enough, 10_000)).unwrap_or(1_500)
}

/// A generated customer.
#[derive(Clone, Copy)]
pub(super) struct Person<'p> {
    /// From 1.
    pub number: u32,
    pub ids: &'p HolderIds,
}

impl Person<'_> {
    pub(super) fn id(self) -> String {
        self.ids.customer_id.clone()
    }

    pub(super) fn name(self) -> String {
        generated::full_name(self.number)
    }

    pub(super) fn account(self) -> String {
        self.ids.account_id.clone()
    }

    pub(super) fn phone(self) -> String {
        generated::phone(self.number)
    }

    /// The usual branch.
    pub(super) fn branch(self) -> &'static str {
        generated::branch(self.number)
    }

    pub(super) fn actor(self) -> Actor {
        Actor { role: "customer".into(), user_id: Some(self.ids.user_id.clone()), name: self.name() }
    }

    /// The submission of a case.
    pub(super) fn submits(self, at: At, to: &'static str) -> PastChange {
        change(at, self.actor(), "submit", to)
    }
}

/// A change without reason and detail.
pub(super) fn change(at: At, actor: Actor, action: &'static str, to: &'static str) -> PastChange {
    PastChange { at, actor, action, to, reason: None, detail: "{}".to_owned() }
}

/// The clerk of a branch.
pub(super) fn clerk(branch: &str) -> Actor {
    Actor { role: "clerk".into(), user_id: Some(format!("clerk-{branch}")), name: "值班柜员".to_owned() }
}

/// The head of a branch.
pub(super) fn head(branch: &str) -> Actor {
    Actor { role: "branch_head".into(), user_id: Some(format!("head-{branch}")), name: "值班负责人".to_owned() }
}

/// The generated customers of a history, by number; the missing ones are added.
pub(super) async fn add_customers(bank: &Bank, cases: usize) -> anyhow::Result<Vec<HolderIds>> {
    let wanted = customers(cases);
    let names: Vec<String> = (1..=wanted).map(generated::name).collect();
    let known = async || -> Result<Vec<HolderIds>, Failure> {
        let mut known = list_holders(&mut bank.read().await?, "g").await?;
        known.retain(|holder| names.binary_search(&holder.number).is_ok());
        Ok(known)
    };
    if known().await?.len() < names.len() {
        generated::add(bank, wanted).await?;
    }
    let known = known().await?;
    if known.len() < names.len() {
        bail!("{} of {} generated customers are missing", names.len() - known.len(), names.len());
    }
    Ok(known)
}

/// Adds the missing staff: `clerk-BRANCH` and `head-BRANCH` for each branch.
pub(super) async fn add_staff(bank: &Bank) -> anyhow::Result<()> {
    let reference = reference(bank).await?;
    let mut known = list_sign_in_names(&mut bank.read().await?, "clerk-").await?;
    known.extend(list_sign_in_names(&mut bank.read().await?, "head-").await?);
    let staff = reference.branches.iter().flat_map(|branch| [(clerk(&branch.id), &branch.id), (head(&branch.id), &branch.id)]);
    let missing: Vec<(Actor, &String)> =
        staff.filter(|(actor, _)| !actor.user_id.as_ref().is_some_and(|id| known.contains(id))).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let password_hash = hash_password(PASSWORD)?;
    bank.write::<_, Infallible, _>("demo_history_staff", |tx| {
        let (missing, password_hash) = (&missing, &password_hash);
        async move {
            for (actor, branch) in missing {
                let id = actor.user_id.clone().unwrap_or_default();
                let user = NewUser {
                    id: id.clone(),
                    sign_in_name: id,
                    password_hash: password_hash.clone(),
                    role: actor.role.to_string(),
                    name: actor.name.clone(),
                    customer_id: None,
                    branch_id: Some((*branch).clone()),
                };
                insert_user(tx, &user).await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)?;
    Ok(())
}
