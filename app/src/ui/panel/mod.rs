//! What a form has come to so far, beside its fields: at the side of a wide window, folded above the main button of a narrow one.
//!
//! Both are in the page and show the same; the style sheet hides one of them. A page in which it changes while typing marks it
//! with `data-live` (`form/follows.js`).

use leptos::prelude::*;

use super::parts::Tone;
use super::steps::StepButton;

mod samples;

pub use samples::examples;

/// A line: what it is about, what was chosen, and the way to change it.
#[derive(Debug, Clone, Default)]
pub struct PanelRow {
    term: String,
    value: String,
    hint: String,
    open: bool,
    change: Option<StepButton>,
}

impl PanelRow {
    pub fn new(term: impl Into<String>, value: impl Into<String>) -> Self {
        Self { term: term.into(), value: value.into(), ..Self::default() }
    }

    /// A line that is not filled in yet; `words` says so.
    pub fn open(term: impl Into<String>, words: impl Into<String>) -> Self {
        Self { open: true, ..Self::new(term, words) }
    }

    /// A second line; may be empty.
    #[must_use]
    pub fn hint(self, words: impl Into<String>) -> Self {
        Self { hint: words.into(), ..self }
    }

    /// Adds a button to the page where it can be changed.
    #[must_use]
    pub fn change(self, button: Option<StepButton>) -> Self {
        Self { change: button, ..self }
    }
}

/// The contents of a panel.
#[derive(Debug, Clone)]
pub struct PanelContents {
    /// Heading: 您的预约.
    pub title: String,
    /// What matters most, large; and a line below it. Both may be empty.
    pub main: String,
    pub main_hint: String,
    /// Everything in one line, for the folded panel: 200,000 元 · 12 月 2 日 10:00.
    pub line: String,
    pub rows: Vec<PanelRow>,
    /// Whether it can be as it stands.
    pub verdict: Option<(Tone, String)>,
    /// What happens next; may be empty.
    pub next: String,
}

/// The panel of a narrow window; placed before the main button.
#[component]
pub fn PanelFold(contents: PanelContents) -> AnyView {
    let line = contents.line.clone();
    view! {
        <details class="panel-fold">
            <summary>
                <span data-live="panel-line">{line}</span>
            </summary>
            <div data-live="panel-fold">{inside(contents)}</div>
        </details>
    }
    .into_any()
}

/// The panel of a wide window; placed last in the form.
#[component]
pub fn PanelSide(contents: PanelContents) -> AnyView {
    let label = contents.title.clone();
    view! {
        <aside class="panel" aria-label=label data-live="panel">
            {inside(contents)}
        </aside>
    }
    .into_any()
}

fn inside(contents: PanelContents) -> impl IntoView {
    let rows = contents.rows.into_iter().map(|row| {
        let term = row.term.clone();
        let change = row.change.map(|button| {
            view! { <dd class="summary-change">{button.view(None, "as-link", Some(term))}</dd> }
        });
        let hint = (!row.hint.is_empty()).then(|| view! { <span class="hint">{row.hint}</span> });
        view! {
            <div>
                <dt>{row.term}</dt>
                <dd class:panel-open=row.open>{row.value} {hint}</dd>
                {change}
            </div>
        }
    });
    let verdict = contents.verdict.map(|(tone, words)| {
        let class = format!("panel-verdict tone-{}", tone.class());
        view! { <p class=class>{words}</p> }
    });
    let filled = |words: String, class: &'static str| (!words.is_empty()).then(|| view! { <p class=class>{words}</p> });
    view! {
        <p class="hint">{contents.title}</p>
        {filled(contents.main, "panel-main")}
        {filled(contents.main_hint, "hint")}
        <dl class="summary">{rows.collect_view()}</dl>
        {verdict}
        {filled(contents.next, "hint")}
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_panels_say_the_same_and_what_is_open() {
        let html = super::super::html(super::examples());
        for words in ["200,000 元", "12 月 2 日 周三", "现金够", "还没填"] {
            assert_eq!(html.matches(words).count(), if words == "200,000 元" { 3 } else { 2 }, "{words}: {html}");
        }
        assert!(html.contains(r#"<dd class="panel-open">还没填"#), "{html}");
        assert!(html.contains(r#"<span class="unseen"> <!>网点</span></button>"#), "{html}");
        assert!(html.contains("panel-verdict tone-ok"));
    }
}
