//! The process is killed with -9 after it has acknowledged a booking, and started again: the same form sent once more is
//! the same case (promises 3 and 5). The real binary on its embedded database.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::Browser;
use crate::support::cash::{Wish, fill_in};

const NOW: &str = "2026-11-23T10:00:00+08:00";

fn lobby(data: &Path, address: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lobby"));
    command.args(words).env("LOBBY_DATA", data).env("LOBBY_ADDRESS", address).env_remove("LOBBY_DATABASE").current_dir(data);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A server that is killed, never asked to stop.
struct Server(Child);

impl Server {
    async fn start(data: &Path, address: &str) -> Self {
        // From here on the value's drop kills and waits, whatever way this function is left.
        let server = Self(lobby(data, address, &["serve", "--now", NOW]).spawn().expect("lobby"));
        for _ in 0..600 {
            let ready = reqwest::get(format!("http://{address}/readyz")).await.is_ok_and(|answer| answer.status().is_success());
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
        // SIGKILL on Unix: no last words.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_again_after_a_power_cut_is_the_same_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let address = format!("127.0.0.1:{port}");
    let loaded = lobby(folder.path(), &address, &["demo", "--now", NOW]).status().expect("lobby demo");
    assert!(loaded.success());

    let server = Server::start(folder.path(), &address).await;
    let browser = Browser::new(&format!("http://{address}"));
    browser.sign_in("c1002").await;
    let branch = browser.open("/appointments/new/cash").await.all("[name=branch]", "value").first().cloned().expect("a branch");
    let wish = Wish { branch: &branch, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
    let form = fill_in(&browser, &wish).await;
    let first = browser.post(&form.action, &form.fields).await;
    drop(server);

    let _server = Server::start(folder.path(), &address).await;
    let second = browser.post(&form.action, &form.fields).await;
    assert_eq!((first.status, second.status), (303, 303));
    assert!(first.location.as_deref().is_some_and(|place| place.starts_with("/appointments/QK")), "{:?}", first.location);
    assert_eq!(first.location, second.location);
    let mine = browser.open("/appointments").await;
    let number = first.location.expect("a place").trim_start_matches("/appointments/").to_owned();
    assert_eq!(mine.body.matches(&format!("/appointments/{number}")).count(), 1, "the list shows it once");
}
