//! The own password and what customers are told about their sign-in (docs/domain.md §12): it is changed with the current one,
//! ends all other sessions, and a new device, another password or a reset is told.

use bank::sessions::{ActivationKind, NewPassword, ResetOf, change_password, reset_by_operator};

use crate::activation::{NEW, invited};
use crate::on_both_engines;
use crate::support::kinds::as_customer;
use crate::support::seed::PASSWORD;
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    a_password_is_changed_with_the_current_one_and_ends_all_other_sessions,
    the_current_password_cannot_be_guessed,
    a_password_that_breaks_the_rule_is_refused_with_the_reason,
    of_two_changes_at_once_one_counts,
    a_new_device_is_told_in_the_customers_language,
    an_activation_ends_sessions_and_is_told,
);

const OTHER: &str = "seven green umbrellas";

async fn change(browser: &Browser, current: &str, new: &str) -> Answer {
    let form = browser.open("/me/password").await.form_with("#password_now");
    browser.submit(&form.with_all(&[("password_now", current), ("password", new), ("password_again", new)])).await
}

async fn told(bank: &TestBank, kind: &str) -> i64 {
    bank.number(sqlx::AssertSqlSafe(format!(
        "SELECT COUNT(*) FROM outbox WHERE kind = 'security_{kind}' AND case_number IS NULL"
    )))
    .await
}

async fn a_password_is_changed_with_the_current_one_and_ends_all_other_sessions(bank: &TestBank) {
    for (name, messages) in [("c1", 1), ("clerk", 1)] {
        let (here, there) = (bank.signed_in(name).await, bank.signed_in(name).await);
        let page = change(&here, PASSWORD, NEW).await;
        assert!(page.text().contains("密码已修改，其他设备上的登录都已退出"), "{}", page.text());
        assert_eq!((here.get("/me").await.status, there.get("/me").await.status), (200, 303));
        let browser = bank.browser().await;
        assert!(browser.try_sign_in(name, PASSWORD).await.location.unwrap().starts_with("/login?refused="));
        assert!(!browser.try_sign_in(name, NEW).await.location.unwrap().starts_with("/login"));
        assert_eq!(told(bank, "password_changed").await, messages, "staff have no messages");
    }
    let page = bank.browser().await;
    page.try_sign_in("c1", NEW).await;
    assert!(page.open("/me").await.words("#notices").join("").contains("登录密码已修改"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'change_password' AND result = 'ok'").await, 2);
}

async fn the_current_password_cannot_be_guessed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for _ in 0..5 {
        let page = change(&browser, "wrong", NEW).await;
        assert_eq!((page.status, page.refusals()[0].0.as_str()), (422, "current_wrong"));
        assert!(page.has("#password_now[aria-invalid=true]") && !page.body.contains(NEW));
    }
    assert_eq!(change(&browser, PASSWORD, NEW).await.refusals()[0].0, "current_wrong", "not today");
    assert!(!bank.browser().await.try_sign_in("c1", PASSWORD).await.location.unwrap().starts_with("/login"), "signing in is");
    bank.set_time("2026-11-24T00:00:00+08:00");
    let browser = bank.signed_in("c1").await;
    assert!(change(&browser, PASSWORD, NEW).await.text().contains("密码已修改"));
}

async fn a_password_that_breaks_the_rule_is_refused_with_the_reason(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let words = [
        ("short", "password_too_short"),
        ("qwertyuiopasdfghjkl", "password_common"),
        ("我最喜欢去的就是岭南示范银行了哈哈", "password_holds_house"),
        ("seven umbrellas at Shiqi Sub-branch", "password_holds_house"),
        ("umbrellas and tousu@lingnan.example", "password_holds_house"),
        ("this is c1 and nobody else", ""),
    ];
    for (new, code) in words {
        let page = change(&browser, PASSWORD, new).await;
        assert_eq!(page.refusals().first().map_or("", |(code, _)| code.as_str()), code, "{new}");
    }
    let form = browser.open("/me/password").await.form_with("#password_now");
    let form = form.with_all(&[("password_now", "this is c1 and nobody else"), ("password", NEW), ("password_again", OTHER)]);
    assert_eq!(browser.submit(&form).await.refusals()[0].0, "password_differs");
    let phone = crate::support::seed::phone("c1");
    let page = change(&browser, "this is c1 and nobody else", &format!("my number is {phone}")).await;
    assert_eq!(page.refusals()[0].0, "password_holds_name", "{}", page.text());
}

async fn of_two_changes_at_once_one_counts(bank: &TestBank) {
    let (nodes, new) = ([bank.bank.clone(), bank.another_node().await], [NEW, OTHER]);
    let (first, second) = (as_customer(bank, "c1").await, as_customer(bank, "c1").await);
    let changes = [first, second].into_iter().zip(nodes).zip(new).map(|((customer, node), new)| {
        let password = NewPassword { password: new.to_owned(), again: new.to_owned(), house: Vec::new() };
        tokio::spawn(async move {
            let caller = bank::sessions::Caller::Customer(customer);
            change_password(&node, &caller, PASSWORD.to_owned(), password).await.is_ok()
        })
    });
    let mut done = Vec::new();
    for change in changes.collect::<Vec<_>>() {
        done.push(change.await.expect("a change"));
    }
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    for (new, counts) in new.into_iter().zip(done) {
        let to = bank.browser().await.try_sign_in("c1", new).await.location.unwrap();
        assert_eq!(!to.starts_with("/login"), counts, "{new}");
    }
    assert_eq!(told(bank, "password_changed").await, 1);
}

async fn a_new_device_is_told_in_the_customers_language(bank: &TestBank) {
    let own = bank.signed_in("c1").await;
    own.post("/language", &crate::support::pairs(&[("language", "en"), ("to", "/me")])).await;
    own.sign_in("c1").await;
    assert_eq!(told(bank, "new_device").await, 0, "the first device, and again");
    let headers = [("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")];
    let body = format!("sign_in_name=c1&password={PASSWORD}");
    bank.browser().await.send("/login", &headers, Some(&body)).await;
    assert_eq!(told(bank, "new_device").await, 1);
    let text = own.open("/me").await.words("#notices").join(" ");
    assert!(text.contains("Sign-in from a new device") && text.contains("Firefox · Windows"), "{text}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'security_new_device' AND language = 'en'").await, 1);
    assert!(!own.open("/").await.text().contains("new device"), "it is no answer of a case");
    bank.signed_in("clerk").await;
    bank.signed_in("clerk").await;
    assert_eq!(told(bank, "new_device").await, 1, "staff see their sessions");
    // However many messages the number has had today.
    bank.change("UPDATE message_quotas SET taken = 1000").await;
    bank.signed_in("c1").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'security_new_device' AND dead_at IS NULL").await, 2);
}

async fn an_activation_ends_sessions_and_is_told(bank: &TestBank) {
    let held = bank.signed_in("c1").await;
    let secret = invited(bank, "c1", ActivationKind::Code).await;
    let browser = bank.browser().await;
    let form = browser.open("/activate").await.form();
    let id_end = [("number", "c1"), ("id_end", "011234"), ("code", secret.reveal()), ("password", NEW), ("password_again", NEW)];
    assert!(browser.submit(&form.with_all(&id_end)).await.text().contains("密码设好了"));
    assert_eq!(held.get("/me").await.status, 303, "a session of before");
    assert_eq!(told(bank, "password_set").await, 1);
    let clerk = bank.signed_in("clerk").await;
    assert!(reset_by_operator(&bank.bank, "clerk", ResetOf::Password).await.is_ok());
    assert_eq!(clerk.get("/desk").await.status, 303);
    assert_eq!(told(bank, "reset").await, 0, "staff are told by who resets them");
}
