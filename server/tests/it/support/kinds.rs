//! Cases of every kind in every state, made by following the kind's own table. Every registered kind must be opened here, and
//! each of its states is reached by an action or by time.

use bank::cases::{
    ACCEPT, ActorKind, CaseKind, CaseLine, DeskRefusal, Phase, REJECT, SEEN, Transition, act, answer_proposal, find_for_staff,
    possible_actions,
};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::{Post, SubmitOutcome, Values, fresh_key};
use bank::sessions::{APPROVER, Caller, Customer, CustomerKind, Permission, Source, Staff, caller, sign_in};
use bank::worker::round;

use super::seed::{BRANCH, PASSWORD, customer, unbounded, user_of};
use super::{Answer, Browser, TestBank, cash, pairs, reception};
use bank::appointments::cash::answer_for_company;
use bank::appointments::reception::Audience;

/// The Wednesday after the Monday on which the tests run.
const DAY: &str = "2026-11-25";

/// Variants of a new case that allow different transitions afterwards.
const VARIANTS: [&str; 2] = ["50000", "60000"];

/// The variant of a company whose approver has to agree first.
const COMPANY: &str = "70000";

async fn signed_in(bank: &TestBank, name: &str) -> Caller {
    let signed_in = sign_in(&bank.bank, name, PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller
}

/// The proof of a signed-in staff member.
pub async fn as_staff(bank: &TestBank, name: &str) -> Staff {
    let Caller::Staff(staff) = signed_in(bank, name).await else { panic!("{name} is no staff") };
    staff
}

/// The proof of a signed-in customer.
pub async fn as_customer(bank: &TestBank, name: &str) -> Customer {
    let Caller::Customer(customer) = signed_in(bank, name).await else { panic!("{name} is no customer") };
    customer
}

/// A staff member submits an action from a page that showed this version of the case.
pub async fn act_as_staff(
    bank: &Bank,
    staff: &Staff,
    number: &str,
    action: &str,
    version: i64,
    posted: &Values,
) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let mut values = posted.clone();
    values.set("do", action);
    values.set(SEEN, version.to_string());
    let post = Post::first(fresh_key(bank)?, values);
    match act(bank, staff, number, post.row(staff.user_id(), &app::desk::FORM), &post).await? {
        SubmitOutcome::Case { .. } => Ok(()),
        SubmitOutcome::Refused(not_done) => Err(Rejected::Refused(not_done.refusals)),
        other => panic!("{action} of {number} became {other:?}"),
    }
}

/// Values for every field of every action of every kind.
pub fn everything() -> Values {
    Values(pairs(&[
        ("reason", "库存调整"),
        ("internal_reason", "库存调整"),
        ("id_checked", "resident_id"),
        ("collector", "self"),
        ("purpose", "居住"),
        ("judgement", "adopted"),
        ("thanks", "谢谢您"),
        ("branch", BRANCH),
        ("day", "2026-11-26"),
        ("slot", "11:00"),
    ]))
}

/// The author of an action.
#[derive(Clone)]
pub enum Who {
    /// The customer of the case.
    Customer(Customer),
    /// The approver of the company whose case it is.
    Approver(Customer),
    /// A staff member, with the version their page showed.
    Staff(Staff, i64),
    /// The worker.
    System,
}

/// A bank in which cases are made: people, ample capacity, long sessions.
pub struct Workshop<'b> {
    pub bank: &'b TestBank,
    pub clerk: Staff,
    /// Approves what `clerk` has confirmed; the two must be different people.
    pub head: Staff,
    opened: usize,
    people: Vec<(String, Browser, Customer)>,
    /// The approvers of the companies, by the id of the customer.
    approvers: Vec<(String, Customer)>,
}

impl<'b> Workshop<'b> {
    pub async fn new(bank: &'b TestBank) -> Self {
        for (name, value) in [
            ("cash_slot_places", "100000"),
            ("cash_day_total", "1000000000"),
            ("cash_stock_100", "10000000"),
            ("cash_approval_from", "60000"),
            ("no_show_count", "100000"),
            ("session_idle_customer_minutes", "1000000"),
            ("session_idle_staff_minutes", "1000000"),
            ("session_hours", "100000"),
        ] {
            unbounded(bank, name, value).await;
        }
        reception::announce(&bank.bank, BRANCH, DAY, Audience::All, 100_000).await;
        let (clerk, head) = (as_staff(bank, "clerk").await, as_staff(bank, "head").await);
        Self { bank, clerk, head, opened: 0, people: Vec::new(), approvers: Vec::new() }
    }

    /// The next customer without live appointments.
    async fn person(&mut self, is_company: bool) -> (String, Browser, Customer) {
        self.opened += 1;
        let name = format!("x{:04}", self.opened);
        customer(&self.bank.bank, &name, if is_company { CustomerKind::Company } else { CustomerKind::Personal }).await;
        if is_company {
            let second = format!("{name}a");
            user_of(&self.bank.bank, &name, &second, APPROVER).await;
            let approver = as_customer(self.bank, &second).await;
            self.approvers.push((approver.customer_id().to_owned(), approver));
        }
        let person = (name.clone(), self.bank.signed_in(&name).await, as_customer(self.bank, &name).await);
        self.people.push(person.clone());
        person
    }

    /// Opens a case; returns its number and customer.
    pub async fn open(&mut self, kind: CaseKind, variant: &str) -> (String, Customer) {
        let (page, customer) = self.send(kind, variant).await;
        let number = page.case_number().unwrap_or_else(|| panic!("{}: {:?}", kind.code(), page.refusals()));
        (number, customer)
    }

    /// Submits the complete form of a kind for a new customer; returns the resulting page.
    pub async fn send(&mut self, kind: CaseKind, variant: &str) -> (Answer, Customer) {
        self.bank.set_time("2026-11-23T10:00:00+08:00");
        let is_company = variant == COMPANY && kind == bank::appointments::cash::KIND;
        let (name, browser, customer) = self.person(is_company).await;
        let key = format!("{name:x>26}");
        let form = if kind == bank::appointments::cash::KIND {
            let values = cash::BookingValues { branch: BRANCH, day: DAY, slot: "14:00", amount: variant, notes_100: "" };
            cash::whole(&name, &key, &values)
        } else if kind == bank::appointments::reception::KIND {
            reception::whole(&key, DAY, "14:00")
        } else if kind == bank::suggestions::KIND {
            let page = browser.open("/suggestions/new").await;
            page.form().with_all(&[("category", "savings"), ("content", "早点开门"), ("do", "submit")])
        } else {
            panic!("no test opens a case of the kind {}", kind.code())
        };
        (browser.submit(&form).await, customer)
    }

    /// The approver of the company whose case it is.
    pub fn approver_of(&self, case: &CaseLine) -> Customer {
        let found = self.approvers.iter().find(|(company, _)| *company == case.customer_id);
        found.map(|(_, approver)| approver.clone()).expect("a company with an approver")
    }

    /// The browser in which this customer is signed in.
    pub fn browser_of(&self, customer: &Customer) -> &Browser {
        let found = self.people.iter().find(|(_, _, known)| known.customer_id() == customer.customer_id());
        found.map(|(_, browser, _)| browser).expect("a customer of the workshop")
    }

    /// The current state of the case.
    pub async fn case(&self, number: &str) -> CaseLine {
        find_for_staff(&self.bank.bank, &self.head.scope(Permission::SeeCases), number)
            .await
            .expect("no failure")
            .expect("a case")
    }

    /// Performs an action; `Ok(false)`: the system had nothing to do.
    pub async fn act(bank: &TestBank, who: &Who, case: &CaseLine, action: &str) -> Result<bool, String> {
        let refused = |refusals: Vec<DeskRefusal>| format!("{refusals:?}");
        match who {
            Who::Staff(staff, version) => act_as_staff(&bank.bank, staff, &case.number, action, *version, &everything())
                .await
                .map(|()| true)
                .map_err(|rejected| match rejected {
                    Rejected::Refused(refusals) => refused(refusals),
                    Rejected::Unexpected(failure) => panic!("{action} of {}: {failure}", case.number),
                }),
            Who::Customer(customer) => customers_act(bank, customer, case, action).await.map(|()| true),
            Who::Approver(approver) => answer(bank, approver, case, action).await.map(|()| true),
            Who::System => Ok(round(&bank.bank).await.expect("a round").acted > 0),
        }
    }

    /// A case in this state, or `None` if the table has no path to it.
    pub async fn reach(&mut self, kind: CaseKind, state: &str) -> Option<(String, Customer)> {
        let first = kind.registered().states()[0].code;
        let held = kind.registered().states().iter().find(|state| state.phase == Phase::Held).map(|held| held.code);
        let begins = VARIANTS.map(|variant| (variant, first)).into_iter().chain(held.map(|held| (COMPANY, held)));
        for (variant, from) in begins {
            for way in ways(kind, from, state) {
                let (number, customer) = self.open(kind, variant).await;
                if self.go(&number, &customer, &way).await {
                    return Some((number, customer));
                }
            }
        }
        None
    }

    /// Follows one path of the table, advancing the clock where necessary.
    async fn go(&self, number: &str, customer: &Customer, way: &[&'static str]) -> bool {
        for to in way {
            let case = self.case(number).await;
            let table = case.kind.registered().table();
            let lines = forward(table).filter(|line| line.to == *to && line.from.contains(&case.state.as_str()));
            for line in lines {
                for by in line.by {
                    let who = match by {
                        ActorKind::Customer => Who::Customer(customer.clone()),
                        ActorKind::Approver => Who::Approver(self.approver_of(&case)),
                        ActorKind::Staff(_) if case.state == "awaiting_approval" => Who::Staff(self.head.clone(), case.version),
                        ActorKind::Staff(_) => Who::Staff(self.clerk.clone(), case.version),
                        ActorKind::System => {
                            self.let_time_come(number).await;
                            Who::System
                        }
                    };
                    if self.case(number).await.state == case.state {
                        self.on_the_day(&case, &who, line.action).await;
                        drop(Self::act(self.bank, &who, &case, line.action).await);
                    }
                }
            }
            if self.case(number).await.state != *to {
                return false;
            }
        }
        true
    }

    /// Advances the clock to the time at which the system acts on the case.
    pub async fn let_time_come(&self, number: &str) {
        let sql = "SELECT COALESCE(acts_at, 0) FROM cases WHERE number = $1";
        let mut conn = self.bank.bank.read().await.expect("a connection");
        let (at,): (i64,) = conn.fetch_one(sql, bank::args![number]).await.expect("a case");
        self.bank.pass_minutes(((at - self.bank.bank.now().0) / 60_000).max(0));
    }

    /// Moves the clock to the day of the appointment for actions at the counter.
    async fn on_the_day(&self, case: &CaseLine, who: &Who, action: &str) {
        let Who::Staff(staff, _) = who else { return };
        let possible = possible_actions(&self.bank.bank, staff, case).await.expect("actions");
        if !possible.iter().any(|may| may.action == action) {
            self.bank.set_time(&format!("{DAY}T14:10:00+08:00"));
        }
    }
}

/// A customer's action on their case, from a page that showed it like this: the answer to a proposal, otherwise to cancel it.
async fn customers_act(bank: &TestBank, customer: &Customer, case: &CaseLine, action: &str) -> Result<(), String> {
    if [ACCEPT, REJECT].contains(&action) {
        let done = answer_proposal(&bank.bank, customer, &case.number, action, case.version).await;
        return done.map_err(|rejected| format!("{rejected:?}"));
    }
    if case.kind == bank::appointments::cash::KIND {
        let done = bank::appointments::cash::cancel_cash(&bank.bank, customer, &case.number).await;
        return done.map_err(|rejected| format!("{rejected:?}"));
    }
    let done = bank::appointments::reception::cancel_reception(&bank.bank, customer, &case.number).await;
    done.map_err(|rejected| format!("{rejected:?}"))
}

/// An approver's answer, from a page of its own.
async fn answer(bank: &TestBank, approver: &Customer, case: &CaseLine, action: &str) -> Result<(), String> {
    let post = Post::first(fresh_key(&bank.bank).expect("a key"), Values(pairs(&[("do", action)])));
    match answer_for_company(&bank.bank, approver, &case.number, &post).await.expect("no failure") {
        SubmitOutcome::Case { .. } => Ok(()),
        refused => Err(format!("{refused:?}")),
    }
}

/// The lines but those that lead back to where a case began: a customer moves it.
fn forward(table: &'static [Transition]) -> impl Iterator<Item = &'static Transition> {
    table.iter().filter(|line| line.action != "move")
}

/// Every path through the states of a kind from one of them to another, the shortest first, without repeated states.
fn ways(kind: CaseKind, first: &'static str, state: &str) -> Vec<Vec<&'static str>> {
    let registered = kind.registered();
    let mut found = Vec::new();
    let mut open: Vec<Vec<&'static str>> = vec![vec![first]];
    while !open.is_empty() {
        let mut longer = Vec::new();
        for way in open {
            let last = *way.last().expect("a state");
            if last == state {
                found.push(way[1..].to_vec());
                continue;
            }
            let mut next: Vec<&'static str> =
                forward(registered.table()).filter(|line| line.from.contains(&last)).map(|line| line.to).collect();
            next.sort_unstable();
            next.dedup();
            for to in next.into_iter().filter(|to| !way.contains(to)) {
                longer.push([way.clone(), vec![to]].concat());
            }
        }
        open = longer;
    }
    found
}

/// The states of a kind that are not final.
pub fn open_states(kind: CaseKind) -> Vec<&'static str> {
    kind.registered().states().iter().filter(|state| state.phase != Phase::Final).map(|state| state.code).collect()
}
