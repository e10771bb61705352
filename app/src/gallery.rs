//! The gallery of the design system (`lobby serve --gallery`): all components with examples at `/ui`, one component at
//! `/ui/{component}`. For developers and for the accessibility check; customers do not see it.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use leptos::prelude::*;

use crate::page::{Page, PageError};
use crate::routes::{Callers, Route};
use crate::ui::Examples;
use crate::visit::{App, Visit};

/// Routes of this folder. Without `--gallery` they answer 404.
pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/ui", Callers::Anyone, get(every_component)),
        Route::page("/ui/{component}", Callers::Anyone, get(one_component)),
    ]
}

/// GET /ui
async fn every_component(visit: Visit, State(app): State<App>) -> Response {
    if !app.gallery {
        return PageError::NotFound.answer(&visit);
    }
    show(&visit, |_| true)
}

/// GET /ui/{component}
async fn one_component(visit: Visit, State(app): State<App>, Path(component): Path<String>) -> Response {
    if !app.gallery || !crate::ui::gallery().iter().any(|(name, _)| *name == component) {
        return PageError::NotFound.answer(&visit);
    }
    show(&visit, |name| name == component)
}

fn show(visit: &Visit, wanted: impl Fn(&str) -> bool) -> Response {
    Page::new(visit, "/ui").show(move || {
        let components = crate::ui::gallery().into_iter().filter(|(name, _)| wanted(name));
        let sections = components.map(|(name, examples)| section(name, examples)).collect_view();
        view! {
            <h1>"/ui"</h1>
            {sections}
        }
        .into_any()
    })
}

fn section(component: &'static str, examples: Examples) -> AnyView {
    let examples = examples
        .into_iter()
        .map(|(what, example)| {
            view! {
                <section class="gallery-example" data-example=what aria-label=format!("{component}: {what}")>
                    <h3>{what}</h3>
                    {example}
                </section>
            }
        })
        .collect_view();
    view! {
        <section class="gallery-component" data-component-gallery=component aria-label=component>
            <h2>
                <a href=format!("/ui/{component}")>{component}</a>
            </h2>
            {examples}
        </section>
    }
    .into_any()
}
