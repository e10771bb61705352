//! Requests during database trouble: a full disk, a lock held by another process, lost connections, an abandoned request. No
//! response is 500, nothing is done twice, and the server recovers by itself.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bank::kernel::database::{Db, Engine};
use scoped_futures::ScopedFutureExt;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::on_both_engines;
use crate::support::crowd::crowd;
use crate::support::{Answer, Browser, Form, TestBank};

on_both_engines!(
    a_transaction_that_is_given_up_leaves_nothing_behind,
    a_lock_held_elsewhere_is_answered_with_503_and_passes,
    a_server_function_is_answered_with_503_while_the_database_is_locked,
    a_full_disk_is_answered_with_503_and_passes,
    connections_that_end_under_load_give_no_500,
);

const NEW: &str = "/suggestions/new";

async fn suggestion(browser: &Browser, content: &str) -> Form {
    browser.open(NEW).await.form().with("category", "e_channel").with("content", content).with("do", "submit")
}

/// Asserts a 503 page that says what happened, when to try again, and the request reference.
fn ensure_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}: {}", answer.path, answer.body);
    assert_eq!(answer.header("retry-after"), "5");
    assert!(answer.text().contains("系统暂时忙") && answer.text().contains("95500"), "{}", answer.text());
}

async fn a_transaction_that_is_given_up_leaves_nothing_behind(bank: &TestBank) {
    let given_up = bank.bank.write::<(), Infallible, _>("given_up", |tx| {
        async move {
            tx.execute("INSERT INTO facts (name, value) VALUES ('half', 'done')", Vec::new()).await?;
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok(())
        }
        .scope_boxed()
    });
    assert!(tokio::time::timeout(Duration::from_millis(200), given_up).await.is_err());
    tokio::time::sleep(Duration::from_millis(200)).await;
    bank.change("INSERT INTO facts (name, value) VALUES ('whole', 'done')").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM facts WHERE name = 'half'").await, 0);
    assert_eq!(bank.number("SELECT COUNT(*) FROM facts WHERE name = 'whole'").await, 1);
    if bank.bank.db().engine() == Engine::Postgres {
        let open =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        assert_eq!(bank.number(open).await, 0, "no connection goes back to its pool in a transaction");
    }
}

/// A reader of SQLite waits for no lock.
const LOCKS: &str = "BEGIN; LOCK TABLE form_states IN EXCLUSIVE MODE; LOCK TABLE receptions IN ACCESS EXCLUSIVE MODE";

/// Another client of the same database.
enum Elsewhere {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Elsewhere {
    /// Locks the forms against writing until it is dropped; on PostgreSQL also the receptions against reading.
    async fn locks(bank: &TestBank) -> Self {
        match bank.bank.db().engine() {
            Engine::Sqlite => {
                let mut conn = SqliteConnection::connect(bank.database()).await.expect("a connection");
                conn.execute("BEGIN IMMEDIATE").await.expect("a lock");
                Self::Sqlite(conn)
            }
            Engine::Postgres => {
                let mut conn = PgConnection::connect(bank.database()).await.expect("a connection");
                conn.execute(LOCKS).await.expect("a lock");
                Self::Postgres(conn)
            }
        }
    }

    async fn lets_go(self) {
        match self {
            Self::Sqlite(conn) => conn.close().await.expect("closed"),
            Self::Postgres(conn) => conn.close().await.expect("closed"),
        }
    }
}

async fn a_lock_held_elsewhere_is_answered_with_503_and_passes(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = suggestion(&browser, "多开一个窗口").await;
    let lock = Elsewhere::locks(bank).await;
    let asked = Instant::now();
    let posts = (0..4).map(|_| {
        let (browser, form) = (browser.clone(), form.clone());
        tokio::spawn(async move { browser.post(NEW, &form.fields).await })
    });
    for post in posts.collect::<Vec<_>>() {
        ensure_unavailable(&post.await.expect("an answer"));
    }
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    assert_eq!(browser.open(NEW).await.status, 200, "reading goes on");
    if bank.bank.db().engine() == Engine::Sqlite {
        let asked = Instant::now();
        assert_eq!(browser.get("/readyz").await.status, 503, "the writer cannot write");
        assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    }
    lock.lets_go().await;
    let made = browser.submit(&form).await;
    assert!(made.case_number().is_some(), "{} {}", made.status, made.text());
    assert_eq!(bank.count("suggestions").await, 1);
    assert_eq!(browser.get("/readyz").await.status, 200);
}

async fn a_server_function_is_answered_with_503_while_the_database_is_locked(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let form = suggestion(&browser, "多开一个窗口").await;
    let lock = Elsewhere::locks(bank).await;
    let mut answers = vec![browser.save_draft("suggestions", &form).await];
    if bank.bank.db().engine() == Engine::Postgres {
        answers.push(browser.call("free_reception_places", "{}").await);
    }
    for answer in &answers {
        assert_eq!((answer.status, answer.header("retry-after")), (503, "5"), "{}: {}", answer.path, answer.body);
    }
    lock.lets_go().await;
    assert_eq!(browser.save_draft("suggestions", &form).await.status, 200);
    assert_eq!(browser.call("free_reception_places", "{}").await.status, 200);
}

/// Limits the number of pages of the SQLite file, on this and every later writer connection.
async fn allow_pages(bank: &TestBank, pages: Option<i64>) {
    let Db::Sqlite { writer, .. } = bank.bank.db() else { panic!("SQLite only") };
    let options = writer.connect_options().as_ref().clone();
    let most = pages.unwrap_or(1_000_000).to_string();
    writer.set_connect_options(options.pragma("max_page_count", most.clone()));
    sqlx::query(AssertSqlSafe(format!("PRAGMA max_page_count = {most}"))).execute(writer).await.expect("a limit");
}

async fn a_full_disk_is_answered_with_503_and_passes(bank: &TestBank) {
    if bank.bank.db().engine() == Engine::Postgres {
        return;
    }
    let browser = bank.signed_in("c1").await;
    let mut forms = Vec::new();
    for number in 0..8 {
        forms.push(suggestion(&browser, &format!("{number}{}", "字".repeat(1_990))).await);
    }
    allow_pages(bank, Some(bank.number("PRAGMA page_count").await + 1)).await;
    let mut full = Vec::new();
    for form in forms {
        let answer = browser.post(NEW, &form.fields).await;
        if answer.status != 303 {
            ensure_unavailable(&answer);
            full.push(form);
        }
    }
    assert!(full.len() >= 4, "the disk was full for {} of 8 only", full.len());
    assert_eq!(browser.open(NEW).await.status, 200, "reading goes on");
    allow_pages(bank, None).await;
    for form in full {
        let made = browser.submit(&form).await;
        assert!(made.case_number().is_some(), "{} {}", made.status, made.text());
    }
    assert_eq!(bank.count("suggestions").await, 8);
    assert_eq!(browser.get("/readyz").await.status, 200);
}

async fn connections_that_end_under_load_give_no_500(bank: &TestBank) {
    if bank.bank.db().engine() == Engine::Sqlite {
        return;
    }
    let people = crowd(bank, 8).await;
    let (over, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let killer = {
        let (over, ended, url) = (over.clone(), ended.clone(), bank.database().to_owned());
        tokio::spawn(async move {
            let mut conn = PgConnection::connect(&url).await.expect("a connection");
            let end = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            while !over.load(Ordering::SeqCst) {
                let (many,): (i64,) = sqlx::query_as(end).fetch_one(&mut conn).await.expect("an answer");
                ended.fetch_add(u32::try_from(many).unwrap_or_default(), Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        })
    };
    let until = Instant::now() + Duration::from_secs(5);
    let load = people.into_iter().map(|(name, browser)| {
        tokio::spawn(async move {
            let mut statuses = Vec::new();
            while Instant::now() < until {
                let page = browser.open(NEW).await;
                statuses.push(page.status);
                if page.status == 200 {
                    let form = page.form().with("category", "e_channel").with("content", &name).with("do", "submit");
                    statuses.push(browser.post(NEW, &form.fields).await.status);
                }
            }
            statuses
        })
    });
    let mut statuses = Vec::new();
    for person in load.collect::<Vec<_>>() {
        statuses.extend(person.await.expect("an afternoon"));
    }
    over.store(true, Ordering::SeqCst);
    killer.await.expect("no killer left");
    let count = |status: u16| statuses.iter().filter(|found| **found == status).count();
    let ended = ended.load(Ordering::SeqCst);
    println!(
        "{ended} connections ended: {} requests, 200: {}, 303: {}, 500: {}, 503: {}",
        statuses.len(),
        count(200),
        count(303),
        count(500),
        count(503)
    );
    assert!(ended > 20, "{ended} connections were ended");
    assert_eq!(statuses.len(), count(200) + count(303) + count(503), "{statuses:?}");
    assert!(count(303) > count(503), "most went through: {} to {}", count(303), count(503));
}
