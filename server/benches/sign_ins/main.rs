//! Sign-ins (`make bench`), over HTTP on both engines: how long a refusal takes for a name that exists and for one that does not,
//! sixteen sign-ins at once beside their budget, and 800 at once.
//!
//! Each attempt has a connection and a network address of its own, as strangers have: from one address five failures would lock a
//! name, and many names the address.
//!
//! Times depend on the machine, so nothing is asserted. `LOBBY_BENCH_ROUNDS` and `LOBBY_BENCH_ENGINES` make it shorter.

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/mod.rs"]
mod support;

#[expect(dead_code, reason = "the other benches use the rest of it")]
#[path = "../figures/mod.rs"]
mod figures;

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use argon2::{Argon2, Block};
use figures::client::Client;
use figures::{Figures, Times, knob, median, medians};
use server::commands::demo;
use support::{TestBank, seed};

/// Generated customers, whose names exist.
const CUSTOMERS: u32 = 200;

/// Sign-ins at once, of the budget.
const TOGETHER: u32 = 16;

/// Sign-ins at once, of a flood.
const FLOOD: u32 = 800;

/// What the budget of [`TOGETHER`] leaves for everything but the hashes, in ms.
const BESIDE_HASHES: f64 = 50.0;

/// An address of this machine that no attempt has used yet.
fn stranger() -> Ipv4Addr {
    static USED: AtomicU32 = AtomicU32::new(0);
    let first = u32::from(Ipv4Addr::new(127, 1, 0, 1));
    Ipv4Addr::from(first + USED.fetch_add(1, Ordering::SeqCst))
}

/// What an attempt led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    SignedIn,
    Refused,
    /// 503.
    AskedToComeAgain,
    Other,
}

/// One attempt: how long it took, and what it led to.
async fn attempt(base: &str, name: &str, password: &str) -> (Duration, Outcome) {
    let mut client = Client::connect_from(base, stranger()).await;
    let form = format!("sign_in_name={name}&password={password}");
    let began = Instant::now();
    let head = client.post("/login", "", &form).await;
    let took = began.elapsed();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default();
    let outcome = match head.split(' ').nth(1) {
        Some("303") if location.starts_with("/login?refused=sign_in_failed") => Outcome::Refused,
        Some("303") if !location.starts_with("/login") => Outcome::SignedIn,
        Some("503") => Outcome::AskedToComeAgain,
        _ => Outcome::Other,
    };
    (took, outcome)
}

/// So many attempts at once: how long until the last answer, and what they led to.
async fn together(base: &str, count: u32) -> (Duration, Vec<Outcome>) {
    let attempts = (0..count).map(|number| {
        let (base, name) = (base.to_owned(), customer(number));
        tokio::spawn(async move { attempt(&base, &name, seed::PASSWORD).await.1 })
    });
    let began = Instant::now();
    let mut outcomes = Vec::new();
    for attempt in attempts.collect::<Vec<_>>() {
        outcomes.push(attempt.await.expect("an answer"));
    }
    (began.elapsed(), outcomes)
}

fn customer(number: u32) -> String {
    format!("g{:06}", number % CUSTOMERS + 1)
}

/// Milliseconds of one hash in memory that is reserved already, as the threads of the portal compute it.
fn one_hash() -> f64 {
    let argon2 = Argon2::default();
    let mut memory = vec![Block::new(); argon2.params().block_count()];
    let mut output = [0; 32];
    let times = (0..20).map(|_| {
        let began = Instant::now();
        argon2.hash_password_into_with_memory(b"lobby-demo", b"sixteen bytes ok", &mut output, &mut memory).expect("a hash");
        began.elapsed().as_secs_f64() * 1_000.0
    });
    median(times.collect())
}

/// Refusals in turns, of names that exist and of names that do not.
async fn refusals(base: &str, rounds: usize) -> [Figures; 2] {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for _ in 0..rounds {
        let (mut those, mut these) = (Vec::new(), Vec::new());
        let whole = Instant::now();
        for number in 0..CUSTOMERS {
            for (name, times) in [(customer(number), &mut those), (format!("x{number:06}"), &mut these)] {
                let (took, outcome) = attempt(base, &name, "not-the-password").await;
                assert_eq!(outcome, Outcome::Refused, "{name}");
                times.push(took);
            }
        }
        let whole = whole.elapsed();
        known.push(Times { each: those, whole }.figures());
        unknown.push(Times { each: these, whole }.figures());
    }
    [medians(&known), medians(&unknown)]
}

async fn engine(name: &str, bank: &TestBank) {
    println!("== {name}");
    let rounds = knob("LOBBY_BENCH_ROUNDS", 5);
    demo::load(&bank.bank, CUSTOMERS).await.expect("a demo bank");
    let base = bank.base().await.to_owned();
    // The first attempt makes the hash that stands for those that do not exist.
    attempt(&base, "nobody", "not-the-password").await;

    let [known, unknown] = refusals(&base, rounds).await;
    println!("  refused, a name that exists       p50 {:>6.1} ms   p95 {:>6.1} ms", known.p50, known.p95);
    println!("  refused, one that does not        p50 {:>6.1} ms   p95 {:>6.1} ms", unknown.p50, unknown.p95);

    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let hash = one_hash();
    let mut took = Vec::new();
    for _ in 0..rounds {
        let (whole, outcomes) = together(&base, TOGETHER).await;
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::SignedIn), "{outcomes:?}");
        took.push(whole.as_secs_f64() * 1_000.0);
    }
    let cores = u32::try_from(cores).expect("a small number");
    let budget = f64::from(TOGETHER) / f64::from(cores) * hash + BESIDE_HASHES;
    let took = median(took);
    let within = if took <= budget { "" } else { "   OVER BUDGET" };
    println!("  one hash {hash:.1} ms, {cores} cores: {TOGETHER} sign-ins at once took {took:.0} ms of {budget:.0} ms{within}");

    let (whole, outcomes) = together(&base, FLOOD).await;
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let (signed_in, again) = (count(Outcome::SignedIn), count(Outcome::AskedToComeAgain));
    println!(
        "  {FLOOD} at once: {signed_in} signed in, {again} asked to come again (503), {} other answers, all within {:.1} s",
        outcomes.len() - signed_in - again,
        whole.as_secs_f64()
    );
}

fn main() {
    figures::on_each_engine(engine);
}
