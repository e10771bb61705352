//! Splits an amount into notes when the stock of each denomination is limited (券别搭配).
//!
//! The result is exact, in constant time whatever the amount and the stock.
//!
//! Proof. Without the 50 every denomination divides the next larger one (1, 5, 10, 20, 100). For such a chain the greedy
//! choice, largest first, finds a split whenever one exists, with the fewest notes: smaller notes worth 100 or more contain
//! some worth exactly 100, which can be exchanged for one note. So only the number of 50s is open. In a split with fewest
//! notes, two 50s beside an unused 100 would be exchanged for it, so either there is at most one 50, or every 100 is used.
//! If every 100 is used, two more 50s in stock beside smaller notes worth 100 would be exchanged for those, so the number
//! of 50s is the maximum that fits or one less. Otherwise less than 100 remains without 100s, so these two values and 1
//! are the only possibilities. Three candidates are left.
//! without 100s, so these two and 1 are all there is. Three candidates are left.

use super::model::{Denomination, Notes};

/// The denominations without the 50; each divides the one before.
const CHAIN: [Denomination; 5] =
    [Denomination::Hundred, Denomination::Twenty, Denomination::Ten, Denomination::Five, Denomination::One];

/// The split of `yuan` with the fewest notes of the stock; `None` if there is none.
pub fn propose_split(yuan: i64, stock: &Notes) -> Option<Notes> {
    if yuan < 0 || yuan > stock.yuan() {
        return None;
    }
    let hundreds = stock.count(Denomination::Hundred).min(yuan / 100);
    let fifties = stock.count(Denomination::Fifty);
    let most = fifties.min((yuan - 100 * hundreds) / 50);
    [1, most - 1, most]
        .into_iter()
        .filter(|count| (0..=fifties).contains(count) && 50 * count <= yuan)
        .filter_map(|count| complete(yuan, count, stock))
        .min_by_key(Notes::pieces)
}

/// The split with the given number of 50s, the rest chosen greedily from the chain.
fn complete(yuan: i64, fifties: i64, stock: &Notes) -> Option<Notes> {
    let mut rest = yuan - 50 * fifties;
    let mut split = Notes::NONE.with(Denomination::Fifty, fifties);
    for note in CHAIN {
        let count = stock.count(note).min(rest / note.yuan());
        split = split.with(note, count);
        rest -= count * note.yuan();
    }
    (rest == 0).then_some(split)
}

/// The nearest amounts the stock can make, in yuan: the largest below `yuan` and the smallest above it. Removing notes one
/// by one changes the sum by at most the largest note, so the search is short.
pub fn nearest_amounts(yuan: i64, stock: &Notes) -> (Option<i64>, Option<i64>) {
    let most = stock.yuan();
    let feasible = |amount: &i64| propose_split(*amount, stock).is_some();
    let start = yuan.saturating_sub(1).min(most);
    let below = (0..=100).map(|step| start - step).take_while(|amount| *amount > 0).find(feasible);
    let above = (1..=100).map(|step| yuan.saturating_add(step)).take_while(|amount| *amount <= most).find(feasible);
    (below, above)
}

/// The split closest to the customer's own when a denomination is short: the same sum; counts are kept from the largest note
/// down as far as stock and sum allow, and the rest is filled with the fewest notes.
pub fn nearest_split(wanted: &Notes, stock: &Notes) -> Option<Notes> {
    split_towards(wanted.yuan(), wanted, stock)
}

/// Like [`nearest_split`], but for another amount.
pub fn split_towards(yuan: i64, wanted: &Notes, stock: &Notes) -> Option<Notes> {
    let mut room = yuan;
    let mut kept = Notes::NONE;
    for (note, count) in wanted.at_most(stock).iter() {
        let count = count.min(room / note.yuan());
        kept = kept.with(note, count);
        room -= count * note.yuan();
    }
    // If no split exists, release the smallest kept denomination, then the next, until nothing is kept.
    (0..=Denomination::ALL.len()).find_map(|released| {
        let held = Denomination::ALL.into_iter().rev().take(released).fold(kept, |held, note| held.with(note, 0));
        let rest = propose_split(yuan - held.yuan(), &stock.minus(&held)?)?;
        Some(held.plus(&rest))
    })
}

#[cfg(test)]
mod tests {
    use super::{nearest_amounts, nearest_split, propose_split, split_towards};
    use crate::appointments::cash::model::Notes;
    use proptest::prelude::*;

    /// Every sum of the stock with the minimum number of notes, by exhaustive search.
    fn exhaustive(stock: &Notes) -> Vec<Option<i64>> {
        let most = usize::try_from(stock.yuan()).expect("a small stock");
        let mut fewest: Vec<Option<i64>> = vec![None; most + 1];
        fewest[0] = Some(0);
        for (note, count) in stock.iter() {
            let yuan = usize::try_from(note.yuan()).expect("a note");
            for _ in 0..count {
                for sum in (yuan..=most).rev() {
                    if let Some(before) = fewest[sum - yuan] {
                        fewest[sum] = Some(fewest[sum].map_or(before + 1, |known| known.min(before + 1)));
                    }
                }
            }
        }
        fewest
    }

    fn stock() -> impl Strategy<Value = Notes> {
        (0_i64..5, 0_i64..6, 0_i64..9, 0_i64..7, 0_i64..6, 0_i64..9).prop_map(|(a, b, c, d, e, f)| Notes([a, b, c, d, e, f]))
    }

    #[test]
    fn sixty_from_one_fifty_and_three_twenties_is_three_twenties() {
        assert_eq!(propose_split(60, &Notes([0, 1, 3, 0, 0, 0])), Some(Notes([0, 0, 3, 0, 0, 0])));
    }

    #[test]
    fn large_amounts_take_the_stock_as_it_is() {
        assert_eq!(propose_split(200_000, &Notes([1_500, 5_000, 5_000, 0, 0, 0])), Some(Notes([1_500, 1_000, 0, 0, 0, 0])));
        assert_eq!(propose_split(1_000_000, &Notes([0, 0, 0, 0, 0, 1_000_000])), Some(Notes([0, 0, 0, 0, 0, 1_000_000])));
        assert_eq!(propose_split(130, &Notes([1, 3, 4, 0, 0, 0])), Some(Notes([0, 1, 4, 0, 0, 0])));
        assert_eq!(propose_split(i64::MAX, &Notes([i64::MAX; 6])).map(|split| split.yuan()), Some(i64::MAX));
        assert_eq!(propose_split(-1, &Notes([1; 6])), None);
        assert_eq!(propose_split(0, &Notes::NONE), Some(Notes::NONE));
        assert_eq!(propose_split(200_000, &Notes::NONE), None);
    }

    #[test]
    fn a_short_note_is_made_up_and_the_rest_stays() {
        let stock = Notes([1_500, 5_000, 5_000, 0, 0, 0]);
        assert_eq!(nearest_split(&Notes([2_000, 0, 0, 0, 0, 0]), &stock), Some(Notes([1_500, 1_000, 0, 0, 0, 0])));
        assert_eq!(nearest_split(&Notes([1_600, 800, 0, 0, 0, 0]), &stock), Some(Notes([1_500, 1_000, 0, 0, 0, 0])));
        assert_eq!(nearest_split(&Notes([1_000, 1_000, 0, 5_000, 0, 0]), &stock), Some(Notes([1_500, 1_000, 0, 0, 0, 0])));
        assert_eq!(nearest_split(&Notes([10, 0, 0, 0, 0, 0]), &stock), Some(Notes([10, 0, 0, 0, 0, 0])));
        assert_eq!(nearest_split(&Notes([0, 0, 0, 0, 0, 1]), &stock), None);
    }

    #[test]
    fn kept_notes_are_given_up_only_where_the_sum_needs_it() {
        // One 10 is missing and only 20s are left: the kept 10 is replaced by a 20.
        assert_eq!(nearest_split(&Notes([1, 0, 0, 2, 0, 0]), &Notes([9, 0, 9, 1, 0, 0])), Some(Notes([1, 0, 1, 0, 0, 0])));
    }

    #[test]
    fn a_split_is_led_towards_another_amount() {
        let stock = Notes([1_500, 5_000, 0, 0, 0, 0]);
        assert_eq!(split_towards(50_000, &Notes([200, 0, 0, 0, 0, 0]), &stock), Some(Notes([500, 0, 0, 0, 0, 0])));
        assert_eq!(split_towards(60_000, &Notes([0, 2_000, 0, 0, 0, 0]), &stock), Some(Notes([0, 1_200, 0, 0, 0, 0])));
        assert_eq!(split_towards(60_010, &Notes([0, 2_000, 0, 0, 0, 0]), &stock), None);
    }

    #[test]
    fn the_nearest_amounts_are_below_and_above() {
        assert_eq!(nearest_amounts(50_030, &Notes([1_000, 0, 0, 0, 0, 0])), (Some(50_000), Some(50_100)));
        assert_eq!(nearest_amounts(500_000, &Notes([1_000, 0, 0, 0, 0, 0])), (Some(100_000), None));
        assert_eq!(nearest_amounts(10, &Notes::NONE), (None, None));
    }

    proptest! {
        #![proptest_config(crate::soak::property(400))]

        #[test]
        fn a_split_has_fewest_notes_and_exists_exactly_when_any_does(stock in stock()) {
            let fewest = exhaustive(&stock);
            for (yuan, fewest) in (0_i64..).zip(&fewest) {
                let split = propose_split(yuan, &stock);
                prop_assert_eq!(split.map(|split| split.pieces()), *fewest, "{} of {:?}", yuan, stock);
                if let Some(split) = split {
                    prop_assert!(split.fit(&stock) && split.yuan() == yuan);
                }
            }
            prop_assert_eq!(propose_split(stock.yuan() + 1, &stock), None);
        }

        #[test]
        fn the_nearest_amounts_are_the_nearest(stock in stock(), yuan in 0_i64..1_200) {
            let sums: Vec<i64> = (0_i64..).zip(exhaustive(&stock)).filter(|(_, n)| n.is_some()).map(|(sum, _)| sum).collect();
            let below = sums.iter().copied().filter(|sum| *sum > 0 && *sum < yuan).max();
            let above = sums.iter().copied().find(|sum| *sum > yuan);
            prop_assert_eq!(nearest_amounts(yuan, &stock), (below, above));
        }

        #[test]
        fn the_nearest_split_fits_keeps_the_sum_and_exists_when_any_does(wanted in stock(), stock in stock()) {
            let near = nearest_split(&wanted, &stock);
            prop_assert_eq!(near.is_some(), propose_split(wanted.yuan(), &stock).is_some());
            if let Some(near) = near {
                prop_assert!(near.fit(&stock) && near.yuan() == wanted.yuan());
            }
            if wanted.fit(&stock) {
                prop_assert_eq!(near, Some(wanted));
            }
        }

        #[test]
        fn a_split_towards_an_amount_exists_when_any_does(wanted in stock(), stock in stock(), yuan in 0_i64..1_200) {
            let near = split_towards(yuan, &wanted, &stock);
            prop_assert_eq!(near.is_some(), propose_split(yuan, &stock).is_some());
            if let Some(near) = near {
                prop_assert!(near.fit(&stock) && near.yuan() == yuan);
            }
        }
    }
}
