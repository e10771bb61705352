//! The desk over HTTP: the queue with its filters, buttons only for the actions of the state table, refusals that keep typed
//! text, two clerks on one case, notes visible to staff only.

use std::collections::BTreeSet;

use bank::appointments::cash::book_cash;
use bank::kernel::forms::{Nearest, Post, SubmitOutcome, Values, fresh_key};
use bank::kernel::language::Language;
use bank::sessions::{Caller, CustomerKind, Source, caller, sign_in};

use crate::internal_reasons::TOLD;
use crate::on_both_engines;
use crate::support::cash::act;
use crate::support::seed::{BRANCH, OTHER_BRANCH, PASSWORD, customer};
use crate::support::{Answer, Browser, TestBank, pairs};

/// Wednesday; the tests begin on Monday morning.
const DAY: &str = "2026-11-25";

/// Books for a customer and returns the case number.
pub async fn booked(bank: &TestBank, name: &str, branch: &str, slot: &str, amount: &str) -> String {
    let signed_in = sign_in(&bank.bank, name, PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    let Caller::Customer(customer) = caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller else {
        panic!("{name} is no customer")
    };
    let mut fields = pairs(&[("branch", branch), ("day", DAY), ("slot", slot), ("account", &format!("acc-{name}"))]);
    fields.extend(pairs(&[("amount", amount), ("any_notes", "on"), ("collector", "self"), ("phone", "13800138000")]));
    fields.extend(pairs(&[("purpose", "居住")]));
    let key = fresh_key(&bank.bank).expect("a key");
    match book_cash(&bank.bank, &customer, &Post::first(key, Values(fields))).await.expect("no failure") {
        SubmitOutcome::Case { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

pub fn case(number: &str) -> String {
    format!("/desk/cases/{number}")
}

/// The action buttons of a case's page.
fn buttons(page: &Answer) -> Vec<String> {
    page.all("#case button[name=do]", "value").into_iter().filter(|action| action != "note").collect()
}

pub async fn sees(browser: &Browser, number: &str) -> Vec<String> {
    buttons(&browser.open(&case(number)).await)
}

/// Case numbers in the queue, in order.
async fn listed(browser: &Browser, query: &str) -> Vec<String> {
    let page = browser.open(&format!("/desk{query}")).await;
    assert_eq!(page.status, 200);
    let links = page.all(".desk-queue tbody a.row-link", "href");
    links.iter().map(|link| link.trim_start_matches("/desk/cases/").split('?').next().unwrap_or_default().to_owned()).collect()
}

async fn each_button_stands_only_where_the_table_allows_it(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    assert_eq!(sees(&clerk, &number).await, ["confirm", "decline", "propose", "cancel"]);
    act(&clerk, &number, "confirm", &[]).await;
    assert_eq!(sees(&clerk, &number).await, ["prepare", "propose", "cancel"], "nobody can come or be missed yet");
    act(&clerk, &number, "prepare", &[]).await;
    bank.set_time("2026-11-25T10:05:00+08:00");
    let (clerk, head) = (bank.signed_in("clerk").await, bank.signed_in("head").await);
    assert_eq!(sees(&clerk, &number).await, ["arrive", "cancel"]);
    let arrive = clerk.open(&case(&number)).await.form_with("button[value=arrive]");
    assert_eq!(arrive.value("id_checked").unwrap_or_default(), "", "no document is assumed");
    let refused = clerk.submit(&arrive.with("do", "arrive")).await;
    assert_eq!(refused.refusals(), [("id_missing".to_owned(), None)]);
    act(&clerk, &number, "arrive", &[("id_checked", "passport")]).await;
    assert_eq!(sees(&head, &number).await, ["complete", "cancel"]);
    let page = act(&clerk, &number, "complete", &[("purpose", "居住")]).await;
    assert!(page.text().contains("付款 50,000 元"), "{}", page.text());
    assert!(page.text().contains("护照"));
    assert!(buttons(&page).is_empty());
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_register WHERE amount = 5000000 AND purpose = '居住'").await, 1);
}

async fn who_came_in_the_customers_stead_is_recorded(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    act(&clerk, &number, "confirm", &[]).await;
    bank.set_time("2026-11-25T10:05:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    let agent =
        [("collector", "agent"), ("agent_name", "李雷"), ("id_checked", "resident_id"), ("agent_id", "110105194912310021")];
    let refused = act(&clerk, &number, "arrive", &agent).await;
    assert_eq!(refused.refusals(), [("agent_id_invalid".to_owned(), None)]);
    assert_eq!(refused.form_with("button[value=arrive]").value("agent_name"), Some("李雷"), "what was typed stays");
    let both =
        act(&clerk, &number, "arrive", &[("collector", "self"), agent[1], agent[2], ("agent_id", "11010519491231002X")]).await;
    assert_eq!(both.refusals(), [("collector_unclear".to_owned(), None)], "named beside the customer");
    assert!(both.text().contains("填了代理人的姓名或证件号码，选的却是本人"), "{}", both.text());
    assert_eq!(both.form_with("button[value=arrive]").value("agent_name"), Some("李雷"), "what was typed stays");
    let nobody = act(&clerk, &number, "arrive", &[("collector", "agent"), ("agent_name", ""), ("agent_id", "")]).await;
    assert_eq!(nobody.refusals(), [("agent_name_invalid".to_owned(), None), ("agent_id_invalid".to_owned(), None)]);
    let page = act(&clerk, &number, "arrive", &[agent[0], agent[1], agent[2], ("agent_id", "11010519491231002X")]).await;
    let text = page.text();
    assert!(text.contains("代理人 李雷，110105********002X"), "{text}");
    act(&clerk, &number, "complete", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_register WHERE collected_by = '李雷'").await, 1);
}

async fn staff_are_told_before_a_year_begins_whose_holidays_are_not_loaded(bank: &TestBank) {
    let said = "2027 年的放假安排还没有录入";
    assert!(!bank.signed_in("clerk").await.open("/desk").await.text().contains(said));
    bank.set_time("2026-12-01T10:00:00+08:00");
    assert!(bank.signed_in("clerk").await.open("/desk").await.text().contains(said));
}

async fn an_agent_named_self_is_not_the_customer(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let [agent, person] =
        [booked(bank, "c1", BRANCH, "10:00", "50000").await, booked(bank, "c2", BRANCH, "10:00", "50000").await];
    for number in [&agent, &person] {
        act(&clerk, number, "confirm", &[]).await;
    }
    bank.set_time("2026-11-25T10:05:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    let who = [("collector", "agent"), ("agent_name", "self"), ("id_checked", "passport"), ("agent_id", "E12345678")];
    act(&clerk, &agent, "arrive", &who).await;
    act(&clerk, &person, "arrive", &[]).await;
    for number in [&agent, &person] {
        act(&clerk, number, "complete", &[]).await;
    }
    let agents = "SELECT COUNT(*) FROM cash_register r JOIN cash_appointments b ON b.case_number = r.case_number \
                  WHERE r.collector = 'agent' AND r.collected_by = 'self' AND b.arrived_collector = 'agent' AND b.customer_id = 'customer-c1'";
    assert_eq!(bank.number(agents).await, 1);
    let persons = "SELECT COUNT(*) FROM cash_register WHERE collector = 'self' AND collected_by = '客户c2'";
    assert_eq!(bank.number(persons).await, 1);
}

async fn the_purpose_other_is_paid_out_only_with_its_words(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    act(&clerk, &number, "confirm", &[]).await;
    bank.set_time("2026-11-25T10:05:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "arrive", &[]).await;
    let refused = act(&clerk, &number, "complete", &[("purpose", "其他")]).await;
    assert_eq!(refused.refusals(), [("purpose_words_missing".to_owned(), None)]);
    let long = "买".repeat(51);
    let refused = act(&clerk, &number, "complete", &[("purpose", "其他"), ("purpose_other", &long)]).await;
    let cut = "买".repeat(50);
    let nearest = Nearest::of([("purpose_other", cut.clone())]).query();
    assert_eq!(refused.refusals(), [("purpose_words_too_long".to_owned(), Some(nearest))]);
    assert_eq!(refused.words("button[form=offer-0]"), ["只留前面的部分"]);
    let mended = clerk.submit(&refused.form_with("input[type=hidden][name=purpose_other]")).await;
    let form = mended.form_with("button[value=complete]");
    assert_eq!((form.value("purpose"), form.value("purpose_other")), (Some("其他"), Some(&*cut)));
    clerk.submit(&form.with_all(&[("do", "complete"), ("purpose_other", "买古琴")])).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_register WHERE purpose = '其他：买古琴'").await, 1);
}

async fn money_is_paid_out_on_the_booked_day_or_by_a_branch_head_for_a_reason(bank: &TestBank) {
    let (clerk, head) = (bank.signed_in("clerk").await, bank.signed_in("head").await);
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    act(&clerk, &number, "confirm", &[]).await;
    assert!(!sees(&clerk, &number).await.contains(&"arrive".to_owned()), "two days before");
    // A page kept open too long, or a forged post.
    let form = clerk.open(&case(&number)).await.form_with("button[value=prepare]");
    let early = clerk.submit(&form.with_all(&[("do", "arrive"), ("id_checked", "passport")])).await;
    assert_eq!(early.refusals(), [("too_early".to_owned(), None)]);
    // With nothing filled in, everything that is missing is named at once. Why it is another day is for staff, why it is
    // cancelled for the customer: two boxes.
    let page = head.open(&case(&number)).await;
    let empty = page.form_with("button[value=arrive]").with_all(&[("do", "arrive"), ("collector", "agent")]);
    let refused = head.submit(&empty).await;
    let codes: Vec<String> = refused.refusals().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["agent_name_invalid", "agent_id_invalid", "id_missing", "internal_reason_missing"]);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE arrived_as IS NOT NULL").await, 0);
    assert_eq!(refused.words("label[for=internal_reason]"), ["为什么不在约定的那天办理"]);
    let compare = refused.words("#id_checked-hint").join("");
    assert!(compare.contains("442000********1234") && compare.contains("姓氏"), "what the ID is compared with: {compare}");
    assert_eq!(refused.words("label[for=reason]"), ["“建议改约”或“取消预约”的原因"]);
    assert_eq!(refused.words("#internal_reason-hint, #reason-hint"), ["只有行内看得到", "客户会看到"]);
    let typed = act(&head, &number, "cancel", &[("reason", &"长".repeat(1001))]).await;
    assert_eq!(typed.all("textarea[aria-invalid]", "name"), ["reason"]);
    act(&head, &number, "arrive", &[("internal_reason", "客户急用，金库有余款")]).await;
    assert!(!sees(&clerk, &number).await.contains(&"complete".to_owned()));
    let page = act(&head, &number, "complete", &[("internal_reason", "客户急用，金库有余款")]).await;
    assert!(page.text().contains("客户急用，金库有余款"), "history keeps why");
    // The customer sees when it was paid, not a day that is still to come, and not what staff have written for each other.
    let customer = bank.signed_in("c1").await;
    let page = customer.open(&format!("/appointments/{number}")).await;
    assert!(!page.body.contains("客户急用") && bank.number(TOLD).await == 0, "{}", page.text());
    assert!(page.text().contains("取款时间") && page.text().contains("原约时间"), "{}", page.text());
    let told = page.words(".notice, .confirmation, .banner").join(" ");
    assert!(told.contains("11 月 23 日") && !told.contains("11 月 25 日"), "the message, too: {told}");
    assert!(customer.open("/appointments").await.text().contains("原约 "), "in the list, too");
    assert_eq!(bank.count("cash_register").await, 1);
}

async fn a_missing_reason_comes_back_with_what_was_typed(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    let page = clerk.open(&case(&number)).await;
    let form = page.form_with("button[value=decline]");
    assert_eq!(form.value("offered_day"), Some("2026-11-24"), "the nearest day that can serve it is filled in");
    let sunday = form.with_all(&[("do", "decline"), ("reason", "当天押运不够"), ("offered_day", "2026-11-29")]);
    let refused = clerk.submit(&sunday).await;
    assert_eq!(refused.refusals(), [("offered_day_invalid".to_owned(), Some("offered_day=2026-11-24".to_owned()))]);
    assert_eq!(refused.form_with("button[value=decline]").value("reason"), Some("当天押运不够"));
    // One click accepts the offered day; the reason stays.
    let mended = clerk.submit(&refused.form_with("input[name=offered_day][type=hidden]")).await;
    let form = mended.form_with("button[value=decline]");
    assert_eq!((form.value("offered_day"), form.value("reason")), (Some("2026-11-24"), Some("当天押运不够")));
    let page = clerk.submit(&form.with("do", "decline")).await;
    assert!(page.text().contains("原因：“当天押运不够”。可改到 2026 年 11 月 24 日 周二"), "{}", page.text());
    let sql = "SELECT details FROM outbox WHERE kind = 'cash_declined'";
    let mut conn = bank.bank.read().await.expect("a connection");
    let (details,): (String,) = conn.fetch_one(sql, Vec::new()).await.expect("a message");
    let details = serde_json::from_str(&details).expect("json");
    let message = app::messages::text(Language::ZhCn, "cash_declined", &details);
    assert!(message.body.contains("当天押运不够") && message.body.contains("11 月 24 日"), "{message:?}");
}

async fn the_second_clerk_is_told_what_changed_and_overwrites_nothing(bank: &TestBank) {
    let (first, second) = (bank.signed_in("clerk").await, bank.signed_in("colleague").await);
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    let old = second.open(&case(&number)).await.form_with("button[value=decline]");
    act(&first, &number, "confirm", &[]).await;
    let page = second.submit(&old.with_all(&[("do", "decline"), ("reason", "没有空位")])).await;
    assert_eq!(page.refusals(), [("changed".to_owned(), None)]);
    assert!(page.text().contains("职员clerk确认"), "who did what: {}", page.text());
    assert_eq!(page.form_with("textarea[name=reason]").value("reason"), Some("没有空位"), "what was typed stays");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE kind = 'cash_declined'").await, 0);
}

async fn the_same_button_sent_twice_is_one_change_and_no_refusal(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    let form = clerk.open(&case(&number)).await.form_with("button[value=confirm]").with("do", "confirm");
    let twice = [clerk.submit(&form).await, clerk.submit(&form).await];
    assert!(twice.iter().all(|page| page.refusals().is_empty()));
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'confirm'").await, 1);
    // The same action from another page by the same person gets an explanation.
    let number = booked(bank, "c2", BRANCH, "10:00", "50000").await;
    let other = clerk.open(&case(&number)).await.form_with("button[value=confirm]").with("do", "confirm");
    act(&clerk, &number, "confirm", &[]).await;
    assert_eq!(clerk.submit(&other).await.refusals(), [("changed".to_owned(), None)]);
}

async fn notes_are_for_staff_and_written_once(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    let empty = clerk.open(&case(&number)).await.form_with("button[value=note]").with("do", "note");
    assert_eq!(clerk.submit(&empty).await.refusals(), [("note_missing".to_owned(), None)]);
    let form = clerk.open(&case(&number)).await.form_with("button[value=note]");
    let form = form.with_all(&[("do", "note"), ("note", "已电话核实 </textarea><script>")]);
    clerk.submit(&form).await;
    let page = clerk.submit(&form).await;
    assert!(page.text().contains("已电话核实 </textarea><script>"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM case_events WHERE action = 'note'").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'note'").await, 1);
    let theirs = bank.signed_in("c1").await.open(&format!("/appointments/{number}")).await;
    assert_eq!(theirs.status, 200);
    assert!(!theirs.text().contains("已电话核实"));
}

async fn the_queue_is_filtered_counted_and_found_by_number(bank: &TestBank) {
    let desk = bank.signed_in("dispatcher").await;
    assert!(desk.open("/desk").await.text().contains("都答复完了"));
    let first = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    bank.set_time("2026-11-23T15:30:00+08:00");
    // Hours have passed, so the session has ended.
    let desk = bank.signed_in("dispatcher").await;
    let second = booked(bank, "c2", OTHER_BRANCH, "10:00", "60000").await;
    assert_eq!(listed(&desk, "").await, [first.clone(), second.clone()], "the oldest due first");
    assert_eq!(listed(&desk, &format!("?branch={OTHER_BRANCH}")).await, std::slice::from_ref(&second));
    assert!(listed(&desk, "?kind=suggestion").await.is_empty());
    act(&desk, &first, "confirm", &[]).await;
    assert_eq!(listed(&desk, "").await, std::slice::from_ref(&second), "only what waits");
    assert_eq!(listed(&desk, "?state=confirmed").await, std::slice::from_ref(&first));
    assert_eq!(listed(&desk, "?state=all").await.len(), 2);
    let typed = first.to_lowercase().replace('-', "");
    let found = desk.open(&format!("/desk?number={typed}")).await;
    assert_eq!(found.case_number().as_deref(), Some(first.as_str()));
    assert_eq!(desk.get(&case(&typed)).await.location, Some(case(&first)));
    // The filters are kept on a case page and after an action.
    let page = desk.open(&format!("{}?branch={OTHER_BRANCH}", case(&second))).await;
    assert!(page.form_with("button[value=confirm]").action.ends_with(&format!("?branch={OTHER_BRANCH}")));
    assert!(page.text().contains("全部  1") || page.text().contains("全部 1"), "{}", page.text());
}

async fn a_page_of_the_queue_holds_fifty(bank: &TestBank) {
    // Four places per hour: 32 bookings at one branch, the rest at the other.
    let hours =
        |person: usize| if person < 32 { (BRANCH, 9 + person % 8) } else { (OTHER_BRANCH, [9, 10, 11, 14, 15, 16][person % 6]) };
    for person in 0..52 {
        let name = format!("p{person:02}");
        customer(&bank.bank, &name, CustomerKind::Personal).await;
        let (branch, hour) = hours(person);
        booked(bank, &name, branch, &format!("{hour:02}:00"), "50000").await;
    }
    let desk = bank.signed_in("dispatcher").await;
    let first = listed(&desk, "").await;
    let page = desk.open("/desk?kind=cash").await;
    assert!(page.text().contains("第 1–50 条，共 52 条"), "{}", page.text());
    assert_eq!(page.attr("a[rel=prev]", "href"), None, "nothing before the first page");
    let next = page.attr("a[rel=next]", "href").expect("a next page");
    assert!(next.starts_with("/desk?kind=cash&after="), "{next}");
    let second = listed(&desk, next.trim_start_matches("/desk")).await;
    assert_eq!((first.len(), second.len()), (50, 2));
    assert!(second.iter().all(|number| !first.contains(number)));
    let page = desk.open(&next).await;
    assert!(page.text().contains("共 52 条"), "{}", page.text());
    assert_eq!(page.attr("a[rel=next]", "href"), None, "nothing after the last page");
    assert_eq!(page.attr("a[rel=first]", "href").as_deref(), Some("/desk?kind=cash"));
    let back = page.attr("a[rel=prev]", "href").expect("a previous page");
    assert_eq!(listed(&desk, back.trim_start_matches("/desk")).await, first);
    // A page whose first case was answered since still begins after it.
    act(&desk, &first[49], "confirm", &[]).await;
    assert_eq!(listed(&desk, next.trim_start_matches("/desk")).await, second);
    for broken in ["?after=1", "?after=1.QK7", "?before=x.QK7-3M9D-X4V"] {
        let page = desk.open(&format!("/desk{broken}")).await;
        assert!(page.text().contains("链接里的页认不出来"), "{broken}");
        assert_eq!(listed(&desk, broken).await.len(), 50, "{broken} shows the first page");
    }
}

async fn staff_of_a_branch_see_and_count_its_cases_and_no_others(bank: &TestBank) {
    let here = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    let there = booked(bank, "c2", OTHER_BRANCH, "10:00", "60000").await;
    for (name, seen) in [
        ("clerk", vec![&here]),
        ("clerk2", vec![&there]),
        ("head2", vec![&there]),
        ("dispatcher", vec![&here, &there]),
        ("auditor", vec![&here, &there]),
        ("nowhere", vec![]),
    ] {
        let browser = bank.signed_in(name).await;
        let (found, expected) = (BTreeSet::from_iter(listed(&browser, "").await), seen.iter().map(|number| (*number).clone()));
        assert_eq!(found, expected.collect(), "{name}");
        assert_eq!(listed(&browser, &format!("?branch={BRANCH}")).await.contains(&here), seen.contains(&&here), "{name}");
        for number in [&here, &there] {
            let status = if seen.contains(&number) { 200 } else { 404 };
            assert_eq!(browser.get(&case(number)).await.status, status, "{name} opens {number}");
            assert_eq!(listed(&browser, &format!("?number={number}")).await.len(), usize::from(status == 200), "{name}");
        }
    }
}

async fn only_staff_see_the_desk(bank: &TestBank) {
    let number = booked(bank, "c1", BRANCH, "10:00", "50000").await;
    let customer = bank.signed_in("c1").await;
    for path in ["/desk".to_owned(), case(&number)] {
        assert_eq!(customer.get(&path).await.status, 403);
        assert_eq!(bank.signed_in("admin").await.get(&path).await.status, 403);
        assert_eq!(bank.browser().await.get(&path).await.status, 303);
    }
    assert_eq!(customer.post(&case(&number), &pairs(&[("do", "confirm")])).await.status, 403);
    let clerk = bank.signed_in("clerk").await;
    for nobody in ["QK7-ZZZZ-Z", "hello", "QK1-1111-1"] {
        assert_eq!(clerk.get(&case(nobody)).await.status, 404, "{nobody}");
        let sent = pairs(&[("do", "confirm"), ("key", "0191e2f4-5b7a-7c1d-9e8f-001122334455")]);
        assert_eq!(clerk.post(&case(nobody), &sent).await.status, 404);
    }
    let page = clerk.open(&case(&number)).await;
    assert!(!page.text().contains("13800138000") && !page.text().contains("客户c1"), "the card is masked");
}

async fn staff_are_told_of_a_year_without_published_holidays(bank: &TestBank) {
    let told = "2027 年的放假安排还没有录入";
    assert!(!bank.signed_in("clerk").await.open("/desk").await.text().contains(told), "in November nothing reaches it");
    bank.set_time("2026-12-21T10:00:00+08:00");
    assert!(bank.signed_in("clerk").await.open("/desk").await.text().contains(told));
}

on_both_engines!(
    staff_are_told_of_a_year_without_published_holidays,
    each_button_stands_only_where_the_table_allows_it,
    who_came_in_the_customers_stead_is_recorded,
    an_agent_named_self_is_not_the_customer,
    staff_are_told_before_a_year_begins_whose_holidays_are_not_loaded,
    the_purpose_other_is_paid_out_only_with_its_words,
    money_is_paid_out_on_the_booked_day_or_by_a_branch_head_for_a_reason,
    a_missing_reason_comes_back_with_what_was_typed,
    the_second_clerk_is_told_what_changed_and_overwrites_nothing,
    the_same_button_sent_twice_is_one_change_and_no_refusal,
    notes_are_for_staff_and_written_once,
    the_queue_is_filtered_counted_and_found_by_number,
    a_page_of_the_queue_holds_fifty,
    only_staff_see_the_desk,
    staff_of_a_branch_see_and_count_its_cases_and_no_others,
);
