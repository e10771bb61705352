//! The portal's process is killed with SIGKILL after it has acknowledged a booking, and restarted: the same form sent again
//! leads to the same case. The real binary, on either engine. `database_killed.rs` kills the database itself.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, fill_in};
use crate::support::{Browser, TestBank};

const NOW: &str = "2026-11-23T10:00:00+08:00";

/// The settings of a process of the real binary.
struct Place<'p> {
    data: &'p Path,
    database: &'p str,
    address: String,
}

fn lobby(place: &Place<'_>, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lobby"));
    command.args(words).env("LOBBY_DATA", place.data).env("LOBBY_DATABASE", place.database);
    command.env("LOBBY_ADDRESS", &place.address).current_dir(place.data);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A server process that is always killed, never asked to stop.
struct Server(Child);

impl Server {
    async fn start(place: &Place<'_>) -> Self {
        // From here on dropping the value kills the process and waits for it, even if this function panics.
        let server = Self(lobby(place, &["serve", "--now", NOW]).spawn().expect("lobby"));
        for _ in 0..600 {
            let ready =
                reqwest::get(format!("http://{}/readyz", place.address)).await.is_ok_and(|answer| answer.status().is_success());
            if ready {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("lobby did not become ready");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL on Unix: no clean shutdown.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn a_form_sent_again_after_the_process_was_killed_is_the_same_case(bank: &TestBank) {
    let folder = tempfile::tempdir().expect("a folder");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let place = Place { data: folder.path(), database: bank.database(), address: format!("127.0.0.1:{port}") };
    let loaded = lobby(&place, &["demo", "--now", NOW]).status().expect("lobby demo");
    assert!(loaded.success());

    let server = Server::start(&place).await;
    let browser = Browser::new(&format!("http://{}", place.address));
    browser.sign_in("c1002").await;
    let branch = browser.open("/appointments/new/cash").await.all("[name=branch]", "value").first().cloned().expect("a branch");
    let values = BookingValues { branch: &branch, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
    let form = fill_in(&browser, &values).await;
    let first = browser.post(&form.action, &form.fields).await;
    drop(server);

    let _server = Server::start(&place).await;
    let second = browser.post(&form.action, &form.fields).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert!(first.location.as_deref().is_some_and(|place| place.starts_with("/appointments/QK")), "{:?}", first.location);
    assert_eq!(first.location, second.location);
    let mine = browser.open("/appointments").await;
    let number = first.location.expect("a place").trim_start_matches("/appointments/").trim_end_matches("#answer").to_owned();
    assert_eq!(mine.body.matches(&format!("/appointments/{number}")).count(), 1, "the list shows it once");
}

on_both_engines!(blank: a_form_sent_again_after_the_process_was_killed_is_the_same_case);
