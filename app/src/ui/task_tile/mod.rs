//! A large link of the home page: picture, verb, one line. Put several into `<div class="tiles">`.

use leptos::prelude::*;

use super::{
    Examples,
    icon::{Icon, Picture},
    parts::OptionalText,
};

/// One task. The whole tile is the link.
#[component]
pub fn TaskTile(
    #[prop(into)] href: String,
    picture: Picture,
    /// The task, verb first.
    #[prop(into)]
    title: String,
    /// What is so now, such as the earliest free day.
    #[prop(optional, into)]
    fact: OptionalText,
    /// One line about the task.
    #[prop(optional, into)]
    detail: OptionalText,
) -> AnyView {
    view! {
        <a class="tile" href=href>
            <Icon picture=picture />
            <b>{title}</b>
            {fact.text().map(|words| view! { <span class="tile-fact">{words}</span> })}
            {detail.text().map(|words| view! { <span class="hint">{words}</span> })}
        </a>
    }
    .into_any()
}

pub fn examples() -> Examples {
    vec![(
        "four tasks",
        view! {
            <div class="tiles">
                <TaskTile href="/ui" picture=Picture::Cash title="预约取款" fact="最早明天" detail="50,000 元起可约" />
                <TaskTile href="/ui" picture=Picture::People title="客户接待日" detail="与网点负责人当面谈" />
                <TaskTile href="/ui" picture=Picture::Survey title="需求调查" detail="约 4 分钟，随时可停" />
                <TaskTile href="/ui" picture=Picture::Chat title="提建议" detail="每条都有答复" />
            </div>
        }
        .into_any(),
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_whole_tile_is_the_link() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"class="tile""#).count(), 4);
    }
}
