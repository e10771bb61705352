//! The number to which codes are sent (docs/domain.md §12): its first code takes the password, too, and validates it. Codes go
//! before all other messages.

use bank::kernel::failure::Rejected;
use bank::messages::{STEP_UP_CODE, claim_unsent};
use bank::sessions::{Caller, SentCodeRefusal, find_sent_codes, give_sent_code};

use crate::on_both_engines;
use crate::sent_codes::{caller, code_of, other, send};
use crate::support::TestBank;
use crate::support::seed::PASSWORD;

on_both_engines!(
    five_hundred_waiting_notices_do_not_delay_a_code,
    a_number_is_validated_by_its_first_code_with_the_password_and_another_one_is_not,
);

async fn five_hundred_waiting_notices_do_not_delay_a_code(bank: &TestBank) {
    let now = bank.bank.now().0 - 60_000;
    let notices: Vec<String> =
        (0..500).map(|n| format!("('notice-{n}', 'customer-c2', 'cash_submitted', '{{}}', 'en', {now}, {now})")).collect();
    let columns = "id, customer_id, kind, details, language, created_at, due_at";
    bank.change(&format!("INSERT INTO outbox ({columns}) VALUES {}", notices.join(", "))).await;
    // A batch that is being sent is finished; what comes meanwhile is in the next one.
    claim_unsent(&bank.bank, 5).await.expect("messages");
    let here = caller(bank, "c1").await;
    assert_eq!(send(&bank.bank, &here).await, Ok(()));
    let next = claim_unsent(&bank.bank, 5).await.expect("messages");
    assert_eq!(next.len(), 5);
    assert_eq!(next[0].message.kind, STEP_UP_CODE, "{:?}", next.iter().map(|claimed| &claimed.message.kind).collect::<Vec<_>>());
}

async fn a_number_is_validated_by_its_first_code_with_the_password_and_another_one_is_not(bank: &TestBank) {
    let refused =
        async |caller: &Caller, code: &str, password: &str| match give_sent_code(&bank.bank, caller, code, password.to_owned())
            .await
        {
            Err(Rejected::Refused(refusal)) => Some(refusal),
            other => other.map(|_| None).expect("a code"),
        };
    let validated = || bank.number("SELECT COUNT(*) FROM users WHERE phone_validated_at IS NOT NULL");
    let here = caller(bank, "c1").await;
    let code = code_of(bank, &here).await;
    // Neither alone, and no guess of the password is free.
    assert_eq!(refused(&here, &code, "").await, Some(SentCodeRefusal::PasswordMissing));
    for _ in 0..5 {
        assert_eq!(refused(&here, &code, "something else").await, Some(SentCodeRefusal::PasswordWrong));
    }
    assert_eq!(refused(&here, &code, PASSWORD).await, Some(SentCodeRefusal::PasswordWrong), "not today");
    bank.change("DELETE FROM sign_in_failures").await;
    assert_eq!(refused(&here, &other(&code), PASSWORD).await, Some(SentCodeRefusal::Wrong { left: 4 }));
    assert_eq!(validated().await, 0);
    assert_eq!(refused(&here, &code, PASSWORD).await, None);
    assert_eq!(validated().await, 1);
    // From now on a code alone.
    bank.pass_minutes(1);
    let here = caller(bank, "c1").await;
    let code = code_of(bank, &here).await;
    assert!(find_sent_codes(&bank.bank, &here).await.unwrap().unwrap().validated);
    assert_eq!(refused(&here, &code, "").await, None);
    // Whoever has had another number entered is asked again; so is everybody else, for their own.
    bank.change("UPDATE customers SET phone_index = 'another' WHERE number = 'c1'").await;
    bank.pass_minutes(1);
    for name in ["c1", "c2"] {
        let here = caller(bank, name).await;
        let code = code_of(bank, &here).await;
        assert!(!find_sent_codes(&bank.bank, &here).await.unwrap().unwrap().validated, "{name}");
        assert_eq!(refused(&here, &code, "").await, Some(SentCodeRefusal::PasswordMissing), "{name}");
    }
}
