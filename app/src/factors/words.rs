//! Why a second factor was refused, in words.

use bank::kernel::forms::Refusal;
use bank::kernel::language::moment;
use bank::sessions::{FactorRefusal, SHORTEST_ALONE};

use crate::t;
use crate::ui::error_summary::Refused;
use crate::visit::Visit;

/// Title and text.
pub fn words(visit: &Visit, refusal: FactorRefusal) -> (String, String) {
    let l = visit.locale();
    match refusal {
        FactorRefusal::CodeMissing => (t!(l, factors.refused.missing), String::new()),
        FactorRefusal::CodeWrong => (t!(l, factors.refused.wrong), t!(l, factors.refused.wrong_text)),
        FactorRefusal::Locked { until } => {
            let time = moment(visit.language, until, visit.now);
            (t!(l, factors.refused.locked), t!(l, factors.refused.locked_text, time = time))
        }
        FactorRefusal::NotBegun => (t!(l, factors.refused.not_begun), t!(l, factors.refused.not_begun_text)),
        FactorRefusal::AlreadyOn => (t!(l, factors.already), t!(l, factors.already_text)),
        FactorRefusal::PasswordTooShort => (
            t!(l, factors.refused.password_too_short, fewest = SHORTEST_ALONE),
            t!(l, factors.refused.password_too_short_text, fewest = SHORTEST_ALONE),
        ),
        FactorRefusal::Off => (t!(l, factors.refused.off), t!(l, factors.refused.off_text)),
    }
}

/// The entry of the error summary.
pub fn refused(visit: &Visit, refusal: FactorRefusal) -> Refused {
    let refused = Refused::of(&refusal, words(visit, refusal));
    match refusal.field() {
        "" => refused,
        field => refused.field(field, t!(visit.locale(), factors.code)),
    }
}
