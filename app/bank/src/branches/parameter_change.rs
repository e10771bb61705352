//! The change of a parameter from a day on, for the whole bank or one branch (docs/domain.md §12).

use std::sync::LazyLock;

use super::model::Tables;
use super::records::{insert_parameter, list_parameter};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form, effective_day,
};
use crate::cases::ParameterReach;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::failure::Rejected;
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::money::Fen;
use crate::kernel::parameters::{Bounds, Declaration, Parameters as _, Unit};
use crate::kernel::retention::RetentionParameters;
use crate::kernel::text::{narrow, whole_number};
use crate::kernel::time::{Day, day_text, hhmm, parse_time};
use crate::sessions::SessionParameters;

/// The change of a parameter. Its subject is a [`ParameterSubject`].
pub struct ParameterChange;

/// The form: the value and its effective day.
pub static PARAMETER_FORM: LazyLock<Form> = LazyLock::new(|| {
    change_form("admin_parameter", vec![Field::new("value", FieldKind::Line), Field::new("from", FieldKind::Day)])
});

/// The parameter that is changed, and where: `cash_cutoff`, or `cash_cutoff@shiqi` for one branch.
#[derive(Clone, Copy)]
pub struct ParameterSubject<'s> {
    pub declared: &'static Declaration,
    /// Empty: the whole bank.
    pub branch_id: &'s str,
}

impl<'s> ParameterSubject<'s> {
    /// `None` if no such parameter or branch exists.
    pub fn parse(subject: &'s str, reference: &Tables) -> Option<Self> {
        let (name, branch_id) = subject.split_once('@').unwrap_or((subject, ""));
        let declared = crate::parameters().find(|declared| declared.name == name)?;
        let whole_bank = !subject.contains('@');
        (whole_bank || reference.branch(branch_id).is_some()).then_some(Self { declared, branch_id })
    }

    /// The text form.
    pub fn text(name: &str, branch_id: Option<&str>) -> String {
        branch_id.map_or_else(|| name.to_owned(), |branch| format!("{name}@{branch}"))
    }
}

/// Why a second administrator approves it: it is an amount or a stock of notes, or it guards access or the keeping of personal
/// data.
fn second(declared: &Declaration) -> Option<Second> {
    if matches!(declared.unit, Unit::Yuan | Unit::Notes) {
        return Some(Second::Money);
    }
    let mut guards = SessionParameters::DECLARED.iter().chain(RetentionParameters::DECLARED);
    guards.any(|guard| guard.name == declared.name).then_some(Second::Guard)
}

/// The stored form of a typed value, if the declaration accepts it.
fn stored(declared: &Declaration, typed: &str) -> Result<String, ChangeRefusal> {
    let field = || "value".to_owned();
    let text = match declared.unit {
        Unit::Yuan => Fen::read_yuan(typed).ok().filter(|fen| fen.0 % 100 == 0).map(|fen| fen.yuan().to_string()),
        Unit::Clock => parse_time(&narrow(typed)).map(hhmm),
        Unit::Demand => Some(typed.trim().to_owned()),
        _ => whole_number(typed, &[]).map(|number| number.to_string()),
    };
    let text = text.filter(|text| (declared.reads)(text)).ok_or_else(|| ChangeRefusal::Invalid { field: field() })?;
    match (declared.exceeded(&text), text.parse()) {
        (Some(Bounds { lowest, highest }), Ok(number)) => {
            Err(ChangeRefusal::OutOfBounds { field: field(), lowest, highest, number })
        }
        _ => Ok(text),
    }
}

impl ParameterChange {
    /// The branches at which the value will apply, those that keep an own value, and the day on which a later value of the
    /// same kind replaces it.
    fn reach(subject: &ParameterSubject<'_>, reference: &Tables, from: Day) -> (Vec<String>, i64, Option<Day>) {
        let lines = |whose: &str| {
            let whose = whose.to_owned();
            reference.lines.iter().filter(move |line| line.name == subject.declared.name && line.branch_id == whose)
        };
        let later = lines(subject.branch_id).map(|line| line.effective_from).find(|day| *day > from);
        if !subject.branch_id.is_empty() {
            return (vec![subject.branch_id.to_owned()], 0, later);
        }
        let has_own = |id: &str| lines(id).any(|line| line.effective_from <= from);
        let (own, common): (Vec<_>, Vec<_>) = reference.branches.iter().partition(|branch| has_own(&branch.id));
        let own = i64::try_from(own.len()).unwrap_or(i64::MAX);
        (common.into_iter().map(|branch| branch.id.clone()).collect(), own, later)
    }
}

impl ChangeKind for ParameterChange {
    fn code(&self) -> &'static str {
        "parameter"
    }

    fn counts_cases(&self) -> bool {
        true
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &PARAMETER_FORM
    }

    /// The value that is in force on the effective day without the change: the branch's own, the bank's, or the default.
    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move {
            let Some(subject) = ParameterSubject::parse(proposal.subject, proposal.reference) else { return Ok(None) };
            let today = proposal.now.day();
            let day = effective_day(proposal.values, today).unwrap_or(today);
            let lines = list_parameter(conn, subject.declared.name, day).await?;
            let of = |whose: &str| lines.iter().rev().find(|(branch, _)| branch == whose).map(|(_, value)| value.clone());
            let own = Some(subject.branch_id).filter(|branch| !branch.is_empty()).and_then(of);
            let value = own.or_else(|| of("")).unwrap_or_else(|| (subject.declared.default)());
            Ok(Some(Values(vec![("value".to_owned(), value)])))
        })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let subject = ParameterSubject::parse(proposal.subject, proposal.reference);
            let subject = subject.ok_or_else(|| Rejected::Refused(vec![ChangeRefusal::NotYours]))?;
            let field = || "value".to_owned();
            let value = match proposal.values.filled("value") {
                None => Err(ChangeRefusal::Missing { field: field() }),
                Some(typed) => stored(subject.declared, typed),
            };
            let day = effective_day(proposal.values, proposal.now.day());
            let (value, day) = match (value, day) {
                (Ok(value), Ok(day)) => (value, day),
                (value, day) => return Err(Rejected::Refused([value.err(), day.err()].into_iter().flatten().collect())),
            };
            let (branches, own, later) = Self::reach(&subject, proposal.reference, day);
            let count = i64::try_from(branches.len()).unwrap_or(i64::MAX);
            let mut touches = vec![Touch::Branches { count }];
            touches.extend((own > 0).then_some(Touch::OwnValues { count: own }));
            touches.extend(later.map(|from| Touch::LaterValue { from }));
            let reach =
                ParameterReach { name: subject.declared.name, branches: &branches, from: day, until: later, value: &value };
            for kind in crate::KINDS {
                touches.extend(kind.touched_by_parameter(conn, &reach).await?);
            }
            Ok(Judgement {
                values: Values(vec![("value".to_owned(), value), ("from".to_owned(), day_text(day))]),
                effective_from: Some(day),
                second: second(subject.declared),
                touches,
            })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let subject = ParameterSubject::parse(proposal.subject, proposal.reference);
            let (Some(subject), Some(day)) = (subject, judgement.effective_from) else {
                return Err(Rejected::Refused(vec![ChangeRefusal::NotYours]));
            };
            let value = judgement.values.typed("value");
            Ok(insert_parameter(tx, subject.declared.name, subject.branch_id, day, value).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::kernel::forms::Refusal;

    fn declared(name: &str) -> &'static Declaration {
        crate::parameters().find(|declared| declared.name == name).unwrap()
    }

    #[test]
    fn a_value_is_read_as_people_type_it_and_stored_in_one_form() {
        for (name, typed, value) in [
            ("cash_minimum", "6 万", Some("60000")),
            ("cash_minimum", "60,000 元", Some("60000")),
            ("cash_minimum", "60000.50", None),
            ("cash_minimum", "-5", None),
            ("cash_cutoff", "14:30", Some("14:30")),
            ("cash_cutoff", "25:00", None),
            ("cash_slot_places", "１２", Some("12")),
            ("cash_slot_places", "012", Some("12")),
            ("cash_slot_places", "many", None),
            ("staff_second_factor", "offered", Some("offered")),
            ("staff_second_factor", "never", None),
        ] {
            assert_eq!(stored(declared(name), typed).ok().as_deref(), value, "{name}: {typed}");
        }
    }

    #[test]
    fn a_value_out_of_bounds_is_refused_with_the_nearest() {
        let name = "session_idle_staff_minutes";
        for (typed, nearest) in [("0", Some("5")), ("5", None), ("60", None), ("61", Some("60"))] {
            let refused = stored(declared(name), typed).err();
            let offered = refused.iter().flat_map(Refusal::nearest).next();
            assert_eq!(offered.as_ref().map(|nearest| nearest.0[0].1.as_str()), nearest, "{typed}: {refused:?}");
        }
    }

    #[test]
    fn money_access_and_keeping_take_two() {
        for (name, why) in [
            ("cash_day_total", Some(Second::Money)),
            ("cash_stock_100", Some(Second::Money)),
            ("sign_in_failures", Some(Second::Guard)),
            ("staff_second_factor", Some(Second::Guard)),
            ("customer_second_factor", Some(Second::Guard)),
            ("keep_messages_days", Some(Second::Guard)),
            ("cash_cutoff", None),
            ("survey_text_max", None),
        ] {
            assert_eq!(second(declared(name)), why, "{name}");
        }
    }
}
