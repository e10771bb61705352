//! A clerk proposes another place for a cash booking, and its customer answers (docs/domain.md §3.5): both places are held
//! until then, accepting exchanges them, everything else gives the new one back. The races are in `cash_proposal_races.rs`, the
//! random walk in `cash_walk.rs`; what stands against proposing or accepting in `cash_proposal_obstacles.rs`.

use bank::appointments::cash::MOVES;
use bank::cases::{ACCEPT, DeskRefusal, REASON, REJECT, SEEN, answer_proposal};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Nearest, Refusal, Values};
use bank::keys::register_key;
use bank::sessions::{Customer, Staff};
use bank::worker::round;
use sqlx::AssertSqlSafe;

use crate::cash_moves::{BOOKING, booked, change, code, is_done, moved};
use crate::cash_walk::reserved_wrongly;
use crate::check::findings;
use crate::company_approver::{company, press};
use crate::desk::case;
use crate::on_both_engines;
use crate::support::cash::{BookingValues, act};
use crate::support::kinds::{act_as_staff, as_customer, as_staff};
use crate::support::seed::{BRANCH, OTHER_BRANCH, parameter};
use crate::support::{TestBank, pairs};

on_both_engines!(
    what_is_proposed_is_seen_beside_what_is_booked_and_accepted_with_one_press,
    both_places_are_held_and_given_back,
    on_the_same_day_the_place_is_held_twice_and_the_cash_once,
    unanswered_it_lapses_and_the_branch_answers_what_it_had_not,
    what_cannot_be_is_not_proposed_and_the_nearest_is_offered,
    another_proposal_is_not_answered_unseen_and_a_press_repeated_is_one_answer,
    moving_and_cancelling_give_the_proposal_back,
    a_company_is_asked_once_and_only_its_operator_answers,
    a_proposal_is_an_answer_after_which_one_may_cancel,
);

/// The fields of a proposal.
pub fn place(branch: &str, day: &str, slot: &str) -> Values {
    Values(pairs(&[("branch", branch), ("day", day), ("slot", slot), (REASON, "当天押运时间不够")]))
}

/// A clerk proposes a place for a case that their page showed in this version.
pub async fn proposed(
    bank: &TestBank,
    staff: &Staff,
    (number, version): (&str, i64),
    place: &Values,
) -> Result<(), Vec<DeskRefusal>> {
    match act_as_staff(&bank.bank, staff, number, "propose", version, place).await {
        Ok(()) => Ok(()),
        Err(Rejected::Refused(refusals)) => Err(refusals),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// Whether the customer's answer to what their page showed was taken.
pub async fn answered(bank: &TestBank, customer: &Customer, number: &str, action: &str, seen: i64) -> bool {
    match answer_proposal(&bank.bank, customer, number, action, seen).await {
        Ok(()) => true,
        Err(Rejected::Refused(_)) => false,
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

pub async fn state(bank: &TestBank, number: &str) -> String {
    let mut conn = bank.bank.read().await.expect("a connection");
    let (state,): (String,) =
        conn.fetch_one("SELECT state FROM cases WHERE number = $1", bank::args![number]).await.expect("a case");
    state
}

pub fn codes(told: Result<(), Vec<DeskRefusal>>) -> Vec<(String, String)> {
    let refusals = told.err().unwrap_or_default();
    let nearest = |refusal: &DeskRefusal| refusal.nearest().first().map(Nearest::query).unwrap_or_default();
    refusals.iter().map(|refusal| (refusal.code().to_owned(), nearest(refusal))).collect()
}

/// Places and cash reserved on a day of a branch.
async fn held(bank: &TestBank, branch: &str, day: &str) -> (i64, i64, i64) {
    let of = |table: &str, more: &str| {
        format!(
            "SELECT CAST(COALESCE(SUM(reserved), 0) AS BIGINT) FROM {table} WHERE branch_id = '{branch}' AND day = '{day}'{more}"
        )
    };
    let number = |sql: String| async move { bank.number(AssertSqlSafe(sql)).await };
    (
        number(of("cash_slots", "")).await,
        number(of("cash_totals", "")).await,
        number(of("cash_notes", " AND denomination = 100")).await,
    )
}

async fn what_is_proposed_is_seen_beside_what_is_booked_and_accepted_with_one_press(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    let (browser, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    let number = booked(&browser, &BOOKING).await;
    let page = clerk.open(&case(&number)).await;
    let form = page.form_with("button[value=propose]");
    // The nearest place that can be proposed is filled in: the same day, another time.
    let filled = ["branch", "day", "slot"].map(|field| form.value(field).unwrap_or_default().to_owned());
    assert_eq!(filled, [BRANCH, "2026-11-25", "11:00"]);
    let refused = clerk.submit(&form.with("do", "propose")).await;
    assert_eq!(refused.refusals(), [("reason_missing".to_owned(), None)]);
    let there = [("branch", OTHER_BRANCH), ("day", "2026-11-26"), ("slot", "14:00"), ("reason", "当天押运时间不够")];
    let page = act(&clerk, &number, "propose", &there).await;
    assert!(page.refusals().is_empty(), "{:?}", page.refusals());
    assert!(page.text().contains("待客户答复") && page.text().contains("11 月 26 日"), "{}", page.text());
    assert!(!page.has("button[value=confirm]") && page.has("button[value=cancel]"), "{}", page.text());
    assert_eq!(findings(bank).await, Vec::<String>::new(), "`lobby check` counts both places");
    let page = browser.open("/").await;
    assert!(page.text().contains("网点建议改约，请答复"), "{}", page.text());
    let page = browser.open(&format!("/appointments/{number}")).await;
    for words in
        ["当天押运时间不够", "现在约的", "建议改到", "11 月 25 日", "11 月 26 日", "10:00–11:00", "14:00–15:00", "明天 10:00"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert!(browser.get(&format!("/appointments/{number}/calendar")).await.body.contains("STATUS:TENTATIVE"));
    let page = browser.submit(&page.form_with("button[value=accept]").with("do", "accept")).await;
    assert_eq!(page.path, format!("/appointments/{number}"));
    assert!(page.text().contains("取款预约已确认") && page.text().contains("改到"), "{}", page.text());
    assert!(!page.has("button[value=accept]"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed' AND branch_id = 'dongqu'").await, 1);
    assert_eq!(
        (held(bank, BRANCH, "2026-11-25").await, held(bank, OTHER_BRANCH, "2026-11-26").await),
        ((0, 0, 0), (1, 6_000_000, 600))
    );
    assert_eq!(bank.number("SELECT CAST(SUM(half_hour) AS BIGINT) FROM engagements WHERE day = '2026-11-26'").await, 28 + 29);
    // The branch before sees it no more, the other one does.
    assert_eq!(clerk.get(&case(&number)).await.status, 404);
    assert!(bank.signed_in("clerk2").await.open(&case(&number)).await.text().contains("客户接受了建议"));
    assert_eq!(findings(bank).await, Vec::<String>::new());
}

async fn both_places_are_held_and_given_back(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "1").await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let (customer, clerk) = (as_customer(bank, "c1").await, as_staff(bank, "clerk").await);
    proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    assert_eq!(
        (held(bank, BRANCH, "2026-11-25").await, held(bank, BRANCH, "2026-11-26").await),
        ((1, 6_000_000, 600), (1, 6_000_000, 600))
    );
    // Nobody else gets either of them.
    let other = as_customer(bank, "c2").await;
    let elsewhere = booked(&bank.signed_in("c2").await, &BookingValues { day: "2026-11-27", ..BOOKING }).await;
    for taken in [[("day", "2026-11-25"), ("slot", "10:00")], [("day", "2026-11-26"), ("slot", "14:00")]] {
        assert_eq!(code(&moved(bank, &other, &elsewhere, &change(bank, 0, &taken)).await), "slot_full");
    }
    assert!(answered(bank, &customer, &number, REJECT, 2).await);
    assert_eq!(
        (held(bank, BRANCH, "2026-11-25").await, held(bank, BRANCH, "2026-11-26").await),
        ((1, 6_000_000, 600), (0, 0, 0))
    );
    let free = change(bank, 0, &[("day", "2026-11-26"), ("slot", "14:00")]);
    assert!(is_done(&moved(bank, &other, &elsewhere, &free).await));
    // What was not confirmed is answered by a new clock, as from now.
    let asked = "SELECT COUNT(*) FROM cases k JOIN case_clocks t ON t.case_number = k.number AND t.due_at = k.due_at \
                 WHERE k.state = 'submitted' AND k.waiting AND t.stopped_at IS NULL AND k.version = 3";
    assert_eq!((bank.number(asked).await, reserved_wrongly(bank).await), (1, Vec::new()));
}

async fn on_the_same_day_the_place_is_held_twice_and_the_cash_once(bank: &TestBank) {
    for (name, value) in [("cash_day_total", "60000"), ("cash_stock_100", "600")] {
        parameter(&bank.bank, name, value).await;
    }
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let (customer, clerk) = (as_customer(bank, "c1").await, as_staff(bank, "clerk").await);
    // After the lead time too: the cash is there.
    bank.set_time("2026-11-24T15:30:00+08:00");
    proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-25", "11:00")).await.expect("proposed");
    assert_eq!(held(bank, BRANCH, "2026-11-25").await, (2, 6_000_000, 600));
    assert!(answered(bank, &customer, &number, ACCEPT, 2).await);
    assert_eq!((held(bank, BRANCH, "2026-11-25").await, reserved_wrongly(bank).await), ((1, 6_000_000, 600), Vec::new()));
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE slot = '11:00' AND moves = 1").await, 1);
}

async fn unanswered_it_lapses_and_the_branch_answers_what_it_had_not(bank: &TestBank) {
    let (first, second) = (bank.signed_in("c1").await, bank.signed_in("c2").await);
    let numbers = [booked(&first, &BOOKING).await, booked(&second, &BOOKING).await];
    let clerk = as_staff(bank, "clerk").await;
    act_as_staff(&bank.bank, &clerk, &numbers[1], "confirm", 1, &Values::default()).await.expect("confirmed");
    for (number, version) in numbers.iter().zip([1, 2]) {
        proposed(bank, &clerk, (number, version), &place(BRANCH, "2026-11-27", "14:00")).await.expect("proposed");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_clocks WHERE stopped_at IS NULL").await, 0, "the branch has answered");
    bank.set_time("2026-11-24T09:59:00+08:00");
    assert_eq!(round(&bank.bank).await.expect("a round").acted, 0);
    bank.set_time("2026-11-24T10:00:00+08:00");
    let customer = as_customer(bank, "c1").await;
    assert!(!answered(bank, &customer, &numbers[0], ACCEPT, 2).await, "too late");
    assert_eq!(round(&bank.bank).await.expect("a round").acted, 2);
    assert_eq!((state(bank, &numbers[0]).await, state(bank, &numbers[1]).await), ("submitted".into(), "confirmed".into()));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_proposal_lapsed'").await, 2);
    let due = "SELECT COUNT(*) FROM cases k JOIN case_clocks t ON t.case_number = k.number WHERE k.waiting AND t.due_at = k.due_at \
               AND t.stopped_at IS NULL AND t.due_at > t.started_at";
    assert_eq!((bank.number(due).await, reserved_wrongly(bank).await), (1, Vec::new()));
    let page = bank.signed_in("c2").await.open(&format!("/appointments/{}", numbers[1])).await;
    assert!(page.text().contains("原来约的照旧") && !page.has("button[value=accept]"), "{}", page.text());
}

async fn what_cannot_be_is_not_proposed_and_the_nearest_is_offered(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "1").await;
    let (browser, other) = (bank.signed_in("c1").await, bank.signed_in("c2").await);
    let number = booked(&browser, &BOOKING).await;
    booked(&browser, &BookingValues { day: "2026-11-27", ..BOOKING }).await;
    booked(&other, &BookingValues { day: "2026-11-26", slot: "14:00", ..BOOKING }).await;
    bank.change(
        "INSERT INTO cash_notes (branch_id, day, denomination, stock, reserved) VALUES ('dongqu', '2026-11-26', 100, 599, 0)",
    )
    .await;
    let clerk = as_staff(bank, "clerk").await;
    let near = |branch: &str, day: &str, slot: &str| format!("branch={branch}&day={day}&slot={slot}");
    for (branch, day, slot, code, nearest) in [
        ("nowhere", "2026-11-26", "14:00", "proposal_branch", near(BRANCH, "2026-11-26", "15:00")),
        (BRANCH, "", "", "proposal_day", near(BRANCH, "2026-11-25", "11:00")),
        (BRANCH, "2026-11-29", "10:00", "proposal_day", near(BRANCH, "2026-11-30", "10:00")),
        (BRANCH, "2026-11-26", "10:30", "proposal_slot", near(BRANCH, "2026-11-26", "11:00")),
        (BRANCH, "2026-11-26", "14:00", "proposal_slot", near(BRANCH, "2026-11-26", "15:00")),
        (BRANCH, "2026-11-27", "14:00", "proposal_taken", near(BRANCH, "2026-11-26", "15:00")),
        (BRANCH, "2026-11-25", "10:00", "proposal_same", near(BRANCH, "2026-11-25", "11:00")),
        (OTHER_BRANCH, "2026-11-26", "10:00", "proposal_short", near(OTHER_BRANCH, "2026-11-25", "10:00")),
    ] {
        let told = codes(proposed(bank, &clerk, (&number, 1), &place(branch, day, slot)).await);
        assert_eq!(told, [(code.to_owned(), nearest)], "{branch} {day} {slot}");
    }
    assert_eq!((state(bank, &number).await, bank.count("case_proposals").await), ("submitted".to_owned(), 0));
    // One press takes the nearest, and the reason stays.
    let browser = bank.signed_in("clerk").await;
    let full = [("branch", BRANCH), ("day", "2026-11-26"), ("slot", "14:00"), ("reason", "当天押运时间不够")];
    let page = act(&browser, &number, "propose", &full).await;
    assert_eq!(page.refusals().len(), 1, "{:?}", page.refusals());
    let page = browser.submit(&page.form_with("input[type=hidden][name=slot]")).await;
    let form = page.form_with("button[value=propose]");
    assert_eq!((form.value("slot"), form.value("reason")), (Some("15:00"), Some("当天押运时间不够")));
    assert!(browser.submit(&form.with("do", "propose")).await.refusals().is_empty());
    // An hour before the slot nobody could answer any more.
    bank.set_time("2026-11-25T09:00:00+08:00");
    round(&bank.bank).await.expect("a round");
    let late = booked(&bank.signed_in("c2").await, &BookingValues { day: "2026-11-30", ..BOOKING }).await;
    bank.set_time("2026-11-30T09:00:00+08:00");
    let told = codes(proposed(bank, &as_staff(bank, "clerk").await, (&late, 1), &place(BRANCH, "2026-12-01", "10:00")).await);
    assert_eq!(told, [("too_late".to_owned(), String::new())]);
}

async fn another_proposal_is_not_answered_unseen_and_a_press_repeated_is_one_answer(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let number = booked(&browser, &BOOKING).await;
    let clerk = as_staff(bank, "clerk").await;
    proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    let old = browser.open(&format!("/appointments/{number}")).await;
    assert_eq!(old.form_with("button[value=accept]").value(SEEN), Some("2"));
    let reject = old.form_with("button[value=accept]").with("do", "reject");
    for _ in 0..2 {
        assert!(browser.submit(&reject).await.refusals().is_empty(), "the same answer twice");
    }
    proposed(bank, &clerk, (&number, 3), &place(BRANCH, "2026-11-27", "14:00")).await.expect("proposed");
    let refused = browser.submit(&old.form_with("button[value=accept]").with("do", "accept")).await;
    assert_eq!(refused.refusals(), [("proposal_over".to_owned(), None)]);
    assert!(refused.text().contains("11 月 27 日") && refused.has("button[value=accept]"), "{}", refused.text());
    assert_eq!(state(bank, &number).await, "proposed");
    let accept = refused.form_with("button[value=accept]").with("do", "accept");
    for _ in 0..2 {
        assert!(browser.submit(&accept).await.refusals().is_empty(), "the same answer twice");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'accept'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'reject'").await, 1);
    // Somebody else's is not theirs to answer.
    assert!(!answered(bank, &as_customer(bank, "c2").await, &number, ACCEPT, 4).await);
}

async fn moving_and_cancelling_give_the_proposal_back(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "1").await;
    let browser = bank.signed_in("c1").await;
    let number = booked(&browser, &BOOKING).await;
    let (customer, clerk) = (as_customer(bank, "c1").await, as_staff(bank, "clerk").await);
    proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    // The place that is held for it is not in its way: the branch is asked for it with another remark.
    let there = change(bank, 0, &[("day", "2026-11-26"), ("slot", "14:00"), ("remark", "晚一点到")]);
    assert_eq!(code(&moved(bank, &customer, &number, &there).await), "done");
    assert_eq!(
        (held(bank, BRANCH, "2026-11-25").await, held(bank, BRANCH, "2026-11-26").await),
        ((0, 0, 0), (1, 6_000_000, 600))
    );
    assert_eq!((state(bank, &number).await, bank.count("case_proposals").await), ("submitted".to_owned(), 0));
    proposed(bank, &clerk, (&number, 3), &place(BRANCH, "2026-11-27", "14:00")).await.expect("proposed");
    let elsewhere = change(bank, 1, &[("day", "2026-11-25"), ("slot", "09:00")]);
    assert_eq!(code(&moved(bank, &customer, &number, &elsewhere).await), "done");
    assert_eq!((held(bank, BRANCH, "2026-11-26").await, held(bank, BRANCH, "2026-11-27").await), ((0, 0, 0), (0, 0, 0)));
    proposed(bank, &clerk, (&number, 5), &place(BRANCH, "2026-11-27", "14:00")).await.expect("proposed");
    bank::appointments::cash::cancel_cash(&bank.bank, &customer, &number).await.expect("cancelled");
    assert_eq!((bank.held().await, bank.count("case_proposals").await), (0, 0));
    // Staff cancel with a reason.
    let number = booked(&browser, &BOOKING).await;
    proposed(bank, &clerk, (&number, 1), &place(BRANCH, "2026-11-25", "11:00")).await.expect("proposed");
    let why = Values(pairs(&[(REASON, "客户来电取消")]));
    act_as_staff(&bank.bank, &clerk, &number, "cancel", 2, &why).await.expect("cancelled");
    assert_eq!(bank.held().await, 0);
}

async fn a_company_is_asked_once_and_only_its_operator_answers(bank: &TestBank) {
    company(bank).await;
    let number = booked(&bank.signed_in("k1").await, &BOOKING).await;
    let (operator, approver) = (as_customer(bank, "k1").await, as_customer(bank, "k1a").await);
    let mut agreed = press(bank, "company_approve", "");
    agreed.values.set(MOVES, "0");
    bank::appointments::cash::answer_for_company(&bank.bank, &approver, &number, &agreed).await.expect("no failure");
    proposed(bank, &as_staff(bank, "clerk").await, (&number, 2), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    let page = bank.signed_in("k1a").await.open(&format!("/appointments/{number}")).await;
    assert!(page.text().contains("由经办人答复") && !page.has("button[value=accept]"), "{}", page.text());
    assert!(!answered(bank, &approver, &number, ACCEPT, 3).await);
    assert!(answered(bank, &operator, &number, ACCEPT, 3).await);
    assert_eq!(state(bank, &number).await, "confirmed", "amount and notes are what the approver agreed to");
}

async fn a_proposal_is_an_answer_after_which_one_may_cancel(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let number = booked(&browser, &BOOKING).await;
    let clerk = as_staff(bank, "clerk").await;
    act_as_staff(&bank.bank, &clerk, &number, "confirm", 1, &Values::default()).await.expect("confirmed");
    bank.set_time("2026-11-24T16:00:00+08:00");
    let clerk = as_staff(bank, "clerk").await;
    let until = "SELECT cancel_until FROM cash_appointments";
    let before = bank.number(until).await;
    assert!(before < bank.bank.now().0);
    proposed(bank, &clerk, (&number, 2), &place(BRANCH, "2026-11-26", "14:00")).await.expect("proposed");
    assert_eq!(bank.number(until).await, bank.bank.now().plus_minutes(60).0);
    let customer = as_customer(bank, "c1").await;
    bank.pass_minutes(30);
    assert!(answered(bank, &customer, &number, REJECT, 3).await);
    assert_eq!(bank.number(until).await, bank.bank.now().plus_minutes(30).0, "what the customer says renews nothing");
    bank::appointments::cash::cancel_cash(&bank.bank, &customer, &number).await.expect("cancelled");
    assert_eq!(bank.held().await, 0);
}
