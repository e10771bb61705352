//! The data files of the demo bank (`server/data/demo`), read and stored by the importers (`lobby import`). Days in them are
//! relative: `{today+24}` is 24 days after the day of loading, `{working+4}` the fourth working day after it.
//!
//! Parameters have no import kind, because a bank changes them with two administrators; they are read here.

use std::convert::Infallible;

use anyhow::{Context, anyhow, bail};
use bank::branches::insert_parameter;
use bank::imports::{ImportKind, ImportRefusal, Options, People, Report, Row, import};
use bank::kernel::bank::Bank;
use bank::kernel::calendar::WorkingCalendar;
use bank::kernel::failure::Rejected;
use bank::kernel::time::{Day, day_text, shift};
use jiff::civil::date;
use scoped_futures::ScopedFutureExt;
use serde_json::Value;

use crate::commands::import::sheet::{self, Sheet};

/// The State Council's notice for 2026 (source: the `chinesecalendar` package).
const CALENDAR: &str = include_str!("../../../../app/bank/data/calendar-cn.csv");

/// The products, in their order, and the survey, as definitions.
const PRODUCTS: &str = include_str!("../../../../app/bank/data/products.json");
const SURVEY: &str = include_str!("../../../../app/bank/data/needs-2026.json");

const PARAMETERS: &str = include_str!("../../../data/demo/parameters.csv");

/// The files in the order in which they refer to each other.
const FILES: [(ImportKind, &str); 6] = [
    (ImportKind::Calendar, CALENDAR),
    (ImportKind::Branches, include_str!("../../../data/demo/branches.csv")),
    (ImportKind::Hours, include_str!("../../../data/demo/hours.csv")),
    (ImportKind::Staff, include_str!("../../../data/demo/staff.csv")),
    (ImportKind::Customers, include_str!("../../../data/demo/customers.csv")),
    (ImportKind::Accounts, include_str!("../../../data/demo/accounts.csv")),
];

const HOLDINGS: &str = include_str!("../../../data/demo/holdings.csv");

/// Effective day of all parameters of the demo bank.
const SINCE: Day = date(2025, 1, 1);

/// Days from loading until the last day of the survey.
const SURVEY_DAYS: i64 = 119;

/// Stores everything that stands in files; what stands already stays as it is.
pub(super) async fn store(bank: &Bank, password_hash: &str) -> anyhow::Result<()> {
    let today = bank.now().day();
    let calendar = WorkingCalendar::parse(CALENDAR)?;
    let csv = |kind, text: &str| sheet::read_csv(kind, dated(text, today, &calendar).as_bytes());
    for (kind, text) in FILES {
        imported(bank, kind, csv(kind, text)?, password_hash).await?;
    }
    imported(bank, ImportKind::Products, products()?, password_hash).await?;
    imported(bank, ImportKind::Holdings, csv(ImportKind::Holdings, HOLDINGS)?, password_hash).await?;
    imported(bank, ImportKind::Surveys, survey(today)?, password_hash).await?;
    parameters(bank).await
}

/// Imports rows whose people are those of the demo bank.
pub(super) async fn imported(bank: &Bank, kind: ImportKind, sheet: Sheet, password_hash: &str) -> anyhow::Result<Report> {
    let people = People::Demo { password_hash: password_hash.to_owned() };
    let options = Options { people, dry_run: false, takes_secrets: false };
    match import(bank, kind, &sheet.rows, sheet.faults, &options, &|_| ()).await {
        Ok(report) => Ok(report),
        Err(Rejected::Refused(ImportRefusal::Faults(faults))) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            Err(anyhow!("{} of the demo bank: {first}", kind.code()))
        }
        // The database holds rows of the same keys under other ids.
        Err(Rejected::Refused(ImportRefusal::Outdated)) => Err(anyhow!(
            "the {} of the demo bank contradict what this database holds, perhaps from an interrupted load by another version; \
             load the demo bank into a new database",
            kind.code()
        )),
        Err(Rejected::Refused(refusal)) => Err(anyhow!("{} of the demo bank: {refusal:?}", kind.code())),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}

/// A row from the values of some columns; the others are blank.
pub(super) fn row(kind: ImportKind, line: u64, values: &[(&str, &str)]) -> Row {
    let value = |column: &&str| values.iter().find(|(name, _)| name == column).map(|(_, value)| (*value).to_owned());
    Row { line, cells: kind.columns().iter().map(|column| value(column).unwrap_or_default()).collect() }
}

/// The text with its relative days replaced.
fn dated(text: &str, today: Day, calendar: &WorkingCalendar) -> String {
    let mut parts = text.split('{');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let replaced = part.split_once('}').and_then(|(relative, rest)| {
            let (from, days) = relative.split_once('+')?;
            let day = match from {
                "today" => shift(today, days.parse().ok()?),
                "working" => calendar.nth_working_after(today, days.parse().ok()?),
                _ => return None,
            };
            Some(format!("{}{rest}", day_text(day)))
        });
        whole.push_str(&replaced.unwrap_or_else(|| format!("{{{part}")));
    }
    whole
}

fn products() -> anyhow::Result<Sheet> {
    let products: Vec<Value> = serde_json::from_str(PRODUCTS).context("products.json")?;
    let row = |(position, product): (u64, &Value)| {
        row(ImportKind::Products, position, &[("position", &position.to_string()), ("definition", &product.to_string())])
    };
    Ok(Sheet { rows: (1..).zip(&products).map(row).collect(), faults: Vec::new() })
}

fn survey(today: Day) -> anyhow::Result<Sheet> {
    let definition: Value = serde_json::from_str(SURVEY).context("needs-2026.json")?;
    let values = [("open_until", &*day_text(shift(today, SURVEY_DAYS))), ("definition", &*definition.to_string())];
    Ok(Sheet { rows: vec![row(ImportKind::Surveys, 1, &values)], faults: Vec::new() })
}

async fn parameters(bank: &Bank) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for record in csv::Reader::from_reader(PARAMETERS.as_bytes()).records() {
        let record = record?;
        let [branch, name, value] = [0, 1, 2].map(|place| record.get(place).unwrap_or_default().to_owned());
        if branch.is_empty() {
            bail!("parameters.csv: a parameter of the demo bank is one of a branch");
        }
        rows.push((branch, name, value));
    }
    bank.write::<_, Infallible, _>("load_demo_parameters", |tx| {
        let rows = &rows;
        async move {
            for (branch, name, value) in rows {
                insert_parameter(tx, name, branch, SINCE, value).await?;
            }
            Ok(())
        }
        .scope_boxed()
    })
    .await
    .map_err(Rejected::into_failure)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_relative_to_the_day_of_loading() {
        let calendar = WorkingCalendar::default();
        let text = "a,{today+24}\nb,{working+4},{\"zh\":1}";
        assert_eq!(dated(text, date(2026, 11, 26), &calendar), "a,2026-12-20\nb,2026-12-02,{\"zh\":1}");
    }
}
