//! Parameters of recommendations (docs/domain.md §9).

use crate::kernel::parameters::parameters;

parameters! {
    /// Parameters of recommendations in force on one day.
    pub struct AdviceParameters {
        /// Validity of a risk assessment. The bank may only shorten it.
        advice_assessment_months: i64 = 12, Months, Law(9), 1..=12;
        /// If no horizon or liquidity need is stated, only products redeemable within this time are recommended.
        advice_quick_redemption_days: i64 = 7, Days, Default(9), 0..=365;
        /// From this age no product of R4 or above is recommended.
        advice_elder_from: i64 = 65, Years, Default(9), 18..=65;
        /// A declined product is hidden for this time.
        advice_declined_days: i64 = 90, Days, Default(9), 0..=3_650;
        /// Maximum number of cards of one product kind.
        advice_of_a_kind: i64 = 2, Cards, Default(9), 1..=20;
        /// Maximum number of reasons on one card.
        advice_reasons_max: i64 = 3, Reasons, Default(9), 1..=10;
        /// Maximum number of personalised cards.
        advice_cards_max: i64 = 6, Cards, Default(9), 1..=50;
    }
}
