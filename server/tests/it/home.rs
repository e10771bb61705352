//! The home page for each kind of visitor, and the public page about complaints.

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, act, book};
use crate::support::{Browser, TestBank, pairs, reception, seed};

on_both_engines!(
    a_visitor_sees_what_one_can_do_the_free_days_and_what_is_promised,
    the_branches_have_a_page_with_todays_hours_and_the_earliest_day,
    the_board_follows_the_bookings_and_shows_no_amount,
    the_next_reception_stands_on_its_tile,
    a_draft_says_what_it_is_about_and_is_discarded_here,
    unread_answers_are_counted,
    what_a_customer_did_is_no_answer,
    the_visits_after_the_next_stand_below_it,
    after_the_deadline_only_the_phone_number_is_left,
    a_home_page_takes_a_fixed_number_of_statements,
    a_customer_is_greeted_and_goes_on_with_what_was_begun,
    the_next_appointment_stands_on_the_first_page_until_it_is_given_up,
    staff_go_on_to_the_desk_and_the_administrator_sees_no_customer,
    only_a_customer_notes_an_answer,
    a_survey_that_is_not_published_is_not_linked,
    the_complaint_process_names_phone_address_mail_and_times_in_both_languages,
);

async fn a_visitor_sees_what_one_can_do_the_free_days_and_what_is_promised(bank: &TestBank) {
    let page = bank.browser().await.open("/").await;
    assert_eq!(page.status, 200);
    assert!(page.has("a[href='/login']") && page.has("a.tile[href='/appointments/new/cash']") && page.has("a[href='/branches']"));
    let text = page.text();
    assert!(text.contains("50,000 元起可约") && text.contains("最早 明天"), "{text}");
    let rows = page.words(".board li");
    assert!(rows.len() == 2 && rows[0].contains("石岐支行") && rows[0].contains("明天 11 月 24 日 周二"), "{rows:?}");
    // The promises name the times in force now: by when every branch answers, until when one cancels.
    let promised = page.words(".promises li").join(" ");
    for words in ["今天 17:00 前答复", "工作日 15:00 前", "30 分钟以内"] {
        assert!(promised.contains(words), "{words}: {promised}");
    }
    bank.change("DELETE FROM branch_hours WHERE branch_id = 'dongqu' AND weekday = 1").await;
    let promised = bank.browser().await.open("/").await.words(".promises li").join(" ");
    assert!(promised.contains("明天 17:00 前答复"), "the other branch does not work today: {promised}");
}

async fn the_branches_have_a_page_with_todays_hours_and_the_earliest_day(bank: &TestBank) {
    let text = bank.browser().await.open("/branches").await.text();
    assert!(text.contains("石岐支行") && text.contains("今天 09:00–17:00") && text.contains("孙文中路"), "{text}");
    assert!(text.contains("最早哪天能取：明天 11 月 24 日 周二，余"), "{text}");
    bank.set_time("2026-11-22T10:00:00+08:00");
    assert!(bank.signed_in("c1").await.open("/branches").await.text().contains("今天不营业"), "a Sunday");
}

async fn the_board_follows_the_bookings_and_shows_no_amount(bank: &TestBank) {
    let visitor = bank.browser().await;
    let row = async || visitor.open("/").await.words(".board li").remove(0);
    let before = row().await;
    let values = BookingValues { branch: seed::BRANCH, day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "" };
    book(&bank.signed_in("c1").await, &values).await;
    let after = row().await;
    assert_ne!(before, after, "a place less");
    assert!(!after.contains('元') && !after.contains("60,000"), "{after}");
    // A day without cash is not offered, whatever places it has.
    bank.change("UPDATE cash_totals SET total = reserved WHERE day = '2026-11-24'").await;
    let row = row().await;
    assert!(row.contains("11 月 25 日"), "{row}");
}

async fn the_next_reception_stands_on_its_tile(bank: &TestBank) {
    let tile = "a.tile[href='/appointments/new/reception']";
    let visitor = bank.browser().await;
    assert!(visitor.open("/").await.words(tile)[0].contains("与网点负责人当面谈"), "none is planned");
    // A nearer one for some customers only is not shown to everybody.
    reception::announce(&bank.bank, seed::BRANCH, "2026-11-25", Audience::Vip, 7).await;
    reception::announce(&bank.bank, seed::BRANCH, "2026-12-01", Audience::All, 2).await;
    for browser in [&visitor, &bank.signed_in("c1").await] {
        let words = browser.open("/").await.words(tile).remove(0);
        assert!(words.contains("12 月 1 日 周二，余 6 位"), "{words}");
    }
    bank.change("UPDATE reception_slots SET reserved = capacity").await;
    assert!(visitor.open("/").await.words(tile)[0].contains("与网点负责人当面谈"), "full");
}

async fn a_draft_says_what_it_is_about_and_is_discarded_here(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open("/appointments/new/cash").await.form();
    let page = browser.submit(&form.with_all(&[("branch", seed::BRANCH), ("day", "2026-11-24"), ("slot", "10:00")])).await;
    browser.submit(&page.form().with_all(&[("amount", "80000"), ("any_notes", "yes")])).await;
    let home = browser.open("/").await;
    let said = home.words(".home-waiting .card-head").join(" ");
    for words in ["石岐支行 · 11 月 24 日 周二 · 80,000 元", "今天 10:00 存好，给您留到 12 月 23 日"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!bank.signed_in("c2").await.open("/").await.has(".home-waiting .card-head"), "somebody else's");
    let discard = home.form_with("form[action='/appointments/new/cash'] button[value=discard]");
    browser.submit(&discard.with("do", "discard")).await;
    assert!(!browser.open("/").await.has(".home-waiting .card-head"));
}

async fn unread_answers_are_counted(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let clerk = bank.signed_in("clerk").await;
    for day in ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"] {
        let values = BookingValues { branch: seed::BRANCH, day, slot: "10:00", amount: "60000", notes_100: "" };
        let number = book(&browser, &values).await.case_number().expect("a booking");
        act(&clerk, &number, "confirm", &[]).await;
    }
    let home = browser.open("/").await;
    assert!(home.text().contains("4 条新答复") && home.text().contains("再看 1 条"), "{}", home.text());
    assert_eq!(home.words(".news li").len(), 4);
    browser.submit(&home.form_with(".news button[value=noted]").with("do", "noted")).await;
    assert!(browser.open("/").await.text().contains("3 条新答复"));
}

async fn what_a_customer_did_is_no_answer(bank: &TestBank) {
    reception::announce(&bank.bank, seed::BRANCH, "2026-12-01", Audience::All, 2).await;
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: seed::BRANCH, day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "" };
    let booked = book(&browser, &values).await;
    let applied = browser.submit(&reception::checked(&browser, "2026-12-01", "14:00").await).await;
    for case in [booked, applied] {
        let form = case.form_with("button[name=do][value=cancel]").with("do", "cancel");
        assert!(browser.post(&form.action, &form.fields).await.location.is_some_and(|to| to.ends_with("#answer")));
        let page = browser.open(&case.path).await;
        assert!(page.has("#answer h1") && !page.has("button[value=read]"), "nothing to be noted: {}", page.text());
    }
    let home = browser.open("/").await;
    assert!(!home.text().contains("新答复") && !home.has(".news"), "{}", home.text());
}

async fn the_visits_after_the_next_stand_below_it(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let mut paths = Vec::new();
    for day in ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"] {
        let values = BookingValues { branch: seed::BRANCH, day, slot: "10:00", amount: "60000", notes_100: "" };
        paths.push(book(&browser, &values).await.path);
        let home = browser.open("/").await;
        assert!(home.has(&format!(".visit a[href='{}']", paths[0])), "the next one");
        let later = home.all(".later .rows a", "href");
        assert_eq!(later, paths[1..paths.len().min(4)], "the others in their order");
    }
    let home = browser.open("/").await;
    let said = home.words(".later li").remove(0);
    assert!(said.contains("11 月 25 日 周三 10:00–11:00") && said.contains("石岐支行"), "{said}");
    assert!(home.has(".later a[href='/appointments']") && home.words(".later").join("").contains("再看 1 个"));
}

async fn after_the_deadline_only_the_phone_number_is_left(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: seed::BRANCH, day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "" };
    let number = book(&browser, &values).await.case_number().expect("a booking");
    let cancel = format!(".visit a[href='/appointments/{number}#cancel']");
    let home = browser.open("/").await;
    assert!(home.has(&cancel) && home.text().contains("明天 15:00 前可以在这里取消"), "{}", home.text());
    bank.set_time("2026-11-24T15:00:00+08:00");
    let home = bank.signed_in("c1").await.open("/").await;
    assert!(!home.has(&cancel) && home.has(".visit .actions a[href^='tel:']"), "{}", home.text());
}

async fn a_home_page_takes_a_fixed_number_of_statements(bank: &TestBank) {
    let statements = async |browser: &Browser| {
        browser.open("/").await;
        let before = bank.bank.db().counted();
        browser.open("/").await;
        let after = bank.bank.db().counted();
        (after.reads - before.reads, after.writes - before.writes)
    };
    let (visitor, customer) = (bank.browser().await, bank.signed_in("c1").await);
    let before = [statements(&visitor).await, statements(&customer).await];
    bank.change(
        "INSERT INTO branches (id, name_zh, name_en, address_zh, address_en, phone, position) \
         SELECT id || '-' || n, name_zh, name_en, address_zh, address_en, phone, position + n * 100 FROM branches, \
         (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) more",
    )
    .await;
    assert_eq!([statements(&visitor).await, statements(&customer).await], before, "none for a branch");
    let ([visitors, customers], [.., writes]) = (before.map(|(reads, _)| reads), before.map(|(_, writes)| writes));
    assert!(visitors <= 5 && customers <= 13 && writes == 0, "{before:?}");
}

async fn a_customer_is_greeted_and_goes_on_with_what_was_begun(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    assert!(browser.open("/").await.text().contains("客户c1，上午好"));
    let form = browser.open("/appointments/new/cash").await.form().with("branch", seed::BRANCH);
    let key = form.value("key").expect("a key").to_owned();
    browser.post(&form.action, &form.fields).await;
    let page = browser.open("/").await;
    assert!(page.has(&format!("a[href='/appointments/new/cash?key={key}']")), "{}", page.text());
    let company = bank.signed_in("k1").await.open("/").await;
    assert!(!company.has("a.tile[href^='/surveys']") && !company.has("a[href='/recommendations']"));
}

async fn the_next_appointment_stands_on_the_first_page_until_it_is_given_up(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: seed::BRANCH, day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "" };
    let case = book(&browser, &values).await;
    let number = case.case_number().expect("a booking");
    let link = format!(".visit a[href='/appointments/{number}']");
    let page = browser.open("/").await;
    let said = page.words(".visit").join(" ");
    for words in ["明天，还有 24 小时", "10:00–11:00", "石岐支行", "等网点答复", "看地图"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // The visit comes first, then what was begun, then answers and tasks.
    browser.submit(&browser.open("/suggestions/new").await.form().with_all(&[("content", "早点开门"), ("do", "draft")])).await;
    let body = browser.open("/").await.body;
    let at = |part: &str| body.find(part).unwrap_or_else(|| panic!("no {part}"));
    assert!(at("class=\"visit\"") < at("早点开门") && at("早点开门") < at("class=\"tiles\""));
    assert!(!bank.signed_in("c2").await.open("/").await.has(&link), "somebody else's");
    browser.submit(&case.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(!browser.open("/").await.has(&link), "given up");
}

async fn staff_go_on_to_the_desk_and_the_administrator_sees_no_customer(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await.get("/").await;
    assert_eq!((clerk.status, clerk.location.as_deref()), (303, Some("/desk")));
    let admin = bank.signed_in("admin").await;
    assert_eq!(admin.get("/").await.location.as_deref(), Some("/admin"));
    let text = admin.open("/settings").await.text();
    assert!(text.contains("50,000 元") && text.contains("15:00") && !text.contains("客户c1"));
}

async fn a_survey_that_is_not_published_is_not_linked(bank: &TestBank) {
    assert_eq!(bank.count("surveys").await, 0);
    for browser in [bank.browser().await, bank.signed_in("c1").await] {
        let links = browser.open("/").await.all("a[href^='/surveys/']", "href");
        assert!(links.is_empty(), "{links:?}");
    }
}

async fn only_a_customer_notes_an_answer(bank: &TestBank) {
    let noted = pairs(&[("do", "noted"), ("number", "QK7-3M9D-X4V")]);
    assert_eq!(bank.signed_in("c1").await.post("/", &noted).await.location.as_deref(), Some("/#waiting"));
    assert_eq!(bank.signed_in("clerk").await.post("/", &noted).await.status, 403);
}

async fn the_complaint_process_names_phone_address_mail_and_times_in_both_languages(bank: &TestBank) {
    let browser = bank.browser().await;
    let text = browser.open("/complaints").await.text();
    for words in ["15 日", "30 日", "60 日", "核查", "调解", "仲裁", "诉讼", "@"] {
        assert!(text.contains(words), "{words}");
    }
    browser.post("/language", &pairs(&[("language", "en"), ("to", "/complaints")])).await;
    assert!(browser.open("/complaints").await.text().contains("Within 15 days"));
}
