//! Founding a bank (docs/domain.md §12): it is done once, whoever asks at the same time, leaves an empty bank that works, and until
//! then every page says which command to run.

use std::sync::Arc;

use bank::branches::BankDetails;
use bank::founding::{Administrator, Founding, FoundingRefusal, found};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::sessions::{CustomerKind, Secret};
use server::commands::demo;

use crate::on_both_engines;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::seed::{PASSWORD, customer_of, parameter, staff_of};
use crate::support::{Answer, Browser, TestBank};

on_both_engines!(blank:
    until_it_is_founded_every_page_says_what_to_run_and_then_it_works_without_a_restart,
    of_many_foundings_at_once_one_counts,
    the_command_judges_the_database_before_it_founds,
    a_demo_bank_and_a_founded_bank_are_not_founded_again,
    an_empty_bank_has_its_pages,
    customers_of_a_founded_bank_give_a_second_proof,
    without_a_row_the_settings_name_the_bank,
);

const NEW: &str = "correct horse battery staple";

/// A bank of its own.
pub fn harbour() -> Founding {
    let administrator = |sign_in_name: &str, name: &str| Administrator { sign_in_name: sign_in_name.into(), name: name.into() };
    Founding {
        details: BankDetails {
            name_zh: "海湾银行".into(),
            name_en: "Harbour Bank".into(),
            hotline: "95511".into(),
            complaint_phone: "0756-8888 0000".into(),
            complaint_address_zh: "珠海市香洲区情侣路 1 号".into(),
            complaint_address_en: "1 Lovers Road, Xiangzhou, Zhuhai".into(),
            complaint_email: "tousu@harbour.example".into(),
        },
        administrators: [administrator("wangli", "王莉"), administrator("liuyang", "刘洋")],
    }
}

async fn founded(bank: &Bank) -> Result<[Secret; 2], FoundingRefusal> {
    match found(bank, &harbour()).await {
        Ok(secrets) => Ok(secrets),
        Err(Rejected::Refused(refusal)) => Err(refusal),
        Err(Rejected::Unexpected(failure)) => panic!("{failure}"),
    }
}

/// Activates with a link and signs in.
async fn activated(bank: &TestBank, secret: &Secret, name: &str) -> Browser {
    let browser = bank.browser().await;
    let form = browser.open(&format!("/activate/{}", secret.reveal())).await.form();
    let done = browser.submit(&form.with_all(&[("password", NEW), ("password_again", NEW)])).await;
    assert!(done.path.starts_with("/login?activated=1"), "{}", done.path);
    let answer = browser.try_sign_in(name, NEW).await;
    assert_eq!(answer.location.as_deref(), Some("/me/factor?next="), "a founded bank requires a second factor of staff");
    AuthenticatorApp::set_up(bank, &browser).await;
    browser
}

fn says_what_to_run(page: &Answer) {
    assert_eq!((page.status, page.header("retry-after"), page.header("cache-control")), (503, "60", "no-store"), "{}", page.path);
    assert!(page.words("code").contains(&"lobby init".to_owned()), "{}", page.body);
    assert!(page.text().contains("LOBBY_DATA") && page.text().contains("LOBBY_DATABASE"), "{}", page.text());
    assert!(page.text().contains("还没有建立") && page.text().contains("has not been founded"), "{}", page.text());
    assert!(!page.text().contains("岭南") && !page.text().contains("95500"), "the demo bank's contacts: {}", page.text());
}

async fn until_it_is_founded_every_page_says_what_to_run_and_then_it_works_without_a_restart(bank: &TestBank) {
    let browser = bank.browser().await;
    for path in ["/", "/login", "/desk", "/complaints", "/nothing", "/activate"] {
        says_what_to_run(&browser.get(path).await);
    }
    says_what_to_run(&browser.try_sign_in("wangli", NEW).await);
    assert_eq!((browser.get("/healthz").await.body.as_str(), browser.get("/readyz").await.body.as_str()), ("ok", "ready"));
    let secrets = founded(&bank.bank).await.expect("founded");
    let page = browser.get("/complaints").await;
    assert!(page.status == 200 && page.text().contains("海湾银行") && page.text().contains("珠海市香洲区"), "{}", page.text());
    for (secret, name) in secrets.iter().zip(["wangli", "liuyang"]) {
        let administrator = activated(bank, secret, name).await;
        assert_eq!(administrator.get("/settings").await.status, 200);
    }
}

async fn of_many_foundings_at_once_one_counts(bank: &TestBank) {
    let mut tried = Vec::new();
    for _ in 0..6 {
        let node = bank.another_node().await;
        tried.push(tokio::spawn(async move { founded(&node).await.is_ok() }));
    }
    let mut done = 0;
    for tried in tried {
        done += usize::from(tried.await.expect("a founding"));
    }
    assert_eq!((done, bank.count("users").await, bank.count("bank_details").await), (1, 2, 1));
    assert_eq!(bank.number("SELECT COUNT(*) FROM activations WHERE used_at IS NULL AND ended_at IS NULL").await, 2);
}

/// `lobby init` with every flag.
pub async fn init(bank: &TestBank, folder: &std::path::Path) -> (bool, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lobby"));
    command.args(["init", "--yes", "--name-zh", "海湾银行", "--name-en", "Harbour Bank", "--hotline", "95511"]);
    command.args(["--complaint-phone", "0756-8888 0000", "--complaint-email", "tousu@harbour.example"]);
    command.args(["--complaint-address-zh", "珠海市香洲区", "--complaint-address-en", "Xiangzhou, Zhuhai"]);
    command.args(["--administrator", "wangli=王莉", "--administrator", "liuyang=王莉"]);
    command.env("LOBBY_DATA", folder).env("LOBBY_DATABASE", bank.database()).current_dir(folder);
    command.stdin(std::process::Stdio::null());
    let done = tokio::task::spawn_blocking(move || command.output().expect("lobby")).await.expect("lobby");
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.success(), said)
}

async fn the_command_judges_the_database_before_it_founds(bank: &TestBank) {
    let folder = tempfile::tempdir().expect("a folder");
    let (done, said) = init(bank, folder.path()).await;
    assert!(done && said.contains("Harbour Bank is founded."), "{said}");
    assert_eq!(said.matches("/activate/").count(), 2, "{said}");
    assert!(said.contains("Other computers cannot open http://127.0.0.1:3000"), "{said}");
    assert!(said.contains("the same full name"), "{said}");
    let (done, said) = init(bank, folder.path()).await;
    assert!(!done && said.contains("holds a bank already") && !said.contains("the same full name"), "{said}");
}

async fn a_demo_bank_and_a_founded_bank_are_not_founded_again(bank: &TestBank) {
    let mut same = harbour();
    "wangli".clone_into(&mut same.administrators[1].sign_in_name);
    assert!(matches!(found(&bank.bank, &same).await, Err(Rejected::Refused(FoundingRefusal::Entry(_)))));
    bank.change("INSERT INTO facts (name, value) VALUES ('founded', '2026-11-22')").await;
    assert_eq!(founded(&bank.bank).await, Err(FoundingRefusal::Founded), "its fact stands");
    bank.change("DELETE FROM facts").await;
    founded(&bank.bank).await.expect("founded");
    assert_eq!(founded(&bank.bank).await, Err(FoundingRefusal::Founded));
    assert!(demo::load(&bank.bank, 0).await.is_err(), "the demo bank needs a database of its own");
    bank.change("DELETE FROM facts").await;
    assert_eq!(founded(&bank.bank).await, Err(FoundingRefusal::Founded), "its users stand");
    bank.change("INSERT INTO facts (name, value) VALUES ('demo', '2026-11-23')").await;
    assert_eq!(founded(&bank.bank).await, Err(FoundingRefusal::Demo));
}

async fn an_empty_bank_has_its_pages(bank: &TestBank) {
    let [secret, _] = founded(&bank.bank).await.expect("founded");
    activated(bank, &secret, "wangli").await;
    for name in ["staff_second_factor", "customer_second_factor"] {
        parameter(&bank.bank, name, "offered").await;
    }
    customer_of(&bank.bank, "c1", CustomerKind::Personal, None).await;
    for (name, role) in [("clerk", "clerk"), ("dispatcher", "dispatcher")] {
        staff_of(&bank.bank, name, role, None).await;
    }
    let paths: [(&str, &[&str]); 3] = [
        (
            "c1",
            &[
                "/",
                "/me",
                "/appointments",
                "/appointments/new/cash",
                "/appointments/new/reception",
                "/suggestions",
                "/suggestions/new",
                "/surveys",
                "/recommendations",
            ],
        ),
        ("clerk", &["/desk"]),
        ("dispatcher", &["/desk"]),
    ];
    for (name, paths) in paths {
        let browser = bank.signed_in(name).await;
        for path in paths {
            let page = browser.open(path).await;
            assert_eq!((page.status, page.words("h1").len()), (200, 1), "{name} at {path}");
        }
    }
    // A form without a branch to choose says so instead of asking.
    let customer = bank.signed_in("c1").await;
    for path in ["/appointments/new/cash", "/appointments/new/reception"] {
        assert!(!customer.open(path).await.has("fieldset[id=branch]"), "{path} asks for a branch of none");
    }
}

async fn customers_of_a_founded_bank_give_a_second_proof(bank: &TestBank) {
    founded(&bank.bank).await.expect("founded");
    customer_of(&bank.bank, "c1", CustomerKind::Personal, None).await;
    let sends = bank.served_with(Some(Arc::default())).await;
    for (base, first) in [(bank.base().await, "/me/factor?next="), (sends.as_str(), "/login/code?next=")] {
        let browser = Browser::new(base);
        assert_eq!(browser.try_sign_in("c1", PASSWORD).await.location.as_deref(), Some(first));
        assert_eq!(browser.get("/me").await.location, Some(format!("{first}%2Fme")));
    }
}

async fn without_a_row_the_settings_name_the_bank(bank: &TestBank) {
    // A bank of an earlier release.
    staff_of(&bank.bank, "admin", "administrator", None).await;
    let page = bank.browser().await.get("/complaints").await;
    assert!(page.text().contains("岭南示范银行") && page.text().contains("95500"), "{}", page.text());
}
