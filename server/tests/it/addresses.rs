//! Unusual URLs: superfluous slashes, unsupported methods, paths and queries that cannot be decoded, very long URLs. Every
//! response is a page of the portal, and none is a 500.

use app::routes::{Verb, table};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use crate::on_both_engines;
use crate::support::{Answer, TestBank, pairs};

on_both_engines!(
    a_slash_too_many_leads_to_the_page_that_is_meant,
    a_method_a_page_does_not_take_is_told_which_it_does,
    what_cannot_be_read_is_an_address_nobody_has,
    no_query_makes_a_page_fail,
    where_a_form_leads_back_to_is_a_path_of_ours_whatever_was_typed,
);

fn is_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.path);
    assert!(answer.body.contains("</html>") && answer.body.contains("报出编号"), "{}: {}", answer.path, answer.body);
}

async fn a_slash_too_many_leads_to_the_page_that_is_meant(bank: &TestBank) {
    let browser = bank.browser().await;
    for (typed, meant) in [
        ("/login/", "/login"),
        ("//login", "/login"),
        ("/appointments//new/cash/", "/appointments/new/cash"),
        ("/desk/cases/QK7-3M9D-X/", "/desk/cases/QK7-3M9D-X"),
        ("/login/?next=%2Fme", "/login?next=%2Fme"),
    ] {
        let answer = browser.get(typed).await;
        assert_eq!((answer.status, answer.location.as_deref()), (308, Some(meant)), "{typed}");
    }
    assert_eq!(browser.post("/login/", &pairs(&[("sign_in_name", "c1")])).await.status, 308, "a form is sent again as it was");
    for nowhere in ["/nothing/", "//elsewhere.example", "/login/x/", "/healthz/"] {
        is_page(&browser.get(nowhere).await, 404);
    }
}

async fn a_method_a_page_does_not_take_is_told_which_it_does(bank: &TestBank) {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let base = bank.base().await;
    for (path, allowed) in
        [("/login", "GET,HEAD,POST"), ("/complaints", "GET,HEAD"), ("/logout", "POST"), ("/me", "GET,HEAD,POST")]
    {
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = client.request(method.clone(), format!("{base}{path}")).send().await.unwrap();
            let mut methods: Vec<String> = Vec::new();
            for value in answer.headers().get_all("allow") {
                methods.extend(value.to_str().unwrap().split(',').map(|method| method.trim().to_owned()));
            }
            methods.sort();
            assert_eq!((answer.status().as_u16(), methods.join(",").as_str()), (405, allowed), "{method} {path}");
            assert!(answer.text().await.unwrap().contains("</html>"), "{method} {path}");
        }
    }
    for (path, status) in [("/login", 200), ("/me", 303), ("/nothing", 404), ("/logout", 405)] {
        let answer = client.head(format!("{base}{path}")).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "HEAD {path}");
        assert!(answer.text().await.unwrap().is_empty());
    }
}

async fn what_cannot_be_read_is_an_address_nobody_has(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    for path in ["/appointments/%FF", "/appointments/%00", "/products/%E4%B8", "/surveys/a%0Ab", "/appointments/%", "/%01"] {
        is_page(&browser.get(path).await, 404);
        is_page(&browser.post(path, &[]).await, 404);
    }
    is_page(&browser.get(&format!("/appointments/{}", "Q".repeat(3_000))).await, 404);
    is_page(&browser.get(&format!("/appointments/{}", "Q".repeat(20_000))).await, 414);
}

async fn no_query_makes_a_page_fail(bank: &TestBank) {
    let browsers = [bank.browser().await, bank.signed_in("c1").await, bank.signed_in("clerk").await];
    let long = format!("key={}&number={}", "k".repeat(3_000), "9".repeat(3_000));
    let queries = [
        "key=%FF&number=%FF&branch=%FF&next=%FF",
        "key=%&step=%zz&&=&%",
        "key=%00&step=%00&number=%00&branch=%00&state=%00&next=%00",
        "page=99999999999999999999&version=-1&since=x&case=%FF",
        "number=%F0%9F%98%80&next=%0D%0ASet-Cookie%3A%20a%3Db&refused=%01",
        &long,
    ];
    for route in table().into_iter().filter(|route| route.verb == Verb::Page) {
        let path = route.path.replace("{number}", "QK7-3M9D-X").replace("{code}", "unknown").replace("{component}", "unknown");
        for query in queries {
            for browser in &browsers {
                let answer = browser.get(&format!("{path}?{query}")).await;
                assert!(answer.status < 500, "{path}?{query}: {}", answer.status);
                assert!(
                    answer.status >= 300
                        || ["/session/left", "/.well-known/security.txt"].contains(&route.path)
                        || answer.body.contains("</html>"),
                    "{path}?{query}"
                );
            }
        }
    }
}

async fn where_a_form_leads_back_to_is_a_path_of_ours_whatever_was_typed(bank: &TestBank) {
    let typed =
        ["/me\u{1}", "/me\u{7f}", "/\u{0}", "/a\tb", "//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"];
    for next in typed {
        let browser = bank.browser().await;
        let fields = pairs(&[("sign_in_name", "c1"), ("password", "lobby-demo"), ("next", next)]);
        let answer = browser.post("/login", &fields).await;
        let location = answer.location.as_deref().unwrap_or_default();
        assert!(answer.status == 303 && matches!(location, "/" | "/me"), "{next:?}: {} {location}", answer.status);
        let answer = browser.post("/language", &pairs(&[("language", "en"), ("to", next)])).await;
        let location = answer.location.as_deref().unwrap_or_default();
        assert!(answer.status == 303 && matches!(location, "/" | "/me"), "{next:?}: {} {location}", answer.status);
        assert!(
            browser
                .get(&format!("/login?next={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>()))
                .await
                .status
                < 400
        );
    }
    let answer = bank.browser().await.post("/language", &pairs(&[("language", "zh-CN"), ("to", "/desk?branch=石岐")])).await;
    assert_eq!(answer.location.as_deref(), Some("/desk?branch=%E7%9F%B3%E5%B2%90"));
}
