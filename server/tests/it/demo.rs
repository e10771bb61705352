//! The demo bank: loaded once, never into a bank with real customers, and as README.md describes it.

use bank::kernel::time::At;
use server::commands::demo::{self, Loaded};
use server::host;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::support::{TestBank, seed};

on_both_engines!(blank:
    loaded_once_it_is_as_the_journeys_need_it_and_a_second_time_nothing_changes,
    generated_customers_are_added_up_to_the_number_asked_for,
    a_database_that_holds_a_real_customer_is_refused,
    a_load_that_another_version_began_says_what_to_do,
    a_chosen_clock_is_for_a_demo_bank_only,
);

const TABLES: [&str; 20] = [
    "facts",
    "parameters",
    "calendar_days",
    "branches",
    "branch_hours",
    "customers",
    "accounts",
    "users",
    "sessions",
    "consents",
    "cases",
    "case_events",
    "outbox",
    "audit",
    "cash_appointments",
    "receptions",
    "reception_slots",
    "surveys",
    "products",
    "assessments",
];

/// Queries that must find nothing in the demo bank.
const NOTHING: [&str; 8] = [
    "FROM customers WHERE NOT demo",
    // Customers with published sign-in names start without cases and drafts, but for a booking that waits for its approver.
    "FROM cases WHERE customer_id LIKE 'c1%' AND (customer_id <> 'c1005' OR state <> 'awaiting_company_approver')",
    "FROM form_states WHERE owner LIKE 'c1%' AND (owner <> 'c1005' OR case_number IS NULL)",
    "FROM cash_slots WHERE branch_id = 'shiqi'",
    "FROM sessions WHERE ended_at IS NULL",
    "FROM customers c WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.customer_id = c.id AND a.active)",
    // ID and phone numbers are sealed.
    "FROM customers WHERE id_sealed LIKE '%999999%' OR phone_sealed LIKE '%138%0%0%0%0%' AND LENGTH(phone_sealed) < 20",
    "FROM cash_appointments WHERE LENGTH(phone_sealed) < 20",
];

async fn loaded_once_it_is_as_the_journeys_need_it_and_a_second_time_nothing_changes(bank: &TestBank) {
    assert_eq!(demo::load(&bank.bank, 0).await.unwrap(), Loaded { fresh: true, customers: 0 });
    for what in NOTHING {
        assert_eq!(bank.number(AssertSqlSafe(format!("SELECT COUNT(*) {what}"))).await, 0, "{what}");
    }
    assert_eq!((bank.count("branches").await, bank.count("products").await), (8, 25));
    assert_eq!(bank.number("SELECT COUNT(*) FROM consents WHERE customer_id = 'c1001'").await, bank.count("consents").await);
    let waiting = bank.number("SELECT COUNT(*) FROM cases WHERE waiting").await;
    assert!((5..=20).contains(&waiting), "{waiting} cases wait");
    for audience in ["all", "vip", "company"] {
        let open = format!(
            "SELECT COUNT(*) FROM receptions WHERE audience = '{audience}' AND day > '2026-11-23' AND day <= '2026-12-14'"
        );
        assert!(bank.number(AssertSqlSafe(open)).await > 0, "a reception for {audience}");
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM cases WHERE state = 'awaiting_company_approver'").await, 1);
    for name in ["c1001", "c1002", "c1003", "c1004", "c1005", "c1006"] {
        bank.signed_in(name).await;
    }
    let roles = bank.count("roles").await;
    assert_eq!(bank.number("SELECT COUNT(DISTINCT role) FROM users").await, roles, "somebody signs in for every role");
    assert_eq!(bank.number("SELECT COUNT(*) FROM users WHERE role = 'administrator'").await, 2);

    let mut before = Vec::new();
    for table in TABLES {
        before.push((table, bank.count(table).await));
    }
    assert_eq!(demo::load(&bank.bank, 0).await.unwrap(), Loaded { fresh: false, customers: 0 });
    for (table, rows) in before {
        assert_eq!(bank.count(table).await, rows, "{table}");
    }
}

async fn generated_customers_are_added_up_to_the_number_asked_for(bank: &TestBank) {
    for (asked, added) in [(7, 7), (7, 0), (12, 5)] {
        assert_eq!(demo::load(&bank.bank, asked).await.unwrap().customers, added);
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM accounts WHERE active AND customer_id LIKE 'g0000%'").await, 12);
    assert_eq!(bank.number("SELECT COUNT(DISTINCT password_hash) FROM users WHERE id IN ('g000001', 'g000007')").await, 1);
    assert_eq!(bank.signed_in("g000012").await.get("/me").await.status, 200);
}

/// Some rows stand under other keys than this version gives them.
async fn a_load_that_another_version_began_says_what_to_do(bank: &TestBank) {
    demo::load(&bank.bank, 0).await.unwrap();
    bank.change("DELETE FROM facts WHERE name = 'demo_cases'").await;
    bank.change("UPDATE customers SET number = 'other' WHERE number = 'c1001'").await;
    bank.change("UPDATE users SET sign_in_name = 'other' WHERE sign_in_name = 'c1001'").await;
    let said = demo::load(&bank.bank, 0).await.unwrap_err().to_string();
    assert!(said.contains("customers") && said.contains("into a new database"), "{said}");
}

async fn a_database_that_holds_a_real_customer_is_refused(bank: &TestBank) {
    seed::bank(&bank.bank).await;
    let mark = "UPDATE customers SET demo = FALSE WHERE id = 'customer-c1'";
    let write = bank.bank.write::<_, std::convert::Infallible, _>("mark", |tx| {
        scoped_futures::ScopedFutureExt::scope_boxed(async move { Ok(tx.execute(mark, Vec::new()).await?) })
    });
    assert_eq!(write.await.unwrap(), 1);
    let branches = bank.count("branches").await;
    let error = demo::load(&bank.bank, 0).await.unwrap_err();
    assert!(error.to_string().contains("no demo customers"), "{error}");
    assert_eq!(bank.count("branches").await, branches);
}

async fn a_chosen_clock_is_for_a_demo_bank_only(bank: &TestBank) {
    let now = At::parse_rfc3339("2026-11-23T10:00:00+08:00");
    assert!(host::ensure_may_choose_clock(&bank.bank, None).await.is_ok());
    let error = host::ensure_may_choose_clock(&bank.bank, now).await.unwrap_err();
    assert!(error.to_string().contains("demo bank only"), "{error}");
    demo::load(&bank.bank, 0).await.unwrap();
    assert!(host::ensure_may_choose_clock(&bank.bank, now).await.is_ok());
}
