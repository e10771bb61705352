//! Joiners, movers, leavers, names, resets and unlocking as changes.

use bank::administration::ChangeKind;
use bank::kernel::forms::Field;
use bank::kernel::language::day_with_year;
use bank::kernel::time::parse_day;
use bank::sessions::{JoinerChange, LeaverChange, MoverChange, RenameChange, ResetChange, STAFF_ROLES, UnlockChange};

use super::staff::{LIST, member_path};
use super::staff_words::{branch_words, role_words};
use super::ui::{ChangeContext, ChangeUi};
use crate::form::Ask;
use crate::t;
use crate::ui::parts::Link;
use crate::words::Locale;

/// The person whom a change is about.
fn name(context: &ChangeContext<'_>) -> String {
    context.values.filled("name").unwrap_or_else(|| context.stands.typed("name")).to_owned()
}

/// The label of a field of a person.
fn label(context: ChangeContext<'_>, field: &str) -> Option<String> {
    let l = context.locale();
    Some(match field {
        "name" => t!(l, staff.name),
        "sign_in_name" => t!(l, staff.sign_in_name),
        "role" => t!(l, staff.role),
        "branch" => t!(l, staff.branch),
        _ => return None,
    })
}

/// The drop-down lists of roles and branches.
fn ask(context: ChangeContext<'_>, field: &Field) -> Ask {
    let l = context.locale();
    match &*field.name {
        "role" => {
            let roles = STAFF_ROLES.map(|code| (code.to_owned(), role_words(l, code)));
            Ask::new().options(roles.into(), t!(l, staff.choose))
        }
        "branch" => {
            let branches = context.reference.branches.iter();
            let branches = branches.map(|branch| (branch.id.clone(), branch.name(context.language).to_owned()));
            Ask::new().options(branches.collect(), t!(l, staff.head_office)).hint(t!(l, staff.branch_hint))
        }
        "sign_in_name" => Ask::new().hint(t!(l, staff.sign_in_name_hint)),
        _ => Ask::new(),
    }
}

fn value(context: ChangeContext<'_>, field: &str, stored: &str) -> String {
    match field {
        "role" => role_words(context.locale(), stored),
        "branch" => branch_words(context.language, context.reference, stored),
        _ => stored.to_owned(),
    }
}

/// What a field accepts.
fn rule(context: ChangeContext<'_>, field: &str) -> String {
    match field {
        "branch" => t!(context.locale(), staff.branch_rule),
        "from" => t!(context.locale(), admin.from_hint),
        _ => String::new(),
    }
}

/// The page of the person.
fn member_link(context: &ChangeContext<'_>) -> Link {
    Link::new(member_path(context.subject), t!(context.locale(), staff.to_member))
}

/// A new member.
pub struct JoinerUi;

impl ChangeUi for JoinerUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &JoinerChange
    }

    fn path(&self) -> &'static str {
        "/admin/staff/{subject}/joiner"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        match context.values.filled("name") {
            Some(name) => t!(context.locale(), staff.joiner_of, name = name.to_owned()),
            None => t!(context.locale(), staff.add),
        }
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        label(context, field)
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, _value: &str) -> Option<Ask> {
        Some(ask(context, field))
    }

    fn value(&self, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
        value(context, field, stored)
    }

    fn rule(&self, context: ChangeContext<'_>, field: &str) -> String {
        rule(context, field)
    }

    fn leads_to(&self, context: ChangeContext<'_>, request: &str) -> Option<Link> {
        Some(Link::new(format!("/admin/changes/{request}/member"), t!(context.locale(), staff.to_link)))
    }
}

/// Another role or branch.
pub struct MoverUi;

impl ChangeUi for MoverUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &MoverChange
    }

    fn path(&self) -> &'static str {
        "/admin/staff/{subject}/move"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        t!(context.locale(), staff.mover_of, name = name(&context))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        label(context, field)
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, _value: &str) -> Option<Ask> {
        Some(ask(context, field))
    }

    fn value(&self, context: ChangeContext<'_>, field: &str, stored: &str) -> String {
        value(context, field, stored)
    }

    fn rule(&self, context: ChangeContext<'_>, field: &str) -> String {
        rule(context, field)
    }

    fn leads_to(&self, context: ChangeContext<'_>, _request: &str) -> Option<Link> {
        Some(member_link(&context))
    }
}

/// Somebody leaves.
pub struct LeaverUi;

impl ChangeUi for LeaverUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &LeaverChange
    }

    fn path(&self) -> &'static str {
        "/admin/staff/{subject}/leave"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        t!(context.locale(), staff.leaver_of, name = name(&context))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        (field == "leaves").then(|| t!(context.locale(), staff.leaves))
    }

    fn ask(&self, context: ChangeContext<'_>, _field: &Field, _value: &str) -> Option<Ask> {
        Some(Ask::new().hint(t!(context.locale(), staff.leaves_hint)))
    }

    fn value(&self, context: ChangeContext<'_>, _field: &str, stored: &str) -> String {
        parse_day(stored).map_or_else(|| stored.to_owned(), |day| day_with_year(context.language, day))
    }

    fn rule(&self, context: ChangeContext<'_>, _field: &str) -> String {
        t!(context.locale(), admin.from_hint)
    }

    fn leads_to(&self, context: ChangeContext<'_>, _request: &str) -> Option<Link> {
        Some(member_link(&context))
    }
}

/// Another name.
pub struct RenameUi;

impl ChangeUi for RenameUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        &RenameChange
    }

    fn path(&self) -> &'static str {
        "/admin/staff/{subject}/name"
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        t!(context.locale(), staff.rename_of, name = context.stands.typed("name").to_owned())
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        label(context, field)
    }

    fn ask(&self, context: ChangeContext<'_>, _field: &Field, _value: &str) -> Option<Ask> {
        Some(Ask::new().hint(t!(context.locale(), staff.rename_hint)))
    }

    fn leads_to(&self, context: ChangeContext<'_>, _request: &str) -> Option<Link> {
        Some(member_link(&context))
    }
}

/// The second tick of a reset.
const FACTOR_LOST: &str = "factor_lost";

/// A change of a person's sign-in, which asks only for ticks.
pub struct TickUi {
    kind: &'static dyn ChangeKind,
    path: &'static str,
    /// The field of the tick.
    field: &'static str,
    title: fn(Locale, String) -> String,
    tick: fn(Locale) -> String,
    text: fn(Locale) -> String,
}

/// Takes a password away.
pub const RESET_UI: TickUi = TickUi {
    kind: &ResetChange,
    path: "/admin/staff/{subject}/reset",
    field: "reset",
    title: |l, name| t!(l, staff.reset_of, name = name),
    tick: |l| t!(l, staff.reset_tick),
    text: |l| t!(l, staff.reset_text),
};

/// Lifts the lock after failed sign-ins.
pub const UNLOCK_UI: TickUi = TickUi {
    kind: &UnlockChange,
    path: "/admin/staff/{subject}/unlock",
    field: "unlock",
    title: |l, name| t!(l, staff.unlock_of, name = name),
    tick: |l| t!(l, staff.unlock_tick),
    text: |l| t!(l, staff.unlock_text),
};

impl ChangeUi for TickUi {
    fn kind(&self) -> &'static dyn ChangeKind {
        self.kind
    }

    fn path(&self) -> &'static str {
        self.path
    }

    fn list(&self) -> &'static str {
        LIST
    }

    fn title(&self, context: ChangeContext<'_>) -> String {
        (self.title)(context.locale(), name(&context))
    }

    fn label(&self, context: ChangeContext<'_>, field: &str) -> Option<String> {
        if field == FACTOR_LOST {
            return Some(t!(context.locale(), staff.factor_lost));
        }
        (field == self.field).then(|| (self.tick)(context.locale()))
    }

    fn ask(&self, context: ChangeContext<'_>, field: &Field, _value: &str) -> Option<Ask> {
        let l = context.locale();
        Some(Ask::new().detail(if field.name == FACTOR_LOST { t!(l, staff.factor_lost_text) } else { (self.text)(l) }))
    }

    fn value(&self, context: ChangeContext<'_>, _field: &str, _stored: &str) -> String {
        t!(context.locale(), staff.will_be_done)
    }

    fn rule(&self, context: ChangeContext<'_>, _field: &str) -> String {
        t!(context.locale(), admin.tick_rule)
    }

    fn leads_to(&self, context: ChangeContext<'_>, _request: &str) -> Option<Link> {
        Some(member_link(&context))
    }
}
