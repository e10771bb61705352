//! One case on the desk: what it is, whose, what happened, what only staff note, and what can be done. The parts that
//! differ by kind come from the kind's own file.

use bank::cases::{CaseKind, CaseLine, HistoryLine, NoteLine, history, notes};
use bank::customers::{CustomerCard, card};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::language::{Language, moment};
use bank::kernel::time::At;
use bank::sessions::{CustomerKind, Staff};
use bank::suggestions::Suggestion;
use leptos::prelude::*;

use super::cash::{self, CashMatter};
use super::cash_actions::CashButtons;
use super::form::CaseForm;
use super::queue::due;
use super::reception::{self, ReceptionMatter};
use super::suggestion;
use crate::cases::{Reader, history_entry, history_words, state_words, title_words};
use crate::t;
use crate::ui::banner::Banner;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::case_number::CaseNumber;
use crate::ui::parts::Tone;
use crate::ui::state_tag::StateTag;
use crate::ui::summary_list::{SummaryList, SummaryRow};
use crate::ui::text_area::TextArea;
use crate::ui::timeline::Timeline;
use crate::visit::Visit;
use crate::words::{Locale, locale};

/// What differs by kind.
pub enum Matter {
    /// 大额取款预约
    Cash(Box<CashMatter>),
    /// 客户接待日
    Reception(Box<ReceptionMatter>),
    /// 建议
    Suggestion(Box<Suggestion>),
}

/// Everything the page of a case shows.
pub struct Case {
    language: Language,
    now: At,
    line: CaseLine,
    branch: String,
    checked_twice: bool,
    /// From this age on the desk reminds to take care (years, docs/domain.md §9).
    care_from: i64,
    history: Vec<HistoryLine>,
    notes: Vec<NoteLine>,
    card: CustomerCard,
    matter: Option<Matter>,
    form: CaseForm,
    back: String,
    done: bool,
}

impl Case {
    /// Reads it.
    pub async fn load(
        bank: &Bank,
        staff: &Staff,
        visit: &Visit,
        line: CaseLine,
        form: CaseForm,
        back: String,
    ) -> Result<Self, Failure> {
        let reference = bank::branches::reference(bank).await?;
        let branch_id = line.branch_id.clone().unwrap_or_default();
        let parameters = reference.parameters(&branch_id, line.created_at.day());
        let matter = match line.kind {
            CaseKind::Cash => Some(Matter::Cash(Box::new(cash::load(bank, staff, &line).await?))),
            CaseKind::Suggestion => suggestion::load(bank, &line).await?.map(|found| Matter::Suggestion(Box::new(found))),
            CaseKind::Reception => Some(Matter::Reception(Box::new(reception::load(bank, staff, &line).await?))),
        };
        Ok(Self {
            language: visit.language,
            now: visit.now,
            branch: reference.branch(&branch_id).map_or_else(String::new, |branch| branch.name(visit.language).to_owned()),
            checked_twice: line.amount.is_some_and(|amount| amount >= parameters.cash_approval_from),
            care_from: parameters.advice_elder_from,
            history: history(bank, &line).await?,
            notes: notes(bank, staff, &line).await?,
            card: card(bank, staff, &line.customer_id).await?,
            matter,
            form,
            back,
            done: visit.uri.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair == "done=1")),
            line,
        })
    }

    /// Its number.
    pub fn number(&self) -> &str {
        &self.line.number
    }

    /// The page's title in the browser.
    pub fn title(&self) -> String {
        format!("{} {}", self.line.number, title_words(self.language, &self.line))
    }

    /// The case as it stands beside the list, or alone on a phone.
    pub fn view(&self) -> AnyView {
        let locale = locale(self.language);
        let (state, tone) = state_words(locale, &self.line.state);
        view! {
            <aside class="desk-case" id="case" aria-label=self.line.number.clone()>
                <div class="desk-head">
                    <p class="desk-back">
                        <a href=self.back.clone()>{t!(locale, desk.back)}</a>
                    </p>
                    <p class="case-line">
                        <CaseNumber number=self.line.number.clone() />
                        <StateTag text=state tone=tone />
                        {self.line.waiting.then(|| due(self.language, &self.line, self.now))}
                    </p>
                    <h1 class="desk-title">{title_words(self.language, &self.line)}</h1>
                </div>
                {self.banner(locale)}
                {self.form.summaries(self.language, &self.history, self.now)}
                {self.summary(locale)}
                {self.stock()}
                {self.actions(locale)}
                {self.timeline(locale)}
                {self.internal(locale)}
                {self.form.offer_forms(self.language)}
            </aside>
        }
        .into_any()
    }

    fn banner(&self, locale: Locale) -> Option<AnyView> {
        let last = self.history.last().filter(|_| self.done)?;
        let text = history_words(self.language, Reader::Staff, last);
        Some(view! { <Banner tone=Tone::Ok title=t!(locale, desk.done) text=text /> }.into_any())
    }

    fn customer(&self, locale: Locale) -> SummaryRow {
        let card = &self.card;
        let mut facts = vec![card.name.clone()];
        facts.extend(card.vip.then(|| t!(locale, desk.vip)));
        facts.extend((card.kind == CustomerKind::Company).then(|| t!(locale, desk.company)));
        facts.push(card.phone.clone());
        facts.extend(card.age.filter(|age| *age >= self.care_from).map(|age| t!(locale, desk.age, age = age)));
        let facts = facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view();
        SummaryRow::new(t!(locale, desk.customer), view! { <span class="facts">{facts}</span> })
    }

    fn summary(&self, locale: Locale) -> AnyView {
        let customer = self.customer(locale);
        let mut rows = match &self.matter {
            Some(Matter::Cash(matter)) => cash::rows(self.language, matter, &self.branch, &self.card, customer),
            Some(Matter::Reception(matter)) => reception::rows(self.language, matter, &self.branch, &self.card, customer),
            Some(Matter::Suggestion(found)) => suggestion::rows(self.language, found, customer),
            None => vec![customer],
        };
        rows.push(SummaryRow::new(t!(locale, desk.submitted_at), moment(self.language, self.line.created_at, self.now)));
        view! { <SummaryList rows=rows boxed=false /> }.into_any()
    }

    fn stock(&self) -> Option<AnyView> {
        let Some(Matter::Cash(matter)) = &self.matter else { return None };
        cash::stock(self.language, matter)
    }

    fn actions(&self, locale: Locale) -> AnyView {
        let forms = match &self.matter {
            Some(Matter::Cash(matter)) => CashButtons {
                language: self.language,
                now: self.now,
                matter,
                card: &self.card,
                form: &self.form,
                checked_twice: self.checked_twice,
            }
            .view(),
            Some(Matter::Reception(matter)) => reception::actions(self.language, self.now, matter, &self.form),
            Some(Matter::Suggestion(_)) => suggestion::actions(self.language, self.now, &self.line, &self.form),
            None => None,
        };
        let forms = forms.unwrap_or_else(|| {
            view! {
                <p class="hint">{t!(locale, desk.no_actions)}</p>
                {self.form.kept(self.language)}
            }
            .into_any()
        });
        view! {
            <section>
                <h2>{t!(locale, desk.actions)}</h2>
                {forms}
            </section>
        }
        .into_any()
    }

    fn timeline(&self, locale: Locale) -> AnyView {
        let entries = self.history.iter().map(|line| history_entry(self.language, Reader::Staff, line, self.now)).collect();
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
                    <p class="note-text">{note.content.clone()}</p>
                    <p class="hint">{by}</p>
                </li>
            }
        });
        let list = if self.notes.is_empty() {
            view! { <p class="hint">{t!(locale, desk.no_notes)}</p> }.into_any()
        } else {
            view! { <ul class="desk-notes">{notes.collect_view()}</ul> }.into_any()
        };
        let fields = view! {
            <TextArea
                label=t!(locale, desk.note)
                name="note"
                hint=t!(locale, desk.note_hint)
                value=self.form.value("note", "")
                error=self.form.error(self.language, "note", self.now)
                rows=2
            />
            <Button text=t!(locale, desk.add_note) name="do" value="note" kind=ButtonKind::Secondary />
        };
        view! {
            <section>
                <h2>{t!(locale, desk.notes)}</h2>
                {list}
                {self.form.form(fields.into_any())}
            </section>
        }
        .into_any()
    }
}
