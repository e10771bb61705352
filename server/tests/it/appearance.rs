//! The appearance of pages: how it is chosen, where it is remembered, and whose choice wins (docs/domain.md §12).

use crate::on_both_engines;
use crate::support::{Answer, Browser, TestBank, pairs};

on_both_engines!(
    a_visitor_s_choice_stays_in_the_browser_through_sign_in,
    a_user_s_own_choice_wins_on_every_device_and_is_written_on_the_next_change,
    what_is_typed_survives_the_switch,
    values_that_do_not_exist_are_refused,
    the_elder_mode_is_offered_to_the_old_until_they_decide,
    the_elder_mode_warns_earlier,
    the_database_refuses_other_values,
);

fn look(page: &Answer) -> (String, String) {
    let part = |name| page.attr("html", name).unwrap_or_default();
    (part("data-mode"), part("data-theme"))
}

fn shown(mode: &str, theme: &str) -> (String, String) {
    (mode.to_owned(), theme.to_owned())
}

async fn set(browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/appearance", &pairs(fields)).await
}

async fn a_visitor_s_choice_stays_in_the_browser_through_sign_in(bank: &TestBank) {
    let browser = bank.browser().await;
    assert_eq!(look(&browser.open("/login").await), shown("normal", "auto"));
    let answer = set(&browser, &[("mode", "elder"), ("to", "/complaints?x=1")]).await;
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/complaints?x=1")));
    let cookie = answer.header("set-cookie");
    for part in ["appearance=elder.auto", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    // The other part stays.
    set(&browser, &[("theme", "dark")]).await;
    let page = browser.open("/login").await;
    assert_eq!(look(&page), shown("elder", "dark"));
    assert_eq!(page.header("cache-control"), "no-store", "a page with another appearance must not come from a cache");
    assert_eq!(page.header("etag"), "");
    browser.sign_in("c1").await;
    assert_eq!(look(&browser.open("/").await), shown("elder", "dark"), "the browser's choice holds for who has none");
    browser.post("/logout", &[]).await;
    assert_eq!(look(&browser.open("/login").await), shown("elder", "dark"));
    let elsewhere = bank.signed_in("c1").await;
    assert_eq!(look(&elsewhere.open("/").await), shown("normal", "auto"), "a browser's choice is not the user's");
    let foreign = set(&browser, &[("theme", "auto"), ("to", "//elsewhere.example/")]).await;
    assert_eq!(foreign.location.as_deref(), Some("/"));
}

async fn a_user_s_own_choice_wins_on_every_device_and_is_written_on_the_next_change(bank: &TestBank) {
    let (phone, desktop) = (bank.signed_in("c1").await, bank.browser().await);
    set(&phone, &[("mode", "elder")]).await;
    // The browser of the desktop says otherwise, in both parts; the user has chosen one of them.
    set(&desktop, &[("mode", "normal"), ("theme", "dark")]).await;
    desktop.sign_in("c1").await;
    assert_eq!(look(&desktop.open("/").await), shown("elder", "dark"));
    assert_eq!(look(&phone.open("/").await), shown("elder", "auto"));
    set(&desktop, &[("theme", "light")]).await;
    assert_eq!(look(&phone.open("/").await), shown("elder", "light"), "it holds in the other browser with the next page");
    desktop.post("/logout", &[]).await;
    assert_eq!(look(&desktop.open("/login").await), shown("elder", "light"), "as the last change showed it");
    // Another user of the same browser has a choice of their own.
    desktop.sign_in("c2").await;
    set(&desktop, &[("mode", "normal"), ("theme", "auto")]).await;
    assert_eq!(look(&desktop.open("/").await), shown("normal", "auto"));
    assert_eq!(look(&phone.open("/").await), shown("elder", "light"));
    let staff = bank.signed_in("clerk").await;
    set(&staff, &[("theme", "dark")]).await;
    let desk = staff.open("/desk").await;
    assert_eq!(look(&desk), shown("normal", "dark"));
    assert!(desk.has("footer form[action='/appearance'] button[name=mode][value=elder]"));
}

async fn what_is_typed_survives_the_switch(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let page = browser.open("/suggestions/new").await;
    assert!(page.has("footer button[form='page-form'][name=appearance][value=dark]"));
    assert!(!page.has("form[action='/appearance']"), "another form would lose what is typed");
    let form = page.form().with("content", "多开一个窗口").with("appearance", "dark");
    let page = browser.submit(&form).await;
    assert_eq!(look(&page), shown("normal", "dark"));
    assert!(page.text().contains("多开一个窗口"), "{}", page.text());
    // In a form an unknown value is an unknown button.
    let page = browser.submit(&page.form().with("appearance", "huge")).await;
    assert_eq!(look(&page), shown("normal", "dark"));
}

async fn values_that_do_not_exist_are_refused(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let wrong: [&[(&str, &str)]; 5] = [
        &[],
        &[("mode", "huge")],
        &[("mode", "elder"), ("theme", "pink")],
        &[("mode", "huge"), ("theme", "dark")],
        &[("theme", "dark; elder")],
    ];
    for fields in wrong {
        let answer = set(&browser, fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.text().contains("没有这种显示方式"), "{}", answer.text());
        assert_eq!(answer.header("set-cookie"), "", "{fields:?}");
    }
    assert_eq!(look(&browser.open("/").await), shown("normal", "auto"));
    let answer = browser.send("/appearance", &[("cookie", "appearance=huge.pink")], None).await;
    assert_eq!((answer.status, look(&answer)), (405, shown("normal", "auto")));
    let other_site = [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")];
    let answer = browser.send("/appearance", &other_site, Some("mode=elder")).await;
    assert_eq!((answer.status, look(&answer)), (403, shown("normal", "auto")));
}

async fn the_elder_mode_is_offered_to_the_old_until_they_decide(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let offer = ".offer form[action='/appearance'] button[name=mode][value=elder]";
    bank.change(
        "UPDATE customers SET birth_day = '1961-11-24' WHERE id = (SELECT customer_id FROM users WHERE sign_in_name = 'c1')",
    )
    .await;
    assert!(!browser.open("/").await.has(offer), "65 tomorrow");
    bank.change(
        "UPDATE customers SET birth_day = '1961-11-23' WHERE id = (SELECT customer_id FROM users WHERE sign_in_name = 'c1')",
    )
    .await;
    set(&browser, &[("theme", "dark")]).await;
    let page = browser.open("/").await;
    assert!(page.has(offer), "65 today, and the colours are another matter");
    assert_eq!(look(&page), shown("normal", "dark"), "never forced");
    let dismiss = set(&browser, &[("mode", "normal"), ("to", "/")]).await;
    assert_eq!(dismiss.status, 303);
    assert!(!browser.open("/").await.has(offer));
    assert!(!bank.signed_in("c1").await.open("/").await.has(offer), "it stays dismissed elsewhere");
}

async fn the_elder_mode_warns_earlier(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let minutes = |page: &Answer| {
        let part = |name| page.attr(".session", name).and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
        (part("data-ends") - part("data-warns")) / 60
    };
    assert_eq!(minutes(&browser.open("/").await), 1);
    set(&browser, &[("mode", "elder")]).await;
    assert_eq!(minutes(&browser.open("/").await), 3);
}

async fn the_database_refuses_other_values(bank: &TestBank) {
    for column in ["display_mode", "theme"] {
        let refused = bank.try_change(&format!("UPDATE users SET {column} = 'huge' WHERE sign_in_name = 'c1'")).await;
        assert!(refused.is_err(), "{column}");
    }
}
