//! The panel after a submission: what was done, the case number, what happens next.

use leptos::prelude::*;

use super::{
    Examples,
    case_number::CaseNumber,
    parts::{ScreenAndPrint, Tone},
};

/// The panel. The next steps follow it as a `timeline`. It has the focus after the act it answers (`form::ANSWER`).
#[component]
pub fn Confirmation(
    /// What was done: 预约已提交.
    #[prop(into)]
    title: String,
    /// Label of the number: 预约编号.
    #[prop(into)]
    label: String,
    #[prop(into)] number: String,
    /// What the bank will do, and by when.
    #[prop(optional, into)]
    text: ScreenAndPrint,
    /// `Ok`; `Seal` or `Neutral` for a case that was declined or cancelled.
    #[prop(default = Tone::Ok)]
    tone: Tone,
) -> AnyView {
    view! {
        <section class=format!("confirmation tone-{}", tone.class()) id="answer" tabindex="-1">
            <h1>{title}</h1>
            <p class="confirmation-label">{label}</p>
            <p class="confirmation-number">
                <CaseNumber number=number />
            </p>
            {(!text.is_empty()).then(|| view! { <p class="confirmation-label">{text.view()}</p> })}
        </section>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![(
        "submitted",
        view! {
            <Confirmation
                title="预约已提交"
                label="预约编号"
                number="QK7-3M9D-X4V"
                text="今天 17:00 前答复"
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
