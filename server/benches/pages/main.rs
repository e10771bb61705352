//! Signed-in pages (`make bench`): their times at one client and their rate with 16, and beside each the plain page (`plain.rs`).
//! Both engines are measured, then what compression costs at each level.
//!
//! Alike in both: the socket and the client, the outer layers (reference and log, headers, panic handler, compression,
//! assets), the statements with their values, pool and driver, and the number of bytes before compression. Only the portal
//! has what makes it a portal: the signed cookie, the access rule, sealed values that are opened, the rules, texts in two
//! languages, components. The plain page reads every statement on one connection, those of the desk too.
//!
//! Times depend on the machine, so nothing is asserted. `LOBBY_BENCH_ROUNDS`, `LOBBY_BENCH_GETS` (of one client) and
//! `LOBBY_BENCH_ENGINES` make it shorter.

#[expect(dead_code, reason = "the tests use the rest of it")]
#[path = "../../tests/it/support/mod.rs"]
mod support;

#[path = "../figures/mod.rs"]
mod figures;

mod compression;
mod plain;

use std::future::pending;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use figures::client::Client;
use figures::{Figures, Times, knob, medians, paired};
use server::commands::demo;
use server::limits::Limits;
use server::router::outer_layers;
use server::serving;
use support::cash::{BookingValues, NEW, act, book, copies, fill_in};
use support::{Browser, TestBank, seed};
use tokio::net::TcpListener;

use self::plain::Answered;

/// Concurrent clients.
const CLIENTS: usize = 16;

/// Requests of each of them, as a share of those of a single one.
const SHARE: usize = 4;

/// Cases of the history, so that lists are full.
const CASES: u32 = 5_000;

/// A page with its reader.
struct Page {
    name: &'static str,
    path: String,
    cookie: String,
}

async fn cookie(bank: &TestBank, name: &str) -> String {
    let answer = bank.browser().await.try_sign_in(name, seed::PASSWORD).await;
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let mut sessions = cookies.filter(|cookie| cookie.starts_with("lobby="));
    sessions.next().and_then(|cookie| cookie.split(';').next()).expect("a session").to_owned()
}

/// Loads the demo bank with a history, fills in a booking step by step, makes one, and lists the pages.
async fn prepare(bank: &TestBank) -> Vec<Page> {
    demo::load(&bank.bank, 0).await.expect("a demo bank");
    demo::add_history(&bank.bank, CASES, 1).await.expect("a history");
    let browser = bank.signed_in("c1001").await;
    let booking = BookingValues { branch: seed::BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "" };
    let made = book(&browser, &booking).await;
    let number = made.path.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    assert!(number.starts_with("QK"), "{}", made.path);
    let checked = fill_in(&browser, &BookingValues { day: "2026-11-26", ..booking }).await;
    let key = checked.value("key").expect("a key");
    let customer = cookie(bank, "c1001").await;
    full_day(bank).await;
    let regular = cookie(bank, "g000001").await;
    let clerk = cookie(bank, "clerk").await;
    let page = |name, path: &str, cookie: &str| Page { name, path: path.to_owned(), cookie: cookie.to_owned() };
    vec![
        page("home", "/", &customer),
        page("cash: where", &format!("{NEW}?key={key}&step=where"), &customer),
        page("cash: how much", &format!("{NEW}?key={key}&step=how_much"), &customer),
        page("cash: who", &format!("{NEW}?key={key}&step=who"), &customer),
        page("cash: check", &format!("{NEW}?key={key}"), &customer),
        page("my appointments", "/appointments", &regular),
        page("my suggestions", "/suggestions", &regular),
        page("me", "/me", &customer),
        page("my case", &format!("/appointments/{number}"), &customer),
        page("surveys", "/surveys", &customer),
        page("recommendations", "/recommendations", &customer),
        page("desk", "/desk", &clerk),
        page("desk: full day", &format!("/desk/day?day={FULL_DAY}"), &clerk),
        page("desk: a case", &format!("/desk/cases/{number}"), &clerk),
    ]
}

/// The day of a board with this many appointments; the budget of its page is 30 ms (p95).
const FULL_DAY: &str = "2026-11-24";
const ON_FULL_DAY: i64 = 300;

/// Books and confirms one on that day, which has to be made ready today, and copies it, so that each line has a next step.
async fn full_day(bank: &TestBank) {
    let booking = BookingValues { branch: seed::BRANCH, day: FULL_DAY, slot: "10:00", amount: "50000", notes_100: "" };
    let number = book(&bank.signed_in("c1002").await, &booking).await.case_number().expect("a booking");
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    let there =
        "SELECT COUNT(*) FROM cases WHERE branch_id = 'shiqi' AND starts_at >= 1795449600000 AND starts_at < 1795536000000";
    let more = ON_FULL_DAY - bank.number(there).await;
    copies(bank, &number, more, |place| place % 6 * 3_600_000).await;
}

/// The page as the portal answers it, with the statements it sends.
async fn answered(bank: &TestBank, base: &str, page: &Page) -> Answered {
    let browser = Browser::new(base);
    // What only the first request reads is cached.
    browser.send(&page.path, &[("cookie", &page.cookie)], None).await;
    bank.bank.db().record();
    let answer = browser.send(&page.path, &[("cookie", &page.cookie)], None).await;
    let statements = bank.bank.db().recorded();
    assert_eq!(answer.status, 200, "{}", page.path);
    assert!(!statements.is_empty() && statements.iter().all(|sent| !sent.writes), "{} only reads", page.path);
    Answered { statements, html: answer.body }
}

/// Serves the plain pages behind the outer layers of the portal.
async fn serve_plain(bank: &TestBank, routes: Router<app::visit::App>) -> String {
    let settings = bank.settings();
    let app = server::host::portal(&settings, bank.bank.clone(), false).expect("a portal");
    let app = app.into();
    let router = outer_layers(routes, &app, &settings.public_origin).with_state(app);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serving::serve(listener, None, router, Limits::default(), pending()));
    format!("http://{address}")
}

/// The page at one of the servers.
#[derive(Clone)]
struct Target {
    base: String,
    path: String,
    cookie: String,
    encoding: &'static str,
}

impl Target {
    /// Sends so many requests, one after another, after a tenth to warm up.
    async fn gets(&self, times: usize) -> Times {
        let mut client = Client::connect(&self.base).await;
        let request = client.request(&self.path, &self.cookie, self.encoding);
        for _ in 0..=times / 10 {
            client.get(&request).await;
        }
        let mut each = Vec::with_capacity(times);
        let whole = Instant::now();
        for _ in 0..times {
            let began = Instant::now();
            client.get(&request).await;
            each.push(began.elapsed());
        }
        Times { each, whole: whole.elapsed() }
    }

    async fn alone(&self, times: usize) -> Figures {
        self.gets(times).await.figures()
    }

    /// GETs a second of sixteen clients.
    async fn together(&self, times: usize) -> f64 {
        let clients = (0..CLIENTS).map(|_| {
            let target = self.clone();
            tokio::spawn(async move {
                let mut client = Client::connect(&target.base).await;
                let request = client.request(&target.path, &target.cookie, target.encoding);
                for _ in 0..times {
                    client.get(&request).await;
                }
            })
        });
        let began = Instant::now();
        for client in clients.collect::<Vec<_>>() {
            client.await.expect("a client");
        }
        u32::try_from(CLIENTS * times).map_or(f64::NAN, f64::from) / began.elapsed().as_secs_f64()
    }
}

async fn engine(name: &str, bank: &TestBank) {
    println!("== {name}");
    let (rounds, times) = (knob("LOBBY_BENCH_ROUNDS", 5), knob("LOBBY_BENCH_GETS", 200));
    let pages = prepare(bank).await;
    let base = bank.base().await.to_owned();
    let mut stored = Vec::new();
    let mut routes = Router::new();
    for (number, page) in pages.iter().enumerate() {
        let answered = Arc::new(answered(bank, &base, page).await);
        routes = routes.merge(plain::route(&format!("/{number}"), answered.clone()));
        stored.push(answered);
    }
    let plain_base = serve_plain(bank, routes).await;
    println!(
        "  {:<16} {:>5} {:>7} {:>7} {:>7} {:>7} {:>8} {:>6} {:>9} {:>7} {:>8} {:>8} {:>8}",
        "page",
        "reads",
        "bytes",
        "brotli",
        "p50 ms",
        "p95 ms",
        "GETs/s",
        "",
        "plain p50",
        "p95 ms",
        "GETs/s",
        "of plain",
        "packing"
    );
    let mut pure = Vec::new();
    for (number, (page, answered)) in pages.iter().zip(&stored).enumerate() {
        let target = |base: &str, path: &str, encoding| {
            let (base, path, cookie) = (base.to_owned(), path.to_owned(), page.cookie.clone());
            Target { base, path, cookie, encoding }
        };
        let portal = target(&base, &page.path, "br");
        let plain = target(&plain_base, &format!("/{number}"), "br");
        let unpacked = target(&base, &page.path, "identity");
        let mut client = Client::connect(&base).await;
        let packed = client.get(&client.request(&page.path, &page.cookie, "br")).await;
        let (mut alone, mut rates, mut plain_alone, mut plain_rates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut unpacked_alone = Vec::new();
        for _ in 0..rounds {
            alone.push(portal.alone(times).await);
            plain_alone.push(plain.alone(times).await);
            unpacked_alone.push(unpacked.alone(times).await);
            rates.push(portal.together(times / SHARE).await);
            plain_rates.push(plain.together(times / SHARE).await);
        }
        let ratio = paired(rates.iter().copied(), plain_rates.iter().copied());
        let (ours, theirs, unpacked) = (medians(&alone), medians(&plain_alone), medians(&unpacked_alone));
        pure.push(unpacked.p50);
        println!(
            "  {:<16} {:>5} {:>7} {:>7} {:>7.2} {:>7.2} {:>8.0} {:>6} {:>9.2} {:>7.2} {:>8.0} {:>8.2} {:>6.0} %",
            page.name,
            answered.statements.len(),
            answered.html.len(),
            packed,
            ours.p50,
            ours.p95,
            figures::median(rates),
            "",
            theirs.p50,
            theirs.p95,
            figures::median(plain_rates),
            ratio,
            (1.0 - unpacked.p50 / ours.p50) * 100.0,
        );
    }
    let count = u32::try_from(pure.len()).map_or(f64::NAN, f64::from);
    compression::table(&stored, pure.iter().sum::<f64>() / count).await;
}

fn main() {
    figures::on_each_engine(engine);
}
