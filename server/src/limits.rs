//! The limits of what a client may send and hold: sizes, times, connections. They apply to every request before a page sees it.
//!
//! A source is an address, of IPv6 its /64, because a customer of a provider has a whole one. Limits of sign-ins and business
//! limits are parameters (docs/domain.md §12.1).

use std::time::Duration;

use app::submission::LARGEST_BODY;

/// What a client may send and hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a TLS handshake, then for the head of each request. A connection without a request is closed after it as well: a
    /// proxy in front must give up idle connections earlier.
    pub head_time: Duration,
    /// For the body of a request, from its head on.
    pub body_time: Duration,
    /// For the answer to a request. No page takes seconds.
    pub answer_time: Duration,
    /// For a client to read anything of an answer.
    pub unread_time: Duration,
    /// For running requests after the server is asked to stop.
    pub last_requests: Duration,
    /// Request line and headers, bytes. Cookies of the portal have less than 1 kB.
    pub head_bytes: usize,
    /// Headers of a request.
    pub headers: usize,
    /// Body of a request, bytes.
    pub body_bytes: usize,
    /// Open connections in all. Each desk holds one for its list.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_time: Duration::from_secs(20),
            body_time: Duration::from_secs(20),
            answer_time: Duration::from_secs(30),
            unread_time: Duration::from_secs(30),
            last_requests: Duration::from_secs(8),
            head_bytes: 32 * 1024,
            headers: 100,
            body_bytes: LARGEST_BODY,
            connections: 4096,
        }
    }
}

/// Files and sockets of the process that are not connections of clients: database, log, secrets, listener.
#[cfg(unix)]
const OTHER_FILES: usize = 128;

impl Limits {
    /// Open connections of one source: half of all, so that no source alone can shut out the others, whether it is an attacker,
    /// a head office behind one address or a proxy.
    pub fn of_a_source(&self) -> usize {
        (self.connections / 2).max(1)
    }

    /// The default limits, with no more connections than the process may open files. Where the soft limit allows fewer, it is
    /// raised.
    #[cfg(unix)]
    pub fn of_this_process() -> Self {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let limits = Self::default();
        let wanted = (limits.connections + OTHER_FILES) as u64;
        let files = getrlimit(Resource::Nofile);
        let Some(now) = files.current.filter(|now| *now < wanted) else { return limits };
        let raised = files.maximum.map_or(wanted, |most| most.min(wanted));
        let allowed = match setrlimit(Resource::Nofile, Rlimit { current: Some(raised), ..files }) {
            Ok(()) => raised,
            Err(_) => now,
        };
        let connections = usize::try_from(allowed).unwrap_or(usize::MAX).saturating_sub(OTHER_FILES).max(OTHER_FILES);
        if connections < limits.connections {
            tracing::warn!(connections, "the process may open few files, so it serves fewer connections");
        }
        Self { connections: connections.min(limits.connections), ..limits }
    }

    /// Other systems have no such limit.
    #[cfg(not(unix))]
    pub fn of_this_process() -> Self {
        Self::default()
    }
}
