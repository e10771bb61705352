//! Examples of the choice group for the gallery.

use leptos::prelude::*;

use super::{Choice, ChoiceGroup, Layout, Pick};
use crate::ui::{Examples, text_field::TextField};

pub fn examples() -> Examples {
    vec![
        ("rows, one closed", branches()),
        ("a grid of days", days()),
        ("a grid of times with places left", slots()),
        ("several, with an error", requests()),
        ("a choice that opens a field", collector()),
    ]
}

fn branches() -> AnyView {
    let choices = vec![
        Choice::new("shiqi", "石岐支行").detail("孙文中路 128 号 · 今天营业到 17:00").note("常去").chosen(true),
        Choice::new("dongqu", "东区支行").detail("中山三路 16 号"),
        Choice::new("xiaolan", "小榄支行").closed("现金库维护，12 月 7 日起恢复"),
    ];
    view! { <ChoiceGroup legend="网点" name="branch" choices=choices /> }.into_any()
}

fn days() -> AnyView {
    let choices = vec![
        Choice::new("2026-12-02", "周三").detail("12 月 2 日").chosen(true),
        Choice::new("2026-12-03", "周四").detail("12 月 3 日"),
        Choice::new("2026-12-04", "周五").detail("12 月 4 日"),
        Choice::new("2026-12-07", "周一").detail("12 月 7 日"),
        Choice::new("2026-12-08", "周二").closed("已约满"),
    ];
    view! {
        <ChoiceGroup
            legend="日期"
            name="day"
            hint="今天 15:00 前提交，最早明天取；现在是 10:12。"
            layout=Layout::Grid
            choices=choices
        />
    }
    .into_any()
}

fn slots() -> AnyView {
    let places = |hour: &str, left: i64| Choice::new(hour, hour).detail(format!("{left} places left")).data("places", left);
    let choices = vec![
        places("09:00", 0).closed("Full"),
        places("10:00", 2).chosen(true),
        places("11:00", 4),
        places("14:00", 4),
        places("15:00", 1),
        places("16:00", 4),
    ];
    view! { <ChoiceGroup legend="Time" name="slot" layout=Layout::Grid choices=choices /> }.into_any()
}

fn requests() -> AnyView {
    let choices = vec![Choice::new("savings", "储蓄").chosen(true), Choice::new("gold", "黄金"), Choice::new("other", "其他")];
    view! {
        <ChoiceGroup
            legend="您想了解哪些信息"
            name="q_topics"
            hint="可选几项。我们据此决定给您看什么。"
            error="最多选 2 项"
            pick=Pick::Many
            choices=choices
        />
    }
    .into_any()
}

fn collector() -> AnyView {
    let choices = vec![
        Choice::new("self", "本人").chosen(true),
        Choice::new("agent", "请人代取").detail("代理人要带双方身份证原件").reveals(),
    ];
    view! {
        <ChoiceGroup legend="谁来取" name="collector" choices=choices />
        <div class="reveal">
            <TextField label="代理人姓名" name="agent_name" />
        </div>
    }
    .into_any()
}
