//! Reasons for a product and drawbacks, as a list with symbols.
//!
//! `for_label` and `against_label` name the symbols for screen readers.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Examples,
    icon::{Icon, Picture},
    parts::OptionalText,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonItem {
    /// The stored fact as text.
    pub text: String,
    /// URL of the fact.
    pub href: Option<String>,
    /// Whether it is a drawback.
    pub against: bool,
}

impl ReasonItem {
    /// A reason in favour.
    pub fn pro(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, against: false }
    }

    /// A drawback.
    pub fn con(text: impl Into<String>) -> Self {
        Self { against: true, ..Self::pro(text) }
    }

    /// Sets the URL of the fact.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

#[component]
pub fn Reasons(
    /// Reasons first, then drawbacks.
    reasons: Vec<ReasonItem>,
    /// Name of the symbol of a reason: 因为.
    #[prop(optional, into)]
    for_label: OptionalText,
    /// Name of the symbol of a drawback: 请留意.
    #[prop(optional, into)]
    against_label: OptionalText,
) -> AnyView {
    let (pro, con) = (for_label.text(), against_label.text());
    view! {
        <ul class="reasons">
            {reasons
                .into_iter()
                .map(|reason| {
                    let (picture, label, class) = if reason.against {
                        (Picture::Warning, con.clone(), "reason-con")
                    } else {
                        (Picture::Check, pro.clone(), "reason-pro")
                    };
                    view! {
                        <li class=class>
                            <Icon picture=picture />
                            {label.map(|words| view! { <span class="unseen">{words} " "</span> })}
                            {match reason.href {
                                Some(href) => view! { <a href=href>{reason.text}</a> }.into_any(),
                                None => view! { <span>{reason.text}</span> }.into_any(),
                            }}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![(
        "two for, one against",
        view! {
            <Reasons
                for_label="因为"
                against_label="请留意"
                reasons=vec![
                    ReasonItem::pro("您在调查中选了“储蓄”").href("/ui"),
                    ReasonItem::pro("您有一笔定期 12 月 20 日到期"),
                    ReasonItem::con("提前支取按活期计息"),
                ]
            />
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_speaks_against_is_said_not_only_coloured() {
        let html = super::super::html(super::examples());
        assert!(html.contains("请留意"));
        assert_eq!(html.matches("reason-con").count(), 1);
    }
}
