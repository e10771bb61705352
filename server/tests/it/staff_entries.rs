//! Names of staff, and staff that an import moves (docs/domain.md §12): the rules of the pages hold, and are told by line.

use bank::imports::{ImportKind, ImportRefusal, Options, People, Report, import};
use bank::kernel::failure::Rejected;
use server::commands::import::sheet::read_csv;

use crate::on_both_engines;
use crate::staff::awaits_approval;
use crate::support::admin::{check, decision, id, propose, send, staff};
use crate::support::seed::{OTHER_BRANCH, staff_of};
use crate::support::soak::rounds;
use crate::support::{Answer, TestBank};

on_both_engines!(
    one_administrator_changes_a_name,
    an_imported_move_leaves_no_open_case_alone,
    an_imported_move_leaves_two_who_can_administer,
    of_a_leave_and_an_imported_move_at_once_one_is_refused,
    a_joiner_and_an_import_of_one_name_make_one_person,
);

const TODAY: &str = "2026-11-23";
const NAME: &str = "/admin/staff/user-clerk/name";

fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

/// Imports these rows of staff; faults as they are told.
pub async fn imported(bank: &TestBank, rows: &str) -> Result<Report, Vec<String>> {
    let sheet = read_csv(ImportKind::Staff, format!("sign_in_name,name,role,branch\n{rows}").as_bytes()).unwrap();
    let options = Options { people: People::Real, dry_run: false, takes_secrets: true };
    match import(&bank.bank, ImportKind::Staff, &sheet.rows, sheet.faults, &options, &|_| ()).await {
        Ok(report) => Ok(report),
        Err(Rejected::Refused(ImportRefusal::Faults(faults))) => Err(faults.iter().map(ToString::to_string).collect()),
        Err(Rejected::Refused(refusal)) => panic!("{refusal:?}"),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

async fn one_administrator_changes_a_name(bank: &TestBank) {
    let (admin, clerk) = (bank.signed_in("admin").await, bank.signed_in("clerk").await);
    for (name, code) in [("", "missing"), ("王莉1", "not_a_name")] {
        let page = check(&admin, NAME, &[("name", name)]).await;
        assert_eq!(codes(&page), [code], "{name}: {}", page.text());
    }
    let member = admin.open("/admin/staff/user-clerk").await;
    assert!(member.has(&format!("a[href='{NAME}']")), "{}", member.text());
    let page = propose(&admin, NAME, &[("name", " 陈 美玲 ")]).await;
    assert!(page.is_applied(), "one administrator is enough: {}", page.text());
    assert!(page.has("a[href='/admin/staff/user-clerk']"), "{}", page.text());
    assert!(clerk.open("/desk").await.text().contains("陈美玲"), "with the next request");
    assert!(admin.open("/admin/staff").await.text().contains("陈美玲"));
    assert_eq!(codes(&check(&admin, NAME, &[("name", "陈美玲")]).await), ["nothing_changes"]);
    let done = "SELECT COUNT(*) FROM audit WHERE user_id = 'user-admin' AND action = 'change_apply' AND result = 'rename'";
    assert_eq!(bank.number(done).await, 1);
    // Customers are no staff.
    assert_eq!(admin.get("/admin/staff/user-c1/name").await.status, 404);
}

async fn an_imported_move_leaves_no_open_case_alone(bank: &TestBank) {
    awaits_approval(bank).await;
    let rule = "leaves open cases that nobody else may handle: 1; settle them, or let somebody else there take over first";
    assert_eq!(imported(bank, "head2,王小明,branch_head,shiqi\n").await, Err(vec![format!("line 2, branch: {rule}")]));
    assert_eq!(imported(bank, "clerk2,王小明,lobby_manager,dongqu\nhead2,王小明,clerk,dongqu\n").await, {
        Err(vec![format!("line 3, role: {rule}")])
    });
    // Somebody new has not activated, and is no successor.
    let new = "new,王小明,branch_head,dongqu\nhead2,王小明,branch_head,shiqi\n";
    assert_eq!(imported(bank, new).await, Err(vec![format!("line 3, branch: {rule}")]));
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE name = '王小明'").await, 0, "all or none");
    // A later row brings the successor.
    let swap = imported(bank, "head2,王小明,branch_head,shiqi\nhead,王大明,branch_head,dongqu\n").await.expect("imported");
    assert_eq!(swap.changed, 2);
    // A name, or who is not the last one, is nothing to refuse.
    assert!(imported(bank, "head,王小明,branch_head,dongqu\nclerk2,王小明,clerk,shiqi\n").await.is_ok());
}

async fn an_imported_move_leaves_two_who_can_administer(bank: &TestBank) {
    bank.change(
        "INSERT INTO role_permissions (role, permission, effective_from) VALUES ('editor', 'settings.change', '2000-01-01')",
    )
    .await;
    bank.change("UPDATE users SET password_hash = '' WHERE id = 'user-admin2'").await;
    let refused = imported(bank, "editor,王小明,auditor,\n").await;
    assert_eq!(refused, Err(vec!["line 2, role: leaves 1 who could administer, and two are needed".to_owned()]));
    staff_of(&bank.bank, "third", "editor", None).await;
    assert!(imported(bank, "editor,王小明,auditor,\n").await.is_ok());
}

async fn of_a_leave_and_an_imported_move_at_once_one_is_refused(bank: &TestBank) {
    staff_of(&bank.bank, "head3", "branch_head", Some(OTHER_BRANCH)).await;
    awaits_approval(bank).await;
    let (admin, second) = (bank.signed_in("admin").await, staff(bank, "admin2").await);
    for round in 0..rounds(40) {
        let request = id(&propose(&admin, "/admin/staff/user-head3/leave", &[("leaves", TODAY)]).await);
        let post = decision(bank, &second, &request, "approve").await;
        let (left, moved) =
            tokio::join!(send(bank, &second, &request, &post), imported(bank, "head2,王小明,branch_head,shiqi\n"));
        assert!(left.is_ok() != moved.is_ok(), "round {round}: {left:?} {moved:?}");
        bank.change("UPDATE users SET left_on = NULL, branch_id = 'dongqu' WHERE id IN ('user-head2', 'user-head3')").await;
        bank.change(
            "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = 'user-clerk') WHERE id = 'user-head3'",
        )
        .await;
        bank.change(
            "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'",
        )
        .await;
    }
}

async fn a_joiner_and_an_import_of_one_name_make_one_person(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, staff(bank, "admin2").await);
    let joiner = [("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", OTHER_BRANCH)];
    for round in 0..rounds(40) {
        let request = id(&propose(&admin, "/admin/staff/new/joiner", &joiner).await);
        let post = decision(bank, &second, &request, "approve").await;
        let (joined, put) =
            tokio::join!(send(bank, &second, &request, &post), imported(bank, "linxy,林晓雨,lobby_manager,shiqi\n"));
        let put = put.expect("imported");
        // Whoever comes second: an import changes a person, a joiner is nobody who is there already.
        match joined {
            Ok(()) => assert_eq!((put.inserted, put.changed), (0, 1), "round {round}"),
            Err(refused) => assert_eq!((refused, put.inserted), (vec!["preview_changed".to_owned()], 1), "round {round}"),
        }
        let one = "SELECT COUNT(*) FROM users WHERE sign_in_name = 'linxy' AND name = '林晓雨' AND role = 'lobby_manager'";
        assert_eq!(bank.number(one).await, 1, "round {round}");
        bank.change("DELETE FROM users WHERE sign_in_name = 'linxy'").await;
        bank.change(
            "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'",
        )
        .await;
    }
}
