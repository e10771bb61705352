//! What can go wrong that no customer could have avoided ([`Failure`]), and the result of an operation that may also
//! be refused ([`Rejected`]). A failure is logged once, at the boundary, under the request's reference.

/// Something that is ours to mend: the cause goes to the log, the person sees a reference.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database did not do what it was asked.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored text cannot be read as what it should be.
    #[error("stored {what} cannot be read: {cause}")]
    Stored {
        /// Which column or document.
        what: &'static str,
        /// Why it cannot be read; never the value itself.
        cause: String,
    },
    /// A sealed value could not be sealed or opened.
    #[error("sealed value of {0} cannot be handled with this key")]
    Sealed(&'static str),
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
    /// Anything of the host (files, tasks).
    #[error("{0}")]
    Host(String),
}

impl Failure {
    /// A stored text that does not parse.
    pub fn stored(what: &'static str, cause: impl ToString) -> Self {
        Self::Stored { what, cause: cause.to_string() }
    }

    /// Whether two transactions met and running this one again may succeed (PostgreSQL 40P01, 40001).
    pub fn is_conflict(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code == "40P01" || code == "40001")
    }
}

/// An operation was not carried out: refused with a reason for the person, or failed.
#[derive(Debug)]
pub enum Rejected<R> {
    /// The rules say no; the refusal says which and what would be accepted.
    Refused(R),
    /// Ours to mend.
    Unexpected(Failure),
}

impl<R> From<Failure> for Rejected<R> {
    fn from(failure: Failure) -> Self {
        Self::Unexpected(failure)
    }
}

impl<R> From<sqlx::Error> for Rejected<R> {
    fn from(error: sqlx::Error) -> Self {
        Self::Unexpected(Failure::Database(error))
    }
}

impl Rejected<std::convert::Infallible> {
    /// The failure of an operation that nothing can refuse.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Refused(never) => match never {},
            Self::Unexpected(failure) => failure,
        }
    }
}
