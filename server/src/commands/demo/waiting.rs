//! Open cases on the desk of the demo bank: other customers filed them some hours ago through the public operations. Also the
//! consent of c1001. The first branch gets suggestions only, so that its slots stay free. Each case has its own idempotency
//! key, so that filing twice creates one.

use std::sync::Arc;

use anyhow::{anyhow, bail};
use bank::appointments::cash::{DayAvailability, book_cash, cash_context};
use bank::customers::{ConsentPurpose, NOTICE_VERSION, give_consent};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Post, SubmitOutcome, Values};
use bank::kernel::ids::Key;
use bank::kernel::time::{day_text, hhmm};
use bank::sessions::{Caller, Customer, Source, caller, sign_in, sign_out};
use bank::suggestions;

use super::PASSWORD;
use crate::adapters::clock::TickingClock;

/// Booked withdrawals: customer, branch, hours ago, yuan, purpose.
const BOOKINGS: [(&str, &str, i64, i64, &str); 8] = [
    ("d0001", "dongqu", 27, 120_000, ""),
    ("d0002", "dongqu", 25, 80_000, ""),
    ("d0003", "huoju", 23, 600_000, "经营性支出"),
    ("d0004", "huoju", 5, 260_000, "居住"),
    ("d0005", "xiqu", 4, 55_000, ""),
    ("d0006", "guzhen", 3, 150_000, ""),
    ("d0007", "tanzhou", 2, 300_000, "教育文娱"),
    // It waits for the company's approver, c1006.
    ("c1005", "xiaolan", 1, 260_000, "工资"),
];

/// Filed suggestions: customer, hours ago, category, content.
const SUGGESTIONS: [(&str, i64, &str, &str); 8] = [
    ("d0008", 30, "网点服务", "东区支行周六只开一个取款窗口，中午排队常要四十分钟，希望增加一个窗口。"),
    ("d0001", 21, "电子渠道", "手机银行的账单只能看一年，报税时要三年的，希望能自己下载。"),
    ("d0005", 12, "储蓄", "定期存款到期前一周能不能发一条提醒？我父母常常忘记。"),
    ("d0006", 6, "对公", "对公回单机在一楼，停车场在地下，周末取回单进不了门，希望改到自助区。"),
    ("d0009", 28, "网点服务", "石岐支行门口的斜坡下雨天很滑，老人家走着怕，能不能铺防滑条？"),
    ("d0010", 8, "电子渠道", "预约取款的短信里写的是支行电话，打过去常常占线，希望能在手机上直接改时间。"),
    ("d0009", 2, "储蓄", "存单到期那天柜台排队太久，希望到期前能先在网上选好转存方式。"),
    ("d0003", 1, "信用卡", "境外消费的短信只有英文，希望同时有中文。"),
];

pub(super) async fn file(bank: &Bank) -> anyhow::Result<()> {
    let consenting = visit(bank, "c1001").await?;
    give_consent(bank, &consenting, ConsentPurpose::Recommendations, Some(NOTICE_VERSION)).await?;
    leave(bank, consenting).await?;
    for (number, (name, branch, hours, yuan, purpose)) in (1..).zip(BOOKINGS) {
        let then = before(bank, hours);
        let customer = visit(&then, name).await?;
        book(&then, &customer, key("cash", number)?, branch, yuan, purpose).await?;
        leave(&then, customer).await?;
    }
    for (number, (name, hours, category, content)) in (1..).zip(SUGGESTIONS) {
        let then = before(bank, hours);
        let customer = visit(&then, name).await?;
        let posted = values(&[("category", category), ("content", content)]);
        match suggestions::record(&then, &customer, &Post::first(key("suggestion", number)?, posted)).await? {
            SubmitOutcome::Case { .. } => {}
            other => bail!("a suggestion of the demo bank became {other:?}"),
        }
        leave(&then, customer).await?;
    }
    Ok(())
}

/// The bank with its clock some hours ago.
fn before(bank: &Bank, hours: i64) -> Bank {
    bank.with_clock(Arc::new(TickingClock::starting(bank.now().plus_hours(-hours))))
}

fn key(kind: &str, number: u32) -> anyhow::Result<Key> {
    Ok(Key::parse(&format!("demo-{kind}-{number:0>width$}", width = 25 - kind.len()))?)
}

fn values(pairs: &[(&str, &str)]) -> Values {
    Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// Signs a customer in, because only a session yields the proof that operations take.
async fn visit(bank: &Bank, name: &str) -> anyhow::Result<Customer> {
    let signed_in = match sign_in(bank, name, PASSWORD.to_owned(), &Source::here("demo")).await {
        Ok(signed_in) => signed_in,
        Err(Rejected::Refused(_)) => bail!("{name} cannot sign in to the demo bank"),
        Err(Rejected::Unexpected(failure)) => return Err(failure.into()),
    };
    match caller(bank, &signed_in.session_id, false).await?.caller {
        Caller::Customer(customer) => Ok(customer),
        _ => bail!("{name} is no customer of the demo bank"),
    }
}

async fn leave(bank: &Bank, customer: Customer) -> anyhow::Result<()> {
    Ok(sign_out(bank, &Caller::Customer(customer)).await?)
}

/// Books on the last bookable day, so that nothing falls due before somebody has seen the desk.
async fn book(bank: &Bank, customer: &Customer, key: Key, branch: &str, yuan: i64, purpose: &str) -> anyhow::Result<()> {
    let (context, _) = cash_context(bank, customer, Some(branch), None).await?;
    let availability = context.availability.as_ref().ok_or_else(|| anyhow!("no branch {branch}"))?;
    let free = |day: &DayAvailability| day.slots.iter().find(|slot| slot.places > 0).map(|slot| (day.day, slot.slot));
    let (day, slot) = availability.days.iter().rev().find_map(free).ok_or_else(|| anyhow!("{branch} has no free slot"))?;
    let account = context.accounts.first().ok_or_else(|| anyhow!("no account"))?;
    let mut posted = values(&[("branch", branch), ("account", account), ("any_notes", "1"), ("collector", "self")]);
    posted.set("day", day_text(day));
    posted.set("slot", hhmm(slot));
    posted.set("amount", yuan.to_string());
    if !purpose.is_empty() {
        posted.set("purpose", purpose);
    }
    match book_cash(bank, customer, &Post::first(key, posted)).await? {
        SubmitOutcome::Case { .. } => Ok(()),
        other => bail!("a booking of the demo bank became {other:?}"),
    }
}
