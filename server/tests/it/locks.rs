//! Locks by source (docs/domain.md §12): no stranger locks anybody out, nobody guesses for ever, and no answer and no statement tells
//! which names exist.

use std::net::{IpAddr, Ipv4Addr};

use bank::kernel::database::Sent;
use bank::sessions::{ActivationKind, DeviceToken, Source, sign_in};
use server::worker::Worker;
use sqlx::AssertSqlSafe;

use crate::activation::invited;
use crate::on_both_engines;
use crate::support::seed::{PASSWORD, parameter, unbounded};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    strangers_lock_nobody_out_of_an_own_device,
    a_known_device_has_a_counter_of_its_own,
    a_device_is_known_for_those_who_have_signed_in_with_it,
    concurrent_guesses_do_not_exceed_the_limits,
    a_name_that_nobody_has_takes_the_same_statements,
    a_locked_source_learns_nothing_about_the_right_password,
    staff_lift_the_locks,
    old_failures_and_devices_are_forgotten,
);

fn device(answer: &Answer) -> Option<String> {
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.find(|cookie| cookie.starts_with("lobby_device=")).map(str::to_owned)
}

/// A guess from an address, as the one proxy names it; `None`: refused.
async fn attempt(browser: &Browser, address: &str, name: &str, password: &str) -> Option<Answer> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs(&[("sign_in_name", name), ("password", password)]))
        .finish();
    let forwarded = format!("203.0.113.7, {address}");
    let answer = browser.send("/login", &[("x-forwarded-for", &forwarded)], Some(&body)).await;
    assert_eq!(answer.status, 303);
    let refused = answer.location.as_deref().unwrap_or_default().starts_with("/login?refused=sign_in_failed");
    (!refused).then_some(answer)
}

fn from(address: u8) -> Source {
    Source::at(IpAddr::V4(Ipv4Addr::new(192, 0, 2, address)), "Firefox · Linux".to_owned(), None)
}

/// The password that somebody guesses, who is right or wrong.
fn guessed(right: bool) -> String {
    if right { PASSWORD } else { "wrong" }.to_owned()
}

async fn strangers_lock_nobody_out_of_an_own_device(bank: &TestBank) {
    let base = bank.behind_proxies(1).await;
    for name in ["c1", "clerk", "head", "admin"] {
        let own = Browser::new(&base);
        assert!(attempt(&own, "198.51.100.1", name, PASSWORD).await.is_some(), "{name}");
        let stranger = Browser::new(&base);
        for _ in 0..8 {
            assert!(attempt(&stranger, "192.0.2.1", name, "wrong").await.is_none());
        }
        assert!(attempt(&stranger, "192.0.2.1", name, PASSWORD).await.is_none(), "this source is locked");
        assert!(attempt(&Browser::new(&base), "192.0.2.2", name, PASSWORD).await.is_some(), "another one is not: {name}");
    }
    assert!(attempt(&Browser::new(&base), "192.0.2.1", "c2", PASSWORD).await.is_some(), "another name is not");
    // As many as all strangers together may try.
    parameter(&bank.bank, "sign_in_failures_day", "20").await;
    let own = Browser::new(&base);
    assert!(attempt(&own, "198.51.100.1", "lobby", PASSWORD).await.is_some());
    for source in 10..20 {
        for _ in 0..2 {
            attempt(&Browser::new(&base), &format!("192.0.2.{source}"), "lobby", "wrong").await;
        }
    }
    assert!(attempt(&Browser::new(&base), "192.0.2.99", "lobby", PASSWORD).await.is_none(), "nobody guesses for ever");
    assert!(attempt(&own, "192.0.2.99", "lobby", PASSWORD).await.is_some(), "an own device is in, wherever it is");
    bank.set_time("2026-11-24T00:00:00+08:00");
    assert!(attempt(&Browser::new(&base), "192.0.2.1", "c1", PASSWORD).await.is_some(), "the next day");
    assert!(attempt(&Browser::new(&base), "192.0.2.99", "lobby", PASSWORD).await.is_some());
}

async fn a_known_device_has_a_counter_of_its_own(bank: &TestBank) {
    let base = bank.behind_proxies(1).await;
    let own = Browser::new(&base);
    let answer = attempt(&own, "192.0.2.1", "c1", PASSWORD).await.expect("signed in");
    let cookie = device(&answer).expect("a device");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=15552000"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "of this host only: {cookie}");
    let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let stored = format!("SELECT COUNT(*) FROM known_devices WHERE token_hash = '{token}' OR device LIKE '%{token}%'");
    assert_eq!((bank.count("known_devices").await, bank.number(AssertSqlSafe(stored)).await), (1, 0), "only its hash is stored");
    for _ in 0..5 {
        assert!(attempt(&own, "192.0.2.1", "c1", "wrong").await.is_none());
    }
    assert!(attempt(&own, "192.0.2.9", "c1", PASSWORD).await.is_none(), "it is locked by its own failures, wherever it is");
    assert!(attempt(&Browser::new(&base), "192.0.2.1", "c1", PASSWORD).await.is_some(), "others are not");
    let of_strangers = "SELECT COUNT(*) FROM sign_in_failures WHERE source_index = '' AND failures > 0";
    assert_eq!(bank.number(of_strangers).await, 0, "it counts for itself alone");
    bank.set_time("2026-11-24T00:00:00+08:00");
    assert!(attempt(&own, "192.0.2.1", "c1", PASSWORD).await.is_some());
}

async fn a_device_is_known_for_those_who_have_signed_in_with_it(bank: &TestBank) {
    let browser = bank.browser().await;
    let first = device(&browser.try_sign_in("c1", PASSWORD).await).expect("a device");
    let second = device(&browser.try_sign_in("c2", PASSWORD).await).expect("a device");
    assert_eq!(first, second, "one browser, two people");
    assert_eq!(bank.count("known_devices").await, 2);
    let known = |name: &'static str| {
        let token = first.split(['=', ';']).nth(1).unwrap().to_owned();
        async move {
            for _ in 0..5 {
                sign_in(&bank.bank, name, guessed(false), &from(1)).await.unwrap_err();
            }
            let own = Source::at(
                IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
                "Firefox · Linux".to_owned(),
                Some(DeviceToken::held(&token)),
            );
            sign_in(&bank.bank, name, guessed(true), &own).await.is_ok()
        }
    };
    assert!(known("c1").await && known("c2").await);
    assert!(!known("lobby").await, "it is not known for others");
    // A token that was not issued here is replaced, so that nobody can plant one.
    let planted = [("cookie", "lobby_device=planted")];
    let answer = bank.browser().await.send("/login", &planted, Some(&format!("sign_in_name=k1&password={PASSWORD}"))).await;
    assert!(!device(&answer).expect("a device").contains("planted"));
}

async fn concurrent_guesses_do_not_exceed_the_limits(bank: &TestBank) {
    unbounded(bank, "sign_in_failures_day", "12").await;
    let nodes = [bank.bank.clone(), bank.another_node().await];
    let all_at_once = |name: &'static str, sources: u8| {
        let guesses = (0..20_u8).map(|number| {
            let node = nodes[usize::from(number % 2)].clone();
            tokio::spawn(async move { sign_in(&node, name, guessed(false), &from(number % sources)).await.is_ok() })
        });
        futures_util::future::join_all(guesses.collect::<Vec<_>>())
    };
    let failures = |name: &'static str| async move {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(CASE WHEN source_index = '' THEN 0 ELSE failures END), 0) * 1000 \
             + COALESCE(SUM(CASE WHEN source_index = '' THEN failures ELSE 0 END), 0) AS BIGINT) FROM sign_in_failures f \
             JOIN users u ON u.id = f.user_id WHERE u.sign_in_name = '{name}'"
        );
        bank.number(AssertSqlSafe(sql)).await
    };
    assert!(all_at_once("c1", 1).await.into_iter().all(|guess| !guess.unwrap()));
    assert_eq!(failures("c1").await, 5_005, "one source");
    assert!(sign_in(&bank.bank, "c1", guessed(true), &from(0)).await.is_err());
    assert!(all_at_once("c2", 20).await.into_iter().all(|guess| !guess.unwrap()));
    assert_eq!(failures("c2").await % 1000, 12, "all sources together");
    assert!(sign_in(&bank.bank, "c2", guessed(true), &from(99)).await.is_err());
    // Guesses that are judged meanwhile keep the right one waiting: it is one of the few that count.
    unbounded(bank, "sign_in_failures_day", "1000").await;
    let mut rights = 0;
    for round in 0..6_u8 {
        let guesses = (0..20_u8).map(|number| {
            let node = nodes[usize::from(number % 2)].clone();
            tokio::spawn(async move { sign_in(&node, "lobby", guessed(number == 19), &from(100 + round)).await.is_ok() })
        });
        let done = futures_util::future::join_all(guesses.collect::<Vec<_>>()).await;
        rights += done.into_iter().filter(|guess| *guess.as_ref().unwrap()).count();
    }
    assert!(rights < 6, "twenty guesses at once are not twenty guesses");
}

/// The statements without their values.
fn texts(sent: Vec<Sent>) -> Vec<String> {
    sent.into_iter().map(|sent| sent.sql).collect()
}

async fn statements(bank: &TestBank, name: &str, right: bool, source: &Source) -> Vec<String> {
    bank.bank.db().record();
    sign_in(&bank.bank, name, guessed(right), source).await.unwrap_err();
    texts(bank.bank.db().recorded())
}

async fn a_name_that_nobody_has_takes_the_same_statements(bank: &TestBank) {
    bank.change("UPDATE users SET left_on = '2026-11-01' WHERE sign_in_name = 'clerk'").await;
    bank.change("UPDATE users SET password_hash = '' WHERE sign_in_name = 'lobby'").await;
    sign_in(&bank.bank, "nobody", guessed(true), &from(9)).await.unwrap_err();
    for failures in 0..7 {
        let wrong = statements(bank, "c1", false, &from(1)).await;
        assert!(wrong.iter().any(|sql| sql.contains("sign_in_failures")), "{wrong:?}");
        for name in ["nobody-of-this-name", "clerk", "lobby"] {
            assert_eq!(statements(bank, name, false, &from(1)).await, wrong, "{name} after {failures}");
        }
    }
    let rows = "SELECT COUNT(*) FROM sign_in_failures WHERE failures = 5";
    assert_eq!(bank.number(rows).await, 4 * 2, "names that nobody has are counted too");
    let typed = "SELECT COUNT(*) FROM sign_in_failures WHERE name_index LIKE '%nobody%' OR source_index LIKE '%192.0%'";
    assert_eq!(bank.number(typed).await, 0, "neither names nor addresses are stored");
}

async fn a_locked_source_learns_nothing_about_the_right_password(bank: &TestBank) {
    for _ in 0..5 {
        statements(bank, "c1", false, &from(1)).await;
    }
    assert_eq!(statements(bank, "c1", true, &from(1)).await, statements(bank, "c1", false, &from(1)).await);
}

async fn staff_lift_the_locks(bank: &TestBank) {
    let locked = || async {
        for source in 0..5 {
            for _ in 0..4 {
                sign_in(&bank.bank, "c1", guessed(false), &from(source)).await.unwrap_err();
            }
        }
        assert!(sign_in(&bank.bank, "c1", guessed(true), &from(200)).await.is_err());
    };
    parameter(&bank.bank, "sign_in_failures_day", "20").await;
    sign_in(&bank.bank, "c1", guessed(true), &from(200)).await.expect("signed in");
    locked().await;
    invited(bank, "c1", ActivationKind::Code).await;
    assert_eq!(bank.count("sign_in_failures").await, 0, "a new code lifts them");
    assert_eq!(bank.number("SELECT COUNT(*) FROM known_devices").await, 1, "an invitation forgets no device");
}

async fn old_failures_and_devices_are_forgotten(bank: &TestBank) {
    let (first, second) = (bank.signed_in("c1").await, bank.signed_in("c1").await);
    first.try_sign_in("c1", "wrong").await;
    bank.browser().await.try_sign_in("nobody-of-this-name", "wrong").await;
    let worker = Worker::new(bank.bank.clone(), None);
    let pass_days = |days: i64| {
        bank.pass_minutes(days * 24 * 60);
        worker.pass()
    };
    bank.pass_minutes(12 * 60);
    worker.pass().await;
    assert!(bank.count("sign_in_failures").await > 0);
    pass_days(1).await;
    assert_eq!(bank.count("sign_in_failures").await, 0);
    second.sign_in("c1").await;
    pass_days(179).await;
    assert_eq!(bank.count("known_devices").await, 1, "the one used longer ago is forgotten");
    pass_days(500).await;
    assert_eq!(bank.count("known_devices").await, 1, "the last one stays, so that another one is noticed");
}
