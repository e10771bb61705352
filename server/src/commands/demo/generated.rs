//! `lobby demo --customers N`: customers g000001 … for load tests, imported like any other (`lobby import`). They share one
//! password hash; existing ones are left alone.

use bank::imports::{ImportKind, Row};
use bank::kernel::bank::Bank;
use bank::kernel::time::{day_text, shift};
use bank::sessions::hash_password;
use jiff::civil::date;

use super::PASSWORD;
use super::data::{imported, row};
use super::identity::resident_id;
use crate::commands::import::sheet::Sheet;

const SURNAMES: [&str; 20] =
    ["陈", "李", "黄", "张", "梁", "林", "何", "吴", "周", "郭", "冯", "罗", "谭", "邓", "郑", "萧", "杨", "麦", "区", "欧阳"];
const GIVEN: [&str; 25] = [
    "嘉怡", "子轩", "美玲", "志强", "晓彤", "国华", "丽珍", "浩然", "婉婷", "建文", "雅雯", "伟明", "诗敏", "俊杰", "淑芬",
    "永康", "凯琳", "家豪", "思颖", "启明", "佩珊", "文斌", "绮雯", "耀辉", "静仪",
];
const BRANCHES: [(&str, &str); 8] = [
    ("shiqi", "广东省中山市石岐区"),
    ("dongqu", "广东省中山市东区"),
    ("xiaolan", "广东省中山市小榄镇"),
    ("xiqu", "广东省中山市西区"),
    ("huoju", "广东省中山市火炬开发区"),
    ("guzhen", "广东省中山市古镇镇"),
    ("tanzhou", "广东省中山市坦洲镇"),
    ("nanlang", "广东省中山市南朗街道"),
];

/// Adds the missing customers up to `count`; returns how many were added.
pub(super) async fn add(bank: &Bank, count: u32) -> anyhow::Result<usize> {
    if count == 0 {
        return Ok(0);
    }
    let password_hash = hash_password(PASSWORD)?;
    let sheet = |of: fn(u32) -> Row| Sheet { rows: (1..=count).map(of).collect(), faults: Vec::new() };
    let report = imported(bank, ImportKind::Customers, sheet(customer), &password_hash).await?;
    imported(bank, ImportKind::Accounts, sheet(account), &password_hash).await?;
    Ok(report.inserted)
}

/// Sign-in name and id of a generated customer.
pub(super) fn name(number: u32) -> String {
    format!("g{number:06}")
}

pub(super) fn full_name(number: u32) -> String {
    format!("{}{}", pick(&SURNAMES, number, "陈"), pick(&GIVEN, number / 7, "嘉怡"))
}

pub(super) fn phone(number: u32) -> String {
    format!("138{:08}", 10_000_000 + number)
}

/// The usual branch.
pub(super) fn branch(number: u32) -> &'static str {
    pick(&BRANCHES, number, ("shiqi", "")).0
}

fn pick<T: Copy>(from: &[T], number: u32, otherwise: T) -> T {
    let index = usize::try_from(number).unwrap_or_default() % from.len().max(1);
    from.get(index).copied().unwrap_or(otherwise)
}

fn customer(number: u32) -> Row {
    let (branch, address) = pick(&BRANCHES, number, ("shiqi", ""));
    // Birth dates 20 to 75 years before 2026, spread over all days of the year.
    let born = shift(date(1951, 1, 1), i64::from(number.wrapping_mul(7919) % 20_000));
    let values = [
        ("number", &*name(number)),
        ("kind", "personal"),
        ("name", &*full_name(number)),
        ("title", if number.is_multiple_of(2) { "ms" } else { "mr" }),
        ("birth_day", &*day_text(born)),
        ("id_type", "resident_id"),
        ("id_number", &*resident_id(born, number)),
        ("phone", &*phone(number)),
        ("address", address),
        ("vip", if number.is_multiple_of(20) { "yes" } else { "no" }),
        ("branch", branch),
    ];
    row(ImportKind::Customers, u64::from(number), &values)
}

fn account(number: u32) -> Row {
    let values = [
        ("number", &*format!("621798{number:06}000{:04}", number.wrapping_mul(7) % 10_000)),
        ("customer", &*name(number)),
        ("kind", "debit_card"),
        ("balance", &*(60_000 + i64::from(number % 97) * 12_500).to_string()),
    ];
    row(ImportKind::Accounts, u64::from(number), &values)
}
