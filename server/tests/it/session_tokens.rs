//! The token of a session (docs/domain.md §12): it is renewed while the session is in use, a lost response and parallel requests end
//! nothing, and a copy that is shown later ends the session on every node.

use app::sign_in::cookie::SessionCookie;
use bank::kernel::time::At;
use bank::sessions::{
    Caller, NewToken, ResetOf, SessionEnd, ShownToken, Source, caller, give_factor, reset_sign_in, sign_in, visitor,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use scoped_futures::ScopedFutureExt as _;

use crate::on_both_engines;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::seed::PASSWORD;
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(
    a_token_is_renewed_while_the_session_is_in_use,
    a_lost_response_ends_nothing,
    two_tabs_go_on_while_a_token_is_renewed,
    a_copy_of_an_old_token_ends_the_session_and_the_user_is_told,
    concurrent_requests_issue_one_token_and_use_it_once,
    forged_tokens_are_nobody,
    who_signs_out_while_a_token_is_due_stays_out,
    a_session_of_before_the_update_goes_on,
    requests_that_pages_make_renew_without_being_activity,
    who_gives_a_code_gets_another_token_and_the_old_one_is_void_at_once,
    two_codes_at_once_make_one_session,
    a_reset_ends_a_session_that_a_code_makes_at_the_same_time,
);

/// The session cookie that a response sets, as a request header.
fn cookie(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.filter_map(|cookie| cookie.split(';').next()).find(|cookie| cookie.starts_with("lobby=")).map(str::to_owned)
}

async fn signed_in(bank: &TestBank, name: &str) -> String {
    cookie(&bank.browser().await.try_sign_in(name, PASSWORD).await).expect("a cookie")
}

/// A request with this cookie and no other.
async fn get(bank: &TestBank, path: &str, held: &str) -> Answer {
    bank.browser().await.send(path, &[("cookie", held)], None).await
}

fn end(answer: &Answer) -> &str {
    answer.location.as_deref().and_then(|to| to.split("&ended=").nth(1)).unwrap_or_default()
}

async fn a_token_is_renewed_while_the_session_is_in_use(bank: &TestBank) {
    let first = signed_in(bank, "c1").await;
    bank.pass_minutes(4);
    assert_eq!(cookie(&get(bank, "/me", &first).await), None, "not yet");
    bank.pass_minutes(1);
    let answer = get(bank, "/me", &first).await;
    let second = cookie(&answer).expect("a new token");
    assert_ne!(first, second);
    let all = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect::<Vec<_>>().join("");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=28800"] {
        assert!(all.contains(attribute), "{all}");
    }
    let payload = second.split('.').nth(1).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600, "ten minutes");
    assert_eq!(cookie(&get(bank, "/me", &second).await), None);
    let mut held = second;
    for _ in 0..20 {
        bank.pass_minutes(6);
        held = cookie(&get(bank, "/me", &held).await).expect("a new token");
    }
    bank.pass_minutes(11);
    assert_eq!(end(&get(bank, "/me", &held).await), "idle", "the limits of the session stay");
}

async fn a_lost_response_ends_nothing(bank: &TestBank) {
    let first = signed_in(bank, "c1").await;
    bank.pass_minutes(5);
    let lost = cookie(&get(bank, "/me", &first).await).expect("a new token");
    bank.pass_minutes(1);
    let again = cookie(&get(bank, "/me", &first).await).expect("another one");
    assert_ne!(lost, again);
    assert_eq!(get(bank, "/me", &again).await.status, 200);
    bank.pass_minutes(1);
    assert_eq!(get(bank, "/me", &again).await.status, 200);
    // Whoever does hold the lost one has taken it on the way.
    assert_eq!(end(&get(bank, "/me", &lost).await), "copy");
}

async fn two_tabs_go_on_while_a_token_is_renewed(bank: &TestBank) {
    let first = signed_in(bank, "clerk").await;
    bank.pass_minutes(5);
    let second = cookie(&get(bank, "/desk", &first).await).expect("a new token");
    let beside = get(bank, "/me", &first).await;
    assert_eq!((beside.status, cookie(&beside)), (200, None), "a page loaded at the same time");
    assert_eq!(get(bank, "/desk", &second).await.status, 200);
    let beside = get(bank, "/me", &first).await;
    assert_eq!((beside.status, cookie(&beside)), (200, None), "the one before, a moment later");
    bank.set_moment(At(bank.bank.now().0 + 10_001));
    assert_eq!(end(&get(bank, "/me", &first).await), "copy", "and no longer");
}

async fn a_copy_of_an_old_token_ends_the_session_and_the_user_is_told(bank: &TestBank) {
    let other = bank.signed_in("c1").await;
    let copied = signed_in(bank, "c1").await;
    bank.pass_minutes(5);
    let own = cookie(&get(bank, "/me", &copied).await).expect("a new token");
    assert_eq!(get(bank, "/me", &own).await.status, 200);
    bank.pass_minutes(1);
    let node = Browser::new(&bank.behind_proxies(0).await);
    assert_eq!(end(&node.send("/me", &[("cookie", &copied)], None).await), "copy");
    let refused = get(bank, "/me", &own).await;
    assert_eq!(end(&refused), "copy", "the owner is told, on every node");
    let told = bank.browser().await.open(refused.location.as_deref().unwrap()).await.text();
    assert!(told.contains("为安全起见，已结束这次登录") && told.contains("可能被复制"), "{told}");
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'session_reused' AND subject = 'user-c1'").await, 1);
    assert_eq!(other.get("/me").await.status, 200, "the other sessions go on");
}

/// What a cookie shows.
fn shown(held: &str) -> ShownToken {
    let payload = held.split('.').nth(1).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let text = |name: &str| claims[name].as_str().map(str::to_owned);
    ShownToken { session_id: text("sid").unwrap(), id: text("jti"), issued_at: claims["iat"].as_i64().map(|at| At(at * 1000)) }
}

async fn concurrent_requests_issue_one_token_and_use_it_once(bank: &TestBank) {
    let nodes = [bank.bank.clone(), bank.another_node().await];
    let mut held = shown(&signed_in(bank, "c1").await);
    for _ in 0..5 {
        bank.pass_minutes(5);
        let at_once = (0..12).map(|number: usize| {
            let (node, held) = (nodes[number % 2].clone(), held.clone());
            tokio::spawn(async move { visitor(&node, &held, true, false).await.expect("a visitor") })
        });
        let visitors = futures_util::future::join_all(at_once.collect::<Vec<_>>()).await;
        let visitors: Vec<_> = visitors.into_iter().map(|visitor| visitor.unwrap()).collect();
        assert!(visitors.iter().all(|visitor| matches!(visitor.caller, Caller::Customer(_))));
        let issued: Vec<&NewToken> = visitors.iter().filter_map(|visitor| visitor.renewed.as_ref()).collect();
        assert_eq!(issued.len(), 1, "one of them");
        let old = held.clone();
        held = ShownToken { id: Some(issued[0].id.clone()), issued_at: Some(bank.bank.now()), ..held };
        // Its first use, and the old one, at the same time.
        let at_once = (0..12).map(|number: usize| {
            let (node, held) = (nodes[number % 2].clone(), if number.is_multiple_of(3) { old.clone() } else { held.clone() });
            tokio::spawn(async move { visitor(&node, &held, true, false).await.expect("a visitor") })
        });
        for visitor in futures_util::future::join_all(at_once.collect::<Vec<_>>()).await {
            assert!(matches!(visitor.unwrap().caller, Caller::Customer(_)), "nobody is signed out");
        }
    }
    let live = "SELECT COUNT(*) FROM sessions WHERE user_id = 'user-c1' AND ended_at IS NULL";
    assert_eq!(bank.number(live).await, 1);
}

fn forged(header: &str, claims: &str, signature: &str) -> String {
    format!("lobby={}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

async fn forged_tokens_are_nobody(bank: &TestBank) {
    let real = signed_in(bank, "c1").await;
    let known = shown(&real);
    let (sid, jti) = (known.session_id.clone(), known.id.clone().unwrap());
    let signature = real.rsplit('.').next().unwrap();
    let claims = format!("{{\"sid\":\"{sid}\",\"jti\":\"{jti}\",\"aud\":\"lobby-session\"}}");
    let foreign = |key: &[u8]| {
        let token = NewToken { session_id: sid.clone(), id: jti.clone(), until: bank.bank.now().plus_hours(1) };
        SessionCookie::new(key, false).issue(&token, bank.bank.now()).unwrap().to_string()
    };
    for (what, cookie) in [
        ("no signature", forged(r#"{"alg":"none","typ":"JWT"}"#, &claims, "")),
        ("no algorithm, a signature", forged(r#"{"alg":"none"}"#, &claims, signature)),
        ("another algorithm", forged(r#"{"alg":"HS512","typ":"JWT"}"#, &claims, signature)),
        ("other claims", forged(r#"{"typ":"JWT","alg":"HS256"}"#, &claims, signature)),
        ("another key", foreign(&[9; 32])),
        ("an empty key", foreign(&[])),
    ] {
        let answer = get(bank, "/me", cookie.split(';').next().unwrap()).await;
        assert_eq!(answer.location.as_deref(), Some("/login?next=%2Fme"), "{what}");
    }
    assert_eq!(get(bank, "/me", &real).await.status, 200, "nothing of this ends the session");
}

async fn who_signs_out_while_a_token_is_due_stays_out(bank: &TestBank) {
    let first = signed_in(bank, "c1").await;
    bank.pass_minutes(5);
    let answer = bank.browser().await.send("/logout", &[("cookie", &first)], Some("")).await;
    assert_eq!(cookie(&answer).as_deref(), Some("lobby="), "the cookie goes");
    assert!(
        answer.headers.get_all("set-cookie").iter().filter(|cookie| cookie.to_str().unwrap().starts_with("lobby=")).count() == 1
    );
    assert_eq!(end(&get(bank, "/me", &first).await), "elsewhere");
}

async fn a_session_of_before_the_update_goes_on(bank: &TestBank) {
    let known = shown(&signed_in(bank, "c1").await);
    bank.change("UPDATE sessions SET token = NULL").await;
    let before = ShownToken { id: None, issued_at: None, ..known };
    let renewed = visitor(&bank.bank, &before, true, false).await.unwrap().renewed.expect("a token with an id");
    let held = ShownToken { id: Some(renewed.id), issued_at: Some(bank.bank.now()), ..before.clone() };
    assert!(matches!(visitor(&bank.bank, &held, true, false).await.unwrap().caller, Caller::Customer(_)));
    bank.pass_minutes(1);
    let ended = visitor(&bank.bank, &before, true, false).await.unwrap().caller;
    assert_eq!(ended, Caller::Ended(SessionEnd::Reused), "one without an id is an old one now");
}

async fn requests_that_pages_make_renew_without_being_activity(bank: &TestBank) {
    let first = signed_in(bank, "clerk").await;
    bank.pass_minutes(8);
    let second = cookie(&get(bank, "/session/left", &first).await).expect("a new token");
    bank.pass_minutes(6);
    // Valid for ten minutes, but the session for fifteen.
    let third = cookie(&get(bank, "/session/left", &second).await).expect("a new token");
    bank.pass_minutes(2);
    assert_eq!(end(&get(bank, "/desk", &third).await), "idle", "asking is no activity");
}

async fn who_gives_a_code_gets_another_token_and_the_old_one_is_void_at_once(bank: &TestBank) {
    let other = Browser::new(&bank.behind_proxies(0).await);
    for name in ["c1", "clerk"] {
        let (app, _) = AuthenticatorApp::set_up(bank, &bank.signed_in(name).await).await;
        let begun = signed_in(bank, name).await;
        let form = |code: &str| format!("code={code}");
        let wrong = bank.browser().await.send("/login/code", &[("cookie", &begun)], Some(&form("000000"))).await;
        assert_eq!((wrong.status, cookie(&wrong)), (422, None), "{name}: a wrong code changes nothing");
        // After the password, and later at an act that asks again.
        let since = bank.bank.now().0;
        let mut held = begun;
        for path in ["/login/code", "/step-up"] {
            let given = bank.browser().await.send(path, &[("cookie", &held)], Some(&form(&app.code(bank)))).await;
            let new = cookie(&given).expect("a new token");
            assert_ne!(shown(&new).session_id, shown(&held).session_id, "{name} {path}");
            assert_eq!(get(bank, "/me", &new).await.status, 200, "{name} {path}");
            for old in [get(bank, "/me", &held).await, other.send("/me", &[("cookie", &held)], None).await] {
                assert_eq!((old.status, end(&old)), (303, "elsewhere"), "{name} {path}");
            }
            assert_eq!(get(bank, "/me", &new).await.status, 200, "{name} {path}: it ends nothing else");
            let age = format!("SELECT created_at FROM sessions WHERE id = '{}'", shown(&new).session_id);
            assert_eq!(bank.number(sqlx::AssertSqlSafe(age)).await, since, "{name} {path}: the session is as old as before");
            bank.pass_minutes(6);
            held = cookie(&get(bank, "/me", &new).await).expect("a renewed token");
        }
    }
}

/// Somebody who has given the password, and has to give a code.
async fn awaiting(bank: &TestBank) -> Caller {
    let signed_in = sign_in(&bank.bank, "c1", PASSWORD.to_owned(), &Source::here("test")).await.expect("signed in");
    caller(&bank.bank, &signed_in.session_id, false).await.expect("a session").caller
}

const LIVE: &str = "SELECT COUNT(*) FROM sessions WHERE user_id = 'user-c1' AND ended_at IS NULL";

async fn two_codes_at_once_make_one_session(bank: &TestBank) {
    let (_, codes) = AuthenticatorApp::set_up(bank, &bank.signed_in("c1").await).await;
    let nodes = [bank.bank.clone(), bank.another_node().await];
    for pair in codes.chunks_exact(2) {
        bank.change("UPDATE sessions SET ended_at = 1 WHERE ended_at IS NULL").await;
        let half = awaiting(bank).await;
        let given = nodes.iter().zip(pair).map(|(node, code)| {
            let (node, half, code) = (node.clone(), half.clone(), code.clone());
            tokio::spawn(async move { give_factor(&node, &half, &code).await.is_ok() })
        });
        let given = futures_util::future::join_all(given.collect::<Vec<_>>()).await;
        assert_eq!(given.into_iter().filter(|given| *given.as_ref().unwrap()).count(), 1);
        assert_eq!(bank.number(LIVE).await, 1);
    }
}

async fn a_reset_ends_a_session_that_a_code_makes_at_the_same_time(bank: &TestBank) {
    let node = bank.another_node().await;
    for round in 0..6 {
        let (_, codes) = AuthenticatorApp::set_up(bank, &bank.signed_in("c1").await).await;
        let (half, node, code) = (awaiting(bank).await, node.clone(), codes[0].clone());
        let giving = tokio::spawn(async move { give_factor(&node, &half, &code).await.is_ok() });
        // A recovery code is hashed first, which takes tens of milliseconds.
        tokio::time::sleep(std::time::Duration::from_millis(12 * round)).await;
        let reset = bank.bank.write::<_, std::convert::Infallible, _>("reset", |tx| {
            async move { Ok(reset_sign_in(tx, "user-c1", ResetOf::PasswordAndFactor).await?) }.scope_boxed()
        });
        reset.await.expect("a reset");
        giving.await.expect("an answer");
        assert_eq!(bank.number(LIVE).await, 0, "round {round}");
        let again =
            "UPDATE users SET password_hash = (SELECT o.password_hash FROM users o WHERE o.id = 'user-c2') WHERE id = 'user-c1'";
        bank.change(again).await;
    }
}
