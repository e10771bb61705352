//! The page of a booking: the number, what was agreed, what happens next, what happened, messages, cancelling.

use axum::response::Response;
use bank::appointments::cash::{CashDetail, CashRefusal, CashState, cancel_cash, cash_detail};
use bank::branches::{Branch, reference};
use bank::cases::{CaseLine, HistoryLine, history};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{amount, day_long, moment, time_span};
use bank::kernel::parameters::Parameters;
use bank::kernel::time::hhmm;
use bank::messages::{Message, list_for_case};
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::words::{Told, booked_notes_words, document_words, purpose_words, refusal_body, refusal_title};
use crate::appointments::case::path;
use crate::appointments::keep::KeepIt;

use crate::cases::{Reader, history_entry, state_words};
use crate::form::AlreadyNotice;
use crate::messages;
use crate::page::{Page, PageError, see_other};
use crate::t;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::confirmation::Confirmation;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::timeline::{Timeline, TimelineEntry};
use crate::visit::Visit;

/// Everything the page shows.
struct Booked<'v> {
    visit: &'v Visit,
    case: CaseLine,
    detail: CashDetail,
    branch: Option<Branch>,
    parameters: Parameters,
    history: Vec<HistoryLine>,
    messages: Vec<Message>,
}

/// The page of the caller's own booking.
pub async fn page(visit: &Visit, bank: &Bank, case: &CaseLine) -> Result<Response, PageError> {
    let detail = cash_detail(bank, case).await?;
    let reference = reference(bank).await?;
    let booked = Booked {
        visit,
        branch: reference.branch(&detail.branch_id).cloned(),
        parameters: reference.parameters(&detail.branch_id, case.created_at.day()),
        history: history(bank, case).await?,
        messages: list_for_case(bank, case).await?,
        case: case.clone(),
        detail,
    };
    Ok(Page::new(visit, case.number.clone()).show(move || booked.view()))
}

/// The customer cancels; too late, the page says why not.
pub async fn cancel(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Response, PageError> {
    match cancel_cash(bank, customer, &case.number).await {
        Ok(()) => Ok(see_other(&path(case))),
        Err(Rejected::Refused(refusal)) => Ok(see_other(&format!("{}?refused={}", path(case), refusal.code()))),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}

impl Booked<'_> {
    fn view(&self) -> AnyView {
        let l = self.visit.locale();
        let ended = !self.detail.state.is_live();
        view! {
            <AlreadyNotice locale=l already=self.visit.is_already() />
            {self.refused()}
            {self.panel()}
            <section class="block">
                <h2>{t!(l, cash.case.yours)}</h2>
                <SummaryList rows=self.rows() />
            </section>
            {self.next()}
            {self.messages()}
            <section class="block no-print">
                <h2>{t!(l, cash.case.history)}</h2>
                <Timeline entries=self.history_entries() />
            </section>
            <div class="stack no-print">
                {ended.then(|| view! { <LinkButton href=PATH text=t!(l, cash.case.again) kind=ButtonKind::Secondary /> })}
                <KeepIt locale=l case_path=path(&self.case) ahead=!ended />
                {self.cancel()}
            </div>
        }
        .into_any()
    }

    /// Why cancelling was refused, as long as it still would be.
    fn refused(&self) -> Option<AnyView> {
        let asked =
            self.visit.uri.split_once('?').and_then(|(_, query)| query.split('&').find_map(|p| p.strip_prefix("refused=")))?;
        let until = self.detail.cancel_until;
        let refusal = [CashRefusal::CancelClosed { until }, CashRefusal::Changed].into_iter().find(|r| r.code() == asked)?;
        if self.may_cancel() {
            return None;
        }
        let told = Told {
            language: self.visit.language,
            parameters: &self.parameters,
            branch: self.branch_name(),
            day: Some(self.detail.day),
            accounts: &[],
        };
        let (title, body) = (refusal_title(&told, &refusal), refusal_body(&told, &refusal));
        Some(view! { <ErrorSummary code=refusal.code() title=title body=body /> }.into_any())
    }

    fn branch_name(&self) -> String {
        self.branch.as_ref().map_or_else(String::new, |branch| branch.name(self.visit.language).to_owned())
    }

    /// The number large, and how the booking stands: in the words of the last message, which is the bank's last word.
    fn panel(&self) -> AnyView {
        let (l, language) = (self.visit.locale(), self.visit.language);
        let (state, tone) = state_words(l, &self.case.state);
        let (title, text) = if self.detail.state == CashState::Submitted {
            let due = moment(language, self.case.due_at, self.visit.now);
            (t!(l, cash.case.submitted), t!(l, cash.case.answer_to, due = due, phone = self.detail.phone.clone()))
        } else {
            let said = self.messages.last().map(|message| messages::text(language, &message.kind, &message.details));
            said.map_or((state, String::new()), |said| (said.title, said.body))
        };
        let tone = if tone == Tone::Brand { Tone::Ok } else { tone };
        view! {
            <Confirmation title=title label=t!(l, cash.case.number) number=self.case.number.clone() text=text tone=tone />
        }
        .into_any()
    }

    fn rows(&self) -> Vec<SummaryRow> {
        let (l, language, detail) = (self.visit.locale(), self.visit.language, &self.detail);
        let (state, tone) = state_words(l, &self.case.state);
        let mut rows = vec![SummaryRow::new(t!(l, cash.case.state), view! { <StateTag text=state tone=tone /> })];
        if let Some(branch) = &self.branch {
            let (name, address) = (branch.name(language).to_owned(), branch.address(language).to_owned());
            rows.push(SummaryRow::new(t!(l, cash.branch), t!(l, cash.case.branch_address, branch = name, address = address)));
        }
        let time = format!("{} {}", day_long(language, detail.day), time_span(detail.slot, detail.slot_end));
        rows.push(SummaryRow::new(t!(l, cash.row_time), time));
        rows.push(SummaryRow::new(t!(l, cash.amount), amount(language, detail.amount)));
        let notes = booked_notes_words(l, &detail.notes, detail.any_notes, detail.new_notes);
        rows.push(SummaryRow::new(t!(l, cash.notes), notes));
        rows.push(SummaryRow::new(t!(l, cash.row_account), t!(l, cash.case.account, last4 = detail.account_last4.clone())));
        if let Some(purpose) = &detail.purpose {
            let words = detail.purpose_other.clone().unwrap_or_else(|| purpose_words(l, purpose));
            rows.push(SummaryRow::new(t!(l, cash.purpose), words));
        }
        let collector = if let Some((name, document, id)) = &detail.agent {
            t!(l, cash.row_agent, name = name.clone(), document = document_words(l, *document), id = id.clone())
        } else {
            t!(l, cash.collector_self)
        };
        rows.push(SummaryRow::new(t!(l, cash.collector), collector));
        rows.push(SummaryRow::new(t!(l, cash.row_phone), detail.phone.clone()));
        if !detail.remark.is_empty() {
            rows.push(SummaryRow::new(t!(l, cash.remark), detail.remark.clone()));
        }
        rows
    }

    /// What happens next and when; nothing for a booking that has ended.
    fn next(&self) -> Option<AnyView> {
        let (l, language, now) = (self.visit.locale(), self.visit.language, self.visit.now);
        let detail = &self.detail;
        if !detail.state.is_live() || detail.state == CashState::Arrived {
            return None;
        }
        let mut entries = Vec::new();
        if detail.state.is_waiting() {
            let approval = detail.state == CashState::AwaitingApproval;
            let title = if approval { t!(l, cash.case.next_answer_approval) } else { t!(l, cash.case.next_answer) };
            entries.push(TimelineEntry::new(title, t!(l, cash.case.by, when = moment(language, self.case.due_at, now))));
        }
        let title = if detail.agent.is_some() { t!(l, cash.case.next_come_agent) } else { t!(l, cash.case.next_come) };
        let when = format!("{} {}", day_long(language, detail.day), time_span(detail.slot, detail.slot_end));
        let late = hhmm(detail.no_show_at.time());
        entries.push(TimelineEntry::new(title, t!(l, cash.case.next_come_detail, when = when, late = late)));
        let until = moment(language, detail.cancel_until, now);
        let cancel = if self.may_cancel() {
            t!(l, cash.case.next_cancel_detail, until = until)
        } else {
            let phone = self.branch.as_ref().map_or_else(|| self.visit.house.hotline.clone(), |branch| branch.phone.clone());
            t!(l, cash.case.next_cancel_closed, until = until, phone = phone)
        };
        entries.push(TimelineEntry::new(t!(l, cash.case.next_cancel), cancel));
        Some(
            view! {
                <section class="block">
                    <h2>{t!(l, cash.case.next)}</h2>
                    <Timeline entries=entries />
                </section>
            }
            .into_any(),
        )
    }

    fn messages(&self) -> Option<AnyView> {
        let (l, language) = (self.visit.locale(), self.visit.language);
        if self.messages.is_empty() {
            return None;
        }
        let unread = self.messages.iter().any(|message| message.read_at.is_none());
        let entries = self.messages.iter().map(|message| {
            let said = messages::text(language, &message.kind, &message.details);
            let when = moment(language, message.created_at, self.visit.now);
            let detail = if said.body.is_empty() { when } else { format!("{when} · {}", said.body) };
            TimelineEntry::new(said.title, detail).tone(if message.read_at.is_none() { Tone::Brand } else { Tone::Neutral })
        });
        let entries = entries.collect();
        Some(
            view! {
                <section class="block no-print">
                    <h2>{t!(l, cash.case.messages)}</h2>
                    <Timeline entries=entries />
                    {unread
                        .then(|| {
                            view! {
                                <PostButton
                                    action=path(&self.case)
                                    text=t!(l, cash.case.read)
                                    kind=ButtonKind::Secondary
                                    name="do"
                                    value="read"
                                />
                            }
                        })}
                </section>
            }
            .into_any(),
        )
    }

    fn history_entries(&self) -> Vec<TimelineEntry> {
        let entry = |line| history_entry(self.visit.language, Reader::Customer, line, self.visit.now);
        self.history.iter().map(entry).collect()
    }

    /// Whether the customer may cancel now: before the cut-off, and not when they are at the counter already.
    fn may_cancel(&self) -> bool {
        let detail = &self.detail;
        detail.state.is_live() && detail.state != CashState::Arrived && self.visit.now < detail.cancel_until
    }

    /// Cancelling asks once more, without script.
    fn cancel(&self) -> Option<AnyView> {
        let l = self.visit.locale();
        self.may_cancel().then(|| {
            view! {
                <details class="cancel">
                    <summary class="button button-quiet">{t!(l, cash.case.cancel)}</summary>
                    <div class="stack">
                        <p>{t!(l, cash.case.cancel_why)}</p>
                        <PostButton
                            action=path(&self.case)
                            text=t!(l, cash.case.cancel_do)
                            kind=ButtonKind::Danger
                            name="do"
                            value="cancel"
                        />
                    </div>
                </details>
            }
            .into_any()
        })
    }
}
