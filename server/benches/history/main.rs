//! The desk with a history (`make bench`): every filter, its first page and one from the middle, on a demo bank with ten thousand
//! cases and with a million, one client at a time and sixteen at once, with a customer's page beside them; then what the worker
//! does in a minute. Both engines are measured.
//!
//! Times depend on the machine, so nothing is asserted. `LOBBY_BENCH_CASES` sets the larger number of cases.

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ::bank::kernel::database::Engine;
use server::commands::demo;
use server::worker::Worker;
use sqlx::AssertSqlSafe;
use support::{Browser, TestBank};

/// Cases of the small history.
const FEW: u32 = 10_000;

/// Concurrent clients.
const CLIENTS: usize = 16;

/// Requests per filter: one at a time, and of each concurrent client.
const ALONE: usize = 60;
const EACH: usize = 12;

/// The filters, and the condition on `cases` that each stands for.
const FILTERS: [(&str, &str); 13] = [
    ("", "waiting"),
    ("kind=suggestion", "waiting AND kind = 'suggestion'"),
    ("branch=dongqu", "waiting AND branch_id = 'dongqu'"),
    ("kind=cash&branch=dongqu", "waiting AND kind = 'cash' AND branch_id = 'dongqu'"),
    ("state=answered", "state = 'answered'"),
    ("state=answered&branch=dongqu", "state = 'answered' AND branch_id = 'dongqu'"),
    ("state=declined", "state = 'declined'"),
    ("kind=cash&state=completed", "kind = 'cash' AND state = 'completed'"),
    ("kind=cash&state=completed&branch=dongqu", "kind = 'cash' AND state = 'completed' AND branch_id = 'dongqu'"),
    ("state=all", "TRUE"),
    ("kind=suggestion&state=all", "kind = 'suggestion'"),
    ("state=all&branch=dongqu", "branch_id = 'dongqu'"),
    ("kind=cash&state=all&branch=dongqu", "kind = 'cash' AND branch_id = 'dongqu'"),
];

/// 50th and 95th percentile in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Times {
    p50: f64,
    p95: f64,
}

impl Times {
    fn of(mut each: Vec<Duration>) -> Self {
        each.sort_unstable();
        let at = |percent: usize| each[(each.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
        Self { p50: at(50), p95: at(95) }
    }
}

async fn timed(browser: &Browser, path: &str) -> Duration {
    let began = Instant::now();
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    began.elapsed()
}

async fn alone(browser: &Browser, path: &str) -> Times {
    timed(browser, path).await;
    let mut each = Vec::new();
    for _ in 0..ALONE {
        each.push(timed(browser, path).await);
    }
    Times::of(each)
}

/// Sixteen clients at once, and a customer who opens their list meanwhile.
async fn together(desk: &[Browser], customer: &Browser, path: &str) -> (Times, Times) {
    let path: Arc<str> = path.into();
    let clients = desk.iter().map(|browser| {
        let (browser, path) = (browser.clone(), path.clone());
        tokio::spawn(async move {
            let mut each = Vec::new();
            for _ in 0..EACH {
                each.push(timed(&browser, &path).await);
            }
            each
        })
    });
    let clients: Vec<_> = clients.collect();
    let mut beside = Vec::new();
    while clients.iter().any(|client| !client.is_finished()) || beside.is_empty() {
        beside.push(timed(customer, "/appointments").await);
    }
    let mut each = Vec::new();
    for client in clients {
        each.extend(client.await.expect("a client"));
    }
    (Times::of(each), Times::of(beside))
}

/// The address of a page from the middle of the list.
async fn deep(bank: &TestBank, (filter, condition): (&str, &str)) -> String {
    let middle = bank.number(AssertSqlSafe(format!("SELECT COUNT(*) / 2 FROM cases WHERE {condition}"))).await;
    let sql = format!("SELECT due_at, number FROM cases WHERE {condition} ORDER BY due_at, number LIMIT 1 OFFSET {middle}");
    let mut conn = bank.bank.read().await.expect("a connection");
    let row: Option<(i64, String)> = conn.fetch_optional(AssertSqlSafe(sql), Vec::new()).await.expect("a row");
    let (at, number) = row.expect("a list with a middle");
    format!("/desk?{filter}&after={at}.{number}")
}

/// One page with its times.
struct Line {
    name: String,
    alone: Times,
    together: Times,
    beside: Times,
}

async fn measure(bank: &TestBank, cases: u32) -> Vec<Line> {
    let began = Instant::now();
    demo::load(&bank.bank, 0).await.expect("a demo bank");
    demo::add_history(&bank.bank, cases, 1).await.expect("a history");
    println!("  {cases} cases were generated in {:.1} s", began.elapsed().as_secs_f64());
    let mut desk = Vec::new();
    for _ in 0..CLIENTS {
        desk.push(bank.signed_in("dispatcher").await);
    }
    let customer = bank.signed_in("g000001").await;
    let mut lines = Vec::new();
    for filter in FILTERS {
        let pages = [("first", format!("/desk?{}", filter.0)), ("middle", deep(bank, filter).await)];
        for (page, path) in pages {
            let name = format!("{:<42} {page}", if filter.0.is_empty() { "what waits" } else { filter.0 });
            let alone = alone(&desk[0], &path).await;
            let (together, beside) = together(&desk, &customer, &path).await;
            lines.push(Line { name, alone, together, beside });
        }
    }
    let number =
        bank.bank.read().await.expect("a connection").fetch_one::<(String,)>("SELECT MAX(number) FROM cases", Vec::new()).await;
    let path = format!("/desk?number={}", number.expect("a case").0);
    let alone = alone(&desk[0], &path).await;
    let (together, beside) = together(&desk, &customer, &path).await;
    lines.push(Line { name: format!("{:<42}", "search by number"), alone, together, beside });
    worker(bank).await;
    lines
}

/// The first pass does the daily tasks as well.
async fn worker(bank: &TestBank) {
    let worker = Worker::new(bank.bank.clone(), None);
    let mut took = Vec::new();
    for _ in 0..6 {
        let began = Instant::now();
        worker.pass().await;
        took.push(began.elapsed());
        bank.pass_minutes(1);
    }
    let first = took.remove(0).as_secs_f64() * 1_000.0;
    let Times { p50, p95 } = Times::of(took);
    println!("  the worker's minute: p50 {p50:.1} ms, longest {p95:.1} ms; once a day {first:.1} ms");
}

async fn engine(name: &str, few: &TestBank, many: &TestBank) {
    println!("== {name}");
    let cases = std::env::var("LOBBY_BENCH_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000_000);
    let small = measure(few, FEW).await;
    let large = measure(many, cases).await;
    println!(
        "  p50/p95 in ms         {:<28} {FEW} cases: alone, 16 at once   {cases}: alone, 16 at once   p95 ratio   customer beside",
        ""
    );
    for (small, large) in small.iter().zip(&large) {
        let show = |times: Times| format!("{:>6.1}/{:<6.1}", times.p50, times.p95);
        println!(
            "  {:<50} {} {}   {} {}   {:>4.2} {:>4.2}   {}",
            small.name,
            show(small.alone),
            show(small.together),
            show(large.alone),
            show(large.together),
            large.alone.p95 / small.alone.p95,
            large.together.p95 / small.together.p95,
            show(large.beside),
        );
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        engine("SQLite", &TestBank::blank_sqlite().await, &TestBank::blank_sqlite().await).await;
        if let (Some(few), Some(many)) = (TestBank::blank_postgres().await, TestBank::blank_postgres().await) {
            assert_eq!(few.bank.db().engine(), Engine::Postgres);
            engine("PostgreSQL", &few, &many).await;
            few.drop_database().await;
            many.drop_database().await;
        }
    });
}
