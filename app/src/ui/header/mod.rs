//! The bar at the top of every page: brand or back link, navigation, language, sign-out.
//!
//! Three variants: customer (white), staff (dark blue), and a step of a form, which has only the back link, the saved notice
//! and the language switch. Language and sign-out are plain forms without a `key`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    display_switch::DisplaySwitch,
    icon::{Icon, Picture},
    parts::{Link, OptionalText},
    steps::{StepButton, TO_STEP},
};

mod samples;

pub use samples::examples;

/// Variant of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HeaderKind {
    /// For customers and visitors.
    #[default]
    Customer,
    /// For staff: dark blue, compact.
    Staff,
}

/// The page's form that the language switch submits, so that typed text is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSwitch {
    /// Id of the form.
    pub id: String,
    /// Name and value of the form's main button, for the Enter key.
    pub button: Option<(String, String)>,
}

/// The language switch: a form that posts to `/language` and returns, or a button of the page's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageSwitch {
    /// Name of the other language in that language, such as English.
    pub text: String,
    /// Its tag, posted and used as `lang`, such as `en`.
    pub value: String,
    /// Path and query to return to.
    pub to: String,
    /// The page's own form, if it has one.
    pub form: Option<FormSwitch>,
}

/// The way back from a step of a form, in place of the brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Back {
    /// From a page without a form.
    Link(Link),
    /// A button of the page's form, so that what was typed is kept.
    Button(StepButton),
}

impl From<Link> for Back {
    fn from(link: Link) -> Self {
        Self::Link(link)
    }
}

impl From<StepButton> for Back {
    fn from(button: StepButton) -> Self {
        Self::Button(button)
    }
}

/// The bar. All parts except brand and language are optional.
#[component]
pub fn Header(
    /// Name of the product: 厅堂.
    #[prop(into)]
    brand: String,
    /// The bank's name below it, or 工作台 beside it for staff.
    #[prop(into)]
    subtitle: String,
    /// Text of the link that skips the bar and leads to `#main`.
    #[prop(into)]
    skip: String,
    /// Missing where it stands elsewhere on the page.
    #[prop(into)]
    language: Option<LanguageSwitch>,
    /// The way from the elder mode back to normal.
    #[prop(optional_no_strip)]
    display: Option<DisplaySwitch>,
    #[prop(optional)] kind: HeaderKind,
    /// Target of the brand link.
    #[prop(default = "/".to_owned(), into)]
    home: String,
    /// Name of the navigation for screen readers.
    #[prop(optional, into)]
    nav_label: OptionalText,
    /// Navigation links; below the bar on a phone.
    #[prop(optional)]
    nav: Vec<Link>,
    /// The way back in place of the brand, for a step of a form.
    #[prop(optional_no_strip)]
    back: Option<Back>,
    /// The page's own form, if it has one.
    #[prop(optional_no_strip)]
    form: Option<FormSwitch>,
    /// Texts at the right: 已自动保存, the clerk's branch and name, the bank's time.
    #[prop(optional)]
    notes: Vec<String>,
    /// Links at the right: 我的, 登录.
    #[prop(optional)]
    links: Vec<Link>,
    /// Text of the sign-out button; missing if nobody is signed in.
    #[prop(optional, into)]
    sign_out: OptionalText,
) -> AnyView {
    let class = match kind {
        HeaderKind::Customer => "bar",
        HeaderKind::Staff => "bar bar-staff",
    };
    view! {
        <a class="skip" href="#main">{skip}</a>
        <header class=class>
            <div class="bar-in">
                {match back {
                    Some(back) => back_view(back, form),
                    None => brand_link(kind, home, brand, subtitle).into_any(),
                }}
                {(!nav.is_empty())
                    .then(|| {
                        view! {
                            <nav aria-label=nav_label.text()>
                                <ul>{nav.into_iter().map(|link| view! { <li>{nav_link(link)}</li> }).collect_view()}</ul>
                            </nav>
                        }
                    })}
                <div class="bar-tools">
                    {notes.into_iter().map(|words| view! { <span class="bar-note">{words}</span> }).collect_view()}
                    {language.map(language_switch)}
                    {display.map(DisplaySwitch::view)}
                    {links.into_iter().map(nav_link).collect_view()}
                    {sign_out
                        .text()
                        .map(sign_out_form)}
                </div>
            </div>
        </header>
    }
    .into_any()
}

/// The language switch, in the bar or elsewhere.
pub fn language_switch(language: LanguageSwitch) -> AnyView {
    let LanguageSwitch { text, value, to, form } = language;
    let Some(FormSwitch { id, button }) = form else {
        return view! {
            <form method="post" action="/language">
                <input type="hidden" name="to" value=to />
                <button type="submit" name="language" value=value.clone() lang=value>
                    {text}
                </button>
            </form>
        }
        .into_any();
    };
    view! {
        {enter(id.clone(), button)}
        <button type="submit" form=id formnovalidate name="language" value=value.clone() lang=value>
            {text}
        </button>
    }
    .into_any()
}

/// Enter presses the first submit button of a form: a hidden copy of the page's main button, before buttons that do something else.
fn enter(form: String, main: Option<(String, String)>) -> impl IntoView {
    let (name, sent) = main.unzip();
    view! { <button type="submit" form=form name=name value=sent hidden></button> }
}

fn back_view(back: Back, form: Option<FormSwitch>) -> AnyView {
    let icon = || view! { <Icon picture=Picture::Back /> };
    match (back, form) {
        (Back::Link(link), _) => view! {
            <a class="bar-back" href=link.href>
                {icon()}
                {link.text}
            </a>
        }
        .into_any(),
        (Back::Button(StepButton { to, text }), form) => {
            let FormSwitch { id, button } = form.unwrap_or_default();
            view! {
                {enter(id.clone(), button)}
                <button type="submit" class="bar-back" form=id formnovalidate name=TO_STEP value=to>
                    {icon()}
                    {text}
                </button>
            }
            .into_any()
        }
    }
}

fn brand_link(kind: HeaderKind, home: String, brand: String, subtitle: String) -> impl IntoView {
    view! {
        <a class="brand" href=home>
            {(kind == HeaderKind::Customer)
                .then(|| {
                    view! {
                        <span class="brand-mark">
                            <Icon picture=Picture::Bank />
                        </span>
                    }
                })}
            <span class="brand-words">
                <b>{brand}</b>
                " "
                <span class="brand-bank">{subtitle}</span>
            </span>
        </a>
    }
}

/// The sign-out button.
pub fn sign_out_form(words: String) -> impl IntoView {
    view! {
        <form method="post" action="/logout">
            <button type="submit">{words}</button>
        </form>
    }
}

/// A link of the navigation.
pub fn nav_link(link: Link) -> impl IntoView {
    view! {
        <a href=link.href aria-current=link.current.then_some("page")>
            {link.text}
            {link.count.map(|waiting| format!(" {waiting}"))}
        </a>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_language_and_the_way_out_are_plain_forms_without_a_key() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"<form method="post" action="/language""#));
        assert!(html.contains(r#"<input type="hidden" name="to" value="/appointments""#));
        assert!(html.contains(r#"name="language" value="en" lang="en""#));
        assert!(html.contains(r#"<form method="post" action="/logout""#));
        assert!(!html.contains(r#"name="key""#));
    }

    #[test]
    fn the_present_page_is_marked() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"aria-current="page""#));
    }
}
