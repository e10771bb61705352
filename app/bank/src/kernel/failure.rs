//! [`Failure`]: an error the user could not have avoided. [`Rejected`]: the error of an operation that may also be refused
//! by a rule. A failure is logged once, in the HTTP layer, under the request's reference.

/// A technical error: the cause goes to the log, the user sees a reference to it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database returned an error.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The connection was lost during COMMIT, so the outcome is unknown. The transaction is not repeated automatically:
    /// the user sends the form again, and the idempotency key leads to the result if there is one.
    #[error("the connection was lost during COMMIT, its outcome is unknown: {0}")]
    CommitUnknown(sqlx::Error),
    /// The transaction shared a commit with others (SQLite), and the group was not committed.
    #[error("not committed with its group: {cause}")]
    Together {
        cause: std::sync::Arc<Failure>,
        /// The group ended before its commit, so nothing was committed and the transaction may run again.
        again: bool,
    },
    /// The work exceeded the time limit of a request.
    #[error("the request took too long")]
    TooSlow,
    /// Too much of this work waits already.
    #[error("too many {0} are waiting")]
    Overloaded(&'static str),
    /// All connections that read the lists of the desk are in use.
    #[error("all connections for the lists of the desk are in use")]
    DeskBusy,
    /// A stored text cannot be parsed.
    #[error("stored {what} cannot be read: {cause}")]
    Stored {
        /// The column or document.
        what: &'static str,
        /// The reason; never the value itself.
        cause: String,
    },
    /// A value could not be sealed or opened with the loaded keys.
    #[error("sealed value of {0} cannot be handled with this key")]
    Sealed(String),
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
    /// Any other error of the host (files, tasks).
    #[error("{0}")]
    Host(String),
}

impl Failure {
    /// The error for a stored text that cannot be parsed.
    pub fn stored(what: &'static str, cause: impl ToString) -> Self {
        Self::Stored { what, cause: cause.to_string() }
    }

    /// Whether this is a deadlock or serialisation failure (PostgreSQL 40P01, 40001): the transaction may be retried.
    pub fn is_conflict(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code == "40P01" || code == "40001")
    }

    /// Whether a unique or foreign key was broken.
    pub fn breaks_constraint(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.is_unique_violation() || error.is_foreign_key_violation()
    }

    /// Whether the connection was lost before anything was committed, so that a retry is safe.
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Database(error) => Self::is_lost_connection(error),
            Self::Together { again, .. } => *again,
            _ => false,
        }
    }

    /// Whether the connection was cut, or closed by the server (PostgreSQL class 08, 57P01 to 57P05).
    pub fn is_lost_connection(error: &sqlx::Error) -> bool {
        match error {
            sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                // SQLite error codes are never five characters long.
                code.len() == 5 && (code.starts_with("08") || code.starts_with("57P"))
            }),
            _ => false,
        }
    }

    /// Whether the same request may succeed soon: no connection, a lock wait or a statement that timed out, a full disk. The response is
    /// 503 with `Retry-After` instead of 500.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Together { cause, again } => *again || cause.is_unavailable(),
            Self::CommitUnknown(_)
            | Self::TooSlow
            | Self::Overloaded(_)
            | Self::DeskBusy
            | Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => true,
            Self::Database(sqlx::Error::Database(error)) if self.sqlite_code().is_none() => {
                // Conflicts left after all retries, insufficient resources, lock and statement time-outs, a server that is
                // read-only during a fail-over.
                let passing =
                    |code: &str| code.starts_with("53") || ["40P01", "40001", "55P03", "57014", "25006"].contains(&code);
                error.code().is_some_and(|code| passing(&code)) || self.is_lost()
            }
            // BUSY, LOCKED, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN.
            _ => self.is_lost() || matches!(self.sqlite_code(), Some(5 | 6 | 8 | 9 | 10 | 13 | 14)),
        }
    }

    /// Whether the database file is damaged (SQLite CORRUPT, NOTADB).
    pub fn is_damage(&self) -> bool {
        if let Self::Together { cause, .. } = self {
            return cause.is_damage();
        }
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

/// Why an operation was not carried out.
#[derive(Debug)]
pub enum Rejected<R> {
    /// A rule refused it. The refusal names the rule and, where there is one, the nearest value that would be accepted.
    Refused(R),
    /// A technical error.
    Unexpected(Failure),
}

impl<R> Rejected<R> {
    /// Converts the refusal.
    pub fn map<S>(self, refusal: impl FnOnce(R) -> S) -> Rejected<S> {
        match self {
            Self::Refused(refused) => Rejected::Refused(refusal(refused)),
            Self::Unexpected(failure) => Rejected::Unexpected(failure),
        }
    }
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
    /// The failure of an operation that no rule can refuse.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Refused(never) => match never {},
            Self::Unexpected(failure) => failure,
        }
    }
}
