//! A refusal: what, why, and the way out as buttons. One element for one refusal code.
//!
//! It stands before the page's form; its offers are forms of their own, placed behind it ([`OfferForms`]). The words beside the field itself
//! are that field's `error`.

use leptos::prelude::*;

use super::{
    button::{Button, ButtonKind, LinkButton, hidden},
    parts::{Fields, Link, Maybe},
};

mod samples;

pub use samples::examples;

/// A way out of a refusal in one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The words, verb first: 用这个券别.
    pub text: String,
    /// The path it posts to, or leads to when there are no fields.
    pub action: String,
    /// What it posts: `key` and the accepted values. Empty: it is a link.
    pub fields: Fields,
}

impl Offer {
    /// Fills in accepted values by posting them.
    pub fn fill(text: impl Into<String>, action: impl Into<String>, fields: Fields) -> Self {
        Self { text: text.into(), action: action.into(), fields }
    }

    /// Leads somewhere else.
    pub fn go(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::fill(text, href, Vec::new())
    }

    fn into_view(self, place: usize, number: usize) -> AnyView {
        let kind = if place == 0 { ButtonKind::Primary } else { ButtonKind::Secondary };
        if self.fields.is_empty() {
            return view! { <LinkButton href=self.action text=self.text kind=kind /> }.into_any();
        }
        view! { <Button text=self.text kind=kind form=form_id(number) /> }.into_any()
    }
}

fn form_id(number: usize) -> String {
    format!("offer-{number}")
}

/// The forms of a refusal's offers: each a form of its own, placed behind the page's form so that the page's form is
/// the first one in the document. The buttons stand in the [`ErrorSummary`].
#[component]
pub fn OfferForms(
    /// The same offers the summaries show, in their order.
    offers: Vec<Offer>,
) -> impl IntoView {
    offers
        .into_iter()
        .enumerate()
        .filter(|(_, offer)| !offer.fields.is_empty())
        .map(|(place, offer)| {
            view! {
                <form method="post" action=offer.action id=form_id(place) class="post">
                    {hidden(offer.fields)}
                </form>
            }
        })
        .collect_view()
}

/// A refusal with its ways out; the first offer is the main one.
#[component]
pub fn ErrorSummary(
    /// The refusal code, for tests and for the hotline.
    #[prop(into)]
    code: String,
    /// What is refused, in words.
    #[prop(into)]
    title: String,
    /// Why: the rule and its value, and what would be accepted.
    #[prop(optional, into)]
    body: Maybe,
    /// The nearest accepted values as a query string: `day=2026-12-03&slot=10:00`.
    #[prop(optional, into)]
    nearest: Maybe,
    /// Links to the fields concerned: `#amount`.
    #[prop(optional)]
    fields: Vec<Link>,
    /// The ways out, best first.
    #[prop(optional)]
    offers: Vec<Offer>,
    /// How many offers the summaries before this one have: [`OfferForms`] numbers the forms of all of them.
    #[prop(optional)]
    from: usize,
) -> AnyView {
    view! {
        <section class="refusal" role="alert" data-refusal=code data-nearest=nearest.text()>
            <h2>{title}</h2>
            {body.text().map(|words| view! { <p>{words}</p> })}
            {(!fields.is_empty())
                .then(|| {
                    view! {
                        <ul class="refusal-fields">
                            {fields
                                .into_iter()
                                .map(|link| view! { <li><a href=link.href>{link.text}</a></li> })
                                .collect_view()}
                        </ul>
                    }
                })}
            {offers
                .into_iter()
                .enumerate()
                .map(|(place, offer)| offer.into_view(place, from + place))
                .collect_view()}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_refusal_names_its_code_and_the_nearest_values() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"role="alert" data-refusal="notes_short""#));
        assert!(html.contains(r#"data-nearest="notes_100=1500&amp;notes_50=1000""#));
    }

    #[test]
    fn the_first_offer_is_the_main_one() {
        let html = super::super::html(super::examples());
        let first = html.find(r#"class="button""#);
        let second = html.find("button-secondary");
        assert!(first.is_some() && first < second);
        assert!(html.contains(r#"<input type="hidden" name="notes_50" value="1000""#));
    }
}
