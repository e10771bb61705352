//! The number of a case, monospaced, as in URLs and lists.

use leptos::prelude::*;

use super::Examples;

/// The number with the attribute `data-case-number`, which identifies the pages of a case.
#[component]
pub fn CaseNumber(
    /// Such as `QK7-3M9D-X4V`.
    #[prop(into)]
    number: String,
) -> AnyView {
    let attribute = number.clone();
    view! { <span class="case-number" data-case-number=attribute>{number}</span> }.into_any()
}

pub fn examples() -> Examples {
    vec![("in a line", view! { <p>"预约编号 " <CaseNumber number="QK7-3M9D-X4V" /></p> }.into_any())]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_number_stands_in_the_text_and_in_the_attribute() {
        let html = super::super::html(super::examples());
        assert!(html.contains(">QK7-3M9D-X4V<"));
        assert!(html.contains(r#"data-case-number="QK7-3M9D-X4V""#));
    }
}
