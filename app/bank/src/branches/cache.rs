//! The reference as this process holds it, under the version of the rows it was read from (ARCHITECTURE.md, Reference data). Not here:
//! the rows and their version (`records.rs`).

use std::cell::OnceCell;
use std::future::Future;
use std::sync::{PoisonError, RwLock};

use super::model::Reference;

tokio::task_local! {
    /// What the request of this task has read.
    static REQUEST: OnceCell<Reference>;
}

/// Answers a request, which reads the reference once: everything it decides, it decides by the same rules.
pub async fn one_request<F: Future>(answer: F) -> F::Output {
    REQUEST.scope(OnceCell::new(), answer).await
}

/// What the request of this task has read; `None` outside of a request.
pub(super) fn of_this_request() -> Option<Reference> {
    REQUEST.try_with(|read| read.get().cloned()).ok().flatten()
}

/// Keeps it for the rest of the request, unless a read that ran at the same time was kept already; gives what is kept.
pub(super) fn for_this_request(reference: Reference) -> Reference {
    REQUEST.try_with(|read| read.get_or_init(|| reference.clone()).clone()).unwrap_or(reference)
}

/// The reference that this process has read last.
#[derive(Debug, Default)]
pub(crate) struct ReferenceCache(RwLock<Option<(i64, Reference)>>);

impl ReferenceCache {
    /// What is cached, if it is of this version.
    pub(super) fn get(&self, version: i64) -> Option<Reference> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|(of, _)| *of == version).map(|(_, reference)| reference.clone())
    }

    /// Caches a reference, unless a newer one is there.
    pub(super) fn put(&self, version: i64, reference: &Reference) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_none_or(|(of, _)| *of < version) {
            *held = Some((version, reference.clone()));
        }
    }
}
