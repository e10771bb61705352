//! A link of activation that was found open, and is no longer when the transaction begins: it has expired, or its user has left
//! (docs/domain.md §12). Both engines.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bank::kernel::bank::Clock;
use bank::kernel::forms::fresh_key;
use bank::kernel::time::At;
use bank::sessions::{ActivationKind, NewPassword, Secret, Source, activate_by_link};

use crate::activation::{NEW, invited, signs_in};
use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(a_link_that_expires_before_it_is_used_sets_nothing, who_leaves_before_their_link_is_used_gets_no_password,);

/// A clock that is looked at once before midnight of a day, and then on that day.
struct Midnight {
    before: At,
    midnight: At,
    seen: AtomicBool,
}

impl Clock for Midnight {
    fn now(&self) -> At {
        if self.seen.swap(true, Ordering::SeqCst) { self.midnight } else { self.before }
    }
}

/// Uses a link that was found just before midnight of this day; its transaction begins after.
async fn used_at_midnight(bank: &TestBank, secret: &Secret, day: &str) -> bool {
    let midnight = At::midnight(day.parse().expect("a day"));
    let clock = Midnight { before: At(midnight.0 - 1), midnight, seen: AtomicBool::new(false) };
    let node = bank.bank.with_clock(Arc::new(clock));
    let password = NewPassword { password: NEW.to_owned(), again: NEW.to_owned(), house: Vec::new() };
    let key = fresh_key(&node).expect("a key");
    activate_by_link(&node, secret, &key, password, &Source::here("test")).await.is_ok()
}

async fn a_link_that_expires_before_it_is_used_sets_nothing(bank: &TestBank) {
    let secret = invited(bank, "clerk", ActivationKind::Link).await;
    let midnight = At::midnight("2026-11-25".parse().expect("a day"));
    bank.change(&format!("UPDATE activations SET expires_at = {} WHERE user_id = 'user-clerk'", midnight.0)).await;
    assert!(!used_at_midnight(bank, &secret, "2026-11-25").await);
    assert!(!signs_in(bank, "clerk", NEW).await);
    assert!(used_at_midnight(bank, &secret, "2026-11-24").await, "it is open until then");
}

async fn who_leaves_before_their_link_is_used_gets_no_password(bank: &TestBank) {
    let secret = invited(bank, "clerk", ActivationKind::Link).await;
    bank.change("UPDATE users SET left_on = '2026-11-25' WHERE id = 'user-clerk'").await;
    assert!(!used_at_midnight(bank, &secret, "2026-11-25").await);
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE id = 'user-clerk' AND password_hash = ''").await, 1);
    assert_eq!(bank.number("SELECT COUNT(*) FROM activations WHERE used_at IS NOT NULL").await, 0);
    assert!(used_at_midnight(bank, &secret, "2026-11-24").await, "on the day before they have not left");
}
