//! The cases and drafts used by the access matrix: customers of several branches and companies.

use std::collections::BTreeMap;

use bank::appointments::cash::book_cash;
use bank::appointments::reception::Audience;
use bank::kernel::forms::{Post, SubmitOutcome, Values, fresh_key};
use bank::sessions::{Caller, CustomerKind, Source, caller, sign_in};
use sqlx::AssertSqlSafe;

use crate::support::reception::{announce, whole};
use crate::support::seed::{BRANCH, OTHER_BRANCH, PASSWORD, customer_of, parameter, user_of};
use crate::support::{TestBank, cash, pairs};

/// The day of every booking; the tests run on the Monday before.
const DAY: &str = "2026-11-25";

/// The owner of the case for a column: own means the company for a company's users and c1 for everybody else.
fn holder(letter: char, whose: &str) -> &'static str {
    match whose {
        "own" if matches!(letter, 'O' | 'A') => "k1",
        "own" => "c1",
        "customer" => "c2",
        "branch" => "c3",
        "company" => "k2",
        "office" => "c4",
        other => panic!("{other}?"),
    }
}

/// Books for a customer and returns the case number.
async fn booked(bank: &TestBank, name: &str, branch: &str, slot: &str) -> String {
    let signed_in = sign_in(&bank.bank, name, PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    let Caller::Customer(customer) = caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller else {
        panic!("{name} is no customer")
    };
    let mut fields = pairs(&[("branch", branch), ("day", DAY), ("slot", slot), ("account", &format!("acc-{name}"))]);
    fields.extend(pairs(&[("amount", "50000"), ("any_notes", "on"), ("collector", "self"), ("phone", "13800138000")]));
    let key = fresh_key(&bank.bank).expect("a key");
    match book_cash(&bank.bank, &customer, &Post::first(key, Values(fields))).await.expect("no failure") {
        SubmitOutcome::Case { number, .. } => number,
        other => panic!("{other:?}"),
    }
}

/// Files a suggestion of a customer and returns its number.
async fn suggested(bank: &TestBank, name: &str) -> String {
    let customer = bank.signed_in(name).await;
    let form = customer.open("/suggestions/new").await.form();
    let page = customer.submit(&form.with_all(&[("category", "savings"), ("content", "多开一个窗口"), ("do", "submit")])).await;
    page.path.trim_start_matches("/suggestions/").split('?').next().unwrap_or_default().to_owned()
}

/// Customers in addition to the seeded ones: c3 of the other branch, c4 without a branch, the company k2 of the other branch,
/// and the approver of k1.
async fn people(bank: &TestBank) {
    customer_of(&bank.bank, "c3", CustomerKind::Personal, Some(OTHER_BRANCH)).await;
    customer_of(&bank.bank, "c4", CustomerKind::Personal, None).await;
    customer_of(&bank.bank, "k2", CustomerKind::Company, Some(OTHER_BRANCH)).await;
    user_of(&bank.bank, "k1", "k1a", "company_approver").await;
}

/// The subjects of the routes.
pub struct Subjects {
    cash: BTreeMap<&'static str, String>,
    suggestions: BTreeMap<&'static str, String>,
    drafts: BTreeMap<&'static str, String>,
}

impl Subjects {
    pub async fn made(bank: &TestBank) -> Self {
        people(bank).await;
        let mut subjects = Self { cash: BTreeMap::new(), suggestions: BTreeMap::new(), drafts: BTreeMap::new() };
        for (name, branch) in [("c1", BRANCH), ("c2", BRANCH), ("k1", BRANCH), ("c3", OTHER_BRANCH), ("k2", OTHER_BRANCH)] {
            subjects.cash.insert(name, booked(bank, name, branch, "10:00").await);
        }
        for name in ["c1", "c2", "k1", "c3", "k2", "c4"] {
            subjects.suggestions.insert(name, suggested(bank, name).await);
        }
        for name in ["c1", "c2", "k1", "k2"] {
            let browser = bank.signed_in(name).await;
            let form = browser.open(cash::NEW).await.form().with("branch", BRANCH);
            browser.submit(&form).await;
            subjects.drafts.insert(name, form.value("key").expect("a key").to_owned());
        }
        subjects
    }

    /// The case number for a path.
    pub fn number(&self, path: &str, letter: char, whose: &str) -> String {
        if whose == "-" {
            return String::new();
        }
        let holder = holder(letter, whose);
        let kind = if path.starts_with("/suggestions") || whose == "office" { &self.suggestions } else { &self.cash };
        kind.get(holder).cloned().unwrap_or_default()
    }

    /// The key of a draft; empty if the line concerns none.
    pub fn draft(&self, letter: char, whose: &str) -> String {
        if whose == "-" { String::new() } else { self.drafts.get(holder(letter, whose)).cloned().unwrap_or_default() }
    }
}

/// Newly filed cases.
pub struct Fresh<'b> {
    bank: &'b TestBank,
    made: usize,
}

impl<'b> Fresh<'b> {
    pub async fn opened(bank: &'b TestBank) -> Self {
        people(bank).await;
        for (name, value) in [("cash_slot_places", "1000"), ("cash_day_total", "100000000"), ("cash_stock_100", "1000000")] {
            parameter(&bank.bank, name, value).await;
        }
        for branch in [BRANCH, OTHER_BRANCH] {
            announce(&bank.bank, branch, DAY, Audience::All, 1000).await;
        }
        Self { bank, made: 0 }
    }

    /// A case of a new customer in a state from which the action is possible: own (the first branch), of another branch, of a
    /// company there, or of head office.
    pub async fn case(&mut self, kind: &str, action: &str, whose: &str) -> String {
        let number = self.filed(kind, whose).await;
        let state = match action {
            "approve" | "refuse" => "awaiting_approval",
            "prepare" | "arrive" | "no_show" => "confirmed",
            "complete" => "arrived",
            _ => return number,
        };
        self.bank.change(&format!("UPDATE cases SET state = '{state}' WHERE number = '{number}'")).await;
        number
    }

    async fn filed(&mut self, kind: &str, whose: &str) -> String {
        self.made += 1;
        let name = format!("m{}", self.made);
        let (holder, branch) = match whose {
            "own" => (CustomerKind::Personal, Some(BRANCH)),
            "branch" => (CustomerKind::Personal, Some(OTHER_BRANCH)),
            "company" => (CustomerKind::Company, Some(OTHER_BRANCH)),
            "office" => (CustomerKind::Personal, None),
            other => panic!("{other}?"),
        };
        customer_of(&self.bank.bank, &name, holder, branch).await;
        let branch = branch.unwrap_or(BRANCH);
        match kind {
            "cash" => booked(self.bank, &name, branch, "10:00").await,
            "suggestion" => suggested(self.bank, &name).await,
            _ => {
                let browser = self.bank.signed_in(&name).await;
                let key = fresh_key(&self.bank.bank).expect("a key");
                let form = whole(key.as_str(), DAY, "14:00").with("reception", &format!("{branch}-{DAY}"));
                let page = browser.submit(&form).await;
                page.case_number().unwrap_or_else(|| panic!("no place: {} {:?}", page.path, page.refusals()))
            }
        }
    }

    /// The current version of a case.
    pub async fn version(&self, number: &str) -> i64 {
        self.bank.number(AssertSqlSafe(format!("SELECT version FROM cases WHERE number = '{number}'"))).await
    }
}
