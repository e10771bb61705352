//! Many people at once: each with a browser, and forms that are submitted concurrently.

use bank::sessions::CustomerKind;

use super::seed::customer;
use super::{Answer, Browser, Form, TestBank};

/// Customers with their browsers, by name (`r00`, `r01` …); the account is `acc-NAME`.
pub async fn crowd(bank: &TestBank, people: usize) -> Vec<(String, Browser)> {
    let mut crowd = Vec::new();
    for number in 0..people {
        let name = format!("r{number:02}");
        customer(&bank.bank, &name, CustomerKind::Personal).await;
        let browser = bank.signed_in(&name).await;
        crowd.push((name, browser));
    }
    crowd
}

/// Submits all forms concurrently; returns the resulting pages in the same order.
pub async fn press(ready: Vec<(Browser, Form)>) -> Vec<(Browser, Answer)> {
    let pressed: Vec<_> = ready
        .into_iter()
        .map(|(browser, form)| {
            tokio::spawn(async move {
                let answer = browser.submit(&form).await;
                (browser, answer)
            })
        })
        .collect();
    let mut answers = Vec::new();
    for pressed in pressed {
        answers.push(pressed.await.expect("an answer"));
    }
    answers
}

/// Cancels every appointment among the responses, so that the next round has the same capacity.
pub async fn give_back(answers: &[(Browser, Answer)]) {
    for (browser, answer) in answers {
        if let Some(number) = answer.case_number() {
            let page = browser.open(&format!("/appointments/{number}")).await;
            let gone = browser.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
            assert_eq!(gone.status, 200);
        }
    }
}

/// The number of responses that are a case page.
pub fn made(answers: &[(Browser, Answer)]) -> usize {
    answers.iter().filter(|(_, answer)| answer.case_number().is_some()).count()
}

/// Every response that is not a case page has this refusal, with another value offered for this field.
pub fn ensure_refused_with(answers: &[(Browser, Answer)], code: &str, nearest: &str) {
    for (_, answer) in answers {
        assert_eq!(answer.status, 200, "{}", answer.path);
        if answer.case_number().is_none() {
            let refusals = answer.refusals();
            let (_, found) = refusals.iter().find(|(found, _)| found == code).unwrap_or_else(|| panic!("{refusals:?}"));
            assert!(found.as_deref().is_some_and(|found| found.contains(nearest)), "{found:?}");
        }
    }
}
