//! Numbers and sign-in names in an import beside people who enter customers, accounts and staff: what is staged is taken, and
//! what was entered first refuses the import.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bank::customers::{AccountEntry, CustomerEntry, put_account, put_customer};
use bank::imports::{ImportKind, ImportRefusal, Options, People, Report, import};
use bank::kernel::database::Tx;
use bank::kernel::entries::{EntryRefusal, EntryRule};
use bank::kernel::failure::Rejected;
use bank::sessions::{StaffEntry, put_staff};
use scoped_futures::ScopedFutureExt;
use server::commands::import::sheet::read_csv;
use sqlx::AssertSqlSafe;

use crate::imports::{HEADER, customers, nothing_staged};
use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(a_number_that_is_staged_is_taken, a_number_taken_before_it_is_staged_refuses_the_import);

const OPTIONS: Options = Options { people: People::Real, dry_run: false, takes_secrets: true };

fn report(inserted: usize, to_invite: usize) -> Report {
    Report { inserted, to_invite, ..Report::default() }
}

/// Enters a customer as the desk does: under the turn.
async fn entered(tx: &mut Tx, entry: &CustomerEntry) -> Result<(), Rejected<Vec<EntryRefusal>>> {
    tx.execute("UPDATE change_turn SET turn = turn + 1 WHERE id = 1", Vec::new()).await?;
    put_customer(tx, entry).await.map(|_| ())
}

fn customer(bank: &TestBank, number: &str) -> CustomerEntry {
    let text = |column: &'static str| match column {
        "number" => Some(number),
        "kind" => Some("personal"),
        "name" => Some("林晓岚"),
        "id_type" => Some("passport"),
        "id_number" => Some("P7654321"),
        "birth_day" => Some("1990-01-01"),
        "phone" => Some("13900001111"),
        "address" => Some("广东省中山市"),
        _ => None,
    };
    CustomerEntry::parse(&text, bank.bank.now().day()).expect("an entry")
}

fn refusals<T>(outcome: Result<T, Rejected<Vec<EntryRefusal>>>) -> Vec<EntryRefusal> {
    match outcome {
        Ok(_) => Vec::new(),
        Err(Rejected::Refused(refusals)) => refusals,
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// Imports, and does `meanwhile` once after a batch has been staged and before the import decides.
async fn with_staged(bank: &TestBank, kind: ImportKind, text: &str, meanwhile: impl Future<Output = ()> + Send) -> Report {
    let meanwhile = Mutex::new(Some(Box::pin(meanwhile)));
    let sheet = read_csv(kind, text.as_bytes()).expect("a sheet");
    let progress = |_| {
        if let Some(work) = meanwhile.lock().expect("a lock").take() {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work));
        }
    };
    import(&bank.bank, kind, &sheet.rows, sheet.faults, &OPTIONS, &progress).await.expect("imported")
}

async fn a_number_that_is_staged_is_taken(bank: &TestBank) {
    let used = |column| vec![EntryRefusal { column, rule: EntryRule::AlreadyUsed }];
    let text = format!("{HEADER}{}a2,company,某公司,,,other,9999,13900000000,,中山市,,,,,,王小明,王五,a2-2\n", customers(0..3));
    let meanwhile = async {
        for (number, expected) in [("m00001", used("number")), ("a2-2", used("number")), ("free", Vec::new())] {
            let entry = customer(bank, number);
            let put = bank.bank.write("put", |tx| {
                let entry = &entry;
                async move { entered(tx, entry).await }.scope_boxed()
            });
            assert_eq!(refusals(put.await), expected, "{number}");
        }
        let staff = |column: &'static str| match column {
            "sign_in_name" => Some("m00002"),
            "name" => Some("王小明"),
            "role" => Some("clerk"),
            "branch" => Some("shiqi"),
            _ => None,
        };
        let entry = StaffEntry::parse(&staff).expect("an entry");
        let put = bank.bank.write("put", |tx| {
            let entry = &entry;
            async move { put_staff(tx, entry).await }.scope_boxed()
        });
        assert_eq!(refusals(put.await), used("sign_in_name"));
    };
    assert_eq!(with_staged(bank, ImportKind::Customers, &text, meanwhile).await, report(4, 5));
    let text = "number,customer,kind,active,balance\n62170000000001,m00001,debit_card,,1\n";
    let meanwhile = async {
        let account = |column: &'static str| match column {
            "number" => Some("6217 0000 0000 01"),
            "customer" => Some("c1"),
            "kind" => Some("debit_card"),
            "balance" => Some("1"),
            _ => None,
        };
        let entry = AccountEntry::parse(&account).expect("an entry");
        let put = bank.bank.write("put", |tx| {
            let entry = &entry;
            async move { put_account(tx, entry).await }.scope_boxed()
        });
        assert_eq!(refusals(put.await), used("number"));
    };
    assert_eq!(with_staged(bank, ImportKind::Accounts, text, meanwhile).await, report(1, 0));
    // What is written is free to be changed by its key.
    let put = bank.bank.write("put", |tx| {
        let entry = customer(bank, "m00001");
        async move { entered(tx, &entry).await }.scope_boxed()
    });
    assert_eq!(refusals(put.await), []);
}

/// Imports a file of two batches. After the first is staged another process takes the turn and runs `sql`, and commits after the
/// second has been compared with what stands.
async fn beside(bank: &TestBank, kind: ImportKind, text: &str, sql: &str) -> Result<Report, ImportRefusal> {
    let (node, sql, holds) = (bank.another_node().await, sql.to_owned(), Arc::new(AtomicBool::new(false)));
    let meanwhile = {
        let (node, holds) = (node.clone(), holds.clone());
        async move {
            let taken = node.write::<_, Infallible, _>("meanwhile", |tx| {
                let (sql, holds) = (AssertSqlSafe(sql.clone()), holds.clone());
                async move {
                    tx.execute("UPDATE change_turn SET turn = turn + 1 WHERE id = 1", Vec::new()).await?;
                    tx.execute(sql, Vec::new()).await?;
                    holds.store(true, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(700)).await;
                    Ok(())
                }
                .scope_boxed()
            });
            taken.await.map_err(Rejected::into_failure).expect("taken");
        }
    };
    let meanwhile = Mutex::new(Some(meanwhile));
    let progress = |_| {
        if let Some(work) = meanwhile.lock().expect("a lock").take() {
            tokio::spawn(work);
            while !holds.load(Ordering::SeqCst) {
                tokio::task::block_in_place(|| std::thread::sleep(Duration::from_millis(5)));
            }
        }
    };
    let sheet = read_csv(kind, text.as_bytes()).expect("a sheet");
    let done = match import(&bank.bank, kind, &sheet.rows, sheet.faults, &OPTIONS, &progress).await {
        Ok(report) => Ok(report),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    };
    node.db().close().await;
    done
}

async fn a_number_taken_before_it_is_staged_refuses_the_import(bank: &TestBank) {
    // The second batch begins at the 401st row.
    let text = format!("{HEADER}{}", customers(0..500));
    for sql in [
        "UPDATE customers SET number = 'm00450' WHERE number = 'c1'",
        "UPDATE users SET sign_in_name = 'm00460' WHERE sign_in_name = 'c2'",
    ] {
        assert_eq!(beside(bank, ImportKind::Customers, &text, sql).await, Err(ImportRefusal::Outdated), "{sql}");
        assert_eq!(bank.number("SELECT COUNT(*) FROM customers WHERE import_run IS NOT NULL").await, 0);
        nothing_staged(bank).await;
    }
    let line = |row: usize| format!("6217000000{row:05},c2,debit_card,,1\n");
    let text = format!("number,customer,kind,active,balance\n{}", (0..500).map(line).collect::<String>());
    let index = bank.bank.seal().index("account_number_index", "621700000000450");
    let sql = format!("UPDATE accounts SET number_index = '{index}' WHERE id = 'acc-c1'");
    assert_eq!(beside(bank, ImportKind::Accounts, &text, &sql).await, Err(ImportRefusal::Outdated));
    assert_eq!(bank.number("SELECT COUNT(*) FROM accounts WHERE import_run IS NOT NULL").await, 0);
    nothing_staged(bank).await;
}
