//! Parses and validates the posted fields of staff actions: who collected with which document, what was paid for which
//! purpose, the alternative day of a decline. Whether the action is allowed: `states.rs`; its effect: `kind.rs`.

use super::booked::Booked;
use super::desk_refusals::{CashDeskRefusal, paid_field};
use super::model::{Collector, Denomination, Notes, PURPOSE_OTHER, purposes};
use super::snapshot::{free_days, nearest_day};
use crate::branches::Reference;
use crate::kernel::database::Conn;
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::Values;
use crate::kernel::people::{IdType, read_name};
use crate::kernel::text::{cut, length, whole_number};
use crate::kernel::time::{At, Day, parse_day};

/// The person at the counter and the document shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    pub document: IdType,
    pub who: Collecting,
}

/// Who collects, as recorded at the counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Collecting {
    /// The person named in the booking.
    AsBooked,
    /// The customer, although an agent was named.
    Customer,
    /// An agent (代理人) who is not named in the booking.
    Agent {
        name: String,
        /// Number of the document, as typed.
        id: String,
    },
}

/// Parses the arrival (fields `collector`, `agent_name`, `agent_id`, `id_checked`). The clerk must choose the document; there
/// is no default. A named agent counts if nobody is chosen, and is refused if the customer is chosen.
///
/// # Errors
/// Everything that is missing or wrong, in the order of the form.
pub(super) fn read_arrival(agent_booked: bool, posted: &Values, now: At) -> Result<Arrival, Vec<CashDeskRefusal>> {
    let document = posted.filled("id_checked").and_then(IdType::parse);
    let mut refusals = Vec::new();
    let typed = |name: &str| posted.filled(name).unwrap_or_default().to_owned();
    let named = posted.filled("agent_name").is_some() || posted.filled("agent_id").is_some();
    let mut who = match posted.filled("collector") {
        Some("self") if named => {
            refusals.push(CashDeskRefusal::CollectorUnclear);
            Collecting::AsBooked
        }
        Some("self") if agent_booked => Collecting::Customer,
        chosen if named || (chosen == Some("agent") && !agent_booked) => {
            Collecting::Agent { name: typed("agent_name"), id: typed("agent_id") }
        }
        _ => Collecting::AsBooked,
    };
    if let Collecting::Agent { name, id } = &mut who {
        match read_name(name) {
            Ok(read) => *name = read,
            Err(fault) => refusals.push(CashDeskRefusal::AgentNameInvalid { fault }),
        }
        // Which numbers are valid depends on the document; no number is valid for none.
        let fits = document.map_or(!id.is_empty(), |document| document.parse_number(id, now.day()).is_some());
        refusals.extend((!fits).then_some(CashDeskRefusal::AgentIdInvalid));
    }
    match document {
        Some(document) if refusals.is_empty() => Ok(Arrival { document, who }),
        Some(_) => Err(refusals),
        None => {
            refusals.push(CashDeskRefusal::IdMissing);
            Err(refusals)
        }
    }
}

/// What was paid and for which purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Payment {
    pub notes: Notes,
    /// Purpose for the register: the term, for 其他 with the description.
    pub purpose: String,
}

/// Parses the payment (fields `paid_100` …, `purpose`, `purpose_other`). Fields the form did not have default to the booking.
///
/// # Errors
/// Everything that is wrong, in the order of the form.
pub(super) fn read_payment(booked: &Booked, posted: &Values, other_max: i64) -> Result<Payment, Vec<CashDeskRefusal>> {
    match (read_paid(&booked.notes, posted), read_purpose(booked, posted, other_max)) {
        (Ok(notes), Ok(purpose)) => Ok(Payment { notes, purpose }),
        (notes, purpose) => Err(notes.err().into_iter().flatten().chain(purpose.err()).collect()),
    }
}

fn read_purpose(booked: &Booked, posted: &Values, other_max: i64) -> Result<String, CashDeskRefusal> {
    let term = posted.filled("purpose").or(booked.row.purpose.as_deref()).unwrap_or_default();
    if !term.is_empty() && !purposes(booked.row.operator.is_some()).contains(&term) {
        return Err(CashDeskRefusal::PurposeUnknown);
    }
    if term != PURPOSE_OTHER {
        return Ok(term.to_owned());
    }
    let typed = if posted.has("purpose_other") { posted.filled("purpose_other") } else { booked.row.purpose_other.as_deref() };
    let words = typed.ok_or(CashDeskRefusal::PurposeWordsMissing)?;
    let length = length(words);
    if length > other_max {
        return Err(CashDeskRefusal::PurposeWordsTooLong { max: other_max, length, cut: cut(words, other_max) });
    }
    Ok(format!("{term}：{words}"))
}

fn read_paid(booked: &Notes, posted: &Values) -> Result<Notes, Vec<CashDeskRefusal>> {
    let (mut paid, mut wrong) = (*booked, Vec::new());
    for note in Denomination::ALL {
        let (field, most) = (paid_field(note.yuan()), booked.count(note));
        if posted.has(field) {
            match posted.filled(field).map_or(Some(0), |text| whole_number(text, &["张"])).filter(|count| *count <= most) {
                Some(count) => paid = paid.with(note, count),
                None => wrong.push(CashDeskRefusal::PaidTooMuch { denomination: note.yuan(), booked: most }),
            }
        }
    }
    if wrong.is_empty() && paid.is_empty() {
        wrong.push(CashDeskRefusal::PaidNothing);
    }
    if wrong.is_empty() { Ok(paid) } else { Err(wrong) }
}

/// Validates the alternative day of a decline (field `offered_day`): the rules must accept the booking on it ([`free_days`]).
/// If the form has no such field, the nearest day is taken; `None` if no day is free.
pub(super) async fn read_offered(
    conn: &mut Conn,
    reference: &Reference,
    booked: &Booked,
    posted: &Values,
    now: At,
) -> Result<Option<Day>, Rejected<CashDeskRefusal>> {
    let free = free_days(conn, reference, booked, now).await?;
    let nearest = nearest_day(&free, booked.day);
    let unfit = || Rejected::Refused(CashDeskRefusal::OfferedDayInvalid { earliest: nearest });
    let Some(typed) = posted.filled("offered_day") else {
        let asked = posted.has("offered_day") && !free.is_empty();
        return if asked { Err(unfit()) } else { Ok(nearest) };
    };
    parse_day(typed).filter(|day| free.contains(day)).map(Some).ok_or_else(unfit)
}

/// Who collected, for the register: as recorded at the counter, otherwise as booked. Returns the code and the name; the code
/// has a column of its own, so that an agent's name cannot be mistaken for the customer.
pub(super) fn collected_by<'b>(booked: &'b Booked, holder: &'b str) -> (&'b str, &'b str) {
    let row = &booked.row;
    let collector = row.arrived_collector.as_deref().unwrap_or(&row.collector);
    let name = if collector == Collector::MYSELF {
        // For a company the collector is the operator who booked.
        row.operator.as_deref().unwrap_or(holder)
    } else {
        row.arrived_agent_name.as_deref().or(row.agent_name.as_deref()).unwrap_or_default()
    };
    (collector, name)
}

/// Parses a stored code; an unknown one is an error.
pub(super) fn stored<T>(what: &'static str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    read(text).ok_or_else(|| Failure::stored(what, text))
}

#[cfg(test)]
mod tests {
    use super::{Collecting, read_arrival, read_paid};
    use crate::appointments::cash::CashDeskRefusal;
    use crate::appointments::cash::model::{Denomination, Notes};
    use crate::kernel::forms::Values;
    use crate::kernel::people::NameFault;
    use crate::kernel::time::At;

    const BOOKED: Notes = Notes([1_500, 1_000, 0, 0, 0, 0]);

    fn posted(pairs: &[(&str, &str)]) -> Values {
        Values(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn what_was_not_asked_was_paid_as_booked() {
        assert_eq!(read_paid(&BOOKED, &posted(&[])), Ok(BOOKED));
        let part = read_paid(&BOOKED, &posted(&[("paid_50", "９００ 张")]));
        assert_eq!(part, Ok(BOOKED.with(Denomination::Fifty, 900)));
        assert_eq!(read_paid(&BOOKED, &posted(&[("paid_50", "")])), Ok(BOOKED.with(Denomination::Fifty, 0)));
    }

    #[test]
    fn a_count_that_is_none_points_at_its_note() {
        let wrong = CashDeskRefusal::PaidTooMuch { denomination: 100, booked: 1_500 };
        let both = posted(&[("paid_100", "many"), ("paid_50", "1001")]);
        let more = CashDeskRefusal::PaidTooMuch { denomination: 50, booked: 1_000 };
        assert_eq!(read_paid(&BOOKED, &both), Err(vec![wrong, more]));
        let none = posted(&[("paid_100", ""), ("paid_50", "0")]);
        assert_eq!(read_paid(&BOOKED, &none), Err(vec![CashDeskRefusal::PaidNothing]));
    }

    #[test]
    fn an_agent_who_is_named_is_never_taken_for_who_was_booked() {
        let now = At::parse_rfc3339("2026-12-02T10:00:00+08:00").expect("a moment");
        let id = "11010519491231002X";
        let who = |agent_booked: bool, collector: &str, name: &str| {
            let id = if name.is_empty() { "" } else { id };
            let fields = [("collector", collector), ("agent_name", name), ("agent_id", id), ("id_checked", "resident_id")];
            read_arrival(agent_booked, &posted(&fields), now).map(|arrival| arrival.who)
        };
        let agent = Collecting::Agent { name: "李雷".to_owned(), id: id.to_owned() };
        for agent_booked in [false, true] {
            assert_eq!(who(agent_booked, "self", "李雷"), Err(vec![CashDeskRefusal::CollectorUnclear]));
            assert_eq!(who(agent_booked, "agent", "李雷"), Ok(agent.clone()));
            assert_eq!(who(agent_booked, "", "李雷"), Ok(agent.clone()), "named and nothing chosen");
            assert_eq!(who(agent_booked, "", ""), Ok(Collecting::AsBooked));
        }
        assert_eq!(who(false, "self", ""), Ok(Collecting::AsBooked));
        assert_eq!(who(true, "self", ""), Ok(Collecting::Customer));
        assert_eq!(who(true, "agent", ""), Ok(Collecting::AsBooked));
        let missing = [CashDeskRefusal::AgentNameInvalid { fault: NameFault::Missing }, CashDeskRefusal::AgentIdInvalid];
        let nothing = posted(&[("collector", "agent"), ("agent_name", ""), ("agent_id", ""), ("id_checked", "")]);
        let told = read_arrival(false, &nothing, now).err().unwrap_or_default();
        assert_eq!(told, [&missing[..], &[CashDeskRefusal::IdMissing]].concat(), "everything that is missing, at once");
    }
}
