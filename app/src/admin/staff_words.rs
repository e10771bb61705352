//! The words for roles, permissions and places of work.

use bank::branches::Reference;
use bank::kernel::language::Language;
use bank::sessions::{Permission, Reach};

use crate::t;
use crate::words::{Locale, locale};

/// The name of a role; the code of one that the catalogue does not know.
pub fn role_words(l: Locale, code: &str) -> String {
    match code {
        "customer" => t!(l, staff.roles.customer),
        "company_operator" => t!(l, staff.roles.company_operator),
        "company_approver" => t!(l, staff.roles.company_approver),
        "clerk" => t!(l, staff.roles.clerk),
        "lobby_manager" => t!(l, staff.roles.lobby_manager),
        "branch_head" => t!(l, staff.roles.branch_head),
        "relationship_manager" => t!(l, staff.roles.relationship_manager),
        "dispatcher" => t!(l, staff.roles.dispatcher),
        "quality_control" => t!(l, staff.roles.quality_control),
        "complaints_officer" => t!(l, staff.roles.complaints_officer),
        "executive" => t!(l, staff.roles.executive),
        "editor" => t!(l, staff.roles.editor),
        "auditor" => t!(l, staff.roles.auditor),
        "administrator" => t!(l, staff.roles.administrator),
        other => other.to_owned(),
    }
}

/// What a permission allows.
pub fn permission_words(l: Locale, permission: Permission) -> String {
    match permission {
        Permission::ActForHolder => t!(l, staff.permissions.act_for_holder),
        Permission::ApproveForHolder => t!(l, staff.permissions.approve_for_holder),
        Permission::SeeCases => t!(l, staff.permissions.see_cases),
        Permission::AnswerCases => t!(l, staff.permissions.answer_cases),
        Permission::ServeCounter => t!(l, staff.permissions.serve_counter),
        Permission::ApproveCases => t!(l, staff.permissions.approve_cases),
        Permission::SeeSettings => t!(l, staff.permissions.see_settings),
        Permission::ChangeSettings => t!(l, staff.permissions.change_settings),
        Permission::EnterCustomers => t!(l, staff.permissions.enter_customers),
        Permission::ResetSignIn => t!(l, staff.permissions.reset_sign_in),
        Permission::ManageStaff => t!(l, staff.permissions.manage_staff),
    }
}

/// How far a role reaches.
pub fn reach_words(l: Locale, reach: Reach) -> String {
    match reach {
        Reach::Own => t!(l, staff.reach.own),
        Reach::Branch => t!(l, staff.reach.branch),
        Reach::Bank => t!(l, staff.reach.bank),
        Reach::Nothing => t!(l, staff.reach.nothing),
    }
}

/// The name of a branch; an empty id is head office.
pub fn branch_words(language: Language, reference: &Reference, id: &str) -> String {
    if id.is_empty() {
        return t!(locale(language), staff.head_office);
    }
    reference.branch(id).map_or_else(|| id.to_owned(), |branch| branch.name(language).to_owned())
}
