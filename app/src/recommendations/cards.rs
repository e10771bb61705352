//! A product as a card: name, level beside the customer's own, reasons, drawbacks, legally required words.

use bank::kernel::language::{Language, day_with_year};
use bank::recommendations::{Advice, Card, Product, ScoreTerm, law_words};
use leptos::prelude::*;

use super::words;
use crate::t;
use crate::ui::button::{ButtonKind, PostButton};
use crate::ui::parts::Tone;
use crate::ui::reasons::{ReasonItem, Reasons};
use crate::ui::state_tag::StateTag;
use crate::visit::Visit;
use crate::words::locale;

/// Where a card is shown, which decides its buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardPlace {
    /// Personalised list: "why" and "not interested".
    Personal,
    /// List without personalisation: details only.
    Neutral,
}

/// The customer's own level, shown beside a product that needs one.
pub fn your_level(language: Language, advice: &Advice) -> String {
    let locale = locale(language);
    let Some(assessed) = advice.assessed() else { return t!(locale, recommendations.no_level) };
    let level = assessed.assessment.level.code();
    let until = day_with_year(language, assessed.valid_until);
    if assessed.valid {
        let on = day_with_year(language, assessed.assessment.assessed_on);
        t!(locale, recommendations.your_level, level = level, assessed = on, until = until)
    } else if assessed.valid_until < advice.now.day() {
        t!(locale, recommendations.your_level_expired, level = level, until = until)
    } else {
        t!(locale, recommendations.your_level_unconfirmed)
    }
}

/// Reasons and drawbacks, in this order.
fn reasons(language: Language, advice: &Advice, card: &Card) -> Vec<ReasonItem> {
    card.reasons.iter().map(|term| pro(language, advice, card.product, term)).chain(against(language, card.product)).collect()
}

/// A reason with a link to its fact.
pub fn pro(language: Language, advice: &Advice, product: &Product, term: &ScoreTerm) -> ReasonItem {
    ReasonItem::pro(words::reason(language, advice, product, &term.reason)).href(words::fact_link(&term.reason))
}

/// The drawbacks of a product.
pub fn against(language: Language, product: &Product) -> impl Iterator<Item = ReasonItem> {
    product.against.iter().map(move |words| ReasonItem::con(words.in_language(language)))
}

/// The legally required words of the product's kind, if any.
pub fn legal(language: Language, product: &Product) -> Option<AnyView> {
    law_words(product.kind).map(|words| view! { <p class="legal">{words.in_language(language).to_owned()}</p> }.into_any())
}

/// URL of a product's page.
pub fn address(product: &Product) -> String {
    format!("/products/{}", product.code.as_str())
}

pub fn card(visit: &Visit, advice: &Advice, card: &Card, place: CardPlace) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let product = card.product;
    let needs_level = product.kind.needs_level();
    let level = needs_level.then(|| {
        let level = words::level(language, product);
        view! { <p class="hint">{format!("{level} · {}", your_level(language, advice))}</p> }
    });
    let rate_class = if product.rate_on(advice.now.day()).is_some() { "product-rate" } else { "hint" };
    let code = product.code.as_str().to_owned();
    let actions = match place {
        CardPlace::Personal => {
            let fields = visit.bound(vec![("product".to_owned(), code.clone())]);
            view! {
                <div class="product-actions">
                    <a href=format!("{}#why", address(product))>
                        {t!(locale, recommendations.why)} <span class="unseen">" " {product.name.in_language(language).to_owned()}</span>
                    </a>
                    <PostButton
                        action="/recommendations"
                        text=t!(locale, recommendations.decline)
                        kind=ButtonKind::Quiet
                        fields=fields
                        name="do"
                        value="decline"
                    />
                </div>
            }
            .into_any()
        }
        CardPlace::Neutral => view! {
            <div class="product-actions">
                <a href=address(product)>
                    {t!(locale, recommendations.details)} <span class="unseen">" " {product.name.in_language(language).to_owned()}</span>
                </a>
            </div>
        }
        .into_any(),
    };
    view! {
        <article class="card product" data-product=code>
            <div class="product-head">
                <h3>
                    <a href=address(product)>{product.name.in_language(language).to_owned()}</a>
                </h3>
                <StateTag text=words::level_tag(language, product) tone=if needs_level { Tone::Brand } else { Tone::Neutral } />
            </div>
            <p class="hint">{words::line(language, product)}</p>
            {words::posted(language, product, advice.now.day()).map(|words| view! { <p class=rate_class>{words}</p> })}
            {level}
            <Reasons
                reasons=reasons(language, advice, card)
                for_label=t!(locale, recommendations.for_label)
                against_label=t!(locale, recommendations.against_label)
            />
            {legal(language, product)}
            <p class="product-next">
                <b>{t!(locale, recommendations.next.title)}</b>
                " "
                {words::next_step(language, product)}
            </p>
            {actions}
        </article>
    }
    .into_any()
}
