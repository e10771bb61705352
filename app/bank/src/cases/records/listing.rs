//! The SQL of a page of cases: merged from sorted legs, each with the limit of the page, so that an index answers each leg and the
//! costs depend on the length of the page and the number of legs only.

use super::case::LINE;
use crate::cases::position::PageStart;
use crate::kernel::database::Arg;

/// A list of cases.
pub struct Listing {
    /// The time it is sorted by: a column of `cases`, then the number.
    pub column: &'static str,
    pub latest_first: bool,
    /// The condition of each leg on columns of `cases`. The legs are disjoint.
    pub legs: Vec<String>,
}

impl Listing {
    /// The statement that reads a page and one more row, in any order. `narrowed` is a further condition of every leg, with its
    /// values in `args`. `None` without a leg.
    pub fn statement(&self, narrowed: &str, mut args: Vec<Arg>, start: &PageStart, most: usize) -> Option<(String, Vec<Arg>)> {
        let (order, beyond) = if self.is_descending(start) { ("DESC", "<") } else { ("ASC", ">") };
        let column = self.column;
        let beyond = start.position().map(|position| {
            args.extend([Arg::from(position.at.0), Arg::from(&position.number)]);
            format!("AND ({column}, number) {beyond} (${}, ${})", args.len() - 1, args.len())
        });
        let beyond = beyond.unwrap_or_default();
        let sorted = format!("ORDER BY {column} {order}, number {order} LIMIT {}", most + 1);
        let leg = |(place, leg): (usize, &String)| {
            format!(
                "SELECT {column}, number FROM (SELECT {column}, number FROM cases WHERE {leg} AND {narrowed} {beyond} {sorted}) \
                 AS leg{place}"
            )
        };
        let legs: Vec<String> = self.legs.iter().enumerate().map(leg).collect();
        // CROSS JOIN: SQLite joins in this order.
        let sql = format!(
            "SELECT {LINE} FROM (SELECT {column}, number FROM ({}) AS legs {sorted}) AS page CROSS JOIN cases k \
             CROSS JOIN customers c WHERE k.number = page.number AND c.id = k.customer_id",
            legs.join(" UNION ALL ")
        );
        (!legs.is_empty()).then_some((sql, args))
    }

    /// Whether the rows of this page are read in descending order of the column.
    pub fn is_descending(&self, start: &PageStart) -> bool {
        self.latest_first != start.is_backward()
    }
}
