//! An application on the desk: its data and the two answers. Effects of an answer are in `bank::appointments::reception`, the
//! frame of the page is `crate::desk`.

use bank::appointments::reception::{CONFIRM, DECLINE, ReceptionDetail, ReceptionState, reception_detail};
use bank::cases::{CaseLine, PossibleAction, possible_actions};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::language::{moment, time_span};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::ReceptionUi;
use crate::kinds::{ActButton, ActForm, BoxFuture, Desk, DeskContext, OnDesk};
use crate::t;
use crate::typed::display_text;
use crate::ui::button::ButtonKind;
use crate::ui::summary_list::SummaryRow;
use crate::words::locale;

impl Desk for ReceptionUi {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> BoxFuture<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move { Ok(Box::new(load(bank, staff, case).await?) as Box<dyn OnDesk>) })
    }
}

/// An application with the actions this staff member may take now.
#[derive(Clone, Debug)]
struct ReceptionDeskCase {
    detail: ReceptionDetail,
    actions: Vec<PossibleAction>,
}

async fn load(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<ReceptionDeskCase, Failure> {
    Ok(ReceptionDeskCase { detail: reception_detail(bank, case).await?, actions: possible_actions(bank, staff, case).await? })
}

impl OnDesk for ReceptionDeskCase {
    fn rows(&self, context: &DeskContext<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        rows(context, &self.detail, customer)
    }

    fn forms(&self, context: &DeskContext<'_>) -> Vec<ActForm> {
        forms(context, &self.detail, &self.actions)
    }
}

fn rows(context: &DeskContext<'_>, detail: &ReceptionDetail, customer: SummaryRow) -> Vec<SummaryRow> {
    let (language, locale) = (context.language, locale(context.language));
    let reception = &detail.reception;
    let when = context.day(reception.day).map(|day| {
        let time = time_span(detail.slot, detail.slot_end);
        t!(locale, appointments.when_where, day = day, time = time, branch = context.branch.to_owned())
    });
    let typed = |text: &str| view! { <p class="typed">{display_text(text)}</p> };
    let mut rows = vec![
        SummaryRow::new(t!(locale, reception.row_time), when.view()),
        SummaryRow::new(t!(locale, reception.desk.places), t!(locale, reception.desk.places_left, count = detail.places_left)),
        SummaryRow::new(t!(locale, reception.desk.host), reception.host(language)),
        SummaryRow::new(t!(locale, reception.desk.place), reception.place(language).to_owned()),
        customer,
        SummaryRow::new(
            t!(locale, reception.desk.attendees),
            t!(locale, reception.desk.attendees_count, count = detail.attendees),
        ),
        SummaryRow::new(t!(locale, reception.desk.summary), typed(&detail.summary)),
    ];
    if !detail.hope.is_empty() {
        rows.push(SummaryRow::new(t!(locale, reception.desk.hope), typed(&detail.hope)));
    }
    if detail.phone != context.card.phone {
        rows.push(SummaryRow::new(t!(locale, reception.desk.contact), detail.phone.clone()));
    }
    rows
}

/// The buttons: confirm, and decline with a reason; before an agreed reception that nothing is to be done.
fn forms(context: &DeskContext<'_>, detail: &ReceptionDetail, actions: &[PossibleAction]) -> Vec<ActForm> {
    let locale = locale(context.language);
    if let (Some((start, _)), true) = (context.case.time, detail.state == ReceptionState::Confirmed)
        && start > context.now
    {
        let when = moment(context.language, start, context.now);
        return vec![ActForm::not_yet(t!(locale, reception.desk.agreed, when = when))];
    }
    let may = |action| actions.iter().any(|may| may.action == action);
    let confirm = may(CONFIRM).then(|| ActForm::at_once(vec![ActButton::new(CONFIRM, t!(locale, reception.desk.confirm))]));
    let decline = may(DECLINE).then(|| {
        let button = ActButton::new(DECLINE, t!(locale, reception.desk.decline)).weight(ButtonKind::Secondary);
        ActForm::new(vec!["reason"], vec![button])
    });
    confirm.into_iter().chain(decline).collect()
}
