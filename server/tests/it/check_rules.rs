//! Every rule of `lobby check` finds the damage it is for: those that `check.rs` leaves to this file, and a look at the sources
//! that no rule is left out.

use bank::kernel::database::Engine;

use crate::check::{damage, each_is_found, findings};
use crate::house_rules::sources;
use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(every_other_damage_is_found);

/// Damage and the finding it must give: statement, beginning of the line, end of the line.
const DAMAGE: [(&str, &str, &str); 37] = [
    ("DELETE FROM case_kinds WHERE code = 'suggestion'", "case_kinds suggestion: ", "the kind is missing"),
    ("UPDATE suggestions SET customer_id = 'somebody'", "suggestions JY", "kind or customer differ from its case"),
    (
        "UPDATE reception_applications SET customer_id = 'somebody'",
        "reception_applications JD",
        "kind or customer differ from its case",
    ),
    (
        "UPDATE reception_applications SET live = FALSE",
        "reception_applications JD",
        "its mark as live does not fit the state of its case",
    ),
    ("DELETE FROM reception_applications", "cases JD", "the case has no application"),
    (
        "UPDATE cases SET state = 'awaiting_company_approver' WHERE kind = 'cash'",
        "cases QK",
        "the case has a clock although the bank is not asked yet",
    ),
    (
        "UPDATE cases SET state = 'proposed' WHERE kind = 'cash'",
        "cases QK",
        "nothing is proposed although the customer is to answer",
    ),
    ("DELETE FROM cash_slots", "cash_appointments QK", "the live booking holds nothing in cash_slots"),
    (
        "UPDATE cases SET state = 'completed' WHERE kind = 'cash'",
        "cash_register QK",
        "the booking is paid out and not in the register",
    ),
    (
        "INSERT INTO case_proposals (case_number, branch_id, day, slot, ends_at, until_at, from_state, proposed_by) \
         SELECT number, 'shiqi', '2026-11-26', '10:00', 1, 1, 'submitted', 'user-clerk' FROM cases WHERE kind = 'cash'",
        "case_proposals QK",
        "the proposal is left although its case goes on",
    ),
    ("DELETE FROM cash_appointments", "cases QK", "the case has no booking"),
    ("UPDATE branches SET cash_closed_until = 'soon' WHERE id = 'shiqi'", "branches shiqi: ", "cash_closed_until is no day"),
    (
        "INSERT INTO calendar_days (day, kind, name) VALUES ('soon', 'closed', '假日')",
        "calendar_days soon: ",
        "day or kind cannot be read",
    ),
    (
        "INSERT INTO parameters (name, effective_from, value) VALUES ('cash_day_total', 'today', '1')",
        "parameters cash_day_total//today: ",
        "effective_from is no day",
    ),
    ("UPDATE outbox SET customer_id = 'somebody'", "outbox ", "the message is about another customer's case"),
    ("UPDATE outbox SET sent_at = 1, dead_at = 1", "outbox ", "the message is both sent and given up"),
    (
        "INSERT INTO surveys (code, version, definition, closes_at) VALUES ('s', 1, '{', 5)",
        "surveys s/1: ",
        "definition cannot be read",
    ),
    (
        "INSERT INTO survey_responses (survey_code, survey_version, customer_id, answers, for_recommendations, submitted_at) \
         VALUES ('s', 1, 'customer-c1', '{', FALSE, 5)",
        "survey_responses s/1/customer-c1: ",
        "answers cannot be read",
    ),
    (
        "INSERT INTO assessments (id, customer_id, level, assessed_on, definition) VALUES ('a', 'customer-c1', 'C1', '2026-01-01', '{')",
        "assessments a: ",
        "definition cannot be read",
    ),
    (
        "INSERT INTO gate_decisions (id, customer_id, product_code, at, admitted, rule, rule_version, inputs) \
         VALUES ('g', 'customer-c1', 'p', 5, FALSE, 'x', '1', '{')",
        "gate_decisions g: ",
        "inputs cannot be read",
    ),
    ("UPDATE users SET language = 'xx' WHERE id = 'user-clerk'", "users user-clerk: ", "language cannot be read"),
    ("UPDATE users SET left_on = 'soon' WHERE id = 'user-clerk'", "users user-clerk: ", "left_on is no day"),
    ("UPDATE users SET leaves_on = 'soon' WHERE id = 'user-clerk2'", "users user-clerk2: ", "leaves_on is no day"),
    ("INSERT INTO roles (code, position, reach) VALUES ('ghost', 99, 'moon')", "roles ghost: ", "reach cannot be read"),
    (
        "INSERT INTO user_moves (user_id, effective_from, role, reach) VALUES ('user-clerk', 'soon', 'editor', 'none')",
        "user_moves user-clerk/soon: ",
        "effective_from is no day",
    ),
    ("DELETE FROM retention WHERE table_name = 'audit'", "retention audit: ", "the retention of this table is missing"),
    ("UPDATE accounts SET number_sealed = '1:x' WHERE id = 'acc-c1'", "accounts acc-c1: ", "number_sealed does not open"),
    (
        "INSERT INTO authenticators (user_id, secret_sealed, begun_in, created_at, confirmed_at) VALUES ('user-clerk', '1:x', 's', 5, 6)",
        "authenticators user-clerk: ",
        "secret_sealed cannot be read: no code fits",
    ),
    (
        "INSERT INTO authenticators (user_id, secret_sealed, begun_in, created_at, confirmed_at) VALUES ('user-head', '1:x', 's', 5, 4)",
        "authenticators user-head: ",
        "it was confirmed before it was begun",
    ),
    (
        "INSERT INTO recovery_codes (id, user_id, code_hash) VALUES ('r', 'user-lobby', 'x')",
        "recovery_codes r: ",
        "its user has no second factor",
    ),
    (
        "INSERT INTO passkey_users (user_id, handle) VALUES ('user-head', 'x')",
        "passkey_users user-head: ",
        "handle cannot be read: no passkey of this user fits",
    ),
    (
        "INSERT INTO passkeys (id, user_id, name, credential_id, public_key, may_be_copied, transports, sign_count, created_at) \
         VALUES ('p', 'user-head', 'n', 'x', 'y', FALSE, 0, 0, 5)",
        "passkeys p: ",
        "credential_id or public_key cannot be read: no answer fits",
    ),
    (
        "UPDATE users SET password_needs_factor = TRUE WHERE id = 'user-lobby'",
        "users user-lobby: ",
        "the password is shorter than one alone may be, and there is no second factor",
    ),
    (
        "INSERT INTO step_up_codes (id, user_id, session_id, code_hash, phone_index, created_at, expires_at, used_at) \
         VALUES ('s1', 'user-head', 's', 'h', 'p', 5, 9, 4)",
        "step_up_codes s1: ",
        "it ends before it begins",
    ),
    (
        "DROP INDEX step_up_codes_open; INSERT INTO step_up_codes (id, user_id, session_id, code_hash, phone_index, created_at, \
         expires_at) VALUES ('s2', 'user-head', 's', 'h', 'p', 5, 9), ('s3', 'user-head', 's', 'h', 'p', 5, 9)",
        "step_up_codes s3: ",
        "the user has another open one",
    ),
    (
        "UPDATE users SET phone_validated_at = 1 WHERE id = 'user-head'",
        "users user-head: ",
        "it has a validated number without a time, or a time without a number",
    ),
    ("DELETE FROM seal_keys", "seal_keys: ", "no sealing key is registered"),
];

async fn every_other_damage_is_found(bank: &TestBank) {
    each_is_found(bank, &DAMAGE).await;
    if bank.bank.db().engine() == Engine::Postgres {
        let later = "ALTER TABLE outbox ADD CONSTRAINT later FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID";
        damage(bank, later).await;
        let found = findings(bank).await;
        assert!(found.contains(&"outbox: the foreign key customer_id is not validated".to_owned()), "{found:#?}");
    }
}

/// The sentences of a source, without line breaks.
fn sentences(text: &str) -> Vec<String> {
    let joined: Vec<&str> = text.split("\\\n").map(str::trim_start).collect();
    let joined = joined.concat();
    let strings = joined.split('"').skip(1).step_by(2).map(str::to_owned);
    // SQL, conditions and what is put together at run time are no rules.
    strings
        .filter(|text| {
            text.split_whitespace().count() > 2
                && !text.contains(['=', '<', '{', '$', '|'])
                && !text.contains(" IS ")
                && !text.starts_with("SELECT")
        })
        .collect()
}

#[test]
fn every_rule_has_its_damage() {
    let tests: Vec<(String, String)> = sources("server/tests/it");
    let damages: String = tests.iter().filter(|(name, _)| name.contains("/check")).map(|(_, text)| text.as_str()).collect();
    let damages = damages.split("\\\n").map(str::trim_start).collect::<String>();
    let checks = sources("app/bank/src").into_iter().filter(|(name, _)| {
        name.ends_with("check_records.rs") || name.ends_with("/check.rs") || name.ends_with("staff/records.rs")
    });
    let mut rules = 0;
    for (name, text) in checks {
        let declares = ["exam.none", "findings.add", "RULES", "self.find"].iter().any(|what| text.contains(what));
        for rule in sentences(&text).into_iter().filter(|_| declares) {
            assert!(damages.contains(&rule), "{name}: nothing is damaged to find {rule:?}");
            rules += 1;
        }
    }
    assert!(rules > 50, "{rules} rules were found");
}
