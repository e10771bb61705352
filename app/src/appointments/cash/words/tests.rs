//! Every refusal and every offer has a text in both languages.

use bank::appointments::cash::refusals::ALL_CODES;
use bank::appointments::cash::{CashOffer, CashParameters, CashRefusal as R, Denomination, Notes};
use bank::cases::QuotaFull;
use bank::kernel::forms::Refusal;
use bank::kernel::language::Language;
use bank::kernel::money::Fen;
use bank::kernel::people::NameFault;
use bank::kernel::time::{At, Day, Time};

use super::{RefusalContext, offer_button, offer_phrase, refusal_body, refusal_title};

const DAY: Day = Day::constant(2026, 12, 3);
const SLOT: Time = Time::constant(10, 0, 0, 0);

fn offers() -> Vec<CashOffer> {
    let (notes, typed) = (Notes([1_500, 1_000, 0, 0, 0, 0]), Notes([2_000, 0, 0, 0, 0, 0]));
    vec![
        CashOffer::Notes { notes, typed },
        CashOffer::When { day: DAY, slot: SLOT },
        CashOffer::Branch { branch: "dongqu".to_owned(), day: DAY, slot: SLOT },
        CashOffer::Amount { amount: Fen::from_yuan(50_000), notes: None },
        CashOffer::Amount { amount: Fen::from_yuan(200_000), notes: Some((notes, typed)) },
        CashOffer::AnyNotes,
        CashOffer::Account("a1".to_owned()),
    ]
}

fn every_refusal() -> Vec<R> {
    let (day, offers) = (DAY, offers());
    let o = || offers.clone();
    let money = Fen::from_yuan(50_000);
    let at = At::of(DAY, SLOT);
    vec![
        R::Blocked { until: day },
        R::BranchMissing,
        R::BranchUnknown,
        R::DayMissing { offers: o() },
        R::DayInvalid { offers: o() },
        R::DayTooEarly { earliest: day, offers: o() },
        R::DayTooLate { latest: day, offers: o() },
        R::DayClosed { day, offers: o() },
        R::BranchClosed { day, offers: o() },
        R::DayFull { day, offers: o() },
        R::DayTaken { day, offers: o() },
        R::SlotMissing { offers: o() },
        R::SlotUnknown { offers: o() },
        R::SlotFull { day, slot: SLOT, offers: o() },
        R::Overlap { from: SLOT, to: SLOT, offers: o() },
        R::NoAccount,
        R::AccountMissing,
        R::AccountUnknown { offers: o() },
        R::AmountMissing,
        R::AmountInvalid,
        R::AmountUnclear { readings: vec![money, Fen::from_yuan(500)], offers: o() },
        R::AmountNotWhole { offers: o() },
        R::AmountBelowMinimum { minimum: money, offers: o() },
        R::AmountAboveMaximum { maximum: money, offers: o() },
        R::OpenCash { left: money, offers: o() },
        R::OpenCash { left: Fen::ZERO, offers: Vec::new() },
        R::CashShort { left: money, offers: o() },
        R::NotesMissing { offers: o() },
        R::NotesInvalid { denomination: Denomination::Fifty, offers: o() },
        R::NotesDiffer { sum: money, amount: money, offers: o() },
        R::NotesShort { denomination: Denomination::Hundred, left: 1_500, asked: 2_000, offers: o() },
        R::NotesUnsplittable { offers: o() },
        R::PurposeMissing { by_risk: true },
        R::PurposeMissing { by_risk: false },
        R::PurposeUnknown,
        R::PurposeOtherMissing,
        R::PurposeOtherTooLong { max: 50, length: 51 },
        R::CollectorMissing,
        R::CollectorUnknown,
        R::AgentNameMissing,
        R::AgentNameInvalid { fault: NameFault::Characters },
        R::AgentNameInvalid { fault: NameFault::TooShort },
        R::AgentNameInvalid { fault: NameFault::TooLong { length: 51 } },
        R::AgentIdTypeMissing,
        R::AgentIdTypeUnknown,
        R::AgentIdMissing,
        R::AgentIdInvalid,
        R::PhoneMissing,
        R::PhoneInvalid,
        R::RemarkTooLong { max: 100, length: 101 },
        R::Quota(QuotaFull::Open { max: 20 }),
        R::Quota(QuotaFull::Today { max: 20 }),
        R::Changed,
        R::CancelOver,
        R::CancelClosed { until: at },
        R::MoveOver,
        R::MoveClosed { until: at },
        R::ApproverTooLate { until: at },
        R::Moved,
        R::NothingMoved,
    ]
}

fn refusal_context<'t>(
    language: Language,
    parameters: &'t CashParameters,
    accounts: &'t [(String, String)],
) -> RefusalContext<'t> {
    RefusalContext {
        language,
        parameters,
        branch: "石岐支行".to_owned(),
        day: Some(DAY),
        accounts,
        branches: &[],
        phone: "0760-8888 0101".to_owned(),
        opening: String::new(),
    }
}

#[test]
fn every_code_is_said_in_both_languages() {
    let all = every_refusal();
    let mut codes: Vec<&str> = all.iter().map(Refusal::code).collect();
    // One code has two texts, because a purpose is required for two reasons.
    codes.dedup();
    assert_eq!(codes, ALL_CODES);
    let parameters = CashParameters::default();
    for refusal in every_refusal() {
        let say = |language| {
            let context = refusal_context(language, &parameters, &[]);
            (refusal_title(&context, &refusal), refusal_body(&context, &refusal))
        };
        let (zh, en) = (say(Language::ZhCn), say(Language::En));
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(chinese(&zh.0) && chinese(&zh.1), "{}: {zh:?}", refusal.code());
        assert!(!chinese(&en.0) && en.0 != zh.0 && en.1 != zh.1, "{}: {en:?}", refusal.code());
        for text in [zh.0, zh.1, en.0, en.1] {
            assert!(!text.is_empty() && !text.contains(['{', '}']), "{}: {text}", refusal.code());
        }
    }
}

#[test]
fn who_is_told_to_call_is_told_the_number() {
    let parameters = CashParameters::default();
    for language in Language::ALL {
        let context = refusal_context(language, &parameters, &[]);
        let maximum = Fen::from_yuan(1_000_000);
        for refusal in
            [R::AmountAboveMaximum { maximum, offers: Vec::new() }, R::CancelClosed { until: At::of(DAY, SLOT) }, R::CancelOver]
        {
            let body = refusal_body(&context, &refusal);
            assert!(body.contains("0760-8888 0101"), "{body}");
        }
    }
}

#[test]
fn a_short_note_is_said_as_the_look_asks() {
    let (notes, typed) = (Notes([1_500, 1_000, 0, 0, 0, 0]), Notes([2_000, 0, 0, 0, 0, 0]));
    let offers = vec![CashOffer::Notes { notes, typed }, CashOffer::When { day: DAY, slot: SLOT }];
    let refusal = R::NotesShort { denomination: Denomination::Hundred, left: 1_500, asked: 2_000, offers };
    let parameters = CashParameters::default();
    let context = refusal_context(Language::ZhCn, &parameters, &[]);
    assert_eq!(refusal_title(&context, &refusal), "当天的 100 元券不够 2,000 张");
    assert_eq!(
        refusal_body(&context, &refusal),
        "石岐支行 12 月 3 日 周四的这种券别已经约出去一部分。可以用 100 元 1,500 张、50 元 1,000 张，或改到 12 月 3 日 周四 10:00。"
    );
    assert_eq!(offer_button(&context, &refusal, &refusal.offers()[0]), "用这个券别");
    assert_eq!(offer_button(&context, &refusal, &refusal.offers()[1]), "改到 12 月 3 日 10:00");
}

#[test]
fn an_account_is_offered_by_its_words() {
    let parameters = CashParameters::default();
    let accounts = [("a1".to_owned(), "借记卡 尾号 1234".to_owned())];
    let context = refusal_context(Language::ZhCn, &parameters, &accounts);
    let offer = CashOffer::Account("a1".to_owned());
    let refusal = R::AccountUnknown { offers: vec![offer.clone()] };
    assert_eq!(offer_phrase(&context, &refusal, &offer), "用借记卡 尾号 1234");
    assert_eq!(offer_button(&context, &refusal, &offer), "用借记卡 尾号 1234");
}

#[test]
fn where_nothing_was_chosen_nothing_is_changed() {
    let parameters = CashParameters::default();
    let context = refusal_context(Language::ZhCn, &parameters, &[]);
    let offers = vec![CashOffer::When { day: DAY, slot: SLOT }];
    let missing = R::DayMissing { offers: offers.clone() };
    assert_eq!(offer_button(&context, &missing, &offers[0]), "选 12 月 3 日 10:00");
    assert!(refusal_body(&context, &missing).ends_with("可以选 12 月 3 日 周四 10:00。"));
    let full = R::DayFull { day: DAY, offers };
    assert_eq!(offer_button(&context, &full, &full.offers()[0]), "改到 12 月 3 日 10:00");
}
