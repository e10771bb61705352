//! Staff under `/admin/staff` and `/admin/roles` (docs/domain.md §12): joiners, movers, leavers, resets, unlocking, what roles may do,
//! and what must be settled before somebody goes.

use bank::worker::round;

use crate::on_both_engines;
use crate::support::admin::{check, press, propose};
use crate::support::cash::{BookingValues, book};
use crate::support::seed::{OTHER_BRANCH, PASSWORD, parameter, staff_of};
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    a_joiner_signs_in_with_a_link_that_is_shown_once,
    a_mover_has_the_new_rights_from_the_day_on_without_signing_in_again,
    a_leaver_is_signed_out_at_once_and_comes_back_without_the_password,
    a_locked_sign_in_is_unlocked_and_a_reset_ends_password_and_sessions,
    at_least_two_people_can_administer,
    nobody_goes_while_open_cases_would_be_left_alone,
    a_move_that_is_hindered_on_its_day_waits_and_says_why,
    the_list_is_searched_and_paged_without_a_name_in_an_address,
    a_role_changes_for_everybody_who_has_it,
    what_cannot_be_is_refused,
);

const TODAY: &str = "2026-11-23";
pub const TOMORROW: &str = "2026-11-24";

pub fn codes(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

/// Proposes as `admin`, approves as `admin2`, and returns the page of the request.
pub async fn done(bank: &TestBank, path: &str, fields: &[(&str, &str)]) -> Answer {
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    let request = propose(&admin, path, fields).await.path;
    let page = press(&second, &request, "approve", "").await;
    assert!(page.is_applied(), "{path}: {:?} {}", page.refusals(), page.text());
    page
}

pub fn path(name: &str, what: &str) -> String {
    format!("/admin/staff/user-{name}/{what}")
}

pub async fn signs_in(bank: &TestBank, name: &str) -> bool {
    let answer = bank.browser().await.try_sign_in(name, PASSWORD).await;
    !answer.location.unwrap_or_default().starts_with("/login")
}

/// The link that a page shows, as its path. It stands there with the address of the portal, which only this computer reaches.
fn link(page: &Answer) -> String {
    let link = page.words(".activation-link").into_iter().next();
    let link = link.unwrap_or_else(|| panic!("no link: {} {}", page.path, page.text()));
    assert!(page.text().contains("只有这台电脑打得开") && page.text().contains("LOBBY_PUBLIC_ORIGIN"), "{}", page.text());
    link.strip_prefix("http://127.0.0.1:3000").map_or_else(|| panic!("no address: {link}"), str::to_owned)
}

async fn activate(bank: &TestBank, link: &str) -> Answer {
    let own = bank.browser().await;
    let form = own.open(link).await.form();
    let password = "correct horse battery staple";
    own.submit(&form.with_all(&[("password", password), ("password_again", password)])).await
}

async fn a_joiner_signs_in_with_a_link_that_is_shown_once(bank: &TestBank) {
    let joiner = [("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", OTHER_BRANCH)];
    let page = done(bank, "/admin/staff/new/joiner", &joiner).await;
    let second = bank.signed_in("admin2").await;
    let to_member = format!("{}/member", page.path);
    assert!(page.has(&format!("a[href='{to_member}']")), "{}", page.text());
    let member = second.open(&to_member).await;
    assert!(member.text().contains("林小雨") && member.text().contains("未激活"), "{}", member.text());
    let form = member.form_with("form[action$='/link'] button");
    let shown = second.post(&form.action, &form.fields).await;
    let first = link(&shown);
    assert_eq!(shown.header("cache-control"), "no-store");
    // The same form shows nothing again, and nothing that is kept holds the link.
    let again = second.submit(&form).await;
    assert_eq!(codes(&again), ["shown"]);
    assert!(!again.text().contains("/activate/"));
    // A new link ends the first one.
    let form = second.open(&member.path).await.form_with("form[action$='/link'] button");
    let renewed = link(&second.post(&form.action, &form.fields).await);
    assert!(!bank.browser().await.open(&first).await.has("input[name=password]"));
    assert_eq!(activate(bank, &renewed).await.status, 200);
    let own = bank.browser().await;
    own.try_sign_in("linxy", "correct horse battery staple").await;
    let desk = own.open("/desk").await;
    assert!(desk.status == 200 && desk.text().contains("林小雨"), "{}", desk.text());
    // Who has a password gets no link.
    let form = second.open(&member.path).await;
    assert!(!form.has("form[action$='/link']"), "{}", form.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'activation_issued'").await, 2);
}

async fn a_mover_has_the_new_rights_from_the_day_on_without_signing_in_again(bank: &TestBank) {
    let clerk = bank.signed_in("clerk2").await;
    done(bank, &path("clerk2", "move"), &[("role", "auditor"), ("branch", ""), ("from", TODAY)]).await;
    assert_eq!(clerk.get("/settings").await.status, 200, "at once");
    done(bank, &path("clerk2", "move"), &[("role", "clerk"), ("branch", OTHER_BRANCH), ("from", TOMORROW)]).await;
    assert_eq!(clerk.get("/settings").await.status, 200, "not before the day");
    let admin = bank.signed_in("admin").await;
    assert!(admin.open("/admin/staff/user-clerk2").await.text().contains("2026 年 11 月 24 日"));
    round(&bank.bank).await.unwrap();
    assert_eq!(bank.number("SELECT COUNT(*) FROM user_moves WHERE applied_at IS NULL").await, 1);
    bank.set_time("2026-11-24T00:01:00+08:00");
    // Two workers carry it out once.
    let (other, mine) = (bank.another_node().await, &bank.bank);
    let (one, two) = tokio::join!(round(mine), round(&other));
    assert_eq!(one.unwrap().moved + two.unwrap().moved, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'staff_moved'").await, 1);
    let clerk = bank.signed_in("clerk2").await;
    assert_eq!(clerk.get("/settings").await.status, 403);
    assert_eq!(clerk.get("/desk/customers").await.status, 200);
    // What is planned is replaced by another plan, as the preview says.
    done(bank, &path("clerk2", "move"), &[("role", "editor"), ("branch", ""), ("from", "2026-12-10")]).await;
    let admin = bank.signed_in("admin").await;
    let manager = [("role", "lobby_manager"), ("branch", OTHER_BRANCH), ("from", "2026-12-01")];
    let page = check(&admin, &path("clerk2", "move"), &manager).await;
    assert!(page.text().contains("原定2026 年 12 月 10 日的调岗不再执行"), "{}", page.text());
    done(bank, &path("clerk2", "move"), &manager).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM user_moves WHERE applied_at IS NULL").await, 1);
}

async fn a_leaver_is_signed_out_at_once_and_comes_back_without_the_password(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    done(bank, &path("clerk", "leave"), &[("leaves", TOMORROW)]).await;
    assert_eq!(clerk.get("/desk").await.status, 200, "until the day before");
    let admin = bank.signed_in("admin").await;
    let page = check(&admin, &path("clerk", "leave"), &[("leaves", "2026-11-22")]).await;
    assert_eq!(page.refusals()[0], ("day_passed".to_owned(), Some(format!("leaves={TODAY}"))));
    // The day can be moved and taken back.
    done(bank, &path("clerk", "leave"), &[("leaves", "")]).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE left_on IS NOT NULL").await, 0);
    done(bank, &path("clerk", "leave"), &[("leaves", TODAY)]).await;
    assert_eq!(clerk.get("/desk").await.status, 303, "signed out");
    assert!(!signs_in(bank, "clerk").await);
    assert_eq!(bank.number("SELECT COUNT(*) FROM sessions WHERE user_id = 'user-clerk' AND ended_at IS NULL").await, 0);
    let page = check(&admin, &path("clerk", "move"), &[("role", "editor"), ("branch", ""), ("from", TODAY)]).await;
    assert_eq!(codes(&page), ["blocked"], "who has left does not move");
    done(bank, &path("clerk", "leave"), &[("leaves", "")]).await;
    assert!(!signs_in(bank, "clerk").await, "the old password does not come back");
    let member = admin.open("/admin/staff/user-clerk").await.form_with("form[action$='/link'] button");
    let link = link(&admin.post(&member.action, &member.fields).await);
    assert_eq!(activate(bank, &link).await.status, 200);
}

async fn a_locked_sign_in_is_unlocked_and_a_reset_ends_password_and_sessions(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    for _ in 0..5 {
        bank.browser().await.try_sign_in("clerk", "wrong").await;
    }
    assert!(!signs_in(bank, "clerk").await);
    let admin = bank.signed_in("admin").await;
    assert!(admin.open("/admin/staff/user-clerk").await.text().contains("有设备被锁定"));
    let page = propose(&admin, &path("clerk", "unlock"), &[("unlock", "on")]).await;
    assert!(page.is_applied(), "one administrator unlocks: {}", page.text());
    assert!(signs_in(bank, "clerk").await);
    let page = check(&admin, &path("clerk", "unlock"), &[("unlock", "on")]).await;
    assert_eq!(codes(&page), ["nothing_changes"], "nothing is locked");

    let page = check(&admin, &path("clerk", "reset"), &[]).await;
    assert_eq!(codes(&page), ["missing"]);
    done(bank, &path("clerk", "reset"), &[("reset", "on")]).await;
    assert_eq!(clerk.get("/desk").await.status, 303, "signed out");
    assert!(!signs_in(bank, "clerk").await);
    // A request that waits and has nothing to do any more is no fault of the database.
    let page = check(&admin, &path("clerk", "reset"), &[("reset", "on")]).await;
    assert_eq!(codes(&page), ["nothing_changes"], "there is no password to reset");
    let waiting = propose(&admin, &path("lobby", "reset"), &[("reset", "on")]).await.path;
    done(bank, &path("lobby", "leave"), &[("leaves", TODAY)]).await;
    let page = bank.signed_in("admin2").await.open(&waiting).await;
    assert!(!page.has("button[value=approve]"), "{}", page.text());
    let findings = bank::kernel::check::examine(&bank.bank).await.unwrap();
    assert!(findings.iter().all(|finding| !finding.to_string().contains("change_requests")), "{findings:?}");
}

async fn at_least_two_people_can_administer(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    let refused: [(&str, &[(&str, &str)]); 4] = [
        ("/admin/staff/user-admin2/leave", &[("leaves", "2026-12-01")]),
        ("/admin/staff/user-admin2/move", &[("role", "editor"), ("branch", ""), ("from", "2026-12-01")]),
        ("/admin/staff/user-admin2/reset", &[("reset", "on")]),
        ("/admin/roles/administrator", &[("permissions", "settings.change"), ("from", "2026-12-01")]),
    ];
    for (path, fields) in refused {
        let page = check(&admin, path, fields).await;
        assert_eq!(codes(&page), ["blocked"], "{path}: {}", page.text());
        assert!(page.text().contains("至少要有 2 人"), "{path}: {}", page.text());
    }
    // A third who has not activated does not count; one who has does.
    staff_of(&bank.bank, "third", "administrator", None).await;
    bank.change("UPDATE users SET password_hash = '' WHERE id = 'user-third'").await;
    let page = check(&admin, "/admin/staff/user-admin2/leave", &[("leaves", TODAY)]).await;
    assert_eq!(codes(&page), ["blocked"]);
    bank.change(
        "UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = 'user-clerk') WHERE id = 'user-third'",
    )
    .await;
    done(bank, &path("admin2", "move"), &[("role", "editor"), ("branch", ""), ("from", "2026-12-01")]).await;
    // Who will move away counts as gone already.
    let page = check(&admin, &path("third", "leave"), &[("leaves", TODAY)]).await;
    assert_eq!(codes(&page), ["blocked"]);
    // Even if something else has taken an administrator meanwhile, the move does not leave one alone.
    bank.change("UPDATE users SET left_on = '2026-11-30' WHERE id = 'user-third'").await;
    bank.set_time("2026-12-01T00:01:00+08:00");
    assert_eq!(round(&bank.bank).await.unwrap().moved, 0);
    let admin = bank.signed_in("admin").await;
    let page = admin.open("/admin/staff/user-admin2").await;
    assert!(page.text().contains("至少要有 2 人") && page.text().contains("调岗未生效"), "{}", page.text());
}

/// A booking at the other branch that waits for its only branch head.
pub async fn awaits_approval(bank: &TestBank) -> String {
    parameter(&bank.bank, "cash_approval_from", "60000").await;
    let values = BookingValues { branch: OTHER_BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
    let number = book(&bank.signed_in("c1").await, &values).await.case_number().expect("a booking");
    act(&bank.signed_in("clerk2").await, &number, "confirm").await;
    number
}

pub async fn act(browser: &Browser, number: &str, action: &str) {
    let form = browser.open(&format!("/desk/cases/{number}")).await.form_with(&format!("button[value={action}]"));
    let page = browser.submit(&form.with("do", action)).await;
    assert!(codes(&page).is_empty(), "{action}: {}", page.text());
}

async fn nobody_goes_while_open_cases_would_be_left_alone(bank: &TestBank) {
    let number = awaits_approval(bank).await;
    let admin = bank.signed_in("admin").await;
    for (what, fields) in [
        ("leave", vec![("leaves", TODAY)]),
        ("move", vec![("role", "branch_head"), ("branch", "shiqi"), ("from", TODAY)]),
        ("move", vec![("role", "clerk"), ("branch", OTHER_BRANCH), ("from", "2026-12-01")]),
    ] {
        let page = check(&admin, &path("head2", what), &fields).await;
        assert_eq!(codes(&page), ["blocked"], "{what}: {}", page.text());
        assert!(page.text().contains("有 1 件未办结的事项"), "{what}: {}", page.text());
    }
    // Another case of the branch is not the clerk's alone: the head may do all that a clerk may.
    let page = check(&admin, &path("clerk2", "leave"), &[("leaves", TODAY)]).await;
    assert!(page.has("button[value=submit]"), "{}", page.text());
    // Nor may the permission be taken from the role.
    let page = check(&admin, "/admin/roles/branch_head", &[("permissions", "cases.see"), ("from", TODAY)]).await;
    assert_eq!(codes(&page), ["blocked"]);
    // Somebody else at the branch takes over, or the case is settled.
    staff_of(&bank.bank, "head3", "branch_head", Some(OTHER_BRANCH)).await;
    let page = check(&admin, &path("head2", "leave"), &[("leaves", TODAY)]).await;
    assert!(page.has("button[value=submit]"), "{}", page.text());
    bank.change("UPDATE users SET left_on = '2026-11-25' WHERE id = 'user-head3'").await;
    let page = check(&admin, &path("head2", "leave"), &[("leaves", TODAY)]).await;
    assert_eq!(codes(&page), ["blocked"], "who will leave takes nothing over");
    act(&bank.signed_in("head2").await, &number, "approve").await;
    staff_of(&bank.bank, "helper", "lobby_manager", Some(OTHER_BRANCH)).await;
    done(bank, &path("head2", "leave"), &[("leaves", TODAY)]).await;
}

async fn a_move_that_is_hindered_on_its_day_waits_and_says_why(bank: &TestBank) {
    staff_of(&bank.bank, "helper", "lobby_manager", Some(OTHER_BRANCH)).await;
    done(bank, &path("head2", "move"), &[("role", "clerk"), ("branch", "shiqi"), ("from", TOMORROW)]).await;
    let number = awaits_approval(bank).await;
    bank.set_time("2026-11-24T09:30:00+08:00");
    assert_eq!(round(&bank.bank).await.unwrap().moved, 0);
    let admin = bank.signed_in("admin").await;
    let page = admin.open("/admin/staff/user-head2").await;
    assert!(page.text().contains("没有生效") && page.text().contains("有 1 件未办结的事项"), "{}", page.text());
    assert!(admin.open("/admin/staff").await.text().contains("调岗未生效"));
    // The head still has the rights, settles the case, and moves.
    act(&bank.signed_in("head2").await, &number, "approve").await;
    assert_eq!(round(&bank.bank).await.unwrap().moved, 1);
    assert_eq!(
        bank.number("SELECT COUNT(*) FROM users WHERE id = 'user-head2' AND role = 'clerk' AND branch_id = 'shiqi'").await,
        1
    );
}

async fn the_list_is_searched_and_paged_without_a_name_in_an_address(bank: &TestBank) {
    for number in 0..40 {
        staff_of(&bank.bank, &format!("row{number:02}"), "clerk", Some(OTHER_BRANCH)).await;
    }
    let admin = bank.signed_in("admin").await;
    let first = admin.open("/admin/staff").await;
    let rows = |page: &Answer| page.all("td a[href^='/admin/staff/user-'], th a[href^='/admin/staff/user-']", "href");
    assert_eq!(rows(&first).len(), 30, "{}", first.text());
    let next = first.all("a[href*='after=']", "href");
    let second = admin.open(&next[0]).await;
    assert_eq!(rows(&second).len(), 26);
    assert!(rows(&second).iter().all(|row| !rows(&first).contains(row)));
    let back = admin.open(&second.all("a[href*='before=']", "href")[0]).await;
    assert_eq!(rows(&back), rows(&first));
    assert!(admin.open("/admin/staff?after=%22").await.text().contains("第一页"), "a broken position is said");

    let found = |fields: &'static [(&'static str, &'static str)]| {
        let admin = &admin;
        async move {
            let form = admin.open("/admin/staff").await.form_with("button[value=find]");
            admin.submit(&form.with_all(fields).with("do", "find")).await
        }
    };
    let page = found(&[("wanted", "职员ROW1")]).await;
    assert!(rows(&page).len() == 10 && !page.path.contains("row"), "{} {}", page.path, page.text());
    assert_eq!(rows(&found(&[("wanted", "r_w")]).await).len(), 0, "a wildcard is a character");
    assert_eq!(rows(&found(&[("branch", "shiqi")]).await).len(), 5);
    assert_eq!(rows(&found(&[("branch", "-")]).await).len(), 9);
    let page = found(&[("branch", OTHER_BRANCH)]).await;
    let next = page.all("a[href*='after=']", "href");
    assert!(next[0].contains("key=") && rows(&admin.open(&next[0]).await).len() == 12, "{next:?}");
    bank.change("UPDATE users SET left_on = '2026-11-23' WHERE id = 'user-row07'").await;
    assert_eq!(rows(&found(&[("left", "on")]).await), ["/admin/staff/user-row07"]);
    assert_eq!(rows(&found(&[("wanted", "row07")]).await).len(), 0);
    // Customers are no staff.
    assert_eq!(admin.get("/admin/staff/user-c1").await.status, 404);
    assert_eq!(admin.get("/admin/staff/user-c1/leave").await.status, 404);
}

async fn a_role_changes_for_everybody_who_has_it(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    assert_eq!(clerk.get("/settings").await.status, 403);
    let admin = bank.signed_in("admin").await;
    let form = admin.open("/admin/roles/clerk").await;
    let ticked = form.all("input[name=permissions][checked]", "value");
    assert_eq!(ticked, ["cases.see", "cases.answer", "counter.serve", "customers.enter"], "{}", form.text());
    assert!(!form.has("input[value='staff.manage']"), "who sees customers does not administer");
    let all = |more: &str| {
        let mut fields = form.form();
        fields.fields.push(("permissions".to_owned(), more.to_owned()));
        fields
    };
    let preview = admin.submit(&all("settings.see").with_all(&[("from", TOMORROW), ("do", "check")])).await;
    assert!(preview.text().contains("担任这一岗位的员工：4 人"), "{}", preview.text());
    let request = admin.submit(&preview.form().with("do", "submit")).await.path;
    let page = press(&bank.signed_in("admin2").await, &request, "approve", "").await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(clerk.get("/settings").await.status, 403, "not before the day");
    bank.set_time("2026-11-24T08:00:00+08:00");
    let clerk = bank.signed_in("clerk").await;
    assert_eq!(clerk.get("/settings").await.status, 200);
    assert_eq!(clerk.get("/desk").await.status, 200, "the other permissions stay");
    // Taken away again, while the clerk is signed in.
    let admin = bank.signed_in("admin").await;
    let mut form = admin.open("/admin/roles/clerk").await.form();
    form.fields.retain(|(name, value)| name != "permissions" || value != "settings.see");
    let preview = admin.submit(&form.with_all(&[("from", TOMORROW), ("do", "check")])).await;
    let request = admin.submit(&preview.form().with("do", "submit")).await.path;
    press(&bank.signed_in("admin2").await, &request, "approve", "").await;
    assert_eq!(clerk.get("/settings").await.status, 403);
    assert!(admin.open("/admin/roles").await.text().contains("柜台办理"));
    // A permission that does not suit the role is not accepted from a hand-made form.
    let mut form = admin.open("/admin/roles/clerk").await.form();
    form.fields.push(("permissions".to_owned(), "staff.manage".to_owned()));
    let page = admin.submit(&form.with_all(&[("from", TOMORROW), ("do", "check")])).await;
    assert_eq!(codes(&page), ["invalid"]);
    for role in ["customer", "nobody"] {
        assert_eq!(admin.get(&format!("/admin/roles/{role}")).await.status, 404, "{role}");
    }
}

async fn what_cannot_be_is_refused(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    let joiner = "/admin/staff/new/joiner";
    for (fields, expected) in [
        (vec![("name", ""), ("sign_in_name", "x"), ("role", "clerk"), ("branch", "shiqi")], "missing"),
        (vec![("name", "林小雨"), ("sign_in_name", "c1"), ("role", "clerk"), ("branch", "shiqi")], "already_used"),
        (vec![("name", "林小雨"), ("sign_in_name", "clerk"), ("role", "clerk"), ("branch", "shiqi")], "already_used"),
        (vec![("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", "")], "missing"),
        (vec![("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "customer"), ("branch", "")], "not_one_of"),
        (vec![("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", "gone")], "unknown_reference"),
    ] {
        let page = check(&admin, joiner, &fields).await;
        assert_eq!(codes(&page), [expected], "{fields:?}: {}", page.text());
        let of_branch = fields[3].1.is_empty() && fields[2].1 == "clerk" || fields[3].1 == "gone";
        assert_eq!(page.text().contains("从列表里选一个营业的网点"), of_branch, "what would be accepted: {}", page.text());
    }
    let page = check(&admin, &path("clerk", "move"), &[("role", "clerk"), ("branch", "shiqi"), ("from", TODAY)]).await;
    assert_eq!(codes(&page), ["nothing_changes"]);
    let page = check(&admin, &path("clerk", "move"), &[("role", ""), ("branch", "shiqi"), ("from", TODAY)]).await;
    assert_eq!(codes(&page), ["missing"]);
    // Of two joiners with one name the second no longer fits.
    let fields = [("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", "shiqi")];
    let second = propose(&admin, joiner, &fields).await.path;
    done(bank, joiner, &fields).await;
    let page = bank.signed_in("admin2").await.open(&second).await;
    assert!(!page.has("button[value=approve]"), "{}", page.text());
    // A branch to which somebody will move does not close.
    done(bank, &path("editor", "move"), &[("role", "clerk"), ("branch", OTHER_BRANCH), ("from", "2026-12-01")]).await;
    bank.change("UPDATE users SET branch_id = NULL WHERE branch_id = 'dongqu'").await;
    let page = check(&admin, "/admin/branches/dongqu/closing", &[("closing", "on")]).await;
    assert_eq!(codes(&page), ["blocked"], "{}", page.text());
}
