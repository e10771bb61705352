//! Every offer of every refusal is accepted, for random stock, cash, days, slots, amounts and notes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::fixture::{apply, context, day, hour, read, with};
use crate::appointments::cash::CashOffer;
use crate::appointments::cash::availability::{Busy, CashContext, DayAvailability};
use crate::appointments::cash::model::{Denomination, Notes};
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::money::Fen;

/// Typical stocks: ample, small, only some denominations.
fn stock() -> impl Strategy<Value = Notes> {
    let count = prop_oneof![3 => Just(0_i64), 2 => 1_i64..40, 3 => 40_i64..1_200, 2 => Just(20_000_i64)];
    prop_oneof![
        6 => prop::array::uniform6(count).prop_map(Notes),
        1 => (0_i64..12_000).prop_map(|hundreds| Notes([hundreds, 0, 0, 0, 0, 0])),
        1 => (0_i64..3_000).prop_map(|fifties| Notes([0, fifties, 7, 0, 0, 3])),
    ]
}

fn offer() -> impl Strategy<Value = (bool, Vec<i64>, i64, Notes)> {
    let cash = prop_oneof![1 => 0_i64..60_000, 2 => 50_000_i64..300_000, 2 => Just(2_000_000_i64)];
    (prop::bool::weighted(0.85), prop::collection::vec(0_i64..3, 6), cash, stock())
}

fn random_context() -> impl Strategy<Value = CashContext> {
    let busy = prop::collection::vec((0_usize..5, 9_i8..17), 0..4);
    let open_left = prop_oneof![3 => Just(1_000_000_i64), 1 => 0_i64..300_000];
    let balance = prop_oneof![2 => Just(5_000_000_i64), 1 => 0_i64..300_000];
    let balances = prop::array::uniform2(balance);
    let parts = (prop::collection::vec(offer(), 5), prop::collection::vec(0_usize..5, 0..3), busy, open_left, balances);
    parts.prop_map(|(offers, booked, busy, open_left, balances)| {
        let mut context = context();
        context.balances = balances.map(Fen::from_yuan).to_vec();
        context.open_left = Fen::from_yuan(open_left);
        let days = &mut context.availability.as_mut().expect("a branch").days;
        for (found, (open, places, cash, stock)) in days.iter_mut().zip(offers) {
            let slots =
                found.slots.iter().zip(places).map(|(slot, places)| super::super::SlotAvailability { places, ..*slot }).collect();
            let slots = if open { slots } else { Vec::new() };
            *found = DayAvailability { open, slots, cash_left: Fen::from_yuan(cash), stock_left: stock, ..found.clone() };
        }
        context.booked = booked.into_iter().map(day).collect();
        context.busy = busy.into_iter().map(|(at, from)| Busy { day: day(at), from: hour(from), to: hour(from + 1) }).collect();
        context
    })
}

/// Valid and invalid values as people type them.
fn random_form() -> impl Strategy<Value = Values> {
    let days = prop::sample::select(vec![
        "2026-12-01",
        "2026-12-02",
        "2026-12-03",
        "2026-12-04",
        "2026-12-05",
        "2026-12-07",
        "2026-12-08",
        "2026-12-09",
        "x",
        "",
    ]);
    let slots = prop::sample::select(vec!["09:00", "10:00", "11:00", "12:00", "14:00", "15:00", "16:00", "noon", ""]);
    let amount = prop_oneof![
        4 => (500_i64..2_100).prop_map(|hundreds| (hundreds * 100).to_string()),
        2 => (45_000_i64..1_050_000).prop_map(|yuan| yuan.to_string()),
        1 => (49_999_i64..300_000).prop_map(|yuan| format!("{yuan}.55")),
        1 => (50_000_i64..300_000).prop_map(|yuan| format!("{yuan},{:02}", yuan % 100)),
        1 => prop::sample::select(vec!["", "many", "0", "60050", "999999.99", "12345678901"]).prop_map(str::to_owned),
    ];
    let count = prop_oneof![
        4 => Just(String::new()),
        3 => (0_i64..2_100).prop_map(|count| count.to_string()),
        1 => prop::sample::select(vec!["-1", "x", "0"]).prop_map(str::to_owned),
    ];
    let counts = prop::collection::vec(count, 6);
    // How the counts relate to the amount: unrelated, all in hundreds, or chosen by the branch.
    (days, slots, amount, counts, 0_u8..4).prop_map(|(day, slot, amount, counts, way)| {
        let mut form = with(&[("day", day), ("slot", slot), ("amount", &amount), ("notes_100", ""), ("purpose", "居住")]);
        match way {
            0 => form.set("any_notes", "on"),
            1 => {
                let yuan = Fen::read_yuan(&amount).map_or(0, Fen::yuan);
                form.set("notes_100", (yuan / 100).to_string());
                form.set("notes_50", (yuan % 100 / 50).to_string());
                form.set("notes_1", (yuan % 50).to_string());
            }
            _ => {
                for (note, count) in Denomination::ALL.into_iter().zip(counts) {
                    form.set(note.field(), count);
                }
            }
        }
        form
    })
}

fn codes(form: &Values, context: &CashContext) -> BTreeSet<String> {
    read(form, context).refusals.iter().map(|refusal| refusal.code().to_owned()).collect()
}

/// The whole amounts that the customer has named: as typed or in one of its readings, and the sum of the notes.
fn named(form: &Values) -> Vec<Fen> {
    let typed = match Fen::read_yuan(form.typed("amount")) {
        Ok(amount) => vec![amount],
        Err(readings) => readings,
    };
    let counts = Denomination::ALL.map(|note| form.typed(note.field()).parse::<i64>().unwrap_or_default().max(0));
    let bookable = typed.into_iter().filter(|amount| amount.yuan() <= 1_000_000).map(|amount| Fen::from_yuan(amount.yuan()));
    bookable.chain([Notes(counts).value()]).collect()
}

/// Whether this amount could be booked with whatever notes, everything else being as it is.
fn takes(form: &Values, context: &CashContext, yuan: i64) -> bool {
    let mut other = form.clone();
    other.set("amount", yuan.to_string());
    other.set("any_notes", "on");
    read(&other, context).refusals.iter().all(|refusal| !["amount", "notes_100"].contains(&refusal.field()))
}

/// Every amount offered is the nearest on its side of the typed one: none between them can be booked, as far as the balance or
/// the customer's own input permits it to be offered.
fn ensure_offered_amounts_are_the_nearest(form: &Values, context: &CashContext) -> Result<(), TestCaseError> {
    let Ok(typed) = Fen::read_yuan(form.typed("amount")) else { return Ok(()) };
    let limits = &context.limits;
    let own =
        Some(Fen::from_yuan(typed.yuan())).filter(|own| (limits.minimum..=limits.maximum).contains(own)).unwrap_or_default();
    let reach = context.reach(form.filled("account")).max(own).yuan();
    for refusal in read(form, context).refusals.iter().filter(|refusal| refusal.field() == "amount") {
        for offer in refusal.offers() {
            let CashOffer::Amount { amount, .. } = offer else { continue };
            let offered = amount.yuan();
            let down = *amount <= typed;
            // The next amounts from both ends: steps of every note, because the stock may lack the smaller ones.
            let (near, far) = if down { (typed.yuan(), offered) } else { (offered, typed.yuan() + 1) };
            let steps = [0, 1, 5, 10, 20, 50, 100];
            let between = steps.into_iter().flat_map(|step| [near - step, far + step]);
            let between = between.filter(|yuan| {
                if down { (offered + 1..=typed.yuan()).contains(yuan) } else { (typed.yuan() + 1..offered).contains(yuan) }
            });
            for yuan in between.filter(|yuan| *yuan <= reach) {
                let told = format!("{}: {offered} was offered for {typed:?}, {yuan} is nearer", refusal.code());
                prop_assert!(!takes(form, context, yuan), "{}", told);
            }
        }
    }
    Ok(())
}

/// Accepting an offer resolves its refusal and causes no new one.
fn ensure_offers_are_accepted(form: &Values, context: &CashContext) -> Result<(), TestCaseError> {
    let mut before = codes(form, context);
    let mut single = before.len() == 1;
    if before.contains("notes_unsplittable") && !form.ticked("any_notes") {
        // It replaces the refusal of missing counts, because no counts could add up on that day; on another day they are still
        // missing.
        single = false;
        before.insert("notes_missing".to_owned());
    }
    let named = named(form);
    let reach = named.iter().copied().fold(context.reach(form.filled("account")), Fen::max);
    for refusal in read(form, context).refusals {
        let offered = refusal.offers().iter().filter_map(|offer| match offer {
            CashOffer::Amount { amount, .. } => Some(*amount),
            _ => None,
        });
        let most = offered.max().unwrap_or_default();
        prop_assert!(most <= reach, "{} offered {most:?} of {reach:?}", refusal.code());
        for nearest in refusal.nearest() {
            let taken = apply(form, &nearest);
            let after = codes(&taken, context);
            let told = format!("{} offered {}: {before:?} became {after:?}", refusal.code(), nearest.query());
            prop_assert!(!after.contains(refusal.code()) && after.is_subset(&before), "{}", told);
            if single {
                prop_assert!(read(&taken, context).request().is_some(), "{}", told);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn every_offer_of_every_refusal_is_accepted(context in random_context(), form in random_form()) {
        ensure_offers_are_accepted(&form, &context)?;
        ensure_offered_amounts_are_the_nearest(&form, &context)?;
    }
}

/// The amounts offered for one typed with this balance.
fn offered(typed: &str, balance: i64) -> Vec<String> {
    let context = CashContext { balances: vec![Fen::from_yuan(balance); 2], ..context() };
    let form = with(&[("amount", typed), ("notes_100", ""), ("any_notes", "on"), ("purpose", "居住")]);
    read(&form, &context).refusals.iter().flat_map(Refusal::nearest).map(|nearest| nearest.query()).collect()
}

#[test]
fn what_was_typed_with_fen_or_unclearly_is_led_to_itself_and_not_to_the_balance() {
    assert_eq!(offered("180000.55", 86_000), ["amount=180000"]);
    assert_eq!(offered("180000.55", 200_000), ["amount=180000", "amount=180001"]);
    assert_eq!(offered("1000000.55", 86_000), ["amount=1000000"]);
    assert_eq!(offered("180000,55", 86_000), ["amount=180000"]);
    assert_eq!(offered("180000.555", 86_000), ["amount=180000"]);
    // What cannot be booked here in any case says nothing: then no more than the balance is offered.
    assert_eq!(offered("2000000", 86_000), ["amount=86000"]);
    // Counted notes are said as well: 180,000 in notes beside 80,000.
    let context = CashContext { balances: vec![Fen::from_yuan(86_000); 2], ..context() };
    let form = with(&[("amount", "80000"), ("notes_100", "1800")]);
    let found: Vec<String> =
        read(&form, &context).refusals.iter().flat_map(Refusal::nearest).map(|found| found.query()).collect();
    assert_eq!(found, ["notes_100=800", "amount=180000"]);
    // A count with decimals is led to the count without them.
    let form = with(&[("amount", "60050"), ("notes_100", "600.5"), ("notes_50", "1")]);
    let found = read(&form, &context).refusals.iter().flat_map(Refusal::nearest).map(|found| found.query()).collect::<Vec<_>>();
    assert_eq!(found.first().map(String::as_str), Some("notes_100=600&notes_50=1"));
}

#[test]
fn with_only_hundreds_left_an_amount_they_cannot_make_is_not_offered_any_notes() {
    let mut context = context();
    for day in &mut context.availability.as_mut().expect("a branch").days {
        day.stock_left = Notes([1_000, 0, 0, 0, 0, 0]);
    }
    // 60,050 without counts: "any notes" would be refused as well.
    let form = with(&[("amount", "60050"), ("notes_100", "")]);
    let refusals = read(&form, &context).refusals;
    assert_eq!(refusals.iter().map(Refusal::code).collect::<Vec<_>>(), ["notes_unsplittable"]);
    let offered: Vec<String> = refusals.iter().flat_map(Refusal::nearest).map(|nearest| nearest.query()).collect();
    assert_eq!(offered, ["amount=60000&notes_100=600", "amount=60100&notes_100=601"]);
}
