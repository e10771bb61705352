//! A new branch, changed details of one, and closing one for good (docs/domain.md §12). A branch closes only when nothing live
//! hangs on it; the refusal says what must happen first.

use std::sync::LazyLock;

use super::entry::BranchEntry;
use super::entry_records::{close_branch, find_branch_entry, next_position, put_branch};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form, entry_refused,
};
use crate::cases::{count_open, list_booked};
use crate::customers::{clear_usual, count_usual};
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::time::At;
use crate::sessions::{Scope, count_staff, list_missing};

/// A new branch (empty subject), or changed details of one.
pub struct BranchChange;

/// The form: names, address, phone, position on the map and in the lists.
pub static BRANCH_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("branch", FieldKind::Line),
        Field::new("name_zh", FieldKind::Short(|_| 40)),
        Field::new("name_en", FieldKind::Short(|_| 40)),
        Field::new("address_zh", FieldKind::Short(|_| 100)),
        Field::new("address_en", FieldKind::Short(|_| 100)),
        Field::new("phone", FieldKind::Line),
        Field::new("latitude", FieldKind::Line),
        Field::new("longitude", FieldKind::Line),
        Field::new("position", FieldKind::Count),
    ];
    change_form("admin_branch", fields)
});

/// Millionths of a degree as people write degrees.
fn degrees(micro: i64) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:06}", micro.abs() / 1_000_000, micro.abs() % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn values(entry: &BranchEntry) -> Values {
    let coordinate = |micro: Option<i64>| micro.map(degrees).unwrap_or_default();
    let pairs = [
        ("branch", entry.branch.clone()),
        ("name_zh", entry.name_zh.clone()),
        ("name_en", entry.name_en.clone()),
        ("address_zh", entry.address_zh.clone()),
        ("address_en", entry.address_en.clone()),
        ("phone", entry.phone.clone()),
        ("latitude", coordinate(entry.latitude)),
        ("longitude", coordinate(entry.longitude)),
        ("position", entry.position.to_string()),
    ];
    Values(pairs.map(|(field, value)| (field.to_owned(), value)).into())
}

/// Whether the branch exists and is not closed for good.
fn is_open(proposal: &Proposal<'_>) -> bool {
    proposal.reference.branches.iter().any(|branch| branch.id == proposal.subject)
}

async fn parse(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<BranchEntry, Rejected<Vec<ChangeRefusal>>> {
    let subject = proposal.subject;
    let last = next_position(conn).await?.to_string();
    let of = |column: &'static str| match column {
        "branch" if !subject.is_empty() => Some(subject),
        "position" => proposal.values.filled(column).or(Some(last.as_str())),
        _ => proposal.values.filled(column),
    };
    let entry = BranchEntry::parse(&of).map_err(|refusals| Rejected::Refused(entry_refused(refusals)))?;
    let refuse = |rule| Err(Rejected::Refused(entry_refused(vec![EntryRefusal { column: "branch", rule }])));
    let stored = find_branch_entry(conn, &entry.branch).await?;
    match stored {
        // The word stands for a new branch in the addresses of pages.
        None if entry.branch == "new" => refuse(EntryRule::NotACode),
        Some(_) if subject.is_empty() => refuse(EntryRule::AlreadyUsed),
        // The closure of the vault is not part of this form and stays as it is.
        Some(stored) => Ok(BranchEntry { cash_closed_until: stored.cash_closed_until, ..entry }),
        None => Ok(entry),
    }
}

impl ChangeKind for BranchChange {
    fn code(&self) -> &'static str {
        "branch"
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &BRANCH_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            if proposal.subject.is_empty() {
                return Ok(Some(Values::default()));
            }
            if !is_open(proposal) {
                return Ok(None);
            }
            Ok(find_branch_entry(conn, proposal.subject).await?.as_ref().map(values))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let entry = parse(conn, proposal).await?;
            let taken = |other: &&super::Branch| other.id != entry.branch;
            let others = proposal.reference.branches.iter().filter(taken).count();
            let mut values = values(&entry);
            // An existing branch keeps its code, which the form does not show.
            if !proposal.subject.is_empty() {
                values.set("branch", proposal.subject);
            }
            let mut touches = Vec::new();
            if proposal.subject.is_empty() {
                touches.push(Touch::BranchOpens { others: i64::try_from(others).unwrap_or(i64::MAX) });
                let missing = list_missing(conn, &entry.branch, proposal.now.day()).await?;
                touches.extend((!missing.is_empty()).then_some(Touch::NobodyYet { permissions: missing }));
            }
            // A new branch takes bookings of cash.
            Ok(Judgement {
                values,
                effective_from: None,
                second: proposal.subject.is_empty().then_some(Second::BranchOpens),
                touches,
            })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, _judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let entry = parse(tx, proposal).await?;
            put_branch(tx, &entry).await.map_err(|rejected| rejected.map(entry_refused))?;
            Ok(())
        })
    }
}

/// Closes a branch for good. Its subject is the branch.
pub struct ClosingChange;

/// The form: a tick that says it is meant.
pub static CLOSING_FORM: LazyLock<Form> =
    LazyLock::new(|| change_form("admin_closing", vec![Field::new("closing", FieldKind::Tick)]));

/// What is live at a branch.
async fn hanging(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<Vec<Touch>, Failure> {
    let (branch, today) = (proposal.subject, proposal.now.day());
    let booked = list_booked(conn, &Scope::EVERYTHING, &[branch], At::midnight(today), None).await?;
    let mut live = Vec::new();
    for kind in crate::KINDS {
        live.extend(kind.hangs_on_branch(conn, branch, today).await?);
    }
    live.insert(0, Touch::Appointments { count: i64::try_from(booked.len()).unwrap_or(i64::MAX) });
    live.push(Touch::OpenCases { count: count_open(conn, branch).await? });
    live.push(Touch::Staff { count: count_staff(conn, branch, today).await? });
    live.retain(|touch| touch.count() != Some(0));
    Ok(live)
}

impl ChangeKind for ClosingChange {
    fn code(&self) -> &'static str {
        "closing"
    }

    fn counts_cases(&self) -> bool {
        true
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &CLOSING_FORM
    }

    fn standing<'a>(&'a self, _conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move { Ok(is_open(proposal).then(Values::default)) })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let live = hanging(conn, proposal).await?;
            if !live.is_empty() {
                return Err(Rejected::Refused(vec![ChangeRefusal::Blocked { by: live }]));
            }
            if !proposal.values.ticked("closing") {
                return Err(Rejected::Refused(vec![ChangeRefusal::Missing { field: "closing".to_owned() }]));
            }
            let count = count_usual(conn, proposal.subject).await?;
            Ok(Judgement {
                values: Values(vec![("closing".to_owned(), "on".to_owned())]),
                effective_from: None,
                second: Some(Second::BranchCloses),
                touches: vec![Touch::UsualBranch { count }],
            })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, _judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            if !close_branch(tx, proposal.subject).await? {
                return Err(Rejected::Refused(vec![ChangeRefusal::NotYours]));
            }
            Ok(clear_usual(tx, proposal.subject).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::degrees;

    #[test]
    fn a_coordinate_is_written_as_it_is_read() {
        for (micro, text) in [(22_517_585, "22.517585"), (-500_000, "-0.5"), (113_000_000, "113"), (0, "0")] {
            assert_eq!(degrees(micro), text);
        }
    }
}
