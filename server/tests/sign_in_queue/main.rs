//! The queue of password checks: many sign-ins at once neither keep others waiting for long nor fail, and who is not judged is told so
//! with the name kept. A process of its own, because all its sign-ins share one queue: other tests would wait too. The floods run
//! one after the other for the same reason.

#[expect(dead_code, reason = "the other tests use the rest of it")]
#[path = "../it/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use support::seed::PASSWORD;
use support::{Answer, Browser, TestBank, pairs};

/// A real sign-in behind everything that one network has sent may take this long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(4);

async fn attempt(browser: &Browser, address: &str, name: &str, password: &str) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs(&[("sign_in_name", name), ("password", password)]))
        .finish();
    browser.send("/login", &[("x-forwarded-for", address)], Some(&body)).await
}

/// Sends so many sign-ins at once from networks in turn, and meanwhile a real one from another network; returns its time and how
/// the others were answered.
async fn flood(bank: &TestBank, guesses: usize, networks: usize) -> (Duration, BTreeMap<u16, usize>) {
    let base = bank.behind_proxies(1).await;
    let flood: Vec<_> = (0..guesses)
        .map(|number| {
            let browser = Browser::new(&base);
            tokio::spawn(async move {
                attempt(&browser, &format!("192.0.2.{}", number % networks), &format!("somebody{number}"), "wrong").await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    let person = Browser::new(&base);
    let mut real = attempt(&person, "198.51.100.1", "c1", PASSWORD).await;
    // Who is asked to try again does.
    while real.status == 503 && begun.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(300)).await;
        real = attempt(&person, "198.51.100.1", "c1", PASSWORD).await;
    }
    let waited = begun.elapsed();
    assert_eq!((real.status, real.location.as_deref()), (303, Some("/")));
    let mut statuses = BTreeMap::new();
    for guess in flood {
        let answer = guess.await.expect("an answer");
        *statuses.entry(answer.status).or_insert(0) += 1;
        if answer.status == 503 {
            assert_eq!(answer.header("retry-after"), "3");
            assert!(answer.text().contains("没有算作输错"), "{}", answer.text());
            assert!(answer.form_with("#sign_in_name").value("sign_in_name").is_some_and(|name| name.starts_with("somebody")));
        }
    }
    (waited, statuses)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_keeps_nobody_else_waiting_and_is_answered_without_a_failure() {
    let bank = TestBank::sqlite().await;
    let (waited, statuses) = flood(&bank, 200, 1).await;
    assert!(waited < PATIENCE, "{waited:?}");
    assert!(statuses.keys().all(|status| [303, 429, 503].contains(status)), "{statuses:?}");
    assert!(statuses.get(&303).is_none_or(|judged| *judged < 60), "most are answered without a hash: {statuses:?}");
    let bank = TestBank::sqlite().await;
    let (waited, statuses) = flood(&bank, 800, 40).await;
    assert!(waited < PATIENCE * 2, "{waited:?}");
    assert!(statuses.keys().all(|status| [303, 429, 503].contains(status)) && statuses.contains_key(&503), "{statuses:?}");
}
