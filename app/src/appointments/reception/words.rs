//! Texts of all refusals of an application and of their offers. The matches are exhaustive, so a new refusal does not compile
//! without a text.

use bank::appointments::reception::{ReceptionOffer, ReceptionRefusal as R};
use bank::kernel::language::{Language, day_long, day_short};
use bank::kernel::time::{At, Day, hhmm};

use crate::cases::{join, quota_words};
use crate::words::{Locale, locale};
use crate::{counted, t};

#[cfg(test)]
mod tests;

/// The data for texts of refusals, besides the refusal's own values.
#[derive(Clone, Debug)]
pub struct RefusalContext {
    pub language: Language,
    /// Phone number for questions.
    pub phone: String,
    /// Receptions: day, id, name of the branch.
    pub branches: Vec<(Day, String, String)>,
}

impl RefusalContext {
    fn locale(&self) -> Locale {
        locale(self.language)
    }

    fn branch(&self, wanted: Day, reception: Option<&str>) -> String {
        let mut found = self.branches.iter().filter(|(day, id, _)| *day == wanted && reception.is_none_or(|wanted| wanted == id));
        found.next().map_or_else(String::new, |(_, _, name)| name.clone())
    }
}

/// Whether nothing has been chosen yet, so that an offer changes nothing: 选 instead of 改到.
const fn is_unchosen(refusal: &R) -> bool {
    matches!(refusal, R::DayMissing { .. } | R::ReceptionMissing { .. } | R::SlotMissing { .. })
}

/// As a button, verb first: 改到 12 月 3 日 14:00.
pub fn offer_button(context: &RefusalContext, refusal: &R, offer: &ReceptionOffer) -> String {
    let l = context.locale();
    match offer {
        ReceptionOffer::When { day, slot, .. } if is_unchosen(refusal) => {
            t!(l, reception.do_pick_when, day = day_short(context.language, *day), slot = hhmm(*slot))
        }
        ReceptionOffer::When { day, slot, .. } => {
            t!(l, reception.do_when, day = day_short(context.language, *day), slot = hhmm(*slot))
        }
        ReceptionOffer::Attendees(people) => t!(l, reception.do_attendees, n = *people),
    }
}

/// The title, one line.
pub fn refusal_title(context: &RefusalContext, refusal: &R) -> String {
    let l = context.locale();
    let day = |day: &Day| day_long(context.language, *day);
    match refusal {
        R::DayMissing { .. } => t!(l, reception.refused.day_missing),
        R::DayInvalid { .. } => t!(l, reception.refused.day_invalid),
        R::NoReception { day: at, .. } => t!(l, reception.refused.no_reception, day = day(at)),
        R::RegistrationNotOpen { .. } => t!(l, reception.refused.registration_not_open),
        R::RegistrationClosed { .. } => t!(l, reception.refused.registration_closed),
        R::AlreadyApplied { day: at, .. } => t!(l, reception.refused.already_applied, day = day(at)),
        R::DayFull { day: at, .. } => t!(l, reception.refused.day_full, day = day(at)),
        R::ReceptionMissing { .. } => t!(l, reception.refused.reception_missing),
        R::SlotMissing { .. } => t!(l, reception.refused.slot_missing),
        R::SlotUnknown { .. } => t!(l, reception.refused.slot_unknown),
        R::SlotFull { day: at, slot, .. } => t!(l, reception.refused.slot_full, day = day(at), slot = hhmm(*slot)),
        R::Overlap { from, to, .. } => t!(l, reception.refused.overlap, from = hhmm(*from), to = hhmm(*to)),
        R::TopicMissing => t!(l, reception.refused.topic_missing),
        R::TopicUnknown => t!(l, reception.refused.topic_unknown),
        R::SummaryMissing => t!(l, reception.refused.summary_missing),
        R::SummaryTooLong { max, .. } => t!(l, reception.refused.summary_too_long, max = *max),
        R::HopeMissing => t!(l, reception.refused.hope_missing),
        R::HopeTooLong { max, .. } => t!(l, reception.refused.hope_too_long, max = *max),
        R::AttendeesMissing => t!(l, reception.refused.attendees_missing),
        R::AttendeesInvalid { .. } => t!(l, reception.refused.attendees_invalid),
        R::AttendeesTooMany { max, .. } => {
            counted!(l, *max, [reception.refused.attendees_too_many_one], [reception.refused.attendees_too_many], max = *max)
        }
        R::PhoneMissing => t!(l, reception.refused.phone_missing),
        R::PhoneInvalid => t!(l, reception.refused.phone_invalid),
        R::Quota(full) => quota_words(l, *full).0,
        R::Changed => t!(l, reception.refused.changed),
        R::CancelOver => t!(l, reception.refused.cancel_over),
        R::CancelClosed { until } => t!(l, reception.refused.cancel_closed, until = at(context, *until)),
    }
}

/// The explanation, with the nearest free place.
pub fn refusal_body(context: &RefusalContext, refusal: &R) -> String {
    let mut parts = vec![why(context, refusal)];
    parts.extend(refusal.offers().iter().filter_map(|offer| match offer {
        ReceptionOffer::When { day, slot, reception } => {
            let branch = context.branch(*day, reception.as_deref());
            let (l, day, slot) = (context.locale(), day_long(context.language, *day), hhmm(*slot));
            Some(if is_unchosen(refusal) {
                t!(l, reception.instead_pick, day = day, slot = slot, branch = branch)
            } else {
                t!(l, reception.instead, day = day, slot = slot, branch = branch)
            })
        }
        ReceptionOffer::Attendees(_) => None,
    }));
    join(context.language, &parts)
}

fn why(context: &RefusalContext, refusal: &R) -> String {
    let l = context.locale();
    match refusal {
        R::DayMissing { .. } => t!(l, reception.why.day_missing),
        R::DayInvalid { .. } => t!(l, reception.why.day_invalid),
        R::NoReception { .. } => t!(l, reception.why.no_reception),
        R::RegistrationNotOpen { from, .. } => t!(l, reception.why.registration_not_open, from = at(context, *from)),
        R::RegistrationClosed { until, .. } => t!(l, reception.why.registration_closed, until = at(context, *until)),
        R::AlreadyApplied { .. } => t!(l, reception.why.already_applied),
        R::DayFull { .. } => t!(l, reception.why.day_full),
        R::ReceptionMissing { .. } => t!(l, reception.why.reception_missing),
        R::SlotMissing { .. } => t!(l, reception.why.slot_missing),
        R::SlotUnknown { .. } => t!(l, reception.why.slot_unknown),
        R::SlotFull { .. } => t!(l, reception.why.slot_full),
        R::Overlap { .. } => t!(l, reception.why.overlap),
        R::TopicMissing => t!(l, reception.why.topic_missing),
        R::TopicUnknown => t!(l, reception.why.topic_unknown),
        R::SummaryMissing => t!(l, reception.why.summary_missing),
        R::SummaryTooLong { max, length } => {
            t!(l, reception.why.summary_too_long, max = *max, length = *length, over = length - max)
        }
        R::HopeMissing => t!(l, reception.why.hope_missing),
        R::HopeTooLong { max, length } => t!(l, reception.why.hope_too_long, max = *max, length = *length, over = length - max),
        R::AttendeesMissing => t!(l, reception.why.attendees_missing),
        R::AttendeesInvalid { .. } => t!(l, reception.why.attendees_invalid),
        R::AttendeesTooMany { max, .. } => {
            counted!(l, *max, [reception.why.attendees_too_many_one], [reception.why.attendees_too_many], max = *max)
        }
        R::PhoneMissing => t!(l, reception.why.phone_missing),
        R::PhoneInvalid => t!(l, reception.why.phone_invalid),
        R::Quota(full) => quota_words(l, *full).1,
        R::Changed => t!(l, reception.why.changed),
        R::CancelOver => t!(l, reception.why.cancel_over, phone = context.phone.clone()),
        R::CancelClosed { .. } => t!(l, reception.why.cancel_closed, phone = context.phone.clone()),
    }
}

fn at(context: &RefusalContext, at: At) -> String {
    format!("{} {}", day_long(context.language, at.day()), hhmm(at.time()))
}
