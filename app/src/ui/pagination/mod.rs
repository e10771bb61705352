//! What a page of a long list shows, with links to the first, the previous and the next page.

use leptos::prelude::*;

use super::{Examples, parts::Link};

/// The line below a list.
#[component]
pub fn Pagination(
    /// What is shown: 第 1–7 条，共 23 条. May be empty.
    #[prop(into)]
    text: String,
    /// Name of the navigation for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional_no_strip, into)] first: Option<Link>,
    #[prop(optional_no_strip, into)] previous: Option<Link>,
    #[prop(optional_no_strip, into)] next: Option<Link>,
) -> AnyView {
    let link = |link: Option<Link>, rel: &'static str| link.map(|link| view! { <a href=link.href rel=rel>{link.text}</a> });
    view! {
        <nav class="pagination" aria-label=label>
            {(!text.is_empty()).then(|| view! { <span>{text}</span> })}
            {link(first, "first")}
            {link(previous, "prev")}
            {link(next, "next")}
        </nav>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![
        (
            "the first page",
            view! {
                <Pagination
                    text="第 1–7 条，共 23 条"
                    label="翻页"
                    next=Link::new("/ui", "下一页")
                />
            }
            .into_any(),
        ),
        (
            "in the middle",
            view! {
                <Pagination
                    text="230 in all"
                    label="Pages"
                    first=Some(Link::new("/ui", "First page"))
                    previous=Some(Link::new("/ui", "Previous"))
                    next=Some(Link::new("/ui", "Next"))
                />
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_page_has_nothing_before_it() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"rel="first""#).count(), 1);
        assert_eq!(html.matches(r#"rel="prev""#).count(), 1);
        assert_eq!(html.matches(r#"rel="next""#).count(), 2);
    }
}
