//! Bookings that change as time passes (docs/domain.md §3): no answer, no collection, a branch that pays out no cash for a
//! while. The tests set the clock and call the worker's pass.

use bank::worker::{Round, round};

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, act, book, fill_in_answer, whole};
use crate::support::seed::{BRANCH, parameter};
use crate::support::{Browser, TestBank};

/// The Tuesday after the Monday on which the tests run.
const TUESDAY: &str = "2026-11-24";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: TUESDAY, slot: "10:00", amount: "60000", notes_100: "600" };

/// Books through the pages and returns the case number.
async fn booked(browser: &Browser, values: &BookingValues<'_>) -> String {
    let page = book(browser, values).await;
    page.case_number().unwrap_or_else(|| panic!("{:?}", page.refusals()))
}

/// Sets the clock and runs one pass of the worker.
async fn at(bank: &TestBank, now: &str) -> Round {
    bank.set_time(now);
    round(&bank.bank).await.expect("a round")
}

async fn an_unanswered_booking_gives_each_alarm_once_and_can_still_be_answered(bank: &TestBank) {
    let values = BookingValues { day: "2026-11-25", ..BOOKING };
    let late = booked(&bank.signed_in("c1").await, &values).await;
    let answered = booked(&bank.signed_in("c2").await, &values).await;
    act(&bank.signed_in("clerk").await, &answered, "confirm", &[]).await;
    // Booked at 10:00, due at 17:00: 75 % of the working time has passed at 15:15, 120 % the next morning at 10:24.
    let alarms = |alarms| Round { alarms, ..Round::default() };
    let mark =
        async |name: &str| bank.signed_in(name).await.open(&format!("/desk/cases/{late}")).await.words(".case-line .alarm");
    assert_eq!(at(bank, "2026-11-23T15:15:00+08:00").await, alarms(0));
    assert_eq!(at(bank, "2026-11-23T15:16:00+08:00").await, alarms(1), "warned");
    assert_eq!(mark("clerk").await, ["临近时限"]);
    assert_eq!(at(bank, "2026-11-23T17:00:00+08:00").await, alarms(0), "there is time until five");
    assert_eq!(at(bank, "2026-11-23T17:01:00+08:00").await, alarms(1), "breached");
    assert_eq!(mark("head").await, ["已超时限"], "the superior sees it");
    assert_eq!(at(bank, "2026-11-23T17:02:00+08:00").await, alarms(0), "once");
    assert_eq!(at(bank, "2026-11-24T10:24:00+08:00").await, alarms(0));
    assert_eq!(at(bank, "2026-11-24T10:25:00+08:00").await, alarms(1), "escalated");
    assert_eq!(at(bank, "2026-11-24T10:26:00+08:00").await, alarms(0));
    let head = bank.signed_in("head").await;
    assert!(head.open("/desk").await.words(".desk-queue .alarm").contains(&"已上报".to_owned()));
    let page = head.open(&format!("/desk/cases/{late}")).await.text();
    for words in ["快到 昨天 17:00 的答复时限", "昨天 17:00 的答复时限已过", "仍没有答复，已上报网点负责人"]
    {
        assert!(page.contains(words), "the desk's history says {words}: {page}");
        let theirs = bank.signed_in("c1").await.open(&format!("/appointments/{late}")).await.text();
        assert!(!theirs.contains(words), "the customer's does not: {theirs}");
    }
    let events = "SELECT COUNT(*) FROM case_events WHERE action IN ('warn', 'breach', 'escalate') AND internal AND role = 'system' \
                  AND case_number = (SELECT number FROM cases WHERE customer_id = 'customer-c1')";
    assert_eq!(bank.number(events).await, 3);
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action IN ('warn', 'breach', 'escalate')").await, 3);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action IN ('warn', 'breach', 'escalate')").await, 3);
    act(&bank.signed_in("clerk").await, &late, "confirm", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 2);
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_clocks WHERE stopped_at IS NOT NULL AND next_at IS NULL").await, 2);
}

async fn an_hour_before_its_time_an_unanswered_booking_is_over_and_its_customer_is_told(bank: &TestBank) {
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let number = booked(&bank.signed_in("c1").await, &BOOKING).await;
    let unapproved = booked(&bank.signed_in("c2").await, &BOOKING).await;
    act(&bank.signed_in("clerk").await, &unapproved, "confirm", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'awaiting_approval'").await, 1);
    assert_eq!(at(bank, "2026-11-24T08:59:59+08:00").await.acted, 0);
    assert_eq!(bank.number("SELECT CAST(SUM(reserved) AS BIGINT) FROM cash_slots").await, 2);
    assert_eq!(at(bank, "2026-11-24T09:00:00+08:00").await.acted, 2);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'timed_out' AND NOT waiting").await, 2);
    assert_eq!(bank.held().await, 0, "everything is given back");
    assert_eq!(at(bank, "2026-11-24T09:01:00+08:00").await.acted, 0);
    let told = "SELECT COUNT(*) FROM outbox o JOIN cases k ON k.number = o.case_number AND k.customer_id = o.customer_id \
                WHERE o.kind = 'cash_timed_out'";
    assert_eq!(bank.number(told).await, 2);
    let browser = bank.signed_in("c1").await;
    let page = browser.open(&format!("/appointments/{number}")).await;
    assert!(page.text().contains("取款预约没有及时答复") && page.text().contains("这是我们的责任"), "{}", page.text());
    booked(&browser, &BookingValues { day: "2026-11-25", ..BOOKING }).await;
}

async fn three_missed_bookings_block_booking_online_for_thirty_days(bank: &TestBank) {
    let days = [TUESDAY, "2026-11-25", "2026-11-26"];
    let (browser, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    for day in days {
        let number = booked(&browser, &BookingValues { day, ..BOOKING }).await;
        act(&clerk, &number, "confirm", &[]).await;
    }
    for day in days {
        let page = bank.signed_in("c1").await.open(NEW).await;
        assert!(page.refusals().is_empty(), "{day}: {:?}", page.refusals());
        assert_eq!(at(bank, &format!("{day}T11:29:00+08:00")).await, Round::default());
        assert_eq!(at(bank, &format!("{day}T11:30:00+08:00")).await, Round { acted: 1, ..Round::default() });
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'no_show'").await, 3);
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_no_show'").await, 3);
    assert_eq!(bank.held().await, 0);

    let blocked: [(String, Option<String>); 1] = [("blocked".to_owned(), None)];
    for (now, day) in [("2026-11-26T11:31:00+08:00", "2026-11-27"), ("2026-12-25T23:59:00+08:00", "2026-12-29")] {
        bank.set_time(now);
        let browser = bank.signed_in("c1").await;
        let page = browser.open(NEW).await;
        assert_eq!(page.refusals(), blocked);
        assert!(page.text().contains("网上预约暂停到 12 月 26 日"), "{}", page.text());
        let key = format!("{day:0>26}");
        let page = browser.submit(&whole("c1", &key, &BookingValues { day, ..BOOKING })).await;
        assert_eq!((page.case_number(), page.refusals()), (None, blocked.to_vec()));
        assert!(page.text().contains("网上预约暂停到 12 月 26 日"), "{}", page.text());
        assert_eq!(bank.held().await, 0, "nothing was booked");
    }
    bank.set_time("2026-12-26T00:00:00+08:00");
    let browser = bank.signed_in("c1").await;
    assert!(browser.open(NEW).await.refusals().is_empty());
    booked(&browser, &BookingValues { day: "2026-12-29", ..BOOKING }).await;
}

async fn nobody_is_a_no_show_of_a_branch_that_was_closed(bank: &TestBank) {
    let closings = [
        ("calendar", format!("INSERT INTO calendar_days (day, kind, name) VALUES ('{TUESDAY}', 'closed', '台风')")),
        ("hours", format!("DELETE FROM branch_hours WHERE branch_id = '{BRANCH}' AND weekday = 2")),
        ("vault", format!("UPDATE branches SET cash_closed_until = '2026-11-25' WHERE id = '{BRANCH}'")),
    ];
    let openings = [
        format!("DELETE FROM calendar_days WHERE day = '{TUESDAY}'"),
        format!("INSERT INTO branch_hours (branch_id, weekday, spans) VALUES ('{BRANCH}', 2, '09:00-17:00')"),
        format!("UPDATE branches SET cash_closed_until = NULL WHERE id = '{BRANCH}'"),
    ];
    for ((what, close), open) in closings.iter().zip(openings) {
        bank.set_time("2026-11-23T10:00:00+08:00");
        let browser = bank.signed_in("c1").await;
        let number = booked(&browser, &BOOKING).await;
        act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
        bank.change(close).await;
        bank.set_time("2026-11-24T11:40:00+08:00");
        let head = bank.signed_in("head").await;
        assert!(!head.open(&format!("/desk/cases/{number}")).await.has("button[value=no_show]"), "{what}");
        assert_eq!(at(bank, "2026-11-24T11:41:00+08:00").await.acted, 1, "{what}");
        let ended = format!("SELECT COUNT(*) FROM cases WHERE number = '{number}' AND state = 'cancelled'");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(ended)).await, 1, "{what}");
        assert_eq!(bank.held().await, 0, "{what}: everything is given back");
        let page = bank.signed_in("c1").await.open(&format!("/appointments/{number}")).await;
        assert!(
            page.text().contains("网点没有营业，取款预约已取消") && page.text().contains("不会记作没来取"),
            "{}",
            page.text()
        );
        bank.change(&open).await;
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE no_show_at IS NOT NULL").await, 0);
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_branch_closed'").await, 3);
}

async fn a_branch_that_pays_out_nothing_for_a_while_refuses_with_the_nearest_day(bank: &TestBank) {
    bank.change(&format!("UPDATE branches SET cash_closed_until = '2026-11-26' WHERE id = '{BRANCH}'")).await;
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { day: "2026-11-25", ..BOOKING };
    let refused = [("branch_closed".to_owned(), Some("day=2026-11-26&slot=10:00".to_owned()))];
    let page = browser.submit(&whole("c1", &"b".repeat(26), &values)).await;
    assert_eq!((page.case_number(), page.refusals()), (None, refused.to_vec()));
    assert_eq!(bank.held().await, 0);
    let page = fill_in_answer(&browser, &values).await;
    assert_eq!(page.refusals(), refused);
    // One click accepts the offered day, on which the branch pays out again.
    let page = browser.submit(&page.form_with("input[type=hidden][name=day]")).await;
    assert!(page.has("[name=amount]"), "on to the next step: {:?}", page.refusals());
    booked(&browser, &BookingValues { day: "2026-11-26", ..BOOKING }).await;
}

on_both_engines!(
    an_unanswered_booking_gives_each_alarm_once_and_can_still_be_answered,
    an_hour_before_its_time_an_unanswered_booking_is_over_and_its_customer_is_told,
    three_missed_bookings_block_booking_online_for_thirty_days,
    nobody_is_a_no_show_of_a_branch_that_was_closed,
    a_branch_that_pays_out_nothing_for_a_while_refuses_with_the_nearest_day,
);
