//! Configuration of this crate's long tests, see [`length`].

mod length;

use proptest::test_runner::{Config, RngSeed};

pub use length::{rounds, seed};

/// Configuration of a property test: `full` cases in a soak, a tenth of them otherwise.
pub fn property(full: usize) -> Config {
    let cases = u32::try_from(rounds(full)).expect("a number of cases");
    Config { cases, rng_seed: RngSeed::Fixed(seed(20_261_126)), ..Config::default() }
}
