//! Every threshold, cut-off and limit the bank may set, with the value it has until somebody sets another.
//!
//! One table below drives the struct, its defaults, the names and [`Parameters::set`], which the database overlays row by
//! row (per branch, with an effective date). Not here: the overlay itself, and values the law fixes.

use super::money::Fen;
use super::time::{Time, hhmm, parse_time};

/// A parameter that does not exist, or a value it cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// No parameter has this name.
    #[error("no parameter is named `{0}`")]
    UnknownName(String),
    /// The text is not a value of this parameter.
    #[error("parameter `{name}` cannot be `{value}`")]
    Unreadable {
        /// The parameter.
        name: String,
        /// What it was to be.
        value: String,
    },
}

/// A value that can stand in the table: read from and written to text.
trait Setting: Sized {
    fn read(text: &str) -> Option<Self>;
    fn write(&self) -> String;
}

impl Setting for i64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| *number >= 0)
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

/// Amounts are written in whole yuan.
impl Setting for Fen {
    fn read(text: &str) -> Option<Self> {
        i64::read(text).map(Self::from_yuan)
    }

    fn write(&self) -> String {
        self.yuan().to_string()
    }
}

/// Times of day are written `HH:MM`.
impl Setting for Time {
    fn read(text: &str) -> Option<Self> {
        parse_time(text)
    }

    fn write(&self) -> String {
        hhmm(*self)
    }
}

const fn clock(hour: i8) -> Time {
    Time::constant(hour, 0, 0, 0)
}

/// Expands the one table into the struct, its defaults, the names, and reading and writing by name.
macro_rules! parameters {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr;)+) => {
        /// The parameters in force for one branch on one day.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Parameters {
            $($(#[doc = $doc])+ pub $name: $kind,)+
        }

        impl Default for Parameters {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Parameters {
            /// The name of every parameter, as stored.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),+];

            /// Sets one parameter from its stored text: yuan, a count, or `HH:MM`.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), ParameterError> {
                let read = match name {
                    $(stringify!($name) => <$kind>::read(value).map(|value| self.$name = value),)+
                    _ => return Err(ParameterError::UnknownName(name.to_owned())),
                };
                read.ok_or_else(|| ParameterError::Unreadable {
                    name: name.to_owned(),
                    value: value.to_owned(),
                })
            }

            /// One parameter as stored text; `None` for a name that does not exist.
            pub fn get(&self, name: &str) -> Option<String> {
                match name {
                    $(stringify!($name) => Some(self.$name.write()),)+
                    _ => None,
                }
            }
        }
    };
}

parameters! {
    /// Submitted before this time of a working day, the earliest day is the next working day. §3 practice.
    cash_cutoff: Time = clock(15);
    /// Bookable working days, from the earliest on. Unit: working days. §3 default.
    cash_window_days: i64 = 5;
    /// The least amount that can be booked. Unit: fen. §3 practice.
    cash_minimum: Fen = Fen::from_yuan(50_000);
    /// From here on a withdrawal must be booked. Unit: fen. §3 practice.
    cash_mandatory_from: Fen = Fen::from_yuan(200_000);
    /// The most that can be booked online, included. Unit: fen. §3 practice.
    cash_online_maximum: Fen = Fen::from_yuan(1_000_000);
    /// From here on the purpose is asked. Unit: fen. §3 default.
    cash_purpose_from: Fen = Fen::from_yuan(200_000);
    /// From here on the branch head approves. Unit: fen. §3 default.
    cash_approval_from: Fen = Fen::from_yuan(500_000);
    /// A wish that came before this time of a working day is answered the same day. §3 default.
    cash_same_day_answer_before: Time = clock(15);
    /// … and by this time, or the branch's closing, the earlier. §3 default.
    cash_answer_until: Time = clock(17);
    /// A later wish is answered by this time of the next working day. §3 default.
    cash_next_day_answer_until: Time = clock(10);
    /// Customers cancel until this time of the working day before. §3 default.
    cash_cancel_until: Time = clock(15);
    /// … or this long after submitting, if that is later. Unit: minutes. §3 default.
    cash_cancel_grace_minutes: i64 = 30;
    /// … or this long after the bank's answer, if that is later. Unit: minutes. §3 default.
    cash_cancel_answered_minutes: i64 = 60;
    /// An unanswered wish times out this long before its slot. Unit: minutes. §3 default.
    cash_time_out_minutes: i64 = 60;
    /// Who has not come this long after the end of the slot is a no-show. Unit: minutes. §3 default.
    cash_no_show_grace_minutes: i64 = 30;
    /// The length of a slot. Unit: minutes. §3 default.
    cash_slot_minutes: i64 = 60;
    /// Bookings per branch, day and slot. Unit: bookings. §3 default.
    cash_slot_places: i64 = 4;
    /// Cash a branch pays out on bookings per day. Unit: fen. §3 default.
    cash_day_total: Fen = Fen::from_yuan(2_000_000);
    /// Notes of 100 yuan a branch has for bookings of a day. Unit: notes. Default.
    cash_stock_100: i64 = 15_000;
    /// … of 50 yuan. Unit: notes. Default.
    cash_stock_50: i64 = 8_000;
    /// … of 20 yuan. Unit: notes. Default.
    cash_stock_20: i64 = 5_000;
    /// … of 10 yuan. Unit: notes. Default.
    cash_stock_10: i64 = 5_000;
    /// … of 5 yuan. Unit: notes. Default.
    cash_stock_5: i64 = 2_000;
    /// … of 1 yuan. Unit: notes. Default.
    cash_stock_1: i64 = 2_000;
    /// The most that one customer's live bookings may come to, at all branches. Unit: fen. §3 default.
    cash_open_max: Fen = Fen::from_yuan(1_000_000);
    /// The longest remark. Unit: characters. §3 practice.
    cash_remark_max: i64 = 100;
    /// The longest free text of the purpose 其他. Unit: characters. Default.
    cash_purpose_other_max: i64 = 50;
    /// No-shows that block online booking. Unit: bookings. §3 default.
    no_show_count: i64 = 3;
    /// … when they fall within this many days. Unit: natural days. §3 default.
    no_show_window_days: i64 = 90;
    /// … for this long. Unit: natural days. §3 default.
    no_show_block_days: i64 = 30;
    /// A customer's session ends when idle this long. Unit: minutes. §12 practice.
    session_idle_customer_minutes: i64 = 10;
    /// … and is warned this long before. Unit: minutes. §12 practice.
    session_warning_minutes: i64 = 1;
    /// A staff session ends when idle this long. Unit: minutes. §12 practice.
    session_idle_staff_minutes: i64 = 15;
    /// Every session ends after this long. Unit: hours. §12 practice.
    session_hours: i64 = 8;
    /// Failed sign-ins that lock a name until the next day. Unit: attempts. §12 practice.
    sign_in_failures: i64 = 5;
    /// The first alarm, before an answer is due: when this share of the time has passed. Unit: percent. §1 default.
    case_warn_percent: i64 = 75;
    /// The last alarm, after it was due: when this share of the time has passed. Unit: percent. §1 default.
    case_escalate_percent: i64 = 120;
    /// Cases of one customer that may be open at a time, of all kinds. Unit: cases. §1 default.
    cases_open_max: i64 = 20;
    /// Cases of one kind that one customer may record a day. Unit: cases. §1 default.
    cases_day_max: i64 = 20;
    /// Messages to one phone number a day. Unit: messages. §19 default.
    messages_day_max: i64 = 20;
    /// A suggestion is acknowledged within this long. Unit: hours. §7 practice.
    suggestion_acknowledge_hours: i64 = 24;
    /// The length of a slot of a reception day. Unit: minutes. §4.
    reception_slot_minutes: i64 = 30;
    /// The most attendees of one application. Unit: people. §4.
    reception_attendees_max: i64 = 5;
    /// The most characters of what an application is about. Default.
    reception_summary_max: i64 = 500;
    /// The most characters of the result hoped for. Default.
    reception_hope_max: i64 = 300;
    /// An application is answered by this time of the branch's next working day, and before its slot. Default.
    reception_answer_until: Time = clock(17);
    /// Customers cancel until this time of the working day before. Default, as §3 for cash.
    reception_cancel_until: Time = clock(15);
    /// … or this long after applying, if that is later. Unit: minutes. Default, as §3 for cash.
    reception_cancel_grace_minutes: i64 = 30;
    /// … or this long after the bank's answer, if that is later. Unit: minutes. Default, as §3 for cash.
    reception_cancel_answered_minutes: i64 = 60;
    /// An application is answered at least this long before its slot, where opening hours allow. Unit: minutes. Default.
    reception_answer_ahead_minutes: i64 = 60;
    /// The longest free text of a survey answer. Unit: characters. §6 default.
    survey_text_max: i64 = 1_000;
    /// The longest text beside the option 其他. Unit: characters. §6 default.
    survey_other_max: i64 = 50;
    /// The longest suggestion. Unit: characters. §7 default.
    suggestion_content_max: i64 = 2_000;
    /// The longest reason or thanks of an answer. Unit: characters. §7 default.
    suggestion_answer_max: i64 = 1_000;
    /// An assessment is valid this long; may only be shortened. Unit: months. §9 law.
    advice_assessment_months: i64 = 12;
    /// Where no horizon or liquidity need is stated, only what is redeemable within this. Unit: natural days. §9 default.
    advice_quick_redemption_days: i64 = 7;
    /// From this age on nothing from R4 up is recommended. Unit: years. §9 default.
    advice_elder_from: i64 = 65;
    /// A product declined stays away this long. Unit: natural days. §9.
    advice_declined_days: i64 = 90;
    /// The most cards shown of one kind. Unit: cards. §9.
    advice_of_a_kind: i64 = 2;
    /// The most reasons shown on one card. Unit: reasons. §9.
    advice_reasons_max: i64 = 3;
    /// The most personalised cards shown. Unit: cards. Default.
    advice_cards_max: i64 = 6;
    /// A session is deleted this long after its last use. Unit: natural days. Default.
    keep_sessions_days: i64 = 90;
    /// A form that has become a case is deleted this long after its last change. Unit: natural days. Default.
    keep_forms_days: i64 = 90;
    /// A message is deleted this long after it was written. Unit: natural days. Default.
    keep_messages_days: i64 = 730;
}

#[cfg(test)]
mod tests {
    use super::{ParameterError, Parameters};
    use crate::kernel::money::Fen;
    use crate::kernel::time::hhmm;

    #[test]
    fn every_name_can_be_read_and_set_to_what_it_was() {
        let mut parameters = Parameters::default();
        for name in Parameters::NAMES {
            let value = parameters.get(name).expect("a value");
            assert_eq!(parameters.set(name, &value), Ok(()), "{name}");
        }
        assert_eq!(parameters, Parameters::default());
        assert!(Parameters::NAMES.len() > 20);
    }

    #[test]
    fn a_value_that_is_set_is_in_force() {
        let mut parameters = Parameters::default();
        parameters.set("cash_cutoff", "14:30").expect("a time");
        parameters.set("cash_minimum", "80000").expect("an amount");
        parameters.set("cash_window_days", "7").expect("a count");
        assert_eq!(hhmm(parameters.cash_cutoff), "14:30");
        assert_eq!(parameters.cash_minimum, Fen::from_yuan(80_000));
        assert_eq!(parameters.cash_window_days, 7);
    }

    #[test]
    fn a_wrong_name_or_value_changes_nothing() {
        let mut parameters = Parameters::default();
        assert_eq!(parameters.set("cash", "1"), Err(ParameterError::UnknownName("cash".to_owned())));
        for (name, value) in [("cash_cutoff", "25:00"), ("cash_minimum", "-1"), ("cash_window_days", "")] {
            assert!(parameters.set(name, value).is_err(), "{name}={value}");
        }
        assert_eq!(parameters, Parameters::default());
    }
}
