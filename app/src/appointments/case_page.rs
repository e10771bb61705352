//! The shared part of an appointment's page: number and state, next steps, messages, history, cancelling. The agreed facts and
//! next steps come from the kind's own `case.rs`.

use axum::response::Response;
use bank::branches::{Branch, reference};
use bank::cases::{CaseLine, HistoryLine, falls_into_closure, history, possible_actions_of_customer};
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::Refusal;
use bank::kernel::language::{day_long, moment};
use bank::kernel::parameters::InForce;
use bank::messages::{Message, list_for_case};
use leptos::prelude::*;

use super::keep::{KeepIt, calendar_words};
use crate::cases::{Reader, history_entry, state_words};
use crate::form::AlreadyNotice;
use crate::kinds::{self, AtCase};
use crate::messages;
use crate::page::{PageError, see_other};
use crate::t;
use crate::typed::display_text;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::confirmation::Confirmation;
use crate::ui::parts::{ScreenAndPrint, Tone};
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::timeline::{Timeline, TimelineEntry};
use crate::visit::Visit;

/// The action with which a customer cancels, of every kind.
const CANCEL: &str = "cancel";

/// An appointment for its customer.
pub struct CasePage<'v> {
    /// The request.
    pub visit: &'v Visit,
    pub case: CaseLine,
    /// The branch of the case.
    pub branch: Option<Branch>,
    /// The parameters of the day the case was opened.
    pub parameters: InForce,
    /// Whether the customer may cancel now.
    pub may_cancel: bool,
    /// Whether the branch will be closed at the time of the appointment.
    in_closure: bool,
    history: Vec<HistoryLine>,
    messages: Vec<Message>,
}

/// A kind's part of the page.
pub struct Parts {
    /// The error summary of a refused action.
    pub refused: Option<AnyView>,
    /// Label of the case number.
    pub number: String,
    /// Title and text above the number until the bank has answered; afterwards the last message replaces them.
    pub unanswered: Option<(String, ScreenAndPrint)>,
    /// Heading of the agreed facts.
    pub yours: String,
    /// The agreed facts.
    pub rows: Vec<SummaryRow>,
    /// The next steps; may be empty.
    pub next: Vec<TimelineEntry>,
    /// Whether the appointment is still to come.
    pub ahead: bool,
    /// Path and text of the link to book another one after this one has ended.
    pub again: (&'static str, String),
    /// Label of the cancel button and explanation, while the customer may cancel.
    pub cancel: Option<(String, String)>,
}

impl<'v> CasePage<'v> {
    /// Reads the data shown for every kind.
    pub async fn read(at: &AtCase<'v>, branch_id: &str) -> Result<Self, Failure> {
        let AtCase { visit, app, customer, case } = *at;
        let bank = &app.bank;
        let reference = reference(bank).await?;
        let possible = possible_actions_of_customer(bank, customer, case).await?;
        Ok(Self {
            visit,
            branch: reference.branch(branch_id).cloned(),
            parameters: reference.in_force(branch_id, case.created_at.day()),
            may_cancel: possible.iter().any(|may| may.action == CANCEL),
            in_closure: falls_into_closure(&reference, case, visit.now),
            history: history(bank, case).await?,
            messages: list_for_case(bank, case).await?,
            case: case.clone(),
        })
    }

    pub fn branch_name(&self) -> String {
        self.branch.as_ref().map_or_else(String::new, |branch| branch.name(self.visit.language).to_owned())
    }

    /// Name and address of the branch.
    pub fn branch_words(&self) -> Option<String> {
        let (l, language) = (self.visit.locale(), self.visit.language);
        self.branch.as_ref().map(|branch| {
            let (name, address) = (branch.name(language).to_owned(), branch.address(language).to_owned());
            t!(l, appointments.branch_address, branch = name, address = address)
        })
    }

    /// Phone number for questions: the branch's, otherwise the hotline.
    pub fn phone(&self) -> String {
        self.branch.as_ref().map_or_else(|| self.visit.bank_details.hotline.clone(), |branch| branch.phone.clone())
    }

    /// The row with the state.
    pub fn state_row(&self) -> SummaryRow {
        let l = self.visit.locale();
        let (state, tone) = state_words(l, self.case.kind, &self.case.state);
        SummaryRow::new(t!(l, appointments.state), view! { <StateTag text=state tone=tone /> })
    }

    pub fn view(&self, parts: Parts) -> AnyView {
        let l = self.visit.locale();
        let (form, words) = parts.again;
        let again = ((!parts.ahead || self.in_closure) && self.visit.acts())
            .then(|| view! { <LinkButton href=form text=words kind=ButtonKind::Secondary /> });
        let history = self.history.iter();
        let history = history
            .map(|line| history_entry(self.visit.language, self.case.kind, Reader::Customer, line, self.visit.now))
            .collect();
        view! {
            <AlreadyNotice visit=self.visit.clone() form=form />
            {parts.refused}
            {self.panel(parts.number, parts.unanswered)}
            <section class="block">
                <h2>{parts.yours}</h2>
                <SummaryList rows=parts.rows />
            </section>
            {(!parts.next.is_empty() && !self.in_closure)
                .then(|| {
                    view! {
                        <section class="block">
                            <h2>{t!(l, appointments.next)}</h2>
                            <Timeline entries=parts.next />
                        </section>
                    }
                })}
            {self.messages()}
            <section class="block no-print">
                <h2>{t!(l, appointments.history)}</h2>
                <Timeline entries=history />
            </section>
            <div class="stack no-print">
                {again}
                <KeepIt
                    locale=l
                    case_path=kinds::path(&self.case.number)
                    calendar=calendar_words(l, &self.case, parts.ahead, self.visit.now)
                />
                {parts.cancel.filter(|_| self.visit.acts()).map(|(ask, why)| self.cancel(ask, why))}
            </div>
        }
        .into_any()
    }

    /// The number in large type with the state: the text of the last message from the bank.
    fn panel(&self, number: String, unanswered: Option<(String, ScreenAndPrint)>) -> AnyView {
        let (state, tone) = state_words(self.visit.locale(), self.case.kind, &self.case.state);
        let said = self.messages.last().map(|message| messages::text(self.visit.language, &message.kind, &message.details));
        let said = || said.map_or((state, ScreenAndPrint::default()), |said| (said.title, said.body.into()));
        let (title, text) = self.closure().or(unanswered).unwrap_or_else(said);
        let tone = if self.in_closure { Tone::Wait } else { tone };
        let tone = if tone == Tone::Brand { Tone::Ok } else { tone };
        view! { <Confirmation title=title label=number number=self.case.number.clone() text=text tone=tone /> }.into_any()
    }

    /// What to do about an appointment for which the branch will be closed.
    fn closure(&self) -> Option<(String, ScreenAndPrint)> {
        let (l, phone) = (self.visit.locale(), self.phone());
        let (start, _) = self.case.time.filter(|_| self.in_closure)?;
        let day = day_long(self.visit.language, start.day());
        let why = self.branch.as_ref().and_then(|branch| branch.hours.closed_on(start.day()));
        let text = match why {
            Some(why) => t!(l, appointments.closure_why, day = day, phone = phone, why = display_text(why)),
            None => t!(l, appointments.closure_text, day = day, phone = phone),
        };
        Some((t!(l, appointments.closure_title), text.into()))
    }

    fn messages(&self) -> Option<AnyView> {
        let (l, language) = (self.visit.locale(), self.visit.language);
        if self.messages.is_empty() {
            return None;
        }
        let entries = self.messages.iter().map(|message| {
            let said = messages::text(language, &message.kind, &message.details);
            let when = moment(language, message.created_at, self.visit.now);
            let detail = if said.body.is_empty() { when } else { format!("{when} · {}", said.body) };
            TimelineEntry::new(said.title, detail).tone(if message.read_at.is_none() { Tone::Brand } else { Tone::Neutral })
        });
        let entries = entries.collect();
        let unread = self.messages.iter().any(|message| message.read_at.is_none());
        let read = (unread && self.visit.acts()).then(|| {
            let (to, words) = (kinds::path(&self.case.number), t!(l, appointments.read));
            view! { <PostButton action=to text=words kind=ButtonKind::Secondary name="do" value="read" /> }
        });
        Some(
            view! {
                <section class="block no-print">
                    <h2>{t!(l, appointments.messages)}</h2>
                    <Timeline entries=entries />
                    {read}
                </section>
            }
            .into_any(),
        )
    }

    /// The cancel button with a second confirmation, without script.
    fn cancel(&self, ask: String, why: String) -> AnyView {
        let (to, words) = (kinds::path(&self.case.number), t!(self.visit.locale(), appointments.cancel_do));
        view! {
            <details class="cancel">
                <summary class="button button-quiet">{ask}</summary>
                <div class="stack">
                    <p>{why}</p>
                    <PostButton action=to text=words kind=ButtonKind::Danger name="do" value=CANCEL />
                </div>
            </details>
        }
        .into_any()
    }
}

/// The response after cancelling: back to the page, which explains a refusal.
pub fn cancelled<R: Refusal>(case: &CaseLine, outcome: Result<(), Rejected<R>>) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(see_other(&kinds::path(&case.number))),
        Err(Rejected::Refused(refusal)) => Ok(see_other(&format!("{}?refused={}", kinds::path(&case.number), refusal.code()))),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}
