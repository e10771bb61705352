//! The page of a booking: agreed facts, next steps, and the deadline to cancel.

use axum::response::Response;
use bank::appointments::cash::{CashDetail, CashRefusal, CashState, cancel_cash, cash_detail};
use bank::cases::CaseLine;
use bank::kernel::bank::Bank;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{amount, day_full, day_long, time_span};
use bank::kernel::time::hhmm;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::words::{RefusalContext, booked_notes_words, document_words, purpose_said, refusal_body, refusal_title};
use crate::appointments::case_page::{CasePage, Parts, cancelled};
use crate::kinds::AtCase;
use crate::page::{Page, PageError};
use crate::t;
use crate::typed::display_text;
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::parts::ScreenAndPrint;
use crate::ui::summary_list::SummaryRow;
use crate::ui::timeline::TimelineEntry;

/// The data of the page.
struct Booked<'v> {
    page: CasePage<'v>,
    detail: CashDetail,
}

/// The page of the caller's own booking.
pub async fn page(at: AtCase<'_>) -> Result<Response, PageError> {
    let detail = cash_detail(&at.app.bank, at.case).await?;
    let booked = Booked { page: CasePage::read(&at, &detail.branch_id).await?, detail };
    Ok(Page::new(at.visit, at.case.number.clone()).show(move || booked.view()))
}

/// POST: cancels the booking.
pub async fn cancel(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Response, PageError> {
    cancelled(case, cancel_cash(bank, customer, &case.number).await)
}

impl Booked<'_> {
    fn view(&self) -> AnyView {
        let visit = self.page.visit;
        let l = visit.locale();
        let unanswered =
            || (t!(l, cash.case.submitted), visit.dated(|say| t!(l, cash.case.answer_to, due = say(self.page.case.due_at))));
        self.page.view(Parts {
            refused: self.refused(),
            number: t!(l, cash.case.number),
            unanswered: (self.detail.state == CashState::Submitted).then(unanswered),
            yours: t!(l, cash.case.yours),
            rows: self.rows(),
            next: self.next(),
            ahead: self.detail.state.is_live(),
            again: (PATH, t!(l, cash.case.again)),
            cancel: self.page.may_cancel.then(|| (t!(l, cash.case.cancel), t!(l, cash.case.cancel_why))),
        })
    }

    /// The error summary of a refused cancellation, as long as it would still be refused.
    fn refused(&self) -> Option<AnyView> {
        let asked = self.page.visit.asks("refused").filter(|_| !self.page.may_cancel)?;
        let until = self.detail.cancel_until;
        let refusal = [CashRefusal::CancelClosed { until }, CashRefusal::CancelOver].into_iter().find(|r| r.code() == asked)?;
        let parameters = self.page.parameters.of();
        let context = RefusalContext {
            language: self.page.visit.language,
            parameters: &parameters,
            branch: self.page.branch_name(),
            day: Some(self.detail.day),
            accounts: &[],
        };
        let words = (refusal_title(&context, &refusal), refusal_body(&context, &refusal));
        Some(view! { <ErrorSummary refused=vec![Refused::of(&refusal, words)] /> }.into_any())
    }

    fn when(&self) -> ScreenAndPrint {
        let (language, day) = (self.page.visit.language, self.detail.day);
        let span = time_span(self.detail.slot, self.detail.slot_end);
        ScreenAndPrint::new(format!("{} {span}", day_long(language, day)), format!("{} {span}", day_full(language, day)))
    }

    fn rows(&self) -> Vec<SummaryRow> {
        let (l, language, detail) = (self.page.visit.locale(), self.page.visit.language, &self.detail);
        let mut rows = vec![self.page.state_row()];
        rows.extend(self.page.branch_words().map(|branch| SummaryRow::new(t!(l, cash.branch), branch)));
        rows.push(SummaryRow::new(t!(l, cash.row_time), self.when().view()));
        rows.push(SummaryRow::new(t!(l, cash.amount), amount(language, detail.amount)));
        let notes = booked_notes_words(l, &detail.notes, detail.any_notes, detail.new_notes);
        rows.push(SummaryRow::new(t!(l, cash.notes), notes));
        rows.push(SummaryRow::new(t!(l, cash.row_account), t!(l, cash.case.account, last4 = detail.account_last4.clone())));
        if let Some(purpose) = &detail.purpose {
            let words = purpose_said(l, purpose, detail.purpose_other.as_deref());
            rows.push(SummaryRow::new(t!(l, cash.purpose), words));
        }
        let collector = if let Some((name, document, id)) = &detail.agent {
            t!(l, cash.row_agent, name = display_text(name), document = document_words(l, *document), id = id.clone())
        } else if detail.operator.is_some() {
            t!(l, cash.collector_operator)
        } else {
            t!(l, cash.collector_self)
        };
        rows.push(SummaryRow::new(t!(l, cash.collector), collector));
        rows.push(SummaryRow::new(t!(l, cash.row_phone), detail.phone.clone()));
        if !detail.remark.is_empty() {
            rows.push(SummaryRow::new(t!(l, cash.remark), display_text(&detail.remark)));
        }
        rows
    }

    /// The next steps with their times; empty for a booking that has ended.
    fn next(&self) -> Vec<TimelineEntry> {
        let visit = self.page.visit;
        let l = visit.locale();
        let detail = &self.detail;
        if !detail.state.is_live() || detail.state == CashState::Arrived {
            return Vec::new();
        }
        let mut entries = Vec::new();
        if detail.state.is_waiting() {
            let approval = detail.state == CashState::AwaitingApproval;
            let title = if approval { t!(l, cash.case.next_answer_approval) } else { t!(l, cash.case.next_answer) };
            entries.push(TimelineEntry::new(title, visit.dated(|say| t!(l, cash.case.by, when = say(self.page.case.due_at)))));
        }
        let title = if detail.agent.is_some() { t!(l, cash.case.next_come_agent) } else { t!(l, cash.case.next_come) };
        let late = hhmm(detail.no_show_at.time());
        let come = self.when().map(|when| t!(l, cash.case.next_come_detail, when = when, late = late.clone()));
        entries.push(TimelineEntry::new(title, come));
        let cancel = visit.dated(|say| {
            let until = say(detail.cancel_until);
            if self.page.may_cancel {
                t!(l, cash.case.next_cancel_detail, until = until)
            } else {
                t!(l, cash.case.next_cancel_closed, until = until, phone = self.page.phone())
            }
        });
        entries.push(TimelineEntry::new(t!(l, appointments.next_cancel), cancel));
        entries
    }
}
