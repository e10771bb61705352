//! Filters as a row of links, with the current one marked.

use leptos::prelude::*;

use super::{Examples, parts::Link};

/// One group of filters, with counts.
#[component]
pub fn Pills(
    /// What they filter, for screen readers.
    #[prop(into)]
    label: String,
    /// The filters; `current` marks the active one.
    links: Vec<Link>,
) -> AnyView {
    view! {
        <nav class="pills" aria-label=label>
            {links
                .into_iter()
                .map(|link| {
                    view! {
                        <a href=link.href aria-current=link.current.then_some("true")>
                            {link.text}
                            {link.count.map(|waiting| format!(" {waiting}"))}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![(
        "kinds with counts",
        view! {
            <Pills
                label="事项"
                links=vec![
                    Link::new("/ui", "全部").count(23).current(true),
                    Link::new("/ui", "取款").count(14),
                    Link::new("/ui", "接待").count(3),
                    Link::new("/ui", "建议").count(6),
                ]
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_filter_holds() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"aria-current="true""#).count(), 1);
    }
}
