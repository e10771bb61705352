//! Changes by administrators: preview, a second administrator, races of decisions (docs/domain.md §12).

use bank::administration::{ChangeRefusal, ChangeState};
use bank::kernel::forms::Refusal as _;

use crate::on_both_engines;
use crate::support::admin::{check, decision, id, press, propose, send, staff};
use crate::support::cash::{BookingValues, book};
use crate::support::seed::{BRANCH, parameter};
use crate::support::soak::rounds;
use crate::support::{Answer, TestBank};

const MINIMUM: &str = "/admin/parameters/cash_minimum";

on_both_engines!(
    money_takes_two_and_everything_else_applies_at_once,
    what_is_typed_wrongly_is_refused_with_the_nearest_value,
    nobody_decides_on_their_own_proposal_and_a_rejection_has_a_reason,
    a_request_is_decided_once_by_whoever_comes_first,
    two_changes_that_depend_on_each_other_are_not_both_applied,
    a_request_that_no_longer_fits_is_refused_with_what_changed,
    a_proposer_who_may_no_longer_change_it_cannot_have_it_applied,
    the_preview_of_a_capacity_tells_what_happens_then,
    the_database_keeps_the_second_pair_of_eyes,
);

/// Values of parameters besides those that the seed sets.
async fn lines(bank: &TestBank) -> i64 {
    bank.number("SELECT COUNT(*) FROM parameters WHERE name NOT LIKE '%second_factor'").await
}

fn code(page: &Answer) -> Vec<String> {
    page.refusals().into_iter().map(|(code, _)| code).collect()
}

async fn money_takes_two_and_everything_else_applies_at_once(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    let page = propose(&admin, MINIMUM, &[("value", "6 万"), ("from", "2026-11-23")]).await;
    let request = page.path.clone();
    assert!(page.has("button[value=withdraw]") && !page.has("button[value=approve]"), "{}", page.text());
    assert_eq!(lines(bank).await, 0, "nothing holds before the second has approved it");
    assert!(admin.open("/admin").await.text().contains("您提出的变更"));
    let waiting = second.open("/admin").await;
    assert!(waiting.has(&format!("a[href='{request}']")), "{}", waiting.text());

    let done = press(&second, &request, "approve", "").await;
    assert!(code(&done).is_empty() && done.is_applied(), "{}", done.text());
    assert_eq!(lines(bank).await, 1);
    assert!(admin.open("/settings").await.text().contains("60,000 元"));

    let page = propose(&admin, "/admin/parameters/cash_cutoff@shiqi", &[("value", "14:30"), ("from", "2026-12-01")]).await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(lines(bank).await, 2);
    assert_eq!(bank.number("SELECT COUNT(*) FROM parameters WHERE name = 'cash_cutoff' AND branch_id = 'shiqi'").await, 1);
    // Every step is in the audit, none of it with a value.
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'change_%'").await, 4);
    let said = "SELECT COUNT(*) FROM audit WHERE subject LIKE '%60000%' OR result LIKE '%60000%' OR result LIKE '%14:30%'";
    assert_eq!(bank.number(said).await, 0);
}

async fn what_is_typed_wrongly_is_refused_with_the_nearest_value(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    for (value, from, expected) in [
        ("", "2026-12-01", "missing"),
        ("sixty", "2026-12-01", "invalid"),
        ("60000", "2026-11-22", "day_passed"),
        ("60000", "soon", "invalid"),
        ("50000", "2026-12-01", "nothing_changes"),
    ] {
        let page = check(&admin, MINIMUM, &[("value", value), ("from", from)]).await;
        assert_eq!(code(&page), [expected], "{value} {from}: {}", page.text());
        assert_eq!(page.form().value("value"), Some(value), "typed input is kept");
    }
    let page = check(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-11-22")]).await;
    assert_eq!(page.refusals()[0].1.as_deref(), Some("from=2026-11-23"));
    // One press accepts the nearest day.
    let offer = admin.submit(&page.form_with("input[name=from][type=hidden]")).await;
    assert!(offer.has("button[value=submit]"), "{}", offer.text());
    // A number out of the bounds of its parameter: the refusal names them, and one press takes the nearest.
    for (value, nearest) in [("0", "5"), ("100000", "60")] {
        let idle = "/admin/parameters/session_idle_staff_minutes";
        let page = check(&admin, idle, &[("value", value), ("from", "2026-12-01")]).await;
        assert_eq!(code(&page), ["out_of_bounds"], "{}", page.text());
        assert!(page.text().contains("可设 5 分钟 到 60 分钟"), "{}", page.text());
        assert_eq!(page.refusals()[0].1, Some(format!("value={nearest}")));
        let offer = admin.submit(&page.form_with("input[name=value][type=hidden]")).await;
        assert!(offer.has("button[value=submit]"), "{}", offer.text());
    }
    assert_eq!(admin.get("/admin/parameters/no_such").await.status, 404);
    // The list is searched without a script; what is typed stays in the field.
    let list = admin.open("/admin/parameters").await;
    assert!(list.all(".contents a", "href").iter().all(|href| list.has(href)), "a link to each group");
    let found = admin.open("/admin/parameters?q=%E5%8F%96%E6%AC%BE%E9%A2%84%E7%BA%A6").await;
    assert_eq!((found.attr("input[name=q]", "value").as_deref(), found.has("table")), (Some("取款预约"), false));
    let found = admin.open("/admin/parameters?q=cash_day_total").await;
    assert_eq!(found.all("tbody a", "href"), ["/admin/parameters/cash_day_total"]);
    assert_eq!(admin.get("/admin/parameters/cash_minimum@nowhere").await.status, 404);
    // Who may not change settings may not read what waits either.
    assert_eq!(bank.signed_in("auditor").await.get("/admin").await.status, 403);
}

async fn nobody_decides_on_their_own_proposal_and_a_rejection_has_a_reason(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    let page = propose(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-12-01")]).await;
    let request = page.path.clone();
    let (own, other) = (staff(bank, "admin").await, staff(bank, "admin2").await);
    let number = id(&page);
    for (by, action, expected) in
        [(&own, "approve", "own_proposal"), (&own, "reject", "own_proposal"), (&other, "withdraw", "not_proposer")]
    {
        let post = decision(bank, by, &number, action).await;
        assert_eq!(send(bank, by, &number, &post).await, Err(vec![expected.to_owned()]), "{action}");
    }
    assert_eq!(lines(bank).await, 0);
    // A second proposal of the same thing has to wait.
    let again = propose(&second, MINIMUM, &[("value", "70000"), ("from", "2026-12-01")]).await;
    assert_eq!(code(&again), ["already_waiting"]);
    assert!(again.has(&format!("a[href='{request}']")));

    let page = press(&second, &request, "reject", " ").await;
    assert_eq!(code(&page), ["reason_missing"]);
    let page = press(&second, &request, "reject", "太高了").await;
    assert!(page.text().contains("已驳回") && page.text().contains("太高了"), "{}", page.text());
    let page = propose(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-12-01")]).await;
    let page = press(&admin, &page.path, "withdraw", "").await;
    assert!(page.text().contains("已撤回"), "{}", page.text());
    assert_eq!(lines(bank).await, 0);
}

/// Two approvers, approve against withdraw, a double click, an old tab: one of them is carried out, once.
async fn a_request_is_decided_once_by_whoever_comes_first(bank: &TestBank) {
    bank.change("UPDATE users SET role = 'administrator', branch_id = NULL WHERE sign_in_name = 'editor'").await;
    let browser = bank.signed_in("admin").await;
    let (own, second, third) = (staff(bank, "admin").await, staff(bank, "admin2").await, staff(bank, "editor").await);
    for round in 0..rounds(40) {
        let before = lines(bank).await;
        let value = (60_000 + round).to_string();
        let page = propose(&browser, MINIMUM, &[("value", &value), ("from", &format!("{}-12-01", 2100 + round))]).await;
        let number = id(&page);
        let pairs = [[(&second, "approve"), (&third, "approve")], [(&second, "approve"), (&own, "withdraw")]];
        let pair = pairs[round % 2];
        let mut posts = Vec::new();
        for (by, action) in pair {
            posts.push((by, decision(bank, by, &number, action).await));
        }
        let (first, last) =
            tokio::join!(send(bank, posts[0].0, &number, &posts[0].1), send(bank, posts[1].0, &number, &posts[1].1));
        let done = [first.clone(), last.clone()].iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(done, 1, "{first:?} {last:?}");
        let applied = i64::from(first.is_ok() || pair[1].1 == "approve");
        assert_eq!(lines(bank).await, before + applied);
        let refused = [first, last].into_iter().find_map(Result::err).expect("one came too late");
        assert_eq!(refused, ["decided"]);
    }
    // A double click gets the same answer; a tab that was opened before is told what happened.
    let page = propose(&browser, MINIMUM, &[("value", "65000"), ("from", "2099-12-01")]).await;
    let number = id(&page);
    let click = decision(bank, &second, &number, "approve").await;
    let old_tab = decision(bank, &second, &number, "reject").await;
    let before = lines(bank).await;
    let (one, two) = tokio::join!(send(bank, &second, &number, &click), send(bank, &second, &number, &click));
    assert_eq!((one, two), (Ok(()), Ok(())));
    assert_eq!(lines(bank).await, before + 1);
    assert_eq!(send(bank, &second, &number, &old_tab).await, Err(vec!["decided".to_owned()]));
    let twice = "SELECT COUNT(*) FROM (SELECT subject FROM audit WHERE action IN ('change_apply', 'change_withdraw') \
                 GROUP BY subject HAVING COUNT(*) > 1) AS twice";
    assert_eq!(bank.number(twice).await, 0);
}

/// The value of the bank and that of a branch: whichever is approved first, the other preview is no longer true.
async fn two_changes_that_depend_on_each_other_are_not_both_applied(bank: &TestBank) {
    let browser = bank.signed_in("admin").await;
    let second = staff(bank, "admin2").await;
    for round in 0..rounds(40) {
        let from = format!("{}-12-01", 2100 + round);
        let at_branch = format!("{MINIMUM}@{BRANCH}");
        let whole = id(&propose(&browser, MINIMUM, &[("value", &(60_000 + round).to_string()), ("from", &from)]).await);
        let branch = id(&propose(&browser, &at_branch, &[("value", &(80_000 + round).to_string()), ("from", &from)]).await);
        let posts = [decision(bank, &second, &whole, "approve").await, decision(bank, &second, &branch, "approve").await];
        let (of_whole, of_branch) = tokio::join!(send(bank, &second, &whole, &posts[0]), send(bank, &second, &branch, &posts[1]));
        assert!(of_whole.is_ok() != of_branch.is_ok(), "{of_whole:?} {of_branch:?}");
        bank.change("DELETE FROM parameters WHERE name NOT LIKE '%second_factor'").await;
        bank.change(
            "UPDATE change_requests SET state = 'withdrawn', decided_by = proposed_by, decided_at = 1 WHERE state = 'waiting'",
        )
        .await;
    }
}

async fn a_request_that_no_longer_fits_is_refused_with_what_changed(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    let request = propose(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-12-01")]).await.path;
    let old = second.open(&request).await;
    parameter(&bank.bank, "cash_minimum", "55000").await;
    let page = second.submit(&old.form().with("do", "approve")).await;
    assert_eq!(code(&page), ["outdated"], "{}", page.text());
    assert!(page.text().contains("由“50,000 元”变为“55,000 元”"), "{}", page.text());
    assert!(!second.open(&request).await.has("button[value=approve]"), "it can only be rejected");
    assert_eq!(lines(bank).await, 1);
    press(&second, &request, "reject", "已经改过").await;

    // The effective day passes while it waits.
    let request = propose(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-11-23")]).await.path;
    bank.pass_minutes(24 * 60);
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    let page = second.open(&request).await;
    assert!(page.text().contains("生效日已经过去") && !page.has("button[value=approve]"), "{}", page.text());

    // What it touches changes between the page and the press.
    let request = propose(&admin, "/admin/parameters/cash_day_total", &[("value", "300万"), ("from", "2026-11-25")]).await.path;
    let old = second.open(&request).await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-26", slot: "10:00", amount: "60000", notes_100: "" };
    assert!(book(&bank.signed_in("c1").await, &values).await.case_number().is_some());
    let page = second.submit(&old.form().with("do", "approve")).await;
    assert_eq!(code(&page), ["preview_changed"], "{}", page.text());
    let page = second.submit(&page.form().with("do", "approve")).await;
    assert!(page.is_applied(), "{}", page.text());
}

async fn a_proposer_who_may_no_longer_change_it_cannot_have_it_applied(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    let number = id(&propose(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-12-01")]).await);
    let second = staff(bank, "admin2").await;
    let approve = decision(bank, &second, &number, "approve").await;
    bank.change("UPDATE users SET role = 'editor' WHERE sign_in_name = 'admin'").await;
    assert_eq!(send(bank, &second, &number, &approve).await, Err(vec!["proposer_may_not".to_owned()]));
    // Nor does somebody decide whose role has changed since the page was opened.
    bank.change("UPDATE users SET role = 'editor' WHERE sign_in_name = 'admin2'").await;
    let reject = decision(bank, &second, &number, "reject").await;
    assert_eq!(send(bank, &second, &number, &reject).await, Err(vec!["not_yours".to_owned()]));
    assert_eq!(lines(bank).await, 0);
}

/// A number of places below what is booked: the preview counts the days, and the days keep what they had.
async fn the_preview_of_a_capacity_tells_what_happens_then(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    for (name, day, slot) in [("c1", "2026-11-25", "10:00"), ("c2", "2026-11-25", "10:00"), ("k1", "2026-11-26", "11:00")] {
        let values = BookingValues { branch: BRANCH, day, slot, amount: "60000", notes_100: "" };
        let page = book(&bank.signed_in(name).await, &values).await;
        assert!(page.case_number().is_some(), "{name}: {}", page.text());
    }
    let page = check(&admin, "/admin/parameters/cash_slot_places@shiqi", &[("value", "1"), ("from", "2026-11-25")]).await;
    let text = page.text();
    for words in ["适用于 1 个网点", "已有 3 笔预约", "2 天已有预约", "其中 1 天约出的已超过新值（最多 2 笔）"]
    {
        assert!(text.contains(words), "{words} is not on the page: {text}");
    }
    let held = bank.held().await;
    let page = admin.submit(&page.form().with("do", "submit")).await;
    assert!(page.is_applied(), "{}", page.text());
    assert_eq!(bank.held().await, held, "what is booked stays");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_slots WHERE capacity = 4").await, 2, "booked slots keep their places");
    // A slot without a booking has the new number of places.
    crate::support::seed::customer(&bank.bank, "c8", bank::sessions::CustomerKind::Personal).await;
    let values = BookingValues { branch: BRANCH, day: "2026-11-25", slot: "14:00", amount: "60000", notes_100: "" };
    assert!(book(&bank.signed_in("c8").await, &values).await.case_number().is_some());
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_slots WHERE capacity = 1").await, 1);

    let page = check(&admin, "/admin/parameters/cash_stock_100", &[("value", "700"), ("from", "2026-11-24")]).await;
    assert!(page.text().contains("其中 1 天约出的已超过新值（最多 1,800 张）"), "{}", page.text());
    let request = admin.submit(&page.form().with("do", "submit")).await.path;
    assert!(second.open(&request).await.text().contains("最多 1,800 张"));
}

/// The constraints of the table, in case a statement forgets a rule.
async fn the_database_keeps_the_second_pair_of_eyes(bank: &TestBank) {
    let admin = bank.signed_in("admin").await;
    let number = id(&propose(&admin, MINIMUM, &[("value", "60000"), ("from", "2026-12-01")]).await);
    for set in [
        "state = 'applied', decided_by = proposed_by, decided_at = 1",
        "state = 'applied'",
        "state = 'rejected', decided_by = 'user-admin2', decided_at = 1",
        "state = 'rejected', decided_by = proposed_by, decided_at = 1, reason = 'x'",
        "state = 'withdrawn', decided_by = 'user-admin2', decided_at = 1",
        "state = 'done', decided_by = 'user-admin2', decided_at = 1",
    ] {
        assert!(bank.try_change(&format!("UPDATE change_requests SET {set} WHERE id = '{number}'")).await.is_err(), "{set}");
    }
    let twice = "INSERT INTO change_requests (id, kind, subject, change, needs_second, proposed_by, proposed_at, state) \
                 SELECT 'twice', kind, subject, change, needs_second, proposed_by, proposed_at, state FROM change_requests";
    assert!(bank.try_change(twice).await.is_err(), "one proposal at a time for each thing");
    assert!(ChangeState::ALL.into_iter().all(|state| ChangeState::parse(state.code()) == Some(state)));
    assert_eq!(ChangeRefusal::OwnProposal.code(), "own_proposal");
}
