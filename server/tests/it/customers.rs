//! Customers at the desk (docs/domain.md §12): entered with a first account, found by number within the own branch, given a code that
//! is shown once, and reset by a branch head who has checked the ID. No address holds a number of a customer.

use bank::kernel::forms::{Post, SubmitOutcome, Values, fresh_key};

use crate::on_both_engines;
use crate::support::admin::staff;
use crate::support::authenticator::AuthenticatorApp;
use crate::support::seed::{OTHER_BRANCH, PASSWORD, customer_of, parameter};
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    a_customer_is_entered_activates_and_signs_in,
    what_is_used_already_is_refused_without_data_of_the_other,
    values_that_break_rules_are_shown_with_all_reasons,
    one_person_entered_twice_at_once_is_one_customer,
    a_customer_of_another_branch_is_not_found,
    a_branch_head_resets_a_sign_in_after_checking_the_id,
    a_reset_leaves_the_second_factor_unless_it_is_said_to_be_lost,
    each_kind_is_asked_what_belongs_to_it,
);

const NEW: &str = "correct horse battery staple";

/// Every field of a valid person.
const PERSON: [(&str, &str); 10] = [
    ("kind", "personal"),
    ("number", "C9001"),
    ("name", "林晓岚"),
    ("id_type", "resident_id"),
    ("id_number", "11010519491231002x"),
    ("phone", "138 0013 8999"),
    ("address", "广东省中山市石岐区"),
    ("account_number", "6222 0212 3456 7890"),
    ("account_kind", "debit_card"),
    ("balance", "50,000"),
];

async fn entered(browser: &Browser, replaced: &[(&str, &str)]) -> Answer {
    let kind = replaced.iter().find(|(name, _)| *name == "kind").map_or("personal", |(_, kind)| *kind);
    let form = browser.open(&format!("/desk/customers/new?kind={kind}")).await.form().with_all(&PERSON).with_all(replaced);
    browser.submit(&form.with("do", "submit")).await
}

/// The code on a page.
fn code(page: &Answer) -> String {
    let code = page.words("b.case-number").first().cloned().unwrap_or_else(|| panic!("no code: {}", page.text()));
    assert_eq!(page.header("cache-control"), "no-store");
    code
}

/// Sets the new password with a code.
async fn activated(bank: &TestBank, number: &str, id_end: &str, code: &str) -> bool {
    let browser = bank.browser().await;
    let form = browser.open("/activate").await.form_with("input[name=id_end]");
    let form = form.with_all(&[("number", number), ("id_end", id_end), ("code", code)]);
    let answer = browser.submit(&form.with_all(&[("password", NEW), ("password_again", NEW)])).await;
    answer.path == "/login?activated=1"
}

async fn a_customer_is_entered_activates_and_signs_in(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let page = entered(&clerk, &[]).await;
    assert!(page.path.starts_with("/desk/customers/entered?key="), "{} {:?}", page.path, page.refusals());
    assert!(page.text().contains("林*") && !page.text().contains("11010519491231002X"), "{}", page.text());
    let form = page.form_with("input[name=user]");
    let shown = clerk.submit(&form).await;
    let first = code(&shown);
    // The slip says where, until when and how, and is all that is printed.
    let slip = shown.words(".slip").join(" ");
    for word in ["c9001", &first, "/activate", "激活码有效期至", "2026 年", "登录名 c9001"] {
        assert!(slip.contains(word), "{word}: {slip}");
    }
    assert!(
        shown.text().contains("只有这台电脑打得开") && shown.text().contains("LOBBY_PUBLIC_ORIGIN"),
        "no public address is set"
    );
    // The same form makes no second code; another one does, and ends the first.
    let again = clerk.submit(&form).await;
    assert!(again.path.contains("refused=shown") && !again.body.contains(&first), "{}", again.path);
    let renewed = clerk.submit(&clerk.open(&page.path).await.form_with("input[name=user]")).await;
    let second = code(&renewed);
    assert!(!activated(bank, "c9001", "31002X", &first).await && activated(bank, "C9001", "31002x", &second).await);
    let customer = bank.browser().await;
    assert_eq!(customer.try_sign_in("c9001", NEW).await.location.as_deref(), Some("/"));
    assert!(customer.open("/me").await.text().contains("7890"));
    // Who has a password gets no code.
    assert!(clerk.submit(&renewed_form(&form, bank)).await.path.contains("refused=active"));
}

/// The same form under a new key.
fn renewed_form(form: &crate::support::Form, bank: &TestBank) -> crate::support::Form {
    form.clone().with("key", fresh_key(&bank.bank).expect("a key").as_str())
}

async fn what_is_used_already_is_refused_without_data_of_the_other(bank: &TestBank) {
    let (clerk, other) = (bank.signed_in("clerk").await, bank.signed_in("clerk2").await);
    entered(&clerk, &[]).await;
    for (replaced, refusal) in [
        (vec![("number", "c9001"), ("id_number", "110105199003078514")], "customer_number_used"),
        (vec![("number", "c1")], "customer_number_used"),
        (
            vec![("number", "clerk"), ("id_number", "E1234567"), ("id_type", "passport"), ("birth_day", "1990-01-01")],
            "customer_number_used",
        ),
        (vec![("number", "c9002")], "customer_id_used"),
        (
            vec![("number", "c9002"), ("id_number", "E1234567"), ("id_type", "passport"), ("birth_day", "1990-01-01")],
            "customer_account_used",
        ),
    ] {
        let before = bank.count("customers").await;
        let page = entered(&other, &replaced).await;
        let codes: Vec<String> = page.refusals().into_iter().map(|(code, _)| code).collect();
        if codes != ["not_an_id_number"] {
            assert_eq!(codes, [refusal], "{replaced:?}");
        }
        assert!(!page.body.contains("林*") && page.body.contains("138 0013 8999"), "typed values stay");
        if codes == ["customer_number_used"] {
            // The field says it, and the number is looked up with one click, without standing in an address.
            assert!(page.has("#number[aria-invalid=true]") && page.words("#number-error")[0].contains("已经有人用了"));
            let looked_up = other.submit(&page.form_with("input[name=wanted]")).await;
            assert!(looked_up.path.starts_with("/desk/customers?key="), "{}", looked_up.path);
        }
        assert_eq!(bank.count("customers").await, before);
    }
}

async fn values_that_break_rules_are_shown_with_all_reasons(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let page = entered(&clerk, &[("phone", "12"), ("id_number", "110105194912310021"), ("balance", "-1"), ("name", "")]).await;
    let mut codes: Vec<String> = page.refusals().into_iter().map(|(code, _)| code).collect();
    codes.sort();
    assert_eq!(codes, ["missing", "not_a_phone_number", "not_an_amount", "not_an_id_number"]);
    assert!(page.has("#phone[aria-invalid=true]"));
    let company =
        [("kind", "company"), ("name", "中山市恒达照明有限公司"), ("id_type", "other"), ("id_number", "99999999MADEM0C103")];
    let page = entered(&clerk, &company).await;
    assert_eq!(page.refusals().len(), 1, "the operator is missing: {:?}", page.refusals());
    let page = entered(&clerk, &[&company[..], &[("operator", "何建平")]].concat()).await;
    assert!(page.path.starts_with("/desk/customers/entered"), "{:?}", page.refusals());
    let nowhere = entered(&bank.signed_in("nowhere").await, &[("number", "c9009")]).await;
    assert_eq!(nowhere.refusals()[0].0, "customer_no_branch");
}

async fn one_person_entered_twice_at_once_is_one_customer(bank: &TestBank) {
    let before = bank.count("customers").await;
    let mut entering = Vec::new();
    for number in 0..6 {
        let name = if number % 2 == 0 { "clerk" } else { "clerk2" };
        let (node, staff) = (bank.another_node().await, staff(bank, name).await);
        let mut values = pairs(&PERSON);
        values.retain(|(name, _)| name != "number");
        values.extend(pairs(&[("number", &format!("c90{}", number / 2)), ("resident", "yes"), ("capable", "yes")]));
        let post = Post::first(fresh_key(&bank.bank).expect("a key"), Values(values));
        entering.push(tokio::spawn(async move {
            let outcome = bank::customers::enter_customer(&node, &staff, &post).await.expect("no failure");
            matches!(outcome, SubmitOutcome::Case { .. })
        }));
    }
    let mut done = 0;
    for entering in entering {
        done += usize::from(entering.await.expect("an entry"));
    }
    assert_eq!((done, bank.count("customers").await), (1, before + 1));
}

async fn look_up(browser: &Browser, wanted: &str) -> Answer {
    let form = browser.open("/desk/customers").await.form_with("input[name=wanted]").with("wanted", wanted);
    let page = browser.submit(&form.with("do", "find")).await;
    // Whole values only: a random key may contain the letters of a short number.
    let named = page.path.split(['/', '?', '&', '=']).any(|part| part.eq_ignore_ascii_case(wanted.trim()));
    assert!(!named, "the number stands in the address: {}", page.path);
    page
}

async fn a_customer_of_another_branch_is_not_found(bank: &TestBank) {
    customer_of(&bank.bank, "c3", bank::sessions::CustomerKind::Personal, Some(OTHER_BRANCH)).await;
    let (clerk, other) = (bank.signed_in("clerk").await, bank.signed_in("clerk2").await);
    assert!(look_up(&other, " C3 ").await.has("h3") && !look_up(&clerk, "c3").await.has("h3"));
    assert!(look_up(&clerk, "44200019900101123 4").await.has("h3"), "by ID number, in any spelling");
    // Who belongs to no branch is served by every branch, but by nobody who works at none.
    customer_of(&bank.bank, "c4", bank::sessions::CustomerKind::Personal, None).await;
    bank.change("UPDATE users SET password_hash = '' WHERE id = 'user-c4'").await;
    assert!(look_up(&clerk, "c4").await.has("h3") && !look_up(&bank.signed_in("nowhere").await, "c4").await.has("h3"));
    let page = look_up(&other, "c4").await;
    code(&other.submit(&page.form_with("input[name=user]")).await);
    bank.change("DELETE FROM activations").await;
    // Not even with the id of the user.
    for path in ["/desk/customers/code", "/desk/customers/reset"] {
        let head = bank.signed_in("head").await;
        let key = fresh_key(&bank.bank).expect("a key").to_string();
        let fields = pairs(&[("key", &key), ("user", "user-c3"), ("id_type", "passport"), ("id_checked", "yes")]);
        let answer = head.post(path, &fields).await;
        assert!(answer.location.as_deref().unwrap_or_default().contains("refused=not_found"), "{path}: {answer:?}");
    }
    assert_eq!(bank.count("activations").await, 0);
}

async fn a_branch_head_resets_a_sign_in_after_checking_the_id(bank: &TestBank) {
    parameter(&bank.bank, "activation_code_days", "3").await;
    let (head, customer) = (bank.signed_in("head").await, bank.signed_in("c1").await);
    assert!(!look_up(&bank.signed_in("clerk").await, "c1").await.has("form[action='/desk/customers/reset']"));
    let form = look_up(&head, "c1").await.form_with("input[name=id_checked]");
    for missing in [vec![("id_type", "resident_id")], vec![("id_checked", "yes")]] {
        let page = head.submit(&form.clone().with_all(&missing)).await;
        assert_eq!(page.refusals()[0].0, "id_unchecked");
        assert!(page.has("h3"), "the customer is still there");
    }
    assert_eq!(customer.get("/me").await.status, 200);
    let page = head.submit(&form.with_all(&[("id_type", "resident_id"), ("id_checked", "yes")])).await;
    let code = code(&page);
    assert!(page.text().contains("激活码有效期至 2026 年 11 月 26 日"), "{}", page.text());
    assert_eq!(customer.get("/me").await.status, 303, "signed out at once");
    assert!(bank.browser().await.try_sign_in("c1", PASSWORD).await.location.unwrap().starts_with("/login?refused"));
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'sign_in_reset' AND subject = 'user-c1' AND result = 'resident_id'";
    assert_eq!(bank.number(audited).await, 1);
    assert!(activated(bank, "c1", "011234", &code).await);
    assert_eq!(bank.browser().await.try_sign_in("c1", NEW).await.location.as_deref(), Some("/"));
}

async fn a_reset_leaves_the_second_factor_unless_it_is_said_to_be_lost(bank: &TestBank) {
    let head = bank.signed_in("head").await;
    let (app, _) = AuthenticatorApp::set_up(bank, &bank.signed_in("c1").await).await;
    let checked = [("id_type", "resident_id"), ("id_checked", "yes")];
    let form = async |name: &str| look_up(&head, name).await.form_with("input[name=id_checked]");
    assert!(!look_up(&head, "c2").await.has("input[name=factor_lost]"), "there is none to be lost");
    let issued = code(&head.submit(&form("c1").await.with_all(&checked)).await);
    assert!(activated(bank, "c1", "011234", &issued).await);
    // Whoever has got hold of the code and the end of the ID number does not get in.
    let own = bank.browser().await;
    assert!(own.try_sign_in("c1", NEW).await.location.unwrap().starts_with("/login/code"));
    assert_eq!(own.get("/me").await.status, 303);
    own.post("/login/code", &pairs(&[("code", &app.code(bank))])).await;
    assert_eq!(own.get("/me").await.status, 200);
    let told = async |kind: &str| {
        bank.number(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM outbox WHERE kind = 'security_{kind}'"))).await
    };
    assert_eq!((bank.count("authenticators").await, told("reset").await, told("reset_of_both").await), (1, 1, 0));
    // That it is lost too is found out before the new password is set.
    head.submit(&form("c1").await.with_all(&checked)).await;
    let both = form("c1").await.with_all(&checked).with("factor_lost", "yes");
    let issued = code(&head.submit(&both).await);
    assert_eq!((bank.count("authenticators").await, bank.count("recovery_codes").await), (0, 0));
    assert_eq!((told("reset").await, told("reset_of_both").await), (2, 1));
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'sign_in_and_factor_reset' AND result = 'resident_id'";
    assert_eq!(bank.number(audited).await, 1);
    assert!(activated(bank, "c1", "011234", &issued).await);
    assert_eq!(bank.browser().await.try_sign_in("c1", NEW).await.location.as_deref(), Some("/"));
}

async fn each_kind_is_asked_what_belongs_to_it(bank: &TestBank) {
    let clerk = bank.signed_in("clerk").await;
    let first = clerk.open("/desk/customers/new").await;
    let links = first.all("main a", "href");
    assert!(["personal", "company"].iter().all(|kind| links.contains(&format!("/desk/customers/new?kind={kind}"))), "{links:?}");
    let (of_person, of_company) = (["#title", "#birth_day"], ["#operator", "#approver", "#approver_sign_in_name"]);
    let has = |page: &Answer, fields: &[&str]| {
        fields.iter().map(|field| page.has(&format!("{field}, [name={}]", &field[1..]))).collect::<Vec<_>>()
    };
    let person = clerk.open("/desk/customers/new?kind=personal").await;
    assert_eq!((has(&person, &of_person), has(&person, &of_company)), (vec![true; 2], vec![false; 3]));
    // Changing the kind keeps what was typed, and nothing is wrong yet.
    let form = person.form().with_all(&[("name", "恒达照明"), ("phone", "138 0013 8999"), ("do", "other_kind")]);
    let company = clerk.submit(&form).await;
    assert_eq!((has(&company, &of_person), has(&company, &of_company)), (vec![false; 2], vec![true; 3]));
    assert!(company.refusals().is_empty() && company.body.contains("恒达照明"), "{:?}", company.refusals());
    let back = clerk.submit(&company.form().with("do", "other_kind")).await;
    assert!(back.has("#birth_day") && back.body.contains("138 0013 8999"));
    // Who leaves finds it again.
    let list = clerk.submit(&back.form().with("to_step", "/")).await;
    assert_eq!(list.path, "/desk/customers");
    let first = clerk.open("/desk/customers/new").await;
    let again = first.all("main a", "href").into_iter().find(|href| href.contains("key=")).expect("it is offered again");
    assert!(clerk.open(&again).await.body.contains("138 0013 8999"), "with what was typed");
    // A future birthday is one fault, although it also contradicts the ID number.
    let page = entered(&clerk, &[("birth_day", "2090-01-01")]).await;
    assert_eq!(page.refusals().len(), 1, "{:?}", page.refusals());
}
