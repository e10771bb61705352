//! The places for connections. When all are taken, or all that one source may have, the connection that has waited longest for
//! its next request gives way. So neither half-open requests nor idle browsers shut anybody out: a request that is being
//! answered keeps its place, and a client that sends its request at once is served.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::limits::Limits;

/// An address, of IPv6 its /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Source(IpAddr);

impl From<IpAddr> for Source {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }
}

/// All places of a server.
pub(super) struct Places {
    limits: Limits,
    taken: Mutex<Taken>,
    /// A place has become free, or waits.
    changed: Notify,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    of_source: HashMap<Source, usize>,
    /// The connections that wait for a request, by the number of their wait: the longest first.
    waiting: BTreeMap<u64, (Source, Arc<Notify>)>,
    waits: u64,
}

impl Taken {
    fn wait(&mut self, source: Source, wanted: &Arc<Notify>) -> u64 {
        self.waits += 1;
        self.waiting.insert(self.waits, (source, wanted.clone()));
        self.waits
    }

    /// Takes the place of the connection that has waited longest, of this source or of any. False if none waits.
    fn take_back(&mut self, of: Option<Source>) -> bool {
        let longest = self.waiting.iter().find(|(_, (source, _))| of.is_none_or(|of| of == *source)).map(|(wait, _)| *wait);
        let Some((source, wanted)) = longest.and_then(|wait| self.waiting.remove(&wait)) else { return false };
        self.free(source);
        wanted.notify_one();
        true
    }

    fn free(&mut self, source: Source) {
        self.in_all -= 1;
        if let Some(places) = self.of_source.get_mut(&source) {
            *places -= 1;
            if *places == 0 {
                self.of_source.remove(&source);
            }
        }
    }
}

impl Places {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, taken: Mutex::default(), changed: Notify::new() })
    }

    /// A place for a new connection, as soon as there is one; `None` if its source is answered on all places of its share.
    pub(super) async fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let source = Source::from(address);
        loop {
            match self.try_take(source) {
                Asked::Given(place) => return Some(place),
                Asked::Refused => return None,
                Asked::Later => self.changed.notified().await,
            }
        }
    }

    fn try_take(self: &Arc<Self>, source: Source) -> Asked {
        let mut taken = self.taken();
        let of_source = taken.of_source.get(&source).copied().unwrap_or_default();
        if of_source >= self.limits.of_a_source() && !taken.take_back(Some(source)) {
            tracing::warn!("a source has too many requests at once: its connection is refused");
            return Asked::Refused;
        }
        if taken.in_all >= self.limits.connections && !taken.take_back(None) {
            return Asked::Later;
        }
        taken.in_all += 1;
        *taken.of_source.entry(source).or_default() += 1;
        let wanted = Arc::new(Notify::new());
        let wait = AtomicU64::new(taken.wait(source, &wanted));
        Asked::Given(Place { places: self.clone(), source, wanted, wait })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Asked {
    Given(Place),
    /// The source is answered on all places of its share.
    Refused,
    /// All places are answered on.
    Later,
}

/// The place of a connection, given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    source: Source,
    wanted: Arc<Notify>,
    /// The number of its wait, [`BUSY`] while a request is answered.
    wait: AtomicU64,
}

/// No wait has this number.
const BUSY: u64 = 0;

impl Place {
    /// Completes when the place has been taken back.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Keeps the place until the answer is made. While it is sent, the connection waits for the next request.
    pub(super) fn busy(&self) -> Busy<'_> {
        // Not found if the place has been taken back at this moment: then the connection is about to end.
        if self.places.taken().waiting.remove(&self.wait.load(Ordering::Relaxed)).is_some() {
            self.wait.store(BUSY, Ordering::Relaxed);
        }
        Busy(self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        let wait = *self.wait.get_mut();
        if wait == BUSY || taken.waiting.remove(&wait).is_some() {
            taken.free(self.source);
            self.places.changed.notify_one();
        }
    }
}

/// A request is being answered.
pub(super) struct Busy<'p>(&'p Place);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let place = self.0;
        let mut taken = place.places.taken();
        if place.wait.load(Ordering::Relaxed) == BUSY {
            place.wait.store(taken.wait(place.source, &place.wanted), Ordering::Relaxed);
            place.places.changed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn places(connections: usize) -> Arc<Places> {
        Places::new(Limits { connections, ..Limits::default() })
    }

    fn source(address: &str) -> Source {
        Source::from(address.parse::<IpAddr>().unwrap())
    }

    fn given(places: &Arc<Places>, source: Source) -> Place {
        match places.try_take(source) {
            Asked::Given(place) => place,
            Asked::Refused | Asked::Later => panic!("no place"),
        }
    }

    fn given_way(place: &Place) -> bool {
        !place.places.taken().waiting.contains_key(&place.wait.load(Ordering::Relaxed))
    }

    #[test]
    fn a_source_is_an_address_and_of_ipv6_a_network() {
        assert_eq!(source("2001:db8:1:2:3::4"), source("2001:db8:1:2::9"));
        assert_ne!(source("2001:db8:1:2::9"), source("2001:db8:1:3::9"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
        assert_eq!(source("192.0.2.1"), source("::ffff:192.0.2.1"));
    }

    #[test]
    fn who_has_waited_longest_gives_way() {
        let places = places(4);
        let [a, b, c] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(source);
        let first = given(&places, a);
        let second = given(&places, a);
        let third = given(&places, b);
        let fourth = given(&places, c);
        // The first has been answered: it waits anew, so the second has waited longest.
        drop(first.busy());
        let fifth = given(&places, b);
        assert_eq!([&first, &second, &third, &fourth, &fifth].map(given_way), [false, true, false, false, false]);
        // Its late end frees nothing a second time.
        drop(second);
        let taken = places.taken();
        assert_eq!((taken.in_all, taken.of_source[&a]), (4, 1));
        drop(taken);
    }

    #[test]
    fn a_source_has_half_of_all_places() {
        let places = places(4);
        let [a, b] = ["192.0.2.1", "192.0.2.2"].map(source);
        let first = given(&places, a);
        let second = given(&places, a);
        let busy = (first.busy(), second.busy());
        assert!(matches!(places.try_take(a), Asked::Refused));
        drop(given(&places, b));
        drop(busy);
        drop(given(&places, a));
        assert!(given_way(&first));
    }

    #[tokio::test]
    async fn when_all_are_answered_a_new_one_waits() {
        let places = places(2);
        let first = places.take("192.0.2.1".parse().unwrap()).await.unwrap();
        let second = places.take("192.0.2.2".parse().unwrap()).await.unwrap();
        let busy = [first.busy(), second.busy()];
        let third = tokio::spawn({
            let places = places.clone();
            async move { places.take("192.0.2.3".parse().unwrap()).await }
        });
        tokio::task::yield_now().await;
        assert!(!third.is_finished());
        drop(busy);
        assert!(third.await.unwrap().is_some());
        drop((first, second));
        let taken = places.taken();
        assert_eq!((taken.in_all, taken.of_source.len(), taken.waiting.len()), (0, 0, 0));
    }
}
