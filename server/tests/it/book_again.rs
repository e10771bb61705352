//! "Book again" on an appointment: a new form with the last choices and without the time, beside an unfinished one only after
//! asking, once however often it is pressed.

use bank::appointments::reception::Audience;

use crate::on_both_engines;
use crate::support::cash::{BookingValues, NEW, act, book, fill_in_answer};
use crate::support::seed::{BRANCH, OTHER_BRANCH};
use crate::support::{Answer, Form, TestBank, reception};

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: "2026-11-24", slot: "10:00", amount: "60000", notes_100: "600" };

const DRAFTS: &str = "SELECT COUNT(*) FROM form_states WHERE case_number IS NULL";

fn again(page: &Answer) -> Form {
    page.form_with("button[name=do][value=again]").with("do", "again")
}

async fn a_booking_is_begun_again_with_its_choices_and_without_its_day(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let case = book(&browser, &BOOKING).await;
    let form = again(&case);
    let page = browser.submit(&form).await;
    // The branch is chosen, the day is not; nothing is refused yet.
    assert!(page.path.starts_with(NEW) && page.has("[name=day]") && page.refusals().is_empty(), "{}", page.text());
    assert_eq!(page.form().value("branch"), Some(BRANCH));
    assert!(page.all("[name=day][checked]", "value").is_empty() && page.all("[name=slot][checked]", "value").is_empty());
    // Account, amount, notes and collector are taken over: nothing is left to ask, so all of it is shown to be checked.
    let page = browser.submit(&page.form().with_all(&[("day", "2026-11-25"), ("slot", "09:00")])).await;
    assert!(page.has("button[name=do][value=book]") && page.refusals().is_empty(), "{} {}", page.path, page.text());
    let said = page.words("dd").join(" ");
    assert!(said.contains("60,000") && said.contains("600 张") && said.contains("本人"), "{said}");
    let page = browser.submit(&page.form().with("to_step", "how_much/account")).await;
    assert_eq!(page.form().value("account"), Some("acc-c1"));
    assert_eq!(page.form().value("notes_100"), Some("600"));
    // Pressed a second time, and from a page that was open all the time: one form.
    assert!(browser.submit(&form).await.path.contains(form.value("key").expect("a key")));
    assert_eq!(bank.number(DRAFTS).await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases").await, 1, "nothing is booked by it");
}

async fn what_can_no_longer_be_chosen_or_is_shown_masked_is_asked_again(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let check = fill_in_answer(&browser, &BookingValues { amount: "200000", notes_100: "", ..BOOKING }).await;
    let who = browser.submit(&check.form().with("to_step", "who")).await;
    let agent = [
        ("purpose", "居住"),
        ("collector", "agent"),
        ("agent_name", "王建国"),
        ("agent_id_type", "passport"),
        ("agent_id", "E12345678"),
        ("phone", "13800138001"),
        ("remark", "这次下午到"),
    ];
    let check = browser.submit(&who.form().with_all(&agent)).await;
    let case = browser.submit(&check.form().with("do", "book")).await;
    assert!(case.case_number().is_some(), "{} {:?}", check.path, check.refusals());
    let page = browser.submit(&again(&case)).await;
    let page = browser.submit(&page.form().with_all(&[("day", "2026-11-25"), ("slot", "09:00")])).await;
    assert!(page.path.contains("&step=who") && page.refusals().is_empty(), "{} {:?}", page.path, page.refusals());
    let form = page.form();
    let taken = ["collector", "agent_name", "agent_id_type", "purpose"].map(|name| form.value(name).unwrap_or_default());
    assert_eq!(taken, ["agent", "王建国", "passport", "居住"]);
    // The page of the booking shows both numbers masked; the remark was about that visit.
    assert_eq!(["agent_id", "phone", "remark"].map(|name| form.value(name).unwrap_or_default()), ["", "", ""]);
    assert!(!page.body.contains("E12345678") && !page.body.contains("13800138001"));
    browser.submit(&page.form().with("do", "discard")).await;
    // The account has been closed since: another one is chosen, as in a new form.
    bank.change("UPDATE accounts SET active = FALSE WHERE id = 'acc-c1'").await;
    let page = browser.submit(&again(&browser.open(&case.path).await)).await;
    let page = browser.submit(&page.form().with_all(&[("day", "2026-11-25"), ("slot", "09:00")])).await;
    assert!(page.path.contains("&step=how_much"), "{}", page.path);
    assert!(
        !page.body.contains("acc-c1") && page.refusals().iter().all(|(code, _)| code != "account_unknown"),
        "{:?}",
        page.refusals()
    );
}

async fn an_unfinished_form_is_kept_and_the_customer_is_asked_first(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let case = book(&browser, &BOOKING).await;
    let begun = browser.open(NEW).await.form().with("branch", OTHER_BRANCH);
    let key = begun.value("key").expect("a key").to_owned();
    browser.submit(&begun).await;
    let asked = browser.submit(&again(&case)).await;
    assert!(asked.text().contains("您还有一张没有填完") && asked.has(&format!("a[href='{NEW}?key={key}']")), "{}", asked.text());
    assert_eq!(bank.number(DRAFTS).await, 1, "nothing has begun yet");
    let page = browser.submit(&again(&asked)).await;
    assert_eq!(page.form().value("branch"), Some(BRANCH));
    assert_eq!(bank.number(DRAFTS).await, 2);
    let kept = browser.open(&format!("{NEW}?key={key}")).await;
    assert_eq!(kept.form().value("branch"), Some(OTHER_BRANCH), "as it was");
    // The consent was about that form: with another one unfinished it is asked again.
    let asked = browser.submit(&again(&case)).await;
    assert!(asked.text().contains("您还有一张没有填完"));
}

async fn a_cancelled_booking_and_one_whose_branch_is_gone_begin_again_too(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let values = BookingValues { branch: OTHER_BRANCH, notes_100: "", ..BOOKING };
    let case = book(&browser, &values).await;
    let case = browser.submit(&case.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
    bank.change("UPDATE branches SET closed_on = '2026-11-01' WHERE id = 'dongqu'").await;
    let page = browser.submit(&again(&case)).await;
    assert!(page.path.starts_with(NEW) && page.status == 200 && page.form().value("branch") != Some(OTHER_BRANCH));
    // Somebody else's case begins nothing.
    let stranger = bank.signed_in("c2").await;
    assert_eq!(stranger.post(&case.path, &again(&case).fields).await.status, 403, "a page made for somebody else");
    let bare: Vec<_> = again(&case).fields.into_iter().filter(|(name, _)| name != "made_for").collect();
    assert_eq!(stranger.post(&case.path, &bare).await.status, 404);
}

async fn a_reception_is_applied_for_again_with_its_words(bank: &TestBank) {
    reception::announce(&bank.bank, BRANCH, "2026-11-25", Audience::All, 2).await;
    // Two days besides the one applied for: an only one is chosen already.
    for day in ["2026-12-01", "2026-12-02"] {
        reception::announce(&bank.bank, BRANCH, day, Audience::All, 2).await;
    }
    let browser = bank.signed_in("c1").await;
    let checked = reception::checked(&browser, "2026-11-25", "14:00").await;
    let case = browser.submit(&checked).await;
    let page = browser.submit(&again(&case)).await;
    assert!(page.path.starts_with(reception::NEW) && page.all("[name=day][checked]", "value").is_empty(), "{}", page.text());
    let page = browser.submit(&page.form().with("day", "2026-12-01")).await;
    let page = if page.has("[name=slot]") { browser.submit(&page.form().with("slot", "14:00")).await } else { page };
    // Nothing is left to ask, so the answers are shown to be checked before they are sent.
    assert!(page.has("button[name=do][value=book]") && page.words("dd").join(" ").contains("排队太久"), "{}", page.text());
    let sent = browser.submit(&page.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert!(sent.case_number().is_some_and(|number| Some(number) != case.case_number()), "{}", sent.text());
}

async fn a_declined_booking_is_begun_again_on_the_day_the_branch_proposes(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let case = book(&browser, &BOOKING).await;
    let number = case.case_number().expect("a booking");
    act(&bank.signed_in("clerk").await, &number, "decline", &[("reason", "当天已约满"), ("offered_day", "2026-11-26")]).await;
    let page = browser.open(&case.path).await;
    let proposed = page.form_with("input[type=hidden][name=day][value='2026-11-26']").with("do", "again");
    assert!(page.words("button[value=again]")[0].contains("改约 11 月 26 日 周四"), "{}", page.text());
    let form = browser.submit(&proposed).await;
    assert_eq!((form.form().value("branch"), form.form().value("day")), (Some(BRANCH), Some("2026-11-26")));
    assert!(form.has("[name=slot]") && form.refusals().is_empty(), "its times are open: {}", form.text());
    // Beside another form it is asked first, and the question keeps the day.
    let asked = browser.submit(&page.form_with("input[name=day]").with_all(&[("do", "again"), ("key", &"k".repeat(26))])).await;
    assert!(asked.text().contains("您还有一张没有填完"), "{}", asked.text());
    assert_eq!(again(&asked).value("day"), Some("2026-11-26"));
    // A day that is over is proposed no more.
    bank.set_time("2026-11-26T10:00:00+08:00");
    let over = bank.signed_in("c1").await.open(&case.path).await;
    assert!(over.has("button[value=again]") && !over.has("input[name=day]"), "{}", over.text());
}

on_both_engines!(
    a_declined_booking_is_begun_again_on_the_day_the_branch_proposes,
    a_booking_is_begun_again_with_its_choices_and_without_its_day,
    what_can_no_longer_be_chosen_or_is_shown_masked_is_asked_again,
    an_unfinished_form_is_kept_and_the_customer_is_asked_first,
    a_cancelled_booking_and_one_whose_branch_is_gone_begin_again_too,
    a_reception_is_applied_for_again_with_its_words,
);
