//! Examples of the table for the gallery.

use leptos::prelude::*;

use super::{Column, Table, TableRow};
use crate::ui::{Examples, case_number::CaseNumber, parts::Tone, state_tag::StateTag};

pub fn examples() -> Examples {
    vec![("the queue of the desk", queue()), ("figures", stock())]
}

fn case(number: &'static str, what: &'static str, state: AnyView, due: AnyView) -> TableRow {
    TableRow::new(vec![view! { <CaseNumber number=number /> }.into_any(), what.into_any(), state, due]).href("/ui")
}

fn queue() -> AnyView {
    let rows = vec![
        case(
            "QK7-3H2P-4",
            "取款 620,000 元",
            view! { <StateTag tone=Tone::Wait text="待复核" /> }.into_any(),
            view! { <b class="late">"超 12 分钟"</b> }.into_any(),
        ),
        case(
            "QK7-3M9D-X4V",
            "取款 200,000 元",
            view! { <StateTag tone=Tone::Brand text="待受理" /> }.into_any(),
            view! { <b class="soon">"还有 48 分钟"</b> }.into_any(),
        )
        .current(true),
        case("JY5-96TB-2", "建议 · 网点服务", view! { <StateTag tone=Tone::Ok text="已确认" /> }.into_any(), "—".into_any()),
    ];
    let columns = ["编号", "事项", "状态", "答复期限"].map(Column::new).to_vec();
    view! { <Table caption="等待答复的单" columns=columns rows=rows /> }.into_any()
}

fn stock() -> AnyView {
    let rows = [("100", "4,000"), ("50", "1,400")]
        .map(|(note, left)| TableRow::new(vec![note.into_any(), left.into_any()]))
        .into_iter()
        .collect();
    view! {
        <Table
            caption="Notes left"
            columns=vec![Column::new("Note"), Column::figures("Left")]
            rows=rows
        />
    }
    .into_any()
}
