//! The reference data cached by this process, with the version of the rows they were read from (ARCHITECTURE.md, Reference
//! data). Rows and version are read in `records.rs`.

use std::cell::RefCell;
use std::future::Future;
use std::sync::{PoisonError, RwLock};

use super::model::Reference;

tokio::task_local! {
    // The reference data read by the request of this task.
    static REQUEST: RefCell<Option<Reference>>;
}

/// Runs a request so that it reads the reference data at most once: all its decisions use the same data.
pub async fn one_request<F: Future>(answer: F) -> F::Output {
    REQUEST.scope(RefCell::new(None), answer).await
}

/// The reference data read by the current request; `None` outside of a request.
pub(super) fn of_this_request() -> Option<Reference> {
    REQUEST.try_with(|read| read.borrow().clone()).ok().flatten()
}

/// Keeps the reference data for the rest of the request, unless a concurrent read kept some already; returns those kept.
pub(super) fn for_this_request(reference: Reference) -> Reference {
    REQUEST.try_with(|read| read.borrow_mut().get_or_insert_with(|| reference.clone()).clone()).unwrap_or(reference)
}

/// Forgets what the current request has read: its transaction has found that it no longer holds.
pub(crate) fn read_again() {
    // Outside of a request nothing is kept.
    drop(REQUEST.try_with(|read| read.borrow_mut().take()));
}

/// The reference data this process has read last, with their version.
#[derive(Debug, Default)]
pub(crate) struct ReferenceCache(RwLock<Option<(i64, Reference)>>);

impl ReferenceCache {
    /// The cached data, if they have this version.
    pub(super) fn get(&self, version: i64) -> Option<Reference> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|(of, _)| *of == version).map(|(_, reference)| reference.clone())
    }

    /// The data read last, whatever their version.
    pub(super) fn last(&self) -> Option<Reference> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|(_, reference)| reference.clone())
    }

    /// Caches reference data unless a newer version is cached.
    pub(super) fn put(&self, version: i64, reference: &Reference) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_none_or(|(of, _)| *of < version) {
            *held = Some((version, reference.clone()));
        }
    }
}
