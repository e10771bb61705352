//! Progress through the steps of a form, as a segmented bar and as text. A completed step is the way back to it: a button of the
//! page's form, so that what was typed is kept, without script too.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Examples;

/// The name of a button that leads to another part of the page's form and keeps what was typed. Its value is the name of a step,
/// `step/field` for a field of it, or [`LEAVE`].
pub const TO_STEP: &str = "to_step";

/// The value of a button that leads out of the form, to the list of what it makes.
pub const LEAVE: &str = "/";

/// A button named [`TO_STEP`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepButton {
    pub to: String,
    pub text: String,
}

impl StepButton {
    /// Its markup. `form` is the id of the form, if it does not enclose the button; `about` says to screen readers what the text
    /// leaves out.
    pub fn view(self, form: Option<String>, class: &'static str, about: Option<String>) -> AnyView {
        let about = about.map(|about| view! { <span class="unseen">" " {about}</span> });
        view! {
            <button type="submit" class=class form=form formnovalidate name=TO_STEP value=self.to>
                {self.text}
                {about}
            </button>
        }
        .into_any()
    }
}

/// A completed step: its name in URLs and its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneStep {
    pub name: String,
    pub title: String,
}

/// The progress.
#[component]
pub fn Steps(
    /// Current step, from 1.
    at: usize,
    /// Number of steps.
    of: usize,
    /// The progress as text: 第 1 步，共 4 步.
    #[prop(into)]
    text: String,
    /// The completed steps in order.
    #[prop(optional)]
    done: Vec<DoneStep>,
    /// Id of the page's form.
    #[prop(optional, into)]
    form: String,
) -> AnyView {
    let backs = !done.is_empty();
    let step = |number: usize| {
        let is_now = (number == at).then_some("step");
        let inside = match done.get(number - 1).filter(|_| number < at) {
            Some(DoneStep { name, title }) => view! {
                <button type="submit" form=form.clone() formnovalidate name=TO_STEP value=name.clone()>
                    <span aria-hidden="true">{number}</span>
                    <span class="steps-title">{title.clone()}</span>
                </button>
            }
            .into_any(),
            None => view! { <span aria-hidden="true">{number}</span> }.into_any(),
        };
        view! {
            <li class:done=number <= at aria-current=is_now>
                {inside}
            </li>
        }
    };
    let steps = (1..=of).map(step).collect_view();
    // Enter in a field presses the first button of a form; it must continue, not go back.
    let enter = backs.then(|| view! { <button type="submit" form=form.clone() hidden></button> });
    view! {
        <div class="steps">
            {enter}
            <ol class="steps-bar" aria-label=text.clone()>
                {steps}
            </ol>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![("the first of four", view! { <Steps at=1 of=4 text="第 1 步，共 4 步" /> }.into_any()), ("the third of four", third())]
}

fn third() -> AnyView {
    let done = [("where", "Where and when"), ("how_much", "Amount and notes")];
    let done = done.map(|(name, title)| DoneStep { name: name.to_owned(), title: title.to_owned() }).to_vec();
    view! { <Steps at=3 of=4 text="Step 3 of 4" done=done form="page-form" /> }.into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_many_segments_are_filled_as_steps_are_reached() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"class="done""#).count(), 1 + 3);
        assert!(html.contains("第 1 步，共 4 步"));
    }

    #[test]
    fn completed_steps_are_buttons_of_the_form_and_enter_presses_none_of_them() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"name="to_step""#).count(), 2);
        assert!(html.contains(r#"name="to_step" value="how_much""#) && !html.contains(r#"value="who""#), "{html}");
        let first = html.find(r#"<button type="submit" form="page-form" hidden"#);
        assert!(first.is_some() && first < html.find("to_step"), "{html}");
        assert_eq!(html.matches(r#"aria-current="step""#).count(), 2);
    }
}
