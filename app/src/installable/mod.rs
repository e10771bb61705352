//! What a browser needs to put the portal on the home screen and to say something when there is no network: the manifest with
//! the bank's name, the service worker, and the offline page. They are the same for everybody, so they are answered before
//! anybody is identified.

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use bank::branches::{BankDetails, known_details};
use bank::kernel::language::Language;
use leptos::prelude::*;
use serde_json::json;

use crate::page::render;
use crate::t;
use crate::visit::App;
use crate::words::locale;

/// The script that registers the service worker.
pub const SCRIPT: &str = include_str!("register.js");

/// The service worker; `PKG` stands for the folder of the style sheet.
const WORKER: &str = include_str!("worker.js");

/// A browser asks each time whether it has changed.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// The offline page runs nothing and loads its style sheet only.
const OFFLINE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The routes; they need no visit.
pub fn router() -> Router<App> {
    Router::new().route("/manifest.webmanifest", get(manifest)).route("/sw.js", get(worker)).route("/offline", get(offline))
}

fn details(app: &App) -> std::sync::Arc<BankDetails> {
    known_details(&app.bank).unwrap_or_else(|| app.bank_details.clone())
}

/// The bank's name; the portal's before there is a bank.
fn name(details: &BankDetails, language: Language) -> String {
    let name = details.name(language);
    if name.is_empty() { t!(locale(language), page.brand) } else { name.to_owned() }
}

/// The preferred language of the request, for what is shown before any page.
fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    accepted.and_then(Language::preferred).unwrap_or_default()
}

/// GET /manifest.webmanifest
async fn manifest(State(app): State<App>, headers: HeaderMap) -> Response {
    let language = language(&headers);
    let icon = |file: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": file, "sizes": sizes, "type": kind, "purpose": purpose });
    let manifest = json!({
        "id": "/",
        "name": name(&details(&app), language),
        "short_name": name(&details(&app), language),
        "lang": language.tag(),
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#f4f6f5",
        "theme_color": "#0b4a6f",
        "icons": [
            icon("/favicon.svg", "any", "image/svg+xml", "any"),
            icon("/icon-192.png", "192x192", "image/png", "any"),
            icon("/icon-512.png", "512x512", "image/png", "any"),
            icon("/icon-maskable-512.png", "512x512", "image/png", "maskable"),
        ],
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/manifest+json")),
        (CACHE_CONTROL, NO_CACHE),
        (VARY, HeaderValue::from_static("accept-language")),
    ];
    (headers, manifest.to_string()).into_response()
}

/// GET /sw.js
async fn worker(State(app): State<App>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, NO_CACHE),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; connect-src 'self'")),
    ];
    (headers, WORKER.replace("PKG", &app.pkg)).into_response()
}

/// GET /offline: in both languages, because the page is kept for whoever uses the browser later.
async fn offline(State(app): State<App>) -> Response {
    let details = details(&app);
    let stylesheet = format!("/{}/lobby.css", app.pkg);
    let html = render(|| {
        let part = |language: Language| {
            let locale = locale(language);
            let tel = format!("tel:{}", details.hotline.chars().filter(char::is_ascii_digit).collect::<String>());
            let title = t!(locale, page.offline_title);
            let heading = match language {
                Language::ZhCn => view! { <h1>{title}</h1> }.into_any(),
                Language::En => view! { <h2>{title}</h2> }.into_any(),
            };
            let call = (!details.hotline.is_empty()).then(|| {
                view! {
                    <p>
                        <a class="button button-secondary" href=tel>
                            {t!(locale, page.hotline)}
                            " "
                            {details.hotline.clone()}
                        </a>
                    </p>
                }
            });
            view! {
                <section class="stack" lang=language.tag()>
                    {heading}
                    <p>{t!(locale, page.offline_text)}</p>
                    <p>
                        <a class="button" href="/">
                            {t!(locale, page.offline_again)}
                        </a>
                    </p>
                    {call}
                    <p class="hint">{t!(locale, page.offline_branch)}</p>
                </section>
            }
        };
        let title = format!("{} · {}", t!(locale(Language::ZhCn), page.offline_title), name(&details, Language::ZhCn));
        view! {
            <html lang="zh-CN" data-mode="normal" data-theme="auto">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{title}</title>
                    <link rel="stylesheet" href=stylesheet />
                </head>
                <body>
                    <main id="main" class="page">
                        {Language::ALL.map(part).into_iter().collect_view()}
                    </main>
                </body>
            </html>
        }
        .into_any()
    });
    ([(CACHE_CONTROL, NO_CACHE), (CONTENT_SECURITY_POLICY, OFFLINE_POLICY)], Html(html)).into_response()
}
