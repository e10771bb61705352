//! Staff as entries: columns and rules of a row (docs/domain.md §12).

use crate::kernel::entries::{Columns, EntryRefusal, EntryRule, Reader, read_code};

/// A staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffEntry {
    /// The key of the entry.
    pub sign_in_name: String,
    /// Full name.
    pub name: String,
    /// Code of a role of staff.
    pub role: String,
    /// The branch they work at; `None` at head office.
    pub branch: Option<String>,
}

/// The roles of staff (docs/domain.md §12), as stored in `roles`.
pub const STAFF_ROLES: [&str; 11] = [
    "clerk",
    "lobby_manager",
    "branch_head",
    "relationship_manager",
    "dispatcher",
    "quality_control",
    "complaints_officer",
    "executive",
    "editor",
    "auditor",
    "administrator",
];

impl StaffEntry {
    pub const COLUMNS: [&'static str; 4] = ["sign_in_name", "name", "role", "branch"];

    /// Whether the branch exists, and whether the role needs a branch, is checked where the entry is stored.
    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let sign_in_name = reader.need_code("sign_in_name");
        let name = reader.need_person("name");
        let role = reader.need_choice("role", &STAFF_ROLES).map(str::to_owned);
        let branch = reader.read("branch", EntryRule::NotACode, read_code);
        let entry = (|| Some(Self { sign_in_name: sign_in_name?, name: name?, role: role?, branch }))();
        reader.finish(entry)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn each_rule_of_a_staff_member() {
        let row = [("sign_in_name", "Clerk"), ("name", "陈 柜员"), ("role", "clerk"), ("branch", "shiqi")];
        let with = |replaced: (&'static str, &'static str)| {
            StaffEntry::parse(&|column: &'static str| {
                [replaced].iter().chain(&row).find(|(name, _)| *name == column).map(|(_, value)| *value)
            })
        };
        let entry = with(("", "")).unwrap();
        assert_eq!((entry.sign_in_name.as_str(), entry.name.as_str()), ("clerk", "陈柜员"));
        assert_eq!(with(("branch", "")).unwrap().branch, None);
        for (column, value, rule) in [
            ("sign_in_name", "", EntryRule::Missing),
            ("sign_in_name", "陈", EntryRule::NotACode),
            ("name", "", EntryRule::Missing),
            ("name", "陈1", EntryRule::NotAName),
            ("role", "", EntryRule::Missing),
            ("role", "支行长", EntryRule::NotOneOf(&STAFF_ROLES)),
            ("role", "customer", EntryRule::NotOneOf(&STAFF_ROLES)),
            ("branch", "石岐", EntryRule::NotACode),
        ] {
            assert_eq!(with((column, value)), Err(vec![EntryRefusal { column, rule }]), "{column} {value}");
        }
    }
}
