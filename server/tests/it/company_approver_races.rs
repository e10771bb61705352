//! A company's approver against everybody who acts at the same moment (docs/domain.md §3.5): the operator who cancels, the worker at the
//! cut-off, a second tab, an import that removes the approver. One of them counts, once; the capacity agrees.

use bank::appointments::cash::{answer_for_company, cancel_cash};
use bank::imports::{ImportKind, Options, People, import};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::SubmitOutcome;
use bank::sessions::{APPROVER, Caller, Customer, caller};
use bank::worker::round;
use server::commands::import::sheet::read_csv;
use sqlx::Connection as _;

use crate::closing_races::{held as hold, waiting as wait_for};
use crate::company_approver::{CUT_OFF, DAY, booked, company, press};
use crate::imports::HEADER;
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::as_customer;
use crate::support::seed::{unbounded, user_of};
use crate::support::soak::rounds;

on_both_engines!(
    agreeing_meets_a_cancel_of_the_operator,
    agreeing_meets_the_cut_off,
    two_tabs_agree_or_contradict_each_other,
    agreeing_meets_a_closing_branch_and_a_block,
    without_its_approver_what_waits_goes_on_to_the_bank,
    a_booking_meets_the_removal_of_the_approver,
);

const OPTIONS: Options = Options { people: People::Real, dry_run: false, takes_secrets: true };

/// One state, one change into it, and everything given back if it is cancelled; begins anew.
async fn settled(bank: &TestBank, number: &str, what: &str) -> String {
    let of = |sql: &str| sqlx::AssertSqlSafe(sql.replace("NUMBER", &format!("'{number}'")));
    let changes = bank.number(of("SELECT COUNT(*) FROM case_events WHERE case_number = NUMBER AND to_state IS NOT NULL")).await;
    assert_eq!(changes, bank.number(of("SELECT version FROM cases WHERE number = NUMBER")).await, "{what}");
    let mut conn = bank.bank.read().await.expect("a connection");
    let (state,): (String,) =
        conn.fetch_one("SELECT state FROM cases WHERE number = $1", bank::args![number]).await.expect("a case");
    drop(conn);
    let live = i64::from(state != "cancelled");
    let sql = "SELECT COUNT(*) FROM cash_appointments b WHERE b.live AND b.case_number = NUMBER";
    assert_eq!(bank.number(of(sql)).await, live, "{what}: {state}");
    let lost = "SELECT COUNT(*) FROM cash_slots s WHERE s.reserved <> (SELECT COUNT(*) FROM cash_appointments b \
                WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day AND b.slot = s.slot)";
    assert_eq!(bank.number(lost).await, 0, "{what}");
    let clocks = bank.number(of("SELECT COUNT(*) FROM case_clocks WHERE case_number = NUMBER")).await;
    assert_eq!(clocks, i64::from(asked(bank, number).await), "{what}: {state}");
    state
}

/// Whether the bank was asked at some time.
async fn asked(bank: &TestBank, number: &str) -> bool {
    let sql = format!("SELECT COUNT(*) FROM case_events WHERE case_number = '{number}' AND to_state = 'submitted'");
    bank.number(sqlx::AssertSqlSafe(sql)).await > 0
}

async fn held(bank: &TestBank, operator: &Customer) -> String {
    match booked(bank, operator, DAY).await {
        SubmitOutcome::Case { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

/// The operator and the approver of k1, whose quotas do not end.
async fn people(bank: &TestBank) -> [Customer; 2] {
    for name in ["cases_day_max", "cases_open_max", "cash_slot_places"] {
        unbounded(bank, name, "100000").await;
    }
    company(bank).await;
    [as_customer(bank, "k1").await, as_customer(bank, "k1a").await]
}

/// Frees the day for the next round.
async fn clear(bank: &TestBank, operator: &Customer, number: &str) {
    drop(cancel_cash(&bank.bank, operator, number).await);
}

async fn agreeing_meets_a_cancel_of_the_operator(bank: &TestBank) {
    let [operator, approver] = people(bank).await;
    for turn in 0..rounds(100) {
        let number = held(bank, &operator).await;
        let post = press(bank, "company_approve", "");
        let (agreed, cancelled) =
            tokio::join!(answer_for_company(&bank.bank, &approver, &number, &post), cancel_cash(&bank.bank, &operator, &number));
        let what = format!("round {turn}: {agreed:?} {cancelled:?}");
        assert!(cancelled.is_ok(), "a customer's cancellation is never dropped: {what}");
        assert_eq!(settled(bank, &number, &what).await, "cancelled", "{what}");
        let done = matches!(agreed, Ok(SubmitOutcome::Case { .. }));
        assert_eq!(done, asked(bank, &number).await, "{what}");
    }
    assert_eq!(bank.held().await, 0);
}

async fn agreeing_meets_the_cut_off(bank: &TestBank) {
    let [operator, approver] = people(bank).await;
    let mut outcomes = [0; 2];
    for turn in 0..rounds(60) {
        bank.set_time("2026-11-23T10:00:00+08:00");
        let number = held(bank, &operator).await;
        bank.set_time("2026-11-24T14:59:59+08:00");
        let post = press(bank, "company_approve", "");
        let late = async {
            tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(turn % 4).unwrap_or(0))).await;
            bank.set_time(CUT_OFF);
            round(&bank.bank).await.expect("a round")
        };
        let (agreed, _) = tokio::join!(answer_for_company(&bank.bank, &approver, &number, &post), late);
        let what = format!("round {turn}: {agreed:?}");
        let state = settled(bank, &number, &what).await;
        let done = matches!(agreed, Ok(SubmitOutcome::Case { .. }));
        assert_eq!(state, if done { "submitted" } else { "cancelled" }, "{what}");
        outcomes[usize::from(done)] += 1;
        bank.set_time("2026-11-24T14:00:00+08:00");
        clear(bank, &operator, &number).await;
    }
    assert_eq!(outcomes.iter().sum::<usize>(), rounds(60), "{outcomes:?}");
    assert_eq!(bank.held().await, 0);
}

async fn two_tabs_agree_or_contradict_each_other(bank: &TestBank) {
    let [operator, approver] = people(bank).await;
    for turn in 0..rounds(100) {
        let second = if turn % 2 == 0 { "company_approve" } else { "company_refuse" };
        let number = held(bank, &operator).await;
        let posts = [press(bank, "company_approve", ""), press(bank, second, "")];
        let (first, other) = tokio::join!(
            answer_for_company(&bank.bank, &approver, &number, &posts[0]),
            answer_for_company(&bank.bank, &approver, &number, &posts[1])
        );
        let what = format!("round {turn}: {first:?} {other:?}");
        settled(bank, &number, &what).await;
        let answers = format!(
            "SELECT COUNT(*) FROM case_events WHERE case_number = '{number}' AND action IN ('company_approve', 'company_refuse')"
        );
        assert_eq!(bank.number(sqlx::AssertSqlSafe(answers)).await, 1, "{what}");
        let messages = format!("SELECT COUNT(*) FROM outbox WHERE case_number = '{number}' AND kind LIKE 'cash_company%'");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(messages)).await, 1, "{what}");
        if turn % 2 == 0 {
            assert!([&first, &other].iter().all(|told| matches!(told, Ok(SubmitOutcome::Case { .. }))), "{what}");
        }
        clear(bank, &operator, &number).await;
    }
    assert_eq!(bank.held().await, 0);
}

/// A closure or a block stops new bookings. What waits goes on, under its own rules, and the desk marks it.
async fn agreeing_meets_a_closing_branch_and_a_block(bank: &TestBank) {
    let [operator, approver] = people(bank).await;
    let number = held(bank, &operator).await;
    let post = press(bank, "company_approve", "");
    let close = "UPDATE branches SET cash_closed_until = '2026-12-31' WHERE id = 'shiqi'";
    let (agreed, ()) = tokio::join!(answer_for_company(&bank.bank, &approver, &number, &post), bank.change(close));
    assert!(matches!(agreed, Ok(SubmitOutcome::Case { .. })), "{agreed:?}");
    assert_eq!(settled(bank, &number, "a closing branch").await, "submitted");
    clear(bank, &operator, &number).await;
    bank.change("UPDATE branches SET cash_closed_until = NULL").await;
    let number = held(bank, &operator).await;
    // Three missed bookings of the company are recorded in the meantime.
    unbounded(bank, "no_show_count", "1").await;
    bank.change("UPDATE cash_appointments SET no_show_at = 1795400000000 WHERE NOT live").await;
    let done = answer_for_company(&bank.bank, &approver, &number, &press(bank, "company_approve", "")).await;
    assert!(matches!(done, Ok(SubmitOutcome::Case { .. })), "{done:?}");
    assert_eq!(settled(bank, &number, "a block").await, "submitted");
}

/// The row of k1 in a file, with this approver.
async fn imports(bank: &TestBank, approver: &str) {
    let row = format!(
        "k1,company,中山市恒达照明有限公司,,,other,99999999MADEM0C103,13800138000,,中山市古镇镇,yes,yes,no,no,shiqi,何建平,{approver}\n"
    );
    let sheet = read_csv(ImportKind::Customers, format!("{HEADER}{row}").as_bytes()).expect("a sheet");
    match import(&bank.bank, ImportKind::Customers, &sheet.rows, sheet.faults, &OPTIONS, &|_| ()).await {
        Ok(_) => {}
        Err(Rejected::Refused(refusal)) => panic!("{refusal:?}"),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

async fn without_its_approver_what_waits_goes_on_to_the_bank(bank: &TestBank) {
    let [operator, approver] = people(bank).await;
    imports(bank, "欧阳敏,k1a").await;
    let number = held(bank, &operator).await;
    // Another approver: it waits for them.
    imports(bank, "林敏,k1b").await;
    round(&bank.bank).await.expect("a round");
    assert_eq!(settled(bank, &number, "another approver").await, "awaiting_company_approver");
    let left = caller(&bank.bank, approver.session_id(), false).await.expect("a session").caller;
    assert!(matches!(left, Caller::Ended(_)), "who is removed is signed out: {left:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE customer_id = 'customer-k1' AND left_on IS NULL").await, 2);
    // The first one returns, then nobody is left.
    imports(bank, "欧阳敏,k1a").await;
    imports(bank, ",").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE customer_id = 'customer-k1' AND left_on IS NULL").await, 1);
    assert_eq!(settled(bank, &number, "before the worker").await, "awaiting_company_approver");
    round(&bank.bank).await.expect("a round");
    assert_eq!(settled(bank, &number, "without an approver").await, "submitted");
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'company_pass' AND role = 'system'").await, 1);
    clear(bank, &operator, &number).await;
    let next = held(bank, &operator).await;
    assert_eq!(settled(bank, &next, "a company without an approver").await, "submitted");
}

async fn a_booking_meets_the_removal_of_the_approver(bank: &TestBank) {
    for name in ["cases_day_max", "cases_open_max", "cash_slot_places"] {
        unbounded(bank, name, "100000").await;
    }
    user_of(&bank.bank, "k1", "k1a", APPROVER).await;
    let operator = as_customer(bank, "k1").await;
    imports(bank, "欧阳敏,k1a").await;
    for turn in 0..rounds(40) {
        let (made, ()) = tokio::join!(booked(bank, &operator, DAY), imports(bank, ","));
        let SubmitOutcome::Case { number, .. } = made else { panic!("round {turn}: {made:?}") };
        round(&bank.bank).await.expect("a round");
        assert_eq!(settled(bank, &number, &format!("round {turn}")).await, "submitted", "it waits for nobody");
        clear(bank, &operator, &number).await;
        imports(bank, "欧阳敏,k1a").await;
    }
}

/// On SQLite there is one writer at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_waits_for_the_removal_of_the_approver_sees_it() {
    let Some(bank) = TestBank::postgres().await else { return };
    user_of(&bank.bank, "k1", "k1a", APPROVER).await;
    let operator = as_customer(&bank, "k1").await;
    imports(&bank, "欧阳敏,k1a").await;
    let holder = hold(&bank, "UPDATE customers SET number = number WHERE id = 'customer-k1'").await;
    let removed_first = async {
        wait_for(&bank, 1).await;
        let let_go = async {
            wait_for(&bank, 2).await;
            holder.close().await.expect("rolled back");
        };
        tokio::join!(booked(&bank, &operator, DAY), let_go).0
    };
    let ((), made) = tokio::join!(imports(&bank, ","), removed_first);
    let SubmitOutcome::Case { number, .. } = made else { panic!("{made:?}") };
    round(&bank.bank).await.expect("a round");
    assert_eq!(settled(&bank, &number, "after the removal").await, "submitted", "it waits for nobody");
    bank.drop_database().await;
}
