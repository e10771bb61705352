//! The words for refused entries of the bank's own data: branches, staff, customers and so on
//! ([`bank::kernel::entries`]).

use bank::kernel::entries::EntryRule;

use crate::t;
use crate::words::Locale;

/// What is wrong with a value. `label` gives the words for another column that the refusal refers to.
pub fn words(locale: Locale, rule: EntryRule, label: impl FnOnce(&'static str) -> String) -> String {
    match rule {
        EntryRule::Missing => t!(locale, entries.missing),
        EntryRule::TooLong { limit } => t!(locale, entries.too_long, limit = limit),
        EntryRule::NotOneOf(_) => t!(locale, entries.not_one_of),
        EntryRule::NotYesOrNo => t!(locale, entries.not_yes_or_no),
        EntryRule::NotADay => t!(locale, entries.not_a_day),
        EntryRule::InTheFuture => t!(locale, entries.in_the_future),
        EntryRule::NotAnAmount => t!(locale, entries.not_an_amount),
        EntryRule::NotAWholeNumber { from, to } => t!(locale, entries.not_a_whole_number, from = from, to = to),
        EntryRule::NotAName => t!(locale, entries.not_a_name),
        EntryRule::NotAPhoneNumber => t!(locale, entries.not_a_phone_number),
        EntryRule::NotEnglish => t!(locale, entries.not_english),
        EntryRule::NotAnEmail => t!(locale, entries.not_an_email),
        EntryRule::NotAnIdNumber => t!(locale, entries.not_an_id_number),
        EntryRule::NotAnAccountNumber => t!(locale, entries.not_an_account_number),
        EntryRule::LostDigits => t!(locale, entries.lost_digits),
        EntryRule::NotHours => t!(locale, entries.not_hours),
        EntryRule::NotStartTimes { most } => t!(locale, entries.not_start_times, most = most),
        EntryRule::NotACoordinate { limit } => t!(locale, entries.not_a_coordinate, limit = limit),
        EntryRule::NotACode => t!(locale, entries.not_a_code),
        EntryRule::NotADefinition => t!(locale, entries.not_a_definition),
        EntryRule::Contradicts(other) => t!(locale, entries.contradicts, other = label(other)),
        EntryRule::MustBeBlank => t!(locale, entries.must_be_blank),
        EntryRule::UnknownReference => t!(locale, entries.unknown_reference),
        EntryRule::AlreadyUsed => t!(locale, entries.already_used),
        EntryRule::CannotChange => t!(locale, entries.cannot_change),
        EntryRule::NeedsApproval => t!(locale, entries.needs_approval),
        EntryRule::LeavesCases { count } => t!(locale, entries.leaves_cases, n = count),
        EntryRule::TooFewAdministrators { count } => t!(locale, entries.too_few_administrators, n = count),
        EntryRule::ForbiddenWord => t!(locale, entries.forbidden_word),
    }
}
