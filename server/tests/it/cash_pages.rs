//! The cash form and the page of a booking in a browser without scripts: one choice opens the next field, nothing is refused
//! before its field was shown, one click accepts an offered value, a case number is accepted in any spelling but only from
//! its owner, and cancelling ends at the cut-off.

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, act, book, fill_in, fill_in_answer};
use crate::support::seed::{BRANCH, OTHER_BRANCH, parameter};
use crate::support::{Answer, TestBank, pairs};

/// The Wednesday after the tests' Monday.
const DAY: &str = "2026-11-25";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: DAY, slot: "10:00", amount: "60000", notes_100: "600" };

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn one_choice_opens_the_next_and_nothing_is_refused_before_it_was_offered(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    assert_eq!(page.all("[name=branch]", "value"), [BRANCH, OTHER_BRANCH]);
    assert!(!page.has("[name=branch][checked]") && !page.has("[name=day]"), "nothing is chosen beforehand");
    let page = browser.submit(&page.form().with("branch", BRANCH)).await;
    assert_eq!(codes(&page), [""; 0]);
    assert_eq!(page.all("[name=day]", "value").len(), 5);
    assert!(!page.has("[name=slot]"));
    let page = browser.submit(&page.form().with("day", DAY)).await;
    assert_eq!(codes(&page), [""; 0]);
    assert_eq!(page.attr("[name=slot][value='10:00']", "data-places").as_deref(), Some("4"));
    // Now the slot field has been shown, and is empty.
    let page = browser.submit(&page.form()).await;
    let refused = page.refusals();
    assert_eq!(refused, [("slot_missing".to_owned(), Some("day=2026-11-25&slot=09:00".to_owned()))]);
    assert!(page.has(".refusal a[href='#slot']") && page.has("#slot"), "the refusal leads to its field");
    // A script shows days and times at once and says so: then they are missing at once, in one summary.
    let fresh = browser.open(NEW).await.form();
    let page = browser.submit(&fresh.clone().with_all(&[("branch", BRANCH), ("shown", "day")])).await;
    assert_eq!(codes(&page), ["day_missing"]);
    assert!(page.has("#errors a[href='#day']") && page.has("#errors[autofocus]"));
    let page = browser.submit(&page.form().with_all(&[("day", DAY), ("shown", "day slot")])).await;
    assert_eq!(codes(&page), ["slot_missing"]);
}

async fn a_chosen_branch_is_one_line_and_what_opens_is_where_the_page_continues(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    assert!(
        page.has(".branch-pick[open] [name=branch]") && !page.has(".branch-pick-chosen"),
        "nothing is chosen: the list is open"
    );
    let to = browser.post(NEW, &page.form().with("branch", BRANCH).fields).await.location.unwrap_or_default();
    assert!(to.ends_with("#days"), "{to}");
    let page = browser.open(&to).await;
    assert!(page.has(".branch-pick-chosen:not([open]) [name=branch][checked]") && page.has("#days [name=day]"), "folded");
    let line = page.words(".branch-pick summary").join(" ");
    assert!(line.contains("石岐支行") && line.contains("孙文中路 128 号") && line.contains("换网点"), "{line}");
    assert_eq!(page.words(".month-free"), ["5 天可约"]);
    let to = browser.post(NEW, &page.form().with("day", DAY).fields).await.location.unwrap_or_default();
    assert!(to.ends_with("#slots") && browser.open(&to).await.has("#slots [name=slot]"), "{to}");
    // Another branch keeps the day; with nothing new to open the page begins at its top.
    let page = browser.open(&to).await;
    let to = browser.post(NEW, &page.form().with("branch", OTHER_BRANCH).fields).await.location.unwrap_or_default();
    assert!(!to.contains('#'), "{to}");
    // A refused branch is shown with the list open.
    let page = browser.open(&page.path).await;
    let odd = browser.submit(&page.form().with("branch", "nowhere")).await;
    assert!(odd.has(".branch-pick[open]"), "{}", odd.text());
}

async fn days_stand_in_their_month_and_only_free_ones_can_be_chosen(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    book(&browser, &BookingValues { day: "2026-11-24", ..BOOKING }).await;
    let full = format!("INSERT INTO cash_totals (branch_id, day, total, reserved) VALUES ('{BRANCH}', '2026-11-26', 1, 1)");
    bank.change(&full).await;
    let page = browser.open(NEW).await;
    let page = browser.submit(&page.form().with("branch", BRANCH)).await;
    assert_eq!(page.all("[name=day]", "value"), ["2026-11-25", "2026-11-27", "2026-11-30"], "one day is one's own, one is full");
    assert_eq!(page.words(".month-free"), ["3 天可约"]);
    let said = page.attr("#day[value='2026-11-25']", "aria-label").unwrap_or_default();
    assert!(said.starts_with("11 月 25 日 周三 余 "), "{said}");
    assert_eq!(page.words(".month-title b"), ["2026 年 11 月"]);
    assert_eq!(page.words(".month-heads"), ["一二三四五六日"]);
    let weeks = page.words(".month-week:not(.month-heads)");
    assert_eq!(weeks.len(), 2, "from this week to the end of the month: {weeks:?}");
    assert!(
        weeks[0].starts_with("23今天24已约") && weeks[0].contains("26约满") && weeks[0].ends_with("28不办29不办"),
        "{weeks:?}"
    );
    // A branch may be open on a day without large cash; and later days open one by one.
    let hint = page.words("#day-hint").join("");
    assert!(hint.contains("可约到 11 月 30 日 周一") && hint.contains("周末和节假日"), "{hint}");
    let english = browser.send(&page.path, &[("accept-language", "en")], None).await;
    assert_eq!(
        (english.words(".month-title b"), english.words(".month-heads")),
        (vec!["Nov 2026".to_owned()], vec!["MonTueWedThuFriSatSun".to_owned()])
    );
}

async fn everything_at_once_goes_straight_to_the_check_page(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    let key = page.form().value("key").unwrap_or_default().to_owned();
    let account = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", DAY), ("slot", "10:00")])).await;
    let account = account.all("[name=account]", "value").remove(0);
    let all = [
        ("branch", BRANCH),
        ("day", DAY),
        ("slot", "10:00"),
        ("account", &account),
        ("amount", "60,000 元"),
        ("notes_100", "600"),
        ("notes_50", ""),
        ("collector", "self"),
        ("agent_name", "1"),
        ("key", &key),
        ("version", "1"),
    ];
    let answer = browser.post(NEW, &pairs(&all)).await;
    let page = browser.open(answer.location.as_deref().unwrap_or_default()).await;
    assert!(page.has("button[name=do][value=book]"), "{:?}", page.refusals());
    // Without a step the URL of the key leads to the first open step; an earlier step can be requested.
    assert!(browser.open(&format!("{NEW}?key={key}&step=where")).await.has("[name=branch][checked]"));
}

async fn a_booking_has_a_number_that_only_its_owner_finds_however_it_is_typed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = fill_in(&browser, &BOOKING).await;
    let answer = browser.post(&form.action, &form.fields).await;
    let location = answer.location.unwrap_or_default();
    let page = browser.open(&location).await;
    let number = page.case_number().unwrap_or_else(|| panic!("no case, but {:?}", page.refusals()));
    assert_eq!(location, format!("/appointments/{number}#answer"), "what is answered has the focus");
    assert!(page.has("#answer[tabindex='-1'] h1"), "{}", page.text());
    let location = format!("/appointments/{number}");
    assert!(page.text().contains("60,000 元") && page.text().contains("100 元 600 张"));
    let typed = number.to_lowercase().replace('-', "");
    assert_eq!(browser.open(&format!("/appointments/{typed}")).await.case_number(), Some(number.clone()));
    assert!(browser.open("/appointments").await.text().contains(&number));
    assert_eq!(bank.signed_in("c2").await.get(&location).await.status, 404);
    // A repeated post leads to the same case; other values under the same key get an explanation.
    assert_eq!(browser.post(&form.action, &form.fields).await.location, Some(format!("{location}#answer")));
    let other = browser.post(&form.action, &form.clone().with("amount", "70000").fields).await;
    let to = other.location.unwrap_or_default();
    assert!(to.starts_with(&format!("{location}?notice=already&draft=")), "{to}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments").await, 1);
}

async fn a_companys_operator_is_said_to_come_in_person_on_the_check_page_and_on_the_booking(bank: &TestBank) {
    let browser = bank.signed_in("k1").await;
    let check = fill_in_answer(&browser, &BOOKING).await;
    let booked = browser.submit(&check.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert!(booked.case_number().is_some(), "{:?}", booked.refusals());
    let says = |page: &Answer, who: &str| page.words("dd").iter().any(|words| words.trim().starts_with(who));
    for page in [&check, &booked] {
        assert!(says(page, "经办人本人"), "{}: {:?}", page.path, page.words("dd"));
    }
    let english = browser.send(&booked.path, &[("accept-language", "en")], None).await;
    assert!(says(&english, "Myself, the operator"), "{:?}", english.words("dd"));
    // A personal customer collects the cash in person.
    let booked = book(&bank.signed_in("c1").await, &BOOKING).await;
    assert!(says(&booked, "本人"), "{:?}", booked.words("dd"));
}

async fn from_when_cash_can_and_must_be_booked_is_said_with_the_parameters(bank: &TestBank) {
    for (name, yuan) in [("cash_minimum", "60000"), ("cash_mandatory_from", "300000")] {
        parameter(&bank.bank, name, yuan).await;
    }
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    let amount = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", DAY), ("slot", "10:00")])).await;
    let refused = browser.submit(&amount.form().with_all(&[("amount", "59999"), ("any_notes", "yes")])).await;
    assert_eq!(refused.refusals()[0].0, "amount_below_minimum");
    // The tile of a customer shows the earliest day instead.
    let visitors = "/";
    let pages = [
        (visitors, ["60,000 元起可约", "300,000 元起须预约"], ["From CNY 60,000", "required from CNY 300,000"]),
        (
            &amount.path,
            ["60,000 元起可以预约", "300,000 元起必须预约"],
            ["You can book from CNY 60,000", "from CNY 300,000 you must"],
        ),
        (
            &refused.path,
            ["不到 60,000 元，不用预约", "300,000 元起必须预约"],
            ["Less than CNY 60,000: no booking needed", "From CNY 300,000 you must book"],
        ),
    ];
    let visitor = bank.browser().await;
    for (path, chinese, english) in pages {
        let browser = if path == visitors { &visitor } else { &browser };
        let said = browser.open(path).await.text();
        assert!(chinese.iter().all(|words| said.contains(words)), "{path}: {said}");
        let said = browser.send(path, &[("accept-language", "en")], None).await.text();
        assert!(english.iter().all(|words| said.contains(words)), "{path}: {said}");
    }
}

async fn a_refused_amount_is_mended_by_the_offered_one(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", DAY), ("slot", "10:00")])).await;
    let page = browser.submit(&page.form().with_all(&[("amount", "30000"), ("any_notes", "yes")])).await;
    assert_eq!(page.refusals()[0], ("amount_below_minimum".to_owned(), Some("amount=50000".to_owned())));
    // Nobody is led to a larger amount: the way out is to come, the offer is not the main button.
    let text = page.text();
    assert!(text.contains("不到 50,000 元，不用预约") && text.contains("石岐支行今天营业到 17:00"), "{text}");
    assert!(text.contains("要预约的话，可以改成 50,000 元"), "{text}");
    assert!(page.has("#errors .button-secondary[form=offer-0]") && !page.has("#errors .button:not(.button-secondary)"));
    assert_eq!(page.form().value("amount"), Some("30000"), "what was typed stays");
    let page = browser.submit(&page.form_with("input[type=hidden][name=amount]")).await;
    assert!(page.has("[name=collector]"), "on to the next step: {:?}", page.refusals());
}

async fn a_booking_is_a_ticket_with_what_to_bring_and_one_timeline(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = book(&browser, &BOOKING).await;
    let number = page.case_number().expect("a booking");
    assert!(page.has(&format!("main .ticket .ticket-number [data-case-number='{number}']")) && page.has(".ticket svg.qr path"));
    let rows = page.words(".ticket-rows li").join(" | ");
    for words in [
        "11 月 25 日 周三 10:00–11:00",
        "过了 11:30 算未到",
        "石岐支行",
        "那天 09:00–17:00 营业",
        "60,000 元",
        "本人带身份证件原件",
        "和尾号 1234 的卡或存折",
    ] {
        assert!(rows.contains(words), "{words}: {rows}");
    }
    assert!(page.has(".ticket-rows a[href^='https://uri.amap.com/search?keyword=']") && page.has(".ticket-rows a[href^='tel:']"));
    // Calendar and cancelling are right under the ticket; what happened and what comes is one list.
    assert!(page.has(".ticket + .stack a.button[href$='/calendar']") && page.has(".ticket + .stack button[value=cancel]"));
    assert_eq!((page.words(".timeline").len(), page.words(".stage-now").len(), page.words(".stage-ahead").len()), (1, 1, 1));
    // A company brings its seals and a cheque; a large amount is approved.
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let company = book(&bank.signed_in("k1").await, &BOOKING).await;
    let rows = company.words(".ticket-rows li").join(" | ");
    assert!(rows.contains("和单位预留印鉴、现金支票") && rows.contains("60,000 元起，由网点负责人复核"), "{rows}");
    // What has ended is no ticket.
    let over = browser.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(!over.has(".ticket") && over.case_number() == Some(number), "{}", over.text());
}

async fn an_amount_above_the_balance_is_said_and_booked_all_the_same(bank: &TestBank) {
    bank.change("UPDATE accounts SET balance = 5999950 WHERE id = 'acc-c1'").await;
    let browser = bank.signed_in("c1").await;
    let check = fill_in_answer(&browser, &BOOKING).await;
    assert!(check.text().contains("比账户余额多 0.50 元"), "{}", check.text());
    let key = check.form().value("key").expect("a key").to_owned();
    for step in ["how_much", "who"] {
        let page = browser.open(&format!("{NEW}?key={key}&step={step}")).await;
        assert!(page.text().contains("比账户余额多 0.50 元"), "{step}: {}", page.text());
        assert_eq!(codes(&page), [""; 0], "a caution is no refusal");
    }
    let page = browser.open(&format!("{NEW}?key={key}&step=how_much")).await;
    assert!(page.words(".choice-note").iter().any(|words| words.contains("59,999.50 元")), "the balance is beside the account");
    let booked = browser.submit(&check.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert!(booked.case_number().is_some(), "{:?}", booked.refusals());
    // The exact balance is enough.
    bank.change("UPDATE accounts SET balance = 6000000 WHERE id = 'acc-c1'").await;
    let page = browser
        .open(&format!(
            "{NEW}?key={}",
            fill_in(&browser, &BookingValues { day: "2026-11-26", ..BOOKING }).await.value("key").expect("a key")
        ))
        .await;
    assert!(!page.text().contains("比账户余额"), "{}", page.text());
}

async fn every_branch_says_its_earliest_day_before_it_is_chosen(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let details = |page: &Answer| page.words(".choice-detail");
    let said = details(&browser.open(NEW).await);
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|words| words.starts_with("最早 11 月 24 日 周二，余 ")), "{said:?}");
    // With a day of one's own taken, the next one is the earliest; a branch without places says so.
    book(&browser, &BookingValues { day: "2026-11-24", ..BOOKING }).await;
    let said = details(&browser.open(NEW).await);
    assert!(said.iter().all(|words| words.starts_with("最早 11 月 25 日 周三，余 ")), "{said:?}");
    for day in 24..=30 {
        let total =
            format!("INSERT INTO cash_totals (branch_id, day, total, reserved) VALUES ('{OTHER_BRANCH}', '2026-11-{day}', 1, 1)");
        bank.change(&total).await;
    }
    let said = details(&bank.signed_in("c2").await.open(NEW).await);
    assert!(said[0].starts_with("最早 11 月 24 日") && said[1].starts_with("近期已约满"), "{said:?}");
}

async fn a_shortage_offers_another_day_then_another_branch_and_each_is_one_click(bank: &TestBank) {
    let total =
        format!("INSERT INTO cash_totals (branch_id, day, total, reserved) VALUES ('{BRANCH}', '{DAY}', 10000000, 4000000)");
    bank.change(&total).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", DAY), ("slot", "10:00")])).await;
    let page = browser.submit(&page.form().with_all(&[("amount", "90000"), ("any_notes", "yes")])).await;
    assert_eq!(codes(&page), ["cash_short"]);
    let offers = page.words("#errors button");
    assert!(offers[0].contains("改到 11 月 26 日 10:00") && offers[1].contains("11 月 25 日 10:00"), "{offers:?}");
    assert!(offers[2].contains("60,000 元"), "{offers:?}");
    let moved = browser.submit(&page.form_with("input[type=hidden][name=branch]")).await;
    assert!(moved.has("[name=collector]"), "on to the next step: {:?}", moved.refusals());
    let chosen = browser.open(&moved.path.replace("step=who", "step=where")).await;
    let chosen = if chosen.has("[name=branch]") { chosen } else { browser.open(&format!("{}&step=where", moved.path)).await };
    assert!(chosen.has(&format!("[name=branch][value={OTHER_BRANCH}][checked]")), "{}", chosen.path);
}

async fn an_unfinished_form_is_offered_again(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(NEW).await;
    assert!(!page.text().contains("接着填"));
    let key = page.form().value("key").unwrap_or_default().to_owned();
    browser.submit(&page.form().with("branch", BRANCH)).await;
    let page = browser.open(NEW).await;
    assert!(page.has(&format!("a[href='{NEW}?key={key}']")), "the draft is one click away");
    assert_ne!(page.form().value("key"), Some(&*key), "a fresh start has a key of its own");
    assert!(!bank.signed_in("c2").await.open(&format!("{NEW}?key={key}")).await.has("[name=branch][checked]"));
}

async fn cancelling_ends_with_the_cut_off(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let first = book(&browser, &BOOKING).await;
    let path = first.path.clone();
    let cancel = first.form_with("button[name=do][value=cancel]").with("do", "cancel");
    bank.set_time("2026-11-24T15:00:00+08:00");
    let browser = bank.signed_in("c1").await;
    let page = browser.open(&path).await;
    assert!(!page.has("button[name=do][value=cancel]"), "no button that would be refused");
    let page = browser.submit(&cancel).await;
    assert_eq!(codes(&page), ["cancel_closed"]);
    assert!(page.text().contains("11 月 24 日"));
    let second = book(&browser, &BookingValues { day: "2026-11-27", ..BOOKING }).await;
    let page = browser.submit(&second.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(page.text().contains("已取消"));
    assert!(!page.has("button[name=do][value=cancel]"));
    let live = "SELECT COUNT(*) FROM cases WHERE kind = 'cash' AND state = 'submitted'";
    assert_eq!(bank.number(live).await, 1);
}

async fn the_page_leads_with_the_last_act_whatever_the_clocks_say(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = book(&browser, &BOOKING).await;
    // The node that cancels is a second behind.
    bank.set_time("2026-11-23T09:59:59+08:00");
    let page = browser.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert_eq!(page.words("h1"), ["取款预约已取消"]);
}

async fn a_message_is_read_once_it_was_said_so_and_the_time_fits_a_calendar(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = book(&browser, &BOOKING).await;
    let page_path = page.path.clone();
    assert!(!page.has("button[name=do][value=read]"), "a receipt needs no answer");
    let number = page.case_number().expect("a booking");
    bank.pass_minutes(1);
    act(&bank.signed_in("clerk").await, &number, "confirm", &[]).await;
    let page = browser.open(&page_path).await;
    let read = page.form_with("button[name=do][value=read]").with("do", "read");
    assert!(!browser.submit(&read).await.has("button[name=do][value=read]"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE read_at IS NULL").await, 0);
    let file = browser.get(&format!("{page_path}/calendar")).await;
    assert!(file.body.contains("DTSTART:20261125T020000Z\r\n"), "{}", file.body);
    let text = file.body.replace("\r\n ", "");
    assert!(text.contains(&format!("SUMMARY:取款预约 {number}\r\n")), "{text}");
    let about = text.lines().find(|line| line.starts_with("DESCRIPTION:")).expect("a description");
    for words in [&*number, "石岐支行", "0760-0000 0001", "本人带身份证件原件", "卡或存折", &page_path] {
        assert!(about.contains(words), "{words}: {about}");
    }
    assert!(text.lines().any(|line| line.starts_with("URL:http") && line.ends_with(&page_path)), "{text}");
    assert!(!text.contains("60\\,000") && !text.contains("60,000") && !text.contains("1234"), "others see a calendar: {text}");
}

on_both_engines!(
    one_choice_opens_the_next_and_nothing_is_refused_before_it_was_offered,
    a_chosen_branch_is_one_line_and_what_opens_is_where_the_page_continues,
    days_stand_in_their_month_and_only_free_ones_can_be_chosen,
    everything_at_once_goes_straight_to_the_check_page,
    a_booking_has_a_number_that_only_its_owner_finds_however_it_is_typed,
    a_companys_operator_is_said_to_come_in_person_on_the_check_page_and_on_the_booking,
    from_when_cash_can_and_must_be_booked_is_said_with_the_parameters,
    a_refused_amount_is_mended_by_the_offered_one,
    a_booking_is_a_ticket_with_what_to_bring_and_one_timeline,
    an_amount_above_the_balance_is_said_and_booked_all_the_same,
    every_branch_says_its_earliest_day_before_it_is_chosen,
    a_shortage_offers_another_day_then_another_branch_and_each_is_one_click,
    an_unfinished_form_is_offered_again,
    cancelling_ends_with_the_cut_off,
    the_page_leads_with_the_last_act_whatever_the_clocks_say,
    a_message_is_read_once_it_was_said_so_and_the_time_fits_a_calendar,
);
