//! No page shows a user a link or a form that the user may not use. As every role of the demo bank, the test starts at the home
//! page and at every accessible page of the route table and follows all links.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use app::routes::{Verb, table};
use server::commands::demo;

use crate::support::cash::{BookingValues, act, book};
use crate::support::seed::lock_sign_in;
use crate::support::{Answer, Browser, TestBank, admin, pairs};

/// Number of pages per path and set of query names whose links are followed.
const EXPANDED: usize = 5;

/// URLs that are not followed: they end the session or change the language.
const LEFT_ALONE: [&str; 3] = ["/logout", "/language", "/login"];

/// Pages that are reached by a form, not by a link.
const LED_TO: [&str; 1] = ["/surveys/needs-2026/submitted"];

/// Pages without a link to them: the gallery is disabled, only a script requests the remaining session time, an activation
/// link is handed to its user, the second step of a sign-in follows the first, a passkey is asked for by a button, who looks for security.txt knows its place, a proof is asked for by an
/// act, an entered customer is shown after the form, and the address of an approver's form and the page after a joiner redirect.
const UNLINKED: [&str; 12] = [
    "/appointments/{number}/approver",
    "/.well-known/security.txt",
    "/ui",
    "/ui/{component}",
    "/session/left",
    "/activate/{code}",
    "/activate/link",
    "/login/code",
    "/passkey",
    "/step-up",
    "/desk/customers/entered",
    "/admin/changes/{id}/member",
];

/// Users of the demo bank, one per role, and an anonymous visitor.
async fn users(bank: &TestBank) -> Vec<(String, Browser)> {
    let sql = "SELECT role, MIN(sign_in_name) FROM users GROUP BY role ORDER BY role";
    let rows: Vec<(String, String)> = bank.bank.read().await.unwrap().fetch_all(sql, Vec::new()).await.unwrap();
    let mut users = vec![("nobody".to_owned(), bank.browser().await)];
    for (role, name) in rows {
        users.push((role, bank.signed_in(&name).await));
    }
    users
}

/// Creates cases, messages and drafts for the person and the company, so that their pages contain links.
async fn lived_in(bank: &TestBank, users: &BTreeMap<String, Browser>) {
    let (clerk, head) = (&users["clerk"], &users["branch_head"]);
    for customer in [&users["customer"], &users["company_operator"]] {
        let mut numbers = Vec::new();
        for day in ["2026-11-25", "2026-11-26", "2026-11-27"] {
            let values = BookingValues { branch: "shiqi", day, slot: "10:00", amount: "60000", notes_100: "" };
            numbers.push(book(customer, &values).await.case_number().expect("a booking"));
        }
        act(clerk, &numbers[0], "confirm", &[]).await;
        act(head, &numbers[1], "decline", &[("reason", "设备检修")]).await;
        let form = customer.open("/suggestions/new").await.form();
        let page =
            customer.submit(&form.with_all(&[("category", "savings"), ("content", "多放几把椅子"), ("do", "submit")])).await;
        let answer = [("judgement", "adopted"), ("reason", "很有道理"), ("thanks", "谢谢您")];
        act(&users["dispatcher"], page.path.trim_start_matches("/suggestions/"), "answer", &answer).await;
        let draft = customer.open("/appointments/new/cash").await.form().with("branch", "dongqu");
        customer.submit(&draft).await;
    }
    let mut page = users["customer"].open("/surveys/needs-2026").await;
    while !page.has("button[name=do][value=submit]") {
        page = users["customer"].submit(&page.form()).await;
    }
    users["customer"].submit(&page.form().with("do", "submit")).await;
    let consent = users["customer"].open("/recommendations").await;
    if consent.has("button[value=consent]") {
        users["customer"].submit(&consent.form_with("button[value=consent]").with("do", "consent")).await;
    }
    let proposal = [("value", "60000"), ("from", "2026-12-01")];
    admin::propose(&users["administrator"], "/admin/parameters/cash_minimum", &proposal).await;
    // A joiner who awaits the link, and a sign-in to unlock.
    let joiner = [("name", "林小雨"), ("sign_in_name", "linxy"), ("role", "clerk"), ("branch", "shiqi")];
    let request = admin::propose(&users["administrator"], "/admin/staff/new/joiner", &joiner).await.path;
    admin::press(&bank.signed_in("admin2").await, &request, "approve", "").await;
    lock_sign_in(bank, "customer_id IS NULL").await;
    bank.pass_minutes(1);
}

/// The route that matches a path.
fn route(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let wanted: Vec<&str> = pattern.split('/').collect();
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
    };
    let found: Vec<&'static str> = table().iter().map(|route| route.path).filter(|pattern| fits(pattern)).collect();
    // A route without parameters takes precedence over one with parameters.
    found.iter().find(|pattern| !pattern.contains('{')).or(found.first()).copied()
}

/// The target of a link without its fragment; `None` if it leaves the portal or is in [`LEFT_ALONE`].
fn target(page: &str, href: &str) -> Option<String> {
    let href = href.split('#').next().unwrap_or_default();
    let target =
        if href.starts_with('?') { format!("{}{href}", page.split('?').next().unwrap_or_default()) } else { href.to_owned() };
    let path = target.split('?').next().unwrap_or_default();
    (path.starts_with('/') && !LEFT_ALONE.contains(&path)).then_some(target)
}

/// The key that groups similar URLs: the route and the names in the query.
fn shape(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{} {names:?}", route(path).unwrap_or(path))
}

/// The pages visited as one user.
#[derive(Default)]
struct Walk {
    seen: BTreeSet<String>,
    shapes: BTreeMap<String, usize>,
    routes: BTreeSet<&'static str>,
    faults: Vec<String>,
}

impl Walk {
    async fn of(browser: &Browser) -> Self {
        let mut walk = Self::default();
        let mut ahead = VecDeque::new();
        let starts = table().into_iter().filter(|route| route.verb == Verb::Page && !route.path.contains('{'));
        for start in starts.map(|route| route.path).filter(|path| !LEFT_ALONE.contains(path)).chain(LED_TO) {
            // Whether the role may open it is tested by the access matrix.
            let answer = browser.open(start).await;
            if walk.seen.insert(start.to_owned()) && answer.status == 200 {
                ahead.push_back(answer);
            }
        }
        while let Some(page) = ahead.pop_front() {
            walk.routes.extend(route(page.path.split('?').next().unwrap_or_default()));
            walk.press(browser, &page).await;
            for link in page.all("a[href]", "href").iter().filter_map(|href| target(&page.path, href)) {
                if !walk.seen.insert(link.clone()) {
                    continue;
                }
                let answer = browser.open(&link).await;
                if answer.status != 200 {
                    walk.faults.push(format!("{} links to {link}, which answers {}", page.path, answer.status));
                }
                let known = walk.shapes.entry(shape(&link)).or_default();
                *known += 1;
                if *known <= EXPANDED {
                    ahead.push_back(answer);
                }
            }
        }
        walk
    }

    /// Posts every form of the page without a button, which changes nothing. No post may be refused access.
    async fn press(&mut self, browser: &Browser, page: &Answer) {
        for action in page.all("form[method=post]", "action").iter().filter_map(|action| target(&page.path, action)) {
            if self.seen.insert(format!("POST {action}")) {
                let answer = browser.post(&action, &pairs(&[("key", "walk"), ("version", "0")])).await;
                if answer.status == 403 {
                    self.faults.push(format!("{} posts to {action}, which answers 403", page.path));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_shown_a_link_or_a_form_they_may_not_use() {
    let bank = TestBank::blank_sqlite().await;
    demo::load(&bank.bank, 0).await.unwrap();
    let users = users(&bank).await;
    lived_in(&bank, &users.iter().cloned().collect()).await;
    let (mut faults, mut reached) = (Vec::new(), BTreeSet::new());
    for (role, browser) in &users {
        let walk = Walk::of(browser).await;
        assert!(!walk.routes.is_empty(), "{role} saw no page");
        reached.extend(walk.routes);
        faults.extend(walk.faults.into_iter().map(|fault| format!("{role}: {fault}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let pages = table().into_iter().filter(|route| route.verb == Verb::Page).map(|route| route.path);
    let missed: Vec<&str> =
        pages.filter(|path| !reached.contains(path) && !UNLINKED.contains(path) && !LEFT_ALONE.contains(path)).collect();
    assert!(missed.is_empty(), "the walk reaches no page of {missed:?}");
}
