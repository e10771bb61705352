//! The state table compared with an independent one, and its guards one by one.

use super::CashAction;
use super::CashState::{
    Arrived, AwaitingApproval, AwaitingCompanyApprover, Cancelled, Completed, Confirmed, Declined, NoShow, Prepared, Proposed,
    Submitted, TimedOut,
};
use super::{
    ACCEPTABLE, ANSWER_UNTIL, BOOKED, CANCEL_UNTIL, DAY, DAY_END, HAS_APPROVER, NEEDS_APPROVAL, NO_SHOW, PROPOSE_UNTIL, SERVES,
    STATES, SUBMIT, TABLE, TIME_OUT, WAS_CONFIRMED,
};
use crate::appointments::cash::CashState;
use crate::cases::{ActionContext, ActorKind, Facts, NotAllowed, Phase, acts_at, decide, possible};
use crate::kernel::time::At;
use crate::sessions::Permission::{AnswerCases, ApproveCases, ServeCounter};

const CUT_OFF: At = At(1_000);
const TIMES_OUT: At = At(2_000);
/// Until when another place can be proposed, and answered.
const ANSWERS_END: At = At(1_999);
const DAY_BEGINS: At = At(2_500);
const MISSED: At = At(3_000);
const DAY_ENDS: At = At(4_000);

const CUSTOMER: &[ActorKind] = &[ActorKind::Customer];
const APPROVER: &[ActorKind] = &[ActorKind::Approver];
const CLERK: &[ActorKind] = &[ActorKind::Staff(AnswerCases), ActorKind::Staff(ServeCounter)];
const HEAD: &[ActorKind] = &[ActorKind::Staff(AnswerCases), ActorKind::Staff(ServeCounter), ActorKind::Staff(ApproveCases)];
const SYSTEM: &[ActorKind] = &[ActorKind::System];

fn facts(large: bool, serves: bool) -> Facts {
    Facts {
        moments: vec![
            (BOOKED, EVER),
            (CANCEL_UNTIL, CUT_OFF),
            (TIME_OUT, TIMES_OUT),
            (PROPOSE_UNTIL, ANSWERS_END),
            (ANSWER_UNTIL, ANSWERS_END),
            (DAY, DAY_BEGINS),
            (NO_SHOW, MISSED),
            (DAY_END, DAY_ENDS),
        ],
        holds: vec![(NEEDS_APPROVAL, large), (SERVES, serves), (HAS_APPROVER, true), (ACCEPTABLE, true)],
        did: vec![("confirm", "wang".to_owned()), (SUBMIT, "he".to_owned())],
    }
}

fn context(by: &'static [ActorKind], now: At) -> ActionContext<'static> {
    ActionContext { by, user: "li", now, reason: true, internal_reason: true }
}

fn to(state: CashState, action: CashAction, facts: &Facts, context: &ActionContext<'_>) -> Result<CashState, NotAllowed> {
    let line = decide(&TABLE, state.code(), action.code(), facts, context)?;
    Ok(CashState::parse(line.to).expect("a state"))
}

/// Every allowed step: state, action, amount (`<` below the approval threshold, `>` from it on, `*` any), permitted roles by
/// letter, from when, before when, next state.
type Step = (CashState, &'static str, char, &'static str, At, At, CashState);

const NEVER: At = At(i64::MAX);
const EVER: At = At(0);

const EXPECTED: [Step; 43] = [
    (AwaitingCompanyApprover, "company_approve", '*', "A", EVER, CUT_OFF, Submitted),
    (AwaitingCompanyApprover, "company_refuse", '*', "A", EVER, CUT_OFF, Cancelled),
    (AwaitingCompanyApprover, "company_lapse", '*', "S", CUT_OFF, NEVER, Cancelled),
    // Of a company with an approver; of anybody else a moved booking is submitted.
    (AwaitingCompanyApprover, "move", '*', "C", EVER, CUT_OFF, AwaitingCompanyApprover),
    (Submitted, "move", '*', "C", EVER, CUT_OFF, AwaitingCompanyApprover),
    (AwaitingApproval, "move", '*', "C", EVER, CUT_OFF, AwaitingCompanyApprover),
    (Confirmed, "move", '*', "C", EVER, CUT_OFF, AwaitingCompanyApprover),
    (Proposed, "move", '*', "C", EVER, CUT_OFF, AwaitingCompanyApprover),
    (AwaitingCompanyApprover, "cancel", '*', "C", EVER, CUT_OFF, Cancelled),
    (AwaitingCompanyApprover, "cancel", '*', "KB", EVER, NEVER, Cancelled),
    (Submitted, "confirm", '<', "KB", EVER, NEVER, Confirmed),
    (Submitted, "confirm", '>', "KB", EVER, NEVER, AwaitingApproval),
    (Submitted, "decline", '*', "KB", EVER, NEVER, Declined),
    (Submitted, "propose", '*', "KB", EVER, ANSWERS_END, Proposed),
    (Confirmed, "propose", '*', "KB", EVER, ANSWERS_END, Proposed),
    (Proposed, "accept", '<', "C", EVER, ANSWERS_END, Confirmed),
    (Proposed, "accept", '>', "C", EVER, ANSWERS_END, AwaitingApproval),
    // Of a booking that was not confirmed before.
    (Proposed, "reject", '*', "C", EVER, ANSWERS_END, Submitted),
    (Proposed, "lapse", '*', "S", ANSWERS_END, NEVER, Submitted),
    (Proposed, "cancel", '*', "C", EVER, CUT_OFF, Cancelled),
    (Proposed, "cancel", '*', "KB", EVER, NEVER, Cancelled),
    (Submitted, "cancel", '*', "C", EVER, CUT_OFF, Cancelled),
    (Submitted, "cancel", '*', "KB", EVER, NEVER, Cancelled),
    (Submitted, "time_out", '*', "S", TIMES_OUT, NEVER, TimedOut),
    (AwaitingApproval, "approve", '*', "B", EVER, NEVER, Confirmed),
    (AwaitingApproval, "refuse", '*', "B", EVER, NEVER, Submitted),
    (AwaitingApproval, "decline", '*', "KB", EVER, NEVER, Declined),
    (AwaitingApproval, "cancel", '*', "C", EVER, CUT_OFF, Cancelled),
    (AwaitingApproval, "cancel", '*', "KB", EVER, NEVER, Cancelled),
    (AwaitingApproval, "time_out", '*', "S", TIMES_OUT, NEVER, TimedOut),
    (Confirmed, "prepare", '*', "KB", EVER, NEVER, Prepared),
    (Confirmed, "arrive", '*', "K", DAY_BEGINS, DAY_ENDS, Arrived),
    (Confirmed, "arrive", '*', "B", EVER, NEVER, Arrived),
    (Confirmed, "cancel", '*', "C", EVER, CUT_OFF, Cancelled),
    (Confirmed, "cancel", '*', "KB", EVER, NEVER, Cancelled),
    (Confirmed, "no_show", '*', "BS", MISSED, NEVER, NoShow),
    (Confirmed, "no_show", '*', "K", MISSED, DAY_ENDS, NoShow),
    (Arrived, "cancel", '*', "KB", EVER, NEVER, Cancelled),
    (Arrived, "complete", '*', "K", DAY_BEGINS, DAY_ENDS, Completed),
    (Arrived, "complete", '*', "B", EVER, NEVER, Completed),
    // Prepared bookings are like confirmed ones, except for preparing.
    (Prepared, "arrive", '*', "K", DAY_BEGINS, DAY_ENDS, Arrived),
    (Prepared, "arrive", '*', "B", EVER, NEVER, Arrived),
    (Prepared, "cancel", '*', "KB", EVER, NEVER, Cancelled),
];

/// The remaining steps of prepared bookings.
const PACKED: [Step; 3] = [
    (Prepared, "cancel", '*', "C", EVER, CUT_OFF, Cancelled),
    (Prepared, "no_show", '*', "BS", MISSED, NEVER, NoShow),
    (Prepared, "no_show", '*', "K", MISSED, DAY_ENDS, NoShow),
];

const ROLES: [(char, &[ActorKind]); 5] = [('C', CUSTOMER), ('A', APPROVER), ('K', CLERK), ('B', HEAD), ('S', SYSTEM)];

#[test]
fn the_table_allows_exactly_what_the_domain_says() {
    for state in CashState::ALL {
        for action in CashAction::ALL {
            for large in [false, true] {
                for (letter, by) in ROLES {
                    for now in [0, 999, 1_000, 1_998, 1_999, 2_000, 2_499, 2_500, 2_999, 3_000, 3_999, 4_000, 9_000].map(At) {
                        let step = EXPECTED.iter().chain(&PACKED).find(|(from, code, amount, who, since, until, _)| {
                            let meant = *from == state && *code == action.code() && who.contains(letter);
                            meant && (*amount == '*' || (*amount == '>') == large) && now >= *since && now < *until
                        });
                        let got = to(state, action, &facts(large, true), &context(by, now)).ok();
                        assert_eq!(got, step.map(|step| step.6), "{state:?} {action:?} {large} {letter} {now:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn who_confirmed_may_send_back_and_never_approves() {
    let own = ActionContext { user: "wang", ..context(HEAD, At(0)) };
    let facts = facts(true, true);
    assert_eq!(to(AwaitingApproval, CashAction::Approve, &facts, &own), Err(NotAllowed::OwnAct));
    assert!(!possible(&TABLE, AwaitingApproval.code(), &facts, &own).iter().any(|may| may.action == "approve"));
    assert!(to(AwaitingApproval, CashAction::Refuse, &facts, &own).is_ok());
}

#[test]
fn nobody_answers_for_the_company_what_they_booked_themselves() {
    let own = ActionContext { user: "he", ..context(APPROVER, At(0)) };
    for action in [CashAction::CompanyApprove, CashAction::CompanyRefuse] {
        assert_eq!(to(AwaitingCompanyApprover, action, &facts(false, true), &own), Err(NotAllowed::OwnAct));
        let late = to(AwaitingCompanyApprover, action, &facts(false, true), &context(APPROVER, CUT_OFF));
        assert_eq!(late, Err(NotAllowed::TooLate(CUT_OFF)));
    }
}

#[test]
fn without_an_approver_a_waiting_booking_goes_on_to_the_bank_at_once() {
    let mut alone = facts(false, true);
    alone.holds.retain(|(name, _)| *name != HAS_APPROVER);
    for now in [EVER, At(9_000)] {
        let passed = to(AwaitingCompanyApprover, CashAction::CompanyPass, &alone, &context(SYSTEM, now));
        assert_eq!(passed, Ok(Submitted));
    }
    assert_eq!(acts_at(&TABLE, AwaitingCompanyApprover.code(), &alone), Some(EVER));
    assert_eq!(acts_at(&TABLE, AwaitingCompanyApprover.code(), &facts(false, true)), Some(CUT_OFF));
}

#[test]
fn staff_give_a_reason_and_customers_do_not() {
    let silent = |state, action, by| {
        to(state, action, &facts(false, true), &ActionContext { reason: false, internal_reason: false, ..context(by, At(0)) })
    };
    assert_eq!(silent(Submitted, CashAction::Decline, CLERK), Err(NotAllowed::ReasonMissing));
    assert_eq!(silent(Confirmed, CashAction::Cancel, CLERK), Err(NotAllowed::ReasonMissing));
    assert_eq!(silent(Confirmed, CashAction::Propose, CLERK), Err(NotAllowed::ReasonMissing));
    assert_eq!(silent(Arrived, CashAction::Cancel, HEAD), Err(NotAllowed::ReasonMissing));
    assert_eq!(silent(AwaitingApproval, CashAction::Refuse, HEAD), Err(NotAllowed::InternalReasonMissing));
    assert!(silent(Confirmed, CashAction::Cancel, CUSTOMER).is_ok());
    assert!(silent(Submitted, CashAction::Confirm, CLERK).is_ok());
}

#[test]
fn at_the_counter_only_the_booked_day_counts_but_for_a_branch_head_with_a_reason() {
    for (state, action) in [(Confirmed, CashAction::Arrive), (Prepared, CashAction::Arrive), (Arrived, CashAction::Complete)] {
        let on = |by, now, internal_reason| {
            to(state, action, &facts(false, true), &ActionContext { internal_reason, ..context(by, now) })
        };
        assert_eq!(on(CLERK, At(2_499), true), Err(NotAllowed::TooEarly(DAY_BEGINS)));
        assert_eq!(on(CLERK, DAY_ENDS, true), Err(NotAllowed::TooLate(DAY_ENDS)));
        assert!(on(CLERK, DAY_BEGINS, false).is_ok());
        assert_eq!(on(HEAD, At(0), false), Err(NotAllowed::InternalReasonMissing));
        assert!(on(HEAD, DAY_BEGINS, false).is_ok() && on(HEAD, At(0), true).is_ok());
    }
}

#[test]
fn nobody_is_a_no_show_of_a_branch_that_was_closed() {
    let closed = facts(false, false);
    for state in [Confirmed, Prepared] {
        for (_, by) in ROLES {
            for now in [MISSED, At(9_000)] {
                assert_eq!(to(state, CashAction::NoShow, &closed, &context(by, now)), Err(NotAllowed::State));
            }
        }
        assert_eq!(to(state, CashAction::BranchClosed, &closed, &context(SYSTEM, MISSED)), Ok(Cancelled));
        assert_eq!(to(state, CashAction::BranchClosed, &facts(false, true), &context(SYSTEM, MISSED)), Err(NotAllowed::State));
    }
}

#[test]
fn a_bar_says_what_would_lift_it() {
    let bar = |state, action, by, now| to(state, action, &facts(false, true), &context(by, now)).err();
    assert_eq!(bar(Submitted, CashAction::Cancel, CUSTOMER, CUT_OFF), Some(NotAllowed::TooLate(CUT_OFF)));
    assert_eq!(bar(Confirmed, CashAction::NoShow, CLERK, At(2_999)), Some(NotAllowed::TooEarly(MISSED)));
    assert_eq!(bar(Completed, CashAction::Confirm, CLERK, At(0)), Some(NotAllowed::State));
    assert_eq!(bar(Submitted, CashAction::Confirm, CUSTOMER, At(0)), Some(NotAllowed::Role));
}

#[test]
fn the_desk_shows_only_what_is_possible_now() {
    let shown = |state: CashState, by, now| {
        let possible = possible(&TABLE, state.code(), &facts(false, true), &context(by, now));
        possible.into_iter().map(|may| may.action).collect::<Vec<_>>()
    };
    assert_eq!(shown(Submitted, CLERK, At(0)), ["confirm", "decline", "propose", "cancel"]);
    assert_eq!(shown(Confirmed, CLERK, At(0)), ["propose", "prepare", "cancel"]);
    assert_eq!(shown(Proposed, CLERK, At(0)), ["cancel"]);
    assert_eq!(shown(Proposed, CUSTOMER, At(0)), ["accept", "reject", "cancel", "move"]);
    assert_eq!(shown(Confirmed, CLERK, DAY_BEGINS), ["prepare", "arrive", "cancel"]);
    assert_eq!(shown(Submitted, CUSTOMER, At(0)), ["cancel", "move"]);
    assert_eq!(shown(Prepared, CUSTOMER, At(0)), ["cancel"]);
    for state in CashState::ALL.into_iter().filter(|state| !state.is_live()) {
        assert!(shown(state, HEAD, MISSED).is_empty());
    }
}

#[test]
fn a_proposal_that_is_not_accepted_leads_back_to_the_state_before() {
    let mut confirmed = facts(false, true);
    confirmed.holds.push((WAS_CONFIRMED, true));
    let back = |action, by, now| to(Proposed, action, &confirmed, &context(by, now));
    assert_eq!(back(CashAction::Reject, CUSTOMER, At(0)), Ok(Confirmed));
    assert_eq!(back(CashAction::Lapse, SYSTEM, ANSWERS_END), Ok(Confirmed));
    assert_eq!(back(CashAction::Reject, CUSTOMER, ANSWERS_END), Err(NotAllowed::TooLate(ANSWERS_END)));
    assert_eq!(back(CashAction::Lapse, SYSTEM, At(1_998)), Err(NotAllowed::TooEarly(ANSWERS_END)));
    assert_eq!(acts_at(&TABLE, Proposed.code(), &confirmed), Some(ANSWERS_END));
}

#[test]
fn what_can_no_longer_be_is_not_accepted() {
    let mut closed = facts(false, true);
    closed.holds.retain(|(name, _)| *name != ACCEPTABLE);
    assert_eq!(to(Proposed, CashAction::Accept, &closed, &context(CUSTOMER, At(0))), Err(NotAllowed::State));
    assert_eq!(to(Proposed, CashAction::Reject, &closed, &context(CUSTOMER, At(0))), Ok(Submitted));
}

#[test]
fn the_system_acts_before_an_unanswered_slot_and_after_a_missed_one() {
    for serves in [false, true] {
        let acts = |state: CashState| acts_at(&TABLE, state.code(), &facts(false, serves));
        assert_eq!([acts(Submitted), acts(AwaitingApproval)], [Some(TIMES_OUT); 2]);
        assert_eq!([acts(Confirmed), acts(Prepared)], [Some(MISSED); 2]);
        for state in CashState::ALL.into_iter().filter(|state| *state == Arrived || !state.is_live()) {
            assert_eq!(acts(state), None);
        }
    }
}

#[test]
fn every_state_is_declared_and_nothing_leads_back_from_a_final_one() {
    assert_eq!(STATES.map(|state| state.code), CashState::ALL.map(CashState::code));
    for line in &TABLE {
        assert!(line.from.iter().all(|from| CashState::parse(from).is_some_and(|state| state.phase() != Phase::Final)));
    }
}
