//! The list of staff, one member, and the activation link that an administrator hands out. An address names a member by id and
//! holds no name; what is searched for is a stored form.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use scoped_futures::ScopedFutureExt;

use super::records::{self, MemberRow};
use crate::branches::reference;
use crate::cases::{Neighbours, NotAPosition, PageStart};
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::ids::Key;
use crate::kernel::text::narrow;
use crate::kernel::time::{At, Day};
use crate::sessions::access::Permission;
use crate::sessions::activation::{ActivationKind, Invitation, InviteRefusal, Secret, invite_once};
use crate::sessions::model::Staff;
use crate::sessions::parameters::SessionParameters;
use crate::sessions::records::user_may;
use crate::sessions::rules::is_locked;

/// Members on a page.
const PAGE: usize = 30;

/// The value of the filter for head office.
const HEAD_OFFICE: &str = "-";

/// What the list is narrowed to.
pub static LIST_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("wanted", FieldKind::Short(|_| 40)),
        Field::new("branch", FieldKind::Choice),
        Field::new("left", FieldKind::Tick),
    ];
    Form::new("staff_list", vec![("find", fields)])
});

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StaffFilter {
    /// A part of the name or of the sign-in name; empty: everybody.
    pub wanted: String,
    /// A branch; empty: head office. `None`: everywhere.
    pub branch: Option<String>,
    /// Those who have left instead of those who work here.
    pub left: bool,
}

impl StaffFilter {
    fn read(values: &Values) -> Self {
        let branch = values.filled("branch").map(|branch| if branch == HEAD_OFFICE { "" } else { branch }.to_owned());
        let wanted = values.filled("wanted").map(narrow).unwrap_or_default();
        Self { wanted, branch, left: values.ticked("left") }
    }
}

/// A place in the list: the member with this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffPosition(pub(super) String);

impl FromStr for StaffPosition {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let is_id = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if text.is_empty() || text.len() > 64 || !text.chars().all(is_id) {
            return Err(NotAPosition);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for StaffPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A change of role or branch on a later day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMove {
    pub from: Day,
    /// Code of the role.
    pub role: String,
    pub branch_id: Option<String>,
}

/// A member of the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    pub user_id: String,
    pub name: String,
    pub sign_in_name: String,
    /// Code of the role.
    pub role: String,
    /// `None`: head office.
    pub branch_id: Option<String>,
    /// Whether they have a password.
    pub active: bool,
    pub has_factor: bool,
    /// Whether failed sign-ins have locked a source for the sign-in name today, or all unknown ones.
    pub locked: bool,
    /// The first day without access.
    pub left_on: Option<Day>,
    /// The same of a leave that is planned. If the day has come, it is hindered.
    pub leaves_on: Option<Day>,
    /// Until when an activation link is open.
    pub link_until: Option<At>,
    /// The next move. If its day has come, it is hindered.
    pub moves: Option<PlannedMove>,
}

impl StaffMember {
    pub(super) fn read(row: MemberRow, limits: &SessionParameters) -> Result<Self, Failure> {
        let day = |text: Option<&str>| {
            text.map(|text| text.parse().map_err(|e| Failure::stored("a day of a staff member", e))).transpose()
        };
        let moves = match (day(row.moves_from.as_deref())?, row.moves_role) {
            (Some(from), Some(role)) => Some(PlannedMove { from, role, branch_id: row.moves_branch }),
            _ => None,
        };
        Ok(Self {
            locked: is_locked(row.failures_of_a_source, row.failures_of_unknown, limits),
            left_on: day(row.left_on.as_deref())?,
            leaves_on: day(row.leaves_on.as_deref())?,
            user_id: row.id,
            name: row.name,
            sign_in_name: row.sign_in_name,
            role: row.role,
            branch_id: row.branch_id,
            active: row.active,
            has_factor: row.has_factor,
            link_until: row.link_until.map(At),
            moves,
        })
    }

    /// Whether they have no access any more.
    pub fn has_left(&self, today: Day) -> bool {
        self.left_on.is_some_and(|day| day <= today)
    }

    /// Whether a link can be handed out.
    pub fn awaits_password(&self, today: Day) -> bool {
        !self.active && !self.has_left(today)
    }
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct StaffPage {
    pub members: Vec<StaffMember>,
    pub neighbours: Neighbours<StaffPosition>,
}

pub(super) async fn limits(bank: &Bank) -> Result<SessionParameters, Failure> {
    Ok(reference(bank).await?.parameters("", bank.now().day()))
}

/// The staff that a filter admits, sorted by name.
pub async fn list_staff(
    bank: &Bank,
    staff: &Staff,
    filter: &Values,
    start: &PageStart<StaffPosition>,
) -> Result<StaffPage, Failure> {
    if !staff.may(Permission::ManageStaff) {
        return Ok(StaffPage { members: Vec::new(), neighbours: Neighbours::default() });
    }
    let (now, limits) = (bank.now(), limits(bank).await?);
    let rows = records::list_members(&mut bank.read().await?, &StaffFilter::read(filter), start, PAGE, now).await?;
    let (rows, neighbours) = start.page(rows, PAGE, |row| StaffPosition(row.id.clone()));
    let members = rows.into_iter().map(|row| StaffMember::read(row, &limits)).collect::<Result<_, _>>()?;
    Ok(StaffPage { members, neighbours })
}

/// The staff member with this id.
pub async fn find_member(bank: &Bank, staff: &Staff, user_id: &str) -> Result<Option<StaffMember>, Failure> {
    if !staff.may(Permission::ManageStaff) {
        return Ok(None);
    }
    let (now, limits) = (bank.now(), limits(bank).await?);
    let row = records::find_member(&mut bank.read().await?, user_id, now).await?;
    row.map(|row| StaffMember::read(row, &limits)).transpose()
}

/// The id of the staff member with this sign-in name.
pub async fn find_sign_in_name(bank: &Bank, staff: &Staff, sign_in_name: &str) -> Result<Option<String>, Failure> {
    if !staff.may(Permission::ManageStaff) {
        return Ok(None);
    }
    records::find_by_name(&mut bank.read().await?, sign_in_name).await
}

/// A link that is shown once.
#[derive(Clone, Debug)]
pub struct IssuedLink {
    pub secret: Secret,
    pub name: String,
    pub sign_in_name: String,
    /// How many days it is valid.
    pub days: i64,
}

/// Why no link is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    /// There is no such staff member, or the caller may not manage staff any more.
    NotFound,
    /// They have a password, or have left.
    Active,
    /// This form has issued its link already; it is not shown again.
    Shown,
}

/// Issues an activation link for a staff member without a password. An earlier open link ends.
pub async fn hand_out_link(bank: &Bank, staff: &Staff, user_id: &str, key: &Key) -> Result<IssuedLink, Rejected<LinkRefusal>> {
    let limits = limits(bank).await?;
    let refused = Rejected::Refused;
    bank.write("issue_link", |tx| {
        let limits = &limits;
        async move {
            let now = tx.now();
            if !user_may(tx, staff.user_id(), Permission::ManageStaff, now.day()).await? {
                return Err(refused(LinkRefusal::NotFound));
            }
            let member = records::find_member(tx, user_id, now).await?.ok_or(refused(LinkRefusal::NotFound))?;
            let invitation = Invitation { user_id, kind: ActivationKind::Link, by: staff.user_id(), key };
            let issued = invite_once(tx, &invitation, limits).await;
            let secret = issued.map_err(|rejected| {
                rejected.map(|refusal| match refusal {
                    InviteRefusal::Shown => LinkRefusal::Shown,
                    InviteRefusal::Active => LinkRefusal::Active,
                })
            })?;
            insert_audit(tx, &staff.actor(), "activation_issued", user_id, "ok").await?;
            Ok(IssuedLink { secret, name: member.name, sign_in_name: member.sign_in_name, days: limits.activation_link_days })
        }
        .scope_boxed()
    })
    .await
}
