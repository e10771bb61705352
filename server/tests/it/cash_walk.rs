//! Random walks over the state table (promise 3). After every step by customers, staff or system, reserved capacity equals
//! what live bookings hold, per slot, cash total and note, and total capacity equals the initial capacity minus what was
//! paid out. At the end history holds only the transitions of the table, and all of them. The table here is written from
//! docs/domain.md §3, independently of the code.

use std::collections::BTreeSet;

use bank::appointments::cash::{CashAction, MOVES, Notes, book_cash, cancel_cash, move_cash, paid_field};
use bank::cases::{ACCEPT, INTERNAL_REASON, REASON, REJECT, answer_proposal};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Post, Refusal, SubmitOutcome, Values, fresh_key};
use bank::sessions::{Customer, CustomerKind, Staff};

use crate::on_both_engines;
use crate::support::capacity::discrepancies;
pub use crate::support::capacity::reserved_wrongly;
use crate::support::dice::Dice;
use crate::support::kinds::{act_as_staff as act, as_customer, as_staff};
use crate::support::seed::{BRANCH, OTHER_BRANCH, customer, parameter};
use crate::support::{TestBank, pairs, soak};

/// Maximum length of a walk, by which it must have taken every transition of the table.
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
    ("submitted", "move", "submitted"),
    ("confirmed", "move", "submitted"),
    ("awaiting_approval", "move", "submitted"),
    ("submitted", "propose", "proposed"),
    ("confirmed", "propose", "proposed"),
    ("proposed", "accept", "confirmed"),
    ("proposed", "accept", "awaiting_approval"),
    ("proposed", "reject", "submitted"),
    ("proposed", "reject", "confirmed"),
    ("proposed", "lapse", "submitted"),
    ("proposed", "lapse", "confirmed"),
    ("proposed", "move", "submitted"),
    ("proposed", "cancel", "cancelled"),
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
    ("confirmed", "branch_closed", "cancelled"),
    ("prepared", "branch_closed", "cancelled"),
];

/// Whether an action ends a proposal without accepting it.
fn leads_back(action: &str) -> bool {
    [REJECT, "lapse"].contains(&action)
}

/// A transition: from, action, to.
type Way = (String, String, String);

/// The transitions found in history.
async fn ways_gone(bank: &TestBank) -> BTreeSet<Way> {
    let sql = "SELECT DISTINCT COALESCE(from_state, ''), action, to_state FROM case_events WHERE to_state IS NOT NULL";
    bank.bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("history").into_iter().collect()
}

/// Mostly cases that can still change, and a few that cannot.
async fn numbers(bank: &TestBank) -> Vec<(String, i64, String)> {
    let sql = "SELECT number, version, customer_id FROM cases \
               ORDER BY CASE WHEN acts_at IS NOT NULL OR state = 'arrived' THEN 0 ELSE 1 END, created_at DESC, number LIMIT 12";
    bank.bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("cases")
}

/// A walk in progress.
struct Walk<'w> {
    bank: &'w TestBank,
    dice: Dice,
    customers: Vec<Customer>,
    staff: [Staff; 3],
    /// How often a pay-out above the booked notes was refused.
    too_much: usize,
    /// How often a part of the booked notes was paid.
    parts: usize,
}

async fn what_is_reserved_is_what_live_bookings_hold(bank: &TestBank) {
    parameter(&bank.bank, "cash_slot_places", "2").await;
    parameter(&bank.bank, "cash_stock_100", "9000").await;
    parameter(&bank.bank, "no_show_count", "1000").await;
    for (quota, most) in [("cases_open_max", "100000"), ("cases_day_max", "100000"), ("cash_open_max", "1000000000")] {
        parameter(&bank.bank, quota, most).await;
    }
    let mut customers = Vec::new();
    for number in 0..12 {
        let name = format!("w{number}");
        customer(&bank.bank, &name, CustomerKind::Personal).await;
        customers.push(as_customer(bank, &name).await);
    }
    let staff = [as_staff(bank, "clerk").await, as_staff(bank, "colleague").await, as_staff(bank, "head").await];
    let mut walk = Walk { bank, dice: Dice::new(soak::seed(20_261_123)), customers, staff, too_much: 0, parts: 0 };
    let table: BTreeSet<Way> = TABLE.iter().map(|(from, action, to)| ((*from).into(), (*action).into(), (*to).into())).collect();
    let mut ahead: Vec<Way> = table.iter().cloned().collect();
    let at_least = soak::rounds(500);
    for step in 0..STEPS_AT_MOST {
        walk.step(&ahead).await;
        let found = discrepancies(bank).await;
        assert!(found.is_empty(), "after step {step}: {found:?}");
        if step % 10 == 9 {
            let gone = ways_gone(bank).await;
            let illegal: Vec<_> = gone.difference(&table).collect();
            assert!(illegal.is_empty(), "stored though the table does not allow it: {illegal:?}");
            ahead = table.difference(&gone).cloned().collect();
            let all_gone = ahead.is_empty();
            if walk.too_much == 0 || walk.parts == 0 {
                // The counter has work for a part of a day only, so the walk steers to it until it has paid.
                ahead.extend(table.iter().filter(|(_, action, _)| action == "arrive" || action == "complete").cloned());
            }
            if step >= at_least && all_gone && walk.too_much > 0 && walk.parts > 0 {
                ahead.clear();
                break;
            }
        }
    }
    assert!(ahead.is_empty(), "ways of the table nobody went: {ahead:?}");
    assert!(walk.too_much > 0, "nobody tried to pay more than was booked");
    assert!(walk.parts > 0, "nobody paid a part");
}

impl Walk<'_> {
    /// One step: an action of somebody, or time passes. `ahead` holds the transitions not taken yet.
    async fn step(&mut self, ahead: &[Way]) {
        match self.dice.roll(28) {
            0..=4 => self.book().await,
            5..=16 => self.act().await,
            17 => self.cancel().await,
            18 | 19 => self.move_one().await,
            26 | 27 => self.answer_one().await,
            20 | 21 => {
                let minutes = i64::try_from(self.dice.roll(150)).expect("minutes");
                self.wait(minutes).await;
            }
            _ if ahead.is_empty() => self.act().await,
            _ => {
                let way = self.dice.pick(ahead).clone();
                self.go(&way).await;
            }
        }
    }

    async fn wait(&self, minutes: i64) {
        self.bank.pass_minutes(minutes);
        bank::worker::round(&self.bank.bank).await.expect("a round");
    }

    async fn book(&mut self) {
        let customer = self.dice.pick(&self.customers).clone();
        let post = Post::first(fresh_key(&self.bank.bank).expect("a key"), Values(self.wish(&customer)));
        let booking = book_cash(&self.bank.bank, &customer, &post).await.expect("no failure");
        assert!(matches!(booking, SubmitOutcome::Case { same: true, .. } | SubmitOutcome::Refused(_)), "{booking:?}");
    }

    /// Its customer moves a booking somewhere, perhaps where it is.
    async fn move_one(&mut self) {
        let cases = numbers(self.bank).await;
        if !cases.is_empty() {
            let (number, ..) = self.dice.pick(&cases).clone();
            self.move_it(&number).await;
        }
    }

    async fn move_it(&mut self, number: &str) {
        let sql = "SELECT customer_id, moves FROM cash_appointments WHERE case_number = $1";
        let mut conn = self.bank.bank.read().await.expect("a connection");
        let (owner, moves): (String, i64) = conn.fetch_one(sql, bank::args![number]).await.expect("a booking");
        drop(conn);
        let customer = self.customers.iter().find(|customer| customer.customer_id() == owner).expect("a customer").clone();
        let mut values = Values(self.wish(&customer));
        // Sometimes from a page that showed it before another move.
        values.set(MOVES, (moves - i64::from(self.dice.roll(8) == 0)).to_string());
        let post = Post::first(fresh_key(&self.bank.bank).expect("a key"), values);
        let told = move_cash(&self.bank.bank, &customer, number, &post).await.expect("no failure");
        assert!(matches!(told, SubmitOutcome::Case { same: true, .. } | SubmitOutcome::Refused(_)), "{told:?}");
    }

    /// A customer answers what is proposed, if anything is.
    async fn answer_one(&mut self) {
        let cases = numbers(self.bank).await;
        if !cases.is_empty() {
            let (number, version, _) = self.dice.pick(&cases).clone();
            let action = *self.dice.pick(&[ACCEPT, REJECT]);
            // Sometimes from a page that showed it as it was before.
            let seen = version - i64::from(self.dice.roll(8) == 0);
            self.answer_it(&number, seen, action).await;
        }
    }

    async fn answer_it(&self, number: &str, seen: i64, action: &str) {
        for customer in &self.customers {
            match answer_proposal(&self.bank.bank, customer, number, action, seen).await {
                Ok(()) | Err(Rejected::Refused(_)) => {}
                Err(Rejected::Unexpected(failure)) => panic!("{number} {action}: {failure}"),
            }
        }
    }

    /// The fields of some booking of a customer.
    fn wish(&mut self, customer: &Customer) -> Vec<(String, String)> {
        let dice = &mut self.dice;
        let account = format!("acc-{}", customer.customer_id().trim_start_matches("customer-"));
        let ahead = i64::try_from(dice.roll(9)).expect("days");
        let day = self.bank.bank.now().plus_days(ahead).day().to_string();
        let slot = *dice.pick(&["09:00", "10:00", "14:00", "16:00"]);
        let (amount, hundreds, twenties) =
            *dice.pick(&[("50000", "500", "0"), ("70000", "600", "500"), ("600000", "6000", "0"), ("200000", "", "")]);
        let branch = *dice.pick(&[BRANCH, OTHER_BRANCH]);
        let mut fields = pairs(&[("branch", branch), ("day", &day), ("slot", slot), ("account", &account), ("amount", amount)]);
        fields.extend(pairs(&[("collector", "self"), ("purpose", "居住"), ("phone", "13800138000")]));
        fields.extend(if hundreds.is_empty() {
            pairs(&[("any_notes", "on")])
        } else {
            pairs(&[("any_notes", "own"), ("notes_100", hundreds), ("notes_20", twenties)])
        });
        fields
    }

    /// A random staff member tries a random action on a random case.
    async fn act(&mut self) {
        let cases = numbers(self.bank).await;
        if cases.is_empty() {
            return;
        }
        let (number, version, _) = self.dice.pick(&cases).clone();
        // Sometimes from an outdated page.
        let version = version - i64::from(self.dice.roll(8) == 0);
        let action = *self.dice.pick(&CashAction::ALL);
        let reason = self.dice.roll(4) > 0;
        let staff = self.dice.roll(3);
        self.do_it(&number, version, action, reason, staff).await;
    }

    /// The cases from which a transition can start.
    async fn starts(&self, (from, action, to): &Way) -> Vec<(String, i64, i64)> {
        // The staff work at one branch; only large amounts need an approval.
        let least = if to == "awaiting_approval" { 50_000_000 } else { 0 };
        // A proposal that is not accepted leads back to the state before.
        let back = if leads_back(action) { to.as_str() } else { "" };
        let sql = "SELECT k.number, k.version, COALESCE(k.acts_at, 0) FROM cases k WHERE k.state = $1 AND k.branch_id = $2 \
                   AND k.amount >= $3 AND ($4 = '' OR EXISTS (SELECT 1 FROM case_proposals p WHERE p.case_number = k.number \
                   AND p.from_state = $4)) ORDER BY k.created_at DESC, k.number LIMIT 12";
        let mut conn = self.bank.bank.read().await.expect("a connection");
        conn.fetch_all(sql, bank::args![from, BRANCH, least, back]).await.expect("cases")
    }

    /// Tries a certain transition on a case that is in its first state, or one towards it.
    async fn go(&mut self, wanted: &Way) {
        let (mut way, mut passed) = (wanted.clone(), BTreeSet::new());
        let cases = loop {
            let cases = self.starts(&way).await;
            if !cases.is_empty() {
                break cases;
            }
            let (from, action, to) = &way;
            passed.insert(from.clone());
            let towards = |earlier: &str| {
                let is_on_the_way = if leads_back(action) { earlier == to } else { earlier != to };
                !earlier.is_empty() && !passed.contains(earlier) && is_on_the_way
            };
            match TABLE.iter().find(|(earlier, _, reached)| reached == from && towards(earlier)) {
                Some((earlier, action, reached)) => way = ((*earlier).into(), (*action).into(), (*reached).into()),
                None => return self.book().await,
            }
        };
        let (_, action, _) = &way;
        let (number, version, acts_at) = self.dice.pick(&cases).clone();
        if ["time_out", "no_show", "lapse"].contains(&action.as_str()) {
            // The system acts on it only when its time has come.
            let minutes = (acts_at - self.bank.bank.now().0) / 60_000 + 1;
            self.wait(minutes.max(0)).await;
        } else if action == "branch_closed" {
            // The vault closes for a while, beyond the booked day.
            let vault = "UPDATE branches SET cash_closed_until = ";
            self.bank.change(&format!("{vault}'2099-01-01'")).await;
            let minutes = (acts_at - self.bank.bank.now().0) / 60_000 + 1;
            self.wait(minutes.max(0)).await;
            self.bank.change(&format!("{vault}NULL")).await;
        } else if action == "move" {
            self.move_it(&number).await;
        } else if [ACCEPT, REJECT].contains(&action.as_str()) {
            self.answer_it(&number, version, action).await;
        } else if let Some(action) = CashAction::parse(action) {
            // Whoever confirmed does not approve.
            let staff = match action {
                CashAction::Confirm => 0,
                CashAction::Approve => 2,
                _ => self.dice.roll(3),
            };
            self.do_it(&number, version, action, true, staff).await;
        }
    }

    async fn do_it(&mut self, number: &str, version: i64, action: CashAction, reason: bool, staff: usize) {
        let booked = booked(self.bank, number).await;
        let paid = self.paid(&booked);
        let too_much = action == CashAction::Complete && paid.is_some_and(|paid| !paid.fit(&booked));
        let mut posted = pairs(&[("collector", "self"), ("id_checked", "resident_id")]);
        posted.extend(
            [REASON, INTERNAL_REASON].into_iter().filter(|_| reason).map(|field| (field.to_owned(), "库存调整".to_owned())),
        );
        if action == CashAction::Propose {
            let ahead = i64::try_from(self.dice.roll(7)).expect("days");
            let day = self.bank.bank.now().plus_days(ahead).day().to_string();
            let (branch, slot) =
                (*self.dice.pick(&[BRANCH, BRANCH, OTHER_BRANCH]), *self.dice.pick(&["09:00", "10:00", "14:00"]));
            posted.extend(pairs(&[("branch", branch), ("day", &day), ("slot", slot)]));
        }
        for (note, count) in paid.iter().flat_map(Notes::iter) {
            posted.push((paid_field(note.yuan()).to_owned(), count.to_string()));
        }
        match act(&self.bank.bank, &self.staff[staff], number, action.code(), version, &Values(posted)).await {
            Ok(()) => {
                assert!(!too_much, "{number}: paid more than was booked");
                let part = paid.is_some_and(|paid| paid != booked);
                self.parts += usize::from(action == CashAction::Complete && part);
            }
            Err(Rejected::Refused(refusals)) if refusals.iter().all(|refusal| refusal.code() == "paid_too_much") => {
                assert!(too_much, "{number}: {refusals:?}");
                self.too_much += 1;
            }
            Err(Rejected::Refused(_)) => {}
            Err(Rejected::Unexpected(failure)) => panic!("{number} {action:?}: {failure}"),
        }
    }

    /// The notes to pay: all booked ones, a part of each (possibly none), sometimes one too many.
    fn paid(&mut self, booked: &Notes) -> Option<Notes> {
        let mut counts = booked.0;
        match self.dice.roll(8) {
            0 => return None,
            1 | 2 => *self.dice.pick_mut(&mut counts) += 1,
            _ => {
                for count in &mut counts {
                    let most = usize::try_from(*count).expect("a count");
                    *count = i64::try_from(self.dice.roll(most + 1)).expect("a count");
                }
            }
        }
        Some(Notes(counts))
    }

    async fn cancel(&mut self) {
        let cases = numbers(self.bank).await;
        if cases.is_empty() {
            return;
        }
        let (number, _, owner) = self.dice.pick(&cases).clone();
        for customer in self.customers.iter().filter(|customer| customer.customer_id() == owner) {
            match cancel_cash(&self.bank.bank, customer, &number).await {
                Ok(()) | Err(Rejected::Refused(_)) => {}
                Err(Rejected::Unexpected(failure)) => panic!("{number}: {failure}"),
            }
        }
    }
}

/// The booked notes of a case.
async fn booked(bank: &TestBank, number: &str) -> Notes {
    let sql = "SELECT notes_100, notes_50, notes_20, notes_10, notes_5, notes_1 FROM cash_appointments WHERE case_number = $1";
    let mut conn = bank.bank.read().await.expect("a connection");
    let (n100, n50, n20, n10, n5, n1): (i64, i64, i64, i64, i64, i64) =
        conn.fetch_one(sql, bank::args![number]).await.expect("a booking");
    Notes([n100, n50, n20, n10, n5, n1])
}

on_both_engines!(what_is_reserved_is_what_live_bookings_hold);
