//! Buttons: in a form, as a link that looks like a button, and as a separate form with one button.
//!
//! In running text use plain links. Offers of a refusal are `error_summary::OfferButton`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Examples,
    parts::{Fields, OptionalText},
};

/// Visual weight of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ButtonKind {
    /// The main action; one per form, first in document order.
    #[default]
    Primary,
    /// An alternative.
    Secondary,
    /// Text only.
    Quiet,
    /// A destructive action.
    Danger,
}

impl ButtonKind {
    /// CSS classes.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A submit button of the enclosing form.
#[component]
pub fn Button(
    /// Label, verb first.
    #[prop(into)]
    text: String,
    #[prop(optional)] kind: ButtonKind,
    /// Name of the field it posts, for example `do`.
    #[prop(optional, into)]
    name: OptionalText,
    /// Value of that field, for example `book`.
    #[prop(optional, into)]
    value: OptionalText,
    /// Id of the form to submit, if it is not the enclosing one.
    #[prop(optional, into)]
    form: OptionalText,
) -> AnyView {
    view! {
        <button type="submit" class=kind.class() name=name.text() value=value.0 form=form.text()>
            {text}
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    /// Label, verb first.
    #[prop(into)]
    text: String,
    #[prop(optional)] kind: ButtonKind,
) -> AnyView {
    view! {
        <a class=kind.class() href=href>
            {text}
        </a>
    }
    .into_any()
}

/// A separate form with hidden fields and one button.
#[component]
pub fn PostButton(
    /// Path of the POST.
    #[prop(into)]
    action: String,
    /// Label, verb first.
    #[prop(into)]
    text: String,
    #[prop(optional)] kind: ButtonKind,
    /// Hidden fields.
    #[prop(optional)]
    fields: Fields,
    /// Name of the field the button posts.
    #[prop(optional, into)]
    name: OptionalText,
    /// Value of that field.
    #[prop(optional, into)]
    value: OptionalText,
) -> AnyView {
    view! {
        <form method="post" action=action class="post">
            {hidden(fields)}
            <Button text=text kind=kind name=name value=value />
        </form>
    }
    .into_any()
}

/// Hidden inputs, in the given order.
pub fn hidden(fields: Fields) -> impl IntoView {
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

pub fn examples() -> Examples {
    vec![
        (
            "four weights",
            view! {
                <form method="post" action="/ui" class="actions">
                    <Button text="下一步" name="do" value="book" />
                    <Button text="改约时间" kind=ButtonKind::Secondary />
                    <Button text="看全部网点" kind=ButtonKind::Quiet />
                    <Button text="Cancel this booking" kind=ButtonKind::Danger />
                </form>
            }
            .into_any(),
        ),
        (
            "a link, and a form of its own",
            view! {
                <div class="actions">
                    <LinkButton href="/ui" text="接着填" />
                    <PostButton
                        action="/ui"
                        text="改到 12 月 3 日"
                        kind=ButtonKind::Secondary
                        fields=vec![("day".into(), "2026-12-03".into())]
                    />
                </div>
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_submits_and_a_one_click_form_carries_its_fields() {
        let html = super::super::html(examples());
        assert!(html.contains(r#"name="do" value="book""#));
        assert!(html.contains(r#"<input type="hidden" name="day" value="2026-12-03""#));
        assert!(html.contains(r#"<a href="/ui" class="button""#));
    }
}
