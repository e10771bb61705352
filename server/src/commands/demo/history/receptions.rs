//! Reception days of the past and what happened to the applications for them: the places were confirmed, the others declined or
//! cancelled.

use bank::appointments::reception::{
    Audience, KIND, PastApplication, Reception, ReceptionParameters, ReceptionState, Timing, Topic,
};
use bank::cases::PastCase;
use bank::kernel::time::{At, Day, Time, Weekday, day_text, shift};
use jiff::civil::time;

use super::Rows;
use super::people::{change, clerk};
use super::plan::{Plan, Random};

/// A leader who receives everybody on a weekday.
pub(super) struct ReceptionPlan {
    pub branch: &'static str,
    pub weekday: Weekday,
    host: &'static str,
    pub slots: &'static [Time],
}

/// Places of each slot. One is for finished applications, the other for those that still wait.
const PLACES: i64 = 2;

const MORNING: &[Time] = &[time(9, 30, 0, 0), time(10, 0, 0, 0), time(10, 30, 0, 0), time(11, 0, 0, 0)];
const AFTERNOON: &[Time] = &[time(14, 30, 0, 0), time(15, 0, 0, 0), time(15, 30, 0, 0)];

pub(super) const PLANS: [ReceptionPlan; 3] = [
    ReceptionPlan { branch: "shiqi", weekday: Weekday::Wednesday, host: "何静", slots: MORNING },
    ReceptionPlan { branch: "dongqu", weekday: Weekday::Thursday, host: "黄国辉", slots: AFTERNOON },
    ReceptionPlan { branch: "xiaolan", weekday: Weekday::Friday, host: "麦慧敏", slots: MORNING },
];

const TOPICS: [Topic; 5] = [Topic::Product, Topic::Service, Topic::Complaint, Topic::Financing, Topic::Other];

pub(super) fn day(plan: &Plan, day: usize, rows: &mut Rows) {
    let on = plan.day(day);
    let mut random = plan.random(KIND, day);
    for (receiving, share) in plan.receiving(on).zip(plan.applications(day)) {
        let reception = reception(plan, on, receiving);
        let slots = receiving.slots.iter().map(|slot| (*slot, PLACES)).collect();
        for (turn, place) in share.enumerate() {
            let state = match receiving.slots.get(turn) {
                Some(_) => ReceptionState::Confirmed,
                None if random.percent(60) => ReceptionState::Declined,
                None => ReceptionState::Cancelled,
            };
            let slot = receiving.slots[turn % receiving.slots.len()];
            application(plan, &Applied { reception: &reception, slot, place, state }, &mut random, rows);
        }
        rows.receptions.push((reception, slots));
    }
}

/// An application.
pub(super) struct Applied<'a> {
    pub reception: &'a Reception,
    pub slot: Time,
    /// Position among all applications.
    pub place: usize,
    pub state: ReceptionState,
}

/// The reception of this plan on a day.
pub(super) fn reception(plan: &Plan, on: Day, receiving: &ReceptionPlan) -> Reception {
    Reception {
        id: format!("{}-{}", receiving.branch, day_text(on)),
        branch_id: receiving.branch.to_owned(),
        day: on,
        host_name: receiving.host.to_owned(),
        host_title_zh: "行长".to_owned(),
        host_title_en: "branch manager".to_owned(),
        topic_zh: "网点服务与您的建议".to_owned(),
        topic_en: "Service at our branches and your suggestions".to_owned(),
        place_zh: "二楼接待室".to_owned(),
        place_en: "Reception room, second floor".to_owned(),
        registration_from: At::midnight(shift(on, -30)),
        registration_until: At::of(plan.reference.calendar.previous_working(on), time(17, 0, 0, 0)),
        audience: Audience::All,
    }
}

/// Adds an application with what happened to it.
pub(super) fn application(plan: &Plan, applied: &Applied<'_>, random: &mut Random, rows: &mut Rows) {
    let Applied { reception, slot, place, state } = *applied;
    let Some(branch) = plan.reference.branch(&reception.branch_id) else { return };
    let person = plan.person(place);
    let parameters: ReceptionParameters = plan.reference.parameters(&branch.id, reception.day);
    let timing = Timing { calendar: &plan.reference.calendar, hours: &branch.hours, parameters: &parameters };
    let start = At::of(reception.day, slot);
    let time = (start, start.plus_minutes(parameters.reception_slot_minutes));
    // Two to twenty days before, between 9:00 and 20:00.
    let sent = At::midnight(shift(reception.day, -2 - random.upto(18))).plus_minutes(9 * 60 + random.upto(11 * 60 - 1));
    let (due, mut cancel_until) = (timing.answer_due(sent, start), timing.cancel_until(sent, start));
    let answered = sent.plus_ms(due.ms_since(sent) * (5 + random.upto(60)) / 100);
    let mut changes = vec![person.submits(sent, ReceptionState::Applied.code())];
    match state {
        ReceptionState::Applied => {}
        ReceptionState::Confirmed => {
            changes.push(change(answered, clerk(&branch.id), "confirm", state.code()));
            cancel_until = timing.cancel_until_answered(cancel_until, answered, start);
        }
        ReceptionState::Declined => {
            let mut decline = change(answered, clerk(&branch.id), "decline", state.code());
            decline.reason = Some("当天的名额已满");
            changes.push(decline);
        }
        ReceptionState::Cancelled => {
            let at = random.between(sent.plus_minutes(1), answered.min(cancel_until).max(sent.plus_minutes(2)));
            changes.push(change(at, person.actor(), "cancel", state.code()));
        }
    }
    let (number, topic) = (plan.number(KIND, place), random.of_these(&TOPICS));
    rows.cases.push(PastCase {
        number: number.clone(),
        kind: KIND,
        customer_id: person.id(),
        branch_id: Some(branch.id.clone()),
        due_at: due,
        time: Some(time),
        acts_at: None,
        amount: None,
        topic: topic.code(),
        changes,
    });
    rows.applications.push(PastApplication {
        number,
        customer_id: person.id(),
        reception_id: reception.id.clone(),
        slot,
        topic,
        summary: "想当面说明情况，听听您的意见。",
        hope: "希望有明确的答复。",
        attendees: 1 + random.upto(1),
        phone: person.phone(),
        cancel_until,
        live: matches!(state, ReceptionState::Applied | ReceptionState::Confirmed).then_some(time),
    });
}
