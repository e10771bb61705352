//! Shared by the benches: medians and percentiles, numbers that the environment may set, and an HTTP client (`client.rs`).

#[expect(dead_code, reason = "each bench uses a part")]
pub mod client;

use std::time::Duration;

use crate::support::TestBank;

/// A number that this variable of the environment replaces.
pub fn knob(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

/// Whether `LOBBY_BENCH_ENGINES`, if set, names this engine.
pub fn measured(engine: &str) -> bool {
    std::env::var("LOBBY_BENCH_ENGINES").map_or(true, |engines| engines.split(',').any(|named| named == engine))
}

/// Runs a bench on a blank bank of each engine that is measured.
pub fn on_each_engine(bench: impl AsyncFn(&str, &TestBank)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if measured("sqlite") {
            bench("SQLite", &TestBank::blank_sqlite().await).await;
        }
        if measured("postgres")
            && let Some(bank) = TestBank::blank_postgres().await
        {
            bench("PostgreSQL", &bank).await;
            bank.drop_database().await;
        }
    });
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median of the quotients of two series measured in turns.
pub fn paired(these: impl Iterator<Item = f64>, those: impl Iterator<Item = f64>) -> f64 {
    median(these.zip(those).map(|(this, that)| this / that).collect())
}

/// The times of one run.
pub struct Times {
    pub each: Vec<Duration>,
    pub whole: Duration,
}

/// What a line of a table shows: the rate per second and two percentiles in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub rate: f64,
    pub p50: f64,
    pub p95: f64,
}

impl Times {
    pub fn figures(mut self) -> Figures {
        self.each.sort_unstable();
        let last = self.each.len().saturating_sub(1);
        let at = |percent: usize| self.each.get(last * percent / 100).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0);
        let count = u32::try_from(self.each.len()).map_or(f64::NAN, f64::from);
        Figures { rate: count / self.whole.as_secs_f64(), p50: at(50), p95: at(95) }
    }
}

/// The median of each figure.
pub fn medians(rounds: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| median(rounds.iter().map(figure).collect());
    Figures { rate: of(|round| round.rate), p50: of(|round| round.p50), p95: of(|round| round.p95) }
}
