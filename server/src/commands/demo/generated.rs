//! `lobby demo --customers N`: customers g000001 … for load tests. They share one password hash and are inserted in
//! batches; existing ones are kept.

use std::collections::HashSet;
use std::convert::Infallible;

use bank::kernel::bank::Bank;
use bank::kernel::database::Tx;
use bank::kernel::failure::{Failure, Rejected};
use bank::sessions::{hash_password, list_sign_in_names};
use jiff::civil::date;
use scoped_futures::ScopedFutureExt;

use super::PASSWORD;
use super::identity::{Person, account};
use bank::kernel::time::shift;

/// Customers inserted per transaction.
const BATCH: usize = 500;

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
    let known: HashSet<String> = list_sign_in_names(&mut bank.read().await?, "g").await?.into_iter().collect();
    let missing: Vec<u32> = (1..=count).filter(|number| !known.contains(&name(*number))).collect();
    if missing.is_empty() {
        return Ok(0);
    }
    let password_hash = hash_password(PASSWORD)?;
    for batch in missing.chunks(BATCH) {
        bank.write::<_, Infallible, _>("generate_customers", |tx| {
            let password_hash = &password_hash;
            async move {
                for number in batch {
                    insert(tx, *number, password_hash).await?;
                }
                Ok(())
            }
            .scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
    }
    Ok(missing.len())
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

async fn insert(tx: &mut Tx, number: u32, password_hash: &str) -> Result<(), Failure> {
    let name = name(number);
    let (branch, address) = pick(&BRANCHES, number, ("shiqi", ""));
    let person = Person {
        name: &name,
        full_name: &full_name(number),
        title: if number.is_multiple_of(2) { "ms" } else { "mr" },
        // Birth dates 20 to 75 years before 2026, spread over all days of the year.
        born: shift(date(1951, 1, 1), i64::from(number.wrapping_mul(7919) % 20_000)),
        sequence: number,
        phone: phone(number),
        vip: number.is_multiple_of(20),
        branch,
        address,
    };
    person.insert(tx, password_hash).await?;
    let last4 = format!("{:04}", number.wrapping_mul(7) % 10_000);
    account(tx, &name, 1, "debit_card", &last4, true, 60_000 + i64::from(number % 97) * 12_500).await
}
