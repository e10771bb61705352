//! Calendar, branches and parameters are cached in every process and never stale: a change made on one node is seen by the
//! next read on another, whatever statement made it. Both engines.

use std::sync::Arc;

use bank::branches::reference;
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::database::{Db, round_trips};
use bank::kernel::money::Fen;
use bank::kernel::seal::{KEY_LEN, Seal};
use bank::kernel::time::At;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::seed::{BRANCH, branch_parameter, parameter};

struct Fixed(At);

impl Clock for Fixed {
    fn now(&self) -> At {
        self.0
    }
}

/// Another node on the same database.
async fn other_node(bank: &TestBank) -> Bank {
    let db = Db::open(bank.database()).await.expect("a database");
    Bank::new(db, Arc::new(Fixed(bank.bank.now())), Seal::new(&[7; KEY_LEN]).expect("a key"))
}

async fn minimum(bank: &Bank) -> Fen {
    reference(bank).await.expect("a reference").parameters(BRANCH, bank.now().day()).cash_minimum
}

async fn a_change_on_one_node_is_seen_on_the_other(bank: &TestBank) {
    let other = other_node(bank).await;
    let yuan = Fen::from_yuan;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (yuan(50_000), yuan(50_000)));
    parameter(&bank.bank, "cash_minimum", "60000").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (yuan(60_000), yuan(60_000)));
    branch_parameter(&other, BRANCH, "cash_minimum", "70000").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (yuan(70_000), yuan(70_000)));
    // Whatever statement changes it, and whichever of the tables.
    bank.change("DELETE FROM parameters").await;
    assert_eq!((minimum(&bank.bank).await, minimum(&other).await), (yuan(50_000), yuan(50_000)));
    bank.change("UPDATE branches SET phone = '0760-0000 9999' WHERE id = 'shiqi'").await;
    bank.change("DELETE FROM branch_hours WHERE branch_id = 'shiqi' AND weekday = 1").await;
    bank.change("INSERT INTO calendar_days (day, kind, name) VALUES ('2026-12-24', 'closed', '临时停业')").await;
    let seen = reference(&other).await.expect("a reference");
    let branch = seen.branch(BRANCH).expect("a branch");
    assert_eq!(branch.phone, "0760-0000 9999");
    assert!(branch.hours.0[0].is_empty());
    assert!(!seen.calendar.is_working("2026-12-24".parse().expect("a day")));
    other.db().close().await;
}

async fn a_change_that_is_rolled_back_is_never_seen(bank: &TestBank) {
    use bank::kernel::failure::Rejected;
    use scoped_futures::ScopedFutureExt;
    assert_eq!(minimum(&bank.bank).await, Fen::from_yuan(50_000));
    let undone = bank.bank.write::<(), (), _>("undone", |tx| {
        async move {
            let since = "2020-01-01".parse().expect("a day");
            bank::branches::insert_parameter(tx, "cash_minimum", "", since, "60000").await?;
            Err(Rejected::Refused(()))
        }
        .scope_boxed()
    });
    assert!(undone.await.is_err());
    assert_eq!(minimum(&bank.bank).await, Fen::from_yuan(50_000));
}

async fn what_is_cached_costs_one_read(bank: &TestBank) {
    minimum(&bank.bank).await;
    // Other tests of this process count too, so the least of many tries is looked at.
    let mut least = u64::MAX;
    for _ in 0..200 {
        let before = round_trips();
        minimum(&bank.bank).await;
        least = least.min(round_trips() - before);
    }
    assert_eq!(least, 1);
}

on_both_engines!(
    a_change_on_one_node_is_seen_on_the_other,
    a_change_that_is_rolled_back_is_never_seen,
    what_is_cached_costs_one_read,
);
