//! The second factor (docs/domain.md §12): it is set up by a code of the app, and removed by one; a code and a recovery code are used
//! once, however many come at the same time; wrong ones lock it.

use bank::kernel::time::At;
use bank::sessions::{ResetOf, Source, caller, count_password_hashes, give_factor, reset_sign_in, sign_in};
use futures_util::future::join_all;
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::step_up::asked;
use crate::support::authenticator::{AuthenticatorApp, FACTOR};
use crate::support::seed::PASSWORD;
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    it_is_set_up_by_a_code_and_shows_the_recovery_codes_once,
    of_several_tabs_one_gets_the_recovery_codes,
    what_one_session_has_begun_no_other_sees,
    a_set_up_that_takes_long_goes_on_after_a_fresh_proof,
    a_code_is_used_once_however_many_come_at_once,
    a_recovery_code_is_used_once_however_many_come_at_once,
    a_recovery_code_costs_one_hash_with_the_salt_of_its_user,
    recovery_codes_of_before_the_salt_count_until_they_are_renewed,
    wrong_codes_lock_it_however_many_come_at_once,
    removing_it_takes_a_code_and_a_reset_removes_it_too,
    customers_are_told_what_becomes_of_it,
);

async fn press(browser: &Browser, button: &str, code: &str) -> Answer {
    browser.post(FACTOR, &pairs(&[("do", button), ("code", code)])).await
}

/// The code of a refusal on the page.
fn refusal(page: &Answer) -> String {
    page.refusals().into_iter().map(|(code, _)| code).collect::<Vec<_>>().join(",")
}

async fn it_is_set_up_by_a_code_and_shows_the_recovery_codes_once(bank: &TestBank) {
    for name in ["c1", "k1", "clerk", "admin"] {
        let browser = bank.signed_in(name).await;
        assert!(browser.open("/me").await.has("#factor a[href='/me/factor']"), "{name}");
        let page = browser.get(FACTOR).await;
        assert!(page.has("button[value=begin]") && !page.has("[data-secret]"), "{name}");
        let begun = browser.submit(&page.form_with("button[value=begin]").with("do", "begin")).await;
        assert!(begun.has("svg.qr") && begun.has("button[value=confirm]"), "{name}");
        let app = AuthenticatorApp::scanned(&begun);
        // It asks for a code, and no wrong one sets it up.
        for (code, why) in [("", "code_missing"), ("000000", "code_wrong"), ("12345", "code_wrong")] {
            let refused = press(&browser, "confirm", code).await;
            assert_eq!((refused.status, refusal(&refused).as_str()), (422, why), "{name} {code}");
            assert_eq!(AuthenticatorApp::scanned(&refused).secret(), app.secret(), "the same code is shown again");
        }
        // In full width and with a space, as some people type it.
        let code = app.code(bank);
        let wide: String = code.chars().map(|c| char::from_u32(c as u32 + 0xfee0).expect("a digit")).collect();
        let confirmed = press(&browser, "confirm", &format!("{} {}", &wide[..9], &wide[9..])).await;
        let codes = confirmed.words(".recovery-codes li");
        assert_eq!((confirmed.status, codes.len()), (200, 10), "{name}");
        // Sent again, and looked at again: the codes are not shown any more.
        let again = press(&browser, "confirm", &code).await;
        assert_eq!(again.location.as_deref(), Some("/me/factor?already=1"));
        let page = browser.get("/me/factor?already=1").await;
        assert!(page.has("button[value=renew]") && !page.body.contains(&codes[0]) && !page.body.contains(app.secret()));
        assert!(browser.open("/me").await.words("#factor").join("").contains("已开启"), "{name}");
        // Neither stands in the database as it is.
        let plain = codes[0].replace('-', "");
        let sql = format!(
            "SELECT (SELECT COUNT(*) FROM recovery_codes WHERE code_hash LIKE '%{plain}%') \
             + (SELECT COUNT(*) FROM authenticators WHERE secret_sealed LIKE '%{}%')",
            app.secret()
        );
        assert_eq!(bank.number(sqlx::AssertSqlSafe(sql)).await, 0);
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'factor_set_up' AND result = 'ok'").await, 4);
}

async fn of_several_tabs_one_gets_the_recovery_codes(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    press(&browser, "begin", "").await;
    let app = AuthenticatorApp::scanned(&browser.get(FACTOR).await);
    // Another tab begins as well: it is the same.
    press(&browser, "begin", "").await;
    assert_eq!(AuthenticatorApp::scanned(&browser.get(FACTOR).await).secret(), app.secret());
    let code = app.code(bank);
    let answers = join_all((0..6).map(|_| press(&browser, "confirm", &code))).await;
    let shown: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(shown.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert_eq!(bank.count("recovery_codes").await, 10, "those that were shown");
    bank.pass_minutes(1);
    let recovery = shown[0].words(".recovery-codes li");
    assert_eq!(press(&browser, "remove", &recovery[9]).await.status, 303, "they are the ones that hold");
}

async fn what_one_session_has_begun_no_other_sees(bank: &TestBank) {
    let (here, there) = (bank.signed_in("c1").await, bank.signed_in("c1").await);
    press(&here, "begin", "").await;
    let app = AuthenticatorApp::scanned(&here.get(FACTOR).await);
    let page = there.get(FACTOR).await;
    assert!(page.has("button[value=begin]") && !page.body.contains(app.secret()));
    // Nor does it confirm it.
    assert_eq!(refusal(&press(&there, "confirm", &app.code(bank)).await), "factor_not_begun");
    // Who begins elsewhere gets another secret, and the first is void.
    press(&there, "begin", "").await;
    assert_ne!(AuthenticatorApp::scanned(&there.get(FACTOR).await).secret(), app.secret());
    assert_eq!(refusal(&press(&here, "confirm", &app.code(bank)).await), "factor_not_begun");
    press(&there, "cancel", "").await;
    assert_eq!(bank.count("authenticators").await, 0);
}

async fn a_set_up_that_takes_long_goes_on_after_a_fresh_proof(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    press(&browser, "begin", "").await;
    let page = browser.get(FACTOR).await;
    let app = AuthenticatorApp::scanned(&page);
    bank.pass_minutes(6);
    let form = page.form_with("button[value=confirm]").with("do", "confirm").with("code", &app.code(bank));
    let page = asked(&browser, &browser.post(&form.action, &form.fields).await).await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM authenticators WHERE confirmed_at IS NOT NULL").await, 0);
    let back = browser.submit(&page.form_with("input[name=password]").with("password", PASSWORD)).await;
    assert_eq!(AuthenticatorApp::scanned(&back).secret(), app.secret(), "it need not be scanned again");
    assert_eq!(press(&browser, "confirm", &app.code(bank)).await.words(".recovery-codes li").len(), 10);
}

async fn a_code_is_used_once_however_many_come_at_once(bank: &TestBank) {
    let browser = bank.signed_in("clerk").await;
    let (app, _) = AuthenticatorApp::set_up(bank, &browser).await;
    for _ in 0..5 {
        let code = app.code(bank);
        let answers = join_all((0..4).map(|_| press(&browser, "renew", &code))).await;
        let renewed = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!((renewed, bank.count("recovery_codes").await), (1, 10));
        let step = (bank.bank.now().0 / 30_000 + 2) * 30_000;
        let code_at = |ms: i64| {
            bank.set_moment(At(ms));
            app.code(bank)
        };
        // A right one ends the count of the wrong ones.
        let right = code_at(step - 30_000);
        assert_eq!(press(&browser, "renew", &right).await.status, 200);
        // Nobody has used the code of the step before: five seconds after it has ended it has expired all the same, and that of the
        // next one is too early.
        let (late, now, early) = (code_at(step), code_at(step + 30_000), code_at(step + 60_000));
        bank.set_moment(At(step + 35_000));
        for other in [&late, &early] {
            assert_eq!(refusal(&press(&browser, "renew", other).await), "code_wrong");
        }
        assert_eq!(press(&browser, "renew", &now).await.status, 200);
        // A moment earlier it is taken as one that was on its way, once.
        let sent = code_at(step + 90_000);
        bank.set_moment(At(step + 124_999));
        assert_eq!(press(&browser, "renew", &sent).await.status, 200);
        assert_eq!(refusal(&press(&browser, "renew", &sent).await), "code_wrong");
        bank.pass_minutes(1);
    }
}

async fn a_recovery_code_is_used_once_however_many_come_at_once(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (_, codes) = AuthenticatorApp::set_up(bank, &browser).await;
    let stranger = bank.signed_in("c2").await;
    AuthenticatorApp::set_up(bank, &stranger).await;
    assert_eq!(refusal(&press(&stranger, "renew", &codes[0]).await), "code_wrong", "it is somebody else's");
    // In lower case and without the hyphens.
    let answers = join_all((0..4).map(|_| press(&browser, "renew", &codes[0]))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    let codes = answers.iter().find(|answer| answer.status == 200).expect("an answer").words(".recovery-codes li");
    assert_eq!(press(&browser, "renew", &codes[1].to_lowercase().replace('-', "")).await.status, 200);
    assert_eq!(refusal(&press(&browser, "renew", &codes[2]).await), "code_wrong", "the old ones are void");
}

async fn a_recovery_code_costs_one_hash_with_the_salt_of_its_user(bank: &TestBank) {
    let (_, codes) = AuthenticatorApp::set_up(bank, &bank.signed_in("c1").await).await;
    AuthenticatorApp::set_up(bank, &bank.signed_in("c2").await).await;
    assert_eq!(bank.number("SELECT COUNT(DISTINCT salt) FROM recovery_codes").await, 2, "one for each user");
    // 32 bytes of Argon2, not a keyed hash, which begins with the number of its key.
    let hashed = "SELECT COUNT(*) FROM recovery_codes WHERE LENGTH(code_hash) = 43 AND code_hash NOT LIKE '%:%'";
    assert_eq!(bank.number(hashed).await, 20);
    let session = sign_in(&bank.bank, "c1", PASSWORD.to_owned(), &Source::here("test")).await.expect("a session").session_id;
    let half = caller(&bank.bank, &session, false).await.expect("a visitor").caller;
    let give = async |code: &str| {
        let (given, hashes) = count_password_hashes(Box::pin(give_factor(&bank.bank, &half, code))).await;
        (given.is_ok(), hashes)
    };
    assert_eq!(give("3333-3333-3333").await, (false, 1));
    assert_eq!(give("000000").await, (false, 0), "that is no recovery code");
    bank.change("UPDATE authenticators SET locked_until = 9000000000000000").await;
    assert_eq!(give(&codes[0]).await, (false, 0), "nothing is judged");
    bank.change("UPDATE authenticators SET locked_until = 0").await;
    assert_eq!(give(&codes[0]).await, (true, 1));
}

/// As an earlier version kept them, which no release did: keyed hashes without a salt.
async fn recovery_codes_of_before_the_salt_count_until_they_are_renewed(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (_, codes) = AuthenticatorApp::set_up(bank, &browser).await;
    let keyed = bank.bank.seal().index("recovery", &format!("user-c1/{}", codes[0].replace('-', "")));
    bank.change("DELETE FROM recovery_codes WHERE id <> (SELECT MIN(id) FROM recovery_codes)").await;
    bank.change(&format!("UPDATE recovery_codes SET salt = '', code_hash = '{keyed}'")).await;
    assert_eq!(refusal(&press(&browser, "renew", &codes[1]).await), "code_wrong");
    assert_eq!(press(&browser, "renew", &codes[0]).await.words(".recovery-codes li").len(), 10);
    assert_eq!(bank.number("SELECT COUNT(*) FROM recovery_codes WHERE salt <> ''").await, 10);
}

async fn wrong_codes_lock_it_however_many_come_at_once(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (app, codes) = AuthenticatorApp::set_up(bank, &browser).await;
    let failures = || bank.number("SELECT failures FROM authenticators");
    let answers = join_all((0..20).map(|_| press(&browser, "remove", "000000"))).await;
    let judged = answers.iter().filter(|answer| refusal(answer) == "code_wrong").count();
    assert_eq!((judged, failures().await), (5, 5), "no sixth guess is judged");
    assert!(answers.iter().all(|answer| answer.status == 422));
    for right in [app.code(bank), codes[0].clone()] {
        let refused = press(&browser, "remove", &right).await;
        assert_eq!(refusal(&refused), "factor_locked");
        assert!(refused.text().contains("10:16"), "until when: {}", refused.text());
    }
    // Afterwards each further one locks it again, until a right one ends the count.
    bank.pass_minutes(8);
    browser.get(FACTOR).await;
    bank.pass_minutes(8);
    press(&browser, "renew", "000000").await;
    assert_eq!(refusal(&press(&browser, "renew", &app.code(bank)).await), "factor_locked");
    bank.change("UPDATE authenticators SET locked_until = 0").await;
    assert_eq!(press(&browser, "renew", &app.code(bank)).await.status, 200);
    assert_eq!(failures().await, 0);
    bank.pass_minutes(1);
    press(&browser, "renew", "000000").await;
    assert_eq!(press(&browser, "renew", &app.code(bank)).await.status, 200, "one wrong code locks nothing");
}

async fn removing_it_takes_a_code_and_a_reset_removes_it_too(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let (app, _) = AuthenticatorApp::set_up(bank, &browser).await;
    assert_eq!(press(&browser, "remove", "000000").await.status, 422);
    assert_eq!(bank.count("authenticators").await, 1);
    let removed = press(&browser, "remove", &app.code(bank)).await;
    assert_eq!(removed.location.as_deref(), Some("/me/factor?removed=1"));
    assert_eq!((bank.count("authenticators").await, bank.count("recovery_codes").await), (0, 0));
    assert_eq!(refusal(&press(&browser, "remove", &app.code(bank)).await), "factor_off");
    AuthenticatorApp::set_up(bank, &browser).await;
    bank.bank
        .write::<_, std::convert::Infallible, _>("reset", |tx| {
            async move { Ok(reset_sign_in(tx, "user-c1", ResetOf::PasswordAndFactor).await?) }.scope_boxed()
        })
        .await
        .expect("a reset");
    assert_eq!((bank.count("authenticators").await, bank.count("recovery_codes").await), (0, 0));
}

async fn customers_are_told_what_becomes_of_it(bank: &TestBank) {
    let told = async |what: &str| {
        let sql = format!("SELECT COUNT(*) FROM outbox WHERE kind = 'security_{what}' AND dead_at IS NULL");
        bank.number(sqlx::AssertSqlSafe(sql)).await
    };
    // Staff have no messages.
    for (name, before) in [("c1", 0), ("clerk", 1)] {
        let browser = bank.signed_in(name).await;
        let (app, codes) = AuthenticatorApp::set_up(bank, &browser).await;
        press(&browser, "renew", "000000").await;
        press(&browser, "remove", "34679CDFGHJK").await;
        assert_eq!(told("factor_set_up").await, 1, "{name}");
        assert_eq!([told("codes_renewed").await, told("factor_removed").await], [before; 2], "{name}");
        assert_eq!(told("recovery_used").await, before, "{name}: a wrong code is none");
        // A code of the app renews them without being told of as a recovery code.
        let renewed = press(&browser, "renew", &app.code(bank)).await;
        assert_eq!([told("codes_renewed").await, told("recovery_used").await], [1, before], "{name}");
        bank.pass_minutes(1);
        assert_ne!(codes, renewed.words(".recovery-codes li"));
        let halfway = bank.browser().await;
        halfway.try_sign_in(name, PASSWORD).await;
        let code = renewed.words(".recovery-codes li")[0].clone();
        halfway.post("/login/code", &pairs(&[("code", &code)])).await;
        assert_eq!(told("recovery_used").await, 1, "{name}: in place of the app");
        press(&browser, "remove", &app.code(bank)).await;
        assert_eq!(told("factor_removed").await, 1, "{name}");
        let text = browser.open("/me").await.words("#notices").join(" ");
        for title in ["两步验证已开启", "备用码已重新生成", "用了一个备用码", "两步验证已停用"] {
            assert_eq!(text.contains(title), name == "c1", "{title}: {text}");
        }
    }
}
