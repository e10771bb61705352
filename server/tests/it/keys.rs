//! The sealing keys: a lost or exchanged key stops the start, rotation runs while the portal is served and can be interrupted,
//! a sealed value is bound to its row, and equal numbers are found without opening them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use bank::customers::{Lookup, find_customers};
use bank::kernel::bank::Bank;
use bank::kernel::database::Engine;
use bank::kernel::seal::columns::{COLUMNS, CUSTOMER_PHONE};
use bank::keys::reseal;
use server::commands::demo;
use server::{host, keys};
use sqlx::AssertSqlSafe;
use tokio::sync::watch;

use crate::on_both_engines;
use crate::support::{Browser, TestBank};

on_both_engines!(blank:
    a_lost_or_exchanged_key_stops_the_start,
    keys_are_rotated_while_the_portal_is_served,
    rotation_that_is_broken_off_goes_on,
    a_sealed_value_moved_to_another_row_does_not_open,
    every_sealed_column_of_the_schema_is_listed,
    customers_are_found_by_their_numbers_under_every_key,
);

/// The bank as `serve` opens it, with the demo bank loaded.
async fn opened(bank: &TestBank) -> Bank {
    let opened = host::open_bank(&bank.settings(), bank.clock()).await.expect("a bank");
    demo::load(&opened, 30).await.expect("a demo bank");
    opened
}

/// A browser signed in as c1002 at a portal of this bank.
async fn signed_in(bank: &TestBank, opened: &Bank) -> Browser {
    let browser = Browser::new(&bank.serve(opened.clone(), watch::channel(false).1).await);
    browser.sign_in("c1002").await;
    browser
}

async fn refusal(bank: &TestBank) -> String {
    match host::open_bank(&bank.settings(), bank.clock()).await {
        Ok(_) => panic!("it started"),
        Err(error) => format!("{error:#}"),
    }
}

async fn a_lost_or_exchanged_key_stops_the_start(bank: &TestBank) {
    opened(bank).await.db().close().await;
    let folder = bank.settings().data;
    let (key, away) = (folder.join("seal.key"), folder.join("away.key"));
    fs::rename(&key, &away).unwrap();
    let said = refusal(bank).await;
    assert!(said.contains("seal.key is missing") && said.contains("backup"), "{said}");
    assert!(!key.exists(), "no new key is made in place of the lost one");
    fs::write(&key, [9; 32]).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let said = refusal(bank).await;
    assert!(said.contains("not the key this database was sealed with"), "{said}");
    fs::rename(&away, &key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = refusal(bank).await;
    assert!(said.contains("can be read by others"), "{said}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    host::open_bank(&bank.settings(), bank.clock()).await.expect("the right key").db().close().await;
    // Without a list of keys (release 0.1.0) the key is verified against the stored values.
    bank.change("DELETE FROM seal_keys").await;
    fs::rename(&key, &away).unwrap();
    assert!(refusal(bank).await.contains("seal.key is missing"));
}

/// The number of sealed values that are not under this key.
async fn unsettled(bank: &TestBank, key: i64) -> i64 {
    let mut found = 0;
    for column in COLUMNS {
        let sql = format!("SELECT COUNT(*) FROM {0} WHERE {1} NOT LIKE '{key}:%'", column.table, column.name);
        found += bank.number(AssertSqlSafe(sql)).await;
    }
    found
}

async fn keys_are_rotated_while_the_portal_is_served(bank: &TestBank) {
    let serving = opened(bank).await;
    assert_eq!(unsettled(bank, 1).await, 0);
    let browser = signed_in(bank, &serving).await;
    bank.change("UPDATE users SET phone_validated_at = 1, phone_validated_index = (SELECT phone_index FROM customers c WHERE c.id = customer_id)").await;
    let mut rotating = Command::new(env!("CARGO_BIN_EXE_lobby"));
    rotating.args(["keys", "rotate"]).env("LOBBY_DATA", bank.settings().data).env("LOBBY_DATABASE", bank.database());
    let rotating = tokio::task::spawn_blocking(move || rotating.output().expect("lobby keys rotate"));
    let mut pages = 0;
    while !rotating.is_finished() || pages < 10 {
        assert_eq!(browser.get("/me").await.status, 200, "the numbers are shown all the while");
        pages += 1;
    }
    let output = rotating.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said} {}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("customers: ") && said.contains("values are sealed with key 2"), "{said}");
    assert_eq!(unsettled(bank, 2).await, 0);
    let validated = "SELECT COUNT(*) FROM users u JOIN customers c ON c.id = u.customer_id WHERE u.phone_validated_index = c.phone_index \
                     AND c.phone_index LIKE '2:%'";
    let all = "SELECT COUNT(*) FROM users WHERE phone_validated_index IS NOT NULL";
    let (validated, all) = (bank.number(validated).await, bank.number(all).await);
    assert!(validated == all && all > 0, "a number that was validated stays so: {validated} of {all}");
    assert_eq!(serving.seal().newest(), 2, "the server seals with the new key from now on");
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'seal_key'").await, 2);
    assert!(bank.settings().data.join("seal-2.key").exists());
    serving.db().close().await;
    // Both keys are listed in the database now.
    fs::remove_file(bank.settings().data.join("seal-2.key")).unwrap();
    assert!(refusal(bank).await.contains("seal-2.key is missing"));
}

async fn rotation_that_is_broken_off_goes_on(bank: &TestBank) {
    let first = opened(bank).await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (folder, say) = (bank.settings().data, move |_: &str, _| tell.send(()).expect("somebody listens"));
    tokio::select! {
        _ = keys::rotate(&first, &folder, say) => panic!("it was not broken off"),
        _ = told.recv() => {}
    }
    let left = unsettled(bank, 2).await;
    assert!(left > 0, "it was broken off");
    first.db().close().await;
    // The next start finishes the resealing.
    let second = host::open_bank(&bank.settings(), bank.clock()).await.expect("a bank");
    assert_eq!((second.seal().newest(), unsettled(bank, 2).await), (2, 0));
    let again = reseal(&second, |_, _| panic!("nothing is left to do")).await.unwrap();
    assert_eq!(again.values, 0);
    second.db().close().await;
}

async fn a_sealed_value_moved_to_another_row_does_not_open(bank: &TestBank) {
    let opened = opened(bank).await;
    let browser = signed_in(bank, &opened).await;
    assert_eq!(browser.get("/me").await.status, 200);
    bank.change("UPDATE customers SET phone_sealed = (SELECT phone_sealed FROM customers WHERE id = 'c1001') WHERE id = 'c1002'")
        .await;
    assert_eq!(browser.get("/me").await.status, 500, "another's number is never shown");
    let sql = "SELECT phone_sealed FROM customers WHERE id = 'c1002'";
    let (sealed,): (String,) = opened.read().await.unwrap().fetch_one(sql, Vec::new()).await.unwrap();
    assert!(opened.seal().open(&CUSTOMER_PHONE, "c1001", &sealed).is_ok());
    assert!(opened.seal().open(&CUSTOMER_PHONE, "c1002", &sealed).is_err());
    opened.db().close().await;
}

async fn every_sealed_column_of_the_schema_is_listed(bank: &TestBank) {
    let sql = match bank.bank.db().engine() {
        Engine::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\'"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = 'public' AND column_name LIKE '%\\_sealed'"
        }
    };
    let found: Vec<(String, String)> = bank.bank.read().await.unwrap().fetch_all(sql, Vec::new()).await.unwrap();
    let found: BTreeSet<_> = found.into_iter().filter(|(table, _)| table != "seal_keys").collect();
    let listed = COLUMNS.iter().map(|column| (column.table.to_owned(), column.name.to_owned()));
    let listed: BTreeSet<_> = listed.filter(|(table, _)| table != "form_states").collect();
    assert_eq!(found, listed);
}

async fn customers_are_found_by_their_numbers_under_every_key(bank: &TestBank) {
    let opened = opened(bank).await;
    let find =
        async |lookup: Lookup<'_>| find_customers(&mut opened.read().await.unwrap(), opened.seal(), &lookup).await.unwrap();
    for rotated in [false, true] {
        if rotated {
            // Sealed with the new key but still indexed under the old one: found as well.
            opened.seal().add(2, &[5; 32]).unwrap();
        }
        assert_eq!(find(Lookup::Phone("138 0000 1003")).await, ["c1003"]);
        assert_eq!(find(Lookup::IdNumber("99999999mademoC103".replace('o', "0").as_str())).await, ["c1003"]);
        let by_last_four = find(Lookup::PhoneLast4("1003")).await;
        assert!(by_last_four.contains(&"c1003".to_owned()), "{by_last_four:?}");
        for lookup in [Lookup::Phone("13800001"), Lookup::PhoneLast4("003"), Lookup::IdNumber("")] {
            assert!(find(lookup).await.is_empty());
        }
    }
    let indexes =
        "SELECT COUNT(*) FROM customers WHERE phone_index LIKE '%1003%' OR id_index IS NULL OR phone_last4_index IS NULL";
    assert_eq!(bank.number(indexes).await, 0);
    opened.db().close().await;
}

fn ensure_private(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, data) = (entry.path(), entry.metadata().expect("data"));
        let mode = data.permissions().mode() & 0o777;
        assert_eq!(mode, if data.is_dir() { 0o700 } else { 0o600 }, "{} has mode {mode:o}", path.display());
        if data.is_dir() {
            ensure_private(&path);
        }
    }
}

#[test]
fn everything_in_the_data_folder_is_private_whatever_the_umask() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("data");
    let lobby = env!("CARGO_BIN_EXE_lobby");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let run = |words: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("umask 000; exec {lobby} {words}")]).current_dir(place.path());
        command.env("LOBBY_DATA", &data).env_remove("LOBBY_DATABASE").env("LOBBY_ADDRESS", format!("127.0.0.1:{port}"));
        command
    };
    assert!(run("demo").output().expect("lobby").status.success());
    // An older release left the database readable for others.
    fs::set_permissions(data.join("lobby.db"), fs::Permissions::from_mode(0o644)).expect("a mode");
    let mut serving = run("serve").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("lobby");
    for _ in 0..200 {
        let laid = fs::read_dir(data.join("outbox")).map_or(0, Iterator::count);
        if laid > 0 && data.join("session.key").exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let outbox = data.join("outbox").exists();
    ensure_private(&data);
    serving.kill().expect("killed");
    serving.wait().expect("an end");
    assert!(outbox && fs::metadata(&data).expect("data").permissions().mode() & 0o777 == 0o700);
}
