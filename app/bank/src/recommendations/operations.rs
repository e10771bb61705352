//! Reads the facts in a fixed number of statements, gives advice and records the gate's decisions. Also declines a product
//! and takes that back.

use std::convert::Infallible;

use scoped_futures::ScopedFutureExt;

use super::advice::Advice;
use super::facts::{AdviceFacts, ChosenAnswer, GateFacts, Tier};
use super::gate::Verdict;
use super::inputs::Inputs;
use super::model::ProductCode;
use super::parameters::AdviceParameters;
use super::records::{self, StoredDecision};
use super::score::AdviceRules;
use crate::cases::has_open_case;
use crate::kernel::audit::insert_audit;
use crate::kernel::bank::Bank;
use crate::kernel::bilingual::Bilingual;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::money::Fen;
use crate::sessions::Customer;
use crate::{branches, customers, surveys};

/// Kind code reserved for complaints. Until that kind exists, no customer has an open complaint.
const COMPLAINT: &str = "complaint";

/// The advice for this customer now; the decisions behind it are recorded.
pub async fn recommend(bank: &Bank, customer: &Customer) -> Result<Advice, Failure> {
    let advice = known(bank, customer).await?;
    keep_decisions(bank, customer, &advice).await?;
    Ok(advice)
}

/// Like [`recommend`], for pages that show the facts but no list; records nothing.
pub async fn known(bank: &Bank, customer: &Customer) -> Result<Advice, Failure> {
    let now = bank.now();
    let id = customer.customer_id();
    let profile = customers::profile(bank, customer).await?;
    let accounts = customers::accounts(bank, customer).await?;
    let reference = branches::reference(bank).await?;
    let answers = answers(bank, customer).await?;
    let mut conn = bank.read().await?;
    let consent = customers::find_consent(&mut conn, id, customers::ConsentPurpose::Recommendations.code()).await?;
    let products = records::list_products(&mut conn).await?;
    let holdings = records::list_holdings(&mut conn, id, &products).await?;
    let gate = GateFacts {
        consent: consent.is_some(),
        customer: profile.kind,
        capacity: profile.capable,
        resident: profile.resident,
        born: profile.birth_day,
        assessment: records::latest_assessment(&mut conn, id).await?,
        available: Fen(accounts.iter().filter(|account| account.active).map(|account| account.balance.0).sum()),
        holdings: holdings.iter().map(|(holding, _)| holding.clone()).collect(),
        declined: records::list_declined(&mut conn, id).await?,
        open_complaint: has_open_case(&mut conn, id, COMPLAINT).await?,
        prequalified: records::list_prequalified(&mut conn, id).await?,
    };
    // No twelve-month average is stored yet, so a savings band is never given as a reason.
    let (chosen, labels) = answers.into_iter().unzip();
    let facts = AdviceFacts { gate, answers: chosen, savings: None, tier: profile.vip.then_some(Tier::Vip) };
    Ok(Advice {
        facts,
        labels,
        products,
        holdings,
        rules: AdviceRules::from(&reference.parameters::<AdviceParameters>("", now.day())),
        now,
    })
}

/// The answers the customer allowed for recommendations, each with its label in the survey.
async fn answers(bank: &Bank, customer: &Customer) -> Result<Vec<(ChosenAnswer, Bilingual)>, Failure> {
    let chosen = surveys::advice_answers(bank, customer).await?;
    let known = if chosen.is_empty() { Vec::new() } else { surveys::list(bank).await? };
    // An option missing from the current version cannot be shown as a fact, so it is no reason either.
    let words = |answer: &ChosenAnswer| {
        let survey = &known.iter().find(|known| known.survey.code == answer.survey)?.survey;
        let option = survey.question(&answer.question)?.options.iter().find(|option| option.code == answer.option)?;
        Some(option.label.clone())
    };
    Ok(chosen.into_iter().filter_map(|answer| words(&answer).map(|words| (answer, words))).collect())
}

/// Records the decisions behind the list about to be shown (docs/domain.md §9), because every list shown must be explainable
/// later. Records are appended only if a verdict or one of its facts has changed, so that a repeated view costs one read.
/// A change of the day alone is not a change: `at` says since when a decision holds.
async fn keep_decisions(bank: &Bank, customer: &Customer, advice: &Advice) -> Result<(), Failure> {
    let id = customer.customer_id();
    let kept = records::list_decisions(&mut bank.read().await?, id).await?;
    let verdicts = advice.verdicts();
    let same = |verdict: &&Verdict| kept.get(&verdict.product).is_some_and(|kept| is_same(kept, &StoredDecision::of(verdict)));
    let changed: Vec<&Verdict> = verdicts.iter().filter(|verdict| !same(verdict)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    bank.write::<_, Infallible, _>("keep_decisions", |tx| {
        let changed = &changed;
        async move { Ok(records::append_decisions(tx, id, changed, advice.now).await?) }.scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

fn is_same(kept: &StoredDecision, new: &StoredDecision) -> bool {
    let inputs = Inputs { day: new.inputs.day, ..kept.inputs };
    StoredDecision { inputs, ..kept.clone() } == *new
}

/// Declines a product: it is not shown for the days of the rules. `false` if there is no such product.
pub async fn decline(bank: &Bank, customer: &Customer, code: &str) -> Result<bool, Failure> {
    let now = bank.now();
    let products = records::list_products(&mut bank.read().await?).await?;
    let Some(product) = products.iter().find(|product| product.code.as_str() == code && product.has_page()) else {
        return Ok(false);
    };
    bank.write::<_, Infallible, _>("decline_product", |tx| {
        async move {
            records::upsert_declined(tx, customer.customer_id(), &product.code, now).await?;
            insert_audit(tx, &customer.actor(), "decline_product", customer.customer_id(), code).await?;
            Ok(true)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}

/// Takes a decline back. Idempotent; `false` if there was none.
pub async fn undecline(bank: &Bank, customer: &Customer, code: &str) -> Result<bool, Failure> {
    let product = ProductCode(code.to_owned());
    bank.write::<_, Infallible, _>("undecline_product", |tx| {
        let product = &product;
        async move {
            let back = records::delete_declined(tx, customer.customer_id(), product).await?;
            if back {
                insert_audit(tx, &customer.actor(), "undecline_product", customer.customer_id(), code).await?;
            }
            Ok(back)
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)
}
