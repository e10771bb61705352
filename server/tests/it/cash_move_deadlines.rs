//! Until when a moved booking can be cancelled, and whether its company's approver has time to agree (docs/domain.md §3.2, §3.5).

use bank::appointments::cash::cancel_cash;
use bank::kernel::forms::SubmitOutcome;
use sqlx::AssertSqlSafe;

use crate::cash_moves::{BOOKING, booked, change, code, moved};
use crate::company_approver::{self, company};
use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::{act_as_staff, as_customer, as_staff, everything};
use crate::support::seed::unbounded;
use crate::support::soak::rounds;

on_both_engines!(what_a_confirmation_adds_a_move_leaves, an_approver_is_not_asked_who_would_have_no_time);

/// Minutes until a booking can no longer be cancelled.
async fn minutes_left(bank: &TestBank, number: &str) -> i64 {
    let sql = AssertSqlSafe(format!("SELECT cancel_until FROM cash_appointments WHERE case_number = '{number}'"));
    (bank.number(sql).await - bank.bank.now().0) / 60_000
}

async fn what_a_confirmation_adds_a_move_leaves(bank: &TestBank) {
    for name in ["cases_day_max", "cases_open_max"] {
        unbounded(bank, name, "100000").await;
    }
    let (customer, browser, clerk) = (as_customer(bank, "c1").await, bank.signed_in("c1").await, as_staff(bank, "clerk").await);
    let fields = everything();
    for turn in 0..rounds(40) {
        bank.set_time("2026-11-23T10:00:00+08:00");
        let number = booked(&browser, &BOOKING).await;
        // The cut-off is ten minutes away; a confirmation gives an hour.
        bank.set_time("2026-11-24T14:50:00+08:00");
        let post = change(bank, 0, &[("remark", "上午来")]);
        let confirm = act_as_staff(&bank.bank, &clerk, &number, "confirm", 1, &fields);
        let (told, confirmed) = tokio::join!(moved(bank, &customer, &number, &post), confirm);
        assert_eq!(code(&told), "done", "round {turn}");
        let expected = if confirmed.is_ok() { 60 } else { 10 };
        assert_eq!(minutes_left(bank, &number).await, expected, "round {turn}: {confirmed:?}");
        cancel_cash(&bank.bank, &customer, &number).await.expect("cancelled");
    }
}

async fn an_approver_is_not_asked_who_would_have_no_time(bank: &TestBank) {
    company(bank).await;
    let operator = as_customer(bank, "k1").await;
    let made = company_approver::booked(bank, &operator, "2026-11-27").await;
    let SubmitOutcome::Case { number, .. } = made else { panic!("{made:?}") };
    // For tomorrow the approver would have to agree within ten minutes, for the day after there is a day.
    bank.set_time("2026-11-23T14:50:00+08:00");
    let refused = moved(bank, &operator, &number, &change(bank, 0, &[("day", "2026-11-24")])).await;
    assert_eq!(code(&refused), "approver_too_late");
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_appointments WHERE day = '2026-11-27' AND moves = 0").await, 1);
    let done = moved(bank, &operator, &number, &change(bank, 0, &[("day", "2026-11-25")])).await;
    assert_eq!(code(&done), "done");
}
