//! The cash form and the page of a booking in a browser without scripts: one choice opens the next field, nothing is refused
//! before its field was shown, one click accepts an offered value, a case number is accepted in any spelling but only from
//! its owner, and cancelling ends at the cut-off.

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, book, fill_in, fill_in_answer};
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
    assert_eq!(location, format!("/appointments/{number}"));
    assert!(page.text().contains("60,000 元") && page.text().contains("100 元 600 张"));
    let typed = number.to_lowercase().replace('-', "");
    assert_eq!(browser.open(&format!("/appointments/{typed}")).await.case_number(), Some(number.clone()));
    assert!(browser.open("/appointments").await.text().contains(&number));
    assert_eq!(bank.signed_in("c2").await.get(&location).await.status, 404);
    // A repeated post leads to the same case; other values under the same key get an explanation.
    assert_eq!(browser.post(&form.action, &form.fields).await.location.as_deref(), Some(&*location));
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
    let pages = [
        ("/", ["60,000 元起可约", "300,000 元起须预约"], ["an be booked from CNY 60,000", "must be booked from CNY 300,000"]),
        (
            &amount.path,
            ["60,000 元起可以预约", "300,000 元起必须预约"],
            ["can be booked from CNY 60,000", "must be booked from CNY 300,000"],
        ),
        (
            &refused.path,
            ["低于 60,000 元不用预约", "300,000 元起必须预约"],
            ["Less than CNY 60,000 needs no booking", "must be booked from CNY 300,000"],
        ),
    ];
    for (path, chinese, english) in pages {
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
    assert!(page.text().contains("可以改成 50,000 元"));
    assert_eq!(page.form().value("amount"), Some("30000"), "what was typed stays");
    let page = browser.submit(&page.form_with("input[type=hidden][name=amount]")).await;
    assert!(page.has("[name=collector]"), "on to the next step: {:?}", page.refusals());
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

async fn a_message_is_read_once_it_was_said_so_and_the_time_fits_a_calendar(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = book(&browser, &BOOKING).await;
    let page_path = page.path.clone();
    let read = page.form_with("button[name=do][value=read]").with("do", "read");
    assert!(!browser.submit(&read).await.has("button[name=do][value=read]"));
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE read_at IS NULL").await, 0);
    let file = browser.get(&format!("{page_path}/calendar")).await;
    assert!(file.body.contains("DTSTART:20261125T020000Z\r\n"), "{}", file.body);
}

on_both_engines!(
    one_choice_opens_the_next_and_nothing_is_refused_before_it_was_offered,
    everything_at_once_goes_straight_to_the_check_page,
    a_booking_has_a_number_that_only_its_owner_finds_however_it_is_typed,
    a_companys_operator_is_said_to_come_in_person_on_the_check_page_and_on_the_booking,
    from_when_cash_can_and_must_be_booked_is_said_with_the_parameters,
    a_refused_amount_is_mended_by_the_offered_one,
    an_unfinished_form_is_offered_again,
    cancelling_ends_with_the_cut_off,
    a_message_is_read_once_it_was_said_so_and_the_time_fits_a_calendar,
);
