//! Names and values, each with an optional button of the page's form that leads to where it can be changed.
//!
//! For many rows of the same kind use `table`.

use leptos::prelude::*;

use super::{Examples, parts::OptionalText, steps::StepButton};

pub struct SummaryRow {
    term: String,
    value: AnyView,
    change: Option<StepButton>,
}

impl SummaryRow {
    /// A row; the value may be a text or any view.
    pub fn new(term: impl Into<String>, value: impl IntoView + 'static) -> Self {
        Self { term: term.into(), value: value.into_any(), change: None }
    }

    /// Adds a button to the page where the value can be changed.
    #[must_use]
    pub fn change(self, button: StepButton) -> Self {
        Self { change: Some(button), ..self }
    }
}

#[component]
pub fn SummaryList(
    rows: Vec<SummaryRow>,
    /// Whether it is framed as a card.
    #[prop(default = true)]
    boxed: bool,
    /// Id of the page's form, for the buttons that change a value.
    #[prop(optional, into)]
    form: OptionalText,
) -> AnyView {
    let form = form.text();
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
                                .map(|button| {
                                    view! {
                                        <dd class="summary-change">{button.view(form.clone(), "as-link", Some(term))}</dd>
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
                <SummaryList
                    form="page-form"
                    rows=vec![
                        SummaryRow::new("When", "Wed 2 Dec, 10:00").change(change("where")),
                        SummaryRow::new("Amount", "CNY 200,000").change(change("how_much")),
                    ]
                />
            }
            .into_any(),
        ),
    ]
}

fn change(to: &str) -> StepButton {
    StepButton { to: to.to_owned(), text: "Change".to_owned() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_change_is_a_button_of_the_form_that_says_what_it_changes() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches("<dt>").count(), 6);
        assert_eq!(html.matches(r#"form="page-form" formnovalidate name="to_step""#).count(), 2, "{html}");
        assert!(html.contains(r#"<span class="unseen"> <!>Amount</span></button>"#), "{html}");
    }
}
