//! Codes that are sent to the phone of a customer without a second factor (docs/domain.md §12): one is given in place of the
//! password at a step-up. It is used once, by the session that asked for it, and is nowhere in the clear.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::fresh_key;
use bank::kernel::retention::delete_expired_rows;
use bank::messages::{STEP_UP_CODE, claim_unsent, mark_failed, mark_sent, retry};
use bank::sessions::{Caller, SentCodeRefusal, find_sent_codes, give_sent_code, send_code, sign_out};
use futures_util::future::join_all;
use server::adapters::outbox::OutboxFolder;
use server::worker::Worker;
use sqlx::AssertSqlSafe;

use crate::on_both_engines;
use crate::step_up::{asked, given};
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::kinds::{as_customer, as_staff};
use crate::support::passkey::{HONEST, PASSKEYS, Site, added};
use crate::support::seed::PASSWORD;
use crate::support::{Browser, TestBank, pairs};

on_both_engines!(
    a_code_goes_to_the_phone_and_the_form_goes_on,
    a_code_is_nowhere_in_the_clear,
    a_code_is_accepted_once_however_many_come_at_once,
    five_wrong_tries_end_a_code_however_many_come_at_once,
    a_code_belongs_to_its_session_and_a_newer_one_replaces_it,
    a_code_expires_and_its_message_with_it,
    one_a_minute_and_ten_a_day_are_sent_however_many_are_asked_for,
    signing_out_a_factor_and_another_number_end_a_code,
    without_a_channel_and_for_a_company_the_password_counts,
    old_codes_are_deleted,
);

pub async fn caller(bank: &TestBank, name: &str) -> Caller {
    Caller::Customer(as_customer(bank, name).await)
}

pub async fn send(bank: &Bank, caller: &Caller) -> Result<(), SentCodeRefusal> {
    match send_code(bank, caller, &fresh_key(bank).expect("a key")).await {
        Ok(()) => Ok(()),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

async fn give(bank: &Bank, caller: &Caller, code: &str) -> Result<(), SentCodeRefusal> {
    match give_sent_code(bank, caller, code, PASSWORD.to_owned()).await {
        Ok(_) => Ok(()),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// Sends all messages; the codes in them, with their numbers.
pub async fn delivered(bank: &TestBank) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for claimed in claim_unsent(&bank.bank, 50).await.expect("messages") {
        if let Some(code) = claimed.message.details["code"].as_str() {
            found.push((claimed.phone.clone().expect("a number"), code.to_owned()));
        }
        mark_sent(&bank.bank, &claimed).await.expect("sent");
    }
    found
}

/// A code that was sent to this caller.
pub async fn code_of(bank: &TestBank, caller: &Caller) -> String {
    assert_eq!(send(&bank.bank, caller).await, Ok(()));
    let mut sent = delivered(bank).await;
    assert_eq!(sent.len(), 1);
    sent.remove(0).1
}

/// Another code than this one.
pub fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("digits") + 1) % 1_000_000)
}

/// The code in the newest message of an outbox folder, as soon as the worker has written it.
async fn in_folder(data: &Path) -> String {
    for _ in 0..200 {
        let files = std::fs::read_dir(data.join("outbox")).into_iter().flatten().flatten();
        let mut texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let code = texts.find_map(|text| text.split_once("验证码 ")?.1.get(..6).map(str::to_owned));
        if let Some(code) = code {
            return code;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no code was sent before the worker's next minute")
}

async fn a_code_goes_to_the_phone_and_the_form_goes_on(bank: &TestBank) {
    let data = bank.settings().data;
    let worker = Worker::new(bank.bank.clone(), Some(Arc::new(OutboxFolder::below(&data))));
    let base = bank.served_with(worker.courier()).await;
    let running = tokio::spawn(worker.run());
    let browser = Browser::new(&base);
    browser.sign_in("c1").await;
    // A moment after the password.
    let form = browser.open(FACTOR).await.form_with("button[value=begin]").with("do", "begin");
    let page = asked(&browser, &browser.post(&form.action, &form.fields).await).await;
    assert_eq!(bank.count("authenticators").await, 0);
    let text = page.text();
    assert!(text.contains("138****8000") && !page.body.contains("13800138000"), "{text}");
    assert!(text.contains("这个号码已经不用了") && text.contains("网点"), "{text}");
    assert!(!page.has("input[name=password]") && !page.has("input[name=code]"));
    // The password is not accepted, nor an empty code.
    for field in ["password", "code"] {
        let value = if field == "password" { PASSWORD } else { "" };
        let refused = browser.post("/step-up", &pairs(&[(field, value), ("next", FACTOR)])).await;
        assert_eq!((refused.status, refused.refusals()[0].0.as_str()), (422, "sent_code_missing"));
    }
    let sending = page.form_with("button[value=send]").with("do", "send");
    let page = browser.submit(&sending).await;
    assert!(page.path.starts_with("/step-up?") && page.text().contains("验证码已发到"), "{}", page.path);
    for (attribute, value) in [("autocomplete", "one-time-code"), ("inputmode", "numeric")] {
        assert_eq!(page.attr("input[name=code]", attribute).as_deref(), Some(value));
    }
    let code = in_folder(&data).await;
    assert!(!page.body.contains(&code));
    // The same post once more sends nothing; another one is too early, and what was sent can still be given.
    browser.submit(&sending).await;
    assert_eq!(bank.count("step_up_codes").await, 1);
    let soon = browser.submit(&page.form_with("button[value=send]").with("do", "send")).await;
    assert_eq!((soon.status, soon.refusals()[0].0.as_str()), (422, "sent_code_too_soon"));
    let wrong =
        browser.submit(&soon.form_with("input[name=code]").with_all(&[("code", &other(&code)), ("password", PASSWORD)])).await;
    assert_eq!((wrong.status, wrong.refusals()[0].0.as_str()), (422, "sent_code_wrong"));
    assert!(wrong.text().contains("还可以试的次数：4"), "{}", wrong.text());
    let typed = format!("{} {}", &code[..3], &code[3..]);
    // The first code to a number takes the password, too.
    assert!(wrong.has("input[name=password]"));
    for (password, why) in [("", "sent_code_password_missing"), ("something else", "sent_code_password_wrong")] {
        let form = wrong.form_with("input[name=code]").with("code", &typed).with("password", password);
        let refused = browser.submit(&form).await;
        assert_eq!((refused.status, refused.refusals()[0].0.as_str()), (422, why));
    }
    let back = browser.submit(&wrong.form_with("input[name=code]").with("code", &typed).with("password", PASSWORD)).await;
    assert!(back.text().contains("还没有提交"), "{}", back.text());
    assert_eq!(
        bank.number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await,
        1,
        "a new session replaces the old one"
    );
    let begun = browser.submit(&back.form_with("button[value=begin]").with("do", "begin")).await;
    assert!(begun.has("[data-secret]"));
    assert!(!browser.open("/me").await.words("#notices").join("").contains("网上厅堂验证码"));
    running.abort();
}

async fn a_code_is_nowhere_in_the_clear(bank: &TestBank) {
    let here = caller(bank, "c1").await;
    assert_eq!(send(&bank.bank, &here).await, Ok(()));
    let sealed = "SELECT COUNT(*) FROM outbox WHERE code_sealed IS NOT NULL AND sent_at IS NULL";
    assert_eq!(bank.number(sealed).await, 1);
    let claimed = claim_unsent(&bank.bank, 50).await.unwrap();
    let claimed = claimed.iter().find(|claimed| claimed.message.kind == STEP_UP_CODE).expect("a message");
    let code = claimed.message.details["code"].as_str().expect("a code").to_owned();
    let clear = format!(
        "SELECT (SELECT COUNT(*) FROM outbox WHERE details LIKE '%{code}%' OR code_sealed LIKE '%{code}%') \
         + (SELECT COUNT(*) FROM step_up_codes WHERE code_hash LIKE '%{code}%') \
         + (SELECT COUNT(*) FROM audit WHERE subject LIKE '%{code}%' OR result LIKE '%{code}%')"
    );
    assert_eq!(bank.number(AssertSqlSafe(clear)).await, 0);
    // It is read out and not too long, in both languages, and says what it is for.
    for language in [bank::kernel::language::Language::ZhCn, bank::kernel::language::Language::En] {
        let text = app::messages::text(language, STEP_UP_CODE, &claimed.message.details);
        assert!(text.body.contains(&code) && text.body.contains('5') && !text.title.contains(&code), "{text:?}");
    }
    // A failed attempt keeps it for the next one; once it is sent it is gone.
    mark_failed(&bank.bank, claimed, "the gateway is down", false).await.unwrap();
    assert_eq!(bank.number(sealed).await, 1);
    bank.pass_minutes(1);
    assert_eq!(delivered(bank).await, [("13800138000".to_owned(), code)]);
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE code_sealed IS NOT NULL").await, 0);
    // The database keeps none beside a message that was sent.
    let kept = bank.try_change("UPDATE outbox SET code_sealed = '1:x' WHERE sent_at IS NOT NULL").await;
    assert!(kept.is_err());
}

async fn a_code_is_accepted_once_however_many_come_at_once(bank: &TestBank) {
    let nodes = [bank.bank.clone(), bank.another_node().await];
    for round in 0..3 {
        let here = caller(bank, "c1").await;
        let code = code_of(bank, &here).await;
        let given = join_all((0..12).map(|n| give(&nodes[n % 2], &here, &code))).await;
        let (right, wrong): (Vec<_>, Vec<_>) = given.into_iter().partition(Result::is_ok);
        assert_eq!(right.len(), 1, "round {round}");
        assert!(wrong.into_iter().all(|refused| refused == Err(SentCodeRefusal::Void)));
        assert_eq!(bank.number("SELECT CAST(SUM(failures) AS BIGINT) FROM step_up_codes").await, 0);
        // Even in a session that goes on.
        bank.change("UPDATE sessions SET ended_at = NULL, ended_by = NULL").await;
        assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void));
        bank.pass_minutes(1);
    }
}

async fn five_wrong_tries_end_a_code_however_many_come_at_once(bank: &TestBank) {
    let nodes = [bank.bank.clone(), bank.another_node().await];
    // The password is not compared again, which would take turns.
    bank.change("UPDATE users SET phone_validated_at = 1, phone_validated_index = (SELECT phone_index FROM customers c WHERE c.id = customer_id)").await;
    let here = caller(bank, "c1").await;
    let code = code_of(bank, &here).await;
    let wrong = other(&code);
    let given = join_all((0..20).map(|n| give(&nodes[n % 2], &here, &wrong))).await;
    let count = |refusal| given.iter().filter(|given| **given == Err(refusal)).count();
    for left in 1..5 {
        assert_eq!(count(SentCodeRefusal::Wrong { left }), 1, "{given:?}");
    }
    assert_eq!((count(SentCodeRefusal::Exhausted), count(SentCodeRefusal::Void)), (1, 15));
    assert_eq!(bank.number("SELECT failures FROM step_up_codes").await, 5, "a try is counted, whatever comes at the same time");
    assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void), "the right one is void too");
    assert!(find_sent_codes(&bank.bank, &here).await.unwrap().expect("a way").open.is_none());
    bank.pass_minutes(1);
    let code = code_of(bank, &here).await;
    assert_eq!(give(&bank.bank, &here, &code).await, Ok(()));
}

async fn a_code_belongs_to_its_session_and_a_newer_one_replaces_it(bank: &TestBank) {
    let (here, there) = (caller(bank, "c1").await, caller(bank, "c1").await);
    let first = code_of(bank, &here).await;
    assert_eq!(give(&bank.bank, &there, &first).await, Err(SentCodeRefusal::Void), "another session");
    assert_eq!(give(&bank.bank, &caller(bank, "c2").await, &first).await, Err(SentCodeRefusal::Void), "another customer");
    bank.pass_minutes(1);
    // A newer one of another session too.
    let second = code_of(bank, &there).await;
    assert_eq!(give(&bank.bank, &here, &first).await, Err(SentCodeRefusal::Void));
    assert_eq!(give(&bank.bank, &here, &second).await, Err(SentCodeRefusal::Void));
    bank.pass_minutes(1);
    // While the one before waits for the gateway, only the newer one is sent.
    assert_eq!(send(&bank.bank, &here).await, Ok(()));
    bank.pass_minutes(1);
    let third = code_of(bank, &here).await;
    assert_eq!(give(&bank.bank, &here, &third).await, Ok(()));
    let open = "SELECT COUNT(*) FROM step_up_codes WHERE used_at IS NULL AND ended_at IS NULL";
    assert_eq!(bank.number(open).await, 0);
    // The database admits one.
    let rows = "INSERT INTO step_up_codes (id, user_id, session_id, code_hash, phone_index, created_at, expires_at) \
                VALUES ('a', 'user-c1', 's', 'h', 'p', 1, 2), ('b', 'user-c1', 's', 'h', 'p', 1, 2)";
    assert!(bank.try_change(rows).await.is_err());
}

async fn a_code_expires_and_its_message_with_it(bank: &TestBank) {
    let here = caller(bank, "c1").await;
    let code = code_of(bank, &here).await;
    bank.pass_minutes(4);
    let open = find_sent_codes(&bank.bank, &here).await.unwrap().expect("a way").open.expect("a code");
    assert_eq!(open.until, open.sent.plus_minutes(5));
    bank.pass_minutes(1);
    assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void));
    // A message that was not sent in time is not sent any more, and not by hand either.
    assert_eq!(send(&bank.bank, &here).await, Ok(()));
    let claimed = claim_unsent(&bank.bank, 50).await.unwrap();
    bank.pass_minutes(6);
    assert_eq!(delivered(bank).await, []);
    let dead = "SELECT COUNT(*) FROM outbox WHERE kind = 'step_up_code' AND dead_at IS NOT NULL AND code_sealed IS NULL";
    assert_eq!(bank.number(dead).await, 1);
    assert_eq!(retry(&bank.bank, &as_staff(bank, "admin").await, STEP_UP_CODE, "too old").await.unwrap(), 0);
    // Whoever was just sending it says what became of it: a failure revives nothing, and what was sent is sent.
    mark_failed(&bank.bank, &claimed[0], "slow", false).await.unwrap();
    assert_eq!(bank.number(dead).await, 1);
    mark_sent(&bank.bank, &claimed[0]).await.unwrap();
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE sent_at IS NOT NULL AND dead_at IS NOT NULL").await, 0);
}

async fn one_a_minute_and_ten_a_day_are_sent_however_many_are_asked_for(bank: &TestBank) {
    let nodes = [bank.bank.clone(), bank.another_node().await];
    let callers = [caller(bank, "c1").await, caller(bank, "c1").await];
    let asked = join_all((0..8).map(|n| send(&nodes[n % 2], &callers[n / 4]))).await;
    assert_eq!(asked.iter().filter(|asked| asked.is_ok()).count(), 1, "{asked:?}");
    assert_eq!(send(&bank.bank, &callers[0]).await, Err(SentCodeRefusal::TooSoon { seconds: 60 }));
    for sent in 2..=10 {
        bank.pass_minutes(1);
        assert_eq!(send(&bank.bank, &callers[sent % 2]).await, Ok(()));
    }
    bank.pass_minutes(1);
    assert_eq!(send(&bank.bank, &callers[0]).await, Err(SentCodeRefusal::DayFull { most: 10 }));
    assert_eq!(bank.count("step_up_codes").await, 10);
    // One that was given does not count.
    let used = "UPDATE step_up_codes SET used_at = created_at, ended_at = NULL WHERE id = (SELECT MIN(id) FROM step_up_codes)";
    bank.change(used).await;
    assert_eq!(send(&bank.bank, &callers[0]).await, Ok(()));
    bank.pass_minutes(1);
    assert_eq!(send(&bank.bank, &callers[0]).await, Err(SentCodeRefusal::DayFull { most: 10 }));
    // One key sends once.
    bank.pass_minutes(24 * 60);
    let (here, key) = (caller(bank, "c1").await, fresh_key(&bank.bank).unwrap());
    for sent in join_all((0..6).map(|n| send_code(&nodes[n % 2], &here, &key))).await {
        assert!(sent.is_ok(), "the same answer");
    }
    assert_eq!(bank.count("step_up_codes").await, 12);
}

async fn signing_out_a_factor_and_another_number_end_a_code(bank: &TestBank) {
    let here = caller(bank, "c1").await;
    let code = code_of(bank, &here).await;
    sign_out(&bank.bank, &here).await.unwrap();
    assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void));
    assert_eq!(bank.number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 0);
    assert_eq!(send(&bank.bank, &here).await, Err(SentCodeRefusal::NotMeant), "none for a session that has ended");
    bank.pass_minutes(1);
    // A factor that another session sets up, also if it is removed again.
    let (here, there) = (caller(bank, "c1").await, bank.signed_in("c1").await);
    let code = code_of(bank, &here).await;
    let (app, _) = AuthenticatorApp::set_up(bank, &there).await;
    assert_eq!(send(&bank.bank, &here).await, Err(SentCodeRefusal::NotMeant));
    there.post(FACTOR, &pairs(&[("do", "remove"), ("code", &app.code(bank))])).await;
    assert_eq!(bank.count("authenticators").await, 0);
    assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void));
    let site = Site::open(bank).await;
    let (here, there) = (caller(bank, "c2").await, site.signed_in("c2").await);
    let code = code_of(bank, &here).await;
    added(&there, HONEST).await;
    there.submit(&there.get(PASSKEYS).await.form_with("[name=passkey]").with("do", "remove")).await;
    assert_eq!(bank.count("passkeys").await, 0);
    assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void));
    bank.pass_minutes(1);
    let code = code_of(bank, &here).await;
    bank.change("UPDATE customers SET phone_index = 'another' WHERE id = 'customer-c2'").await;
    assert!(find_sent_codes(&bank.bank, &here).await.unwrap().expect("a way").open.is_none());
    assert_eq!(give(&bank.bank, &here, &code).await, Err(SentCodeRefusal::Void));
}

async fn without_a_channel_and_for_a_company_the_password_counts(bank: &TestBank) {
    let with_channel = bank.served_with(Some(Arc::default())).await;
    for (base, name) in [(bank.base().await, "c1"), (with_channel.as_str(), "k1")] {
        let browser = Browser::new(base);
        browser.sign_in(name).await;
        bank.pass_minutes(5);
        let page = asked(&browser, &browser.post(FACTOR, &pairs(&[("do", "begin")])).await).await;
        assert!(!page.has("button[value=send]"), "{name}");
        given(&browser, &page, "password", PASSWORD).await;
    }
    assert_eq!(send(&bank.bank, &caller(bank, "k1").await).await, Err(SentCodeRefusal::NotMeant), "its number is not its user's");
    let staff = Caller::Staff(as_staff(bank, "clerk").await);
    assert_eq!(send(&bank.bank, &staff).await, Err(SentCodeRefusal::NotMeant));
    assert_eq!(bank.count("step_up_codes").await, 0);
}

async fn old_codes_are_deleted(bank: &TestBank) {
    let here = caller(bank, "c1").await;
    code_of(bank, &here).await;
    bank.pass_minutes(23 * 60);
    delete_expired_rows(&bank.bank).await.unwrap();
    assert_eq!(bank.count("step_up_codes").await, 1, "those of the day are counted");
    bank.pass_minutes(2 * 60);
    delete_expired_rows(&bank.bank).await.unwrap();
    assert_eq!(bank.count("step_up_codes").await, 0);
}
