//! Bookings per second (`make bench`): 16 clients and one client book over HTTP, each in its own slot, and move what they have
//! booked: a move should take at most 1.5 times as long as a booking. For comparison the statements of a booking's transaction
//! run bare, by the same driver on the same connections, with a commit each. Both engines are measured; SQLite also with a slower
//! disk, and without group commit. Lines that are compared take turns.
//!
//! Times depend on the machine, so nothing is asserted; `scripts/bench.mjs` prints the results. `LOBBY_BENCH_ROUNDS` and
//! `LOBBY_BENCH_ENGINES` make it shorter.

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/mod.rs"]
mod support;

#[expect(dead_code, reason = "the other benches use the rest of it")]
#[path = "../figures/mod.rs"]
mod figures;

mod bare;
mod moves;

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::bank::branches::{Branch, NewBranch, insert_branch, reference};
use ::bank::kernel::database::{Grouping, Sent};
use ::bank::kernel::failure::Rejected;
use ::bank::kernel::time::Time;
use ::bank::sessions::CustomerKind;
use figures::client::Client;
use figures::{Figures, Times, knob, measured, medians, paired};
use scoped_futures::ScopedFutureExt;
use support::{TestBank, seed};
use tokio::sync::{Mutex, watch};

/// Number of concurrent clients.
const CLIENTS: usize = 16;

/// Bookings of each client per run.
const EACH: usize = 60;

/// Bookings of a run with a single client.
const ALONE: usize = 240;

/// The delay that makes a commit on SQLite take at least a millisecond, whatever the disk.
const SLOWER: Duration = Duration::from_millis(1);

/// Number of branches; with the hours of a day there are at least as many slots as clients.
const BRANCHES: usize = 8;

/// The slot a client books.
#[derive(Clone, Debug)]
struct Slot {
    branch: String,
    day: &'static str,
    slot: Time,
}

/// Today is Monday the 23rd.
const DAYS: [&str; 2] = ["2026-11-24", "2026-11-25"];

/// Eight branches, two slots each.
fn spread(client: usize) -> Slot {
    Slot { branch: branch_id(client % BRANCHES), day: DAYS[0], slot: hour(client / BRANCHES) }
}

/// One branch, all slots of two of its days: bookings of a day wait for the row locks of its cash and notes.
fn crowded(client: usize) -> Slot {
    Slot { branch: branch_id(0), day: DAYS[client / 8], slot: hour(client % 8) }
}

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
    let capacity = [("cash_slot_places", "10000000"), ("cash_day_total", "10000000000000"), ("cash_stock_100", "1000000000")];
    let quotas = [("cases_open_max", "1000000"), ("cases_day_max", "1000000"), ("messages_day_max", "1000000")];
    for (name, value) in capacity.into_iter().chain(quotas) {
        seed::unbounded(bank, name, value).await;
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

/// Ends all bookings outside the measurement, so that the customers can book the same days again.
async fn end_all(bank: &TestBank) {
    bank.change("UPDATE cash_appointments SET live = FALSE WHERE live").await;
    bank.change("DELETE FROM engagements").await;
}

/// Sends one booking as the check page's button does, with all fields in one form; its number.
async fn book(client: &mut Client, key: &str, name: &str, cookie: &str, place: &Slot) -> String {
    let slot = place.slot.strftime("%H:%M").to_string();
    let account = format!("acc-{name}");
    let fields = [
        ("key", key),
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
    let answer = client.post(support::cash::NEW, cookie, &body).await;
    let number = answer.split("\r\nlocation: /appointments/").nth(1).and_then(|rest| rest.split(['#', '?', '\r']).next());
    let number = number.filter(|number| number.starts_with("qk"));
    number.unwrap_or_else(|| panic!("{name} was not booked: {answer}")).to_ascii_uppercase()
}

/// A connection of each client.
async fn connect(clients: usize, base: &str) -> Vec<Arc<Mutex<Client>>> {
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(Arc::new(Mutex::new(Client::connect(base).await)));
    }
    connections
}

/// Runs the clients concurrently; each does its bookings one after another. A single client books for all customers.
async fn measure<F>(clients: usize, booking: impl Fn(usize, usize) -> F) -> Times
where
    F: Future<Output = ()> + Send + 'static,
{
    let each = Arc::new(Mutex::new(Vec::new()));
    let clients: Vec<Vec<F>> = if clients == 1 {
        vec![(0..ALONE).map(|turn| booking(turn % CLIENTS, turn / CLIENTS)).collect()]
    } else {
        (0..CLIENTS).map(|client| (0..EACH).map(|turn| booking(client, turn)).collect()).collect()
    };
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

/// How bookings are made.
#[derive(Clone, Copy)]
enum Path<'b> {
    /// Over HTTP, at this address.
    Http(&'b str),
    /// Moves of bookings, over HTTP.
    Moves(&'b str),
    /// The SQL alone, with commits that take so much longer.
    Bare(Duration),
}

/// A line of the table.
struct Line<'b> {
    clients: usize,
    /// What differs from the other lines, in words.
    name: &'static str,
    path: Path<'b>,
    place: fn(usize) -> Slot,
}

/// The statements of the booking's transaction, which begins with the lock of the form's row.
fn transaction(sent: Vec<Sent>) -> Arc<[String]> {
    let written = sent.into_iter().filter(|sent| sent.writes).map(|sent| sent.sql);
    let transaction: Arc<[String]> = written.skip_while(|sql| !sql.starts_with("INSERT INTO form_states")).collect();
    assert!(!transaction.is_empty(), "a booking locks its form");
    transaction
}

/// A bank being measured.
struct Bench<'b> {
    bank: &'b TestBank,
    engine: &'static str,
    sessions: Vec<Vec<String>>,
    /// The database of the bare run, with connections of its own: the portal keeps its.
    bare: bare::Bare,
    /// The statements of a booking's transaction.
    statements: Arc<[String]>,
}

impl Bench<'_> {
    async fn prepare<'b>(bank: &'b TestBank, engine: &'static str) -> Bench<'b> {
        let sessions = prepare(bank).await;
        let first = "first";
        seed::customer(&bank.bank, first, CustomerKind::Personal).await;
        let cookie = sign_in(bank, first).await;
        let mut client = Client::connect(bank.base().await).await;
        // One booking that is not measured provides the statements.
        bank.bank.db().record();
        let before = bank.bank.db().counted();
        book(&mut client, &key(bank), first, &cookie, &spread(0)).await;
        let after = bank.bank.db().counted();
        let statements = transaction(bank.bank.db().recorded());
        let (reads, writes) = (after.reads - before.reads, after.writes - before.writes);
        println!("  {engine}: {reads} reads before a booking's transaction, {writes} statements in it");
        Bench { bank, engine, sessions, bare: bare::Bare::new(bank.another_node().await.db().clone()), statements }
    }

    async fn round(&self, line: &Line<'_>) -> Figures {
        let times = match line.path {
            Path::Http(base) => {
                let connections = connect(line.clients, base).await;
                measure(line.clients, |client, turn| {
                    let connection = connections[client % line.clients].clone();
                    let (cookie, key) = (self.sessions[client][turn].clone(), key(self.bank));
                    let (name, slot) = (customer(client, turn), (line.place)(client));
                    async move { drop(book(&mut *connection.lock().await, &key, &name, &cookie, &slot).await) }
                })
                .await
            }
            Path::Moves(base) => self.moves(line, base).await,
            Path::Bare(delay) => {
                measure(line.clients, |client, turn| {
                    let (bare, statements) = (self.bare.clone(), self.statements.clone());
                    let booking = bare::Booking::new(&self.bank.bank, &customer(client, turn), &(line.place)(client));
                    async move { bare.run(&statements, &booking, delay).await }
                })
                .await
            }
        };
        end_all(self.bank).await;
        times.figures()
    }

    /// Measures lines that belong together, round by round, every other round backwards; the last line is bare, and each is
    /// compared with it round by round.
    async fn lines(&self, sync: Duration, lines: &[Line<'_>]) -> Vec<Vec<Figures>> {
        let mut rounds: Vec<Vec<Figures>> = lines.iter().map(|_| Vec::new()).collect();
        for round in 0..knob("LOBBY_BENCH_ROUNDS", 5) {
            for turn in 0..lines.len() {
                let line = if round % 2 == 0 { turn } else { lines.len() - 1 - turn };
                rounds[line].push(self.round(&lines[line]).await);
            }
        }
        for (line, figures) in lines.iter().zip(&rounds) {
            let ratio = ratio(figures, rounds.last().unwrap_or(figures));
            let Figures { rate, p50, p95 } = medians(figures);
            let (engine, clients, name, sync) = (self.engine, line.clients, line.name, sync.as_secs_f64() * 1_000.0);
            println!("  {engine:<10} {name:<28} {clients:>7} {sync:>7.2} {rate:>8.0} {p50:>8.2} {p95:>8.2} {ratio:>7.2}");
        }
        rounds
    }
}

/// The rates of a line as parts of those of another, round by round: the median.
fn ratio(line: &[Figures], of: &[Figures]) -> f64 {
    paired(line.iter().map(|round| round.rate), of.iter().map(|round| round.rate))
}

/// A new form key.
fn key(bank: &TestBank) -> String {
    bank.bank.new_id().expect("random bytes")
}

/// The median time in which the disk of the database syncs an appended page.
fn sync_time(bank: &TestBank) -> Duration {
    let path = bank.settings().data.join("sync");
    let mut file = std::fs::File::create(path).expect("a file");
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[7; 4_096]).expect("written");
            let began = Instant::now();
            file.sync_data().expect("synced");
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

async fn sqlite() {
    let bank = TestBank::sqlite().await;
    let bench = Bench::prepare(&bank, "SQLite").await;
    let sync = sync_time(&bank);
    for delay in [Duration::ZERO, SLOWER] {
        let (_stop, stopping) = watch::channel(false);
        let mut bases = Vec::new();
        for members in [1, Grouping::default().members] {
            let node = bank.node_grouping(Grouping { members, commit_delay: delay, ..Grouping::default() }).await;
            bases.push(bank.serve(node, stopping.clone()).await);
        }
        for clients in [CLIENTS, 1] {
            let line = |name, path| Line { clients, name, path, place: spread };
            let lines = [
                line("HTTP, a commit each", Path::Http(&bases[0])),
                line("HTTP, group commit", Path::Http(&bases[1])),
                line("moves, group commit", Path::Moves(&bases[1])),
                line("the SQL, bare", Path::Bare(delay)),
            ];
            let rounds = bench.lines(sync + delay, &lines).await;
            println!("  {:<10} group commit of a commit each: {:.2}", "SQLite", ratio(&rounds[1], &rounds[0]));
            println!("  {:<10} a move in bookings: {:.2}", "SQLite", ratio(&rounds[1], &rounds[2]));
        }
    }
}

async fn postgres() {
    let Some(bank) = TestBank::postgres().await else { return };
    let bench = Bench::prepare(&bank, "PostgreSQL").await;
    let (sync, base) = (sync_time(&bank), bank.base().await);
    for (clients, http, bare, place) in [
        (CLIENTS, "HTTP, 8 branches", "the SQL, bare, 8 branches", spread as fn(usize) -> Slot),
        (CLIENTS, "HTTP, 1 branch", "the SQL, bare, 1 branch", crowded),
        (1, "HTTP", "the SQL, bare", spread),
    ] {
        let lines = [
            Line { clients, name: http, path: Path::Http(base), place },
            Line { clients, name: "moves", path: Path::Moves(base), place },
            Line { clients, name: bare, path: Path::Bare(Duration::ZERO), place },
        ];
        let rounds = bench.lines(sync, &lines).await;
        println!("  {:<10} a move in bookings: {:.2}", "PostgreSQL", ratio(&rounds[0], &rounds[1]));
    }
    bank.drop_database().await;
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let rounds = knob("LOBBY_BENCH_ROUNDS", 5);
    println!("  {CLIENTS} clients make {} bookings a run, one client {ALONE}; medians of {rounds} runs", CLIENTS * EACH);
    println!(
        "  {:<10} {:<28} {:>7} {:>7} {:>8} {:>8} {:>8} {:>7}",
        "engine", "path", "clients", "sync ms", "per s", "p50 ms", "p95 ms", "of bare"
    );
    runtime.block_on(async {
        if measured("sqlite") {
            sqlite().await;
        }
        if measured("postgres") {
            postgres().await;
        }
    });
}
