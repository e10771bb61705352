//! Passkeys (docs/domain.md §12): a device adds one, it lets in after the password, and it is removed. What does not fit adds
//! nothing: answers to used, foreign or late challenges, made elsewhere, or without the person.

use bank::sessions::{ResetOf, reset_sign_in};
use futures_util::future::join_all;
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::passkey::{
    Device, GIVE, HONEST, PASSKEYS, Site, WRONG, added, answer, ask, begin, is_in, options, refusal, send,
};
use crate::support::seed::{PASSWORD, parameter};
use crate::support::{TestBank, pairs};

on_both_engines!(
    one_is_added_given_after_the_password_and_removed,
    a_name_is_asked_for_and_the_answer_of_the_device_is_kept,
    answers_that_do_not_fit_add_nothing,
    a_passkey_belongs_to_one_user,
    five_at_most_however_many_come_at_once,
    with_the_last_factor_the_recovery_codes_go,
    staff_who_must_have_a_second_factor_may_add_a_passkey,
    after_the_password_alone_none_is_added_or_removed,
    an_address_without_a_name_has_none,
);

async fn one_is_added_given_after_the_password_and_removed(bank: &TestBank) {
    let site = Site::open(bank).await;
    for name in ["c1", "k1", "clerk", "admin"] {
        let browser = site.signed_in(name).await;
        assert!(browser.open("/me").await.has("#passkeys a[href='/me/passkeys']"), "{name}");
        let page = browser.get(PASSKEYS).await;
        assert!(page.has("button[value=begin]") && !page.has("[data-passkey]"), "{name}");
        let page = browser.submit(&page.form_with("button[value=begin]").with("do", "begin")).await;
        let device = Device::new();
        let form = page.form_with("[name=answer]").with("do", "add").with("name", "我的手机");
        let form = form.with("answer", &device.added(&options(&page), HONEST));
        // The first second factor brings recovery codes, once.
        let codes = browser.submit(&form).await.words(".recovery-codes li");
        assert_eq!(codes.len(), 10, "{name}");
        assert_eq!(refusal(&browser.submit(&form).await), "passkey_outdated");
        assert!(is_in(&browser).await, "{name}");
        let another = Device::new().add(&browser, HONEST).await;
        assert_eq!(another.location.as_deref(), Some("/me/passkeys?next=&done=added"), "{name}");
        // After the password the device is asked, and the wanted page is reached.
        let other = site.browser();
        let fields = pairs(&[("sign_in_name", name), ("password", PASSWORD), ("next", "/me")]);
        let page = other.open(other.post("/login", &fields).await.location.as_deref().unwrap_or_default()).await;
        assert!(!is_in(&other).await, "{name}");
        let page = other.submit(&page.form_with("button[value=begin]").with("do", "begin")).await;
        assert_eq!(options(&page)["userVerification"], "required");
        let form = page.form_with("[data-passkey] [name=answer]").with("do", "give");
        let answer = other.submit(&form.with("answer", &device.given(&options(&page), HONEST))).await;
        assert_eq!(answer.status, 200, "{name} {}", answer.path);
        assert!(is_in(&other).await, "{name}");
        // A recovery code does the same.
        let third = site.halfway(name).await;
        third.post("/login/code", &pairs(&[("code", &codes[0])])).await;
        assert!(is_in(&third).await, "{name}");
        let listed = other.get(PASSKEYS).await;
        assert!(listed.text().contains("最近一次使用") && listed.text().contains("还没有用过"), "{}", listed.text());
        for left in [1, 0] {
            let page = other.get(PASSKEYS).await;
            let removed = other.submit(&page.form_with("[name=passkey]").with("do", "remove")).await;
            assert!(removed.text().contains("通行密钥已删除"), "{name}");
            assert_eq!(removed.all("[name=passkey]", "value").len(), left, "{name}");
        }
        assert!(site.signed_in(name).await.get("/me").await.status == 200, "the password alone: {name}");
    }
    for (act, count) in [("passkey_added", 8), ("passkey_removed", 8), ("factor_given", 8)] {
        let sql = format!("SELECT COUNT(*) FROM audit WHERE action = '{act}' AND result = 'ok'");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(sql)).await, count, "{act}");
    }
    assert_eq!(bank.count("recovery_codes").await, 0);
}

async fn a_name_is_asked_for_and_the_answer_of_the_device_is_kept(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let (page, device) = (begin(&browser).await, Device::new());
    assert!(page.words("noscript").join("").contains("通行密钥需要浏览器运行脚本"), "{}", page.text());
    assert_eq!(refusal(&send(&browser, "手机", "").await), "passkey_answer_missing");
    let told = device.added(&options(&page), HONEST);
    assert_eq!(refusal(&send(&browser, " ", &told).await), "passkey_name_missing");
    let page = send(&browser, &"长".repeat(31), &told).await;
    assert_eq!(refusal(&page), "passkey_name_too_long");
    // Nothing is used yet: the same answer with a name.
    let form = page.form_with("[data-passkey] [name=answer]");
    assert_eq!(form.value("answer"), Some(told.as_str()));
    let done = browser.submit(&form.with("name", "<b>手机</b>").with("do", "add")).await;
    assert_eq!(done.words(".recovery-codes li").len(), 10);
    assert!(browser.get(PASSKEYS).await.text().contains("<b>手机</b>"));
}

async fn answers_that_do_not_fit_add_nothing(bank: &TestBank) {
    let site = Site::open(bank).await;
    let (browser, other) = (site.signed_in("c1").await, site.signed_in("c1").await);
    let device = Device::new();
    for (how, why) in WRONG {
        let page = begin(&browser).await;
        assert_eq!(refusal(&send(&browser, "手机", &device.added(&options(&page), how)).await), why, "{how:?}");
        // The challenge is used by it.
        let honest = device.added(&options(&page), HONEST);
        assert_eq!(refusal(&send(&browser, "手机", &honest).await), "passkey_outdated");
    }
    for garbage in ["x", "{}", "[]", "null", r#"{"id":"a"}"#] {
        assert_eq!(refusal(&send(&browser, "手机", garbage).await), "passkey_failed", "{garbage}");
    }
    // Of another session of the same user, and late.
    let told = device.added(&options(&begin(&browser).await), HONEST);
    assert_eq!(refusal(&send(&other, "手机", &told).await), "passkey_outdated");
    bank.pass_minutes(5);
    assert_eq!(refusal(&send(&browser, "手机", &told).await), "passkey_expired");
    assert_eq!((bank.count("passkeys").await, bank.count("recovery_codes").await), (0, 0));
    assert!(is_in(&other).await, "the password alone lets in still");
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'passkey_added' AND result = 'refused'").await, 5);
}

async fn a_passkey_belongs_to_one_user(bank: &TestBank) {
    let site = Site::open(bank).await;
    let (one, two) = (site.signed_in("c1").await, site.signed_in("c2").await);
    let (device, other) = (added(&one, HONEST).await, added(&two, HONEST).await);
    assert_eq!(refusal(&device.add(&two, HONEST).await), "passkey_taken");
    let again = device.added(&options(&begin(&one).await), HONEST);
    assert_eq!(refusal(&send(&one, "另一个", &again).await), "passkey_taken");
    let browser = site.halfway("c1").await;
    let page = ask(&browser).await;
    assert_eq!(options(&page)["allowCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(refusal(&answer(&browser, &other.given(&options(&page), HONEST)).await), "passkey_unknown");
    assert!(!is_in(&browser).await);
    // Nor is it removed by somebody else.
    let id = two.get(PASSKEYS).await.attr("[name=passkey]", "value").unwrap();
    let removed = one.post(PASSKEYS, &pairs(&[("do", "remove"), ("passkey", &id)])).await;
    assert_eq!((refusal(&removed).as_str(), bank.count("passkeys").await), ("passkey_unknown", 2));
}

async fn five_at_most_however_many_come_at_once(bank: &TestBank) {
    let site = Site::open(bank).await;
    let first = site.signed_in("c1").await;
    added(&first, HONEST).await;
    let codes: Vec<String> = {
        let page = first.get(PASSKEYS).await;
        first.submit(&page.form_with("button[value=renew]").with("do", "renew")).await.words(".recovery-codes li")
    };
    assert_eq!((codes.len(), bank.count("recovery_codes").await), (10, 10));
    let mut sessions = Vec::new();
    for code in codes.iter().take(8) {
        let browser = site.halfway("c1").await;
        browser.post("/login/code", &pairs(&[("code", code)])).await;
        let told = Device::new().added(&options(&begin(&browser).await), HONEST);
        sessions.push((browser, told));
    }
    let answers = join_all(
        sessions.iter().enumerate().map(|(at, (browser, told))| async move { send(browser, &format!("手机 {at}"), told).await }),
    )
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 4);
    assert!(answers.iter().filter(|answer| answer.status == 422).all(|answer| refusal(answer) == "passkey_full"));
    assert_eq!(bank.count("passkeys").await, 5);
    assert!(!first.get(PASSKEYS).await.has("button[value=begin]"));
    assert_eq!(refusal(&first.post(PASSKEYS, &pairs(&[("do", "begin")])).await), "passkey_full");
}

async fn with_the_last_factor_the_recovery_codes_go(bank: &TestBank) {
    let site = Site::open(bank).await;
    for round in 0..6 {
        let browser = site.signed_in("c1").await;
        added(&browser, HONEST).await;
        let (app, _) = AuthenticatorApp::set_up(bank, &browser).await;
        let page = browser.get(PASSKEYS).await;
        let passkey = page.attr("[name=passkey]", "value").unwrap();
        let remove_passkey = pairs(&[("do", "remove"), ("passkey", &passkey)]);
        let remove_app = pairs(&[("do", "remove"), ("code", &app.code(bank))]);
        let (first, second) = if round % 2 == 0 {
            ((PASSKEYS, &remove_passkey), (FACTOR, &remove_app))
        } else {
            ((FACTOR, &remove_app), (PASSKEYS, &remove_passkey))
        };
        if round < 2 {
            browser.post(first.0, first.1).await;
            assert_eq!(bank.count("recovery_codes").await, 10, "{round}: one factor is left");
            browser.post(second.0, second.1).await;
        } else {
            // At the same moment.
            join_all([browser.post(first.0, first.1), browser.post(second.0, second.1)]).await;
        }
        let left = (bank.count("passkeys").await, bank.count("authenticators").await, bank.count("recovery_codes").await);
        assert_eq!(left, (0, 0, 0), "{round}");
        bank.pass_minutes(1);
    }
}

async fn staff_who_must_have_a_second_factor_may_add_a_passkey(bank: &TestBank) {
    let site = Site::open(bank).await;
    parameter(&bank.bank, "staff_second_factor", "required").await;
    let browser = site.browser();
    let answer = browser.try_sign_in("clerk", PASSWORD).await;
    assert_eq!(answer.location.as_deref(), Some("/me/factor?next="));
    assert!(browser.get("/me/factor?next=").await.has("a[href^='/me/passkeys']"));
    let device = added(&browser, HONEST).await;
    assert_eq!(browser.get("/desk").await.status, 200);
    let half = site.halfway("clerk").await;
    device.give(&half, HONEST).await;
    assert_eq!(half.get("/desk").await.status, 200);
    // A reset removes it.
    bank.bank
        .write::<_, std::convert::Infallible, _>("reset", |tx| {
            async move { Ok(reset_sign_in(tx, "user-clerk", ResetOf::PasswordAndFactor).await?) }.scope_boxed()
        })
        .await
        .unwrap();
    assert_eq!((bank.count("passkeys").await, bank.count("passkey_users").await, bank.count("recovery_codes").await), (0, 0, 0));
}

async fn after_the_password_alone_none_is_added_or_removed(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    added(&browser, HONEST).await;
    let id = browser.get(PASSKEYS).await.attr("[name=passkey]", "value").unwrap();
    let half = site.halfway("c1").await;
    for button in ["begin", "add", "remove", "renew"] {
        let refused = half.post(PASSKEYS, &pairs(&[("do", button), ("passkey", &id), ("name", "x")])).await;
        assert!(refused.location.as_deref().is_some_and(|to| to.starts_with("/login/code?next=")), "{button}");
    }
    assert!(half.get(PASSKEYS).await.location.is_some());
    assert_eq!((bank.count("passkeys").await, bank.count("passkey_challenges").await), (1, 0));
    // Nobody and who has no passkey are led on.
    for browser in [site.browser(), site.signed_in("c2").await] {
        for button in ["begin", "give", ""] {
            assert_eq!(browser.post(GIVE, &pairs(&[("do", button)])).await.status, 303);
        }
        assert_eq!(browser.get(GIVE).await.status, 303);
    }
}

async fn an_address_without_a_name_has_none(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.get(PASSKEYS).await;
    assert!(page.text().contains("这个网址用不了通行密钥") && !page.has("button[value=begin]"), "{}", page.text());
    assert_eq!(browser.post(PASSKEYS, &pairs(&[("do", "begin")])).await.status, 404);
    assert_eq!(bank.count("passkey_challenges").await, 0);
}
