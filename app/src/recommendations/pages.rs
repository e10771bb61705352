//! `/recommendations`: the personalised list with consent; without consent, or on request, the list without personalisation.

use axum::extract::State;
use axum::response::Response;
use bank::customers::{ConsentPurpose, Given, NOTICE_FIELD, NOTICE_VERSION, consents};
use bank::kernel::language::{day_with_year, moment};
use bank::recommendations::{Advice, DeclinedProduct};
use leptos::prelude::*;
use serde::Deserialize;

use super::NOTICE;
use super::cards::{self, CardPlace, card};
use crate::me::notice_words;
use crate::page::{Page, PageError};
use crate::ui::banner::Banner;
use crate::ui::button::{ButtonKind, PostButton};
use crate::ui::card::Card;
use crate::ui::parts::Tone;
use crate::visit::{App, LenientQuery, PersonalCustomer, Visit};
use crate::words::Locale;
use crate::{counted, t};

/// Query parameters.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// Show the list without personalisation.
    without: Option<String>,
    /// A product just declined; the page says so and offers to undo it.
    declined: Option<String>,
    /// A consent was to be given under another notice than the present one.
    notice: Option<String>,
}

/// GET /recommendations
pub async fn recommendations(
    visit: Visit,
    State(app): State<App>,
    PersonalCustomer(customer): PersonalCustomer,
    LenientQuery(wanted): LenientQuery<Wanted>,
) -> Response {
    let page = async {
        let advice = bank::recommendations::recommend(&app.bank, &customer).await?;
        Ok::<_, PageError>(show(&visit, &advice, &wanted))
    };
    visit.answer(page.await)
}

fn show(visit: &Visit, advice: &Advice, wanted: &Wanted) -> Response {
    let locale = visit.locale();
    let personal = advice.is_consented() && wanted.without.is_none();
    let title = if personal { t!(locale, recommendations.title) } else { t!(locale, recommendations.title_neutral) };
    Page::new(visit, title.clone()).layout("page page-wide").show(move || {
        view! {
            <h1>{title}</h1>
            {declined(visit, advice, wanted)}
            {wanted.notice.is_some().then(|| notice_changed(locale))}
            {(!advice.is_consented()).then(|| consent_offer(visit))}
            {(!advice.assessed().is_some_and(|assessed| assessed.valid)).then(|| assessment_note(visit))}
            {list(visit, advice, personal)}
            {declined_list(visit, advice)}
        }
        .into_any()
    })
}

/// The cards, and a link to the other list.
fn list(visit: &Visit, advice: &Advice, personal: bool) -> AnyView {
    let locale = visit.locale();
    let (cards, place) = if personal { (advice.cards(), CardPlace::Personal) } else { (advice.neutral(), CardPlace::Neutral) };
    let (how, other) = if personal {
        (t!(locale, recommendations.how), Some(("/recommendations?without=1", t!(locale, recommendations.show_neutral))))
    } else {
        let back = advice.is_consented().then(|| ("/recommendations", t!(locale, recommendations.show_personal)));
        (t!(locale, recommendations.neutral_how), back)
    };
    let heading = if personal { t!(locale, recommendations.title) } else { t!(locale, recommendations.neutral_title) };
    let empty = cards.is_empty().then(|| {
        let phone = visit.bank_details.hotline.clone();
        view! {
            <p>{t!(locale, recommendations.empty)} " " {t!(locale, recommendations.to_branch, phone = phone)}</p>
        }
    });
    view! {
        <section class="block" data-list=if personal { "personal" } else { "neutral" }>
            <h2 class:unseen=personal>{heading}</h2>
            <p class="hint">{how}</p>
            {other.map(|(href, words)| view! { <p><a href=href>{words}</a></p> })}
            <div class="products">
                {cards.iter().map(|shown| card(visit, advice, shown, place)).collect_view()}
            </div>
            {empty}
        </section>
    }
    .into_any()
}

/// The notice of the consent, by its version.
fn notice_title(visit: &Visit) -> String {
    t!(visit.locale(), recommendations.consent_notice, version = notice_words(visit.language, NOTICE_VERSION))
}

/// Nothing was agreed to, because the page showed another notice.
pub fn notice_changed(locale: Locale) -> AnyView {
    let (title, text) = (t!(locale, recommendations.notice_changed), t!(locale, recommendations.notice_changed_text));
    view! { <Banner tone=Tone::Wait title=title text=text /> }.into_any()
}

/// What the notice says in its present version.
fn notice_text(locale: Locale) -> AnyView {
    view! {
        <p>{t!(locale, recommendations.consent_text)}</p>
        <p>{t!(locale, recommendations.consent_uses)}</p>
        <p>{t!(locale, recommendations.consent_never)}</p>
    }
    .into_any()
}

/// GET /recommendations/notice
pub async fn notice(visit: Visit, State(app): State<App>, PersonalCustomer(customer): PersonalCustomer) -> Response {
    let page = async {
        let consents = consents(&app.bank, &customer).await?;
        let consent = consents.into_iter().find(|consent| consent.purpose == ConsentPurpose::Recommendations);
        let given = consent.and_then(|consent| consent.given);
        Ok::<_, PageError>(show_notice(&visit, given.as_ref()))
    };
    visit.answer(page.await)
}

fn show_notice(visit: &Visit, given: Option<&Given>) -> Response {
    let l = visit.locale();
    let title = notice_title(visit);
    let agreed = given.map(|given| agreed_words(visit, given));
    Page::new(visit, title.clone()).show(move || {
        view! {
            <h1>{title}</h1>
            {agreed.map(|words| view! { <p class="hint">{words}</p> })}
            {notice_text(l)}
            <p>
                <a href="/me#consents">{t!(l, recommendations.to_consents)}</a>
            </p>
        }
        .into_any()
    })
}

/// To which version the customer has agreed, and when: the page has the words of the present one only.
fn agreed_words(visit: &Visit, given: &Given) -> String {
    let (l, time) = (visit.locale(), moment(visit.language, given.at, visit.now));
    if given.notice == NOTICE_VERSION {
        return t!(l, recommendations.notice_agreed, time = time);
    }
    let [now, version] = [NOTICE_VERSION, &given.notice].map(|version| notice_words(visit.language, version));
    t!(l, recommendations.notice_other, now = now, time = time, version = version)
}

/// The notice of consent with its button. Nothing is ticked in advance.
fn consent_offer(visit: &Visit) -> AnyView {
    let locale = visit.locale();
    let fields = visit.bound(vec![(NOTICE_FIELD.to_owned(), NOTICE_VERSION.to_owned())]);
    let title = notice_title(visit);
    view! {
        <Card title=t!(locale, recommendations.consent_title) accent=true>
            <div class="stack">
                {notice_text(locale)}
                <PostButton
                    action="/recommendations"
                    text=t!(locale, recommendations.consent_give)
                    fields=fields
                    name="do"
                    value="consent"
                />
                <p class="hint">
                    <a href=NOTICE>{title}</a>
                </p>
            </div>
        </Card>
    }
    .into_any()
}

/// Why the list is short without an assessment; it does not urge the customer to take one.
fn assessment_note(visit: &Visit) -> AnyView {
    let locale = visit.locale();
    view! {
        <Card title=t!(locale, recommendations.assessment_title)>
            <p>{t!(locale, recommendations.assessment_text)}</p>
            <p>
                <a href=crate::branches::PATH>{t!(locale, recommendations.branches)}</a>
            </p>
        </Card>
    }
    .into_any()
}

fn undo(visit: &Visit, code: &str) -> AnyView {
    let fields = visit.bound(vec![("product".to_owned(), code.to_owned())]);
    view! {
        <PostButton
            action="/recommendations"
            text=t!(visit.locale(), recommendations.undo)
            kind=ButtonKind::Secondary
            fields=fields
            name="do"
            value="undecline"
        />
    }
    .into_any()
}

/// The notice after 不感兴趣; `None` if it has been undone since.
fn declined(visit: &Visit, advice: &Advice, wanted: &Wanted) -> Option<AnyView> {
    let (language, locale) = (visit.language, visit.locale());
    let code = wanted.declined.as_deref()?;
    let gone = advice.declined_products().into_iter().find(|declined| declined.product.code.as_str() == code)?;
    let name = gone.product.name.in_language(language).to_owned();
    let days = advice.rules.gate.declined_days;
    let undo = undo(visit, code);
    Some(
        view! {
            <Banner
                tone=Tone::Ok
                title=t!(locale, recommendations.declined, product = name)
                text=counted!(locale, days, [recommendations.declined_text_one], [recommendations.declined_text], days = days)
            >
                {undo}
            </Banner>
        }
        .into_any(),
    )
}

/// Declined products, each with a button to undo it.
fn declined_list(visit: &Visit, advice: &Advice) -> Option<AnyView> {
    let (language, locale) = (visit.language, visit.locale());
    let row = |declined: DeclinedProduct| {
        let name = declined.product.name.in_language(language).to_owned();
        let until = t!(locale, recommendations.away_until, day = day_with_year(language, declined.again_on));
        view! {
            <li>
                <div>
                    <a href=cards::address(declined.product)>{name}</a>
                    <p class="hint">{until}</p>
                </div>
                {undo(visit, declined.product.code.as_str())}
            </li>
        }
    };
    let gone = advice.declined_products();
    (!gone.is_empty()).then(|| {
        view! {
            <section class="block">
                <h2>{t!(locale, recommendations.away_title)}</h2>
                <ul class="rows">{gone.into_iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::locale;
    use bank::kernel::language::Language;

    /// What somebody has agreed to is known by its version only, so another wording is another version.
    #[test]
    fn the_wording_of_the_notice_is_that_of_its_version() {
        let words = |language| {
            let html = Owner::new().with(|| notice_text(locale(language)).to_html());
            html.split("<p>").filter_map(|part| part.split_once("</p>")).map(|(words, _)| words.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(NOTICE_VERSION, "2026-11");
        let chinese = [
            "您同意后，我们才用下面的资料为您挑选产品，并告诉您每一条理由。不同意不影响办理任何业务，随时可以撤回。",
            "会用：您的风险测评、账户余额、持有的产品、贵宾等级，以及您在调查中勾选同意用于推荐的回答。",
            "不用：性别、民族、健康、宗教、婚姻状况。",
        ];
        let english = [
            "We use the data below to choose products for you only if you agree, and we tell you every reason. Nothing else depends on it, and you can withdraw at any time.",
            "Used: your risk assessment, account balances, the products you hold, your VIP status and the survey answers you ticked for this purpose.",
            "Never used: sex, ethnicity, health, religion, marital status.",
        ];
        assert_eq!(words(Language::ZhCn), chinese);
        assert_eq!(words(Language::En), english);
    }
}
