//! An administrator closes a branch, a day or hours, or calls off a reception day, while customers book there and staff answer
//! (docs/domain.md §2, §12). Whatever is committed first, nothing live stands where the preview did not count it. Both engines.
//! The guards are the version compared in `cases::quota::has_room` and the lock of `branches::hold_reference`.

use std::time::Duration;

use bank::appointments::reception::Audience;
use bank::kernel::database::Grouping;
use bank::kernel::forms::Post;
use bank::sessions::Staff;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::on_both_engines;
use crate::support::admin::{check, decision, id, propose, send, staff};
use crate::support::cash::{BookingValues, act, book, whole};
use crate::support::crowd::{crowd, give_back, made};
use crate::support::reception::{self, announce};
use crate::support::seed::{BRANCH, OTHER_BRANCH};
use crate::support::soak::rounds;
use crate::support::{Answer, Browser, Form, TestBank};

const DAY: &str = "2026-11-26";
const VALUES: BookingValues<'_> = BookingValues { branch: OTHER_BRANCH, day: DAY, slot: "10:00", amount: "50000", notes_100: "" };
const CLOSING: &str = "/admin/branches/dongqu/closing";
const LIVE: &str = "SELECT (SELECT COUNT(*) FROM cash_appointments WHERE live) \
                    + (SELECT COUNT(*) FROM reception_applications WHERE live)";
/// Open cases at the branch that is closed.
const OPEN: &str = "SELECT COUNT(*) FROM cases WHERE branch_id = 'dongqu' AND state NOT IN ('cancelled', 'answered')";

on_both_engines!(
    a_branch_closes_or_is_booked_but_not_both,
    a_day_closes_with_as_many_bookings_as_its_preview_counted,
    hours_change_with_as_many_bookings_as_their_preview_counted,
    one_branch_closes_for_a_day_with_as_many_bookings_as_its_preview_counted,
    a_reception_day_is_called_off_or_applied_for_but_not_both,
    a_day_closes_while_a_case_of_it_is_answered,
);

/// Nobody works at the branch that is to be closed.
async fn without_staff(bank: &TestBank) {
    bank.change(&format!("UPDATE users SET branch_id = '{BRANCH}' WHERE branch_id = '{OTHER_BRANCH}'")).await;
}

/// Sends all forms, each a little later than the one before.
async fn send_all(forms: Vec<(Browser, Form)>) -> Vec<(Browser, Answer)> {
    let sent = forms.into_iter().zip(0..).map(|((browser, form), place)| {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(place * 3)).await;
            let answer = browser.submit(&form).await;
            (browser, answer)
        })
    });
    let mut answers = Vec::new();
    for sent in sent.collect::<Vec<_>>() {
        answers.push(sent.await.expect("an answer"));
    }
    answers
}

/// A loaded machine may answer some with 503.
fn ensure_answered(answers: &[(Browser, Answer)]) {
    for (_, answer) in answers {
        assert!([200, 503].contains(&answer.status), "{} {}", answer.status, answer.text());
    }
}

/// Withdraws what was not approved.
async fn withdraw(bank: &TestBank) {
    let sql = "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'";
    bank.change(sql).await;
}

/// A key that no other round uses.
fn key(name: &str, round: usize) -> String {
    format!("{name:0<6}{round:0>20}")
}

async fn a_branch_closes_or_is_booked_but_not_both(bank: &TestBank) {
    without_staff(bank).await;
    let crowd = crowd(bank, 6).await;
    bank.change(&format!("UPDATE customers SET usual_branch_id = '{OTHER_BRANCH}' WHERE id = 'customer-c1'")).await;
    let (browser, visitor, second) = (bank.signed_in("admin").await, bank.signed_in("c1").await, staff(bank, "admin2").await);
    for round in 0..rounds(40) {
        bank.change("UPDATE branches SET closed_on = NULL").await;
        bank.change(&format!("UPDATE customers SET usual_branch_id = '{OTHER_BRANCH}' WHERE id = 'customer-c1'")).await;
        let request = id(&propose(&browser, CLOSING, &[("closing", "on")]).await);
        let post = decision(bank, &second, &request, "approve").await;
        let forms = crowd.iter().map(|(name, browser)| (browser.clone(), whole(name, &key(name, round), &VALUES)));
        let mut forms: Vec<_> = forms.collect();
        // Filed at the usual branch of its customer.
        let suggestion = visitor.open("/suggestions/new").await.form();
        let suggestion = suggestion.with_all(&[("category", "branch_service"), ("content", "多放几把椅子")]);
        forms.insert(3, (visitor.clone(), suggestion));
        let closing = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(round % 8).unwrap_or(0) * 4)).await;
            send(bank, &second, &request, &post).await
        };
        let (closed, answers) = tokio::join!(closing, send_all(forms));
        let open = bank.number(OPEN).await;
        match closed {
            Ok(()) => assert_eq!(open, 0, "round {round}: open cases at a closed branch"),
            Err(codes) => {
                assert_eq!(codes, ["blocked"], "round {round}");
                assert!(open > 0, "round {round}: nothing is in its way");
            }
        }
        ensure_answered(&answers);
        give_back(&answers[..3]).await;
        give_back(&answers[4..]).await;
        bank.change("UPDATE cases SET state = 'answered', waiting = FALSE WHERE kind = 'suggestion'").await;
        withdraw(bank).await;
    }
}

/// Submits a previewed change without live bookings while people book; the change, or what was booked, but not both.
async fn closed_while_booked(bank: &TestBank, path: &str, fields: &[(&str, &str)], undo: &str) {
    announce(&bank.bank, OTHER_BRANCH, DAY, Audience::All, 6).await;
    let crowd = crowd(bank, 8).await;
    let admin = bank.signed_in("admin").await;
    for round in 0..rounds(40) {
        let preview = check(&admin, path, fields).await;
        assert!(preview.has("button[value=submit]"), "{:?} {}", preview.refusals(), preview.text());
        let form = preview.form().with("do", "submit");
        let forms = crowd.iter().zip(0..).map(|((name, browser), place)| {
            let form = match place % 2 {
                0 => whole(name, &key(name, round), &VALUES),
                _ => reception::whole(&key(name, round), DAY, "14:00"),
            };
            (browser.clone(), Form { action: if place % 2 == 0 { form.action } else { reception::NEW.into() }, ..form })
        });
        let forms: Vec<_> = forms.collect();
        let closing = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(round % 8).unwrap_or(0) * 4)).await;
            admin.submit(&form).await
        };
        let (page, answers) = tokio::join!(closing, send_all(forms));
        let live = bank.number(LIVE).await;
        assert_eq!(i64::try_from(made(&answers)).ok(), Some(live));
        if page.is_applied() {
            assert_eq!(live, 0, "round {round}: booked in closed time without a preview that counts it");
        } else {
            let codes: Vec<_> = page.refusals().into_iter().map(|(code, _)| code).collect();
            assert_eq!(codes, ["preview_changed"], "round {round}: {}", page.text());
            assert!(live > 0);
        }
        ensure_answered(&answers);
        give_back(&answers).await;
        bank.change(undo).await;
    }
}

async fn a_day_closes_with_as_many_bookings_as_its_preview_counted(bank: &TestBank) {
    let fields = [("date", DAY), ("kind", "closed"), ("name", "台风停业")];
    closed_while_booked(bank, "/admin/calendar/new", &fields, "DELETE FROM calendar_days WHERE day = '2026-11-26'").await;
}

async fn hours_change_with_as_many_bookings_as_their_preview_counted(bank: &TestBank) {
    let fields = [("thursday", "12:00-13:00"), ("from", "2026-11-24")];
    let undo = "DELETE FROM branch_hours WHERE effective_from = '2026-11-24'";
    closed_while_booked(bank, "/admin/branches/dongqu/hours", &fields, undo).await;
}

async fn one_branch_closes_for_a_day_with_as_many_bookings_as_its_preview_counted(bank: &TestBank) {
    let fields = [("date", DAY), ("kind", "closed"), ("why", "线路检修")];
    closed_while_booked(bank, "/admin/branches/dongqu/closure", &fields, "DELETE FROM branch_closures").await;
}

async fn a_reception_day_is_called_off_or_applied_for_but_not_both(bank: &TestBank) {
    let crowd = crowd(bank, 6).await;
    let admin = bank.signed_in("admin").await;
    for round in 0..rounds(40) {
        announce(&bank.bank, OTHER_BRANCH, DAY, Audience::All, 3).await;
        let path = format!("/admin/receptions/{OTHER_BRANCH}-{DAY}");
        let preview = check(&admin, &path, &[("called_off", "on")]).await;
        assert!(preview.has("button[value=submit]"), "{:?} {}", preview.refusals(), preview.text());
        let form = preview.form().with("do", "submit");
        let forms = crowd.iter().map(|(name, browser)| (browser.clone(), reception::whole(&key(name, round), DAY, "14:30")));
        let forms: Vec<_> = forms.collect();
        let calling_off = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(round % 8).unwrap_or(0) * 4)).await;
            admin.submit(&form).await
        };
        let (page, answers) = tokio::join!(calling_off, send_all(forms));
        let (planned, live) = (bank.count("receptions").await, bank.number(LIVE).await);
        assert_eq!(i64::try_from(made(&answers)).ok(), Some(live));
        assert_eq!(planned == 0, live == 0, "round {round}: {planned} planned, {live} applied");
        assert_eq!(page.is_applied(), planned == 0, "round {round}: {}", page.text());
        for table in ["engagements", "reception_applications", "reception_slots", "receptions"] {
            bank.change(&format!("DELETE FROM {table}")).await;
        }
        bank.change("UPDATE cases SET state = 'cancelled', waiting = FALSE, acts_at = NULL").await;
    }
}

/// A waiting case is confirmed, or cancelled by its customer, while the closing of its day is approved. A confirmation changes
/// no number of the preview. A cancellation does: it comes second, or the approval is asked to look again.
async fn a_day_closes_while_a_case_of_it_is_answered(bank: &TestBank) {
    let (admin, customer) = (bank.signed_in("admin").await, bank.signed_in("c1").await);
    let (clerk, second) = (bank.signed_in("clerk").await, staff(bank, "admin2").await);
    let closing = [("date", DAY), ("kind", "closed"), ("name", "台风停业")];
    for round in 0..rounds(20) {
        let confirms = round % 2 == 0;
        let case = book(&customer, &BookingValues { branch: BRANCH, ..VALUES }).await;
        let number = case.case_number().expect("a case");
        let request = id(&propose(&admin, "/admin/calendar/new", &closing).await);
        let post = decision(bank, &second, &request, "approve").await;
        let answer = async {
            if confirms {
                act(&clerk, &number, "confirm", &[]).await
            } else {
                customer.submit(&case.form_with("button[name=do][value=cancel]").with("do", "cancel")).await
            }
        };
        let (answer, closed) = tokio::join!(answer, send(bank, &second, &request, &post));
        assert!(answer.refusals().is_empty(), "round {round}: {:?}", answer.refusals());
        let days = bank.number("SELECT COUNT(*) FROM calendar_days WHERE day = '2026-11-26'").await;
        assert_eq!(bank.number(LIVE).await, i64::from(confirms));
        match closed {
            Ok(()) => assert_eq!(days, 1),
            Err(codes) => {
                assert!(!confirms && codes == ["preview_changed"], "round {round}: {codes:?}");
                assert_eq!(days, 0);
            }
        }
        let state = if confirms { "confirmed" } else { "cancelled" };
        assert_eq!(
            bank.number(AssertSqlSafe(format!("SELECT COUNT(*) FROM cases WHERE number = '{number}' AND state = '{state}'")))
                .await,
            1
        );
        if confirms {
            let page = customer.open(&format!("/appointments/{number}")).await;
            customer.submit(&page.form_with("button[name=do][value=cancel]").with("do", "cancel")).await;
        }
        bank.change("DELETE FROM calendar_days WHERE day = '2026-11-26'").await;
        withdraw(bank).await;
    }
}

/// A booking reads the reference data before its transaction. The closing is committed between the two: certain on SQLite by a
/// slow commit, on PostgreSQL by a row that the booking has to wait for.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_booking_prepared_before_a_closing_is_refused_with_what_holds_now() {
    let commit_delay = Duration::from_millis(500);
    let bank = TestBank::sqlite_grouping(Grouping { commit_delay, ..Grouping::default() }).await;
    without_staff(&bank).await;
    let (visitor, post, second, request) = about_to_close(&bank).await;
    let booking = async {
        tokio::time::sleep(commit_delay / 4).await;
        visitor.submit(&whole("c1", &key("c1", 0), &VALUES)).await
    };
    let (closed, answer) = tokio::join!(send(&bank, &second, &request, &post), booking);
    assert_eq!(closed, Ok(()));
    ensure_refused_as_unknown(&bank, &answer).await;

    let Some(bank) = TestBank::postgres().await else { return };
    without_staff(&bank).await;
    let (visitor, post, second, request) = about_to_close(&bank).await;
    // The booking inserts this row as well, before it compares the version.
    let row = "INSERT INTO cash_slots (branch_id, day, slot, capacity, reserved) VALUES ('dongqu', '2026-11-26', '10:00', 4, 1)";
    let held = held(&bank, row).await;
    let booking = tokio::spawn(async move { visitor.submit(&whole("c1", &key("c1", 0), &VALUES)).await });
    waiting(&bank, 1).await;
    assert_eq!(send(&bank, &second, &request, &post).await, Ok(()));
    held.close().await.expect("rolled back");
    ensure_refused_as_unknown(&bank, &booking.await.expect("an answer")).await;
    bank.drop_database().await;
}

/// The booking has compared the version and is not committed yet: the closing waits for it, and is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_closing_waits_for_the_bookings_it_has_to_count() {
    let Some(bank) = TestBank::postgres().await else { return };
    without_staff(&bank).await;
    let (visitor, post, second, request) = about_to_close(&bank).await;
    bank.change(
        "INSERT INTO cases (number, kind, customer_id, state, version, waiting, due_at, topic, created_by, created_at, updated_at) \
                 VALUES ('QK-OTHER', 'cash', 'customer-c2', 'cancelled', 1, FALSE, 1, '', 'user-c2', 1, 1)",
    )
    .await;
    // The half-hour of the booking, inserted after its case.
    let row =
        "INSERT INTO engagements (customer_id, day, half_hour, case_number) VALUES ('customer-c1', '2026-11-26', 20, 'QK-OTHER')";
    let held = held(&bank, row).await;
    let booking = tokio::spawn(async move { visitor.submit(&whole("c1", &key("c1", 0), &VALUES)).await });
    waiting(&bank, 1).await;
    let let_go = async {
        waiting(&bank, 2).await;
        held.close().await.expect("rolled back");
    };
    let (closed, ()) = tokio::join!(send(&bank, &second, &request, &post), let_go);
    let answer = booking.await.expect("an answer");
    assert!(answer.case_number().is_some(), "{}", answer.text());
    assert_eq!(closed, Err(vec!["blocked".to_owned()]));
    assert_eq!(bank.number("SELECT COUNT(*) FROM branches WHERE closed_on IS NOT NULL").await, 0);
    bank.drop_database().await;
}

/// A customer, and the approval of a closing with its second administrator and request.
async fn about_to_close(bank: &TestBank) -> (Browser, Post, Staff, String) {
    let request = id(&propose(&bank.signed_in("admin").await, CLOSING, &[("closing", "on")]).await);
    let second = staff(bank, "admin2").await;
    let post = decision(bank, &second, &request, "approve").await;
    (bank.signed_in("c1").await, post, second, request)
}

/// A transaction that has run a statement. It is rolled back when the connection is closed.
pub async fn held(bank: &TestBank, statement: &'static str) -> PgConnection {
    let mut conn = PgConnection::connect(bank.database()).await.expect("a connection");
    conn.execute("BEGIN").await.expect("a transaction");
    conn.execute(statement).await.expect("a row");
    conn
}

/// Waits until so many sessions of the database wait for a lock, for a second at most: without the lock nobody will.
pub async fn waiting(bank: &TestBank, sessions: i64) {
    for _ in 0..50 {
        let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        if bank.number(waits).await >= sessions {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn ensure_refused_as_unknown(bank: &TestBank, answer: &Answer) {
    let codes: Vec<_> = answer.refusals().into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["branch_unknown"], "{}", answer.text());
    assert_eq!(bank.number(OPEN).await, 0);
    assert_eq!(bank.held().await, 0);
}
