//! The home page for each kind of visitor, and the public page about complaints.

use crate::on_both_engines;
use crate::support::cash::{BookingValues, book};
use crate::support::{TestBank, pairs, seed};

on_both_engines!(
    a_visitor_sees_what_one_can_do_and_the_branches_with_todays_hours,
    a_customer_is_greeted_and_goes_on_with_what_was_begun,
    the_next_appointment_stands_on_the_first_page_until_it_is_given_up,
    staff_go_on_to_the_desk_and_the_administrator_sees_no_customer,
    only_a_customer_notes_an_answer,
    a_survey_that_is_not_published_is_not_linked,
    the_complaint_process_names_phone_address_mail_and_times_in_both_languages,
);

async fn a_visitor_sees_what_one_can_do_and_the_branches_with_todays_hours(bank: &TestBank) {
    let page = bank.browser().await.open("/").await;
    assert_eq!(page.status, 200);
    let text = page.text();
    assert!(text.contains("石岐支行") && text.contains("09:00–17:00") && text.contains("孙文中路"), "{text}");
    assert!(page.has("a[href='/login']") && page.has("a.tile[href='/appointments/new/cash']"));
    bank.set_time("2026-11-22T10:00:00+08:00");
    assert!(bank.browser().await.open("/").await.text().contains("今天不营业"), "a Sunday");
}

async fn a_customer_is_greeted_and_goes_on_with_what_was_begun(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    assert!(browser.open("/").await.text().contains("客户c1，上午好"));
    let form = browser.open("/appointments/new/cash").await.form().with("branch", seed::BRANCH);
    let key = form.value("key").expect("a key").to_owned();
    browser.post(&form.action, &form.fields).await;
    let page = browser.open("/").await;
    assert!(page.has(&format!("a[href='/appointments/new/cash?key={key}']")), "{}", page.text());
    let company = bank.signed_in("k1").await.open("/").await;
    assert!(!company.has("a.tile[href^='/surveys']") && !company.has("a[href='/recommendations']"));
}

async fn the_next_appointment_stands_on_the_first_page_until_it_is_given_up(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: seed::BRANCH, day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "" };
    let case = book(&browser, &values).await;
    let number = case.case_number().expect("a booking");
    let link = format!(".card-accent a[href='/appointments/{number}']");
    let page = browser.open("/").await;
    assert!(page.has(&link) && page.text().contains("明天 10:00"), "{}", page.text());
    assert!(!bank.signed_in("c2").await.open("/").await.has(&link), "somebody else's");
    browser.submit(&case.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(!browser.open("/").await.has(&link), "given up");
}

async fn staff_go_on_to_the_desk_and_the_administrator_sees_no_customer(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await.get("/").await;
    assert_eq!((clerk.status, clerk.location.as_deref()), (303, Some("/desk")));
    let admin = bank.signed_in("admin").await;
    assert_eq!(admin.get("/").await.location.as_deref(), Some("/admin"));
    let text = admin.open("/settings").await.text();
    assert!(text.contains("50,000 元") && text.contains("15:00") && !text.contains("客户c1"));
}

async fn a_survey_that_is_not_published_is_not_linked(bank: &TestBank) {
    assert_eq!(bank.count("surveys").await, 0);
    for browser in [bank.browser().await, bank.signed_in("c1").await] {
        let links = browser.open("/").await.all("a[href^='/surveys/']", "href");
        assert!(links.is_empty(), "{links:?}");
    }
}

async fn only_a_customer_notes_an_answer(bank: &TestBank) {
    let noted = pairs(&[("do", "noted"), ("number", "QK7-3M9D-X4V")]);
    assert_eq!(bank.signed_in("c1").await.post("/", &noted).await.location.as_deref(), Some("/"));
    assert_eq!(bank.signed_in("clerk").await.post("/", &noted).await.status, 403);
}

async fn the_complaint_process_names_phone_address_mail_and_times_in_both_languages(bank: &TestBank) {
    let browser = bank.browser().await;
    let text = browser.open("/complaints").await.text();
    for words in ["15 日", "30 日", "60 日", "核查", "调解", "仲裁", "诉讼", "@"] {
        assert!(text.contains(words), "{words}");
    }
    browser.post("/language", &pairs(&[("language", "en"), ("to", "/complaints")])).await;
    assert!(browser.open("/complaints").await.text().contains("Within 15 days"));
}
