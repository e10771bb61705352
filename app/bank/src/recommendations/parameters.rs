//! Parameters of recommendations (docs/domain.md §9).

use crate::kernel::parameters::parameters;

parameters! {
    /// What decides about recommendations on one day.
    pub struct AdviceParameters {
        /// An assessment is valid this long; may only be shortened.
        advice_assessment_months: i64 = 12, Months, Law(9);
        /// Where no horizon or liquidity need is stated, only what is redeemable within this.
        advice_quick_redemption_days: i64 = 7, Days, Default(9);
        /// From this age on nothing from R4 up is recommended.
        advice_elder_from: i64 = 65, Years, Default(9);
        /// A product declined stays away this long.
        advice_declined_days: i64 = 90, Days, Default(9);
        /// The most cards shown of one kind.
        advice_of_a_kind: i64 = 2, Cards, Default(9);
        /// The most reasons shown on one card.
        advice_reasons_max: i64 = 3, Reasons, Default(9);
        /// The most personalised cards shown.
        advice_cards_max: i64 = 6, Cards, Default(9);
    }
}
