//! The page of an application: the number, who receives whom and where, what happens next, messages, cancelling.

use axum::response::Response;
use bank::appointments::reception::{ReceptionDetail, ReceptionRefusal, ReceptionState, cancel_reception, reception_detail};
use bank::branches::{Branch, reference};
use bank::cases::{CaseLine, HistoryLine, history};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Rejected;
use bank::kernel::forms::Refusal;
use bank::kernel::language::{day_long, moment, time_span};
use bank::kernel::parameters::Parameters;
use bank::messages::{Message, list_for_case};
use bank::sessions::Customer;
use leptos::prelude::*;

use super::PATH;
use super::words::{Told, refusal_body, refusal_title};
use crate::appointments::case::path;
use crate::appointments::keep::KeepIt;
use crate::cases::{Reader, history_entry, reception_topic_words, state_words};
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
struct Applied<'v> {
    visit: &'v Visit,
    case: CaseLine,
    detail: ReceptionDetail,
    branch: Option<Branch>,
    parameters: Parameters,
    history: Vec<HistoryLine>,
    messages: Vec<Message>,
}

/// The page of the caller's own application.
pub async fn page(visit: &Visit, bank: &Bank, case: &CaseLine) -> Result<Response, PageError> {
    let detail = reception_detail(bank, case).await?;
    let reference = reference(bank).await?;
    let applied = Applied {
        visit,
        branch: reference.branch(&detail.reception.branch_id).cloned(),
        parameters: reference.parameters(&detail.reception.branch_id, case.created_at.day()),
        history: history(bank, case).await?,
        messages: list_for_case(bank, case).await?,
        case: case.clone(),
        detail,
    };
    Ok(Page::new(visit, case.number.clone()).show(move || applied.view()))
}

/// The customer gives the place up; too late, the page says why not.
pub async fn cancel(bank: &Bank, customer: &Customer, case: &CaseLine) -> Result<Response, PageError> {
    match cancel_reception(bank, customer, &case.number).await {
        Ok(()) => Ok(see_other(&path(case))),
        Err(Rejected::Refused(refusal)) => Ok(see_other(&format!("{}?refused={}", path(case), refusal.code()))),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}

impl Applied<'_> {
    fn view(&self) -> AnyView {
        let l = self.visit.locale();
        let again = (!self.detail.state.is_live())
            .then(|| view! { <LinkButton href=PATH text=t!(l, reception.case.again) kind=ButtonKind::Secondary /> });
        view! {
            <AlreadyNotice locale=l already=self.visit.is_already() />
            {self.refused()}
            {self.panel()}
            <section class="block">
                <h2>{t!(l, reception.case.yours)}</h2>
                <SummaryList rows=self.rows() />
            </section>
            {self.next()}
            {self.messages()}
            <section class="block no-print">
                <h2>{t!(l, reception.case.history)}</h2>
                <Timeline entries=self.history_entries() />
            </section>
            <div class="stack no-print">
                {again} <KeepIt locale=l case_path=path(&self.case) ahead=self.detail.state.is_live() />
                {self.cancel()}
            </div>
        }
        .into_any()
    }

    /// Whom to call about it: the branch, else the hotline.
    fn phone(&self) -> String {
        self.branch.as_ref().map_or_else(|| self.visit.house.hotline.clone(), |branch| branch.phone.clone())
    }

    /// Why cancelling was refused, as long as it still would be.
    fn refused(&self) -> Option<AnyView> {
        let (_, query) = self.visit.uri.split_once('?')?;
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("refused="))?;
        let until = self.detail.cancel_until;
        let known = [ReceptionRefusal::CancelClosed { until }, ReceptionRefusal::Changed];
        let refusal = known.into_iter().find(|refusal| refusal.code() == asked)?;
        if self.may_cancel() {
            return None;
        }
        let told = Told { language: self.visit.language, phone: self.phone(), branches: Vec::new() };
        let (title, body) = (refusal_title(&told, &refusal), refusal_body(&told, &refusal));
        Some(view! { <ErrorSummary code=refusal.code() title=title body=body /> }.into_any())
    }

    /// The number large, and how it stands: in the words of the last message, which is the bank's last word.
    fn panel(&self) -> AnyView {
        let (l, language) = (self.visit.locale(), self.visit.language);
        let (state, tone) = state_words(l, &self.case.state);
        let (title, text) = if self.detail.state == ReceptionState::Applied {
            let due = moment(language, self.case.due_at, self.visit.now);
            (t!(l, reception.case.applied), t!(l, reception.case.answer_to, due = due, phone = self.detail.phone.clone()))
        } else {
            let said = self.messages.last().map(|message| messages::text(language, &message.kind, &message.details));
            said.map_or((state, String::new()), |said| (said.title, said.body))
        };
        let tone = if tone == Tone::Brand { Tone::Ok } else { tone };
        view! {
            <Confirmation
                title=title
                label=t!(l, reception.case.number)
                number=self.case.number.clone()
                text=text
                tone=tone
            />
        }
        .into_any()
    }

    fn time(&self) -> String {
        let detail = &self.detail;
        format!("{} {}", day_long(self.visit.language, detail.reception.day), time_span(detail.slot, detail.slot_end))
    }

    fn rows(&self) -> Vec<SummaryRow> {
        let (l, language, detail) = (self.visit.locale(), self.visit.language, &self.detail);
        let branch = self.branch.as_ref().map_or_else(String::new, |branch| {
            let (name, address) = (branch.name(language).to_owned(), branch.address(language).to_owned());
            t!(l, reception.branch_address, branch = name, address = address)
        });
        let reception = &detail.reception;
        let (state, tone) = state_words(l, &self.case.state);
        vec![
            SummaryRow::new(t!(l, reception.row_state), view! { <StateTag text=state tone=tone /> }),
            SummaryRow::new(t!(l, reception.row_time), self.time()),
            SummaryRow::new(t!(l, reception.row_branch), branch),
            SummaryRow::new(t!(l, reception.row_place), reception.place(language).to_owned()),
            SummaryRow::new(t!(l, reception.row_host), reception.host(language)),
            SummaryRow::new(t!(l, reception.topic), reception_topic_words(l, detail.topic)),
            SummaryRow::new(t!(l, reception.summary), detail.summary.clone()),
            SummaryRow::new(t!(l, reception.hope), detail.hope.clone()),
            SummaryRow::new(t!(l, reception.attendees), t!(l, reception.people, n = detail.attendees)),
            SummaryRow::new(t!(l, reception.phone), detail.phone.clone()),
        ]
    }

    /// What happens next and when, and how to prepare.
    fn next(&self) -> Option<AnyView> {
        let (l, language, now) = (self.visit.locale(), self.visit.language, self.visit.now);
        let detail = &self.detail;
        if !detail.state.is_live() || self.case.time.is_some_and(|(_, end)| end <= now) {
            return None;
        }
        let mut entries = Vec::new();
        if detail.state == ReceptionState::Applied {
            let due = moment(language, self.case.due_at, now);
            let by = if now <= self.case.due_at {
                t!(l, reception.case.by, when = due)
            } else {
                t!(l, reception.case.late, when = due, phone = self.phone())
            };
            entries.push(TimelineEntry::new(t!(l, reception.case.next_answer), by));
        }
        let prepare = t!(l, reception.case.prepare, max = self.parameters.reception_attendees_max);
        entries.push(TimelineEntry::new(t!(l, reception.case.next_prepare), prepare));
        let place = detail.reception.place(language).to_owned();
        let minutes = self.parameters.reception_slot_minutes;
        let come = t!(l, reception.case.come, when = self.time(), place = place, minutes = minutes);
        entries.push(TimelineEntry::new(t!(l, reception.case.next_come), come));
        let until = moment(language, detail.cancel_until, now);
        let cancel = if self.may_cancel() {
            t!(l, reception.case.cancel_until, until = until)
        } else {
            t!(l, reception.case.cancel_closed, until = until, phone = self.phone())
        };
        entries.push(TimelineEntry::new(t!(l, reception.case.next_cancel), cancel));
        Some(
            view! {
                <section class="block">
                    <h2>{t!(l, reception.case.next)}</h2>
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
        let read = unread.then(|| {
            view! {
                <PostButton
                    action=path(&self.case)
                    text=t!(l, reception.case.read)
                    kind=ButtonKind::Secondary
                    name="do"
                    value="read"
                />
            }
        });
        Some(
            view! {
                <section class="block no-print">
                    <h2>{t!(l, reception.case.messages)}</h2>
                    <Timeline entries=entries />
                    {read}
                </section>
            }
            .into_any(),
        )
    }

    fn history_entries(&self) -> Vec<TimelineEntry> {
        let entry = |line| history_entry(self.visit.language, Reader::Customer, line, self.visit.now);
        self.history.iter().map(entry).collect()
    }

    /// Whether the customer may cancel now.
    fn may_cancel(&self) -> bool {
        self.detail.state.is_live() && self.visit.now < self.detail.cancel_until
    }

    /// Cancelling asks once more, without script.
    fn cancel(&self) -> Option<AnyView> {
        let l = self.visit.locale();
        self.may_cancel().then(|| {
            view! {
                <details class="cancel">
                    <summary class="button button-quiet">{t!(l, reception.case.cancel)}</summary>
                    <div class="stack">
                        <p>{t!(l, reception.case.cancel_why)}</p>
                        <PostButton
                            action=path(&self.case)
                            text=t!(l, reception.case.cancel_do)
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
