//! Number of rounds and the seed of random walks, races and property tests. Shared by the unit tests of `bank` and the
//! integration tests of the server.
//!
//! - `cargo test`: a tenth of the rounds, with fixed seeds.
//! - `LOBBY_SOAK=1` (`make soak`): all rounds, with a new seed each time.
//! - `LOBBY_SEED=N`: this seed, to repeat a failure.

use std::hash::{BuildHasher, Hasher, RandomState};

/// The number of rounds to run: all in a soak, otherwise a tenth, at least one.
pub fn rounds(full: usize) -> usize {
    if is_soak() { full } else { full.div_ceil(10) }
}

/// The seed to use instead of `fixed`. It is printed; the test harness shows it if the test fails.
pub fn seed(fixed: u64) -> u64 {
    let given = std::env::var("LOBBY_SEED").ok().map(|text| text.parse().expect("LOBBY_SEED is a number"));
    let seed = given.unwrap_or_else(|| if is_soak() { RandomState::new().build_hasher().finish() } else { fixed });
    println!("LOBBY_SEED={seed} repeats this run (with LOBBY_SOAK as it was)");
    seed
}

fn is_soak() -> bool {
    std::env::var("LOBBY_SOAK").is_ok_and(|value| !value.is_empty() && value != "0")
}
