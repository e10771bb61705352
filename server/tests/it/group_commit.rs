//! Group commit on SQLite (ARCHITECTURE.md, Transactions and events): transactions that share a commit do not disturb each
//! other, and nobody is answered before the commit. Each commit is delayed, so that transactions queue and share the next.

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bank::args;
use bank::kernel::bank::{Bank, Clock};
use bank::kernel::database::{Db, Grouping, Tx};
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::seal::{KEY_LEN, Seal};
use bank::kernel::time::At;
use scoped_futures::ScopedFutureExt;
use tokio::task::JoinHandle;

use crate::house_rules::root;
use crate::support::TestBank;

/// Duration of a commit in these tests.
const COMMIT: Duration = Duration::from_millis(300);

/// Time in which a queued transaction certainly stands in the queue.
const MOMENT: Duration = Duration::from_millis(60);

async fn slow_disk() -> TestBank {
    TestBank::sqlite_grouping(Grouping { commit_delay: COMMIT, open_for: COMMIT * 10, ..Grouping::default() }).await
}

async fn insert(tx: &mut Tx, name: &str) -> Result<(), Failure> {
    tx.execute("INSERT INTO facts (name, value) VALUES ($1, 'done')", args![name]).await.map(|_| ())
}

async fn there(tx: &mut Tx, name: &str) -> Result<bool, Failure> {
    let (rows,): (i64,) = tx.fetch_one("SELECT COUNT(*) FROM facts WHERE name = $1", args![name]).await?;
    Ok(rows == 1)
}

/// The names that another connection sees.
async fn visible(bank: &Bank) -> Vec<String> {
    let sql = "SELECT name FROM facts WHERE value = 'done' ORDER BY name";
    let rows: Vec<(String,)> = bank.read().await.expect("a connection").fetch_all(sql, Vec::new()).await.expect("rows");
    rows.into_iter().map(|(name,)| name).collect()
}

/// Inserts a row in its own transaction, concurrently; the result comes with what is visible when it is answered.
fn writes(bank: &Bank, name: &'static str) -> JoinHandle<(Result<(), Failure>, Vec<String>)> {
    let bank = bank.clone();
    tokio::spawn(async move {
        let done = bank.write::<_, Infallible, _>(name, |tx| async move { Ok(insert(tx, name).await?) }.scope_boxed()).await;
        (done.map_err(Rejected::into_failure), visible(&bank).await)
    })
}

/// Makes the writer busy with a commit, so that what is queued next forms one group. Returns once the commit is running.
async fn busy(bank: &Bank) -> JoinHandle<(Result<(), Failure>, Vec<String>)> {
    let first = writes(bank, "0 first");
    tokio::time::sleep(MOMENT).await;
    first
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_queued_during_a_commit_share_the_next() {
    let bank = slow_disk().await;
    let before = bank.bank.db().counted().commits;
    let began = Instant::now();
    let first = busy(&bank.bank).await;
    let others: Vec<_> = ["1", "2", "3", "4", "5", "6"].map(|name| writes(&bank.bank, name)).into();
    for other in others {
        let (done, seen) = other.await.expect("an answer");
        done.expect("written");
        assert_eq!(seen.len(), 7, "nobody is answered before the commit, and all see all of it");
    }
    first.await.expect("an answer").0.expect("written");
    assert_eq!(bank.bank.db().counted().commits - before, 2);
    assert!(began.elapsed() < COMMIT * 4, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_fails_refuses_panics_or_gives_up_is_undone_alone() {
    let bank = slow_disk().await;
    let before = bank.bank.db().counted().commits;
    let first = busy(&bank.bank).await;
    let one = writes(&bank.bank, "1 kept");
    tokio::time::sleep(MOMENT / 4).await;

    // Fails by a constraint, after it has written.
    let node = bank.bank.clone();
    let fails = tokio::spawn(async move {
        node.write::<(), Infallible, _>("fails", |tx| {
            async move {
                insert(tx, "failed").await?;
                Ok(insert(tx, "0 first").await?)
            }
            .scope_boxed()
        })
        .await
    });
    // Refuses, because of what the one before it in the group wrote: it must not be answered before that is certain.
    let node = bank.bank.clone();
    let refuses = tokio::spawn(async move {
        let refused = node.write::<(), (), _>("refuses", |tx| {
            async move {
                insert(tx, "refused").await?;
                assert!(there(tx, "1 kept").await?, "the second member sees what the first has written");
                Err(Rejected::Refused(()))
            }
            .scope_boxed()
        });
        (refused.await, visible(&node).await)
    });
    let node = bank.bank.clone();
    let panics = tokio::spawn(async move {
        node.write::<(), Infallible, _>("panics", |tx| {
            async move {
                insert(tx, "panicked").await?;
                panic!("a member of the group panics");
            }
            .scope_boxed()
        })
        .await
    });
    // Its client goes away in the middle.
    let node = bank.bank.clone();
    let inside = Arc::new(tokio::sync::Notify::new());
    let entered = inside.clone();
    let gives_up = tokio::spawn(async move {
        node.write::<(), Infallible, _>("gives_up", |tx| {
            let entered = entered.clone();
            async move {
                insert(tx, "given up").await?;
                entered.notify_one();
                std::future::pending::<()>().await;
                Ok(())
            }
            .scope_boxed()
        })
        .await
    });
    tokio::time::sleep(MOMENT / 4).await;
    let last = {
        let node = bank.bank.clone();
        tokio::spawn(async move {
            let written = node.write::<_, Infallible, _>("last", |tx| {
                async move {
                    for name in ["failed", "refused", "panicked", "given up"] {
                        assert!(!there(tx, name).await?, "{name} is rolled back and still seen");
                    }
                    Ok(insert(tx, "2 kept").await?)
                }
                .scope_boxed()
            });
            (written.await.map_err(Rejected::into_failure), visible(&node).await)
        })
    };
    inside.notified().await;
    gives_up.abort();

    let kept = ["0 first", "1 kept", "2 kept"];
    let (done, seen) = one.await.expect("an answer");
    done.expect("written");
    assert_eq!(seen, kept);
    let (done, seen) = last.await.expect("an answer");
    done.expect("written");
    assert_eq!(seen, kept);
    assert!(matches!(fails.await.expect("an answer"), Err(Rejected::Unexpected(Failure::Database(_)))));
    let (refused, seen) = refuses.await.expect("an answer");
    assert!(matches!(refused, Err(Rejected::Refused(()))));
    assert_eq!(seen, kept, "a refusal is answered after the commit it depends on");
    assert!(panics.await.expect_err("a panic").is_panic());
    assert!(gives_up.await.expect_err("given up").is_cancelled());
    first.await.expect("an answer").0.expect("written");
    assert_eq!(visible(&bank.bank).await, kept);
    assert_eq!(bank.bank.db().counted().commits - before, 2, "all of them were one group");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_commit_that_fails_is_the_failure_of_every_member() {
    let bank = slow_disk().await;
    let first = busy(&bank.bank).await;
    let one = writes(&bank.bank, "one");
    tokio::time::sleep(MOMENT / 4).await;
    let node = bank.bank.clone();
    // No statement of the portal defers a foreign key; here it makes COMMIT fail.
    let breaks = tokio::spawn(async move {
        node.write::<(), (), _>("breaks", |tx| {
            async move {
                tx.execute("PRAGMA defer_foreign_keys = ON", Vec::new()).await?;
                let sql = "INSERT INTO accounts (id, customer_id, kind, last4, active, balance) \
                           VALUES ('a', 'nobody', 'current', '0000', TRUE, 0)";
                tx.execute(sql, Vec::new()).await?;
                Ok(())
            }
            .scope_boxed()
        })
        .await
    });
    let node = bank.bank.clone();
    let refuses =
        tokio::spawn(
            async move { node.write::<(), (), _>("refuses", |_| async { Err(Rejected::Refused(())) }.scope_boxed()).await },
        );
    let (done, seen) = one.await.expect("an answer");
    assert!(matches!(done, Err(Failure::Together { again: false, .. })), "{done:?}");
    assert_eq!(seen, ["0 first"]);
    assert!(matches!(breaks.await.expect("an answer"), Err(Rejected::Unexpected(Failure::Together { again: false, .. }))));
    assert!(matches!(refuses.await.expect("an answer"), Err(Rejected::Unexpected(Failure::Together { .. }))));
    first.await.expect("an answer").0.expect("written");
    writes(&bank.bank, "afterwards").await.expect("an answer").0.expect("the next one finds a new connection");
    assert_eq!(visible(&bank.bank).await, ["0 first", "afterwards"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_ends_the_transaction_of_all_fails_and_the_others_run_again() {
    let bank = slow_disk().await;
    let first = busy(&bank.bank).await;
    let one = writes(&bank.bank, "one");
    tokio::time::sleep(MOMENT / 4).await;
    let node = bank.bank.clone();
    // As a full disk may do, this rolls back the whole transaction.
    let breaks = tokio::spawn(async move {
        node.write::<(), Infallible, _>("breaks", |tx| {
            async move {
                tx.execute("INSERT OR ROLLBACK INTO facts (name, value) VALUES ('0 first', 'done')", Vec::new()).await?;
                Ok(())
            }
            .scope_boxed()
        })
        .await
    });
    tokio::time::sleep(MOMENT / 4).await;
    let two = writes(&bank.bank, "two");
    assert!(matches!(breaks.await.expect("an answer"), Err(Rejected::Unexpected(Failure::Database(_)))));
    for other in [first, one, two] {
        other.await.expect("an answer").0.expect("written");
    }
    assert_eq!(visible(&bank.bank).await, ["0 first", "one", "two"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_one_keeps_nobody_waiting_and_runs_again_alone() {
    let bank = slow_disk().await;
    let first = busy(&bank.bank).await;
    let began = Instant::now();
    let one = writes(&bank.bank, "one");
    tokio::time::sleep(MOMENT / 4).await;
    let tries = Arc::new(AtomicU32::new(0));
    let (node, counted) = (bank.bank.clone(), tries.clone());
    let slow = tokio::spawn(async move {
        node.write::<(), Infallible, _>("slow", |tx| {
            let counted = counted.clone();
            async move {
                counted.fetch_add(1, Ordering::SeqCst);
                insert(tx, "slow").await?;
                tokio::time::sleep(Duration::from_secs(2)).await;
                Ok(())
            }
            .scope_boxed()
        })
        .await
    });
    let (done, seen) = one.await.expect("an answer");
    done.expect("written");
    assert!(began.elapsed() < Duration::from_millis(1_800), "{:?}", began.elapsed());
    assert_eq!(seen, ["0 first", "one"]);
    first.await.expect("an answer").0.expect("written");
    slow.await.expect("an answer").map_err(Rejected::into_failure).expect("written");
    assert_eq!(tries.load(Ordering::SeqCst), 2);
    assert_eq!(visible(&bank.bank).await, ["0 first", "one", "slow"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_client_has_its_own_commits_without_waiting() {
    let bank = TestBank::sqlite().await;
    let before = bank.bank.db().counted();
    for name in ["1", "2", "3", "4"] {
        writes(&bank.bank, name).await.expect("an answer").0.expect("written");
    }
    let after = bank.bank.db().counted();
    assert_eq!((after.commits - before.commits, after.writes - before.writes), (4, 4));
}

/// Environment variable that makes the test below the process that is killed: the database it opens.
const VICTIM: &str = "LOBBY_TEST_VICTIM";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> At {
        At::parse_rfc3339("2026-11-23T12:00:00+08:00").expect("a time")
    }
}

/// How long the victim's commits take: it is killed within the first two.
const VICTIM_COMMIT: Duration = Duration::from_secs(3);

/// The process that is killed: a group of three is written, and its commit has not begun. It prints every answer.
async fn victim(url: &str) {
    let grouping = Grouping { commit_delay: VICTIM_COMMIT, open_for: VICTIM_COMMIT, ..Grouping::default() };
    let db = Db::open_grouping(url, grouping).await.expect("a database");
    let bank = Bank::new(db, Arc::new(Noon), Seal::new(&[7; KEY_LEN]).expect("a key"));
    let mut members = vec![busy(&bank).await];
    for name in ["1", "2", "3"] {
        members.push(writes(&bank, name));
    }
    let answers = members.into_iter().map(|member| {
        tokio::spawn(async move {
            let (done, _) = member.await.expect("an answer");
            println!("\nanswered {}", done.is_ok());
        })
    });
    let answers: Vec<_> = answers.collect();
    // All members of the second group have released their savepoints long before its commit begins.
    tokio::time::sleep(VICTIM_COMMIT + VICTIM_COMMIT / 2).await;
    println!("\nready {}", bank.db().counted().writes);
    for answer in answers {
        answer.await.expect("an answer");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_killed_before_the_commit_has_told_nobody_yes() {
    if let Ok(url) = std::env::var(VICTIM) {
        return victim(&url).await;
    }
    let bank = TestBank::sqlite().await;
    let this = "group_commit::a_process_killed_before_the_commit_has_told_nobody_yes";
    let mut process = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", this, "--nocapture"])
        .env(VICTIM, bank.database())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a process");
    let said = BufReader::new(process.stdout.take().expect("its output"));
    let mut answers = Vec::new();
    for line in said.lines() {
        let line = line.expect("a line");
        if line.starts_with("answered") {
            answers.push(line);
        } else if let Some(writes) = line.strip_prefix("ready ") {
            assert_eq!(writes, "4", "all members have written");
            break;
        }
    }
    process.kill().expect("killed");
    process.wait().expect("ended");
    assert_eq!(answers, ["answered true"], "only the first, which had its own commit");
    assert_eq!(visible(&bank.bank).await, ["0 first"]);
    writes(&bank.bank, "afterwards").await.expect("an answer").0.expect("written");
}

#[test]
fn no_migration_makes_one_member_end_the_commit_of_all() {
    for engine in ["both", "sqlite"] {
        let folder = root().join("app/bank/migrations").join(engine);
        for file in std::fs::read_dir(folder).expect("migrations") {
            let path = file.expect("a file").path();
            let sql = std::fs::read_to_string(&path).expect("a migration").to_uppercase();
            for word in ["DEFERRABLE", "DEFERRED", "RAISE(ROLLBACK", "RAISE (ROLLBACK", "OR ROLLBACK", "CONFLICT ROLLBACK"] {
                assert!(!sql.contains(word), "{}: {word} fails or ends the transaction of a whole group", path.display());
            }
        }
    }
}
