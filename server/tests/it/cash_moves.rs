//! A customer moves a cash booking (docs/domain.md §3.5): number and history stay, capacity is swapped, the branch answers anew. The races are in
//! `cash_move_races.rs`, the random walk in `cash_walk.rs`.

use bank::appointments::cash::{CashRefusal, MOVES, answer_for_company, book_cash, move_cash};
use bank::cases::DeskRefusal;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Post, Refusal, SubmitOutcome, Values, fresh_key};
use bank::kernel::time::At;
use bank::keys::register_key;
use bank::sessions::Customer;

use crate::check::findings;
use crate::company_approver::{company, press};
use crate::on_both_engines;
use crate::support::cash::{BookingValues, act, book, fill_in_answer};
use crate::support::kinds::{act_as_staff, as_customer, as_staff};
use crate::support::seed::{BRANCH, OTHER_BRANCH, parameter};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    it_keeps_its_number_and_history_and_the_branch_answers_anew,
    what_it_holds_itself_is_not_in_its_way_and_counts_once,
    a_page_filled_in_before_another_move_does_not_undo_it,
    a_move_that_is_refused_says_why_in_both_languages_and_changes_nothing,
    staff_and_approver_answer_only_what_they_have_seen,
    a_large_one_is_approved_again,
    another_branch_takes_it_over,
    what_stays_where_it_is_may_be_changed_after_the_lead_time,
    whoever_may_not_book_online_may_move_what_they_have_booked,
    what_falls_into_a_closure_can_be_moved_and_the_page_says_so,
    nobody_else_moves_it,
    each_step_has_an_address,
    what_is_shown_masked_stays_unless_it_is_typed_anew,
);

pub const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };

/// A booking of c1 or another customer; its number.
pub async fn booked(browser: &Browser, values: &BookingValues<'_>) -> String {
    let page = book(browser, values).await;
    page.case_number().unwrap_or_else(|| panic!("{} {:?}", page.path, page.refusals()))
}

/// A post that changes these fields, from a page that showed the booking after this many moves, under a key of its own.
pub fn change(bank: &TestBank, moves: i64, fields: &[(&str, &str)]) -> Post {
    let mut values = Values(pairs(fields));
    values.set(MOVES, moves.to_string());
    Post::first(fresh_key(&bank.bank).expect("a key"), values)
}

/// Moves a booking at the bank's own level.
pub async fn moved(bank: &TestBank, customer: &Customer, number: &str, post: &Post) -> SubmitOutcome<CashRefusal> {
    move_cash(&bank.bank, customer, number, post).await.expect("no failure")
}

pub fn is_done(outcome: &SubmitOutcome<CashRefusal>) -> bool {
    matches!(outcome, SubmitOutcome::Case { same: true, .. })
}

pub fn code(outcome: &SubmitOutcome<CashRefusal>) -> &str {
    match outcome {
        SubmitOutcome::Refused(refusal) => refusal.code(),
        SubmitOutcome::Case { .. } => "done",
        _ => "other",
    }
}

fn at(number: &str) -> String {
    format!("/appointments/{number}")
}

/// The page of the last step after these changes of the first one.
async fn checked(browser: &Browser, number: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.open(&format!("{}/move", at(number))).await;
    assert!(page.has("[name=branch][checked]") && page.has("[name=day][checked]"), "filled in: {}", page.text());
    browser.submit(&page.form().with_all(fields)).await
}

async fn press_move(browser: &Browser, page: &Answer) -> Answer {
    assert!(page.has("button[name=do][value=move]"), "{} {:?}", page.path, page.refusals());
    browser.submit(&page.form_with("button[name=do][value=move]").with("do", "move")).await
}

async fn it_keeps_its_number_and_history_and_the_branch_answers_anew(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    let (browser, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    let number = booked(&browser, &BOOKING).await;
    act(&clerk, &number, "confirm", &[]).await;
    let calendar = browser.get(&format!("{}/calendar", at(&number))).await.body;
    assert!(calendar.contains("SEQUENCE:2\r\n") && calendar.contains("STATUS:CONFIRMED"), "{calendar}");
    bank.pass_minutes(5);
    let page = browser.open(&at(&number)).await;
    assert!(page.has(&format!("a[href='{}/move']", at(&number))), "{}", page.text());
    let page = checked(&browser, &number, &[("day", "2026-11-26"), ("slot", "11:00")]).await;
    assert!(page.text().contains("现在约的") && page.text().contains("11 月 25 日"), "{}", page.text());
    let page = press_move(&browser, &page).await;
    assert_eq!(page.path.split('#').next(), Some(&*at(&number)), "{:?}", page.refusals());
    assert_eq!(page.case_number().as_deref(), Some(&*number));
    assert!(page.text().contains("改动已提交") && page.text().contains("等网点答复"), "{}", page.text());
    assert!(page.text().contains("您改了预约。从") && page.text().contains("11 月 26 日"), "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_moved'").await, 1);
    let asked = "SELECT COUNT(*) FROM cases k JOIN case_clocks t ON t.case_number = k.number AND t.due_at = k.due_at \
                 WHERE k.state = 'submitted' AND k.waiting AND t.stopped_at IS NULL";
    assert_eq!(bank.number(asked).await, 1);
    assert_eq!(bank.number("SELECT started_at FROM case_clocks").await, bank.bank.now().0, "from now on");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE confirmed_by IS NULL AND moves = 1").await, 1);
    assert_eq!(bank.number("SELECT reserved FROM cash_slots WHERE day = '2026-11-25'").await, 0);
    assert_eq!(bank.number("SELECT reserved FROM cash_slots WHERE day = '2026-11-26' AND slot = '11:00'").await, 1);
    // The entry of a calendar follows.
    let calendar = browser.get(&format!("{}/calendar", at(&number))).await.body;
    assert!(calendar.contains("SEQUENCE:3\r\n") && calendar.contains("STATUS:TENTATIVE"), "{calendar}");
    assert!(calendar.contains("DTSTART:20261126T030000Z"), "{calendar}");
    assert!(clerk.open("/desk").await.body.contains(&number));
    let desk = clerk.open(&format!("/desk/cases/{number}")).await;
    assert!(desk.text().contains("客户改了预约") && desk.has("button[value=confirm]"), "{}", desk.text());
    assert_eq!(findings(bank).await, Vec::<String>::new());
}

async fn what_it_holds_itself_is_not_in_its_way_and_counts_once(bank: &TestBank) {
    for (name, value) in
        [("cash_slot_places", "1"), ("cash_day_total", "70000"), ("cash_stock_100", "700"), ("cash_open_max", "70000")]
    {
        parameter(&bank.bank, name, value).await;
    }
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let customer = as_customer(bank, "c1").await;
    // The only place of the slot, all the cash and notes of the day, all that one customer may have booked, and the day of the
    // customer.
    let more = change(bank, 0, &[("amount", "70000"), ("notes_100", "700")]);
    assert_eq!(code(&moved(bank, &customer, &number, &more).await), "done");
    assert_eq!(bank.number("SELECT reserved FROM cash_notes WHERE denomination = 100").await, 700);
    assert_eq!(bank.number("SELECT reserved FROM cash_totals").await, 7_000_000);
    assert_eq!(bank.number("SELECT reserved FROM cash_slots").await, 1);
    let less = change(bank, 1, &[("amount", "50000"), ("notes_100", "500"), ("slot", "11:00")]);
    assert_eq!(code(&moved(bank, &customer, &number, &less).await), "done");
    assert_eq!(bank.number("SELECT reserved FROM cash_notes WHERE denomination = 100").await, 500);
    assert_eq!(bank.number("SELECT reserved FROM cash_slots WHERE slot = '10:00'").await, 0);
    assert_eq!(bank.number("SELECT CAST(SUM(half_hour) AS BIGINT) FROM engagements").await, 22 + 23);
    let above = change(bank, 2, &[("amount", "80000"), ("notes_100", "800")]);
    assert_eq!(code(&moved(bank, &customer, &number, &above).await), "open_cash");
    assert_eq!((bank.count("cases").await, bank.number("SELECT moves FROM cash_appointments").await), (1, 2));
    // A second booking of the customer is in the way of the first.
    parameter(&bank.bank, "cash_open_max", "1000000").await;
    booked(&bank.signed_in("c1").await, &BookingValues { day: "2026-11-26", ..BOOKING }).await;
    let taken = change(bank, 2, &[("day", "2026-11-26")]);
    assert_eq!(code(&moved(bank, &customer, &number, &taken).await), "day_taken");
}

async fn a_page_filled_in_before_another_move_does_not_undo_it(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let number = booked(&browser, &BOOKING).await;
    let (first, second) =
        (checked(&browser, &number, &[("day", "2026-11-26")]).await, checked(&browser, &number, &[("slot", "14:00")]).await);
    press_move(&browser, &first).await;
    let page = press_move(&browser, &second).await;
    assert_eq!(page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>(), ["moved"]);
    assert!(page.text().contains("11 月 26 日"), "what is booked now: {}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE day = '2026-11-26' AND slot = '10:00'").await, 1);
    // Who has seen it may do it all the same.
    let page = press_move(&browser, &page).await;
    assert_eq!(page.refusals(), []);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE day = '2026-11-25' AND slot = '14:00'").await, 1);
    assert_eq!(bank.number("SELECT moves FROM cash_appointments").await, 2);
}

async fn a_move_that_is_refused_says_why_in_both_languages_and_changes_nothing(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "1").await;
    let (browser, other) = (bank.signed_in("c1").await, bank.signed_in("c2").await);
    let number = booked(&browser, &BOOKING).await;
    let page = checked(&browser, &number, &[]).await;
    let told = [("zh-CN", "您还没有改什么"), ("en", "Nothing has been changed yet")];
    for (language, words) in told {
        browser.post("/language", &pairs(&[("language", language), ("to", "/")])).await;
        let page = press_move(&browser, &page).await;
        assert_eq!(page.refusals(), [("nothing_moved".to_owned(), None)]);
        assert!(page.text().contains(words), "{}", page.text());
    }
    // Taken while the last page was open: nothing changes, and a press takes the nearest.
    browser.post("/language", &pairs(&[("language", "zh-CN"), ("to", "/")])).await;
    let page = checked(&browser, &number, &[("slot", "11:00")]).await;
    booked(&other, &BookingValues { slot: "11:00", ..BOOKING }).await;
    let page = press_move(&browser, &page).await;
    let refusals = page.refusals();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert!(refusals[0].0 == "slot_full" && refusals[0].1.as_deref().is_some_and(|near| near.contains("slot=")), "{refusals:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE slot = '10:00' AND moves = 0 AND live").await, 1);
    let offers = page.form_with(&format!("form[action='{}/move'] input[name=slot][type=hidden]", at(&number)));
    let page = browser.submit(&offers).await;
    assert!(press_move(&browser, &page).await.refusals().is_empty());
    // The cash is ready, or the time is over.
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "confirm", &[]).await;
    act(&clerk, &number, "prepare", &[]).await;
    let page = browser.open(&format!("{}/move", at(&number))).await;
    assert_eq!(page.refusals(), [("move_over".to_owned(), None)]);
    let late = booked(&other, &BookingValues { day: "2026-11-26", ..BOOKING }).await;
    bank.set_time("2026-11-25T15:00:00+08:00");
    let other = bank.signed_in("c2").await;
    let page = other.open(&format!("{}/move", at(&late))).await;
    assert_eq!(page.refusals(), [("move_closed".to_owned(), None)]);
    assert!(!page.has("a[href$='/move']"), "the page has no link to it any more");
    other.post("/language", &pairs(&[("language", "en"), ("to", "/")])).await;
    let page = other.open(&format!("{}/move", at(&late))).await;
    assert!(page.text().contains("You could change it here until"), "{}", page.text());
}

async fn staff_and_approver_answer_only_what_they_have_seen(bank: &TestBank) {
    company(bank).await;
    let number = booked(&bank.signed_in("k1").await, &BOOKING).await;
    let (operator, approver) = (as_customer(bank, "k1").await, as_customer(bank, "k1a").await);
    let held = "SELECT COUNT(*) FROM cases WHERE state = 'awaiting_company_approver' AND NOT waiting";
    let more = change(bank, 0, &[("amount", "70000"), ("notes_100", "700")]);
    assert_eq!(code(&moved(bank, &operator, &number, &more).await), "done");
    assert_eq!((bank.number(held).await, bank.count("case_clocks").await), (1, 0));
    // The approver's page showed 60,000.
    let told = answer_for_company(&bank.bank, &approver, &number, &press(bank, "company_approve", "")).await.expect("no failure");
    let SubmitOutcome::Refused(refused) = told else { panic!("{told:?}") };
    assert_eq!(refused.refusals, [DeskRefusal::Changed]);
    assert_eq!(bank.number(held).await, 1);
    let mut agreed = press(bank, "company_approve", "");
    agreed.values.set(MOVES, "1");
    let told = answer_for_company(&bank.bank, &approver, &number, &agreed).await.expect("no failure");
    assert!(matches!(told, SubmitOutcome::Case { .. }), "{told:?}");
    assert_eq!(bank.count("case_clocks").await, 1);
    // The clerk's page shows version 3; the operator moves it, so the approver is asked again and the bank is not.
    let clerk = as_staff(bank, "clerk").await;
    assert!(is_done(&moved(bank, &operator, &number, &change(bank, 1, &[("slot", "14:00")])).await));
    assert_eq!((bank.number(held).await, bank.count("case_clocks").await), (1, 0));
    let told = act_as_staff(&bank.bank, &clerk, &number, "confirm", 3, &Values::default()).await;
    assert!(matches!(&told, Err(Rejected::Refused(refusals)) if *refusals == [DeskRefusal::Changed]), "{told:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE company_answered_by IS NULL").await, 1);
}

async fn a_large_one_is_approved_again(bank: &TestBank) {
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let (customer, clerk, head) = (as_customer(bank, "c1").await, as_staff(bank, "clerk").await, as_staff(bank, "head").await);
    let none = Values::default();
    act_as_staff(&bank.bank, &clerk, &number, "confirm", 1, &none).await.expect("confirmed");
    act_as_staff(&bank.bank, &head, &number, "approve", 2, &none).await.expect("approved");
    assert!(is_done(&moved(bank, &customer, &number, &change(bank, 0, &[("remark", "晚一点到")])).await));
    act_as_staff(&bank.bank, &clerk, &number, "confirm", 4, &none).await.expect("confirmed");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'awaiting_approval'").await, 1);
    // Below the threshold nobody approves.
    let less = change(bank, 1, &[("amount", "50000"), ("notes_100", "500")]);
    assert!(is_done(&moved(bank, &customer, &number, &less).await));
    act_as_staff(&bank.bank, &clerk, &number, "confirm", 6, &none).await.expect("confirmed");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed' AND amount = 5000000").await, 1);
}

async fn another_branch_takes_it_over(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let customer = as_customer(bank, "c1").await;
    assert!(is_done(&moved(bank, &customer, &number, &change(bank, 0, &[("branch", OTHER_BRANCH)])).await));
    let clerk = bank.signed_in("clerk").await;
    assert_eq!(clerk.get(&format!("/desk/cases/{number}")).await.status, 404, "no case of the first branch any more");
    assert!(!clerk.open("/desk").await.body.contains(&number));
    let sql = "SELECT COUNT(*) FROM cases k JOIN cash_appointments b ON b.case_number = k.number AND b.branch_id = k.branch_id \
               WHERE k.branch_id = 'dongqu'";
    assert_eq!(bank.number(sql).await, 1);
    bank::worker::round(&bank.bank).await.expect("a round");
    assert_eq!(findings(bank).await, Vec::<String>::new(), "counts of both branches");
}

async fn what_stays_where_it_is_may_be_changed_after_the_lead_time(bank: &TestBank) {
    let tomorrow = BookingValues { day: "2026-11-24", ..BOOKING };
    let number = booked(&bank.signed_in("c1").await, &BookingValues { slot: "14:00", ..tomorrow }).await;
    let early = booked(&bank.signed_in("c2").await, &tomorrow).await;
    bank.set_time("2026-11-23T14:30:00+08:00");
    let none = Values::default();
    act_as_staff(&bank.bank, &as_staff(bank, "clerk").await, &number, "confirm", 1, &none).await.expect("confirmed");
    // Nobody can book tomorrow any more; what is booked can be changed until 60 minutes after the answer.
    bank.set_time("2026-11-23T15:10:00+08:00");
    let (customer, browser) = (as_customer(bank, "c1").await, bank.signed_in("c1").await);
    let refused = [
        (change(bank, 0, &[("slot", "15:00")]), "slot_unknown"),
        (change(bank, 0, &[("amount", "70000"), ("notes_100", "700")]), "cash_short"),
        (change(bank, 0, &[("branch", OTHER_BRANCH)]), "day_too_early"),
    ];
    for (post, why) in refused {
        assert_eq!(code(&moved(bank, &customer, &number, &post).await), why);
    }
    let page = checked(&browser, &number, &[]).await;
    assert!(page.has("button[name=do][value=move]"), "{} {:?}", page.path, page.refusals());
    assert_eq!(code(&moved(bank, &customer, &number, &change(bank, 0, &[("remark", "晚一点到")])).await), "done");
    let at = |time: &str| At::parse_rfc3339(time).expect("a time").0;
    let due = "SELECT k.due_at FROM cases k JOIN cash_appointments b ON b.case_number = k.number WHERE b.moves = 1";
    assert_eq!(bank.number(due).await, at("2026-11-24T10:00:00+08:00"));
    let until = "SELECT cancel_until FROM cash_appointments WHERE moves = 1";
    assert_eq!(bank.number(until).await, at("2026-11-23T15:30:00+08:00"), "neither renewed nor shortened");
    // It would time out before the branch opens again.
    bank.set_time("2026-11-23T16:30:00+08:00");
    act_as_staff(&bank.bank, &as_staff(bank, "clerk").await, &early, "confirm", 1, &none).await.expect("confirmed");
    bank.set_time("2026-11-23T17:10:00+08:00");
    let customer = as_customer(bank, "c2").await;
    assert_eq!(code(&moved(bank, &customer, &early, &change(bank, 0, &[("remark", "晚一点到")])).await), "day_too_early");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 1);
}

async fn whoever_may_not_book_online_may_move_what_they_have_booked(bank: &TestBank) {
    parameter(&bank.bank, "no_show_count", "1").await;
    let browser = bank.signed_in("c1").await;
    let missed = booked(&browser, &BOOKING).await;
    let number = booked(&browser, &BookingValues { day: "2026-11-27", ..BOOKING }).await;
    act_as_staff(&bank.bank, &as_staff(bank, "clerk").await, &missed, "confirm", 1, &Values::default()).await.expect("confirmed");
    bank.set_time("2026-11-25T12:00:00+08:00");
    bank::worker::round(&bank.bank).await.expect("a round");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'no_show'").await, 1);
    let browser = bank.signed_in("c1").await;
    let page = fill_in_answer(&browser, &BookingValues { day: "2026-11-30", ..BOOKING }).await;
    assert_eq!(page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>(), ["blocked"]);
    let page = checked(&browser, &number, &[("day", "2026-11-30")]).await;
    assert_eq!(press_move(&browser, &page).await.refusals(), []);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE day = '2026-11-30' AND live").await, 1);
}

async fn what_falls_into_a_closure_can_be_moved_and_the_page_says_so(bank: &TestBank) {
    let (browser, other) = (bank.signed_in("c1").await, bank.signed_in("c2").await);
    let number = booked(&browser, &BOOKING).await;
    let late = booked(&other, &BookingValues { day: "2026-11-26", ..BOOKING }).await;
    bank.change("UPDATE branches SET cash_closed_until = '2026-11-27' WHERE id = 'shiqi'").await;
    let page = browser.open(&at(&number)).await;
    assert!(page.text().contains("请不要前往。您可以在本页改到别的日子，也可以取消。"), "{}", page.text());
    let page = browser.open(&format!("{}/move", at(&number))).await;
    let page = browser.submit(&page.form().with_all(&[("day", "2026-11-27"), ("slot", "10:00")])).await;
    let page = press_move(&browser, &page).await;
    assert_eq!((page.case_number().as_deref(), page.text().contains("请不要前往")), (Some(&*number), false), "{}", page.path);
    // After the cut-off nothing is promised that the page does not have.
    bank.set_time("2026-11-25T15:00:00+08:00");
    let page = bank.signed_in("c2").await.open(&at(&late)).await;
    assert!(page.text().contains("请不要前往。要取消请找网点办理。"), "{}", page.text());
    assert!(!page.has("a[href$='/move']") && !page.has("button[value=cancel]"), "{}", page.text());
}

async fn nobody_else_moves_it(bank: &TestBank) {
    company(bank).await;
    let numbers = [booked(&bank.signed_in("c1").await, &BOOKING).await, booked(&bank.signed_in("k1").await, &BOOKING).await];
    // The company's approver answers and moves nothing.
    for (name, place) in [("c2", 0), ("k1", 0), ("k1a", 1)] {
        let (other, post) = (as_customer(bank, name).await, change(bank, 0, &[("slot", "14:00")]));
        assert_eq!(code(&moved(bank, &other, &numbers[place], &post).await), "move_over", "{name}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE moves = 0 AND slot = '10:00'").await, 2);
}

async fn each_step_has_an_address(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let number = booked(&browser, &BOOKING).await;
    let first = browser.open(&format!("{}/move", at(&number))).await;
    let begins = format!("{}/move?key=", at(&number));
    assert!(first.path.starts_with(&begins) && first.path.ends_with("&step=where"), "{}", first.path);
    let check = browser.submit(&first.form().with("slot", "11:00")).await;
    assert!(check.path.starts_with(&begins) && check.path.ends_with("&step=check"), "{}", check.path);
    // Back to the first page, and forward again.
    let again = browser.get(&first.path).await;
    assert!(again.status == 200 && again.has("[name=slot][value='11:00'][checked]"), "{}", again.text());
    assert!(browser.get(&check.path).await.has("button[name=do][value=move]"));
    let page = press_move(&browser, &check).await;
    assert_eq!(page.case_number().as_deref(), Some(&*number));
    for address in [&first.path, &check.path] {
        assert_eq!(browser.open(address).await.case_number().as_deref(), Some(&*number), "{address}");
    }
    // What a page sends that a browser has kept is not lost: it is another move, which begins with what is booked now.
    let kept = browser.submit(&first.form().with("slot", "14:00")).await;
    assert!(kept.path.starts_with(&begins) && kept.has("[name=slot][value='14:00'][checked]"), "{} {}", kept.path, kept.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE slot = '11:00' AND moves = 1").await, 1);
}

async fn what_is_shown_masked_stays_unless_it_is_typed_anew(bank: &TestBank) {
    let customer = as_customer(bank, "c1").await;
    let mut fields = pairs(&[("branch", BRANCH), ("day", "2026-11-25"), ("slot", "10:00"), ("account", "acc-c1")]);
    fields.extend(pairs(&[("amount", "60000"), ("any_notes", "on"), ("phone", "13911112222"), ("collector", "agent")]));
    fields.extend(pairs(&[("agent_name", "王建国"), ("agent_id_type", "passport"), ("agent_id", "E12345678")]));
    let post = Post::first(fresh_key(&bank.bank).expect("a key"), Values(fields));
    let told = book_cash(&bank.bank, &customer, &post).await.expect("no failure");
    let SubmitOutcome::Case { number, .. } = told else { panic!("{told:?}") };
    let browser = bank.signed_in("c1").await;
    let first = browser.open(&format!("{}/move", at(&number))).await;
    let who = browser.get(&first.path.replace("step=where", "step=who")).await;
    assert_eq!(who.form().value("agent_name"), Some("王建国"), "{}", who.path);
    assert!(who.text().contains("139****2222"), "{}", who.text());
    assert!(!who.body.contains("13911112222") && !who.body.contains("E12345678"), "{}", who.text());
    let check = browser.submit(&who.form().with("remark", "晚一点到")).await;
    assert!(check.text().contains("139****2222") && !check.body.contains("13911112222"), "{}", check.text());
    let case = press_move(&browser, &check).await;
    assert!(case.case_number().is_some() && case.text().contains("139****2222"), "{} {:?}", case.path, case.refusals());
    // Nothing was changed by leaving them empty; of another agent the number is typed.
    assert_eq!(code(&moved(bank, &customer, &number, &change(bank, 1, &[("offered", "agent_id phone")])).await), "nothing_moved");
    let other = change(bank, 1, &[("agent_name", "李小红"), ("offered", "agent_id")]);
    assert_eq!(code(&moved(bank, &customer, &number, &other).await), "agent_id_missing");
}
