//! Why something is shown and what speaks against it, as a list with signs.
//!
//! The signs are drawn; `for_label` and `against_label` say them to readers.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Examples,
    icon::{Icon, Picture},
    parts::Maybe,
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The stored fact in words.
    pub text: String,
    /// Where the customer can open that fact.
    pub href: Option<String>,
    /// True when it speaks against.
    pub against: bool,
}

impl Reason {
    /// A reason in favour.
    pub fn pro(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, against: false }
    }

    /// Something that speaks against.
    pub fn con(text: impl Into<String>) -> Self {
        Self { against: true, ..Self::pro(text) }
    }

    /// Leads to the fact itself.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// The list.
#[component]
pub fn Reasons(
    /// In order: what is for it, then what is against.
    reasons: Vec<Reason>,
    /// Words for the sign in favour: 因为.
    #[prop(optional, into)]
    for_label: Maybe,
    /// Words for the sign against: 请留意.
    #[prop(optional, into)]
    against_label: Maybe,
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

/// Named examples for the gallery.
pub fn examples() -> Examples {
    vec![(
        "two for, one against",
        view! {
            <Reasons
                for_label="因为"
                against_label="请留意"
                reasons=vec![
                    Reason::pro("您在调查中选了“储蓄”").href("/ui"),
                    Reason::pro("您有一笔定期 12 月 20 日到期"),
                    Reason::con("提前支取按活期计息"),
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
