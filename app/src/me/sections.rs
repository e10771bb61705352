//! The sections of `/me`. Each has an anchor, so that a reason can link to its fact.

use bank::customers::{Account, Consent, ConsentPurpose, NOTICE_FIELD, NOTICE_VERSION};
use bank::kernel::language::{Language, amount, day_with_year, moment, month_with_year};
use bank::kernel::money::grouped;
use bank::kernel::people::IdType;
use bank::kernel::time::parse_day;
use bank::messages::Message;
use bank::recommendations::Advice;
use bank::sessions::{CustomerKind, SessionLine};
use leptos::prelude::*;

use super::pages::ProfileData;
use crate::messages;
use crate::ui::button::{ButtonKind, PostButton};
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::visit::Visit;
use crate::words::Locale;
use crate::{counted, t};

/// Name, ID, phone, address. Masked even here, because other people may see the screen.
pub fn about(visit: &Visit, data: &ProfileData) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let profile = &data.profile;
    let company = profile.kind == CustomerKind::Company;
    let mut rows = Vec::new();
    if company {
        rows.push(SummaryRow::new(t!(locale, me.company_name), profile.name.clone()));
        rows.push(SummaryRow::new(t!(locale, me.operator), data.customer.user_name().to_owned()));
    } else {
        rows.push(SummaryRow::new(t!(locale, me.name), profile.name.clone()));
    }
    if company {
        rows.push(SummaryRow::new(t!(locale, me.credit_code), profile.id_masked.clone()));
    } else {
        let id = t!(locale, me.id_value, kind = id_kind(locale, &profile.id_type), number = profile.id_masked.clone());
        rows.push(SummaryRow::new(t!(locale, me.id), id));
    }
    rows.extend(profile.birth_day.map(|day| SummaryRow::new(t!(locale, me.born), day_with_year(language, day))));
    rows.push(SummaryRow::new(t!(locale, me.phone), profile.phone_masked.clone()));
    rows.push(SummaryRow::new(t!(locale, me.address), profile.address.clone()));
    rows.extend(profile.vip.then(|| SummaryRow::new(t!(locale, me.tier), t!(locale, me.vip))));
    let branch = data.branch.as_ref().map(|branch| branch.name(language).to_owned());
    rows.extend(branch.map(|name| SummaryRow::new(t!(locale, me.branch), name)));
    let heading = if company { t!(locale, me.about_company) } else { t!(locale, me.about) };
    view! {
        <section class="block" id="about">
            <h2>{heading}</h2>
            <SummaryList rows=rows />
            <p class="hint">{t!(locale, me.about_hint)}</p>
        </section>
    }
    .into_any()
}

/// The name of an ID document type; an unknown one is shown as stored.
pub(crate) fn id_kind(locale: Locale, stored: &str) -> String {
    match IdType::parse(stored) {
        Some(IdType::ResidentId) => t!(locale, me.ids.resident_id),
        Some(IdType::MilitaryId) => t!(locale, me.ids.military_id),
        Some(IdType::TravelPermit) => t!(locale, me.ids.travel_permit),
        Some(IdType::Passport) => t!(locale, me.ids.passport),
        Some(IdType::PermanentResidence) => t!(locale, me.ids.permanent_residence),
        Some(IdType::ResidencePermit) => t!(locale, me.ids.residence_permit),
        Some(IdType::Other) => t!(locale, me.ids.other),
        None => stored.to_owned(),
    }
}

/// Accounts with their balances, which are the fact behind the reason 够起点金额.
pub fn accounts(visit: &Visit, data: &ProfileData) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let row = |account: &Account| {
        let kind = match account.kind.as_str() {
            "debit_card" => t!(locale, me.debit_card),
            "passbook" => t!(locale, me.passbook),
            _ => t!(locale, me.settlement),
        };
        let name = t!(locale, me.account, kind = kind, last4 = account.last4.clone());
        let closed = (!account.active).then(|| view! { <StateTag text=t!(locale, me.account_closed) tone=Tone::Neutral /> });
        view! {
            <li>
                <span>{name} " " {closed}</span>
                <b>{amount(language, account.balance)}</b>
            </li>
        }
    };
    view! {
        <section class="block" id="accounts">
            <h2>{t!(locale, me.accounts)}</h2>
            <ul class="rows">{data.accounts.iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The customer's holdings; `None` without any.
pub fn holdings(visit: &Visit, advice: &Advice) -> Option<AnyView> {
    let (language, locale) = (visit.language, visit.locale());
    let rows = advice.holdings.iter().filter_map(|(holding, held)| {
        let product = advice.named(&holding.product)?;
        let matures = holding.matures_on.map(|day| t!(locale, me.matures, day = day_with_year(language, day)));
        Some(view! {
            <li>
                <div>
                    <a href=crate::recommendations::cards::address(product)>{product.name.in_language(language).to_owned()}</a>
                    {matures.map(|words| view! { <p class="hint">{words}</p> })}
                </div>
                <b>{amount(language, *held)}</b>
            </li>
        })
    });
    (!advice.holdings.is_empty()).then(|| {
        view! {
            <section class="block" id="holdings">
                <h2>{t!(locale, me.holdings)}</h2>
                <ul class="rows">{rows.collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// The customer's risk assessment.
pub fn assessment(visit: &Visit, advice: &Advice) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let rows = advice.assessed().map(|assessed| {
        let found = assessed.assessment;
        let (level, ceiling) = (found.level.code(), found.level.ceiling().code());
        let until = day_with_year(language, assessed.valid_until);
        let expired = assessed.valid_until < advice.now.day();
        let stated = |days: Option<i64>, words: fn(Locale, i64) -> String| {
            days.map_or_else(|| t!(locale, me.not_stated), |days| words(locale, days))
        };
        vec![
            SummaryRow::new(t!(locale, me.level), t!(locale, me.level_value, level = level, ceiling = ceiling)),
            SummaryRow::new(t!(locale, me.assessed_on), day_with_year(language, found.assessed_on)),
            SummaryRow::new(t!(locale, me.valid_until), if expired { t!(locale, me.expired, day = until) } else { until }),
            SummaryRow::new(
                t!(locale, me.horizon),
                stated(found.horizon_days, |locale, days| counted!(locale, days, [me.days_one], [me.days], days = grouped(days))),
            ),
            SummaryRow::new(
                t!(locale, me.liquidity),
                stated(found.liquidity_days, |locale, days| {
                    counted!(locale, days, [me.liquidity_value_one], [me.liquidity_value], days = days)
                }),
            ),
        ]
    });
    let content = match rows {
        Some(rows) => view! { <SummaryList rows=rows /> }.into_any(),
        None => view! { <p>{t!(locale, me.no_assessment)}</p> }.into_any(),
    };
    view! {
        <section class="block" id="assessment">
            <h2>{t!(locale, me.assessment)}</h2>
            {content}
        </section>
    }
    .into_any()
}

/// The version of a notice, which is a month (`2026-11`); another text is shown as it is.
pub(crate) fn notice_words(language: Language, version: &str) -> String {
    parse_day(&format!("{version}-01")).map_or_else(|| version.to_owned(), |day| month_with_year(language, day))
}

/// Purposes of consent, each with the version of its notice.
pub fn consents(visit: &Visit, data: &ProfileData) -> Option<AnyView> {
    let (language, locale) = (visit.language, visit.locale());
    let row = |consent: &Consent| {
        let (name, text) = match consent.purpose {
            ConsentPurpose::Recommendations => (t!(locale, me.recommendations), t!(locale, me.recommendations_text)),
        };
        let (state, words, value, kind) = match &consent.given {
            Some(given) => {
                let time = moment(language, given.at, visit.now);
                let state = t!(locale, me.given, time = time, version = notice_words(language, &given.notice));
                (state, t!(locale, me.withdraw), "withdraw", ButtonKind::Secondary)
            }
            None => (
                t!(locale, me.not_given, version = notice_words(language, NOTICE_VERSION)),
                t!(locale, me.give),
                "give",
                ButtonKind::Primary,
            ),
        };
        let fields = [("purpose", consent.purpose.code()), (NOTICE_FIELD, NOTICE_VERSION)];
        let fields = visit.bound(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        view! {
            <li>
                <div>
                    <b>{name}</b>
                    <p class="hint">{text}</p>
                    <p class="hint">
                        {state} " " <a href=crate::recommendations::NOTICE>{t!(locale, me.read_notice)}</a>
                    </p>
                </div>
                <PostButton action="/me" text=words kind=kind fields=fields name="do" value=value />
            </li>
        }
    };
    (!data.consents.is_empty()).then(|| {
        view! {
            <section class="block" id="consents">
                <h2>{t!(locale, me.consents)}</h2>
                <p class="hint">{t!(locale, me.consents_hint)}</p>
                <ul class="rows">{data.consents.iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// The language of pages and messages.
pub fn language(visit: &Visit) -> AnyView {
    let locale = visit.locale();
    let fields = vec![("to".to_owned(), "/me".to_owned())];
    view! {
        <section class="block" id="language">
            <h2>{t!(locale, me.language)}</h2>
            <ul class="rows">
                <li>
                    <p class="hint">{t!(locale, me.language_hint)}</p>
                    <PostButton
                        action="/language"
                        text=t!(locale, me.language_other)
                        kind=ButtonKind::Secondary
                        fields=fields
                        name="language"
                        value=t!(locale, me.language_other_tag)
                    />
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// The caller's sessions; all except the current one can be ended here, one by one or all at once.
pub fn sessions(visit: &Visit, sessions: &[SessionLine]) -> AnyView {
    let (language, locale) = (visit.language, visit.locale());
    let here = visit.caller.session_id().unwrap_or_default();
    let row = |session: &SessionLine| {
        let created = moment(language, session.created_at, visit.now);
        let seen = moment(language, session.seen_at, visit.now);
        let fields = visit.bound(vec![("session".to_owned(), session.id.clone())]);
        let action = if session.id == here {
            view! { <StateTag text=t!(locale, me.this_session) tone=Tone::Brand /> }.into_any()
        } else {
            let kind = ButtonKind::Secondary;
            view! { <PostButton action="/me" text=t!(locale, me.end) kind=kind fields=fields name="do" value="end" /> }.into_any()
        };
        view! {
            <li>
                <div>
                    <span>{session.device.clone()}</span>
                    <p class="hint">{t!(locale, me.session_times, created = created, seen = seen)}</p>
                </div>
                {action}
            </li>
        }
    };
    let others = sessions.iter().filter(|session| session.id != here).count();
    let end_others = (others > 0).then(|| {
        let fields = visit.bound(Vec::new());
        view! {
            <PostButton
                action="/me"
                text=t!(locale, me.end_others)
                kind=ButtonKind::Secondary
                fields=fields
                name="do"
                value="end_others"
            />
        }
    });
    view! {
        <section class="block" id="sessions">
            <h2>{t!(locale, me.sessions)}</h2>
            <p class="hint">
                {t!(locale, me.sessions_hint)} " " <a href=super::PASSWORD>{t!(locale, me.password_change)}</a>
            </p>
            <ul class="rows">{sessions.iter().map(row).collect_view()}</ul>
            {end_others}
        </section>
    }
    .into_any()
}

/// The latest messages about the sign-in; `None` without any.
pub fn notices(visit: &Visit, notices: &[Message]) -> Option<AnyView> {
    let locale = visit.locale();
    let row = |message: &Message| {
        let text = messages::text(visit.language, &message.kind, &message.details);
        view! {
            <li>
                <div>
                    <b>{text.title}</b>
                    <p class="hint">{text.body}</p>
                </div>
            </li>
        }
    };
    (!notices.is_empty()).then(|| {
        view! {
            <section class="block" id="notices">
                <h2>{t!(locale, me.notices)}</h2>
                <ul class="rows">{notices.iter().map(row).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}
