//! Names and values, each with an optional link to change it.
//!
//! For many rows of the same kind use `table`.

use leptos::prelude::*;

use super::{Examples, parts::Link};

pub struct SummaryRow {
    term: String,
    value: AnyView,
    change: Option<Link>,
}

impl SummaryRow {
    /// A row; the value may be a text or any view.
    pub fn new(term: impl Into<String>, value: impl IntoView + 'static) -> Self {
        Self { term: term.into(), value: value.into_any(), change: None }
    }

    /// Adds a link to the page where the value can be changed.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.change = Some(Link::new(href, words));
        self
    }
}

#[component]
pub fn SummaryList(
    rows: Vec<SummaryRow>,
    /// Whether it is framed as a card.
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
