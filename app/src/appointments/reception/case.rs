//! The page of an application: who receives whom, where and about what, what happens next, and until when it can be
//! given up.

use axum::response::Response;
use bank::appointments::reception::{ReceptionDetail, ReceptionRefusal, ReceptionState, cancel_reception, reception_detail};
use bank::cases::CaseLine;
use bank::kernel::bank::Bank;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{day_long, moment, time_span};
use bank::kernel::time::At;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::words::{Told, refusal_body, refusal_title};
use crate::appointments::case_page::{CasePage, Parts, cancelled};
use crate::appointments::reception::kind_words::topic_words;
use crate::page::{Page, PageError};
use crate::t;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::summary_list::SummaryRow;
use crate::ui::timeline::TimelineEntry;
use crate::visit::Visit;

/// Everything the page shows.
struct Applied<'v> {
    page: CasePage<'v>,
    detail: ReceptionDetail,
}

/// The page of the caller's own application.
pub async fn page(visit: &Visit, bank: &Bank, case: &CaseLine) -> Result<Response, PageError> {
    let detail = reception_detail(bank, case).await?;
    let applied = Applied { page: CasePage::read(visit, bank, case, &detail.reception.branch_id).await?, detail };
    Ok(Page::new(visit, case.number.clone()).show(move || applied.view()))
}

/// The customer gives the place up.
pub async fn cancel(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Response, PageError> {
    cancelled(case, cancel_reception(bank, customer, &case.number).await)
}

impl Applied<'_> {
    fn view(&self) -> AnyView {
        let visit = self.page.visit;
        let l = visit.locale();
        let due = || moment(visit.language, self.page.case.due_at, visit.now);
        let unanswered =
            || (t!(l, reception.case.applied), t!(l, reception.case.answer_to, due = due(), phone = self.detail.phone.clone()));
        self.page.view(Parts {
            refused: self.refused(),
            number: t!(l, reception.case.number),
            unanswered: (self.detail.state == ReceptionState::Applied).then(unanswered),
            yours: t!(l, reception.case.yours),
            rows: self.rows(),
            next: self.next(),
            ahead: self.is_ahead(),
            again: (PATH, t!(l, reception.case.again)),
            cancel: self.may_cancel().then(|| (t!(l, reception.case.cancel), t!(l, reception.case.cancel_why))),
        })
    }

    /// Why giving it up was refused, as long as it still would be.
    fn refused(&self) -> Option<AnyView> {
        let asked = self.page.refused().filter(|_| !self.may_cancel())?;
        let until = self.detail.cancel_until;
        let known = [ReceptionRefusal::CancelClosed { until }, ReceptionRefusal::CancelOver, ReceptionRefusal::Changed];
        let refusal = known.into_iter().find(|refusal| refusal.code() == asked)?;
        let told = Told { language: self.page.visit.language, phone: self.page.phone(), branches: Vec::new() };
        let (title, body) = (refusal_title(&told, &refusal), refusal_body(&told, &refusal));
        Some(view! { <ErrorSummary code=refusal.code() title=title body=body /> }.into_any())
    }

    fn time(&self) -> String {
        let detail = &self.detail;
        format!("{} {}", day_long(self.page.visit.language, detail.reception.day), time_span(detail.slot, detail.slot_end))
    }

    fn rows(&self) -> Vec<SummaryRow> {
        let (l, language, detail) = (self.page.visit.locale(), self.page.visit.language, &self.detail);
        let reception = &detail.reception;
        vec![
            self.page.state_row(),
            SummaryRow::new(t!(l, reception.row_time), self.time()),
            SummaryRow::new(t!(l, reception.row_branch), self.page.branch_words().unwrap_or_default()),
            SummaryRow::new(t!(l, reception.row_place), reception.place(language).to_owned()),
            SummaryRow::new(t!(l, reception.row_host), reception.host(language)),
            SummaryRow::new(t!(l, reception.topic), topic_words(l, detail.topic)),
            SummaryRow::new(t!(l, reception.summary), detail.summary.clone()),
            SummaryRow::new(t!(l, reception.hope), detail.hope.clone()),
            SummaryRow::new(t!(l, reception.attendees), t!(l, reception.people, n = detail.attendees)),
            SummaryRow::new(t!(l, reception.phone), detail.phone.clone()),
        ]
    }

    /// Whether it is still to come.
    fn is_ahead(&self) -> bool {
        self.detail.state.is_live() && self.page.case.time.is_none_or(|(_, end)| end > self.page.visit.now)
    }

    /// What happens next and when, and how to prepare.
    fn next(&self) -> Vec<TimelineEntry> {
        let visit = self.page.visit;
        let (l, language, now) = (visit.locale(), visit.language, visit.now);
        let detail = &self.detail;
        if !self.is_ahead() {
            return Vec::new();
        }
        let mut entries = Vec::new();
        if detail.state == ReceptionState::Applied {
            let due = moment(language, self.page.case.due_at, now);
            let by = if now <= self.page.case.due_at {
                t!(l, reception.case.by, when = due)
            } else {
                t!(l, reception.case.late, when = due, phone = self.page.phone())
            };
            entries.push(TimelineEntry::new(t!(l, reception.case.next_answer), by));
        }
        let prepare = t!(l, reception.case.prepare, max = detail.attendees_max);
        entries.push(TimelineEntry::new(t!(l, reception.case.next_prepare), prepare));
        let place = detail.reception.place(language).to_owned();
        let minutes = At::of(detail.reception.day, detail.slot_end).minutes_since(At::of(detail.reception.day, detail.slot));
        let come = t!(l, reception.case.come, when = self.time(), place = place, minutes = minutes);
        entries.push(TimelineEntry::new(t!(l, reception.case.next_come), come));
        let until = moment(language, detail.cancel_until, now);
        let cancel = if self.may_cancel() {
            t!(l, reception.case.cancel_until, until = until)
        } else {
            t!(l, reception.case.cancel_closed, until = until, phone = self.page.phone())
        };
        entries.push(TimelineEntry::new(t!(l, appointments.next_cancel), cancel));
        entries
    }

    /// Whether the customer may give it up now.
    fn may_cancel(&self) -> bool {
        self.detail.state.is_live() && self.page.visit.now < self.detail.cancel_until
    }
}
