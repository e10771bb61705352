//! A message in a coloured box: news, success, waiting, error.
//!
//! Refusals of a form are `error_summary`; the notice about saving is `saved`.

use leptos::prelude::*;

use super::{
    Examples,
    parts::{OptionalText, Tone},
};

/// A message in a coloured box; links or buttons may follow the text.
#[component]
pub fn Banner(
    #[prop(into)] title: String,
    /// The colour: `Brand` for news, `Ok`, `Wait`, `Seal`.
    #[prop(default = Tone::Brand)]
    tone: Tone,
    /// Further text.
    #[prop(optional, into)]
    text: OptionalText,
    /// Whether it receives the focus when the page opens, because it answers what the user has just done.
    #[prop(optional)]
    focused: bool,
    /// Links or buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let role = if tone == Tone::Seal { "alert" } else { "status" };
    view! {
        <div class=format!("banner tone-{}", tone.class()) role=role tabindex=focused.then_some("-1") autofocus=focused>
            <p class="banner-title">{title}</p>
            {text.text().map(|words| view! { <p>{words}</p> })}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![
        ("news", view! { <Banner title="这张单已经提交过" text="我们带您到了那张单，没有重复预约。" /> }.into_any()),
        ("settled", view! { <Banner tone=Tone::Ok title="Saved" text="Your answers are with us." /> }.into_any()),
        (
            "waits, with a way on",
            view! {
                <Banner tone=Tone::Wait title="另一个窗口改过这张表" text="请看最新内容再接着填。">
                    <p>
                        <a href="/ui">"看最新内容"</a>
                    </p>
                </Banner>
            }
            .into_any(),
        ),
        ("wrong", view! { <Banner tone=Tone::Seal title="登录名或密码不对" text="还可以试 4 次。" /> }.into_any()),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_is_wrong_interrupts_a_reader() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"role="alert""#).count(), 1);
        assert_eq!(html.matches(r#"role="status""#).count(), 3);
    }
}
