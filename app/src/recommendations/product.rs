//! `/products/{code}`: everything about one product, and why it is or is not recommended: the deciding rule with the values it
//! compared.

use axum::extract::{Path, State};
use axum::response::Response;
use bank::kernel::language::{Language, amount, day_with_year};
use bank::recommendations::{Advice, Customers, Explanation, Product, WhyNot};
use leptos::prelude::*;

use super::{cards, words};
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::parts::{Link, Tone};
use crate::ui::reasons::{ReasonItem, Reasons};
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::{App, PersonalCustomer, Visit};
use crate::words::locale;

/// GET /products/{code}
pub async fn product(
    visit: Visit,
    State(app): State<App>,
    PersonalCustomer(customer): PersonalCustomer,
    Path(code): Path<String>,
) -> Response {
    let page = async {
        let advice = bank::recommendations::recommend(&app.bank, &customer).await?;
        let product = advice.product(&code).ok_or(PageError::NotFound)?;
        Ok::<_, PageError>(show(&visit, &advice, product))
    };
    visit.answer(page.await)
}

fn show(visit: &Visit, advice: &Advice, product: &Product) -> Response {
    let (language, locale) = (visit.language, visit.locale());
    let name = product.name.in_language(language).to_owned();
    let back = Link::new("/recommendations", t!(locale, recommendations.back));
    let explained = advice.explain(product);
    let today = advice.now.day();
    let off_sale = explained.unsuitable.filter(|why| matches!(why, WhyNot::OnSale { .. }));
    let tone = if product.kind.needs_level() { Tone::Brand } else { Tone::Neutral };
    Page::new(visit, name.clone()).task(back, false).show(move || {
        view! {
            <div class="product-head">
                <h1>{name}</h1>
                <StateTag text=words::level_tag(language, product) tone=tone />
            </div>
            <p>{product.summary.in_language(language).to_owned()}</p>
            {off_sale
                .map(|why| {
                    view! { <Banner tone=Tone::Wait title=t!(locale, recommendations.off_sale_title) text=words::why_not(language, &why, today) /> }
                })}
            {why(visit, advice, product, &explained)}
            <section class="block">
                <h2>{t!(locale, recommendations.facts)}</h2>
                <SummaryList rows=facts(language, advice, product) />
                {product.fictitious.then(|| view! { <p class="hint">{t!(locale, recommendations.fictitious)}</p> })}
            </section>
            <section class="block">
                <h2>{t!(locale, recommendations.features)}</h2>
                <Reasons reasons=product.features.iter().map(|words| ReasonItem::pro(words.in_language(language))).collect() />
            </section>
            <section class="block">
                <h2>{t!(locale, recommendations.against)}</h2>
                <Reasons reasons=cards::against(language, product).collect() against_label=t!(locale, recommendations.against_label) />
                {cards::legal(language, product)}
            </section>
            {explained.unsuitable.is_none().then(|| next(visit, product))}
        }
        .into_any()
    })
}

/// How to go on with a product that suits: at a branch, in a talk, on the phone. Nothing is bought online.
fn next(visit: &Visit, product: &Product) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let (name, phone) = (product.name.in_language(language).to_owned(), visit.bank_details.hotline.clone());
    view! {
        <section class="block" id="next">
            <h2>{t!(locale, recommendations.next.heading)}</h2>
            <p>{words::next_step(language, product)}</p>
            <p>{t!(locale, recommendations.next.say, name = name, phone = phone)}</p>
            <div class="actions">
                <LinkButton href=crate::branches::PATH text=t!(locale, recommendations.branches) kind=ButtonKind::Secondary />
                <LinkButton href=crate::appointments::reception::PATH text=t!(locale, recommendations.next.talk) kind=ButtonKind::Secondary />
            </div>
        </section>
    }
    .into_any()
}

/// Why it is or is not recommended, with the day the rules hold from.
fn why(visit: &Visit, advice: &Advice, product: &Product, explained: &Explanation) -> AnyView {
    let (language, locale, today) = (visit.language, visit.locale(), advice.now.day());
    let heading = if explained.shown { t!(locale, recommendations.why_shown) } else { t!(locale, recommendations.why_not_shown) };
    let mut lines = Vec::new();
    let mut reasons = Vec::new();
    match (&explained.why_not, &explained.unsuitable) {
        (None, _) => {
            lines.push(if explained.shown {
                t!(locale, recommendations.passed)
            } else if explained.reasons.is_empty() {
                t!(locale, recommendations.passed_no_reason)
            } else {
                t!(locale, recommendations.passed_unshown)
            });
            reasons = explained.reasons.iter().map(|term| cards::pro(language, advice, product, term)).collect();
        }
        (Some(WhyNot::Consent), None) => {
            lines.extend([t!(locale, recommendations.consent_off), t!(locale, recommendations.suitable)]);
        }
        (Some(WhyNot::Consent), Some(why)) => {
            lines.extend([t!(locale, recommendations.consent_off), t!(locale, recommendations.unsuitable)]);
            reasons.push(ReasonItem::con(words::why_not(language, why, today)));
        }
        (Some(why), _) => reasons.push(ReasonItem::con(words::why_not(language, why, today))),
    }
    let rules = t!(locale, recommendations.rules, day = words::rules_since(language, &explained.verdict.rule_version));
    let phone = visit.bank_details.hotline.clone();
    view! {
        <section class="block" id="why">
            <h2>{heading}</h2>
            {lines.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
            {(!reasons.is_empty())
                .then(|| {
                    view! {
                        <Reasons
                            reasons=reasons
                            for_label=t!(locale, recommendations.for_label)
                            against_label=t!(locale, recommendations.against_label)
                        />
                    }
                })}
            <p class="hint">
                {rules} " "
                {t!(locale, recommendations.review, phone = phone)}
            </p>
            {buttons(visit, product, explained)}
        </section>
    }
    .into_any()
}

/// 不感兴趣 for a recommended product; undo for a declined one.
fn buttons(visit: &Visit, product: &Product, explained: &Explanation) -> Option<AnyView> {
    let locale = visit.locale();
    let declined = matches!(explained.unsuitable, Some(WhyNot::NotDeclined { .. }));
    let (text, value) = match (explained.shown, declined) {
        (true, _) => (t!(locale, recommendations.decline), "decline"),
        (false, true) => (t!(locale, recommendations.undo), "undecline"),
        (false, false) => return None,
    };
    let fields = visit.bound(vec![("product".to_owned(), product.code.as_str().to_owned())]);
    Some(view! { <PostButton action="/recommendations" text=text kind=ButtonKind::Secondary fields=fields name="do" value=value /> }.into_any())
}

fn facts(language: Language, advice: &Advice, product: &Product) -> Vec<SummaryRow> {
    let locale = locale(language);
    let mut rows = vec![SummaryRow::new(t!(locale, recommendations.kind), words::kind(language, product.kind))];
    let mut row = |term: String, value: Option<String>| rows.extend(value.map(|value| SummaryRow::new(term, value)));
    row(t!(locale, recommendations.risk), Some(words::level(language, product)));
    if product.kind.needs_level() {
        row(t!(locale, recommendations.your_level_term), Some(cards::your_level(language, advice)));
        let rerated = product.rerated_on.map(|day| t!(locale, recommendations.rerated, day = day_with_year(language, day)));
        row(String::new(), rerated);
    }
    row(t!(locale, recommendations.minimum), words::minimum(language, product));
    row(t!(locale, recommendations.per_person), product.per_person.map(|most| amount(language, most)));
    if product.kind.ties_up_money() {
        let term = product.term_days.filter(|days| *days > 0);
        let term = term.map_or_else(|| t!(locale, recommendations.term_open), |days| words::term(language, days));
        row(t!(locale, recommendations.term), Some(term));
    }
    row(t!(locale, recommendations.redemption), words::redemption(language, product));
    let rate = product.rate_on(advice.now.day()).map(|rate| words::rate(language, rate));
    row(t!(locale, recommendations.rate), rate);
    row(t!(locale, recommendations.earns), product.kind.needs_level().then(|| t!(locale, recommendations.no_promise)));
    let benchmark = product.benchmark.as_ref().map(|words| words.in_language(language).to_owned());
    row(t!(locale, recommendations.benchmark), benchmark);
    row(t!(locale, recommendations.registration), product.registration.clone());
    row(t!(locale, recommendations.who), who(language, product));
    let from = day_with_year(language, product.on_sale_from);
    let sale = if let Some(until) = product.on_sale_until {
        t!(locale, recommendations.sale_span, from = from, until = day_with_year(language, until))
    } else {
        t!(locale, recommendations.sale_from, from = from)
    };
    row(t!(locale, recommendations.sale), Some(sale));
    rows
}

/// The customers a product is for, unless it is for every person.
fn who(language: Language, product: &Product) -> Option<String> {
    let locale = locale(language);
    let mut parts = Vec::new();
    match product.customers {
        Customers::Personal => {}
        Customers::Company => parts.push(t!(locale, recommendations.who_companies)),
        Customers::Both => parts.push(t!(locale, recommendations.who_both)),
    }
    parts.extend(product.residents_only.then(|| t!(locale, recommendations.who_residents)));
    parts.extend(words::ages(language, product.min_age, product.max_age));
    (!parts.is_empty()).then(|| parts.join(" · "))
}
