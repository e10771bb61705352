//! The row of a form: values a page has not shown are never booked, a key belongs to its owner, and a row stores only
//! declared fields within their limits.

use bank::kernel::database::Engine;
use bank::kernel::forms::{DRAFTS, Post, SubmitOutcome, Values, fresh_key};
use bank::sessions::{Caller, Source, caller, sign_in};
use bank::suggestions::record;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, act, book, fill_in, whole};
use crate::support::seed::{BRANCH, PASSWORD};
use crate::support::{Answer, Browser, TestBank, pairs};

const DAY: &str = "2026-11-25";
const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: DAY, slot: "10:00", amount: "60000", notes_100: "600" };
const SUGGEST: &str = "/suggestions/new";
const CASES: &str = "SELECT COUNT(*) FROM cases";
const ROWS: &str = "SELECT COUNT(*) FROM form_states";

/// The page of a step for a key.
async fn step(browser: &Browser, key: &str, name: &str) -> Answer {
    browser.open(&format!("{NEW}?key={key}&step={name}")).await
}

async fn a_check_page_left_open_books_nothing_it_has_not_shown(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let check = fill_in(&browser, &BOOKING).await;
    let key = check.value("key").expect("a key").to_owned();
    let much = step(&browser, &key, "how_much").await;
    browser.submit(&much.form().with_all(&[("amount", "90000"), ("notes_100", "900")])).await;
    let answer = browser.post(NEW, &check.fields).await;
    assert!(answer.location.as_deref().is_some_and(|to| to.contains("stale=1")), "{:?}", answer.location);
    assert_eq!(bank.number(CASES).await, 0, "nothing is booked");
    let page = browser.open(answer.location.as_deref().unwrap_or_default()).await;
    assert!(page.text().contains("另一个窗口改过这张表") && page.text().contains("90,000 元"), "{}", page.text());
    // The newer page can be booked as it shows the values.
    browser.submit(&page.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert_eq!(bank.number("SELECT amount FROM cases").await, 9_000_000);
}

async fn what_is_saved_while_typing_is_never_booked_by_another_page(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let check = fill_in(&browser, &BOOKING).await;
    let key = check.value("key").expect("a key").to_owned();
    let much = step(&browser, &key, "how_much").await.form().with_all(&[("amount", "80000"), ("notes_100", "800")]);
    assert_eq!(browser.save_draft("cash", &much).await.status, 200);
    let typed = step(&browser, &key, "how_much").await;
    assert_eq!(typed.form().value("amount"), Some("80000"), "what was typed stands in its field");
    let page = browser.submit(&check).await;
    assert!(page.case_number().is_some(), "{:?}", page.refusals());
    assert_eq!(bank.number("SELECT amount FROM cases").await, 6_000_000, "what the check page showed");
}

async fn a_form_that_has_a_row_is_taken_only_with_its_version(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let key = fresh_key(&bank.bank).expect("a key");
    // A client that sends all fields at once: a first post needs no version.
    let mut first = whole("c2", key.as_str(), &BOOKING);
    first.fields.retain(|(name, _)| name != "version");
    assert!(bank.signed_in("c2").await.submit(&first).await.case_number().is_some());
    let check = fill_in(&browser, &BOOKING).await;
    for version in [None, Some("0"), Some("2"), Some("99"), Some("x"), Some("")] {
        let mut late = check.clone();
        late.fields.retain(|(name, _)| name != "version");
        late.fields.extend(version.map(|version| ("version".to_owned(), version.to_owned())));
        let to = browser.post(NEW, &late.fields).await.location.expect("a way on");
        assert!(to.contains("stale=1"), "{version:?} led to {to}");
    }
    assert_eq!(bank.number(CASES).await, 1, "only the first of the other customer");
    assert!(browser.submit(&check).await.case_number().is_some());
}

async fn a_retry_of_a_step_is_one_change_and_no_alarm(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(NEW).await.form().with_all(&[("branch", BRANCH), ("day", DAY), ("slot", "10:00")]);
    let places = [browser.post(NEW, &form.fields).await.location, browser.post(NEW, &form.fields).await.location];
    assert_eq!(places[0], places[1]);
    assert!(places[0].as_deref().is_some_and(|to| !to.contains("stale")), "{places:?}");
    assert_eq!(bank.number("SELECT version FROM form_states").await, 1);
}

async fn an_act_of_the_desk_without_the_cases_version_is_not_carried_out(bank: &TestBank) {
    let number = book(&bank.signed_in("c1").await, &BOOKING).await.case_number().expect("a case");
    let clerk = bank.signed_in("clerk").await;
    let path = format!("/desk/cases/{number}");
    let mut form = clerk.open(&path).await.form_with("button[value=confirm]").with("do", "confirm");
    form.fields.retain(|(name, _)| name != "seen");
    assert_eq!(clerk.submit(&form).await.refusals(), [("changed".to_owned(), None)]);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'submitted'").await, 1);
    act(&clerk, &number, "confirm", &[]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'confirmed'").await, 1);
}

async fn a_malformed_key_gets_a_page_that_says_so(bank: &TestBank) {
    let number = book(&bank.signed_in("c2").await, &BOOKING).await.case_number().expect("a case");
    let (customer, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    let desk = format!("/desk/cases/{number}");
    let long = "a".repeat(60_000);
    let rows = bank.number(ROWS).await;
    for key in ["", "short", &long, "abc\0defghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "';DROP TABLE form_states--"] {
        for (browser, path, press) in
            [(&customer, NEW, "book"), (&customer, SUGGEST, "submit"), (&clerk, desk.as_str(), "confirm")]
        {
            let sent = pairs(&[("key", key), ("do", press), ("content", "x"), ("version", "1")]);
            let answer = browser.post(path, &sent).await;
            assert_eq!(answer.status, 400, "{path} under {:?}", key.get(..8));
            assert!(answer.text().contains("这张表不能用"), "{}", answer.text());
        }
        let form = customer.open(SUGGEST).await.form().with("key", key);
        // With connections of its own: the server closes the one on which a body was too large.
        let typing = bank.signed_in("c1").await;
        let status = typing.save_draft("suggestions", &form).await.status;
        // An island sends the key twice: 60 kB of it exceed the body limit.
        assert_eq!(status, if key.len() > 1_000 { 413 } else { 400 });
        let query: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let status = customer.open(&format!("{SUGGEST}?key={}", query.get(..100).unwrap_or(&query))).await.status;
        // NUL characters are dropped from a URL, so this one names an unused key.
        let names_one = key.is_empty() || key.contains('\0');
        assert_eq!(status, if names_one { 200 } else { 404 }, "{:?}", key.get(..8));
    }
    let mut none = customer.open(SUGGEST).await.form();
    none.fields.retain(|(name, _)| name != "key");
    assert_eq!(customer.post(SUGGEST, &none.fields).await.status, 400, "no key at all");
    assert_eq!(bank.number(ROWS).await, rows);
}

async fn a_key_is_its_owners_own(bank: &TestBank) {
    let (first, second) = (bank.signed_in("c1").await, bank.signed_in("c2").await);
    let page = first.open(SUGGEST).await;
    let key = page.form().value("key").expect("a key").to_owned();
    let saved = first.submit(&page.form().with_all(&[("content", "第一位的话"), ("do", "draft")])).await;
    assert_eq!(saved.form().value("content").map(str::trim), Some("第一位的话"));
    // The other customer gets a new form under the same key and files their own.
    let theirs = second.open(&format!("{SUGGEST}?key={key}")).await;
    assert_eq!((theirs.status, theirs.form().value("content").map(str::trim)), (200, Some("")));
    let filed =
        second.submit(&theirs.form().with_all(&[("category", "savings"), ("content", "第二位的话"), ("do", "submit")])).await;
    assert!(filed.case_number().is_some() && !filed.text().contains("第一位"), "{}", filed.text());
    // The first customer's form is unchanged, and the same key of another form is another row.
    assert_eq!(first.open(&format!("{SUGGEST}?key={key}")).await.form().value("content").map(str::trim), Some("第一位的话"));
    assert_eq!(first.open(&format!("{NEW}?key={key}")).await.status, 200);
}

async fn a_page_made_for_one_person_is_refused_from_another(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open(SUGGEST).await.form().with_all(&[("category", "savings"), ("content", "甲的话"), ("do", "submit")]);
    browser.sign_in("c2").await;
    let answer = browser.post(SUGGEST, &page.fields).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("这一页是为另一位用户打开的") && !answer.text().contains("甲的话"), "{}", answer.text());
    assert_eq!(browser.save_draft("suggestions", &page).await.status, 403);
    assert_eq!((bank.number(CASES).await, bank.number(ROWS).await), (0, 0));

    let number = book(&browser, &BOOKING).await.case_number().expect("a case");
    let desk = bank.signed_in("clerk").await;
    let form = desk.open(&format!("/desk/cases/{number}")).await.form_with("button[value=confirm]").with("do", "confirm");
    desk.sign_in("clerk2").await;
    assert_eq!(desk.post(&form.action, &form.fields).await.status, 403);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'submitted'").await, 1);
}

async fn a_row_holds_what_the_form_declares_and_no_more(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let mut form = browser.open(NEW).await.form().with("branch", BRANCH);
    let key = form.value("key").expect("a key").to_owned();
    for round in 0..5 {
        let invented: Vec<String> = (0..3_000).map(|n| format!("invented_{round}_{n}")).collect();
        let mut fields = form.with("offered", &invented.join(" ")).fields;
        fields.extend((0..300).map(|n| (format!("extra_{round}_{n}"), "x".repeat(20))));
        browser.post(NEW, &fields).await;
        form = step(&browser, &key, "where").await.form();
    }
    let size = bank.number("SELECT CAST(MAX(LENGTH(fields)) AS BIGINT) FROM form_states").await;
    assert!(size < 1_000, "{size} characters for a branch");
    // A value beyond the limit of every field is refused as a whole with an explanation.
    let page = browser.open(SUGGEST).await.form().with_all(&[("content", &"x".repeat(40_000)), ("do", "submit")]);
    let answer = browser.post(SUGGEST, &page.fields).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("内容太长"), "{}", answer.text());
}

async fn what_was_typed_stands_nowhere_in_clear(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = browser.open(SUGGEST).await.form();
    // The refusal offers the part that fits, so it repeats the text.
    let refused = browser.submit(&form.with_all(&[("content", &"秘".repeat(2_001)), ("do", "submit")])).await;
    assert!(refused.refusals().iter().any(|(code, offer)| code == "suggestion_content_too_long" && offer.is_some()));
    let names = match bank.bank.db().engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info('form_states')",
        Engine::Postgres => "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = 'form_states'",
    };
    let columns: Vec<(String,)> =
        bank.bank.read().await.expect("a connection").fetch_all(names, Vec::new()).await.expect("columns");
    assert!(columns.len() > 5);
    for (column,) in columns {
        let sql = format!("SELECT COUNT(*) FROM form_states WHERE CAST({column} AS TEXT) LIKE '%秘秘%'");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(sql)).await, 0, "{column}");
    }
}

async fn drafts_of_one_person_are_few(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let mut keys = Vec::new();
    for n in 0..DRAFTS + 5 {
        bank.pass_minutes(1);
        let form = browser.open(SUGGEST).await.form().with_all(&[("content", &format!("第 {n} 稿")), ("do", "draft")]);
        keys.push(form.value("key").expect("a key").to_owned());
        browser.post(SUGGEST, &form.fields).await;
    }
    assert_eq!(bank.number(ROWS).await, DRAFTS);
    let newest = browser.open(&format!("{SUGGEST}?key={}", keys[keys.len() - 1])).await;
    assert_eq!(newest.form().value("content").map(str::trim), Some("第 14 稿"));
    let oldest = browser.open(&format!("{SUGGEST}?key={}", keys[0])).await;
    assert_eq!(oldest.form().value("content").map(str::trim), Some(""), "the oldest gave way");

    let large = browser.open(SUGGEST).await.form().with_all(&[("content", &"x".repeat(40_000)), ("do", "draft")]);
    assert_eq!(browser.post(SUGGEST, &large.fields).await.status, 413);
    let first_kept = browser.open(&format!("{SUGGEST}?key={}", keys[5])).await;
    assert_eq!(first_kept.form().value("content").map(str::trim), Some("第 5 稿"), "what is not stored replaces nothing");
    assert_eq!(bank.number(ROWS).await, DRAFTS);
}

async fn posts_at_once_under_one_key_make_one_case(bank: &TestBank) {
    let signed_in = sign_in(&bank.bank, "c1", PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    let Caller::Customer(customer) = caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller else {
        panic!("no customer")
    };
    let key = fresh_key(&bank.bank).expect("a key");
    let post = |content: &str| {
        let values = Values(pairs(&[("category", "savings"), ("content", content)]));
        Post { key: key.clone(), version: Some(0), values }
    };
    let (one, other) = (post("第一条"), post("第二条"));
    let (first, second) = tokio::join!(record(&bank.bank, &customer, &one), record(&bank.bank, &customer, &other));
    let outcomes = [first.expect("no failure"), second.expect("no failure")];
    let booked = outcomes.iter().filter(|outcome| matches!(outcome, SubmitOutcome::Case { same: true, .. })).count();
    assert_eq!((booked, bank.number(CASES).await), (1, 1), "{outcomes:?}");
    let kept = outcomes.iter().any(|outcome| matches!(outcome, SubmitOutcome::Case { same: false, instead: Some(_), .. }));
    assert!(kept, "the other text stands in a form of its own: {outcomes:?}");
}

on_both_engines!(
    a_check_page_left_open_books_nothing_it_has_not_shown,
    what_is_saved_while_typing_is_never_booked_by_another_page,
    a_form_that_has_a_row_is_taken_only_with_its_version,
    a_retry_of_a_step_is_one_change_and_no_alarm,
    an_act_of_the_desk_without_the_cases_version_is_not_carried_out,
    a_malformed_key_gets_a_page_that_says_so,
    a_key_is_its_owners_own,
    a_page_made_for_one_person_is_refused_from_another,
    a_row_holds_what_the_form_declares_and_no_more,
    what_was_typed_stands_nowhere_in_clear,
    drafts_of_one_person_are_few,
    posts_at_once_under_one_key_make_one_case,
);
