//! Branches at which nobody may answer, serve the counter or approve (docs/domain.md §12): whoever can change it is told, the preview
//! of somebody who goes says it, and no case is passed on to nobody.

use std::time::Duration;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::admin::{check, decision, id, propose, send, staff};
use crate::support::cash::{BookingValues, act, book};
use crate::support::seed::{OTHER_BRANCH, parameter};
use crate::support::soak::rounds;

on_both_engines!(
    an_administrator_reads_where_nobody_is_there,
    the_preview_of_who_goes_says_what_nobody_is_left_for,
    what_waits_for_somebody_is_settled_before_they_go,
    of_a_booking_to_be_approved_and_the_last_approver_who_goes_one_is_refused,
);

const TODAY: &str = "2026-11-23";
const LARGE: BookingValues<'_> =
    BookingValues { branch: OTHER_BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
const AWAITING: &str = "SELECT COUNT(*) FROM cases WHERE state = 'awaiting_approval'";

/// A booking at the other branch that needs approval.
async fn booked(bank: &TestBank) -> String {
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let page = book(&bank.signed_in("c1").await, &LARGE).await;
    page.case_number().unwrap_or_else(|| panic!("{}", page.text()))
}

async fn an_administrator_reads_where_nobody_is_there(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    let text = admin.open("/admin").await.text();
    assert!(!text.contains("缺人"), "somebody is everywhere: {text}");
    booked(bank).await;
    bank.change("UPDATE users SET left_on = '2026-11-01' WHERE id IN ('user-dispatcher', 'user-head2')").await;
    let text = admin.open("/admin").await.text();
    assert!(text.contains("东区支行：没有人能复核。") && !text.contains("石岐支行：没有人"), "the clerk does the rest: {text}");
    bank.change("UPDATE users SET password_hash = '' WHERE id = 'user-clerk2'").await;
    let page = admin.open("/admin").await;
    let text = page.text();
    assert!(text.contains("东区支行：没有人能受理和答复、在柜台办理、复核。已有 1 件在等。"), "{text}");
    assert!(text.contains("还没设密码的有 1 人") && page.has("main a[href='/admin/staff']"), "{text}");
    bank.change("UPDATE branches SET closed_on = '2026-11-01' WHERE id = 'dongqu'").await;
    assert!(!admin.open("/admin").await.text().contains("缺人"), "a closed branch takes no bookings");
}

async fn the_preview_of_who_goes_says_what_nobody_is_left_for(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    let moves = [("role", "clerk"), ("branch", "shiqi"), ("from", TODAY)];
    let rights = [("permissions", "cases.see"), ("from", TODAY)];
    let ways: [(&str, &[(&str, &str)]); 4] = [
        ("/admin/staff/user-head2/leave", &[("leaves", TODAY)]),
        ("/admin/staff/user-head2/move", &moves),
        ("/admin/staff/user-head2/reset", &[("reset", "on")]),
        ("/admin/roles/branch_head", &rights),
    ];
    for (path, fields) in ways {
        let text = check(&admin, path, fields).await.text();
        assert!(text.contains("东区支行此后没有人能复核") && !text.contains("没有其他影响"), "{path}: {text}");
        assert!(!text.contains("东区支行此后没有人能受理"), "{path}, a clerk is there: {text}");
    }
    let text = check(&admin, "/admin/staff/user-clerk/leave", &[("leaves", TODAY)]).await.text();
    assert!(text.contains("没有其他影响"), "others are there: {text}");
}

async fn what_waits_for_somebody_is_settled_before_they_go(bank: &TestBank) {
    let number = booked(bank).await;
    act(&bank.signed_in("clerk2").await, &number, "confirm", &[]).await;
    assert_eq!(bank.number(AWAITING).await, 1);
    let admin = bank.signed_in("admin").await;
    let page = check(&admin, "/admin/staff/user-head2/leave", &[("leaves", TODAY)]).await;
    assert_eq!(page.refusals()[0].0, "blocked");
    assert!(page.text().contains("有 1 件未办结的事项此后没有人能办"), "{}", page.text());
}

/// Whichever comes second is refused: the confirmation, because nobody could approve, or the leaving, because a case waits.
async fn of_a_booking_to_be_approved_and_the_last_approver_who_goes_one_is_refused(bank: &TestBank) {
    let number = booked(bank).await;
    let (admin, second) = (bank.signed_in("admin").await, staff(bank, "admin2").await);
    let clerk = bank.signed_in("clerk2").await;
    let mut outcomes = [0; 2];
    for round in 0..rounds(40) {
        let request = id(&propose(&admin, "/admin/staff/user-head2/leave", &[("leaves", TODAY)]).await);
        let post = decision(bank, &second, &request, "approve").await;
        let form = clerk.open(&format!("/desk/cases/{number}")).await.form_with("button[value=confirm]").with("do", "confirm");
        let leaving = async {
            tokio::time::sleep(Duration::from_millis(u64::try_from(round % 5).unwrap_or(0) * 2)).await;
            send(bank, &second, &request, &post).await
        };
        let (page, left) = tokio::join!(clerk.submit(&form), leaving);
        match left {
            Ok(()) => {
                assert_eq!(page.refusals()[0].0, "nobody_there", "round {round}: {}", page.text());
                assert!(page.text().contains("没有人能复核"), "{}", page.text());
                assert_eq!(bank.number(AWAITING).await, 0, "round {round}: it waits for nobody");
                outcomes[0] += 1;
            }
            Err(codes) => {
                assert_eq!(codes, ["blocked"], "round {round}");
                assert_eq!(bank.number(AWAITING).await, 1, "round {round}");
                outcomes[1] += 1;
            }
        }
        bank.change("UPDATE users SET left_on = NULL, password_hash = (SELECT password_hash FROM users WHERE id = 'user-clerk2') WHERE id = 'user-head2'").await;
        bank.change(&format!("UPDATE cases SET state = 'submitted' WHERE number = '{number}'")).await;
        bank.change(
            "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'",
        )
        .await;
    }
    assert_eq!(outcomes.iter().sum::<usize>(), rounds(40));
}
