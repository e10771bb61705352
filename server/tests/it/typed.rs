//! Typed text: invisible characters, other encodings, ambiguous amounts, lengths in visible characters, and the browser's
//! preferred language.

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW as CASH, act, book, fill_in, fill_in_answer};
use crate::support::seed::{BRANCH, PASSWORD};
use crate::support::{Answer, TestBank, pairs};

const SUGGEST: &str = "/suggestions/new";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "60000", notes_100: "600" };

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn the_only(bank: &TestBank, sql: &'static str) -> String {
    let mut conn = bank.bank.read().await.expect("a connection");
    let (text,): (String,) = conn.fetch_one(sql, Vec::new()).await.expect("one row");
    text
}

async fn characters_nobody_sees_are_as_if_they_were_not_there(bank: &TestBank) {
    let browser = bank.browser().await;
    let answer = browser.try_sign_in("\u{feff}c1\u{200b}", PASSWORD).await;
    assert_eq!(answer.location.as_deref(), Some("/"), "a sign-in name with a byte order mark");
    let wrong = bank.browser().await.try_sign_in("c1", &format!("{PASSWORD}\u{200b}")).await;
    assert!(wrong.location.unwrap_or_default().contains("refused"), "a password is taken as typed");

    let form = fill_in(&browser, &BOOKING).await;
    let key = form.value("key").expect("a key").to_owned();
    let who = browser.open(&format!("{CASH}?key={key}&step=who")).await;
    let typed = [("phone", "\u{202d}13800138000\u{202c}"), ("remark", "金额请付 \u{202e}000,05 元")];
    let checked = browser.submit(&who.form().with_all(&typed)).await;
    assert_eq!(codes(&checked), [""; 0]);
    assert!(checked.text().contains("金额请付 000,05 元"), "{}", checked.text());
    let turns = |text: &str| text.contains(['\u{202d}', '\u{202c}', '\u{202e}']);
    assert!(!turns(&checked.body));
    let booked = browser.submit(&checked.form_with("button[name=do][value=book]").with("do", "book")).await;
    let number = booked.case_number().expect("a booking");
    let desk = bank.signed_in("clerk").await.open(&format!("/desk/cases/{number}")).await;
    assert!(desk.text().contains("000,05 元") && !turns(&desk.body));
}

/// The same text from two keyboards: decomposed (letter and combining accent) and composed.
const SPELLED: [&str; 2] = ["Cafe\u{301} in Zu\u{308}rich, \u{1100}\u{1161}", "Caf\u{e9} in Z\u{fc}rich, \u{ac00}"];

async fn accents_have_one_spelling_and_a_password_is_taken_as_typed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form().with_all(&[("category", "savings"), ("content", SPELLED[0])]);
    assert_eq!(browser.save_draft("suggestions", &form).await.status, 200);
    let key = form.value("key").expect("a key").to_owned();
    let draft = browser.open(&format!("{SUGGEST}?key={key}")).await.form();
    assert_eq!(draft.value("content").map(str::trim), Some(SPELLED[1]));
    for (spelled, key) in SPELLED.iter().zip(["spelled-apart", "composed"]) {
        let form = browser.open(SUGGEST).await.form().with("key", &format!("{key:-<26}"));
        let filed = browser.submit(&form.with_all(&[("category", "savings"), ("content", spelled), ("do", "submit")])).await;
        assert!(filed.case_number().is_some(), "{:?}", filed.refusals());
    }
    assert_eq!(bank.number("SELECT COUNT(DISTINCT content) FROM suggestions").await, 1);
    assert_eq!(the_only(bank, "SELECT content FROM suggestions LIMIT 1").await, SPELLED[1]);
    // A password is compared by bytes; normalising would change it.
    let hash = bank::sessions::hash_password("Cafe\u{301}").expect("a hash");
    bank.change(&format!("UPDATE users SET password_hash = '{hash}' WHERE sign_in_name = 'c2'")).await;
    let signs_in = async |password: &str| bank.browser().await.try_sign_in("c2", password).await.location.as_deref() == Some("/");
    assert!(signs_in("Cafe\u{301}").await && !signs_in("Caf\u{e9}").await);
}

async fn what_only_looks_filled_in_is_refused_as_empty(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for blank in ["\u{200b}", "\u{2800}\u{3164}", "\u{3000}\u{feff}"] {
        let form = browser.open(SUGGEST).await.form().with_all(&[("category", "savings"), ("content", blank), ("do", "submit")]);
        assert_eq!(codes(&browser.submit(&form).await), ["suggestion_content_missing"], "{}", blank.escape_unicode());
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM suggestions").await, 0);
    let number = book(&browser, &BOOKING).await.case_number().expect("a booking");
    let clerk = bank.signed_in("clerk").await;
    assert_eq!(codes(&act(&clerk, &number, "cancel", &[("reason", "\u{200b}")]).await), ["reason_missing"]);
    assert_eq!(codes(&act(&clerk, &number, "note", &[("note", "\u{2060} ")]).await), ["note_missing"]);
}

async fn text_in_another_encoding_is_refused_and_shown_as_far_as_it_can_be_read(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form();
    let key = form.value("key").expect("a key").to_owned();
    let body = format!(
        "key={key}&version=0&step=write&offered=category+content&category=savings&content=%D4%E7%B5%E3%BF%AA%C3%C5&do=submit"
    );
    let refused = browser.send(SUGGEST, &[], Some(&body)).await;
    assert_eq!((refused.status, codes(&refused)), (400, vec!["unreadable".to_owned()]));
    assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, 0, "nothing is stored");
    let again = refused.form();
    assert_eq!(again.value("content").map(str::trim), Some("早点开门"), "read as GBK, for the person to see");
    assert_eq!((again.value("category"), again.value("do"), again.action.as_str()), (Some("savings"), Some("submit"), SUGGEST));
    let lost = browser.submit(&again.clone().with("content", "早点\u{fffd}门")).await;
    assert_eq!(codes(&lost), ["unreadable"], "what is lost is never filed");
    assert!(browser.submit(&again).await.case_number().is_some());
    assert_eq!(the_only(bank, "SELECT content FROM suggestions").await, "早点开门");
    let rows = bank.number("SELECT COUNT(*) FROM form_states").await;
    bank.pass_minutes(12);
    let ended = browser.send(SUGGEST, &[], Some(&body)).await;
    assert_eq!((ended.status, codes(&ended)), (400, vec!["unreadable".to_owned()]), "after the session has ended");
    assert_eq!(bank.number("SELECT COUNT(*) FROM form_states").await, rows, "a guess is never kept");
    let body = "sign_in_name=%C4%E3%BA%C3&password=x";
    assert_eq!(codes(&bank.browser().await.send("/login", &[], Some(body)).await), ["unreadable"]);
}

async fn an_amount_that_can_be_two_things_is_refused_and_one_in_words_is_read(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = fill_in_answer(&browser, &BookingValues { amount: "60000,00", notes_100: "", ..BOOKING }).await;
    assert_eq!(page.refusals(), [("amount_unclear".to_owned(), Some("amount=60000".to_owned()))]);
    let text = page.text();
    assert!(text.contains("60,000 元") && text.contains("6,000,000 元"), "both readings are said: {text}");
    let number = book(&browser, &BookingValues { amount: "6 万", ..BOOKING }).await.case_number();
    assert!(number.is_some());
    assert_eq!(bank.number("SELECT amount FROM cases").await, 6_000_000);
}

async fn a_character_counts_as_one_however_it_is_made(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let write = |content: String| {
        let browser = browser.clone();
        async move {
            let page = browser.open(SUGGEST).await;
            assert!(!page.has("[maxlength]"), "a browser cuts a pasted text without a word");
            let form = page.form().with_all(&[("category", "savings"), ("content", &content), ("do", "submit")]);
            browser.submit(&form).await
        }
    };
    let families = format!("{}{}", "👨‍👩‍👧‍👦".repeat(300), "😀".repeat(1_700));
    assert!(write(families).await.case_number().is_some(), "a family is one character, not seven");
    let page = write("😀".repeat(2_003)).await;
    assert_eq!(codes(&page), ["suggestion_content_too_long"]);
    assert!(page.text().contains("2003"), "how many there are: {}", page.text());
}

async fn the_language_is_the_one_the_browser_prefers(bank: &TestBank) {
    let browser = bank.browser().await;
    for (accept, language) in [("en;q=0.1,zh;q=0.9", "zh-CN"), ("EN-us", "en"), ("fr, en;q=0.5", "en"), ("fr", "zh-CN")] {
        let page = browser.send("/login", &[("accept-language", accept)], None).await;
        assert_eq!(page.attr("html", "lang").as_deref(), Some(language), "{accept}");
    }
}

async fn every_spelling_of_a_name_is_accepted_and_a_refusal_says_what_is_wrong(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = fill_in(&browser, &BOOKING).await;
    let key = form.value("key").expect("a key").to_owned();
    let who = browser.open(&format!("{CASH}?key={key}&step=who")).await.form();
    let opened = browser.submit(&who.with("collector", "agent")).await.form();
    let agent = |name: &str| {
        let typed = [("agent_name", name), ("agent_id_type", "resident_id"), ("agent_id", "11010519491231002X")];
        opened.clone().with_all(&typed)
    };
    let mut version = opened.value("version").unwrap_or("0").to_owned();
    for (name, code, words) in [
        ("买买提．艾力5", "agent_name_invalid", "数字或符号"),
        ("王", "agent_name_too_short", "一个字"),
        (&"王".repeat(51), "agent_name_too_long", "51"),
    ] {
        let page = browser.submit(&agent(name).with("version", &version)).await;
        assert_eq!(codes(&page), [code]);
        assert!(page.text().contains(words), "{}", page.text());
        page.form().value("version").unwrap_or("0").clone_into(&mut version);
    }
    let checked = browser.submit(&agent("王　伟").with("version", &version)).await;
    assert!(checked.text().contains("王伟"), "{}", checked.text());
}

async fn an_address_is_read_like_a_form(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let number = book(&bank.signed_in("c1").await, &BOOKING).await.case_number().expect("a booking");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs(&[("number", &format!("\u{202d}{number}\u{202c}"))]))
        .finish();
    assert!(clerk.open(&format!("/desk?{query}")).await.text().contains(&number));
}

on_both_engines!(
    characters_nobody_sees_are_as_if_they_were_not_there,
    accents_have_one_spelling_and_a_password_is_taken_as_typed,
    what_only_looks_filled_in_is_refused_as_empty,
    text_in_another_encoding_is_refused_and_shown_as_far_as_it_can_be_read,
    an_amount_that_can_be_two_things_is_refused_and_one_in_words_is_read,
    a_character_counts_as_one_however_it_is_made,
    the_language_is_the_one_the_browser_prefers,
    every_spelling_of_a_name_is_accepted_and_a_refusal_says_what_is_wrong,
    an_address_is_read_like_a_form,
);
