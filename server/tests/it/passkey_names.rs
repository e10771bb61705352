//! The passkeys of a user have different names (docs/domain.md §12): a name that is taken is refused at its field, whatever comes at the
//! same time, and what had one name before the rule was renamed. Customers are told of each passkey that is added.

use futures_util::future::join_all;

use crate::on_both_engines;
use crate::support::TestBank;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::pairs;
use crate::support::passkey::{Device, HONEST, How, PASSKEYS, Site, added, begin, options, refusal, send};

on_both_engines!(
    a_name_is_given_once_and_the_answer_of_the_device_is_kept,
    of_two_tabs_that_give_one_name_one_is_refused,
    what_had_one_name_is_renamed,
    customers_are_told_of_each_one_that_is_added,
);

const MIGRATION: &str = include_str!("../../../app/bank/migrations/both/0075_passkey_names.sql");

async fn a_name_is_given_once_and_the_answer_of_the_device_is_kept(bank: &TestBank) {
    let site = Site::open(bank).await;
    for name in ["c1", "c2"] {
        // Two users may give the same name.
        let browser = site.signed_in(name).await;
        assert_eq!(send(&browser, "手机", &Device::new().added(&options(&begin(&browser).await), HONEST)).await.status, 200);
        let device = Device::new();
        let told = device.added(&options(&begin(&browser).await), HONEST);
        let page = send(&browser, "  手机 ", &told).await;
        assert_eq!(refusal(&page), "passkey_name_taken");
        assert!(page.text().contains("您已有一个通行密钥叫这个名称") && page.has("input[name=name][aria-invalid=true]"));
        let form = page.form_with("[data-passkey] [name=answer]");
        assert_eq!((form.value("name"), form.value("answer")), (Some("  手机 "), Some(told.as_str())));
        let done = browser.submit(&form.with("name", "平板").with("do", "add")).await;
        assert!(done.text().contains("通行密钥已添加"), "{}", done.text());
        // The name of one that is removed is free again.
        bank.change("UPDATE passkeys SET created_at = created_at - 1 WHERE name = '手机'").await;
        let page = browser.get(PASSKEYS).await;
        browser.submit(&page.form_with("[name=passkey]").with("do", "remove")).await;
        let told = Device::new().added(&options(&begin(&browser).await), HONEST);
        assert_eq!(send(&browser, "手机", &told).await.status, 303);
    }
    assert_eq!(bank.count("passkeys").await, 4);
}

async fn of_two_tabs_that_give_one_name_one_is_refused(bank: &TestBank) {
    let site = Site::open(bank).await;
    let first = site.signed_in("c1").await;
    let told = Device::new().added(&options(&begin(&first).await), HONEST);
    let codes = send(&first, "手机", &told).await.words(".recovery-codes li");
    for (round, codes) in codes.chunks(2).take(2).enumerate() {
        let name = format!("平板 {round}");
        let mut tabs = Vec::new();
        for code in codes {
            let browser = site.halfway("c1").await;
            browser.post("/login/code", &pairs(&[("code", code)])).await;
            let told = Device::new().added(&options(&begin(&browser).await), HONEST);
            tabs.push((browser, told));
        }
        let answers = join_all(tabs.iter().map(|(browser, told)| send(browser, &name, told))).await;
        let refused = answers.iter().position(|answer| answer.status == 422).expect("a refusal");
        assert_eq!(refusal(&answers[refused]), "passkey_name_taken");
        assert_eq!(answers[1 - refused].status, 303, "{}", answers[1 - refused].text());
        let (browser, told) = &tabs[refused];
        assert_eq!(send(browser, &format!("{name} (2)"), told).await.status, 303, "its answer serves still");
    }
    assert_eq!(bank.count("passkeys").await, 5);
    assert_eq!(bank.number("SELECT COUNT(DISTINCT name) FROM passkeys").await, 5);
}

async fn what_had_one_name_is_renamed(bank: &TestBank) {
    bank.change("DROP INDEX passkeys_name").await;
    bank.change("CREATE INDEX passkeys_user ON passkeys (user_id)").await;
    bank.change("INSERT INTO passkey_users (user_id, handle) VALUES ('user-c1', 'a'), ('user-c2', 'b')").await;
    let kept = [
        ("one", "c1", "手机", 3, "手机 (3)"),
        ("two", "c1", "手机", 1, "手机"),
        ("three", "c1", "手机", 3, "手机 (4)"),
        ("four", "c1", "手机 (2)", 2, "手机 (2)"),
        ("five", "c1", "手机 (2)", 4, "手机 (2) (2)"),
        ("six", "c2", "手机", 5, "手机"),
        ("seven", "c2", "平板", 6, "平板"),
    ];
    for (id, user, name, at, _) in kept {
        // Of two that were added in one moment the id decides.
        let id = if id == "three" { "zzz" } else { id };
        let values = format!("('{id}', 'user-{user}', '{name}', '{id}', 'k', FALSE, 0, 0, {at})");
        let columns = "id, user_id, name, credential_id, public_key, may_be_copied, transports, sign_count, created_at";
        bank.change(&format!("INSERT INTO passkeys ({columns}) VALUES {values}")).await;
    }
    let lines: Vec<&str> = MIGRATION.lines().filter(|line| !line.starts_with("--")).collect();
    for statement in lines.join("\n").split(';').filter(|statement| !statement.trim().is_empty()) {
        bank.change(statement).await;
    }
    for (id, _, _, _, name) in kept {
        let id = if id == "three" { "zzz" } else { id };
        let sql = format!("SELECT COUNT(*) FROM passkeys WHERE id = '{id}' AND name = '{name}'");
        assert_eq!(bank.number(sqlx::AssertSqlSafe(sql)).await, 1, "{id} is {name}");
    }
    let twice = "INSERT INTO passkeys SELECT 'eight', user_id, name, 'eight', public_key, FALSE, 0, 0, 9, NULL FROM passkeys WHERE id = 'six'";
    assert!(bank.try_change(twice).await.is_err(), "the database refuses a name twice");
}

async fn customers_are_told_of_each_one_that_is_added(bank: &TestBank) {
    let site = Site::open(bank).await;
    let told = async |what: &str| {
        let sql = format!("SELECT COUNT(*) FROM outbox WHERE kind = 'security_{what}' AND dead_at IS NULL");
        bank.number(sqlx::AssertSqlSafe(sql)).await
    };
    // The first second factor is told as such; staff have no messages.
    for name in ["c1", "clerk"] {
        let browser = site.signed_in(name).await;
        for added_before in 0..3 {
            let _ = added(&browser, HONEST).await;
            let expected = if name == "c1" { added_before } else { 2 };
            assert_eq!([told("factor_set_up").await, told("passkey_added").await], [1, expected], "{name}");
        }
    }
    let browser = site.signed_in("c2").await;
    AuthenticatorApp::set_up(bank, &browser).await;
    let _ = added(&browser, HONEST).await;
    assert_eq!([told("factor_set_up").await, told("passkey_added").await], [2, 3], "beside an app");
    let answer = Device::new().added(&options(&begin(&browser).await), How { origin: "https://lobby.example", ..HONEST });
    assert_eq!(refusal(&send(&browser, "手机", &answer).await), "passkey_elsewhere");
    assert_eq!(told("passkey_added").await, 3, "what is refused is not told");
    let page = browser.get("/me").await;
    assert!(page.text().contains("新增了一个通行密钥"), "{}", page.text());
    assert_eq!(bank.number("SELECT COUNT(*) FROM outbox WHERE details LIKE '%手机%'").await, 0);
}
