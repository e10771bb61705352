//! Refusals that validation cannot give: the transaction loses the race at every retry (`changed`), and the time limit of
//! cancelling has passed (`cancel_closed`). Over HTTP, on both engines.

use bank::appointments::reception::Audience;
use bank::kernel::database::Engine;

use crate::on_both_engines;
use crate::support::cash::{self, BookingValues};
use crate::support::reception::{self, announce};
use crate::support::seed::BRANCH;
use crate::support::{Form, TestBank};

/// The Wednesday after the Monday on which the tests run.
const DAY: &str = "2026-11-25";

const BOOKING: BookingValues<'static> =
    BookingValues { branch: BRANCH, day: DAY, slot: "10:00", amount: "50000", notes_100: "500" };

/// Makes every insert into this table a no-op from now on, as if a unique index already held the row: nothing is stored, no
/// error is raised, and reads show no conflict.
async fn be_faster(bank: &TestBank, table: &str) {
    if bank.bank.db().engine() == Engine::Sqlite {
        bank.change(&format!("CREATE TRIGGER faster BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END")).await;
        return;
    }
    bank.change("CREATE FUNCTION faster() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$").await;
    bank.change(&format!("CREATE TRIGGER faster BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION faster()")).await;
}

async fn be_slow(bank: &TestBank, table: &str) {
    let on = if bank.bank.db().engine() == Engine::Sqlite { String::new() } else { format!(" ON {table}") };
    bank.change(&format!("DROP TRIGGER faster{on}")).await;
}

/// A customer who loses every retry gets an explanation and keeps the typed text; the same form sent again gives a case.
async fn ensure_told(bank: &TestBank, table: &str, form: &Form, words: &str) {
    let browser = bank.signed_in("c1").await;
    be_faster(bank, table).await;
    let page = browser.submit(form).await;
    assert_eq!((page.status, page.case_number(), page.refusals()), (200, None, vec![("changed".to_owned(), None)]));
    assert!(page.text().contains(words), "{}", page.text());
    assert_eq!((bank.held().await, bank.count("cases").await, bank.count("outbox").await), (0, 0, 0), "all or nothing");
    be_slow(bank, table).await;
    let again = browser.submit(&page.form_with("button[name=do][value=book]").with("do", "book")).await;
    assert!(again.case_number().is_some(), "{:?}", again.refusals());
    assert_eq!(bank.count("cases").await, 1);
}

async fn a_booking_overtaken_again_and_again_is_told_and_loses_nothing(bank: &TestBank) {
    let form = cash::whole("c1", &"c".repeat(26), &BOOKING);
    ensure_told(bank, "cash_appointments", &form, "提交时情况有变，没有提交成功").await;
}

async fn an_application_overtaken_again_and_again_is_told_and_loses_nothing(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 2).await;
    let form = reception::whole(&"c".repeat(26), DAY, "14:00");
    ensure_told(bank, "reception_applications", &form, "提交时情况有变，没有报上名").await;
}

async fn after_the_cut_off_the_page_says_so_and_the_appointment_stays(bank: &TestBank) {
    announce(&bank.bank, BRANCH, DAY, Audience::All, 1).await;
    let browser = bank.signed_in("c1").await;
    let booked = cash::book(&browser, &BOOKING).await;
    let applied = browser.submit(&reception::checked(&browser, DAY, "15:00").await).await;
    let held = bank.held().await;
    assert!(held > 0);
    let cancels = [booked, applied].map(|page| page.form_with("button[name=do][value=cancel]").with("do", "cancel"));

    bank.set_time("2026-11-24T15:00:00+08:00");
    let browser = bank.signed_in("c1").await;
    for cancel in &cancels {
        let page = browser.submit(cancel).await;
        assert_eq!(page.refusals(), [("cancel_closed".to_owned(), None)], "{}", page.path);
        assert!(page.text().contains("不能自己取消了"), "{}", page.text());
        assert!(!page.has("button[name=do][value=cancel]"));
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state IN ('submitted', 'applied')").await, 2);
    assert_eq!(bank.held().await, held);

    bank.set_time("2026-11-24T14:59:00+08:00");
    for cancel in &cancels {
        let page = browser.submit(cancel).await;
        assert!(page.refusals().is_empty(), "{:?}", page.refusals());
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'cancelled'").await, 2);
    assert_eq!(bank.held().await, 0);
}

on_both_engines!(
    a_booking_overtaken_again_and_again_is_told_and_loses_nothing,
    an_application_overtaken_again_and_again_is_told_and_loses_nothing,
    after_the_cut_off_the_page_says_so_and_the_appointment_stays,
);
