//! Shared by the tests: a bank on either engine ([`TestBank`]), seeded with branches and people ([`seed`]), served on a
//! socket, and a browser without scripts ([`Browser`]).

pub mod admin;
pub mod authenticator;
mod bank;
mod browser;
pub mod capacity;
pub mod cash;
pub mod cluster;
pub mod crowd;
pub mod dice;
pub mod kinds;
pub mod passkey;
pub mod reception;
pub mod seed;
#[path = "../../../../app/bank/src/soak/length.rs"]
pub mod soak;

pub use bank::TestBank;
pub use browser::{Answer, Browser, Form, pairs};

/// Runs each test function on SQLite and on PostgreSQL: `on_both_engines!(a_test, another)`. The function takes a seeded
/// [`TestBank`]; the database is dropped after it passes. `on_both_engines!(blank: …)` starts from the empty schema.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => { $crate::on_both_engines!(@ sqlite postgres $($name)+); };
    (blank: $($name:ident),+ $(,)?) => { $crate::on_both_engines!(@ blank_sqlite blank_postgres $($name)+); };
    (@ $sqlite:ident $postgres:ident $($name:ident)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let bank = $crate::support::TestBank::$sqlite().await;
                super::$name(&bank).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let Some(bank) = $crate::support::TestBank::$postgres().await else { return };
                super::$name(&bank).await;
                bank.drop_database().await;
            })+
        }
    };
}
