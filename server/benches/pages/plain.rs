//! The plain page: the statements that a page of the portal has sent, with the same values, and their rows as an HTML table by
//! `format!`, filled up with the portal's own HTML to the same size.

use std::fmt::Write;
use std::sync::Arc;

use ::bank::kernel::database::Sent;
use app::visit::App;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, FromRow, Row, Type};

/// A page of the portal as it was answered once.
pub struct Answered {
    /// The statements it sent.
    pub statements: Vec<Sent>,
    pub html: String,
}

/// Any row, each column as text.
struct Cells(Vec<String>);

impl FromRow<'_, SqliteRow> for Cells {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(cells(row))
    }
}

impl FromRow<'_, PgRow> for Cells {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(cells(row))
    }
}

fn cells<'r, R: Row>(row: &'r R) -> Cells
where
    usize: ColumnIndex<R>,
    Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    Option<bool>: Decode<'r, R::Database> + Type<R::Database>,
{
    let cell = |column: usize| {
        if let Ok(text) = row.try_get::<Option<String>, _>(column) {
            return text.unwrap_or_default();
        }
        if let Ok(number) = row.try_get::<Option<i64>, _>(column) {
            return number.map(|number| number.to_string()).unwrap_or_default();
        }
        row.try_get::<Option<bool>, _>(column).ok().flatten().map(|flag| flag.to_string()).unwrap_or_default()
    };
    Cells((0..row.len()).map(cell).collect())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The route that answers the plain page.
pub fn route(path: &str, page: Arc<Answered>) -> Router<App> {
    Router::new().route(path, get(move |State(app): State<App>| answer(app, page.clone())))
}

async fn answer(app: App, page: Arc<Answered>) -> Html<String> {
    let mut rows = String::new();
    let mut conn = app.bank.read().await.expect("a connection");
    for sent in &page.statements {
        let found: Vec<Cells> = conn.fetch_all(AssertSqlSafe(sent.sql.clone()), sent.args.clone()).await.expect("rows");
        for Cells(row) in found {
            let row: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
            let _ = write!(rows, "<tr>{row}</tr>");
        }
    }
    drop(conn);
    let mut rest = rows.len().min(page.html.len());
    while !page.html.is_char_boundary(rest) {
        rest += 1;
    }
    Html(format!("<table>{rows}</table>{}", &page.html[rest..]))
}
