//! Counts a customer's cases, and locks the customer's row for counting.

use std::sync::LazyLock;

use sqlx::AssertSqlSafe;

use crate::args;
use crate::branches::HOLDS_REFERENCE;
use crate::cases::kind::CaseKind;
use crate::cases::quota::Counted;
use crate::cases::table::Phase;
use crate::kernel::database::{Engine, Part, PartRow, Tx};
use crate::kernel::failure::Failure;
use crate::kernel::time::At;

/// A case is open if it is in no final state of its kind. Kinds and states are constants of the code, so they can be part of the
/// SQL text.
static COUNT: LazyLock<String> = LazyLock::new(|| {
    let finals = crate::KINDS.iter().map(|kind| {
        let states = kind.states().iter().filter(|state| state.phase == Phase::Final);
        let states: Vec<String> = states.map(|state| format!("'{}'", state.code)).collect();
        format!("(kind = '{}' AND state IN ({}))", kind.case_kind().code(), states.join(", "))
    });
    let closed = finals.collect::<Vec<_>>().join(" OR ");
    format!(
        "SELECT NULL AS a, NULL AS b, COUNT(CASE WHEN {closed} THEN NULL ELSE 1 END) AS x, \
         COUNT(CASE WHEN kind = $2 AND created_at >= $3 THEN 1 END) AS y FROM cases WHERE customer_id = $1"
    )
});

/// Counts the customer's open cases of all kinds, and those of a kind created since a time.
pub fn count_cases(customer_id: &str, kind: CaseKind, since: At) -> Part<Counted> {
    let counted = |rows: Vec<PartRow>| Ok(rows.first().map_or(Counted::default(), |row| Counted { open: row.x, today: row.y }));
    Part::new(COUNT.as_str(), args![customer_id, kind.code(), since.0], counted)
}

/// Shares the lock of the reference data, then locks a customer's row, both until the transaction ends. An update without a
/// change is a row lock on both engines.
pub async fn lock_customer(tx: &mut Tx, customer_id: &str) -> Result<(), Failure> {
    let row = "UPDATE customers SET risk_flag = risk_flag WHERE id = $1";
    match tx.engine() {
        Engine::Sqlite => tx.execute(row, args![customer_id]).await?,
        Engine::Postgres => tx.execute(AssertSqlSafe(format!("{row} AND {HOLDS_REFERENCE}")), args![customer_id]).await?,
    };
    Ok(())
}
