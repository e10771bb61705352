//! Reads the rows of an import from CSV (RFC 4180) or JSON (an array of objects). Whatever is wrong with the form of the
//! file is told by line and column, never by a value: a file without a header would show its first customer.

use std::collections::HashSet;

use anyhow::{anyhow, bail};
use bank::imports::{Fault, ImportKind, Row, RowFault};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

/// Characters of an unknown heading that are shown.
const HEADING_SHOWN: usize = 40;

/// The rows of a file, and what is wrong with its form.
#[derive(Clone)]
pub struct Sheet {
    pub rows: Vec<Row>,
    pub faults: Vec<RowFault>,
}

/// The text of a file, without a byte order mark.
fn text(bytes: &[u8]) -> anyhow::Result<&str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        bail!("the file is in UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)");
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        anyhow!("the file is not in UTF-8 (line {line}), perhaps in GBK; save it as UTF-8 (in a spreadsheet: CSV UTF-8)")
    })
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Reads a CSV file: a header with every column of the kind in any order, then the rows.
pub fn read_csv(kind: ImportKind, bytes: &[u8]) -> anyhow::Result<Sheet> {
    let text = text(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        None => bail!("the file is empty; its first line names the columns: {}", kind.columns().join(",")),
        Some(header) => header.map_err(|error| unreadable(text.as_bytes(), &error))?,
    };
    let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
    if let [name] = names.as_slice() {
        for (separator, called) in [(';', "semicolons"), ('\t', "tabs")] {
            if name.contains(separator) {
                bail!("the columns seem to be separated by {called}; save the file as CSV with commas (UTF-8)");
            }
        }
    }
    let (places, faults) = places(kind, &names, 1);
    let mut sheet = Sheet { rows: Vec::new(), faults };
    if !sheet.faults.is_empty() {
        return Ok(sheet);
    }
    let mut lines = Lines::of(text.as_bytes());
    for record in records {
        let record = record.map_err(|error| unreadable(text.as_bytes(), &error))?;
        let line = lines.number(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() != names.len() {
            let fault = Fault::Cells { found: record.len(), expected: names.len() };
            sheet.faults.push(RowFault { line, column: "", fault });
            continue;
        }
        let cells = places.iter().map(|place| composed(record.get(*place).unwrap_or_default())).collect();
        sheet.rows.push(Row { line, cells });
    }
    Ok(sheet)
}

/// Where each column of the kind stands among the names, or what is wrong with the names.
fn places(kind: ImportKind, names: &[String], line: u64) -> (Vec<usize>, Vec<RowFault>) {
    let mut seen = HashSet::new();
    let other = names.iter().filter(|name| !kind.columns().contains(&name.as_str()) || !seen.insert(*name));
    let mut unknown: Vec<String> = other.map(|name| name.chars().take(HEADING_SHOWN).collect()).collect();
    let find = |column: &str| names.iter().position(|name| name == column);
    let places: Vec<usize> = kind.columns().iter().filter_map(|column| find(column)).collect();
    let absent: Vec<&'static str> = kind.columns().iter().filter(|column| find(column).is_none()).copied().collect();
    if unknown.is_empty() && absent.is_empty() {
        return (places, Vec::new());
    }
    if places.is_empty() {
        // Perhaps a row of data, in a file without a header.
        unknown.clear();
    }
    (places, vec![RowFault { line, column: "", fault: Fault::Columns { unknown, absent } }])
}

fn unreadable(file: &[u8], error: &csv::Error) -> anyhow::Error {
    let line = Lines::of(file).number(error.position().map_or(0, csv::Position::byte));
    anyhow!("the file is not CSV (line {line})")
}

/// Reads a JSON file: an array of objects with every column of the kind. A nested value becomes its JSON text.
pub fn read_json(kind: ImportKind, bytes: &[u8]) -> anyhow::Result<Sheet> {
    let text = text(bytes)?;
    let objects: Vec<&RawValue> = serde_json::from_str(text)
        .map_err(|error| anyhow!("the file is not a JSON array (line {}, column {})", error.line(), error.column()))?;
    let mut sheet = Sheet { rows: Vec::new(), faults: Vec::new() };
    let mut lines = Lines::of(text.as_bytes());
    for object in objects {
        // A raw value is a part of the text.
        let line = lines.number((object.get().as_ptr() as usize - text.as_ptr() as usize) as u64);
        let Ok(object) = serde_json::from_str::<Map<String, Value>>(object.get()) else {
            sheet.faults.push(RowFault { line, column: "", fault: Fault::NotAnObject });
            continue;
        };
        let names: Vec<String> = object.keys().cloned().collect();
        let (_, faults) = places(kind, &names, line);
        if faults.is_empty() {
            let cells = kind.columns().iter().map(|column| cell(object.get(*column))).collect();
            sheet.rows.push(Row { line, cells });
        }
        sheet.faults.extend(faults);
    }
    Ok(sheet)
}

/// The line numbers of growing offsets in a text.
struct Lines<'t> {
    rest: &'t [u8],
    /// Offset at which `rest` begins.
    offset: u64,
    line: u64,
}

impl<'t> Lines<'t> {
    fn of(rest: &'t [u8]) -> Self {
        Self { rest, offset: 0, line: 1 }
    }

    /// The line of the first character at or after the offset that ends no line: the CSV reader leaves the second half of
    /// CR LF and empty lines to the next record.
    fn number(&mut self, offset: u64) -> u64 {
        while let Some((byte, rest)) = self.rest.split_first()
            && (self.offset < offset || b"\r\n".contains(byte))
        {
            self.line += u64::from(*byte == b'\n');
            self.offset += 1;
            self.rest = rest;
        }
        self.line
    }
}

/// The text of a value; blank for `null`.
pub fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => composed(text),
        Some(Value::Bool(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
        Some(other) => composed(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    const KIND: ImportKind = ImportKind::Calendar;

    fn rows(sheet: &Sheet) -> Vec<(u64, Vec<&str>)> {
        sheet.rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect()
    }

    fn told(sheet: &Sheet) -> Vec<String> {
        sheet.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn csv_is_read_with_its_lines_whatever_the_order_of_the_columns() {
        let plain = "name,Kind,date\r\n国庆节,closed,2026-10-01\r\n\"a, \"\"b\"\"\nc\",open,2026-10-02\r\n,,\r\ne\u{301},open,2026-10-03\r\n";
        for text in [plain.to_owned(), format!("\u{feff}{plain}")] {
            let sheet = read_csv(KIND, text.as_bytes()).unwrap();
            let expected = [
                (2, vec!["2026-10-01", "closed", "国庆节"]),
                (3, vec!["2026-10-02", "open", "a, \"b\"\nc"]),
                (6, vec!["2026-10-03", "open", "é"]),
            ];
            assert_eq!(rows(&sheet), expected);
            assert_eq!(told(&sheet), [""; 0]);
        }
    }

    #[test]
    fn a_header_is_told_by_its_columns_and_a_row_by_its_length() {
        let sheet = read_csv(KIND, "date,张三,date\n".as_bytes()).unwrap();
        assert_eq!(told(&sheet), ["line 1: unknown or repeated columns: 张三, date; columns that are not there: kind, name"]);
        let long = format!("date,kind,name,{}\n", "长".repeat(41));
        assert_eq!(
            told(&read_csv(KIND, long.as_bytes()).unwrap()),
            [format!("line 1: unknown or repeated columns: {}", "长".repeat(40))]
        );
        // Perhaps a row of data, which must not be shown.
        let sheet = read_csv(KIND, "张三,13800000000,x\n".as_bytes()).unwrap();
        assert_eq!(told(&sheet), ["line 1: columns that are not there: date, kind, name"]);
        for (text, separator) in [("date;kind;name\n2026-10-01;closed;x\n", "semicolons"), ("date\tkind\tname\n", "tabs")] {
            assert!(read_csv(KIND, text.as_bytes()).err().unwrap().to_string().contains(separator), "{text}");
        }
        let sheet = read_csv(KIND, "date,kind,name\n2026-10-01,closed\n2026-10-02,open,x\n1,2,3,4\n".as_bytes()).unwrap();
        let faults = ["line 2: the row has 2 columns instead of 3", "line 4: the row has 4 columns instead of 3"];
        assert_eq!((told(&sheet), sheet.rows.len()), (faults.map(str::to_owned).to_vec(), 1));
        assert!(read_csv(KIND, b"").err().unwrap().to_string().contains("date,kind,name"));
    }

    #[test]
    fn another_encoding_is_refused_by_name() {
        let gbk = b"date,kind,name\n2026-10-01,closed,\xb9\xfa\xc7\xec\n";
        let said = read_csv(KIND, gbk).err().unwrap().to_string();
        assert!(said.contains("GBK") && said.contains("line 2"), "{said}");
        assert!(read_csv(KIND, b"\xff\xfed\0").err().unwrap().to_string().contains("UTF-16"));
    }

    #[test]
    fn an_unreadable_record_is_told_by_its_own_line() {
        for file in [&b"a,b\r\n1,2\r\n\r\n3,\xff\r\n"[..], b"a,b\n1,2\n\n3,\xff\n"] {
            let error = csv::Reader::from_reader(file).records().find_map(Result::err).unwrap();
            assert_eq!(unreadable(file, &error).to_string(), "the file is not CSV (line 4)");
        }
    }

    #[test]
    fn json_is_read_with_its_lines() {
        let text = "[\n  {\"date\": \"2026-10-01\", \"kind\": \"closed\", \"name\": null},\n  {\"date\": 20261002, \"kind\": true,\n   \"name\": {\"zh\": [1]}},\n  7,\n  {\"date\": \"x\", \"kind\": \"open\", \"张三\": 1}\n]";
        let sheet = read_json(KIND, text.as_bytes()).unwrap();
        let expected = [(2, vec!["2026-10-01", "closed", ""]), (3, vec!["20261002", "yes", "{\"zh\":[1]}"])];
        assert_eq!(rows(&sheet), expected);
        let faults = ["line 5: is not an object", "line 6: unknown or repeated columns: 张三; columns that are not there: name"];
        assert_eq!(told(&sheet), faults);
        assert!(read_json(KIND, b"{}").err().unwrap().to_string().contains("line 1"));
    }
}
