//! The shared part of an appointment's page: the ticket or the number with its state, cancelling, one timeline. The agreed facts and
//! next steps come from the kind's own `case.rs`.

use axum::response::Response;
use bank::branches::{Branch, reference};
use bank::cases::{ACCEPT, CaseLine, HistoryLine, PossibleAction, falls_into_closure, history, possible_actions_of_customer};
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::{Draft, Refusal, fresh_key, latest_draft};
use bank::kernel::hours::Span;
use bank::kernel::ids::Key;
use bank::kernel::language::{day_long, moment, time_span};
use bank::kernel::parameters::InForce;
use bank::kernel::time::{At, Day, day_text, parse_day};
use bank::messages::{Message, list_for_case};
use leptos::prelude::*;

use super::keep::{KeepIt, calendar_words};
use super::map;
use crate::cases::{DAY, Reader, history_entry, state_told};
use crate::form::{ANSWER, AlreadyNotice};
use crate::kinds::{self, AtCase};
use crate::messages;
use crate::page::{PageError, see_other};
use crate::t;
use crate::typed::display_text;
use crate::ui::banner::Banner;
use crate::ui::button::{ButtonKind, LinkButton, PostButton};
use crate::ui::confirmation::Confirmation;
use crate::ui::icon::Picture;
use crate::ui::parts::{Fields, Link, ScreenAndPrint, Tone};
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::ticket::{Ticket, TicketRow};
use crate::ui::timeline::{Stage, Timeline, TimelineEntry};
use crate::visit::Visit;

/// The action with which a customer cancels, of every kind.
const CANCEL: &str = "cancel";

/// The button that begins a new form with the choices of this case.
const AGAIN: &str = "again";

/// The field that names an unfinished form beside which the new one may begin.
const BESIDE: &str = "beside";

/// An appointment for its customer.
pub struct CasePage<'v> {
    pub visit: &'v Visit,
    pub case: CaseLine,
    /// The branch of the case.
    pub branch: Option<Branch>,
    /// The parameters of the day the case was opened.
    pub parameters: InForce,
    /// Whether the customer may cancel now.
    pub may_cancel: bool,
    /// What the reader may do now.
    possible: Vec<PossibleAction>,
    reader: Reader,
    /// Whether the branch will be closed at the time of the appointment.
    in_closure: bool,
    /// When the branch is open on the day of the appointment.
    hours: Vec<Span>,
    history: Vec<HistoryLine>,
    messages: Vec<Message>,
    /// The key of the form that a press of "book again" begins.
    again_key: Key,
    /// Another unfinished form of the kind, if the customer was asked what is to become of it.
    unfinished: Option<Draft>,
}

/// A kind's part of the page.
pub struct Parts {
    /// The error summary of a refused action.
    pub refused: Option<AnyView>,
    /// Label of the case number.
    pub number: String,
    /// Title and text above the number until the bank has answered; afterwards the last message replaces them.
    pub unanswered: Option<(String, ScreenAndPrint)>,
    /// The form with which the reader answers for the company.
    pub answer: Option<AnyView>,
    /// Title and lines of the ticket, while the appointment is to come.
    pub ticket: Option<(String, Vec<TicketRow>)>,
    /// Heading of the agreed facts.
    pub yours: String,
    /// The agreed facts; those on the ticket are left out.
    pub rows: Vec<SummaryRow>,
    /// The next steps; may be empty.
    pub next: Vec<TimelineEntry>,
    /// Until when the customer may cancel, or that it is over.
    pub until: Option<ScreenAndPrint>,
    /// Whether the appointment is still to come.
    pub ahead: bool,
    /// Path of the kind's form, and text of the button that begins a new one like this.
    pub again: (&'static str, String),
    /// The day the bank has proposed instead, and the text of the button that begins a new form with it.
    pub proposed: Option<(Day, String)>,
    /// The way to a form in which the customer changes the booking, while they may.
    pub change: Option<Link>,
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
            possible,
            reader: if customer.approves() { Reader::Approver } else { Reader::Customer },
            in_closure: falls_into_closure(&reference, case, visit.now),
            hours: reference
                .branch(branch_id)
                .zip(case.time)
                .map(|(branch, (start, _))| branch.hours.opening(&reference.calendar, start.day()).to_vec())
                .unwrap_or_default(),
            history: history(bank, case).await?,
            messages: list_for_case(bank, case).await?,
            again_key: fresh_key(bank)?,
            unfinished: match kinds::of(case.kind).filter(|_| visit.asks(AGAIN).is_some()) {
                Some(ui) => latest_draft(bank, customer.user_id(), ui.form().form).await?,
                None => None,
            },
            case: case.clone(),
        })
    }

    /// Whether the branch will be closed at the time of the appointment, so that the page is no ticket.
    pub const fn is_in_closure(&self) -> bool {
        self.in_closure
    }

    /// When the case came into a state it is in; `None` if it is in another one.
    pub fn reached(&self, state: &str) -> Option<At> {
        let line = self.history.iter().rfind(|line| line.to.is_some())?;
        (line.to.as_deref() == Some(state)).then_some(line.at)
    }

    /// Whether the reader may take this action now.
    pub fn may(&self, action: &str) -> bool {
        self.possible.iter().any(|may| may.action == action)
    }

    pub fn branch_name(&self) -> String {
        self.branch.as_ref().map_or_else(String::new, |branch| branch.name(self.visit.language).to_owned())
    }

    /// The lines of a ticket that tell where: name and address with a map, hours of the day with the phone number.
    pub fn where_rows(&self) -> Vec<TicketRow> {
        let (l, language) = (self.visit.locale(), self.visit.language);
        let Some(branch) = &self.branch else { return Vec::new() };
        let address = branch.address(language).to_owned();
        let map = Link::new(map(branch), t!(l, appointments.map));
        let place = TicketRow::new(Picture::Bank, branch.name(language)).hint(address).link(map);
        let call = Link::new(format!("tel:{}", branch.phone.replace([' ', '-'], "")), t!(l, appointments.call));
        let hours = self.hours.iter().map(|span| time_span(span.opens, span.closes)).collect::<Vec<_>>().join(" ");
        let open = if hours.is_empty() { branch.phone.clone() } else { t!(l, appointments.open_then, hours = hours.clone()) };
        let phone = if hours.is_empty() { String::new() } else { branch.phone.clone() };
        vec![place, TicketRow::new(Picture::Phone, open).hint(phone).link(call)]
    }

    /// Name and address of the branch.
    pub fn branch_words(&self) -> Option<String> {
        let (l, language) = (self.visit.locale(), self.visit.language);
        self.branch.as_ref().map(|branch| {
            let (name, address) = (branch.name(language).to_owned(), branch.address(language).to_owned());
            t!(l, appointments.branch_address, branch = name, address = address)
        })
    }

    /// The day proposed by the last message, if it is still to come.
    pub fn proposed_day(&self) -> Option<Day> {
        let details = &self.messages.last()?.details;
        let day = messages::fact(details, "offered_day").and_then(parse_day)?;
        (day > self.visit.now.day()).then_some(day)
    }

    /// Phone number for questions: the branch's, otherwise the hotline.
    pub fn phone(&self) -> String {
        self.branch.as_ref().map_or_else(|| self.visit.bank_details.hotline.clone(), |branch| branch.phone.clone())
    }

    /// The row with the state.
    pub fn state_row(&self) -> SummaryRow {
        let l = self.visit.locale();
        let (state, tone) = state_told(l, self.case.kind, &self.case.state);
        SummaryRow::new(t!(l, appointments.state), view! { <StateTag text=state tone=tone /> })
    }

    pub fn view(&self, parts: Parts) -> AnyView {
        let l = self.visit.locale();
        let (form, words) = parts.again;
        let (change, cancel) = if self.visit.acts() { (parts.change, parts.cancel) } else { (None, None) };
        let ended = !parts.ahead || self.in_closure;
        let asked = self.unfinished.as_ref().map(|draft| self.ask_again(form, words.clone(), draft));
        let may_begin = asked.is_none();
        let again = (may_begin && self.visit.acts()).then(|| {
            let kind = if ended { ButtonKind::Secondary } else { ButtonKind::Quiet };
            let fields = self.again_fields(None);
            let to = kinds::path(&self.case.number);
            view! { <PostButton action=to text=words kind=kind fields=fields name="do" value=AGAIN /> }.into_any()
        });
        let proposed = parts.proposed.filter(|_| may_begin && self.visit.acts()).map(|(day, words)| {
            let to = kinds::path(&self.case.number);
            view! { <PostButton action=to text=words fields=self.again_fields(Some(day)) name="do" value=AGAIN /> }
        });
        let (again_first, again_last) = if ended { (again, None) } else { (None, again) };
        let history = self.history.iter();
        let history = history.map(|line| history_entry(self.visit.language, self.case.kind, self.reader, line, self.visit.now));
        // One line of time: what happened, what happens now, what comes.
        let ahead = if self.in_closure { Vec::new() } else { parts.next };
        let timeline = if ahead.is_empty() { t!(l, appointments.history) } else { t!(l, appointments.timeline) };
        let entries = history.chain(ahead).collect();
        let head = match parts.ticket.filter(|_| !self.in_closure) {
            Some((title, rows)) => self.ticket(title, parts.number, parts.unanswered, parts.answer, rows),
            None => {
                let panel = self.panel(parts.number, self.closure(change.is_some(), cancel.is_some()).or(parts.unanswered));
                view! {
                    {panel}
                    {parts.answer}
                }
                .into_any()
            }
        };
        let facts = view! {
            <section class="block">
                <h2>{parts.yours}</h2>
                <SummaryList rows=parts.rows />
            </section>
        };
        // With a ticket they come last, otherwise first.
        let (first, last) = if parts.ahead && !self.in_closure { (None, Some(facts)) } else { (Some(facts), None) };
        view! {
            <AlreadyNotice visit=self.visit.clone() form=form />
            {parts.refused}
            {asked}
            {head}
            {first}
            <div class="stack no-print">
                {proposed}
                {again_first}
                {self.read_button()}
                <KeepIt
                    locale=l
                    case_path=kinds::path(&self.case.number)
                    calendar=calendar_words(l, &self.case, parts.ahead, self.visit.now)
                    ahead=parts.ahead
                />
                {change.map(|change| view! { <LinkButton href=change.href text=change.text kind=ButtonKind::Secondary /> })}
                {cancel.map(|(ask, why)| self.cancel(ask, why))}
                {parts.until.filter(|_| !self.in_closure).map(|until| view! { <p class="hint">{until.view()}</p> })}
                {again_last}
            </div>
            <section class="block no-print">
                <h2>{timeline}</h2>
                <Timeline entries=entries />
            </section>
            {last}
        }
        .into_any()
    }

    /// The hidden fields of "book again": its form's key, so that pressing twice begins one form, and the day it begins with.
    fn again_fields(&self, day: Option<Day>) -> Fields {
        let day = day.map(|day| (DAY.to_owned(), day_text(day)));
        self.visit.bound([("key".to_owned(), self.again_key.to_string())].into_iter().chain(day).collect())
    }

    /// Asks whether to go on with an unfinished form or to begin another one beside it.
    fn ask_again(&self, form: &str, words: String, draft: &Draft) -> AnyView {
        let l = self.visit.locale();
        let saved = moment(self.visit.language, draft.saved_at, self.visit.now);
        let mut fields = self.again_fields(self.visit.asks(DAY).and_then(parse_day));
        fields.push((BESIDE.to_owned(), draft.key.to_string()));
        let to = kinds::path(&self.case.number);
        let go_on = format!("{form}?key={}", draft.key);
        view! {
            <div id=AGAIN tabindex="-1">
                <Banner tone=Tone::Wait title=t!(l, appointments.again_title) text=t!(l, appointments.again_text, saved = saved)>
                    <div class="actions">
                        <LinkButton href=go_on text=t!(l, appointments.again_resume) />
                        <PostButton
                            action=to
                            text=words
                            kind=ButtonKind::Secondary
                            fields=fields
                            name="do"
                            value=AGAIN
                        />
                    </div>
                </Banner>
            </div>
        }
        .into_any()
    }

    /// What was said last, what the reader is asked for, and the ticket.
    fn ticket(
        &self,
        title: String,
        label: String,
        unanswered: Option<(String, ScreenAndPrint)>,
        answer: Option<AnyView>,
        rows: Vec<TicketRow>,
    ) -> AnyView {
        let l = self.visit.locale();
        let state = state_told(l, self.case.kind, &self.case.state);
        let (said, text, tone) = self.said(unanswered);
        view! {
            <section class=format!("told tone-{}", tone.class()) id=ANSWER tabindex="-1">
                <h1>{said}</h1>
                {(!text.is_empty()).then(|| view! { <p>{text.view()}</p> })}
            </section>
            {answer}
            <Ticket title=title state=state label=label number=self.case.number.clone() scan=t!(l, appointments.scan) rows=rows />
        }
        .into_any()
    }

    /// The number in large type with the state: the text of the last message from the bank.
    fn panel(&self, number: String, first: Option<(String, ScreenAndPrint)>) -> AnyView {
        let (title, text, tone) = self.said(first);
        view! { <Confirmation title=title label=number number=self.case.number.clone() text=text tone=tone /> }.into_any()
    }

    /// What is said first, a closure or that the answer is due, or else the last message from the bank.
    fn said(&self, first: Option<(String, ScreenAndPrint)>) -> (String, ScreenAndPrint, Tone) {
        let (state, tone) = state_told(self.visit.locale(), self.case.kind, &self.case.state);
        let said = self.messages.last().map(|message| messages::text(self.visit.language, &message.kind, &message.details));
        let said = || said.map_or((state, ScreenAndPrint::default()), |said| (said.title, said.body.into()));
        let (title, text) = first.unwrap_or_else(said);
        let tone = if self.in_closure { Tone::Wait } else { tone };
        let tone = if tone == Tone::Brand { Tone::Ok } else { tone };
        (title, text, tone)
    }

    /// What to do about an appointment for which the branch will be closed.
    fn closure(&self, may_change: bool, may_cancel: bool) -> Option<(String, ScreenAndPrint)> {
        let (l, phone, at) = (self.visit.locale(), self.phone(), self.case.time.filter(|_| self.in_closure)?.0.day());
        let ways = match (may_change, may_cancel) {
            _ if !self.visit.acts() => t!(l, home.change_operator),
            _ if self.may(ACCEPT) => t!(l, appointments.closure_accept),
            (true, _) => t!(l, appointments.closure_move),
            (_, true) => t!(l, appointments.closure_cancel),
            _ => t!(l, appointments.closure_call),
        };
        let day = day_long(self.visit.language, at);
        let text = match self.branch.as_ref().and_then(|branch| branch.hours.closed_on(at)) {
            Some(why) => t!(l, appointments.closure_why, day = day, phone = phone, ways = ways, why = display_text(why)),
            None => t!(l, appointments.closure_text, day = day, phone = phone, ways = ways),
        };
        Some((t!(l, appointments.closure_title), text.into()))
    }

    /// The button that marks answers as read; a receipt needs none.
    fn read_button(&self) -> Option<AnyView> {
        let answers = self.messages.iter().filter(|message| message.read_at.is_none());
        let unread = answers.filter_map(|message| kinds::of_message(&message.kind)).any(|(ui, what)| !ui.is_echo(what));
        (unread && self.visit.acts()).then(|| {
            let (to, words) = (kinds::path(&self.case.number), t!(self.visit.locale(), appointments.read));
            view! { <PostButton action=to text=words kind=ButtonKind::Secondary name="do" value="read" /> }.into_any()
        })
    }

    /// The cancel button with a second confirmation, without script.
    fn cancel(&self, ask: String, why: String) -> AnyView {
        let (to, words) = (kinds::path(&self.case.number), t!(self.visit.locale(), appointments.cancel_do));
        view! {
            <details class="cancel" id=CANCEL>
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

/// Next steps in their order: the first happens now, the others are to come.
pub fn staged(steps: Vec<TimelineEntry>) -> Vec<TimelineEntry> {
    let stage = |place| if place == 0 { Stage::Now } else { Stage::Ahead };
    steps.into_iter().enumerate().map(|(place, step)| step.stage(stage(place))).collect()
}

/// The response after cancelling: back to the page, which explains a refusal.
pub fn cancelled<R: Refusal>(case: &CaseLine, outcome: Result<(), Rejected<R>>) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(see_other(&format!("{}#{ANSWER}", kinds::path(&case.number)))),
        Err(Rejected::Refused(refusal)) => Ok(see_other(&format!("{}?refused={}", kinds::path(&case.number), refusal.code()))),
        Err(Rejected::Unexpected(failure)) => Err(failure.into()),
    }
}
