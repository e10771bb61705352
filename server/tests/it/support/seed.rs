//! The smallest bank a test can work with: two branches, the calendar, two staff, and customers by number.

use std::sync::LazyLock;

use bank::branches::{Branch, NewBranch, insert_branch, insert_calendar_day};
use bank::customers::{ID, NewAccount, NewCustomer, PHONE, insert_account, insert_customer};
use bank::kernel::bank::Bank;
use bank::kernel::calendar::parse_rows;
use bank::kernel::failure::Rejected;
use bank::kernel::hours::{WeekHours, parse_spans};
use bank::kernel::money::Fen;
use bank::sessions::{CustomerKind, NewUser, Role, hash_password, insert_user};
use scoped_futures::ScopedFutureExt;

/// Everybody's.
pub const PASSWORD: &str = "lobby-demo";

/// The branch most tests book at: every working day 9 to 17, four places an hour, 2,000,000 yuan a day.
pub const BRANCH: &str = "shiqi";

/// Another branch with a lunch break.
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
        hours: WeekHours::weekdays(&parse_spans(spans).expect("spans")),
        cash_closed_until: None,
    }
}

fn staff(name: &str, role: Role) -> NewUser {
    NewUser {
        id: format!("user-{name}"),
        sign_in_name: name.into(),
        password_hash: HASH.clone(),
        role,
        name: format!("职员{name}"),
        customer_id: None,
        branch_id: Some(BRANCH.into()).filter(|_| role != Role::Administrator),
    }
}

/// Branches, calendar, `clerk`, `clerk2`, `head`, `admin`, and `c1`, `c2`, the company's operator `k1`.
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
            let roles =
                [("clerk", Role::Clerk), ("clerk2", Role::Clerk), ("head", Role::BranchHead), ("admin", Role::Administrator)];
            for (name, role) in roles {
                insert_user(tx, &staff(name, role)).await?;
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

/// A customer with one active account `acc-NAME`, who signs in as `name`.
pub async fn customer(bank: &Bank, name: &str, kind: CustomerKind) {
    let id_sealed = bank.seal().seal(ID, "442000199001011234").expect("sealed");
    let phone_sealed = bank.seal().seal(PHONE, "13800138000").expect("sealed");
    bank.write::<_, std::convert::Infallible, _>("seed_customer", |tx| {
        let (id_sealed, phone_sealed) = (id_sealed.clone(), phone_sealed.clone());
        async move {
            let customer_id = format!("customer-{name}");
            let customer = NewCustomer {
                id: customer_id.clone(),
                kind,
                name: format!("客户{name}"),
                title: "",
                birth_day: Some("1990-01-01".parse().expect("a day")).filter(|_| kind == CustomerKind::Personal),
                id_type: "resident_id".into(),
                id_sealed,
                phone_sealed,
                address: "广东省中山市石岐区".into(),
                resident: true,
                capable: true,
                vip: false,
                risk_flag: false,
                usual_branch_id: None,
                demo: true,
            };
            insert_customer(tx, &customer).await?;
            let account = NewAccount {
                id: format!("acc-{name}"),
                customer_id: customer_id.clone(),
                kind: "debit_card",
                last4: "1234".into(),
                active: true,
                balance: Fen::from_yuan(1_000_000),
            };
            insert_account(tx, &account).await?;
            let user = NewUser {
                id: format!("user-{name}"),
                sign_in_name: name.into(),
                password_hash: HASH.clone(),
                role: Role::Customer,
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

/// Sets a parameter of the whole bank.
pub async fn parameter(bank: &Bank, name: &str, value: &str) {
    branch_parameter(bank, "", name, value).await;
}

/// Sets a parameter of one branch.
pub async fn branch_parameter(bank: &Bank, branch: &str, name: &str, value: &str) {
    bank.write::<_, std::convert::Infallible, _>("seed_parameter", |tx| {
        async move { Ok(bank::branches::insert_parameter(tx, name, branch, "2020-01-01".parse().expect("a day"), value).await?) }
            .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
    .expect("a parameter");
}
