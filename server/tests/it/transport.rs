//! What a request may look like before a page sees it: one host, posts from the configured origin only; and what a browser keeps:
//! one session, no long name, nothing after signing out.

use std::future::pending;

use server::config::{Flags, Settings};
use server::limits::Limits;
use server::{host, router, serving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::on_both_engines;
use crate::support::{Browser, TestBank};

on_both_engines!(
    two_hosts_are_no_request,
    a_configured_origin_is_the_only_one,
    a_second_sign_in_ends_the_session_before,
    a_long_name_does_not_become_a_cookie,
    signing_out_clears_what_the_browser_keeps,
    who_has_found_a_weakness_learns_whom_to_tell,
);

/// Sends bytes and returns the first line of the answer.
async fn raw(base: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

async fn two_hosts_are_no_request(bank: &TestBank) {
    let base = bank.base().await;
    for (path, hosts, status) in [
        ("/login", "Host: a.example\r\n", "200"),
        ("/login", "Host: a.example\r\nHost: b.example\r\n", "400"),
        ("/healthz", "Host: a.example\r\nHost: a.example\r\n", "400"),
    ] {
        let line = raw(base, &format!("GET {path} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")).await;
        assert!(line.starts_with(&format!("HTTP/1.1 {status}")), "{hosts}: {line}");
    }
}

/// Serves the bank under this public origin; returns the base URL.
async fn served_as(bank: &TestBank, origin: &str) -> String {
    let flags = Flags { public_origin: Some(origin.to_owned()), ..Flags::default() };
    let settings = Settings { public_origin: Settings::load(&flags).expect("settings").public_origin, ..bank.settings() };
    let limits = Limits::default();
    let portal = host::portal(&settings, bank.bank.clone(), false).expect("a portal");
    let router = router::router(portal.into(), &settings.public_origin, limits).expect("a router");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serving::serve(listener, None, router, limits, pending()));
    base
}

async fn a_configured_origin_is_the_only_one(bank: &TestBank) {
    let base = served_as(bank, "https://lobby.example").await;
    let browser = Browser::new(&base);
    for (origin, status) in [("https://lobby.example", 303), (base.as_str(), 403), ("null", 403), ("http://lobby.example", 403)] {
        let answer = browser.send("/language", &[("origin", origin)], Some("language=en")).await;
        assert_eq!(answer.status, status, "{origin}");
        assert!(status == 303 || answer.body.contains("</html>"), "the refusal is a page");
    }
    // Where none is configured, this machine may be called by another name.
    let here = bank.base().await;
    let answer = bank.browser().await.send("/language", &[("origin", here)], Some("language=en")).await;
    assert_eq!(answer.status, 303);
}

async fn a_second_sign_in_ends_the_session_before(bank: &TestBank) {
    let open = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL";
    let browser = bank.signed_in("c1").await;
    let elsewhere = bank.signed_in("c1").await;
    browser.sign_in("c2").await;
    assert_eq!(bank.number(open).await, 2, "the other browser's and the new one");
    assert_eq!(elsewhere.get("/me").await.status, 200);
    // A refused sign-in ends nothing.
    browser.try_sign_in("c1", "wrong").await;
    assert_eq!(bank.number(open).await, 2);
}

async fn a_long_name_does_not_become_a_cookie(bank: &TestBank) {
    let answer = bank.browser().await.try_sign_in(&"n".repeat(60_000), "wrong").await;
    assert_eq!(answer.status, 303);
    let cookies = answer.headers.get_all("set-cookie").iter();
    assert!(cookies.map(http::HeaderValue::len).sum::<usize>() < 500);
    let answer = bank.browser().await.try_sign_in("c1", "wrong").await;
    assert!(answer.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap_or_default().contains("=c1;")));
}

async fn signing_out_clears_what_the_browser_keeps(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let answer = browser.send("/logout", &[], Some("")).await;
    assert_eq!((answer.status, answer.header("clear-site-data")), (303, "\"cache\""));
    assert_eq!(browser.get("/login").await.header("clear-site-data"), "");
}

async fn who_has_found_a_weakness_learns_whom_to_tell(bank: &TestBank) {
    let answer = bank.browser().await.get("/.well-known/security.txt").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    let local = "Contact: mailto:tousu@lingnan.example\nExpires: 2026-12-23T00:00:00+08:00\nPreferred-Languages: zh, en\n";
    assert_eq!(answer.body, local, "an address of this machine is not canonical");
    let base = served_as(bank, "https://lobby.example").await;
    let answer = Browser::new(&base).get("/.well-known/security.txt").await;
    assert_eq!(answer.body, format!("{local}Canonical: https://lobby.example/.well-known/security.txt\n"));
}
