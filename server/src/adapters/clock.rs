//! The clocks: the system clock, and one with a chosen start for a demo bank. No other code reads the time.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bank::kernel::bank::Clock;
use bank::kernel::time::At;

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    fn now(&self) -> At {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        At(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that starts at a chosen time and ticks from there (`--now`).
#[derive(Clone, Copy, Debug)]
pub struct TickingClock {
    start: At,
    since: Instant,
}

impl TickingClock {
    /// Starts the clock now, showing `start`.
    pub fn starting(start: At) -> Self {
        Self { start, since: Instant::now() }
    }
}

impl Clock for TickingClock {
    fn now(&self) -> At {
        self.start.plus_ms(i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_clock_ticks_from_where_it_starts() {
        let clock = TickingClock::starting(At(1_000));
        let first = clock.now();
        std::thread::sleep(std::time::Duration::from_millis(3));
        assert!(first >= At(1_000) && clock.now() > first);
    }

    #[test]
    fn the_machines_clock_shows_this_century() {
        assert!(SystemClock.now() > At(1_700_000_000_000));
    }
}
