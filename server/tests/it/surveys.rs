//! The needs survey through its pages: conditional questions, a second device, stored answers, one response per customer, and
//! use for recommendations only with the tick.

use bank::kernel::failure::Rejected;
use bank::kernel::time::At;
use bank::sessions::{Caller, Customer, Source, caller, sign_in};
use bank::surveys::{Survey, advice_answers, insert_survey, needs_2026};
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::support::seed::PASSWORD;
use crate::support::{Answer, Browser, Form, TestBank};

const FORM: &str = "/surveys/needs-2026";

/// The survey closes at the end of this Friday; the tests run from Monday morning.
const CLOSES: &str = "2026-11-28T00:00:00+08:00";

async fn publish(bank: &TestBank) {
    publish_version(bank, &needs_2026().expect("a definition")).await;
}

async fn publish_version(bank: &TestBank, survey: &Survey) {
    let closes_at = At::parse_rfc3339(CLOSES).expect("a time");
    bank.bank
        .write::<_, std::convert::Infallible, _>("publish", |tx| {
            async move { Ok(insert_survey(tx, survey, closes_at).await?) }.scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)
        .expect("a published survey");
}

async fn as_customer(bank: &TestBank, name: &str) -> Customer {
    let signed_in = sign_in(&bank.bank, name, PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    let Caller::Customer(customer) = caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller else {
        panic!("{name} is no customer")
    };
    customer
}

impl Form {
    /// Adds a value of a field that may repeat.
    fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Submits the remaining pages unchanged up to the check page.
async fn to_check(browser: &Browser, mut page: Answer) -> Answer {
    for _ in 0..6 {
        if page.has("button[name=do][value=submit]") {
            return page;
        }
        page = browser.submit(&page.form()).await;
    }
    panic!("no check page, but {}", page.path);
}

async fn in_the_elder_mode_one_goes_on_with_the_question_where_one_stopped(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    browser.post("/appearance", &crate::support::pairs(&[("mode", "elder")])).await;
    let asked = |page: &Answer| page.form().value("offered").unwrap_or_default().to_owned();
    let step = |page: &Answer| page.form().value("step").unwrap_or_default().to_owned();
    let mut page = browser.open(FORM).await;
    let mut middles = 0;
    while !page.has("button[name=do][value=submit]") {
        let before = step(&page);
        page = browser.submit(&page.form()).await;
        if page.has("button[name=do][value=submit]") || step(&page) != before {
            continue;
        }
        // In the middle of a page.
        middles += 1;
        let key = page.form().value("key").expect("a key").to_owned();
        let resumed = browser.open(&format!("{FORM}?key={key}")).await;
        assert_eq!((asked(&resumed), step(&resumed)), (asked(&page), step(&page)));
    }
    assert!(middles > 0, "no page has several questions");
}

async fn send(browser: &Browser, check: &Answer, for_recommendations: bool) -> Answer {
    let form = check.form().with("do", "submit");
    let ticked = if for_recommendations { form.with("for_recommendations", "yes") } else { form };
    browser.submit(&ticked).await
}

async fn a_draft_goes_on_where_it_was_left_on_another_device(bank: &TestBank) {
    publish(bank).await;
    let phone = bank.signed_in("c1").await;
    let page = phone.open(FORM).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 0, "a GET has written something");
    phone.submit(&page.form().and("q_uses", "savings").and("q_uses", "other").with("q_uses_other", "养老")).await;

    let desktop = bank.signed_in("c1").await;
    assert!(desktop.open("/surveys").await.text().contains("还差 5 题"));
    let page = desktop.open(FORM).await;
    assert!(page.has("[name=q_information]"), "the second page is the first open one");
    let before = desktop.open(&format!("{FORM}?step=funds")).await;
    assert!(before.has("[name=q_uses][value=savings][checked]"));
    assert_eq!(before.attr("[name=q_uses_other]", "value").as_deref(), Some("养老"));

    // The phone still shows the second page of an older version: nothing is overwritten.
    let second = phone.open(FORM).await;
    desktop.submit(&page.form().and("q_information", "forex")).await;
    let late = phone.submit(&second.form().and("q_information", "car")).await;
    assert!(late.path.contains("stale=1"));
    assert!(late.has("[name=q_information][value=forex][checked]"));
    assert_eq!(bank.signed_in("c2").await.open(&page.path.clone()).await.all("[checked]", "value"), Vec::<String>::new());
}

async fn back_change_and_leave_keep_what_was_chosen(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let first = browser.open(FORM).await;
    let left = browser.submit(&first.form().with("to_step", "/")).await;
    assert_eq!((left.path.as_str(), bank.number("SELECT COUNT(*) FROM form_states").await), ("/surveys", 0));
    let second = browser.submit(&first.form().and("q_uses", "savings")).await;
    assert!(second.has("button.button-quiet[name=to_step][value=funds][form=page-form]"), "{}", second.path);
    let at = |part: &str| second.body.find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(at("button-quiet") < at("class=\"discard\""), "what throws everything away comes last");
    let back = browser.submit(&second.form().and("q_information", "forex").with("to_step", "funds")).await;
    assert!(back.has("[name=q_uses][value=savings][checked]"), "{}", back.path);
    let check = to_check(&browser, back).await;
    let changes = check.all(".summary-change button[form=page-form]", "value");
    assert!(changes.iter().any(|change| change.ends_with("/q_information")), "{changes:?}");
    let page = browser
        .submit(&check.form().with("to_step", changes.iter().find(|change| change.ends_with("/q_information")).unwrap()))
        .await;
    assert!(page.has("[name=q_information][value=forex][checked]"), "what was chosen before going back is kept: {}", page.path);
    assert!(page.has("#q_information"), "its field");
    let left = browser.submit(&page.form().with("to_step", "/")).await;
    assert!(left.path == "/surveys" && left.text().contains("还差"), "{}", left.text());
}

async fn a_draft_survives_a_new_version_and_says_what_changed(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&browser.open(FORM).await.form().and("q_uses", "gold")).await;
    assert!(!page.text().contains("问卷改版了"));

    let mut newer = needs_2026().expect("a definition");
    newer.version += 1;
    let first = &mut newer.groups[0].questions[0];
    first.options.retain(|option| option.code != "insurance");
    let title = first.title.zh.clone();
    let last = newer.groups.last_mut().and_then(|group| group.questions.pop()).expect("a question");
    publish_version(bank, &newer).await;

    let again = bank.signed_in("c1").await.open(&format!("{FORM}?step=funds")).await;
    let text = again.text();
    assert!(text.contains("问卷改版了") && text.contains(&format!("有改动，请再看一眼：{title}")), "{text}");
    assert!(text.contains(&format!("不再问：{}", last.title.zh)), "{text}");
    assert!(again.has("[name=q_uses][value=gold][checked]"), "what was answered is still there");
    let page = browser.submit(&again.form()).await;
    assert!(!page.text().contains("问卷改版了"), "it is said until the new version has been posted");
}

async fn a_need_becomes_one_suggestion_however_often_its_page_is_opened(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&browser.open(FORM).await.form()).await;
    let page = browser.submit(&page.form()).await;
    let page = browser.submit(&page.form().with("q_topic", "branch_service").with("q_needs", "早点开门")).await;
    let check = to_check(&browser, page).await;
    let done = send(&browser, &check, false).await;
    let press = |page: &Answer| page.form_with("input[name=content]").with("do", "submit");
    let number = browser.submit(&press(&done)).await.case_number().expect("a suggestion");
    let tomorrow = browser.open(&format!("{FORM}/submitted")).await;
    assert_eq!(browser.submit(&press(&tomorrow)).await.case_number().as_ref(), Some(&number));
    assert_eq!(bank.count("suggestions").await, 1);
    // Submitting the survey again with the same need leads to the same suggestion; another need gives a new one.
    bank.pass_minutes(3);
    for (need, suggestions) in [("早点开门", 1), ("早点开门，晚点关门", 2)] {
        let page = browser.open(&format!("{FORM}?step=voice")).await;
        assert!(page.text().contains("外汇和跨境"), "a topic has the name of its category: {}", page.text());
        let page = browser.submit(&page.form().with("q_topic", "branch_service").with("q_needs", need)).await;
        let check = to_check(&browser, page).await;
        let done = send(&browser, &check, false).await;
        let found = browser.submit(&press(&done)).await.case_number();
        assert_eq!(found.as_ref() == Some(&number), suggestions == 1, "{need}");
        assert_eq!(bank.count("suggestions").await, suggestions);
    }
}

async fn a_branch_not_taken_is_never_refused_and_leaves_no_answer(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let first = browser.open(FORM).await;
    assert!(first.has("[data-opened] [name=q_savings_term]"), "what an answer can open is on the page");
    let form = first.form().and("q_uses", "gold").with("q_savings_term", "no-such-option");
    let page = browser.submit(&form).await;
    assert_eq!(page.refusals(), []);
    let check = to_check(&browser, page).await;
    let done = send(&browser, &check, true).await;
    assert_eq!(done.attr("[data-survey-submitted]", "data-survey-submitted").as_deref(), Some("needs-2026"));
    let used = advice_answers(&bank.bank, &as_customer(bank, "c1").await).await.expect("answers");
    let used: Vec<_> = used.into_iter().map(|answer| (answer.question, answer.option)).collect();
    assert_eq!(used, [("uses".to_owned(), "gold".to_owned())]);
}

async fn answers_can_be_changed_until_the_survey_closes_and_stay_one_response(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&browser.open(FORM).await.form().and("q_uses", "gold")).await;
    let voice = browser.submit(&page.form().and("q_information", "car")).await;
    let check = to_check(&browser, browser.submit(&voice.form().with("q_needs", "早点开门")).await).await;
    send(&browser, &check, true).await;

    // Reopened: the answers are there, and changing one page keeps the others.
    let again = browser.open(FORM).await;
    assert!(again.has("[name=q_uses][value=gold][checked]"));
    let uses = again.form();
    let changed = Form { fields: uses.fields.into_iter().filter(|(name, _)| name != "q_uses").collect(), ..uses };
    let check = to_check(&browser, browser.submit(&changed.and("q_uses", "insurance")).await).await;
    assert!(check.has("[name=for_recommendations][checked]"));
    let form = check.form();
    let unticked = Form { fields: form.fields.into_iter().filter(|(name, _)| name != "for_recommendations").collect(), ..form };
    let done = browser.submit(&unticked.with("do", "submit")).await;
    assert!(done.text().contains("保险") && done.text().contains("汽车") && done.text().contains("早点开门"));
    assert!(!done.text().contains("黄金"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM survey_responses").await, 1);
    let used = advice_answers(&bank.bank, &as_customer(bank, "c1").await).await.expect("answers");
    assert!(used.is_empty(), "the purpose was taken back");

    let late = browser.open(FORM).await.form();
    bank.set_time(CLOSES);
    browser.sign_in("c1").await;
    browser.submit(&late.and("q_uses", "bonds").with("do", "submit")).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM survey_responses WHERE answers LIKE '%bonds%'").await, 0);
    assert!(browser.open("/surveys").await.text().contains("已结束"));
}

async fn the_same_form_twice_is_one_submission_and_another_wish_gets_a_notice(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let check = to_check(&browser, browser.open(FORM).await).await;
    let form = check.form().with("do", "submit");
    let twice = tokio::join!(browser.post(FORM, &form.fields), browser.post(FORM, &form.fields));
    assert_eq!([twice.0.status, twice.1.status], [303, 303]);
    assert_eq!(twice.0.location, twice.1.location);
    let other = browser.post(FORM, &form.with("for_recommendations", "yes").fields).await;
    assert!(other.location.expect("a way on").contains("/submitted?notice=already"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'submit_survey'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM survey_responses WHERE for_recommendations").await, 0);
}

async fn a_text_too_long_is_kept_and_one_click_mends_it(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&browser.open(FORM).await.form()).await;
    let page = browser.submit(&page.form()).await;
    let long = "字".repeat(1_001);
    let page = browser.submit(&page.form().with("q_needs", &long)).await;
    let (code, nearest) = page.refusals().pop().expect("a refusal");
    assert_eq!(code, "survey_text_too_long");
    assert!(nearest.expect("what would be taken").starts_with("q_needs="));
    assert_eq!(page.form().value("q_needs").map(|text| text.trim_start().chars().count()), Some(1_001));
    let mended = browser.submit(&page.form_with("input[type=hidden][name=q_needs]")).await;
    assert_eq!(mended.refusals(), []);
}

async fn what_is_typed_is_saved_under_the_version_of_its_page(bank: &TestBank) {
    publish(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open(FORM).await.form();
    let typed = page.clone().and("q_uses", "gold");
    let saved = browser.save_draft("surveys/needs-2026", &typed).await;
    assert_eq!((saved.status, bank.number("SELECT COUNT(*) FROM form_states").await), (200, 1));
    assert!(browser.open(FORM).await.has("[name=q_uses][value=gold][checked]"));

    browser.submit(&typed).await;
    let late = browser.save_draft("surveys/needs-2026", &page.clone().and("q_uses", "bonds")).await;
    assert!(late.body.contains("Overtaken"), "{}", late.body);
    assert!(browser.open(&format!("{FORM}?step=funds")).await.has("[name=q_uses][value=gold][checked]"));

    let check = to_check(&browser, browser.open(FORM).await).await;
    send(&browser, &check, false).await;
    assert_eq!(browser.save_draft("surveys/needs-2026", &page.clone().and("q_uses", "bonds")).await.status, 409);
    assert_eq!(bank.signed_in("c2").await.save_draft("surveys/needs-2026", &typed).await.status, 403);
    assert_eq!(bank.signed_in("k1").await.save_draft("surveys/needs-2026", &typed).await.status, 403);
    assert_eq!(bank.browser().await.save_draft("surveys/needs-2026", &typed).await.status, 401);
    assert_eq!(browser.save_draft("no-such-form", &typed).await.status, 404);
}

async fn companies_and_staff_see_no_survey(bank: &TestBank) {
    publish(bank).await;
    for name in ["k1", "clerk"] {
        assert_eq!(bank.signed_in(name).await.get(FORM).await.status, 403, "{name}");
    }
    assert_eq!(bank.signed_in("c1").await.get("/surveys/no-such").await.status, 404);
    assert_eq!(bank.signed_in("c1").await.get("/surveys/needs-2026/submitted").await.status, 303);
}

on_both_engines!(
    in_the_elder_mode_one_goes_on_with_the_question_where_one_stopped,
    a_draft_goes_on_where_it_was_left_on_another_device,
    back_change_and_leave_keep_what_was_chosen,
    a_draft_survives_a_new_version_and_says_what_changed,
    a_need_becomes_one_suggestion_however_often_its_page_is_opened,
    a_branch_not_taken_is_never_refused_and_leaves_no_answer,
    answers_can_be_changed_until_the_survey_closes_and_stay_one_response,
    the_same_form_twice_is_one_submission_and_another_wish_gets_a_notice,
    a_text_too_long_is_kept_and_one_click_mends_it,
    what_is_typed_is_saved_under_the_version_of_its_page,
    companies_and_staff_see_no_survey,
);
