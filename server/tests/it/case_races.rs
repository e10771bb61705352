//! Two concurrent actions on one case, for every kind, every state and every pair of actions possible there, by customer,
//! staff or system. The outcome must equal that of some serial order: no action is lost silently, a customer's cancellation
//! takes effect, and history, state and reserved capacity agree. The guard is the row lock that `cases::flow` takes first.

use bank::appointments::cash::cancel_cash;
use bank::cases::{ACCEPT, ActorKind, CaseLine, REJECT, history, possible_actions};
use bank::sessions::{APPROVER, Customer};

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::{Who, Workshop, act_as_staff, as_customer, everything, open_states};
use crate::support::soak::rounds;

/// An action that is possible on a case now.
#[derive(Clone)]
struct Act {
    who: Who,
    action: &'static str,
}

/// All actions possible on a case now, by anybody.
async fn acts(shop: &Workshop<'_>, case: &CaseLine, customer: &Customer, due: bool) -> Vec<Act> {
    let mut acts = Vec::new();
    for staff in [&shop.clerk, &shop.head] {
        for may in possible_actions(&shop.bank.bank, staff, case).await.expect("actions") {
            if !acts.iter().any(|known: &Act| known.action == may.action) {
                acts.push(Act { who: Who::Staff(staff.clone(), case.version), action: may.action });
            }
        }
    }
    for line in case.kind.registered().table().iter().filter(|line| line.from.contains(&case.state.as_str())) {
        // Moves have tests of their own.
        let theirs = |act: &Act| matches!(act.who, Who::Customer(_)) && act.action == line.action;
        if line.by.contains(&ActorKind::Customer) && line.action != "move" && !acts.iter().any(theirs) {
            acts.push(Act { who: Who::Customer(customer.clone()), action: line.action });
        }
        if line.by.contains(&ActorKind::Approver) {
            acts.push(Act { who: Who::Approver(shop.approver_of(case)), action: line.action });
        }
        if due && line.by.contains(&ActorKind::System) && !acts.iter().any(|act| matches!(act.who, Who::System)) {
            acts.push(Act { who: Who::System, action: line.action });
        }
    }
    acts
}

/// Runs both concurrently; returns both results.
async fn both(bank: &TestBank, case: &CaseLine, first: &Act, second: &Act) -> [Result<bool, String>; 2] {
    let (a, b) =
        tokio::join!(Workshop::act(bank, &first.who, case, first.action), Workshop::act(bank, &second.who, case, second.action));
    [a, b]
}

async fn ensure_serial(shop: &Workshop<'_>, before: &CaseLine, acts: [&Act; 2], told: &[Result<bool, String>; 2], what: &str) {
    let after = shop.case(&before.number).await;
    let steps = history(&shop.bank.bank, &after).await.expect("history");
    let new = &steps[usize::try_from(before.version).expect("a version")..];
    let mut state = before.state.clone();
    let table = before.kind.registered().table();
    for step in new {
        assert_eq!(step.from.as_deref(), Some(state.as_str()), "{what}");
        let allowed = |line: &&bank::cases::Transition| {
            line.action == step.action && line.from.contains(&state.as_str()) && step.to.as_deref() == Some(line.to)
        };
        assert!(table.iter().any(|line| allowed(&line)), "{what}: {step:?}");
        state = step.to.clone().expect("a change of state");
    }
    assert_eq!(state, after.state, "{what}");
    // A successful action appears in history; a customer's action may also have found its effect done already. (The worker's
    // result counts all cases, so its part is read from history alone.)
    let by = |role: &str| new.iter().filter(|step| step.role == role).count();
    let of = |customer: bool| {
        let theirs = acts.iter().zip(told).filter(|(act, _)| match act.who {
            Who::Customer(_) => customer,
            Who::Staff(..) => !customer,
            Who::Approver(_) | Who::System => false,
        });
        theirs.filter(|(_, told)| told.is_ok()).count()
    };
    assert_eq!(new.len() - by("customer") - by("system") - by(APPROVER), of(false), "{what}: {told:?} {new:?}");
    let answers = acts.iter().zip(told).filter(|(act, told)| matches!(act.who, Who::Approver(_)) && told.is_ok()).count();
    assert!(by(APPROVER) <= answers.min(1), "{what}: {told:?} {new:?}");
    let by_customer = by("customer");
    let twice = acts[0].action == acts[1].action;
    let found_done = of(true) > 0 && (twice || new.iter().any(|step| step.to.as_deref() == Some("cancelled")));
    assert!(by_customer == of(true) || (by_customer < of(true) && found_done), "{what}: {told:?} {new:?}");
    for (act, told) in acts.iter().zip(told) {
        match (&act.who, told) {
            // A proposal is over because of the other action, or because the time to answer it is.
            (Who::Customer(_), Err(refused)) if [ACCEPT, REJECT].contains(&act.action) => {
                assert!(after.version != before.version || refused.contains("TooLate"), "{what}: {refused}");
            }
            // A customer is refused only if the other action left nothing to cancel, or because the slot has begun.
            (Who::Customer(_), Err(refused)) => {
                let still =
                    table.iter().any(|line| line.by.contains(&ActorKind::Customer) && line.from.contains(&after.state.as_str()));
                let begun = before.time.is_some_and(|(start, _)| shop.bank.bank.now() >= start);
                let closed = begun && refused.contains("CancelClosed");
                assert!(!still || closed, "{what}: dropped though it is {}: {refused}", after.state);
            }
            // An approver is refused only if the other action left nothing to answer, or because the time to answer is over.
            (Who::Approver(_), Err(refused)) => {
                let late = before.due_at <= shop.bank.bank.now() && refused.contains("TooLate");
                assert!(late || (after.state != before.state && refused.contains("NotNow")), "{what}: {refused}");
            }
            (Who::Staff(..), Err(refused)) => assert!(refused.contains("Changed"), "{what}: {refused}"),
            _ => {}
        }
    }
}

async fn every_pair_of_acts_ends_as_one_after_the_other(bank: &TestBank) {
    // So that customers can still cancel after time has passed.
    let mut shop = Workshop::new(bank).await;
    crate::support::seed::unbounded(bank, "cash_cancel_grace_minutes", "10000").await;
    let mut pairs = 0;
    for kind in bank::KINDS {
        for state in open_states(kind.case_kind()) {
            for due in [false, true] {
                let mut place = 0;
                loop {
                    let Some((number, customer)) = shop.reach(kind.case_kind(), state).await else { panic!("{state}") };
                    if due {
                        shop.let_time_come(&number).await;
                    }
                    let case = shop.case(&number).await;
                    let acts = acts(&shop, &case, &customer, due).await;
                    let all = acts.len();
                    let pair = (0..all).flat_map(|a| (a..all).map(move |b| (a, b))).nth(place);
                    let Some((a, b)) = pair else { break };
                    place += 1;
                    // The worker's pass covers all cases, so two of them are not a pair of actions on this case.
                    if matches!((&acts[a].who, &acts[b].who), (Who::System, Who::System)) {
                        continue;
                    }
                    let what = format!("{} {state}: {} with {}", kind.case_kind().code(), acts[a].action, acts[b].action);
                    let told = both(bank, &case, &acts[a], &acts[b]).await;
                    ensure_serial(&shop, &case, [&acts[a], &acts[b]], &told, &what).await;
                    pairs += 1;
                }
            }
        }
    }
    assert!(pairs > 60, "{pairs} pairs");
    let live = "SELECT COUNT(*) FROM cash_appointments b JOIN cases k ON k.number = b.case_number \
                WHERE b.live <> (k.state IN ('submitted', 'awaiting_company_approver', 'awaiting_approval', 'confirmed', 'proposed', 'prepared', 'arrived'))";
    assert_eq!(bank.number(live).await, 0);
    let places = "SELECT COUNT(*) FROM cash_slots s WHERE s.reserved <> (SELECT COUNT(*) FROM cash_appointments b \
                  WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day AND b.slot = s.slot) + (SELECT COUNT(*) \
                  FROM case_proposals p WHERE p.branch_id = s.branch_id AND p.day = s.day AND p.slot = s.slot)";
    assert_eq!(bank.number(places).await, 0);
}

async fn a_customers_cancel_that_meets_a_clerks_act_is_never_dropped(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    for round in 0..rounds(400) {
        let (number, customer) = shop.open(bank::appointments::cash::KIND, "50000").await;
        let posted = everything();
        let (cancelled, confirmed) = tokio::join!(
            cancel_cash(&bank.bank, &customer, &number),
            act_as_staff(&bank.bank, &shop.clerk, &number, "confirm", 1, &posted)
        );
        assert!(cancelled.is_ok(), "round {round}: {cancelled:?}, the clerk: {confirmed:?}");
        assert_eq!(shop.case(&number).await.state, "cancelled", "round {round}");
    }
    assert_eq!(bank.held().await, 0);
}

async fn of_two_cancels_at_once_both_are_told_that_it_is_cancelled(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let rounds = rounds(400);
    for round in 0..rounds {
        let (number, customer) = shop.open(bank::appointments::cash::KIND, "50000").await;
        let (first, second) =
            tokio::join!(cancel_cash(&bank.bank, &customer, &number), cancel_cash(&bank.bank, &customer, &number));
        assert!(first.is_ok() && second.is_ok(), "round {round}: {first:?} {second:?}");
        let (number, customer) = shop.open(bank::appointments::reception::KIND, "").await;
        let give_up = || bank::appointments::reception::cancel_reception(&bank.bank, &customer, &number);
        let (first, second) = tokio::join!(give_up(), give_up());
        assert!(first.is_ok() && second.is_ok(), "round {round}: {first:?} {second:?}");
    }
    let both_kinds = 2 * i64::try_from(rounds).expect("a count");
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'cancel'").await, both_kinds);
    assert_eq!(
        bank.number("SELECT COUNT(*) FROM outbox WHERE kind IN ('cash_cancelled', 'reception_cancelled')").await,
        both_kinds
    );
    assert_eq!(bank.held().await, 0);
    // A customer cannot cancel another customer's case.
    let (number, _) = shop.open(bank::appointments::cash::KIND, "50000").await;
    let other = as_customer(bank, "c1").await;
    assert!(cancel_cash(&bank.bank, &other, &number).await.is_err());
    assert_eq!(shop.case(&number).await.state, "submitted");
}

on_both_engines!(
    every_pair_of_acts_ends_as_one_after_the_other,
    a_customers_cancel_that_meets_a_clerks_act_is_never_dropped,
    of_two_cancels_at_once_both_are_told_that_it_is_cancelled,
);
