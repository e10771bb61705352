//! One case on the desk: data, customer, history, internal notes, actions. Parts that differ by kind come from the kind.

use bank::cases::{CaseLine, HistoryLine, NOTE, desk_history, falls_into_closure};
use bank::customers::{CustomerCard, card};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::language::{Language, moment};
use bank::kernel::parameters::InForce;
use bank::kernel::time::At;
use bank::messages::{Message, list_for_case};
use bank::recommendations::AdviceParameters;
use bank::sessions::{CustomerKind, Permission, Staff};
use leptos::prelude::*;

use super::fields::CaseFields;
use super::form::CaseForm;
use super::messages;
use super::queue::due;
use crate::cases::{Reader, history_entry, history_words, state_words, title_words};
use crate::kinds::{self, ActButton, DeskContext, OnDesk};
use crate::t;
use crate::typed::display_text;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::case_number::CaseNumber;
use crate::ui::parts::Tone;
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
    back: String,
    done: bool,
    /// Whether the appointment falls into closed time.
    in_closure: bool,
}

impl Case {
    pub async fn load(
        bank: &Bank,
        staff: &Staff,
        visit: &Visit,
        line: CaseLine,
        form: CaseForm,
        back: String,
        done: bool,
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
            in_closure: falls_into_closure(&reference, &line, visit.now),
            desk_case,
            form,
            back,
            done,
            line,
        })
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
        let (state, tone) = state_words(locale, self.line.kind, &self.line.state);
        view! {
            <aside class="desk-case" id="case" aria-label=self.line.number.clone()>
                <div class="desk-head">
                    <p class="desk-back">
                        <a href=self.back.clone()>{t!(locale, desk.back)}</a>
                    </p>
                    {live}
                    <p class="case-line">
                        <CaseNumber number=self.line.number.clone() />
                        <StateTag text=state tone=tone />
                        {self.line.waiting.then(|| due(self.language, &self.line, self.now))}
                    </p>
                    <h1 class="desk-title">{title_words(self.language, &self.line)}</h1>
                </div>
                {self.banner(locale)}
                {self.closure(locale)}
                {self.form.summary(self.language, &self.history, self.now, &self.asks(&self.context()))}
                {self.summary(locale)}
                {self.desk_case.as_ref().and_then(|desk_case| desk_case.panel(&self.context()))}
                {self.actions(locale)}
                {self.timeline(locale)}
                {messages::view(self.language, &self.messages, self.now)}
                {self.internal(locale)}
                {self.form.forms_behind(self.language)}
            </aside>
        }
        .into_any()
    }

    fn banner(&self, locale: Locale) -> Option<AnyView> {
        let last = self.history.iter().rfind(|line| line.to.is_some()).filter(|_| self.done)?;
        let text = history_words(self.language, self.line.kind, Reader::Staff, last);
        Some(view! { <Banner tone=Tone::Ok title=t!(locale, desk.done) text=text /> }.into_any())
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
        SummaryRow::new(t!(locale, desk.customer), view! { <span class="facts">{facts}</span> })
    }

    fn summary(&self, locale: Locale) -> AnyView {
        let customer = self.customer(locale);
        let mut rows = match &self.desk_case {
            Some(desk_case) => desk_case.rows(&self.context(), customer),
            None => vec![customer],
        };
        rows.push(SummaryRow::new(t!(locale, desk.submitted_at), moment(self.language, self.line.created_at, self.now)));
        view! { <SummaryList rows=rows boxed=false /> }.into_any()
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

    fn actions(&self, locale: Locale) -> AnyView {
        let context = self.context();
        let forms =
            self.desk_case.as_ref().filter(|_| self.answers).map(|desk_case| desk_case.forms(&context)).unwrap_or_default();
        let forms = if forms.is_empty() {
            view! {
                <p class="hint">{t!(locale, desk.no_actions)}</p>
                {self.form.kept(self.language)}
            }
            .into_any()
        } else {
            let asks = self.asks(&context);
            forms.into_iter().map(|form| self.form.form(&form.fields, buttons(form.buttons), &asks)).collect_view().into_any()
        };
        view! {
            <section>
                <h2>{t!(locale, desk.actions)}</h2>
                {forms}
            </section>
        }
        .into_any()
    }

    fn asks<'a>(&'a self, context: &'a DeskContext<'a>) -> CaseFields<'a> {
        CaseFields { context, desk_case: self.desk_case.as_deref() }
    }

    fn timeline(&self, locale: Locale) -> AnyView {
        let entries =
            self.history.iter().map(|line| history_entry(self.language, self.line.kind, Reader::Staff, line, self.now)).collect();
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
fn buttons(buttons: Vec<ActButton>) -> AnyView {
    let buttons = buttons.into_iter();
    let buttons = buttons.map(|act| view! { <Button text=act.text name="do" value=act.action kind=act.kind /> });
    view! { <div class="desk-actions">{buttons.collect_view()}</div> }.into_any()
}
