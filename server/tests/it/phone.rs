//! The phone number of a case in full (docs/domain.md §12): for those who answer cases at its own branch, on the answer to one post
//! only, recorded with who looked and at which case.

use bank::sessions::CustomerKind;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, whole};
use crate::support::seed::{BRANCH, customer_of, phone};
use crate::support::{TestBank, pairs};

on_both_engines!(
    the_own_branch_sees_the_number_once_and_it_is_recorded,
    nobody_else_sees_it_and_nothing_is_recorded,
    a_case_without_a_number_of_its_own_shows_the_one_on_file,
);

const LOOKS: &str = "SELECT COUNT(*) FROM audit WHERE action = 'phone_shown'";

/// A customer whose number on file is another than that of their booking.
async fn visitor(bank: &TestBank) {
    customer_of(&bank.bank, "c5", CustomerKind::Personal, Some(BRANCH)).await;
    assert_ne!(phone("c5"), GIVEN);
}

async fn booked(bank: &TestBank) -> String {
    let values = BookingValues { branch: BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
    visitor(bank).await;
    let form = whole("c5", "c5000000000000000000000000", &values).with("phone", GIVEN);
    bank.signed_in("c5").await.submit(&form).await.case_number().expect("a case")
}

/// The number that a booking of the tests gives.
const GIVEN: &str = "13800138000";

async fn the_own_branch_sees_the_number_once_and_it_is_recorded(bank: &TestBank) {
    let number = booked(bank).await;
    let clerk = bank.signed_in("clerk").await;
    let case = clerk.open(&format!("/desk/cases/{number}")).await;
    assert!(!case.body.contains(GIVEN) && case.text().contains("查看完整手机号"), "{}", case.text());
    let form = case.form_with("button.button-quiet");
    assert_eq!(form.action, format!("/desk/cases/{number}/phone"));
    let shown = clerk.post(&form.action, &form.fields).await;
    assert!(shown.status == 200 && shown.text().contains(GIVEN), "{}", shown.text());
    assert_eq!(shown.header("cache-control"), "no-store");
    let seen = format!("{LOOKS} AND user_id = 'user-clerk' AND subject = '{number}' AND at = {}", bank.bank.now().0);
    let recorded = |sql: &str| sqlx::AssertSqlSafe(sql.to_owned());
    assert_eq!(bank.number(recorded(&seen)).await, 1);
    assert!(!clerk.open(&format!("/desk/cases/{number}")).await.body.contains(GIVEN), "nowhere else");
    // Every look counts.
    clerk.post(&form.action, &form.fields).await;
    assert_eq!(bank.number(LOOKS).await, 2);
    assert_eq!(clerk.get(&form.action).await.status, 405, "a look is never a link");
}

async fn nobody_else_sees_it_and_nothing_is_recorded(bank: &TestBank) {
    let number = booked(bank).await;
    let path = format!("/desk/cases/{number}/phone");
    for (name, status) in [("clerk2", 404), ("nowhere", 404), ("dispatcher", 404), ("auditor", 403), ("admin", 403), ("c1", 403)]
    {
        let answer = bank.signed_in(name).await.post(&path, &pairs(&[])).await;
        assert_eq!(answer.status, status, "{name}");
        assert!(!answer.body.contains(GIVEN), "{name}");
    }
    // Head office reads the case, and is offered no number of a branch's case.
    let page = bank.signed_in("dispatcher").await.open(&format!("/desk/cases/{number}")).await;
    assert!(page.status == 200 && !page.has(&format!("form[action='{path}']")));
    assert_eq!(bank.number(LOOKS).await, 0);
}

async fn a_case_without_a_number_of_its_own_shows_the_one_on_file(bank: &TestBank) {
    visitor(bank).await;
    let customer = bank.signed_in("c5").await;
    let form = customer.open("/suggestions/new").await.form();
    let filled = form.with_all(&[("category", "savings"), ("content", "多开一个窗口"), ("do", "submit")]);
    let page = customer.submit(&filled).await;
    let number = page.path.trim_start_matches("/suggestions/").split('?').next().unwrap_or_default().to_owned();
    let shown = bank.signed_in("clerk").await.post(&format!("/desk/cases/{number}/phone"), &pairs(&[])).await;
    assert!(shown.text().contains(&phone("c5")), "{}", shown.text());
}
