//! Branch staff enter a customer with a first account, look one up by number, and hand out activation codes; a branch head
//! resets a sign-in after checking the ID (docs/domain.md §12). Only customers of the own branch are
//! found, and those who belong to no branch.

use std::sync::LazyLock;

use scoped_futures::ScopedFutureExt;
use serde::{Deserialize, Serialize};

use super::entry::{AccountEntry, CustomerEntry};
use super::entry_records::{put_account, put_customer};
use super::records::{Lookup, find_customers};
use super::{enter_records as records, find_by_number};
use crate::administration::take_turn;
use crate::branches::reference;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::entries::{EntryRefusal, EntryRule, read_code};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{
    AttemptOutcome, Field, FieldKind as Kind, Form, Nearest, Post, Refusal, SubmitConflict, SubmitHandler, SubmitOutcome,
    SubmittedForm, Values, submit,
};
use crate::kernel::ids::Key;
use crate::kernel::people::{IdType, mask_id, mask_name, mask_phone};
use crate::kernel::seal::columns::{CUSTOMER_ID, CUSTOMER_PHONE};
use crate::kernel::time::{At, Day};
use crate::sessions::{
    ActivationKind, Invitation, InviteRefusal, Permission, ResetOf, Secret, SessionParameters, Staff, invite_once, reset_sign_in,
};

/// The form: the customer, those who sign in, the first account.
pub static ENTER_FORM: LazyLock<Form> = LazyLock::new(|| {
    let mut form = Form::new(
        "customer_entry",
        vec![(
            "enter",
            vec![
                Field::new("kind", Kind::Choice),
                Field::new("number", Kind::Line),
                Field::new("name", Kind::Line),
                Field::new("title", Kind::Choice),
                Field::new("id_type", Kind::Choice),
                Field::new("id_number", Kind::Line),
                Field::new("birth_day", Kind::Day),
                Field::new("phone", Kind::Phone),
                Field::new("email", Kind::Line),
                Field::new("address", Kind::Line),
                Field::new("resident", Kind::Tick),
                Field::new("capable", Kind::Tick),
                Field::new("vip", Kind::Tick),
                Field::new("risk_flag", Kind::Tick),
                Field::new("operator", Kind::Line),
                Field::new("approver", Kind::Line),
                Field::new("approver_sign_in_name", Kind::Line),
                Field::new("account_number", Kind::Line),
                Field::new("account_kind", Kind::Choice),
                Field::new("balance", Kind::Amount),
            ],
        )],
    );
    let yes = |name: &str| (name.to_owned(), "yes".to_owned());
    form.begins_with = Values(vec![yes("resident"), yes("capable"), ("kind".to_owned(), "personal".to_owned())]);
    form
});

/// The look-up: one number, of the customer or of the ID document.
pub static LOOKUP_FORM: LazyLock<Form> =
    LazyLock::new(|| Form::new("customer_lookup", vec![("find", vec![Field::new("wanted", Kind::Line)])]));

/// The fields that are ticked or not.
const TICKS: [&str; 4] = ["resident", "capable", "vip", "risk_flag"];

/// Why a customer is not entered. It names no data of another customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnterRefusal {
    /// Values break rules; the page validates them again and shows which.
    Invalid,
    /// A customer has this number, or somebody this sign-in name.
    NumberUsed,
    /// A customer is entered with this ID number.
    IdUsed,
    /// Somebody has the approver's sign-in name.
    ApproverUsed,
    /// The account belongs to somebody else.
    AccountUsed,
    /// The staff member works at no branch, so the customer would belong to none.
    NoBranch,
}

impl EnterRefusal {
    pub const ALL: [Self; 6] =
        [Self::Invalid, Self::NumberUsed, Self::IdUsed, Self::ApproverUsed, Self::AccountUsed, Self::NoBranch];
}

impl Refusal for EnterRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid => "customer_invalid",
            Self::NumberUsed => "customer_number_used",
            Self::IdUsed => "customer_id_used",
            Self::ApproverUsed => "customer_approver_used",
            Self::AccountUsed => "customer_account_used",
            Self::NoBranch => "customer_no_branch",
        }
    }

    fn field(&self) -> &'static str {
        match self {
            Self::Invalid | Self::NoBranch => "",
            Self::NumberUsed => "number",
            Self::IdUsed => "id_number",
            Self::ApproverUsed => "approver_sign_in_name",
            Self::AccountUsed => "account_number",
        }
    }

    fn nearest(&self) -> Vec<Nearest> {
        Vec::new()
    }
}

/// The entries of a form, or every refusal with the name of its field.
pub fn read_customer(
    values: &Values,
    branch: Option<&str>,
    today: Day,
) -> Result<(CustomerEntry, AccountEntry), Vec<EntryRefusal>> {
    let ticked = |name: &str| if values.ticked(name) { "yes" } else { "no" };
    let company = values.filled("kind") == Some("company");
    let customer = CustomerEntry::parse(
        &|column| match column {
            "branch" => branch,
            tick if TICKS.contains(&tick) => Some(ticked(tick)),
            // What the page asks of the other kind only is not used.
            "operator" | "approver" | "approver_sign_in_name" if !company => None,
            "title" | "birth_day" if company => None,
            other => values.first(other),
        },
        today,
    );
    let account = AccountEntry::parse(&|column| match column {
        "number" => values.first("account_number"),
        "customer" => values.first("number"),
        "kind" => values.first("account_kind"),
        "balance" => values.first("balance"),
        _ => None,
    });
    let renamed = |refusal: EntryRefusal| match refusal.column {
        "number" => Some(EntryRefusal { column: "account_number", ..refusal }),
        "kind" => Some(EntryRefusal { column: "account_kind", ..refusal }),
        "customer" => None,
        _ => Some(refusal),
    };
    match (customer, account) {
        (Ok(customer), Ok(account)) => Ok((customer, account)),
        (customer, account) => {
            let mut refusals = customer.err().unwrap_or_default();
            refusals.extend(account.err().unwrap_or_default().into_iter().filter_map(renamed));
            Err(refusals)
        }
    }
}

/// Enters a posted customer with the first account. Idempotent per key; the result is the customer's id.
pub async fn enter_customer(bank: &Bank, staff: &Staff, post: &Post) -> Result<SubmitOutcome<EnterRefusal>, Failure> {
    submit(bank, post.row(staff.user_id(), &ENTER_FORM), post, &Entering { bank, staff }).await
}

struct Entering<'b> {
    bank: &'b Bank,
    staff: &'b Staff,
}

/// Why the transaction was rolled back.
enum Stop {
    Form(SubmitConflict),
    Rule(EnterRefusal),
}

fn stop(refusal: EnterRefusal) -> Rejected<Stop> {
    Rejected::Refused(Stop::Rule(refusal))
}

/// The refusal for what the rows refused.
fn stored(refusals: &[EntryRefusal], account: bool) -> EnterRefusal {
    match refusals.first().map(|refusal| (refusal.column, refusal.rule)) {
        Some((_, EntryRule::UnknownReference)) => EnterRefusal::NoBranch,
        Some(("approver_sign_in_name", _)) => EnterRefusal::ApproverUsed,
        _ if account => EnterRefusal::AccountUsed,
        _ => EnterRefusal::NumberUsed,
    }
}

impl SubmitHandler for Entering<'_> {
    type Refusal = EnterRefusal;

    async fn attempt(&self, submitted: &SubmittedForm<'_>) -> Result<AttemptOutcome<EnterRefusal>, Rejected<SubmitConflict>> {
        let staff = self.staff;
        let Some(branch) = staff.branch_id().filter(|_| staff.may(Permission::EnterCustomers)) else {
            return Ok(AttemptOutcome::Refused(EnterRefusal::NoBranch));
        };
        let Ok((customer, account)) = read_customer(&submitted.values, Some(branch), self.bank.now().day()) else {
            return Ok(AttemptOutcome::Refused(EnterRefusal::Invalid));
        };
        let done = self.bank.write("enter_customer", |tx| {
            let (customer, account) = (&customer, &account);
            async move {
                let state = submitted.lock(tx).await.map_err(|rejected| rejected.map(Stop::Form))?;
                // Two who enter the same person at once are put one after the other.
                take_turn(tx).await?;
                if find_by_number(tx, &customer.number).await?.is_some() {
                    return Err(stop(EnterRefusal::NumberUsed));
                }
                let seal = tx.seal();
                if !find_customers(tx, &seal, &Lookup::IdNumber(&customer.id_number)).await?.is_empty() {
                    return Err(stop(EnterRefusal::IdUsed));
                }
                let put = put_customer(tx, customer).await;
                let put = put.map_err(|rejected| rejected.map(|refusals| Stop::Rule(stored(&refusals, false))))?;
                let put_account = put_account(tx, account).await;
                put_account.map_err(|rejected| rejected.map(|refusals| Stop::Rule(stored(&refusals, true))))?;
                insert_audit(tx, &staff.actor(), "customer_entered", &put.customer_id, "ok").await?;
                submitted.finish(tx, state, &put.customer_id).await?;
                Ok(put.customer_id)
            }
            .scope_boxed()
        });
        match done.await {
            Ok(id) => Ok(AttemptOutcome::Booked(id)),
            Err(Rejected::Refused(Stop::Rule(refusal))) => Ok(AttemptOutcome::Refused(refusal)),
            Err(Rejected::Refused(Stop::Form(conflict))) => Err(Rejected::Refused(conflict)),
            Err(Rejected::Unexpected(failure)) => Err(Rejected::Unexpected(failure)),
        }
    }

    fn changed(&self) -> Option<EnterRefusal> {
        None
    }
}

/// A customer as the branch sees them, with those who sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCustomer {
    pub number: String,
    /// Masked.
    pub name: String,
    /// Masked.
    pub id: String,
    pub id_type: String,
    /// Masked.
    pub phone: String,
    pub users: Vec<CustomerSignIn>,
}

/// Somebody who signs in for a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSignIn {
    pub user_id: String,
    pub sign_in_name: String,
    /// Masked.
    pub name: String,
    /// Code of the role.
    pub role: String,
    /// Whether they have a password.
    pub active: bool,
    /// Whether they have a second factor.
    pub has_factor: bool,
    /// Until when an activation code is open.
    pub code_until: Option<At>,
}

/// The customer of the own branch, or of no branch, with this customer number or ID number, in any spelling.
pub async fn look_up(bank: &Bank, staff: &Staff, wanted: &str) -> Result<Option<FoundCustomer>, Failure> {
    let mut conn = bank.read().await?;
    let by_number = match read_code(wanted) {
        Some(number) => find_by_number(&mut conn, &number).await?,
        None => None,
    };
    let found = match by_number {
        Some(id) => vec![id],
        None => find_customers(&mut conn, bank.seal(), &Lookup::IdNumber(wanted)).await?,
    };
    drop(conn);
    for id in found {
        if let Some(customer) = find_in_branch(bank, staff, &id).await? {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}

/// The customer with this id, if they belong to the own branch or to none.
pub async fn find_in_branch(bank: &Bank, staff: &Staff, customer_id: &str) -> Result<Option<FoundCustomer>, Failure> {
    let scope = staff.scope(Permission::EnterCustomers);
    let mut conn = bank.read().await?;
    let Some(row) = records::find_in_scope(&mut conn, &scope, customer_id).await? else { return Ok(None) };
    let users = records::list_users(&mut conn, customer_id, bank.now()).await?;
    let seal = bank.seal();
    let users = users.into_iter().map(|user| CustomerSignIn {
        user_id: user.id,
        sign_in_name: user.sign_in_name,
        name: mask_name(&user.name),
        role: user.role,
        active: user.active,
        has_factor: user.has_factor,
        code_until: user.code_until.map(At),
    });
    Ok(Some(FoundCustomer {
        name: mask_name(&row.name),
        id: mask_id(&seal.open(&CUSTOMER_ID, customer_id, &row.id_sealed)?),
        id_type: row.id_type,
        phone: mask_phone(&seal.open(&CUSTOMER_PHONE, customer_id, &row.phone_sealed)?),
        number: row.number,
        users: users.collect(),
    }))
}

/// A code that is shown once.
#[derive(Clone, Debug)]
pub struct IssuedCode {
    pub secret: Secret,
    /// The customer number, which is typed together with the code.
    pub number: String,
    /// What the person signs in with afterwards.
    pub sign_in_name: String,
    pub until: At,
}

/// Why no code is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// There is no such user in the own branch.
    NotFound,
    /// The user has a password; a branch head resets it.
    Active,
    /// This form has issued its code already; it is not shown again.
    Shown,
    /// The original ID document was not confirmed.
    IdUnchecked,
}

/// Issues an activation code for a user without a password; an earlier code ends. One key issues one code.
pub async fn issue_code(bank: &Bank, staff: &Staff, user_id: &str, key: &Key) -> Result<IssuedCode, Rejected<CodeRefusal>> {
    hand_out(bank, staff, user_id, key, None).await
}

/// Takes a user's password away after the ID document was checked, and the second factor if it is lost too, ends their sessions, and
/// issues a code.
pub async fn reset_customer(
    bank: &Bank,
    staff: &Staff,
    user_id: &str,
    key: &Key,
    checked: Option<IdType>,
    of: ResetOf,
) -> Result<IssuedCode, Rejected<CodeRefusal>> {
    let checked = checked.ok_or(Rejected::Refused(CodeRefusal::IdUnchecked))?;
    hand_out(bank, staff, user_id, key, Some((checked, of))).await
}

impl From<InviteRefusal> for CodeRefusal {
    fn from(refusal: InviteRefusal) -> Self {
        match refusal {
            InviteRefusal::Shown => Self::Shown,
            InviteRefusal::Active => Self::Active,
        }
    }
}

async fn hand_out(
    bank: &Bank,
    staff: &Staff,
    user_id: &str,
    key: &Key,
    reset: Option<(IdType, ResetOf)>,
) -> Result<IssuedCode, Rejected<CodeRefusal>> {
    let permission = if reset.is_some() { Permission::ResetSignIn } else { Permission::EnterCustomers };
    let scope = staff.scope(permission);
    let limits: SessionParameters = reference(bank).await?.parameters("", bank.now().day());
    let refused = Rejected::Refused;
    bank.write("issue_code", |tx| {
        let (scope, limits) = (&scope, &limits);
        async move {
            let user = records::find_user_in_scope(tx, scope, user_id).await?.ok_or(refused(CodeRefusal::NotFound))?;
            if let Some((id_type, of)) = reset {
                reset_sign_in(tx, user_id, of).await?;
                insert_audit(tx, &staff.actor(), of.audited(), user_id, id_type.code()).await?;
            }
            let invitation = Invitation { user_id, kind: ActivationKind::Code, by: staff.user_id(), key };
            let issued = invite_once(tx, &invitation, limits).await.map_err(|rejected| rejected.map(CodeRefusal::from))?;
            insert_audit(tx, &staff.actor(), "activation_issued", user_id, "ok").await?;
            let until = tx.now().plus_days(limits.activation_code_days);
            Ok(IssuedCode { secret: issued, number: user.number, sign_in_name: user.sign_in_name, until })
        }
        .scope_boxed()
    })
    .await
}
