//! Thousands of bad requests over every route and server function, as nobody, customer, clerk and administrator, against the real
//! binary: none is answered 5xx, none hangs, nothing panics, and memory does not grow. `make soak` sends ten times as many
//! as `make test`. A failing request is printed with the seed; `LOBBY_SEED=N` sends the same again.

mod generated;
mod pool;

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use self::generated::{Request, request};
use self::pool::Pool;
use crate::on_both_engines;
use crate::support::dice::Dice;
use crate::support::{TestBank, soak};

const NOW: &str = "2026-11-23T10:00:00+08:00";

/// Bad requests in a soak.
const REQUESTS: usize = 20_000;

/// Requests under way at once.
const CLIENTS: usize = 8;

/// A request that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(10);

/// Requests of each client after which it signs in again: some of them sign out.
const SIGNED_IN: usize = 50;

/// Growth of the process after the first quarter of the requests, in kB.
const GROWTH: u64 = 64 * 1024;

/// The portal as a process of its own, so that its memory and its log are its own.
struct Portal {
    process: Child,
    address: SocketAddr,
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Portal {
    async fn start(data: &Path, database: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let lobby = |words: &[&str], log: Stdio| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_lobby"));
            command.args(words).current_dir(data).stdout(Stdio::null()).stderr(log);
            command.env("LOBBY_DATA", data).env("LOBBY_DATABASE", database).env("LOBBY_ADDRESS", address.to_string());
            command.env("RUST_LOG", "info,sqlx=warn");
            command
        };
        assert!(lobby(&["demo", "--now", NOW], Stdio::null()).status().expect("lobby demo").success());
        let log = std::fs::File::create(data.join("log")).expect("a log");
        let process = lobby(&["serve", "--now", NOW, "--gallery"], log.into()).spawn().expect("lobby serve");
        let portal = Self { process, address };
        for _ in 0..600 {
            let ready = reqwest::get(format!("http://{address}/readyz")).await.is_ok_and(|answer| answer.status().is_success());
            if ready {
                return portal;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("lobby did not become ready");
    }

    /// Memory of the process, kB; `None` where the system does not say.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }
}

/// Why a request fails the test.
async fn fault(address: SocketAddr, request: &Request) -> Option<String> {
    let begun = Instant::now();
    match timeout(LONGEST, answered(address, request)).await {
        Err(_) => Some("is not answered".to_owned()),
        Ok(Some(status)) if status >= 500 => Some(format!("is answered {status} after {:?}", begun.elapsed())),
        // Whoever has sent a whole request is answered.
        Ok(None) if !request.broken => Some("gets no answer".to_owned()),
        Ok(_) => None,
    }
}

/// The status; `None` if the connection ends without one.
async fn answered(address: SocketAddr, request: &Request) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let (mut answers, mut requests) = stream.split();
    let sending = async {
        // A refused body is not read to its end.
        let _ = requests.write_all(&request.bytes).await;
        if request.broken {
            let _ = requests.shutdown().await;
        }
    };
    let reading = async {
        let mut bytes = Vec::new();
        let mut part = [0; 4096];
        while let Ok(read @ 1..) = answers.read(&mut part).await {
            bytes.extend_from_slice(&part[..read]);
            // A stream does not end.
            if bytes.windows(17).any(|words| words == b"text/event-stream") {
                break;
            }
        }
        bytes
    };
    let (bytes, ()) = tokio::join!(reading, sending);
    let text = String::from_utf8_lossy(&bytes);
    // 100 Continue stands before the answer.
    text.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)?.parse().ok()).find(|status| *status != 100)
}

async fn no_bad_request_does_harm(bank: &TestBank) {
    let folder = tempfile::tempdir().expect("a folder");
    let portal = Portal::start(folder.path(), bank.database()).await;
    let address = portal.address;
    let pool = Arc::new(Pool::gathered(&format!("http://{address}")).await);
    let (seed, count) = (soak::seed(20_261_127), soak::rounds(REQUESTS));
    let quarter = count / CLIENTS / 4;
    let mut memory = Vec::new();
    for (from, to) in [(0, quarter), (quarter, count / CLIENTS)] {
        let clients = (0..CLIENTS).map(|client| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut faults = Vec::new();
                let mut cookies = Vec::new();
                for number in from..to {
                    if number % SIGNED_IN == 0 || cookies.is_empty() {
                        cookies = pool.sign_in().await;
                    }
                    // Each request follows from its own number, so that it can be sent alone.
                    let mut dice = Dice::new(seed ^ ((client * 1_000_000 + number) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                    let request = request(&mut dice, &pool, &cookies);
                    if let Some(fault) = fault(address, &request).await {
                        let sent = String::from_utf8_lossy(&request.bytes).chars().take(1200).collect::<String>();
                        faults.push(format!("client {client} request {number} {fault}:\n{sent:?}\n"));
                    }
                }
                faults
            })
        });
        let mut faults = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            faults.extend(client.await.expect("a client"));
        }
        assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.iter().take(5).cloned().collect::<String>());
        memory.extend(portal.memory());
    }
    println!("memory after a quarter and after {count} requests, kB: {memory:?}");
    if let [quarter, all] = memory[..] {
        assert!(all < quarter + GROWTH, "from {quarter} to {all} kB");
    }
    let log = std::fs::read_to_string(folder.path().join("log")).expect("a log");
    let bad: Vec<&str> = log.lines().filter(|line| line.contains("panic") || line.contains("ERROR")).take(5).collect();
    assert!(bad.is_empty() && log.contains("answered"), "{bad:#?}");
}

on_both_engines!(blank: no_bad_request_does_harm);
