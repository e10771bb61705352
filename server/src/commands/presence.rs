//! The branches at which nobody may do what bookings there need, as warnings of the command line (docs/domain.md §12). They are no
//! faults of the database: bookings are accepted all the same.

use bank::branches::reference;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::sessions::{Gap, Permission, find_gaps_for_operator};

/// One line for each branch; empty if somebody is there everywhere.
pub async fn warnings(bank: &Bank) -> Result<Vec<String>, Failure> {
    let gaps = find_gaps_for_operator(bank).await?;
    let reference = reference(bank).await?;
    let named = |id: &str| reference.branch(id).map_or_else(|| id.to_owned(), |branch| format!("{} ({id})", branch.name_en));
    Ok(gaps.chunk_by(|one, next| one.branch_id == next.branch_id).filter_map(|gaps| warning(gaps, named)).collect())
}

/// The warning about the gaps of one branch.
fn warning(gaps: &[Gap], named: impl Fn(&str) -> String) -> Option<String> {
    let branch = named(&gaps.first()?.branch_id);
    let acts: Vec<&str> = gaps.iter().map(|gap| act(gap.permission)).collect();
    let most = |count: fn(&Gap) -> i64| gaps.iter().map(count).max().unwrap_or_default();
    let nobody = format!("Warning: at {branch} nobody who can sign in may {}.", acts.join(" or "));
    let waiting = match most(|gap| gap.waiting) {
        0 => String::new(),
        waiting => format!(" Open cases that wait for it: {waiting}."),
    };
    let invited = match most(|gap| i64::try_from(gap.invited).unwrap_or(i64::MAX)) {
        0 => String::new(),
        invited => format!(" People who may, but have set no password yet: {invited}."),
    };
    Some(format!("{nobody}{waiting}{invited}"))
}

const fn act(permission: Permission) -> &'static str {
    match permission {
        Permission::ServeCounter => "serve the counter",
        Permission::ApproveCases => "approve",
        _ => "answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_named_once_with_everything_that_nobody_may_do_there() {
        let gap = |permission, invited, waiting| Gap { branch_id: "harbour".to_owned(), permission, invited, waiting };
        let named = |id: &str| format!("Harbour Branch ({id})");
        let gaps = [gap(Permission::AnswerCases, 0, 0), gap(Permission::ApproveCases, 0, 0)];
        let plain = "Warning: at Harbour Branch (harbour) nobody who can sign in may answer or approve.";
        assert_eq!(warning(&gaps, named).as_deref(), Some(plain));
        let told = warning(&[gap(Permission::ServeCounter, 2, 3)], named).unwrap_or_default();
        assert!(told.ends_with("Open cases that wait for it: 3. People who may, but have set no password yet: 2."), "{told}");
        assert_eq!(warning(&[], named), None);
    }
}
