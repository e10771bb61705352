//! Several statements in one round trip. Each has the same SQL text on both engines; only the way they are joined differs.
//! [`Reads`] sends small reads as one `UNION ALL`. [`join_writes`] joins writes: PostgreSQL gets one statement with a CTE each,
//! SQLite a list. The text depends on the statements only, so that it is prepared once.

use std::fmt::Write;
use std::marker::PhantomData;

use sqlx::{AssertSqlSafe, FromRow};

use super::{Arg, Conn, Engine};
use crate::kernel::failure::Failure;

/// A statement with its values, to be sent together with others.
#[derive(Clone, Debug)]
pub struct Statement {
    sql: String,
    args: Vec<Arg>,
}

impl Statement {
    pub fn new(sql: impl Into<String>, args: Vec<Arg>) -> Self {
        Self { sql: sql.into(), args }
    }
}

/// A row of a [`Part`]: two texts and two numbers; NULL is read as an empty text and 0.
#[derive(Clone, Debug, FromRow)]
pub struct PartRow {
    part: i64,
    pub a: String,
    pub b: String,
    pub x: i64,
    pub y: i64,
}

/// A small read whose SELECT has the columns `a`, `b` (texts), `x` and `y` (numbers), and the function that reads its rows. The
/// order of the rows is not kept.
pub struct Part<T> {
    statement: Statement,
    read: fn(Vec<PartRow>) -> Result<T, Failure>,
}

impl<T> Part<T> {
    pub fn new(sql: impl Into<String>, args: Vec<Arg>, read: fn(Vec<PartRow>) -> Result<T, Failure>) -> Self {
        Self { statement: Statement::new(sql, args), read }
    }

    /// Runs this read alone.
    pub async fn fetch(self, conn: &mut Conn) -> Result<T, Failure> {
        let mut reads = Reads::default();
        let slot = reads.add(self);
        reads.fetch(conn).await?.take(slot)
    }
}

/// The place of a part's rows in the result.
pub struct Slot<T> {
    part: i64,
    read: fn(Vec<PartRow>) -> Result<T, Failure>,
    of: PhantomData<T>,
}

/// Reads that are sent together.
#[derive(Debug, Default)]
pub struct Reads {
    sql: String,
    args: Vec<Arg>,
    parts: i64,
}

impl Reads {
    pub fn add<T>(&mut self, part: Part<T>) -> Slot<T> {
        let number = self.parts;
        self.parts += 1;
        if number > 0 {
            self.sql.push_str(" UNION ALL ");
        }
        let _ = write!(
            self.sql,
            "SELECT CAST({number} AS BIGINT) AS part, COALESCE(CAST(a AS TEXT), '') AS a, COALESCE(CAST(b AS TEXT), '') AS b, \
             COALESCE(CAST(x AS BIGINT), 0) AS x, COALESCE(CAST(y AS BIGINT), 0) AS y FROM ("
        );
        renumber(&mut self.sql, &part.statement.sql, self.args.len());
        let _ = write!(self.sql, ") part{number}");
        self.args.extend(part.statement.args);
        Slot { part: number, read: part.read, of: PhantomData }
    }

    pub async fn fetch(self, conn: &mut Conn) -> Result<Rows, Failure> {
        Ok(Rows(conn.fetch_all(AssertSqlSafe(self.sql), self.args).await?))
    }
}

/// The rows of [`Reads`].
pub struct Rows(Vec<PartRow>);

impl Rows {
    /// The result of one part.
    pub fn take<T>(&mut self, slot: Slot<T>) -> Result<T, Failure> {
        (slot.read)(self.0.extract_if(.., |row| row.part == slot.part).collect())
    }
}

/// Joins writes into one text that returns a row with the number of its statement for each changed row.
pub(super) fn join_writes(engine: Engine, statements: Vec<Statement>) -> (String, Vec<Arg>) {
    let (mut sql, mut args, last) = (String::new(), Vec::new(), statements.len().saturating_sub(1));
    for (number, statement) in statements.into_iter().enumerate() {
        if engine == Engine::Postgres {
            sql.push_str(if number == 0 { "WITH " } else { ", " });
            let _ = write!(sql, "w{number} AS (");
        } else if number > 0 {
            sql.push_str("; ");
        }
        renumber(&mut sql, &statement.sql, args.len());
        let _ = write!(sql, " RETURNING CAST({number} AS BIGINT) AS part");
        if engine == Engine::Postgres {
            sql.push(')');
        }
        args.extend(statement.args);
    }
    if engine == Engine::Postgres {
        // Each is carried out when its rows are read, so in this order.
        for number in 0..=last {
            let _ = write!(sql, "{}SELECT part FROM w{number}", if number == 0 { " " } else { " UNION ALL " });
        }
    }
    (sql, args)
}

/// Appends a statement whose placeholders `$n` become `$(n + offset)`.
fn renumber(to: &mut String, sql: &str, offset: usize) {
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let number: usize = after[..digits].parse().unwrap_or_default();
        let _ = write!(to, "{before}${}", number + offset);
        rest = &after[digits..];
    }
    to.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{Statement, join_writes};
    use crate::args;
    use crate::kernel::database::Engine;

    #[test]
    fn placeholders_are_numbered_through() {
        let statements = || {
            vec![
                Statement::new("INSERT INTO a (x, y) VALUES ($1, $2)", args![1, 2]),
                Statement::new("UPDATE b SET y = $2 WHERE x = $1", args![3, 4]),
            ]
        };
        let (sql, args) = join_writes(Engine::Sqlite, statements());
        assert_eq!(args.len(), 4);
        assert_eq!(
            sql,
            "INSERT INTO a (x, y) VALUES ($1, $2) RETURNING CAST(0 AS BIGINT) AS part; \
             UPDATE b SET y = $4 WHERE x = $3 RETURNING CAST(1 AS BIGINT) AS part"
        );
        let (sql, _) = join_writes(Engine::Postgres, statements());
        assert_eq!(
            sql,
            "WITH w0 AS (INSERT INTO a (x, y) VALUES ($1, $2) RETURNING CAST(0 AS BIGINT) AS part), \
             w1 AS (UPDATE b SET y = $4 WHERE x = $3 RETURNING CAST(1 AS BIGINT) AS part) \
             SELECT part FROM w0 UNION ALL SELECT part FROM w1"
        );
    }
}
