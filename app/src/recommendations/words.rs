//! Facts of a product, reasons and rules as text. Legally prescribed wording comes from `bank::recommendations::wording`;
//! numbers and days are formatted by `bank::kernel::language`.

use bank::kernel::language::{Language, amount, day_short, day_with_year};
use bank::kernel::money::{Fen, grouped};
use bank::kernel::time::{Day, parse_day};
use bank::recommendations::{
    Advice, AssessmentGap, Customers, Product, ProductKind, Rate, Reason, RiskLevel, SaleState, WhyNot, level_name,
};

use crate::cases::comma;
use crate::words::locale;
use crate::{counted, t};

pub fn kind(language: Language, kind: ProductKind) -> String {
    let locale = locale(language);
    match kind {
        ProductKind::Deposit => t!(locale, recommendations.kinds.deposit),
        ProductKind::LargeCd => t!(locale, recommendations.kinds.large_cd),
        ProductKind::StructuredDeposit => t!(locale, recommendations.kinds.structured_deposit),
        ProductKind::Wealth => t!(locale, recommendations.kinds.wealth),
        ProductKind::Fund => t!(locale, recommendations.kinds.fund),
        ProductKind::Insurance => t!(locale, recommendations.kinds.insurance),
        ProductKind::TreasuryBond => t!(locale, recommendations.kinds.treasury_bond),
        ProductKind::PreciousMetal => t!(locale, recommendations.kinds.precious_metal),
        ProductKind::Loan => t!(locale, recommendations.kinds.loan),
        ProductKind::Card => t!(locale, recommendations.kinds.card),
        ProductKind::Service => t!(locale, recommendations.kinds.service),
    }
}

/// The tag beside a product's name: `R2`, 无需测评 or 未评级.
pub fn level_tag(language: Language, product: &Product) -> String {
    let locale = locale(language);
    match product.level() {
        _ if !product.kind.needs_level() => t!(locale, recommendations.no_level_needed),
        Some(level) => level.code().to_owned(),
        None => t!(locale, recommendations.unrated),
    }
}

/// The full name of a product's level as the wording rules require; 无需测评 if it needs none.
pub fn level(language: Language, product: &Product) -> String {
    let named = product.level().filter(|_| product.kind.needs_level()).and_then(level_name);
    named.map_or_else(|| level_tag(language, product), |name| name.in_language(language).to_owned())
}

/// The day a version of the suitability rules holds from; a version that does not begin with a day is shown as it is.
pub fn rules_since(language: Language, version: &str) -> String {
    let day = version.split('/').next().and_then(parse_day);
    day.map_or_else(|| version.to_owned(), |day| day_with_year(language, day))
}

/// The minimum, such as `200,000 元起`; `None` for products without amounts.
pub fn minimum(language: Language, product: &Product) -> Option<String> {
    let locale = locale(language);
    if !product.kind.ties_up_money() {
        return None;
    }
    Some(if product.minimum == Fen::ZERO {
        t!(locale, recommendations.no_minimum)
    } else {
        t!(locale, recommendations.from, amount = amount(language, product.minimum))
    })
}

/// A term: whole years in years, otherwise days.
pub fn term(language: Language, days: i64) -> String {
    let locale = locale(language);
    match days {
        365 => t!(locale, recommendations.year),
        days if days > 365 && days % 365 == 0 => t!(locale, recommendations.years, years = days / 365),
        days => counted!(locale, days, [recommendations.days_one], [recommendations.days], days = days),
    }
}

/// When the money is back; `None` for products that tie up none.
pub fn redemption(language: Language, product: &Product) -> Option<String> {
    let locale = locale(language);
    product.kind.ties_up_money().then(|| match product.redeemable_within_days {
        None => t!(locale, recommendations.redemption_none),
        Some(0) => t!(locale, recommendations.redemption_now),
        Some(1) => t!(locale, recommendations.redemption_day),
        Some(days) => t!(locale, recommendations.redemption_days, days = days),
    })
}

/// `0.95%（2025 年 5 月 20 日起）`
pub fn rate(language: Language, rate: Rate) -> String {
    let percent = format!("{}.{:02}", rate.basis_points / 100, rate.basis_points % 100);
    t!(locale(language), recommendations.rate_value, rate = percent, day = day_with_year(language, rate.effective))
}

/// What is posted about its return: the rate with its day, or that none is promised. `None` for what has neither.
pub fn posted(language: Language, product: &Product, today: Day) -> Option<String> {
    let locale = locale(language);
    match product.rate_on(today) {
        Some(posted) => Some(t!(locale, recommendations.posted, rate = rate(language, posted))),
        None if product.kind.needs_level() => Some(t!(locale, recommendations.no_promise)),
        None if product.kind.posts_rate() => Some(t!(locale, recommendations.ask_rate)),
        None => None,
    }
}

/// How the customer goes on if they want it: where, and what to bring.
pub fn next_step(language: Language, product: &Product) -> String {
    let locale = locale(language);
    match product.kind {
        ProductKind::Deposit | ProductKind::LargeCd | ProductKind::TreasuryBond => t!(locale, recommendations.next.deposit),
        ProductKind::Loan | ProductKind::Card => t!(locale, recommendations.next.credit),
        ProductKind::Service => t!(locale, recommendations.next.service),
        ProductKind::StructuredDeposit
        | ProductKind::Wealth
        | ProductKind::Fund
        | ProductKind::Insurance
        | ProductKind::PreciousMetal => t!(locale, recommendations.next.risk),
    }
}

/// The line below a product's name: kind, minimum, term.
pub fn line(language: Language, product: &Product) -> String {
    let mut parts = vec![kind(language, product.kind)];
    parts.extend(minimum(language, product));
    parts.extend(product.term_days.filter(|days| *days > 0).map(|days| term(language, days)));
    parts.join(" · ")
}

/// The age limits as text; `None` without limits.
pub fn ages(language: Language, min: Option<i64>, max: Option<i64>) -> Option<String> {
    let locale = locale(language);
    match (min, max) {
        (Some(min), Some(max)) => Some(t!(locale, recommendations.who_age, min = min, max = max)),
        (Some(min), None) => Some(t!(locale, recommendations.who_age_from, min = min)),
        (None, Some(max)) => Some(t!(locale, recommendations.who_age_to, max = max)),
        (None, None) => None,
    }
}

/// How long money stays in a product, for a reason: until its term, or until it can be redeemed.
fn stays(language: Language, product: &Product) -> String {
    let locale = locale(language);
    match product.term_days.filter(|days| *days > 0) {
        Some(days) => t!(locale, recommendations.reason.stays, term = term(language, days)),
        None => redemption(language, product).unwrap_or_default(),
    }
}

/// A reason for a product as text.
pub fn reason(language: Language, advice: &Advice, product: &Product, reason: &Reason) -> String {
    let locale = locale(language);
    match reason {
        Reason::Answer { question, option, .. } => {
            let words = advice.answer_words(question, option).map_or(option.as_str(), |words| words.in_language(language));
            t!(locale, recommendations.reason.answer, option = words)
        }
        Reason::Maturing { product: held, on } => {
            let name = advice.named(held).map_or("", |held| held.name.in_language(language));
            let holding = advice.holdings.iter().find(|(holding, _)| holding.product == *held && holding.matures_on == Some(*on));
            let sum = amount(language, holding.map_or(Fen::ZERO, |(_, sum)| *sum));
            let (day, kind) = (near(language, *on, advice), kind(language, product.kind));
            let stays = stays(language, product);
            t!(locale, recommendations.reason.maturing, product = name, day = day, amount = sum, kind = kind, stays = stays)
        }
        Reason::Savings { from, to: None } => t!(locale, recommendations.reason.savings_from, from = amount(language, *from)),
        Reason::Savings { from, to: Some(to) } => {
            t!(locale, recommendations.reason.savings_between, from = amount(language, *from), to = amount(language, *to))
        }
        Reason::Tier(_) => t!(locale, recommendations.reason.tier),
        Reason::HoldsKind { kind: held, .. } => {
            let names = advice.holdings.iter().filter(|(holding, _)| holding.kind == *held);
            let names = names.filter_map(|(holding, _)| advice.named(&holding.product));
            let names: Vec<&str> = names.map(|product| product.name.in_language(language)).collect();
            t!(locale, recommendations.reason.holds_kind, kind = kind(language, *held), names = names.join(comma(language)))
        }
        Reason::HorizonFits { horizon_days, term_days } => {
            let (term, horizon) = (term(language, *term_days), grouped(*horizon_days));
            counted!(
                locale,
                *horizon_days,
                [recommendations.reason.horizon_fits_one],
                [recommendations.reason.horizon_fits],
                term = term,
                horizon = horizon
            )
        }
        Reason::BalanceCovers { minimum } => {
            t!(locale, recommendations.reason.balance_covers, minimum = amount(language, *minimum))
        }
    }
}

/// URL of the fact: the survey, or the section of `/me`.
pub fn fact_link(reason: &Reason) -> String {
    match reason {
        Reason::Answer { survey, .. } => format!("/surveys/{survey}"),
        Reason::Maturing { .. } | Reason::HoldsKind { .. } => "/me#holdings".to_owned(),
        Reason::Savings { .. } | Reason::BalanceCovers { .. } => "/me#accounts".to_owned(),
        Reason::Tier(_) => "/me#about".to_owned(),
        Reason::HorizonFits { .. } => "/me#assessment".to_owned(),
    }
}

fn near(language: Language, day: Day, advice: &Advice) -> String {
    if day.year() == advice.now.day().year() { day_short(language, day) } else { day_with_year(language, day) }
}

/// The refusing rule as text, with the values it compared.
pub fn why_not(language: Language, why: &WhyNot, today: Day) -> String {
    let locale = locale(language);
    let date = |day: Day| day_with_year(language, day);
    match *why {
        WhyNot::Consent => t!(locale, recommendations.why_not.consent),
        WhyNot::OnSale { state: SaleState::Suspended, .. } => t!(locale, recommendations.why_not.suspended),
        WhyNot::OnSale { state: SaleState::Withdrawn, .. } => t!(locale, recommendations.why_not.withdrawn),
        WhyNot::OnSale { until: Some(until), .. } if until < today => {
            t!(locale, recommendations.why_not.ended, day = date(until))
        }
        WhyNot::OnSale { from, .. } => t!(locale, recommendations.why_not.not_yet, day = date(from)),
        WhyNot::Capacity => t!(locale, recommendations.why_not.capacity),
        WhyNot::Residency => t!(locale, recommendations.why_not.residency),
        WhyNot::CustomerKind { customers: Customers::Company } => t!(locale, recommendations.why_not.companies),
        WhyNot::CustomerKind { .. } => t!(locale, recommendations.why_not.persons),
        WhyNot::Private => t!(locale, recommendations.why_not.private),
        WhyNot::Assessment(AssessmentGap::Expired(day)) => {
            t!(locale, recommendations.why_not.assessment_expired, day = date(day))
        }
        WhyNot::Assessment(AssessmentGap::NotConfirmed) => t!(locale, recommendations.why_not.assessment_unconfirmed),
        WhyNot::Level { product: Some(product), customer: Some(customer) } => {
            let (customer, ceiling) = (customer.code(), customer.ceiling().code());
            t!(locale, recommendations.why_not.level, product = product.code(), customer = customer, ceiling = ceiling)
        }
        WhyNot::Level { product: None, .. } => t!(locale, recommendations.why_not.unrated),
        WhyNot::Assessment(AssessmentGap::Missing) | WhyNot::Level { customer: None, .. } => {
            t!(locale, recommendations.why_not.assessment_missing)
        }
        WhyNot::Horizon { days: None, .. } | WhyNot::Liquidity { days: None, .. } => {
            t!(locale, recommendations.why_not.horizon_unknown)
        }
        WhyNot::Horizon { days: Some(days), limit, stated: true } => {
            counted!(
                locale,
                days,
                [recommendations.why_not.horizon_one],
                [recommendations.why_not.horizon],
                days = days,
                limit = limit
            )
        }
        WhyNot::Horizon { days: Some(days), limit, stated: false } => {
            counted!(
                locale,
                limit,
                [recommendations.why_not.horizon_default_one],
                [recommendations.why_not.horizon_default],
                days = days,
                limit = limit
            )
        }
        WhyNot::Liquidity { days: Some(days), limit, stated: true } => {
            counted!(
                locale,
                days,
                [recommendations.why_not.liquidity_one],
                [recommendations.why_not.liquidity],
                days = days,
                limit = limit
            )
        }
        WhyNot::Liquidity { days: Some(days), limit, stated: false } => {
            counted!(
                locale,
                limit,
                [recommendations.why_not.liquidity_default_one],
                [recommendations.why_not.liquidity_default],
                days = days,
                limit = limit
            )
        }
        WhyNot::Minimum { minimum, available } => {
            let (minimum, available) = (amount(language, minimum), amount(language, available));
            t!(locale, recommendations.why_not.minimum, minimum = minimum, available = available)
        }
        WhyNot::ProductAge { min, max } => {
            t!(locale, recommendations.why_not.age, range = ages(language, min, max).unwrap_or_default())
        }
        WhyNot::ElderCare { from, ceiling } => elder(language, from, ceiling),
        WhyNot::NotHeld => t!(locale, recommendations.why_not.held),
        WhyNot::NotDeclined { again_on } => t!(locale, recommendations.why_not.declined, day = date(again_on)),
        WhyNot::NoComplaint => t!(locale, recommendations.why_not.complaint),
        WhyNot::Prequalified => t!(locale, recommendations.why_not.prequalified),
    }
}

fn elder(language: Language, from: i64, ceiling: RiskLevel) -> String {
    t!(locale(language), recommendations.why_not.elder, from = from, ceiling = ceiling.code())
}

#[cfg(test)]
mod tests {
    use bank::kernel::language::Language;
    use bank::kernel::time::Day;
    use bank::recommendations::{Rate, SaleState, WhyNot, forbidden};

    use super::{rate, rules_since, term, why_not};

    #[test]
    fn no_text_about_products_holds_a_forbidden_word() {
        for text in [
            include_str!("../../locales/zh-CN/recommendations.json"),
            include_str!("../../locales/en/recommendations.json"),
            include_str!("../../locales/zh-CN/home.json"),
            include_str!("../../locales/en/home.json"),
            include_str!("../../locales/zh-CN/me.json"),
            include_str!("../../locales/en/me.json"),
        ] {
            assert_eq!(forbidden(text), None);
        }
    }

    #[test]
    fn a_rate_is_said_with_the_day_it_holds_from() {
        let sample = Rate { effective: Day::constant(2025, 5, 20), basis_points: 105 };
        assert_eq!(rate(Language::ZhCn, sample), "1.05%（2025 年 5 月 20 日起）");
        assert_eq!(term(Language::ZhCn, 1_095), "3 年");
        assert_eq!(term(Language::En, 90), "90 days");
    }

    #[test]
    fn the_rules_are_named_by_the_day_they_hold_from() {
        assert_eq!(rules_since(Language::ZhCn, "2026-02-01/1"), "2026 年 2 月 1 日");
        assert_eq!(rules_since(Language::En, "2026-02-01/1"), "1 Feb 2026");
    }

    #[test]
    fn a_sale_that_is_over_is_told_from_one_that_has_not_begun() {
        let (from, until) = (Day::constant(2026, 1, 1), Some(Day::constant(2026, 6, 30)));
        let why = WhyNot::OnSale { state: SaleState::Open, from, until };
        assert_eq!(why_not(Language::ZhCn, &why, Day::constant(2026, 7, 1)), "发售已于 2026 年 6 月 30 日结束。");
        assert_eq!(why_not(Language::ZhCn, &why, Day::constant(2025, 7, 1)), "2026 年 1 月 1 日起才发售。");
    }
}
