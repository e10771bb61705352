//! Step-up (docs/domain.md §12): the acts that ask for a fresh proof of who is there do nothing without one, keep what was typed, and
//! go on where they waited.

use app::routes::{Asking, table};

use crate::on_both_engines;
use crate::support::admin::propose;
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::cash::{BookingValues, act, book};
use crate::support::seed::{PASSWORD, parameter};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    an_approval_waits_for_a_code_and_is_pressed_once_more,
    a_phone_number_is_shown_after_a_code,
    roles_and_approvals_of_administrators_wait_for_a_code,
    a_customer_without_a_factor_gives_the_password_again,
    staff_without_a_factor_are_not_asked_and_a_proof_counts_for_five_minutes,
);

const STEP_UP: &str = "/step-up";

#[test]
fn these_acts_ask() {
    let asking = table().into_iter().filter(|route| route.asking != Asking::Never);
    let asking: Vec<String> = asking
        .map(|route| match route.asking {
            Asking::By(buttons) => format!("{} {}", route.path, buttons.join(" ")),
            _ => route.path.to_owned(),
        })
        .collect();
    assert_eq!(
        asking,
        [
            "/appointments/{number}/approver company_approve",
            "/me end end_others",
            "/me/factor begin confirm",
            "/me/passkeys begin remove renew",
            "/desk/cases/{number}/phone",
            "/desk/cases/{number} approve",
            "/admin/changes/{id} approve",
            "/admin/staff/{subject}/joiner submit",
            "/admin/staff/{subject}/move submit",
            "/admin/staff/{subject}/leave submit",
            "/admin/staff/{subject}/reset submit",
            "/admin/staff/{subject}/unlock submit",
            "/admin/staff/{subject}/name submit",
            "/admin/roles/{subject} submit",
        ]
    );
}

/// A browser with a second factor whose last proof is too old.
async fn stale(bank: &TestBank, name: &str) -> (Browser, AuthenticatorApp) {
    let browser = bank.signed_in(name).await;
    let (app, _) = AuthenticatorApp::set_up(bank, &browser).await;
    bank.pass_minutes(5);
    (browser, app)
}

/// The page that asks, after a post.
pub async fn asked(browser: &Browser, answer: &Answer) -> Answer {
    let location = answer.location.as_deref().unwrap_or_default();
    assert!(location.starts_with("/step-up?"), "{} answers {} {location}", answer.path, answer.status);
    browser.get(location).await
}

/// Gives a proof on the page that asks; the page of the waiting form.
pub async fn given(browser: &Browser, page: &Answer, field: &str, value: &str) -> Answer {
    let back = browser.submit(&page.form_with(&format!("input[name={field}]")).with(field, value)).await;
    assert!(back.status == 200 && back.text().contains("还没有提交"), "{} {}", back.path, back.status);
    back
}

async fn an_approval_waits_for_a_code_and_is_pressed_once_more(bank: &TestBank) {
    parameter(&bank.bank, "cash_approval_from", "50000").await;
    let values = BookingValues { branch: "shiqi", day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "" };
    let number = book(&bank.signed_in("c1").await, &values).await.case_number().expect("a booking");
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    let state = || bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'");
    let (head, app) = stale(bank, "head").await;
    let path = format!("/desk/cases/{number}");
    let form = head.open(&path).await.form_with("button[value=approve]").with("do", "approve");
    let answer = head.post(&form.action, &form.fields).await;
    let page = asked(&head, &answer).await;
    assert_eq!((page.attr("input[name=key]", "value").as_deref(), state().await), (form.value("key"), 0));
    // A wrong code, then the right one: nothing was done yet.
    let wrong = head.submit(&page.form_with("input[name=code]").with("code", "000000")).await;
    assert_eq!((wrong.status, wrong.refusals()[0].0.as_str()), (422, "code_wrong"));
    let back = given(&head, &wrong, "code", &app.code(bank)).await;
    assert!(back.path.starts_with(&path), "{}", back.path);
    assert_eq!(state().await, 0);
    // Pressing once more approves; twice is once.
    let form = back.form_with("button[value=approve]").with("do", "approve");
    for _ in 0..2 {
        head.submit(&form).await;
        assert_eq!(state().await, 1);
    }
}

async fn a_phone_number_is_shown_after_a_code(bank: &TestBank) {
    let values = BookingValues { branch: "shiqi", day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "" };
    let number = book(&bank.signed_in("c1").await, &values).await.case_number().expect("a booking");
    let (clerk, app) = stale(bank, "clerk").await;
    let path = format!("/desk/cases/{number}");
    let form = clerk.open(&path).await.form_with("input[name=back]");
    let answer = clerk.post(&form.action, &form.fields).await;
    assert!(!answer.body.contains("13800138000"));
    // Without the field that says where to go back, and with nothing at all, it asks too.
    for fields in [pairs(&[("made_for", "")]), Vec::new()] {
        asked(&clerk, &clerk.post(&form.action, &fields).await).await;
    }
    let page = asked(&clerk, &answer).await;
    let back = given(&clerk, &page, "code", &app.code(bank)).await;
    assert!(back.path.starts_with(&path), "{}", back.path);
    let shown = clerk.submit(&back.form_with("input[name=back]")).await;
    assert!(shown.text().contains("13800138000"), "{}", shown.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'phone_shown'").await, 1, "one look");
}

async fn roles_and_approvals_of_administrators_wait_for_a_code(bank: &TestBank) {
    let (admin, app) = stale(bank, "admin").await;
    // The preview does not ask, the proposal does.
    let path = "/admin/staff/new/joiner";
    let fields = [("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", "shiqi")];
    let form = admin.open(path).await.form().with_all(&fields).with("do", "check");
    let check = admin.submit(&form).await;
    let answer = {
        let form = check.form_with("button[value=submit]").with("do", "submit");
        admin.post(&form.action, &form.fields).await
    };
    let page = asked(&admin, &answer).await;
    assert_eq!(bank.count("change_requests").await, 0);
    let back = given(&admin, &page, "code", &app.code(bank)).await;
    assert!(back.text().contains("林小雨") && back.text().contains("linxy"), "what was typed is there: {}", back.text());
    let request = admin.submit(&back.form_with("button[value=submit]").with("do", "submit")).await;
    assert_eq!(bank.count("change_requests").await, 1, "{}", request.path);
    // Another administrator approves it.
    let (second, app) = stale(bank, "admin2").await;
    let form = second.open(&request.path).await.form_with("button[value=approve]").with("do", "approve");
    let page = asked(&second, &second.post(&form.action, &form.fields).await).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name = 'linxy'").await, 0);
    let back = given(&second, &page, "code", &app.code(bank)).await;
    second.submit(&back.form_with("button[value=approve]").with("do", "approve")).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE sign_in_name = 'linxy'").await, 1);
    // A parameter is proposed without.
    bank.pass_minutes(6);
    let proposed = propose(&admin, "/admin/parameters/cash_window_days", &[("value", "6"), ("from", "2026-12-01")]).await;
    assert!(!proposed.path.starts_with(STEP_UP), "{}", proposed.path);
}

async fn a_customer_without_a_factor_gives_the_password_again(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    bank.pass_minutes(5);
    let form = browser.open(FACTOR).await.form_with("button[value=begin]").with("do", "begin");
    let page = asked(&browser, &browser.post(&form.action, &form.fields).await).await;
    assert!(
        page.text().contains("再按一次刚才的按钮") && !page.text().contains("刚才填的"),
        "nothing was filled in: {}",
        page.text()
    );
    assert_eq!(bank.count("authenticators").await, 0, "who finds an open session sets up no factor of their own");
    for (password, why) in [("", "password_missing"), ("something else", "sign_in_failed")] {
        let wrong = browser.submit(&page.form_with("input[name=password]").with("password", password)).await;
        assert_eq!((wrong.status, wrong.refusals()[0].0.as_str()), (422, why));
    }
    let back = given(&browser, &page, "password", PASSWORD).await;
    assert_eq!(
        bank.number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await,
        1,
        "a new session replaces the old one"
    );
    let begun = browser.submit(&back.form_with("button[value=begin]").with("do", "begin")).await;
    assert!(begun.has("[data-secret]"));
    // A phone cannot scan its own screen, so the key and the link to the app come before the QR code.
    assert!(begun.body.find("otpauth:") < begun.body.find("enrolment-scan"), "{}", begun.text());
}

async fn staff_without_a_factor_are_not_asked_and_a_proof_counts_for_five_minutes(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    bank.pass_minutes(6);
    clerk.post(FACTOR, &pairs(&[("do", "begin")])).await;
    assert_eq!(bank.count("authenticators").await, 1, "the bank only offers it");
    let (head, app) = stale(bank, "head").await;
    let phone = "/desk/cases/none/phone";
    assert!(head.post(phone, &[]).await.location.is_some());
    head.post(STEP_UP, &pairs(&[("code", &app.code(bank))])).await;
    bank.pass_minutes(4);
    assert_eq!(head.post(phone, &[]).await.status, 404, "asked once in five minutes");
    bank.pass_minutes(1);
    assert!(head.post(phone, &[]).await.location.is_some());
    parameter(&bank.bank, "step_up_minutes", "10").await;
    assert_eq!(head.post(phone, &[]).await.status, 404);
    // It leads nowhere else.
    for (next, to) in
        [("https://elsewhere.example", "/?proven=1"), ("//elsewhere.example", "/?proven=1"), ("/me", "/me?proven=1")]
    {
        let answer = head.post(STEP_UP, &pairs(&[("next", next)])).await;
        assert_eq!(answer.location.as_deref(), Some(to));
    }
}
