//! What a booking's history and messages say.

use bank::cases::HistoryLine;
use bank::kernel::language::Language;
use bank::kernel::time::At;
use serde_json::json;

use super::CashUi;
use crate::cases::{Reader, history_words};
use crate::kinds::Ui;
use crate::messages::text;

fn line(action: &str, role: &str, to: &str) -> HistoryLine {
    HistoryLine {
        version: 1,
        at: At(0),
        role: role.into(),
        user_name: "陈敏".into(),
        action: action.into(),
        from: None,
        to: Some(to.into()),
        reason: None,
        detail: json!({}),
    }
}

fn said(language: Language, reader: Reader, line: &HistoryLine) -> String {
    history_words(language, CashUi.kind(), reader, line)
}

#[test]
fn staff_are_named_to_staff_only() {
    let confirm = line("confirm", "clerk", "confirmed");
    assert_eq!(said(Language::ZhCn, Reader::Staff, &confirm), "陈敏确认");
    assert_eq!(said(Language::ZhCn, Reader::Customer, &confirm), "柜员确认");
    let submit = line("submit", "customer", "submitted");
    assert_eq!(said(Language::ZhCn, Reader::Staff, &submit), "客户提交");
    assert_eq!(said(Language::En, Reader::Customer, &submit), "Submitted by you");
}

#[test]
fn a_customer_is_told_what_sending_back_means_to_them() {
    let back = line("refuse", "branch_head", "submitted");
    assert_eq!(said(Language::ZhCn, Reader::Staff, &back), "陈敏退回，请柜员重新答复");
    for reader in [Reader::Customer, Reader::Approver] {
        assert_eq!(said(Language::ZhCn, reader, &back), "网点正在重新核对");
        assert_eq!(said(Language::En, reader, &back), "The branch is checking the booking again");
    }
}

#[test]
fn a_large_booking_is_checked_before_it_is_confirmed() {
    let check = line("confirm", "clerk", "awaiting_approval");
    assert_eq!(said(Language::ZhCn, Reader::Customer, &check), "柜员核对通过，交网点负责人复核");
}

#[test]
fn a_refusal_says_the_reason_and_the_way_out() {
    let decline = HistoryLine {
        reason: Some("当天押运时间不够。".into()),
        detail: json!({ "offered_day": "2026-12-03" }),
        ..line("decline", "clerk", "declined")
    };
    let chinese = "柜员答复：未能受理。原因：“当天押运时间不够。”可改到 2026 年 12 月 3 日 周四";
    assert_eq!(said(Language::ZhCn, Reader::Customer, &decline), chinese);
    let english = "Declined by the clerk. Reason: “当天押运时间不够。” Alternative: Thu 3 Dec 2026";
    assert_eq!(said(Language::En, Reader::Customer, &decline), english);
}

#[test]
fn a_confirmation_says_what_was_booked() {
    let details =
        json!({ "branch_zh": "石岐支行", "branch_en": "Shiqi", "day": "2026-12-02", "slot": "10:00", "amount": 20_000_000 });
    let body = text(Language::ZhCn, "cash_confirmed", &details).body;
    assert!(body.starts_with("2026 年 12 月 2 日 周三 10:00，石岐支行，200,000 元。请取款人"), "{body}");
    let body = text(Language::En, "cash_confirmed", &details).body;
    assert!(body.starts_with("Wed 2 Dec 2026 10:00, Shiqi, CNY 200,000. Whoever"), "{body}");
}

#[test]
fn a_refusal_says_why_and_offers_a_day() {
    let message = text(Language::ZhCn, "cash_declined", &json!({ "reason": "当天已约满", "offered_day": "2026-12-03" }));
    assert_eq!(message.title, "取款预约未能受理");
    assert_eq!(message.body, "原因：“当天已约满”。可改到 2026 年 12 月 3 日 周四");
}
