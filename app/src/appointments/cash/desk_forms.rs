//! The forms of a cash booking on the desk: only actions that the transition table allows this staff member now, each button in
//! the form with the fields it needs. The first button of the section is the usual action.

use bank::appointments::cash::model::purposes;
use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{CashParameters, CashState, Denomination, PROPOSAL_FIELDS, paid_field};
use bank::cases::{INTERNAL_REASON, REASON};
use bank::kernel::language::{day_long, moment};
use bank::kernel::people::IdType;
use bank::kernel::time::{day_text, hhmm};
use bank::sessions::CustomerKind;
use leptos::prelude::*;

use super::desk::{CashDeskCase, myself};
use super::words::{document_words, purpose_words};
use crate::form::Ask;
use crate::kinds::{ActButton, ActForm, DeskContext};
use crate::t;
use crate::typed::display_text;
use crate::ui::button::ButtonKind;
use crate::ui::choice_group::Choice;
use crate::words::locale;

impl CashDeskCase {
    fn may(&self, action: CashAction) -> bool {
        self.actions.iter().any(|may| may.action == action.code())
    }

    /// Whether the action needs a reason that only staff read, now.
    fn needs_internal(&self, action: CashAction) -> bool {
        self.actions.iter().any(|may| may.action == action.code() && may.needs_internal_reason)
    }

    /// All forms of the section. A form asks for one reason at most, and each kind of reason stands on the page once: what the
    /// customer reads is not asked in the same box as what only staff read.
    pub fn act_forms(&self, context: &DeskContext<'_>) -> Vec<ActForm> {
        let counter = self.arrive(context).or_else(|| self.complete(context));
        let forms = [self.at_once(context), self.send_back(context), self.not_yet(context), counter, self.told(context)];
        forms.into_iter().flatten().collect()
    }

    /// The label of a reason that several buttons need.
    fn reason_label(&self, context: &DeskContext<'_>, actions: &[CashAction]) -> String {
        let locale = locale(context.language);
        let acts = actions.iter().map(|action| t!(locale, cash.desk.reason_act, act = self.button(context, *action).text));
        let acts = acts.collect::<Vec<_>>().join(&t!(locale, cash.desk.reason_or));
        t!(locale, cash.desk.reason_for, acts = acts)
    }

    /// Sends the booking back to the clerk.
    fn send_back(&self, context: &DeskContext<'_>) -> Option<ActForm> {
        let button = || self.button(context, CashAction::Refuse).weight(ButtonKind::Secondary);
        let label = || self.reason_label(context, &[CashAction::Refuse]);
        self.may(CashAction::Refuse).then(|| ActForm::new(vec![INTERNAL_REASON], vec![button()]).reason_for(label()))
    }

    /// Why the usual next action cannot be taken by this reader now.
    fn not_yet(&self, context: &DeskContext<'_>) -> Option<ActForm> {
        let (locale, detail) = (locale(context.language), &self.detail);
        let note = match detail.state {
            CashState::Confirmed | CashState::Prepared if detail.day > context.now.day() && !self.may(CashAction::Arrive) => {
                t!(locale, cash.desk.arrive_later, day = day_long(context.language, detail.day))
            }
            CashState::AwaitingCompanyApprover => t!(locale, cash.desk.awaits_company),
            CashState::Proposed => {
                let until =
                    detail.proposed.as_ref().map(|proposed| moment(context.language, proposed.proposal.until, context.now));
                t!(locale, cash.desk.awaits_customer, until = until.unwrap_or_default())
            }
            CashState::AwaitingApproval if !self.may(CashAction::Approve) => t!(locale, cash.desk.awaits_approval),
            _ => return None,
        };
        Some(ActForm::not_yet(note))
    }

    fn button(&self, context: &DeskContext<'_>, action: CashAction) -> ActButton {
        let locale = locale(context.language);
        let checked_twice = context.parameters.of::<CashParameters>().needs_approval(self.detail.amount);
        let words = match action {
            CashAction::Confirm if checked_twice => t!(locale, cash.desk.confirm_check),
            CashAction::Confirm => t!(locale, cash.desk.confirm),
            CashAction::Approve => t!(locale, cash.desk.approve),
            CashAction::Refuse => t!(locale, cash.desk.refuse),
            CashAction::Decline => t!(locale, cash.desk.decline),
            CashAction::Propose => t!(locale, cash.desk.propose),
            CashAction::Prepare if self.prepared_from.is_some() => t!(locale, cash.desk.prepare_early),
            CashAction::Prepare => t!(locale, cash.desk.prepare),
            CashAction::Arrive => t!(locale, cash.desk.arrive),
            CashAction::Complete => t!(locale, cash.desk.complete),
            CashAction::Cancel if self.detail.state == CashState::Arrived => t!(locale, cash.desk.cancel_unpaid),
            CashAction::Cancel => t!(locale, cash.desk.cancel),
            CashAction::NoShow
            | CashAction::Accept
            | CashAction::Reject
            | CashAction::Lapse
            | CashAction::Move
            | CashAction::TimeOut
            | CashAction::BranchClosed
            | CashAction::CompanyApprove
            | CashAction::CompanyRefuse
            | CashAction::CompanyPass
            | CashAction::CompanyLapse => t!(locale, cash.desk.no_show),
        };
        // Long before the day it is not the usual next step.
        let is_usual = action != CashAction::Prepare || self.prepared_from.is_none();
        ActButton::new(action.code(), words).weight(if is_usual { ButtonKind::Primary } else { ButtonKind::Secondary })
    }

    /// Buttons of actions without fields.
    fn at_once(&self, context: &DeskContext<'_>) -> Option<ActForm> {
        let actions = [CashAction::Confirm, CashAction::Approve, CashAction::Prepare];
        let buttons: Vec<ActButton> =
            actions.into_iter().filter(|action| self.may(*action)).map(|action| self.button(context, action)).collect();
        let early = self.prepared_from.filter(|_| self.may(CashAction::Prepare)).map(|from| {
            let day = |day| day_long(context.language, day);
            t!(locale(context.language), cash.desk.prepare_early_note, day = day(self.detail.day), from = day(from))
        });
        (!buttons.is_empty()).then(|| ActForm::at_once(buttons).noting(early))
    }

    fn arrive(&self, context: &DeskContext<'_>) -> Option<ActForm> {
        if !self.may(CashAction::Arrive) {
            return None;
        }
        let mut fields = vec!["collector", "agent_name", "agent_id", "id_checked"];
        fields.extend(self.needs_internal(CashAction::Arrive).then_some(INTERNAL_REASON));
        // Until the cash is prepared, preparing it is the usual next step.
        let kind = if self.may(CashAction::Prepare) { ButtonKind::Secondary } else { ButtonKind::Primary };
        let mut buttons = vec![self.button(context, CashAction::Arrive).weight(kind)];
        buttons.extend(self.needs_internal(CashAction::NoShow).then(|| self.no_show(context)));
        let form = ActForm::new(fields, buttons);
        Some(form.reason_for(t!(locale(context.language), cash.desk.reason_other_day)))
    }

    fn complete(&self, context: &DeskContext<'_>) -> Option<ActForm> {
        if !self.may(CashAction::Complete) {
            return None;
        }
        let booked = self.detail.notes.iter().filter(|(_, count)| *count > 0);
        let mut fields: Vec<&'static str> = booked.map(|(note, _)| paid_field(note.yuan())).collect();
        fields.extend(["purpose", "purpose_other"]);
        fields.extend(self.needs_internal(CashAction::Complete).then_some(INTERNAL_REASON));
        let form = ActForm::new(fields, vec![self.button(context, CashAction::Complete)]);
        Some(form.reason_for(t!(locale(context.language), cash.desk.reason_other_day)))
    }

    fn no_show(&self, context: &DeskContext<'_>) -> ActButton {
        self.button(context, CashAction::NoShow).weight(ButtonKind::Secondary)
    }

    /// Buttons of actions with a reason that the customer reads, and "not collected" without one.
    fn told(&self, context: &DeskContext<'_>) -> Option<ActForm> {
        let told: Vec<CashAction> = [CashAction::Decline, CashAction::Propose, CashAction::Cancel]
            .into_iter()
            .filter(|action| self.may(*action))
            .collect();
        let no_show = self.may(CashAction::NoShow) && !self.needs_internal(CashAction::NoShow);
        if told.is_empty() && !no_show {
            return None;
        }
        let mut fields: Vec<&'static str> = (!told.is_empty()).then_some(REASON).into_iter().collect();
        fields.extend(told.contains(&CashAction::Decline).then_some("offered_day"));
        fields.extend(told.contains(&CashAction::Propose).then_some(PROPOSAL_FIELDS).into_iter().flatten());
        let label = self.reason_label(context, &told);
        let buttons = told.into_iter().map(|action| {
            let kind = if action == CashAction::Cancel { ButtonKind::Danger } else { ButtonKind::Secondary };
            self.button(context, action).weight(kind)
        });
        let no_show = no_show.then(|| self.no_show(context));
        Some(ActForm::new(fields, buttons.chain(no_show).collect()).reason_for(label))
    }

    /// What the document of whoever collects is compared with. Name and number stay masked (docs/domain.md §12): surname and the
    /// ends of the number tell people apart.
    fn to_compare(&self, context: &DeskContext<'_>) -> String {
        let (l, card) = (locale(context.language), context.card);
        match (&self.detail.agent, &self.detail.operator) {
            (Some((name, document, id)), _) => {
                let (name, document) = (display_text(name), document_words(l, *document));
                t!(l, cash.desk.compare_agent, name = name, document = document, id = id.clone())
            }
            (None, Some(name)) => t!(l, cash.desk.compare_operator, name = name.clone()),
            (None, None) => t!(l, cash.desk.compare, name = card.name.clone(), id = card.id.clone()),
        }
    }

    /// The input of a field, prefilled with the booked values.
    pub fn asked(&self, context: &DeskContext<'_>, field: &str) -> Option<Ask> {
        let (locale, form, detail) = (locale(context.language), context.form, &self.detail);
        let agent_booked = detail.agent.is_some();
        Some(match field {
            "collector" => {
                let came = form.value("collector", if agent_booked { "agent" } else { "self" });
                let agent = if agent_booked { t!(locale, cash.desk.came_agent_booked) } else { t!(locale, cash.desk.came_agent) };
                Ask::new().grid(vec![
                    Choice::new("self", myself(context.language, detail)).chosen(came == "self"),
                    Choice::new("agent", agent).chosen(came == "agent").reveals(),
                ])
            }
            "agent_name" => Ask::new().hint(agent_booked.then(|| t!(locale, cash.desk.agent_other_hint))).within("reveal"),
            "agent_id" => Ask::new().within("reveal"),
            "id_checked" => {
                let options = IdType::ALL.map(|kind| (kind.code().to_owned(), document_words(locale, kind)));
                Ask::new().options(options.into(), t!(locale, cash.desk.id_choose)).hint(self.to_compare(context))
            }
            "purpose" => {
                let terms = purposes(context.card.kind == CustomerKind::Company).iter();
                let options = terms.map(|term| ((*term).to_owned(), purpose_words(locale, term))).collect();
                let booked = form.value("purpose", detail.purpose.clone().unwrap_or_default());
                Ask::new().options(options, t!(locale, cash.desk.purpose_none)).value(booked)
            }
            "purpose_other" => {
                let booked = form.value("purpose_other", detail.purpose_other.clone().unwrap_or_default());
                Ask::new().hint(t!(locale, cash.desk.purpose_other_hint)).value(booked)
            }
            "offered_day" => {
                let proposed = form.value("offered_day", self.free_day.map(day_text).unwrap_or_default());
                Ask::new().hint(t!(locale, cash.desk.offered_day_hint)).value(proposed)
            }
            "branch" => {
                let options = self.branches.iter().map(|branch| (branch.id.clone(), branch.name(context.language).to_owned()));
                let nearest = self.free_place.as_ref().map_or(&detail.branch_id, |place| &place.branch);
                let proposed = form.value("branch", nearest.clone());
                Ask::new().options(options.collect(), t!(locale, cash.desk.choose_branch)).value(proposed).within(PROPOSED)
            }
            "day" => {
                let nearest = self.free_place.as_ref().map(|place| day_text(place.day));
                Ask::new().value(form.value("day", nearest.unwrap_or_default())).within(PROPOSED)
            }
            "slot" => {
                let nearest = self.free_place.as_ref().map(|place| hhmm(place.slot));
                Ask::new().value(form.value("slot", nearest.unwrap_or_default())).within(PROPOSED)
            }
            paid => {
                let note = Denomination::ALL.into_iter().find(|note| paid_field(note.yuan()) == paid)?;
                let booked = form.value(paid, detail.notes.count(note).to_string());
                Ask::new().label(t!(locale, cash.desk.paid, note = note.yuan())).value(booked).within(PAID)
            }
        })
    }
}

/// The frame of the note counts.
const PAID: &str = "paid";

/// The frame of the place that is proposed.
const PROPOSED: &str = "proposed";

/// The frame around the fields that name it.
pub fn frame(context: &DeskContext<'_>, frame: &str, fields: Vec<AnyView>) -> AnyView {
    let locale = locale(context.language);
    let (legend, hint) = match frame {
        PAID => (t!(locale, cash.desk.paid_title), t!(locale, cash.desk.paid_hint)),
        PROPOSED => (t!(locale, cash.desk.propose_title), t!(locale, cash.desk.propose_hint)),
        _ => return view! { <div class=frame.to_owned()>{fields}</div> }.into_any(),
    };
    view! {
        <fieldset class="paid">
            <legend>{legend}</legend>
            <p class="hint">{hint}</p>
            <div class="paid-counts">{fields}</div>
        </fieldset>
    }
    .into_any()
}
