//! The day board of a branch: everything with a time on a day in its order, for those who may see the branch; the next step of
//! each line; the alarm after closing time; what an open board hears.

use std::time::Duration;

use bank::appointments::cash::CashState;
use bank::appointments::reception::Audience;
use bank::cases::{CaseKind, DayBoard, Phase};
use bank::kernel::forms::fresh_key;
use bank::sessions::CustomerKind;
use tokio::time::timeout;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, act, book, copies, whole};
use crate::support::reception::{announce, checked};
use crate::support::seed::{BRANCH, OTHER_BRANCH, customer_of};
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    a_day_is_shown_in_order_of_time_with_every_kind_and_every_state,
    a_board_is_for_those_who_see_its_branch,
    an_address_that_names_no_board_is_answered_in_words,
    names_are_masked_wherever_they_stand,
    who_came_and_is_left_open_after_closing_is_an_alarm,
    the_next_step_is_a_way_to_the_case,
    who_confirmed_is_not_asked_to_approve,
    on_a_closed_day_nobody_is_expected,
    a_proposal_is_shown_with_the_time_to_answer_it,
    past_midnight_an_open_board_stays_at_its_day,
    a_board_takes_as_many_statements_for_many_as_for_few,
    an_open_board_hears_of_changes_and_is_no_activity,
);

const DAY: &str = "2026-11-24";
const BOARD: &str = "/desk/day?day=2026-11-24";

async fn booked(bank: &TestBank, name: &str, slot: &str) -> String {
    let values = BookingValues { branch: BRANCH, day: DAY, slot, amount: "60000", notes_100: "" };
    let page = book(&bank.signed_in(name).await, &values).await;
    page.case_number().unwrap_or_else(|| panic!("{name}: {:?}", page.refusals()))
}

/// The numbers on a board, in order.
fn listed(page: &Answer) -> Vec<String> {
    page.words(".desk-list .case-number")
}

/// The texts of the cells of a case.
fn row(page: &Answer, number: &str) -> Vec<String> {
    let place = listed(page).iter().position(|known| known == number).unwrap_or_else(|| panic!("no {number}: {}", page.text()));
    let cells = page.words(".desk-list td");
    cells.chunks(7).nth(place).expect("a row").to_vec()
}

async fn board_of(browser: &Browser, asked: &str) -> DayBoard {
    let answer = browser.call("day_board", asked).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("a board")
}

async fn a_day_is_shown_in_order_of_time_with_every_kind_and_every_state(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 3).await;
    let late = booked(bank, "c1", "15:00").await;
    let early = booked(bank, "c2", "09:00").await;
    let company = bank.signed_in("k1").await;
    let page = company.submit(&checked(&company, DAY, "14:30").await).await;
    let reception = page.case_number().unwrap_or_else(|| panic!("{:?}", page.refusals()));
    // One of each state between them, an hour after the early one.
    let between = copies(bank, &early, i64::try_from(CashState::ALL.len()).expect("few"), |_| 3_600_000).await;
    for (number, state) in between.iter().zip(CashState::ALL) {
        bank.change(&format!("UPDATE cases SET state = '{}' WHERE number = '{number}'", state.code())).await;
    }
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open(BOARD).await;
    let mut sorted = between.clone();
    sorted.sort_unstable();
    let expected: Vec<String> = [early.clone()].into_iter().chain(sorted).chain([reception.clone(), late.clone()]).collect();
    assert_eq!(listed(&page), expected);
    let states: Vec<String> = between.iter().map(|number| row(&page, number)[4].clone()).collect();
    assert_eq!(
        states,
        CashState::ALL.map(|state| app::cases::state_words(
            app::words::locale(bank::kernel::language::Language::ZhCn),
            bank::appointments::cash::KIND,
            state.code()
        )
        .0)
    );
    // Each slot has a heading with its length.
    let headings: Vec<String> =
        page.words(".table-heading").iter().map(|words| words.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let open = CashState::ALL.iter().filter(|state| state.phase() != Phase::Final).count();
    let many = format!("10:00–11:00 未办结 {open} 单");
    assert_eq!(headings, ["09:00–10:00 未办结 1 单", many.as_str(), "14:30–15:00 未办结 1 单", "15:00–16:00 未办结 1 单"]);
    assert!(row(&page, &late)[1].contains("60,000") && row(&page, &reception)[1].contains("服务"), "amount or topic");
    // The server function tells the same.
    let board = board_of(&clerk, &format!(r#"{{"day":"{DAY}"}}"#)).await;
    assert_eq!((board.branch.as_str(), board.day.as_str()), (BRANCH, DAY));
    assert_eq!(board.cases.iter().map(|case| case.number.clone()).collect::<Vec<_>>(), expected);
    let kinds: Vec<CaseKind> = CaseKind::all().filter(|kind| board.cases.iter().any(|case| case.kind == kind.code())).collect();
    assert!(CaseKind::all().all(|kind| kinds.contains(&kind) == kind.registered().takes_time()), "{kinds:?}");
    // On the day it is the board without further words, and what is now is marked.
    bank.set_time("2026-11-24T10:12:00+08:00");
    let page = bank.signed_in("clerk").await.open("/desk/day").await;
    assert_eq!(listed(&page), expected);
    assert_eq!(page.words(".desk-now").len(), 1);
    assert!(page.words(".table-heading").iter().any(|words| words.contains("10:00") && words.contains("现在")));
}

async fn a_board_is_for_those_who_see_its_branch(bank: &TestBank) {
    let here = booked(bank, "c1", "10:00").await;
    customer_of(&bank.bank, "c3", CustomerKind::Personal, Some(OTHER_BRANCH)).await;
    let values = BookingValues { branch: OTHER_BRANCH, day: DAY, slot: "10:00", amount: "60000", notes_100: "" };
    let there = book(&bank.signed_in("c3").await, &values).await.case_number().expect("a booking");
    // By default the own branch, which is also the only one of a clerk.
    for (name, number) in [("clerk", &here), ("clerk2", &there)] {
        let clerk = bank.signed_in(name).await;
        assert_eq!(listed(&clerk.open(BOARD).await), std::slice::from_ref(number));
        assert!(!clerk.open(BOARD).await.has("select[name=branch]"));
    }
    let clerk = bank.signed_in("clerk").await;
    for path in ["/desk/day", "/desk/day/list"] {
        let other = clerk.get(&format!("{path}?branch={OTHER_BRANCH}&day={DAY}")).await;
        assert_eq!(other.status, 404);
        assert!(!other.text().contains(&there) && !other.text().contains("东区"), "{}", other.text());
    }
    let asked = format!(r#"{{"branch":"{OTHER_BRANCH}","day":"{DAY}"}}"#);
    assert_eq!(clerk.call("day_board", &asked).await.status, 404);
    // The query itself is bound to the scope, whoever asks it.
    let staff = crate::support::kinds::as_staff(bank, "clerk").await;
    let day = bank::kernel::time::parse_day(DAY).unwrap();
    assert!(bank::cases::day_board(&bank.bank, &staff, OTHER_BRANCH, day).await.unwrap().cases.is_empty());
    // Head office sees all of them and chooses; the address of a case keeps the branch for the way back.
    let office = bank.signed_in("dispatcher").await;
    assert_eq!(listed(&office.open(BOARD).await), std::slice::from_ref(&here), "the first branch");
    let page = office.open(&format!("/desk/day?branch={OTHER_BRANCH}&day={DAY}")).await;
    assert_eq!(listed(&page), std::slice::from_ref(&there));
    assert_eq!(page.attr("#branch option[selected]", "value").as_deref(), Some(OTHER_BRANCH));
    let case = office.open(&page.all(".row-link", "href")[0]).await;
    let back = format!("/desk/day?branch={OTHER_BRANCH}&day={DAY}#{there}");
    assert_eq!(case.all(".desk-to-board a", "href"), [back]);
    assert_eq!(board_of(&office, &asked).await.cases.len(), 1);
    // A clerk without a branch has none, and is shown no way to one.
    let nowhere = bank.signed_in("nowhere").await;
    assert_eq!(nowhere.get("/desk/day").await.status, 404);
    assert!(!nowhere.open("/desk").await.has("nav a[href='/desk/day']"));
    assert!(clerk.open("/desk").await.has("nav a[href='/desk/day']"));
}

async fn an_address_that_names_no_board_is_answered_in_words(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    for day in ["2026-02-30", "x", "2026-11-24x", "-001-01-01", "10000-01-01"] {
        let page = clerk.get(&format!("/desk/day?day={day}")).await;
        assert_eq!(page.status, 404, "{day}");
        assert!(page.text().contains("没有这一天") && page.has("main a[href='/desk/day']"), "{}", page.text());
    }
    assert_eq!(clerk.call("day_board", r#"{"day":"2026-02-30"}"#).await.status, 400);
    let page = clerk.get("/desk/day?branch=nowhere").await;
    assert!(page.status == 404 && page.text().contains("没有这个网点"), "{}", page.text());
    // A day without appointments; whether the branch opens; days far away, and their neighbours as far as there are any.
    assert!(clerk.open("/desk/day").await.has(".desk-nothing"), "today");
    let sunday = clerk.open("/desk/day?day=2026-11-29").await;
    assert!(sunday.text().contains("这一天网点不营业") && listed(&sunday).is_empty());
    for (day, links) in [("0000-01-01", 2), ("0001-01-01", 3), ("2026-11-30", 3), ("9999-12-30", 3), ("9999-12-31", 2)] {
        let page = clerk.get(&format!("/desk/day?day={day}")).await;
        assert_eq!((page.status, page.all(".desk-tabs a", "href").len()), (200, links), "{day}");
        for href in page.all(".desk-tabs a", "href") {
            assert_eq!(clerk.get(&href).await.status, 200, "{href}");
        }
    }
    // Empty values are as none, and the days are links to each other.
    assert_eq!(clerk.get("/desk/day?branch=&day=").await.status, 200);
    let today = clerk.open("/desk/day").await;
    let links = today.all(".desk-tabs a", "href");
    assert_eq!(links, ["/desk/day?day=2026-11-22", "/desk/day", BOARD]);
    assert_eq!(listed(&clerk.open(&links[2]).await), [number]);
    assert_eq!(clerk.open(&links[2]).await.all(".desk-tabs a", "href")[0], "/desk/day", "today needs no day");
}

async fn names_are_masked_wherever_they_stand(bank: &TestBank) {
    let own = booked(bank, "c1", "10:00").await;
    let agent = booked(bank, "c2", "11:00").await;
    let operator = booked(bank, "k1", "14:00").await;
    bank.change("UPDATE customers SET name = '陈志远' WHERE id = 'customer-c1'").await;
    bank.change(&format!(
        "UPDATE cash_appointments SET collector = 'agent', agent_name = '欧阳明月', agent_id_type = 'passport' \
         WHERE case_number = '{agent}'"
    ))
    .await;
    bank.change("UPDATE users SET name = '王晓丽' WHERE sign_in_name = 'k1'").await;
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open(BOARD).await;
    assert_eq!((row(&page, &own)[2].as_str(), row(&page, &own)[3].as_str()), ("陈**", "本人"));
    assert_eq!(row(&page, &agent)[3], "代理人 欧阳**");
    assert_eq!(row(&page, &operator)[3], "经办人 王**");
    let told = clerk.call("day_board", &format!(r#"{{"day":"{DAY}"}}"#)).await.body;
    for name in ["陈志远", "欧阳明月", "王晓丽"] {
        assert!(!page.body.contains(name) && !told.contains(name), "{name}");
    }
    assert!(!told.contains("customer-c1"));
}

async fn who_came_and_is_left_open_after_closing_is_an_alarm(bank: &TestBank) {
    let came = booked(bank, "c1", "15:00").await;
    let expected = booked(bank, "c2", "15:00").await;
    let clerk = bank.signed_in("clerk").await;
    for number in [&came, &expected] {
        act(&clerk, number, "confirm", &[]).await;
    }
    bank.set_time("2026-11-24T15:10:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &came, "arrive", &[]).await;
    let page = clerk.open("/desk/day").await;
    let term = |page: &Answer| row(page, &expected)[5].clone();
    assert!(term(&page).starts_with("过了 16:30 算未到"), "{}", term(&page));
    assert!(row(&page, &came)[5].contains('—'), "whoever came is no no-show");
    bank.set_time("2026-11-24T16:12:00+08:00");
    assert!(term(&bank.signed_in("clerk").await.open("/desk/day").await).starts_with("还有 18 分钟算未到"));
    bank.set_time("2026-11-24T16:59:00+08:00");
    let page = bank.signed_in("clerk").await.open("/desk/day").await;
    assert!(!page.has(".desk-left-open") && !page.has(".banner"), "the branch is open until 17:00");
    assert!(term(&page).starts_with("已过 16:30，可记未到"), "{}", term(&page));
    assert_eq!(row(&page, &expected)[6], "取款人已到", "it is too late to make cash ready");
    // From closing time on, and on the days after it, until the case has ended.
    for (now, path) in [("2026-11-24T17:00:00+08:00", "/desk/day"), ("2026-11-26T09:00:00+08:00", BOARD)] {
        bank.set_time(now);
        let clerk = bank.signed_in("clerk").await;
        let page = clerk.open(path).await;
        assert!(page.words(".desk-alarm .banner[role=alert]").join("").contains("还没办结：1 单"), "{now}: {}", page.text());
        assert_eq!(page.words(".desk-left-open").len(), 1, "{now}");
        assert!(row(&page, &came)[5].contains("关门未办结") && !row(&page, &expected)[5].contains("关门未办结"));
        assert!(
            board_of(&clerk, &format!(r#"{{"day":"{DAY}"}}"#))
                .await
                .cases
                .iter()
                .all(|case| case.left_open == (case.number == came))
        );
    }
    // Who came on a later day is served until closing time of that day.
    act(&bank.signed_in("head").await, &expected, "arrive", &[("internal_reason", "客户改在今天来取")]).await;
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open(BOARD).await;
    assert_eq!((row(&page, &expected)[4].as_str(), page.words(".desk-left-open").len()), ("已到柜台", 1));
    act(&clerk, &came, "cancel", &[("reason", "客户临时离开")]).await;
    let page = clerk.open(BOARD).await;
    assert!(!page.has(".desk-left-open") && page.words(".desk-over").iter().any(|words| words.contains(&came)));
}

async fn the_next_step_is_a_way_to_the_case(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    let ahead = BookingValues { branch: BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
    let ahead = book(&bank.signed_in("c2").await, &ahead).await.case_number().expect("a booking");
    let clerk = bank.signed_in("clerk").await;
    // What waits is answered with the case in view.
    let page = clerk.open(BOARD).await;
    let to_case = |state: &str| format!("/desk/cases/{number}?state={state}&board={DAY}");
    assert_eq!(page.all(".row-link", "href"), [to_case("ahead")]);
    assert_eq!(page.all(".desk-row-act a", "href"), [format!("{}#actions", to_case("ahead"))]);
    act(&clerk, &number, "confirm", &[]).await;
    act(&clerk, &ahead, "confirm", &[]).await;
    // Too early to make cash ready, there is no usual step.
    assert!(!clerk.open("/desk/day?day=2026-11-26").await.has(".desk-row-act"));
    assert!(!bank.signed_in("dispatcher").await.open(BOARD).await.has(".desk-row-act"), "not at the counter");
    assert!(!bank.signed_in("auditor").await.open(BOARD).await.has(".desk-row-act"), "only looks");
    // The board itself changes nothing, and each link names its row.
    let page = clerk.open(BOARD).await;
    assert_eq!(page.words(".desk-row-act"), ["款已备好"]);
    assert_eq!(page.all(".desk-row-act a", "href"), [format!("{}#actions", to_case("ahead"))]);
    assert_eq!(page.all(".desk-row-act a", "aria-describedby"), page.all(".row-link", "id"));
    assert!(!page.has(".desk-list button"));
    act(&clerk, &number, "prepare", &[]).await;
    assert_eq!(row(&clerk.open(BOARD).await, &number)[6], "—", "arrival is recorded on the day");
    bank.set_time("2026-11-24T10:05:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open("/desk/day").await;
    assert_eq!(
        (page.all(".desk-row-act a", "href"), page.words(".desk-row-act")),
        (vec![format!("{}#actions", to_case("today"))], vec!["取款人已到".to_owned()])
    );
    // From the case the way back leads to the row, also after an act.
    let case = clerk.open(&to_case("today")).await;
    assert!(case.all(".desk-list a, .desk-tabs a, .filters a", "href").iter().all(|href| !href.contains("board=")));
    let arrive = case.form_with("button[value=arrive]").with_all(&[("do", "arrive"), ("id_checked", "resident_id")]);
    let after = clerk.submit(&arrive).await;
    assert_eq!(after.all(".desk-to-board a", "href"), [format!("{BOARD}#{number}")]);
    let page = clerk.open("/desk/day").await;
    assert_eq!(page.words(".desk-row-act"), ["去付款"]);
    let case = clerk.open(&page.all(".desk-row-act a", "href")[0]).await;
    let paid = clerk.submit(&case.form_with("button[value=complete]").with_all(&[("do", "complete"), ("purpose", "居住")])).await;
    assert!(paid.refusals().is_empty(), "{:?}", paid.refusals());
    let page = clerk.open("/desk/day").await;
    assert!(page.words(".desk-over").len() == 1 && !page.has(".desk-row-act"));
}

async fn who_confirmed_is_not_asked_to_approve(bank: &TestBank) {
    for (customer, day, by, approves) in [("c1", DAY, "clerk", Some("approve")), ("c2", "2026-11-26", "head", None)] {
        let values = BookingValues { branch: BRANCH, day, slot: "10:00", amount: "600000", notes_100: "" };
        let form = whole(customer, fresh_key(&bank.bank).expect("a key").as_str(), &values).with("purpose", "居住");
        let page = bank.signed_in(customer).await.submit(&form).await;
        let number = page.case_number().unwrap_or_else(|| panic!("{customer}: {:?}", page.refusals()));
        act(&bank.signed_in(by).await, &number, "confirm", &[]).await;
        for (name, next) in [("head", approves), ("clerk", None)] {
            let board = board_of(&bank.signed_in(name).await, &format!(r#"{{"day":"{day}"}}"#)).await;
            let [case] = board.cases.as_slice() else { panic!("{:?}", board.cases) };
            assert_eq!((case.state.as_str(), case.next.as_deref()), ("awaiting_approval", next), "{name}, confirmed by {by}");
        }
    }
}

async fn on_a_closed_day_nobody_is_expected(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "confirm", &[]).await;
    assert!(row(&clerk.open(BOARD).await, &number)[5].starts_with("过了 11:30 算未到"));
    bank.change(&format!("INSERT INTO calendar_days (day, kind, name) VALUES ('{DAY}', 'closed', '停业')")).await;
    let page = clerk.open(BOARD).await;
    assert_eq!((row(&page, &number)[5].as_str(), row(&page, &number)[6].as_str()), ("停业", "—"));
    // Whoever comes all the same is checked in.
    bank.set_time("2026-11-24T10:05:00+08:00");
    assert_eq!(row(&bank.signed_in("clerk").await.open("/desk/day").await, &number)[6], "取款人已到");
}

async fn a_proposal_is_shown_with_the_time_to_answer_it(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    bank.change(&format!(
        "INSERT INTO case_proposals (case_number, branch_id, day, slot, ends_at, until_at, from_state, proposed_by) \
         SELECT number, branch_id, '2026-11-25', '10:00', ends_at + 86400000, starts_at - 3600000, state, \
         (SELECT id FROM users WHERE sign_in_name = 'clerk') FROM cases WHERE number = '{number}'"
    ))
    .await;
    bank.change(&format!("UPDATE cases SET state = 'proposed', waiting = FALSE WHERE number = '{number}'")).await;
    let page = bank.signed_in("clerk").await.open(BOARD).await;
    assert!(row(&page, &number)[5].starts_with("明天 09:00 前等客户答复"), "{:?}", row(&page, &number));
}

async fn past_midnight_an_open_board_stays_at_its_day(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    bank.set_time("2026-11-24T23:58:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open("/desk/day").await;
    let addresses = ["data-renew", "data-here"].map(|name| page.attr(".desk-news", name).expect("an address"));
    bank.set_time("2026-11-25T00:01:00+08:00");
    for address in addresses {
        let list = clerk.get(&address).await;
        assert_eq!((list.status, listed(&list)), (200, vec![number.clone()]), "{address}");
    }
    assert!(listed(&clerk.open("/desk/day").await).is_empty(), "a new day");
}

async fn a_board_takes_as_many_statements_for_many_as_for_few(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "confirm", &[]).await;
    let statements = async || {
        bank.bank.db().record();
        let page = clerk.open(BOARD).await;
        (listed(&page).len(), bank.bank.db().recorded().len())
    };
    statements().await;
    let (one, few) = statements().await;
    copies(bank, &number, 299, |place| place % 6 * 3_600_000).await;
    let (many, sent) = statements().await;
    assert_eq!((one, many, sent), (1, 300, few));
    assert!(sent <= 6, "{sent} statements");
}

async fn an_open_board_hears_of_changes_and_is_no_activity(bank: &TestBank) {
    let number = booked(bank, "c1", "10:00").await;
    let clerk = bank.signed_in("clerk").await;
    let page = clerk.open(BOARD).await;
    let [events, renew] = ["data-events", "data-renew"].map(|name| page.attr(".desk-news", name).expect("an address"));
    assert_eq!(renew, format!("/desk/day/list?day={DAY}"));
    let (answer, mut stream) = clerk.listen(&events).await;
    assert_eq!(answer.status, 200);
    act(&bank.signed_in("colleague").await, &number, "confirm", &[]).await;
    let mut heard = String::new();
    while !heard.contains("data: list") {
        let chunk = timeout(Duration::from_secs(20), stream.chunk()).await.expect("nothing is heard").expect("a stream");
        heard.push_str(&String::from_utf8_lossy(&chunk.expect("an open stream")));
    }
    let list = clerk.get(&renew).await;
    assert!(list.has(".desk-list") && list.has(".desk-tabs") && row(&list, &number)[4] == "已确认", "{}", list.text());
    for _ in 0..4 {
        bank.pass_minutes(5);
        clerk.call("day_board", "{}").await;
        if clerk.get(&renew).await.status == 303 {
            return;
        }
    }
    panic!("an open board keeps its reader signed in");
}
