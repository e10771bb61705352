//! Buttons: within a form, as a link that looks like one, and as a one-click form of its own.
//!
//! Not for navigation inside running text (plain links). Offers inside a refusal are `error_summary::Offer`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Examples,
    parts::{Fields, Maybe},
};

/// How much weight a button has on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ButtonKind {
    /// The way on; one per form, first in document order.
    #[default]
    Primary,
    /// Another good way.
    Secondary,
    /// Words only.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    /// The classes of the button.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
            Self::Danger => "button button-danger",
        }
    }
}

/// A submit button of the form around it.
#[component]
pub fn Button(
    /// The words, verb first.
    #[prop(into)]
    text: String,
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// The field it sends when pressed, for example `do`.
    #[prop(optional, into)]
    name: Maybe,
    /// The value of that field, for example `book`.
    #[prop(optional, into)]
    value: Maybe,
    /// The id of a form elsewhere on the page that it submits.
    #[prop(optional, into)]
    form: Maybe,
) -> AnyView {
    view! {
        <button type="submit" class=kind.class() name=name.text() value=value.0 form=form.text()>
            {text}
        </button>
    }
    .into_any()
}

/// A link with the looks of a button.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The words, verb first.
    #[prop(into)]
    text: String,
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
) -> AnyView {
    view! {
        <a class=kind.class() href=href>
            {text}
        </a>
    }
    .into_any()
}

/// A form of its own with hidden fields and one button: an act in one click.
#[component]
pub fn PostButton(
    /// The path it posts to.
    #[prop(into)]
    action: String,
    /// The words, verb first.
    #[prop(into)]
    text: String,
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// What it posts, hidden.
    #[prop(optional)]
    fields: Fields,
    /// The field the button itself sends.
    #[prop(optional, into)]
    name: Maybe,
    /// The value of that field.
    #[prop(optional, into)]
    value: Maybe,
) -> AnyView {
    view! {
        <form method="post" action=action class="post">
            {hidden(fields)}
            <Button text=text kind=kind name=name value=value />
        </form>
    }
    .into_any()
}

/// Hidden inputs for a form, in the given order.
pub fn hidden(fields: Fields) -> impl IntoView {
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

/// Named examples for the gallery.
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
