//! Every refusal and every offer has a text in both languages.

use bank::appointments::reception::refusals::ALL_CODES;
use bank::appointments::reception::{ReceptionOffer, ReceptionRefusal as R};
use bank::cases::QuotaFull;
use bank::kernel::forms::Refusal;
use bank::kernel::language::Language;
use bank::kernel::time::{At, Day, Time};

use super::{RefusalContext, offer_button, refusal_body, refusal_title};

const DAY: Day = Day::constant(2026, 12, 3);
const SLOT: Time = Time::constant(14, 30, 0, 0);

fn every_refusal() -> Vec<R> {
    let o = || vec![ReceptionOffer::When { day: DAY, slot: SLOT, reception: None }];
    let at = At::of(DAY, SLOT);
    vec![
        R::DayMissing { offers: o() },
        R::DayInvalid { offers: o() },
        R::NoReception { day: DAY, offers: o() },
        R::RegistrationNotOpen { from: at, offers: o() },
        R::RegistrationClosed { until: at, offers: o() },
        R::AlreadyApplied { day: DAY, offers: o() },
        R::DayFull { day: DAY, offers: o() },
        R::ReceptionMissing { offers: o() },
        R::SlotMissing { offers: o() },
        R::SlotUnknown { offers: o() },
        R::SlotFull { day: DAY, slot: SLOT, offers: o() },
        R::Overlap { from: SLOT, to: SLOT, offers: o() },
        R::TopicMissing,
        R::TopicUnknown,
        R::SummaryMissing,
        R::SummaryTooLong { max: 500, length: 501 },
        R::HopeMissing,
        R::HopeTooLong { max: 300, length: 301 },
        R::AttendeesMissing,
        R::AttendeesInvalid { offers: vec![ReceptionOffer::Attendees(1)] },
        R::AttendeesTooMany { max: 5, offers: vec![ReceptionOffer::Attendees(5)] },
        R::PhoneMissing,
        R::PhoneInvalid,
        R::Quota(QuotaFull::Open { max: 20 }),
        R::Quota(QuotaFull::Today { max: 20 }),
        R::Changed,
        R::CancelOver,
        R::CancelClosed { until: at },
    ]
}

fn refusal_context(language: Language, branch: &str) -> RefusalContext {
    RefusalContext { language, phone: "95500".to_owned(), branches: vec![(DAY, "r1".to_owned(), branch.to_owned())] }
}

#[test]
fn every_code_is_said_in_both_languages() {
    let all = every_refusal();
    let codes: Vec<&str> = all.iter().map(Refusal::code).collect();
    assert_eq!(codes, ALL_CODES);
    for refusal in every_refusal() {
        let say = |language, branch| {
            let context = refusal_context(language, branch);
            let buttons: String = refusal.offers().iter().map(|offer| offer_button(&context, &refusal, offer)).collect();
            (refusal_title(&context, &refusal), refusal_body(&context, &refusal) + &buttons)
        };
        let (zh, en) = (say(Language::ZhCn, "石岐支行"), say(Language::En, "Shiqi Branch"));
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(chinese(&zh.0) && chinese(&zh.1), "{}: {zh:?}", refusal.code());
        assert!(!chinese(&en.0) && !chinese(&en.1), "{}: {en:?}", refusal.code());
        for text in [zh.0, zh.1, en.0, en.1] {
            assert!(!text.is_empty() && !text.contains(['{', '}']), "{}: {text}", refusal.code());
        }
    }
}

#[test]
fn a_full_time_offers_the_next_with_its_branch() {
    let offers = vec![ReceptionOffer::When { day: DAY, slot: SLOT, reception: Some("r1".to_owned()) }];
    let refusal = R::SlotFull { day: DAY, slot: Time::constant(14, 0, 0, 0), offers };
    let context = refusal_context(Language::ZhCn, "石岐支行");
    assert_eq!(refusal_title(&context, &refusal), "12 月 3 日 周四 14:00 刚刚约满");
    assert_eq!(
        refusal_body(&context, &refusal),
        "每个时间只接待有限的几位，这个时间已经没有空位。可以改到 12 月 3 日 周四 14:30（石岐支行）。"
    );
    assert_eq!(offer_button(&context, &refusal, &refusal.offers()[0]), "改到 12 月 3 日 14:30");
    let missing = R::DayMissing { offers: refusal.offers().to_vec() };
    assert_eq!(offer_button(&context, &missing, &missing.offers()[0]), "选 12 月 3 日 14:30");
}
