//! Parameters of surveys (docs/domain.md §6).

use crate::kernel::parameters::parameters;

parameters! {
    /// Parameters of survey answers in force on one day.
    pub struct SurveyParameters {
        /// Maximum length of a free text answer.
        survey_text_max: i64 = 1_000, Characters, Default(6), 10..=10_000;
        /// Maximum length of the text for the option 其他.
        survey_other_max: i64 = 50, Characters, Default(6), 10..=500;
    }
}
