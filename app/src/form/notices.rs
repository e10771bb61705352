//! Notices on a form's page (changed in another tab, not sent yet, key already used), saving while typing, and discarding.

use leptos::prelude::*;

use super::{Asks, OpenForm};
use crate::islands::SavesWhileTyping;
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, hidden};
use crate::ui::parts::{Fields, Tone};
use crate::visit::Visit;
use crate::words::Locale;

/// The id of the form that restores values of an outdated page.
const ASIDE: &str = "use-aside";

/// The island that saves a form while typing, with its texts.
#[component]
pub fn Saves(
    locale: Locale,
    /// Name of the form.
    #[prop(into)]
    form: String,
    /// Text shown before anything is typed.
    #[prop(optional)]
    now: String,
) -> impl IntoView {
    view! {
        <SavesWhileTyping
            form=form
            now=now
            saved=t!(locale, form.saved)
            overtaken=t!(locale, form.overtaken)
            signed_out=t!(locale, form.signed_out)
            failed=t!(locale, form.not_saved)
        />
    }
}

/// The notices above a form.
pub fn notices(locale: Locale, shown: &OpenForm, asks: &dyn Asks) -> AnyView {
    let unsent = shown.unsent.then(|| {
        view! { <Banner tone=Tone::Wait title=t!(locale, form.unsent_title) text=t!(locale, form.unsent_text) /> }
    });
    let stale = shown.stale.then(|| {
        let lines = aside_lines(locale, shown, asks);
        view! {
            <Banner tone=Tone::Wait title=t!(locale, form.stale_title) text=t!(locale, form.stale_text)>
                {lines}
            </Banner>
        }
    });
    view! {
        {unsent}
        {stale}
    }
    .into_any()
}

/// The values of the outdated page, with the button that restores them.
fn aside_lines(locale: Locale, shown: &OpenForm, asks: &dyn Asks) -> Option<AnyView> {
    let aside = &shown.state.aside;
    if aside.0.is_empty() {
        return None;
    }
    let said = |name: &str| shown.form.field(name).is_some_and(|field| field.kind.is_typed());
    let lines = aside.0.iter().filter(|(name, _)| said(name)).map(|(name, value)| {
        let name = asks.label(name).unwrap_or_default();
        view! { <li class="typed">{t!(locale, form.aside_line, name = name, value = value.clone())}</li> }
    });
    Some(
        view! {
            <p>{t!(locale, form.aside)}</p>
            <ul>{lines.collect_view()}</ul>
            <Button text=t!(locale, form.use_aside) kind=ButtonKind::Secondary form=ASIDE />
        }
        .into_any(),
    )
}

/// The form that restores the values posted by an outdated page; its button is in the notice.
pub fn aside_form(shown: &OpenForm, step: &str) -> Option<AnyView> {
    (shown.stale && !shown.state.aside.0.is_empty()).then(|| {
        let mut fields = shown.hidden(step, &[]);
        fields.extend(shown.state.aside.0.clone());
        view! {
            <form method="post" action=shown.path.clone() id=ASIDE class="post">
                {hidden(fields)}
            </form>
        }
        .into_any()
    })
}

/// The forms of other buttons on the page. They are placed after the page's own form, which is the first in the document, so
/// that Enter submits it.
pub fn forms_behind(locale: Locale, shown: &OpenForm, step: &str) -> AnyView {
    let aside = aside_form(shown, step);
    let discard = shown.is_saved().then(|| discard(locale, &shown.path, shown.hidden(step, &[])));
    view! {
        {aside}
        {discard}
    }
    .into_any()
}

/// The control that discards an unfinished form: two clicks, because it cannot be undone.
pub fn discard(locale: Locale, path: &str, fields: Fields) -> AnyView {
    view! {
        <details class="discard">
            <summary>{t!(locale, form.discard)}</summary>
            <form method="post" action=path.to_owned() class="post">
                {hidden(fields)}
                <p class="hint">{t!(locale, form.discard_text)}</p>
                <Button text=t!(locale, form.discard_now) kind=ButtonKind::Danger name="do" value="discard" />
            </form>
        </details>
    }
    .into_any()
}

/// The notice on a case's page that the key had been used; with a link to the form that holds the values sent instead.
#[component]
pub fn AlreadyNotice(
    /// The request.
    visit: Visit,
    /// Path of the kind's form.
    #[prop(into)]
    form: String,
) -> impl IntoView {
    let locale = visit.locale();
    visit.is_already().then(|| {
        let instead = visit.asks("draft").filter(|key| bank::kernel::ids::Key::parse(key).is_ok());
        let link = instead.map(|key| {
            view! {
                <p>
                    <a href=format!("{form}?key={key}")>{t!(locale, form.instead)}</a>
                </p>
            }
        });
        view! {
            <Banner tone=Tone::Wait title=t!(locale, form.already_title) text=t!(locale, form.already_text)>
                {link}
            </Banner>
        }
    })
}

impl Visit {
    /// Whether the URL asks for the notice that a key had been used.
    pub fn is_already(&self) -> bool {
        self.asks("notice") == Some("already")
    }

    /// The raw value of a query parameter.
    pub fn asks(&self, name: &str) -> Option<&str> {
        let (_, query) = self.uri.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
}

/// The hidden fields of a form that discards a draft from another page.
pub fn discard_fields(visit: &Visit, key: &bank::kernel::ids::Key) -> Fields {
    visit.bound(vec![("key".to_owned(), key.to_string())])
}
