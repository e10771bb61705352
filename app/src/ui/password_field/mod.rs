//! A password with label, hint and error. With the script [`SCRIPT`] a button shows what is typed; it is hidden without.
//!
//! For other text use `text_field`.

use leptos::prelude::*;

use super::{
    Examples,
    field::Field,
    parts::{OptionalText, described_by},
};

/// Makes the buttons of all password fields of a page work.
pub const SCRIPT: &str = include_str!("password_field.js");

/// A labelled password. Its id is `name`. It is always empty.
#[component]
pub fn PasswordField(
    #[prop(into)] label: String,
    name: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// The words of the button that shows what is typed.
    show: String,
    /// The words of the button that hides it again.
    hide: String,
    /// The rule of a new one.
    #[prop(optional, into)]
    hint: OptionalText,
    /// Error text of the field.
    #[prop(optional, into)]
    error: OptionalText,
) -> AnyView {
    let (hint, error) = (hint.text(), error.text());
    let described = described_by(name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    view! {
        <Field id=name.to_owned() label=label unseen=false hint=hint error=error>
            <div class="input">
                <input id=name name=name type="password" autocomplete=autocomplete aria-describedby=described aria-invalid=invalid />
                <button type="button" class="show-password" aria-controls=name data-hide-password=hide hidden>
                    {show}
                </button>
            </div>
        </Field>
    }
    .into_any()
}

pub fn examples() -> Examples {
    let new = view! {
        <PasswordField
            label="新密码"
            name="password"
            autocomplete="new-password"
            show="显示密码".to_owned()
            hide="隐藏密码".to_owned()
            hint="至少 15 个字符"
            error="这个密码很多人都在用"
        />
    };
    vec![("new, with an error", new.into_any())]
}

#[cfg(test)]
mod tests {
    #[test]
    fn without_its_script_the_button_is_hidden_and_nothing_is_shown() {
        let html = super::super::html(super::examples());
        assert!(html.contains(r#"type="password""#) && html.contains(r#"aria-describedby="password-hint password-error""#));
        let button = html.split("<button").nth(1).and_then(|rest| rest.split('>').next()).expect("a button");
        assert!(button.contains("hidden") && button.contains(r#"type="button""#), "{button}");
    }
}
