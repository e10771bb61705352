//! The desk of a working day: the lists of what is agreed for today, the branch column and the own branch, the case to go on with,
//! the way to the actions, and the day that a decline proposes.

use bank::cases::fold_counts;
use bank::sessions::CustomerKind;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, act, book, copies};
use crate::support::seed::{BRANCH, OTHER_BRANCH, customer};
use crate::support::{Answer, TestBank};

on_both_engines!(
    the_tabs_hold_what_is_agreed_for_the_day_and_count_it,
    what_is_agreed_for_a_later_day_is_in_a_list_of_its_own,
    lists_by_time_have_pages_like_every_other,
    who_sees_all_branches_sees_which_and_begins_with_their_own,
    after_an_answer_the_next_case_is_one_click_away,
    the_list_of_an_open_page_is_read_without_being_activity,
    a_decline_proposes_the_day_nearest_to_the_one_wished_for,
    every_note_of_the_day_is_on_the_page_of_a_case,
);

const DAY: &str = "2026-11-25";

async fn booked(bank: &TestBank, name: &str, branch: &str, day: &str, slot: &str) -> String {
    let values = BookingValues { branch, day, slot, amount: "60000", notes_100: "" };
    let page = book(&bank.signed_in(name).await, &values).await;
    page.case_number().unwrap_or_else(|| panic!("{name}: {:?}", page.refusals()))
}

/// The texts of the tabs.
fn tabs(page: &Answer) -> Vec<String> {
    page.words(".desk-tabs a").iter().map(|tab| tab.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The numbers in the list, in order.
fn listed(page: &Answer) -> Vec<String> {
    page.words(".desk-list .case-number")
}

async fn the_tabs_hold_what_is_agreed_for_the_day_and_count_it(bank: &TestBank) {
    let late = booked(bank, "c1", BRANCH, DAY, "11:00").await;
    let early = booked(bank, "c2", BRANCH, DAY, "10:00").await;
    let waits = booked(bank, "k1", BRANCH, DAY, "11:00").await;
    let clerk = bank.signed_in("clerk").await;
    for number in [&late, &early] {
        act(&clerk, number, "confirm", &[]).await;
    }
    // The day before: nothing is today, and all that is confirmed has to be made ready.
    bank.set_time("2026-11-24T09:00:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    assert_eq!(tabs(&clerk.open("/desk").await), ["待办 1", "今天 0", "已到 0", "备款 2", "以后 2"]);
    assert_eq!(listed(&clerk.open("/desk?state=prepare").await), [early.clone(), late.clone()], "by time");
    bank.set_time("2026-11-25T09:30:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &early, "prepare", &[]).await;
    act(&clerk, &late, "arrive", &[]).await;
    let page = clerk.open("/desk?state=today").await;
    assert_eq!(tabs(&page), ["待办 1", "今天 2", "已到 1", "备款 0", "以后 0"], "what waits for an answer is not agreed");
    assert_eq!(page.words(".desk-tabs a[aria-current]").len(), 1);
    assert_eq!(listed(&page), [early.clone(), late.clone()]);
    assert_eq!(listed(&clerk.open("/desk?state=present").await), std::slice::from_ref(&late));
    assert!(!listed(&page).contains(&waits));
    // Another branch has a day of its own; who sees all of them has the counts of all before choosing one.
    assert_eq!(tabs(&bank.signed_in("clerk2").await.open("/desk").await)[1], "今天 0");
    let office = bank.signed_in("dispatcher").await;
    assert_eq!(tabs(&office.open("/desk").await)[1], "今天 2");
    assert_eq!(listed(&office.open("/desk?state=today").await).len(), 2);
    assert_eq!(tabs(&office.open(&format!("/desk?branch={BRANCH}")).await)[1], "今天 2");
}

async fn what_is_agreed_for_a_later_day_is_in_a_list_of_its_own(bank: &TestBank) {
    // A week ahead: in no list of today, nor of the next working day.
    let late = booked(bank, "c1", BRANCH, "2026-11-30", "10:00").await;
    let early = booked(bank, "c2", BRANCH, "2026-11-27", "11:00").await;
    let waits = booked(bank, "k1", BRANCH, "2026-11-30", "11:00").await;
    customer(&bank.bank, "c3", CustomerKind::Personal).await;
    let there = booked(bank, "c3", OTHER_BRANCH, "2026-11-30", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    for number in [&late, &early] {
        act(&clerk, number, "confirm", &[]).await;
    }
    act(&bank.signed_in("clerk2").await, &there, "confirm", &[]).await;
    let ahead = clerk.open("/desk?state=ahead").await;
    assert_eq!(tabs(&ahead), ["待办 1", "今天 0", "已到 0", "备款 0", "以后 2"]);
    assert_eq!(listed(&ahead), [early.clone(), late.clone()], "by time, without {waits}");
    assert_eq!(listed(&bank.signed_in("dispatcher").await.open("/desk?state=ahead").await).len(), 3);
    // What is prepared stays in it; what is cancelled leaves it. The kept counts say so before and after the worker folds them.
    act(&clerk, &late, "prepare", &[]).await;
    act(&clerk, &early, "cancel", &[("reason", "押运不够")]).await;
    for _ in 0..2 {
        let page = clerk.open("/desk?state=ahead").await;
        assert_eq!((tabs(&page)[4].as_str(), listed(&page)), ("以后 1", vec![late.clone()]));
        fold_counts(&bank.bank).await.expect("folded");
    }
    // On the day it is today's.
    bank.set_time("2026-11-30T08:30:00+08:00");
    let page = bank.signed_in("clerk").await.open("/desk?state=ahead").await;
    assert_eq!((tabs(&page)[1].as_str(), tabs(&page)[4].as_str()), ("今天 1", "以后 0"));
    assert!(page.has(".desk-nothing"));
}

async fn lists_by_time_have_pages_like_every_other(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, "2026-11-30", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "confirm", &[]).await;
    // Half an hour apart, two at a time.
    let mut all = copies(bank, &number, 119, |place| place / 2 * 1_800_000).await;
    all.push(number);
    let walk = async |path: &str| {
        let (mut seen, mut page, mut pages) = (Vec::new(), clerk.open(path).await, 1);
        let first = listed(&page);
        loop {
            seen.extend(listed(&page));
            let Some(next) = page.all(".pagination a", "href").into_iter().find(|href| href.contains("after=")) else { break };
            let back = page.clone();
            page = clerk.open(&next).await;
            pages += 1;
            let previous =
                page.all(".pagination a", "href").into_iter().find(|href| href.contains("before=")).expect("a way back");
            assert_eq!(listed(&clerk.open(&previous).await), listed(&back), "there and back");
        }
        assert_eq!(first.len(), 50);
        (seen, pages)
    };
    let (ahead, pages) = walk("/desk?state=ahead").await;
    let mut sorted = ahead.clone();
    sorted.sort_unstable();
    all.sort_unstable();
    assert_eq!((sorted, pages), (all, 3), "each once");
    // On the day.
    bank.set_time("2026-11-30T08:30:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open("/desk?state=today").await;
    let next = page.all(".pagination a", "href").into_iter().find(|href| href.contains("after=")).expect("a second page");
    assert!(!listed(&clerk.open(&next).await).is_empty());
    // Those in closed time, which are judged one by one.
    bank.set_time("2026-11-29T08:30:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    bank.change("INSERT INTO calendar_days (day, kind, name) VALUES ('2026-11-30', 'closed', '停业')").await;
    let page = clerk.open("/desk?state=closure").await;
    let next = page.all(".pagination a", "href").into_iter().find(|href| href.contains("after=")).expect("a second page");
    let second = clerk.open(&next).await;
    assert!(listed(&page).len() == 50 && !listed(&second).is_empty());
    assert!(listed(&second).iter().all(|number| !listed(&page).contains(number)));
}

async fn who_sees_all_branches_sees_which_and_begins_with_their_own(bank: &TestBank) {
    let here = booked(bank, "c1", BRANCH, DAY, "10:00").await;
    let there = booked(bank, "c2", OTHER_BRANCH, DAY, "10:00").await;
    let office = bank.signed_in("dispatcher").await;
    let page = office.open("/desk").await;
    assert!(page.words("th").contains(&"网点".to_owned()) && page.text().contains("东区"), "{}", page.text());
    assert_eq!(listed(&page).len(), 2);
    let one = office.open(&format!("/desk?branch={OTHER_BRANCH}")).await;
    assert!(listed(&one) == [there.clone()] && !one.words("th").contains(&"网点".to_owned()));
    assert!(!bank.signed_in("clerk").await.open("/desk").await.words("th").contains(&"网点".to_owned()));
    // Somebody of head office who works at a branch begins with it, and reaches the others.
    bank.change(&format!("UPDATE users SET branch_id = '{BRANCH}' WHERE sign_in_name = 'dispatcher'")).await;
    let page = office.open("/desk").await;
    assert_eq!(listed(&page), [here]);
    assert_eq!(page.attr("#of-branch option[selected]", "value").as_deref(), Some(BRANCH));
    assert_eq!(listed(&office.open("/desk?branch=all").await).len(), 2);
}

async fn after_an_answer_the_next_case_is_one_click_away(bank: &TestBank) {
    let first = booked(bank, "c1", BRANCH, DAY, "10:00").await;
    bank.pass_minutes(1);
    let second = booked(bank, "c2", BRANCH, DAY, "11:00").await;
    let clerk = bank.signed_in("clerk").await;
    let order = listed(&clerk.open("/desk").await);
    let (now, next) = (&order[0], &order[1]);
    assert!(order.contains(&first) && order.contains(&second));
    let page = clerk.open(&format!("/desk/cases/{now}")).await;
    assert_eq!(page.all(".desk-next a", "href"), [format!("/desk/cases/{next}")]);
    // The way to the actions is the first stop of the page.
    assert!(page.has("main > a.skip[href='#actions']") && page.has("#actions[tabindex='-1'] button[value=confirm]"));
    let done = act(&clerk, now, "confirm", &[]).await;
    assert!(done.text().contains("已办好"), "{}", done.text());
    assert_eq!(done.all(".desk-next a", "href"), [format!("/desk/cases/{next}")]);
    let last = act(&clerk, next, "confirm", &[]).await;
    assert!(!last.has(".desk-next"), "nothing is left");
}

async fn the_list_of_an_open_page_is_read_without_being_activity(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open("/desk?state=today").await;
    let renew = page.attr(".desk-news", "data-renew").expect("an address");
    assert_eq!(renew, "/desk/list?state=today");
    for _ in 0..4 {
        bank.pass_minutes(5);
        let list = clerk.get(&renew).await;
        if list.status == 303 {
            assert!(list.location.unwrap_or_default().starts_with("/login?"), "the session ends as if nobody had looked");
            return;
        }
        assert!(list.has(".desk-list") && list.has(".desk-tabs"));
    }
    panic!("the session of an idle clerk does not end");
}

async fn a_decline_proposes_the_day_nearest_to_the_one_wished_for(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, "2026-11-27", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    let proposed = |page: &Answer| page.form_with("button[value=decline]").value("offered_day").map(str::to_owned);
    let path = format!("/desk/cases/{number}");
    assert_eq!(proposed(&clerk.open(&path).await).as_deref(), Some("2026-11-26"), "not the earliest, which is the 24th");
    // The 26th is closed: of the 25th and the 30th the nearer one.
    bank.change("INSERT INTO calendar_days (day, kind, name) VALUES ('2026-11-26', 'closed', '停业')").await;
    assert_eq!(proposed(&clerk.open(&path).await).as_deref(), Some("2026-11-25"));
    let refused = act(&clerk, &number, "decline", &[("reason", "押运不够"), ("offered_day", "2026-11-29")]).await;
    assert_eq!(refused.refusals(), [("offered_day_invalid".to_owned(), Some("offered_day=2026-11-25".to_owned()))]);
}

async fn every_note_of_the_day_is_on_the_page_of_a_case(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, DAY, "10:00").await;
    booked(bank, "c2", BRANCH, DAY, "11:00").await;
    let page = bank.signed_in("clerk").await.open(&format!("/desk/cases/{number}")).await;
    let rows = page.words("table.stock tbody tr");
    assert_eq!(rows.len(), 6, "{rows:?}");
    // 600 notes each: those of the other booking, those of this one, and what is left of the stock.
    let figures = page.words("table.stock tbody tr:first-child td.figures");
    assert_eq!(figures[1..3], ["600", "600"], "{figures:?}");
    // The customer sees nothing of it.
    let own = bank.signed_in("c1").await.open(&format!("/appointments/{number}")).await;
    assert!(!own.has("table.stock") && !own.text().contains("库存"));
}
