//! Reads a whole archive and compares its checksum and its numbers of rows, before anything is loaded from it.

use std::io::BufRead;

use aws_lc_rs::digest::{Context, SHA256};

use super::{FORMAT, Header, Line, Summary, hexadecimal, next_line};

/// Why a file cannot be restored.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("this is no backup of this portal")]
    NoBackup,
    #[error("this backup has format {0}, which this release does not know")]
    Format(u32),
    #[error("the backup is incomplete: it was not written to its end")]
    Incomplete,
    #[error("the backup is damaged: its content does not match its checksum")]
    Damaged,
    #[error("the backup cannot be read: {0}")]
    File(#[from] std::io::Error),
}

/// Checks that the archive is complete and unchanged since it was written.
pub fn verify(mut from: impl BufRead) -> Result<(Header, Summary), Unreadable> {
    let mut digest = Context::new(&SHA256);
    let Some((Line::Header(header), text)) = next_line(&mut from).map_err(no_text)? else { return Err(Unreadable::NoBackup) };
    if header.lobby_backup != FORMAT {
        return Err(Unreadable::Format(header.lobby_backup));
    }
    digest.update(text.as_bytes());
    let (mut tables, mut all_rows, mut rows) = (0, 0, 0);
    loop {
        let Some((line, text)) = next_line(&mut from).map_err(damaged)? else { return Err(Unreadable::Incomplete) };
        match line {
            Line::Summary(summary) => {
                let same = summary.tables == tables && summary.all_rows == all_rows;
                let unchanged = summary.sha256 == hexadecimal(digest.finish().as_ref());
                let ends_here = from.fill_buf()?.is_empty();
                return if same && unchanged && ends_here { Ok((header, summary)) } else { Err(Unreadable::Damaged) };
            }
            Line::Header(_) => return Err(Unreadable::Damaged),
            Line::Begins(_) => {
                tables += 1;
                rows = 0;
            }
            Line::Row(_) => rows += 1,
            Line::Ends(ends) => {
                if ends.rows != rows {
                    return Err(Unreadable::Damaged);
                }
                all_rows += rows;
            }
        }
        digest.update(text.as_bytes());
    }
}

/// Bytes that are no text.
fn no_text(error: std::io::Error) -> Unreadable {
    if error.kind() == std::io::ErrorKind::InvalidData { Unreadable::NoBackup } else { error.into() }
}

fn damaged(error: std::io::Error) -> Unreadable {
    if error.kind() == std::io::ErrorKind::InvalidData { Unreadable::Damaged } else { error.into() }
}
