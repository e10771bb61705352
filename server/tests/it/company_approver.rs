//! A company's approver agrees to the cash bookings of its operator (docs/domain.md §3.5): they hold capacity, the bank is not asked
//! before, unanswered ones lapse at the cut-off. The races are in `company_approver_races.rs`.

use app::appointments::ADDRESS;
use bank::appointments::cash::{answer_for_company, book_cash};
use bank::kernel::forms::{Post, SubmitOutcome, Values, fresh_key};
use bank::sessions::{APPROVER, Customer, CustomerKind};
use bank::worker::round;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, act, book, fill_in_answer};
use crate::support::kinds::as_customer;
use crate::support::seed::{BRANCH, PASSWORD, customer, user_of};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    the_branch_is_asked_once_the_approver_has_agreed,
    a_refusal_with_its_reason_cancels_and_gives_everything_back,
    without_an_answer_it_lapses_at_the_cut_off,
    agreeing_asks_for_a_fresh_proof,
    nobody_else_answers_for_the_company,
    it_counts_in_every_limit_and_the_branch_head_approves_afterwards,
    one_key_is_one_answer_and_what_was_typed_is_kept,
    a_company_without_an_approver_books_as_before,
    a_waiting_booking_whose_company_has_no_approver_any_more_says_what_happens,
);

pub const DAY: &str = "2026-11-25";

/// The cut-off of a booking for that day.
pub const CUT_OFF: &str = "2026-11-24T15:00:00+08:00";

pub const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: DAY, slot: "14:00", amount: "60000", notes_100: "600" };

const HELD: &str = "SELECT COUNT(*) FROM cases WHERE state = 'awaiting_company_approver' AND NOT waiting";

/// The company k1 with its approver k1a.
pub async fn company(bank: &TestBank) {
    user_of(&bank.bank, "k1", "k1a", APPROVER).await;
}

/// A booking of the operator that waits; its number.
pub async fn waiting(bank: &TestBank) -> String {
    let page = book(&bank.signed_in("k1").await, &BOOKING).await;
    page.case_number().unwrap_or_else(|| panic!("{} {:?}", page.path, page.refusals()))
}

/// A booking of a company at the bank's own level, under a key of its own.
pub async fn booked(bank: &TestBank, operator: &Customer, day: &str) -> SubmitOutcome<bank::appointments::cash::CashRefusal> {
    let account = operator.user_id().replacen("user-", "acc-", 1);
    let mut fields = pairs(&[("branch", BRANCH), ("day", day), ("slot", "14:00"), ("account", &account), ("amount", "60000")]);
    fields.extend(pairs(&[("any_notes", "on"), ("collector", "self"), ("phone", "13800138000")]));
    let post = Post::first(fresh_key(&bank.bank).expect("a key"), Values(fields));
    book_cash(&bank.bank, operator, &post).await.expect("no failure")
}

/// A post of the approver's form, under a key of its own.
pub fn press(bank: &TestBank, action: &str, why: &str) -> Post {
    Post::first(fresh_key(&bank.bank).expect("a key"), Values(pairs(&[("do", action), ("reason", why)])))
}

async fn pressed(browser: &Browser, page: &Answer, action: &str, why: &str) -> Answer {
    let form = page.form_with("button[value=company_approve]").with("reason", why).with("do", action);
    browser.submit(&form).await
}

fn path(number: &str) -> String {
    ADDRESS.replace("{number}", number)
}

async fn the_branch_is_asked_once_the_approver_has_agreed(bank: &TestBank) {
    company(bank).await;
    // Before it is sent already: no time of an answer is promised, but by when the approver has to agree.
    let checked = fill_in_answer(&bank.signed_in("k1").await, &BOOKING).await.text();
    assert!(checked.contains("先等企业复核人同意：明天 15:00 前") && !checked.contains("17:00 前答复"), "{checked}");
    let number = waiting(bank).await;
    assert_eq!((bank.number(HELD).await, bank.count("case_clocks").await), (1, 0), "no clock of the bank runs");
    assert_eq!(bank.number("SELECT CAST(SUM(reserved) AS BIGINT) FROM cash_slots").await, 1, "it holds its place");
    let operator = bank.signed_in("k1").await;
    let page = operator.open(&path(&number)).await;
    assert!(page.text().contains("等企业复核人同意") && page.text().contains("明天 15:00"), "{}", page.text());
    assert!(page.text().contains("客***") && !page.text().contains("客户k1a"), "the name is masked: {}", page.text());
    assert!(
        !page.has("a[href$='/calendar']") && page.has("button[name=do][value=cancel]") && !page.has("[value=company_approve]")
    );
    assert!(operator.get(&format!("{}/calendar", path(&number))).await.body.contains("STATUS:TENTATIVE"));
    // Staff see it in its state, not among what waits for them, and have nothing to answer.
    let clerk = bank.signed_in("clerk").await;
    assert!(!clerk.open("/desk").await.body.contains(&number));
    let on_desk = clerk.open(&format!("/desk/cases/{number}")).await;
    assert!(on_desk.text().contains("待企业复核") && !on_desk.has("button[value=confirm]"), "{}", on_desk.text());
    assert!(clerk.open("/desk?list=ahead").await.status == 200);
    bank.set_time("2026-11-23T11:00:00+08:00");
    assert_eq!(round(&bank.bank).await.expect("a round"), bank::worker::Round::default());
    // An hour later all of them sign in anew.
    let (operator, clerk) = (bank.signed_in("k1").await, bank.signed_in("clerk").await);
    // The approver finds it at home and agrees.
    let approver = bank.signed_in("k1a").await;
    let home = approver.open("/").await;
    assert!(home.text().contains("等您复核") && !home.has(".visit"), "what waits is no visit yet: {}", home.text());
    assert_eq!(home.all("main a", "href").iter().filter(|href| href.contains(&number)).count(), 1, "it stands there once");
    let page = approver.open(&path(&number)).await;
    assert!(!page.has("button[name=do][value=cancel]"), "who agrees does not cancel");
    assert!(page.body.find("value=\"company_approve\"") < page.body.find("class=\"ticket\""), "what is asked comes first");
    let answered = pressed(&approver, &page, "company_approve", "").await;
    assert_eq!((answered.status, answered.path.split('#').next()), (200, Some(&*path(&number))), "{:?}", answered.refusals());
    let asked = "SELECT COUNT(*) FROM cases k JOIN case_clocks t ON t.case_number = k.number AND t.due_at = k.due_at \
                 WHERE k.state = 'submitted' AND k.waiting AND t.stopped_at IS NULL";
    assert_eq!(bank.number(asked).await, 1);
    assert_eq!(bank.number("SELECT started_at FROM case_clocks").await, bank.bank.now().0, "from now on");
    assert!(clerk.open("/desk").await.body.contains(&number));
    let page = operator.open(&path(&number)).await;
    assert!(page.text().contains("企业复核人客****同意，交网点受理"), "{}", page.text());
    let told = bank.signed_in("k1").await.open("/").await;
    assert!(told.text().contains("企业复核人同意了取款预约"), "{}", told.text());
    assert!(!bank.signed_in("k1a").await.open("/").await.text().contains("等您复核"));
    act(&clerk, &number, "confirm", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 1);
    // Then it is the company's next visit; who only reads it is not told to call.
    let home = bank.signed_in("k1a").await.open("/").await;
    assert!(home.has(".visit") && !home.has(".visit-do a[href^='tel:'], .visit-do a[href$='#cancel']"), "{}", home.text());
    assert!(home.text().contains("由企业经办人办理"), "{}", home.text());
    // What waits leads, before the visit.
    book(&bank.signed_in("k1").await, &BookingValues { day: "2026-11-26", ..BOOKING }).await;
    let home = bank.signed_in("k1a").await.open("/").await.body;
    let place = |mark: &str| home.find(mark).unwrap_or_else(|| panic!("no {mark}"));
    assert!(place("home-waiting") < place("home-visits"), "what waits comes first");
}

async fn a_refusal_with_its_reason_cancels_and_gives_everything_back(bank: &TestBank) {
    company(bank).await;
    let number = waiting(bank).await;
    let approver = bank.signed_in("k1a").await;
    let page = approver.open(&path(&number)).await;
    pressed(&approver, &page, "company_refuse", "这个月的工资已经转账").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'cancelled'").await, 1);
    assert_eq!(bank.held().await, 0);
    let page = bank.signed_in("k1").await.open(&path(&number)).await.text();
    assert!(page.contains("企业复核人没有同意") && page.contains("原因：“这个月的工资已经转账”"), "{page}");
    assert!(page.contains("企业复核人客****不同意，预约取消"), "{page}");
    let desk = bank.signed_in("clerk").await.open(&format!("/desk/cases/{number}")).await.text();
    assert!(desk.contains("不同意，预约取消") && desk.contains("这个月的工资已经转账"), "{desk}");
    // Without a reason as well, and the day is free again.
    let again = waiting(bank).await;
    let page = approver.open(&path(&again)).await;
    pressed(&approver, &page, "company_refuse", "").await;
    assert_eq!((bank.number("SELECT COUNT(*) FROM cases WHERE state = 'cancelled'").await, bank.held().await), (2, 0));
}

async fn without_an_answer_it_lapses_at_the_cut_off(bank: &TestBank) {
    company(bank).await;
    let number = waiting(bank).await;
    bank.set_time("2026-11-24T14:59:59+08:00");
    assert_eq!(round(&bank.bank).await.expect("a round").acted, 0);
    let (operator, approver) = (bank.signed_in("k1").await, bank.signed_in("k1a").await);
    let page = approver.open(&path(&number)).await;
    assert!(operator.open(&path(&number)).await.has("button[name=do][value=cancel]"), "as long as the operator may cancel");
    bank.set_time(CUT_OFF);
    assert!(!operator.open(&path(&number)).await.has("button[name=do][value=cancel]"));
    let late = pressed(&approver, &page, "company_approve", "").await;
    assert_eq!(late.refusals()[0].0, "too_late");
    assert_eq!(bank.number(HELD).await, 1);
    assert_eq!(round(&bank.bank).await.expect("a round").acted, 1);
    assert_eq!((bank.number("SELECT COUNT(*) FROM cases WHERE state = 'cancelled'").await, bank.held().await), (1, 0));
    assert_eq!(round(&bank.bank).await.expect("a round").acted, 0);
    for browser in [operator, approver] {
        assert!(browser.open("/").await.text().contains("企业复核人没有及时答复"), "both are told");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_company_lapsed'").await, 1);
}

async fn agreeing_asks_for_a_fresh_proof(bank: &TestBank) {
    company(bank).await;
    let number = waiting(bank).await;
    let approver = bank.signed_in("k1a").await;
    bank.pass_minutes(5);
    let page = approver.open(&path(&number)).await;
    let asked = pressed(&approver, &page, "company_approve", "先看看").await;
    assert!(asked.path.starts_with("/step-up"), "{}", asked.path);
    assert_eq!(bank.number(HELD).await, 1, "nothing was done yet");
    let back = approver.submit(&asked.form_with("input[name=password]").with("password", PASSWORD)).await;
    assert!(back.path.starts_with(&path(&number)) && back.text().contains("还没有提交"), "{}", back.path);
    assert!(back.body.contains("先看看"), "what was typed is there");
    pressed(&approver, &back, "company_approve", "").await;
    assert_eq!(bank.number(HELD).await, 0);
}

async fn nobody_else_answers_for_the_company(bank: &TestBank) {
    company(bank).await;
    let number = waiting(bank).await;
    customer(&bank.bank, "k2", CustomerKind::Company).await;
    user_of(&bank.bank, "k2", "k2a", APPROVER).await;
    let to = format!("{}/approver", path(&number));
    let fields = pairs(&[("key", fresh_key(&bank.bank).expect("a key").as_str()), ("version", "0"), ("do", "company_approve")]);
    for (name, status) in [("k1", 403), ("c1", 403), ("k2", 403), ("clerk", 403), ("head", 403), ("k2a", 404)] {
        assert_eq!(bank.signed_in(name).await.post(&to, &fields).await.status, status, "{name}");
    }
    // Below the routes as well: the operator, and an approver who presses something else.
    for (name, action) in [("k1", "company_approve"), ("k2a", "company_approve"), ("k1a", "cancel"), ("k1a", "confirm")] {
        let who = as_customer(bank, name).await;
        let post = press(bank, action, "");
        let done = answer_for_company(&bank.bank, &who, &number, &post).await.expect("no failure");
        assert!(matches!(done, SubmitOutcome::Refused(_)), "{name} {action}: {done:?}");
    }
    // Staff do not answer for them, and whoever changes sides does not answer what they booked.
    let mut form = bank.signed_in("clerk").await.open(&format!("/desk/cases/{number}")).await.form_with("button[value=cancel]");
    form = form.with("do", "company_approve");
    let refused = bank.signed_in("clerk").await.submit(&form).await;
    assert!(!refused.refusals().is_empty(), "{}", refused.text());
    bank.change("UPDATE users SET role = 'company_approver' WHERE id = 'user-k1'").await;
    let turned = as_customer(bank, "k1").await;
    let done = answer_for_company(&bank.bank, &turned, &number, &press(bank, "company_approve", "")).await.expect("no failure");
    assert!(format!("{done:?}").contains("OwnConfirmation"), "{done:?}");
    for sql in [
        "UPDATE cash_appointments SET company_answered_by = operator_id",
        "UPDATE cash_appointments SET operator_id = NULL, company_answered_by = 'user-k1a'",
    ] {
        assert!(bank.try_change(sql).await.is_err(), "{sql}");
    }
    assert_eq!(bank.number(HELD).await, 1);
    assert_eq!(bank.signed_in("k1a").await.get(NEW).await.status, 403, "an approver books nothing");
}

async fn it_counts_in_every_limit_and_the_branch_head_approves_afterwards(bank: &TestBank) {
    company(bank).await;
    let operator = as_customer(bank, "k1").await;
    let browser = bank.signed_in("k1").await;
    let large = BookingValues { amount: "600000", notes_100: "", ..BOOKING };
    let form = crate::support::cash::whole("k1", fresh_key(&bank.bank).expect("a key").as_str(), &large).with("purpose", "工资");
    let page = browser.submit(&form).await;
    let number = page.case_number().unwrap_or_else(|| panic!("{:?}", page.refusals()));
    assert!(matches!(booked(bank, &operator, DAY).await, SubmitOutcome::Refused(_)), "one a day");
    let more = BookingValues { day: "2026-11-26", ..large };
    let form = crate::support::cash::whole("k1", fresh_key(&bank.bank).expect("a key").as_str(), &more).with("purpose", "工资");
    assert!(!browser.submit(&form).await.refusals().is_empty(), "1,000,000 in all");
    let approver = bank.signed_in("k1a").await;
    let page = approver.open(&path(&number)).await;
    pressed(&approver, &page, "company_approve", "").await;
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'awaiting_approval'").await, 1);
    act(&bank.signed_in("head").await, &number, "approve", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 1);
}

async fn one_key_is_one_answer_and_what_was_typed_is_kept(bank: &TestBank) {
    company(bank).await;
    let number = waiting(bank).await;
    let (approver, proof) = (bank.signed_in("k1a").await, as_customer(bank, "k1a").await);
    let page = approver.open(&path(&number)).await;
    let long = "理".repeat(1_001);
    let refused = pressed(&approver, &page, "company_refuse", &long).await;
    assert_eq!(refused.refusals()[0].0, "reason_too_long");
    assert!(refused.body.contains(&long), "nothing typed is lost");
    assert_eq!(bank.number(HELD).await, 1);
    let post = press(bank, "company_approve", "");
    for turn in 0..3 {
        let done = answer_for_company(&bank.bank, &proof, &number, &post).await.expect("no failure");
        assert!(matches!(done, SubmitOutcome::Case { same: true, .. }), "{turn}: {done:?}");
        if turn == 1 {
            // The key leads to the case even after the branch has gone on.
            act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
        }
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'company_approve'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_company_approved'").await, 1);
    // The other button under the used key changes nothing.
    let other = Post { values: Values(pairs(&[("do", "company_refuse")])), ..post };
    answer_for_company(&bank.bank, &proof, &number, &other).await.expect("no failure");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 1);
}

async fn a_company_without_an_approver_books_as_before(bank: &TestBank) {
    let number = waiting(bank).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'submitted' AND waiting").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE operator_id IS NULL").await, 1);
    let page = bank.signed_in("k1").await.open(&path(&number)).await.text();
    assert!(page.contains("预约已提交") && !page.contains("企业复核人"), "{page}");
}

async fn a_waiting_booking_whose_company_has_no_approver_any_more_says_what_happens(bank: &TestBank) {
    company(bank).await;
    let number = waiting(bank).await;
    let operator = bank.signed_in("k1").await;
    assert!(operator.open(&path(&number)).await.text().contains("同意后，网点才会受理"));
    // As an import or the entry of customers removes the approver.
    bank.change("UPDATE users SET left_on = '2026-11-23' WHERE id = 'user-k1a'").await;
    bank.change("UPDATE cases SET acts_at = 0 WHERE state = 'awaiting_company_approver'").await;
    let page = operator.open(&path(&number)).await;
    assert!(page.text().contains("企业现在没有复核人") && page.text().contains("自动转给网点受理"), "{}", page.text());
    assert!(!page.text().contains("同意后，网点才会受理") && !page.text().contains("等企业复核人同意。"), "{}", page.text());
    assert_eq!(round(&bank.bank).await.expect("a round").acted, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'submitted' AND waiting").await, 1);
    let page = operator.open(&path(&number)).await.text();
    assert!(page.contains("预约已提交") && !page.contains("企业现在没有复核人"), "{page}");
}
