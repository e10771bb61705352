//! The two fields of a new password, and the words of the rule that refuses one.

use bank::sessions::{LONGEST, NewPassword, PasswordFault, SHORTEST};
use leptos::prelude::*;

use crate::submission::Submission;
use crate::t;
use crate::ui::password_field::PasswordField;
use crate::words::Locale;

/// The new password of a posted form.
pub fn typed(form: &Submission) -> NewPassword {
    let typed = |name| form.0.typed(name).to_owned();
    NewPassword { password: typed("password"), again: typed("password_again") }
}

/// The two fields, always empty.
pub fn fields(locale: Locale, fault: Option<PasswordFault>) -> AnyView {
    let error = |second: bool| {
        let fault = fault.filter(|fault| (*fault == PasswordFault::Differs) == second);
        fault.map(|fault| words(locale, fault).0)
    };
    let hint = t!(locale, activation.password_hint, fewest = SHORTEST);
    view! {
        <PasswordField
            name="password"
            label=t!(locale, activation.password)
            autocomplete="new-password"
            show=t!(locale, sign_in.show_password)
            hide=t!(locale, sign_in.hide_password)
            hint=hint
            error=error(false)
        />
        <PasswordField
            name="password_again"
            label=t!(locale, activation.password_again)
            autocomplete="new-password"
            show=t!(locale, sign_in.show_password)
            hide=t!(locale, sign_in.hide_password)
            error=error(true)
        />
    }
    .into_any()
}

/// The label of the field that a fault concerns.
pub fn label(locale: Locale, fault: PasswordFault) -> String {
    if fault == PasswordFault::Differs { t!(locale, activation.password_again) } else { t!(locale, activation.password) }
}

/// Title and text of a refusal.
pub fn words(locale: Locale, fault: PasswordFault) -> (String, String) {
    match fault {
        PasswordFault::TooShort => {
            (t!(locale, activation.too_short, fewest = SHORTEST), t!(locale, activation.too_short_text, fewest = SHORTEST))
        }
        PasswordFault::TooLong => (t!(locale, activation.too_long, most = LONGEST), t!(locale, activation.too_long_text)),
        PasswordFault::Common => (t!(locale, activation.common), t!(locale, activation.common_text)),
        PasswordFault::Run => (t!(locale, activation.run), t!(locale, activation.run_text)),
        PasswordFault::HoldsName => (t!(locale, activation.holds_name), t!(locale, activation.holds_name_text)),
        PasswordFault::Differs => (t!(locale, activation.differs), t!(locale, activation.differs_text)),
    }
}
