//! Texts of messages: a stored message is a kind and values; the text comes from the kind, in the reader's language. Writing and
//! sending are in `bank::messages` and the server's worker.

pub mod parameters;

use bank::kernel::language::{Language, moment_full};
use bank::kernel::time::At;
use bank::messages::STEP_UP_CODE;
use bank::sessions::SecurityEvent;
use serde_json::Value;

use crate::cases::join;
use crate::kinds;
use crate::t;
use crate::typed::display_text;
use crate::words::locale;

/// The text of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText {
    /// One line.
    pub title: String,
    /// Explanation and next step; may be empty.
    pub body: String,
}

/// The text of a message of this kind (`<kind of case>_<what>`) with these values. An unknown kind gets a general text.
pub fn text(language: Language, kind: &str, facts: &Value) -> MessageText {
    if let Some(event) = SecurityEvent::parse(kind) {
        return security_text(language, event, facts);
    }
    let locale = locale(language);
    if kind == STEP_UP_CODE {
        let code = fact(facts, "code").unwrap_or_default().to_owned();
        let minutes = facts.get("minutes").and_then(Value::as_i64).unwrap_or_default();
        let body = t!(locale, messages.step_up_code_text, code = code, minutes = minutes);
        return MessageText { title: t!(locale, messages.step_up_code), body };
    }
    let known = kinds::of_message(kind).and_then(|(ui, what)| Some((ui, ui.message(locale, what, facts)?)));
    let Some((ui, (title, last))) = known else {
        return MessageText { title: t!(locale, messages.other_title), body: t!(locale, messages.other_body) };
    };
    // The subject, then what staff wrote, then the next step.
    let mut parts = Vec::new();
    parts.extend(ui.about(language, facts));
    parts.extend(fact(facts, "reason").map(|reason| t!(locale, cases.reason, reason = display_text(reason))));
    parts.extend(ui.facts(language, facts));
    parts.push(last);
    parts.retain(|part| !part.is_empty());
    MessageText { title, body: join(language, &parts) }
}

/// The text of a message about the sign-in.
fn security_text(language: Language, event: SecurityEvent, facts: &Value) -> MessageText {
    let l = locale(language);
    let user = display_text(fact(facts, "user").unwrap_or_default());
    let time = facts.get("at").and_then(Value::as_i64).map(|at| moment_full(language, At(at))).unwrap_or_default();
    let device = fact(facts, "device").unwrap_or_default().to_owned();
    let (title, body) = match event {
        SecurityEvent::NewDevice => (
            t!(l, messages.security.new_device),
            t!(l, messages.security.new_device_text, user = user, time = time, device = device),
        ),
        SecurityEvent::PasswordChanged => {
            (t!(l, messages.security.password_changed), t!(l, messages.security.password_changed_text, user = user, time = time))
        }
        SecurityEvent::PasswordSet => {
            (t!(l, messages.security.password_set), t!(l, messages.security.password_set_text, user = user, time = time))
        }
        SecurityEvent::FactorSetUp => {
            (t!(l, messages.security.factor_set_up), t!(l, messages.security.factor_set_up_text, user = user, time = time))
        }
        SecurityEvent::PasskeyAdded => {
            (t!(l, messages.security.passkey_added), t!(l, messages.security.passkey_added_text, user = user, time = time))
        }
        SecurityEvent::CodesRenewed => {
            (t!(l, messages.security.codes_renewed), t!(l, messages.security.codes_renewed_text, user = user, time = time))
        }
        SecurityEvent::RecoveryUsed => {
            (t!(l, messages.security.recovery_used), t!(l, messages.security.recovery_used_text, user = user, time = time))
        }
        SecurityEvent::FactorRemoved => {
            (t!(l, messages.security.factor_removed), t!(l, messages.security.factor_removed_text, user = user, time = time))
        }
        SecurityEvent::ResetOfBoth => {
            (t!(l, messages.security.reset_of_both), t!(l, messages.security.reset_of_both_text, user = user, time = time))
        }
        SecurityEvent::Reset => (t!(l, messages.security.reset), t!(l, messages.security.reset_text, user = user, time = time)),
    };
    MessageText { title, body }
}

/// A text among the values of a message or history entry; `None` if it is missing or empty.
pub fn fact<'d>(facts: &'d Value, name: &str) -> Option<&'d str> {
    facts.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::kinds::{self, Ui};
    use bank::kernel::language::Language;
    use serde_json::json;

    #[test]
    fn a_message_nobody_knows_is_said_as_news() {
        for language in Language::ALL {
            let news = text(language, "something_new", &json!({}));
            assert!(!news.title.is_empty() && !news.body.is_empty());
            for kind in kinds::all().map(Ui::kind) {
                assert_eq!(text(language, &format!("{}_something_new", kind.code()), &json!({})), news);
            }
        }
    }
}
