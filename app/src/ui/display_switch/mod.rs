//! The buttons at the end of every page for large text and for the colours: a plain form, or buttons of the page's own form.

use leptos::prelude::*;

use super::Examples;

/// A button of the switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchButton {
    /// `mode` or `theme`.
    pub name: &'static str,
    /// The value it sets.
    pub value: String,
    pub text: String,
    /// Whether it is the present choice; `None`: not one of several.
    pub pressed: Option<bool>,
}

/// The switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplaySwitch {
    /// Path that sets the appearance.
    pub action: &'static str,
    /// Path and query to return to.
    pub to: String,
    /// Id of the page's own form, if it has one: its buttons are then named `appearance`.
    pub form: Option<String>,
    /// The name of the group for screen readers: 显示方式.
    pub label: String,
    /// To the other mode.
    pub mode: SwitchButton,
    /// Before the themes: 颜色.
    pub theme_label: String,
    pub themes: Vec<SwitchButton>,
}

impl DisplaySwitch {
    /// Only the button to the other mode.
    #[must_use]
    pub fn mode_only(self) -> Self {
        Self { themes: Vec::new(), label: self.mode.text.clone(), ..self }
    }

    /// The view.
    pub fn view(self) -> AnyView {
        let form = self.form;
        let button = |button: SwitchButton| {
            let pressed = button.pressed.map(|pressed| pressed.to_string());
            let name = if form.is_some() { "appearance" } else { button.name };
            view! {
                <button
                    type="submit"
                    form=form.clone()
                    formnovalidate=form.is_some()
                    name=name
                    value=button.value
                    aria-pressed=pressed
                >
                    {button.text}
                </button>
            }
        };
        let inside = view! {
            {button(self.mode)}
            {(!self.themes.is_empty()).then(|| view! { <span class="display-label">{self.theme_label}</span> })}
            {self.themes.into_iter().map(button).collect_view()}
        };
        if form.is_some() {
            return view! { <div class="display" role="group" aria-label=self.label>{inside}</div> }.into_any();
        }
        view! {
            <form method="post" action=self.action class="display" aria-label=self.label>
                <input type="hidden" name="to" value=self.to />
                {inside}
            </form>
        }
        .into_any()
    }
}

pub(super) fn example(form: Option<&str>) -> DisplaySwitch {
    let button =
        |name, value: &str, text: &str, pressed| SwitchButton { name, value: value.to_owned(), text: text.to_owned(), pressed };
    DisplaySwitch {
        action: "/appearance",
        to: "/appointments".to_owned(),
        form: form.map(str::to_owned),
        label: "显示方式".to_owned(),
        mode: button("mode", "elder", "大字版", None),
        theme_label: "颜色".to_owned(),
        themes: vec![
            button("theme", "auto", "跟随系统", Some(true)),
            button("theme", "light", "浅色", Some(false)),
            button("theme", "dark", "深色", Some(false)),
        ],
    }
}

pub fn examples() -> Examples {
    vec![("a form of its own", example(None).view())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_plain_form_that_says_what_is_chosen() {
        let html = super::super::html(examples());
        assert!(html.contains(r#"<form method="post" action="/appearance""#));
        assert!(html.contains(r#"name="mode" value="elder""#));
        assert!(html.contains(r#"name="theme" value="auto" aria-pressed="true""#), "{html}");
    }

    #[test]
    fn in_a_page_with_a_form_its_buttons_belong_to_it_and_keep_what_is_typed() {
        let html = super::super::html(vec![("", example(Some("page-form")).view())]);
        assert!(!html.contains("<form"), "{html}");
        assert_eq!(html.matches(r#"form="page-form""#).count(), 4, "{html}");
        assert_eq!(html.matches("formnovalidate").count(), 4, "{html}");
        assert!(html.contains(r#"name="appearance" value="dark""#), "{html}");
    }
}
