//! Accessibility and formats: refused pages for screen readers, days on paper and in calendar files, right-to-left text beside
//! left-to-right text.

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW as CASH, act, book, fill_in};
use crate::support::seed::BRANCH;
use crate::support::{Answer, Browser, TestBank};

const SUGGEST: &str = "/suggestions/new";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };

fn title(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("<title>").expect("a title");
    rest.split_once("</title>").expect("a title").0.to_owned()
}

/// The page has one error summary that takes the focus, and a title that begins with the error.
fn assert_refused(page: &Answer, step: &str) {
    let title = title(page);
    assert!(title.starts_with("错误：") && title.contains(step), "{title}");
    assert_eq!(page.all("section.refusal", "id"), ["errors"], "{}", page.path);
    assert!(page.has("#errors[tabindex='-1'][autofocus][role=alert] [data-refusal]"), "{}", page.path);
    let links = page.all("#errors a[href^='#']", "href");
    assert!(links.iter().all(|link| page.has(link)), "a link of the summary leads nowhere: {links:?}");
}

async fn a_refused_page_says_so_first_and_takes_the_focus(bank: &TestBank) {
    let stranger = bank.browser().await;
    let failed = stranger.try_sign_in("c1", "wrong").await;
    assert_refused(&stranger.open(&failed.location.expect("a way on")).await, "登录");

    let browser = bank.signed_in("c1").await;
    let fresh = browser.open(SUGGEST).await;
    assert!(!title(&fresh).contains("错误"), "{}", title(&fresh));
    let page = browser.submit(&fresh.form().with("do", "submit")).await;
    assert_refused(&page, "提建议");
    assert!(page.text().contains("有 2 处要改"));
    // Typed text that looks like an error summary does not make the page a refused one.
    let form = browser.open(SUGGEST).await.form();
    let form = form.with_all(&[("category", "savings"), ("content", "<section id=\"errors\""), ("do", "submit")]);
    assert!(!title(&browser.submit(&form).await).contains("错误"));

    let english = bank.browser().await;
    let failed = english.try_sign_in("c1", "wrong").await;
    let page = english.send(&failed.location.expect("a way on"), &[("accept-language", "en")], None).await;
    assert!(title(&page).starts_with("Error: "), "{}", title(&page));
}

async fn every_step_has_a_title_of_its_own(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(CASH).await;
    let first = title(&page);
    let page = browser.submit(&page.form().with_all(&[("branch", BRANCH), ("day", BOOKING.day)])).await;
    let refused = browser.submit(&page.form()).await;
    assert_refused(&refused, first.split(" · ").next().expect("the step"));
    let key = fill_in(&browser, &BOOKING).await.value("key").expect("a key").to_owned();
    let mut titles = Vec::new();
    for step in ["where", "money", "how_much", "who", "check"] {
        titles.push(title(&browser.open(&format!("{CASH}?key={key}&step={step}")).await));
    }
    titles.sort();
    titles.dedup();
    assert!(titles.len() >= 3 && titles.iter().all(|title| title.contains(" · ")), "{titles:?}");
    assert!(titles.contains(&first));
}

async fn the_desk_says_in_one_place_what_it_refuses(bank: &TestBank) {
    let number = book(&bank.signed_in("c1").await, &BOOKING).await.case_number().expect("a booking");
    let clerk = bank.signed_in("clerk").await;
    let refused = act(&clerk, &number, "decline", &[("reason", ""), ("offered_day", "2026-11-29")]).await;
    assert_refused(&refused, &number);
}

/// The properties of a calendar file by name.
async fn calendar(browser: &Browser, number: &str) -> impl Fn(&str) -> String {
    let file = browser.get(&format!("/appointments/{number}/calendar")).await;
    assert_eq!(file.status, 200);
    let lines = file.body.replace("\r\n ", "");
    move |name: &str| {
        let line = lines.lines().find_map(|line| line.strip_prefix(&format!("{name}:")).map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name} in {lines}"))
    }
}

async fn paper_and_calendar_carry_the_full_day_and_what_became_of_it(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = book(&browser, &BOOKING).await;
    let number = page.case_number().expect("a booking");
    assert!(page.text().contains("2026 年 11 月 25 日 周三 10:00"), "{}", page.text());
    let paper = page.words(".on-paper");
    assert!(paper.len() > 2 && paper.iter().all(|words| words.contains("2026 年")), "{paper:?}");
    // Printed texts never use relative days, which would be wrong a day later.
    let near =
        |words: Vec<String>| words.iter().map(|text| text.matches("今天").count() + text.matches("明天").count()).sum::<usize>();
    let printed = near(page.words("main > section:not(.no-print)"));
    assert!(printed > 0 && printed == near(page.words("main > section:not(.no-print) .on-screen")));
    // The bank's latest message on the page also shows the year.
    bank.pass_minutes(1);
    act(&bank.signed_in("clerk").await, &number, "decline", &[("reason", "库存不足"), ("offered_day", "2026-11-26")]).await;
    let declined = browser.open(&page.path).await.words(".confirmation").join(" ");
    for day in ["2026 年 11 月 25 日", "2026 年 11 月 26 日"] {
        assert!(declined.contains(day), "{declined}");
    }
    let page = book(&browser, &BOOKING).await;
    let number = page.case_number().expect("a booking");
    let first = calendar(&browser, &number).await;
    assert_eq!(first("STATUS"), "TENTATIVE");
    let cancelled = browser.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    assert!(cancelled.has(&format!("a[href='/appointments/{number}/calendar']")), "the way to take it out of the calendar");
    let last = calendar(&browser, &number).await;
    assert_eq!((last("UID"), last("STATUS").as_str()), (first("UID"), "CANCELLED"));
    let sequence = |text: String| text.parse::<i64>().expect("a number");
    assert!(sequence(last("SEQUENCE")) > sequence(first("SEQUENCE")));
}

/// A name and a text written from right to left.
const NAME: &str = "ئەلى مۇھەممەت";

async fn a_text_from_right_to_left_reorders_nothing_around_it(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = fill_in(&browser, &BOOKING).await;
    let key = form.value("key").expect("a key").to_owned();
    let who = browser.open(&format!("{CASH}?key={key}&step=who")).await.form();
    let opened = browser.submit(&who.with("collector", "agent")).await.form();
    let typed = [
        ("agent_name", NAME),
        ("agent_id_type", "resident_id"),
        ("agent_id", "11010519491231002X"),
        ("remark", NAME),
        ("phone", "13800138000"),
    ];
    let checked = browser.submit(&opened.with_all(&typed)).await;
    let page = browser.submit(&checked.form_with("button[name=do][value=book]").with("do", "book")).await;
    let number = page.case_number().expect("a booking");
    let clerk = bank.signed_in("clerk").await;
    act(&clerk, &number, "note", &[("note", NAME)]).await;
    let desk = act(&clerk, &number, "decline", &[("reason", NAME), ("offered_day", "2026-11-24")]).await;
    let told = browser.open(&format!("/appointments/{number}")).await;
    for (page, times) in [(&checked, 2), (&page, 2), (&desk, 4), (&told, 3)] {
        let shown: Vec<&str> = page.body.split(NAME).collect();
        assert!(shown.len() > times, "{}: {} times", page.path, shown.len() - 1);
        for (before, after) in shown.iter().zip(shown.iter().skip(1)) {
            let isolated = before.ends_with('\u{2068}') && after.starts_with('\u{2069}');
            let field =
                before.ends_with("value=\"") || before.rfind("<textarea").is_some_and(|at| !before[at..].contains("</textarea"));
            assert!(
                isolated || field,
                "{}: …{}",
                page.path,
                before.chars().rev().take(80).collect::<Vec<_>>().iter().rev().collect::<String>()
            );
        }
    }
}

on_both_engines!(
    a_refused_page_says_so_first_and_takes_the_focus,
    every_step_has_a_title_of_its_own,
    the_desk_says_in_one_place_what_it_refuses,
    paper_and_calendar_carry_the_full_day_and_what_became_of_it,
    a_text_from_right_to_left_reorders_nothing_around_it,
);
