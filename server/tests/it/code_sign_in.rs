//! Signing in with a code to the phone (docs/domain.md §12): a bank that requires a second proof of customers asks a person without
//! two-step verification for it after the password, in each session; setting up a second factor is offered, not forced.

use std::sync::Arc;

use futures_util::future::join_all;

use crate::on_both_engines;
use crate::sent_codes::delivered;
use crate::step_up::asked;
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::passkey::PASSKEYS;
use crate::support::seed::{PASSWORD, parameter};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    a_person_gives_a_code_after_the_password_in_each_session,
    until_then_nothing_is_reached_and_nobody_else_is_sent_a_code,
    asked_for_in_two_tabs_one_code_is_sent_and_given_once,
    what_changes_between_password_and_code_counts_as_it_is_now,
    users_of_a_company_set_up_a_factor_where_codes_are_sent_too,
    without_a_sent_code_no_attempt_at_the_password_is_counted,
    the_channel_may_go_and_come_back,
    open_sessions_give_it_when_the_bank_begins_to_require_it,
);

const CODE: &str = "/login/code";

/// A portal that sends messages, of a bank that has set nothing: it requires a second proof.
async fn portal(bank: &TestBank) -> String {
    bank.change("DELETE FROM parameters WHERE name = 'customer_second_factor'").await;
    bank.served_with(Some(Arc::default())).await
}

/// A browser in which the password was given, and the page that asks for the code.
async fn halfway(base: &str, name: &str) -> (Browser, Answer) {
    let browser = Browser::new(base);
    let answer = browser.try_sign_in(name, PASSWORD).await;
    assert_eq!(answer.location.as_deref(), Some("/login/code?next="), "{name}");
    let page = browser.get("/login/code?next=").await;
    (browser, page)
}

/// Has a code sent; the page with its field, and the code.
async fn sent(bank: &TestBank, browser: &Browser, page: &Answer) -> (Answer, String) {
    let page = browser.submit(&page.form_with("button[value=send]").with("do", "send")).await;
    assert!(page.path.starts_with(CODE) && page.text().contains("验证码已发到"), "{} {}", page.path, page.text());
    let mut codes = delivered(bank).await;
    assert_eq!(codes.len(), 1);
    (page, codes.remove(0).1)
}

/// Gives it, with the password if the page asks for that.
async fn give(browser: &Browser, page: &Answer, code: &str) -> Answer {
    let form = page.form_with("input[name=code]").with("code", code);
    let form = if page.has("input[name=password]") { form.with("password", PASSWORD) } else { form };
    browser.submit(&form).await
}

fn refusal(page: &Answer) -> (u16, String) {
    (page.status, page.refusals()[0].0.clone())
}

async fn a_person_gives_a_code_after_the_password_in_each_session(bank: &TestBank) {
    let base = portal(bank).await;
    let browser = Browser::new(&base);
    let fields = pairs(&[("sign_in_name", "c1"), ("password", PASSWORD), ("next", "/appointments")]);
    let answer = browser.post("/login", &fields).await;
    assert_eq!(answer.location.as_deref(), Some("/login/code?next=%2Fappointments"));
    let page = browser.open(answer.location.as_deref().unwrap()).await;
    assert!(page.text().contains("138****8000") && !page.has("input[name=code]"), "{}", page.text());
    assert!(page.text().contains("两步验证或通行密钥更安全") && !page.text().contains("客户c1"), "{}", page.text());
    let (page, code) = sent(bank, &browser, &page).await;
    // The first code to a number takes the password beside it, which validates the number.
    for (password, why) in [("", "sent_code_password_missing"), ("something else", "sent_code_password_wrong")] {
        let form = page.form_with("input[name=code]").with("code", &code).with("password", password);
        assert_eq!(refusal(&browser.submit(&form).await), (422, why.to_owned()));
    }
    let wanted = give(&browser, &page, &code).await;
    assert_eq!((wanted.status, wanted.path.as_str()), (200, "/appointments"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 1, "the old token is void");
    // A second factor is offered, and the code counts as a proof for five minutes.
    assert!(browser.get("/me").await.has("#factor a") && browser.get("/").await.status == 200);
    let begun = browser.submit(&browser.get(FACTOR).await.form_with("button[value=begin]").with("do", "begin")).await;
    assert!(begun.has("[data-secret]"));
    browser.submit(&begun.form_with("button[value=cancel]").with("do", "cancel")).await;
    bank.pass_minutes(5);
    asked(&browser, &browser.post(FACTOR, &pairs(&[("do", "begin")])).await).await;
    assert_eq!(browser.get("/appointments").await.status, 200, "the session goes on");
    // Another session gives another code, alone, and its new device is told of before that.
    let (other, page) = halfway(&base, "c1").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'security_new_device'").await, 1);
    let (page, code) = sent(bank, &other, &page).await;
    assert!(!page.has("input[name=password]"));
    assert_eq!(give(&other, &page, &code).await.path, "/");
}

async fn until_then_nothing_is_reached_and_nobody_else_is_sent_a_code(bank: &TestBank) {
    let base = portal(bank).await;
    let (browser, _) = halfway(&base, "c1").await;
    for path in ["/", "/me", "/appointments", "/appointments/new/cash", FACTOR, PASSKEYS, "/step-up?next=%2Fme"] {
        let led = browser.get(path).await.location.unwrap_or_default();
        assert!(led.starts_with("/login/code?next="), "{path}: {led}");
    }
    // The password alone chooses no factor that every later proof would be given by.
    for path in [FACTOR, PASSKEYS, "/step-up"] {
        browser.post(path, &pairs(&[("do", "begin"), ("password", PASSWORD)])).await;
    }
    assert_eq!((bank.count("authenticators").await, bank.count("passkey_challenges").await), (0, 0));
    // A code goes to whoever has given the password, and to nobody else: the page has no other words for a name that nobody has.
    let key = "k".repeat(26);
    let send = pairs(&[("do", "send"), ("send_key", key.as_str())]);
    let (unknown, wrong) = (Browser::new(&base), Browser::new(&base));
    unknown.try_sign_in("nobody-of-this-name", PASSWORD).await;
    wrong.try_sign_in("c1", "something else").await;
    for browser in [&unknown, &wrong] {
        assert_eq!(browser.get(CODE).await.location.as_deref(), Some("/login"));
        assert_eq!(browser.post(CODE, &send).await.location.as_deref(), Some("/login/code?next="));
    }
    for name in ["clerk", "k1"] {
        let browser = Browser::new(&base);
        browser.try_sign_in(name, PASSWORD).await;
        browser.post(CODE, &send).await;
    }
    assert_eq!((bank.count("step_up_codes").await, delivered(bank).await.len()), (0, 0));
    // The page of somebody else in this browser sends nothing either.
    let mark = pairs(&[("do", "send"), ("send_key", key.as_str()), ("made_for", "another")]);
    assert_eq!(browser.post(CODE, &mark).await.status, 403);
    assert_eq!(bank.count("step_up_codes").await, 0);
    // It can be given up.
    browser.post("/logout", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM sessions s WHERE user_id = 'user-c1' AND ended_at IS NULL").await, 0);
}

async fn asked_for_in_two_tabs_one_code_is_sent_and_given_once(bank: &TestBank) {
    let base = portal(bank).await;
    let (browser, tab) = halfway(&base, "c1").await;
    let another = browser.get("/login/code?next=%2Fme").await;
    let forms = [&tab, &another].map(|tab| tab.form_with("button[value=send]").with("do", "send"));
    let pressed = join_all(forms.iter().map(|form| browser.submit(form))).await;
    let (told, soon): (Vec<&Answer>, Vec<&Answer>) = pressed.iter().partition(|page| page.status == 200);
    assert_eq!((told.len(), soon.len()), (1, 1));
    assert_eq!(refusal(soon[0]).1, "sent_code_too_soon");
    let code = delivered(bank).await.remove(0).1;
    // Either tab gives it; of both at once one does, and the other one is led on or told that it was used.
    let given = join_all(pressed.iter().map(|page| give(&browser, page, &code))).await;
    let statuses: Vec<u16> = given.iter().map(|page| page.status).collect();
    assert!(statuses.contains(&200) && statuses.iter().all(|status| [200, 422].contains(status)), "{statuses:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM step_up_codes WHERE used_at IS NOT NULL").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 1);
    // Pressed late it leads on to the page that is wanted, and sends nothing.
    assert_eq!(give(&browser, &pressed[1], &code).await.status, 200);
    assert_eq!(browser.submit(&forms[1]).await.path, "/me");
    assert_eq!(bank.count("step_up_codes").await, 1);
    // In two sessions the newer code replaces the other.
    bank.pass_minutes(1);
    let ((here, page), (there, other)) = (halfway(&base, "c1").await, halfway(&base, "c1").await);
    let (page, first) = sent(bank, &here, &page).await;
    bank.pass_minutes(1);
    let (other, second) = sent(bank, &there, &other).await;
    for code in [&first, &second] {
        assert_eq!(refusal(&give(&here, &page, code).await), (422, "sent_code_void".to_owned()));
    }
    assert_eq!(give(&there, &other, &second).await.path, "/");
    assert!(here.get("/me").await.location.is_some_and(|to| to.starts_with(CODE)), "each session gives its own");
}

async fn what_changes_between_password_and_code_counts_as_it_is_now(bank: &TestBank) {
    let base = portal(bank).await;
    // Another number on file: the code was sent to the one before, and the new one is not validated.
    let (browser, page) = halfway(&base, "c1").await;
    let (page, code) = sent(bank, &browser, &page).await;
    give(&browser, &page, &code).await;
    bank.pass_minutes(1);
    let (second, page) = halfway(&base, "c1").await;
    let (page, code) = sent(bank, &second, &page).await;
    assert!(!page.has("input[name=password]"));
    bank.change("UPDATE customers SET phone_index = 'another' WHERE id = 'customer-c1'").await;
    assert_eq!(refusal(&give(&second, &page, &code).await).1, "sent_code_password_missing");
    let form = page.form_with("input[name=code]").with("code", &code).with("password", PASSWORD);
    let void = second.submit(&form).await;
    assert_eq!(refusal(&void), (422, "sent_code_void".to_owned()));
    bank.pass_minutes(1);
    let (page, code) = sent(bank, &second, &void).await;
    assert!(page.has("input[name=password]"));
    assert_eq!(give(&second, &page, &code).await.path, "/");
    assert_eq!(browser.get("/me").await.status, 200, "who was in stays in");
    // A factor that another session sets up: its code is asked for, and the one to the phone is none.
    bank.pass_minutes(1);
    let (third, page) = halfway(&base, "c1").await;
    let (page, code) = sent(bank, &third, &page).await;
    let (app, _) = AuthenticatorApp::set_up(bank, &second).await;
    let led = give(&third, &page, &code).await;
    assert!(led.status == 200 && led.refusals().is_empty() && led.text().contains("验证码应用"), "{} {}", led.status, led.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM authenticators WHERE failures > 0").await, 0, "it is no wrong code of the app");
    third.post(CODE, &pairs(&[("code", &app.code(bank))])).await;
    assert_eq!(third.get("/me").await.status, 200);
    // The bank offers it again: the password is enough, and what was pressed leads on.
    let (browser, page) = halfway(&base, "c2").await;
    let (page, code) = sent(bank, &browser, &page).await;
    parameter(&bank.bank, "customer_second_factor", "offered").await;
    assert_eq!(browser.get("/me").await.status, 200);
    assert_eq!(give(&browser, &page, &code).await.path, "/");
    assert_eq!(bank.number("SELECT COUNT(*) FROM step_up_codes WHERE user_id = 'user-c2' AND used_at IS NOT NULL").await, 0);
}

async fn users_of_a_company_set_up_a_factor_where_codes_are_sent_too(bank: &TestBank) {
    let base = portal(bank).await;
    let browser = Browser::new(&base);
    assert_eq!(browser.try_sign_in("k1", PASSWORD).await.location.as_deref(), Some("/me/factor?next="));
    assert_eq!(browser.get("/me").await.location.as_deref(), Some("/me/factor?next=%2Fme"));
}

async fn without_a_sent_code_no_attempt_at_the_password_is_counted(bank: &TestBank) {
    let base = portal(bank).await;
    let (browser, page) = halfway(&base, "c1").await;
    let form = pairs(&[("code", "123456"), ("password", "something else")]);
    for _ in 0..6 {
        assert_eq!(refusal(&browser.post(CODE, &form).await), (422, "sent_code_void".to_owned()));
    }
    let (page, code) = sent(bank, &browser, &page).await;
    assert_eq!(give(&browser, &page, &code).await.path, "/");
}

async fn the_channel_may_go_and_come_back(bank: &TestBank) {
    let base = portal(bank).await;
    let (browser, page) = halfway(&base, "c1").await;
    let (page, code) = sent(bank, &browser, &page).await;
    // Nothing is sent any more: a second factor is set up, with the password of a moment ago.
    let silent = browser.at(bank.base().await);
    assert_eq!(silent.get("/me").await.location.as_deref(), Some("/me/factor?next=%2Fme"));
    assert_eq!(silent.get(CODE).await.location.as_deref(), Some("/me/factor?next="));
    let answer = silent.post(&page.form_with("input[name=code]").action, &pairs(&[("code", &code)])).await;
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/login/code?next=")));
    assert_eq!(bank.number("SELECT COUNT(*) FROM step_up_codes WHERE used_at IS NOT NULL").await, 0);
    let begun = silent.submit(&silent.get(FACTOR).await.form_with("button[value=begin]").with("do", "begin")).await;
    assert!(begun.has("[data-secret]"));
    // It is back: the code is asked for again, and what was begun cannot be confirmed without it.
    let app = AuthenticatorApp::scanned(&begun);
    let confirmed = begun.form_with("button[value=confirm]").with_all(&[("do", "confirm"), ("code", &app.code(bank))]);
    assert!(browser.post(&confirmed.action, &confirmed.fields).await.location.is_some_and(|to| to.starts_with(CODE)));
    assert_eq!(bank.number("SELECT COUNT(*) FROM authenticators WHERE confirmed_at IS NOT NULL").await, 0);
    assert_eq!(give(&browser, &page, &code).await.path, "/");
    // Who has given it goes on where it is sent, and sets a factor up where it is not.
    assert_eq!(silent.get("/me").await.location.as_deref(), Some("/me/factor?next=%2Fme"));
    assert_eq!(browser.get("/me").await.status, 200);
}

async fn open_sessions_give_it_when_the_bank_begins_to_require_it(bank: &TestBank) {
    let base = bank.served_with(Some(Arc::default())).await;
    let (here, there) = (Browser::new(&base), Browser::new(&base));
    for browser in [&here, &there] {
        browser.sign_in("c1").await;
    }
    // One of them has given a code for an act of weight: that counts, as every proof of a session does.
    let page = asked(&there, &there.post(FACTOR, &pairs(&[("do", "begin")])).await).await;
    let page = there.submit(&page.form_with("button[value=send]").with("do", "send")).await;
    let code = delivered(bank).await.remove(0).1;
    there.submit(&page.form_with("input[name=code]").with_all(&[("code", &code), ("password", PASSWORD)])).await;
    let form = here.open("/suggestions/new").await.form().with_all(&[("category", "savings"), ("content", "多开一个窗口")]);
    bank.change("DELETE FROM parameters WHERE name = 'customer_second_factor'").await;
    bank.pass_minutes(6);
    assert_eq!(there.get("/me").await.status, 200);
    // The other one gives it now, and what it sends is kept.
    let form = form.with("do", "submit");
    let location = here.post(&form.action, &form.fields).await.location.expect("a page");
    assert!(location.starts_with("/login/code?next=%2Fsuggestions%2Fnew"), "{location}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 0, "nothing was sent");
    let (page, code) = sent(bank, &here, &here.open(&location).await).await;
    let back = give(&here, &page, &code).await;
    assert!(back.words("textarea").join("").contains("多开一个窗口") && back.text().contains("还没有提交"), "{}", back.text());
}
