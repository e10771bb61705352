//! What a client may send and hold: slow, idle and unread connections end, oversized heads and slow bodies are refused, and
//! nobody is shut out by half-open requests. Raw sockets, because no HTTP client behaves like this.

use std::future::pending;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use app::visit::{Portal, Stopping};
use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use server::limits::Limits;
use server::{host, router, serving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::support::TestBank;

/// What a test waits for something to happen.
const PATIENCE: Duration = Duration::from_secs(10);

const SHORT: Duration = Duration::from_millis(300);

/// A portal within these limits.
struct Served {
    _bank: TestBank,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<bool>,
}

impl Served {
    async fn within(limits: Limits) -> Self {
        let bank = TestBank::sqlite().await;
        let settings = bank.settings();
        let (stop, stopping) = watch::channel(false);
        let mut stopping = Stopping::when(stopping);
        let portal = host::portal(&settings, bank.bank.clone(), false).expect("a portal");
        let portal = Portal { stopping: stopping.clone(), ..portal };
        let router = router::router(portal.into(), &settings.public_origin, limits).expect("a router");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move { serving::serve(listener, None, router, limits, stopping.wait()).await });
        Self { _bank: bank, address, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// From another address of this machine.
    async fn connect_from(&self, source: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(format!("{source}:0").parse().expect("an address")).expect("an address of this machine");
        socket.connect(self.address).await.expect("a connection")
    }

    /// Sends bytes and returns what is answered until the connection ends.
    async fn say(&self, bytes: &str) -> String {
        let mut stream = self.connect().await;
        // Of what is too large not all is taken.
        let _ = stream.write_all(bytes.as_bytes()).await;
        rest(&mut stream).await
    }
}

const PAGE: &str = "GET /login HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
const PROBE: &str = "GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n";
/// The head of a form and none of its body.
const FORM: &str = "POST /language HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\
                    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\n";

/// What is answered until the connection ends. It must end.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset ends it as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the connection ends");
    String::from_utf8_lossy(&answer).into_owned()
}

/// One answer of a connection that stays open.
async fn probe(stream: &mut TcpStream) -> bool {
    let mut answer = [0; 4096];
    if stream.write_all(PROBE.as_bytes()).await.is_err() {
        return false;
    }
    let read = timeout(PATIENCE, stream.read(&mut answer)).await.expect("an answer or the end");
    read.is_ok_and(|read| answer[..read].starts_with(b"HTTP/1.1 200"))
}

/// Sends a byte from time to time until the other side ends the connection, then returns what it answered.
async fn trickle(stream: TcpStream) -> String {
    let (mut answer, mut said) = stream.into_split();
    let saying = tokio::spawn(async move {
        while said.write_all(b"a").await.is_ok() {
            sleep(SHORT / 6).await;
        }
    });
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, answer.read_to_end(&mut bytes)).await.expect("the connection ends");
    saying.abort();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_slow_head_is_cut_off() {
    let served = Served::within(Limits { head_time: SHORT, ..Limits::default() }).await;
    for begun in ["", "GET /login HT", "GET /login HTTP/1.1\r\nHost: a.exam"] {
        assert_eq!(served.say(begun).await, "", "{begun}");
    }
    let mut stream = served.connect().await;
    stream.write_all(b"GET /login HTTP/1.1\r\nHost: a.example\r\nX-Slow: ").await.expect("sent");
    assert_eq!(trickle(stream).await, "");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let served = Served::within(Limits { head_time: SHORT, ..Limits::default() }).await;
    let mut stream = served.connect().await;
    assert!(probe(&mut stream).await && probe(&mut stream).await, "it is kept for the next request");
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_large_head_is_refused() {
    let served = Served::within(Limits::default()).await;
    for (bytes, status) in [(30_000, "200"), (40_000, "431"), (300_000, "431")] {
        let long = "a".repeat(bytes / 4);
        let head: String = (0..4).map(|number| format!("X-Long-{number}: {long}\r\n")).collect();
        let answer = served.say(&PAGE.replace("Connection", &format!("{head}Connection"))).await;
        // The rest of a very large head is not read, so that its answer may be lost.
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) || (bytes > 100_000 && answer.is_empty()), "{bytes}: {answer}");
    }
    let many: String = (0..101).map(|number| format!("X-{number}: a\r\n")).collect();
    let answer = served.say(&PAGE.replace("Connection", &format!("{many}Connection"))).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_slow_body_is_answered_408() {
    let served = Served::within(Limits { body_time: SHORT, ..Limits::default() }).await;
    for form in [FORM.to_owned(), FORM.replace("Content-Length: 11", "Transfer-Encoding: chunked")] {
        let answer = served.say(&form).await;
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("</html>"), "{answer}");
    }
    let mut stream = served.connect().await;
    stream.write_all(FORM.replace("11", "1000").as_bytes()).await.expect("sent");
    let answer = trickle(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(served.say(&format!("{FORM}language=en")).await.starts_with("HTTP/1.1 303"));
    let broken = FORM.replace("Content-Length: 11", "Transfer-Encoding: chunked");
    assert!(served.say(&format!("{broken}not a chunk\r\n")).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_nothing_is_cut_off() {
    let served = Served::within(Limits { unread_time: SHORT, ..Limits::default() }).await;
    let mut stream = served.connect().await;
    let (mut answers, mut requests) = stream.split();
    // More than the buffers of both sides hold.
    let page = PAGE.replace("Connection: close\r\n", "");
    let mut sent = 0;
    while sent < 4000 && timeout(SHORT * 5, requests.write_all(page.as_bytes())).await.is_ok_and(|sent| sent.is_ok()) {
        sent += 1;
    }
    // Long enough that the answers fill the buffers first.
    sleep(Duration::from_secs(12)).await;
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, answers.read_to_end(&mut bytes)).await.expect("the connection ends");
    let answered = String::from_utf8_lossy(&bytes).matches("HTTP/1.1 200").count();
    assert!(0 < answered && answered < sent, "{answered} of {sent} requests were answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_open_requests_shut_nobody_out() {
    let served = Served::within(Limits { connections: 64, ..Limits::default() }).await;
    let mut sources = vec!["127.0.0.1"];
    if cfg!(target_os = "linux") {
        // The others take all places, not only the share of one source.
        sources.extend(["127.0.0.2", "127.0.0.3", "127.0.0.4"]);
    }
    let mut half_open = Vec::new();
    for number in 0..300 {
        let mut stream = served.connect_from(sources[number % sources.len()]).await;
        // One that has given way is gone when the bytes arrive.
        let _ = stream.write_all(b"GET /login HTTP/1.1\r\nHost:").await;
        half_open.push(stream);
    }
    let begun = Instant::now();
    for _ in 0..10 {
        let answer = served.say(PAGE).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("</html>"), "{answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_source_that_is_answered_on_its_share_gets_no_more() {
    let served = Served::within(Limits { connections: 4, ..Limits::default() }).await;
    let mut forms = Vec::new();
    for _ in 0..2 {
        let mut stream = served.connect().await;
        stream.write_all(FORM.as_bytes()).await.expect("sent");
        forms.push(stream);
    }
    sleep(SHORT).await;
    assert!(!probe(&mut served.connect().await).await, "refused");
    if cfg!(target_os = "linux") {
        assert!(probe(&mut served.connect_from("127.0.0.2").await).await, "another source has its own share");
    }
    for mut form in forms {
        form.write_all(b"language=en").await.expect("the request keeps its place");
        assert!(rest(&mut form).await.starts_with("HTTP/1.1 303"));
    }
    assert!(probe(&mut served.connect().await).await);
}

#[tokio::test]
async fn a_running_request_is_finished_when_the_server_stops() {
    let served = Served::within(Limits::default()).await;
    let mut idle = served.connect().await;
    assert!(probe(&mut idle).await);
    let mut form = served.connect().await;
    form.write_all(FORM.as_bytes()).await.expect("sent");
    sleep(SHORT).await;
    served.stop.send_replace(true);
    assert_eq!(rest(&mut idle).await, "");
    assert!(!served.serving.is_finished());
    assert!(TcpStream::connect(served.address).await.is_err(), "nobody new is served");
    form.write_all(b"language=en").await.expect("sent");
    assert!(rest(&mut form).await.starts_with("HTTP/1.1 303"));
    assert!(timeout(PATIENCE, served.serving).await.expect("it stops").expect("no panic"), "all requests were finished");
}

#[tokio::test]
async fn a_request_that_does_not_end_delays_the_stop_for_some_seconds_only() {
    let served = Served::within(Limits { last_requests: SHORT, ..Limits::default() }).await;
    let mut form = served.connect().await;
    form.write_all(FORM.as_bytes()).await.expect("sent");
    sleep(SHORT).await;
    served.stop.send_replace(true);
    assert!(!timeout(PATIENCE, served.serving).await.expect("it stops").expect("no panic"), "one was not finished");
}

#[tokio::test]
async fn a_request_knows_the_address_of_its_connection() {
    let said = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serving::serve(listener, None, Router::new().route("/login", get(said)), Limits::default(), pending()));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let own = stream.local_addr().expect("an address").to_string();
    stream.write_all(PAGE.as_bytes()).await.expect("sent");
    assert!(rest(&mut stream).await.ends_with(&own));
}
