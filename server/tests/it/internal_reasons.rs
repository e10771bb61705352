//! A reason that only staff read (docs/domain.md §1) is not read for the customer: not on a page, not in a message, not by the server.

use bank::cases::{find_mine, history};

use crate::desk::{booked, case, sees};
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::cash::act;
use crate::support::kinds::as_customer;
use crate::support::seed::BRANCH;

on_both_engines!(from_500_000_the_branch_head_approves_what_another_confirmed,);

/// Messages to customers with what staff have written for each other.
pub const TOLD: &str = "SELECT COUNT(*) FROM outbox WHERE details LIKE '%客户急用%' OR details LIKE '%券别请再核对%'";

async fn from_500_000_the_branch_head_approves_what_another_confirmed(bank: &TestBank) {
    let (clerk, head) = (bank.signed_in("clerk").await, bank.signed_in("head").await);
    let number = booked(bank, "c1", BRANCH, "10:00", "500000").await;
    act(&clerk, &number, "confirm", &[]).await;
    assert_eq!(sees(&clerk, &number).await, ["decline", "cancel"]);
    assert_eq!(sees(&head, &number).await, ["approve", "refuse", "decline", "cancel"]);
    let refused = act(&head, &number, "refuse", &[]).await;
    assert_eq!(refused.refusals(), [("internal_reason_missing".to_owned(), None)]);
    // The reason of sending back is another box than the one the customer reads.
    let page = head.open(&case(&number)).await;
    let (back, told) = (page.form_with("button[value=refuse]"), page.form_with("button[value=decline]"));
    assert_eq!((back.value("internal_reason"), back.value("reason")), (Some(""), None));
    assert_eq!((told.value("internal_reason"), told.value("reason")), (None, Some("")));
    let both = [("internal_reason", "券别请再核对"), ("reason", "客户读的")];
    let page = act(&head, &number, "refuse", &both).await;
    assert!(page.text().contains("券别请再核对"), "staff read why");
    let customer = bank.signed_in("c1").await;
    let told = customer.open(&format!("/appointments/{number}")).await;
    assert!(told.text().contains("网点正在重新核对"), "{}", told.text());
    assert!(
        !told.body.contains("券别请再核对") && !told.body.contains("退回") && bank.number(TOLD).await == 0,
        "{}",
        told.text()
    );
    // Neither does the server read it for them.
    let mine = find_mine(&bank.bank, &as_customer(bank, "c1").await, &number).await.expect("no failure").expect("the case");
    let read = history(&bank.bank, &mine).await.expect("history");
    assert!(read.iter().all(|line| line.reason.is_none() && line.user_name.is_empty()), "{read:?}");
    act(&head, &number, "confirm", &[]).await;
    assert_eq!(sees(&head, &number).await, ["refuse", "decline", "cancel"], "nobody approves what they confirmed");
}
