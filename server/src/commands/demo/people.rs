//! The users of the demo bank (listed in README.md): four customers with different properties, and at least one user for
//! every staff role. Customers start without appointments or drafts.

use bank::customers::{NewCustomer, insert_customer};
use bank::kernel::database::Tx;
use bank::kernel::failure::Failure;
use bank::kernel::money::Fen;
use bank::kernel::people::IdType;
use bank::kernel::time::{At, Day, shift};
use bank::recommendations::{
    Assessment, CustomerLevel, ProductCode, Source, insert_assessment, insert_holding, insert_prequalification,
};
use bank::sessions::{CustomerKind, NewUser, insert_user};
use jiff::civil::date;

use super::identity::{Person, account};

const BRANCH: &str = "shiqi";

/// The second branch.
const SECOND: &str = "dongqu";

/// All staff: sign-in name, full name, role, branch (empty: head office).
const STAFF: [(&str, &str, &str, &str); 14] = [
    ("clerk", "陈柜员", "clerk", BRANCH),
    ("clerk2", "苏敏仪", "clerk", SECOND),
    ("lobby", "温咏珊", "lobby_manager", BRANCH),
    ("head", "何静", "branch_head", BRANCH),
    ("head2", "黄国辉", "branch_head", SECOND),
    ("manager", "高志豪", "relationship_manager", BRANCH),
    ("dispatcher", "彭班长", "dispatcher", ""),
    ("quality", "严质检", "quality_control", ""),
    ("complaints", "潘慧中", "complaints_officer", ""),
    ("executive", "区行长", "executive", ""),
    ("editor", "方文静", "editor", ""),
    ("auditor", "石审计", "auditor", ""),
    ("admin", "系统管理员", "administrator", ""),
    ("admin2", "第二管理员", "administrator", ""),
];

pub(super) async fn insert(tx: &mut Tx, now: At, password_hash: &str) -> Result<(), Failure> {
    let today = now.day();
    lin(tx, today, password_hash).await?;
    chen(tx, password_hash).await?;
    company(tx, password_hash).await?;
    liang(tx, today, password_hash).await?;
    for (name, full_name, role, branch) in STAFF {
        let branch_id = (!branch.is_empty()).then(|| branch.to_owned());
        insert_user(tx, &user(name, full_name, role, None, branch_id, password_hash)).await?;
    }
    Ok(())
}

fn user(
    name: &str,
    full_name: &str,
    role: &str,
    customer_id: Option<String>,
    branch_id: Option<String>,
    password_hash: &str,
) -> NewUser {
    NewUser {
        id: name.to_owned(),
        sign_in_name: name.to_owned(),
        password_hash: password_hash.to_owned(),
        role: role.to_owned(),
        name: full_name.to_owned(),
        customer_id,
        branch_id,
    }
}

fn product(code: &str) -> ProductCode {
    ProductCode(code.to_owned())
}

fn assessment(level: CustomerLevel, assessed_on: Day, horizon_days: i64, liquidity_days: i64) -> Assessment {
    Assessment {
        level,
        source: Source::Own,
        assessed_on,
        confirmed: true,
        horizon_days: Some(horizon_days),
        liquidity_days: Some(liquidity_days),
    }
}

/// c1001: VIP, valid C3, a deposit maturing in three and a half weeks; consents to recommendations (`waiting.rs`).
async fn lin(tx: &mut Tx, today: Day, password_hash: &str) -> Result<(), Failure> {
    let person = Person {
        name: "c1001",
        full_name: "林晓岚",
        title: "ms",
        born: date(1988, 5, 12),
        sequence: 2,
        phone: "13800001001".to_owned(),
        vip: true,
        branch: BRANCH,
        address: "广东省中山市石岐区",
    };
    person.insert(tx, password_hash).await?;
    account(tx, "c1001", 1, "debit_card", "6601", true, 862_400).await?;
    account(tx, "c1001", 2, "passbook", "2218", true, 156_300).await?;
    account(tx, "c1001", 3, "debit_card", "0937", false, 0).await?;
    insert_assessment(tx, "c1001-1", "c1001", &assessment(CustomerLevel::C3, shift(today, -120), 1_100, 180)).await?;
    insert_holding(tx, "c1001", &product("deposit-1y"), Fen::from_yuan(200_000), Some(shift(today, 24))).await?;
    insert_holding(tx, "c1001", &product("deposit-demand"), Fen::from_yuan(862_400), None).await?;
    insert_prequalification(tx, "c1001", &product("card-standard")).await
}

/// c1002: no assessment, no consent.
async fn chen(tx: &mut Tx, password_hash: &str) -> Result<(), Failure> {
    let person = Person {
        name: "c1002",
        full_name: "陈志远",
        title: "mr",
        born: date(1995, 9, 3),
        sequence: 15,
        phone: "13800001002".to_owned(),
        vip: false,
        branch: "dongqu",
        address: "广东省中山市东区",
    };
    person.insert(tx, password_hash).await?;
    account(tx, "c1002", 1, "debit_card", "4406", true, 128_000).await?;
    insert_holding(tx, "c1002", &product("deposit-demand"), Fen::from_yuan(128_000), None).await
}

/// c1003: a company and its operator; c1005 is its approver.
async fn company(tx: &mut Tx, password_hash: &str) -> Result<(), Failure> {
    let customer = NewCustomer {
        id: "c1003".to_owned(),
        number: "c1003".to_owned(),
        kind: CustomerKind::Company,
        name: "中山市恒达照明有限公司".to_owned(),
        title: "",
        birth_day: None,
        id_type: IdType::Other.code().to_owned(),
        id_number: "99999999MADEM0C103".to_owned(),
        phone: "13800001003".to_owned(),
        email: None,
        address: "广东省中山市古镇镇".to_owned(),
        resident: true,
        capable: true,
        vip: false,
        risk_flag: false,
        usual_branch_id: Some("guzhen".to_owned()),
        demo: true,
    };
    insert_customer(tx, &customer).await?;
    for (name, full_name, role) in [("c1003", "何建平", "company_operator"), ("c1005", "欧阳敏", "company_approver")] {
        insert_user(tx, &user(name, full_name, role, Some("c1003".to_owned()), None, password_hash)).await?;
    }
    account(tx, "c1003", 1, "settlement", "8812", true, 3_450_000).await
}

/// c1004: over 65, C4.
async fn liang(tx: &mut Tx, today: Day, password_hash: &str) -> Result<(), Failure> {
    let person = Person {
        name: "c1004",
        full_name: "梁伯棠",
        title: "mr",
        born: date(1956, 3, 8),
        sequence: 37,
        phone: "13800001004".to_owned(),
        vip: false,
        branch: BRANCH,
        address: "广东省中山市西区",
    };
    person.insert(tx, password_hash).await?;
    account(tx, "c1004", 1, "passbook", "3320", true, 410_500).await?;
    insert_assessment(tx, "c1004-1", "c1004", &assessment(CustomerLevel::C4, shift(today, -60), 730, 90)).await?;
    insert_holding(tx, "c1004", &product("bond-3y"), Fen::from_yuan(150_000), Some(shift(today, 400))).await
}
