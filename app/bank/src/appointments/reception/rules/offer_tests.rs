//! Every offer of every refusal is accepted, for random receptions, places, limits and forms.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::read_reception;
use super::tests::{context, day, upcoming};
use crate::appointments::cash::Busy;
use crate::appointments::reception::availability::ReceptionContext;
use crate::kernel::forms::{Refusal, Values};
use crate::kernel::time::{At, parse_time};

fn random_context() -> impl Strategy<Value = ReceptionContext> {
    let one = (
        prop::sample::select(vec![3_i8, 3, 4, 8, 10]),
        prop::array::uniform3(0_i64..2),
        prop::bool::weighted(0.2),
        1_i64..7,
        prop::sample::select(vec![15_i64, 30, 45, 60]),
        prop::sample::select(vec![1_i8, 1, 1, 2, 3]),
        prop::bool::weighted(0.15),
    );
    let busy = prop::collection::vec((prop::sample::select(vec![3_i8, 4, 8]), 13_i8..16), 0..3);
    (prop::collection::vec(one, 0..5), busy).prop_map(|(receptions, busy)| {
        let mut context = context();
        let mut all: Vec<_> = receptions
            .into_iter()
            .zip(["a", "b", "c", "d", "e"])
            .map(|((on, places, applied, people, minutes, opens, over), id)| {
                let mut upcoming = upcoming(id, on, places);
                upcoming.applied = applied;
                upcoming.limits.attendees_max = people;
                upcoming.limits.slot_minutes = minutes;
                upcoming.limits.summary_max = 3 * people;
                upcoming.reception.registration_from = At::midnight(day(opens)).plus_hours(9);
                if over {
                    upcoming.reception.registration_until = context.now;
                }
                upcoming
            })
            .collect();
        all.sort_by_key(|upcoming| upcoming.reception.day);
        context.upcoming = all;
        let time = |hour: i8| parse_time(&format!("{hour}:00")).expect("a time");
        context.busy = busy.into_iter().map(|(on, from)| Busy { day: day(on), from: time(from), to: time(from + 1) }).collect();
        context
    })
}

fn random_form() -> impl Strategy<Value = Values> {
    let days = prop::sample::select(vec!["2026-12-03", "2026-12-04", "2026-12-05", "2026-12-08", "2026-12-10", "x", ""]);
    let receptions = prop::sample::select(vec!["", "", "a", "b", "c", "z"]);
    let slots = prop::sample::select(vec!["14:00", "14:30", "15:00", "16:00", "noon", ""]);
    let people = prop::sample::select(vec!["1", "2 人", "4", "6", "99", "0", "some", ""]);
    let summary = prop::sample::select(vec!["排队", "排队时间太长", "排队时间太长了，希望能多开窗口", ""]);
    (days, receptions, slots, people, summary).prop_map(|(day, reception, slot, people, summary)| {
        let all = [
            ("day", day),
            ("reception", reception),
            ("slot", slot),
            ("attendees", people),
            ("summary", summary),
            ("topic", "service"),
            ("hope", "多开一个窗口"),
            ("phone", "13800138000"),
        ];
        Values(all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    })
}

fn read(form: &Values, context: &ReceptionContext) -> super::ParsedReceptionForm {
    let offered = ["day", "reception", "slot", "topic", "summary", "hope", "attendees", "phone"];
    read_reception(form, &offered.map(str::to_owned).into(), context)
}

fn codes(form: &Values, context: &ReceptionContext) -> BTreeSet<String> {
    read(form, context).refusals.iter().map(|refusal| refusal.code().to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn every_offer_of_every_refusal_is_accepted(context in random_context(), form in random_form()) {
        let before = codes(&form, &context);
        for refusal in read(&form, &context).refusals {
            for nearest in refusal.nearest() {
                let mut taken = form.clone();
                for (name, value) in &nearest.0 {
                    taken.set(name, value.clone());
                }
                let after = codes(&taken, &context);
                let told = format!("{} offered {}: {before:?} became {after:?}", refusal.code(), nearest.query());
                prop_assert!(!after.contains(refusal.code()) && after.is_subset(&before), "{}", told);
                if before.len() == 1 {
                    prop_assert!(read(&taken, &context).request().is_some(), "{}", told);
                }
            }
        }
    }
}
