//! The page of a booking: agreed facts, next steps, and the deadline to cancel.

use axum::response::Response;
use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{
    Bring, CashDetail, CashParameters, CashRefusal, CashState, Obstacle, Proposed, approver_of, cancel_cash, cash_detail,
    to_bring,
};
use bank::branches::{Branch, reference};
use bank::cases::{ACCEPT, CaseLine, REJECT};
use bank::kernel::bank::Bank;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{amount, day_full, day_long, time_span};
use bank::kernel::people::mask_name;
use bank::kernel::time::{Day, hhmm};
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::approver::Answering;
use super::moving::{MOVE, path as move_path};
use super::words::{
    RefusalContext, amount_in_full, booked_notes_words, document_words, purpose_said, refusal_body, refusal_title,
};
use crate::appointments::case_page::{CasePage, Parts, cancelled, staged};
use crate::appointments::proposal::{self, ProposalOver, ProposalParts};
use crate::kinds::AtCase;
use crate::page::{Page, PageError};
use crate::t;
use crate::typed::display_text;
use crate::ui::error_summary::{ErrorSummary, Refused};
use crate::ui::icon::Picture;
use crate::ui::parts::{Link, ScreenAndPrint};
use crate::ui::summary_list::SummaryRow;
use crate::ui::ticket::TicketRow;
use crate::ui::timeline::TimelineEntry;
use crate::words::Locale;

/// The data of the page.
struct Booked<'v> {
    page: CasePage<'v>,
    detail: CashDetail,
    /// The name of the approver whom a company's booking waits for; `None`: it waits for nobody, or the company has none any more.
    approver: Option<String>,
    /// The form of the company's approver.
    answering: Option<Answering>,
    /// The branch of the other place that is proposed.
    there: Option<Branch>,
}

/// The page of the caller's own booking.
pub async fn page(at: AtCase<'_>) -> Result<Response, PageError> {
    let detail = cash_detail(&at.app.bank, at.case).await?;
    let held = detail.state == CashState::AwaitingCompanyApprover;
    let approver = if held { approver_of(&at.app.bank, at.case).await? } else { None };
    let page = CasePage::read(&at, &detail.branch_id).await?;
    let answering = match Answering::read(&at, page.may(CashAction::CompanyApprove.code()), detail.moves).await?.transpose() {
        Ok(answering) => answering,
        Err(answered) => return Ok(answered),
    };
    let there = match &detail.proposed {
        Some(proposed) => reference(&at.app.bank).await?.branch(&proposed.proposal.branch_id).cloned(),
        None => None,
    };
    let shown = Page::new(at.visit, at.case.number.clone());
    let shown = if answering.as_ref().is_some_and(Answering::may) { shown.form(None) } else { shown };
    let booked = Booked { page, detail, approver, answering, there };
    Ok(shown.show(move || booked.view()))
}

/// POST: cancels the booking.
pub async fn cancel(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Response, PageError> {
    cancelled(case, cancel_cash(bank, customer, &case.number).await)
}

/// What whoever collects brings, without the account.
pub async fn bring(at: AtCase<'_>) -> Result<Vec<String>, PageError> {
    let detail = cash_detail(&at.app.bank, at.case).await?;
    let things = to_bring(detail.operator.is_some(), detail.agent.is_some());
    Ok(things.map(|bring| bring_words(at.visit.locale(), bring, None)).to_vec())
}

/// One thing to bring; the card or passbook with the end of its number, if it is given.
fn bring_words(l: Locale, bring: Bring, last4: Option<&str>) -> String {
    match (bring, last4) {
        (Bring::OwnDocument, _) => t!(l, cash.bring.own_document),
        (Bring::BothDocuments, _) => t!(l, cash.bring.both_documents),
        (Bring::OperatorDocument, _) => t!(l, cash.bring.operator_document),
        (Bring::CardOrPassbook, Some(last4)) => t!(l, cash.bring.card_or_passbook, last4 = last4.to_owned()),
        (Bring::CardOrPassbook, None) => t!(l, cash.bring.some_card_or_passbook),
        (Bring::SealsAndCheque, _) => t!(l, cash.bring.seals_and_cheque),
    }
}

impl Booked<'_> {
    fn view(&self) -> AnyView {
        let visit = self.page.visit;
        let l = visit.locale();
        let unanswered = || (self.submitted(), visit.dated(|say| t!(l, cash.case.answer_to, due = say(self.page.case.due_at))));
        self.page.view(Parts {
            refused: self.refused(),
            number: t!(l, cash.case.number),
            unanswered: self.held().or_else(|| (self.detail.state == CashState::Submitted).then(unanswered)),
            answer: self.answer(),
            ticket: self.ticket(),
            yours: t!(l, cash.case.yours),
            rows: self.rows(),
            next: self.next(),
            until: self.until(),
            ahead: self.detail.state.is_live(),
            again: (PATH, self.again_words()),
            proposed: (self.detail.state == CashState::Declined).then(|| self.proposed()).flatten(),
            change: self.page.may(MOVE).then(|| Link::new(move_path(&self.page.case.number), t!(l, cash.case.change))),
            cancel: self.page.may_cancel.then(|| (t!(l, cash.case.cancel), t!(l, cash.case.cancel_why))),
        })
    }

    /// What the customer has done last.
    fn submitted(&self) -> String {
        let l = self.page.visit.locale();
        if self.detail.moves > 0 { t!(l, cash.case.moved) } else { t!(l, cash.case.submitted) }
    }

    /// The button of the day that the branch has proposed.
    fn proposed(&self) -> Option<(Day, String)> {
        let (l, day) = (self.page.visit.locale(), self.page.proposed_day()?);
        Some((day, t!(l, cash.case.book_proposed, day = day_long(self.page.visit.language, day))))
    }

    /// The button of a new booking like this one.
    fn again_words(&self) -> String {
        let (l, state) = (self.page.visit.locale(), self.detail.state);
        if state == CashState::Completed || state.is_live() { t!(l, cash.case.another) } else { t!(l, cash.case.again) }
    }

    /// Whom the booking of a company waits for before the branch is asked, and until when.
    fn held(&self) -> Option<(String, ScreenAndPrint)> {
        let (visit, l) = (self.page.visit, self.page.visit.locale());
        (self.detail.state == CashState::AwaitingCompanyApprover).then(|| {
            let until = self.detail.cancel_until;
            if self.answering.is_some() {
                return (
                    t!(l, cash.case.to_approve_you),
                    visit.dated(|say| t!(l, cash.case.to_approve_you_text, until = say(until))),
                );
            }
            // Until the worker's next round, which passes the booking on to the bank.
            let Some(name) = self.approver.as_deref().map(mask_name) else {
                return (t!(l, cash.case.no_approver), t!(l, cash.case.no_approver_text).into());
            };
            (
                t!(l, cash.case.to_approve),
                visit.dated(|say| t!(l, cash.case.to_approve_text, name = name.clone(), until = say(until))),
            )
        })
    }

    /// What the reader is asked: for the company, or about the other place that the branch has proposed.
    fn answer(&self) -> Option<AnyView> {
        let (visit, page) = (self.page.visit, &self.page);
        let for_company = self.answering.as_ref().and_then(|form| form.view(visit, &self.detail, &page.case.number));
        for_company.or_else(|| self.proposal())
    }

    fn proposal(&self) -> Option<AnyView> {
        let (visit, l) = (self.page.visit, self.page.visit.locale());
        let Proposed { proposal, obstacle } = self.detail.proposed.as_ref()?;
        let lines = |branch: Option<&Branch>, day, from, to| {
            let when = format!("{} {}", day_long(visit.language, day), time_span(from, to));
            let place = branch.map(|branch| [branch.name(visit.language), branch.address(visit.language)].map(str::to_owned));
            std::iter::once(when).chain(place.into_iter().flatten()).collect::<Vec<_>>()
        };
        let was_confirmed = CashState::parse(&proposal.from) == Some(CashState::Confirmed);
        let until_told = visit.dated(|say| {
            let until = say(proposal.until);
            if was_confirmed {
                t!(l, cash.proposal.until_confirmed, until = until)
            } else {
                t!(l, cash.proposal.until, until = until)
            }
        });
        let parts = ProposalParts {
            booked: lines(self.page.branch.as_ref(), self.detail.day, self.detail.slot, self.detail.slot_end),
            proposed: lines(self.there.as_ref(), proposal.day, proposal.slot, proposal.end.time()),
            until: proposal.until,
            until_told,
            obstacle: obstacle.map(|obstacle| match obstacle {
                Obstacle::NobodyApproves => t!(l, cash.proposal.nobody_approves),
                Obstacle::Closed => t!(l, cash.proposal.closed),
                Obstacle::Busy => t!(l, cash.proposal.busy),
            }),
            may_accept: self.page.may(ACCEPT),
            may_reject: self.page.may(REJECT),
        };
        Some(proposal::view(visit, &self.page.case, parts))
    }

    /// The error summary of a refused answer, cancellation or move, as long as it would still be refused.
    fn refused(&self) -> Option<AnyView> {
        if let Some(answering) = &self.answering {
            return answering.refused(self.page.visit, &self.page.case.number);
        }
        // What stands against accepting it is said beside it.
        let obstructed = self.detail.proposed.as_ref().is_some_and(|proposed| proposed.obstacle.is_some());
        if let Some(over) = ProposalOver::view(self.page.visit).filter(|_| !obstructed) {
            return Some(over);
        }
        let asked = self.page.visit.asks("refused")?;
        let until = self.detail.cancel_until;
        let cancelling = [CashRefusal::CancelClosed { until }, CashRefusal::CancelOver].into_iter();
        let moving = [CashRefusal::MoveClosed { until }, CashRefusal::MoveOver].into_iter();
        let cancelling = cancelling.filter(|_| !self.page.may_cancel);
        let refusal = cancelling.chain(moving.filter(|_| !self.page.may(MOVE))).find(|refusal| refusal.code() == asked)?;
        let parameters = self.page.parameters.of();
        let context = RefusalContext {
            language: self.page.visit.language,
            parameters: &parameters,
            branch: self.page.branch_name(),
            day: Some(self.detail.day),
            accounts: &[],
            branches: &[],
            phone: self.page.phone(),
            opening: String::new(),
        };
        let words = (refusal_title(&context, &refusal), refusal_body(&context, &refusal));
        Some(view! { <ErrorSummary refused=vec![Refused::of(&refusal, words)] /> }.into_any())
    }

    fn when(&self) -> ScreenAndPrint {
        let (language, day) = (self.page.visit.language, self.detail.day);
        let span = time_span(self.detail.slot, self.detail.slot_end);
        ScreenAndPrint::new(format!("{} {span}", day_long(language, day)), format!("{} {span}", day_full(language, day)))
    }

    fn notes(&self) -> String {
        let detail = &self.detail;
        booked_notes_words(self.page.visit.locale(), &detail.notes, detail.any_notes, detail.new_notes)
    }

    /// The ticket of a booking whose cash is still to be collected.
    fn ticket(&self) -> Option<(String, Vec<TicketRow>)> {
        let (l, language, detail) = (self.page.visit.locale(), self.page.visit.language, &self.detail);
        if !detail.state.is_live() {
            return None;
        }
        let late = t!(l, cash.case.late, late = hhmm(detail.no_show_at.time()));
        let mut rows = vec![TicketRow::new(Picture::Clock, self.when()).hint(late)];
        rows.extend(self.page.where_rows());
        let from = t!(l, cash.case.from_account, last4 = detail.account_last4.clone(), notes = self.notes());
        let parameters: CashParameters = self.page.parameters.of();
        let approval = if parameters.needs_approval(detail.amount) {
            t!(l, cash.case.approval, from = amount(language, parameters.cash_approval_from))
        } else {
            String::new()
        };
        rows.push(TicketRow::new(Picture::Cash, amount_in_full(language, detail.amount)).hint(from).hint(approval));
        let things = to_bring(detail.operator.is_some(), detail.agent.is_some());
        let [document, besides] = things.map(|bring| bring_words(l, bring, Some(&detail.account_last4)));
        rows.push(TicketRow::new(Picture::Person, document).hint(besides));
        Some((t!(l, cash.case.ticket), rows))
    }

    /// Until when the customer may cancel, or whom to call afterwards.
    fn until(&self) -> Option<ScreenAndPrint> {
        let (visit, detail) = (self.page.visit, &self.detail);
        let l = visit.locale();
        (visit.acts() && detail.state.is_live() && detail.state != CashState::Arrived).then(|| {
            visit.dated(|say| {
                let until = say(detail.cancel_until);
                if self.page.may(MOVE) {
                    t!(l, cash.case.next_move_detail, until = until)
                } else if self.page.may_cancel {
                    t!(l, cash.case.next_cancel_detail, until = until, phone = self.page.phone())
                } else {
                    t!(l, cash.case.next_cancel_closed, until = until, phone = self.page.phone())
                }
            })
        })
    }

    /// The agreed facts; while there is a ticket, those that are not on it.
    fn rows(&self) -> Vec<SummaryRow> {
        let (l, language, detail) = (self.page.visit.locale(), self.page.visit.language, &self.detail);
        let mut rows = Vec::new();
        if !detail.state.is_live() || self.page.is_in_closure() {
            rows.push(self.page.state_row());
            rows.extend(self.page.branch_words().map(|branch| SummaryRow::new(t!(l, cash.branch), branch)));
            // Of a payout the day on which it was made counts, which may be another than the booked one.
            let time = match self.page.reached(CashState::Completed.code()) {
                Some(paid) => {
                    rows.push(SummaryRow::new(t!(l, cash.row_paid), self.page.visit.dated(|say| say(paid)).view()));
                    t!(l, cash.row_booked_time)
                }
                None => t!(l, cash.row_time),
            };
            rows.push(SummaryRow::new(time, self.when().view()));
            rows.push(SummaryRow::new(t!(l, cash.amount), amount(language, detail.amount)));
            rows.push(SummaryRow::new(t!(l, cash.notes), self.notes()));
            rows.push(SummaryRow::new(t!(l, cash.row_account), t!(l, cash.case.account, last4 = detail.account_last4.clone())));
        }
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
        let mut entries: Vec<TimelineEntry> = Vec::new();
        if detail.state == CashState::AwaitingCompanyApprover {
            let until = visit.dated(|say| t!(l, cash.case.by, when = say(detail.cancel_until)));
            entries.push(TimelineEntry::new(t!(l, cash.case.next_company), until));
            entries.push(TimelineEntry::new(t!(l, cash.case.next_answer), ScreenAndPrint::from(t!(l, cash.case.next_then))));
        }
        if let Some(Proposed { proposal, .. }) = &detail.proposed {
            let until = visit.dated(|say| t!(l, cash.case.by, when = say(proposal.until)));
            entries.push(TimelineEntry::new(t!(l, cash.proposal.next), until));
        }
        if detail.state.is_waiting() {
            let approval = detail.state == CashState::AwaitingApproval;
            let title = if approval { t!(l, cash.case.next_answer_approval) } else { t!(l, cash.case.next_answer) };
            entries.push(TimelineEntry::new(title, visit.dated(|say| t!(l, cash.case.by, when = say(self.page.case.due_at)))));
        }
        let title = if detail.agent.is_some() { t!(l, cash.case.next_come_agent) } else { t!(l, cash.case.next_come) };
        entries.push(TimelineEntry::new(title, self.when()));
        staged(entries)
    }
}
