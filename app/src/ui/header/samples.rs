//! Examples of the header for the gallery.

use leptos::prelude::*;

use super::{Back, FormSwitch, Header, HeaderKind, LanguageSwitch};
use crate::ui::{Examples, parts::Link, steps::StepButton};

pub fn examples() -> Examples {
    vec![("signed out", signed_out()), ("a customer", customer()), ("a task with its way back", task()), ("staff", staff())]
}

fn english(to: &str) -> LanguageSwitch {
    LanguageSwitch { text: "English".into(), value: "en".into(), to: to.into(), form: None }
}

fn signed_out() -> AnyView {
    view! {
        <Header
            brand="厅堂"
            subtitle="岭南示范银行"
            skip="跳到正文"
            language=english("/")
            links=vec![Link::new("/login", "登录")]
        />
    }
    .into_any()
}

fn customer() -> AnyView {
    let chinese = LanguageSwitch { text: "中文".into(), value: "zh-CN".into(), to: "/appointments".into(), form: None };
    view! {
        <Header
            brand="Lobby"
            subtitle="Lingnan Demo Bank"
            skip="Skip to the content"
            language=chinese
            nav_label="Main"
            nav=vec![
                Link::new("/appointments", "Appointments").current(true),
                Link::new("/surveys", "Surveys"),
                Link::new("/suggestions", "Suggestions"),
                Link::new("/recommendations", "For you"),
            ]
            links=vec![Link::new("/me", "Mine")]
            sign_out="Sign out"
        />
    }
    .into_any()
}

fn task() -> AnyView {
    view! {
        <Header
            brand="厅堂"
            subtitle="岭南示范银行"
            skip="跳到正文"
            language=english("/appointments/new/cash")
            back=Some(Back::from(StepButton { to: "where".into(), text: "返回".into() }))
            form=Some(FormSwitch { id: "page-form".into(), button: None })
            notes=vec!["已自动保存".into()]
        />
    }
    .into_any()
}

fn staff() -> AnyView {
    view! {
        <Header
            brand="厅堂"
            subtitle="工作台"
            skip="跳到正文"
            kind=HeaderKind::Staff
            home="/desk"
            language=english("/desk")
            nav_label="工作台"
            nav=vec![
                Link::new("/desk", "待办").count(23).current(true),
                Link::new("/desk/plan", "现金计划"),
                Link::new("/desk/reception", "接待日"),
                Link::new("/desk/surveys", "调查"),
            ]
            notes=vec!["石岐支行 · 陈柜员".into(), "10:12".into()]
            sign_out="退出"
        />
    }
    .into_any()
}
