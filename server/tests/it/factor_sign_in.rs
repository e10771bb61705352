//! Signing in with a second factor (docs/domain.md §12): the password alone lets nobody in, wherever it is tried; staff and
//! customers of a bank that requires one of them set it up first; what was typed before is kept.

use app::routes::{Verb, server_functions, table};
use futures_util::future::join_all;

use crate::on_both_engines;
use crate::step_up::{asked, given};
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::seed::{PASSWORD, parameter};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    the_password_alone_lets_nobody_in,
    a_code_or_a_recovery_code_is_given_after_the_password,
    staff_who_must_have_one_set_it_up_before_anything_else,
    customers_whom_no_code_reaches_set_it_up_before_anything_else,
    setting_it_up_may_take_longer_than_a_password_counts,
    setting_it_up_asks_other_sessions_for_it_and_keeps_what_they_send,
    of_two_sessions_one_signs_in_with_one_code,
    a_factor_removed_meanwhile_or_set_up_anew_counts_as_it_is_now,
);

const CODE: &str = "/login/code";

/// A browser in which the password was given.
async fn halfway(bank: &TestBank, name: &str) -> (Browser, Answer) {
    let browser = bank.browser().await;
    let answer = browser.try_sign_in(name, PASSWORD).await;
    (browser, answer)
}

async fn give(browser: &Browser, code: &str) -> Answer {
    browser.post(CODE, &pairs(&[("code", code)])).await
}

async fn the_password_alone_lets_nobody_in(bank: &TestBank) {
    for (name, page) in [("c1", "/appointments"), ("clerk", "/desk"), ("admin", "/admin")] {
        AuthenticatorApp::set_up(bank, &bank.signed_in(name).await).await;
        let (browser, answer) = halfway(bank, name).await;
        assert_eq!(answer.location.as_deref(), Some("/login/code?next="), "{name}");
        let next = format!("/login/code?next=%2F{}", page.trim_start_matches('/'));
        assert_eq!(browser.get(page).await.location.as_deref(), Some(next.as_str()));
        // The factor itself cannot be removed or renewed, and the page says nothing of the user.
        for button in ["begin", "cancel", "confirm", "renew", "remove"] {
            browser.post(FACTOR, &pairs(&[("do", button), ("code", "000000")])).await;
        }
        assert_eq!(bank.number("SELECT COUNT(*) FROM authenticators WHERE failures > 0").await, 0, "no code was judged");
        assert!(!browser.get(CODE).await.text().contains(&format!("客户{name}")));
        // Language and appearance are the browser's until then.
        browser.post("/language", &pairs(&[("language", "en"), ("to", "/login")])).await;
        assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE language IS NOT NULL").await, 0);
        // It can be given up.
        let out = browser.post("/logout", &[]).await;
        assert_eq!(out.location.as_deref(), Some("/login?signed_out=1"));
        assert_eq!(bank.number("SELECT COUNT(*) FROM sessions WHERE factor_at IS NULL AND ended_at IS NULL").await, 0);
    }
}

async fn a_code_or_a_recovery_code_is_given_after_the_password(bank: &TestBank) {
    for (name, wanted) in [("c1", "/appointments"), ("clerk", "/desk?kind=cash")] {
        let (app, codes) = AuthenticatorApp::set_up(bank, &bank.signed_in(name).await).await;
        let browser = bank.browser().await;
        let fields = pairs(&[("sign_in_name", name), ("password", PASSWORD), ("next", wanted)]);
        let answer = browser.post("/login", &fields).await;
        let page = browser.open(answer.location.as_deref().expect("a page")).await;
        for (code, why) in [("", "code_missing"), ("000000", "code_wrong")] {
            let refused = browser.post(CODE, &page.form_with("input[name=code]").with("code", code).fields).await;
            assert_eq!((refused.status, refused.refusals()[0].0.as_str()), (422, why));
        }
        let form = page.form_with("input[name=code]").with("code", &app.code(bank));
        let answer = browser.submit(&form).await;
        assert_eq!((answer.status, answer.path.as_str()), (200, wanted), "{name}");
        // Sent again it leads on.
        assert_eq!(browser.submit(&form).await.path, wanted);
        // A recovery code, once.
        for (round, lets_in) in [(0, true), (1, false)] {
            let (browser, _) = halfway(bank, name).await;
            let page = browser.get("/login/code?recovery=1").await;
            let form = page.form_with("input[name=code]").with("code", &codes[3]);
            assert_eq!(browser.submit(&form).await.status == 200, lets_in, "round {round}");
        }
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'factor_given' AND result = 'ok'").await, 4);
}

async fn staff_who_must_have_one_set_it_up_before_anything_else(bank: &TestBank) {
    let before = bank.signed_in("head").await;
    parameter(&bank.bank, "staff_second_factor", "required").await;
    let customer = bank.signed_in("c1").await;
    assert_eq!(customer.get("/me").await.status, 200, "it concerns staff");
    let (browser, answer) = halfway(bank, "clerk").await;
    assert_eq!(answer.location.as_deref(), Some("/me/factor?next="));
    // Every route and server function, whoever may call it, and sessions of before too.
    for browser in [&browser, &before] {
        for route in table() {
            let path = route.path.replace(['{', '}'], "");
            let answer = match route.verb {
                Verb::Page => browser.get(&path).await,
                Verb::Stream => browser.listen(&path).await.0,
                Verb::Post => browser.post(&path, &[]).await,
            };
            let open = [
                "/.well-known",
                "/login",
                "/logout",
                "/language",
                "/appearance",
                "/session",
                "/activate",
                "/ui",
                "/branches",
                "/complaints",
                "/step-up",
                "/passkey",
            ];
            let led = answer.location.as_deref().is_some_and(|location| location.starts_with("/me/factor?next="));
            let open = open.iter().any(|open| path.starts_with(open)) || [FACTOR, "/me/passkeys"].contains(&path.as_str());
            assert!(open || led || answer.status == 204, "{path} answers {} {:?}", answer.status, answer.location);
            if path == "/logout" {
                browser.try_sign_in("clerk", PASSWORD).await;
            }
        }
        for function in server_functions().iter().filter(|function| !function.keeps_unsent) {
            let answer = browser.call(function.path.trim_start_matches("/api/"), "{}").await;
            assert_eq!(answer.status, 401, "{}", function.path);
        }
    }
    // It is set up, and then the wanted page is reached.
    let browser = bank.browser().await;
    browser.try_sign_in("clerk", PASSWORD).await;
    let wanted = browser.open("/desk").await;
    assert!(wanted.text().contains("本行要求登录时用两步验证") && wanted.has("button[value=begin]"), "{}", wanted.text());
    let begun = browser.submit(&wanted.form_with("button[value=begin]").with("do", "begin")).await;
    let app = AuthenticatorApp::scanned(&begun);
    let confirmed = begun.form_with("button[value=confirm]").with_all(&[("do", "confirm"), ("code", &app.code(bank))]);
    let codes = browser.submit(&confirmed).await;
    assert_eq!(codes.words(".recovery-codes li").len(), 10);
    assert_eq!(codes.attr("main .actions a", "href").as_deref(), Some("/desk"));
    assert_eq!(browser.get("/desk").await.status, 200);
    // Who removes it is led there again.
    bank.pass_minutes(1);
    let removed = browser.post(FACTOR, &pairs(&[("do", "remove"), ("code", &app.code(bank))])).await;
    assert_eq!(removed.location.as_deref(), Some("/me/factor?removed=1"));
    let page = browser.get("/me/factor?removed=1").await;
    assert!(page.text().contains("两步验证已停用") && page.has("button[value=begin]"), "{}", page.text());
    assert_eq!(browser.get("/desk").await.location.as_deref(), Some("/me/factor?next=%2Fdesk"));
}

async fn setting_it_up_asks_other_sessions_for_it_and_keeps_what_they_send(bank: &TestBank) {
    let (here, there) = (bank.signed_in("c1").await, bank.signed_in("c1").await);
    let form = there.open("/suggestions/new").await.form().with_all(&[("category", "savings"), ("content", "多开一个窗口")]);
    let (app, _) = AuthenticatorApp::set_up(bank, &here).await;
    let form = form.with("do", "submit");
    let answer = there.post(&form.action, &form.fields).await;
    let location = answer.location.expect("a page");
    assert!(location.starts_with("/login/code?next=%2Fsuggestions%2Fnew"), "{location}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 0, "nothing was sent");
    let page = there.open(&location).await;
    let back = there.submit(&page.form_with("input[name=code]").with("code", &app.code(bank))).await;
    assert!(back.words("textarea").join("").contains("多开一个窗口") && back.text().contains("还没有提交"), "{}", back.text());
    assert_eq!(here.get("/me").await.status, 200, "the session that set it up goes on");
}

async fn of_two_sessions_one_signs_in_with_one_code(bank: &TestBank) {
    let (app, _) = AuthenticatorApp::set_up(bank, &bank.signed_in("c1").await).await;
    for _ in 0..5 {
        let browsers = join_all((0..3).map(|_| halfway(bank, "c1"))).await;
        let code = app.code(bank);
        join_all(browsers.iter().map(|(browser, _)| give(browser, &code))).await;
        let pages = join_all(browsers.iter().map(|(browser, _)| browser.get("/me"))).await;
        assert_eq!(pages.iter().filter(|page| page.status == 200).count(), 1, "a code that was seen lets nobody else in");
        bank.pass_minutes(1);
    }
}

async fn a_factor_removed_meanwhile_or_set_up_anew_counts_as_it_is_now(bank: &TestBank) {
    let here = bank.signed_in("c1").await;
    let (app, _) = AuthenticatorApp::set_up(bank, &here).await;
    let (there, _) = halfway(bank, "c1").await;
    let (second, _) = halfway(bank, "c1").await;
    give(&second, &app.code(bank)).await;
    bank.pass_minutes(1);
    here.post(FACTOR, &pairs(&[("do", "remove"), ("code", &app.code(bank))])).await;
    // Without a factor the password is enough.
    assert_eq!(there.get("/me").await.status, 200);
    assert_eq!(give(&there, "000000").await.status, 303);
    // A new one was not given in any other session.
    bank.pass_minutes(1);
    let (again, _) = AuthenticatorApp::set_up(bank, &here).await;
    for other in [&there, &second] {
        assert_eq!(other.get("/me").await.location.as_deref(), Some("/login/code?next=%2Fme"));
    }
    assert_eq!(give(&second, &app.code(bank)).await.status, 422, "the old app is none any more");
    assert_eq!(give(&second, &again.code(bank)).await.status, 303);
    assert_eq!(second.get("/me").await.status, 200);
}

async fn customers_whom_no_code_reaches_set_it_up_before_anything_else(bank: &TestBank) {
    let before = bank.signed_in("c1").await;
    assert_eq!(before.get("/appointments").await.status, 200, "where it is offered nobody has to");
    bank.change("DELETE FROM parameters WHERE name = 'customer_second_factor'").await;
    assert_eq!(bank.signed_in("clerk").await.get("/desk").await.status, 200, "it concerns customers");
    for name in ["c1", "k1"] {
        let (browser, answer) = halfway(bank, name).await;
        assert_eq!(answer.location.as_deref(), Some("/me/factor?next="), "{name}");
        for browser in [&browser, &before] {
            for path in ["/", "/me", "/appointments", "/appointments/new/cash"] {
                let led = browser.get(path).await.location.unwrap_or_default();
                assert!(led.starts_with("/me/factor?next=") || path == "/", "{name} {path}: {led}");
            }
        }
        AuthenticatorApp::set_up(bank, &browser).await;
        assert_eq!(browser.get("/appointments").await.status, 200, "{name}");
        // A session of before gives the code.
        if name == "c1" {
            assert!(before.get("/appointments").await.location.unwrap_or_default().starts_with("/login/code"));
            before.post("/logout", &[]).await;
            before.try_sign_in("k1", PASSWORD).await;
        }
    }
}

async fn setting_it_up_may_take_longer_than_a_password_counts(bank: &TestBank) {
    bank.change("DELETE FROM parameters WHERE name = 'customer_second_factor'").await;
    let (browser, _) = halfway(bank, "c1").await;
    let page = browser.open("/appointments").await;
    assert_eq!(page.path, "/me/factor?next=%2Fappointments");
    let begun = browser.submit(&page.form_with("button[value=begin]").with("do", "begin")).await;
    let app = AuthenticatorApp::scanned(&begun);
    bank.pass_minutes(6);
    let confirm = begun.form_with("button[value=confirm]").with_all(&[("do", "confirm"), ("code", &app.code(bank))]);
    let page = asked(&browser, &browser.post(&confirm.action, &confirm.fields).await).await;
    // The password leads back to the page itself, where the same secret waits, and from there to the page that was wanted.
    let back = given(&browser, &page, "password", PASSWORD).await;
    assert!(back.path.starts_with("/me/factor?next=%2Fappointments&"), "{}", back.path);
    let confirm = back.form_with("button[value=confirm]").with_all(&[("do", "confirm"), ("code", &app.code(bank))]);
    let codes = browser.submit(&confirm).await;
    assert_eq!(codes.words(".recovery-codes li").len(), 10);
    assert_eq!(codes.attr("main .actions a", "href").as_deref(), Some("/appointments"));
    assert_eq!(browser.get("/appointments").await.status, 200);
}
