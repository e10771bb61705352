//! Examples of the panel for the gallery.

use leptos::prelude::*;

use super::{PanelContents, PanelFold, PanelRow, PanelSide};
use crate::ui::Examples;
use crate::ui::parts::Tone;
use crate::ui::steps::StepButton;

pub fn examples() -> Examples {
    vec![
        ("at the side", view! { <PanelSide contents=booking() /> }.into_any()),
        ("folded", view! { <PanelFold contents=booking() /> }.into_any()),
    ]
}

fn booking() -> PanelContents {
    PanelContents {
        title: "您的预约".to_owned(),
        main: "200,000 元".to_owned(),
        main_hint: "贰拾万元整".to_owned(),
        line: "200,000 元 · 12 月 2 日 10:00".to_owned(),
        rows: vec![
            PanelRow::new("网点", "石岐支行")
                .hint("孙文中路 128 号")
                .change(Some(StepButton { to: "where".into(), text: "改".into() })),
            PanelRow::new("时间", "12 月 2 日 周三").hint("10:00–11:00"),
            PanelRow::open("谁来取", "还没填"),
        ],
        verdict: Some((Tone::Ok, "现金够，这个时段还余 2 位".to_owned())),
        next: "提交后今天 17:00 前答复".to_owned(),
    }
}
