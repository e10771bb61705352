//! Books cash through the pages as a browser without scripts does.

use bank::kernel::ids::CaseNumber;

use super::browser::pairs;
use super::{Answer, Browser, Form, TestBank};

/// The first page of a booking.
pub const NEW: &str = "/appointments/new/cash";

/// The values of a booking; the account is read from the page.
#[derive(Clone, Copy, Debug)]
pub struct BookingValues<'w> {
    pub branch: &'w str,
    pub day: &'w str,
    pub slot: &'w str,
    pub amount: &'w str,
    /// Notes of 100; empty: any notes.
    pub notes_100: &'w str,
}

/// Fills in all steps and returns the form of the check page, not yet sent. Panics if a step refuses.
pub async fn fill_in(browser: &Browser, values: &BookingValues<'_>) -> Form {
    let checked = fill_in_answer(browser, values).await;
    assert!(checked.has("button[name=do][value=book]"), "not at the check page: {} {:?}", checked.path, checked.refusals());
    checked.form_with("button[name=do][value=book]").with("do", "book")
}

/// Like [`fill_in`], but returns whatever page the steps lead to.
pub async fn fill_in_answer(browser: &Browser, values: &BookingValues<'_>) -> Answer {
    let page = browser.open(NEW).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let when = page.form().with_all(&[("branch", values.branch), ("day", values.day), ("slot", values.slot)]);
    let page = browser.submit(&when).await;
    if !page.refusals().is_empty() {
        return page;
    }
    let account = page.all("[name=account]", "value").into_iter().find(|value| !value.is_empty());
    let account =
        account.or_else(|| page.all("[name=account] option[value]", "value").into_iter().find(|value| !value.is_empty()));
    let mut how_much = page.form().with("account", &account.expect("an account to choose")).with("amount", values.amount);
    how_much = if values.notes_100.is_empty() {
        how_much
    } else {
        how_much.with_all(&[("any_notes", "own"), ("notes_100", values.notes_100)])
    };
    let page = browser.submit(&how_much).await;
    if !page.refusals().is_empty() {
        return page;
    }
    browser.submit(&page.form().with("collector", "self")).await
}

/// All fields of a booking by `name` under a new key in one form, as the check page's button sends them once the steps are
/// stored.
pub fn whole(name: &str, key: &str, values: &BookingValues<'_>) -> Form {
    let account = format!("acc-{name}");
    let mut fields = pairs(&[("key", key), ("version", "0"), ("do", "book"), ("account", &account), ("collector", "self")]);
    fields.extend(pairs(&[("branch", values.branch), ("day", values.day), ("slot", values.slot), ("amount", values.amount)]));
    fields.extend(if values.notes_100.is_empty() {
        pairs(&[("any_notes", "on")])
    } else {
        pairs(&[("notes_100", values.notes_100)])
    });
    Form { action: NEW.into(), fields }
}

/// Books and returns the case page, or the page with the refusal.
pub async fn book(browser: &Browser, values: &BookingValues<'_>) -> Answer {
    let form = fill_in(browser, values).await;
    browser.submit(&form).await
}

/// A staff action on a case through its page; returns the page after it.
pub async fn act(browser: &Browser, number: &str, action: &str, more: &[(&str, &str)]) -> Answer {
    let page = browser.open(&format!("/desk/cases/{number}")).await;
    let mut form = page.form_with(&format!("button[name=do][value={action}]")).with("do", action);
    form.fields.retain(|(name, _)| !more.iter().any(|(known, _)| known == name));
    form.fields.extend(pairs(more));
    // The page has no default document; most tests do not care which one was shown.
    if action == "arrive" && form.value("id_checked").is_none_or(str::is_empty) {
        form = form.with("id_checked", "resident_id");
    }
    browser.submit(&form).await
}

/// Copies a booking so many times, each later by so many milliseconds, without reserving anything for it; returns the numbers.
pub async fn copies(bank: &TestBank, number: &str, more: i64, later: impl Fn(i64) -> i64) -> Vec<String> {
    let mut numbers = Vec::new();
    for place in 0..more {
        let [high, low] = [place / 30, place % 30].map(|digit| u8::try_from(digit).expect("small"));
        let copy = CaseNumber::generate("QK", &[7, 7, 7, 7, 7, 7, high, low]);
        let later = later(place);
        bank.change(&format!(
            "INSERT INTO cases (number, kind, customer_id, branch_id, state, version, waiting, due_at, starts_at, ends_at, amount, \
             topic, created_by, created_at, updated_at) SELECT '{copy}', kind, customer_id, branch_id, state, version, waiting, \
             due_at, starts_at + {later}, ends_at + {later}, amount, topic, created_by, created_at, updated_at FROM cases \
             WHERE number = '{number}'"
        ))
        .await;
        bank.change(&format!(
            "INSERT INTO cash_appointments (case_number, customer_id, account_id, branch_id, day, slot, amount, notes_100, \
             notes_50, notes_20, notes_10, notes_5, notes_1, any_notes, new_notes, collector, phone_sealed, remark, cancel_until, \
             live) SELECT '{copy}', customer_id, account_id, branch_id, day, slot, amount, notes_100, notes_50, notes_20, notes_10, \
             notes_5, notes_1, any_notes, new_notes, collector, phone_sealed, remark, cancel_until, FALSE FROM cash_appointments \
             WHERE case_number = '{number}'"
        ))
        .await;
        numbers.push(copy.as_str().to_owned());
    }
    numbers
}
