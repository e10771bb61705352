//! Runs the statements of a booking without the application: the same driver, connections like the server's, each used again as it
//! is, and values like those of a booking. An unknown statement stops the bench.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::bank::kernel::bank::Bank;
use ::bank::kernel::database::Db;
use ::bank::kernel::seal::columns::CASH_PHONE;
use ::bank::kernel::time::{At, Day, hhmm};
use sqlx::pool::PoolConnection;
use sqlx::{Arguments, AssertSqlSafe, Connection, Database, Encode, Executor, IntoArguments, Postgres, Type};
use tokio::sync::Semaphore;

use super::Slot;

/// A bound value of a statement.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(i64),
    Flag(bool),
    Nothing,
    NoNumber,
}

use Value::{Flag, NoNumber, Nothing, Number};

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// The values of a booking, as large as those of a booking over HTTP.
pub struct Booking {
    name: String,
    number: String,
    key: String,
    ids: [String; 2],
    place: Slot,
    now: At,
    phone_sealed: String,
}

impl Booking {
    /// A customer's booking with random ids like the bank's.
    pub fn new(bank: &Bank, name: &str, place: &Slot) -> Self {
        let id = || bank.new_id().expect("random bytes");
        let key = id();
        Self {
            name: name.to_owned(),
            // Longer than a case number: short random ones would sometimes collide; the bank would draw again.
            number: key[..16].to_owned(),
            key,
            ids: [id(), id()],
            place: place.clone(),
            now: bank.now(),
            phone_sealed: bank.seal().seal(&CASH_PHONE, name, "13800138000").expect("sealed"),
        }
    }

    /// The values of a round trip, which may contain several statements: PostgreSQL gets them as CTEs, SQLite as a list.
    fn all_values(&self, sql: &str, engagements: &mut usize) -> Vec<Value> {
        let parts = sql.strip_prefix("WITH w0 AS (").unwrap_or(sql).split_once(") SELECT part FROM w0");
        let statements = parts.map_or(sql, |(statements, _)| statements);
        let mut values = Vec::new();
        for statement in statements.split("; ").flat_map(|list| list.split(" AS part), w")) {
            // Of a CTE the name is left: `1 AS (INSERT …`.
            let begins = ["INSERT ", "UPDATE ", "DELETE ", "SELECT "].iter().filter_map(|word| statement.find(word)).min();
            let statement = &statement[begins.unwrap_or_default()..];
            values.extend(self.values(statement, *engagements));
            *engagements += usize::from(statement.starts_with("INSERT INTO engagements"));
        }
        values
    }

    /// The values of one statement of the transaction.
    fn values(&self, sql: &str, turn: usize) -> Vec<Value> {
        let (user, customer) = (text(format!("user-{}", self.name)), text(format!("customer-{}", self.name)));
        let (number, key, now) = (text(&self.number), text(&self.key), Number(self.now.0));
        let (branch, day, slot) = (text(&self.place.branch), text(self.place.day), text(hhmm(self.place.slot)));
        let date: Day = self.place.day.parse().expect("a day");
        let start = At::of(date, self.place.slot);
        let (fen, notes) = (Number(5_000_000), Number(500));
        let fields = "{\"values\":[[\"account\",\"a\"],[\"amount\",\"50000\"],[\"branch\",\"b\"],[\"collector\",\"self\"],\
                      [\"day\",\"2026-11-24\"],[\"notes_100\",\"500\"],[\"slot\",\"09:00\"]],\"offered\":[]}";
        let told = "{\"amount\":5000000,\"branch_en\":\"branch\",\"branch_zh\":\"支行\",\"day\":\"2026-11-24\",\"due_at\":1,\"slot\":\"09:00\"}";
        let table = sql.split_whitespace().skip_while(|word| !["INTO", "UPDATE", "FROM"].contains(word)).nth(1);
        // A read that may be sent with others selects from a subquery.
        let table = if table.is_some_and(|table| table.starts_with('(')) { sql.split(" FROM ").nth(2) } else { table };
        match table.and_then(|table| table.split_whitespace().next()).unwrap_or_default() {
            "form_states" if sql.starts_with("INSERT") => {
                vec![user, text("cash"), key, now.clone(), text("{\"values\":[],\"offered\":[]}"), now]
            }
            "form_states" => {
                vec![user, text("cash"), key, Number(1), text(fields), number, now.clone(), now]
            }
            "customers" => vec![customer],
            "cases" if sql.starts_with("SELECT") => vec![customer, text("cash"), now],
            "cash_slots" => vec![branch, day, slot, Number(100_000)],
            "cash_totals" => vec![branch, day, Number(10_000_000_000_000), fen],
            "cash_notes" => vec![branch, day, Number(100), Number(1_000_000_000), notes],
            "cases" => {
                let (start, end) = (Number(start.0), Number(start.plus_minutes(60).0));
                let acts = Number(self.now.plus_minutes(600).0);
                let due = Number(self.now.plus_minutes(300).0);
                vec![
                    number,
                    text("cash"),
                    customer,
                    branch,
                    text("submitted"),
                    Flag(true),
                    due,
                    start,
                    end,
                    acts,
                    fen,
                    text(""),
                    user,
                    now,
                ]
            }
            "case_events" => {
                let (action, name) = (text("submit"), text(&self.name));
                let (role, state) = (text("customer"), text("submitted"));
                vec![number, now, role, user, name, action, Nothing, state, Nothing, text("{}"), Flag(false)]
            }
            "case_clocks" => vec![number, text("service"), now.clone(), now.clone(), now.clone(), now],
            "audit" => vec![text(&self.ids[0]), now, text("customer"), user, text("submit"), number, text("ok")],
            "cash_appointments" => {
                let account = text(format!("acc-{}", self.name));
                let mut row = vec![number, customer, account, branch, day, slot, fen, notes];
                row.extend(vec![Number(0); 5]);
                row.extend([Flag(false), Flag(false), Nothing, Nothing, text("self"), Nothing, Nothing, Nothing]);
                row.extend([text(&self.phone_sealed), text(""), now, Number(10_000_000_000_000), Nothing]);
                row
            }
            "engagements" => {
                let first = i64::from(self.place.slot.hour()) * 2;
                // An hour takes two statements.
                vec![customer, day, Number(first + i64::from(turn % 2 == 1)), number]
            }
            "message_quotas" => vec![Number(At::midnight(self.now.day()).0), text(&self.name), Nothing, Number(1_000)],
            "outbox" => {
                let kind = text("cash_submitted");
                let phone = text(&self.phone_sealed);
                let mut row = vec![text(&self.ids[1]), customer, number, kind, text(told), now, text("zh-CN"), phone];
                row.extend([NoNumber, Nothing, NoNumber, Nothing]);
                row
            }
            _ => panic!("a booking has a statement this bench does not know: {sql}"),
        }
    }
}

/// Where the statements run. Clones share the connections.
#[derive(Clone)]
pub struct Bare {
    db: Db,
    /// Connections to PostgreSQL between two bookings. sqlx's pool would ping each that returns.
    idle: Arc<Mutex<Vec<PoolConnection<Postgres>>>>,
    /// As many as the portal has connections that write.
    turns: Arc<Semaphore>,
}

impl Bare {
    /// With the connections of this handle; nothing else uses them.
    pub fn new(db: Db) -> Self {
        let most = match &db {
            Db::Sqlite { .. } => 1,
            Db::Postgres { writers, .. } => writers.pool().options().get_max_connections(),
        };
        Self { db, idle: Arc::default(), turns: Arc::new(Semaphore::new(most as usize)) }
    }

    /// Runs one transaction with its own commit, which on SQLite takes `delay` longer.
    pub async fn run(&self, statements: &[String], booking: &Booking, delay: Duration) {
        match &self.db {
            Db::Sqlite { writer, .. } => {
                let mut connection = writer.acquire().await.expect("a connection");
                let tx = connection.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
                carry_out(tx, statements, booking).await;
                if !delay.is_zero() {
                    tokio::task::spawn_blocking(move || std::thread::sleep(delay)).await.expect("a delay");
                }
            }
            Db::Postgres { writers, .. } => {
                let _turn = self.turns.acquire().await.expect("never closed");
                let idle = self.idle.lock().expect("no panic").pop();
                let mut connection = match idle {
                    Some(connection) => connection,
                    None => writers.pool().acquire().await.expect("a connection"),
                };
                carry_out(connection.begin().await.expect("a transaction"), statements, booking).await;
                self.idle.lock().expect("no panic").push(connection);
            }
        }
    }
}

async fn carry_out<DB>(mut tx: sqlx::Transaction<'_, DB>, statements: &[String], booking: &Booking)
where
    DB: Database,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    DB::Arguments: IntoArguments<DB>,
    for<'q> Option<String>: Encode<'q, DB> + Type<DB>,
    for<'q> Option<i64>: Encode<'q, DB> + Type<DB>,
    for<'q> bool: Encode<'q, DB> + Type<DB>,
{
    let mut engagements = 0;
    for sql in statements {
        let values = booking.all_values(sql, &mut engagements);
        let mut arguments = DB::Arguments::default();
        for value in values {
            match value {
                Value::Text(text) => arguments.add(Some(text)),
                Number(number) => arguments.add(Some(number)),
                Flag(flag) => arguments.add(flag),
                Nothing => arguments.add(None::<String>),
                NoNumber => arguments.add(None::<i64>),
            }
            .expect("a value");
        }
        let query = sqlx::query_with(AssertSqlSafe(sql.clone()), arguments);
        tx.execute(query).await.unwrap_or_else(|failure| panic!("{failure}: {sql}"));
    }
    tx.commit().await.expect("a commit");
}
