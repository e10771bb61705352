//! `lobby check`: finds nothing in a bank in use, and every damage that the database itself does not prevent.

use bank::kernel::check::{Finding, examine};
use bank::kernel::database::Engine;
use bank::keys::register_key;
use server::commands::demo;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::on_both_engines;
use crate::support::kinds::{Workshop, open_states};
use crate::support::seed::BRANCH;
use crate::support::{TestBank, reception};

on_both_engines!(a_bank_in_use_has_nothing_wrong, every_damage_is_found, of_many_findings_some_are_listed);

mod blank {
    use super::a_fresh_demo_bank_has_nothing_wrong;
    crate::on_both_engines!(blank: a_fresh_demo_bank_has_nothing_wrong);
}

/// The findings, as the command prints them.
pub async fn findings(bank: &TestBank) -> Vec<String> {
    examine(&bank.bank).await.expect("an examination").iter().map(Finding::to_string).collect()
}

async fn a_fresh_demo_bank_has_nothing_wrong(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    demo::load(&bank.bank, 3).await.expect("a demo bank");
    assert_eq!(findings(bank).await, Vec::<String>::new());
}

async fn a_bank_in_use_has_nothing_wrong(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    let mut shop = Workshop::new(bank).await;
    let kinds = bank::cases::CaseKind::all();
    for (kind, state) in kinds.flat_map(|kind| open_states(kind).into_iter().map(move |state| (kind, state))) {
        shop.reach(kind, state).await;
    }
    for kind in bank::cases::CaseKind::all() {
        let last = kind.registered().states().iter().map(|state| state.code).filter(|code| !open_states(kind).contains(code));
        for state in last.collect::<Vec<_>>() {
            shop.reach(kind, state).await;
        }
    }
    assert!(bank.number("SELECT COUNT(DISTINCT state) FROM cases").await > 8, "cases in many states");
    // The limits that the workshop lifts beyond their bounds.
    bank.change("DELETE FROM parameters").await;
    assert_eq!(findings(bank).await, Vec::<String>::new());
}

/// Executes SQL without foreign keys, CHECK constraints (on PostgreSQL some) and ordinary triggers (PostgreSQL).
pub async fn damage(bank: &TestBank, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if bank.bank.db().engine() == Engine::Sqlite {
        let mut conn = SqliteConnection::connect(bank.database()).await.expect("a connection");
        conn.execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            .await
            .expect("set up");
        conn.execute(sql).await.expect("damaged");
        conn.close().await.expect("closed");
    } else {
        let mut conn = PgConnection::connect(bank.database()).await.expect("a connection");
        conn.execute("SET session_replication_role = replica").await.expect("set up");
        for constraint in ["state", "decided", "second", "rejected", "withdrawn"] {
            let drop = format!("ALTER TABLE change_requests DROP CONSTRAINT IF EXISTS change_requests_{constraint}");
            conn.execute(AssertSqlSafe(drop)).await.expect("set up");
        }
        conn.execute("ALTER TABLE activations DROP CONSTRAINT IF EXISTS activations_used").await.expect("set up");
        conn.execute("ALTER TABLE roles DROP CONSTRAINT IF EXISTS roles_reach").await.expect("set up");
        conn.execute(sql).await.expect("damaged");
        conn.close().await.expect("closed");
    }
}

/// Damage and the finding it must give: statement, beginning of the line, end of the line.
const DAMAGE: [(&str, &str, &str); 63] = [
    ("UPDATE cash_slots SET reserved = reserved + 1", "cash_slots ", "reserved is not the number of live bookings and proposals"),
    (
        "UPDATE cash_totals SET reserved = reserved + 1",
        "cash_totals ",
        "reserved is not the sum of the live bookings and proposals",
    ),
    (
        "UPDATE cash_notes SET reserved = reserved + 1",
        "cash_notes ",
        "reserved is not the sum of the live bookings and proposals",
    ),
    ("DELETE FROM cash_notes", "cash_appointments QK", "the live booking holds nothing in cash_notes"),
    ("DELETE FROM cash_totals", "cash_appointments QK", "the live booking holds nothing in cash_totals"),
    ("UPDATE reception_slots SET reserved = reserved + 1", "reception_slots ", "reserved is not the number of live applications"),
    ("UPDATE reception_applications SET slot = '14:10'", "reception_applications JD", "the live application holds no place"),
    (
        "DELETE FROM engagements WHERE half_hour = (SELECT MIN(half_hour) FROM engagements)",
        "engagements ",
        "the live appointment does not hold its half hours",
    ),
    (
        "INSERT INTO engagements (customer_id, day, half_hour, case_number) \
         SELECT customer_id, '2026-12-30', 20, number FROM cases WHERE kind = 'suggestion'",
        "engagements customer-",
        "the half hour belongs to no live appointment of the customer",
    ),
    (
        "UPDATE cash_appointments SET live = FALSE WHERE live",
        "cash_appointments QK",
        "its mark as live does not fit the state of its case",
    ),
    (
        "UPDATE cases SET amount = amount + 1 WHERE kind = 'cash'",
        "cash_appointments QK",
        "kind, customer, branch or amount differ from its case",
    ),
    (
        "INSERT INTO cash_register (case_number, paid_at, amount, notes_100, notes_50, notes_20, notes_10, notes_5, notes_1, purpose, \
         collected_by, id_checked, teller) SELECT case_number, 1, 1, 0, 0, 0, 0, 0, 0, 'x', 'x', 'x', 'user-clerk' FROM cash_appointments",
        "cash_register QK",
        "the booking is in the register and not paid out",
    ),
    ("UPDATE suggestions SET judgement = 'not'", "suggestions JY", "its judgement does not fit the state of its case"),
    ("DELETE FROM suggestions", "cases JY", "the case has no suggestion"),
    (
        "UPDATE customers SET phone_sealed = (SELECT phone_sealed FROM customers WHERE id = 'customer-c2') WHERE id = 'customer-c1'",
        "customers customer-c1: ",
        "phone_sealed does not open",
    ),
    (
        "UPDATE customers SET id_index = '1:x' WHERE id = 'customer-c2'",
        "customers customer-c2: ",
        "id_index is not the index of the sealed value",
    ),
    (
        "UPDATE customers SET email_index = '1:x' WHERE id = 'customer-c2'",
        "customers customer-c2: ",
        "email_index is not the index of the sealed value",
    ),
    ("UPDATE customers SET birth_day = '30 May' WHERE id = 'customer-c2'", "customers customer-c2: ", "birth_day is no day"),
    (
        "UPDATE accounts SET number_index = '1:x' WHERE id = 'acc-c2'",
        "accounts acc-c2: ",
        "number_index is not the index of the sealed value",
    ),
    (
        "UPDATE cases SET branch_id = 'gone' WHERE kind = 'suggestion'",
        "cases JY",
        "the case has no owner: neither a branch nor head office",
    ),
    (
        "UPDATE users SET branch_id = 'gone' WHERE sign_in_name = 'clerk'",
        "users user-clerk: ",
        "branch_id has no row in branches",
    ),
    ("DELETE FROM case_clocks WHERE case_number LIKE 'QK%'", "cases QK", "the live case has no clock"),
    (
        "UPDATE cases SET due_at = due_at + 1 WHERE kind = 'reception'",
        "cases JD",
        "due_at is not the earliest due time of its clocks",
    ),
    (
        "UPDATE case_clocks SET next_at = NULL WHERE case_number LIKE 'JY%'",
        "case_clocks JY",
        "the clock runs and its next alarm is missing",
    ),
    (
        "UPDATE case_clocks SET stopped_at = 1, next_at = NULL WHERE case_number LIKE 'JD%'",
        "case_clocks JD",
        "the case waits and no clock runs",
    ),
    (
        "UPDATE cases SET waiting = FALSE WHERE kind = 'suggestion'",
        "case_clocks JY",
        "the clock runs although the case does not wait",
    ),
    ("UPDATE cases SET waiting = FALSE WHERE kind = 'suggestion'", "cases JY", "its mark as waiting does not fit its state"),
    (
        "INSERT INTO case_counts (branch_id, kind, state, waiting, cases) VALUES ('x', 'cash', 'submitted', TRUE, 3)",
        "case_counts x/cash/submitted: ",
        "the kept count is not the number of cases",
    ),
    (
        "INSERT INTO case_day_counts (branch_id, day, kind, state, cases) VALUES ('x', 20000, 'cash', 'submitted', 3)",
        "case_day_counts x/cash/submitted: ",
        "the kept count is not the number of appointments of the day",
    ),
    (
        "UPDATE cases SET version = version + 1 WHERE kind = 'reception'",
        "cases JD",
        "the events do not lead to its state and version",
    ),
    ("UPDATE cases SET version = 0 WHERE kind = 'reception'", "case_events ", "the event is newer than its case"),
    (
        "INSERT INTO case_events (case_number, version, at, role, user_name, action, from_state, to_state, internal) \
         SELECT number, 7, 1, 'clerk', '', 'answer', 'unread', 'answered', FALSE FROM cases WHERE kind = 'suggestion'",
        "case_events ",
        "the change does not begin where the one before it ended",
    ),
    (
        "UPDATE cases SET state = 'flying' WHERE kind = 'suggestion'",
        "cases JY",
        "the case is of no known kind or in no state of its kind",
    ),
    (
        "INSERT INTO case_kinds (code, prefix) VALUES ('letter', 'XJ')",
        "case_kinds letter: ",
        "this kind is unknown to the program",
    ),
    (
        "INSERT INTO role_permissions (role, permission, effective_from) VALUES ('clerk', 'vault.open', '2026-01-01')",
        "role_permissions clerk/vault.open/2026-01-01: ",
        "this permission is unknown to the program",
    ),
    (
        "INSERT INTO activations (id, user_id, kind, secret_hash, created_at, expires_at, used_at) \
         VALUES ('a1', 'user-clerk', 'link', 'a1', 5, 9, 6)",
        "activations a1: ",
        "when it was used and by which form do not fit",
    ),
    ("UPDATE activations SET used_key = 'k', ended_at = 7", "activations a1: ", "it was used and has ended"),
    ("UPDATE activations SET ended_at = NULL, used_at = 4", "activations a1: ", "it ends before it begins"),
    (
        "DROP INDEX activations_open; INSERT INTO activations (id, user_id, kind, secret_hash, created_at, expires_at) \
         VALUES ('a2', 'user-head', 'link', 'a2', 1790000000000, 1800000000000), ('a3', 'user-head', 'link', 'a3', 5, 9)",
        "activations a3: ",
        "the user has another open one",
    ),
    (
        "UPDATE users SET left_on = '2020-01-01' WHERE id = 'user-head'",
        "activations a2: ",
        "it is open and was made for somebody who had left",
    ),
    (
        "INSERT INTO facts (name, value) VALUES ('founded', '2026-01-01')",
        "facts founded: ",
        "the bank is founded and does not have one row in bank_details",
    ),
    (
        "INSERT INTO change_requests (id, kind, subject, change, needs_second, proposed_by, proposed_at, state) \
         VALUES ('r1', 'calendar', '', '{}', TRUE, 'user-admin', 5, 'applied')",
        "change_requests r1: ",
        "who decided and when do not fit its state",
    ),
    (
        "UPDATE change_requests SET decided_by = 'user-admin', decided_at = 6",
        "change_requests r1: ",
        "it needs a second administrator and its proposer has approved it",
    ),
    ("UPDATE change_requests SET decided_at = 4", "change_requests r1: ", "it was decided before it was proposed"),
    (
        "UPDATE change_requests SET state = 'rejected', decided_by = 'user-admin2'",
        "change_requests r1: ",
        "it was rejected by its proposer or without a reason",
    ),
    ("UPDATE change_requests SET state = 'withdrawn'", "change_requests r1: ", "it was withdrawn by somebody else"),
    ("UPDATE change_requests SET state = 'gone'", "change_requests r1: ", "state, change or effective day cannot be read"),
    (
        "UPDATE change_requests SET state = 'withdrawn', change = '{'",
        "change_requests r1: ",
        "state, change or effective day cannot be read",
    ),
    ("UPDATE change_requests SET kind = 'weather'", "change_requests r1: ", "its kind is unknown to the program"),
    (
        "INSERT INTO change_requests (id, kind, subject, change, needs_second, proposed_by, proposed_at, state) \
         VALUES ('r2', 'closing', 'gone', '{}', TRUE, 'user-admin', 5, 'waiting')",
        "change_requests r2: ",
        "what it would change does not exist",
    ),
    (
        "DROP INDEX change_requests_waiting; \
         INSERT INTO change_requests (id, kind, subject, change, needs_second, proposed_by, proposed_at, state) \
         VALUES ('r3', 'closing', 'gone', '{}', TRUE, 'user-admin', 5, 'waiting')",
        "change_requests r3: ",
        "another request waits for the same thing",
    ),
    ("DELETE FROM change_turn", "change_turn: ", "its one row is missing: no change can wait for the one before it"),
    (
        "INSERT INTO parameters (name, effective_from, value) VALUES ('cash_by_air', '2026-01-01', '1')",
        "parameters cash_by_air//2026-01-01: ",
        "this parameter is unknown to the program",
    ),
    (
        "INSERT INTO parameters (name, effective_from, value) VALUES ('cash_day_total', '2026-01-02', 'much')",
        "parameters cash_day_total//2026-01-02: ",
        "the value cannot be read",
    ),
    (
        "INSERT INTO parameters (name, effective_from, value) VALUES ('session_idle_staff_minutes', '2026-01-01', '0')",
        "parameters session_idle_staff_minutes//2026-01-01: ",
        "the value is out of bounds",
    ),
    (
        "INSERT INTO parameters (name, branch_id, effective_from, value) VALUES ('cash_day_total', 'gone', 'today', '1')",
        "parameters cash_day_total/gone/today: ",
        "its branch does not exist",
    ),
    (
        "INSERT INTO branch_closures (branch_id, day, reason) VALUES ('shiqi', 'soon', '停电')",
        "branch_closures shiqi/soon: ",
        "day is no day",
    ),
    ("UPDATE branch_hours SET spans = 'always' WHERE weekday = 3", "branch_hours ", "spans are no opening hours"),
    (
        "INSERT INTO role_permissions (role, permission, effective_from) VALUES ('clerk', 'cases.see', 'today')",
        "role_permissions clerk/cases.see/today: ",
        "its days cannot be read",
    ),
    (
        "UPDATE users SET password_hash = 'x' WHERE sign_in_name = 'lobby'",
        "users user-lobby: ",
        "password_hash cannot be read: nobody can sign in with it",
    ),
    ("UPDATE outbox SET language = 'xx'", "outbox ", "language or details cannot be read"),
    ("INSERT INTO products (code, position, definition) VALUES ('p', 1, '{')", "products p: ", "definition cannot be read"),
    (
        "INSERT INTO seal_keys (id, check_sealed, made_at) VALUES (9, '9:x', 1)",
        "seal_keys 9: ",
        "the key file is missing or holds another key",
    ),
];

/// Triggers that are dropped: table, name on SQLite, name on PostgreSQL.
const TRIGGERS: [(&str, &str, &str); 5] = [
    ("audit", "audit_no_update", "audit_no_update"),
    ("case_events", "case_events_no_replace", "case_events_no_truncate"),
    ("gate_decisions", "gate_decisions_no_delete", "gate_decisions_no_delete"),
    ("cases", "cases_counted_update", "cases_counted_update"),
    ("parameters", "parameters_update_version", "parameters_version"),
];

/// Damages a bank that has a case of every kind, one statement after another; each must give its finding.
pub async fn each_is_found(bank: &TestBank, damages: &[(&str, &str, &str)]) {
    register_key(&bank.bank).await.expect("registered");
    let mut shop = Workshop::new(bank).await;
    for kind in bank::cases::CaseKind::all() {
        shop.open(kind, "50000").await;
    }
    bank.change("DELETE FROM parameters").await;
    assert_eq!(findings(bank).await, Vec::<String>::new());
    for (sql, row, rule) in damages {
        damage(bank, sql).await;
        let found = findings(bank).await;
        assert!(found.iter().any(|line| line.starts_with(row) && line.ends_with(rule)), "{sql}: {found:#?}");
        assert!(!found.iter().any(|line| line.contains("13800138000") || line.contains("客户")), "no personal data: {found:#?}");
    }
}

async fn every_damage_is_found(bank: &TestBank) {
    each_is_found(bank, &DAMAGE).await;
    for (table, sqlite, postgres) in TRIGGERS {
        let (sql, name) = match bank.bank.db().engine() {
            Engine::Sqlite => (format!("DROP TRIGGER {sqlite}"), sqlite),
            Engine::Postgres => (format!("ALTER TABLE {table} DISABLE TRIGGER {postgres}"), postgres),
        };
        damage(bank, &sql).await;
        let found = findings(bank).await;
        let line = format!("{table}: trigger {name} is missing");
        assert!(found.iter().any(|found| found.starts_with(&line)), "{line}: {found:#?}");
    }
}

/// Only some rows of a rule are listed, so that memory and output stay bounded.
async fn of_many_findings_some_are_listed(bank: &TestBank) {
    register_key(&bank.bank).await.expect("registered");
    let days = (1..=100).map(|day| format!("{:04}-01-01", 2100 + day)).collect::<Vec<_>>();
    for day in &days {
        reception::announce(&bank.bank, BRANCH, day, bank::appointments::reception::Audience::All, 3).await;
    }
    damage(bank, "UPDATE reception_slots SET reserved = 1").await;
    let found = findings(bank).await;
    assert_eq!(found.len(), 21, "{found:#?}");
    assert_eq!(found[20], "reception_slots and 280 more rows: reserved is not the number of live applications");
}
