//! Random walks over the table of states (promise 3): whatever customers, staff and the system do, what is reserved is
//! what the live bookings hold, per slot, cash total and note, after every step; and history holds only changes the
//! table allows. The table here is written from domain.md section 3, apart from the code.

use std::collections::BTreeSet;

use bank::appointments::cash::{Booking, CashAct, CashAction, act_on_cash, book_cash, cancel_cash};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Values, fresh_key};
use bank::sessions::{Caller, Customer, CustomerKind, Staff, caller, sign_in};

use crate::on_both_engines;
use crate::support::seed::{BRANCH, OTHER_BRANCH, PASSWORD, customer, parameter};
use crate::support::{TestBank, pairs};

/// A walk goes on until it has gone this many of the table's ways.
const LINES: usize = 17;

/// The shortest walk.
const STEPS_AT_LEAST: usize = 500;

/// The longest.
const STEPS_AT_MOST: usize = 4_000;

/// from, action, to.
const TABLE: &[(&str, &str, &str)] = &[
    ("", "submit", "submitted"),
    ("submitted", "confirm", "confirmed"),
    ("submitted", "confirm", "awaiting_approval"),
    ("awaiting_approval", "approve", "confirmed"),
    ("awaiting_approval", "refuse", "submitted"),
    ("submitted", "cancel", "cancelled"),
    ("confirmed", "cancel", "cancelled"),
    ("awaiting_approval", "cancel", "cancelled"),
    ("prepared", "cancel", "cancelled"),
    ("arrived", "cancel", "cancelled"),
    ("submitted", "decline", "declined"),
    ("awaiting_approval", "decline", "declined"),
    ("submitted", "time_out", "timed_out"),
    ("awaiting_approval", "time_out", "timed_out"),
    ("confirmed", "prepare", "prepared"),
    ("confirmed", "arrive", "arrived"),
    ("prepared", "arrive", "arrived"),
    ("arrived", "complete", "completed"),
    ("confirmed", "no_show", "no_show"),
    ("prepared", "no_show", "no_show"),
];

/// A small random source with a seed: a walk that fails can be walked again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn pick<'p, T>(&mut self, from: &'p [T]) -> &'p T {
        &from[self.roll(from.len())]
    }
}

async fn signed_in(bank: &TestBank, name: &str) -> Caller {
    let signed_in = sign_in(&bank.bank, name, PASSWORD.to_owned(), "test").await.expect("signed in");
    caller(&bank.bank, &signed_in.session_id).await.expect("a session").caller
}

async fn as_staff(bank: &TestBank, name: &str) -> Staff {
    let Caller::Staff(staff) = signed_in(bank, name).await else { panic!("{name} is no staff") };
    staff
}

async fn as_customer(bank: &TestBank, name: &str) -> Customer {
    let Caller::Customer(customer) = signed_in(bank, name).await else { panic!("{name} is no customer") };
    customer
}

/// What the database holds beside what it should hold; empty when all is well.
async fn discrepancies(bank: &TestBank) -> Vec<String> {
    let mut conn = bank.bank.read().await.expect("a connection");
    let slots = "SELECT s.branch_id || ' ' || s.day || ' ' || s.slot AS what FROM cash_slots s WHERE s.reserved <> \
                 (SELECT COUNT(*) FROM cash_appointments b WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day AND b.slot = s.slot)";
    let totals = "SELECT s.branch_id || ' ' || s.day || ' total' AS what FROM cash_totals s WHERE s.reserved <> \
                  (SELECT COALESCE(CAST(SUM(b.amount) AS BIGINT), 0) FROM cash_appointments b \
                  WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day)";
    let notes = "SELECT s.branch_id || ' ' || s.day || ' notes ' || CAST(s.denomination AS TEXT) AS what FROM cash_notes s WHERE s.reserved <> \
                 (SELECT COALESCE(CAST(SUM(CASE s.denomination WHEN 100 THEN b.notes_100 WHEN 50 THEN b.notes_50 WHEN 20 THEN b.notes_20 \
                 WHEN 10 THEN b.notes_10 WHEN 5 THEN b.notes_5 ELSE b.notes_1 END) AS BIGINT), 0) FROM cash_appointments b \
                 WHERE b.live AND b.branch_id = s.branch_id AND b.day = s.day)";
    let missing = "SELECT 'no row for ' || b.case_number AS what FROM cash_appointments b WHERE b.live AND NOT EXISTS \
                   (SELECT 1 FROM cash_slots s WHERE s.branch_id = b.branch_id AND s.day = b.day AND s.slot = b.slot)";
    let live = "SELECT 'live is wrong for ' || b.case_number AS what FROM cash_appointments b JOIN cases k ON k.number = b.case_number \
                WHERE b.live <> (k.state IN ('submitted', 'awaiting_approval', 'confirmed', 'prepared', 'arrived'))";
    let mut found = Vec::new();
    for sql in [slots, totals, notes, missing, live] {
        let rows: Vec<(String,)> = conn.fetch_all(sql, Vec::new()).await.expect("rows");
        found.extend(rows.into_iter().map(|(what,)| what));
    }
    found
}

async fn changes(bank: &TestBank) -> BTreeSet<(String, String, String)> {
    let sql = "SELECT DISTINCT COALESCE(from_state, ''), action, to_state FROM case_history";
    bank.bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("history").into_iter().collect()
}

/// Mostly cases that can still change, and a few that cannot.
async fn numbers(bank: &TestBank) -> Vec<(String, i64, String)> {
    let sql = "SELECT number, version, customer_id FROM cases \
               ORDER BY CASE WHEN acts_at IS NOT NULL OR state = 'arrived' THEN 0 ELSE 1 END, created_at DESC, number LIMIT 12";
    bank.bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("cases")
}

async fn what_is_reserved_is_what_live_bookings_hold(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "2").await;
    parameter(&bank.bank, "cash_stock_100", "9000").await;
    parameter(&bank.bank, "no_show_count", "1000").await;
    let mut customers = Vec::new();
    for number in 0..12 {
        let name = format!("w{number}");
        customer(&bank.bank, &name, CustomerKind::Personal).await;
        customers.push(as_customer(bank, &name).await);
    }
    let staff = [as_staff(bank, "clerk").await, as_staff(bank, "clerk2").await, as_staff(bank, "head").await];
    let mut dice = Dice(20_261_123);
    let mut seen = BTreeSet::new();
    for step in 0..STEPS_AT_MOST {
        match dice.roll(20) {
            0..=4 => book(bank, &mut dice, &customers).await,
            5..=16 => act(bank, &mut dice, &staff).await,
            17 => cancel(bank, &mut dice, &customers).await,
            _ => {
                bank.pass_minutes(i64::try_from(dice.roll(150)).expect("minutes"));
                bank::worker::round(&bank.bank).await.expect("a round");
            }
        }
        let found = discrepancies(bank).await;
        assert!(found.is_empty(), "after step {step}: {found:?}");
        if step % 50 == 49 {
            seen = changes(bank).await;
            if step >= STEPS_AT_LEAST && seen.len() >= LINES {
                break;
            }
        }
    }
    let allowed: BTreeSet<_> = TABLE.iter().map(|(from, action, to)| ((*from).into(), (*action).into(), (*to).into())).collect();
    let illegal: Vec<_> = seen.difference(&allowed).collect();
    assert!(illegal.is_empty(), "stored though the table does not allow it: {illegal:?}");
    assert!(seen.len() >= LINES, "the walk went too few ways: {seen:?}");
}

async fn book(bank: &TestBank, dice: &mut Dice, customers: &[Customer]) {
    let customer = dice.pick(customers);
    let account = format!("acc-{}", customer.customer_id().trim_start_matches("customer-"));
    let ahead = i64::try_from(dice.roll(9)).expect("days");
    let day = bank.bank.now().plus_days(ahead).day().to_string();
    let slot = *dice.pick(&["09:00", "10:00", "14:00", "16:00"]);
    let (amount, hundreds, twenties) =
        *dice.pick(&[("50000", "500", "0"), ("70000", "600", "500"), ("600000", "6000", "0"), ("200000", "", "")]);
    let branch = *dice.pick(&[BRANCH, OTHER_BRANCH]);
    let mut fields = pairs(&[("branch", branch), ("day", &day), ("slot", slot), ("account", &account), ("amount", amount)]);
    fields.extend(pairs(&[("collector", "self"), ("purpose", "居住"), ("phone", "13800138000")]));
    fields.extend(if hundreds.is_empty() {
        pairs(&[("any_notes", "on")])
    } else {
        pairs(&[("notes_100", hundreds), ("notes_20", twenties)])
    });
    let key = fresh_key(&bank.bank).expect("a key");
    let booking = book_cash(&bank.bank, customer, &key, 0, &Values(fields)).await.expect("no failure");
    assert!(matches!(booking, Booking::Case { same: true, .. } | Booking::Refused(_)), "{booking:?}");
}

async fn act(bank: &TestBank, dice: &mut Dice, staff: &[Staff]) {
    let cases = numbers(bank).await;
    if cases.is_empty() {
        return;
    }
    let (number, version, _) = dice.pick(&cases).clone();
    // Now and then from a page that is out of date.
    let version = version - i64::from(dice.roll(8) == 0);
    let act = CashAct {
        number,
        version,
        action: *dice.pick(&CashAction::ALL),
        reason: Some("库存调整".to_owned()).filter(|_| dice.roll(4) > 0),
        offered_day: None,
        id_checked: Some("身份证".to_owned()),
        paid: None,
        purpose: None,
    };
    match act_on_cash(&bank.bank, dice.pick(staff), &act).await {
        Ok(()) | Err(Rejected::Refused(_)) => {}
        Err(Rejected::Unexpected(failure)) => panic!("{act:?}: {failure}"),
    }
}

async fn cancel(bank: &TestBank, dice: &mut Dice, customers: &[Customer]) {
    let cases = numbers(bank).await;
    if cases.is_empty() {
        return;
    }
    let (number, _, owner) = dice.pick(&cases).clone();
    for customer in customers.iter().filter(|customer| customer.customer_id() == owner) {
        match cancel_cash(&bank.bank, customer, &number).await {
            Ok(()) | Err(Rejected::Refused(_)) => {}
            Err(Rejected::Unexpected(failure)) => panic!("{number}: {failure}"),
        }
    }
}

on_both_engines!(what_is_reserved_is_what_live_bookings_hold);
