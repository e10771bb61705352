//! Creates the database that later releases must be able to migrate: the demo bank, one case in every state of every kind,
//! drafts, notes and read messages. `scripts/upgrade-fixture.sh` runs it on both engines and packs the result into
//! `server/tests/upgrade/<release>/`; each release adds its own.
//!
//! Usage: `upgrade_fixture DATABASE_URL DATA_FOLDER` (the folder receives the keys).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context as _, anyhow, bail};
use app::desk::FORM;
use bank::appointments::cash::{CashAction, book_cash, cancel_cash, cash_context};
use bank::appointments::reception::{CONFIRM, DECLINE, apply_for_reception, cancel_reception, receptions};
use bank::cases::{SEEN, act, add_note};
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::database::Db;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::{Field, FieldKind, Form, Post, SubmitOutcome, Values, fresh_key, post_form};
use bank::kernel::seal::{FIRST_KEY, Seal};
use bank::kernel::time::{At, day_text, hhmm};
use bank::sessions::{Caller, Customer, Source, Staff, caller, sign_in};
use bank::suggestions;
use server::commands::demo::{PASSWORD, load};
use server::secrets;

/// Start time of the scenario: a Tuesday morning without a holiday nearby.
const NOW: &str = "2026-11-24T10:00:00+08:00";

/// The branch of the staff accounts whose sign-in name contains a 2.
const SECOND_BRANCH: &str = "dongqu";

/// A clock that the scenario advances.
struct StoryClock(AtomicI64);

impl Clock for StoryClock {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(folder)) = (arguments.next(), arguments.next()) else {
        bail!("usage: upgrade_fixture DATABASE_URL DATA_FOLDER");
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(tell(&url, Path::new(&folder)))
}

async fn tell(url: &str, folder: &Path) -> anyhow::Result<()> {
    let seal = Seal::new(&secrets::load(folder, &secrets::seal_key(FIRST_KEY))?).map_err(failed)?;
    secrets::load(folder, secrets::SESSION_KEY)?;
    let clock = Arc::new(StoryClock(AtomicI64::new(At::parse_rfc3339(NOW).context("a time")?.0)));
    let db = Db::open(url).await?;
    db.migrate().await?;
    let story = Story { bank: Bank::new(db, clock.clone(), seal), clock };
    bank::keys::register_key(&story.bank).await.map_err(failed)?;
    load(&story.bank, 24).await?;
    story.cash().await?;
    story.reception().await?;
    story.suggestions().await?;
    story.drafts().await?;
    story.bank.db().close().await;
    Ok(())
}

fn failed(failure: Failure) -> anyhow::Error {
    anyhow!("{failure}")
}

fn refused<R: std::fmt::Debug>(rejected: Rejected<R>) -> anyhow::Error {
    anyhow!("{rejected:?}")
}

fn values(pairs: &[(&str, &str)]) -> Values {
    Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

struct Story {
    bank: Bank,
    clock: Arc<StoryClock>,
}

impl Story {
    fn pass_hours(&self, hours: i64) {
        self.clock.0.fetch_add(hours * 3_600_000, Ordering::SeqCst);
    }

    async fn caller(&self, name: &str) -> anyhow::Result<Caller> {
        let signed_in =
            sign_in(&self.bank, name, PASSWORD.to_owned(), &Source::here("Firefox · Linux")).await.map_err(refused)?;
        Ok(caller(&self.bank, &signed_in.session_id, false).await?.caller)
    }

    async fn customer(&self, name: &str) -> anyhow::Result<Customer> {
        match self.caller(name).await? {
            Caller::Customer(customer) => Ok(customer),
            _ => bail!("{name} is no customer"),
        }
    }

    async fn staff(&self, name: &str) -> anyhow::Result<Staff> {
        match self.caller(name).await? {
            Caller::Staff(staff) => Ok(staff),
            _ => bail!("{name} is no staff"),
        }
    }

    /// A staff session of this role at the branch of the case, and the version of the case.
    async fn staff_for(&self, role: &str, number: &str) -> anyhow::Result<(Staff, i64)> {
        let sql = "SELECT COALESCE(branch_id, ''), version FROM cases WHERE number = $1";
        let (branch, version): (String, i64) = self.bank.read().await?.fetch_one(sql, bank::args![number]).await?;
        let second = if branch == SECOND_BRANCH { "2" } else { "" };
        Ok((self.staff(&format!("{role}{second}")).await?, version))
    }

    /// Books on the `ahead`-th bookable day of a branch.
    async fn book(&self, name: &str, branch: &str, ahead: usize, yuan: i64, agent: bool) -> anyhow::Result<String> {
        let customer = self.customer(name).await?;
        let (context, _) = cash_context(&self.bank, &customer, Some(branch), None).await?;
        let availability = context.availability.as_ref().context("availability")?;
        let day = availability.days.iter().filter(|day| day.open).nth(ahead).context("a day")?;
        let slot = day.slots.iter().rev().find(|slot| slot.places > 0).context("a slot")?;
        let mut posted = values(&[("branch", branch), ("any_notes", "1"), ("remark", "请备新钞"), ("purpose", "经营性支出")]);
        posted.set("account", context.accounts.first().context("an account")?);
        posted.set("day", day_text(day.day));
        posted.set("slot", hhmm(slot.slot));
        posted.set("amount", yuan.to_string());
        posted.set("collector", if agent { "agent" } else { "self" });
        if agent {
            for (field, value) in [("agent_name", "王建国"), ("agent_id_type", "passport"), ("agent_id", "E12345678")] {
                posted.set(field, value);
            }
        }
        match book_cash(&self.bank, &customer, &Post::first(fresh_key(&self.bank)?, posted)).await? {
            SubmitOutcome::Case { number, .. } => Ok(number),
            other => bail!("a booking became {other:?}"),
        }
    }

    async fn act(&self, who: &str, number: &str, action: CashAction, reason: Option<&str>) -> anyhow::Result<()> {
        let mut posted = values(&[("id_checked", "resident_id")]);
        if let Some(reason) = reason {
            posted.set("reason", reason);
        }
        self.press(who, number, action.code(), &posted).await
    }

    async fn press(&self, who: &str, number: &str, action: &str, posted: &Values) -> anyhow::Result<()> {
        let (staff, version) = self.staff_for(who, number).await?;
        let mut posted = posted.clone();
        posted.set("do", action);
        posted.set(SEEN, version.to_string());
        let post = Post::first(fresh_key(&self.bank)?, posted);
        match act(&self.bank, &staff, number, post.row(staff.user_id(), &FORM), &post).await? {
            SubmitOutcome::Case { .. } => Ok(()),
            other => bail!("{action} of {number} became {other:?}"),
        }
    }

    /// A booking in every state.
    async fn cash(&self) -> anyhow::Result<()> {
        self.book("g000001", "shiqi", 3, 60_000, true).await?;
        let number = self.book("g000002", "shiqi", 3, 600_000, false).await?;
        self.act("clerk", &number, CashAction::Confirm, None).await?;
        let number = self.book("g000003", "shiqi", 2, 70_000, false).await?;
        self.act("clerk", &number, CashAction::Confirm, None).await?;
        let number = self.book("g000004", "shiqi", 2, 80_000, true).await?;
        self.act("clerk", &number, CashAction::Confirm, None).await?;
        self.act("clerk", &number, CashAction::Prepare, None).await?;
        let number = self.book("g000005", "shiqi", 1, 90_000, false).await?;
        cancel_cash(&self.bank, &self.customer("g000005").await?, &number).await.map_err(refused)?;
        let number = self.book("g000006", "shiqi", 1, 100_000, false).await?;
        let customer = self.customer("g000006").await?;
        let (context, _) = cash_context(&self.bank, &customer, Some("shiqi"), None).await?;
        let days = context.availability.context("availability")?.days;
        let offered = days.iter().filter(|day| day.open).nth(4).context("a day to offer")?.day;
        let mut posted = values(&[("reason", "金库当日检修")]);
        posted.set("offered_day", day_text(offered));
        self.press("clerk", &number, CashAction::Decline.code(), &posted).await?;
        // Tomorrow: one is paid out, one is at the counter, one is not collected; one is never answered.
        let paid = self.book("g000007", "shiqi", 0, 500_000, true).await?;
        self.act("clerk", &paid, CashAction::Confirm, None).await?;
        self.act("head", &paid, CashAction::Approve, None).await?;
        let here = self.book("g000008", "shiqi", 0, 50_000, false).await?;
        self.act("clerk", &here, CashAction::Confirm, None).await?;
        let absent = self.book("g000009", "dongqu", 0, 50_000, false).await?;
        self.act("clerk", &absent, CashAction::Confirm, None).await?;
        self.book("g000010", "dongqu", 0, 55_000, false).await?;
        self.pass_hours(30);
        self.act("clerk", &paid, CashAction::Arrive, None).await?;
        self.act("clerk", &paid, CashAction::Complete, None).await?;
        self.act("clerk", &here, CashAction::Arrive, None).await?;
        bank::worker::round(&self.bank).await?;
        self.pass_hours(3);
        bank::worker::round(&self.bank).await?;
        Ok(())
    }

    async fn apply(&self, name: &str, index: usize) -> anyhow::Result<String> {
        let customer = self.customer(name).await?;
        let open = receptions(&self.bank, &customer).await?;
        let upcoming = open.get(index).context("a reception")?;
        let slot = upcoming.slots.iter().find(|slot| slot.places > 0).context("a place")?;
        let mut posted = values(&[("topic", "service"), ("summary", "排队太久"), ("hope", "多开一个窗口"), ("attendees", "2")]);
        posted.set("day", day_text(upcoming.reception.day));
        posted.set("slot", hhmm(slot.slot));
        match apply_for_reception(&self.bank, &customer, &Post::first(fresh_key(&self.bank)?, posted)).await? {
            SubmitOutcome::Case { number, .. } => Ok(number),
            other => bail!("an application became {other:?}"),
        }
    }

    async fn reception(&self) -> anyhow::Result<()> {
        self.apply("g000011", 4).await?;
        let number = self.apply("g000012", 4).await?;
        self.press("head", &number, CONFIRM, &Values::default()).await?;
        let number = self.apply("g000013", 5).await?;
        self.press("head", &number, DECLINE, &values(&[("reason", "本场已满")])).await?;
        let number = self.apply("g000014", 5).await?;
        cancel_reception(&self.bank, &self.customer("g000014").await?, &number).await.map_err(refused)
    }

    async fn suggestions(&self) -> anyhow::Result<()> {
        for (name, answered) in [("g000015", false), ("g000016", true)] {
            let customer = self.customer(name).await?;
            let posted = values(&[("category", "网点服务"), ("content", "希望周六多开一个窗口。")]);
            let taken = suggestions::record(&self.bank, &customer, &Post::first(fresh_key(&self.bank)?, posted)).await?;
            let SubmitOutcome::Case { number, .. } = taken else { bail!("no case") };
            let (clerk, _) = self.staff_for("clerk", &number).await?;
            let form = Form::new("desk", vec![("case", vec![Field::new("note", FieldKind::Line)])]);
            let note = Post::first(fresh_key(&self.bank)?, values(&[("note", "已转网点")]));
            add_note(&self.bank, &clerk, &number, note.row(clerk.user_id(), &form), &note).await?;
            if answered {
                let answer =
                    [("judgement", "partly"), ("reason", "周六增开一个窗口，先试行三个月。"), ("thanks", "谢谢您的建议。")];
                self.press("clerk", &number, "answer", &values(&answer)).await?;
                bank::messages::mark_read(&self.bank, &customer, &number).await?;
            }
        }
        Ok(())
    }

    /// A draft with an ID number in it.
    async fn drafts(&self) -> anyhow::Result<()> {
        let customer = self.customer("g000017").await?;
        let typed = values(&[("branch", "shiqi"), ("collector", "agent"), ("agent_name", "王建国"), ("agent_id", "E12345678")]);
        let post = Post::first(fresh_key(&self.bank)?, typed);
        post_form(&self.bank, post.row(customer.user_id(), &bank::appointments::cash::FORM), &post).await?;
        println!("made as of {}", self.bank.now().0);
        Ok(())
    }
}
