//! The order of admitted products: an additive score whose terms are the reasons shown (docs/domain.md §9). A reason is a
//! stored fact the customer can open; rates and yields never count. Whether a product is admitted: [`super::gate`].

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::facts::{AdviceFacts, Tier};
use super::gate::{GateRules, RULES, Rule, Verdict, verdict};
use super::inputs::CustomerInputs;
use super::model::{Product, ProductCode, ProductKind};
use super::parameters::AdviceParameters;
use crate::kernel::money::Fen;
use crate::kernel::time::{At, Day, days_between, shift};

/// A stored fact that speaks for a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The customer chose this survey answer and allowed its use.
    Answer {
        /// Survey code.
        survey: String,
        /// Question code.
        question: String,
        /// Option code.
        option: String,
    },
    /// A holding of the customer matures soon.
    Maturing { product: ProductCode, on: Day },
    /// The customer's average savings lie in this band and cover the minimum.
    Savings {
        /// Lower end of the band.
        from: Fen,
        /// Upper end; `None` for the highest band.
        to: Option<Fen>,
    },
    /// The product is made for the customer's tier.
    Tier(Tier),
    /// The customer holds other products of this kind.
    HoldsKind { kind: ProductKind, count: usize },
    /// The term fits the horizon stated in the assessment.
    HorizonFits {
        /// Calendar days.
        horizon_days: i64,
        /// Calendar days.
        term_days: i64,
    },
    /// The balance of the customer's accounts covers the minimum.
    BalanceCovers { minimum: Fen },
}

impl Reason {
    /// The code used in catalogue keys.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::Maturing { .. } => "maturing",
            Self::Savings { .. } => "savings",
            Self::Tier(_) => "tier",
            Self::HoldsKind { .. } => "holds_kind",
            Self::HorizonFits { .. } => "horizon_fits",
            Self::BalanceCovers { .. } => "balance_covers",
        }
    }

    /// The customer's fact in it, without what belongs to the product: equal for two products that have the same reason.
    fn fact(&self) -> Self {
        match self {
            Self::HorizonFits { horizon_days, .. } => Self::HorizonFits { horizon_days: *horizon_days, term_days: 0 },
            Self::BalanceCovers { .. } => Self::BalanceCovers { minimum: Fen::ZERO },
            other => other.clone(),
        }
    }

    /// URL of the page that shows the fact.
    pub fn link(&self) -> String {
        match self {
            Self::Answer { survey, .. } => format!("/surveys/{survey}"),
            _ => "/me".to_owned(),
        }
    }
}

/// One term of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreTerm {
    pub reason: Reason,
    pub points: i64,
}

/// Points and limits of the score [default].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreRules {
    /// Points for a survey answer the product suits.
    pub answer: i64,
    /// Points if a holding matures soon.
    pub maturing: i64,
    /// Points if average savings cover a large minimum.
    pub savings: i64,
    /// Points for the tier the product is made for.
    pub tier: i64,
    /// Points if other products of the kind are held.
    pub holds_kind: i64,
    /// Points if the term fits the horizon.
    pub horizon_fits: i64,
    /// Points if the balance covers the minimum.
    pub balance_covers: i64,
    /// A holding that matures within this many calendar days matures soon.
    pub maturing_days: i64,
    /// Lower ends of the savings bands, ascending.
    pub bands: Vec<Fen>,
    /// Maximum number of cards per product kind.
    pub of_a_kind: usize,
    /// Maximum number of reasons per card.
    pub reasons: usize,
    /// Maximum number of personalised cards.
    pub cards: usize,
}

impl Default for ScoreRules {
    fn default() -> Self {
        Self {
            answer: 30,
            maturing: 25,
            savings: 20,
            tier: 15,
            holds_kind: 10,
            horizon_fits: 10,
            balance_covers: 5,
            maturing_days: 60,
            bands: [50_000, 200_000, 500_000].map(Fen::from_yuan).to_vec(),
            of_a_kind: 2,
            reasons: 3,
            cards: 6,
        }
    }
}

impl From<&AdviceParameters> for ScoreRules {
    fn from(parameters: &AdviceParameters) -> Self {
        let count = |value: i64| usize::try_from(value).unwrap_or_default();
        Self {
            of_a_kind: count(parameters.advice_of_a_kind),
            reasons: count(parameters.advice_reasons_max),
            cards: count(parameters.advice_cards_max),
            ..Self::default()
        }
    }
}

/// The rules of gate and score together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceRules {
    pub gate: GateRules,
    pub score: ScoreRules,
}

impl From<&AdviceParameters> for AdviceRules {
    fn from(parameters: &AdviceParameters) -> Self {
        Self { gate: parameters.into(), score: parameters.into() }
    }
}

/// One product shown to one customer. Its drawbacks are in [`Product::against`]; level, day of assessment and last valid
/// day are in [`Verdict::inputs`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card<'p> {
    pub product: &'p Product,
    /// The verdict to record.
    pub verdict: Verdict,
    /// Sum of all terms; zero in the neutral list.
    pub score: i64,
    /// The reasons that tell it from the other cards, the rarest first; empty in the neutral list.
    pub reasons: Vec<ScoreTerm>,
}

/// Personalised cards, best first; empty without consent. Products with equal scores keep their fixed order.
pub fn recommend<'p>(facts: &AdviceFacts, products: &'p [Product], rules: &AdviceRules, now: At) -> Vec<Card<'p>> {
    let mut cards: Vec<Card> = admitted(&RULES, facts, products, rules, now)
        .map(|(product, verdict)| {
            let mut terms = terms(facts, product, &verdict, &rules.score);
            terms.sort_by_key(|term| Reverse(term.points));
            let score = terms.iter().map(|term| term.points).sum();
            Card { product, verdict, score, reasons: terms }
        })
        // A product without any reason is not recommended, except a deposit.
        .filter(|card| !card.reasons.is_empty() || card.product.kind == ProductKind::Deposit)
        .collect();
    cards.sort_by_key(|card| Reverse(card.score));
    let cards = few_of_a_kind(cards, rules.score.of_a_kind);
    tell_apart(keep_a_deposit(cards, rules.score.cards), rules.score.reasons)
}

/// The list without personalisation: all rules except consent, fixed order, no reasons.
pub fn neutral<'p>(facts: &AdviceFacts, products: &'p [Product], rules: &AdviceRules, now: At) -> Vec<Card<'p>> {
    let cards = admitted(&RULES[1..], facts, products, rules, now)
        .map(|(product, verdict)| Card { product, verdict, score: 0, reasons: Vec::new() })
        .collect();
    few_of_a_kind(cards, rules.score.of_a_kind)
}

fn admitted<'p, 'a>(
    list: &'a [Rule],
    facts: &'a AdviceFacts,
    products: &'p [Product],
    rules: &'a AdviceRules,
    now: At,
) -> impl Iterator<Item = (&'p Product, Verdict)> + use<'p, 'a> {
    let known = CustomerInputs::read(&facts.gate, &rules.gate, now.day());
    products
        .iter()
        .map(move |product| (product, verdict(list, &known, product, &rules.gate)))
        .filter(|(_, verdict)| verdict.admits())
}

/// Keeps at most `of_a_kind` cards per kind and one deposit, in the same order.
fn few_of_a_kind(cards: Vec<Card>, of_a_kind: usize) -> Vec<Card> {
    let mut kept: Vec<Card> = Vec::with_capacity(cards.len());
    for card in cards {
        let kind = card.product.kind;
        let most = if kind == ProductKind::Deposit { 1 } else { of_a_kind };
        if kept.iter().filter(|known| known.product.kind == kind).count() < most {
            kept.push(card);
        }
    }
    kept
}

/// Keeps the reasons that tell a card from the others: what few cards say comes first, and what more than half of them say stands
/// only where a card has nothing else. A product's own page gives all its reasons.
fn tell_apart(mut cards: Vec<Card>, most: usize) -> Vec<Card> {
    let facts: Vec<Reason> = cards.iter().flat_map(|card| card.reasons.iter().map(|term| term.reason.fact())).collect();
    let said = |reason: &Reason| facts.iter().filter(|fact| **fact == reason.fact()).count();
    let half = (cards.len() / 2).max(1);
    for card in &mut cards {
        card.reasons.sort_by_key(|term| (said(&term.reason), Reverse(term.points)));
        let own = card.reasons.iter().filter(|term| said(&term.reason) <= half).count();
        card.reasons.truncate(most.min(own.max(1)));
    }
    cards
}

/// Keeps the first `most` cards; if the deposit is further down, it replaces the last of them.
fn keep_a_deposit(mut cards: Vec<Card>, most: usize) -> Vec<Card> {
    let deposit = cards.iter().position(|card| card.product.kind == ProductKind::Deposit);
    if let Some(place) = deposit.filter(|place| most > 0 && *place >= most) {
        cards.swap(most - 1, place);
    }
    cards.truncate(most);
    cards
}

/// Every fact that speaks for a product, with its points.
fn terms(facts: &AdviceFacts, product: &Product, verdict: &Verdict, rules: &ScoreRules) -> Vec<ScoreTerm> {
    let mut terms = Vec::new();
    let mut add = |points: i64, reason: Reason| terms.push(ScoreTerm { reason, points });
    let chosen = facts.answers.iter().filter(|answer| {
        let answered = |suits: &&super::model::Suits| suits.question == answer.question && suits.option == answer.option;
        product.suits.iter().any(|suits| answered(&suits))
    });
    for answer in chosen {
        add(
            rules.answer,
            Reason::Answer { survey: answer.survey.clone(), question: answer.question.clone(), option: answer.option.clone() },
        );
    }
    let takes_money = product.kind.ties_up_money();
    let (today, minimum) = (verdict.inputs.day, product.minimum);
    let soon = today..=shift(today, rules.maturing_days);
    let maturing = facts.gate.holdings.iter().filter_map(|held| Some((held, held.matures_on?)));
    if let Some((held, on)) =
        maturing.filter(|(_, on)| takes_money && soon.contains(on)).min_by_key(|(_, on)| days_between(today, *on))
    {
        add(rules.maturing, Reason::Maturing { product: held.product.clone(), on });
    }
    let band = facts.savings.and_then(|savings| band(savings, &rules.bands));
    let large = rules.bands.first().is_some_and(|least| minimum >= *least);
    match band {
        Some((from, to)) if takes_money && large && facts.savings >= Some(minimum) => {
            add(rules.savings, Reason::Savings { from, to });
        }
        _ if takes_money && facts.gate.available > Fen::ZERO => {
            add(rules.balance_covers, Reason::BalanceCovers { minimum });
        }
        _ => {}
    }
    if let Some(tier) = facts.tier.filter(|_| product.for_vip) {
        add(rules.tier, Reason::Tier(tier));
    }
    let kind = product.kind;
    let count = facts.gate.holdings.iter().filter(|held| held.kind == kind).count();
    if count > 0 {
        add(rules.holds_kind, Reason::HoldsKind { kind, count });
    }
    if let Some((horizon_days, term_days)) = verdict.inputs.horizon_days.zip(product.term_days)
        && takes_money
        && 0 < term_days
        && horizon_days <= term_days.saturating_mul(2)
    {
        add(rules.horizon_fits, Reason::HorizonFits { horizon_days, term_days });
    }
    terms
}

/// The band of an amount; `None` below the lowest band.
fn band(amount: Fen, bands: &[Fen]) -> Option<(Fen, Option<Fen>)> {
    let from = bands.iter().rposition(|least| *least <= amount)?;
    Some((bands[from], bands.get(from + 1).copied()))
}
