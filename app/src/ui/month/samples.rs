//! Examples of the calendar for the gallery.

use leptos::prelude::*;

use super::{DayState, MonthDay, MonthGroup, MonthView};
use crate::ui::Examples;

pub fn examples() -> Examples {
    vec![("a week with two free days, with an error", week())]
}

fn week() -> AnyView {
    let free = |number: i8, name: &str, places, chosen| {
        let value = format!("2026-12-{number:02}");
        Some(MonthDay { number, state: DayState::Free { value, name: name.to_owned(), places, chosen } })
    };
    let plain = |number, word: Option<&str>| Some(MonthDay { number, state: DayState::Plain(word.map(str::to_owned)) });
    let full = DayState::Full { why: "约满".to_owned(), name: "12 月 4 日 周五 约满".to_owned() };
    let weeks = vec![
        vec![
            None,
            plain(1, Some("今天")),
            free(2, "12 月 2 日 周三 余 9 位", 9, true),
            free(3, "12 月 3 日 周四 余 14 位", 14, false),
            Some(MonthDay { number: 4, state: full }),
            plain(5, Some("休")),
            plain(6, Some("休")),
        ],
        (7..14).map(|number| plain(number, None)).collect(),
    ];
    let months = vec![MonthView { title: "2026 年 12 月".to_owned(), weeks }];
    let weekdays = ["一", "二", "三", "四", "五", "六", "日"].map(str::to_owned).into();
    view! {
        <MonthGroup
            legend="日期"
            name="month_day"
            weekdays=weekdays
            months=months
            unit="位"
            figures="小字是还剩几位"
            free="2 天可约"
            hint="今天 15:00 前提交，最早明天取。"
            error="请选一天"
        />
    }
    .into_any()
}
