//! One password tried with many names (docs/domain.md §12): the network waits for the next hour, which the page says, the log names,
//! and administrators see. Known devices and other networks are not concerned.

use crate::on_both_engines;
use crate::support::seed::{PASSWORD, parameter};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    a_network_that_fails_with_many_names_waits_for_the_next_hour,
    one_name_alone_does_not_slow_a_network_down,
    administrators_see_that_somebody_guesses,
);

/// A sign-in from an address with another kind of browser each time.
async fn attempt(browser: &Browser, address: &str, number: usize, name: &str, password: &str) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs(&[("sign_in_name", name), ("password", password), ("next", "/me")]))
        .finish();
    let agents = ["Firefox Linux", "Firefox Windows", "Chrome Android", "Safari iPhone", "Edg Windows"];
    let headers = [("x-forwarded-for", address), ("user-agent", agents[number % agents.len()])];
    browser.send("/login", &headers, Some(&body)).await
}

fn is_in(answer: &Answer) -> bool {
    answer.status == 303 && !answer.location.as_deref().unwrap_or_default().starts_with("/login")
}

async fn a_network_that_fails_with_many_names_waits_for_the_next_hour(bank: &TestBank) {
    let base = bank.behind_proxies(1).await;
    let own = Browser::new(&base);
    assert!(is_in(&attempt(&own, "192.0.2.1", 0, "c1", PASSWORD).await));
    let stranger = Browser::new(&base);
    let mut statuses = Vec::new();
    for number in 0..59 {
        // Every other name exists.
        let name = if number % 2 == 0 { format!("c{number}") } else { format!("nobody{number}") };
        statuses.push(attempt(&stranger, "192.0.2.1", number, &name, "spring2026").await.status);
    }
    assert_eq!(statuses, [vec![303; 30], vec![429; 29]].concat());
    let slowed = attempt(&stranger, "192.0.2.1", 0, "c2", PASSWORD).await;
    assert_eq!((slowed.status, slowed.header("retry-after")), (429, "3600"), "ten o'clock to eleven");
    assert!(slowed.text().contains("11:00") && slowed.text().contains("没有核对您的密码"), "{}", slowed.text());
    let form = slowed.form_with("#sign_in_name");
    assert_eq!((form.value("sign_in_name"), form.value("next"), form.value("password")), (Some("c2"), Some("/me"), Some("")));
    assert!(!slowed.body.contains(PASSWORD));
    let unknown = attempt(&stranger, "192.0.2.1", 0, "nobody", PASSWORD).await;
    assert_eq!(unknown.status, 429, "whoever it is");
    assert!(is_in(&attempt(&own, "192.0.2.1", 0, "c1", PASSWORD).await), "a device that is known");
    assert!(is_in(&attempt(&Browser::new(&base), "192.0.2.2", 0, "c2", PASSWORD).await), "another network");
    bank.set_time("2026-11-23T11:00:00+08:00");
    assert!(is_in(&attempt(&stranger, "192.0.2.1", 0, "c2", PASSWORD).await));
    let stored = "SELECT COUNT(*) FROM sign_in_networks WHERE network_index LIKE '%192.0%'";
    assert_eq!(bank.number(stored).await, 0, "no address is stored");
    bank.set_time("2026-11-26T11:00:00+08:00");
    server::worker::Worker::new(bank.bank.clone(), None).pass().await;
    assert_eq!(bank.count("sign_in_networks").await, 0);
}

async fn one_name_alone_does_not_slow_a_network_down(bank: &TestBank) {
    parameter(&bank.bank, "sign_in_failures_network", "10").await;
    let base = bank.behind_proxies(1).await;
    let stranger = Browser::new(&base);
    for _ in 0..20 {
        assert_eq!(attempt(&stranger, "192.0.2.1", 0, "c1", "wrong").await.status, 303);
    }
    assert!(is_in(&attempt(&Browser::new(&base), "192.0.2.1", 0, "c2", PASSWORD).await));
}

async fn administrators_see_that_somebody_guesses(bank: &TestBank) {
    parameter(&bank.bank, "sign_in_failures_network", "10").await;
    let admin = bank.signed_in("admin").await;
    assert!(!admin.open("/admin").await.has("#guesses"));
    let base = bank.behind_proxies(1).await;
    for network in 1..=2 {
        for number in 0..12 {
            let address = format!("192.0.2.{network}");
            attempt(&Browser::new(&base), &address, 0, &format!("c{number}"), "spring2026").await;
        }
    }
    let said = admin.open("/admin").await.words("#guesses li");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("11 月 23 日") && said[0].contains("2 次"), "{said:?}");
    bank.set_time("2026-11-24T09:00:00+08:00");
    assert!(bank.signed_in("admin").await.open("/admin").await.has("#guesses"), "and on the next day");
    bank.set_time("2026-11-25T09:00:00+08:00");
    assert!(!bank.signed_in("admin").await.open("/admin").await.has("#guesses"));
}
