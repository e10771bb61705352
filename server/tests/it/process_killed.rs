//! The portal's process is killed with SIGKILL after it has acknowledged a booking, or in the middle of a move, and restarted: the
//! same form sent again leads to the same case. The real binary, on either engine. `database_killed.rs` kills the database itself.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _};

use crate::cash_walk::reserved_wrongly;
use crate::closing_races::{held, waiting};
use crate::on_both_engines;
use crate::support::cash::{BookingValues, fill_in};
use crate::support::soak::rounds;
use crate::support::{Browser, Form, TestBank, pairs};

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

/// The settings of a process with a demo bank in this database.
fn demo<'p>(bank: &'p TestBank, folder: &'p Path) -> Place<'p> {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let place = Place { data: folder, database: bank.database(), address: format!("127.0.0.1:{port}") };
    let loaded = lobby(&place, &["demo", "--now", NOW]).status().expect("lobby demo");
    assert!(loaded.success());
    place
}

/// A signed-in customer, and the filled-in form of a booking at 10:00.
async fn filled_in(place: &Place<'_>) -> (Browser, Form) {
    let browser = Browser::new(&format!("http://{}", place.address));
    browser.sign_in("c1002").await;
    let branch = browser.open("/appointments/new/cash").await.all("[name=branch]", "value").first().cloned().expect("a branch");
    let values = BookingValues { branch: &branch, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
    let form = fill_in(&browser, &values).await;
    (browser, form)
}

async fn a_form_sent_again_after_the_process_was_killed_is_the_same_case(bank: &TestBank) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = demo(bank, folder.path());
    let server = Server::start(&place).await;
    let (browser, form) = filled_in(&place).await;
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

/// The form of a move to a slot, from a page that showed the booking after so many moves.
fn move_to(number: &str, moves: usize, slot: &str) -> Form {
    let (key, moves) = (format!("move{moves:0>22}"), moves.to_string());
    let fields = [("key", &*key), ("version", "0"), ("do", "move"), ("moves", &*moves), ("slot", slot)];
    Form { action: format!("/appointments/{number}/move"), fields: pairs(&fields) }
}

/// How often the booking has been moved. What is reserved is what live bookings hold, and history agrees.
async fn moves(bank: &TestBank, number: &str) -> usize {
    assert_eq!(reserved_wrongly(bank).await, Vec::<String>::new());
    let of = |sql: &str| AssertSqlSafe(format!("{sql} '{number}'"));
    let moves = bank.number(of("SELECT moves FROM cash_appointments WHERE case_number =")).await;
    let told = bank.number(of("SELECT COUNT(*) FROM case_events WHERE action = 'move' AND case_number =")).await;
    assert_eq!(moves, told);
    usize::try_from(moves).expect("a count")
}

/// Killed at any moment, a move has happened as a whole or not at all; sent again, it has happened once.
async fn a_move_that_was_killed_is_whole_or_has_not_happened(bank: &TestBank) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = demo(bank, folder.path());
    let mut server = Server::start(&place).await;
    let (browser, form) = filled_in(&place).await;
    let number = browser.submit(&form).await.case_number().expect("a case");
    for turn in 0..rounds(40) {
        let form = move_to(&number, turn, ["11:00", "10:00"][turn % 2]);
        let sent = {
            let (browser, form) = (browser.clone(), form.clone());
            tokio::spawn(async move { browser.post(&form.action, &form.fields).await })
        };
        tokio::time::sleep(Duration::from_millis(u64::try_from(turn * 7 % 40).expect("a time"))).await;
        drop(server);
        // Without an answer the browser panics.
        let answered = sent.await.is_ok_and(|answer| answer.status == 303);
        let done = moves(bank, &number).await;
        assert!(done == turn + 1 || (done == turn && !answered), "round {turn}: {done}, {answered}");
        server = Server::start(&place).await;
        let again = browser.post(&form.action, &form.fields).await;
        assert_eq!(again.location.as_deref(), Some(&*format!("/appointments/{number}#answer")), "round {turn}: {}", again.status);
        assert_eq!(moves(bank, &number).await, turn + 1, "round {turn}");
    }
}

on_both_engines!(
    blank: a_form_sent_again_after_the_process_was_killed_is_the_same_case,
    a_move_that_was_killed_is_whole_or_has_not_happened,
);

/// On PostgreSQL the middle is certain: the move has swapped the capacity and waits for the row of its customer.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_killed_in_the_middle_of_a_move_leaves_nothing_of_it() {
    let Some(bank) = TestBank::blank_postgres().await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let place = demo(&bank, folder.path());
    let server = Server::start(&place).await;
    let (browser, form) = filled_in(&place).await;
    let number = browser.submit(&form).await.case_number().expect("a case");
    let form = move_to(&number, 0, "11:00");
    let row = held(&bank, "UPDATE customers SET risk_flag = risk_flag").await;
    let sent = {
        let (browser, form) = (browser.clone(), form.clone());
        tokio::spawn(async move { browser.post(&form.action, &form.fields).await })
    };
    waiting(&bank, 1).await;
    drop(server);
    row.close().await.expect("rolled back");
    assert!(sent.await.is_err(), "it was killed before it could answer");
    let _server = Server::start(&place).await;
    assert_eq!(moves(&bank, &number).await, 0);
    let again = browser.post(&form.action, &form.fields).await;
    assert_eq!(again.location.as_deref(), Some(&*format!("/appointments/{number}#answer")), "{}", again.status);
    assert_eq!(moves(&bank, &number).await, 1);
    bank.drop_database().await;
}
