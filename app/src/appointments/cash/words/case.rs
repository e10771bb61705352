//! Texts about a booking in lists, history, messages and on the home page.

use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{CashParameters, CashState, answered_everywhere_by};
use bank::branches::Reference;
use bank::cases::{CaseLine, HistoryLine};
use bank::kernel::forms::Values;
use bank::kernel::language::{Language, amount, day_full, day_long, moment, moment_full};
use bank::kernel::money::Fen;
use bank::kernel::time::{At, hhmm, parse_day};
use serde_json::Value;

use super::parameters::parameter_words;
use crate::appointments::cash::CashUi;
use crate::appointments::message::about;
use crate::kinds::{Promises, Words};
use crate::messages::fact;
use crate::t;
use crate::ui::parts::Tone;
use crate::visit::Visit;
use crate::words::{Locale, locale};

impl Words for CashUi {
    fn name(&self, l: Locale) -> String {
        t!(l, cash.kind.name)
    }

    fn title(&self, language: Language, case: &CaseLine) -> String {
        t!(locale(language), cash.kind.title, amount = amount(language, case.amount.unwrap_or_default()))
    }

    fn short(&self, language: Language, case: &CaseLine) -> String {
        t!(locale(language), cash.kind.short, amount = amount(language, case.amount.unwrap_or_default()))
    }

    fn state(&self, l: Locale, state: &str) -> Option<(String, Tone)> {
        Some(match CashState::parse(state)? {
            CashState::Submitted => (t!(l, cash.state.submitted), Tone::Brand),
            CashState::AwaitingCompanyApprover => (t!(l, cash.state.awaiting_company_approver), Tone::Wait),
            CashState::AwaitingApproval => (t!(l, cash.state.awaiting_approval), Tone::Wait),
            CashState::Confirmed => (t!(l, cash.state.confirmed), Tone::Ok),
            CashState::Proposed => (t!(l, cash.state.proposed), Tone::Wait),
            CashState::Prepared => (t!(l, cash.state.prepared), Tone::Ok),
            CashState::Arrived => (t!(l, cash.state.arrived), Tone::Brand),
            CashState::Completed => (t!(l, cash.state.completed), Tone::Neutral),
            CashState::Cancelled => (t!(l, cash.state.cancelled), Tone::Neutral),
            CashState::Declined => (t!(l, cash.state.declined), Tone::Seal),
            CashState::TimedOut => (t!(l, cash.state.timed_out), Tone::Seal),
            CashState::NoShow => (t!(l, cash.state.no_show), Tone::Seal),
        })
    }

    fn state_told(&self, l: Locale, state: &str) -> Option<String> {
        match CashState::parse(state)? {
            CashState::Submitted => Some(t!(l, cash.told.submitted)),
            CashState::AwaitingCompanyApprover => Some(t!(l, cash.told.awaiting_company_approver)),
            CashState::AwaitingApproval => Some(t!(l, cash.told.awaiting_approval)),
            CashState::Proposed => Some(t!(l, cash.told.proposed)),
            _ => None,
        }
    }

    fn done(&self, language: Language, who: String, line: &HistoryLine) -> Option<String> {
        let l = locale(language);
        Some(match line.action.as_str() {
            "submit" if line.to.as_deref().and_then(CashState::parse) == Some(CashState::AwaitingCompanyApprover) => {
                t!(l, cash.done.to_approve, who = who)
            }
            "submit" => t!(l, cash.done.submit, who = who),
            "confirm" if line.to.as_deref().and_then(CashState::parse) == Some(CashState::AwaitingApproval) => {
                t!(l, cash.done.check, who = who)
            }
            "company_approve" => t!(l, cash.done.company_approve, who = who),
            "company_refuse" => t!(l, cash.done.company_refuse, who = who),
            "company_pass" => t!(l, cash.done.company_pass),
            "company_lapse" => t!(l, cash.done.company_lapse),
            "confirm" => t!(l, cash.done.confirm, who = who),
            "approve" => t!(l, cash.done.approve, who = who),
            "refuse" => t!(l, cash.done.refuse, who = who),
            "decline" => t!(l, cash.done.decline, who = who),
            "propose" => t!(l, cash.done.propose, who = who),
            "accept" => t!(l, cash.done.accept, who = who),
            "reject" => t!(l, cash.done.reject, who = who),
            "lapse" => t!(l, cash.done.lapse),
            "prepare" => t!(l, cash.done.prepare, who = who),
            "arrive" => t!(l, cash.done.arrive, who = who),
            "complete" => match line.detail.get("paid").and_then(Value::as_i64) {
                Some(fen) => t!(l, cash.done.complete_amount, who = who, amount = amount(language, Fen(fen))),
                None => t!(l, cash.done.complete, who = who),
            },
            "move" => t!(l, cash.done.moved, who = who),
            "cancel" => t!(l, cash.done.cancel, who = who),
            "no_show" => t!(l, cash.done.no_show),
            "time_out" => t!(l, cash.done.time_out),
            "branch_closed" => t!(l, cash.done.branch_closed),
            _ => return None,
        })
    }

    fn done_told(&self, language: Language, line: &HistoryLine) -> Option<String> {
        (CashAction::parse(&line.action) == Some(CashAction::Refuse)).then(|| t!(locale(language), cash.told.refuse))
    }

    /// The alternative day of a decline; the other place that was proposed; from where to where a booking was moved.
    fn facts(&self, language: Language, facts: &Value) -> Vec<String> {
        if let Some((from, to)) = facts.get("from").zip(facts.get("to")) {
            return moved_words(language, from, to);
        }
        if let Some(proposed) = facts.get("proposed").filter(|proposed| proposed.is_object()) {
            let until = proposed.get("until").and_then(Value::as_i64).map(|at| moment_full(language, At(at))).unwrap_or_default();
            return vec![t!(locale(language), cash.done.proposed, place = place_of(language, proposed), until = until)];
        }
        let day = fact(facts, "offered_day").and_then(parse_day);
        day.map(|day| t!(locale(language), cash.done.offered, day = day_full(language, day))).into_iter().collect()
    }

    fn message(&self, l: Locale, what: &str, _facts: &Value) -> Option<(String, String)> {
        Some(match what {
            "submitted" => (t!(l, cash.message.submitted_title), t!(l, cash.message.submitted_body)),
            "to_approve" => (t!(l, cash.message.to_approve_title), t!(l, cash.message.to_approve_body)),
            "moved" => (t!(l, cash.message.moved_title), t!(l, cash.message.submitted_body)),
            "company_approved" => (t!(l, cash.message.company_approved_title), t!(l, cash.message.submitted_body)),
            "company_refused" => (t!(l, cash.message.company_refused_title), t!(l, cash.message.cancelled_body)),
            "company_lapsed" => (t!(l, cash.message.company_lapsed_title), t!(l, cash.message.cancelled_body)),
            "confirmed" | "approved" => (t!(l, cash.message.confirmed_title), t!(l, cash.message.confirmed_body)),
            "declined" => (t!(l, cash.message.declined_title), String::new()),
            "proposed" => (t!(l, cash.message.proposed_title), t!(l, cash.message.proposed_body)),
            "proposal_accepted" => (t!(l, cash.message.proposal_accepted_title), t!(l, cash.message.proposal_accepted_body)),
            "proposal_rejected" => (t!(l, cash.message.proposal_rejected_title), t!(l, cash.message.proposal_kept_body)),
            "proposal_lapsed" => (t!(l, cash.message.proposal_lapsed_title), t!(l, cash.message.proposal_kept_body)),
            "cancelled" => (t!(l, cash.message.cancelled_title), t!(l, cash.message.cancelled_body)),
            "cancelled_by_bank" => (t!(l, cash.message.cancelled_by_bank_title), t!(l, cash.message.cancelled_body)),
            "prepared" => (t!(l, cash.message.prepared_title), t!(l, cash.message.prepared_body)),
            "completed" => (t!(l, cash.message.completed_title), t!(l, cash.message.completed_body)),
            "no_show" => (t!(l, cash.message.no_show_title), t!(l, cash.message.no_show_body)),
            "branch_closed" => (t!(l, cash.message.branch_closed_title), t!(l, cash.message.branch_closed_body)),
            "timed_out" => (t!(l, cash.message.timed_out_title), t!(l, cash.message.timed_out_body)),
            _ => return None,
        })
    }

    fn about(&self, language: Language, facts: &Value) -> Option<String> {
        about(language, facts)
    }

    fn task(&self, l: Locale) -> String {
        t!(l, cash.home.task)
    }

    fn task_detail(&self, visit: &Visit, reference: &Reference) -> String {
        let parameters: CashParameters = reference.parameters("", visit.now.day());
        let (least, must) = (parameters.cash_minimum, parameters.cash_mandatory_from);
        let (least, must) = (amount(visit.language, least), amount(visit.language, must));
        t!(visit.locale(), cash.home.task_detail, amount = least, mandatory = must)
    }

    fn book(&self, l: Locale) -> String {
        t!(l, cash.home.book)
    }

    fn calendar(&self, l: Locale) -> String {
        t!(l, cash.home.calendar)
    }

    fn draft(&self, l: Locale, _values: &Values) -> String {
        t!(l, cash.home.draft)
    }

    fn draft_about(&self, visit: &Visit, reference: &Reference, values: &Values) -> Vec<String> {
        let language = visit.language;
        let branch = values.filled("branch").and_then(|id| reference.branch(id)).map(|branch| branch.name(language).to_owned());
        let day = values.filled("day").and_then(parse_day).map(|day| day_long(language, day));
        let money = values.filled("amount").and_then(|typed| Fen::read_yuan(typed).ok()).map(|fen| amount(language, fen));
        [branch, day, money].into_iter().flatten().collect()
    }

    fn promises(&self, visit: &Visit, reference: &Reference) -> Option<Promises> {
        let l = visit.locale();
        let answered = moment(visit.language, answered_everywhere_by(reference, visit.now)?, visit.now);
        let parameters: CashParameters = reference.parameters("", visit.now.day());
        let (until, minutes) = (hhmm(parameters.cash_cancel_until), parameters.cash_no_show_grace_minutes);
        let promises = vec![
            (t!(l, cash.promise.answer), t!(l, cash.promise.answer_text, time = answered)),
            (t!(l, cash.promise.notes), t!(l, cash.promise.notes_text)),
            (t!(l, cash.promise.mind), t!(l, cash.promise.mind_text, time = until)),
            (t!(l, cash.promise.late), t!(l, cash.promise.late_text, minutes = minutes)),
        ];
        Some(Promises { title: t!(l, cash.promise.title), promises })
    }

    fn note(&self, l: Locale, case: &CaseLine) -> Option<String> {
        Some(match CashState::parse(&case.state)? {
            CashState::Confirmed | CashState::Prepared | CashState::Arrived => t!(l, cash.home.note),
            CashState::AwaitingCompanyApprover => t!(l, cash.home.note_held),
            CashState::Proposed => t!(l, cash.home.note_proposed),
            _ => t!(l, cash.home.note_open),
        })
    }

    fn parameter(&self, l: Locale, name: &str) -> Option<String> {
        parameter_words(l, name)
    }
}

/// Branch, day and time.
fn place_of(language: Language, at: &Value) -> String {
    let name = match language {
        Language::ZhCn => "branch_zh",
        Language::En => "branch_en",
    };
    let day = fact(at, "day").and_then(parse_day).map(|day| day_long(language, day)).unwrap_or_default();
    let (branch, slot) = (fact(at, name).unwrap_or_default(), fact(at, "slot").unwrap_or_default());
    t!(locale(language), cash.done.place, branch = branch.to_owned(), day = day, slot = slot.to_owned())
}

/// From where to where, or that place, time and amount are the same.
fn moved_words(language: Language, from: &Value, to: &Value) -> Vec<String> {
    let l = locale(language);
    let money = |at: &Value| amount(language, Fen(at.get("amount").and_then(Value::as_i64).unwrap_or_default()));
    let (places, amounts) = ((place_of(language, from), place_of(language, to)), (money(from), money(to)));
    let mut words = Vec::new();
    if places.0 != places.1 {
        words.push(t!(l, cash.done.moved_place, from = places.0, to = places.1));
    }
    if amounts.0 != amounts.1 {
        words.push(t!(l, cash.done.moved_amount, from = amounts.0, to = amounts.1));
    }
    if words.is_empty() {
        words.push(t!(l, cash.done.moved_rest));
    }
    words
}

#[cfg(test)]
mod tests;
