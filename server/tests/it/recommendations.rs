//! Recommendations over HTTP: consent, the list without personalisation, declining, why and why not, and the recorded
//! decisions of the gate.

use std::collections::BTreeSet;

use bank::customers::{NOTICE_FIELD, NOTICE_VERSION};
use bank::kernel::failure::Rejected;
use bank::kernel::money::Fen;
use bank::kernel::time::{At, Day};
use bank::recommendations::{
    Assessment, CustomerLevel, ProductCode, Source, catalogue, insert_assessment, insert_holding, insert_product,
};
use bank::surveys::{insert_survey, needs_2026};
use scoped_futures::ScopedFutureExt;

use crate::on_both_engines;
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    without_consent_only_the_list_that_is_the_same_for_everybody_is_shown,
    nothing_above_the_level_and_nothing_private_is_shown,
    a_products_page_says_the_rule_that_decided_and_the_laws_words,
    without_an_assessment_only_deposits_bonds_and_services_are_listed,
    a_product_declined_stays_away_until_it_is_undone,
    decisions_are_appended_only_when_they_change_and_none_is_overwritten,
    cards_show_posted_rates_where_they_are_certain_and_tell_themselves_apart,
    an_answer_of_the_survey_is_a_reason_only_with_the_purpose_ticked,
    a_company_has_no_recommendations,
    a_page_made_for_one_person_changes_nothing_of_another,
);

/// The products of the demo bank; `c1` has a valid C3 and a deposit that matures soon, `c2` has no assessment.
async fn seed(bank: &TestBank) {
    let work = bank.bank.write::<_, std::convert::Infallible, _>("seed_products", |tx| {
        async move {
            for (position, product) in (1..).zip(catalogue().expect("products")) {
                insert_product(tx, position, &product).await?;
            }
            let assessment = Assessment {
                level: CustomerLevel::C3,
                source: Source::Own,
                assessed_on: Day::constant(2026, 6, 1),
                confirmed: true,
                horizon_days: Some(1_095),
                liquidity_days: Some(400),
            };
            insert_assessment(tx, "assessment-c1", "customer-c1", &assessment).await?;
            let deposit = ProductCode("deposit-1y".into());
            let matures_on = Some(Day::constant(2026, 12, 20));
            insert_holding(tx, "customer-c1", &deposit, Fen::from_yuan(100_000), matures_on).await?;
            let closes_at = At::midnight(Day::constant(2026, 12, 31));
            insert_survey(tx, &needs_2026().expect("a survey"), closes_at).await?;
            Ok(())
        }
        .scope_boxed()
    });
    work.await.map_err(Rejected::into_failure).expect("products");
}

/// A consent of the page's form.
const CONSENT: [(&str, &str); 2] = [("do", "consent"), (NOTICE_FIELD, NOTICE_VERSION)];

async fn press(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = browser.post(path, &pairs(fields)).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser.open(&answer.location.expect("a way on")).await
}

/// A browser of `c1` after consenting, with the page that follows.
async fn consented(bank: &TestBank) -> (Browser, Answer) {
    seed(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = press(&browser, "/recommendations", &CONSENT).await;
    (browser, page)
}

fn products(page: &Answer) -> Vec<String> {
    page.all("article[data-product]", "data-product")
}

async fn a_page_made_for_one_person_changes_nothing_of_another(bank: &TestBank) {
    seed(bank).await;
    let browser = bank.signed_in("c1").await;
    let consent = browser.open("/recommendations").await.form_with("button[value=consent]").with("do", "consent");
    let page = press(&browser, "/recommendations", &CONSENT).await;
    let decline = page.form_with("button[value=decline]").with("do", "decline");
    browser.sign_in("c2").await;
    for form in [&consent, &decline] {
        assert!(form.value("made_for").is_some_and(|mark| !mark.is_empty()), "{form:?}");
        assert_eq!(browser.post("/recommendations", &form.fields).await.status, 403);
    }
    let of_the_second = "SELECT COUNT(*) FROM consents WHERE customer_id = 'customer-c2'";
    assert_eq!((bank.number(of_the_second).await, bank.count("declined_products").await), (0, 0));
}

async fn without_consent_only_the_list_that_is_the_same_for_everybody_is_shown(bank: &TestBank) {
    seed(bank).await;
    let browser = bank.signed_in("c1").await;
    let page = browser.open("/recommendations").await;
    assert!(page.has("[data-list=neutral]") && !page.has("[data-list=personal]"));
    assert!(!page.has(".reason-pro"), "a reason without consent");
    assert!(page.has("button[name=do][value=consent]"));
    let page = press(&browser, "/recommendations", &CONSENT).await;
    assert!(page.has("[data-list=personal]") && page.has(".reason-pro a[href]"), "{}", page.text());
    let without = browser.open("/recommendations?without=1").await;
    assert!(without.has("[data-list=neutral]") && !without.has(".reason-pro"));
    press(&browser, "/me", &[("do", "withdraw"), ("purpose", "recommendations")]).await;
    assert!(!browser.open("/recommendations").await.has("[data-list=personal]"));
}

async fn nothing_above_the_level_and_nothing_private_is_shown(bank: &TestBank) {
    let (browser, page) = consented(bank).await;
    let known = catalogue().expect("products");
    for page in [page, browser.open("/recommendations?without=1").await] {
        let shown = products(&page);
        assert!(!shown.is_empty());
        for code in &shown {
            let product = known.iter().find(|product| product.code.as_str() == code).expect("a product");
            assert!(product.level() <= Some(CustomerLevel::C3.ceiling()) && !product.private, "{code}");
        }
    }
    assert_eq!(browser.get("/products/wealth-private").await.status, 404);
    assert_eq!(browser.get("/products/nothing").await.status, 404);
}

async fn a_products_page_says_the_rule_that_decided_and_the_laws_words(bank: &TestBank) {
    let (browser, _) = consented(bank).await;
    let text = browser.open("/products/wealth-90").await.text();
    assert!(text.contains("您的等级 C3") && text.contains("理财非存款、产品有风险、投资须谨慎"), "{text}");
    let text = browser.open("/products/fund-index").await.text();
    assert!(text.contains("R4") && text.contains("高于您的等级 C3"), "{text}");
    let text = browser.open("/products/deposit-1y").await.text();
    assert!(text.contains("您已经持有它") && text.contains("0.95%"), "{text}");
    let gone = browser.open("/products/bond-5y").await;
    assert_eq!(gone.status, 200);
    assert!(gone.text().contains("已停止发售"), "{}", gone.text());
}

async fn without_an_assessment_only_deposits_bonds_and_services_are_listed(bank: &TestBank) {
    seed(bank).await;
    let browser = bank.signed_in("c2").await;
    for page in [browser.open("/recommendations").await, press(&browser, "/recommendations", &CONSENT).await] {
        let shown = products(&page);
        assert!(!shown.is_empty());
        assert!(shown.iter().all(|code| ["deposit", "bond", "service"].iter().any(|kind| code.starts_with(kind))), "{shown:?}");
        assert!(page.text().contains("测评在网点办理"));
    }
}

async fn a_product_declined_stays_away_until_it_is_undone(bank: &TestBank) {
    let (browser, page) = consented(bank).await;
    let code = products(&page).first().expect("a card").clone();
    let page = press(&browser, "/recommendations", &[("do", "decline"), ("product", &code)]).await;
    assert!(!products(&page).contains(&code));
    assert!(page.has("button[value=undecline]"));
    assert!(browser.open(&format!("/products/{code}")).await.text().contains("您说过不感兴趣"));
    let page = press(&browser, "/recommendations", &[("do", "undecline"), ("product", &code)]).await;
    assert!(products(&page).contains(&code) && !page.has("button[value=undecline]"));
    press(&browser, "/recommendations", &[("do", "decline"), ("product", &code)]).await;
    bank.set_time("2027-02-21T10:00:00+08:00");
    let page = bank.signed_in("c1").await.open("/recommendations").await;
    assert!(!page.has("button[value=undecline]"), "90 days are over");
    assert_eq!(bank.number("SELECT COUNT(*) FROM audit WHERE action = 'decline_product'").await, 2);
    let private = pairs(&[("do", "decline"), ("product", "wealth-private")]);
    assert_eq!(bank.signed_in("c1").await.post("/recommendations", &private).await.status, 404);
}

async fn decisions_are_appended_only_when_they_change_and_none_is_overwritten(bank: &TestBank) {
    seed(bank).await;
    let browser = bank.signed_in("c1").await;
    browser.open("/recommendations").await;
    let products = bank.number("SELECT COUNT(*) FROM products").await;
    assert_eq!(bank.number("SELECT COUNT(*) FROM gate_decisions WHERE customer_id = 'customer-c1'").await, products);
    let level = "SELECT COUNT(*) FROM gate_decisions WHERE product_code = 'fund-index' AND rule = 'level' AND NOT admitted";
    assert_eq!(bank.number(level).await, 1);
    let times = "SELECT COUNT(DISTINCT at) FROM gate_decisions";
    bank.pass_minutes(5);
    browser.open("/recommendations").await;
    browser.open("/recommendations?without=1").await;
    assert_eq!(bank.number(times).await, 1, "looking again has written");
    press(&browser, "/recommendations", &[("do", "decline"), ("product", "wealth-90")]).await;
    assert_eq!(bank.number(times).await, 2, "one decision has changed");
    // The earlier list stays explainable: both decisions are recorded, the earlier one unchanged.
    let kept = "SELECT COUNT(*) FROM gate_decisions WHERE product_code = 'wealth-90' AND customer_id = 'customer-c1'";
    assert_eq!(bank.number(kept).await, 2);
    assert_eq!(bank.count("gate_decisions").await, products + 1);
    bank.pass_minutes(5);
    press(&browser, "/recommendations", &[("do", "undecline"), ("product", "wealth-90")]).await;
    assert_eq!(bank.number(kept).await, 3, "back to what held before is a line of its own");
}

/// Submits the survey with the option gold, with or without the tick for recommendations.
async fn answer_survey(browser: &Browser, for_recommendations: bool) {
    let mut form = browser.open("/surveys/needs-2026?step=funds").await.form().with("q_uses", "gold");
    for _ in 0..7 {
        let page = browser.submit(&form).await;
        if page.has("[data-survey-submitted]") {
            return;
        }
        form = page.form();
        if page.has("button[name=do][value=submit]") {
            form.fields.retain(|(name, _)| name != "for_recommendations");
            form.fields.extend(for_recommendations.then(|| ("for_recommendations".to_owned(), "yes".to_owned())));
            form = form.with("do", "submit");
        }
    }
    panic!("the survey was not submitted");
}

async fn cards_show_posted_rates_where_they_are_certain_and_tell_themselves_apart(bank: &TestBank) {
    let (browser, page) = consented(bank).await;
    let codes = products(&page);
    let words = |page: &Answer, code: &str, part: &str| page.words(&format!("[data-product='{code}']{part}"));
    let mut reasons = BTreeSet::new();
    for code in &codes {
        let card = words(&page, code, "").join(" ");
        assert!(reasons.insert(words(&page, code, " .reason-pro")), "{code}: {card}");
        assert!(card.contains("想办："), "{code}: {card}");
        // A percentage stands only on what pays it for certain, with its day; elsewhere nothing is promised.
        let certain = ["deposit", "large-cd", "bond"].iter().any(|kind| code.starts_with(kind));
        assert!(certain || (card.contains("不作承诺") && !card.contains("年利率")), "{code}: {card}");
        assert!(!code.starts_with("deposit") || card.contains("%（2025 年 5 月 20 日起）"), "{code}: {card}");
    }
    assert!(
        codes.iter().any(|code| code.starts_with("deposit")) && codes.iter().any(|code| code.starts_with("wealth")),
        "{codes:?}"
    );
    // A rate in the data of a product whose return is not certain is shown nowhere.
    let code = codes.iter().find(|code| code.starts_with("wealth")).expect("a wealth product");
    let rated = "UPDATE products SET definition = replace(definition, '\"rates\":[]', \
                 '\"rates\":[{\"effective\":\"2026-01-01\",\"basis_points\":477}]')";
    bank.change(rated).await;
    for path in ["/recommendations".to_owned(), format!("/products/{code}")] {
        let page = browser.open(&path).await;
        let wealth = if path == "/recommendations" { words(&page, code, "").join(" ") } else { page.text() };
        assert!(!wealth.contains("4.77"), "{path}");
    }
    assert!(browser.open("/products/bond-3y").await.text().contains("4.77%"), "the data did change");
    let next = browser.open(&format!("/products/{code}")).await;
    assert!(next.has("#next a[href='/branches']") && next.has("#next a[href='/appointments/new/reception']"));
}

async fn an_answer_of_the_survey_is_a_reason_only_with_the_purpose_ticked(bank: &TestBank) {
    let (browser, _) = consented(bank).await;
    let reason = ".reason-pro a[href='/surveys/needs-2026']";
    answer_survey(&browser, false).await;
    assert!(!browser.open("/products/gold-savings").await.has(reason), "used without the tick");
    answer_survey(&browser, true).await;
    let page = browser.open("/products/gold-savings").await;
    assert!(page.has(reason) && page.text().contains("您在调查中选了“黄金”"), "{}", page.text());
    answer_survey(&browser, false).await;
    assert!(!browser.open("/products/gold-savings").await.has(reason), "still used after the tick was taken away");
}

async fn a_company_has_no_recommendations(bank: &TestBank) {
    let browser = bank.signed_in("k1").await;
    for path in ["/recommendations", "/products/deposit-1y"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    assert_eq!(bank.browser().await.get("/recommendations").await.status, 303);
}
