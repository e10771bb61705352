//! Names and values under each other, each with an optional way to change it.
//!
//! Many rows of the same kind are a `table`.

use leptos::prelude::*;

use super::{Examples, parts::Link};

/// One name with its value.
pub struct SummaryRow {
    term: String,
    value: AnyView,
    change: Option<Link>,
}

impl SummaryRow {
    /// A row; the value may be words or any view.
    pub fn new(term: impl Into<String>, value: impl IntoView + 'static) -> Self {
        Self { term: term.into(), value: value.into_any(), change: None }
    }

    /// Adds the link that leads back to where it was answered.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.change = Some(Link::new(href, words));
        self
    }
}

/// The list; `boxed` puts it in a card of its own.
#[component]
pub fn SummaryList(
    /// The rows in order.
    rows: Vec<SummaryRow>,
    /// Whether it is a card of its own.
    #[prop(default = true)]
    boxed: bool,
) -> AnyView {
    view! {
        <dl class="summary" class:boxed=boxed>
            {rows
                .into_iter()
                .map(|row| {
                    let term = row.term.clone();
                    view! {
                        <div>
                            <dt>{row.term}</dt>
                            <dd>{row.value}</dd>
                            {row
                                .change
                                .map(|link| {
                                    view! {
                                        <dd class="summary-change">
                                            <a href=link.href>
                                                {link.text} <span class="unseen">" " {term}</span>
                                            </a>
                                        </dd>
                                    }
                                })}
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![
        (
            "an appointment",
            view! {
                <SummaryList rows=vec![
                    SummaryRow::new("网点", "石岐支行"),
                    SummaryRow::new("时间", "12 月 2 日 周三 10:00–11:00"),
                    SummaryRow::new("金额", "200,000 元"),
                    SummaryRow::new("券别", "100 元 1,500 张，50 元 1,000 张"),
                ] />
            }
            .into_any(),
        ),
        (
            "answers that can be changed",
            view! {
                <SummaryList rows=vec![
                    SummaryRow::new("When", "Wed 2 Dec, 10:00").change("/ui", "Change"),
                    SummaryRow::new("Amount", "CNY 200,000").change("/ui", "Change"),
                ] />
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_change_link_says_what_it_changes() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches("<dt>").count(), 6);
        assert!(html.contains(r#"<span class="unseen">"#));
    }
}
