//! How an import writes what it has decided: in small transactions, seen together, finished by somebody else after a crash.
//! `import_claims.rs` tests who gets a number that two want.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use bank::customers::{accounts, find_in_branch, issue_code, look_up};
use bank::imports::{ImportKind, ImportRefusal, Options, People, Report, import};
use bank::kernel::bank::Bank;
use bank::kernel::database::{Arg, Sent};
use bank::kernel::failure::Rejected;
use bank::kernel::forms::fresh_key;
use bank::keys::{register_key, reseal};
use bank::recommendations::known;
use bank::sessions::{Source, Staff, sign_in};
use bank::worker::round;
use server::commands::import::sheet::{read_csv, read_json};
use sqlx::AssertSqlSafe;

use crate::house_rules::root;
use crate::imports::{HEADER, customers, nothing_staged};
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::admin::check;
use crate::support::cash::{BookingValues, whole};
use crate::support::kinds::{as_customer, as_staff};
use crate::support::seed::{BRANCH, OTHER_BRANCH, PASSWORD};

on_both_engines!(
    rows_become_visible_together,
    a_killed_import_is_finished_by_a_worker,
    changes_of_a_killed_import_are_finished_by_the_next,
    nobody_sees_a_row_before_its_import_is_published,
    no_transaction_writes_more_than_a_portion,
    an_import_that_lost_its_lock_decides_nothing,
    a_rotation_takes_what_was_decided_before_it,
);

const OPTIONS: Options = Options { people: People::Real, dry_run: false, takes_secrets: true };

/// Customers of a file: more than two portions.
const ROWS: usize = 1_000;

/// The first, one of the middle and the last row of the file. Their ids are in no order.
const SOME: [&str; 3] = ["m00000", "m00500", "m00999"];

fn file() -> String {
    format!("{HEADER}{}", customers(0..ROWS))
}

fn report(inserted: usize, changed: usize, unchanged: usize, to_invite: usize) -> Report {
    Report { inserted, changed, unchanged, to_invite, ..Report::default() }
}

async fn imported_by(node: &Bank, kind: ImportKind, text: &str) -> Result<Report, ImportRefusal> {
    let sheet = if text.starts_with('[') { read_json(kind, text.as_bytes()) } else { read_csv(kind, text.as_bytes()) };
    let sheet = sheet.expect("a sheet");
    match import(node, kind, &sheet.rows, sheet.faults, &OPTIONS, &|_| ()).await {
        Ok(report) => Ok(report),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// Imports in another process, which ends without a trace as soon as `sql` counts a row.
async fn killed_when(bank: &TestBank, text: &str, sql: &'static str) {
    let node = bank.another_node().await;
    let watch = async {
        while bank.number(sql).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        done = imported_by(&node, ImportKind::Customers, text) => panic!("it ended first: {done:?}"),
        () = watch => {}
    }
    node.db().close().await;
}

/// Customers whose name has been changed.
const CHANGED: &str = "SELECT COUNT(*) FROM customers WHERE name = '王大明'";

/// How many of [`SOME`] the desk finds.
async fn found(bank: &Bank, clerk: &Staff) -> usize {
    let mut found = 0;
    for number in SOME {
        found += usize::from(look_up(bank, clerk, number).await.expect("a look-up").is_some());
    }
    found
}

async fn rows_become_visible_together(bank: &TestBank) {
    let node = bank.another_node().await;
    let clerk = as_staff(bank, "clerk").await;
    let finished = AtomicBool::new(false);
    let watch = async {
        let mut seen = Vec::new();
        while !finished.load(Ordering::SeqCst) {
            seen.push(found(&node, &clerk).await);
            // Others write all the while.
            bank.change("UPDATE users SET name = name WHERE sign_in_name = 'c1'").await;
        }
        seen
    };
    let work = async {
        let done = imported_by(&bank.bank, ImportKind::Customers, &file()).await;
        finished.store(true, Ordering::SeqCst);
        done
    };
    let (seen, done) = tokio::join!(watch, work);
    assert_eq!(done, Ok(report(ROWS, 0, 0, ROWS)));
    // One look-up after the other: the change may fall between two of them, once.
    assert!(seen.is_sorted() && seen.iter().filter(|count| ![0, SOME.len()].contains(count)).count() <= 1, "{seen:?}");
    assert_eq!(found(&node, &clerk).await, SOME.len());
    node.db().close().await;
}

async fn a_killed_import_is_finished_by_a_worker(bank: &TestBank) {
    let clerk = as_staff(bank, "clerk").await;
    let before = bank.count("customers").await;
    killed_when(bank, &file(), "SELECT COUNT(*) FROM customers WHERE import_run IS NOT NULL").await;
    let written = bank.count("customers").await - before;
    let all = i64::try_from(ROWS).expect("a number");
    assert!((1..all).contains(&written), "{written} rows were written");
    assert_eq!(found(&bank.bank, &clerk).await, 0, "none is seen");
    let (one, two) = tokio::join!(round(&bank.bank), round(&bank.bank));
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    // The second may have left it to the first.
    round(&bank.bank).await.expect("a round");
    nothing_staged(bank).await;
    assert_eq!(bank.count("customers").await, before + all);
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE import_run IS NOT NULL").await, all);
    assert_eq!(found(&bank.bank, &clerk).await, SOME.len());
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'import'").await, 1);
    assert_eq!(imported_by(&bank.bank, ImportKind::Customers, &file()).await, Ok(report(0, 0, ROWS, ROWS)));
    // One that dies before it has decided leaves nothing, and a worker removes what it staged.
    let other = file().replace("\nm", "\nn");
    killed_when(bank, &other, "SELECT COUNT(*) FROM import_customers").await;
    round(&bank.bank).await.expect("a round");
    nothing_staged(bank).await;
    assert_eq!(bank.count("customers").await, before + all);
}

async fn changes_of_a_killed_import_are_finished_by_the_next(bank: &TestBank) {
    imported_by(&bank.bank, ImportKind::Customers, &file()).await.expect("imported");
    let renamed = file().replace("王小明", "王大明");
    killed_when(bank, &renamed, CHANGED).await;
    let all = i64::try_from(ROWS).expect("a number");
    assert!((1..all).contains(&bank.number(CHANGED).await));
    let days = imported_by(&bank.bank, ImportKind::Calendar, "date,kind,name\n2027-01-01,closed,元旦\n").await;
    assert_eq!(days, Ok(report(1, 0, 0, 0)));
    nothing_staged(bank).await;
    assert_eq!(bank.number(CHANGED).await, all);
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE name = '王大明'").await, all);
    assert_eq!(imported_by(&bank.bank, ImportKind::Customers, &renamed).await, Ok(report(0, 0, ROWS, ROWS)));
}

async fn nobody_sees_a_row_before_its_import_is_published(bank: &TestBank) {
    let products = std::fs::read_to_string(root().join("docs/import/products.json")).expect("a file");
    imported_by(&bank.bank, ImportKind::Products, &products).await.expect("products");
    let (customer, clerk) = (as_customer(bank, "c1").await, as_staff(bank, "clerk").await);
    let (browser, admin) = (bank.signed_in("c1").await, bank.signed_in("admin").await);
    let id = customer.customer_id();
    let user = find_in_branch(&bank.bank, &clerk, id).await.expect("read").expect("found").users.swap_remove(0);
    // Nothing but a customer hangs on the other branch, so a preview of its closing counts the customers.
    bank.change(&format!("UPDATE users SET branch_id = '{BRANCH}' WHERE branch_id = '{OTHER_BRANCH}'")).await;
    bank.change("INSERT INTO import_runs (id, kind, started_at, state) VALUES ('run', 'customers', 0, 'decided')").await;
    for sql in [
        "UPDATE accounts SET import_run = 'run' WHERE customer_id = 'customer-c1'",
        "INSERT INTO holdings (customer_id, product_code, amount, import_run) VALUES ('customer-c1', 'demand', 1, 'run')",
        "UPDATE users SET import_run = 'run' WHERE sign_in_name IN ('c1', 'c2')",
        "UPDATE users SET password_hash = '' WHERE sign_in_name = 'c1'",
        "UPDATE customers SET import_run = 'run', usual_branch_id = 'dongqu' WHERE number = 'c2'",
    ] {
        bank.change(sql).await;
    }
    for (state, seen) in [("decided", false), ("published", true)] {
        bank.change(&format!("UPDATE import_runs SET state = '{state}'")).await;
        assert_eq!(!accounts(&bank.bank, &customer).await.expect("read").is_empty(), seen, "accounts {state}");
        let held = known(&bank.bank, &customer).await.expect("read").holdings;
        assert_eq!(!held.is_empty(), seen, "holdings {state}");
        let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "500" };
        let booked = browser.submit(&whole("c1", &format!("{state:x>26}"), &values)).await;
        assert_eq!(booked.case_number().is_some(), seen, "a booking from an account {state}");
        let users = find_in_branch(&bank.bank, &clerk, id).await.expect("read").expect("found").users.len();
        assert_eq!(users > 0, seen, "users {state}");
        let key = fresh_key(&bank.bank).expect("a key");
        assert_eq!(issue_code(&bank.bank, &clerk, &user.user_id, &key).await.is_ok(), seen, "a code {state}");
        assert_eq!(sign_in(&bank.bank, "c2", PASSWORD.to_owned(), &Source::here("test")).await.is_ok(), seen, "sign-in {state}");
        let preview = check(&admin, &format!("/admin/branches/{OTHER_BRANCH}/closing"), &[("closing", "on")]).await;
        assert_eq!(preview.text().contains("1 位客户常去这个网点"), seen, "{state}: {}", preview.text());
        bank.change("UPDATE customers SET usual_branch_id = NULL WHERE number = 'c2'").await;
        assert_eq!(look_up(&bank.bank, &clerk, "c2").await.expect("read").is_some(), seen, "customer {state}");
        bank.change("UPDATE customers SET usual_branch_id = 'dongqu' WHERE number = 'c2'").await;
    }
}

/// The last customers of the portions that these statements wrote, by statement.
fn portions(sent: &[Sent]) -> BTreeMap<(String, String), Vec<String>> {
    const TABLES: [&str; 4] = ["customers", "users", "accounts", "holdings"];
    let mut portions = BTreeMap::<_, Vec<String>>::new();
    for statement in sent.iter().filter(|statement| statement.writes) {
        let written = |table: &&&str| {
            ["INSERT INTO", "UPDATE", "DELETE FROM"].iter().any(|verb| statement.sql.starts_with(&format!("{verb} {table} ")))
        };
        if TABLES.iter().find(written).is_some() {
            let [Arg::Text(Some(_)), Arg::Bool(_), Arg::Text(Some(last))] = statement.args.as_slice() else {
                panic!("this writes without bounds: {}", statement.sql)
            };
            assert!(statement.sql.contains("id <= $3"), "{}", statement.sql);
            let Arg::Text(Some(run)) = &statement.args[0] else { panic!("no run") };
            portions.entry((run.clone(), statement.sql.clone())).or_default().push(last.clone());
        } else if statement.sql.starts_with("INSERT INTO import_") {
            assert!(statement.args.len() <= 8_000 + 1, "{} values are staged at once", statement.args.len());
        }
    }
    portions
}

async fn no_transaction_writes_more_than_a_portion(bank: &TestBank) {
    const PORTION: i64 = 400;
    let products = std::fs::read_to_string(root().join("docs/import/products.json")).expect("a file");
    imported_by(&bank.bank, ImportKind::Products, &products).await.expect("products");
    let node = bank.another_node().await;
    let accounts = |balance: u32| {
        let line = |row: usize| format!("6217000000{row:05},m{row:05},debit_card,,{balance}\n");
        format!("number,customer,kind,active,balance\n{}", (0..ROWS).map(line).collect::<String>())
    };
    let holdings = |amount: u32| {
        let line = |row: usize| format!("m{row:05},demand,{amount},\n");
        format!("customer,product,amount,matures_on\n{}", (0..ROWS).map(line).collect::<String>())
    };
    node.db().record();
    for (kind, text, done) in [
        (ImportKind::Customers, file(), report(ROWS, 0, 0, ROWS)),
        (ImportKind::Customers, file().replace("王小明", "王大明"), report(0, ROWS, 0, ROWS)),
        (ImportKind::Accounts, accounts(1), report(ROWS, 0, 0, 0)),
        (ImportKind::Accounts, accounts(2), report(0, ROWS, 0, 0)),
        (ImportKind::Holdings, holdings(1), report(ROWS, 0, 0, 0)),
        (ImportKind::Holdings, holdings(2), report(0, ROWS, 0, 0)),
    ] {
        assert_eq!(imported_by(&node, kind, &text).await, Ok(done), "{kind:?}");
    }
    let sent = node.db().recorded();
    let portions = portions(&sent);
    // Two statements for customers with their users, one for accounts and one for holdings; each for new rows and for changes.
    assert_eq!(portions.len(), 8, "{:?}", portions.keys());
    for ((_, sql), lasts) in portions {
        let mut before = String::new();
        let mut written = 0;
        for last in lasts {
            let count = format!("SELECT COUNT(*) FROM customers WHERE number LIKE 'm0%' AND id > '{before}' AND id <= '{last}'");
            let count = bank.number(AssertSqlSafe(count)).await;
            assert!((1..=PORTION).contains(&count), "{count} customers by {sql}");
            (before, written) = (last, written + count);
        }
        assert_eq!(written, i64::try_from(ROWS).expect("a number"), "{sql}");
    }
    nothing_staged(bank).await;
    node.db().close().await;
}

async fn an_import_that_lost_its_lock_decides_nothing(bank: &TestBank) {
    let before = bank.count("customers").await;
    let sheet = read_csv(ImportKind::Customers, format!("{HEADER}{}", customers(0..3)).as_bytes()).expect("a sheet");
    // Another import has taken this one for dead.
    let dropped = |_| {
        let drop = bank.change("UPDATE import_runs SET state = 'dropped'");
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(drop));
    };
    let done = import(&bank.bank, ImportKind::Customers, &sheet.rows, sheet.faults, &OPTIONS, &dropped).await;
    assert!(matches!(done, Err(Rejected::Refused(ImportRefusal::Outdated))), "{done:?}");
    nothing_staged(bank).await;
    assert_eq!(bank.count("customers").await, before);
}

async fn a_rotation_takes_what_was_decided_before_it(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    killed_when(bank, &file(), "SELECT COUNT(*) FROM customers WHERE import_run IS NOT NULL").await;
    bank.bank.seal().add(2, &[5; 32]).expect("a key");
    register_key(&bank.bank).await.expect("registered");
    reseal(&bank.bank, |_, _| ()).await.expect("resealed");
    nothing_staged(bank).await;
    let all = i64::try_from(ROWS).expect("a number");
    let newest =
        "SELECT COUNT(*) FROM customers WHERE import_run IS NOT NULL AND phone_index LIKE '2:%' AND phone_sealed LIKE '2:%'";
    assert_eq!(bank.number(newest).await, all);
}
