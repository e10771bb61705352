//! Passkeys after the password and for important acts (docs/domain.md §12). Whatever does not fit lets nobody in: answers to used, foreign,
//! late or replaced challenges, made elsewhere, without the person, of another user, or by a copy.

use futures_util::future::join_all;

use crate::on_both_engines;
use crate::support::passkey::{
    Device, HONEST, How, PASSKEYS, Site, WRONG, added, answer, ask, begin, is_in, options, refusal, send,
};
use crate::support::{TestBank, pairs};

on_both_engines!(
    answers_that_do_not_fit_let_nobody_in,
    a_challenge_is_answered_once_however_many_answers_come,
    of_two_tabs_the_later_one_asks,
    a_counter_that_goes_back_is_refused_and_audited,
    of_two_sessions_one_is_let_in_by_a_count,
    one_that_is_removed_meanwhile_lets_nobody_in,
    recovery_codes_of_a_user_with_passkeys_alone_are_limited_too,
    an_important_act_asks_for_one,
    who_adds_or_gives_one_goes_on_in_a_new_session,
);

async fn answers_that_do_not_fit_let_nobody_in(bank: &TestBank) {
    let site = Site::open(bank).await;
    let device = added(&site.signed_in("c1").await, HONEST).await;
    let browser = site.halfway("c1").await;
    for (how, why) in WRONG {
        let page = ask(&browser).await;
        assert_eq!(refusal(&answer(&browser, &device.given(&options(&page), how)).await), why, "{how:?}");
        let honest = device.given(&options(&page), HONEST);
        assert_eq!(refusal(&answer(&browser, &honest).await), "passkey_outdated");
    }
    for garbage in ["x", "{}", "[]"] {
        ask(&browser).await;
        assert_eq!(refusal(&answer(&browser, garbage).await), "passkey_failed", "{garbage}");
    }
    // The signature of another key, under the id of the right one.
    let (page, stranger) = (ask(&browser).await, Device::new());
    let (right, forged) = (device.given(&options(&page), HONEST), stranger.given(&options(&page), HONEST));
    let (mut right, forged): (serde_json::Value, serde_json::Value) =
        (serde_json::from_str(&right).unwrap(), serde_json::from_str(&forged).unwrap());
    right["response"]["signature"] = forged["response"]["signature"].clone();
    assert_eq!(refusal(&answer(&browser, &right.to_string()).await), "passkey_failed");
    // Of another session of the same user, and late.
    let other = site.halfway("c1").await;
    let told = device.given(&options(&ask(&browser).await), HONEST);
    assert_eq!(refusal(&answer(&other, &told).await), "passkey_outdated");
    bank.pass_minutes(5);
    assert_eq!(refusal(&answer(&browser, &told).await), "passkey_expired");
    assert!(!is_in(&browser).await && !is_in(&other).await);
    // Without an answer the page says what to do.
    ask(&browser).await;
    assert_eq!(refusal(&answer(&browser, "").await), "passkey_answer_missing");
    device.give(&browser, HONEST).await;
    assert!(is_in(&browser).await);
}

async fn a_challenge_is_answered_once_however_many_answers_come(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let devices = [Device::new(), Device::new(), Device::new(), Device::new()];
    let page = begin(&browser).await;
    let told: Vec<String> = devices.iter().map(|device| device.added(&options(&page), HONEST)).collect();
    let answers = join_all(told.iter().map(|told| send(&browser, "手机", told))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "one gets the recovery codes");
    assert_eq!((bank.count("passkeys").await, bank.count("recovery_codes").await), (1, 10));
    let chosen = answers.iter().position(|answer| answer.status == 200).unwrap();
    // Six answers with counters of their own, to one challenge.
    let half = site.halfway("c1").await;
    let page = ask(&half).await;
    let told: Vec<String> = (1..=6).map(|count| devices[chosen].given(&options(&page), How { count, ..HONEST })).collect();
    let answers = join_all(told.iter().map(|told| answer(&half, told))).await;
    assert!(is_in(&half).await || answers.iter().any(|answer| answer.status == 303));
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'factor_given'").await, 1, "one is judged");
}

async fn of_two_tabs_the_later_one_asks(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let (first, second, device) = (begin(&browser).await, begin(&browser).await, Device::new());
    assert_eq!(refusal(&send(&browser, "手机", &device.added(&options(&first), HONEST)).await), "passkey_outdated");
    assert_eq!(send(&browser, "手机", &device.added(&options(&second), HONEST)).await.status, 200, "the other tab goes on");
    let half = site.halfway("c1").await;
    let (first, second) = (ask(&half).await, ask(&half).await);
    assert_eq!(refusal(&answer(&half, &device.given(&options(&first), HONEST)).await), "passkey_outdated");
    answer(&half, &device.given(&options(&second), HONEST)).await;
    assert!(is_in(&half).await);
}

async fn a_counter_that_goes_back_is_refused_and_audited(bank: &TestBank) {
    let site = Site::open(bank).await;
    let device = added(&site.signed_in("clerk").await, How { count: 5, ..HONEST }).await;
    let browser = site.halfway("clerk").await;
    for (count, fits) in [(4, false), (5, false), (0, false), (7, true)] {
        let page = ask(&browser).await;
        let given = answer(&browser, &device.given(&options(&page), How { count, ..HONEST })).await;
        if fits {
            assert_eq!(given.status, 303, "{count}");
        } else {
            assert_eq!(refusal(&given), "passkey_counted_back", "{count}");
            assert!(given.text().contains("可能被复制") && !is_in(&browser).await, "{count}");
        }
    }
    assert!(is_in(&browser).await);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'passkey_counted_back'").await, 3);
    assert_eq!(bank.number("SELECT sign_count FROM passkeys").await, 7);
}

async fn of_two_sessions_one_is_let_in_by_a_count(bank: &TestBank) {
    let site = Site::open(bank).await;
    let device = added(&site.signed_in("c1").await, How { count: 1, ..HONEST }).await;
    for count in 2..6 {
        let mut sessions = Vec::new();
        for _ in 0..3 {
            let browser = site.halfway("c1").await;
            let told = device.given(&options(&ask(&browser).await), How { count, ..HONEST });
            sessions.push((browser, told));
        }
        let answers = join_all(sessions.iter().map(|(browser, told)| answer(browser, told))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1, "{count}");
    }
}

async fn one_that_is_removed_meanwhile_lets_nobody_in(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let device = added(&browser, HONEST).await;
    bank.pass_minutes(1);
    added(&browser, HONEST).await;
    let half = site.halfway("c1").await;
    let told = device.given(&options(&ask(&half).await), HONEST);
    // The oldest is listed first.
    let page = browser.get(PASSKEYS).await;
    browser.submit(&page.form_with("[name=passkey]").with("do", "remove")).await;
    assert_eq!(refusal(&answer(&half, &told).await), "passkey_unknown");
    assert!(!is_in(&half).await);
    // Without any, the page leads on whoever comes to give one.
    let told = device.given(&options(&ask(&half).await), HONEST);
    let page = browser.get(PASSKEYS).await;
    browser.submit(&page.form_with("[name=passkey]").with("do", "remove")).await;
    let given = answer(&half, &told).await;
    assert_eq!(given.location.as_deref(), Some("/login/code?next="), "nothing is needed any more");
}

async fn recovery_codes_of_a_user_with_passkeys_alone_are_limited_too(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let page = begin(&browser).await;
    let device = Device::new();
    let codes = send(&browser, "手机", &device.added(&options(&page), HONEST)).await.words(".recovery-codes li");
    let half = site.halfway("c1").await;
    let page = half.get("/login/code").await;
    assert!(page.text().contains("备用码") && page.has("form[action='/passkey']"), "{}", page.text());
    let give = |code: &str| {
        let fields = pairs(&[("code", code)]);
        let half = half.clone();
        async move { half.post("/login/code", &fields).await }
    };
    let guesses = join_all((0..12).map(|_| give("000000"))).await;
    assert_eq!(guesses.iter().filter(|answer| refusal(answer) == "code_wrong").count(), 5, "no sixth guess is judged");
    assert_eq!(refusal(&give(&codes[0]).await), "factor_locked");
    // The device is not guessed: it lets in, and the lock ends by itself.
    device.give(&half, HONEST).await;
    assert!(is_in(&half).await);
    bank.pass_minutes(16);
    let half = site.halfway("c1").await;
    half.post("/login/code", &pairs(&[("code", &codes[0])])).await;
    assert!(is_in(&half).await);
    assert_eq!(bank.number("SELECT failures FROM passkey_users").await, 0);
}

async fn an_important_act_asks_for_one(bank: &TestBank) {
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    let device = added(&browser, HONEST).await;
    bank.pass_minutes(5);
    let page = browser.get(PASSKEYS).await;
    let form = page.form_with("[name=passkey]").with("do", "remove");
    let asked = browser.submit(&form).await;
    assert!(asked.path.starts_with("/step-up?"), "{}", asked.path);
    assert_eq!(bank.count("passkeys").await, 1);
    let page = browser.submit(&asked.form_with("button[value=begin]").with("do", "begin")).await;
    let give = page.form_with("[data-passkey] [name=answer]").with("do", "give");
    let back = browser.submit(&give.with("answer", &device.given(&options(&page), HONEST))).await;
    assert!(back.path.starts_with(PASSKEYS) && back.text().contains("还没有提交"), "{} {}", back.path, back.text());
    browser.submit(&form).await;
    assert_eq!(bank.count("passkeys").await, 0);
}

async fn who_adds_or_gives_one_goes_on_in_a_new_session(bank: &TestBank) {
    let sessions = async |live: bool| {
        let live = if live { "IS NULL" } else { "IS NOT NULL" };
        bank.number(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM sessions WHERE ended_at {live}"))).await
    };
    let site = Site::open(bank).await;
    let browser = site.signed_in("c1").await;
    assert_eq!((sessions(true).await, sessions(false).await), (1, 0));
    let device = added(&browser, HONEST).await;
    assert_eq!((sessions(true).await, sessions(false).await), (1, 1), "added: the session of the password has ended");
    let half = site.halfway("c1").await;
    device.give(&half, HONEST).await;
    assert_eq!((sessions(true).await, sessions(false).await), (2, 2), "given: the half session has ended");
    assert!(is_in(&browser).await && is_in(&half).await);
}
