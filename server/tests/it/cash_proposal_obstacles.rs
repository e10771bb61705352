//! What stands against proposing another place for a cash booking, or against accepting it (docs/domain.md §3.5): nobody who could
//! approve it, a closed vault, another appointment, too little time for the answers, the end of the proposal meanwhile.

use bank::administration::Touch;
use bank::appointments::cash::KIND;
use bank::cases::{ACCEPT, DeskRefusal, REJECT};
use bank::kernel::database::Conn;
use bank::kernel::forms::Values;
use bank::kernel::language::{Language, moment_full};
use bank::kernel::time::{At, Day};
use bank::sessions::Permission;
use bank::worker::round;
use sqlx::AssertSqlSafe;

use crate::cash_moves::{BOOKING, booked};
use crate::cash_proposals::{answered, codes, place, proposed, state};
use crate::cash_walk::reserved_wrongly;
use crate::desk::case;
use crate::on_both_engines;
use crate::support::cash::BookingValues;
use crate::support::kinds::{act_as_staff, as_customer, as_staff};
use crate::support::seed::{BRANCH, OTHER_BRANCH, parameter};
use crate::support::{TestBank, pairs};

on_both_engines!(
    from_the_threshold_the_head_there_approves_and_never_who_proposed_it,
    what_can_no_longer_be_is_not_accepted,
    the_branch_has_time_to_answer_what_it_had_not,
    a_page_that_is_read_while_the_proposal_ends_is_no_failure,
    a_branch_that_closes_for_good_waits_for_the_answers,
);

async fn from_the_threshold_the_head_there_approves_and_never_who_proposed_it(bank: &TestBank) {
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let (customer, head) = (as_customer(bank, "c1").await, as_staff(bank, "head").await);
    // The head is the only one there who could approve it.
    let nobody = vec![DeskRefusal::NobodyThere { permission: Permission::ApproveCases }];
    let there = place(BRANCH, "2026-11-26", "14:00");
    assert_eq!(proposed(bank, &head, (&number, 1), &there).await, Err(nobody.clone()));
    let clerk = as_staff(bank, "clerk").await;
    proposed(bank, &clerk, (&number, 1), &there).await.expect("proposed");
    assert!(answered(bank, &customer, &number, ACCEPT, 2).await);
    assert_eq!(state(bank, &number).await, "awaiting_approval");
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_clocks WHERE stopped_at IS NULL").await, 1);
    act_as_staff(&bank.bank, &head, &number, "approve", 3, &Values::default()).await.expect("approved");
    // Where nobody can approve it any more, it is not accepted, and where nobody could, it is not proposed.
    let browser = bank.signed_in("c2").await;
    let other = booked(&browser, &BOOKING).await;
    let there = place(OTHER_BRANCH, "2026-11-26", "14:00");
    proposed(bank, &clerk, (&other, 1), &there).await.expect("proposed");
    bank.change("UPDATE users SET left_on = '2026-01-01' WHERE id = 'user-head2'").await;
    let page = browser.open(&format!("/appointments/{other}")).await;
    assert!(page.text().contains("没有人能复核") && !page.has("button[value=accept]"), "{}", page.text());
    let second = as_customer(bank, "c2").await;
    assert!(!answered(bank, &second, &other, ACCEPT, 2).await && answered(bank, &second, &other, REJECT, 2).await);
    assert_eq!(proposed(bank, &clerk, (&other, 3), &there).await, Err(nobody));
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new());
}

async fn what_can_no_longer_be_is_not_accepted(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let number = booked(&browser, &BOOKING).await;
    let (customer, clerk) = (as_customer(bank, "c1").await, as_staff(bank, "clerk").await);
    proposed(bank, &clerk, (&number, 1), &place(OTHER_BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    let page = browser.open(&format!("/appointments/{number}")).await;
    // Meanwhile the customer books that day themselves.
    let own = booked(&browser, &BookingValues { day: "2026-11-26", ..BOOKING }).await;
    let refused = browser.submit(&page.form_with("button[value=accept]").with("do", "accept")).await;
    assert_eq!(refused.refusals(), Vec::new(), "the reason stands beside it");
    assert!(refused.text().contains("请先取消那一个") && !refused.has("button[value=accept]"), "{}", refused.text());
    assert!(refused.has("button[value=reject]"), "{}", refused.text());
    bank::appointments::cash::cancel_cash(&bank.bank, &customer, &own).await.expect("cancelled");
    assert!(browser.open(&format!("/appointments/{number}")).await.has("button[value=accept]"));
    // Or the vault there closes.
    bank.change("UPDATE branches SET cash_closed_until = '2026-11-30' WHERE id = 'dongqu'").await;
    assert!(!answered(bank, &customer, &number, ACCEPT, 2).await);
    let page = browser.open(&format!("/appointments/{number}")).await;
    assert!(page.text().contains("网点不办理了") && !page.has("button[value=accept]"), "{}", page.text());
    browser.post("/language", &pairs(&[("language", "en"), ("to", "/")])).await;
    let page = browser.open(&format!("/appointments/{number}")).await;
    assert!(page.text().contains("it cannot be accepted"), "{}", page.text());
    assert!(answered(bank, &customer, &number, REJECT, 2).await);
    assert_eq!((state(bank, &number).await, reserved_wrongly(bank).await), ("submitted".to_owned(), Vec::new()));
    // If what is booked is closed instead, the proposal is the way out.
    bank.change("UPDATE branches SET cash_closed_until = NULL WHERE id = 'dongqu'").await;
    proposed(bank, &clerk, (&number, 3), &place(OTHER_BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    bank.change("UPDATE branches SET cash_closed_until = '2026-11-26' WHERE id = 'shiqi'").await;
    let page = browser.open(&format!("/appointments/{number}")).await;
    let page = browser.submit(&page.form_with("button[value=accept]").with("do", "accept")).await;
    assert_eq!((page.refusals(), state(bank, &number).await), (Vec::new(), "confirmed".to_owned()));
}

async fn the_branch_has_time_to_answer_what_it_had_not(bank: &TestBank) {
    let (first, second) = (bank.signed_in("c1").await, bank.signed_in("c2").await);
    let numbers = [booked(&first, &BOOKING).await, booked(&second, &BOOKING).await];
    let clerk = as_staff(bank, "clerk").await;
    act_as_staff(&bank.bank, &clerk, &numbers[1], "confirm", 1, &Values::default()).await.expect("confirmed");
    bank.set_time("2026-11-24T14:00:00+08:00");
    let clerk = as_staff(bank, "clerk").await;
    for (number, version) in numbers.iter().zip([1, 2]) {
        proposed(bank, &clerk, (number, version), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    }
    // An hour before the branch closes on the day before, or before the slot.
    let until = async |number: &str| {
        let sql = format!("SELECT until_at FROM case_proposals WHERE case_number = '{number}'");
        bank.number(AssertSqlSafe(sql)).await
    };
    let ends = [until(&numbers[0]).await, until(&numbers[1]).await].map(|at| moment_full(Language::ZhCn, At(at)));
    assert_eq!(ends, ["2026 年 11 月 24 日 周二 16:00", "2026 年 11 月 25 日 周三 09:00"]);
    bank.set_time("2026-11-24T16:00:00+08:00");
    for _ in 0..3 {
        round(&bank.bank).await.expect("a round");
    }
    assert_eq!(state(bank, &numbers[0]).await, "submitted", "it has not timed out");
    let told = proposed(bank, &clerk, (&numbers[0], 3), &place(BRANCH, "2026-11-27", "14:00")).await;
    assert_eq!(codes(told), [("too_late".to_owned(), String::new())]);
    act_as_staff(&bank.bank, &clerk, &numbers[0], "confirm", 3, &Values::default()).await.expect("confirmed");
}

async fn a_page_that_is_read_while_the_proposal_ends_is_no_failure(bank: &TestBank) {
    let (browser, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    let number = booked(&browser, &BOOKING).await;
    let staff = as_staff(bank, "clerk").await;
    proposed(bank, &staff, (&number, 1), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    // As a page sees it that has read the case before, and the proposal after the end.
    bank.change("DELETE FROM case_proposals").await;
    let own = format!("/appointments/{number}");
    for (browser, path) in [(&browser, own.clone()), (&browser, "/".to_owned()), (&clerk, case(&number))] {
        let page = browser.open(&path).await;
        assert!(page.status == 200 && !page.has("button[value=accept]"), "{path}: {}", page.text());
    }
    assert_eq!(browser.get(&format!("{own}/calendar")).await.status, 200);
}

async fn a_branch_that_closes_for_good_waits_for_the_answers(bank: &TestBank) {
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let clerk = as_staff(bank, "clerk").await;
    proposed(bank, &clerk, (&number, 1), &place(OTHER_BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    let kind = KIND.registered();
    let mut conn = bank.bank.read().await.expect("a connection");
    let of = async |conn: &mut Conn, branch: &str| kind.hangs_on_branch(conn, branch, Day::constant(2026, 11, 23)).await;
    assert_eq!(of(&mut conn, OTHER_BRANCH).await.expect("touches"), [Touch::Proposals { count: 1 }]);
    assert_eq!(of(&mut conn, BRANCH).await.expect("touches"), [Touch::Proposals { count: 0 }]);
}
