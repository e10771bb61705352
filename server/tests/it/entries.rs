//! Entries of the bank's own data become rows: inserted, changed or left alone under their key, or refused by column and rule.

use std::convert::Infallible;

use bank::branches::{
    BranchEntry, CalendarEntry, HoursEntry, find_branch_entry, put_branch, put_branches, put_calendar_day, put_hours, reference,
};
use bank::customers::{AccountEntry, CustomerEntry, Lookup, find_customers, put_account, put_customer};
use bank::kernel::database::Tx;
use bank::kernel::entries::{EntryRefusal, EntryRule, Put};
use bank::kernel::failure::Rejected;
use bank::kernel::seal::columns::{ACCOUNT_NUMBER, CUSTOMER_EMAIL};
use bank::kernel::time::Day;
use bank::recommendations::{ProductEntry, catalogue, put_products};
use bank::sessions::{STAFF_ROLES, StaffEntry, put_staff};
use bank::surveys::{SurveyEntry, needs_2026, put_survey};
use scoped_futures::{ScopedBoxFuture, ScopedFutureExt};

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(
    a_branch_is_inserted_changed_or_left_alone,
    branches_exchange_their_positions,
    hours_and_days_are_replaced,
    a_staff_member_is_put_without_a_password,
    a_customer_is_put_with_those_who_sign_in,
    an_account_is_put_under_its_number,
    no_two_rows_have_one_number,
    products_are_put_and_exchange_their_positions,
    a_published_survey_keeps_its_text,
);

type Row<'r> = &'r [(&'static str, &'r str)];

type Refusals = Vec<(&'static str, EntryRule)>;

fn of<'r>(row: Row<'r>) -> impl Fn(&'static str) -> Option<&'r str> + 'r {
    move |column| row.iter().find(|(name, _)| *name == column).map(|(_, value)| *value)
}

/// Runs `work` in one write transaction; refusals as pairs.
async fn put<T>(
    bank: &TestBank,
    work: impl for<'t> Fn(&'t mut Tx) -> ScopedBoxFuture<'static, 't, Result<T, Rejected<Vec<EntryRefusal>>>>,
) -> Result<T, Refusals> {
    match bank.bank.write("put", |tx| work(tx)).await {
        Ok(put) => Ok(put),
        Err(Rejected::Refused(refusals)) => Err(refusals.into_iter().map(|refusal| (refusal.column, refusal.rule)).collect()),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

fn a_branch(id: &str, position: &str) -> BranchEntry {
    let row = [
        ("branch", id),
        ("position", position),
        ("name_zh", "小榄支行"),
        ("name_en", "Xiaolan Branch"),
        ("address_zh", "小榄镇新华中路 88 号"),
        ("address_en", "88 Xinhua Middle Road, Xiaolan"),
        ("phone", "0760-8888 0103"),
        ("latitude", "22.667"),
        ("longitude", "113.244"),
    ];
    BranchEntry::parse(&of(&row)).unwrap()
}

async fn branch(bank: &TestBank, entry: &BranchEntry) -> Result<Put, Refusals> {
    let entry = entry.clone();
    put(bank, move |tx| {
        let entry = entry.clone();
        async move { put_branch(tx, &entry).await }.scope_boxed()
    })
    .await
}

async fn a_branch_is_inserted_changed_or_left_alone(bank: &TestBank) {
    let mut entry = a_branch("xiaolan", "3");
    assert_eq!(branch(bank, &entry).await, Ok(Put::Inserted));
    let version = bank.number("SELECT version FROM reference_version").await;
    assert_eq!(branch(bank, &entry).await, Ok(Put::Unchanged));
    assert_eq!(bank.number("SELECT version FROM reference_version").await, version, "nothing was written");
    entry.latitude = None;
    entry.longitude = None;
    entry.position = 4;
    assert_eq!(branch(bank, &entry).await, Ok(Put::Changed));
    let stored = find_branch_entry(&mut bank.bank.read().await.unwrap(), "xiaolan").await.unwrap();
    assert_eq!(stored, Some(entry));
    let shown = reference(&bank.bank).await.unwrap();
    assert!(shown.branch("xiaolan").is_some(), "a running bank sees it");
    assert_eq!(branch(bank, &a_branch("another", "1")).await, Err(vec![("position", EntryRule::AlreadyUsed)]));
}

async fn branches_exchange_their_positions(bank: &TestBank) {
    let read = async |id: &str| find_branch_entry(&mut bank.bank.read().await.unwrap(), id).await.unwrap().unwrap();
    let (mut first, mut second) = (read("shiqi").await, read("dongqu").await);
    (first.position, second.position) = (2, 1);
    let (both, mut twice) = (vec![first.clone(), second.clone()], second);
    twice.position = 2;
    let puts = bank.bank.write("put", |tx| {
        let both = &both;
        async move { put_branches(tx, both).await }.scope_boxed()
    });
    assert_eq!(puts.await.unwrap(), [Put::Changed, Put::Changed]);
    let order = reference(&bank.bank).await.unwrap();
    assert_eq!(order.branches.iter().map(|branch| branch.id.as_str()).collect::<Vec<_>>(), ["dongqu", "shiqi"]);
    let twice = vec![first, twice];
    let refused = bank.bank.write("put", |tx| {
        let twice = &twice;
        async move { put_branches(tx, twice).await }.scope_boxed()
    });
    let refusal = EntryRefusal { column: "position", rule: EntryRule::AlreadyUsed };
    assert!(matches!(refused.await, Err(Rejected::Refused(refused)) if refused == [(1, refusal)]));
}

async fn hours_and_days_are_replaced(bank: &TestBank) {
    let hours = async |row: Row<'_>| {
        let entry = HoursEntry::parse(&of(row)).unwrap();
        put(bank, move |tx| {
            let entry = entry.clone();
            async move { put_hours(tx, &entry).await }.scope_boxed()
        })
        .await
    };
    let saturday = [("branch", "shiqi"), ("monday", "09:00-17:00"), ("saturday", "9:30-16:00")];
    assert_eq!(hours(&saturday).await, Ok(Put::Changed));
    assert_eq!(hours(&saturday).await, Ok(Put::Unchanged));
    assert_eq!(
        bank.number(
            "SELECT COUNT(*) FROM branch_hours WHERE branch_id = 'shiqi' AND spans <> '' AND effective_from = '2026-11-23'"
        )
        .await,
        2
    );
    assert_eq!(hours(&[("branch", "nowhere")]).await, Err(vec![("branch", EntryRule::UnknownReference)]));
    let day = async |kind: &str| {
        let entry = CalendarEntry::parse(&of(&[("date", "2027-02-08"), ("kind", kind), ("name", "春节")])).unwrap();
        put(bank, move |tx| {
            let entry = entry.clone();
            async move { Ok(put_calendar_day(tx, &entry).await?) }.scope_boxed()
        })
        .await
    };
    assert_eq!(day("open").await, Ok(Put::Inserted));
    assert_eq!(day("closed").await, Ok(Put::Changed));
    assert_eq!(day("closed").await, Ok(Put::Unchanged));
    assert!(reference(&bank.bank).await.unwrap().calendar.is_holiday(Day::constant(2027, 2, 8)));
}

async fn a_staff_member_is_put_without_a_password(bank: &TestBank) {
    let staff = async |name: &str, role: &str, branch: &str| {
        let entry = StaffEntry {
            sign_in_name: name.to_owned(),
            name: "陈柜员".to_owned(),
            role: role.to_owned(),
            branch: Some(branch.to_owned()).filter(|branch| !branch.is_empty()),
        };
        let done = put(bank, move |tx| {
            let entry = entry.clone();
            async move { put_staff(tx, &entry).await }.scope_boxed()
        });
        done.await.map(|done| done.put)
    };
    assert_eq!(staff("new", "clerk", "shiqi").await, Ok(Put::Inserted));
    assert_eq!(staff("new", "clerk", "shiqi").await, Ok(Put::Unchanged));
    assert_eq!(staff("new", "auditor", "").await, Ok(Put::Changed));
    let sql = "SELECT code FROM roles WHERE reach <> 'own' ORDER BY position";
    let roles: Vec<(String,)> = bank.bank.read().await.unwrap().fetch_all(sql, Vec::new()).await.unwrap();
    assert_eq!(roles.into_iter().map(|(code,)| code).collect::<Vec<_>>(), STAFF_ROLES);
    let row = "SELECT COUNT(*) FROM users WHERE sign_in_name = 'new' AND password_hash = '' AND role = 'auditor' \
               AND reach = 'bank' AND branch_id IS NULL";
    assert_eq!(bank.number(row).await, 1);
    for (name, role, branch, refused) in [
        ("new", "wizard", "", ("role", EntryRule::UnknownReference)),
        ("new", "customer", "", ("role", EntryRule::UnknownReference)),
        ("new", "clerk", "", ("branch", EntryRule::Missing)),
        ("new", "clerk", "nowhere", ("branch", EntryRule::UnknownReference)),
        ("new", "administrator", "", ("role", EntryRule::NeedsApproval)),
        ("admin", "clerk", "shiqi", ("role", EntryRule::NeedsApproval)),
        ("c1", "clerk", "shiqi", ("sign_in_name", EntryRule::AlreadyUsed)),
    ] {
        assert_eq!(staff(name, role, branch).await, Err(vec![refused]), "{name} {role} {branch}");
    }
}

const PERSON: [(&str, &str); 8] = [
    ("number", "A1"),
    ("kind", "personal"),
    ("name", "林晓岚"),
    ("id_type", "resident_id"),
    ("id_number", "11010519491231002X"),
    ("phone", "13900001111"),
    ("email", "lin@example.com"),
    ("address", "广东省中山市石岐区"),
];

const COMPANY: [(&str, &str); 9] = [
    ("number", "A2"),
    ("kind", "company"),
    ("name", "中山市恒达照明有限公司"),
    ("id_type", "other"),
    ("id_number", "99999999MADEM0C103"),
    ("phone", "13900002222"),
    ("address", "广东省中山市古镇镇"),
    ("operator", "何建平"),
    ("branch", "dongqu"),
];

async fn customer(bank: &TestBank, row: &[(&'static str, &str)], replaced: Row<'_>) -> Result<(Put, usize), Refusals> {
    let all: Vec<_> = replaced.iter().chain(row).copied().collect();
    let entry = CustomerEntry::parse(&of(&all), bank.bank.now().day()).map_err(|_| Vec::new())?;
    let done = put(bank, move |tx| {
        let entry = entry.clone();
        async move { put_customer(tx, &entry).await }.scope_boxed()
    });
    done.await.map(|done| (done.put, done.new_users.len()))
}

async fn a_customer_is_put_with_those_who_sign_in(bank: &TestBank) {
    assert_eq!(customer(bank, &PERSON, &[]).await, Ok((Put::Inserted, 1)));
    assert_eq!(customer(bank, &PERSON, &[]).await, Ok((Put::Unchanged, 0)));
    assert_eq!(customer(bank, &PERSON, &[("phone", "13900003333")]).await, Ok((Put::Changed, 0)));
    let seal = bank.bank.seal();
    let mut conn = bank.bank.read().await.unwrap();
    for (phone, found) in [("13900001111", 0), ("13900003333", 1)] {
        assert_eq!(find_customers(&mut conn, seal, &Lookup::Phone(phone)).await.unwrap().len(), found, "{phone}");
    }
    let email = "SELECT id, email_sealed FROM customers WHERE number = 'a1' AND email_index IS NOT NULL";
    let (id, sealed): (String, String) = conn.fetch_one(email, Vec::new()).await.unwrap();
    assert_eq!(seal.open(&CUSTOMER_EMAIL, &id, &sealed).unwrap(), "lin@example.com");
    drop(conn);
    assert_eq!(customer(bank, &PERSON, &[("email", "")]).await, Ok((Put::Changed, 0)));
    let gone = "SELECT COUNT(*) FROM customers WHERE number = 'a1' AND email_index IS NULL AND email_sealed IS NULL AND NOT demo";
    assert_eq!(bank.number(gone).await, 1);

    assert_eq!(customer(bank, &COMPANY, &[]).await, Ok((Put::Inserted, 1)));
    let approver = [("approver", "欧阳敏"), ("approver_sign_in_name", "A2-2")];
    assert_eq!(customer(bank, &COMPANY, &approver).await, Ok((Put::Changed, 1)));
    assert_eq!(customer(bank, &COMPANY, &approver).await, Ok((Put::Unchanged, 0)));
    let users = "SELECT COUNT(*) FROM users WHERE password_hash = '' AND ((sign_in_name = 'a2' AND role = 'company_operator') \
                 OR (sign_in_name = 'a2-2' AND role = 'company_approver'))";
    assert_eq!(bank.number(users).await, 2);

    let company = [("number", "a1")];
    for (row, replaced, refused) in [
        (&PERSON[..], &[("branch", "nowhere")][..], ("branch", EntryRule::UnknownReference)),
        (&COMPANY[..], &company[..], ("kind", EntryRule::CannotChange)),
        // The sign-in name of a staff member, and of another customer's user.
        (&PERSON[..], &[("number", "clerk")][..], ("number", EntryRule::AlreadyUsed)),
        (
            &COMPANY[..],
            &[("approver", "欧阳敏"), ("approver_sign_in_name", "c1")][..],
            ("approver_sign_in_name", EntryRule::AlreadyUsed),
        ),
    ] {
        let before = (bank.count("customers").await, bank.count("users").await);
        assert_eq!(customer(bank, row, replaced).await, Err(vec![refused]));
        assert_eq!((bank.count("customers").await, bank.count("users").await), before, "rolled back as a whole");
    }
}

async fn account(bank: &TestBank, customer: &str, balance: &str) -> Result<Put, Refusals> {
    let row = [("number", "6222 0212 3456 7890"), ("customer", customer), ("kind", "debit_card"), ("balance", balance)];
    let entry = AccountEntry::parse(&of(&row)).map_err(|_| Vec::new())?;
    put(bank, move |tx| {
        let entry = entry.clone();
        async move { put_account(tx, &entry).await }.scope_boxed()
    })
    .await
}

async fn an_account_is_put_under_its_number(bank: &TestBank) {
    assert_eq!(account(bank, "c1", "100").await, Ok(Put::Inserted));
    assert_eq!(account(bank, "c1", "100").await, Ok(Put::Unchanged));
    // Under a newer key it is still found, by its old index.
    bank.bank.seal().add(2, &[5; 32]).unwrap();
    assert_eq!(account(bank, "c1", "250.5").await, Ok(Put::Changed));
    let sql = "SELECT id, number_sealed FROM accounts WHERE last4 = '7890' AND balance = 25050 AND number_index IS NOT NULL";
    let (id, sealed): (String, String) = bank.bank.read().await.unwrap().fetch_one(sql, Vec::new()).await.unwrap();
    assert_eq!(bank.bank.seal().open(&ACCOUNT_NUMBER, &id, &sealed).unwrap(), "6222021234567890");
    assert_eq!(account(bank, "nobody", "1").await, Err(vec![("customer", EntryRule::UnknownReference)]));
    assert_eq!(account(bank, "c2", "1").await, Err(vec![("customer", EntryRule::CannotChange)]));
}

async fn no_two_rows_have_one_number(bank: &TestBank) {
    account(bank, "c1", "100").await.unwrap();
    for sql in [
        "UPDATE customers SET number = 'c1' WHERE number = 'c2'",
        "UPDATE accounts SET number_index = (SELECT number_index FROM accounts WHERE last4 = '7890')",
    ] {
        let changed = bank
            .bank
            .write::<_, Infallible, _>("twice", |tx| async move { Ok(tx.execute(sql, Vec::new()).await?) }.scope_boxed());
        assert!(changed.await.is_err(), "{sql}");
    }
}

async fn products(bank: &TestBank, entries: &[ProductEntry]) -> Result<Vec<Put>, Vec<(usize, EntryRule)>> {
    let written = bank.bank.write("put", |tx| async move { put_products(tx, entries).await }.scope_boxed());
    match written.await {
        Ok(puts) => Ok(puts),
        Err(Rejected::Refused(refused)) => Err(refused.into_iter().map(|(place, refusal)| (place, refusal.rule)).collect()),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// The first two products of the data.
fn two_products() -> Vec<ProductEntry> {
    let entry = |(position, product)| ProductEntry { position, product };
    (1..).zip(catalogue().unwrap()).take(2).map(entry).collect()
}

async fn products_are_put_and_exchange_their_positions(bank: &TestBank) {
    let mut entries = two_products();
    assert_eq!(products(bank, &entries).await, Ok(vec![Put::Inserted; 2]));
    assert_eq!(products(bank, &entries).await, Ok(vec![Put::Unchanged; 2]));
    (entries[0].position, entries[1].position) = (2, 1);
    entries[0].product.term_days = Some(91);
    assert_eq!(products(bank, &entries).await, Ok(vec![Put::Changed; 2]));
    let order =
        "SELECT COUNT(*) FROM products WHERE (position = 2 AND code = 'deposit-3m' AND definition LIKE '%91%') OR position = 1";
    assert_eq!(bank.number(order).await, 2);
    assert_eq!(products(bank, &two_products()[1..]).await, Err(vec![(0, EntryRule::AlreadyUsed)]));
}

async fn a_published_survey_keeps_its_text(bank: &TestBank) {
    let survey = async |open_until: &str, minutes: i64| {
        let mut definition = needs_2026().unwrap();
        definition.minutes = minutes;
        let definition = serde_json::to_string(&definition).unwrap();
        let entry = SurveyEntry::parse(&of(&[("open_until", open_until), ("definition", &definition)])).unwrap();
        put(bank, move |tx| {
            let entry = entry.clone();
            async move { put_survey(tx, &entry).await }.scope_boxed()
        })
        .await
    };
    assert_eq!(survey("2027-03-31", 4).await, Ok(Put::Inserted));
    assert_eq!(survey("2027-03-31", 4).await, Ok(Put::Unchanged));
    assert_eq!(survey("2027-04-30", 4).await, Ok(Put::Changed));
    assert_eq!(survey("2027-04-30", 5).await, Err(vec![("definition", EntryRule::CannotChange)]));
}
