//! The page of an application: the agreed facts, next steps, and the deadline to cancel.

use axum::response::Response;
use bank::appointments::reception::{ReceptionDetail, ReceptionRefusal, ReceptionState, cancel_reception, reception_detail};
use bank::cases::CaseLine;
use bank::kernel::bank::Bank;
use bank::kernel::forms::{Refusal, Values};
use bank::kernel::language::{day_full, day_long, time_span};
use bank::kernel::time::At;
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::words::{RefusalContext, refusal_body, refusal_title};
use crate::appointments::case_page::{CasePage, Parts, cancelled, staged};
use crate::appointments::reception::kind_words::topic_words;
use crate::kinds::AtCase;
use crate::page::{Page, PageError};
use crate::typed::display_text;
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::icon::Picture;
use crate::ui::parts::ScreenAndPrint;
use crate::ui::summary_list::SummaryRow;
use crate::ui::ticket::TicketRow;
use crate::ui::timeline::TimelineEntry;
use crate::{counted, t};

/// The data of the page.
struct Applied<'v> {
    page: CasePage<'v>,
    detail: ReceptionDetail,
}

pub async fn page(at: AtCase<'_>) -> Result<Response, PageError> {
    let detail = reception_detail(&at.app.bank, at.case).await?;
    let applied = Applied { page: CasePage::read(&at, &detail.reception.branch_id).await?, detail };
    Ok(Page::new(at.visit, at.case.number.clone()).show(move || applied.view()))
}

/// POST: cancels the application.
pub async fn cancel(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Response, PageError> {
    cancelled(case, cancel_reception(bank, customer, &case.number).await)
}

/// What the customer brings.
pub async fn bring(at: AtCase<'_>) -> Result<Vec<String>, PageError> {
    let (l, detail) = (at.visit.locale(), reception_detail(&at.app.bank, at.case).await?);
    let max = detail.attendees_max;
    Ok(vec![t!(l, reception.case.bring), counted!(l, max, [reception.case.prepare_one], [reception.case.prepare], max = max)])
}

/// The choices of an application for a new one: topic, words and number of people, never the reception.
pub async fn again(bank: &Bank, case: &CaseLine) -> Result<Values, PageError> {
    let detail = reception_detail(bank, case).await?;
    let mut values = Values::default();
    values.set("topic", detail.topic.code());
    values.set("summary", detail.summary);
    values.set("hope", detail.hope);
    values.set("attendees", detail.attendees.to_string());
    Ok(values)
}

impl Applied<'_> {
    fn view(&self) -> AnyView {
        let visit = self.page.visit;
        let l = visit.locale();
        let unanswered = || {
            (t!(l, reception.case.applied), visit.dated(|say| t!(l, reception.case.answer_to, due = say(self.page.case.due_at))))
        };
        self.page.view(Parts {
            change: None,
            refused: self.refused(),
            number: t!(l, reception.case.number),
            unanswered: (self.detail.state == ReceptionState::Applied).then(unanswered),
            answer: None,
            ticket: self.is_ahead().then(|| self.ticket()),
            yours: t!(l, reception.case.yours),
            rows: self.rows(),
            next: self.next(),
            until: self.is_ahead().then(|| self.until()),
            ahead: self.is_ahead(),
            again: (PATH, t!(l, reception.case.again)),
            proposed: None,
            cancel: self.page.may_cancel.then(|| (t!(l, reception.case.cancel), t!(l, reception.case.cancel_why))),
        })
    }

    /// The error summary of a refused cancellation, as long as it would still be refused.
    fn refused(&self) -> Option<AnyView> {
        let asked = self.page.visit.asks("refused").filter(|_| !self.page.may_cancel)?;
        let until = self.detail.cancel_until;
        let known = [ReceptionRefusal::CancelClosed { until }, ReceptionRefusal::CancelOver, ReceptionRefusal::Changed];
        let refusal = known.into_iter().find(|refusal| refusal.code() == asked)?;
        let context = RefusalContext { language: self.page.visit.language, phone: self.page.phone(), branches: Vec::new() };
        let words = (refusal_title(&context, &refusal), refusal_body(&context, &refusal));
        Some(view! { <ErrorSummary refused=vec![Refused::of(&refusal, words)] /> }.into_any())
    }

    fn when(&self) -> ScreenAndPrint {
        let (language, day) = (self.page.visit.language, self.detail.reception.day);
        let span = time_span(self.detail.slot, self.detail.slot_end);
        ScreenAndPrint::new(format!("{} {span}", day_long(language, day)), format!("{} {span}", day_full(language, day)))
    }

    fn rows(&self) -> Vec<SummaryRow> {
        let (l, language, detail) = (self.page.visit.locale(), self.page.visit.language, &self.detail);
        let reception = &detail.reception;
        let mut rows = Vec::new();
        if !self.is_ahead() || self.page.is_in_closure() {
            rows.extend([
                self.page.state_row(),
                SummaryRow::new(t!(l, reception.row_time), self.when().view()),
                SummaryRow::new(t!(l, reception.row_branch), self.page.branch_words().unwrap_or_default()),
                SummaryRow::new(t!(l, reception.row_place), reception.place(language).to_owned()),
                SummaryRow::new(t!(l, reception.row_host), reception.host(language)),
            ]);
        }
        rows.extend([
            SummaryRow::new(t!(l, reception.topic), topic_words(l, detail.topic)),
            SummaryRow::new(t!(l, reception.summary), display_text(&detail.summary)),
            SummaryRow::new(t!(l, reception.hope), display_text(&detail.hope)),
            SummaryRow::new(t!(l, reception.attendees), t!(l, reception.people, n = detail.attendees)),
            SummaryRow::new(t!(l, reception.phone), detail.phone.clone()),
        ]);
        rows
    }

    /// The ticket of a reception that is still to come.
    fn ticket(&self) -> (String, Vec<TicketRow>) {
        let (l, language, detail) = (self.page.visit.locale(), self.page.visit.language, &self.detail);
        let reception = &detail.reception;
        let minutes = At::of(reception.day, detail.slot_end).minutes_since(At::of(reception.day, detail.slot));
        let early = t!(l, reception.case.early, minutes = minutes);
        let mut rows = vec![TicketRow::new(Picture::Clock, self.when()).hint(early)];
        rows.extend(self.page.where_rows());
        rows.push(TicketRow::new(Picture::People, reception.host(language)).hint(reception.place(language)));
        let max = detail.attendees_max;
        let prepare = counted!(l, max, [reception.case.prepare_one], [reception.case.prepare], max = max);
        rows.push(TicketRow::new(Picture::Person, t!(l, reception.case.bring)).hint(prepare));
        (t!(l, reception.home.task), rows)
    }

    /// Until when the customer may cancel, or whom to call afterwards.
    fn until(&self) -> ScreenAndPrint {
        let visit = self.page.visit;
        let l = visit.locale();
        visit.dated(|say| {
            let until = say(self.detail.cancel_until);
            if self.page.may_cancel {
                t!(l, reception.case.cancel_until, until = until)
            } else {
                t!(l, reception.case.cancel_closed, until = until, phone = self.page.phone())
            }
        })
    }

    /// Whether the reception is still to come.
    fn is_ahead(&self) -> bool {
        self.detail.state.is_live() && self.page.case.time.is_none_or(|(_, end)| end > self.page.visit.now)
    }

    /// The next steps with their times.
    fn next(&self) -> Vec<TimelineEntry> {
        let visit = self.page.visit;
        let (l, language, now) = (visit.locale(), visit.language, visit.now);
        let detail = &self.detail;
        if !self.is_ahead() {
            return Vec::new();
        }
        let mut entries = Vec::new();
        if detail.state == ReceptionState::Applied {
            let by = visit.dated(|say| {
                let due = say(self.page.case.due_at);
                if now <= self.page.case.due_at {
                    t!(l, reception.case.by, when = due)
                } else {
                    t!(l, reception.case.late, when = due, phone = self.page.phone())
                }
            });
            entries.push(TimelineEntry::new(t!(l, reception.case.next_answer), by));
        }
        let place = detail.reception.place(language).to_owned();
        let come = self.when().map(|when| t!(l, reception.case.come, when = when, place = place.clone()));
        entries.push(TimelineEntry::new(t!(l, reception.case.next_come), come));
        staged(entries)
    }
}
