//! `/me` over HTTP: masked data, consents, sessions.

use crate::on_both_engines;
use crate::support::seed::user_of;
use crate::support::{TestBank, pairs};

on_both_engines!(
    numbers_of_id_and_phone_are_shown_in_part_only,
    a_consent_is_given_under_a_notice_and_withdrawn_again,
    another_device_is_signed_out_at_once_and_nobody_elses_can_be,
    a_company_sees_its_data_and_no_consents,
    a_page_made_for_one_person_changes_nothing_of_another,
);

async fn numbers_of_id_and_phone_are_shown_in_part_only(bank: &TestBank) {
    let page = bank.signed_in("c1").await.open("/me").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("442000********1234") && page.body.contains("138****8000"), "{}", page.text());
    assert!(!page.body.contains("442000199001011234") && !page.body.contains("13800138000"));
}

async fn a_consent_is_given_under_a_notice_and_withdrawn_again(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let give = pairs(&[("do", "give"), ("purpose", "recommendations")]);
    for _ in 0..2 {
        assert_eq!(browser.post("/me", &give).await.location.as_deref(), Some("/me?done=given"));
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM consents").await, 1, "twice is once");
    let page = browser.open("/me").await;
    assert!(page.has("button[value=withdraw]") && page.text().contains("告知书为 2026 年 11 月版"), "{}", page.text());
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
    assert_eq!(bank.signed_in("clerk").await.get("/me").await.status, 403);
    user_of(&bank.bank, "k1", "k1a", "company_approver").await;
    for name in ["k1", "k1a"] {
        let give = pairs(&[("do", "give"), ("purpose", "recommendations")]);
        assert_eq!(bank.signed_in(name).await.post("/me", &give).await.status, 403, "{name}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM consents").await, 0);
}
