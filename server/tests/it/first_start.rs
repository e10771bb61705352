//! First starts on a database with the real binary: several at once do the work once, and a damaged file is reported as
//! damaged.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::on_both_engines;
use crate::support::TestBank;

fn lobby(data: &Path, database: &str, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lobby"));
    command.args(words).env("LOBBY_DATA", data).env("LOBBY_DATABASE", database).env("LOBBY_ADDRESS", "127.0.0.1:0");
    command.current_dir(data).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts all processes at once and waits for all.
fn all_at_once(commands: Vec<Command>) -> Vec<Output> {
    let started: Vec<Child> = commands.into_iter().map(|mut command| command.spawn().expect("lobby")).collect();
    started.into_iter().map(|child| child.wait_with_output().expect("an end")).collect()
}

fn ensure_all_went_well(outputs: &[Output]) {
    for output in outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn first_starts_at_once_on_one_file_make_it_once() {
    for _ in 0..3 {
        let folder = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite:{}", folder.path().join("new/lobby.db").display());
        let starts = (0..4).map(|_| lobby(folder.path(), &database, &["migrate"])).collect();
        ensure_all_went_well(&all_at_once(starts));
    }
}

async fn demo_banks_loaded_at_once_are_one(bank: &TestBank) {
    let folder = tempfile::tempdir().expect("a folder");
    // The secrets are created first; creating them concurrently is another test.
    ensure_all_went_well(&all_at_once(vec![lobby(folder.path(), bank.database(), &["migrate"])]));
    let loads = (0..3).map(|_| lobby(folder.path(), bank.database(), &["demo", "--customers", "40"])).collect();
    let outputs = all_at_once(loads);
    ensure_all_went_well(&outputs);
    let said = |words: &str| outputs.iter().filter(|output| String::from_utf8_lossy(&output.stdout).contains(words)).count();
    assert_eq!((said("The demo bank is loaded."), said("The demo bank was loaded before.")), (1, 2));
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name LIKE 'g%'").await, 40);
    assert_eq!(bank.count("branches").await, 8);
}

on_both_engines!(blank: demo_banks_loaded_at_once_are_one);

#[test]
fn a_damaged_file_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lobby.db");
    let database = format!("sqlite:{}", file.display());
    ensure_all_went_well(&all_at_once(vec![lobby(folder.path(), &database, &["demo"])]));
    let whole = std::fs::read(&file).expect("a file");
    // A page in the middle of the file, and the first page.
    for damaged in [whole.len() / 2 / 4096 * 4096, 0] {
        let mut bytes = whole.clone();
        bytes[damaged..damaged + 4096].fill(0xa5);
        std::fs::write(&file, bytes).expect("written");
        let output = lobby(folder.path(), &database, &["serve"]).output().expect("an end");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("damaged") && said.contains("backup"), "{damaged}: {said}");
    }
}
