//! `lobby import`: files become rows, all or none, with all faults at once. `import_journal.rs` tests how they are written,
//! `import_command.rs` the command.

use std::sync::atomic::{AtomicBool, Ordering};

use bank::branches::reference;
use bank::imports::{Fault, ImportKind, ImportRefusal, Options, People, Report, import};
use bank::kernel::entries::EntryRule;
use bank::kernel::failure::Rejected;
use bank::kernel::seal::columns::{ACCOUNT_NUMBER, CUSTOMER_ID, CUSTOMER_PHONE};
use server::commands::import::sheet::{Sheet, read_csv, read_json};

use crate::house_rules::root;
use crate::on_both_engines;
use crate::support::TestBank;

const STAGING: [&str; 5] = ["import_runs", "import_customers", "import_users", "import_accounts", "import_holdings"];

const OPTIONS: Options = Options { people: People::Real, dry_run: false, takes_secrets: true };

mod on_an_empty_bank {
    use super::*;

    on_both_engines!(blank:
        every_example_is_imported_and_a_second_time_nothing_changes,
    );
}

mod on_a_bank {
    use super::*;

    on_both_engines!(
        one_fault_refuses_all_rows,
        a_dry_run_stores_nothing,
        rows_are_inserted_and_changed_under_their_keys,
        a_customer_with_the_id_number_of_another_is_told,
        one_import_runs_at_a_time,
        a_key_registered_meanwhile_refuses_the_import,
        a_running_bank_sees_new_branches,
    );
}

async fn imported(bank: &TestBank, kind: ImportKind, sheet: Sheet, options: &Options) -> Result<Report, ImportRefusal> {
    match import(&bank.bank, kind, &sheet.rows, sheet.faults, options, &|_| ()).await {
        Ok(report) => Ok(report),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

async fn csv(bank: &TestBank, kind: ImportKind, text: &str) -> Result<Report, ImportRefusal> {
    imported(bank, kind, read_csv(kind, text.as_bytes()).unwrap(), &OPTIONS).await
}

fn told(refusal: ImportRefusal) -> Vec<String> {
    let ImportRefusal::Faults(faults) = refusal else { panic!("{refusal:?}") };
    faults.iter().map(ToString::to_string).collect()
}

fn report(inserted: usize, changed: usize, unchanged: usize, to_invite: usize) -> Report {
    Report { inserted, changed, unchanged, to_invite, to_renew: 0, same_id: Vec::new() }
}

/// The columns of customers.
pub const HEADER: &str = "number,kind,name,title,birth_day,id_type,id_number,phone,email,address,resident,capable,vip,risk_flag,branch,\
                      operator,approver,approver_sign_in_name\n";

/// Lines of invented customers.
pub fn customers(numbers: std::ops::Range<usize>) -> String {
    let line =
        |number| format!("m{number:05},personal,王小明,,1990-01-01,passport,E{number:08},139{number:08},,中山市,,,,,shiqi,,,\n");
    numbers.map(line).collect()
}

/// Nothing is staged any more.
pub async fn nothing_staged(bank: &TestBank) {
    for table in STAGING {
        assert_eq!(bank.count(table).await, 0, "{table}");
    }
}

async fn every_example_is_imported_and_a_second_time_nothing_changes(bank: &TestBank) {
    for second in [false, true] {
        for kind in ImportKind::ALL {
            let file = |ending| std::fs::read(root().join(format!("docs/import/{}.{ending}", kind.code())));
            let sheet =
                file("csv").map_or_else(|_| read_json(kind, &file("json").unwrap()), |bytes| read_csv(kind, &bytes)).unwrap();
            let rows = sheet.rows.len();
            let done = imported(bank, kind, sheet, &OPTIONS).await.unwrap_or_else(|refusal| panic!("{kind:?} {refusal:?}"));
            let expected = if second { (0, rows) } else { (rows, 0) };
            assert_eq!((done.inserted, done.unchanged, done.changed), (expected.0, expected.1, 0), "{kind:?}");
        }
    }
    nothing_staged(bank).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'import'").await, 9, "only what changed something");
    // Four people sign in for three customers; nobody has a password yet.
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE password_hash = '' AND customer_id IS NOT NULL").await, 4);
    let mut conn = bank.bank.read().await.unwrap();
    let sql = "SELECT id, id_sealed, phone_sealed FROM customers WHERE number = 'k100002'";
    let (id, document, phone): (String, String, String) = conn.fetch_one(sql, Vec::new()).await.unwrap();
    assert_eq!(bank.bank.seal().open(&CUSTOMER_ID, &id, &document).unwrap(), "P1234567");
    assert_eq!(bank.bank.seal().open(&CUSTOMER_PHONE, &id, &phone).unwrap(), "13900000002");
    let sql = "SELECT id, number_sealed FROM accounts WHERE last4 = '0003'";
    let (id, number): (String, String) = conn.fetch_one(sql, Vec::new()).await.unwrap();
    assert_eq!(bank.bank.seal().open(&ACCOUNT_NUMBER, &id, &number).unwrap(), "6217990000000000003");
}

#[test]
fn the_document_names_every_column() {
    let document = std::fs::read_to_string(root().join("docs/import.md")).unwrap();
    for kind in ImportKind::ALL {
        let section = document.split(&format!("\n## {}\n", kind.code())).nth(1).unwrap_or_else(|| panic!("{kind:?}"));
        let section = section.split("\n## ").next().unwrap();
        for column in kind.columns() {
            let row = section.lines().any(|line| line.starts_with('|') && line.contains(&format!("`{column}`")));
            assert!(row, "{kind:?} {column}");
        }
    }
}

async fn one_fault_refuses_all_rows(bank: &TestBank) {
    let before = (bank.count("customers").await, bank.count("users").await, bank.count("audit").await);
    // More rows than one batch, so that some are staged before the fault is found.
    let text = format!(
        "{HEADER}{}m99999,personal,王小明,,1990-01-01,passport,E1234,13900000000,,中山市,,,,,nowhere,,,\n\
         m00001,personal,王1,,1990-01-01,passport,E1234,139,,中山市,,,,,shiqi,,,\n\
         m00002,personal,王小明,,1990-01-01,passport,E1234,13900000000,,中山市,,,,,shiqi,,,\n\
         clerk,personal,王小明,,1990-01-01,passport,E1234,13900000000,,中山市,,,,,shiqi,,,\n\
         m1,personal\n",
        customers(0..500)
    );
    let faults = [
        "line 502, branch: refers to something that does not exist",
        "line 503, name: is not a name",
        "line 503, phone: is not a phone number",
        "line 504, number: stands in an earlier row of this file",
        "line 505, number: is used by another row of the bank",
        "line 506: the row has 2 columns instead of 18",
    ];
    assert_eq!(told(csv(bank, ImportKind::Customers, &text).await.unwrap_err()), faults);
    assert_eq!((bank.count("customers").await, bank.count("users").await, bank.count("audit").await), before);
    nothing_staged(bank).await;
    let text = "sign_in_name,name,role,branch\nnew,王小明,clerk,shiqi\nnew2,王小明,clerk,nowhere\nadmin,王小明,clerk,shiqi\nNew,王小明,clerk,shiqi\n";
    let faults = [
        "line 3, branch: refers to something that does not exist",
        "line 4, role: changes an administrator's rights, which needs a second administrator's approval",
        "line 5, sign_in_name: stands in an earlier row of this file",
    ];
    assert_eq!(told(csv(bank, ImportKind::Staff, text).await.unwrap_err()), faults);
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name = 'new'").await, 0);
    let text = "number,customer,kind,active,balance\n62170000000001,c1,debit_card,,1\n62170000000002,nobody,debit_card,,1\n";
    let faults = ["line 3, customer: refers to something that does not exist"];
    assert_eq!(told(csv(bank, ImportKind::Accounts, text).await.unwrap_err()), faults);
    let text = "customer,product,amount,matures_on\nc1,gold,1,\nnobody,gold,1,\n";
    let unknown = "refers to something that does not exist";
    let faults =
        [format!("line 2, product: {unknown}"), format!("line 3, customer: {unknown}"), format!("line 3, product: {unknown}")];
    assert_eq!(told(csv(bank, ImportKind::Holdings, text).await.unwrap_err()), faults);
}

async fn a_dry_run_stores_nothing(bank: &TestBank) {
    let dry = Options { dry_run: true, takes_secrets: false, ..OPTIONS };
    let sheet = |kind, text: &str| read_csv(kind, text.as_bytes()).unwrap();
    let text = format!("{HEADER}{}", customers(0..3));
    let done = imported(bank, ImportKind::Customers, sheet(ImportKind::Customers, &text), &dry).await;
    assert_eq!(done, Ok(report(3, 0, 0, 3)));
    let text = "sign_in_name,name,role,branch\nnew,王小明,clerk,shiqi\n";
    assert_eq!(imported(bank, ImportKind::Staff, sheet(ImportKind::Staff, text), &dry).await, Ok(report(1, 0, 0, 1)));
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name IN ('new', 'm00000')").await, 0);
    nothing_staged(bank).await;
    // Without a place for the secrets nothing is stored either.
    let none = Options { takes_secrets: false, ..OPTIONS };
    for (kind, text) in [(ImportKind::Customers, format!("{HEADER}{}", customers(0..3))), (ImportKind::Staff, text.to_owned())] {
        let refused = imported(bank, kind, sheet(kind, &text), &none).await;
        assert!(matches!(refused, Err(ImportRefusal::NowhereForSecrets(1 | 3))), "{refused:?}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name IN ('new', 'm00000')").await, 0);
}

async fn rows_are_inserted_and_changed_under_their_keys(bank: &TestBank) {
    let text = |name: &str, phone: &str| {
        format!(
            "{HEADER}a1,personal,{name},,1990-01-01,passport,E1234,{phone},A@b.cn,中山市,,,yes,,shiqi,,,\n\
             a2,company,某公司,,,other,9999,13900000000,,中山市,,,,,,{name},王五,a2-2\n"
        )
    };
    let kind = ImportKind::Customers;
    assert_eq!(csv(bank, kind, &text("王小明", "13900000000")).await, Ok(report(2, 0, 0, 3)));
    assert_eq!(csv(bank, kind, &text("王小明", "13900000000")).await, Ok(report(0, 0, 2, 3)));
    assert_eq!(csv(bank, kind, &text("王小明", "13911111111")).await, Ok(report(0, 1, 1, 3)));
    assert_eq!(csv(bank, kind, &text("王大明", "13911111111")).await, Ok(report(0, 2, 0, 3)), "names of customer and operator");
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE name = '王大明'").await, 2);
    let sql =
        "SELECT id, phone_sealed FROM customers WHERE number = 'a1' AND name = '王大明' AND vip AND email_index IS NOT NULL";
    let (id, phone): (String, String) = bank.bank.read().await.unwrap().fetch_one(sql, Vec::new()).await.unwrap();
    assert_eq!(bank.bank.seal().open(&CUSTOMER_PHONE, &id, &phone).unwrap(), "13911111111");
    let moved = text("王大明", "13911111111").replace("a1,personal", "a2,personal").replace("a2,company", "a1,company");
    let faults = told(csv(bank, kind, &moved).await.unwrap_err());
    assert!(faults.iter().any(|fault| fault.starts_with("line 2, kind: differs")), "{faults:?}");

    let accounts = |customer: &str, balance: &str| {
        format!(
            "number,customer,kind,active,balance\n62170000000001,{customer},debit_card,,{balance}\n62170000000002,a1,passbook,no,0\n"
        )
    };
    let kind = ImportKind::Accounts;
    assert_eq!(csv(bank, kind, &accounts("a1", "1万")).await, Ok(report(2, 0, 0, 0)));
    assert_eq!(csv(bank, kind, &accounts("a1", "10000")).await, Ok(report(0, 0, 2, 0)));
    assert_eq!(csv(bank, kind, &accounts("a1", "10000.5")).await, Ok(report(0, 1, 1, 0)));
    assert_eq!(bank.number("SELECT balance FROM accounts WHERE last4 = '0001' AND customer_id <> ''").await, 1_000_050);
    let faults = told(csv(bank, kind, &accounts("a2", "1")).await.unwrap_err());
    assert!(faults[0].starts_with("line 2, customer: differs"), "{faults:?}");

    let products = std::fs::read(root().join("docs/import/products.json")).unwrap();
    imported(bank, ImportKind::Products, read_json(ImportKind::Products, &products).unwrap(), &OPTIONS).await.unwrap();
    let holdings = |amount: &str| format!("customer,product,amount,matures_on\na1,demand,{amount},\n");
    let kind = ImportKind::Holdings;
    assert_eq!(csv(bank, kind, &holdings("5")).await, Ok(report(1, 0, 0, 0)));
    assert_eq!(csv(bank, kind, &holdings("5.00")).await, Ok(report(0, 0, 1, 0)));
    assert_eq!(csv(bank, kind, &holdings("6")).await, Ok(report(0, 1, 0, 0)));
    assert_eq!(bank.number("SELECT amount FROM holdings").await, 600);
    nothing_staged(bank).await;
}

async fn a_customer_with_the_id_number_of_another_is_told(bank: &TestBank) {
    let row =
        |number: &str, id: &str| format!("{number},personal,王小明,,1990-01-01,passport,{id},13900000000,,中山市,,,,,shiqi,,,\n");
    let kind = ImportKind::Customers;
    let first = format!("{HEADER}{}{}", row("a1", "E1234567"), row("a2", "E7654321"));
    assert!(csv(bank, kind, &first).await.unwrap().same_id.is_empty());
    assert!(csv(bank, kind, &first).await.unwrap().same_id.is_empty(), "nobody is another customer of their own");
    let more = format!("{HEADER}{}{}{}", row("a3", "e1234567"), row("a4", "E1111111"), row("a5", "E1111111"));
    let dry = Options { dry_run: true, ..OPTIONS };
    let done = imported(bank, kind, read_csv(kind, more.as_bytes()).unwrap(), &dry).await.unwrap();
    assert_eq!((done.inserted, done.same_id), (3, vec![2, 4]));
    assert_eq!(csv(bank, kind, &more).await.unwrap().same_id, [2, 4], "told, not refused");
}

async fn one_import_runs_at_a_time(bank: &TestBank) {
    let lock = bank.bank.db().import_lock().await.unwrap().expect("nobody imports");
    let text = "date,kind,name\n2027-01-01,closed,元旦\n";
    assert_eq!(csv(bank, ImportKind::Calendar, text).await, Err(ImportRefusal::Busy));
    drop(lock);
    assert_eq!(csv(bank, ImportKind::Calendar, text).await, Ok(report(1, 0, 0, 0)));
}

/// Imports customers and runs `sql` after the last batch has been staged and before the import decides.
async fn changed_meanwhile(bank: &TestBank, sql: &'static str) -> Result<Report, ImportRefusal> {
    let sheet = read_csv(ImportKind::Customers, format!("{HEADER}{}", customers(0..3)).as_bytes()).unwrap();
    let done = AtomicBool::new(false);
    let meanwhile = |_| {
        if !done.swap(true, Ordering::SeqCst) {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(bank.change(sql)));
        }
    };
    match import(&bank.bank, ImportKind::Customers, &sheet.rows, sheet.faults, &OPTIONS, &meanwhile).await {
        Ok(report) => Ok(report),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

async fn a_key_registered_meanwhile_refuses_the_import(bank: &TestBank) {
    // A key registered after the values were sealed.
    let key = "INSERT INTO seal_keys (id, check_sealed, made_at) VALUES (99, 'x', 0)";
    assert_eq!(changed_meanwhile(bank, key).await, Err(ImportRefusal::Outdated));
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name LIKE 'm0%'").await, 0);
    nothing_staged(bank).await;
}

async fn a_running_bank_sees_new_branches(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let offered = async || browser.open("/appointments/new/cash").await.all("[name=branch]", "value");
    assert!(!offered().await.contains(&"harbour".to_owned()));
    let node = bank.another_node().await;
    for kind in [ImportKind::Branches, ImportKind::Hours] {
        let text = std::fs::read_to_string(root().join(format!("docs/import/{}.csv", kind.code()))).unwrap();
        // The positions of this bank are taken.
        let text = text.replace("main,1", "main,3").replace("harbour,2", "harbour,4").replace("airport,3", "airport,5");
        let sheet = read_csv(kind, text.as_bytes()).unwrap();
        import(&node, kind, &sheet.rows, sheet.faults, &OPTIONS, &|_| ()).await.expect("imported by another process");
    }
    assert!(offered().await.contains(&"harbour".to_owned()), "the next request shows it");
    assert_eq!(reference(&bank.bank).await.unwrap().branches.len(), 5);
    let taken = std::fs::read_to_string(root().join("docs/import/branches.csv")).unwrap().replace("main,1", "other,3");
    let faults = csv(bank, ImportKind::Branches, &taken).await.unwrap_err();
    let ImportRefusal::Faults(faults) = faults else { panic!("{faults:?}") };
    assert!(faults.iter().all(|fault| fault.column == "position"), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.fault == Fault::Entry(EntryRule::AlreadyUsed)), "{faults:?}");
    // A position that another row of the file has is told once, and not as one of the bank.
    let twice = std::fs::read_to_string(root().join("docs/import/branches.csv")).unwrap();
    let twice = twice.replace("main,1", "one,8").replace("harbour,2", "two,8").replace("airport,3", "three,9");
    let faults = told(csv(bank, ImportKind::Branches, &twice).await.unwrap_err());
    assert_eq!(faults, ["line 3, position: stands in an earlier row of this file"]);
    node.db().close().await;
}
