//! Reception days of the demo bank (docs/domain.md §4): the plan names the receiving branch for every working day. Days of
//! the next three weeks that are not announced yet are added at loading and by the worker.

use std::convert::Infallible;

use bank::appointments::reception::{Audience, Reception, insert_reception};
use bank::branches::reference;
use bank::kernel::bank::Bank;
use bank::kernel::calendar::WorkingCalendar;
use bank::kernel::failure::Rejected;
use bank::kernel::time::{At, Day, Time, Weekday, day_text, shift};
use jiff::civil::time;
use scoped_futures::ScopedFutureExt;

/// How far ahead reception days are announced, days.
const AHEAD: i64 = 21;

/// A leader who receives customers on a weekday.
struct Plan {
    branch: &'static str,
    weekday: Weekday,
    host: (&'static str, &'static str, &'static str),
    topic: (&'static str, &'static str),
    place: (&'static str, &'static str),
    audience: Audience,
    slots: &'static [Time],
    places: i64,
}

const MORNING: &[Time] = &[time(9, 30, 0, 0), time(10, 0, 0, 0), time(10, 30, 0, 0), time(11, 0, 0, 0)];
const AFTERNOON: &[Time] = &[time(14, 30, 0, 0), time(15, 0, 0, 0), time(15, 30, 0, 0)];

const PLANS: [Plan; 5] = [
    Plan {
        branch: "shiqi",
        weekday: Weekday::Wednesday,
        host: ("何静", "行长", "branch manager"),
        topic: ("网点服务与您的建议", "Service at our branches and your suggestions"),
        place: ("二楼客户接待室", "Reception room, second floor"),
        audience: Audience::All,
        slots: MORNING,
        places: 2,
    },
    Plan {
        branch: "dongqu",
        weekday: Weekday::Thursday,
        host: ("黄国辉", "副行长", "deputy branch manager"),
        topic: ("存款、理财与贷款", "Deposits, wealth products and loans"),
        place: ("一楼贵宾室", "VIP room, ground floor"),
        audience: Audience::All,
        slots: AFTERNOON,
        places: 1,
    },
    Plan {
        branch: "shiqi",
        weekday: Weekday::Monday,
        host: ("何静", "行长", "branch manager"),
        topic: ("贵宾客户的资产安排", "Arranging assets, for VIP customers"),
        place: ("三楼贵宾厅", "VIP lounge, third floor"),
        audience: Audience::Vip,
        slots: AFTERNOON,
        places: 1,
    },
    Plan {
        branch: "guzhen",
        weekday: Weekday::Tuesday,
        host: ("区志明", "行长", "branch manager"),
        topic: ("小微企业融资", "Financing for small companies"),
        place: ("二楼会议室", "Meeting room, second floor"),
        audience: Audience::Company,
        slots: MORNING,
        places: 2,
    },
    Plan {
        branch: "xiaolan",
        weekday: Weekday::Friday,
        host: ("麦慧敏", "行长", "branch manager"),
        topic: ("适老服务面对面", "Services for older customers, face to face"),
        place: ("一楼接待室", "Reception room, ground floor"),
        audience: Audience::All,
        slots: MORNING,
        places: 2,
    },
];

/// Announces the missing reception days of the next three weeks; returns how many were added.
pub async fn top_up(bank: &Bank) -> anyhow::Result<usize> {
    let reference = reference(bank).await?;
    let now = bank.now();
    let planned = planned(&reference.calendar, now);
    let added = bank
        .write::<_, Infallible, _>("top_up_receptions", |tx| {
            let planned = &planned;
            async move {
                let mut added = 0;
                for (reception, slots) in planned {
                    added += usize::from(insert_reception(tx, reception, slots).await?);
                }
                Ok(added)
            }
            .scope_boxed()
        })
        .await
        .map_err(Rejected::into_failure)?;
    Ok(added)
}

fn planned(calendar: &WorkingCalendar, now: At) -> Vec<(Reception, Vec<(Time, i64)>)> {
    let days = (1..=AHEAD).map(|ahead| shift(now.day(), ahead)).filter(|day| calendar.is_working(*day));
    days.flat_map(|day| PLANS.iter().filter(move |plan| plan.weekday == day.weekday()).map(move |plan| (day, plan)))
        .map(|(day, plan)| (reception(calendar, day, plan), plan.slots.iter().map(|slot| (*slot, plan.places)).collect()))
        .collect()
}

fn reception(calendar: &WorkingCalendar, day: Day, plan: &Plan) -> Reception {
    let (host_name, host_title_zh, host_title_en) = plan.host;
    Reception {
        id: format!("{}-{}", plan.branch, day_text(day)),
        branch_id: plan.branch.to_owned(),
        day,
        host_name: host_name.to_owned(),
        host_title_zh: host_title_zh.to_owned(),
        host_title_en: host_title_en.to_owned(),
        topic_zh: plan.topic.0.to_owned(),
        topic_en: plan.topic.1.to_owned(),
        place_zh: plan.place.0.to_owned(),
        place_en: plan.place.1.to_owned(),
        registration_from: At::midnight(shift(day, -30)),
        registration_until: At::of(calendar.previous_working(day), time(17, 0, 0, 0)),
        audience: plan.audience,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_coming_three_weeks_have_a_day_for_everyone() {
        let calendar = WorkingCalendar::default();
        for start in 0..40 {
            let now = At::midnight(shift(date(2026, 9, 20), start));
            let planned = planned(&calendar, now);
            assert!(planned.iter().any(|(reception, _)| reception.audience == Audience::All), "{start}");
            assert!(planned.iter().all(|(reception, _)| reception.day > now.day()));
        }
    }
}
