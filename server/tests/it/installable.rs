//! The manifest, the service worker and the offline page: what they hold, and how long a browser keeps them.

use crate::on_both_engines;
use crate::support::TestBank;

on_both_engines!(
    the_manifest_names_the_bank,
    the_worker_keeps_nothing_but_the_offline_page_and_its_style,
    the_offline_page_says_what_can_be_done,
);

async fn the_manifest_names_the_bank(bank: &TestBank) {
    let browser = bank.browser().await;
    assert_eq!(browser.open("/login").await.attr("link[rel=manifest]", "href").as_deref(), Some("/manifest.webmanifest"));
    for (language, name) in [("zh-CN", "岭南示范银行"), ("en", "Lingnan")] {
        let answer = browser.send("/manifest.webmanifest", &[("accept-language", language)], None).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/manifest+json"));
        assert_eq!(answer.header("cache-control"), "no-cache");
        let manifest: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(manifest["name"].as_str().unwrap().contains(name), "{manifest}");
        let icons = manifest["icons"].as_array().unwrap();
        assert!(icons.iter().any(|icon| icon["purpose"] == "maskable") && icons.len() == 4, "{manifest}");
        for icon in icons {
            let file = super::house_rules::root().join("public").join(icon["src"].as_str().unwrap().trim_start_matches('/'));
            let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            if icon["type"] == "image/png" {
                let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
                assert_eq!(icon["sizes"], format!("{}x{}", side(16), side(20)), "{}", file.display());
            }
        }
    }
}

async fn the_worker_keeps_nothing_but_the_offline_page_and_its_style(bank: &TestBank) {
    let browser = bank.signed_in("c1").await;
    let worker = browser.get("/sw.js").await;
    assert_eq!((worker.status, worker.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert_eq!(worker.header("set-cookie"), "");
    let style = browser.open("/").await.attr("link[rel=stylesheet]", "href").unwrap();
    assert!(worker.body.contains(&format!("'{style}'")) && !worker.body.contains("PKG"), "{}", worker.body);
    assert_eq!(worker.body.matches("addAll(").count(), 1);
    assert!(!worker.body.contains("cache.put"), "a page holds somebody's data");
    let page = browser.open("/").await;
    assert!(page.words("script[nonce]").iter().any(|script| script.contains("serviceWorker")));
    assert!(page.header("content-security-policy").contains("worker-src 'self'"));
}

async fn the_offline_page_says_what_can_be_done(bank: &TestBank) {
    let page = bank.signed_in("c1").await.get("/offline").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert!(page.has("a[href^='tel:']") && page.has("a[href='/']") && page.has("section[lang=en] h2"));
    assert_eq!(page.words("title"), ["现在没有网络 · 岭南示范银行"]);
    assert!(!page.body.contains("<script") && !page.has("form"), "it is kept for whoever uses the browser later");
    assert!(!page.body.contains("data-mode=\"elder\""));
}
