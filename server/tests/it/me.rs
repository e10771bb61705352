//! `/me` over HTTP: masked data, consents, sessions.

use bank::customers::{NOTICE_FIELD, NOTICE_VERSION};

use crate::on_both_engines;
use crate::step_up::{asked, given};
use crate::support::authenticator::AuthenticatorApp;
use crate::support::seed::{PASSWORD, user_of};
use crate::support::{Browser, TestBank, pairs};

on_both_engines!(
    numbers_of_id_and_phone_are_shown_in_part_only,
    a_consent_is_given_under_a_notice_and_withdrawn_again,
    a_page_that_shows_another_notice_gives_no_consent,
    another_device_is_signed_out_at_once_and_nobody_elses_can_be,
    all_other_devices_are_signed_out_at_once,
    sessions_are_ended_after_a_fresh_proof,
    of_two_who_sign_the_others_out_at_once_one_stays,
    a_company_sees_its_data_and_no_consents,
    a_page_made_for_one_person_changes_nothing_of_another,
);

async fn numbers_of_id_and_phone_are_shown_in_part_only(bank: &TestBank) {
    let page = bank.signed_in("c1").await.open("/me").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("442000********1234") && page.body.contains("138****8000"), "{}", page.text());
    assert!(!page.body.contains("442000199001011234") && !page.body.contains("13800138000"));
}

/// A consent of the page's form.
const GIVE: [(&str, &str); 3] = [("do", "give"), ("purpose", "recommendations"), (NOTICE_FIELD, NOTICE_VERSION)];

async fn a_page_that_shows_another_notice_gives_no_consent(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open("/me").await.form_with("button[value=give]");
    assert_eq!(form.value(NOTICE_FIELD), Some(NOTICE_VERSION));
    // Of an earlier version, and of a page from before forms named theirs.
    let earlier = (NOTICE_FIELD, "2025-06");
    for (path, fields) in [
        ("/me", &[GIVE[0], GIVE[1], earlier][..]),
        ("/me", &GIVE[..2]),
        ("/recommendations", &[("do", "consent"), earlier]),
        ("/recommendations", &[("do", "consent")]),
    ] {
        let answer = browser.post(path, &pairs(fields)).await;
        let page = browser.open(&answer.location.expect("a page")).await;
        assert!(page.text().contains("刚才没有算作同意"), "{}", page.text());
    }
    assert_eq!(bank.count("consents").await, 0);
    browser.submit(&browser.open("/recommendations").await.form_with("button[value=consent]").with("do", "consent")).await;
    assert_eq!(bank.count("consents").await, 1);
}

async fn a_consent_is_given_under_a_notice_and_withdrawn_again(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let give = pairs(&GIVE);
    for _ in 0..2 {
        assert_eq!(browser.post("/me", &give).await.location.as_deref(), Some("/me?done=given"));
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM consents").await, 1, "twice is once");
    let page = browser.open("/me").await;
    assert!(page.has("button[value=withdraw]") && page.text().contains("告知书为 2026 年 11 月版"), "{}", page.text());
    // The notice can be read.
    let notice = page.attr("#consents a", "href").expect("a link to the notice");
    let notice = browser.open(&notice).await;
    assert!(notice.status == 200 && notice.words("h1") == ["个性化推荐告知书（2026 年 11 月版）"], "{}", notice.text());
    assert!(notice.text().contains("同意的就是这一版"), "{}", notice.text());
    // Under an earlier version: both pages say to which one it was given, and which one can be read.
    bank.change("UPDATE consents SET notice_version = '2025-06'").await;
    let notice = browser.open("/recommendations/notice").await.text();
    assert!(notice.contains("这是 2026 年 11 月版") && notice.contains("同意的是 2025 年 6 月版"), "{notice}");
    let earlier = browser.open("/me").await.text();
    assert!(earlier.contains("告知书为 2025 年 6 月版") && earlier.contains("看现在的告知书"), "{earlier}");
    let other = bank.signed_in("c2").await.open("/recommendations/notice").await.text();
    assert!(!other.contains("同意的"), "nobody else's: {other}");
    assert!(page.has("#sessions a[href='/me/password']"), "an unknown device: the password is changed here");
    browser.post("/me", &pairs(&[("do", "withdraw"), ("purpose", "recommendations")])).await;
    assert!(browser.open("/me").await.has("button[value=give]"));
    assert_eq!(browser.post("/me", &pairs(&[("do", "give"), ("purpose", "all")])).await.status, 404);
}

async fn another_device_is_signed_out_at_once_and_nobody_elses_can_be(bank: &TestBank) {
    let here = bank.signed_in("c1").await;
    let there = bank.signed_in("c1").await;
    let stranger = bank.signed_in("c2").await;
    let others = here.open("/me").await.all("#sessions input[name=session]", "value");
    let [other] = others.as_slice() else { panic!("this device cannot be ended here: {others:?}") };
    let end = pairs(&[("do", "end"), ("session", other)]);
    stranger.post("/me", &end).await;
    assert_eq!(there.get("/me").await.status, 200, "a stranger has ended it");
    here.post("/me", &end).await;
    assert_eq!(there.get("/me").await.status, 303);
    assert_eq!(here.get("/me").await.status, 200);
}

async fn all_other_devices_are_signed_out_at_once(bank: &TestBank) {
    for (name, home) in [("c1", "/appointments"), ("clerk", "/desk")] {
        let here = bank.signed_in(name).await;
        assert!(!here.open("/me").await.has("button[value=end_others]"), "there is no other");
        let elsewhere = [bank.signed_in(name).await, bank.signed_in(name).await];
        let stranger = bank.signed_in("c2").await;
        // Two tabs of this device.
        let (page, tab) = (here.open("/me").await, here.open("/me").await);
        let form = page.form_with("button[value=end_others]").with("do", "end_others");
        let done = here.submit(&form).await;
        assert!(done.text().contains("其他设备都已退出") && !done.has("button[value=end_others]"), "{}", done.text());
        for other in &elsewhere {
            assert_eq!(other.get(home).await.status, 303, "{name}: signed out");
        }
        assert_eq!((here.get(home).await.status, stranger.get("/appointments").await.status), (200, 200));
        // Twice is once, from the other tab too; who signs in afterwards stays until the next time.
        let later = bank.signed_in(name).await;
        let form = tab.form_with("button[value=end_others]").with("do", "end_others");
        for _ in 0..2 {
            assert_eq!(here.post("/me", &form.fields).await.location.as_deref(), Some("/me?done=others_ended"));
        }
        assert_eq!((here.get(home).await.status, later.get(home).await.status), (200, 303));
        // From another site nothing is done.
        let again = bank.signed_in(name).await;
        let foreign = here.send("/me", &[("sec-fetch-site", "cross-site")], Some("do=end_others"));
        assert_eq!((foreign.await.status, again.get(home).await.status), (403, 200));
        // A page made for somebody else ends nothing.
        assert_eq!(stranger.post("/me", &form.fields).await.status, 403);
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'sign_out_others'").await, 4);
}

async fn is_in(browser: &Browser) -> bool {
    browser.get("/me").await.status == 200
}

async fn sessions_are_ended_after_a_fresh_proof(bank: &TestBank) {
    for name in ["c1", "clerk"] {
        let here = bank.signed_in(name).await;
        // A clerk of a bank that only offers a second factor is asked for the one that they have.
        let app = if name == "clerk" { Some(AuthenticatorApp::set_up(bank, &here).await.0) } else { None };
        let there = bank.browser().await;
        there.try_sign_in(name, PASSWORD).await;
        if let Some(app) = &app {
            there.post("/login/code", &pairs(&[("code", &app.code(bank))])).await;
        }
        bank.pass_minutes(5);
        for (button, field) in [("end", "#sessions input[name=session]"), ("end_others", "button[value=end_others]")] {
            let form = here.open("/me").await.form_with(field).with("do", button);
            let page = asked(&here, &here.post(&form.action, &form.fields).await).await;
            assert!(is_in(&there).await, "{name} {button}: whoever finds an open page ends nothing");
            if button == "end_others" {
                let (field, value) = app.as_ref().map_or(("password", PASSWORD.to_owned()), |app| ("code", app.code(bank)));
                let back = given(&here, &page, field, &value).await;
                assert!(is_in(&there).await, "{name}: nothing was done yet");
                here.submit(&back.form_with("button[value=end_others]").with("do", "end_others")).await;
                assert!(!is_in(&there).await && is_in(&here).await, "{name}");
            }
        }
    }
}

async fn of_two_who_sign_the_others_out_at_once_one_stays(bank: &TestBank) {
    let end = pairs(&[("do", "end_others")]);
    for round in 0..10 {
        let (one, other) = (bank.signed_in("c1").await, bank.signed_in("c1").await);
        tokio::join!(one.post("/me", &end), other.post("/me", &end));
        let left = [one.get("/me").await.status, other.get("/me").await.status];
        assert!(matches!(left, [200, 303] | [303, 200]), "round {round}: {left:?}");
    }
}

async fn a_page_made_for_one_person_changes_nothing_of_another(bank: &TestBank) {
    let there = bank.signed_in("c1").await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open("/me").await;
    let give = page.form_with("button[value=give]").with("do", "give");
    let end = page.form_with("#sessions input[name=session]").with("do", "end");
    browser.sign_in("c2").await;
    for form in [&give, &end] {
        assert!(form.value("made_for").is_some_and(|mark| !mark.is_empty()), "{form:?}");
        let answer = browser.post("/me", &form.fields).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("这一页是为另一位用户打开的"), "{}", answer.text());
    }
    assert_eq!((bank.count("consents").await, there.get("/me").await.status), (0, 200));
}

async fn a_company_sees_its_data_and_no_consents(bank: &TestBank) {
    let page = bank.signed_in("k1").await.open("/me").await;
    assert!(page.has("#about") && page.has("#accounts") && !page.has("#consents") && !page.has("#assessment"));
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open("/me").await;
    assert!(page.has("#sessions") && page.has("#language") && !page.has("#about") && !page.has("#accounts"));
    assert_eq!(clerk.post("/me", &pairs(&GIVE)).await.status, 403);
    user_of(&bank.bank, "k1", "k1a", "company_approver").await;
    for name in ["k1", "k1a"] {
        let give = pairs(&GIVE);
        assert_eq!(bank.signed_in(name).await.post("/me", &give).await.status, 403, "{name}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM consents").await, 0);
}
