//! A cash booking on the desk: what it asks for, the day's stock, and what a posted form does. Not here: the table of
//! states (`bank::appointments::cash::states`), the forms (`desk_forms.rs`) and the frame of the page (`crate::desk`).

use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{
    Arrival, ArrivedInstead, CashAct, CashDetail, Collecting, Denomination, Notes, StockLine, act_on_cash, cash_actions,
    cash_detail, cash_stock, next_free_day,
};
use bank::cases::{CaseLine, DeskRefusal, paid_field};
use bank::customers::CustomerCard;
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::{Nearest, Values};
use bank::kernel::language::{Language, day_long, time_span};
use bank::kernel::money::grouped;
use bank::kernel::people::{IdType, read_name};
use bank::kernel::text::whole_number;
use bank::kernel::time::{Day, day_text};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::CashUi;
use super::desk_forms::CashButtons;
use super::words::{desk_field, desk_offer, desk_refusal, document_words, notes_words, purpose_words};
use crate::cases::comma;
use crate::kinds::{Desk, Later, OnDesk, Pressed, Seen};
use crate::t;
use crate::ui::stock_bar::StockBar;
use crate::ui::summary_list::SummaryRow;
use crate::words::{Locale, locale};

impl Desk for CashUi {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> Later<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move { Ok(Box::new(load(bank, staff, case).await?) as Box<dyn OnDesk>) })
    }

    fn press<'a>(&self, pressed: Pressed<'a>) -> Later<'a, Result<(), Rejected<Vec<DeskRefusal>>>> {
        Box::pin(press(pressed))
    }

    fn refusal(&self, language: Language, refusal: &DeskRefusal) -> Option<(String, String)> {
        desk_refusal(language, refusal)
    }

    fn field(&self, locale: Locale, field: &str) -> Option<String> {
        desk_field(locale, field)
    }

    fn offer(&self, language: Language, nearest: &Nearest) -> Option<String> {
        desk_offer(language, nearest)
    }
}

/// A booking with what the desk decides it by.
#[derive(Clone, Debug)]
pub struct CashMatter {
    /// The booking.
    pub detail: CashDetail,
    /// The day's stock, while the booking holds notes of it.
    pub stock: Vec<StockLine>,
    /// What this staff member may do now.
    pub actions: Vec<CashAction>,
    /// The nearest other day the branch could serve it.
    pub free_day: Option<Day>,
}

/// Reads it.
async fn load(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<CashMatter, Failure> {
    let detail = cash_detail(bank, case).await?;
    let actions = cash_actions(bank, staff, case).await?;
    let live = detail.state.is_live();
    let stock = if live { cash_stock(bank, staff, &detail.branch_id, detail.day).await? } else { Vec::new() };
    let free_day = if actions.contains(&CashAction::Decline) { next_free_day(bank, staff, case, &detail).await? } else { None };
    Ok(CashMatter { detail, stock, actions, free_day })
}

impl OnDesk for CashMatter {
    fn rows(&self, seen: &Seen<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        rows(seen, &self.detail, customer)
    }

    fn panel(&self, seen: &Seen<'_>) -> Option<AnyView> {
        stock(seen.language, self)
    }

    fn forms(&self, seen: &Seen<'_>) -> Option<AnyView> {
        CashButtons::new(self, seen).view()
    }
}

fn rows(seen: &Seen<'_>, detail: &CashDetail, customer: SummaryRow) -> Vec<SummaryRow> {
    let (language, locale) = (seen.language, locale(seen.language));
    let when = t!(
        locale,
        appointments.when_where,
        day = day_long(language, detail.day),
        time = time_span(detail.slot, detail.slot_end),
        branch = seen.branch.to_owned()
    );
    let mut notes = vec![notes_words(locale, &detail.notes)];
    notes.extend(detail.any_notes.then(|| t!(locale, cash.desk.notes_any)));
    notes.extend(detail.new_notes.then(|| t!(locale, cash.desk.notes_new)));
    let collector = match &detail.agent {
        None => myself(language, detail),
        Some((name, document, id)) => {
            let document = document_words(locale, *document);
            t!(locale, cash.desk.collector_agent, name = name.clone(), document = document, id = id.clone())
        }
    };
    let mut rows = vec![
        SummaryRow::new(t!(locale, cash.row_time), when),
        SummaryRow::new(t!(locale, cash.desk.notes_row), notes.join(comma(language))),
        customer,
        SummaryRow::new(t!(locale, cash.desk.collector), collector),
        SummaryRow::new(t!(locale, cash.desk.account), t!(locale, cash.desk.account_last4, last4 = detail.account_last4.clone())),
    ];
    if detail.phone != seen.card.phone {
        rows.push(SummaryRow::new(t!(locale, cash.desk.contact), detail.phone.clone()));
    }
    if let Some(purpose) = &detail.purpose {
        let other = detail.purpose_other.iter().map(|other| format!(" · {other}"));
        rows.push(SummaryRow::new(
            t!(locale, cash.desk.purpose),
            format!("{}{}", purpose_words(locale, purpose), other.collect::<String>()),
        ));
    }
    if !detail.remark.is_empty() {
        rows.push(SummaryRow::new(t!(locale, cash.desk.remark), detail.remark.clone()));
    }
    if let Some(document) = detail.arrived_as.as_deref().filter(|text| !text.is_empty()) {
        let words = IdType::parse(document).map_or_else(|| document.to_owned(), |kind| document_words(locale, kind));
        rows.push(SummaryRow::new(t!(locale, cash.desk.id_shown), words));
    }
    let instead = detail.arrived_instead.as_ref().map(|who| match who {
        ArrivedInstead::Customer => myself(language, detail),
        ArrivedInstead::Agent(name, id) => t!(locale, cash.desk.arrived_agent, name = name.clone(), id = id.clone()),
    });
    rows.extend(instead.map(|who| SummaryRow::new(t!(locale, cash.desk.arrived_instead), who)));
    rows
}

/// The customer; of a company the operator who booked, by name, for it is their document that is checked.
pub fn myself(language: Language, detail: &CashDetail) -> String {
    let locale = locale(language);
    match &detail.operator {
        Some(name) => t!(locale, cash.desk.collector_operator, name = name.clone()),
        None => t!(locale, cash.desk.collector_self),
    }
}

/// The day's stock: a bar for every note of which something is reserved or asked for.
fn stock(language: Language, matter: &CashMatter) -> Option<AnyView> {
    let locale = locale(language);
    let bars = matter
        .stock
        .iter()
        .map(|line| (line, matter.detail.notes.count(line.note)))
        .filter(|(line, wanted)| line.reserved > 0 || *wanted > 0)
        .map(|(line, wanted)| {
            let text = t!(locale, cash.desk.stock_text, reserved = grouped(line.reserved), stock = grouped(line.stock));
            view! {
                <StockBar
                    label=t!(locale, cash.desk.stock_label, note = line.note.yuan())
                    taken=line.reserved - wanted
                    wanted=wanted
                    stock=line.stock
                    text=text
                />
            }
        })
        .collect::<Vec<_>>();
    (!bars.is_empty()).then(|| {
        view! {
            <section>
                <h2>{t!(locale, cash.desk.stock)}</h2>
                {bars}
                <p class="hint">{t!(locale, cash.desk.stock_hint)}</p>
            </section>
        }
        .into_any()
    })
}

/// The document the collector will most likely show.
pub fn likely_document(matter: &CashMatter, card: &CustomerCard) -> IdType {
    let agents = matter.detail.agent.as_ref().map(|(_, document, _)| *document);
    agents.or_else(|| IdType::parse(&card.id_type)).unwrap_or(IdType::ResidentId)
}

/// Carries out a pressed button.
async fn press(pressed: Pressed<'_>) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let Pressed { bank, staff, case, version, button, posted } = pressed;
    let Some(action) = CashAction::parse(button).filter(|action| *action != CashAction::TimeOut) else {
        return Err(Rejected::Refused(vec![DeskRefusal::NotNow]));
    };
    let text = |name: &str| posted.filled(name).map(str::to_owned);
    let mut act = CashAct {
        reason: text("reason"),
        offered_day: text("offered_day").filter(|_| action == CashAction::Decline),
        ..CashAct::plain(&case.number, version, action)
    };
    match action {
        // A form that shows no date leaves it to the bank.
        CashAction::Decline if !posted.has("offered_day") => {
            act.offered_day = load(bank, staff, case).await?.free_day.map(day_text);
        }
        CashAction::Arrive => {
            let matter = load(bank, staff, case).await?;
            let card = bank::customers::card(bank, staff, &case.customer_id).await?;
            // A list always has a choice; without the field its proposal counts.
            let chosen = if posted.has("id_checked") {
                posted.filled("id_checked").and_then(IdType::parse)
            } else {
                Some(likely_document(&matter, &card))
            };
            act.arrival = chosen.map(|document| Arrival { document, who: who_came(&matter.detail, posted) });
        }
        CashAction::Complete => {
            let booked = cash_detail(bank, case).await?.notes;
            act.paid = Some(read_paid(&booked, posted).map_err(|refusal| Rejected::Refused(vec![refusal]))?);
            act.purpose = text("purpose");
        }
        _ => {}
    }
    act_on_cash(bank, staff, &act).await.map_err(|rejected| match rejected {
        Rejected::Refused(refusal) => Rejected::Refused(vec![refusal]),
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
    })
}

/// Who came: as booked, unless the form says that it is the other of customer and agent, or names somebody.
fn who_came(booked: &CashDetail, posted: &Values) -> Collecting {
    let typed = |name: &str| posted.filled(name).unwrap_or_default().to_owned();
    // What is no name is refused as it was typed.
    let name = || read_name(&typed("agent_name")).unwrap_or_else(|_| typed("agent_name"));
    let named = posted.filled("agent_name").is_some() || posted.filled("agent_id").is_some();
    match posted.filled("collector") {
        Some("self") if booked.agent.is_some() => Collecting::Customer,
        Some("agent") if booked.agent.is_none() || named => Collecting::Agent { name: name(), id: typed("agent_id") },
        _ => Collecting::AsBooked,
    }
}

/// The notes paid out: what the form did not ask about was paid as booked.
fn read_paid(booked: &Notes, posted: &Values) -> Result<Notes, DeskRefusal> {
    let mut paid = *booked;
    for note in Denomination::ALL {
        let field = paid_field(note.yuan());
        if posted.has(field) {
            let wrong = DeskRefusal::PaidTooMuch { denomination: note.yuan(), booked: booked.count(note) };
            let count = posted.filled(field).map_or(Some(0), |text| whole_number(text, &["张"]));
            paid = paid.with(note, count.ok_or(wrong)?);
        }
    }
    Ok(paid)
}

#[cfg(test)]
mod tests {
    use super::read_paid;
    use bank::appointments::cash::{Denomination, Notes};
    use bank::cases::DeskRefusal;
    use bank::kernel::forms::Values;

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
        let wrong = DeskRefusal::PaidTooMuch { denomination: 100, booked: 1_500 };
        assert_eq!(read_paid(&BOOKED, &posted(&[("paid_100", "many")])), Err(wrong));
    }
}
