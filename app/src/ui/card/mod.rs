//! A card: a box with a heading.
//!
//! The large links of the home page are `task_tile`.

use leptos::prelude::*;

use super::{
    Examples,
    button::LinkButton,
    parts::{OptionalText, Tone},
    state_tag::StateTag,
};

/// A card; `accent` marks the most important one on the page with a blue edge.
#[component]
pub fn Card(
    #[prop(optional, into)] title: OptionalText,
    /// Level of the heading, 2 or 3; 3 inside a section with its own heading.
    #[prop(default = 2)]
    level: u8,
    /// A grey line under the heading.
    #[prop(optional, into)]
    hint: OptionalText,
    #[prop(optional)] accent: bool,
    /// Puts text and button side by side.
    #[prop(optional)]
    row: bool,
    /// The content: beside the heading in a `row`, otherwise below it.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let (title, hint) = (title.text(), hint.text());
    let head = (title.is_some() || hint.is_some()).then(|| {
        view! {
            <div class="card-head">
                {title.map(|words| heading(level, words))}
                {hint.map(|words| view! { <p class="hint">{words}</p> })}
            </div>
        }
    });
    view! {
        <section class="card" class:card-accent=accent class:card-row=row>
            {head}
            {children.map(|children| children())}
        </section>
    }
    .into_any()
}

fn heading(level: u8, words: String) -> AnyView {
    if level == 2 { view! { <h2>{words}</h2> }.into_any() } else { view! { <h3>{words}</h3> }.into_any() }
}

pub fn examples() -> Examples {
    vec![
        (
            "the next appointment",
            view! {
                <Card accent=true>
                    <StateTag tone=Tone::Ok text="已确认" />
                    <h2 class="big">"12 月 2 日 周三 10:00"</h2>
                    <p>"大额取款 200,000 元 · 石岐支行"</p>
                    <p class="hint">"请带身份证原件，提前 10 分钟到 2 号窗口"</p>
                </Card>
            }
            .into_any(),
        ),
        (
            "a draft to finish",
            view! {
                <Card row=true title="需求调查还差 2 题" hint="昨天 21:40 已保存">
                    <LinkButton href="/ui" text="接着填" />
                </Card>
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_row_keeps_words_and_button_side_by_side() {
        let html = super::super::html(super::examples());
        assert!(html.contains("card-row"));
        assert!(html.contains("card-accent"));
    }
}
