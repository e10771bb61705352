//! The command `lobby import`: killed with SIGKILL it leaves all rows or none, secrets go to a private file, no message holds a value.
//! `imports.rs` tests the import itself.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use bank::imports::ImportKind;

use crate::house_rules::root;
use crate::imports::{HEADER, customers, nothing_staged};
use crate::on_both_engines;
use crate::support::TestBank;

/// A value that no message may hold.
const MARKER: &str = "泄露标记";

on_both_engines!(blank:
    a_killed_import_leaves_nothing,
    what_a_killed_import_has_decided_is_finished,
    secrets_go_to_a_new_private_file_and_none_is_lost,
    no_value_stands_in_a_message,
);

/// `lobby` with these words, its data in `folder`.
fn lobby(bank: &TestBank, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lobby"));
    command.args(words).env("LOBBY_DATA", folder).env("LOBBY_DATABASE", bank.database()).current_dir(folder);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub async fn run(bank: &TestBank, folder: &Path, words: &[&str]) -> Output {
    let mut command = lobby(bank, folder, words);
    tokio::task::spawn_blocking(move || command.output().expect("lobby")).await.unwrap()
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn a_killed_import_leaves_nothing(bank: &TestBank) {
    let folder = tempfile::tempdir().unwrap();
    let branches = std::fs::read_to_string(root().join("docs/import/branches.csv")).unwrap().replace("main,1", "shiqi,1");
    std::fs::write(folder.path().join("branches.csv"), branches).unwrap();
    let done = run(bank, folder.path(), &["import", "branches", "branches.csv"]).await;
    assert!(done.status.success(), "{}", said(&done));
    // The portal would take bookings that nobody answers: said after the import, and by `lobby check`, which does not fail.
    let nobody = "Warning: at Harbour Branch (harbour) nobody who can sign in may answer or serve the counter or approve.";
    assert!(said(&done).contains(nobody), "{}", said(&done));
    std::fs::write(folder.path().join("customers.csv"), format!("{HEADER}{}", customers(0..6_000))).unwrap();
    let words = ["import", "customers", "customers.csv", "--codes", "codes.csv"];
    let mut child = lobby(bank, folder.path(), &words).spawn().unwrap();
    let mut staged = 0;
    while staged == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        staged = bank.count("import_customers").await;
    }
    // SIGKILL on Unix.
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((bank.count("customers").await, bank.count("users").await), (0, 0));
    assert!(bank.count("import_customers").await >= staged, "the staged rows of the dead run are still there");
    // The next import takes the lock of the dead one and removes what it left.
    let few = format!("{HEADER}{}", customers(0..5));
    std::fs::write(folder.path().join("few.csv"), few).unwrap();
    let done = run(bank, folder.path(), &["import", "customers", "few.csv", "--codes", "codes2.csv"]).await;
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(bank.count("customers").await, 5);
    nothing_staged(bank).await;
}

async fn what_a_killed_import_has_decided_is_finished(bank: &TestBank) {
    let folder = tempfile::tempdir().unwrap();
    let branches = std::fs::read_to_string(root().join("docs/import/branches.csv")).unwrap().replace("main,1", "shiqi,1");
    std::fs::write(folder.path().join("branches.csv"), branches).unwrap();
    assert!(run(bank, folder.path(), &["import", "branches", "branches.csv"]).await.status.success());
    std::fs::write(folder.path().join("customers.csv"), format!("{HEADER}{}", customers(0..2_000))).unwrap();
    let words = ["import", "customers", "customers.csv", "--codes", "codes.csv"];
    let mut child = lobby(bank, folder.path(), &words).spawn().unwrap();
    while bank.count("customers").await == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!((1..2_000).contains(&bank.count("customers").await));
    // The next import finishes the dead one first. Its people got no codes; the same file gives them.
    std::fs::remove_file(folder.path().join("codes.csv")).unwrap();
    let done = run(bank, folder.path(), &words).await;
    assert!(said(&done).contains("customers: 0 new, 0 changed, 2000 unchanged."), "{}", said(&done));
    assert!(said(&done).contains("2000 people can set a password"), "{}", said(&done));
    assert_eq!((bank.count("customers").await, bank.count("activations").await), (2_000, 2_000));
    nothing_staged(bank).await;
}

async fn secrets_go_to_a_new_private_file_and_none_is_lost(bank: &TestBank) {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["branches", "staff", "customers"] {
        std::fs::copy(root().join(format!("docs/import/{kind}.csv")), folder.path().join(format!("{kind}.csv"))).unwrap();
    }
    let done = run(bank, folder.path(), &["import", "branches", "branches.csv"]).await;
    assert!(done.status.success(), "{}", said(&done));
    for (kind, people) in [("staff", 8), ("customers", 4)] {
        let file = format!("{kind}.csv");
        let refused = run(bank, folder.path(), &["import", kind, &file]).await;
        assert!(!refused.status.success() && said(&refused).contains("--codes"), "{}", said(&refused));
        let codes = folder.path().join(format!("{kind}-codes.csv"));
        let with_codes = ["import", kind, &file, "--codes", codes.to_str().unwrap()];
        let done = run(bank, folder.path(), &with_codes).await;
        assert!(done.status.success(), "{}", said(&done));
        let written = std::fs::read_to_string(&codes).unwrap();
        assert_eq!(written.lines().count(), people + 1, "{written}");
        assert!(written.starts_with("sign_in_name,activation,branch,valid_until\n"), "{written}");
        let branches = written.lines().skip(1).filter(|line| line.contains(",main,20") || line.contains(",harbour,20")).count();
        assert!(branches > 0, "{written}");
        // Other computers can open no link of this origin; a code is no link.
        assert_eq!(said(&done).contains("LOBBY_PUBLIC_ORIGIN"), kind == "staff", "{}", said(&done));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&codes).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // The file is never overwritten.
        let again = run(bank, folder.path(), &with_codes).await;
        assert!(!again.status.success() && said(&again).contains("a file that does not exist yet"), "{}", said(&again));
        assert_eq!(std::fs::read_to_string(&codes).unwrap(), written);
        // Everybody holds a secret: nothing is written, and no empty file stays.
        let more = folder.path().join("more.csv");
        let done = run(bank, folder.path(), &["import", kind, &file, "--codes", more.to_str().unwrap()]).await;
        assert!(done.status.success() && !more.exists(), "{}", said(&done));
        // An import that was killed before some secrets were valid goes on with those.
        let one = if kind == "staff" { "wang.wei" } else { "k100001" };
        let gone = format!("DELETE FROM activations WHERE user_id IN (SELECT id FROM users WHERE sign_in_name = '{one}')");
        bank.change(&gone).await;
        let done = run(bank, folder.path(), &["import", kind, &file, "--codes", more.to_str().unwrap()]).await;
        assert!(done.status.success(), "{}", said(&done));
        assert_eq!(std::fs::read_to_string(&more).unwrap().lines().count(), 2);
        std::fs::remove_file(&more).unwrap();
    }
    assert_eq!(bank.count("activations").await, 12);
    a_secret_that_has_expired_is_renewed(bank, folder.path()).await;
    let links = std::fs::read_to_string(folder.path().join("staff-codes.csv")).unwrap();
    assert!(links.lines().skip(1).all(|line| line.contains(",http://127.0.0.1:3000/activate/")), "{links}");
}

/// Who has not used a secret in time gets another one from the same file; who has set a password gets none.
async fn a_secret_that_has_expired_is_renewed(bank: &TestBank, folder: &Path) {
    bank.change("UPDATE activations SET expires_at = created_at + 1").await;
    let used = "UPDATE users SET password_hash = 'set' WHERE sign_in_name IN ('wang.wei', 'k100001')";
    bank.change(used).await;
    for (kind, people) in [("staff", 7), ("customers", 3)] {
        let file = format!("{kind}.csv");
        // A file that cron imports without new people goes on.
        let done = run(bank, folder, &["import", kind, &file]).await;
        let told = format!("{people} people have no password and no valid link or code any more; --codes FILE");
        assert!(done.status.success() && said(&done).contains(&told), "{}", said(&done));
        let codes = folder.join(format!("{kind}-renewed.csv"));
        let renew = ["import", kind, &file, "--codes", codes.to_str().unwrap()];
        let done = run(bank, folder, &renew).await;
        assert!(done.status.success() && !said(&done).contains("any more"), "{}", said(&done));
        let written = std::fs::read_to_string(&codes).unwrap();
        assert_eq!(written.lines().count(), people + 1, "{written}");
        assert!(!written.contains("wang.wei") && !written.contains("k100001,"), "{written}");
        let more = folder.join("none.csv");
        let done = run(bank, folder, &["import", kind, &file, "--codes", more.to_str().unwrap()]).await;
        assert!(done.status.success() && !more.exists(), "a renewed secret is valid: {}", said(&done));
    }
    let valid = "SELECT COUNT(*) FROM activations WHERE used_at IS NULL AND ended_at IS NULL AND expires_at > created_at + 1";
    assert_eq!(bank.number(valid).await, 10);
    let ended = "SELECT COUNT(*) FROM activations WHERE ended_at IS NOT NULL";
    assert_eq!(bank.number(ended).await, 10, "the expired ones have ended");
}

async fn no_value_stands_in_a_message(bank: &TestBank) {
    let folder = tempfile::tempdir().unwrap();
    for kind in ImportKind::ALL {
        let row = kind.columns().iter().map(|_| MARKER).collect::<Vec<_>>().join(",");
        refused_without_a_value(bank, folder.path(), kind, &format!("{}\n{row}\n{row}\n", kind.columns().join(","))).await;
    }
    let kind = ImportKind::Calendar;
    std::fs::write(folder.path().join("dates.csv"), "日期,kind,name\n").unwrap();
    let refused = said(&run(bank, folder.path(), &["import", "calendar", "dates.csv"]).await);
    let expected = "line 1: unknown or repeated columns: 日期; columns that are not there: date\n\
                    The columns of calendar are, in any order: date,kind,name\n";
    assert!(refused.contains(expected) && refused.contains("nothing was imported: 1 fault\n"), "{refused}");
    for text in [format!("{MARKER},{MARKER}\n"), format!("date,kind,name\n{MARKER},{MARKER}\n")] {
        refused_without_a_value(bank, folder.path(), kind, &text).await;
    }
    for text in [format!("[{{\"{MARKER}\": \"{MARKER}\"}}, \"{MARKER}\"]"), format!("\"{MARKER}\"")] {
        refused_without_a_value(bank, folder.path(), kind, &text).await;
    }
}

/// Imports a text that begins like JSON as JSON, any other as CSV.
async fn refused_without_a_value(bank: &TestBank, folder: &Path, kind: ImportKind, text: &str) {
    std::fs::write(folder.join("file"), text).unwrap();
    let format = if text.starts_with(['[', '"']) { "json" } else { "csv" };
    let refused = run(bank, folder, &["import", kind.code(), "file", "--format", format]).await;
    let said = said(&refused);
    assert!(refused.status.code() == Some(1) && said.contains("line "), "{said}");
    assert!(!said.contains(MARKER), "{said}");
}
