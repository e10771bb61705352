//! The booking as it stands, beside the fields of a step: what is chosen, what is left in the account, what is not filled in yet,
//! and whether it can be booked like that. It shows the saved state.

use bank::appointments::cash::{Collector, Step};
use bank::kernel::language::{Language, amount, day_long, day_short, moment, time_span};
use bank::kernel::money::Fen;
use bank::kernel::time::hhmm;

use crate::appointments::cash::form_data::CashFormData;
use crate::appointments::cash::words::{notes_words, purpose_said, refusal_title};
use crate::form::OpenForm;
use crate::typed::display_text;
use crate::ui::panel::{PanelContents, PanelRow};
use crate::ui::parts::Tone;
use crate::{counted, t};

/// The panel of a step.
pub fn contents(data: &CashFormData, step: Step) -> PanelContents {
    let (l, language, parsed) = (data.locale, data.language, &data.parsed);
    let capitals = parsed.amount.filter(|_| language == Language::ZhCn).map(Fen::in_capitals);
    PanelContents {
        title: t!(l, cash.case.yours),
        main: parsed.amount.map(|read| amount(language, read)).unwrap_or_default(),
        main_hint: capitals.unwrap_or_default(),
        line: line(data),
        rows: rows(data, step),
        verdict: verdict(data, step),
        next: next(data),
    }
}

/// Everything in one line: 200,000 元 · 12 月 2 日 10:00.
fn line(data: &CashFormData) -> String {
    let parsed = &data.parsed;
    let money = parsed.amount.map(|read| amount(data.language, read));
    let day = parsed.day.map(|day| day_short(data.language, day));
    let when = day.map(|day| parsed.slot.map_or_else(|| day.clone(), |slot| format!("{day} {}", hhmm(slot))));
    let said: Vec<String> = [money, when].into_iter().flatten().collect();
    if said.is_empty() { t!(data.locale, cash.case.yours) } else { said.join(" · ") }
}

fn rows(data: &CashFormData, step: Step) -> Vec<PanelRow> {
    let (l, language, parsed) = (data.locale, data.language, &data.parsed);
    let change = |field: &str| {
        let of = Step::of(field);
        (of < step).then(|| OpenForm::to_field(of.name(), field, t!(l, form.change)))
    };
    let row = |field: &str, term: String, said: Option<(String, String)>| match said {
        Some((value, hint)) => PanelRow::new(term, value).hint(hint).change(change(field)),
        None => PanelRow::open(term, t!(l, form.still_open)),
    };
    let branch = data.branch().map(|branch| (branch.name(language).to_owned(), branch.address(language).to_owned()));
    let when = parsed.day.map(|day| {
        let end = parsed.slot.and_then(|slot| Some(time_span(slot, data.context.slot_end(day, slot)?.time())));
        (day_long(language, day), end.unwrap_or_default())
    });
    let notes = match (&parsed.notes, parsed.any_notes) {
        (Some(notes), any) => Some((notes_words(l, notes), if any { t!(l, cash.any_notes) } else { String::new() })),
        (None, true) => Some((t!(l, cash.any_notes), String::new())),
        (None, false) => None,
    };
    let collector = parsed.collector.as_ref().map(|collector| match collector {
        Collector::Myself if data.context.corporate => t!(l, cash.collector_operator),
        Collector::Myself => t!(l, cash.collector_self),
        Collector::Agent { name, .. } => display_text(name),
    });
    let amount = parsed.amount.is_none().then(|| row("amount", t!(l, cash.amount), None));
    let mut rows = vec![row("branch", t!(l, cash.branch), branch), row("day", t!(l, cash.row_time), when)];
    rows.extend(amount);
    rows.push(row("account", t!(l, cash.row_account), account(data)));
    rows.push(row("any_notes", t!(l, cash.notes), notes));
    if parsed.purpose_asked {
        let purpose = parsed.purpose.as_ref().map(|purpose| purpose_said(l, &purpose.term, purpose.other.as_deref()));
        rows.push(row("purpose", t!(l, cash.purpose), purpose.map(|said| (said, String::new()))));
    }
    rows.push(row("collector", t!(l, cash.collector), collector.map(|said| (said, String::new()))));
    rows
}

/// The account, with what the withdrawal leaves in it, or by how much it is above the balance.
fn account(data: &CashFormData) -> Option<(String, String)> {
    let chosen = data.parsed.account.as_ref()?;
    let place = data.accounts.iter().position(|(id, _)| id == chosen)?;
    let left = data.parsed.amount.zip(data.balances.get(place)).and_then(|(read, balance)| balance.checked_sub(read));
    let hint = match (data.above_balance(), left) {
        (Some(above), _) => above,
        (None, Some(left)) => t!(data.locale, cash.side.left, amount = amount(data.language, left)),
        (None, None) => String::new(),
    };
    Some((data.accounts.get(place)?.1.clone(), hint))
}

fn verdict(data: &CashFormData, step: Step) -> Option<(Tone, String)> {
    let (l, parsed) = (data.locale, &data.parsed);
    let refusals = data.refusals(step);
    if let Some(advice) = refusals.iter().find(|refusal| refusal.needs_no_booking()) {
        return Some((Tone::Wait, refusal_title(&data.refusal_context(), advice)));
    }
    let wrong = refusals.len();
    if wrong > 0 {
        return Some((Tone::Seal, t!(l, form.to_correct, n = wrong)));
    }
    parsed.notes.as_ref()?;
    let places = data.context.availability.as_ref()?.on(parsed.day?)?.slot(parsed.slot?)?.places;
    Some((Tone::Ok, counted!(l, places, [cash.side.enough_one], [cash.side.enough], n = places)))
}

fn next(data: &CashFormData) -> String {
    let (Some(branch), Some((day, slot))) = (data.branch(), data.parsed.day.zip(data.parsed.slot)) else { return String::new() };
    let until = moment(data.language, data.cancel_until(branch, day, slot), data.now);
    if data.held {
        return t!(data.locale, cash.side.next_held, until = until);
    }
    let due = moment(data.language, data.answer_due(branch, day, slot), data.now);
    t!(data.locale, cash.side.next, due = due, until = until)
}
