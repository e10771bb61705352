//! A table; on a phone every row becomes a card that names its values.
//!
//! For one item with many properties use `summary_list`.

use leptos::prelude::*;

mod samples;

pub use samples::examples;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Column heading, repeated before each value on a phone.
    pub title: String,
    /// Whether values are right-aligned.
    pub figures: bool,
}

impl Column {
    /// A left-aligned column.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), figures: false }
    }

    /// A right-aligned column.
    pub fn figures(title: impl Into<String>) -> Self {
        Self { title: title.into(), figures: true }
    }
}

#[derive(Default)]
pub struct TableRow {
    heading: bool,
    cells: Vec<AnyView>,
    href: Option<String>,
    anchor: Option<String>,
    class: Option<&'static str>,
    current: bool,
}

impl TableRow {
    /// A row with as many cells as there are columns.
    pub fn new(cells: Vec<AnyView>) -> Self {
        Self { cells, ..Self::default() }
    }

    /// A row that names those up to the next heading.
    pub fn heading(cell: AnyView) -> Self {
        Self { heading: true, cells: vec![cell], ..Self::default() }
    }

    /// Makes the whole row clickable; the first cell becomes the link.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Names the link of the row, so that an address can lead to it.
    #[must_use]
    pub fn anchor(mut self, id: impl Into<String>) -> Self {
        self.anchor = Some(id.into());
        self
    }

    /// Sets a class of the row.
    #[must_use]
    pub fn class(mut self, class: Option<&'static str>) -> Self {
        self.class = class;
        self
    }

    /// Marks the row of the case that is open beside the list.
    #[must_use]
    pub fn current(mut self, yes: bool) -> Self {
        self.current = yes;
        self
    }
}

#[component]
pub fn Table(
    /// Caption for screen readers.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    rows: Vec<TableRow>,
) -> AnyView {
    let heads = columns.clone();
    let mut groups: Vec<Vec<TableRow>> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group) if !row.heading => group.push(row),
            _ => groups.push(vec![row]),
        }
    }
    let group = |rows: Vec<TableRow>| view! { <tbody>{rows.into_iter().map(|row| line(&columns, row)).collect_view()}</tbody> };
    view! {
        <table class="table">
            <caption class="unseen">{caption}</caption>
            <thead>
                <tr>
                    {heads
                        .into_iter()
                        .map(|column| view! { <th scope="col" class:figures=column.figures>{column.title}</th> })
                        .collect_view()}
                </tr>
            </thead>
            {groups.into_iter().map(group).collect_view()}
        </table>
    }
    .into_any()
}

fn line(columns: &[Column], row: TableRow) -> AnyView {
    if row.heading {
        let width = columns.len().to_string();
        return view! {
            <tr class="table-heading">
                <th scope="rowgroup" colspan=width>
                    {row.cells}
                </th>
            </tr>
        }
        .into_any();
    }
    let (mut href, mut anchor) = (row.href, row.anchor);
    let cells = columns
        .iter()
        .cloned()
        .zip(row.cells)
        .map(|(column, cell)| {
            let cell = match href.take() {
                Some(href) => {
                    let current = row.current.then_some("true");
                    let id = anchor.take();
                    view! { <a class="row-link" id=id href=href aria-current=current>{cell}</a> }.into_any()
                }
                // One element, because on a phone each part of a cell would be an item of its grid.
                None => view! { <div>{cell}</div> }.into_any(),
            };
            view! { <td data-label=column.title class:figures=column.figures>{cell}</td> }
        })
        .collect_view();
    view! {
        <tr class=row.class class:current=row.current>
            {cells}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_cell_can_say_its_column_on_a_phone() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches("<td").count(), html.matches("data-label=").count());
    }

    #[test]
    fn a_cell_holds_one_element() {
        let html = super::super::html(super::examples());
        let cells: Vec<&str> =
            html.split("<td").skip(1).filter_map(|cell| cell.split_once('>')).map(|(_, inside)| inside).collect();
        assert!(cells.len() > 3 && cells.iter().all(|cell| cell.starts_with("<div>") || cell.starts_with("<a ")), "{cells:?}");
    }

    #[test]
    fn a_row_that_leads_somewhere_has_one_link() {
        let html = super::super::html(super::examples());
        assert_eq!(html.matches(r#"class="row-link""#).count(), 3);
        assert_eq!(html.matches(r#"aria-current="true""#).count(), 1);
    }
}
