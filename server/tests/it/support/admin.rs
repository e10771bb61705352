//! Administrators at work: proposing and deciding changes through the pages, and proofs for concurrent decisions.

use bank::administration::{ChangeNotDone, DECISION, SEEN, decide, find_change, preview_request};
use bank::kernel::forms::{Post, SubmitOutcome, Values, fresh_key};
use bank::sessions::{Caller, Source, Staff, caller, sign_in};

use super::seed::PASSWORD;
use super::{Answer, Browser, TestBank, pairs};

/// Fills in the form of a change and returns the page with its preview, or with its refusals.
pub async fn check(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = browser.open(path).await.form();
    browser.submit(&form.with_all(fields).with("do", "check")).await
}

/// Proposes a change and returns the page that follows: that of the request, or the preview with a refusal.
pub async fn propose(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let preview = check(browser, path, fields).await;
    assert!(preview.has("button[value=submit]"), "no preview: {:?} {}", preview.refusals(), preview.text());
    browser.submit(&preview.form().with("do", "submit")).await
}

/// Presses a button on the page of a request.
pub async fn press(browser: &Browser, request: &str, action: &str, reason: &str) -> Answer {
    let form = browser.open(request).await.form();
    browser.submit(&form.with_all(&[("do", action), ("reason", reason)])).await
}

/// The id of the request that a page shows.
pub fn id(page: &Answer) -> String {
    let path = page.path.split('?').next().unwrap_or_default();
    path.strip_prefix("/admin/changes/").unwrap_or_else(|| panic!("no request: {} {}", page.path, page.text())).to_owned()
}

/// The proof of a staff member.
pub async fn staff(bank: &TestBank, name: &str) -> Staff {
    let signed_in = sign_in(&bank.bank, name, PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    match caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller {
        Caller::Staff(staff) => staff,
        other => panic!("{name} is {other:?}"),
    }
}

/// A post of a decision that has seen the present preview. Each has a key of its own.
pub async fn decision(bank: &TestBank, staff: &Staff, id: &str, action: &str) -> Post {
    let request = find_change(&bank.bank, staff, id).await.expect("a request").expect("a request");
    let seen = preview_request(&bank.bank, &request).await.map_or_else(|_| String::new(), |preview| preview.mark());
    let values = pairs(&[("do", action), (SEEN, &seen), ("reason", "不合适")]);
    Post::first(fresh_key(&bank.bank).expect("a key"), Values(values))
}

/// Sends a decision; `Ok` if it was carried out, otherwise the codes of its refusals.
pub async fn send(bank: &TestBank, staff: &Staff, id: &str, post: &Post) -> Result<(), Vec<String>> {
    use bank::kernel::forms::Refusal;
    assert!(DECISION.field("do").is_some());
    match decide(&bank.bank, staff, id, post).await.expect("no failure") {
        SubmitOutcome::Case { .. } => Ok(()),
        SubmitOutcome::Refused(ChangeNotDone { refusals }) => {
            Err(refusals.iter().map(|refusal| refusal.code().to_owned()).collect())
        }
        other => Err(vec![format!("{other:?}")]),
    }
}

/// Something that the form at this path changes.
pub fn subject(path: &str) -> &'static str {
    match path {
        "/admin/parameters/{subject}" => "cash_minimum",
        "/admin/calendar/{subject}" => "2026-12-31",
        "/admin/products/{subject}" => "deposit-1y",
        "/admin/staff/{subject}/joiner" => "new",
        "/admin/roles/{subject}" => "clerk",
        _ if path.starts_with("/admin/branches/") => "shiqi",
        // A staff member of the demo bank.
        _ if path.starts_with("/admin/staff/") => "clerk2",
        _ => "new",
    }
}
