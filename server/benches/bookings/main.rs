//! Bookings per second (`make bench`): 16 clients book over HTTP, each in its own slot. For comparison the statements of the
//! same transaction run bare, by the same driver on the same connections. Both engines are measured.
//!
//! Times depend on the machine, so nothing is asserted; `scripts/bench.mjs` prints the results.

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/mod.rs"]
mod support;

mod bare;
mod capture;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::bank::branches::{Branch, NewBranch, insert_branch, reference};
use ::bank::kernel::failure::Rejected;
use ::bank::kernel::time::Time;
use ::bank::sessions::CustomerKind;
use scoped_futures::ScopedFutureExt;
use support::{Answer, Browser, TestBank, seed};
use tokio::sync::Mutex;

/// Number of concurrent clients.
const CLIENTS: usize = 16;

/// Bookings of each client per run.
const EACH: usize = 60;

/// Number of branches; with the hours of a day there are at least as many slots as clients.
const BRANCHES: usize = 8;

/// The slot a client books.
#[derive(Clone, Debug)]
struct Slot {
    branch: String,
    day: &'static str,
    slot: Time,
}

/// A run: its name and the slot of each client.
struct Run {
    name: &'static str,
    slot: fn(usize) -> Slot,
}

/// Eight branches, two slots each.
fn spread(client: usize, day: &'static str) -> Slot {
    Slot { branch: branch_id(client % BRANCHES), day, slot: hour(client / BRANCHES) }
}

/// One branch, all slots of two of its days: bookings of a day wait for the row locks of its cash and notes.
fn crowded(client: usize, days: [&'static str; 2]) -> Slot {
    Slot { branch: branch_id(0), day: days[client / 8], slot: hour(client % 8) }
}

// A customer may book once per day, so every run uses its own days. Today is Monday the 23rd.
const SPREAD: Run = Run { name: "8 branches", slot: |client| spread(client, "2026-11-24") };
const SPREAD_BARE: Run = Run { name: "  the SQL, bare", slot: |client| spread(client, "2026-11-25") };
const CROWDED: Run = Run { name: "1 branch", slot: |client| crowded(client, ["2026-11-26", "2026-11-27"]) };
const CROWDED_BARE: Run = Run { name: "  the SQL, bare", slot: |client| crowded(client, ["2026-11-27", "2026-11-30"]) };

fn branch_id(number: usize) -> String {
    if number == 0 { seed::BRANCH.to_owned() } else { format!("branch{number}") }
}

fn hour(slot: usize) -> Time {
    Time::constant(9 + i8::try_from(slot).unwrap_or_default(), 0, 0, 0)
}

fn customer(client: usize, turn: usize) -> String {
    format!("b{client:02}x{turn:03}")
}

/// Inserts another branch like the first.
async fn another_branch(bank: &TestBank, number: usize) {
    let reference = reference(&bank.bank).await.expect("the bank's reference");
    let first = reference.branch(seed::BRANCH).expect("the first branch").clone();
    let position = 2 + i64::try_from(number).unwrap_or_default();
    let new = NewBranch { branch: Branch { id: branch_id(number), ..first }, position };
    bank.bank
        .write::<_, std::convert::Infallible, _>("another_branch", |tx| {
            let new = &new;
            async move { Ok(insert_branch(tx, new).await?) }.scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)
        .expect("a branch");
}

/// Signs the customers in and provides more capacity than they can use.
async fn prepare(bank: &TestBank) -> Vec<Vec<String>> {
    for number in 1..BRANCHES {
        another_branch(bank, number).await;
    }
    for (name, value) in [("cash_slot_places", "100000"), ("cash_day_total", "10000000000000"), ("cash_stock_100", "1000000000")]
    {
        seed::parameter(&bank.bank, name, value).await;
    }
    let mut sessions = Vec::new();
    for client in 0..CLIENTS {
        let mut cookies = Vec::new();
        for turn in 0..EACH {
            let name = customer(client, turn);
            seed::customer(&bank.bank, &name, CustomerKind::Personal).await;
            cookies.push(sign_in(bank, &name).await);
        }
        sessions.push(cookies);
    }
    sessions
}

/// Signs a customer in and returns the session cookie, for a client that books for several customers.
async fn sign_in(bank: &TestBank, name: &str) -> String {
    let answer = bank.browser().await.try_sign_in(name, seed::PASSWORD).await;
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let mut sessions = cookies.filter(|cookie| cookie.starts_with("lobby="));
    sessions.next().and_then(|cookie| cookie.split(';').next()).expect("a session").to_owned()
}

/// Sends one booking as the check page's button does, with all fields in one form.
async fn book(browser: &Browser, name: &str, cookie: &str, place: &Slot) -> Answer {
    let slot = place.slot.strftime("%H:%M").to_string();
    let key = format!("{}{name}{:0>20}", slot.replace(':', ""), place.day.replace('-', ""));
    let account = format!("acc-{name}");
    let fields = [
        ("key", key.as_str()),
        ("version", "0"),
        ("do", "book"),
        ("branch", &place.branch),
        ("day", place.day),
        ("slot", &slot),
        ("account", &account),
        ("amount", "50000"),
        ("notes_100", "500"),
        ("collector", "self"),
    ];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let answer = browser.send(support::cash::NEW, &[("cookie", cookie)], Some(&body)).await;
    let booked = answer.location.as_deref().is_some_and(|to| to.starts_with("/appointments/QK"));
    assert!(booked, "{name} was not booked: {} {:?}", answer.status, answer.location);
    answer
}

/// Duration of each booking of a run, and of the whole run.
struct Times {
    each: Vec<Duration>,
    whole: Duration,
}

impl Times {
    fn print(mut self, name: &str) {
        self.each.sort_unstable();
        let last = self.each.len() - 1;
        let at = |percent: usize| self.each[last * percent / 100].as_secs_f64() * 1_000.0;
        let bookings = u32::try_from(self.each.len()).map_or(f64::NAN, f64::from);
        let rate = bookings / self.whole.as_secs_f64();
        println!("  {name:<20} {rate:>7.0} /s   p50 {:>6.2} ms   p95 {:>6.2} ms   p99 {:>6.2} ms", at(50), at(95), at(99));
    }
}

/// Runs all clients concurrently; each does its bookings one after another.
async fn measure<F>(booking: impl Fn(usize, usize) -> F) -> Times
where
    F: Future<Output = ()> + Send + 'static,
{
    let each = Arc::new(Mutex::new(Vec::new()));
    let clients: Vec<Vec<F>> = (0..CLIENTS).map(|client| (0..EACH).map(|turn| booking(client, turn)).collect()).collect();
    let began = Instant::now();
    let running: Vec<_> = clients
        .into_iter()
        .map(|bookings| {
            let each = each.clone();
            tokio::spawn(async move {
                for booking in bookings {
                    let began = Instant::now();
                    booking.await;
                    let took = began.elapsed();
                    each.lock().await.push(took);
                }
            })
        })
        .collect();
    for client in running {
        client.await.expect("a client that booked");
    }
    let whole = began.elapsed();
    let each = std::mem::take(&mut *each.lock().await);
    Times { each, whole }
}

async fn over_http(bank: &TestBank, sessions: &[Vec<String>], run: &Run) {
    let mut browsers = Vec::new();
    for _ in 0..CLIENTS {
        browsers.push(bank.browser().await);
    }
    let before = bank.bank.db().counted();
    let times = measure(|client, turn| {
        let (browser, cookie) = (browsers[client].clone(), sessions[client][turn].clone());
        let (name, slot) = (customer(client, turn), (run.slot)(client));
        async move { drop(book(&browser, &name, &cookie, &slot).await) }
    })
    .await;
    let after = bank.bank.db().counted();
    let trips = (after.reads + after.writes - before.reads - before.writes) / (CLIENTS * EACH) as u64;
    times.print(run.name);
    println!("  {:<20} {trips:>7} round trips a booking, the page's reads included", "");
}

async fn without_us(bank: &TestBank, statements: &Arc<[String]>, run: &Run) {
    let times = measure(|client, turn| {
        let (db, statements) = (bank.bank.db().clone(), statements.clone());
        let booking = bare::Booking::new(&bank.bank, &customer(client, turn), &(run.slot)(client));
        async move { bare::run(&db, &statements, &booking).await }
    })
    .await;
    times.print(run.name);
}

async fn engine(name: &str, bank: &TestBank, captured: &capture::Statements) {
    println!("  == {name}, {CLIENTS} clients, {} bookings a run", CLIENTS * EACH);
    let sessions = prepare(bank).await;

    // One booking that is not measured provides the statements.
    captured.forget();
    let first = "first";
    seed::customer(&bank.bank, first, CustomerKind::Personal).await;
    let cookie = sign_in(bank, first).await;
    book(&bank.browser().await, first, &cookie, &(SPREAD.slot)(0)).await;
    let statements: Arc<[String]> = captured.transaction().into();

    over_http(bank, &sessions, &SPREAD).await;
    without_us(bank, &statements, &SPREAD_BARE).await;
    over_http(bank, &sessions, &CROWDED).await;
    without_us(bank, &statements, &CROWDED_BARE).await;
    println!("  {:<20} {:>7} round trips a transaction, BEGIN and COMMIT included", "", statements.len() + 2);
}

fn main() {
    let captured = capture::install();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        engine("SQLite", &TestBank::sqlite().await, &captured).await;
        if let Some(bank) = TestBank::postgres().await {
            engine("PostgreSQL", &bank, &captured).await;
            bank.drop_database().await;
        }
    });
}
