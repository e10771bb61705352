//! Several statements in one round trip. Each has the same SQL text on both engines; only the way they are joined differs.
//! [`Reads`] sends small reads as one `UNION ALL`. [`join_writes`] joins writes: PostgreSQL gets one statement with a CTE each,
//! SQLite a list. The text depends on the statements only, so that it is prepared once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use sqlx::AssertSqlSafe;

use super::{Arg, Conn, Engine};
use crate::kernel::failure::Failure;

/// Most joined texts that a process keeps. It has fewer, unless somebody joins statements in ever new ways.
const MOST_TEXTS: usize = 1_000;

/// A statement with its values, to be sent together with others.
#[derive(Clone, Debug)]
pub struct Statement {
    sql: Cow<'static, str>,
    args: Vec<Arg>,
}

impl Statement {
    pub fn new(sql: impl Into<Cow<'static, str>>, args: Vec<Arg>) -> Self {
        Self { sql: sql.into(), args }
    }
}

/// A row of a [`Part`]: two texts and two numbers; NULL is read as an empty text and 0.
#[derive(Clone, Debug)]
pub struct PartRow {
    part: i64,
    pub a: String,
    pub b: String,
    pub x: i64,
    pub y: i64,
}

/// A [`PartRow`] as it is read.
type FoundRow = (i64, Option<String>, Option<String>, Option<i64>, Option<i64>);

/// A small read whose SELECT has the columns `a`, `b` (texts), `x` and `y` (numbers), and the function that reads its rows. The
/// order of the rows is not kept.
pub struct Part<T> {
    statement: Statement,
    read: fn(Vec<PartRow>) -> Result<T, Failure>,
}

impl<T> Part<T> {
    pub fn new(sql: impl Into<Cow<'static, str>>, args: Vec<Arg>, read: fn(Vec<PartRow>) -> Result<T, Failure>) -> Self {
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
pub struct Reads(Vec<Statement>);

impl Reads {
    pub fn add<T>(&mut self, part: Part<T>) -> Slot<T> {
        let number = i64::try_from(self.0.len()).unwrap_or_default();
        self.0.push(part.statement);
        Slot { part: number, read: part.read, of: PhantomData }
    }

    pub async fn fetch(self, conn: &mut Conn) -> Result<Rows, Failure> {
        let (sql, args) = join(Joint::Reads, self.0);
        // By position: to find a column by its name takes longer than to read it.
        let rows: Vec<FoundRow> = conn.fetch_all(AssertSqlSafe(sql), args).await?;
        let rows = rows.into_iter().map(|(part, a, b, x, y)| PartRow {
            part,
            a: a.unwrap_or_default(),
            b: b.unwrap_or_default(),
            x: x.unwrap_or_default(),
            y: y.unwrap_or_default(),
        });
        Ok(Rows(rows.collect()))
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
pub(super) fn join_writes(engine: Engine, statements: Vec<Statement>) -> (Arc<str>, Vec<Arg>) {
    join(Joint::Writes(engine), statements)
}

/// How statements are joined.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Joint {
    Reads,
    Writes(Engine),
}

/// What a joined text was made from: address and length of texts of the program, with the number of their values.
type Origin = (Joint, Vec<(usize, usize, usize)>);

/// The joined texts made so far.
static TEXTS: LazyLock<RwLock<HashMap<Origin, Arc<str>>>> = LazyLock::new(RwLock::default);

/// Joins statements. A text that consists of texts of the program is built once.
fn join(joint: Joint, statements: Vec<Statement>) -> (Arc<str>, Vec<Arg>) {
    let place = |statement: &Statement| match statement.sql {
        Cow::Borrowed(sql) => Some((sql.as_ptr().addr(), sql.len(), statement.args.len())),
        Cow::Owned(_) => None,
    };
    let origin = statements.iter().map(place).collect::<Option<Vec<_>>>().map(|places| (joint, places));
    let known = origin.as_ref().and_then(|origin| TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(origin).cloned());
    let sql = known.unwrap_or_else(|| {
        let sql: Arc<str> = joined(joint, &statements).into();
        let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(origin) = origin.filter(|_| texts.len() < MOST_TEXTS) {
            texts.insert(origin, sql.clone());
        }
        sql
    });
    (sql, statements.into_iter().flat_map(|statement| statement.args).collect())
}

fn joined(joint: Joint, statements: &[Statement]) -> String {
    let (mut sql, mut args) = (String::new(), 0);
    for (number, statement) in statements.iter().enumerate() {
        let (before, after) = match (joint, number) {
            (Joint::Reads | Joint::Writes(Engine::Sqlite), 0) => ("", ""),
            (Joint::Reads, _) => (" UNION ALL ", ""),
            (Joint::Writes(Engine::Sqlite), _) => ("; ", ""),
            (Joint::Writes(Engine::Postgres), 0) => ("WITH ", ")"),
            (Joint::Writes(Engine::Postgres), _) => (", ", ")"),
        };
        sql.push_str(before);
        match joint {
            Joint::Reads => {
                // Casts to the type that a column has cost nothing, so that the engine reads the parts as they are.
                let _ = write!(
                    sql,
                    "SELECT CAST({number} AS BIGINT) AS part, CAST(a AS TEXT) AS a, CAST(b AS TEXT) AS b, \
                     CAST(x AS BIGINT) AS x, CAST(y AS BIGINT) AS y FROM ("
                );
                renumber(&mut sql, &statement.sql, args);
                let _ = write!(sql, ") part{number}");
            }
            Joint::Writes(engine) => {
                if engine == Engine::Postgres {
                    let _ = write!(sql, "w{number} AS (");
                }
                renumber(&mut sql, &statement.sql, args);
                let _ = write!(sql, " RETURNING CAST({number} AS BIGINT) AS part");
            }
        }
        sql.push_str(after);
        args += statement.args.len();
    }
    if joint == Joint::Writes(Engine::Postgres) {
        // Each is carried out when its rows are read, so in this order.
        for number in 0..statements.len() {
            let _ = write!(sql, "{}SELECT part FROM w{number}", if number == 0 { " " } else { " UNION ALL " });
        }
    }
    sql
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
            &*sql,
            "INSERT INTO a (x, y) VALUES ($1, $2) RETURNING CAST(0 AS BIGINT) AS part; \
             UPDATE b SET y = $4 WHERE x = $3 RETURNING CAST(1 AS BIGINT) AS part"
        );
        let (sql, _) = join_writes(Engine::Postgres, statements());
        assert_eq!(
            &*sql,
            "WITH w0 AS (INSERT INTO a (x, y) VALUES ($1, $2) RETURNING CAST(0 AS BIGINT) AS part), \
             w1 AS (UPDATE b SET y = $4 WHERE x = $3 RETURNING CAST(1 AS BIGINT) AS part) \
             SELECT part FROM w0 UNION ALL SELECT part FROM w1"
        );
    }
}
