//! Past or future events in chronological order.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Examples,
    parts::{ScreenAndPrint, Tone},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// The event, in the customer's terms.
    pub title: String,
    /// Time, author, details.
    pub detail: ScreenAndPrint,
    /// Colour of the dot.
    pub tone: Tone,
    pub stage: Stage,
}

/// Where an event stands in time, shown by the dot: filled, a ring, hollow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    #[default]
    Past,
    /// What happens now.
    Now,
    Ahead,
}

impl Stage {
    const fn class(self) -> &'static str {
        match self {
            Self::Past => "",
            Self::Now => " stage-now",
            Self::Ahead => " stage-ahead",
        }
    }
}

impl TimelineEntry {
    /// An entry with a blue dot.
    pub fn new(title: impl Into<String>, detail: impl Into<ScreenAndPrint>) -> Self {
        Self { title: title.into(), detail: detail.into(), tone: Tone::Brand, stage: Stage::Past }
    }

    /// Sets where it stands in time.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// Sets the colour of the dot.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// The events, oldest first.
#[component]
pub fn Timeline(entries: Vec<TimelineEntry>) -> AnyView {
    view! {
        <ol class="timeline">
            {entries
                .into_iter()
                .map(|entry| {
                    view! {
                        <li
                            class=format!("dot-{}{}", entry.tone.class(), entry.stage.class())
                            aria-current=(entry.stage == Stage::Now).then_some("step")
                        >
                            <p>{entry.title}</p>
                            {(!entry.detail.is_empty()).then(|| view! { <p class="hint">{entry.detail.view()}</p> })}
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![
        (
            "what happened, happens and comes",
            view! {
                <Timeline entries=vec![
                    TimelineEntry::new("您提交了预约", "今天 10:20"),
                    TimelineEntry::new("网点答复，结果在这里看", "今天 17:00 前").stage(Stage::Now),
                    TimelineEntry::new("带身份证到 2 号窗口", "过了 11:30 算未到，钱款放回库中").stage(Stage::Ahead),
                ] />
            }
            .into_any(),
        ),
        (
            "what happened",
            view! {
                <Timeline entries=vec![
                    TimelineEntry::new("Submitted by the customer", "Today 09:58, phone"),
                    TimelineEntry::new("Confirmed", "Today 10:20, Chen").tone(Tone::Ok),
                ] />
            }
            .into_any(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_order_of_time_is_an_ordered_list() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches("<ol").count(), 2);
        assert_eq!(html.matches("<li").count(), 5);
        assert_eq!((html.matches("aria-current=\"step\"").count(), html.matches("stage-ahead").count()), (1, 1));
    }
}
