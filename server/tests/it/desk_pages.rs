//! Pages of lists that grow, and the desk's own connections. While cases arrive and leave, walking forward and back shows every
//! case that stays exactly once. Slow lists of the desk do not reach the customers' pages.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::{Duration, Instant};

use bank::branches::reference;
use bank::cases::{
    ListPosition, Neighbours, PageStart, PastCase, PastChange, QueueFilter, StateFilter, insert_past_cases, list_mine, queue,
};
use bank::kernel::audit::Actor;
use bank::kernel::database::Engine;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::ids::CaseNumber;
use bank::kernel::time::At;
use bank::sessions::{Permission, Scope};
use bank::suggestions::KIND;
use scoped_futures::ScopedFutureExt;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::kinds::{as_customer, as_staff};
use crate::support::seed::{BRANCH, OTHER_BRANCH};
use crate::support::soak::{rounds, seed};

on_both_engines!(
    a_walk_shows_every_case_that_stays_exactly_once,
    a_position_shows_nothing_beyond_the_scope,
    a_customers_list_is_read_in_pages,
    slow_lists_of_the_desk_leave_customers_their_pages,
    a_list_of_the_desk_that_takes_too_long_is_given_up,
);

/// Random numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    /// A suggestion of customer c1. Few due times, so that many cases have the same one.
    fn suggestion(&mut self, branch: &str) -> PastCase {
        let random: Vec<u8> = (0..8).map(|_| u8::try_from(self.below(256)).expect("a byte")).collect();
        let now = At::parse_rfc3339("2026-11-20T10:00:00+08:00").expect("a time");
        let actor = Actor { role: "customer".into(), user_id: Some("user-c1".to_owned()), name: "客户c1".to_owned() };
        let change = |at, action, to| PastChange { at, actor: actor.clone(), action, to, reason: None, detail: "{}".to_owned() };
        let at = now.plus_minutes(i64::try_from(self.below(9)).expect("few"));
        let mut changes = vec![change(at, "submit", "recorded")];
        if self.below(3) == 0 {
            changes.push(change(at.plus_minutes(30), "answer", "answered"));
        }
        PastCase {
            number: CaseNumber::generate(KIND.prefix(), &random).to_string(),
            kind: KIND,
            customer_id: "customer-c1".to_owned(),
            branch_id: Some(branch.to_owned()),
            due_at: at.plus_hours(24),
            time: None,
            acts_at: None,
            amount: None,
            topic: "savings",
            changes,
        }
    }
}

async fn insert(bank: &TestBank, cases: &[PastCase]) {
    let reference = reference(&bank.bank).await.expect("the bank's reference");
    let insert = bank.bank.write::<_, Infallible, _>("past", |tx| {
        let reference = &reference;
        async move { Ok(insert_past_cases(tx, reference, cases, At(i64::MAX), At(i64::MAX)).await?) }.scope_boxed()
    });
    insert.await.map_err(Rejected::into_failure).expect("inserted");
}

/// The state of every case of the test, and whether it has been in the list all the time.
struct Everything {
    random: Random,
    stayed: BTreeMap<String, bool>,
}

impl Everything {
    /// Some cases arrive, some change their state, in or out of the list.
    async fn goes_on(&mut self, bank: &TestBank) {
        for _ in 0..self.random.below(4) {
            insert(bank, &[self.random.suggestion(BRANCH)]).await;
        }
        for _ in 0..self.random.below(6) {
            let number = self.stayed.keys().nth(self.random.below(self.stayed.len())).expect("a case").clone();
            let (state, waiting) = [("recorded", true), ("answered", false)][self.random.below(2)];
            bank.change(&format!("UPDATE cases SET state = '{state}', waiting = {waiting} WHERE number = '{number}'")).await;
            self.stayed.insert(number, false);
        }
    }
}

async fn page(bank: &TestBank, scope: &Scope, state: &StateFilter, start: PageStart) -> (Vec<String>, Neighbours) {
    let filter = QueueFilter { kind: Some(KIND), state: state.clone(), start, ..QueueFilter::default() };
    let page = queue(&bank.bank, scope, &filter).await.expect("a page");
    (page.lines.into_iter().map(|line| line.number).collect(), page.neighbours)
}

/// Walks until there is no further page, while everything goes on; returns all numbers in the order in which they were read.
async fn walk(bank: &TestBank, all: &mut Everything, state: &StateFilter, back: Option<ListPosition>) -> Vec<String> {
    let scope = as_staff(bank, "clerk").await.scope(Permission::SeeCases);
    let backward = back.is_some();
    let mut start = back.map_or(PageStart::First, PageStart::Before);
    let mut seen = Vec::new();
    loop {
        let (mut numbers, neighbours) = page(bank, &scope, state, start).await;
        assert!(numbers.len() <= 50);
        if backward {
            numbers.reverse();
        }
        seen.extend(numbers);
        all.goes_on(bank).await;
        let further = if backward { neighbours.previous.map(PageStart::Before) } else { neighbours.next.map(PageStart::After) };
        match further {
            Some(further) => start = further,
            None => return seen,
        }
    }
}

async fn a_walk_shows_every_case_that_stays_exactly_once(bank: &TestBank) {
    let mut all = Everything { random: Random(seed(47)), stayed: BTreeMap::new() };
    for state in [StateFilter::Waiting, StateFilter::Only("answered".to_owned()), StateFilter::All] {
        for _ in 0..rounds(10) {
            let cases: Vec<PastCase> = (0..120).map(|_| all.random.suggestion(BRANCH)).collect();
            insert(bank, &cases).await;
            let condition = match state {
                StateFilter::Waiting => "state = 'recorded'",
                StateFilter::Only(_) => "state = 'answered'",
                StateFilter::All | StateFilter::InClosure | StateFilter::Day(_) => "TRUE",
            };
            for backward in [false, true] {
                let sql = format!("SELECT number FROM cases WHERE {condition}");
                let mut conn = bank.bank.read().await.expect("a connection");
                let rows: Vec<(String,)> = conn.fetch_all(AssertSqlSafe(sql), Vec::new()).await.expect("the cases");
                drop(conn);
                all.stayed = rows.into_iter().map(|(number,)| (number, true)).collect();
                // Of all states no case ever leaves.
                let leaves = state != StateFilter::All;
                let end = At(if state == StateFilter::Waiting { i64::MAX } else { 0 });
                let back = backward.then(|| ListPosition { at: end, number: "~".to_owned() });
                let seen = walk(bank, &mut all, &state, back).await;
                for (number, stayed) in &all.stayed {
                    let times = seen.iter().filter(|seen| *seen == number).count();
                    assert!(times <= 1, "{number} was shown {times} times, {state:?}, backward {backward}");
                    assert!(
                        times == 1 || (leaves && !stayed),
                        "{number} stayed and was not shown, {state:?}, backward {backward}"
                    );
                }
                assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{state:?}, backward {backward}");
            }
        }
    }
}

async fn a_position_shows_nothing_beyond_the_scope(bank: &TestBank) {
    let mut random = Random(7);
    let mut cases: Vec<PastCase> = Vec::new();
    for branch in [BRANCH, OTHER_BRANCH] {
        cases.extend((0..60).map(|_| random.suggestion(branch)));
    }
    insert(bank, &cases).await;
    let own: BTreeSet<&str> =
        cases.iter().filter(|case| case.branch_id.as_deref() == Some(BRANCH)).map(|case| case.number.as_str()).collect();
    let clerk = as_staff(bank, "clerk").await.scope(Permission::SeeCases);
    let nobody = as_staff(bank, "nowhere").await.scope(Permission::SeeCases);
    for case in &cases {
        let position = ListPosition { at: case.due_at, number: case.number.clone() };
        for start in [PageStart::After(position.clone()), PageStart::Before(position)] {
            let (numbers, _) = page(bank, &clerk, &StateFilter::All, start.clone()).await;
            assert!(numbers.iter().all(|number| own.contains(number.as_str())), "{start:?}");
            assert_eq!(page(bank, &nobody, &StateFilter::All, start).await, (Vec::new(), Neighbours::default()));
        }
    }
    let browser = bank.signed_in("clerk").await;
    let position = format!("{}.{}", cases[100].due_at.0, cases[100].number);
    for branch in [BRANCH, OTHER_BRANCH] {
        let list = browser.open(&format!("/desk?state=all&branch={branch}&after={position}")).await;
        let links = list.all(".desk-queue tbody a.row-link", "href");
        assert!(links.iter().all(|link| own.iter().any(|number| link.contains(number))), "{links:?}");
        assert_eq!(links.is_empty(), branch == OTHER_BRANCH);
    }
}

async fn a_customers_list_is_read_in_pages(bank: &TestBank) {
    let mut random = Random(11);
    let cases: Vec<PastCase> = (0..130).map(|_| random.suggestion(BRANCH)).collect();
    insert(bank, &cases).await;
    let customer = as_customer(bank, "c1").await;
    let (mut start, mut seen, mut sizes) = (PageStart::First, BTreeSet::new(), Vec::new());
    loop {
        let (lines, neighbours) = list_mine(&bank.bank, &customer, &[KIND], &start).await.expect("a page");
        sizes.push(lines.len());
        seen.extend(lines.into_iter().map(|line| line.number));
        match neighbours.next {
            Some(next) => start = PageStart::After(next),
            None => break,
        }
    }
    assert_eq!((sizes, seen.len()), (vec![50, 50, 30], 130));
    let browser = bank.signed_in("c1").await;
    let first = browser.open("/suggestions").await;
    assert_eq!(first.all("a.suggestion-card", "href").len(), 50);
    let next = first.attr("a[rel=next]", "href").expect("a next page");
    let second = browser.open(&next).await;
    assert_eq!(second.all("a.suggestion-card", "href").len(), 50);
    let back = second.attr("a[rel=prev]", "href").expect("a previous page");
    assert_eq!(browser.open(&back).await.all("a.suggestion-card", "href"), first.all("a.suggestion-card", "href"));
    assert!(browser.open("/suggestions?after=7").await.text().contains("链接里的页认不出来"));
    let other = bank.signed_in("c2").await.open(&next).await;
    assert!(other.all("a.suggestion-card", "href").is_empty(), "a position opens nobody else's list");
}

async fn slow_lists_of_the_desk_leave_customers_their_pages(bank: &TestBank) {
    let (customer, clerk) = (bank.signed_in("c1").await, bank.signed_in("clerk").await);
    // As many connections as the desk has are held by lists that do not end.
    let mut held = Vec::new();
    while let Ok(conn) = bank.bank.read_desk().await {
        held.push(conn);
    }
    assert!((1..8).contains(&held.len()), "{}", held.len());
    let lists = (0..16).map(|_| {
        let clerk = clerk.clone();
        tokio::spawn(async move {
            let asked = Instant::now();
            (clerk.get("/desk?state=all").await, asked.elapsed())
        })
    });
    let lists: Vec<_> = lists.collect();
    for path in ["/", "/appointments", "/suggestions", "/appointments/new/cash"] {
        let asked = Instant::now();
        assert_eq!(customer.open(path).await.status, 200, "{path}");
        assert!(asked.elapsed() < Duration::from_secs(2), "{path} took {:?}", asked.elapsed());
    }
    for list in lists {
        let (answer, took) = list.await.expect("an answer");
        assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
        assert!(answer.text().contains("工作台的列表正忙"), "{}", answer.text());
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
    drop(held);
    assert_eq!(clerk.get("/desk?state=all").await.status, 200, "and then it goes on");
}

async fn a_list_of_the_desk_that_takes_too_long_is_given_up(bank: &TestBank) {
    let endless = match bank.bank.db().engine() {
        Engine::Sqlite => "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
        Engine::Postgres => "SELECT COUNT(*) FROM pg_sleep(60)",
    };
    let mut conn = bank.bank.read_desk().await.expect("a connection");
    let asked = Instant::now();
    let given_up: Result<(i64,), Failure> = conn.fetch_one(endless, Vec::new()).await;
    let failure = given_up.expect_err("it never ends");
    assert!(failure.is_unavailable(), "{failure}");
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    drop(conn);
    for _ in 0..8 {
        let mut conn = bank.bank.read_desk().await.expect("a connection");
        let one: (i64,) = conn.fetch_one("SELECT COUNT(*) FROM branches", Vec::new()).await.expect("the next list is read");
        assert_eq!(one, (2,));
    }
}
