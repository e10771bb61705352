//! The page of a portal whose database was never founded: which command to run, in both languages. It answers every path until
//! the bank is founded; then the portal works without a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bank::branches::{BankDetails, reference};
use bank::founding::is_founded;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::language::Language;
use leptos::prelude::*;

use crate::page::Page;
use crate::t;
use crate::visit::{Context, Visit};
use crate::words::locale;

/// The command that founds a bank.
const COMMAND: &str = "lobby init";

/// The command that loads the demo bank.
const DEMO: &str = "lobby demo";

/// Seconds until a client may ask again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("60");

/// Marks the answer of a portal without a bank: it says what to do and is no fault of the server.
#[derive(Clone, Copy, Debug)]
pub struct NotFounded;

/// Whether the bank was found to be founded. It stays founded, so the database is asked until then only.
#[derive(Clone, Debug, Default)]
pub struct Founded {
    is: Arc<AtomicBool>,
    /// The log says once that there is no bank.
    logged: Arc<AtomicBool>,
}

impl Founded {
    pub async fn is(&self, bank: &Bank) -> Result<bool, Failure> {
        if self.is.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let founded = is_founded(bank).await?;
        if founded {
            // Caches the bank's names, which pages take from the cache.
            reference(bank).await?;
            self.is.store(true, Ordering::Relaxed);
        } else if !self.logged.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the database holds no bank yet; every page says so until `lobby init` has run with the same settings"
            );
        }
        Ok(founded)
    }
}

/// The page, in the visitor's language and then in the other one.
pub fn not_founded(visit: &Visit) -> Response {
    // Nothing is known of the bank yet.
    let visit = Visit::from(Context { bank_details: Arc::new(BankDetails::default()), ..Context::clone(visit) });
    let title = t!(visit.locale(), founding.title);
    let languages = match visit.language {
        Language::ZhCn => [Language::ZhCn, Language::En],
        Language::En => [Language::En, Language::ZhCn],
    };
    let mut response = Page::new(&visit, title.clone()).status(StatusCode::SERVICE_UNAVAILABLE).show(move || {
        let sections = languages.map(|language| {
            let locale = locale(language);
            let other = (language != languages[0]).then(|| view! { <h2>{t!(locale, founding.title)}</h2> });
            view! {
                <section class="block" lang=language.tag()>
                    {other}
                    <p>{t!(locale, founding.text)}</p>
                    <p>
                        <code>{COMMAND}</code>
                    </p>
                    <p>{t!(locale, founding.settings)}</p>
                    <p>{t!(locale, founding.demo)}</p>
                    <p>
                        <code>{DEMO}</code>
                    </p>
                    <p>{t!(locale, founding.then)}</p>
                </section>
            }
        });
        view! {
            <h1>{title}</h1>
            {sections.into_iter().collect_view()}
        }
        .into_any()
    });
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    response.extensions_mut().insert(NotFounded);
    response
}
