//! What administrators change: calendar, branches, hours, products, reception days, and the delivery of messages. Each preview
//! is compared with what happens then (docs/domain.md §2, §4, §9, §12).

use bank::appointments::reception::Audience;
use bank::branches::reference;
use bank::kernel::time::Day;
use server::commands::demo;

use crate::on_both_engines;
use crate::support::admin::{check, press, propose};
use crate::support::cash::{BookingValues, book, fill_in_answer};
use crate::support::reception::{announce, checked};
use crate::support::seed::{BRANCH, OTHER_BRANCH};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    a_day_with_appointments_is_closed_by_two_and_the_preview_counts_them,
    a_branch_opens_with_two_and_takes_bookings_once_it_has_hours,
    hours_hold_from_their_day_and_booked_slots_stay,
    one_branch_is_closed_on_one_day_and_its_customers_are_told_why,
    a_branch_closes_only_when_nothing_hangs_on_it,
    a_reception_day_is_planned_and_changed_until_somebody_applies,
    given_up_messages_are_counted_and_sent_again,
);

mod demo_bank {
    use super::a_product_rated_up_is_withdrawn_at_once;

    crate::on_both_engines!(blank: a_product_rated_up_is_withdrawn_at_once);
}

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn booked(bank: &TestBank, name: &str, day: &str, slot: &str) -> String {
    let values = BookingValues { branch: BRANCH, day, slot, amount: "60000", notes_100: "" };
    let page = book(&bank.signed_in(name).await, &values).await;
    page.case_number().unwrap_or_else(|| panic!("{name}: {}", page.text()))
}

async fn administrators(bank: &TestBank) -> (Browser, Browser) {
    (bank.signed_in("admin").await, bank.signed_in("admin2").await)
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

async fn a_day_with_appointments_is_closed_by_two_and_the_preview_counts_them(bank: &TestBank) {
    let (admin, second) = administrators(bank).await;
    let first = booked(bank, "c1", "2026-11-26", "10:00").await;
    let last = booked(bank, "c2", "2026-11-26", "11:00").await;
    let clerk = bank.signed_in("clerk").await;
    clerk.open("/desk").await;
    bank.bank.db().record();
    clerk.open("/desk").await;
    let sent = bank.bank.db().recorded();
    let read = sent.iter().filter(|sent| sent.sql.contains("starts_at >=")).count();
    assert_eq!(read, 0, "the tabs of the day are counted already; for closed time nothing is read while nothing has closed");
    let closing = [("date", "2026-11-26"), ("kind", "closed"), ("name", "台风停业")];
    let page = check(&admin, "/admin/calendar/new", &closing).await;
    assert!(page.text().contains("2 笔已有预约落在停业时间") && page.text().contains("提交复核"), "{}", page.text());
    assert!(page.text().contains("要停业的时间里已有预约，要由另一位管理员复核"), "the true cause: {}", page.text());
    let request = admin.submit(&page.form().with("do", "submit")).await.path;
    assert!(reference(&bank.bank).await.unwrap().calendar.is_working(day("2026-11-26")), "not before the second");
    let page = press(&second, &request, "approve", "").await;
    assert!(page.is_applied(), "{}", page.text());
    assert!(reference(&bank.bank).await.unwrap().calendar.is_holiday(day("2026-11-26")));
    // Branch and customer are told; nobody else is.
    let desk = clerk.open("/desk").await;
    assert!(desk.text().contains("2 笔预约落在停业时间"), "{}", desk.text());
    assert!(!bank.signed_in("clerk2").await.open("/desk").await.text().contains("笔预约落在停业时间"), "another branch");
    let listed = clerk.open("/desk?state=closure").await;
    for number in [&first, &last] {
        assert!(listed.text().contains(number.as_str()) && page.text().contains(number.as_str()), "{number}");
        let case = clerk.open(&format!("/desk/cases/{number}")).await;
        assert!(case.text().contains("这笔预约落在停业时间"), "{}", case.text());
    }
    assert!(page.text().contains("石岐") && listed.words(".alarm.late").len() == 2, "{}", listed.text());
    let customer = bank.signed_in("c1").await;
    let own = customer.open(&format!("/appointments/{first}")).await;
    assert!(own.text().contains("网点那天不能办理") && own.has("button[value=cancel]"), "{}", own.text());
    customer.submit(&own.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(clerk.open("/desk").await.text().contains("1 笔预约落在停业时间"));
    let again = booked(bank, "c1", "2026-11-27", "10:00").await;
    assert!(!customer.open(&format!("/appointments/{again}")).await.text().contains("网点那天不能办理"));
    // The appointments stand, as the page said; new ones are refused.
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE live AND day = '2026-11-26'").await, 1);

    // A day without appointments needs no second; it becomes ordinary again.
    let quiet = [("date", "2026-12-31"), ("kind", "closed"), ("name", "停业")];
    let page = propose(&admin, "/admin/calendar/new", &quiet).await;
    assert!(page.is_applied(), "{}", page.text());
    assert!(page.text().contains("已登记，") && page.text().contains("起生效"), "{}", page.text());
    let page = propose(&admin, "/admin/calendar/2026-12-31", &[("kind", "ordinary"), ("name", "")]).await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM calendar_days WHERE day = '2026-12-31'").await, 0);
    // The first day of a year makes it known, and the preview says so.
    let page = check(&admin, "/admin/calendar/new", &[("date", "2027-02-08"), ("kind", "closed"), ("name", "春节")]).await;
    assert!(page.text().contains("2027 年登记的第一天"), "{}", page.text());
    for (date, kind, name, expected) in [
        ("2026-11-20", "closed", "x", "invalid"),
        ("", "closed", "x", "missing"),
        ("2026-12-24", "", "x", "missing"),
        ("2026-12-24", "closed", "", "missing"),
        ("2026-12-24", "ordinary", "", "nothing_changes"),
    ] {
        let page = check(&admin, "/admin/calendar/new", &[("date", date), ("kind", kind), ("name", name)]).await;
        assert_eq!(codes(&page), [expected], "{date} {kind} {name}: {}", page.text());
    }
}

async fn a_branch_opens_with_two_and_takes_bookings_once_it_has_hours(bank: &TestBank) {
    let (admin, second) = administrators(bank).await;
    let new = [
        ("branch", "torch"),
        ("name_zh", "火炬支行"),
        ("name_en", "Torch Branch"),
        ("address_zh", "火炬区中山港大道 1 号"),
        ("address_en", "1 Zhongshangang Avenue"),
        ("phone", "0760-8888 0199"),
        ("latitude", "22.55"),
        ("longitude", "113.5"),
    ];
    let page = check(&admin, "/admin/branches/new/details", &[("branch", BRANCH), ("name_zh", "重名")]).await;
    assert!(codes(&page).contains(&"missing".to_owned()), "{}", page.text());
    let page = check(&admin, "/admin/branches/new/details", &[&new[1..], &[("branch", BRANCH)]].concat()).await;
    assert_eq!(codes(&page), ["already_used"]);
    let page = check(&admin, "/admin/branches/new/details", &new).await;
    let warned = page.words(".change-warning").join(" ");
    assert!(warned.contains("还没有能登录的职员可以在柜台办理、复核"), "nobody works there: {}", page.text());
    // Two of the same code: the second one no longer fits.
    let first = propose(&admin, "/admin/branches/new/details", &new).await.path;
    let again = propose(&admin, "/admin/branches/new/details", &new).await.path;
    assert!(press(&second, &first, "approve", "").await.is_applied());
    assert!(!second.open(&again).await.has("button[value=approve]"), "its code is taken by now");
    assert!(bank.browser().await.open("/").await.text().contains("火炬支行"), "customers see it");

    let hours = [("monday", "9:00-17:00"), ("tuesday", "9:00-17:00"), ("from", "2026-11-23")];
    let page = propose(&admin, "/admin/branches/torch/hours", &hours).await;
    assert!(page.is_applied(), "{}", page.text());
    let values = BookingValues { branch: "torch", day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "" };
    assert!(book(&bank.signed_in("c1").await, &values).await.case_number().is_some());

    let page = propose(&admin, "/admin/branches/torch/details", &[("phone", "0760-8888 0200")]).await;
    assert!(page.is_applied(), "details need no second: {}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM branches WHERE phone = '0760-8888 0200' AND latitude = 22550000").await, 1);
    assert!(admin.open("/admin/branches/torch").await.text().contains("0760-8888 0200"));
}

async fn hours_hold_from_their_day_and_booked_slots_stay(bank: &TestBank) {
    let (admin, second) = administrators(bank).await;
    let number = booked(bank, "c1", "2026-11-26", "16:00").await;
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday"].map(|weekday| (weekday, "09:00-12:00"));
    let fields = [&week[..], &[("from", "2026-11-26")]].concat();
    let page = check(&admin, "/admin/branches/shiqi/hours", &fields).await;
    assert!(page.text().contains("1 笔已有预约落在停业时间"), "{}", page.text());
    let request = admin.submit(&page.form().with("do", "submit")).await.path;
    assert!(press(&second, &request, "approve", "").await.is_applied());
    let branch = reference(&bank.bank).await.unwrap().branch(BRANCH).unwrap().clone();
    let calendar = reference(&bank.bank).await.unwrap().calendar.clone();
    let closing = |on: &str| branch.hours.closing(&calendar, day(on)).map(bank::kernel::time::Time::hour);
    assert_eq!([closing("2026-11-25"), closing("2026-11-26")], [Some(17), Some(12)]);
    let desk = bank.signed_in("clerk").await.open("/desk").await;
    assert!(desk.text().contains("1 笔预约落在停业时间") && desk.text().contains(&number), "{}", desk.text());
    // The booking keeps its slot and its capacity; the afternoon can no longer be booked.
    let live = format!("SELECT COUNT(*) FROM cash_appointments WHERE live AND slot = '16:00' AND case_number = '{number}'");
    assert_eq!(bank.number(sqlx::AssertSqlSafe(live)).await, 1);
    let page = fill_in_answer(
        &bank.signed_in("c2").await,
        &BookingValues { branch: BRANCH, day: "2026-11-26", slot: "15:00", amount: "60000", notes_100: "" },
    )
    .await;
    assert!(!page.refusals().is_empty(), "{}", page.text());
    // A later week stands already: this one ends there, and the page says so.
    let page = check(&admin, "/admin/branches/shiqi/hours", &[("monday", "10:00-11:00"), ("from", "2026-11-24")]).await;
    assert!(page.text().contains("另有已定的值"), "{}", page.text());
    let page = check(&admin, "/admin/branches/shiqi/hours", &[("monday", "9-17"), ("from", "2026-11-24")]).await;
    assert_eq!(codes(&page), ["not_hours"]);
}

async fn one_branch_is_closed_on_one_day_and_its_customers_are_told_why(bank: &TestBank) {
    let (admin, second) = administrators(bank).await;
    let number = booked(bank, "c1", "2026-11-26", "10:00").await;
    let path = format!("/admin/branches/{BRANCH}/closure");
    for (date, kind, why, expected) in [
        ("2026-11-20", "closed", "停电", "day_passed"),
        ("", "closed", "停电", "missing"),
        ("2026-11-26", "closed", "", "missing"),
        ("2026-11-26", "", "停电", "missing"),
        ("2026-11-26", "usual", "", "nothing_changes"),
    ] {
        let page = check(&admin, &path, &[("date", date), ("kind", kind), ("why", why)]).await;
        assert_eq!(codes(&page), [expected], "{date} {kind} {why}: {}", page.text());
    }
    let page = check(&admin, &path, &[("date", "2026-11-26"), ("kind", "closed"), ("why", "线路检修")]).await;
    assert!(page.text().contains("1 笔已有预约落在停业时间") && page.text().contains(&number), "{}", page.text());
    assert!(page.text().contains("要停业的时间里已有预约，要由") && !page.text().contains("资金"), "{}", page.text());
    let request = admin.submit(&page.form().with("do", "submit")).await.path;
    assert!(press(&second, &request, "approve", "").await.is_applied());
    let hours = |branch: &'static str| async move {
        let reference = reference(&bank.bank).await.unwrap();
        reference.branch(branch).unwrap().hours.working(&reference.calendar, day("2026-11-26")).len()
    };
    assert_eq!((hours(BRANCH).await, hours(OTHER_BRANCH).await > 0), (0, true), "one branch only");
    assert!(admin.open(&format!("/admin/branches/{BRANCH}")).await.text().contains("线路检修"));
    // The desk calls, the customer reads why, and nobody books the day there.
    assert!(bank.signed_in("clerk").await.open("/desk").await.text().contains("1 笔预约落在停业时间"));
    let customer = bank.signed_in("c1").await;
    assert!(customer.open(&format!("/appointments/{number}")).await.text().contains("网点因“线路检修”停业"));
    let values = BookingValues { branch: BRANCH, day: "2026-11-26", slot: "11:00", amount: "60000", notes_100: "" };
    let refused = fill_in_answer(&bank.signed_in("c2").await, &values).await;
    assert_eq!(refused.refusals(), [("branch_closed".to_owned(), Some("day=2026-11-27&slot=11:00".to_owned()))]);
    // Open again; nothing is stranded any more, so one administrator is enough.
    let page = propose(&admin, &path, &[("date", "2026-11-26"), ("kind", "usual"), ("why", "")]).await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(bank.count("branch_closures").await, 0);
    assert!(!bank.signed_in("clerk").await.open("/desk").await.text().contains("笔预约落在停业时间"));
}

async fn a_branch_closes_only_when_nothing_hangs_on_it(bank: &TestBank) {
    let (admin, second) = administrators(bank).await;
    let values = BookingValues { branch: OTHER_BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
    let customer = bank.signed_in("c1").await;
    let page = book(&customer, &values).await;
    let path = format!("/admin/branches/{OTHER_BRANCH}/closing");
    let refused = check(&admin, &path, &[("closing", "on")]).await;
    assert_eq!(codes(&refused), ["blocked"]);
    let text = refused.text();
    assert!(text.contains("1 笔预约") && text.contains("1 件单子") && text.contains("2 位员工"), "{text}");
    customer.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    bank.change(&format!("UPDATE users SET branch_id = '{BRANCH}' WHERE branch_id = '{OTHER_BRANCH}'")).await;
    bank.change(&format!("UPDATE customers SET usual_branch_id = '{OTHER_BRANCH}' WHERE id = 'customer-c2'")).await;

    let page = check(&admin, &path, &[]).await;
    assert_eq!(codes(&page), ["missing"], "it must be meant");
    let page = propose(&admin, &path, &[("closing", "on")]).await;
    assert!(page.text().contains("1 位客户常去这个网点"), "{}", page.text());
    assert!(press(&second, &page.path, "approve", "").await.is_applied());
    assert_eq!(bank.number("SELECT COUNT(*) FROM customers WHERE usual_branch_id = 'dongqu'").await, 0);
    assert!(!bank.browser().await.open("/").await.text().contains("东区支行"), "customers do not see it");
    assert_eq!(admin.get(&format!("/admin/branches/{OTHER_BRANCH}")).await.status, 404);
    let old = customer.open("/appointments").await;
    assert!(old.text().contains("东区支行"), "its name stays in old cases: {}", old.text());
}

async fn a_reception_day_is_planned_and_changed_until_somebody_applies(bank: &TestBank) {
    let (admin, _) = administrators(bank).await;
    let plan = [
        ("branch", BRANCH),
        ("day", "2026-12-02"),
        ("slots", "9:30，10:00"),
        ("places", "2"),
        ("host_name", "何静"),
        ("host_title_zh", "行长"),
        ("host_title_en", "branch manager"),
        ("topic_zh", "网点服务"),
        ("topic_en", "Service"),
        ("place_zh", "二楼"),
        ("place_en", "Second floor"),
        ("audience", "all"),
        ("registration_from", "2026-11-23"),
        ("registration_until", "2026-12-01"),
    ];
    for (field, value, expected) in [
        ("slots", "ten", "not_start_times"),
        ("slots", "10:00,9:30", "not_start_times"),
        ("slots", "8:00", "invalid"),
        ("slots", "9:30,9:40", "invalid"),
        ("day", "2026-11-22", "invalid"),
        ("places", "0", "not_a_whole_number"),
        ("registration_until", "2026-12-03", "contradicts"),
    ] {
        let fields: Vec<_> = plan.into_iter().map(|(name, typed)| (name, if name == field { value } else { typed })).collect();
        let page = check(&admin, "/admin/receptions/new", &fields).await;
        assert!(codes(&page).contains(&expected.to_owned()), "{field} {value}: {:?}", codes(&page));
    }
    let page = propose(&admin, "/admin/receptions/new", &plan).await;
    assert!(page.is_applied() && page.text().contains("共 4 个名额"), "{}", page.text());
    assert_eq!(bank.number("SELECT CAST(SUM(capacity) AS BIGINT) FROM reception_slots").await, 4);
    assert_eq!(codes(&check(&admin, "/admin/receptions/new", &plan).await), ["already_used"], "one a day");

    let change = admin.open("/admin/receptions").await.all("a[href^='/admin/receptions/']", "href");
    let change = change.into_iter().find(|href| !href.ends_with("/new")).expect("a planned day");
    let page = propose(&admin, &change, &[("places", "3")]).await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(bank.number("SELECT CAST(SUM(capacity) AS BIGINT) FROM reception_slots").await, 6);

    let customer = bank.signed_in("c1").await;
    let form = checked(&customer, "2026-12-02", "10:00").await;
    assert!(customer.submit(&form).await.case_number().is_some());
    let page = admin.open(&change).await;
    let page = admin.submit(&page.form().with_all(&[("called_off", "on"), ("do", "check")])).await;
    assert_eq!(codes(&page), ["blocked"], "{}", page.text());
    // Another day is called off.
    announce(&bank.bank, OTHER_BRANCH, "2026-12-03", Audience::All, 2).await;
    let listed = admin.open("/admin/receptions").await.all("a[href^='/admin/receptions/']", "href");
    let other = listed.into_iter().find(|href| !href.ends_with("/new") && *href != change).expect("the other day");
    let page = propose(&admin, &other, &[("called_off", "on")]).await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(bank.count("receptions").await, 1);
}

async fn given_up_messages_are_counted_and_sent_again(bank: &TestBank) {
    booked(bank, "c1", "2026-11-26", "10:00").await;
    booked(bank, "c2", "2026-11-26", "11:00").await;
    let at = bank.bank.now().0;
    bank.change(&format!("UPDATE outbox SET dead_at = {at}, failure = 'gateway closed', attempts = 6")).await;
    let admin = bank.signed_in("admin").await;
    let page = admin.open("/admin/messages").await;
    let text = page.text();
    // No channel is connected: nothing waits to be sent.
    assert!(text.contains("还没有接入短信通道") && !text.contains("等待发送"), "{text}");
    assert!(text.contains("gateway closed") && text.contains("重新发送 2 条"), "{text}");
    assert!(!text.contains("客户c1") && !text.contains("QK"), "no customer and no case: {text}");
    let form = page.form_with("input[name=kind]");
    let page = admin.submit(&form.clone().with("do", "retry")).await;
    assert!(page.text().contains("2 条消息将重新发送"), "{}", page.text());
    let due = "SELECT COUNT(*) FROM outbox WHERE dead_at IS NULL AND attempts = 0 AND failure IS NULL";
    assert_eq!(bank.number(due).await, 2);
    assert!(admin.submit(&form.with("do", "retry")).await.text().contains("0 条消息将重新发送"), "pressed twice");

    // Beyond the quota of the number, or outdated: counted, not sent.
    bank.change(&format!("UPDATE outbox SET dead_at = {at}, failure = 'quota'")).await;
    assert!(!admin.open("/admin/messages").await.has("button[value=retry]"));
    let forced = pairs(&[("do", "retry"), ("kind", "cash_submitted"), ("reason", "quota")]);
    admin.post("/admin/messages", &forced).await;
    bank.change(&format!("UPDATE outbox SET failure = 'gateway closed', created_at = {}", at - 3 * 24 * 3_600_000)).await;
    admin.post("/admin/messages", &pairs(&[("do", "retry"), ("kind", "cash_submitted"), ("reason", "gateway closed")])).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE dead_at IS NULL").await, 0);
    assert_eq!(bank.signed_in("auditor").await.get("/admin/messages").await.status, 403);
}

async fn a_product_rated_up_is_withdrawn_at_once(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    let (admin, second) = administrators(bank).await;
    let shown = "SELECT COUNT(*) FROM (SELECT DISTINCT product_code FROM gate_decisions WHERE admitted = TRUE) AS shown";
    let customer = bank.signed_in("c1001").await;
    let consent = customer.open("/recommendations").await;
    if consent.has("button[value=consent]") {
        customer.submit(&consent.form_with("button[value=consent]").with("do", "consent")).await;
    }
    let page = customer.open("/recommendations").await;
    assert!(bank.number(shown).await > 0);
    let rated: Vec<(String,)> = bank
        .bank
        .read()
        .await
        .unwrap()
        .fetch_all(
            "SELECT code FROM products p WHERE definition LIKE '%\"seller_level\":\"R%' AND EXISTS \
             (SELECT 1 FROM gate_decisions d WHERE d.product_code = p.code AND d.admitted = TRUE) ORDER BY position",
            Vec::new(),
        )
        .await
        .unwrap();
    let code = rated.into_iter().map(|(code,)| code).find(|code| page.has(&format!("a[href^='/products/{code}']")));
    let code = code.expect("a rated product is shown");
    let path = format!("/admin/products/{code}");
    // Other texts and an end of sale need no second; a word the rules forbid is refused.
    let refused = check(&admin, &path, &[("summary_zh", "高收益，秒到账")]).await;
    assert!(codes(&refused).contains(&"forbidden_word".to_owned()), "{:?}", codes(&refused));
    let page = check(&admin, &path, &[("seller_level", "R5")]).await;
    assert!(page.text().contains("1 位客户能看到这个产品") && page.text().contains("提交复核"), "{}", page.text());
    let request = admin.submit(&page.form().with("do", "submit")).await.path;
    assert!(customer.open("/recommendations").await.has(&format!("a[href^='/products/{code}']")), "not yet");
    assert!(press(&second, &request, "approve", "").await.is_applied());
    assert!(!customer.open("/recommendations").await.has(&format!("a[href^='/products/{code}']")), "withdrawn at once");
    let page = propose(&admin, &path, &[("state", "withdrawn")]).await;
    assert!(page.is_applied(), "{}", page.text());
}
