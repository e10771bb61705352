//! One case on the desk: data, customer, history, internal notes, actions. Parts that differ by kind come from the kind.

use bank::cases::{ACTION, CaseLine, HistoryLine, NOTE, desk_history, falls_into_closure, may_reveal_phone};
use bank::customers::{CustomerCard, card};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::language::{Language, moment, moment_full};
use bank::kernel::parameters::InForce;
use bank::kernel::time::At;
use bank::messages::{Message, list_for_case};
use bank::recommendations::AdviceParameters;
use bank::sessions::{CustomerKind, Permission, Staff};
use leptos::prelude::*;

use super::fields::CaseFields;
use super::form::CaseForm;
use super::queue::due;
use super::{case_path, messages, phone_path};
use crate::cases::{Reader, desk_timeline, history_words, state_words, title_words};
use crate::kinds::{self, ActButton, ActForm, DeskContext, OnDesk};
use crate::step_up::BACK;
use crate::t;
use crate::typed::display_text;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind, PostButton};
use crate::ui::case_number::CaseNumber;
use crate::ui::parts::{Fields, ScreenAndPrint, Tone};
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::timeline::Timeline;
use crate::visit::Visit;
use crate::words::{Locale, locale};

/// The data of the page.
pub struct Case {
    language: Language,
    now: At,
    line: CaseLine,
    branch: String,
    /// The parameters of the day the case was opened.
    parameters: InForce,
    /// State changes and alarms.
    history: Vec<HistoryLine>,
    notes: Vec<HistoryLine>,
    messages: Vec<Message>,
    /// Whether the reader's role may answer the case and write notes.
    answers: bool,
    card: CustomerCard,
    /// The kind's part.
    desk_case: Option<Box<dyn OnDesk>>,
    form: CaseForm,
    shown: Shown,
    /// Whether the appointment falls into closed time.
    in_closure: bool,
    /// The hidden fields of the button that shows the phone number, if the reader may see it.
    phone_fields: Option<Fields>,
}

/// How the page was reached, and where it leads.
pub struct Shown {
    /// URL of the list.
    pub back: String,
    /// URL of the day board it was opened from, which a wide screen does not show beside it.
    pub board: Option<String>,
    /// URL and matter of the case to go on with.
    pub next: Option<(String, String)>,
    /// Whether an action has just been carried out.
    pub done: bool,
}

impl Case {
    pub async fn load(
        bank: &Bank,
        staff: &Staff,
        visit: &Visit,
        line: CaseLine,
        form: CaseForm,
        shown: Shown,
    ) -> Result<Self, Failure> {
        let reference = bank::branches::reference(bank).await?;
        let scope = staff.scope(Permission::SeeCases);
        let branch_id = line.branch_id.clone().unwrap_or_default();
        let parameters = reference.in_force(&branch_id, line.created_at.day());
        let of_kind = async {
            match kinds::of(line.kind) {
                Some(ui) => Ok(Some(ui.open(bank, staff, &line).await?)),
                None => Ok(None),
            }
        };
        // None of these needs another's answer.
        let (desk_case, events, messages, card) =
            tokio::try_join!(of_kind, desk_history(bank, &scope, &line), list_for_case(bank, &line), card(bank, &scope, &line))?;
        let (notes, history) = events.into_iter().partition(|event| event.action == NOTE);
        Ok(Self {
            language: visit.language,
            now: visit.now,
            branch: reference.branch(&branch_id).map_or_else(String::new, |branch| branch.name(visit.language).to_owned()),
            parameters,
            history,
            notes,
            messages,
            card,
            answers: staff.may(Permission::AnswerCases),
            phone_fields: may_reveal_phone(staff, line.branch_id.as_deref()).then(|| visit.bound(Vec::new())),
            in_closure: falls_into_closure(&reference, &line, visit.now),
            desk_case,
            form,
            shown,
            line,
        })
    }

    pub fn line(&self) -> &CaseLine {
        &self.line
    }

    /// Sets the case to go on with: its URL and matter.
    pub fn go_on_with(&mut self, next: Option<(String, String)>) {
        self.shown.next = next;
    }

    pub fn number(&self) -> &str {
        &self.line.number
    }

    pub fn title(&self) -> String {
        format!("{} {}", self.line.number, title_words(self.language, &self.line))
    }

    /// The case beside the list, or alone on a phone.
    pub fn view(&self, live: Option<AnyView>) -> AnyView {
        let locale = locale(self.language);
        let forms = self.act_forms();
        let (state, tone) = state_words(locale, self.line.kind, &self.line.state);
        view! {
            <aside class="desk-case" id="case" aria-label=self.line.number.clone()>
                <div class="desk-head">
                    {self.back(locale)}
                    <div class="desk-above">{(!self.shown.done).then(|| self.next(locale))} {live}</div>
                    <p class="case-line">
                        <CaseNumber number=self.line.number.clone() />
                        <StateTag text=state tone=tone />
                        {self.line.waiting.then(|| due(self.language, &self.line, self.now))}
                    </p>
                    <h1 class="desk-title">{title_words(self.language, &self.line)}</h1>
                </div>
                {self.banner(locale)}
                {self.closure(locale)}
                {self.refusals(&forms)}
                {self.summary(locale)}
                {self.desk_case.as_ref().and_then(|desk_case| desk_case.panel(&self.context()))}
                {self.actions(locale, forms)}
                {self.timeline(locale)}
                {messages::view(self.language, &self.messages, self.now)}
                {self.internal(locale)}
                {self.form.forms_behind(self.language)}
            </aside>
        }
        .into_any()
    }

    /// The way to where the case was opened from.
    fn back(&self, locale: Locale) -> AnyView {
        let (class, href, text) = match &self.shown.board {
            Some(board) => ("desk-to-board", board.clone(), t!(locale, desk.board.back)),
            None => ("desk-back", self.shown.back.clone(), t!(locale, desk.back)),
        };
        view! {
            <p class=class>
                <a href=href>{text}</a>
            </p>
        }
        .into_any()
    }

    fn banner(&self, locale: Locale) -> Option<AnyView> {
        let last = self.history.iter().rfind(|line| line.to.is_some()).filter(|_| self.shown.done)?;
        let text = history_words(self.language, self.line.kind, Reader::Staff, last);
        let next = self.next(locale);
        Some(
            view! {
                <Banner tone=Tone::Ok title=t!(locale, desk.done) text=text focused=true>
                    {next}
                </Banner>
            }
            .into_any(),
        )
    }

    /// The link to the case to go on with.
    fn next(&self, locale: Locale) -> Option<AnyView> {
        let (href, matter) = self.shown.next.clone()?;
        Some(
            view! {
                <p class="desk-next">
                    <a href=href>{t!(locale, desk.next, matter = matter)}</a>
                </p>
            }
            .into_any(),
        )
    }

    fn closure(&self, locale: Locale) -> Option<AnyView> {
        let (title, text) = (t!(locale, desk.closure_title), t!(locale, desk.closure_text));
        self.in_closure.then(|| view! { <Banner tone=Tone::Wait title=title text=text /> }.into_any())
    }

    fn customer(&self, locale: Locale) -> SummaryRow {
        let card = &self.card;
        let mut facts = vec![card.name.clone()];
        facts.extend(card.vip.then(|| t!(locale, desk.vip)));
        facts.extend((card.kind == CustomerKind::Company).then(|| t!(locale, desk.company)));
        facts.push(card.phone.clone());
        // From this age on staff are reminded to take extra care (docs/domain.md §9).
        let care_from = self.parameters.of::<AdviceParameters>().advice_elder_from;
        facts.extend(card.age.filter(|age| *age >= care_from).map(|age| t!(locale, desk.age, age = age)));
        let facts = facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view();
        SummaryRow::new(t!(locale, desk.customer), view! { <div class="facts">{facts} {self.phone(locale)}</div> })
    }

    fn summary(&self, locale: Locale) -> AnyView {
        let customer = self.customer(locale);
        let mut rows = match &self.desk_case {
            Some(desk_case) => desk_case.rows(&self.context(), customer),
            None => vec![customer],
        };
        let submitted = self.line.created_at;
        let submitted = ScreenAndPrint::new(moment(self.language, submitted, self.now), moment_full(self.language, submitted));
        rows.push(SummaryRow::new(t!(locale, desk.submitted_at), submitted.view()));
        view! { <SummaryList rows=rows boxed=false /> }.into_any()
    }

    /// The button that shows the phone number on a page of its own.
    fn phone(&self, locale: Locale) -> Option<AnyView> {
        let (action, text) = (phone_path(&self.line.number), t!(locale, desk.phone.show));
        let mut fields = self.phone_fields.clone()?;
        fields.push((BACK.to_owned(), case_path(&self.line.number)));
        Some(view! { <PostButton action=action text=text kind=ButtonKind::Quiet fields=fields /> }.into_any())
    }

    fn context(&self) -> DeskContext<'_> {
        DeskContext {
            language: self.language,
            now: self.now,
            case: &self.line,
            branch: &self.branch,
            card: &self.card,
            parameters: &self.parameters,
            form: &self.form,
        }
    }

    /// The forms of the actions this reader may take now.
    fn act_forms(&self) -> Vec<ActForm> {
        let desk_case = self.desk_case.as_ref().filter(|_| self.answers);
        desk_case.map(|desk_case| desk_case.forms(&self.context())).unwrap_or_default()
    }

    /// The notices and refusals; a link leads to the field of the form that was posted.
    fn refusals(&self, forms: &[ActForm]) -> AnyView {
        let posted = self.form.typed.filled(ACTION);
        let form = posted.and_then(|action| forms.iter().find(|form| form.submits(action)));
        let context = self.context();
        let asks = CaseFields { form, ..self.asks(&context) };
        self.form.summary(self.language, &self.history, self.now, &asks)
    }

    fn actions(&self, locale: Locale, forms: Vec<ActForm>) -> AnyView {
        let context = self.context();
        let idle = forms.iter().all(|form| form.buttons.is_empty());
        let nothing = forms.is_empty().then(|| view! { <p class="hint">{t!(locale, desk.no_actions)}</p> });
        let form = |form: &ActForm| {
            let note = form.note.clone().map(|note| view! { <p class="desk-note">{note}</p> });
            let asks = CaseFields { form: Some(form), ..self.asks(&context) };
            let form = (!form.buttons.is_empty()).then(|| self.form.form(&form.fields, buttons(&form.buttons), &asks));
            view! { <div class="desk-act">{note} {form}</div> }
        };
        let forms = view! {
            {nothing}
            {forms.iter().map(form).collect_view()}
            {idle.then(|| self.form.kept(self.language))}
        };
        view! {
            <section id="actions" tabindex="-1">
                <h2>{t!(locale, desk.actions)}</h2>
                {forms}
            </section>
        }
        .into_any()
    }

    fn asks<'a>(&'a self, context: &'a DeskContext<'a>) -> CaseFields<'a> {
        CaseFields { context, desk_case: self.desk_case.as_deref(), form: None }
    }

    fn timeline(&self, locale: Locale) -> AnyView {
        let entries = desk_timeline(self.language, &self.line, &self.history, self.now);
        view! {
            <section>
                <h2>{t!(locale, desk.history)}</h2>
                <Timeline entries=entries />
            </section>
        }
        .into_any()
    }

    fn internal(&self, locale: Locale) -> AnyView {
        let notes = self.notes.iter().map(|note| {
            let by = t!(locale, desk.said_by, name = note.user_name.clone(), time = moment(self.language, note.at, self.now));
            view! {
                <li>
                    <p class="note-text">{note.reason.as_deref().map(display_text)}</p>
                    <p class="hint">{by}</p>
                </li>
            }
        });
        let list = if self.notes.is_empty() {
            view! { <p class="hint">{t!(locale, desk.no_notes)}</p> }.into_any()
        } else {
            view! { <ul class="desk-notes">{notes.collect_view()}</ul> }.into_any()
        };
        let context = self.context();
        let button = || view! { <Button text=t!(locale, desk.add_note) name="do" value=NOTE kind=ButtonKind::Secondary /> };
        let form = self.answers.then(|| self.form.note_form(button().into_any(), &self.asks(&context)));
        view! {
            <section>
                <h2>{t!(locale, desk.notes)}</h2>
                {list}
                {form}
            </section>
        }
        .into_any()
    }
}

/// The buttons of a form in one row.
fn buttons(buttons: &[ActButton]) -> AnyView {
    let button = |act: &ActButton| view! { <Button text=act.text.clone() name="do" value=act.action kind=act.kind /> };
    let buttons = buttons.iter().map(button);
    view! { <div class="desk-actions">{buttons.collect_view()}</div> }.into_any()
}
