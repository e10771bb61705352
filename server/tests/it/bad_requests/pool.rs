//! What bad requests are made of: every route and server function, and the addresses, field names and values that the pages
//! of four people hold, so that requests reach the handlers and not only the router.

use std::collections::{BTreeSet, VecDeque};

use app::routes::{server_functions, table};
use scraper::{Html, Selector};

use crate::support::Browser;
use crate::support::seed::PASSWORD;

/// Who signs in: a person, a company's user, staff of a branch, head office, an administrator.
const PEOPLE: [&str; 5] = ["c1001", "c1003", "clerk", "dispatcher", "admin"];

/// Pages that are read of each person; more than there are routes.
const PAGES: usize = 160;

/// Paths besides the route table.
const OTHER: [&str; 9] = [
    "/healthz",
    "/readyz",
    "/manifest.webmanifest",
    "/sw.js",
    "/offline",
    "/favicon.svg",
    "/pkg/lobby.css",
    "/api/none",
    "/none",
];

pub struct Pool {
    base: String,
    /// Templates of all routes.
    pub routes: Vec<&'static str>,
    pub functions: Vec<&'static str>,
    /// Addresses that pages link or post to.
    pub addresses: Vec<String>,
    pub names: Vec<String>,
    pub values: Vec<String>,
}

impl Pool {
    pub async fn gathered(base: &str) -> Self {
        let routes: BTreeSet<&str> = table().iter().map(|route| route.path).chain(OTHER).collect();
        let (mut addresses, mut names, mut values) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for name in PEOPLE {
            let browser = Browser::new(base);
            browser.sign_in(name).await;
            let mut open: VecDeque<String> = table().iter().map(|route| route.path.to_owned()).collect();
            let mut seen = BTreeSet::new();
            while let Some(path) = open.pop_front().filter(|_| seen.len() < PAGES) {
                let there = path.split('?').next().unwrap_or_default().to_owned();
                if path.contains('{') || there == "/desk/events" || !seen.insert(there) {
                    continue;
                }
                let page = browser.get(&path).await;
                open.extend(page.location.clone().filter(|to| to.starts_with('/')));
                let page = Html::parse_document(&page.body);
                for (css, name) in
                    [("a[href^='/']", "href"), ("form[action^='/']", "action"), ("[formaction^='/']", "formaction")]
                {
                    let selector = Selector::parse(css).expect("a selector");
                    let found: Vec<String> =
                        page.select(&selector).filter_map(|found| found.attr(name)).map(str::to_owned).collect();
                    open.extend(found.iter().cloned());
                    addresses.extend(found);
                }
                for found in page.select(&Selector::parse("[name]").expect("a selector")) {
                    names.extend(found.attr("name").map(str::to_owned));
                    values.extend(found.attr("value").map(str::to_owned));
                }
            }
        }
        addresses.retain(|address| !address.starts_with("/logout"));
        let found = (addresses.len(), names.len(), values.len());
        assert!(found.0 > 100 && found.1 > 50 && found.2 > 100, "the pages were not read: {found:?}");
        Self {
            base: base.to_owned(),
            routes: routes.into_iter().collect(),
            functions: server_functions().iter().map(|function| function.path).collect(),
            addresses: addresses.into_iter().collect(),
            names: names.into_iter().collect(),
            values: values.into_iter().collect(),
        }
    }

    /// The cookies of everybody, newly signed in, and of nobody.
    pub async fn sign_in(&self) -> Vec<String> {
        let mut cookies = vec![String::new()];
        for name in PEOPLE {
            let answer = Browser::new(&self.base).try_sign_in(name, PASSWORD).await;
            let set = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
            cookies.push(set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; "));
        }
        cookies
    }
}
