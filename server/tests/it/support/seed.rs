//! The smallest useful bank: two branches, the calendar, staff, and numbered customers.

use std::sync::LazyLock;

use bank::branches::{Branch, NewBranch, insert_branch, insert_calendar_day};
use bank::customers::{NewAccount, NewCustomer, insert_account, insert_customer};
use bank::kernel::bank::Bank;
use bank::kernel::calendar::parse_rows;
use bank::kernel::failure::Rejected;
use bank::kernel::hours::{WeekHours, parse_spans};
use bank::kernel::money::Fen;
use bank::kernel::parameters::Demand;
use bank::kernel::time::At;
use bank::sessions::{CustomerKind, NewUser, hash_password, insert_user};
use scoped_futures::ScopedFutureExt;

use super::TestBank;

/// The password of every user.
pub const PASSWORD: &str = "lobby-demo";

/// The branch of most tests: every working day 9 to 17, four places per hour, 2,000,000 yuan per day.
pub const BRANCH: &str = "shiqi";

/// Another branch, with a lunch break.
pub const OTHER_BRANCH: &str = "dongqu";

const CALENDAR: &str = include_str!("../../../../app/bank/data/calendar-cn.csv");

static HASH: LazyLock<String> = LazyLock::new(|| hash_password(PASSWORD).expect("a hash"));

fn branch(id: &str, zh: &str, spans: &str) -> Branch {
    Branch {
        id: id.into(),
        name_zh: zh.into(),
        name_en: id.into(),
        address_zh: "孙文中路 128 号".into(),
        address_en: "128 Sunwen Middle Road".into(),
        phone: "0760-0000 0001".into(),
        hours: WeekHours::weekdays(&parse_spans(spans).expect("spans")).into(),
        cash_closed_until: None,
    }
}

/// All staff: sign-in name, role, branch (empty: head office).
pub const STAFF: [(&str, &str, &str); 16] = [
    ("clerk", "clerk", BRANCH),
    ("colleague", "clerk", BRANCH),
    ("clerk2", "clerk", OTHER_BRANCH),
    ("lobby", "lobby_manager", BRANCH),
    ("head", "branch_head", BRANCH),
    ("head2", "branch_head", OTHER_BRANCH),
    ("manager", "relationship_manager", BRANCH),
    ("dispatcher", "dispatcher", ""),
    ("quality", "quality_control", ""),
    ("complaints", "complaints_officer", ""),
    ("executive", "executive", ""),
    ("editor", "editor", ""),
    ("auditor", "auditor", ""),
    ("admin", "administrator", ""),
    ("admin2", "administrator", ""),
    // A clerk without a branch.
    ("nowhere", "clerk", ""),
];

fn staff((name, role, branch): (&str, &str, &str)) -> NewUser {
    NewUser {
        id: format!("user-{name}"),
        sign_in_name: name.into(),
        password_hash: HASH.clone(),
        role: role.into(),
        name: format!("职员{name}"),
        customer_id: None,
        branch_id: (!branch.is_empty()).then(|| branch.to_owned()),
    }
}

/// Inserts branches, calendar, [`STAFF`], and the customers `c1`, `c2` and company operator `k1` of the first branch.
pub async fn bank(bank: &Bank) {
    bank.write::<_, std::convert::Infallible, _>("seed", |tx| {
        async move {
            let branches =
                [branch(BRANCH, "石岐支行", "09:00-17:00"), branch(OTHER_BRANCH, "东区支行", "09:00-12:00,14:00-17:00")];
            for (position, branch) in (1..).zip(branches) {
                insert_branch(tx, &NewBranch { branch, position }).await?;
            }
            for day in parse_rows(CALENDAR).expect("a calendar") {
                insert_calendar_day(tx, &day).await?;
            }
            // Everybody signs in with the password alone.
            let from = "2020-01-01".parse().expect("a day");
            for name in ["staff_second_factor", "customer_second_factor"] {
                bank::branches::insert_parameter(tx, name, "", from, Demand::Offered.code()).await?;
            }
            for one in STAFF {
                insert_user(tx, &staff(one)).await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a seeded bank");
    for name in ["c1", "c2"] {
        customer(bank, name, CustomerKind::Personal).await;
    }
    customer(bank, "k1", CustomerKind::Company).await;
}

/// Inserts a customer of the first branch with one active account `acc-NAME`, who signs in as `name`.
pub async fn customer(bank: &Bank, name: &str, kind: CustomerKind) {
    customer_of(bank, name, kind, Some(BRANCH)).await;
}

/// Inserts another user of a customer with this role.
pub async fn user_of(bank: &Bank, customer: &str, name: &str, role: &str) {
    let user = NewUser {
        id: format!("user-{name}"),
        sign_in_name: name.into(),
        password_hash: HASH.clone(),
        role: role.into(),
        name: format!("客户{name}"),
        customer_id: Some(format!("customer-{customer}")),
        branch_id: None,
    };
    bank.write::<_, std::convert::Infallible, _>("seed_user", |tx| {
        let user = &user;
        async move { Ok(insert_user(tx, user).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a user");
}

/// The number on file: the same for the first three customers, a different one for each other customer.
pub fn phone(name: &str) -> String {
    if ["c1", "c2", "k1"].contains(&name) {
        return "13800138000".to_owned();
    }
    let digits = name.bytes().fold(0_u32, |digits, byte| digits.wrapping_mul(131).wrapping_add(u32::from(byte)));
    format!("139{:08}", digits % 100_000_000)
}

/// Inserts a customer with this usual branch, or none.
pub async fn customer_of(bank: &Bank, name: &str, kind: CustomerKind, branch: Option<&str>) {
    bank.write::<_, std::convert::Infallible, _>("seed_customer", |tx| {
        async move {
            let customer_id = format!("customer-{name}");
            let customer = NewCustomer {
                id: customer_id.clone(),
                number: name.into(),
                kind,
                name: format!("客户{name}"),
                title: "",
                birth_day: Some("1990-01-01".parse().expect("a day")).filter(|_| kind == CustomerKind::Personal),
                id_type: "resident_id".into(),
                id_number: "442000199001011234".into(),
                phone: phone(name),
                email: None,
                address: "广东省中山市石岐区".into(),
                resident: true,
                capable: true,
                vip: false,
                risk_flag: false,
                usual_branch_id: branch.map(str::to_owned),
                demo: true,
            };
            insert_customer(tx, &customer).await?;
            let account = NewAccount {
                id: format!("acc-{name}"),
                customer_id: customer_id.clone(),
                kind: "debit_card",
                number: None,
                last4: "1234".into(),
                active: true,
                balance: Fen::from_yuan(1_000_000),
            };
            insert_account(tx, &account).await?;
            let user = NewUser {
                id: format!("user-{name}"),
                sign_in_name: name.into(),
                password_hash: HASH.clone(),
                role: if kind == CustomerKind::Company { "company_operator" } else { "customer" }.into(),
                name: format!("客户{name}"),
                customer_id: Some(customer_id),
                branch_id: None,
            };
            insert_user(tx, &user).await?;
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a customer");
}

/// Sets a parameter for the whole bank.
pub async fn parameter(bank: &Bank, name: &str, value: &str) {
    branch_parameter(bank, "", name, value).await;
}

/// Sets a parameter for one branch.
pub async fn branch_parameter(bank: &Bank, branch: &str, name: &str, value: &str) {
    bank.write::<_, std::convert::Infallible, _>("seed_parameter", |tx| {
        async move { Ok(bank::branches::insert_parameter(tx, name, branch, "2020-01-01".parse().expect("a day"), value).await?) }
            .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a parameter");
}

/// Sets a parameter for the whole bank to a value that pages would refuse, so that a test is not stopped by a limit.
pub async fn unbounded(bank: &TestBank, name: &str, value: &str) {
    let sql = format!(
        "INSERT INTO parameters (name, branch_id, effective_from, value) VALUES ('{name}', '', '2020-01-01', '{value}') \
         ON CONFLICT (name, branch_id, effective_from) DO UPDATE SET value = excluded.value"
    );
    bank.change(&sql).await;
}

/// Inserts a staff member.
pub async fn staff_of(bank: &Bank, name: &str, role: &str, branch: Option<&str>) {
    let user = staff((name, role, branch.unwrap_or_default()));
    bank.write::<_, std::convert::Infallible, _>("seed_staff", |tx| {
        let user = user.clone();
        async move { Ok(insert_user(tx, &user).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a staff member");
}

/// Locks a source for the users that fulfil an SQL condition, today.
pub async fn lock_sign_in(bank: &TestBank, condition: &str) {
    let day = At::midnight(bank.bank.now().day()).0;
    let sql = format!(
        "INSERT INTO sign_in_failures (day_begins, name_index, source_index, failures, user_id) \
         SELECT {day}, id, 'somewhere', 5, id FROM users WHERE {condition}"
    );
    bank.change(&sql).await;
}
