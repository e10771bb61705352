//! A suggestion from the form to the answer: filed once, found by its number in any spelling, answered once with judgement,
//! reason and thanks, and visible to its owner only.

use bank::cases::DeskRefusal;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::Values;

use crate::on_both_engines;
use crate::support::kinds::{act_as_staff as act, as_staff};
use crate::support::{Answer, Browser, Form, TestBank, pairs};

const NEW: &str = "/suggestions/new";

fn written(page: &Answer, content: &str) -> Form {
    page.form().with("category", "e_channel").with("content", content).with("do", "submit")
}

async fn record(browser: &Browser, content: &str) -> String {
    let page = browser.submit(&written(&browser.open(NEW).await, content)).await;
    page.case_number().unwrap_or_else(|| panic!("no case, but {:?}", page.refusals()))
}

/// The posted fields of an answer.
fn answer(judgement: &str) -> Values {
    Values(pairs(&[("judgement", judgement), ("reason", "下月加大字号"), ("thanks", "谢谢您！")]))
}

async fn a_suggestion_is_recorded_and_found_however_its_number_is_typed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    assert!(browser.open("/suggestions").await.text().contains("您还没有提过建议"));
    let number = record(&browser, "手机银行字大一点 </textarea><script>").await;
    let typed = number.to_lowercase().replace('-', "");
    let page = browser.open(&format!("/suggestions/{typed}")).await;
    assert_eq!(page.case_number().as_deref(), Some(number.as_str()));
    assert!(page.text().contains("明天 10:00 前答复"), "acknowledged within 24 h");
    assert!(page.text().contains("手机银行字大一点 </textarea><script>"));
    assert!(browser.open("/suggestions").await.text().contains(&number));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'suggestion_recorded'").await, 1);
    for stranger in ["c2", "k1"] {
        assert_eq!(bank.signed_in(stranger).await.get(&format!("/suggestions/{number}")).await.status, 404);
    }
    assert_eq!(browser.get("/suggestions/JYX-ZZZZ-Z").await.status, 404);
    // A company may file suggestions as well.
    record(&bank.signed_in("k1").await, "对公窗口早点开").await;
}

async fn the_same_form_many_times_at_once_is_one_case(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = written(&browser.open(NEW).await, "多开一个窗口");
    let posts = (0..20).map(|_| {
        let (browser, fields) = (browser.clone(), form.fields.clone());
        tokio::spawn(async move { browser.post(NEW, &fields).await.location })
    });
    let mut places = Vec::new();
    for post in posts.collect::<Vec<_>>() {
        places.push(post.await.expect("an answer").expect("a way on"));
    }
    places.dedup();
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 1);
    let other = browser.post(NEW, &form.with("content", "别的").fields).await;
    let to = other.location.expect("a way on");
    assert!(to.starts_with(&format!("{}?notice=already&draft=", places[0].trim_end_matches("#answer"))), "{to}");
}

async fn what_is_missing_or_too_long_is_said_and_what_was_typed_is_kept(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let fresh = browser.open(NEW).await;
    assert_eq!(fresh.refusals(), [], "nothing is refused before it was asked");
    let page = browser.submit(&fresh.form().with("do", "submit")).await;
    let codes: Vec<_> = page.refusals().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["suggestion_category_missing", "suggestion_content_missing"]);
    let page = browser.submit(&written(&page, &"字".repeat(2_001))).await;
    let (code, nearest) = page.refusals().pop().expect("a refusal");
    assert_eq!(code, "suggestion_content_too_long");
    assert!(nearest.expect("what would be taken").starts_with("content="));
    assert_eq!(page.form().value("content").map(|text| text.trim_start().chars().count()), Some(2_001));
    let mended = browser.submit(&page.form_with("input[type=hidden][name=content]")).await;
    assert!(mended.case_number().is_some());
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 1);
}

async fn a_need_of_the_survey_fills_the_form_in_and_is_recorded_only_when_submitted(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let mut fields = browser.open(NEW).await.form().fields;
    fields.retain(|(name, _)| name == "key" || name == "version");
    let click =
        Form { action: NEW.to_owned(), fields }.with_all(&[("category", "savings"), ("content", "早点开门"), ("do", "draft")]);
    let page = browser.submit(&click).await;
    assert_eq!(page.refusals(), []);
    assert!(page.has("[name=category][value=savings][checked]"));
    assert_eq!(page.form().value("content").map(str::trim), Some("早点开门"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 0);
    assert!(browser.submit(&page.form().with("do", "submit")).await.case_number().is_some());
}

async fn a_claim_is_pointed_to_the_complaint_before_it_is_sent(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.submit(&written(&browser.open(NEW).await, "多扣三百元，要求赔偿")).await;
    assert_eq!(page.refusals(), [("suggestion_claims_loss".to_owned(), Some("claim=suggestion".to_owned()))]);
    let to = page.attr("#errors a", "href").unwrap_or_default();
    assert!(to.starts_with("/complaints?key="), "the complaint is the first way out, not the text: {to}");
    let complaint = browser.open(&to).await;
    assert_eq!(complaint.words(".quote"), ["多扣三百元，要求赔偿"], "the text is taken along");
    let mail = complaint.all("a.button[href^='mailto:']", "href").remove(0);
    assert!(mail.contains("body=%E5%A4%9A%E6%89%A3"), "{mail}");
    assert!(!bank.signed_in("c2").await.open(&to).await.has(".quote"), "somebody else's");
    assert!(!bank.browser().await.open(&to).await.has(".quote"));
    assert!(browser.open("/").await.words(".home-waiting h3").join("").contains("一件投诉还没有提出"));
    for list in ["/suggestions", NEW] {
        let page = browser.open(list).await;
        let said = page.words(".banner").join("");
        assert!(said.contains("一件投诉还没有提出") && !said.contains("建议没有写完"), "{list}: {said}");
        assert!(page.has(".banner a[href^='/complaints?key=']"), "{list}");
    }
    assert_eq!(bank.count("suggestions").await, 0);
    let sent = browser.submit(&page.form_with("input[type=hidden][name=claim]")).await;
    assert!(sent.case_number().is_some(), "{:?}", sent.refusals());
    assert!(sent.text().contains("多扣三百元，要求赔偿"));
}

async fn two_clerks_give_one_answer_and_the_customer_is_told(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let number = &record(&browser, "手机银行字大一点").await;
    let (clerk, other) = (as_staff(bank, "clerk").await, as_staff(bank, "colleague").await);
    let (adopted, not) = (answer("adopted"), answer("not"));
    let (first, second) =
        tokio::join!(act(&bank.bank, &clerk, number, "answer", 1, &adopted), act(&bank.bank, &other, number, "answer", 1, &not));
    let outcomes = [first, second];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let told = |outcome: &Result<(), Rejected<Vec<DeskRefusal>>>| match outcome {
        Err(Rejected::Refused(refusals)) => *refusals == [DeskRefusal::Changed],
        _ => false,
    };
    assert!(outcomes.iter().any(told), "the second is told");
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'suggestion_answered'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'answer'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE waiting").await, 0);

    let page = browser.open(&format!("/suggestions/{number}")).await;
    let judgement = if outcomes[0].is_ok() { "采纳" } else { "暂不采纳" };
    for words in [judgement, "下月加大字号", "谢谢您！", "知道了"] {
        assert!(page.text().contains(words), "{words}");
    }
    let read = browser.submit(&page.form_with("button[name=do][value=read]").with("do", "read")).await;
    assert!(!read.text().contains("知道了"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE read_at IS NULL").await, 0);
}

on_both_engines!(
    a_suggestion_is_recorded_and_found_however_its_number_is_typed,
    the_same_form_many_times_at_once_is_one_case,
    what_is_missing_or_too_long_is_said_and_what_was_typed_is_kept,
    a_need_of_the_survey_fills_the_form_in_and_is_recorded_only_when_submitted,
    a_claim_is_pointed_to_the_complaint_before_it_is_sent,
    two_clerks_give_one_answer_and_the_customer_is_told,
);
