//! Every refusal is reached by changing an accepted form, and every offer is accepted.

use std::collections::BTreeSet;

use super::fixture::{accepted, apply, context, day, hour, read, values, with};
use super::{Step, read_cash};
use crate::appointments::cash::availability::{Busy, CashContext};
use crate::appointments::cash::model::{Collector, Notes, PURPOSE_OTHER};
use crate::appointments::cash::refusals::ALL_CODES;
use crate::appointments::cash::{CashRefusal, FORM, OWN_NOTES};
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::money::Fen;
use crate::kernel::people::IdType;

/// A change of the accepted form: the expected code, the values, and a change of the context.
type Spoiled = (&'static str, Values, fn(&mut CashContext));

fn as_it_is(_: &mut CashContext) {}

fn chosen_day(context: &mut CashContext) -> &mut crate::appointments::cash::DayAvailability {
    &mut context.availability.as_mut().expect("a branch").days[1]
}

fn spoiled() -> Vec<Spoiled> {
    let long = "长".repeat(101);
    let long_name = "王".repeat(51);
    let agent = |pairs: &[(&str, &str)]| {
        let mut form = with(&[
            ("collector", "agent"),
            ("agent_name", "李雷"),
            ("agent_id_type", "resident_id"),
            ("agent_id", "11010519491231002X"),
        ]);
        for (name, value) in pairs {
            form.set(name, *value);
        }
        form
    };
    let large = |pairs: &[(&str, &str)]| {
        let mut form = with(&[("amount", "200000"), ("notes_100", "2000")]);
        for (name, value) in pairs {
            form.set(name, *value);
        }
        form
    };
    vec![
        ("blocked", accepted(), |c| c.blocked_until = Some(day(4))),
        ("notes_invalid", with(&[("notes_50", "x"), ("notes_20", "7"), ("notes_10", "-1")]), as_it_is),
        ("branch_missing", with(&[("branch", "")]), |c| c.availability = None),
        ("branch_unknown", with(&[("branch", "b9")]), |c| c.availability = None),
        ("day_missing", with(&[("day", "")]), as_it_is),
        ("day_invalid", with(&[("day", "2026-13-40")]), as_it_is),
        ("day_too_early", with(&[("day", "2026-12-01")]), as_it_is),
        ("day_too_late", with(&[("day", "2026-12-09")]), as_it_is),
        ("day_closed", with(&[("day", "2026-12-05")]), as_it_is),
        ("branch_closed", accepted(), |c| chosen_day(c).open = false),
        ("day_full", accepted(), |c| chosen_day(c).slots.iter_mut().for_each(|slot| slot.places = 0)),
        ("day_full", accepted(), |c| chosen_day(c).cash_left = Fen::from_yuan(49_999)),
        ("day_taken", accepted(), |c| c.booked.push(day(1))),
        ("slot_missing", with(&[("slot", "")]), as_it_is),
        ("slot_unknown", with(&[("slot", "12:00")]), as_it_is),
        ("slot_unknown", with(&[("slot", "noon")]), as_it_is),
        ("slot_full", accepted(), |c| chosen_day(c).slots[1].places = 0),
        ("overlap", accepted(), |c| c.busy.push(Busy { day: day(1), from: hour(10), to: hour(11) })),
        ("no_account", accepted(), |c| c.accounts.clear()),
        ("no_account", with(&[("account", "")]), |c| c.accounts.clear()),
        ("account_missing", with(&[("account", "")]), as_it_is),
        ("account_unknown", with(&[("account", "x1")]), as_it_is),
        ("amount_missing", with(&[("amount", "")]), as_it_is),
        ("amount_invalid", with(&[("amount", "许多")]), as_it_is),
        ("amount_unclear", with(&[("amount", "60000,00")]), as_it_is),
        ("amount_not_whole", with(&[("amount", "60000.50")]), as_it_is),
        ("amount_below_minimum", with(&[("amount", "49999")]), as_it_is),
        ("amount_above_maximum", with(&[("amount", "1000001"), ("any_notes", "on"), ("purpose", "居住")]), as_it_is),
        ("open_cash", accepted(), |c| c.open_left = Fen::from_yuan(59_999)),
        ("cash_short", accepted(), |c| chosen_day(c).cash_left = Fen::from_yuan(55_555)),
        ("notes_missing", with(&[("notes_100", "0")]), as_it_is),
        ("notes_invalid", with(&[("notes_50", "-1")]), as_it_is),
        ("notes_differ", with(&[("notes_100", "599")]), as_it_is),
        ("notes_short", accepted(), |c| chosen_day(c).stock_left = Notes([500, 500, 0, 0, 0, 0])),
        ("notes_unsplittable", with(&[("amount", "60050"), ("any_notes", "on")]), |c| {
            chosen_day(c).stock_left = Notes([1_000, 0, 0, 0, 0, 0]);
        }),
        ("purpose_missing", large(&[]), as_it_is),
        ("purpose_missing", accepted(), |c| c.risk_flag = true),
        ("purpose_unknown", large(&[("purpose", "工资")]), as_it_is),
        ("purpose_unknown", large(&[("purpose", "衣着")]), |c| c.corporate = true),
        ("purpose_other_missing", large(&[("purpose", PURPOSE_OTHER)]), as_it_is),
        ("purpose_other_too_long", large(&[("purpose", PURPOSE_OTHER), ("purpose_other", &long)]), as_it_is),
        ("collector_missing", with(&[("collector", "")]), as_it_is),
        ("collector_unknown", with(&[("collector", "friend")]), as_it_is),
        ("agent_name_missing", agent(&[("agent_name", "")]), as_it_is),
        ("agent_name_invalid", agent(&[("agent_name", "李4")]), as_it_is),
        ("agent_name_too_short", agent(&[("agent_name", "李")]), as_it_is),
        ("agent_name_too_long", agent(&[("agent_name", &long_name)]), as_it_is),
        ("agent_id_type_missing", agent(&[("agent_id_type", "")]), as_it_is),
        ("agent_id_type_unknown", agent(&[("agent_id_type", "card")]), as_it_is),
        ("agent_id_missing", agent(&[("agent_id", "")]), as_it_is),
        ("agent_id_invalid", agent(&[("agent_id", "110105194912310021")]), as_it_is),
        ("phone_missing", with(&[("phone", "")]), as_it_is),
        ("phone_invalid", with(&[("phone", "12345")]), as_it_is),
        ("remark_too_long", with(&[("remark", &long)]), as_it_is),
    ]
}

/// Codes that come from the transaction, from cancelling and from moving, not from validating a form.
const ELSEWHERE: [&str; 10] = [
    "too_many_open",
    "too_many_today",
    "changed",
    "cancel_over",
    "cancel_closed",
    "move_over",
    "move_closed",
    "approver_too_late",
    "moved",
    "nothing_moved",
];

#[test]
fn every_code_is_reached_alone_by_spoiling_one_thing() {
    let mut reached: BTreeSet<&str> = ELSEWHERE.into();
    for (code, form, change) in spoiled() {
        let mut context = context();
        change(&mut context);
        let parsed = read(&form, &context);
        let codes: Vec<&str> = parsed.refusals.iter().map(Refusal::code).collect();
        assert_eq!(codes, [code]);
        assert_eq!(parsed.request(), None, "{code}");
        reached.insert(code);
    }
    assert_eq!(reached, BTreeSet::from(ALL_CODES));
}

#[test]
fn every_offer_is_accepted_when_it_is_taken() {
    for (code, form, change) in spoiled() {
        let mut context = context();
        change(&mut context);
        for refusal in read(&form, &context).refusals {
            for nearest in refusal.nearest() {
                let taken = read(&apply(&form, &nearest), &context);
                assert_eq!(taken.refusals, [], "{code} offered {}", nearest.query());
                assert!(taken.request().is_some(), "{code} offered {}", nearest.query());
            }
        }
    }
}

#[test]
fn whatever_a_value_near_can_mend_carries_one() {
    let words_only = [
        "blocked",
        "branch_missing",
        "branch_unknown",
        "no_account",
        "account_missing",
        "amount_missing",
        "amount_invalid",
        "purpose_missing",
        "purpose_unknown",
        "purpose_other_missing",
        "purpose_other_too_long",
        "collector_missing",
        "collector_unknown",
        "agent_name_missing",
        "agent_name_invalid",
        "agent_name_too_short",
        "agent_name_too_long",
        "agent_id_type_missing",
        "agent_id_type_unknown",
        "agent_id_missing",
        "agent_id_invalid",
        "phone_missing",
        "phone_invalid",
        "remark_too_long",
    ];
    for (code, form, change) in spoiled() {
        let mut context = context();
        change(&mut context);
        let offered = read(&form, &context).refusals.iter().any(|refusal| !refusal.nearest().is_empty());
        assert_eq!(offered, !words_only.contains(&code), "{code}");
    }
}

#[test]
fn an_amount_that_can_be_two_things_is_not_booked_as_one_of_them() {
    let context = context();
    let form = with(&[("amount", "5000,00"), ("any_notes", "on"), ("purpose", "居住")]);
    let refusals = read(&form, &context).refusals;
    let [CashRefusal::AmountUnclear { readings, .. }] = refusals.as_slice() else { panic!("{refusals:?}") };
    assert_eq!(readings, &[Fen::from_yuan(5_000), Fen::from_yuan(500_000)]);
    assert_eq!(first_offers(&form, &context), ["amount=500000"]);
    let clear = with(&[("amount", "20万"), ("any_notes", "on"), ("purpose", "居住")]);
    assert_eq!(read(&clear, &context).request().map(|request| request.amount), Some(Fen::from_yuan(200_000)));
}

#[test]
fn what_is_written_beside_a_choice_is_never_dropped() {
    let context = context();
    let much = |pairs: &[(&str, &str)]| {
        let mut form = with(&[("amount", "200000"), ("any_notes", "on")]);
        for (name, value) in pairs {
            form.set(name, *value);
        }
        read(&form, &context).request().and_then(|request| request.purpose).map(|purpose| (purpose.term, purpose.other))
    };
    let said = |term: &str| Some((term.to_owned(), Some("装修".to_owned())));
    assert_eq!(much(&[("purpose_other", "装修")]), said(PURPOSE_OTHER), "ticked for them");
    assert_eq!(much(&[("purpose", "居住"), ("purpose_other", "装修")]), said("居住"));
    let agent =
        with(&[("collector", ""), ("agent_name", "李雷"), ("agent_id_type", "resident_id"), ("agent_id", "11010519491231002X")]);
    assert!(matches!(read(&agent, &context).request().map(|request| request.collector), Some(Collector::Agent { .. })));
}

#[test]
fn the_declared_maximum_lengths_are_those_of_the_rules() {
    let purpose = [("amount", "300000"), ("notes_100", "3000"), ("purpose", PURPOSE_OTHER), ("purpose_other", "装修")];
    let limited = FORM.limited();
    assert_eq!(limited.len(), 2);
    for (name, [fits, long]) in limited {
        let refused = |text: &str| {
            let mut form = with(&purpose);
            form.set(&name, text);
            read(&form, &context()).refusals.iter().any(|refusal| refusal.field() == name)
        };
        assert!(!refused(&fits) && refused(&long), "{name}");
    }
}

#[test]
fn a_remark_is_counted_in_characters_as_people_see_them() {
    let context = context();
    let most = usize::try_from(context.limits.remark_max).unwrap_or_default();
    let family = "👨‍👩‍👧‍👦";
    assert_eq!(read(&with(&[("remark", &family.repeat(most))]), &context).refusals, []);
    let refusals = read(&with(&[("remark", &family.repeat(most + 1))]), &context).refusals;
    assert_eq!(refusals, [CashRefusal::RemarkTooLong { max: context.limits.remark_max, length: context.limits.remark_max + 1 }]);
}

fn first_offers(form: &Values, context: &CashContext) -> Vec<String> {
    read(form, context).refusals.iter().flat_map(Refusal::nearest).map(|nearest| nearest.query()).collect()
}

#[test]
fn a_short_note_offers_the_nearest_split_and_another_day() {
    let mut context = context();
    chosen_day(&mut context).stock_left = Notes([1_500, 5_000, 0, 0, 0, 0]);
    let form = with(&[("amount", "200,000 元"), ("notes_100", "2,000"), ("purpose", "居住")]);
    assert_eq!(first_offers(&form, &context), ["notes_100=1500&notes_50=1000", "day=2026-12-04&slot=10:00"]);
}

#[test]
fn an_amount_out_of_range_offers_the_limit_with_its_notes() {
    let context = context();
    assert_eq!(first_offers(&with(&[("amount", "20000"), ("any_notes", "on")]), &context), ["amount=50000"]);
    assert_eq!(first_offers(&with(&[("amount", "20000"), ("notes_100", "200")]), &context), ["amount=50000&notes_100=500"]);
    let much = with(&[("amount", "3000000"), ("any_notes", "on")]);
    assert_eq!(first_offers(&much, &context), ["amount=1000000"]);
    let fen = with(&[("amount", "60000.5"), ("any_notes", "on")]);
    assert_eq!(first_offers(&fen, &context), ["amount=60000", "amount=60001"]);
}

#[test]
fn a_full_slot_offers_the_nearest_free_one() {
    let mut context = context();
    chosen_day(&mut context).slots[1].places = 0;
    assert_eq!(first_offers(&accepted(), &context), ["day=2026-12-03&slot=11:00"]);
}

#[test]
fn what_was_not_offered_is_never_missing() {
    let parsed = read_cash(&values(&[("branch", "b1")]), &BTreeSet::from(["branch".to_owned()]), &context());
    assert_eq!(parsed.refusals, []);
    assert_eq!(parsed.first_open_step(), Step::Where);
    assert!(parsed.missing.contains(&"day") && parsed.missing.contains(&"phone"));
    let nothing = read_cash(&Values::default(), &BTreeSet::new(), &context());
    assert_eq!((nothing.refusals.len(), nothing.first_open_step()), (0, Step::Where));
}

#[test]
fn the_first_open_step_is_where_something_is_missing_or_refused() {
    let context = context();
    let step = |form: &Values| read_cash(form, &BTreeSet::new(), &context).first_open_step();
    assert_eq!(step(&accepted()), Step::Check);
    assert_eq!(step(&with(&[("phone", "")])), Step::Who);
    assert_eq!(step(&with(&[("notes_100", ""), ("phone", "")])), Step::HowMuch);
    assert_eq!(step(&with(&[("slot", "12:00"), ("phone", "")])), Step::Where);
    assert_eq!(read(&with(&[("slot", "12:00")]), &context).refusals_of(Step::Where).count(), 1);
}

#[test]
fn counted_notes_count_when_the_customer_chooses_them() {
    let request = read(&with(&[("any_notes", OWN_NOTES)]), &context()).request().expect("a valid form");
    assert!(!request.any_notes);
    assert_eq!(request.notes, Notes([600, 0, 0, 0, 0, 0]));
    let uncounted = read(&with(&[("any_notes", OWN_NOTES), ("notes_100", "")]), &context());
    assert_eq!(uncounted.refusals.iter().map(Refusal::code).collect::<Vec<_>>(), ["notes_missing"]);
}

#[test]
fn quick_amounts_are_round_and_can_be_booked() {
    let yuan = |context: &CashContext| context.quick_amounts().into_iter().map(Fen::yuan).collect::<Vec<_>>();
    assert_eq!(yuan(&context()), [50_000, 100_000, 200_000, 500_000]);
    let left = CashContext { open_left: Fen::from_yuan(150_000), ..context() };
    assert_eq!(yuan(&left), [50_000, 100_000]);
    let poorer = CashContext { balances: vec![Fen::from_yuan(70_000), Fen::from_yuan(120_000)], ..context() };
    assert_eq!(yuan(&poorer), [50_000, 100_000], "no more than the largest balance");
    let mut limited = context();
    (limited.limits.minimum, limited.limits.maximum) = (Fen::from_yuan(60_000), Fen::from_yuan(99_999));
    assert_eq!(yuan(&limited), [0; 0]);
    for amount in context().quick_amounts() {
        let form = with(&[("amount", &amount.yuan().to_string()), ("any_notes", "on"), ("purpose", "居住")]);
        assert!(read(&form, &context()).request().is_some(), "{amount:?}");
    }
}

#[test]
fn refusals_stand_in_the_order_of_the_form() {
    let form = with(&[("slot", "12:00"), ("account", ""), ("amount", "1"), ("notes_100", ""), ("collector", "")]);
    let parsed = read(&form, &context());
    let fields: Vec<&str> = parsed.refusals.iter().map(Refusal::field).collect();
    assert_eq!(fields, ["slot", "amount", "account", "notes_100", "collector"]);
}

#[test]
fn needless_fields_are_ignored() {
    let form = with(&[
        ("agent_name", "4"),
        ("agent_id_type", "x"),
        ("agent_id", "x"),
        ("purpose", "x"),
        ("purpose_other", "x"),
        ("any_notes", "on"),
        ("notes_100", "-7"),
        ("notes_50", "many"),
    ]);
    let request = read(&form, &context()).request().expect("a valid form");
    assert_eq!((request.collector, request.purpose), (Collector::Myself, None));
    assert!(request.any_notes);
    assert_eq!(request.notes, Notes([600, 0, 0, 0, 0, 0]));
}

#[test]
fn a_whole_wish_is_read_as_people_type_it() {
    let form = with(&[
        ("amount", "２００，０００ 元"),
        ("notes_100", "1,900 张"),
        ("notes_50", "２００"),
        ("new_notes", "on"),
        ("purpose", PURPOSE_OTHER),
        ("purpose_other", " 装修 "),
        ("collector", "agent"),
        ("agent_name", "买买提．艾力"),
        ("agent_id_type", "护照"),
        ("agent_id", "e1234567"),
        ("phone", "+86 138 0013 8000"),
        ("remark", "请准备信封"),
    ]);
    let request = read(&form, &context()).request().expect("a valid form");
    assert_eq!(request.amount, Fen::from_yuan(200_000));
    assert_eq!(request.notes, Notes([1_900, 200, 0, 0, 0, 0]));
    assert_eq!(request.purpose.and_then(|purpose| purpose.other).as_deref(), Some("装修"));
    assert_eq!(
        request.collector,
        Collector::Agent { name: "买买提·艾力".to_owned(), id_type: IdType::Passport, id: "E1234567".to_owned() }
    );
    assert_eq!(request.phone.as_str(), "13800138000");
    assert!(request.new_notes && !request.any_notes);
}

#[test]
fn the_limits_themselves_are_accepted() {
    let context = context();
    for amount in ["50000", "199999", "1000000"] {
        let form = with(&[("amount", amount), ("any_notes", "on"), ("purpose", "居住")]);
        assert_eq!(read(&form, &context).refusals, [], "{amount}");
    }
    assert!(!read(&with(&[("amount", "199999")]), &context).purpose_asked);
    assert!(read(&with(&[("amount", "200000")]), &context).purpose_asked);
}

#[test]
fn a_day_without_any_other_offers_nothing_rather_than_something_wrong() {
    let mut context = context();
    for day in &mut context.availability.as_mut().expect("a branch").days {
        day.open = false;
    }
    assert_eq!(first_offers(&accepted(), &context), [] as [String; 0]);
}

#[test]
fn an_amount_above_the_balance_is_said_by_how_much() {
    let yuan = |yuan| Some(Fen::from_yuan(yuan));
    assert_eq!(super::above_balance(yuan(60_000), yuan(59_999)), yuan(1));
    assert_eq!(super::above_balance(yuan(60_000), Some(Fen(6_000_001))), None);
    assert_eq!(super::above_balance(yuan(60_000), yuan(60_000)), None);
    assert_eq!((super::above_balance(None, yuan(1)), super::above_balance(yuan(1), None)), (None, None));
}
