//! The error summary of a page: one item per refusal, with the reason and buttons that accept a nearest value.
//!
//! It is placed before the page's form; its offers are separate forms placed after it ([`OfferForms`]). The text at the field
//! itself is that field's `error`.

use bank::kernel::forms::{Nearest, Refusal};
use leptos::prelude::*;

use super::{
    button::{Button, ButtonKind, LinkButton, hidden},
    parts::{Fields, Link, OptionalText},
};

mod samples;

pub use samples::examples;

/// A button that resolves a refusal in one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferButton {
    /// Label, verb first: 用这个券别.
    pub text: String,
    /// Path of the POST, or of the link if there are no fields.
    pub action: String,
    /// Posted fields: `key` and the accepted values. Empty for a link.
    pub fields: Fields,
}

impl OfferButton {
    /// Posts accepted values.
    pub fn fill(text: impl Into<String>, action: impl Into<String>, fields: Fields) -> Self {
        Self { text: text.into(), action: action.into(), fields }
    }

    /// Links to another page.
    pub fn go(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::fill(text, href, Vec::new())
    }

    fn into_view(self, main: bool, number: usize) -> AnyView {
        let kind = if main { ButtonKind::Primary } else { ButtonKind::Secondary };
        if self.fields.is_empty() {
            return view! { <LinkButton href=self.action text=self.text kind=kind /> }.into_any();
        }
        view! { <Button text=self.text kind=kind form=form_id(number) /> }.into_any()
    }
}

fn form_id(number: usize) -> String {
    format!("offer-{number}")
}

/// The forms of the offers. They are placed after the page's form, so that the page's form is the first one in the
/// document. Their buttons are in the [`ErrorSummary`].
#[component]
pub fn OfferForms(
    /// The offers of the summary, in the same order.
    offers: Vec<OfferButton>,
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

/// One refusal as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    code: String,
    title: String,
    body: String,
    nearest: Option<String>,
    field: Option<Link>,
    offers: Vec<OfferButton>,
    advises: bool,
}

impl Refused {
    /// `code` is for tests and the hotline; `body` gives the rule, its value and what would be accepted.
    pub fn new(code: impl Into<String>, title: impl Into<String>, body: impl Into<String>) -> Self {
        let (code, title, body) = (code.into(), title.into(), body.into());
        Self { code, title, body, nearest: None, field: None, offers: Vec::new(), advises: false }
    }

    /// A refusal of a business rule, with its title and body.
    pub fn of(refusal: &impl Refusal, (title, body): (String, String)) -> Self {
        Self { nearest: refusal.nearest().first().map(Nearest::query), ..Self::new(refusal.code(), title, body) }
    }

    /// Adds a link to the refused field.
    #[must_use]
    pub fn field(mut self, id: &str, words: impl Into<String>) -> Self {
        self.field = Some(Link::new(format!("#{id}"), words));
        self
    }

    /// Whether it is about one of these fields, or about none.
    pub fn concerns(&self, fields: &[String]) -> bool {
        self.field.as_ref().is_none_or(|link| fields.iter().any(|field| link.href.strip_prefix('#') == Some(field)))
    }

    /// Sets the offers, best first.
    #[must_use]
    pub fn offers(mut self, offers: Vec<OfferButton>) -> Self {
        self.offers = offers;
        self
    }

    /// The text is the way out, so that no offer is the main button, and it is none of the things to be mended.
    #[must_use]
    pub fn advice(mut self) -> Self {
        self.advises = true;
        self
    }

    /// In the order of the summary: advice leads.
    #[must_use]
    pub fn ordered(mut refused: Vec<Self>) -> Vec<Self> {
        refused.sort_by_key(|refused| !refused.advises);
        refused
    }

    /// How many are to be mended.
    pub fn wrong(refused: &[Self]) -> usize {
        refused.iter().filter(|refused| !refused.advises).count()
    }

    /// The offers of several refusals in the order of their buttons, for [`OfferForms`].
    pub fn all_offers(refused: &[Self]) -> Vec<OfferButton> {
        refused.iter().flat_map(|refused| refused.offers.iter().cloned()).collect()
    }

    /// `from`: number of offers of earlier refusals; `alone`: the title is the heading of the summary.
    fn into_view(self, from: usize, alone: bool) -> AnyView {
        let title = if alone { view! { <h2>{self.title}</h2> }.into_any() } else { view! { <h3>{self.title}</h3> }.into_any() };
        let offers = self.offers.into_iter().enumerate();
        view! {
            <div class="refusal-item" data-refusal=self.code data-nearest=self.nearest>
                {title}
                {(!self.body.is_empty()).then(|| view! { <p>{self.body}</p> })}
                {self
                    .field
                    .map(|link| {
                        view! {
                            <p class="refusal-field">
                                <a href=link.href>{link.text}</a>
                            </p>
                        }
                    })}
                {offers.map(|(place, offer)| offer.into_view(place == 0 && !self.advises, from + place)).collect_view()}
            </div>
        }
        .into_any()
    }
}

/// Start of the element. A page that contains it gets a title that begins with "Error:".
pub const OPENING: &str = "<section id=\"errors\"";

/// All refusals of a page. The element takes the focus when the page is loaded, without a script. Renders nothing if
/// there is no refusal.
#[component]
pub fn ErrorSummary(
    /// The refusals in the order of the form, advice first ([`Refused::ordered`]).
    refused: Vec<Refused>,
    /// The heading of several refusals: 有 2 处要改. Advice stands above it.
    #[prop(optional, into)]
    several: OptionalText,
) -> AnyView {
    if refused.is_empty() {
        return ().into_any();
    }
    let (advice, wrong): (Vec<_>, Vec<_>) = refused.into_iter().partition(|refused| refused.advises);
    let alone = advice.is_empty() && wrong.len() == 1;
    let mut from = 0;
    let mut item = |refused: Refused, heads: bool| {
        let before = from;
        from += refused.offers.len();
        refused.into_view(before, heads)
    };
    let advice = advice.into_iter().map(|refused| item(refused, true)).collect::<Vec<_>>();
    let heading = several.text().filter(|_| !alone && !wrong.is_empty());
    let wrong = wrong.into_iter().map(|refused| item(refused, alone)).collect::<Vec<_>>();
    view! {
        <section class="refusal" id="errors" role="alert" tabindex="-1" autofocus=true>
            {advice}
            {heading.map(|words| view! { <h2>{words}</h2> })}
            {wrong}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_refusal_names_its_code_and_the_nearest_values() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"data-refusal="notes_short""#));
        assert!(html.contains(super::OPENING), "the frame knows a refused page by it");
        assert!(html.contains(r#"data-nearest="notes_100=1500&amp;notes_50=1000""#));
    }

    #[test]
    fn several_refusals_are_one_summary_that_takes_the_focus() {
        let html = super::super::html(super::examples());
        let several = html.split("<section").find(|part| part.contains("有 2 处要改")).expect("the sample");
        assert_eq!((several.matches("data-refusal").count(), several.matches("<h2").count()), (2, 1));
        assert!(several.contains(r#"id="errors" role="alert" tabindex="-1" autofocus"#), "{several}");
        assert!(several.contains(r#"form="offer-0""#) && several.contains(r#"form="offer-1""#), "each names its own form");
    }

    #[test]
    fn advice_leads_and_is_not_counted_among_what_is_wrong() {
        let html = super::super::html(super::examples());
        let advised = html.split("<section").find(|part| part.contains("要预约的话，还有 1 处要改")).expect("the sample");
        let at = |words: &str| advised.find(words).unwrap_or_else(|| panic!("no {words} in {advised}"));
        assert!(at("不用预约") < at("还有 1 处要改") && at("还有 1 处要改") < at("account_missing"), "{advised}");
        assert_eq!((advised.matches("<h2").count(), advised.matches("<h3").count()), (2, 1));
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
