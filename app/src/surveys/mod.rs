//! Pages of surveys: the list, one page per group of questions, the check page, and the page after submitting. Every question
//! says why it is asked; none is required. `bank::surveys` decides what is shown and stored.
//!
//! Reading order: `pages.rs` (selects the page), `group.rs` and `check.rs` (the two kinds of page), `questions.rs` (the
//! questions on them), `list.rs`, `submitted.rs`, `forms.rs` (POST), `islands.rs` (conditional questions in the browser).

mod islands;

#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod group;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod parameters;
#[cfg(feature = "ssr")]
mod questions;
#[cfg(feature = "ssr")]
mod submitted;

pub use islands::SurveyBranching;

#[cfg(feature = "ssr")]
pub use addresses::*;

#[cfg(feature = "ssr")]
mod addresses {
    use axum::routing::{get, post};

    use bank::kernel::bank::Bank;
    use bank::kernel::failure::Failure;
    use bank::kernel::forms::Form;

    use super::{forms, list, pages, submitted};
    use crate::form::FormAt;
    use crate::routes::{Callers, FormOf, Route};

    pub fn routes() -> Vec<Route> {
        vec![
            Route::page("/surveys", Callers::Persons, get(list::list)),
            Route::page("/surveys/{code}", Callers::Persons, get(pages::page)),
            Route::post("/surveys/{code}", Callers::Persons, post(forms::post))
                .of(FormOf::Data("surveys/", |bank, code| Box::pin(find_form(bank, code)))),
            Route::page("/surveys/{code}/submitted", Callers::Persons, get(submitted::submitted)),
        ]
    }

    /// URL of a survey's form.
    pub fn address(code: &str) -> String {
        format!("/surveys/{code}")
    }

    /// URL of the page after submitting.
    pub fn submitted_address(code: &str) -> String {
        format!("/surveys/{code}/submitted")
    }

    /// The form of a survey, for any user.
    async fn find_form(bank: &Bank, code: &str) -> Result<Option<Form>, Failure> {
        let published = bank::surveys::published(bank, code).await?;
        Ok(published.map(|published| bank::surveys::declared(&published.survey, published.closes_at)))
    }

    /// A survey's form with its URLs.
    pub fn at<'f>(form: &'f Form, path: &'f str) -> FormAt<'f> {
        FormAt { form, path, list: "/surveys", case: submitted_address }
    }
}
