//! The browser's *back* and *forward* in the forms of customers: each step, and in the elder mode each question, has an address
//! of its own, which shows it as it was filled in. What is sent from a page that was left like this is answered by the version
//! that it showed (ARCHITECTURE.md, Forms).

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::NEW as CASH;
use crate::support::reception::{NEW as RECEPTION, announce};
use crate::support::seed::BRANCH;
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    every_step_of_a_booking_has_an_address_that_shows_it_filled_in,
    a_page_left_by_back_is_answered_by_what_it_showed,
    every_question_of_the_elder_mode_has_an_address,
    every_form_of_customers_begins_at_an_address_of_its_own,
    the_way_to_the_address_of_a_step_reads_nothing_that_only_its_page_shows,
);

const DRAFTS: &str = "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM form_states";

/// The name of the step in the address of a page.
fn step(page: &Answer) -> &str {
    page.path.split("&step=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default()
}

/// A booking up to its check page, and the addresses on the way.
async fn walked(browser: &Browser) -> Vec<Answer> {
    let mut pages = vec![browser.open(CASH).await];
    for values in [
        &[("branch", BRANCH), ("day", "2026-11-25"), ("slot", "10:00")] as &[_],
        &[("amount", "60000"), ("account", "acc-c1"), ("any_notes", "on")],
        &[("collector", "self"), ("remark", "下午打电话")],
    ] {
        let page = browser.submit(&pages.last().expect("a page").form().with_all(values)).await;
        assert!(page.refusals().is_empty(), "{:?}", page.refusals());
        pages.push(page);
    }
    pages
}

async fn every_step_of_a_booking_has_an_address_that_shows_it_filled_in(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let pages = walked(&browser).await;
    assert_eq!(pages.iter().map(step).collect::<Vec<_>>(), ["where", "how_much", "who", "check"]);
    let versions = bank.number(DRAFTS).await;
    // Back to the first page, and forward again: nothing is stored by it.
    for page in pages.iter().rev().chain(&pages) {
        let again = browser.get(&page.path).await;
        assert_eq!((again.status, again.refusals()), (200, Vec::new()), "{}", again.path);
        match step(page) {
            "where" => {
                assert!(again.has("[name=slot][checked]"), "{}", again.text());
                assert!(again.has(&format!("[name=branch][value={BRANCH}][checked]")), "{}", again.text());
            }
            "how_much" => assert_eq!(again.form().value("amount").map(|typed| typed.replace(',', "")), Some("60000".to_owned())),
            "who" => assert_eq!(again.form().value("remark"), Some("下午打电话")),
            _ => assert!(again.has("button[name=do][value=book]"), "{}", again.text()),
        }
    }
    assert_eq!(bank.number(DRAFTS).await, versions);
    // A step that is not open yet leads to the one that is.
    let fresh = browser.open(CASH).await;
    let early = browser.open(&fresh.path.replace("step=where", "step=check")).await;
    assert_eq!(early.path, fresh.path);
    // A refused step stays where it is, so that back leads to the step before it.
    let refused = browser.submit(&browser.open(&pages[1].path).await.form().with("amount", "1")).await;
    assert!(step(&refused) == "how_much" && !refused.refusals().is_empty(), "{}", refused.path);
    let mended = browser.submit(&refused.form().with("amount", "60000")).await;
    assert_eq!((step(&mended), mended.refusals()), ("check", Vec::new()));
    // Once it is booked, each of them leads to the case.
    let case = browser.submit(&mended.form().with("do", "book")).await;
    let number = case.case_number().expect("a booking");
    for page in &pages {
        assert_eq!(browser.open(&page.path).await.case_number().as_ref(), Some(&number), "{}", page.path);
    }
}

async fn a_page_left_by_back_is_answered_by_what_it_showed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let pages = walked(&browser).await;
    // The page as a browser may have kept it: it does not know what was sent since, so it overwrites nothing and says so.
    let kept = pages[0].form().with_all(&[("branch", BRANCH), ("day", "2026-11-26"), ("slot", "09:00")]);
    let told = browser.submit(&kept).await;
    assert!(step(&told) == "where" && told.path.contains("&stale=1"), "{}", told.path);
    assert!(told.has("[name=day][value='2026-11-25'][checked]"), "as it was sent last");
    // Asked for again it is the newest one, and goes on.
    let again = browser.open(&pages[0].path).await;
    let onward = browser.submit(&again.form().with_all(&[("day", "2026-11-26"), ("slot", "09:00")])).await;
    assert_eq!((step(&onward), onward.refusals()), ("check", Vec::new()), "{}", onward.path);
    assert!(onward.text().contains("11 月 26 日"), "{}", onward.text());
}

async fn every_question_of_the_elder_mode_has_an_address(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    browser.post("/appearance", &pairs(&[("mode", "elder")])).await;
    let answers = [
        ("branch", BRANCH),
        ("day", "2026-11-25"),
        ("slot", "10:00"),
        ("amount", "60000"),
        ("account", "acc-c1"),
        ("any_notes", "on"),
        ("collector", "self"),
    ];
    let asked = |page: &Answer| page.form().value("offered").unwrap_or_default().to_owned();
    let mut pages = vec![browser.open(CASH).await];
    while !pages.last().expect("a page").has("button[name=do][value=book]") {
        let page = pages.last().expect("a page");
        assert!(pages.len() < 20, "{}", page.path);
        let known: Vec<_> =
            answers.iter().copied().filter(|(name, _)| asked(page).split(' ').any(|asked| asked == *name)).collect();
        let next = browser.submit(&page.form().with_all(&known)).await;
        assert!(next.refusals().is_empty(), "{}: {:?}", next.path, next.refusals());
        pages.push(next);
    }
    let addresses: std::collections::BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    assert_eq!(addresses.len(), pages.len(), "{addresses:?}");
    for page in pages.iter().rev().chain(&pages) {
        let again = browser.get(&page.path).await;
        assert_eq!((again.status, asked(&again)), (200, asked(page)), "{}", page.path);
        for (name, value) in answers.iter().filter(|(name, _)| asked(page) == *name && *name != "any_notes") {
            assert_eq!(again.form().value(name).map(|typed| typed.replace(',', "")).as_deref(), Some(*value), "{}", page.path);
        }
    }
}

async fn every_form_of_customers_begins_at_an_address_of_its_own(bank: &TestBank) {
    announce(&bank.bank, BRANCH, "2026-11-25", Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    for (form, first) in [(CASH, "where"), (RECEPTION, "when"), ("/suggestions/new", "write")] {
        let page = browser.open(form).await;
        let key = page.form().value("key").expect("a key").to_owned();
        assert!(page.path.starts_with(&format!("{form}?key={key}&step=")), "{}", page.path);
        assert_eq!(step(&page), first, "{}", page.path);
        assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 0, "{form}: looking stores nothing");
        // A draft is offered beside a new form only.
        assert!(!page.has(&format!("main a[href='{form}?key={key}']")), "{}", page.text());
    }
    // What an address names is used only if the form has it.
    browser.post("/appearance", &pairs(&[("mode", "elder")])).await;
    let odd = browser.get("/suggestions/new?field=%0d%0aset-cookie:x%26step=y&step=nothing").await;
    let to = odd.location.expect("a redirect");
    assert!(to.ends_with("&step=write&field=category") && !to.contains("set-cookie"), "{to}");
}

async fn the_way_to_the_address_of_a_step_reads_nothing_that_only_its_page_shows(bank: &TestBank) {
    announce(&bank.bank, BRANCH, "2026-11-25", Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    let read = async |path: &str| {
        let before = bank.bank.db().counted().reads;
        let status = browser.get(path).await.status;
        (status, bank.bank.db().counted().reads - before)
    };
    for (form, value) in
        [(CASH, ("branch", BRANCH)), (RECEPTION, ("day", "2026-11-25")), ("/suggestions/new", ("content", "早点开门"))]
    {
        let page = browser.submit(&browser.open(form).await.form().with(value.0, value.1)).await;
        let key = page.form().value("key").expect("a key").to_owned();
        let ((moved, less), (shown, all)) = (read(&format!("{form}?key={key}")).await, read(&page.path).await);
        assert_eq!((moved, shown), (303, 200), "{}", page.path);
        assert!(less < all, "{form}: {less} of {all} reads");
    }
    // A new booking begins with its first step, whatever days and notes there are.
    assert_eq!(read(CASH).await, read("/suggestions/new").await);
}
