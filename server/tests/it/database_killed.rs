//! PostgreSQL is killed with SIGKILL, all processes at once, while customers book and move. After recovery every acknowledged
//! booking exists where it was acknowledged, every other form can be sent again and gives one case, and reserved capacity equals
//! that of the bookings.
//!
//! The operating system survives, so this tests recovery from the write-ahead log, not that the disk has written it. For
//! SQLite, which the portal opens itself, the setting that makes a commit wait for the disk is read back.

use std::collections::BTreeMap;
use std::time::Duration;

use bank::kernel::failure::Rejected;
use scoped_futures::ScopedFutureExt;

use crate::support::cash::{BookingValues, whole};
use crate::support::cluster::Cluster;
use crate::support::crowd::crowd;
use crate::support::seed::{BRANCH, parameter};
use crate::support::soak::rounds;
use crate::support::{Browser, Form, TestBank, pairs};

const PEOPLE: usize = 12;

/// Bookable days after the Monday on which the tests run.
const DAYS: [&str; 5] = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_survives_the_database() {
    let Some(mut cluster) = Cluster::start().await else { return };
    let bank = TestBank::on(cluster.url("postgres")).await;
    parameter(&bank.bank, "cash_slot_places", "60").await;
    let crowd = crowd(&bank, PEOPLE).await;
    for (round, day) in DAYS.into_iter().enumerate().take(rounds(DAYS.len())) {
        let values = BookingValues { branch: BRANCH, day, slot: "10:00", amount: "50000", notes_100: "500" };
        let forms: Vec<(Browser, Form)> =
            crowd.iter().map(|(name, browser)| (browser.clone(), whole(name, &format!("{name}{round:0>23}"), &values))).collect();

        let acknowledged = kill_while_they_send(&mut cluster, &forms).await;
        assert!(!acknowledged.is_empty(), "killed before anything was acknowledged");
        cluster.start_again().await;

        for number in acknowledged.values() {
            assert_eq!(live(&bank, number).await, 1, "{number} was acknowledged and is gone");
        }
        let mut numbers = Vec::new();
        for (person, (browser, form)) in forms.iter().enumerate() {
            let number = send_until_answered(browser, form).await;
            assert!(acknowledged.get(&person).is_none_or(|known| *known == number), "another case than was acknowledged");
            numbers.push(number);
        }
        let booked = format!("SELECT COUNT(*) FROM cash_appointments WHERE live AND day = '{day}'");
        let reserved = format!("SELECT CAST(SUM(reserved) AS BIGINT) FROM cash_slots WHERE day = '{day}'");
        let people = i64::try_from(PEOPLE).expect("a count");
        assert_eq!((number(&bank, booked).await, number(&bank, reserved).await), (people, people), "round {round}");

        // Everybody moves to another time, and it is killed once more.
        let moved = |place: usize| {
            let key = format!("{:0<6}{round:0>20}", format!("m{place}"));
            let fields = [("key", &*key), ("version", "0"), ("do", "move"), ("moves", "0"), ("slot", "14:00")];
            Form { action: format!("/appointments/{}/move", numbers[place]), fields: pairs(&fields) }
        };
        let forms: Vec<(Browser, Form)> =
            forms.into_iter().enumerate().map(|(place, (browser, _))| (browser, moved(place))).collect();
        let acknowledged = kill_while_they_send(&mut cluster, &forms).await;
        assert!(!acknowledged.is_empty(), "killed before anything was acknowledged");
        cluster.start_again().await;
        for case in acknowledged.values() {
            let sql = format!("SELECT moves FROM cash_appointments WHERE case_number = '{case}'");
            assert_eq!(number(&bank, sql).await, 1, "{case} was acknowledged and is not moved");
        }
        for (browser, form) in &forms {
            send_until_answered(browser, form).await;
        }
        let booked =
            format!("SELECT COUNT(*) FROM cash_appointments WHERE live AND day = '{day}' AND slot = '14:00' AND moves = 1");
        let reserved = |slot| format!("SELECT reserved FROM cash_slots WHERE day = '{day}' AND slot = '{slot}'");
        assert_eq!(number(&bank, booked).await, people, "round {round}");
        assert_eq!(
            (number(&bank, reserved("10:00")).await, number(&bank, reserved("14:00")).await),
            (0, people),
            "round {round}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_commit_to_sqlite_waits_for_the_disk() {
    let bank = TestBank::sqlite().await;
    let work = bank.bank.write::<_, std::convert::Infallible, _>("setting", |tx| {
        async move { Ok(tx.fetch_one::<(i64,)>("PRAGMA synchronous", Vec::new()).await?) }.scope_boxed()
    });
    let (synchronous,) = work.await.map_err(Rejected::into_failure).expect("a setting");
    assert_eq!(synchronous, 2, "2 is FULL");
}

/// Everybody sends a form; the database is killed after the first acknowledgement. Returns the case numbers by person.
async fn kill_while_they_send(cluster: &mut Cluster, forms: &[(Browser, Form)]) -> BTreeMap<usize, String> {
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    for (person, (browser, form)) in forms.iter().cloned().enumerate() {
        let sender = sender.clone();
        tokio::spawn(async move {
            let answer = browser.post(&form.action, &form.fields).await;
            sender.send((person, answer.location)).expect("the test listens");
        });
    }
    drop(sender);
    let mut acknowledged = BTreeMap::new();
    let mut killed = false;
    while let Some((person, location)) = answers.recv().await {
        if let Some(number) = location.as_deref().and_then(case_of) {
            acknowledged.insert(person, number.to_owned());
            if !killed {
                cluster.kill();
                killed = true;
            }
        }
    }
    acknowledged
}

/// Sends the same form again until the portal answers; connections to the killed database fail first.
async fn send_until_answered(browser: &Browser, form: &Form) -> String {
    for _ in 0..100 {
        let answer = browser.post(&form.action, &form.fields).await;
        if answer.status < 500 {
            let location = answer.location.unwrap_or_else(|| panic!("status {}", answer.status));
            return case_of(&location).unwrap_or_else(|| panic!("{location}")).to_owned();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the portal did not come back");
}

fn case_of(location: &str) -> Option<&str> {
    location.strip_prefix("/appointments/").filter(|rest| rest.starts_with("QK")).and_then(|rest| rest.split(['?', '#']).next())
}

async fn live(bank: &TestBank, case: &str) -> i64 {
    number(bank, format!("SELECT COUNT(*) FROM cash_appointments WHERE live AND case_number = '{case}'")).await
}

/// A number from the database, retried until the pool has reconnected.
async fn number(bank: &TestBank, sql: String) -> i64 {
    for _ in 0..100 {
        if let Ok(mut conn) = bank.bank.read().await
            && let Ok((number,)) = conn.fetch_one::<(i64,)>(sqlx::AssertSqlSafe(sql.clone()), Vec::new()).await
        {
            return number;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the database did not come back");
}
