//! Activation and leavers (docs/domain.md §12): a one-time secret sets a password once, whoever asks at the same time; secrets
//! that are not open are answered alike; who has left is signed out everywhere and refused like a wrong password.

use bank::kernel::failure::Rejected;
use bank::kernel::forms::fresh_key;
use bank::sessions::{
    ActivationKind, Caller, CodeClaim, NewPassword, Secret, SessionEnd, SessionParameters, Source, activate_by_code, caller,
    invite, sign_in,
};
use scoped_futures::ScopedFutureExt;

use crate::closing_races::{held, waiting};
use crate::on_both_engines;
use crate::support::seed::{PASSWORD, phone, user_of};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    a_link_sets_a_password_once_and_leaves_the_address,
    a_password_that_breaks_the_rule_is_refused_with_the_reason_and_uses_nothing,
    links_that_are_not_open_are_answered_alike,
    a_repeated_post_gets_the_same_answer,
    one_link_is_used_by_one_of_many,
    of_many_invitations_at_once_one_stays_open,
    who_has_left_is_signed_out_everywhere_and_refused_like_a_wrong_password,
    without_a_password_nobody_signs_in,
    a_code_sets_a_customers_password_once,
    five_wrong_attempts_end_a_code_however_many_come_at_once,
    what_does_not_fit_is_refused_alike_with_the_same_statements,
    a_refused_password_and_a_colleagues_code_cost_no_attempt,
);

/// A password that fulfils the rule.
pub const NEW: &str = "correct horse battery staple";

/// Takes the password away and invites the user, as a reset does.
pub async fn invited(bank: &TestBank, name: &str, kind: ActivationKind) -> Secret {
    bank.change(&format!("UPDATE users SET password_hash = '' WHERE sign_in_name = '{name}'")).await;
    let user = format!("user-{name}");
    let invited = bank
        .bank
        .write::<_, std::convert::Infallible, _>("invite", |tx| {
            let user = user.clone();
            async move { Ok(invite(tx, &user, kind, None, &SessionParameters::default()).await?) }.scope_boxed()
        })
        .await;
    invited.map_err(Rejected::into_failure).expect("an invitation")
}

/// Follows a link to the page that asks for the password.
async fn followed(browser: &Browser, secret: &Secret) -> Answer {
    browser.open(&format!("/activate/{}", secret.reveal())).await
}

/// Posts the form of a page with this password twice.
async fn set(browser: &Browser, page: &Answer, password: &str) -> Answer {
    let form = page.form().with_all(&[("password", password), ("password_again", password)]);
    browser.post(&form.action, &form.fields).await
}

pub async fn signs_in(bank: &TestBank, name: &str, password: &str) -> bool {
    sign_in(&bank.bank, name, password.to_owned(), &Source::here("test")).await.is_ok()
}

fn to(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.location.as_deref().unwrap_or_default())
}

async fn a_link_sets_a_password_once_and_leaves_the_address(bank: &TestBank) {
    let secret = invited(bank, "clerk", ActivationKind::Link).await;
    let browser = bank.browser().await;
    let answer = browser.get(&format!("/activate/{}", secret.reveal())).await;
    assert_eq!(to(&answer), (303, "/activate/link"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("Max-Age=900") && cookie.contains("SameSite=Lax"), "{cookie}");
    let page = browser.get("/activate/link").await;
    assert!(page.text().contains("职员clerk") && !page.body.contains(secret.reveal()), "{}", page.text());
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "same-origin"));
    assert_eq!(to(&set(&browser, &page, NEW).await), (303, "/login?activated=1"));
    let done = browser.get("/login?activated=1").await;
    assert!(done.text().contains("密码设好了") && done.text().contains("您的登录名是 clerk"), "{}", done.text());
    assert_eq!(done.attr("#sign_in_name", "value").as_deref(), Some("clerk"));
    assert!(signs_in(bank, "clerk", NEW).await && !signs_in(bank, "clerk", PASSWORD).await);
    // Followed again it says that it does not work any more.
    let again = followed(&bank.browser().await, &secret).await;
    assert!(!again.has("input[type=password]") && again.text().contains("已经用过"), "{}", again.text());
    let sql = "SELECT COUNT(*) FROM audit WHERE action = 'activate' AND subject = 'user-clerk' AND result = 'ok'";
    assert_eq!(bank.number(sql).await, 1);
}

async fn a_password_that_breaks_the_rule_is_refused_with_the_reason_and_uses_nothing(bank: &TestBank) {
    let secret = invited(bank, "clerk", ActivationKind::Link).await;
    let browser = bank.browser().await;
    let page = followed(&browser, &secret).await;
    for (password, again, code) in [
        ("fourteen chars", "fourteen chars", "password_too_short"),
        ("my name is clerk here", "my name is clerk here", "password_holds_name"),
        ("passwordPASSWORD", "passwordPASSWORD", "password_common"),
        ("zxcvbnm,./asdfghjkl;'", "zxcvbnm,./asdfghjkl;'", "password_run"),
        (NEW, "correct horse battery", "password_differs"),
        (&"x".repeat(129), &"x".repeat(129), "password_too_long"),
    ] {
        let form = page.form().with_all(&[("password", password), ("password_again", again)]);
        let refused = browser.post(&form.action, &form.fields).await;
        assert_eq!((refused.status, refused.refusals()), (422, vec![(code.to_owned(), None)]));
        assert!(!refused.body.contains("fourteen") && !refused.body.contains(NEW), "a password is shown again");
    }
    // Any character, taken exactly as typed.
    let password = "  空格 与\u{200b}零宽 👨‍👩‍👧‍👦 café e\u{301}  ";
    assert_eq!(to(&set(&browser, &page, password).await).0, 303);
    assert!(signs_in(bank, "clerk", password).await && !signs_in(bank, "clerk", password.trim()).await);
}

/// A page without what differs between requests.
fn plain(page: &Answer) -> (u16, String) {
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    (page.status, page.body.replace(nonce, "NONCE"))
}

async fn links_that_are_not_open_are_answered_alike(bank: &TestBank) {
    let unknown = plain(&followed(&bank.browser().await, &Secret::typed(ActivationKind::Link, "no-such-link")).await);
    // A page without a cookie, and a secret that no link has.
    assert_eq!(plain(&bank.browser().await.get("/activate/link").await), unknown);
    assert_eq!(plain(&bank.browser().await.open("/activate/%E5%AF%86%3B%20Path").await), unknown);
    let used = invited(bank, "clerk", ActivationKind::Link).await;
    let browser = bank.browser().await;
    let page = followed(&browser, &used).await;
    set(&browser, &page, NEW).await;
    let renewed = invited(bank, "lobby", ActivationKind::Link).await;
    let expired = invited(bank, "lobby", ActivationKind::Link).await;
    let left = invited(bank, "manager", ActivationKind::Link).await;
    bank.change("UPDATE users SET left_on = '2026-11-23' WHERE id = 'user-manager'").await;
    // A customer's code is no link.
    let code = invited(bank, "c1", ActivationKind::Code).await;
    let opened = followed(&browser, &expired).await;
    assert!(opened.has("input[type=password]"));
    bank.pass_minutes(7 * 24 * 60);
    for secret in [&used, &renewed, &expired, &left, &code] {
        let page = followed(&bank.browser().await, secret).await;
        assert_eq!(plain(&page), unknown);
        let form = opened.form().with_all(&[("password", NEW), ("password_again", NEW)]);
        let browser = bank.browser().await;
        followed(&browser, secret).await;
        assert_eq!(plain(&browser.post("/activate/link", &form.fields).await), unknown);
    }
    assert!(!signs_in(bank, "lobby", NEW).await && !signs_in(bank, "manager", NEW).await);
}

async fn a_repeated_post_gets_the_same_answer(bank: &TestBank) {
    let secret = invited(bank, "clerk", ActivationKind::Link).await;
    let browser = bank.browser().await;
    let page = followed(&browser, &secret).await;
    let first = set(&browser, &page, NEW).await;
    let second = set(&browser, &page, NEW).await;
    assert_eq!(to(&first), to(&second));
    assert_eq!(browser.get("/login?activated=1").await.attr("#sign_in_name", "value").as_deref(), Some("clerk"));
    assert_eq!(browser.get("/login").await.attr("#sign_in_name", "value").as_deref(), Some(""), "only after the activation");
    // Under another key the link is used.
    let other = page.form().with_all(&[("key", "0123456789abcdefghjkmnpqrs"), ("password", NEW), ("password_again", NEW)]);
    assert!(browser.post("/activate/link", &other.fields).await.text().contains("已经用过"));
}

async fn one_link_is_used_by_one_of_many(bank: &TestBank) {
    let secret = invited(bank, "clerk", ActivationKind::Link).await;
    let mut open = Vec::new();
    for _ in 0..8 {
        let browser = bank.browser().await;
        let page = followed(&browser, &secret).await;
        open.push((browser, page));
    }
    let mut posts = Vec::new();
    for (number, (browser, page)) in open.into_iter().enumerate() {
        posts.push(tokio::spawn(async move { set(&browser, &page, &format!("{NEW} {number}")).await.status }));
    }
    let mut done = Vec::new();
    for post in posts {
        done.push(post.await.expect("a post"));
    }
    assert_eq!(done.iter().filter(|status| **status == 303).count(), 1, "{done:?}");
    let winner = done.iter().position(|status| *status == 303).expect("a winner");
    for number in 0..8 {
        assert_eq!(signs_in(bank, "clerk", &format!("{NEW} {number}")).await, number == winner);
        bank.change("DELETE FROM sign_in_failures").await;
    }
}

/// The request has found the link, which then ends before it is used.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_link_that_ends_before_it_is_used_sets_nothing() {
    let Some(bank) = TestBank::postgres().await else { return };
    let secret = invited(&bank, "clerk", ActivationKind::Link).await;
    let browser = bank.browser().await;
    let page = followed(&browser, &secret).await;
    let mut ending = held(&bank, "UPDATE activations SET ended_at = created_at WHERE user_id = 'user-clerk'").await;
    let end = async {
        waiting(&bank, 1).await;
        sqlx::Executor::execute(&mut ending, "COMMIT").await.expect("committed");
    };
    let (answer, ()) = tokio::join!(set(&browser, &page, NEW), end);
    assert!(answer.text().contains("已经用过"), "{}", answer.text());
    assert!(!signs_in(&bank, "clerk", NEW).await);
    bank.drop_database().await;
}

async fn of_many_invitations_at_once_one_stays_open(bank: &TestBank) {
    let mut asked = Vec::new();
    for _ in 0..6 {
        let at = bank.bank.clone();
        asked.push(tokio::spawn(async move {
            let limits = SessionParameters::default();
            let write = at.write::<_, std::convert::Infallible, _>("invite", |tx| {
                let limits = &limits;
                async move { Ok(invite(tx, "user-clerk", ActivationKind::Link, None, limits).await?) }.scope_boxed()
            });
            write.await.is_ok()
        }));
    }
    for asked in asked {
        assert!(asked.await.expect("an invitation"));
    }
    assert_eq!(bank.count("activations").await, 6);
    assert_eq!(bank.number("SELECT COUNT(*) FROM activations WHERE used_at IS NULL AND ended_at IS NULL").await, 1);
}

async fn who_has_left_is_signed_out_everywhere_and_refused_like_a_wrong_password(bank: &TestBank) {
    let here = sign_in(&bank.bank, "clerk", PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in").session_id;
    let node = bank.another_node().await;
    bank.change("UPDATE users SET left_on = '2026-11-24' WHERE id = 'user-clerk'").await;
    assert!(matches!(caller(&node, &here, false).await.expect("a caller").caller, Caller::Staff(_)), "on the day before");
    bank.set_time("2026-11-23T23:59:00+08:00");
    let late = sign_in(&bank.bank, "clerk", PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in").session_id;
    bank.set_time("2026-11-24T00:00:00+08:00");
    for session in [&here, &late] {
        assert_eq!(caller(&node, session, false).await.expect("a caller").caller, Caller::Ended(SessionEnd::ByBank));
    }
    let browser = bank.browser().await;
    let refused = browser.try_sign_in("clerk", PASSWORD).await;
    assert_eq!(to(&refused), to(&browser.try_sign_in("nobody-of-this-name", PASSWORD).await));
    assert!(to(&refused).1.starts_with("/login?refused=sign_in_failed"));
}

async fn without_a_password_nobody_signs_in(bank: &TestBank) {
    bank.change("UPDATE users SET password_hash = '' WHERE sign_in_name = 'clerk'").await;
    let browser = bank.browser().await;
    let refused = browser.post("/login", &pairs(&[("sign_in_name", "clerk"), ("password", PASSWORD)])).await;
    assert!(to(&refused).1.starts_with("/login?refused=sign_in_failed"), "{refused:?}");
    // The page asks for an empty password; whoever gets past it is refused too.
    for password in ["", PASSWORD] {
        assert!(sign_in(&bank.bank, "clerk", password.to_owned(), &Source::here("test")).await.is_err(), "{password}");
    }
}

/// The end of the ID number of every seeded customer.
const ID_END: &str = "011234";

/// The values of a claim with a password.
fn claim(number: &str, id_end: &str, code: &str) -> Vec<(String, String)> {
    pairs(&[("number", number), ("id_end", id_end), ("code", code), ("password", NEW), ("password_again", NEW)])
}

/// Opens the page and posts a claim.
async fn claimed(bank: &TestBank, values: &[(String, String)]) -> Answer {
    let browser = bank.browser().await;
    let mut fields = browser.get("/activate").await.form().fields;
    fields.retain(|(name, _)| name == "key");
    fields.extend(values.iter().cloned());
    browser.post("/activate", &fields).await
}

async fn a_code_sets_a_customers_password_once(bank: &TestBank) {
    let code = invited(bank, "c1", ActivationKind::Code).await;
    assert!(code.grouped().len() == 14 && code.reveal().len() == 12);
    // As people type it: lower case, full width, other separators.
    let typed = code.grouped().to_lowercase().replace('-', " ");
    assert_eq!(to(&claimed(bank, &claim("Ｃ1 ", ID_END, &typed)).await), (303, "/login?activated=1"));
    assert!(signs_in(bank, "c1", NEW).await);
    let again = claimed(bank, &claim("c1", ID_END, code.reveal())).await;
    assert_eq!((again.status, again.refusals()[0].0.as_str()), (422, "code_wrong"));
    assert!(
        again.body.contains(&format!("value=\"{ID_END}\"")) && !again.body.contains(NEW),
        "typed values stay, passwords do not"
    );
}

async fn five_wrong_attempts_end_a_code_however_many_come_at_once(bank: &TestBank) {
    let code = invited(bank, "c1", ActivationKind::Code).await;
    for _ in 0..4 {
        assert_eq!(claimed(bank, &claim("c1", ID_END, "333344446666")).await.status, 422);
    }
    assert_eq!(to(&claimed(bank, &claim("c1", ID_END, code.reveal())).await).0, 303, "the fifth attempt may be the right one");
    let code = invited(bank, "c2", ActivationKind::Code).await;
    let mut tried = Vec::new();
    for _ in 0..12 {
        let node = bank.another_node().await;
        tried.push(tokio::spawn(async move {
            let claim = CodeClaim::typed("c2", ID_END, "333344446666");
            let password = NewPassword { password: NEW.to_owned(), again: NEW.to_owned(), house: Vec::new() };
            let key = fresh_key(&node).expect("a key");
            activate_by_code(&node, &claim, &key, password, &Source::here("test")).await.is_err()
        }));
    }
    for tried in tried {
        assert!(tried.await.expect("an attempt"));
    }
    let sql = "SELECT failures FROM activations WHERE user_id = 'user-c2' AND ended_at IS NOT NULL";
    assert_eq!(bank.number(sql).await, 5);
    let late = claimed(bank, &claim("c2", ID_END, code.reveal())).await;
    assert_eq!(late.refusals()[0].0, "code_wrong");
    assert!(!signs_in(bank, "c2", NEW).await);
}

async fn what_does_not_fit_is_refused_alike_with_the_same_statements(bank: &TestBank) {
    let code = invited(bank, "c1", ActivationKind::Code).await;
    let mut answers = Vec::new();
    for values in [
        claim("c1", ID_END, "333344446666"),
        claim("c1", "999999", code.reveal()),
        claim("c1", "4", code.reveal()),
        claim("no-such-number", ID_END, code.reveal()),
        // The sign-in name of a member of staff is nobody's customer.
        claim("clerk", ID_END, code.reveal()),
        // Somebody who is active has no code.
        claim("c2", ID_END, code.reveal()),
    ] {
        let browser = bank.browser().await;
        let mut fields = browser.get("/activate").await.form().fields;
        fields.retain(|(name, _)| name == "key");
        fields.extend(values.iter().cloned());
        let before = bank.bank.db().counted();
        let answer = browser.post("/activate", &fields).await;
        let after = bank.bank.db().counted();
        let statements = (after.reads - before.reads, after.writes - before.writes);
        answers.push((answer.status, answer.refusals(), answer.words("main p"), statements));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    bank.pass_minutes(30 * 24 * 60);
    assert_eq!(claimed(bank, &claim("c1", ID_END, code.reveal())).await.refusals()[0].0, "code_wrong", "expired");
}

async fn a_refused_password_and_a_colleagues_code_cost_no_attempt(bank: &TestBank) {
    user_of(&bank.bank, "k1", "k1a", "company_approver").await;
    let (operator, approver) =
        (invited(bank, "k1", ActivationKind::Code).await, invited(bank, "k1a", ActivationKind::Code).await);
    let failures = "SELECT CAST(SUM(failures) AS BIGINT) FROM activations";
    bank.change("UPDATE customers SET birth_day = '1968-05-01' WHERE number = 'k1'").await;
    let phone = format!("my phone is {}", phone("k1"));
    for (password, refused) in [
        ("short", "password_too_short"),
        (phone.as_str(), "password_holds_name"),
        ("born on 1968/05/01 in May", "password_holds_name"),
    ] {
        let mut values = claim("k1", ID_END, approver.reveal());
        values.retain(|(name, _)| !name.starts_with("password"));
        values.extend(pairs(&[("password", password), ("password_again", password)]));
        assert_eq!(claimed(bank, &values).await.refusals()[0].0, refused);
    }
    assert_eq!(bank.number(failures).await, 0);
    assert_eq!(to(&claimed(bank, &claim("k1", ID_END, operator.reveal())).await).0, 303);
    assert_eq!(bank.number("SELECT failures FROM activations WHERE user_id = 'user-k1a'").await, 0);
    let browser = bank.browser().await;
    let key = browser.get("/activate").await.form().value("key").expect("a key").to_owned();
    let mut values = claim("k1", ID_END, approver.reveal());
    values.push(("key".to_owned(), key));
    assert_eq!(to(&browser.post("/activate", &values).await), (303, "/login?activated=1"));
    // Under the number of the company: the approver signs in with a name of their own.
    assert_eq!(browser.get("/login?activated=1").await.attr("#sign_in_name", "value").as_deref(), Some("k1a"));
    assert!(signs_in(bank, "k1", NEW).await && signs_in(bank, "k1a", NEW).await);
}
