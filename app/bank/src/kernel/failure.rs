//! What can go wrong that no customer could have avoided ([`Failure`]), and the result of an operation that may also
//! be refused ([`Rejected`]). A failure is logged once, at the boundary, under the request's reference.

/// Something that is ours to mend: the cause goes to the log, the person sees a reference.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database did not do what it was asked.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The connection was lost during COMMIT: whether the transaction counts is not known. It is never run again by
    /// itself; the person sends the form again, and its key leads to what was made.
    #[error("the connection was lost during COMMIT, its outcome is unknown: {0}")]
    CommitUnknown(sqlx::Error),
    /// Work was given up because it took longer than a request may.
    #[error("the request took too long")]
    TooSlow,
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
    Sealed(String),
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

    /// Whether the connection was lost before anything was committed, so that running it again is safe.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Database(error) if Self::is_lost_connection(error))
    }

    /// Whether the connection is gone: cut, or ended by the server (PostgreSQL class 08, 57P01 to 57P05).
    pub fn is_lost_connection(error: &sqlx::Error) -> bool {
        match error {
            sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                // SQLite's codes have no five characters.
                code.len() == 5 && (code.starts_with("08") || code.starts_with("57P"))
            }),
            _ => false,
        }
    }

    /// Whether the same request may succeed in a moment: no connection, a lock held too long, a disk that is full. The
    /// answer is 503 with Retry-After, not 500.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::CommitUnknown(_) | Self::TooSlow | Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => true,
            Self::Database(sqlx::Error::Database(error)) if self.sqlite_code().is_none() => {
                // Conflicts that outlived their retries, insufficient resources, lock and statement time-outs, a
                // read-only server during a fail-over.
                let passing =
                    |code: &str| code.starts_with("53") || ["40P01", "40001", "55P03", "57014", "25006"].contains(&code);
                error.code().is_some_and(|code| passing(&code)) || self.is_lost()
            }
            // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
            _ => self.is_lost() || matches!(self.sqlite_code(), Some(5 | 6 | 8 | 10 | 13 | 14)),
        }
    }

    /// Whether the database file is damaged (SQLite CORRUPT, NOTADB).
    pub fn is_damage(&self) -> bool {
        matches!(self.sqlite_code(), Some(11 | 26))
    }

    /// The primary result code of SQLite: the low byte of the extended one.
    fn sqlite_code(&self) -> Option<i32> {
        let Self::Database(sqlx::Error::Database(error)) = self else { return None };
        let error = error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
        let code: i32 = sqlx::error::DatabaseError::code(error)?.parse().ok()?;
        Some(code & 0xff)
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
