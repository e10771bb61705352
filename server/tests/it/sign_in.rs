//! Sign-in (docs/domain.md §12): no enumeration of names, the lock, the end of sessions, cross-site posts.

use bank::sessions::{ResetOf, Source, count_password_hashes, reset_by_operator, sign_in};

use crate::on_both_engines;
use crate::support::seed::parameter;
use crate::support::{Answer, TestBank, pairs};

async fn a_session_that_cannot_be_read_signs_nobody_out_and_the_form_can_be_sent_again(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open("/suggestions/new").await.form();
    let form = form.with_all(&[("category", "savings"), ("content", "多开一个窗口"), ("do", "submit")]);
    bank.change("ALTER TABLE sessions RENAME TO sessions_away").await;
    let page = browser.open("/me").await;
    assert_eq!((page.status, page.header("retry-after"), page.header("set-cookie")), (503, "5", ""));
    let refused = browser.post(&form.action, &form.fields).await;
    assert_eq!((refused.status, refused.header("retry-after"), refused.header("set-cookie")), (503, "5", ""));
    assert!(refused.text().contains("报出编号") && !refused.header("content-security-policy").is_empty());
    let signing_in = browser.post("/login", &pairs(&[("sign_in_name", "c2"), ("password", "hidden-words")])).await;
    assert!(signing_in.status == 503 && !signing_in.body.contains("hidden-words"));
    bank.change("ALTER TABLE sessions_away RENAME TO sessions").await;
    let again = refused.form();
    assert_eq!(again.value("content"), Some("多开一个窗口"));
    assert!(browser.submit(&again).await.case_number().is_some(), "sent again it is filed");
    assert_eq!(bank.count("suggestions").await, 1);
}

/// Seconds until the end and until the warning, from `/session/left` or `/session`.
fn left(answer: &Answer) -> (i64, i64) {
    let left: serde_json::Value = serde_json::from_str(&answer.body).expect("json");
    (left["ends"].as_i64().expect("seconds"), left["warns"].as_i64().expect("seconds"))
}

async fn a_page_says_until_when_it_can_be_sent_and_its_warning_is_answered_by_going_on(bank: &TestBank) {
    let (customer, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    bank.pass_minutes(2);
    for (browser, path, until, seconds) in [(&customer, "/me", "10:12", 600), (&clerk, "/desk", "10:17", 900)] {
        let page = browser.open(path).await;
        assert!(page.words("noscript").join("").contains(&format!("您的登录保持到 {until}")), "{}", page.text());
        assert_eq!(page.attr(".session", "data-ends"), Some(seconds.to_string()));
        assert_eq!(page.attr(".session", "data-warns"), Some((seconds - 60).to_string()), "one minute before");
    }
    assert!(!bank.browser().await.open("/").await.has(".session"));
    // Asking for the remaining time is not activity; extending the session is.
    bank.pass_minutes(6);
    assert_eq!(left(&customer.get("/session/left").await), (240, 180));
    bank.pass_minutes(3);
    assert_eq!(left(&customer.get("/session/left").await), (60, 0));
    assert_eq!(left(&customer.post("/session", &[]).await), (600, 540));
    assert_eq!(left(&customer.get("/session/left").await), (600, 540));
    bank.pass_minutes(11);
    assert_eq!(left(&customer.post("/session", &[]).await), (0, 0), "what is over stays over");
}

async fn how_long_before_its_end_a_session_warns_is_a_parameter(bank: &TestBank) {
    parameter(&bank.bank, "session_warning_minutes", "3").await;
    let page = bank.signed_in("c1").await.open("/me").await;
    assert_eq!(
        (page.attr(".session", "data-ends"), page.attr(".session", "data-warns")),
        (Some("600".into()), Some("420".into()))
    );
    assert!(page.text().contains("3 分钟内就要重新登录"));
}

async fn how_long_a_session_may_idle_is_a_parameter(bank: &TestBank) {
    parameter(&bank.bank, "session_idle_customer_minutes", "5").await;
    let browser = bank.signed_in("c1").await;
    bank.pass_minutes(4);
    assert_eq!(browser.get("/appointments").await.status, 200);
    bank.pass_minutes(6);
    assert_eq!(browser.get("/appointments").await.status, 303);
}

on_both_engines!(
    every_refusal_costs_one_password_check,
    how_long_a_session_may_idle_is_a_parameter,
    a_page_says_until_when_it_can_be_sent_and_its_warning_is_answered_by_going_on,
    how_long_before_its_end_a_session_warns_is_a_parameter,
    a_session_that_cannot_be_read_signs_nobody_out_and_the_form_can_be_sent_again,
    everybody_lands_where_they_work,
    an_empty_field_is_named_and_costs_no_attempt,
    whoever_has_forgotten_is_told_what_to_do,
    a_wrong_password_an_unknown_name_and_a_locked_account_are_answered_alike,
    five_failures_lock_the_account_until_the_next_day,
    four_failures_and_a_success_start_the_count_anew,
    a_session_ends_when_it_has_been_idle_too_long,
    no_session_is_older_than_eight_hours,
    the_sign_in_page_says_why_a_session_has_ended,
    signing_out_ends_the_session_at_once_wherever_its_cookie_is,
    a_clock_moved_back_keeps_the_session,
    a_forged_token_is_nobody,
    a_form_posted_from_another_site_is_refused,
);

const PASSWORD: &str = "lobby-demo";

fn to(answer: &Answer) -> &str {
    answer.location.as_deref().unwrap_or_default()
}

/// The session cookie that an answer sets, with its attributes.
fn session_cookie(answer: &Answer) -> &str {
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.find(|cookie| cookie.starts_with("lobby=")).unwrap()
}

/// The session cookie of a sign-in, as a request header.
async fn cookie(bank: &TestBank, name: &str) -> String {
    let answer = bank.browser().await.try_sign_in(name, PASSWORD).await;
    session_cookie(&answer).split(';').next().unwrap().to_owned()
}

async fn everybody_lands_where_they_work(bank: &TestBank) {
    for (name, landing) in [("c1", "/"), ("k1", "/"), ("clerk", "/desk"), ("head", "/desk"), ("admin", "/")] {
        let answer = bank.browser().await.try_sign_in(name, PASSWORD).await;
        assert_eq!((answer.status, to(&answer)), (303, landing), "{name}");
        let cookie = session_cookie(&answer);
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        assert!(cookie.contains("Max-Age=28800"), "{cookie}");
    }
    parameter(&bank.bank, "session_hours", "12").await;
    let answer = bank.browser().await.try_sign_in("c1", PASSWORD).await;
    assert!(session_cookie(&answer).contains("Max-Age=43200"), "as long as the session");
}

async fn an_empty_field_is_named_and_costs_no_attempt(bank: &TestBank) {
    let browser = bank.browser().await;
    let cases = [
        ("", "", &["name_missing", "password_missing"][..], "#errors a[href='#sign_in_name']"),
        ("", "x", &["name_missing"], "#sign_in_name[aria-invalid=true]"),
        (" ", "x", &["name_missing"], "#sign_in_name-error"),
        ("c1", "", &["password_missing"], "#password[aria-invalid=true]"),
    ];
    for (name, password, codes, marked) in cases {
        let posted = pairs(&[("sign_in_name", name), ("password", password), ("next", "/me")]);
        let answer = browser.post("/login", &posted).await;
        let page = browser.open(to(&answer)).await;
        assert_eq!(page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>(), codes, "{name}, {password}");
        assert!(page.has(marked), "{marked}: {}", page.body);
        let form = page.form_with("#sign_in_name");
        assert_eq!(form.value("next"), Some("/me"), "the way on stays");
        assert_eq!(form.value("sign_in_name").unwrap_or_default().trim(), name.trim());
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'sign_in'").await, 0, "nothing is compared");
    assert_eq!(bank.number("SELECT COUNT(*) FROM sign_in_failures").await, 0);
    let page = browser.open("/login").await;
    for attribute in ["[autocapitalize=none]", "[spellcheck=false]", "[autocorrect=off]", "[autocomplete=username]"] {
        assert!(page.has(&format!("#sign_in_name{attribute}")), "{attribute}");
    }
    assert!(page.has("#password[autocomplete=current-password]"));
}

async fn whoever_has_forgotten_is_told_what_to_do(bank: &TestBank) {
    let browser = bank.browser().await;
    let page = browser.open("/login").await;
    let said = page.words("#forgotten").join(" ");
    for words in ["身份证件到网点", "网点负责人重置", "找管理员"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(page.has("#forgotten a[href^='tel:']"));
    let said = browser.send("/login", &[("accept-language", "en")], None).await.words("#forgotten").join(" ");
    assert!(said.contains("branch head") && said.contains("administrator"), "{said}");
}

/// A refused sign-in: response and page, without the parts that differ between requests.
async fn refused(bank: &TestBank, name: &str) -> (u16, String, Vec<String>, String) {
    let browser = bank.browser().await;
    let answer = browser.try_sign_in(name, "wrong").await;
    let cookies = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|c| c.to_str().unwrap().replace(&format!("={name};"), "=NAME;"))
        .collect();
    let page = browser.open(to(&answer)).await;
    assert_eq!(page.refusals(), [("sign_in_failed".to_owned(), page.refusals()[0].1.clone())]);
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    (
        answer.status,
        to(&answer).to_owned(),
        cookies,
        page.body.replace(nonce, "NONCE").replace(&format!("\"{name}\""), "\"NAME\""),
    )
}

async fn a_wrong_password_an_unknown_name_and_a_locked_account_are_answered_alike(bank: &TestBank) {
    let wrong = refused(bank, "c1").await;
    assert_eq!(refused(bank, "nobody-of-this-name").await, wrong);
    for _ in 0..5 {
        refused(bank, "c2").await;
    }
    assert_eq!(refused(bank, "c2").await, wrong);
}

async fn five_failures_lock_the_account_until_the_next_day(bank: &TestBank) {
    for _ in 0..5 {
        refused(bank, "c1").await;
    }
    assert!(to(&bank.browser().await.try_sign_in("c1", PASSWORD).await).starts_with("/login?refused="));
    bank.set_time("2026-11-23T23:59:00+08:00");
    assert!(to(&bank.browser().await.try_sign_in("c1", PASSWORD).await).starts_with("/login?refused="));
    bank.set_time("2026-11-24T00:00:00+08:00");
    assert_eq!(to(&bank.browser().await.try_sign_in("c1", PASSWORD).await), "/");
}

async fn four_failures_and_a_success_start_the_count_anew(bank: &TestBank) {
    for _ in 0..2 {
        for _ in 0..4 {
            refused(bank, "c1").await;
        }
        bank.signed_in("c1").await;
    }
}

async fn a_session_ends_when_it_has_been_idle_too_long(bank: &TestBank) {
    let (customer, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    bank.pass_minutes(10);
    assert_eq!((customer.get("/me").await.status, clerk.get("/desk").await.status), (200, 200));
    bank.pass_minutes(11);
    assert_eq!(to(&customer.get("/me").await), "/login?next=%2Fme&ended=idle");
    assert_eq!(clerk.get("/desk").await.status, 200);
    bank.pass_minutes(16);
    assert_eq!(to(&clerk.get("/desk").await), "/login?next=%2Fdesk&ended=idle");
}

async fn no_session_is_older_than_eight_hours(bank: &TestBank) {
    let customer = bank.signed_in("c1").await;
    for _ in 0..60 {
        assert_eq!(customer.get("/me").await.status, 200);
        bank.pass_minutes(8);
    }
    assert_eq!(customer.get("/me").await.status, 200, "eight hours to the minute");
    bank.pass_minutes(1);
    assert_eq!(to(&customer.get("/me").await), "/login?next=%2Fme&ended=age");
}

async fn signing_out_ends_the_session_at_once_wherever_its_cookie_is(bank: &TestBank) {
    let cookie = cookie(bank, "c1").await;
    let browser = bank.browser().await;
    let held = [("cookie", cookie.as_str())];
    assert_eq!(browser.send("/me", &held, None).await.status, 200);
    assert_eq!(to(&browser.send("/logout", &held, Some("")).await), "/login?signed_out=1");
    assert!(to(&browser.send("/me", &held, None).await).starts_with("/login?"));
}

async fn the_sign_in_page_says_why_a_session_has_ended(bank: &TestBank) {
    let (here, there) = (bank.signed_in("c1").await, bank.signed_in("c1").await);
    let (reset, leaver) = (bank.signed_in("clerk2").await, bank.signed_in("lobby").await);
    let page = here.open("/me").await;
    here.submit(&page.form_with("button[value=end_others]").with("do", "end_others")).await;
    assert!(reset_by_operator(&bank.bank, "clerk2", ResetOf::Password).await.is_ok());
    bank.change("UPDATE users SET left_on = '2026-11-23' WHERE sign_in_name = 'lobby'").await;
    let by_bank = ["银行结束了您的登录", "原来的密码不能再用"];
    for (browser, path, end, words) in [
        (&there, "/me", "elsewhere", ["这里的登录已退出", "别的设备或窗口"]),
        (&reset, "/desk", "bank", by_bank),
        (&leaver, "/desk", "bank", by_bank),
    ] {
        let refused = browser.get(path).await;
        assert!(to(&refused).ends_with(&format!("&ended={end}")), "{}", to(&refused));
        let text = browser.open(to(&refused)).await.text();
        assert!(words.iter().all(|words| text.contains(words)) && !text.contains("没有操作"), "{text}");
    }
    bank.pass_minutes(11);
    let text = here.open(to(&here.get("/me").await)).await.text();
    assert!(text.contains("没有操作") && text.contains("还没送出的，可能要重填"), "{text}");
    assert!(!here.open("/login?next=%2Fme&ended=nonsense").await.text().contains("退出"), "an unknown reason is none");
}

async fn a_clock_moved_back_keeps_the_session(bank: &TestBank) {
    let customer = bank.signed_in("c1").await;
    bank.set_time("2026-11-20T09:00:00+08:00");
    assert_eq!(customer.get("/me").await.status, 200);
}

async fn a_forged_token_is_nobody(bank: &TestBank) {
    let cookie = cookie(bank, "c1").await;
    let (start, _) = cookie.rsplit_once('.').unwrap();
    let forged = format!("{start}.{}", "A".repeat(43));
    assert_eq!(to(&bank.browser().await.send("/me", &[("cookie", &forged)], None).await), "/login?next=%2Fme");
}

async fn a_form_posted_from_another_site_is_refused(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for elsewhere in [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let answer = browser.send("/logout", &[elsewhere], Some("")).await;
        assert_eq!(answer.status, 403, "{elsewhere:?}");
        assert!(answer.body.contains("</html>"), "the refusal is a page");
    }
    // A client that is not a browser holds only its own cookies.
    assert_eq!(browser.post("/language", &pairs(&[("language", "en")])).await.status, 303);
    let ours = [("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "same-origin")];
    assert_eq!(browser.send("/logout", &ours, Some("")).await.status, 303);
}

async fn every_refusal_costs_one_password_check(bank: &TestBank) {
    for _ in 0..5 {
        assert!(sign_in(&bank.bank, "c2", "wrong".to_owned(), &Source::here("test")).await.is_err());
    }
    bank.change("UPDATE users SET left_on = '2026-11-01' WHERE sign_in_name = 'clerk'").await;
    bank.change("UPDATE users SET password_hash = '' WHERE sign_in_name = 'lobby'").await;
    // A wrong password, a locked account, an unknown name, somebody who has left, and somebody who is not activated.
    for name in ["c1", "c2", "nobody-of-this-name", "clerk", "lobby"] {
        let source = Source::here("test");
        let attempt = sign_in(&bank.bank, name, "wrong".to_owned(), &source);
        let (refused, computed) = Box::pin(count_password_hashes(attempt)).await;
        assert_eq!((refused.is_err(), computed), (true, 1), "{name}");
    }
}
