//! Named examples of the refusal for the gallery; sample words only.

use leptos::prelude::*;

use super::{ErrorSummary, Offer, OfferForms};
use crate::ui::{
    Examples,
    parts::{Fields, Link},
};

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![("two ways out", notes_short()), ("a link to the field", amount_low()), ("words only", locked())]
}

fn pairs(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn notes_short() -> AnyView {
    let offers = vec![
        Offer::fill("用这个券别", "/ui", pairs(&[("key", "k"), ("notes_100", "1500"), ("notes_50", "1000")])),
        Offer::fill("改到 12 月 3 日 10:00", "/ui", pairs(&[("key", "k"), ("day", "2026-12-03"), ("slot", "10:00")])),
    ];
    view! {
        <ErrorSummary
            code="notes_short"
            title="100 元券当天只剩 1,500 张"
            body="石岐支行 12 月 2 日的 100 元券不够 2,000 张。可以改成 100 元 1,500 张、50 元 1,000 张，或改到 12 月 3 日。"
            nearest="notes_100=1500&notes_50=1000"
            offers=offers.clone()
        />
        <OfferForms offers=offers />
    }
    .into_any()
}

fn amount_low() -> AnyView {
    view! {
        <ErrorSummary
            code="amount_too_small"
            title="Withdrawals are booked from CNY 50,000"
            body="Smaller amounts need no booking: just come to the counter."
            nearest="amount=50000"
            fields=vec![Link::new("#amount", "Change the amount")]
            offers=vec![Offer::go("Book CNY 50,000", "/ui?amount=50000")]
        />
    }
    .into_any()
}

fn locked() -> AnyView {
    view! {
        <ErrorSummary
            code="locked"
            title="今天不能再登录"
            body="密码错了 5 次，明天 00:00 起可以再试。急用请打 95500。"
        />
    }
    .into_any()
}
