//! `lobby reset` (docs/domain.md §12): the operator at the machine gives a staff member a new activation link, also one of the only
//! two administrators, whom no page can reset; nobody who has left gets one.

use bank::kernel::failure::Rejected;
use bank::sessions::{IssuedLink, OperatorRefusal, ResetOf, Source, reset_by_operator, sign_in};
use sqlx::Executor as _;

use crate::closing_races::{held, waiting};
use crate::import_command::{run, said};
use crate::on_both_engines;
use crate::staff::codes;
use crate::support::admin::{check, decision, id, propose, send, staff};
use crate::support::authenticator::AuthenticatorApp;
use crate::support::seed::{PASSWORD, lock_sign_in};
use crate::support::soak::rounds;
use crate::support::{Browser, TestBank};

on_both_engines!(
    one_of_two_administrators_comes_back,
    a_link_that_was_lost_or_has_expired_is_renewed,
    who_is_no_staff_or_has_left_gets_no_link,
    who_leaves_at_the_same_moment_gets_no_link,
    of_many_resets_at_once_one_link_stays,
    a_reset_of_staff_leaves_the_second_factor_unless_it_is_said_to_be_lost,
);

mod on_an_empty_bank {
    use super::*;

    on_both_engines!(blank: the_command_asks_before_it_resets);
}

const TODAY: &str = "2026-11-23";
const NEW: &str = "correct horse battery staple";
const OPEN: &str = "SELECT COUNT(*) FROM activations WHERE used_at IS NULL AND ended_at IS NULL";

async fn reset(bank: &TestBank, name: &str) -> Result<IssuedLink, OperatorRefusal> {
    match reset_by_operator(&bank.bank, name, ResetOf::Password).await {
        Ok(issued) => Ok(issued),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// Whether the link still asks for a password.
async fn opens(browser: &Browser, issued: &IssuedLink) -> bool {
    browser.open(&format!("/activate/{}", issued.secret.reveal())).await.has("input[name=password]")
}

async fn activated(bank: &TestBank, issued: &IssuedLink) -> bool {
    let own = bank.browser().await;
    let form = own.open(&format!("/activate/{}", issued.secret.reveal())).await.form();
    own.submit(&form.with_all(&[("password", NEW), ("password_again", NEW)])).await;
    sign_in(&bank.bank, &issued.sign_in_name, NEW.to_owned(), &Source::here("test")).await.is_ok()
}

async fn one_of_two_administrators_comes_back(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, bank.signed_in("admin2").await);
    let page = check(&admin, "/admin/staff/user-admin2/reset", &[("reset", "on")]).await;
    assert_eq!(page.refusals()[0].0, "blocked", "no page resets one of two: {}", page.text());
    // As it is typed; failed attempts have locked the name.
    lock_sign_in(bank, "id = 'user-admin2'").await;
    let issued = reset(bank, " Admin2 ").await.expect("a link");
    assert_eq!((issued.sign_in_name.as_str(), issued.name.as_str(), issued.days), ("admin2", "职员admin2", 7));
    assert_eq!(second.get("/admin").await.status, 303, "signed out");
    assert!(
        sign_in(&bank.bank, "admin2", PASSWORD.to_owned(), &Source::here("test")).await.is_err(),
        "the old password has ended"
    );
    assert!(activated(bank, &issued).await);
    let done = "SELECT COUNT(*) FROM audit WHERE role = 'operator' AND user_id IS NULL AND action = 'sign_in_reset' \
                AND subject = 'user-admin2' AND result = 'ok'";
    assert_eq!(bank.number(done).await, 1);
    assert_eq!(admin.get("/admin").await.status, 200, "nobody else is signed out");
}

async fn a_link_that_was_lost_or_has_expired_is_renewed(bank: &TestBank) {
    bank.change("UPDATE users SET password_hash = '' WHERE id = 'user-admin2'").await;
    let lost = reset(bank, "admin2").await.expect("a link");
    let expired = reset(bank, "admin2").await.expect("a link");
    let browser = bank.browser().await;
    assert!(!opens(&browser, &lost).await, "a new link ends the lost one");
    bank.pass_minutes(7 * 24 * 60);
    assert!(!opens(&browser, &expired).await);
    let issued = reset(bank, "admin2").await.expect("a link");
    assert!(activated(bank, &issued).await);
    assert_eq!(bank.number(OPEN).await, 0);
}

async fn who_is_no_staff_or_has_left_gets_no_link(bank: &TestBank) {
    bank.change("UPDATE users SET left_on = '2026-11-23' WHERE id = 'user-clerk'").await;
    bank.change("UPDATE users SET left_on = '2026-11-24' WHERE id = 'user-clerk2'").await;
    for (name, refusal) in [
        ("nobody", OperatorRefusal::NotStaff),
        ("no name at all!", OperatorRefusal::NotStaff),
        // A customer.
        ("c1", OperatorRefusal::NotStaff),
        ("clerk", OperatorRefusal::HasLeft),
    ] {
        assert_eq!(reset(bank, name).await.err(), Some(refusal), "{name}");
    }
    assert_eq!(
        (bank.count("activations").await, bank.number("SELECT COUNT(*) FROM users WHERE password_hash = ''").await),
        (0, 0)
    );
    assert!(reset(bank, "clerk2").await.is_ok(), "who leaves tomorrow works today");
}

/// A password of the person, or a secret to set one.
async fn has_a_way_in(bank: &TestBank) -> bool {
    let password = bank.number("SELECT COUNT(*) FROM users WHERE id = 'user-clerk' AND password_hash <> ''").await;
    password + bank.number(OPEN).await > 0
}

async fn who_leaves_at_the_same_moment_gets_no_link(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, staff(bank, "admin2").await);
    for round in 0..rounds(40) {
        let request = id(&propose(&admin, "/admin/staff/user-clerk/leave", &[("leaves", TODAY)]).await);
        let post = decision(bank, &second, &request, "approve").await;
        let (left, issued) = tokio::join!(send(bank, &second, &request, &post), reset(bank, "clerk"));
        assert_eq!(left, Ok(()), "round {round}");
        assert!(issued.is_ok() || issued.as_ref().is_err_and(|refusal| *refusal == OperatorRefusal::HasLeft), "{issued:?}");
        assert!(!has_a_way_in(bank).await, "round {round}: {issued:?}");
        bank.change(
            "UPDATE users SET left_on = NULL, password_hash = (SELECT password_hash FROM users WHERE id = 'user-lobby') \
             WHERE id = 'user-clerk'",
        )
        .await;
    }
}

/// The reset has found the person, who then leaves before it locks their row.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_leaves_before_the_reset_has_the_row_gets_no_link() {
    let Some(bank) = TestBank::postgres().await else { return };
    let mut leaving = held(&bank, "UPDATE users SET left_on = '2026-11-23', password_hash = '' WHERE id = 'user-clerk'").await;
    let resetting = async {
        waiting(&bank, 1).await;
        leaving.execute("COMMIT").await.expect("left");
    };
    let (issued, ()) = tokio::join!(reset(&bank, "clerk"), resetting);
    assert_eq!(issued.err(), Some(OperatorRefusal::HasLeft));
    assert!(!has_a_way_in(&bank).await);
    bank.drop_database().await;
}

async fn of_many_resets_at_once_one_link_stays(bank: &TestBank) {
    let mut asked = Vec::new();
    for _ in 0..6 {
        let node = bank.another_node().await;
        asked.push(tokio::spawn(async move { reset_by_operator(&node, "clerk", ResetOf::Password).await.ok() }));
    }
    let mut issued = Vec::new();
    for asked in asked {
        issued.push(asked.await.expect("a reset").expect("a link"));
    }
    assert_eq!(bank.number(OPEN).await, 1);
    let browser = bank.browser().await;
    let mut open = 0;
    for issued in &issued {
        open += usize::from(opens(&browser, issued).await);
    }
    assert_eq!(open, 1);
}

async fn a_reset_of_staff_leaves_the_second_factor_unless_it_is_said_to_be_lost(bank: &TestBank) {
    let (admin, second) = (bank.signed_in("admin").await, staff(bank, "admin2").await);
    AuthenticatorApp::set_up(bank, &bank.signed_in("clerk").await).await;
    let by_two = async |fields: &[(&str, &str)]| {
        let request = id(&propose(&admin, "/admin/staff/user-clerk/reset", fields).await);
        let post = decision(bank, &second, &request, "approve").await;
        assert_eq!(send(bank, &second, &request, &post).await, Ok(()));
    };
    by_two(&[("reset", "on")]).await;
    let issued = reset(bank, "clerk").await.expect("a link");
    assert_eq!(bank.count("authenticators").await, 1);
    assert!(activated(bank, &issued).await);
    assert!(bank.browser().await.try_sign_in("clerk", NEW).await.location.unwrap().starts_with("/login/code"));
    by_two(&[("reset", "on"), ("factor_lost", "on")]).await;
    assert_eq!((bank.count("authenticators").await, bank.count("recovery_codes").await), (0, 0));
    // The operator says so, too.
    let issued = reset(bank, "clerk").await.expect("a link");
    assert!(activated(bank, &issued).await);
    let own = bank.browser().await;
    own.try_sign_in("clerk", NEW).await;
    AuthenticatorApp::set_up(bank, &own).await;
    assert!(reset_by_operator(&bank.bank, "clerk", ResetOf::PasswordAndFactor).await.is_ok());
    assert_eq!(bank.count("authenticators").await, 0);
    // Whoever has no password yet may find out then that the factor is lost; where there is none, the tick changes nothing.
    let issued = reset(bank, "clerk").await.expect("a link");
    assert!(activated(bank, &issued).await);
    let own = bank.browser().await;
    own.try_sign_in("clerk", NEW).await;
    AuthenticatorApp::set_up(bank, &own).await;
    by_two(&[("reset", "on")]).await;
    assert_eq!(bank.count("authenticators").await, 1);
    by_two(&[("reset", "on"), ("factor_lost", "on")]).await;
    assert_eq!(bank.count("authenticators").await, 0);
    let again = check(&admin, "/admin/staff/user-clerk/reset", &[("reset", "on"), ("factor_lost", "on")]).await;
    assert_eq!(codes(&again), ["nothing_changes"]);
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'sign_in_and_factor_reset'").await, 1);
}

async fn the_command_asks_before_it_resets(bank: &TestBank) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (done, said_by_init) = crate::founding::init(bank, folder).await;
    assert!(done, "{said_by_init}");
    let open = async || bank.number("SELECT MAX(created_at) FROM activations WHERE used_at IS NULL AND ended_at IS NULL").await;
    let before = open().await;
    // A test has no terminal.
    let asked = run(bank, folder, &["reset", "wangli"]).await;
    assert!(!asked.status.success() && said(&asked).contains("give --yes"), "{}", said(&asked));
    let unknown = run(bank, folder, &["reset", "nobody", "--yes"]).await;
    assert!(!unknown.status.success() && said(&unknown).contains("no staff member has this sign-in name"), "{}", said(&unknown));
    assert_eq!(open().await, before, "nothing was changed");
    let done = run(bank, folder, &["reset", "WangLi", "--yes"]).await;
    let words = said(&done);
    assert!(done.status.success() && words.matches("/activate/").count() == 1, "{words}");
    assert!(words.contains("wangli (王莉): http://127.0.0.1:3000/activate/") && words.contains("for 7 days"), "{words}");
    assert!(words.contains("Other computers cannot open"), "{words}");
    assert!(open().await > before && bank.number(OPEN).await == 2);
    // Settings of another bank make no database.
    let elsewhere = folder.join("elsewhere");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lobby"));
    command.args(["reset", "wangli", "--yes"]).env("LOBBY_DATA", &elsewhere).current_dir(folder);
    let missing = tokio::task::spawn_blocking(move || command.output().expect("lobby")).await.unwrap();
    assert!(!missing.status.success() && said(&missing).contains("there is no database at"), "{}", said(&missing));
    assert!(!elsewhere.join("lobby.db").exists());
}
