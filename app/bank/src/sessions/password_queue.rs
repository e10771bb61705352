//! The queue of the password hashes: bounded, and shared fairly by source, so that nobody waits behind everything that one source
//! has sent.

use std::collections::VecDeque;

use crate::kernel::failure::Failure;

/// Hashes that may wait. With two threads and 30 ms for a hash the last of them waits a second.
const WAITING_MAX: usize = 64;

/// Hashes that may wait of one source: a branch whose visitors share an address.
const OF_ONE_SOURCE: usize = 16;

/// Jobs by whoever asked for them; the lines take turns.
pub(super) struct Queue<Job> {
    lines: VecDeque<(String, VecDeque<Job>)>,
    waiting: usize,
}

impl<Job> Default for Queue<Job> {
    fn default() -> Self {
        Self { lines: VecDeque::new(), waiting: 0 }
    }
}

impl<Job> Queue<Job> {
    /// Queues a job, unless too many of its source wait. If the queue is full, the longest line gives its last job up to a source
    /// that has fewer; it is returned, so that whoever waits for it is told.
    pub(super) fn push(&mut self, source: &str, job: Job) -> Result<Option<Job>, Failure> {
        let too_many = || Failure::Overloaded("password hashes");
        let mine = self.lines.iter().position(|(known, _)| known == source);
        let own = mine.and_then(|place| self.lines.get(place)).map_or(0, |(_, line)| line.len());
        if own >= OF_ONE_SOURCE {
            return Err(too_many());
        }
        let mut given_up = None;
        if self.waiting >= WAITING_MAX {
            let longest = self.lines.iter_mut().map(|(_, line)| line).max_by_key(|line| line.len());
            let line = longest.filter(|line| line.len() > own + 1).ok_or_else(too_many)?;
            given_up = line.pop_back();
            self.waiting -= 1;
        }
        match mine.and_then(|place| self.lines.get_mut(place)) {
            Some((_, line)) => line.push_back(job),
            None => self.lines.push_back((source.to_owned(), VecDeque::from([job]))),
        }
        self.waiting += 1;
        Ok(given_up)
    }

    /// The next job: the oldest one of the source whose turn it is.
    pub(super) fn pop(&mut self) -> Option<Job> {
        let (source, mut line) = self.lines.pop_front()?;
        let job = line.pop_front();
        if !line.is_empty() {
            self.lines.push_back((source, line));
        }
        self.waiting -= usize::from(job.is_some());
        job
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting == 0
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn one_source_cannot_fill_the_queue_and_sources_take_turns() {
        let mut queue = Queue::default();
        for job in 0..OF_ONE_SOURCE {
            assert!(queue.push("one", ("one", job)).unwrap().is_none());
        }
        assert!(queue.push("one", ("one", 99)).unwrap_err().is_unavailable());
        queue.push("two", ("two", 0)).unwrap();
        assert_eq!([queue.pop(), queue.pop(), queue.pop()], [Some(("one", 0)), Some(("two", 0)), Some(("one", 1))]);
        assert!(std::iter::from_fn(|| queue.pop()).count() == OF_ONE_SOURCE - 2 && queue.is_empty());
    }

    #[test]
    fn a_full_queue_is_shared_with_who_comes_later() {
        let mut queue = Queue::default();
        let sources = ["a", "b", "c", "d"];
        for source in sources {
            for job in 0..WAITING_MAX / sources.len() {
                queue.push(source, (source, job)).unwrap();
            }
        }
        let (given_up, _) = queue.push("new", ("new", 0)).unwrap().unwrap();
        assert!(sources.contains(&given_up), "the last of a long line");
        assert_eq!(std::iter::from_fn(|| queue.pop()).take(5).filter(|(source, _)| *source == "new").count(), 1, "in one round");
        let mut queue = Queue::default();
        for source in 0..WAITING_MAX {
            queue.push(&source.to_string(), ()).unwrap();
        }
        assert!(queue.push("new", ()).is_err(), "nobody has more than one");
        assert!(queue.push("0", ()).is_err());
    }
}
