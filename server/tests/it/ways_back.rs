//! The ways out of a page of a form in a browser without scripts: back, change and leave are buttons of the form, so that what was
//! typed is kept (ARCHITECTURE.md, Forms).

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::admin::check;
use crate::support::cash::NEW as CASH;
use crate::support::reception::{NEW as RECEPTION, announce};
use crate::support::seed::BRANCH;
use crate::support::{Answer, TestBank};

on_both_engines!(
    back_keeps_what_was_typed_and_refuses_nothing,
    leaving_keeps_what_was_typed_and_an_empty_form_leaves_nothing_behind,
    a_change_on_the_check_page_leads_to_its_field,
    no_link_of_a_form_leads_to_another_part_of_it,
    administrators_go_back_without_losing_what_they_typed,
);

/// The value of the button back.
fn way_back(page: &Answer) -> String {
    page.attr("button.bar-back[name=to_step][form=page-form]", "value").expect("a way back")
}

async fn back_keeps_what_was_typed_and_refuses_nothing(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(CASH).await;
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", "2026-11-25"), ("slot", "10:00")])).await;
    assert_eq!(way_back(&page), "where");
    let back = browser.submit(&page.form().with_all(&[("amount", "70000"), ("to_step", "where")])).await;
    assert!(back.path.ends_with("&step=where") && back.has("[name=slot][checked]"), "{}", back.path);
    let onward = browser.submit(&back.form()).await;
    assert_eq!((onward.form().value("amount"), onward.refusals()), (Some("70000"), Vec::new()));
    // A page that has been overtaken by another tab overwrites nothing.
    let other = browser.submit(&onward.form().with_all(&[("amount", "60000"), ("account", "acc-c1")])).await;
    assert!(other.has("[name=collector]"), "{:?}", other.refusals());
    let late = browser.submit(&onward.form().with_all(&[("amount", "9"), ("to_step", "where")])).await;
    assert!(late.path.contains("stale=1"), "{}", late.path);
    assert_eq!(
        browser.open(&format!("{}&step=how_much", other.path.replace("&step=who", ""))).await.form().value("amount"),
        Some("60000")
    );
}

async fn leaving_keeps_what_was_typed_and_an_empty_form_leaves_nothing_behind(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for (form, list) in [(CASH, "/appointments"), ("/suggestions/new", "/suggestions")] {
        let page = browser.open(form).await;
        let left = browser.submit(&page.form().with("to_step", &way_back(&page))).await;
        assert_eq!(left.path, list);
        assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 0, "{form}: nothing was filled in");
    }
    let page = browser.open("/suggestions/new").await;
    let left = browser.submit(&page.form().with_all(&[("content", "早点开门"), ("to_step", &way_back(&page))])).await;
    let resume = left.attr("a[href^='/suggestions/new?key=']", "href").expect("the draft is offered");
    let again = browser.open(&resume).await;
    assert_eq!((again.form().value("content"), again.refusals()), (Some("早点开门"), Vec::new()));
    // What was cleared before leaving is cleared.
    browser.submit(&again.form().with_all(&[("content", ""), ("to_step", &way_back(&again))])).await;
    assert_eq!(browser.open(&resume).await.form().value("content"), Some(""));
}

async fn a_change_on_the_check_page_leads_to_its_field(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(CASH).await;
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", "2026-11-25"), ("slot", "10:00")])).await;
    let page = browser.submit(&page.form().with_all(&[("amount", "60000"), ("account", "acc-c1")])).await;
    let beside = page.all("#page-form .panel .summary-change button", "value");
    assert_eq!(beside, ["where/branch", "where/day", "how_much/account", "how_much/any_notes"]);
    // The caution beside a step is left with what was typed as well.
    let back = browser.submit(&page.form().with_all(&[("remark", "下午打电话"), ("to_step", "how_much/account")])).await;
    assert!(back.path.contains("&step=how_much&field=account") && back.has("#account"), "{}", back.path);
    let who = browser.submit(&back.form()).await;
    assert_eq!(who.form().value("remark"), Some("下午打电话"));
    let check = browser.submit(&who.form().with("collector", "self")).await;
    let changes = check.all(".summary-change button[form=page-form]", "value");
    for change in ["where/branch", "where/day", "how_much/amount", "how_much/any_notes", "who/collector", "who/remark"] {
        assert!(changes.iter().any(|value| value == change), "{change}: {changes:?}");
        let (step, field) = change.split_once('/').expect("a field");
        let page = browser.submit(&check.form().with("to_step", change)).await;
        assert!(page.path.contains(&format!("&step={step}&field={field}")), "{}", page.path);
        assert!(page.has(&format!("[id={field}]")), "{change}: the address leads to no part of the page");
    }
    // A field of another step is no place.
    let odd = browser.submit(&check.form().with("to_step", "who/amount")).await;
    assert!(odd.has("button[value=book]"), "{}", odd.path);
}

async fn no_link_of_a_form_leads_to_another_part_of_it(bank: &TestBank) {
    announce(&bank.bank, BRANCH, "2026-11-25", Audience::All, 3).await;
    let browser = bank.signed_in("c1").await;
    let matter = [("topic", "service"), ("summary", "排队太久"), ("hope", "多开一个窗口"), ("attendees", "2")];
    let answers = [("branch", BRANCH), ("day", "2026-11-25"), ("amount", "60000"), ("account", "acc-c1"), ("collector", "self")];
    for (new, slot, rest) in [(CASH, "10:00", &answers[..]), (RECEPTION, "14:00", &matter[..])] {
        let mut page = browser.open(new).await;
        let mut pages = 0;
        loop {
            let own = format!("key={}", page.form().value("key").expect("a key"));
            let links = page.all("a[href*='key=']", "href").into_iter().filter(|href| href.contains(&own));
            assert_eq!(links.collect::<Vec<_>>(), Vec::<String>::new(), "{}", page.path);
            pages += 1;
            if page.has("button[value=book]") || pages > 6 {
                break;
            }
            let wanted = rest.iter().copied().chain([("day", "2026-11-25"), ("slot", slot)]);
            let shown = wanted.filter(|(name, _)| page.has(&format!("#page-form [name={name}]")));
            let form = shown.fold(page.form(), |form, (name, value)| form.with(name, value));
            page = browser.submit(&form).await;
        }
        assert!(page.has("button[value=book]"), "{}: {:?}", page.path, page.refusals());
    }
}

/// Forms of administrators with something to type, and the list that each belongs to.
const CHANGES: [(&str, &str, &str, &str); 6] = [
    ("/admin/parameters/cash_minimum", "/admin/parameters", "value", "60000"),
    ("/admin/branches/new/details", "/admin/branches", "name_zh", "新网点"),
    ("/admin/staff/user-clerk/leave", "/admin/staff", "leaves", "2026-12-01"),
    ("/admin/staff/new/joiner", "/admin/staff", "name", "新人"),
    ("/admin/calendar/new", "/admin/calendar", "date", "2026-12-31"),
    ("/admin/staff/user-clerk/name", "/admin/staff", "name", "陈美玲"),
];

async fn administrators_go_back_without_losing_what_they_typed(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    for (path, list, field, typed) in CHANGES {
        let page = admin.open(path).await;
        assert!(page.has(&format!("[name={field}]")), "{path}: {}", page.text());
        assert_eq!(way_back(&page), "/", "{path}");
        // Who has changed nothing leaves nothing behind.
        let left = admin.submit(&page.form().with("to_step", "/")).await;
        assert_eq!((left.path.as_str(), bank.count("form_states").await), (list, 0), "{path}");
        let left = admin.submit(&page.form().with_all(&[(field, typed), ("to_step", "/")])).await;
        assert_eq!(left.path, list, "{path}");
        let again = admin.open(path).await;
        assert_ne!(again.form().value(field), Some(typed), "{path}: a new form shows what stands");
        let resume =
            again.attr(&format!("main a[href^='{path}?key=']"), "href").unwrap_or_else(|| panic!("{path}: {}", again.text()));
        let again = admin.open(&resume).await;
        assert_eq!((again.form().value(field), again.refusals()), (Some(typed), Vec::new()), "{path}");
        bank.change("DELETE FROM form_states").await;
    }
    // The form of another subject does not offer it.
    let page = admin.open("/admin/parameters/cash_minimum").await;
    admin.submit(&page.form().with_all(&[("value", "60000"), ("to_step", "/")])).await;
    assert!(!admin.open("/admin/parameters/cash_open_max").await.has("main a[href*='?key=']"));
    // From the preview to the form, and on.
    let preview = check(&admin, "/admin/parameters/cash_minimum", &[("value", "70000")]).await;
    assert_eq!(way_back(&preview), "edit");
    assert!(preview.has("button[name=to_step][value=edit]:not(.bar-back)") && !preview.has("main a[href*='key=']"));
    let back = admin.submit(&preview.form().with("to_step", "edit")).await;
    assert_eq!((back.form().value("value"), back.refusals()), (Some("70000"), Vec::new()), "{}", back.path);
    let preview = admin.submit(&back.form().with_all(&[("value", "80000"), ("do", "check")])).await;
    assert!(preview.has("button[value=submit]") && preview.text().contains("80,000"), "{}", preview.text());
}
