//! Typed text is never lost: not after the session has ended, not under a used key, not to another tab, not by the language
//! switch. Kept text is shown only to its author and is not filed automatically.

use bank::kernel::failure::Rejected;
use bank::kernel::forms::delete_expired_drafts;
use bank::kernel::time::At;
use bank::surveys::{insert_survey, needs_2026};
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, fill_in};
use crate::support::seed::{BRANCH, PASSWORD};
use crate::support::{Answer, Browser, TestBank, pairs};

const SUGGEST: &str = "/suggestions/new";
const SURVEY: &str = "/surveys/needs-2026";
const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };
/// Words of the notice only; the session warning also says that nothing has been sent.
const NOTHING_SENT: &str = "您按下按钮时已经自动退出";

/// Signs in through the page shown after a session has ended, and follows the way back.
async fn sign_in_at(browser: &Browser, login: &Answer, name: &str) -> Answer {
    let next = login.form_with("input[name=next]").value("next").expect("a way back").to_owned();
    let answer = browser.post("/login", &pairs(&[("sign_in_name", name), ("password", PASSWORD), ("next", &next)])).await;
    browser.open(answer.location.as_deref().expect("a way back")).await
}

fn content(page: &Answer) -> String {
    page.form().value("content").unwrap_or_default().trim().to_owned()
}

async fn a_suggestion_posted_when_the_session_had_ended_is_shown_after_sign_in(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form();
    let form = form.with_all(&[("category", "savings"), ("content", "写了十二分钟的建议"), ("do", "submit")]);
    bank.pass_minutes(12);
    let login = browser.submit(&form).await;
    assert!(login.path.starts_with("/login") && !login.text().contains("写了十二分钟"), "{}", login.path);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 0);
    let sql = "SELECT fields FROM form_states";
    let rows: Vec<(String,)> = bank.bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("rows");
    assert!(rows.len() == 1 && !rows[0].0.contains("写了"), "sealed: {rows:?}");
    let page = sign_in_at(&browser, &login, "c1").await;
    assert!(page.text().contains(NOTHING_SENT), "{}", page.text());
    assert_eq!(content(&page), "写了十二分钟的建议");
    assert!(page.has("[name=category][value=savings][checked]"));
    assert!(browser.submit(&page.form().with("do", "submit")).await.case_number().is_some());
}

async fn what_was_kept_is_nobody_elses(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form().with_all(&[("category", "savings"), ("content", "甲的话"), ("do", "submit")]);
    bank.pass_minutes(12);
    let login = browser.submit(&form).await;
    let page = sign_in_at(&browser, &login, "c2").await;
    assert_eq!((page.status, content(&page).as_str()), (200, ""));
    assert!(!page.text().contains("甲的话") && !page.text().contains(NOTHING_SENT), "{}", page.text());
    let filed = browser.submit(&page.form().with_all(&[("category", "credit"), ("content", "乙的话"), ("do", "submit")])).await;
    assert!(filed.text().contains("乙的话") && !filed.text().contains("甲的话"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 1);
    // The first customer finds it on any device.
    let home = bank.signed_in("c1").await;
    let key = form.value("key").expect("a key").to_owned();
    assert_eq!(content(&home.open(&format!("{SUGGEST}?key={key}")).await), "甲的话");
    // Without a session nothing is kept, and nothing of a page made for another customer.
    let nobody = bank.browser().await.post(SUGGEST, &form.with("content", "无名").fields).await;
    assert!(nobody.location.is_some_and(|to| to.starts_with("/login")));
    bank.pass_minutes(12);
    let fresh = home.post(SUGGEST, &filed_by_another(&browser).await).await;
    assert!(fresh.location.is_some_and(|to| !to.contains("unsent")));
}

/// The fields of a page made for the second customer.
async fn filed_by_another(browser: &Browser) -> Vec<(String, String)> {
    browser.sign_in("c2").await;
    browser.open(SUGGEST).await.form().with_all(&[("content", "别人的页"), ("do", "submit")]).fields
}

async fn a_step_and_a_survey_page_are_shown_after_sign_in(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let check = fill_in(&browser, &BOOKING).await;
    let key = check.value("key").expect("a key").to_owned();
    let who = browser.open(&format!("{NEW}?key={key}&step=who")).await.form();
    bank.pass_minutes(12);
    let login = browser.submit(&who.with_all(&[("collector", "agent"), ("agent_name", "李雷"), ("remark", "要新钞")])).await;
    let page = sign_in_at(&browser, &login, "c1").await;
    let form = page.form();
    assert_eq!((form.value("agent_name"), form.value("remark").map(str::trim)), (Some("李雷"), Some("要新钞")));
    assert!(page.has("[name=collector][value=agent][checked]") && page.text().contains(NOTHING_SENT));
    assert!(browser.open(&format!("{NEW}?key={key}&step=check")).await.text().contains("本人"), "the check shows what was sent");

    publish(bank, "2026-12-31T23:59:00+08:00").await;
    let survey = browser.open(SURVEY).await.form();
    bank.pass_minutes(12);
    let login = browser.submit(&survey.with("q_uses", "gold")).await;
    let page = sign_in_at(&browser, &login, "c1").await;
    assert!(page.has("[name=q_uses][value=gold][checked]") && page.text().contains(NOTHING_SENT), "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM survey_responses").await, 0);
}

async fn what_a_clerk_typed_is_shown_after_sign_in(bank: &TestBank) {
    let customer = bank.signed_in("c1").await;
    let form = customer.open(SUGGEST).await.form();
    let sent = customer.submit(&form.with_all(&[("category", "savings"), ("content", "开早点"), ("do", "submit")])).await;
    let number = sent.case_number().expect("a case");
    let clerk = bank.signed_in("clerk").await;
    let form = clerk.open(&format!("/desk/cases/{number}")).await.form_with("button[value=answer]");
    let form = form.with_all(&[("judgement", "adopted"), ("reason", "下月起八点半开门"), ("thanks", "谢谢您"), ("do", "answer")]);
    bank.pass_minutes(16);
    let login = clerk.submit(&form).await;
    let page = sign_in_at(&clerk, &login, "clerk").await;
    let again = page.form_with("button[value=answer]");
    assert_eq!(again.value("reason").map(str::trim), Some("下月起八点半开门"));
    assert_eq!(again.value("thanks").map(str::trim), Some("谢谢您"));
    assert!(page.text().contains(NOTHING_SENT) && page.has("[name=judgement][value=adopted][checked]"), "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions WHERE judgement IS NOT NULL").await, 0);
    clerk.submit(&again.with("do", "answer")).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions WHERE judgement IS NOT NULL").await, 1);
}

async fn typing_on_after_the_session_has_ended_is_kept(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form().with("content", "先写一半");
    assert_eq!(browser.save_draft("suggestions", &form).await.status, 200);
    bank.pass_minutes(12);
    let late = browser.save_draft("suggestions", &form.clone().with("content", "先写一半，又写一半")).await;
    assert!(late.status == 200 && late.body.contains("SignedOut"), "{} {}", late.status, late.body);
    assert_eq!(browser.get("/suggestions").await.status, 303, "signed out all the same");
    browser.sign_in("c1").await;
    let key = form.value("key").expect("a key").to_owned();
    assert_eq!(content(&browser.open(&format!("{SUGGEST}?key={key}")).await), "先写一半，又写一半");
    // A session that was signed out, or that ended long ago, keeps nothing.
    bank.pass_minutes(25 * 60);
    assert_eq!(browser.save_draft("suggestions", &form).await.status, 401);
}

async fn a_text_under_a_used_key_stands_in_a_new_form(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form().with_all(&[("category", "savings"), ("do", "submit")]);
    let first = browser.submit(&form.clone().with("content", "第一条")).await;
    let number = first.case_number().expect("a case");
    let second = browser.submit(&form.clone().with("content", "第二条")).await;
    assert_eq!(second.case_number(), Some(number));
    assert!(second.text().contains("这张表已经提交过"));
    let link = second.all("main a", "href").into_iter().find(|href| href.starts_with(&format!("{SUGGEST}?key=")));
    let fresh = browser.open(&link.expect("the way to the new form")).await;
    assert_eq!(content(&fresh), "第二条");
    browser.submit(&form.with("content", "第二条")).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 2, "the same post again makes no third");
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 1);
    assert!(browser.submit(&fresh.form().with("do", "submit")).await.text().contains("第二条"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 2);
}

async fn what_an_overtaken_tab_sent_stands_beside_the_newer_state(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(SUGGEST).await;
    let draft = browser.submit(&page.form().with_all(&[("content", "原稿"), ("do", "draft")])).await.form();
    browser.submit(&draft.clone().with_all(&[("content", "甲窗口的稿"), ("do", "draft")])).await;
    let stale = browser.submit(&draft.with_all(&[("category", "savings"), ("content", "乙窗口的稿"), ("do", "submit")])).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 0);
    assert_eq!(content(&stale), "甲窗口的稿", "the newer state");
    assert!(stale.text().contains("乙窗口的稿"), "what was typed is beside it");
    let taken = browser.submit(&stale.form_with("input[type=hidden][name=content]").with("do", "draft")).await;
    assert_eq!(content(&taken), "乙窗口的稿");
}

async fn the_language_switch_keeps_what_was_typed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(SUGGEST).await;
    assert!(page.has("button[name=language][value=en][form=page-form]"), "the switch sends the page's form");
    let english = browser.submit(&page.form().with_all(&[("content", "打到一半的话"), ("language", "en")])).await;
    assert!(english.text().contains("Your suggestion") || english.text().contains("Suggestion"), "{}", english.text());
    assert_eq!(content(&english), "打到一半的话");
    assert_eq!(english.refusals(), [], "nothing was sent, nothing is missing");
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 0);
    let form = browser.open(NEW).await.form().with_all(&[("branch", BRANCH), ("language", "zh-CN")]);
    assert!(browser.submit(&form).await.has(&format!("[name=branch][value={BRANCH}][checked]")));
}

async fn every_draft_can_be_thrown_away(bank: &TestBank) {
    publish(bank, "2026-12-31T23:59:00+08:00").await;
    let browser = bank.signed_in("c1").await;
    for path in [SUGGEST, NEW, SURVEY] {
        let form = browser.open(path).await.form();
        let field = match path {
            SUGGEST => ("content", "不要了"),
            NEW => ("branch", BRANCH),
            _ => ("q_uses", "gold"),
        };
        browser.submit(&form.with(field.0, field.1).with("do", "draft")).await;
        let key = browser.open(path).await;
        let key = key.all("a[href*='key=']", "href").into_iter().chain([key.path]).find(|href| href.contains("key="));
        let page = browser.open(&key.unwrap_or_else(|| path.to_owned())).await;
        let gone = browser.submit(&page.form_with("button[name=do][value=discard]").with("do", "discard")).await;
        assert_eq!(gone.status, 200, "{path}");
        assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 0, "{path}");
    }
    // A form that has become a case is not discarded.
    let page = fill_in(&browser, &BOOKING).await;
    browser.submit(&page).await;
    browser.submit(&page.with("do", "discard")).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 1);
}

async fn a_survey_draft_lives_as_long_as_the_survey(bank: &TestBank) {
    publish(bank, "2027-02-28T23:59:00+08:00").await;
    let browser = bank.signed_in("c1").await;
    browser.submit(&browser.open(SURVEY).await.form().with("q_uses", "gold")).await;
    browser.submit(&browser.open(SUGGEST).await.form().with_all(&[("content", "草稿"), ("do", "draft")])).await;
    bank.set_time("2026-12-24T10:00:00+08:00");
    assert_eq!(delete_expired_drafts(&bank.bank).await.expect("no failure"), 1, "the suggestion's, after 30 days");
    let browser = bank.signed_in("c1").await;
    assert!(browser.open(&format!("{SURVEY}?step=funds")).await.has("[name=q_uses][value=gold][checked]"));
    bank.set_time("2027-03-01T10:00:00+08:00");
    assert_eq!(delete_expired_drafts(&bank.bank).await.expect("no failure"), 1);
}

async fn publish(bank: &TestBank, until: &str) {
    let survey = needs_2026().expect("a survey");
    let closes_at = At::parse_rfc3339(until).expect("a time");
    let survey = &survey;
    bank.bank
        .write::<_, std::convert::Infallible, _>("publish", |tx| {
            async move { Ok(insert_survey(tx, survey, closes_at).await?) }.scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)
        .expect("a published survey");
}

async fn a_booked_page_kept_open_books_nothing_after_sign_in(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let check = fill_in(&browser, &BOOKING).await;
    bank.pass_minutes(12);
    let login = browser.submit(&check).await;
    let page = sign_in_at(&browser, &login, "c1").await;
    assert!(page.text().contains(NOTHING_SENT) && page.has("button[name=do][value=book]"), "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 0);
    assert!(browser.submit(&page.form().with("do", "book")).await.case_number().is_some());
}

on_both_engines!(
    a_suggestion_posted_when_the_session_had_ended_is_shown_after_sign_in,
    what_was_kept_is_nobody_elses,
    a_step_and_a_survey_page_are_shown_after_sign_in,
    what_a_clerk_typed_is_shown_after_sign_in,
    typing_on_after_the_session_has_ended_is_kept,
    a_text_under_a_used_key_stands_in_a_new_form,
    what_an_overtaken_tab_sent_stands_beside_the_newer_state,
    the_language_switch_keeps_what_was_typed,
    every_draft_can_be_thrown_away,
    a_survey_draft_lives_as_long_as_the_survey,
    a_booked_page_kept_open_books_nothing_after_sign_in,
);
