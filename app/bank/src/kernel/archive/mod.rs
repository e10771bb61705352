//! Backups that both engines read and write: every row of every table as one line of JSON. The format depends on no engine and
//! on no list of tables; a bank moves from SQLite to PostgreSQL by a backup and a restore.
//!
//! An archive is a text file: a header; for each table a line with its name and columns, its rows as JSON arrays, and a line with
//! their number; at the end a line with the number of all rows and the SHA-256 of everything before it. Booleans are 0 and 1.
//! Sealed values stay sealed; the keys are not in the archive.
//!
//! Reading order: this file (lines), `write.rs`, `verify.rs` (the checksum of a file), `load.rs` (into an empty database).

mod load;
mod verify;
mod write;

use std::io::{BufRead, Read as _};

use serde::{Deserialize, Serialize};

pub use load::{Unloadable, load};
pub use verify::{Unreadable, verify};
pub use write::write;

/// The version of the format.
const FORMAT: u32 = 1;

/// Longest line accepted, bytes. The longest row of the schema has some hundred thousand.
const LINE_MAX: u64 = 16 << 20;

/// Tables that triggers write when rows of other tables are loaded. They come last, so that their own rows replace those.
const WRITTEN_BY_TRIGGERS: [&str; 4] = ["case_count_changes", "case_counts", "case_day_counts", "reference_version"];

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format.
    pub lobby_backup: u32,
    /// Number of the last migration of the schema.
    pub schema: i64,
    /// When it was made, UTC milliseconds.
    pub made_at: i64,
}

/// Begins a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct TableBegins {
    table: String,
    columns: Vec<String>,
}

/// Ends a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct TableEnds {
    rows: u64,
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub tables: u64,
    /// Rows of all tables.
    pub all_rows: u64,
    /// SHA-256 of all lines before this one, hexadecimal.
    sha256: String,
}

/// A line of an archive.
enum Line {
    Header(Header),
    Begins(TableBegins),
    /// The JSON array of a row.
    Row(String),
    Ends(TableEnds),
    Summary(Summary),
}

/// The next line with its text; `None` at the end of the file, or if it is no line of an archive.
fn next_line(from: &mut impl BufRead) -> std::io::Result<Option<(Line, String)>> {
    let mut text = String::new();
    from.take(LINE_MAX).read_line(&mut text)?;
    if !text.ends_with('\n') {
        return Ok(None);
    }
    Ok(parse(text.trim_end_matches('\n')).map(|line| (line, text)))
}

fn parse(text: &str) -> Option<Line> {
    if text.starts_with('[') {
        return Some(Line::Row(text.to_owned()));
    }
    let line = serde_json::from_str(text).map(Line::Begins);
    let line = line.or_else(|_| serde_json::from_str(text).map(Line::Ends));
    let line = line.or_else(|_| serde_json::from_str(text).map(Line::Summary));
    line.or_else(|_| serde_json::from_str(text).map(Line::Header)).ok()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
