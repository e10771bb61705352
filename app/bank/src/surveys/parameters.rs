//! Parameters of surveys (docs/domain.md §6).

use crate::kernel::parameters::parameters;

parameters! {
    /// What decides about survey answers on one day.
    pub struct SurveyParameters {
        /// The longest free text of a survey answer.
        survey_text_max: i64 = 1_000, Characters, Default(6);
        /// The longest text beside the option 其他.
        survey_other_max: i64 = 50, Characters, Default(6);
    }
}
