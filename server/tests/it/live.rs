//! The desk's event stream: it reports that something has changed, on this or another node, and nothing else. It ends with
//! the session and with the server, and does not count as activity.

use std::time::Duration;

use bank::sessions::CustomerKind;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::on_both_engines;
use crate::support::seed::{OTHER_BRANCH, customer_of};
use crate::support::{Browser, TestBank};

/// Longer than one poll interval for lost notifications.
const PATIENCE: Duration = Duration::from_secs(20);

/// Files a suggestion of a customer; returns its number.
async fn suggest(bank: &TestBank, name: &str, words: &str) -> String {
    let customer = bank.signed_in(name).await;
    let form = customer.open("/suggestions/new").await.form();
    let page = customer.submit(&form.with_all(&[("category", "savings"), ("content", words), ("do", "submit")])).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.path.trim_start_matches("/suggestions/").to_owned()
}

/// An open event stream.
struct Listening(reqwest::Response);

impl Listening {
    async fn to(browser: &Browser, path: &str) -> Self {
        let (answer, stream) = browser.listen(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/event-stream"), "{path}");
        Self(stream)
    }

    /// The text of the next event; `None` at the end of the stream. Fails if only keep-alives arrive.
    async fn next(&mut self) -> Option<String> {
        timeout(PATIENCE, self.event()).await.expect("nothing is heard")
    }

    async fn event(&mut self) -> Option<String> {
        let mut heard = String::new();
        loop {
            let chunk = self.0.chunk().await.expect("a stream")?;
            heard.push_str(&String::from_utf8_lossy(&chunk));
            while let Some((event, rest)) = heard.split_once("\n\n") {
                if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                    assert!(event.lines().any(|line| line == "event: changed"), "{event}");
                    return Some(data.to_owned());
                }
                heard = rest.to_owned();
            }
        }
    }
}

async fn an_open_desk_hears_that_something_has_changed_and_which_page_is_old(bank: &TestBank) {
    let number = suggest(bank, "c1", "利息写得清楚些").await;
    let clerk = bank.signed_in("clerk").await;
    let mut list = Listening::to(&clerk, "/desk/events").await;
    let mut case = Listening::to(&clerk, &format!("/desk/events?case={number}")).await;
    suggest(bank, "c2", "多放几把椅子").await;
    assert_eq!(list.next().await.as_deref(), Some("list"));
    assert_eq!(case.next().await.as_deref(), Some("list"));
    let form = clerk.open(&format!("/desk/cases/{number}")).await.form_with("button[value=note]");
    clerk.submit(&form.with_all(&[("note", "问过前台"), ("do", "note")])).await;
    assert_eq!(list.next().await.as_deref(), Some("list"), "a list shows no case");
    assert_eq!(case.next().await.as_deref(), Some("case"), "a note is on the case's page");
}

async fn what_happened_while_nobody_listened_is_told_at_once(bank: &TestBank) {
    let before = bank.bank.now().0;
    bank.pass_minutes(1);
    let number = suggest(bank, "c1", "利息写得清楚些").await;
    let clerk = bank.signed_in("clerk").await;
    let missed = format!("/desk/events?since={before}");
    assert_eq!(Listening::to(&clerk, &missed).await.next().await.as_deref(), Some("list"));
    assert_eq!(Listening::to(&clerk, &format!("{missed}&case={number}")).await.next().await.as_deref(), Some("case"));
    // The page was rendered after the change, so there is no event.
    let page = clerk.open(&format!("/desk/cases/{number}")).await;
    let events = page.attr(".desk-news", "data-events").expect("the stream of the page");
    let mut shown = Listening::to(&clerk, &events).await;
    suggest(bank, "c2", "多放几把椅子").await;
    assert_eq!(shown.next().await.as_deref(), Some("list"), "the first thing heard is the later one");
}

/// Longer than the polling interval.
const A_WHILE: Duration = Duration::from_secs(6);

async fn a_clerk_hears_of_their_own_branch_only(bank: &TestBank) {
    customer_of(&bank.bank, "d1", CustomerKind::Personal, Some(OTHER_BRANCH)).await;
    let before = bank.bank.now().0;
    bank.pass_minutes(1);
    let clerk = bank.signed_in("clerk2").await;
    let mut list = Listening::to(&clerk, "/desk/events").await;
    let number = suggest(bank, "c1", "利息写得清楚些").await;
    let mut missed = Listening::to(&clerk, &format!("/desk/events?since={before}")).await;
    let heard = tokio::join!(timeout(A_WHILE, list.next()), timeout(A_WHILE, missed.next()));
    assert!(heard.0.is_err() && heard.1.is_err(), "a case of another branch is told: {heard:?}");
    assert_eq!(clerk.get(&format!("/desk/events?case={number}")).await.status, 404);
    // The stream of the other branch reports it, and each stream reports changes of its own branch.
    let first = bank.signed_in("clerk").await;
    let mut first = Listening::to(&first, &format!("/desk/events?since={before}")).await;
    assert_eq!(first.next().await.as_deref(), Some("list"));
    suggest(bank, "d1", "多放几把椅子").await;
    for stream in [&mut list, &mut missed] {
        assert_eq!(stream.next().await.as_deref(), Some("list"));
    }
}

async fn the_stream_ends_with_the_session_and_with_the_server(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let mut stream = Listening::to(&clerk, "/desk/events").await;
    clerk.post("/logout", &[]).await;
    assert_eq!(stream.next().await, None, "the session has ended");
    let (stop, stopping) = watch::channel(false);
    let browser = Browser::new(&bank.serve(bank.bank.clone(), stopping).await);
    browser.sign_in("clerk").await;
    let mut stream = Listening::to(&browser, "/desk/events").await;
    stop.send(true).expect("somebody listens");
    let ended = timeout(Duration::from_secs(2), stream.next()).await;
    assert_eq!(ended.expect("it ends at once"), None, "the server stops");
}

async fn an_open_desk_keeps_nobody_signed_in(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    for _ in 0..2 {
        // Staff are signed out after 15 minutes without activity.
        bank.pass_minutes(7);
        assert_eq!(clerk.listen("/desk/events").await.0.status, 200);
        assert_eq!(clerk.send("/api/queue_changes", &headers, Some("{}")).await.body, r#"{"waiting":0}"#);
    }
    bank.pass_minutes(7);
    let location = clerk.get("/desk").await.location.unwrap_or_default();
    assert!(location.contains("&ended=idle"), "the stream was taken for activity: {location:?}");
}

/// An event reaches the other node by NOTIFY, or at the latest by the next poll.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_node_does_the_desk_of_another_hears() {
    let Some(bank) = TestBank::postgres().await else { return };
    let (first, second) = (bank.bank.clone(), bank.another_node().await);
    let base = bank.serve(second.clone(), watch::channel(false).1).await;
    let clerk = Browser::new(&base);
    clerk.sign_in("clerk").await;
    let tasks = [tokio::spawn(server::nodes::run(first)), tokio::spawn(server::nodes::run(second.clone()))];
    let mut changed = second.changed_cases();
    let mut stream = Listening::to(&clerk, "/desk/events").await;
    let number = suggest(&bank, "c1", "利息写得清楚些").await;
    assert_eq!(timeout(PATIENCE, changed.recv()).await.expect("it crosses over"), Ok(number));
    assert_eq!(stream.next().await.as_deref(), Some("list"));
    for task in tasks {
        task.abort();
    }
    second.db().close().await;
    bank.drop_database().await;
}

/// No notifications are forwarded: the stream finds the change by polling.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_no_notification_told_is_found_by_polling() {
    let Some(bank) = TestBank::postgres().await else { return };
    let second = bank.another_node().await;
    let clerk = Browser::new(&bank.serve(second.clone(), watch::channel(false).1).await);
    clerk.sign_in("clerk").await;
    let mut stream = Listening::to(&clerk, "/desk/events").await;
    suggest(&bank, "c1", "利息写得清楚些").await;
    assert_eq!(stream.next().await.as_deref(), Some("list"));
    second.db().close().await;
    bank.drop_database().await;
}

/// A transaction that commits after later events have been read. Nothing notifies the stream.
async fn an_event_that_becomes_visible_late_is_found_by_polling(bank: &TestBank) {
    let number = suggest(bank, "c1", "利息写得清楚些").await;
    let clerk = bank.signed_in("clerk").await;
    let mut list = Listening::to(&clerk, "/desk/events").await;
    let late = bank.bank.now().plus_ms(-8_000).0;
    bank.change(&format!(
        "INSERT INTO case_events (case_number, version, at, role, user_name, action, internal) \
         VALUES ('{number}', 1, {late}, 'clerk', '', 'note', TRUE)"
    ))
    .await;
    assert_eq!(list.next().await.as_deref(), Some("list"));
}

/// The clock does not advance: the page and the change have the same time.
async fn what_happens_between_a_page_and_its_stream_is_told(bank: &TestBank) {
    let number = suggest(bank, "c1", "利息写得清楚些").await;
    let clerk = bank.signed_in("clerk").await;
    let stream = async |path: String| clerk.open(&path).await.attr(".desk-news", "data-events").expect("the stream of the page");
    let (list, case) = (stream("/desk".to_owned()).await, stream(format!("/desk/cases/{number}")).await);
    suggest(bank, "c2", "多放几把椅子").await;
    assert_eq!(Listening::to(&clerk, &list).await.next().await.as_deref(), Some("list"));
    assert_eq!(Listening::to(&clerk, &case).await.next().await.as_deref(), Some("list"));
    let case = stream(format!("/desk/cases/{number}")).await;
    let form = clerk.open(&format!("/desk/cases/{number}")).await.form_with("button[value=note]");
    clerk.submit(&form.with_all(&[("note", "问过前台"), ("do", "note")])).await;
    assert_eq!(Listening::to(&clerk, &case).await.next().await.as_deref(), Some("case"));
}

on_both_engines!(
    an_open_desk_hears_that_something_has_changed_and_which_page_is_old,
    what_happened_while_nobody_listened_is_told_at_once,
    a_clerk_hears_of_their_own_branch_only,
    the_stream_ends_with_the_session_and_with_the_server,
    an_open_desk_keeps_nobody_signed_in,
    an_event_that_becomes_visible_late_is_found_by_polling,
    what_happens_between_a_page_and_its_stream_is_told,
);
