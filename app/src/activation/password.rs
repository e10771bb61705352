//! The two fields of a new password, and the words of the rule that refuses one.

use bank::sessions::{ActivationRefusal, LONGEST, NewPassword, PasswordFault, SHORTEST_ALONE};
use leptos::prelude::*;

use crate::submission::Submission;
use crate::t;
use crate::ui::error_summary::Refused;
use crate::ui::password_field::PasswordField;
use crate::visit::{App, Visit};
use crate::words::Locale;

/// The new password of a posted form.
pub fn typed(visit: &Visit, app: &App, form: &Submission) -> NewPassword {
    let typed = |name| form.0.typed(name).to_owned();
    let bank = &visit.bank_details;
    let host = app.origin.split_once("://").map_or(&*app.origin, |(_, host)| host);
    let house = [&bank.name_zh, &bank.name_en, &bank.hotline, &bank.complaint_phone, &bank.complaint_email, host];
    NewPassword { password: typed("password"), again: typed("password_again"), house: house.map(str::to_owned).into() }
}

/// The two fields, always empty. The password needs so many characters.
pub fn fields(locale: Locale, fewest: usize, fault: Option<PasswordFault>) -> AnyView {
    let hint = if fewest < SHORTEST_ALONE {
        t!(locale, activation.password_hint_factor, fewest = fewest, alone = SHORTEST_ALONE)
    } else {
        t!(locale, activation.password_hint, fewest = fewest)
    };
    let field = |name, label, hint: Option<String>| {
        let error = fault.filter(|fault| at(*fault) == name).map(|fault| words(locale, fault).0);
        let (show, hide) = (t!(locale, sign_in.show_password), t!(locale, sign_in.hide_password));
        view! {
            <PasswordField name=name label=label autocomplete="new-password" show=show hide=hide hint=hint error=error />
        }
    };
    view! {
        {field(FIRST, t!(locale, activation.password), Some(hint))}
        {field(SECOND, t!(locale, activation.password_again), None)}
    }
    .into_any()
}

const FIRST: &str = "password";
const SECOND: &str = "password_again";

/// The field that a fault concerns.
fn at(fault: PasswordFault) -> &'static str {
    if fault == PasswordFault::Differs { SECOND } else { FIRST }
}

/// A fault in the error summary.
pub fn refused(locale: Locale, fault: PasswordFault) -> Refused {
    let label = if at(fault) == SECOND { t!(locale, activation.password_again) } else { t!(locale, activation.password) };
    Refused::of(&ActivationRefusal::Password(fault), words(locale, fault)).field(at(fault), label)
}

/// Title and text of a refusal.
fn words(locale: Locale, fault: PasswordFault) -> (String, String) {
    match fault {
        PasswordFault::TooShort { fewest } => {
            (t!(locale, activation.too_short, fewest = fewest), t!(locale, activation.too_short_text, fewest = fewest))
        }
        PasswordFault::TooLong => (t!(locale, activation.too_long, most = LONGEST), t!(locale, activation.too_long_text)),
        PasswordFault::Common => (t!(locale, activation.common), t!(locale, activation.common_text)),
        PasswordFault::Run => (t!(locale, activation.run), t!(locale, activation.run_text)),
        PasswordFault::HoldsName => (t!(locale, activation.holds_name), t!(locale, activation.holds_name_text)),
        PasswordFault::HoldsHouse => (t!(locale, activation.holds_house), t!(locale, activation.holds_house_text)),
        PasswordFault::Differs => (t!(locale, activation.differs), t!(locale, activation.differs_text)),
    }
}
