//! The table of states against one written apart from it, and its guards one by one.

use super::CashState::{
    Arrived, AwaitingApproval, Cancelled, Completed, Confirmed, Declined, NoShow, Prepared, Submitted, TimedOut,
};
use super::{Attempt, Barred, Capacity, CashAction, CashState, Facts, Role, Transition, actions_for, needs_reason, transition};
use crate::kernel::money::Fen;
use crate::kernel::time::At;

const CUT_OFF: At = At(1_000);
const TIME_OUT: At = At(2_000);
const NO_SHOW: At = At(3_000);

fn facts(state: CashState, yuan: i64) -> Facts<'static> {
    Facts {
        state,
        amount: Fen::from_yuan(yuan),
        approval_from: Fen::from_yuan(500_000),
        confirmed_by: Some("wang"),
        cancel_until: CUT_OFF,
        time_out_at: TIME_OUT,
        no_show_at: NO_SHOW,
    }
}

fn attempt(role: Role, now: At) -> Attempt<'static> {
    Attempt { role, user: "li", now, reason: true }
}

/// Every allowed step: state, action, amount band (`<` below approval, `>` from it, `*` any), roles by letter, moment,
/// state after, capacity by sign.
const EXPECTED: [(CashState, &str, char, &str, At, CashState, char); 24] = [
    (Submitted, "confirm", '<', "KB", At(0), Confirmed, '='),
    (Submitted, "confirm", '>', "KB", At(0), AwaitingApproval, '='),
    (Submitted, "decline", '*', "KB", At(0), Declined, '-'),
    (Submitted, "cancel", '*', "CKB", At(0), Cancelled, '-'),
    (Submitted, "cancel", '*', "KB", CUT_OFF, Cancelled, '-'),
    (Submitted, "time_out", '*', "S", TIME_OUT, TimedOut, '-'),
    (AwaitingApproval, "approve", '*', "B", At(0), Confirmed, '='),
    (AwaitingApproval, "refuse", '*', "B", At(0), Submitted, '='),
    (AwaitingApproval, "decline", '*', "KB", At(0), Declined, '-'),
    (AwaitingApproval, "cancel", '*', "CKB", At(0), Cancelled, '-'),
    (AwaitingApproval, "cancel", '*', "KB", CUT_OFF, Cancelled, '-'),
    (AwaitingApproval, "time_out", '*', "S", TIME_OUT, TimedOut, '-'),
    (Confirmed, "prepare", '*', "KB", At(0), Prepared, '='),
    (Confirmed, "arrive", '*', "KB", At(0), Arrived, '='),
    (Confirmed, "cancel", '*', "CKB", At(0), Cancelled, '-'),
    (Confirmed, "cancel", '*', "KB", CUT_OFF, Cancelled, '-'),
    (Confirmed, "no_show", '*', "KBS", NO_SHOW, NoShow, '-'),
    (Prepared, "arrive", '*', "KB", At(0), Arrived, '='),
    (Prepared, "cancel", '*', "CKB", At(0), Cancelled, '-'),
    (Prepared, "cancel", '*', "KB", CUT_OFF, Cancelled, '-'),
    (Prepared, "no_show", '*', "KBS", NO_SHOW, NoShow, '-'),
    (Arrived, "cancel", '*', "KB", At(0), Cancelled, '-'),
    (Arrived, "cancel", '*', "KB", CUT_OFF, Cancelled, '-'),
    (Arrived, "complete", '*', "KB", At(0), Completed, '!'),
];

const ROLES: [(char, Role); 4] = [('C', Role::Customer), ('K', Role::Clerk), ('B', Role::BranchHead), ('S', Role::System)];

/// What the table above says; a later moment keeps what an earlier one allows, but for the customer's cut-off.
fn expected(state: CashState, action: CashAction, yuan: i64, role: char, now: At) -> Option<Transition> {
    let band = if yuan >= 500_000 { '>' } else { '<' };
    let line = EXPECTED.iter().find(|(from, code, for_band, roles, moment, _, _)| {
        let timely = now >= *moment && !(role == 'C' && now >= CUT_OFF);
        *from == state && *code == action.code() && (*for_band == '*' || *for_band == band) && roles.contains(role) && timely
    })?;
    let capacity = match line.6 {
        '=' => Capacity::Keeps,
        '-' => Capacity::GivesBack,
        _ => Capacity::PaysOut,
    };
    Some(Transition { to: line.5, capacity })
}

#[test]
fn the_table_allows_exactly_what_the_domain_says() {
    for state in CashState::ALL {
        for action in CashAction::ALL {
            for yuan in [50_000, 499_999, 500_000, 1_000_000] {
                for (letter, role) in ROLES {
                    for now in [At(0), At(999), CUT_OFF, At(1_999), TIME_OUT, At(2_999), NO_SHOW] {
                        let got = transition(&facts(state, yuan), action, &attempt(role, now)).ok();
                        let want = expected(state, action, yuan, letter, now);
                        assert_eq!(got, want, "{state:?} {action:?} {yuan} {role:?} {now:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn who_confirmed_may_send_back_and_never_approves() {
    let own = Attempt { user: "wang", ..attempt(Role::BranchHead, At(0)) };
    let facts = facts(AwaitingApproval, 600_000);
    assert_eq!(transition(&facts, CashAction::Approve, &own), Err(Barred::OwnConfirmation));
    assert!(!actions_for(&facts, &own).contains(&CashAction::Approve));
    assert!(transition(&facts, CashAction::Refuse, &own).is_ok());
}

#[test]
fn staff_give_a_reason_and_customers_do_not() {
    let silent = |role| Attempt { reason: false, ..attempt(role, At(0)) };
    let refused = |state, action, role| transition(&facts(state, 60_000), action, &silent(role));
    assert_eq!(refused(Submitted, CashAction::Decline, Role::Clerk), Err(Barred::ReasonMissing));
    assert_eq!(refused(Confirmed, CashAction::Cancel, Role::Clerk), Err(Barred::ReasonMissing));
    assert_eq!(refused(Arrived, CashAction::Cancel, Role::BranchHead), Err(Barred::ReasonMissing));
    assert_eq!(refused(AwaitingApproval, CashAction::Refuse, Role::BranchHead), Err(Barred::ReasonMissing));
    assert!(refused(Confirmed, CashAction::Cancel, Role::Customer).is_ok());
    assert!(needs_reason(CashAction::Cancel, Role::Clerk) && !needs_reason(CashAction::Cancel, Role::Customer));
    assert!(!needs_reason(CashAction::Confirm, Role::Clerk));
}

#[test]
fn a_bar_says_what_would_lift_it() {
    let late = transition(&facts(Submitted, 60_000), CashAction::Cancel, &attempt(Role::Customer, CUT_OFF));
    assert_eq!(late, Err(Barred::CutOffPassed(CUT_OFF)));
    let early = transition(&facts(Confirmed, 60_000), CashAction::NoShow, &attempt(Role::Clerk, At(2_999)));
    assert_eq!(early, Err(Barred::TooEarly(NO_SHOW)));
    let gone = transition(&facts(Completed, 60_000), CashAction::Confirm, &attempt(Role::Clerk, At(0)));
    assert_eq!(gone, Err(Barred::State));
    let others = transition(&facts(Submitted, 60_000), CashAction::Confirm, &attempt(Role::Customer, At(0)));
    assert_eq!(others, Err(Barred::Role));
}

#[test]
fn the_desk_shows_only_what_is_possible_now() {
    use CashAction::{Arrive, Cancel, Confirm, Decline, Prepare};
    assert_eq!(actions_for(&facts(Submitted, 60_000), &attempt(Role::Clerk, At(0))), [Confirm, Decline, Cancel]);
    assert_eq!(actions_for(&facts(Confirmed, 60_000), &attempt(Role::Clerk, At(0))), [Prepare, Arrive, Cancel]);
    assert_eq!(actions_for(&facts(Submitted, 60_000), &attempt(Role::Customer, At(0))), [Cancel]);
    for state in CashState::ALL.into_iter().filter(|state| !state.is_live()) {
        assert_eq!(actions_for(&facts(state, 60_000), &attempt(Role::BranchHead, NO_SHOW)), []);
    }
}

#[test]
fn capacity_is_held_exactly_by_live_states() {
    for state in CashState::ALL {
        for action in CashAction::ALL {
            for (_, role) in ROLES {
                for now in [At(0), NO_SHOW] {
                    let Ok(step) = transition(&facts(state, 600_000), action, &attempt(role, now)) else { continue };
                    assert!(state.is_live(), "{state:?} holds nothing to decide on");
                    assert_eq!(step.to.is_live(), step.capacity == Capacity::Keeps, "{state:?} {action:?}");
                }
            }
        }
    }
}
