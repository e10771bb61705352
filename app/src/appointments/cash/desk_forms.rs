//! The buttons of a cash booking: only what the table of states allows this staff member now, each in the form that
//! holds what it needs. The first button of the section is the usual way on.

use bank::appointments::cash::CashState;
use bank::appointments::cash::model::purposes;
use bank::appointments::cash::paid_field;
use bank::appointments::cash::states::CashAction;
use bank::customers::CustomerCard;
use bank::kernel::language::Language;
use bank::kernel::people::IdType;
use bank::kernel::time::{At, day_text};
use bank::sessions::CustomerKind;
use leptos::prelude::*;

use super::desk::{CashMatter, myself};
use super::words::{document_words, purpose_words};
use crate::desk::CaseForm;
use crate::kinds::Seen;
use crate::t;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::choice_group::{Choice, ChoiceGroup, Layout};
use crate::ui::select::Select;
use crate::ui::text_area::TextArea;
use crate::ui::text_field::TextField;
use crate::words::{Locale, locale};

/// What the buttons are made from.
pub struct CashButtons<'v> {
    language: Language,
    now: At,
    matter: &'v CashMatter,
    card: &'v CustomerCard,
    form: &'v CaseForm,
    /// Whether confirming passes it to the branch head.
    checked_twice: bool,
}

impl<'v> CashButtons<'v> {
    /// For this booking as the page shows it.
    pub fn new(matter: &'v CashMatter, seen: &Seen<'v>) -> Self {
        Self {
            language: seen.language,
            now: seen.now,
            matter,
            card: seen.card,
            form: seen.form,
            checked_twice: matter.detail.amount >= seen.parameters.cash_approval_from,
        }
    }

    fn may(&self, action: CashAction) -> bool {
        self.matter.actions.iter().any(|may| may.action == action.code())
    }

    /// The field of the reason, where the action needs one.
    fn reason(&self, locale: Locale, action: CashAction) -> Option<AnyView> {
        let needed = self.matter.actions.iter().any(|may| may.action == action.code() && may.needs_reason);
        needed.then(|| self.reason_field(locale))
    }

    fn reason_field(&self, locale: Locale) -> AnyView {
        view! {
            <TextArea
                label=t!(locale, desk.reason)
                name="reason"
                hint=t!(locale, desk.reason_hint)
                value=self.form.value("reason", "")
                error=self.form.error(self.language, "reason", self.now)
                rows=2
            />
        }
        .into_any()
    }

    /// Every form of the section; none when there is nothing to do.
    pub fn view(&self) -> Option<AnyView> {
        let locale = locale(self.language);
        let forms: Vec<AnyView> = [self.at_once(locale), self.arrive(locale), self.complete(locale), self.with_reason(locale)]
            .into_iter()
            .flatten()
            .collect();
        (!forms.is_empty()).then(|| forms.into_any())
    }

    fn words(&self, locale: Locale, action: CashAction) -> String {
        match action {
            CashAction::Confirm if self.checked_twice => t!(locale, cash.desk.confirm_check),
            CashAction::Confirm => t!(locale, cash.desk.confirm),
            CashAction::Approve => t!(locale, cash.desk.approve),
            CashAction::Refuse => t!(locale, cash.desk.refuse),
            CashAction::Decline => t!(locale, cash.desk.decline),
            CashAction::Prepare => t!(locale, cash.desk.prepare),
            CashAction::Arrive => t!(locale, cash.desk.arrive),
            CashAction::Complete => t!(locale, cash.desk.complete),
            CashAction::Cancel if self.matter.detail.state == CashState::Arrived => t!(locale, cash.desk.cancel_unpaid),
            CashAction::Cancel => t!(locale, cash.desk.cancel),
            CashAction::NoShow | CashAction::TimeOut | CashAction::BranchClosed => t!(locale, cash.desk.no_show),
        }
    }

    fn button(&self, locale: Locale, action: CashAction, kind: ButtonKind) -> AnyView {
        view! { <Button text=self.words(locale, action) name="do" value=action.code() kind=kind /> }.into_any()
    }

    /// Buttons that need nothing typed.
    fn at_once(&self, locale: Locale) -> Option<AnyView> {
        let actions = [CashAction::Confirm, CashAction::Approve, CashAction::Prepare];
        let buttons: Vec<AnyView> = actions
            .into_iter()
            .filter(|action| self.may(*action))
            .map(|action| self.button(locale, action, ButtonKind::Primary))
            .collect();
        (!buttons.is_empty()).then(|| self.form.form(buttons.into_any()))
    }

    fn arrive(&self, locale: Locale) -> Option<AnyView> {
        if !self.may(CashAction::Arrive) {
            return None;
        }
        let options = IdType::ALL.map(|kind| (kind.code().to_owned(), document_words(locale, kind))).into();
        // While the money is not packed, packing it is the usual way on.
        let kind = if self.may(CashAction::Prepare) { ButtonKind::Secondary } else { ButtonKind::Primary };
        let agent_booked = self.matter.detail.agent.is_some();
        let came = self.form.value("collector", if agent_booked { "agent" } else { "self" });
        let agent = if agent_booked { t!(locale, cash.desk.came_agent_booked) } else { t!(locale, cash.desk.came_agent) };
        let collectors = vec![
            Choice::new("self", myself(self.language, &self.matter.detail)).chosen(came == "self"),
            Choice::new("agent", agent).chosen(came == "agent").reveals(),
        ];
        let fields = view! {
            <ChoiceGroup legend=t!(locale, cash.desk.came) name="collector" choices=collectors layout=Layout::Grid />
            <div class="reveal">
                <TextField
                    label=t!(locale, cash.desk.agent_name)
                    name="agent_name"
                    value=self.form.value("agent_name", "")
                    autocomplete="off"
                    hint=agent_booked.then(|| t!(locale, cash.desk.agent_other_hint))
                    error=self.form.error(self.language, "agent_name", self.now)
                />
                <TextField
                    label=t!(locale, cash.desk.agent_id)
                    name="agent_id"
                    value=self.form.value("agent_id", "")
                    autocomplete="off"
                    error=self.form.error(self.language, "agent_id", self.now)
                />
            </div>
            <Select
                label=t!(locale, cash.desk.id_checked)
                name="id_checked"
                options=options
                value=self.form.value("id_checked", "")
                empty=t!(locale, cash.desk.id_choose)
                error=self.form.error(self.language, "id_checked", self.now)
            />
            {self.reason(locale, CashAction::Arrive)}
            {self.button(locale, CashAction::Arrive, kind)}
        };
        Some(self.form.form(fields.into_any()))
    }

    fn complete(&self, locale: Locale) -> Option<AnyView> {
        if !self.may(CashAction::Complete) {
            return None;
        }
        let detail = &self.matter.detail;
        let counts = detail.notes.iter().filter(|(_, count)| *count > 0).map(|(note, count)| {
            let field = paid_field(note.yuan());
            view! {
                <TextField
                    label=t!(locale, cash.desk.paid, note = note.yuan())
                    name=field
                    value=self.form.value(field, count.to_string())
                    inputmode="numeric"
                    autocomplete="off"
                    error=self.form.error(self.language, field, self.now)
                />
            }
        });
        let corporate = self.card.kind == CustomerKind::Company;
        let terms = purposes(corporate).iter().map(|term| ((*term).to_owned(), purpose_words(locale, term))).collect();
        let purpose = self.form.value("purpose", detail.purpose.clone().unwrap_or_default());
        let fields = view! {
            <fieldset class="paid">
                <legend>{t!(locale, cash.desk.paid_title)}</legend>
                <p class="hint">{t!(locale, cash.desk.paid_hint)}</p>
                <div class="paid-counts">{counts.collect_view()}</div>
            </fieldset>
            <Select
                label=t!(locale, cash.desk.purpose)
                name="purpose"
                options=terms
                value=purpose
                empty=t!(locale, cash.desk.purpose_none)
                error=self.form.error(self.language, "purpose", self.now)
            />
            <TextField
                label=t!(locale, cash.desk.purpose_other)
                name="purpose_other"
                value=self.form.value("purpose_other", detail.purpose_other.clone().unwrap_or_default())
                hint=t!(locale, cash.desk.purpose_other_hint)
                autocomplete="off"
                error=self.form.error(self.language, "purpose_other", self.now)
            />
            {self.reason(locale, CashAction::Complete)}
            {self.button(locale, CashAction::Complete, ButtonKind::Primary)}
        };
        Some(self.form.form(fields.into_any()))
    }

    /// Buttons whose reason the customer is told, and "nobody came", which has its own.
    fn with_reason(&self, locale: Locale) -> Option<AnyView> {
        let told: Vec<CashAction> = [CashAction::Refuse, CashAction::Decline, CashAction::Cancel]
            .into_iter()
            .filter(|action| self.may(*action))
            .collect();
        let no_show = self.may(CashAction::NoShow).then(|| self.button(locale, CashAction::NoShow, ButtonKind::Secondary));
        if told.is_empty() && no_show.is_none() {
            return None;
        }
        let needed = self.reason(locale, CashAction::NoShow);
        let reason = if told.is_empty() { needed } else { Some(self.reason_field(locale)) };
        let offered = told.contains(&CashAction::Decline).then(|| {
            let proposed = self.matter.free_day.map(day_text).unwrap_or_default();
            view! {
                <TextField
                    label=t!(locale, cash.desk.offered_day)
                    name="offered_day"
                    kind="date"
                    hint=t!(locale, cash.desk.offered_day_hint)
                    value=self.form.value("offered_day", proposed)
                    error=self.form.error(self.language, "offered_day", self.now)
                />
            }
        });
        let buttons = told.iter().map(|action| {
            let kind = if *action == CashAction::Cancel { ButtonKind::Danger } else { ButtonKind::Secondary };
            self.button(locale, *action, kind)
        });
        let fields = view! {
            {reason}
            {offered}
            <div class="desk-actions">{buttons.collect_view()} {no_show}</div>
        };
        Some(self.form.form(fields.into_any()))
    }
}
