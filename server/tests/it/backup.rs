//! `lobby backup` and `lobby restore`: a backup taken while bookings run is consistent, is restored on either engine, and people
//! continue on the restored bank. Incomplete and damaged files are refused, and nothing is ever overwritten.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use bank::kernel::check::{Finding, examine};
use bank::kernel::database::Engine;
use bank::keys::{register_key, reseal};
use server::commands::{backup, restore::restore};
use server::secrets::seal_key;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, act, whole};
use crate::support::crowd::{crowd, made, press};
use crate::support::kinds::{Workshop, open_states};
use crate::support::seed::{BRANCH, parameter};
use crate::support::{Browser, Form, TestBank};

on_both_engines!(
    a_backup_during_bookings_is_restored_on_both_engines_and_people_go_on,
    what_is_restored_is_what_was_backed_up,
    a_file_is_new_private_and_complete,
    a_bank_in_use_and_a_missing_key_are_refused,
);

const DAY: &str = "2026-11-25";

/// A bank without a database, and the key of the test banks in its data folder.
pub async fn elsewhere(engine: Engine) -> Option<TestBank> {
    let bank = match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().expect("a folder");
            let database = format!("sqlite:{}", folder.path().join("lobby.db").display());
            TestBank::unmigrated(folder, database).await
        }
        Engine::Postgres => TestBank::empty_postgres().await?,
    };
    lay_key(&bank);
    Some(bank)
}

fn lay_key(bank: &TestBank) {
    let key = bank.settings().data.join(seal_key(1));
    fs::write(&key, [7; 32]).expect("a key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a mode");
}

/// Registers the key and seals everything with it, as a started portal has.
pub async fn settle(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    reseal(&bank.bank, |_, _| ()).await.expect("sealed");
}

/// Writes a backup into the data folder.
pub async fn back_up(bank: &TestBank) -> PathBuf {
    let folder = bank.settings().data;
    let (path, written) = backup::write(bank.bank.db(), &bank.clock(), &folder.join(unique("backup"))).await.expect("written");
    assert!(written.tables > 30 && written.all_rows > 100, "{written:?}");
    path
}

fn unique(name: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}", COUNT.fetch_add(1, Ordering::SeqCst))
}

async fn restored(on: TestBank, from: &Path) -> TestBank {
    let (bank, findings) = restore(&on.settings(), on.clock(), from).await.expect("restored");
    assert_eq!(findings.iter().map(Finding::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    bank.db().close().await;
    on.upgraded().await
}

/// The form of a booking in one of eight slots.
fn booking(name: &str, turn: usize) -> Form {
    let slot = format!("{:02}:00", 9 + turn % 8);
    let values = BookingValues { branch: BRANCH, day: DAY, slot: &slot, amount: "50000", notes_100: "500" };
    whole(name, &format!("{name:x>26}"), &values)
}

async fn a_backup_during_bookings_is_restored_on_both_engines_and_people_go_on(bank: &TestBank) {
    for (name, value) in [("cash_slot_places", "100"), ("cash_day_total", "100000000"), ("cash_stock_100", "1000000")] {
        parameter(&bank.bank, name, value).await;
    }
    settle(bank).await;
    let people = crowd(bank, 8).await;
    let forms: Vec<(Browser, Form)> =
        people.iter().enumerate().map(|(turn, (name, browser))| (browser.clone(), booking(name, turn))).collect();
    let bookings = tokio::spawn(press(forms));
    // Somewhere among the bookings; the number of cases in the backup is what it is.
    let mut copies = Vec::new();
    while !bookings.is_finished() && copies.len() < 3 {
        copies.push(back_up(bank).await);
    }
    let answers = bookings.await.expect("bookings");
    // A loaded machine may answer some with 503.
    let booked = i64::try_from(made(&answers)).expect("a count");
    assert!(booked > 0 && bank.count("cash_appointments").await >= booked, "{booked} bookings");
    copies.push(back_up(bank).await);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for copy in &copies {
            let Some(other) = elsewhere(engine).await else { continue };
            let other = restored(other, copy).await;
            go_on(&other).await;
            if engine == Engine::Postgres {
                other.drop_database().await;
            }
        }
    }
}

/// A customer signs in and books, the branch answers and pays out, on a restored bank.
async fn go_on(bank: &TestBank) {
    let last = bank.number("SELECT COALESCE(MAX(seq), 0) FROM case_events").await;
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&booking("c1", 1)).await;
    let number = page.case_number().unwrap_or_else(|| panic!("{:?} {}", page.refusals(), page.text()));
    let next = bank
        .number(
            "SELECT MIN(seq) FROM case_events WHERE case_number IN (SELECT case_number FROM cash_appointments \
                            WHERE customer_id = 'customer-c1')",
        )
        .await;
    assert!(next > last, "event {next} comes after {last}");
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    bank.set_time(&format!("{DAY}T10:05:00+08:00"));
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "arrive", &[]).await;
    act(&clerk, &number, "complete", &[("purpose", "居住")]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_register WHERE amount = 5000000").await, 1);
    let update = bank.bank.write::<_, std::convert::Infallible, _>("change_history", |tx| {
        scoped_futures::ScopedFutureExt::scope_boxed(
            async move { Ok(tx.execute("UPDATE audit SET result = ''", Vec::new()).await?) },
        )
    });
    assert!(update.await.is_err(), "the audit trail is append-only");
    let findings = examine(&bank.bank).await.expect("an examination");
    assert_eq!(findings.iter().map(Finding::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

/// The lines of a backup without the time it was made and its checksum; columns in one order.
fn content(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).expect("a backup");
    let mut columns: Vec<usize> = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut line: serde_json::Value = serde_json::from_str(line).expect("json");
        if let Some(names) = line.get("columns").and_then(|names| names.as_array()) {
            columns = (0..names.len()).collect();
            columns.sort_by_key(|place| names[*place].to_string());
        }
        if let Some(object) = line.as_object_mut() {
            for changing in ["made_at", "sha256", "columns"] {
                object.remove(changing);
            }
        } else if let Some(row) = line.as_array() {
            line = columns.iter().map(|place| row[*place].clone()).collect();
        }
        lines.push(line);
    }
    lines
}

async fn what_is_restored_is_what_was_backed_up(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    for kind in bank::cases::CaseKind::all() {
        for state in open_states(kind) {
            shop.reach(kind, state).await;
        }
    }
    bank::cases::fold_counts(&bank.bank).await.expect("folded");
    for kind in bank::cases::CaseKind::all() {
        shop.open(kind, "50000").await;
    }
    // What a file must carry: quotation marks, line ends, characters beyond the basic plane, the largest numbers.
    bank.change("UPDATE customers SET address = '\"石岐\\区\"\u{1f3e6}\n\t\u{1}' WHERE id = 'customer-c1'").await;
    bank.change("UPDATE accounts SET balance = 9223372036854775807 WHERE id = 'acc-c1'").await;
    bank.change("UPDATE accounts SET balance = -9223372036854775807 WHERE id = 'acc-c2'").await;
    settle(bank).await;
    let first = back_up(bank).await;
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(other) = elsewhere(engine).await else { continue };
        let (second, _) = restore(&other.settings(), other.clock(), &first).await.expect("restored");
        let copy = other.settings().data.join("copy");
        backup::write(second.db(), &other.clock(), &copy).await.expect("written");
        let (before, after) = (content(&first), content(&copy));
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after);
        }
        second.db().close().await;
        if engine == Engine::Postgres {
            other.drop_database().await;
        }
    }
}

async fn a_file_is_new_private_and_complete(bank: &TestBank) {
    settle(bank).await;
    let folder = bank.settings().data;
    let (path, _) = backup::write(bank.bank.db(), &bank.clock(), &folder).await.expect("written");
    assert_eq!(path.file_name().expect("a name"), "lobby-2026-11-23-100000.backup");
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    let error = backup::write(bank.bank.db(), &bank.clock(), &path).await.expect_err("it exists");
    assert!(format!("{error:#}").contains("cannot be created"), "{error:#}");

    let whole = fs::read(&path).expect("a backup");
    let end = whole.len();
    let last_line = whole[..end - 1].iter().rposition(|byte| *byte == b'\n').expect("lines") + 1;
    let mut changed = whole.clone();
    let place = whole.windows(11).position(|bytes| bytes == b"customer-c1").expect("a customer");
    changed[place + 10] = b'2';
    let longer = [&whole[..], b"[1]\n"].concat();
    for (bytes, why) in [
        (&b""[..], "no backup"),
        (b"\x89PNG\r\n\x1a\n", "no backup"),
        (b"{\"a\":1}\n", "no backup"),
        (&whole[..end / 2], "incomplete"),
        (&whole[..last_line], "incomplete"),
        (&whole[..end - 1], "incomplete"),
        (&changed, "damaged"),
        (&longer, "damaged"),
    ] {
        let file = folder.join("bad");
        fs::write(&file, bytes).expect("written");
        let other = elsewhere(Engine::Sqlite).await.expect("a folder");
        let error = restore(&other.settings(), other.clock(), &file).await.map(|_| ()).expect_err(why);
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
}

async fn a_bank_in_use_and_a_missing_key_are_refused(bank: &TestBank) {
    settle(bank).await;
    let copy = back_up(bank).await;
    lay_key(bank);
    let before = bank.count("audit").await;
    let error = restore(&bank.settings(), bank.clock(), &copy).await.map(|_| ()).expect_err("in use");
    assert!(format!("{error:#}").contains("this database is in use"), "{error:#}");
    assert_eq!(bank.count("audit").await, before);

    let Some(other) = elsewhere(bank.bank.db().engine()).await else { return };
    let key = other.settings().data.join(seal_key(1));
    for wrong in [None, Some([8; 32])] {
        fs::remove_file(&key).expect("removed");
        if let Some(bytes) = wrong {
            fs::write(&key, bytes).expect("a key");
            fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a mode");
        }
        let error = restore(&other.settings(), other.clock(), &copy).await.map(|_| ()).expect_err("a wrong key");
        assert!(format!("{error:#}").contains("sealing key 1 is missing or is another key"), "{error:#}");
        assert_eq!(other.count("customers").await, 0, "all or nothing");
        lay_key(&other);
    }
    let other = restored(other, &copy).await;
    assert_eq!(other.count("customers").await, bank.count("customers").await);
    if other.bank.db().engine() == Engine::Postgres {
        other.drop_database().await;
    }
}
