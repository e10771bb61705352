//! Examples of the error summary for the gallery.

use leptos::prelude::*;

use super::{ErrorSummary, OfferButton, OfferForms, Refused};
use crate::ui::{Examples, parts::Fields};

pub fn examples() -> Examples {
    vec![
        ("two ways out", notes_short()),
        ("several at once", several()),
        ("advice and one to mend", advised()),
        ("words only", locked()),
    ]
}

fn pairs(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn notes_short() -> AnyView {
    let offers = vec![
        OfferButton::fill("用这个券别", "/ui", pairs(&[("key", "k"), ("notes_100", "1500"), ("notes_50", "1000")])),
        OfferButton::fill("改到 12 月 3 日 10:00", "/ui", pairs(&[("key", "k"), ("day", "2026-12-03"), ("slot", "10:00")])),
    ];
    let body = "石岐支行 12 月 2 日的 100 元券不够 2,000 张。可以用 100 元 1,500 张、50 元 1,000 张，或改到 12 月 3 日。";
    let mut refused = Refused::new("notes_short", "100 元券当天只剩 1,500 张", body).offers(offers.clone());
    refused.nearest = Some("notes_100=1500&notes_50=1000".to_owned());
    view! {
        <ErrorSummary refused=vec![refused] />
        <OfferForms offers=offers />
    }
    .into_any()
}

fn several() -> AnyView {
    let fill =
        |amount: &str| vec![OfferButton::fill(format!("改成 {amount} 元"), "/ui", pairs(&[("key", "k"), ("amount", amount)]))];
    let refused = vec![
        Refused::new("amount_below_minimum", "从 50,000 元起预约", "更少的不用预约，直接到柜台取。")
            .field("amount", "去改金额")
            .offers(fill("50000")),
        Refused::new("notes_differ", "券别合计和金额不一样", "").offers(fill("60000")),
    ];
    view! { <ErrorSummary refused=refused several="有 2 处要改" /> }.into_any()
}

fn advised() -> AnyView {
    let refused = vec![
        Refused::new("amount_below_minimum", "不到 50,000 元，不用预约", "带身份证件和卡或存折，直接到网点取。").advice(),
        Refused::new("account_missing", "请选从哪个账户取", "").field("account", "从哪个账户取"),
    ];
    view! { <ErrorSummary refused=refused several="要预约的话，还有 1 处要改" /> }.into_any()
}

fn locked() -> AnyView {
    let refused = Refused::new("locked", "今天不能再登录", "密码错了 5 次，明天 00:00 起可以再试。急用请打 95500。");
    view! { <ErrorSummary refused=vec![refused] /> }.into_any()
}
