//! What a clerk who has never seen the desk must not stumble over: the search by part of a number, why an action cannot be taken
//! yet, what an act leads to, a history that does not contradict itself, and claims that came as suggestions.

use bank::appointments::reception::Audience;
use bank::sessions::CustomerKind;
use bank::worker::round;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, act, book};
use crate::support::kinds::Workshop;
use crate::support::reception::{announce, checked};
use crate::support::seed::{BRANCH, OTHER_BRANCH, customer};
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    part_of_a_number_finds_what_is_open_in_scope,
    what_is_no_number_does_not_come_into_an_address,
    the_page_says_why_the_next_action_has_to_wait,
    what_another_must_do_first_is_said,
    an_answer_receives_the_focus,
    every_state_of_the_filter_names_its_kind,
    an_alarm_that_was_overtaken_is_not_told,
    a_claim_that_came_as_a_suggestion_says_what_to_do,
    an_old_appointment_names_its_year,
);

const DAY: &str = "2026-11-27";

async fn booked(bank: &TestBank, name: &str, branch: &str, day: &str) -> String {
    let values = BookingValues { branch, day, slot: "10:00", amount: "60000", notes_100: "" };
    let page = book(&bank.signed_in(name).await, &values).await;
    page.case_number().unwrap_or_else(|| panic!("{name}: {:?}", page.refusals()))
}

async fn search(browser: &Browser, typed: &str) -> Answer {
    let form = browser.open("/desk").await.form_with("form[role=search] button").with("number", typed);
    assert_eq!(form.action, "/desk/search");
    browser.post(&form.action, &form.fields).await
}

/// Where a search leads in the end.
async fn found(browser: &Browser, typed: &str) -> String {
    let to = search(browser, typed).await.location.expect("a result");
    browser.get(&to).await.location.unwrap_or(to)
}

fn plain(number: &str) -> String {
    number.replace('-', "")
}

async fn part_of_a_number_finds_what_is_open_in_scope(bank: &TestBank) {
    let waits = booked(bank, "c1", BRANCH, DAY).await;
    let agreed = booked(bank, "c2", BRANCH, "2026-11-26").await;
    customer(&bank.bank, "c3", CustomerKind::Personal).await;
    let there = booked(bank, "c3", OTHER_BRANCH, DAY).await;
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &agreed, "confirm", &[]).await;
    for number in [&waits, &agreed] {
        let path = format!("/desk/cases/{number}");
        assert_eq!(found(&clerk, &plain(number)[6..]).await, path, "the end of it, as it is read out");
        assert_eq!(found(&clerk, &plain(number)[3..8].to_lowercase()).await, path, "from the middle, across a hyphen");
        assert_eq!(found(&clerk, &format!(" {number} ")).await, format!("/desk?number={number}"), "whole");
    }
    // Another branch's cases are found by those who may see them.
    let elsewhere = clerk.open(&found(&clerk, &plain(&there)[6..]).await).await;
    assert!(elsewhere.has(".desk-nothing") && elsewhere.text().contains("没有编号里带"), "{}", elsewhere.text());
    assert_eq!(found(&bank.signed_in("dispatcher").await, &plain(&there)[6..]).await, format!("/desk/cases/{there}"));
    // What is finished is found by its whole number only.
    act(&clerk, &waits, "decline", &[("reason", "押运不够"), ("offered_day", "2026-11-26")]).await;
    assert!(clerk.open(&found(&clerk, &plain(&waits)[6..]).await).await.has(".desk-nothing"));
    // Several are a list.
    let first = booked(bank, "k1", BRANCH, DAY).await;
    let both = [&first, &agreed].map(|number| plain(number)[..4].to_owned());
    if both[0] == both[1] {
        assert_eq!(clerk.open(&format!("/desk?number={}", both[0])).await.words(".desk-list .case-number").len(), 2);
    }
}

async fn what_is_no_number_does_not_come_into_an_address(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    for typed in ["陈志远", "13800138000", "11010119900101001X", "QK7"] {
        let answer = search(&clerk, typed).await;
        assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/desk?no_number=1")), "{typed}");
    }
    let page = clerk.open("/desk?no_number=1").await;
    assert!(page.has(".banner[autofocus]") && page.text().contains("这里按编号查找"), "{}", page.text());
}

async fn the_page_says_why_the_next_action_has_to_wait(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, DAY).await;
    let (clerk, head) = (bank.signed_in("clerk").await, bank.signed_in("head").await);
    let path = format!("/desk/cases/{number}");
    act(&clerk, &number, "confirm", &[]).await;
    // Four days ahead: preparing is possible, but it is not the usual next step, and the page says so.
    let page = clerk.open(&path).await;
    assert!(page.has("#actions button.button-secondary[value=prepare]") && !page.has("button[value=arrive]"));
    let notes = page.words("#actions .desk-note");
    assert!(notes.len() == 2 && notes[0].contains("一般到 11 月 26 日 周四 才备款"), "{notes:?}");
    assert!(notes[1].contains("客户 11 月 27 日 周五 来取，那天在这里登记到店"), "{notes:?}");
    // A branch head may record it on another day.
    let page = head.open(&path).await;
    assert!(page.has("button[value=arrive]") && page.words("#actions .desk-note").len() == 1);
    // On the working day before it is the usual step.
    bank.set_time("2026-11-26T09:00:00+08:00");
    let page = bank.signed_in("clerk").await.open(&path).await;
    assert!(page.has("#actions button.button[value=prepare]:not(.button-secondary)"));
    assert_eq!(page.words("#actions .desk-note").len(), 1, "only that of the arrival");
    bank.set_time("2026-11-27T09:00:00+08:00");
    let page = bank.signed_in("clerk").await.open(&path).await;
    assert!(page.has("button[value=arrive]") && !page.has("#actions .desk-note"));
    // From 500,000 on another one approves.
}

async fn what_another_must_do_first_is_said(bank: &TestBank) {
    let mut shop = Workshop::new(bank).await;
    // From 500,000 on another one approves.
    let (large, _) = shop.reach(bank::appointments::cash::KIND, "awaiting_approval").await.expect("a way there");
    let page = bank.signed_in("clerk").await.open(&format!("/desk/cases/{large}")).await;
    assert!(page.words("#actions .desk-note").concat().contains("等网点负责人复核"), "{}", page.text());
    assert!(!bank.signed_in("head").await.open(&format!("/desk/cases/{large}")).await.has("#actions .desk-note"));
    // A reception that is agreed.
    announce(&bank.bank, BRANCH, "2026-11-26", Audience::All, 2).await;
    let visitor = bank.signed_in("c2").await;
    let reception = visitor.submit(&checked(&visitor, "2026-11-26", "14:30").await).await.case_number().expect("a case");
    let page = act(&bank.signed_in("clerk").await, &reception, "confirm", &[]).await;
    assert!(page.words("#actions .desk-note").concat().contains("11 月 26 日 周四 14:30"), "{}", page.text());
}

async fn an_answer_receives_the_focus(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, DAY).await;
    let clerk = bank.signed_in("clerk").await;
    assert!(!clerk.open(&format!("/desk/cases/{number}")).await.has(".banner[autofocus]"));
    let done = act(&clerk, &number, "confirm", &[]).await;
    assert_eq!(done.words(".banner[autofocus][tabindex='-1'] .banner-title"), ["已办好"]);
}

async fn every_state_of_the_filter_names_its_kind(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, DAY).await;
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open("/desk").await;
    assert_eq!(page.all("#state optgroup", "label"), ["工作清单", "取款", "接待日", "建议"]);
    for group in 2..=4 {
        let mut names = page.words(&format!("#state optgroup:nth-of-type({group}) option"));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "a name stands once in its group");
    }
    let chosen = clerk.open("/desk?state=cash.submitted").await;
    assert_eq!(chosen.words(".desk-list .case-number"), [number]);
    assert_eq!(chosen.words(".pills a[aria-current]"), ["取款 1"]);
    assert_eq!(chosen.attr("#state option[selected]", "value").as_deref(), Some("submitted"));
    assert!(clerk.open("/desk?state=reception.applied").await.has(".desk-nothing"));
}

async fn an_alarm_that_was_overtaken_is_not_told(bank: &TestBank) {
    // The answer was due on Monday at 17:00; the worker runs on Tuesday.
    let number = booked(bank, "c1", BRANCH, DAY).await;
    bank.set_time("2026-11-24T15:00:00+08:00");
    assert_eq!(round(&bank.bank).await.expect("a round").alarms, 3);
    let clerk = bank.signed_in("clerk").await;
    let page = act(&clerk, &number, "confirm", &[]).await;
    let history = page.words(".timeline li").join("\n");
    assert!(history.contains("昨天 17:00 的答复时限已过，仍没有答复，已上报网点负责人"), "{history}");
    assert!(!history.contains("快到") && history.matches("时限").count() == 1, "{history}");
}

async fn a_claim_that_came_as_a_suggestion_says_what_to_do(bank: &TestBank) {
    let customer = bank.signed_in("c1").await;
    let clerk = bank.signed_in("clerk").await;
    for (content, claims) in [("多扣三百元，要求赔偿", true), ("手机银行字大一点", false)] {
        let form = customer.open("/suggestions/new").await.form();
        let form = form.with_all(&[("category", "e_channel"), ("content", content), ("claim", "suggestion"), ("do", "submit")]);
        let number = customer.submit(&form).await.case_number().expect("a case");
        let page = clerk.open(&format!("/desk/cases/{number}")).await;
        assert_eq!(page.words("#actions .desk-note").concat().contains("还不能把建议转成投诉"), claims, "{content}");
        assert!(page.has("button[value=answer]"));
    }
}

async fn an_old_appointment_names_its_year(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, DAY).await;
    bank.set_time("2027-11-24T10:00:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    assert!(clerk.open("/desk?state=all").await.text().contains("2026 年 11 月 27 日 10:00"));
    let page = clerk.open(&format!("/desk/cases/{number}")).await;
    assert!(page.text().contains("2026 年 11 月 27 日 周五 10:00"), "{}", page.text());
}
