//! The panel after a submission: done, the number large, what is promised and when.

use leptos::prelude::*;

use super::{
    Examples,
    case_number::CaseNumber,
    parts::{Maybe, Tone},
};

/// The panel; what happens next follows it as a `timeline`.
#[component]
pub fn Confirmation(
    /// What is done: 预约已提交.
    #[prop(into)]
    title: String,
    /// What the number is: 预约编号.
    #[prop(into)]
    label: String,
    /// The number of the case.
    #[prop(into)]
    number: String,
    /// What is promised and when.
    #[prop(optional, into)]
    text: Maybe,
    /// The colour: `Ok`, and for a case that ended badly `Seal` or `Neutral`.
    #[prop(default = Tone::Ok)]
    tone: Tone,
) -> AnyView {
    view! {
        <section class=format!("confirmation tone-{}", tone.class())>
            <h1>{title}</h1>
            <p class="confirmation-label">{label}</p>
            <p class="confirmation-number">
                <CaseNumber number=number />
            </p>
            {text.text().map(|words| view! { <p class="confirmation-label">{words}</p> })}
        </section>
    }
    .into_any()
}

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![(
        "submitted",
        view! {
            <Confirmation
                title="预约已提交"
                label="预约编号"
                number="QK7-3M9D-X4V"
                text="今天 17:00 前答复，结果发到 138****8000"
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_is_known_by_its_number() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches("data-case-number=").count(), 1);
    }
}
