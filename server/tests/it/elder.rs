//! The elder mode over HTTP: one question a page with the same result, the hotline on every page, the bar's links at the end
//! (docs/domain.md §12). Its colours and sizes are in `tokens.rs`.

use std::collections::BTreeSet;

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, book};
use crate::support::seed::BRANCH;
use crate::support::{Answer, Browser, TestBank, pairs, reception};

on_both_engines!(
    a_booking_one_question_a_page_is_the_same_booking,
    a_refused_answer_asks_its_question_again,
    an_answer_can_be_changed_from_the_check_page,
    who_chooses_the_notes_is_asked_before_they_are_counted,
    only_days_and_times_that_can_be_chosen_are_offered,
    a_suggestion_is_two_questions,
    every_page_has_the_hotline_and_the_way_back,
);

async fn elder(bank: &TestBank) -> Browser {
    let browser = bank.signed_in("c1").await;
    assert_eq!(browser.post("/appearance", &pairs(&[("mode", "elder")])).await.status, 303);
    browser
}

/// The fields that the page asks.
fn asked(page: &Answer) -> Vec<String> {
    page.form().value("offered").unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// Answers one question after another until the page offers this button; returns that page and the questions.
async fn answer_all(browser: &Browser, from: Answer, answers: &[(&str, &str)], button: &str) -> (Answer, Vec<String>) {
    let (mut page, mut questions) = (from, Vec::new());
    for _ in 0..25 {
        if page.has(&format!("button[name=do][value={button}]")) {
            return (page, questions);
        }
        let offered = asked(&page);
        assert!(page.refusals().is_empty(), "{offered:?}: {:?}", page.refusals());
        assert!(!offered.is_empty(), "{}: {}", page.path, page.text());
        let inputs: BTreeSet<String> =
            page.all("#page-form :is(input:not([type=hidden]), select, textarea)", "name").into_iter().collect();
        assert!(inputs.iter().all(|name| offered.contains(name)), "another question's inputs: {inputs:?}, asked {offered:?}");
        let mut form = page.form();
        for (name, value) in answers.iter().filter(|(name, _)| offered.iter().any(|asked| asked == name)) {
            form = form.with(name, value);
        }
        questions.push(offered.join("+"));
        page = browser.submit(&form).await;
    }
    panic!("no end: {questions:?}");
}

const ANSWERS: [(&str, &str); 8] = [
    ("branch", BRANCH),
    ("day", "2026-11-25"),
    ("slot", "10:00"),
    ("amount", "200000"),
    ("any_notes", "on"),
    ("purpose", "居住"),
    ("collector", "self"),
    ("account", "acc-c1"),
];

async fn a_booking_one_question_a_page_is_the_same_booking(bank: &TestBank) {
    let browser = elder(bank).await;
    let (check, questions) = answer_all(&browser, browser.open("/appointments/new/cash").await, &ANSWERS, "book").await;
    for alone in ["branch", "day", "slot", "account", "amount", "collector"] {
        assert!(questions.iter().any(|question| question == alone), "{alone} is no question of its own: {questions:?}");
    }
    assert!(!questions.iter().any(|question| question.starts_with("agent")), "nobody else collects: {questions:?}");
    let case = browser.submit(&check.form().with("do", "book")).await;
    let number = case.case_number().unwrap_or_else(|| panic!("{:?}", case.refusals()));
    let text = case.text();
    assert!(text.contains("200,000") && text.contains("10:00"), "{text}");
    // The other mode shows the same case.
    browser.post("/appearance", &pairs(&[("mode", "normal")])).await;
    assert_eq!(browser.open(&format!("/appointments/{number}")).await.case_number(), Some(number));
}

async fn a_refused_answer_asks_its_question_again(bank: &TestBank) {
    let browser = elder(bank).await;
    let mut page = browser.open("/appointments/new/cash").await;
    for _ in 0..3 {
        let offered = asked(&page);
        let form = ANSWERS.iter().filter(|(name, _)| offered.iter().any(|asked| asked == name));
        page = browser.submit(&form.fold(page.form(), |form, (name, value)| form.with(name, value))).await;
    }
    assert_eq!(asked(&page), ["amount"]);
    let refused = browser.submit(&page.form().with("amount", "200000000")).await;
    assert_eq!(asked(&refused), ["amount"]);
    assert!(!refused.refusals().is_empty() && refused.body.contains("200000000"), "{}", refused.text());
    // The switch keeps what is typed and the question.
    let same = browser.submit(&refused.form().with("amount", "60000").with("appearance", "dark")).await;
    assert_eq!((asked(&same), same.form().value("amount")), (vec!["amount".to_owned()], Some("60000")));
    assert_eq!(same.attr("html", "data-theme").as_deref(), Some("dark"));
    let onward = browser.submit(&same.form()).await;
    assert_ne!(asked(&onward), ["amount"]);
    // Back is the question before.
    let back = onward.attr("button.bar-back[form=page-form]", "value").unwrap();
    assert_eq!(asked(&browser.submit(&onward.form().with("to_step", &back)).await), ["amount"]);
}

async fn an_answer_can_be_changed_from_the_check_page(bank: &TestBank) {
    let browser = elder(bank).await;
    let (check, _) = answer_all(&browser, browser.open("/appointments/new/cash").await, &ANSWERS, "book").await;
    let changes = check.all(".summary-change button[form=page-form]", "value");
    assert!(changes.contains(&"how_much/amount".to_owned()), "{changes:?}");
    let page = browser.submit(&check.form().with("to_step", "how_much/amount")).await;
    assert_eq!(asked(&page), ["amount"], "the question itself, not the first of its step");
    // What is wrong is asked again, and then nothing else.
    let refused = browser.submit(&page.form().with("amount", "200000000")).await;
    assert!(asked(&refused) == ["amount"] && !refused.refusals().is_empty(), "{}", refused.text());
    let check = browser.submit(&refused.form().with("amount", "210000")).await;
    assert!(check.has("button[name=do][value=book]"), "asked again: {:?}", asked(&check));
    // What the new answer opens is asked, too.
    let collector = changes.iter().find(|change| change.ends_with("/collector")).expect("the collector can be changed");
    let page = browser.submit(&check.form().with("to_step", collector)).await;
    let agent = [("collector", "agent"), ("agent_name", "王建国"), ("agent_id_type", "passport"), ("agent_id", "E12345678")];
    let (check, questions) = answer_all(&browser, page, &agent, "book").await;
    let of_the_collector = |question: &String| question.starts_with("collector") || question.starts_with("agent");
    assert!(questions.len() > 1 && questions.iter().all(of_the_collector), "{questions:?}");
    assert!(check.text().contains("210,000"), "{}", check.text());
    assert!(browser.submit(&check.form().with("do", "book")).await.case_number().is_some());
}

async fn who_chooses_the_notes_is_asked_before_they_are_counted(bank: &TestBank) {
    let browser = elder(bank).await;
    let answers = ANSWERS.map(|(name, value)| if name == "any_notes" { (name, "own") } else { (name, value) });
    let counted = answers.into_iter().chain([("notes_100", "2000")]).collect::<Vec<_>>();
    let (check, questions) = answer_all(&browser, browser.open("/appointments/new/cash").await, &counted, "book").await;
    let place = |wanted: &str| questions.iter().position(|question| question.starts_with(wanted));
    let (who, count) = (place("any_notes").expect("a question"), place("notes_100").expect("a question"));
    assert_eq!((questions[who].as_str(), count), ("any_notes", who + 1), "{questions:?}");
    assert!(browser.submit(&check.form().with("do", "book")).await.case_number().is_some());
}

async fn only_days_and_times_that_can_be_chosen_are_offered(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    reception::announce(&bank.bank, BRANCH, "2026-11-26", Audience::All, 2).await;
    let applied = browser.submit(&reception::checked(&browser, "2026-11-26", "14:00").await).await;
    assert!(applied.case_number().is_some(), "{}", applied.text());
    let values = BookingValues { branch: BRANCH, day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "" };
    assert!(book(&browser, &values).await.case_number().is_some());
    // Other customers take all the cash of the 25th.
    bank.change("INSERT INTO cash_totals (branch_id, day, total, reserved) VALUES ('shiqi', '2026-11-25', 1, 1)").await;
    let browser = elder(bank).await;
    let page = browser.open("/appointments/new/cash").await;
    let page = browser.submit(&page.form().with("branch", BRANCH)).await;
    assert_eq!(asked(&page), ["day"]);
    let days = page.all("[name=day]", "value");
    assert!(days.contains(&"2026-11-26".to_owned()) && days.contains(&"2026-11-27".to_owned()), "{days:?}");
    assert!(!days.contains(&"2026-11-24".to_owned()), "the customer has a booking that day: {days:?}");
    assert!(!days.contains(&"2026-11-25".to_owned()), "it is full: {days:?}");
    let page = browser.submit(&page.form().with("day", "2026-11-26")).await;
    let slots = page.all("[name=slot]", "value");
    assert!(slots.contains(&"15:00".to_owned()) && !slots.contains(&"14:00".to_owned()), "the reception is at 14:00: {slots:?}");
}

async fn a_suggestion_is_two_questions(bank: &TestBank) {
    let browser = elder(bank).await;
    let page = browser.open("/suggestions/new").await;
    // A refusal of the first question says nothing of the second, which has not been asked.
    let refused = browser.submit(&page.form()).await;
    assert_eq!(refused.refusals().iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["suggestion_category_missing"]);
    let second = browser.submit(&refused.form().with("category", "savings")).await;
    assert_eq!((asked(&second), second.refusals()), (vec!["content".to_owned()], Vec::new()));
    let answers = [("category", "savings")];
    let (last, questions) = answer_all(&browser, page, &answers, "submit").await;
    assert_eq!((questions, asked(&last)), (vec!["category".to_owned()], vec!["content".to_owned()]));
    let case = browser.submit(&last.form().with("content", "多开一个窗口").with("do", "submit")).await;
    assert!(case.case_number().is_some(), "{:?}", case.refusals());
}

async fn every_page_has_the_hotline_and_the_way_back(bank: &TestBank) {
    let browser = elder(bank).await;
    for path in ["/", "/appointments", "/appointments/new/cash", "/suggestions/new", "/me", "/complaints", "/nothing"] {
        let page = browser.open(path).await;
        assert!(page.has(".hotline a[href^='tel:']"), "{path}");
        let back =
            if page.has("#page-form") { "button[name=appearance][value=normal]" } else { "button[name=mode][value=normal]" };
        assert!(page.has(&format!(".bar {back}")), "{path}");
        assert!(!page.has(".bar nav"), "{path}: the bar is for the brand and the way back");
        assert!(page.has(".places :is(button[name=language])"), "{path}");
    }
    assert!(browser.open("/").await.has(".places form[action='/logout'] button"));
    let staff = bank.signed_in("clerk").await;
    staff.post("/appearance", &pairs(&[("mode", "elder")])).await;
    assert!(staff.open("/desk").await.has(".bar nav a[href='/desk']"), "staff keep their bar");
}
