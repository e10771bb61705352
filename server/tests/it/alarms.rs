//! Alarms and notes are events without a state change, so they make no open page outdated. Concurrent workers raise each alarm
//! once. The database keeps the pauses of a clock ordered and disjoint.

use std::convert::Infallible;

use bank::kernel::failure::Rejected;
use bank::worker::round;
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::{Workshop, act_as_staff as act, everything};
use crate::support::soak::rounds;

/// Long after all due times.
const LATE: &str = "2026-11-24T16:00:00+08:00";

/// Number of alarms of a clock.
const ALARMS: i64 = 3;

async fn an_open_page_is_answered_although_a_note_and_an_alarm_came_in_between(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    for kind in bank::KINDS {
        let (number, _) = shop.open(kind.case_kind(), "50000").await;
        let (head, colleague) = (bank.signed_in("head").await, bank.signed_in("colleague").await);
        let path = format!("/desk/cases/{number}");
        let open = head.open(&path).await;
        let note = colleague.open(&path).await.form_with("button[value=note]");
        bank.set_time("2026-11-24T13:30:00+08:00");
        assert!(round(&bank.bank).await.expect("a round").alarms > 0, "{number}");
        colleague.submit(&note.with_all(&[("note", "已电话核实"), ("do", "note")])).await;
        let action =
            kind.table().iter().find(|line| open.has(&format!("button[value={}]", line.action))).expect("a button").action;
        let answer = open.form_with(&format!("button[value={action}]")).with_all(&[
            ("do", action),
            ("judgement", "adopted"),
            ("reason", "下月改"),
            ("thanks", "谢谢您"),
        ]);
        let page = head.submit(&answer).await;
        assert!(page.refusals().is_empty(), "{number}: {action}: {:?}", page.refusals());
        assert_eq!(shop.case(&number).await.version, 2, "{number}");
    }
}

async fn an_act_a_note_and_the_alarms_at_once_all_succeed(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let clerk = bank.signed_in("clerk").await;
    for turn in 0..rounds(100) {
        let (number, _) = shop.open(bank::suggestions::KIND, "").await;
        let note = clerk.open(&format!("/desk/cases/{number}")).await.form_with("button[value=note]");
        let note = note.with_all(&[("note", "已转网点"), ("do", "note")]);
        bank.set_time(LATE);
        let fields = everything();
        let (acted, noted, worked) =
            tokio::join!(act(&bank.bank, &shop.clerk, &number, "answer", 1, &fields), clerk.submit(&note), round(&bank.bank),);
        assert!(acted.is_ok(), "turn {turn}: {acted:?}");
        assert!(noted.refusals().is_empty() && worked.is_ok(), "turn {turn}: {worked:?}");
        let case = shop.case(&number).await;
        assert_eq!((case.version, case.waiting), (2, false), "turn {turn}");
        // A stopped clock raises no alarm.
        assert_eq!(round(&bank.bank).await.expect("a round").alarms, 0, "turn {turn}");
    }
    let notes = bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'note'").await;
    assert_eq!(usize::try_from(notes).ok(), Some(rounds(100)));
}

async fn workers_at_the_same_moment_give_each_alarm_once(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let other = bank.another_node().await;
    for turn in 1..=i64::try_from(rounds(40)).expect("a count") {
        shop.open(bank::suggestions::KIND, "").await;
        shop.open(bank::suggestions::KIND, "").await;
        bank.set_time(LATE);
        let workers = [bank.bank.clone(), other.clone(), bank.bank.clone(), other.clone()];
        let workers = workers.map(|node| tokio::spawn(async move { round(&node).await.expect("a round").alarms }));
        let mut given = 0;
        for worker in workers {
            given += i64::from(worker.await.expect("a worker"));
        }
        assert_eq!(given, 2 * ALARMS, "turn {turn}");
        assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE role = 'system'").await, turn * 2 * ALARMS);
    }
    let twice = "SELECT COUNT(*) FROM (SELECT case_number, action FROM case_events GROUP BY case_number, action HAVING COUNT(*) > 1) AS twice";
    assert_eq!(bank.number(twice).await, 0);
    other.db().close().await;
}

async fn pauses_of_a_clock_are_in_order_and_apart(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    let (number, _) = shop.open(bank::suggestions::KIND, "").await;
    let change = async |sql: String| {
        let done = bank.bank.write::<_, Infallible, _>("pause", |tx| {
            let sql = sql.clone();
            async move { Ok(tx.execute(sqlx::AssertSqlSafe(sql), Vec::new()).await?) }.scope_boxed()
        });
        done.await.map(|_| ()).map_err(Rejected::into_failure)
    };
    let pause = async |from: i64, until: Option<i64>, previous: Option<i64>| {
        let text = |at: Option<i64>| at.map_or_else(|| "NULL".to_owned(), |at| at.to_string());
        change(format!(
            "INSERT INTO case_pauses (case_number, kind, from_at, until_at, previous_until_at, reason) \
             VALUES ('{number}', 'service', {from}, {}, {}, '调解')",
            text(until),
            text(previous)
        ))
        .await
    };
    pause(100, Some(200), None).await.expect("the first");
    for (from, until, previous, what) in [
        (150, Some(250), None, "a second first one"),
        (150, Some(250), Some(200), "it begins before the end of the one before"),
        (300, Some(300), Some(200), "it is empty"),
        (300, Some(400), Some(201), "it follows none"),
    ] {
        assert!(pause(from, until, previous).await.is_err(), "{what}");
    }
    pause(300, None, Some(200)).await.expect("one that goes on");
    assert!(pause(500, Some(600), Some(200)).await.is_err(), "two after one");
    assert!(pause(500, Some(600), None).await.is_err(), "while another goes on");
    change(format!("UPDATE case_pauses SET until_at = 400 WHERE case_number = '{number}' AND from_at = 300"))
        .await
        .expect("it ends");
    pause(400, Some(500), Some(400)).await.expect("the next");
    assert!(change("UPDATE case_pauses SET until_at = 450 WHERE until_at = 400".to_owned()).await.is_err(), "over the next");
}

on_both_engines!(
    an_open_page_is_answered_although_a_note_and_an_alarm_came_in_between,
    an_act_a_note_and_the_alarms_at_once_all_succeed,
    workers_at_the_same_moment_give_each_alarm_once,
    pauses_of_a_clock_are_in_order_and_apart,
);
