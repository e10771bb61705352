//! A password of 8 to 14 characters is enough beside a second factor only (docs/domain.md §12): the pages say the number that
//! holds for who reads them, and whatever comes at the same time, nobody is left with a short password and no second factor.

use std::time::Duration;

use bank::kernel::failure::Rejected;
use bank::sessions::{
    Caller, ChangePasswordRefusal, Factor, FactorRefusal, NewPassword, PasskeyRefusal, PasswordFault, begin_factor,
    change_password, confirm_factor, find_factor, remove_factor, remove_passkey,
};
use futures_util::future::join;

use crate::on_both_engines;
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::kinds::as_customer;
use crate::support::passkey::{HONEST, PASSKEYS, Site, added};
use crate::support::seed::PASSWORD;
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    beside_a_second_factor_eight_characters_are_enough,
    with_a_short_password_the_factor_stays_until_a_longer_one_is_set,
    a_reset_leaves_neither,
    a_short_password_and_the_end_of_the_factor_at_once_leave_one_of_them,
    with_a_short_password_the_last_passkey_stays,
    of_an_app_and_a_passkey_the_last_one_stays,
    a_short_password_and_the_end_of_the_last_passkey_at_once_leave_one_of_them,
);

const SHORT: &str = "8 chars!";
const LONG: &str = "fifteen chars !";

/// Changes the password on the page.
async fn change(browser: &Browser, current: &str, new: &str) -> Answer {
    let form = browser.open("/me/password").await.form_with("#password_now");
    browser.submit(&form.with_all(&[("password_now", current), ("password", new), ("password_again", new)])).await
}

async fn remove(browser: &Browser, code: &str) -> Answer {
    browser.post(FACTOR, &pairs(&[("do", "remove"), ("code", code)])).await
}

fn refusal(page: &Answer) -> String {
    page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>().join(",")
}

/// Users who could be signed in as with a short password alone.
async fn weak(bank: &TestBank) -> i64 {
    let sql = "SELECT COUNT(*) FROM users u WHERE password_needs_factor AND NOT EXISTS (SELECT 1 FROM authenticators a \
               WHERE a.user_id = u.id AND a.confirmed_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id)";
    bank.number(sql).await
}

async fn beside_a_second_factor_eight_characters_are_enough(bank: &TestBank) {
    for name in ["c1", "clerk"] {
        let browser = bank.signed_in(name).await;
        assert!(browser.open("/me/password").await.text().contains("至少 15 个字符"), "{name}");
        let refused = change(&browser, PASSWORD, "fourteen chars").await;
        assert_eq!(refusal(&refused), "password_too_short", "{name}");
        assert!(refused.text().contains("密码至少要 15 个字符"), "{name}: {}", refused.text());
        // One that is begun is none.
        browser.post(FACTOR, &pairs(&[("do", "begin")])).await;
        assert_eq!(refusal(&change(&browser, PASSWORD, SHORT).await), "password_too_short", "{name}");
        AuthenticatorApp::set_up(bank, &browser).await;
        let page = browser.open("/me/password").await.text();
        assert!(page.contains("至少 8 个字符就行") && page.contains("要有 15 个"), "{name}: {page}");
        let refused = change(&browser, PASSWORD, "7 chars").await;
        assert_eq!(refusal(&refused), "password_too_short", "{name}");
        assert!(refused.text().contains("密码至少要 8 个字符"), "{name}: {}", refused.text());
        assert_eq!(refusal(&change(&browser, PASSWORD, "iloveyou").await), "password_common", "{name}");
        assert!(change(&browser, PASSWORD, SHORT).await.text().contains("密码已修改"), "{name}");
        let to = bank.browser().await.try_sign_in(name, SHORT).await.location.expect("a page");
        assert!(to.starts_with("/login/code"), "{name}: {to}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE password_needs_factor").await, 2);
}

async fn with_a_short_password_the_factor_stays_until_a_longer_one_is_set(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (app, codes) = AuthenticatorApp::set_up(bank, &browser).await;
    assert!(!browser.open(FACTOR).await.has("a[href='/me/password']"), "the password is long enough alone");
    change(&browser, PASSWORD, SHORT).await;
    for code in [app.code(bank), codes[0].clone()] {
        let refused = remove(&browser, &code).await;
        assert_eq!((refused.status, refusal(&refused).as_str()), (422, "factor_password_too_short"));
        assert!(refused.text().contains("密码不到 15 个字符，不能停用两步验证") && refused.has("main a[href='/me/password']"));
    }
    assert_eq!((bank.count("authenticators").await, weak(bank).await), (1, 0));
    bank.pass_minutes(1);
    change(&browser, SHORT, LONG).await;
    let removed = remove(&browser, &app.code(bank)).await;
    assert_eq!(removed.location.as_deref(), Some("/me/factor?removed=1"));
    assert_eq!(refusal(&change(&browser, LONG, SHORT).await), "password_too_short");
    assert_eq!(weak(bank).await, 0);
}

async fn a_reset_leaves_neither(bank: &TestBank) {
    let browser = bank.signed_in("clerk").await;
    AuthenticatorApp::set_up(bank, &browser).await;
    change(&browser, PASSWORD, SHORT).await;
    assert!(bank::sessions::reset_by_operator(&bank.bank, "clerk", bank::sessions::ResetOf::PasswordAndFactor).await.is_ok());
    assert_eq!((bank.count("authenticators").await, weak(bank).await), (0, 0));
}

async fn a_short_password_and_the_end_of_the_factor_at_once_leave_one_of_them(bank: &TestBank) {
    let node = bank.another_node().await;
    for round in 0..8 {
        let here = Caller::Customer(as_customer(bank, "c1").await);
        let there = Caller::Customer(as_customer(bank, "c1").await);
        begin_factor(&bank.bank, &here).await.expect("begun");
        let Factor::Begun(enrolment) = find_factor(&bank.bank, &here, "").await.expect("a factor") else { panic!("not begun") };
        let app = AuthenticatorApp::with_secret(&enrolment.secret);
        let first = app.code(bank);
        confirm_factor(&bank.bank, &here, &first).await.expect("confirmed");
        bank.pass_minutes(1);
        let (second, caller) = (app.code(bank), there.clone());
        // The password is hashed before the transaction, so the factor is removed sooner, later, or meanwhile.
        let removing = {
            let node = node.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(round * 15)).await;
                remove_factor(&node, &caller, &second).await
            })
        };
        let password = NewPassword { password: SHORT.to_owned(), again: SHORT.to_owned(), house: Vec::new() };
        let changed = change_password(&bank.bank, &there, PASSWORD.to_owned(), password).await;
        let removed = removing.await.expect("an answer");
        match (changed, removed) {
            (Ok(()), Err(Rejected::Refused(FactorRefusal::PasswordTooShort)))
            | (Err(Rejected::Refused(ChangePasswordRefusal::Password(PasswordFault::TooShort { fewest: 15 }))), Ok(())) => {}
            (changed, removed) => panic!("{:?} {:?}", changed.is_ok(), removed.is_ok()),
        }
        assert_eq!(weak(bank).await, 0, "round {round}");
        bank.change("DELETE FROM recovery_codes").await;
        bank.change("DELETE FROM authenticators").await;
        let again = "UPDATE users SET password_needs_factor = FALSE, \
                     password_hash = (SELECT o.password_hash FROM users o WHERE o.id = 'user-c2') WHERE id = 'user-c1'";
        bank.change(again).await;
    }
}

async fn with_a_short_password_the_last_passkey_stays(bank: &TestBank) {
    let site = Site::open(bank).await;
    for name in ["c1", "clerk"] {
        let browser = site.signed_in(name).await;
        for _ in 0..2 {
            let _ = added(&browser, HONEST).await;
        }
        assert!(change(&browser, PASSWORD, SHORT).await.text().contains("密码已修改"), "{name}: a passkey is a second factor");
        let passkeys = browser.get(PASSKEYS).await.all("[name=passkey]", "value");
        assert!(remove_passkey_of(&browser, &passkeys[0]).await.location.is_some(), "{name}: one is left");
        let page = remove_passkey_of(&browser, &passkeys[1]).await;
        assert_eq!((page.status, refusal(&page).as_str()), (422, "passkey_password_too_short"), "{name}");
        assert!(page.text().contains("密码不到 15 个字符，不能停用两步验证"), "{name}: {}", page.text());
        assert_eq!((browser.get(PASSKEYS).await.all("[name=passkey]", "value").len(), weak(bank).await), (1, 0), "{name}");
        assert!(change(&browser, SHORT, LONG).await.text().contains("密码已修改"), "{name}");
        assert!(remove_passkey_of(&browser, &passkeys[1]).await.location.is_some(), "{name}");
        assert_eq!(refusal(&change(&browser, LONG, SHORT).await), "password_too_short", "{name}");
        assert_eq!((bank.count("passkeys").await, weak(bank).await), (0, 0), "{name}");
    }
}

async fn of_an_app_and_a_passkey_the_last_one_stays(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let (mut app, _) = AuthenticatorApp::set_up(bank, &browser).await;
    let _ = added(&browser, HONEST).await;
    change(&browser, PASSWORD, SHORT).await;
    for round in 0..6 {
        let passkey = browser.get(PASSKEYS).await.attr("[name=passkey]", "value").expect("a passkey");
        let code = app.code(bank);
        let (of_app, of_passkey) = match round {
            0 => (remove(&browser, &code).await, remove_passkey_of(&browser, &passkey).await),
            1 => {
                let of_passkey = remove_passkey_of(&browser, &passkey).await;
                (remove(&browser, &code).await, of_passkey)
            }
            // At the same moment.
            _ => join(remove(&browser, &code), remove_passkey_of(&browser, &passkey)).await,
        };
        let (app_is_gone, passkey_is_gone) = (of_app.location.is_some(), of_passkey.location.is_some());
        assert_ne!(app_is_gone, passkey_is_gone, "{round}: one goes");
        let refused = if app_is_gone { (refusal(&of_passkey), "passkey") } else { (refusal(&of_app), "factor") };
        assert_eq!(refused.0, format!("{}_password_too_short", refused.1), "{round}");
        let left = (bank.count("authenticators").await, bank.count("passkeys").await, weak(bank).await);
        assert_eq!(left, (i64::from(!app_is_gone), i64::from(!passkey_is_gone), 0), "{round}");
        bank.pass_minutes(1);
        if app_is_gone {
            app = AuthenticatorApp::set_up(bank, &browser).await.0;
        } else {
            let _ = added(&browser, HONEST).await;
        }
    }
}

async fn remove_passkey_of(browser: &Browser, id: &str) -> Answer {
    browser.post(PASSKEYS, &pairs(&[("do", "remove"), ("passkey", id)])).await
}

async fn a_short_password_and_the_end_of_the_last_passkey_at_once_leave_one_of_them(bank: &TestBank) {
    let node = bank.another_node().await;
    bank.change("INSERT INTO passkey_users (user_id, handle) VALUES ('user-c1', 'h')").await;
    for round in 0..8 {
        let caller = Caller::Customer(as_customer(bank, "c1").await);
        bank.change(
            "INSERT INTO passkeys (id, user_id, name, credential_id, public_key, may_be_copied, transports, sign_count, created_at) \
             VALUES ('p', 'user-c1', 'n', 'x', 'y', FALSE, 0, 0, 5)",
        )
        .await;
        // The password is hashed before the transaction, so the passkey is removed sooner, later, or meanwhile.
        let removing = {
            let (node, caller) = (node.clone(), caller.clone());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(round * 15)).await;
                remove_passkey(&node, &caller, "p").await
            })
        };
        let password = NewPassword { password: SHORT.to_owned(), again: SHORT.to_owned(), house: Vec::new() };
        let changed = change_password(&bank.bank, &caller, PASSWORD.to_owned(), password).await;
        let removed = removing.await.expect("an answer");
        match (changed, removed) {
            (Ok(()), Err(Rejected::Refused(PasskeyRefusal::PasswordTooShort)))
            | (Err(Rejected::Refused(ChangePasswordRefusal::Password(PasswordFault::TooShort { fewest: 15 }))), Ok(())) => {}
            (changed, removed) => panic!("{:?} {:?}", changed.is_ok(), removed.is_ok()),
        }
        assert_eq!(weak(bank).await, 0, "round {round}");
        bank.change("DELETE FROM passkeys").await;
        let again = "UPDATE users SET password_needs_factor = FALSE, \
                     password_hash = (SELECT o.password_hash FROM users o WHERE o.id = 'user-c2') WHERE id = 'user-c1'";
        bank.change(again).await;
    }
}
