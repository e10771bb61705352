//! Two transactions of one user wait for each other (docs/domain.md §12): whoever gives a second factor or adds a passkey holds
//! the user's row until the commit. The guard is `sessions::records::lock_user`. A lock of the audit trail stops a transaction
//! when it has done all but its own entry, so that the other one meets it on each run.

use std::convert::Infallible;

use bank::sessions::{ResetOf, Source, caller, give_factor, reset_sign_in, sign_in};
use scoped_futures::ScopedFutureExt as _;
use sqlx::{Connection as _, PgConnection};

use crate::closing_races::{held, waiting};
use crate::support::TestBank;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::passkey::{Device, HONEST, Site, begin, options, send};
use crate::support::seed::PASSWORD;

/// Rows are read, but none is added.
const NO_ENTRIES: &str = "LOCK TABLE audit IN SHARE MODE";

/// Allows entries again as soon as both wait, which may have hashes to compute first.
async fn lets_go(bank: &TestBank, audit: PgConnection) {
    for _ in 0..10 {
        waiting(bank, 2).await;
    }
    audit.close().await.expect("rolled back");
}

/// Without the lock the reset would end the session of the password alone, and leave the one that the code has made.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reset_waits_for_a_code_and_ends_the_session_it_makes() {
    let Some(bank) = TestBank::postgres().await else { return };
    let (app, _) = AuthenticatorApp::set_up(&bank, &bank.signed_in("c1").await).await;
    let session = sign_in(&bank.bank, "c1", PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in").session_id;
    let half = caller(&bank.bank, &session, false).await.expect("a session").caller;
    let (node, code) = (bank.bank.clone(), app.code(&bank));
    let audit = held(&bank, NO_ENTRIES).await;
    let giving = tokio::spawn(async move { give_factor(&node, &half, &code).await.is_ok() });
    waiting(&bank, 1).await;
    let reset = bank.bank.write::<_, Infallible, _>("reset", |tx| {
        async move { Ok(reset_sign_in(tx, "user-c1", ResetOf::Password).await?) }.scope_boxed()
    });
    let (reset, ()) = tokio::join!(reset, lets_go(&bank, audit));
    reset.expect("a reset");
    assert!(giving.await.expect("an answer"), "the code came first");
    let live = "SELECT COUNT(*) FROM sessions WHERE user_id = 'user-c1' AND ended_at IS NULL";
    assert_eq!(bank.number(live).await, 0);
    bank.drop_database().await;
}

/// Without the lock each would be the first second factor and show recovery codes, and those of one of them would be void.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_devices_that_add_the_first_passkey_at_once_one_shows_the_recovery_codes() {
    let Some(bank) = TestBank::postgres().await else { return };
    let site = Site::open(&bank).await;
    let mut prepared = Vec::new();
    for name in ["phone", "computer"] {
        let browser = site.signed_in("c1").await;
        let answer = Device::new().added(&options(&begin(&browser).await), HONEST);
        prepared.push((browser, name, answer));
    }
    let audit = held(&bank, NO_ENTRIES).await;
    let adding = prepared
        .into_iter()
        .map(|(browser, name, answer)| tokio::spawn(async move { send(&browser, name, &answer).await }))
        .collect::<Vec<_>>();
    lets_go(&bank, audit).await;
    let mut shown = Vec::new();
    for adding in adding {
        shown.push(adding.await.expect("an answer").words(".recovery-codes li").len());
    }
    shown.sort_unstable();
    assert_eq!(shown, [0, 10]);
    assert_eq!((bank.count("passkeys").await, bank.count("recovery_codes").await), (2, 10));
    bank.drop_database().await;
}
