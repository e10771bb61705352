//! The number of statements of a booking, on both engines: at most three reads before its transaction (two of a form sent whole)
//! and ten statements in it, however many denominations are booked. They decide how many bookings a second are possible.

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::cash::{BookingValues, fill_in, whole};
use crate::support::seed::BRANCH;

const VALUES: BookingValues<'_> =
    BookingValues { branch: BRANCH, day: "2026-11-25", slot: "10:00", amount: "50000", notes_100: "400" };

async fn a_booking_takes_three_reads_and_ten_statements(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let stepwise = fill_in(&browser, &BookingValues { notes_100: "500", ..VALUES }).await;
    let at_once = whole("c2", "a0b0c0d0e0f0g0h0j0k0m0n0p0", &VALUES).with("notes_50", "200");
    let other = bank.signed_in("c2").await;
    for (browser, form, most) in [(browser, stepwise, 3), (other, at_once, 2)] {
        let before = bank.bank.db().counted();
        let answer = browser.post(&form.action, &form.fields).await;
        let after = bank.bank.db().counted();
        assert!(answer.location.as_deref().is_some_and(|to| to.starts_with("/appointments/QK")), "{:?}", answer.location);
        let (reads, writes) = (after.reads - before.reads, after.writes - before.writes);
        assert!(reads <= most && writes <= 10, "{reads} reads and {writes} statements");
        assert_eq!(after.commits - before.commits, 1);
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cash_notes WHERE denomination = 50 AND reserved = 200").await, 1);
    // Nothing of it went missing: event, audit entry, clock, message, half hours.
    for (table, rows) in [("case_events", 2), ("case_clocks", 2), ("outbox", 2), ("engagements", 4), ("cash_appointments", 2)] {
        assert_eq!(bank.count(table).await, rows, "{table}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'submit'").await, 2);
    assert_eq!(bank.number("SELECT COUNT(*) FROM form_states WHERE case_number IS NOT NULL").await, 2);
}

on_both_engines!(a_booking_takes_three_reads_and_ten_statements);
