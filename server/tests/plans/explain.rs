//! Explains statements on a connection of its own and says what is wrong with a plan: rows of a table that grows with history are
//! not found by an index, or are sorted.

use std::collections::BTreeMap;

use bank::kernel::database::Engine;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};

use super::support::TestBank;

/// Tables that grow with history.
const GROWING: [&str; 22] = [
    "customers",
    "cases",
    "case_events",
    "case_clocks",
    "case_day_counts",
    "outbox",
    "audit",
    "form_states",
    "sessions",
    "cash_appointments",
    "cash_register",
    "cash_slots",
    "cash_totals",
    "cash_notes",
    "reception_applications",
    "suggestions",
    "engagements",
    "gate_decisions",
    "message_quotas",
    "sign_in_failures",
    "sign_in_networks",
    "known_devices",
];

/// Partial indexes of rows that still need work. They do not grow with history, so they may be read from end to end.
const WORK_AHEAD: [&str; 3] = ["outbox_unsent", "outbox_dead", "form_states_drafts"];

/// Columns whose equal values belong to one row, one person or one case. What a statement finds by them may be sorted and filtered.
const OF_ONE: [&str; 6] = ["id", "customer_id", "case_number", "owner", "user_id", "claim"];

pub enum Explainer {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Explainer {
    pub async fn open(bank: &TestBank) -> Self {
        match bank.bank.db().engine() {
            Engine::Sqlite => {
                let mut conn = SqliteConnection::connect(bank.database()).await.unwrap();
                // Statistics of a small history would make other plans than those of a large one.
                conn.execute("DELETE FROM sqlite_stat1").await.unwrap();
                conn.close().await.unwrap();
                Self::Sqlite(SqliteConnection::connect(bank.database()).await.unwrap())
            }
            Engine::Postgres => {
                let mut conn = PgConnection::connect(bank.database()).await.unwrap();
                // In a small table everything is cheap: these plans are taken only if there is no other.
                for setting in ["enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin", "enable_mergejoin"] {
                    conn.execute(AssertSqlSafe(format!("SET {setting} = off"))).await.unwrap();
                }
                conn.execute("SET plan_cache_mode = force_generic_plan").await.unwrap();
                Self::Postgres(conn)
            }
        }
    }

    async fn execute(&mut self, sql: String) {
        match self {
            Self::Sqlite(conn) => drop(conn.execute(AssertSqlSafe(sql)).await.unwrap()),
            Self::Postgres(conn) => drop(conn.execute(AssertSqlSafe(sql)).await.unwrap()),
        }
    }

    /// Drops an index until [`Explainer::undo`].
    pub async fn drop_index(&mut self, index: &str) {
        self.execute("BEGIN".to_owned()).await;
        self.execute(format!("DROP INDEX {index}")).await;
    }

    pub async fn undo(&mut self) {
        self.execute("ROLLBACK".to_owned()).await;
    }

    /// What is wrong with the plans of these statements.
    pub async fn problems(&mut self, statements: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        for sql in statements {
            let (problem, plan) = match self {
                Self::Sqlite(conn) => sqlite(conn, sql).await,
                Self::Postgres(conn) => postgres(conn, sql).await,
            };
            problems.extend(problem.map(|problem| format!("{problem}\n  {sql}\n{plan}")));
        }
        problems
    }
}

/// The growing tables of a statement by the names that a plan uses: the table's or its alias.
fn growing(sql: &str) -> BTreeMap<String, &'static str> {
    let words: Vec<&str> =
        sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
    let mut names = BTreeMap::new();
    for (place, word) in words.iter().enumerate() {
        if let Some(table) = GROWING.into_iter().find(|table| table == word) {
            names.insert(table.to_owned(), table);
            let after = words.get(place + 1).filter(|word| **word != "AS").or(words.get(place + 2));
            if let Some(alias) = after.filter(|word| word.chars().all(|letter| letter.is_lowercase() || letter.is_ascii_digit()))
            {
                names.insert((*alias).to_owned(), table);
            }
        }
    }
    names
}

async fn sqlite(conn: &mut SqliteConnection, sql: &str) -> (Option<String>, String) {
    let rows = conn.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    let nodes: Vec<(i64, String)> = rows.iter().map(|row| (row.get(1), row.get(3))).collect();
    let names = growing(sql);
    let limited = sql.contains(" LIMIT ");
    let of_a_branch = sql.contains("AND branch_id = $");
    let reads = |node: &str| names.contains_key(node.split(' ').nth(1).unwrap_or_default());
    let of_one = |node: &str| OF_ONE.iter().any(|column| node.contains(&format!("{column}=?")));
    let mut problem = None;
    for (parent, node) in &nodes {
        let wrong = if node.starts_with("SCAN") {
            reads(node)
                && !WORK_AHEAD.iter().any(|index| node.ends_with(index))
                && !(limited && node.contains("USING") && !sql.contains(" WHERE "))
        } else if node.starts_with("SEARCH") {
            // A range without an end, such as everything before a day, or all cases of a branch or a kind.
            let ahead = node.contains("rowid") || WORK_AHEAD.iter().any(|index| node.contains(index));
            let all_of = node.ends_with("(branch_id=?)") || node.ends_with("(kind=?)");
            // A leg of a list is read in order until a page is full: it must not skip the cases of other branches.
            let skips = of_a_branch && node.contains("state=?") && !node.contains("branch_id=?");
            reads(node) && (all_of || skips || !node.contains("=?") && !limited && !ahead)
        } else if node.starts_with("USE TEMP B-TREE FOR ORDER BY") {
            let beside =
                nodes.iter().filter(|(of, node)| of == parent && (node.starts_with("SEARCH") || node.starts_with("SCAN")));
            let outer = beside.clone().map(|(_, node)| node).next();
            outer.is_some_and(|node| reads(node) && !of_one(node) && !WORK_AHEAD.iter().any(|index| node.contains(index)))
        } else {
            false
        };
        if wrong {
            problem = Some(node.clone());
        }
    }
    (problem, nodes.iter().map(|(_, node)| format!("    {node}")).collect::<Vec<_>>().join("\n"))
}

async fn postgres(conn: &mut PgConnection, sql: &str) -> (Option<String>, String) {
    let values = (1..10_000).take_while(|place| sql.contains(&format!("${place}"))).count();
    let nulls = vec!["NULL"; values].join(", ");
    let execute = if values > 0 { format!("EXECUTE explained ({nulls})") } else { "EXECUTE explained".to_owned() };
    // With few rows the index of the whole bank is as cheap as that of a branch. What counts is that the latter serves as well.
    conn.execute("BEGIN; SAVEPOINT explaining").await.unwrap();
    if sql.contains("AND branch_id = $") {
        conn.execute("DROP INDEX IF EXISTS cases_states").await.unwrap();
    }
    conn.execute(AssertSqlSafe(format!("PREPARE explained AS {sql}"))).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    let rows =
        conn.fetch_all(AssertSqlSafe(format!("EXPLAIN (COSTS off) {execute}"))).await.unwrap_or_else(|e| panic!("{e}: {sql}"));
    conn.execute("DEALLOCATE explained; ROLLBACK TO explaining").await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut problem = None;
    for (place, line) in lines.iter().enumerate() {
        let node = line.trim_start().trim_start_matches("->").trim_start();
        let below: Vec<&str> =
            lines[place + 1..].iter().take_while(|below| depth(below) > depth(line)).map(|below| below.trim()).collect();
        // The conditions of this node stand before the next node.
        let own = || below.iter().take_while(|below| !below.starts_with("->"));
        let of_one = || below.iter().any(|below| OF_ONE.iter().any(|column| below.contains(&format!("{column} = $"))));
        let table = node.split(" on ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        let grows = GROWING.contains(&table);
        let ahead = WORK_AHEAD.iter().any(|index| node.contains(&format!(" {index} ")));
        let wrong = if node.starts_with("Seq Scan") {
            grows
        } else if node.starts_with("Index") && node.contains(" Scan") && grows && !ahead {
            let found = own().any(|line| line.starts_with("Index Cond:"));
            let filtered = own().any(|line| line.starts_with("Filter:"));
            let skips = own().any(|line| line.starts_with("Filter:") && line.contains("branch_id"));
            skips && table == "cases" && sql.contains("AS leg0") || !found && (filtered || !sql.contains(" LIMIT "))
        } else if node == "Sort" || node == "Incremental Sort" {
            let reads = below.iter().any(|below| {
                GROWING.iter().any(|table| below.contains(&format!(" on {table} ")) || below.ends_with(&format!(" on {table}")))
            });
            let ahead = WORK_AHEAD.iter().any(|index| below.iter().any(|below| below.contains(&format!(" {index} "))));
            reads && !of_one() && !ahead
        } else {
            false
        };
        if wrong {
            problem = Some(node.to_owned());
        }
    }
    (problem, lines.iter().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n"))
}
