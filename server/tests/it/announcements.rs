//! A changed case is announced once after the commit and never after a rollback.

use std::convert::Infallible;

use bank::kernel::failure::{Failure, Rejected};
use scoped_futures::ScopedFutureExt;
use tokio::sync::broadcast::error::TryRecvError;

use crate::on_both_engines;
use crate::support::TestBank;

async fn a_change_is_announced_once_and_only_after_its_commit(bank: &TestBank) {
    let mut changed = bank.bank.changed_cases();
    bank.bank
        .write::<_, Infallible, _>("changes", |tx| {
            async move {
                tx.case_changed("QK7-3M9D-X");
                tx.case_changed("JD2-7XQA-8");
                tx.case_changed("QK7-3M9D-X");
                Ok(())
            }
            .scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)
        .expect("committed");
    assert_eq!((changed.try_recv().as_deref(), changed.try_recv().as_deref()), (Ok("QK7-3M9D-X"), Ok("JD2-7XQA-8")));
    assert_eq!(changed.try_recv(), Err(TryRecvError::Empty));
    let failed = bank
        .bank
        .write::<(), Infallible, _>("fails", |tx| {
            async move {
                tx.case_changed("QK7-3M9D-X");
                Err(Rejected::Unexpected(Failure::Host("on purpose".to_owned())))
            }
            .scope_boxed()
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(changed.try_recv(), Err(TryRecvError::Empty), "rolled back: nothing happened");
}

on_both_engines!(a_change_is_announced_once_and_only_after_its_commit);
