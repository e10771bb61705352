//! An application for a reception day on the desk: when, by whom, about what, and the two answers. Not here: what an
//! answer does (`bank::appointments::reception`).

use bank::appointments::reception::{ReceptionAction, ReceptionDetail, act_on_reception, reception_actions, reception_detail};
use bank::cases::{CaseLine, DeskRefusal};
use bank::customers::CustomerCard;
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::forms::Values;
use bank::kernel::language::{Language, day_long, time_span};
use bank::kernel::time::At;
use bank::sessions::Staff;
use leptos::prelude::*;

use super::form::CaseForm;
use crate::t;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::summary_list::SummaryRow;
use crate::ui::text_area::TextArea;
use crate::words::locale;

/// An application with what this staff member may do now.
#[derive(Clone, Debug)]
pub struct ReceptionMatter {
    detail: ReceptionDetail,
    actions: Vec<ReceptionAction>,
}

/// Reads it.
pub async fn load(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<ReceptionMatter, Failure> {
    Ok(ReceptionMatter { detail: reception_detail(bank, case).await?, actions: reception_actions(staff, case) })
}

/// The rows of its summary; `customer` stands among them.
pub fn rows(
    language: Language,
    matter: &ReceptionMatter,
    branch: &str,
    card: &CustomerCard,
    customer: SummaryRow,
) -> Vec<SummaryRow> {
    let locale = locale(language);
    let detail = &matter.detail;
    let reception = &detail.reception;
    let when = t!(
        locale,
        desk.when_where,
        day = day_long(language, reception.day),
        time = time_span(detail.slot, detail.slot_end),
        branch = branch.to_owned()
    );
    let typed = |text: &str| view! { <p class="typed">{text.to_owned()}</p> };
    let mut rows = vec![
        SummaryRow::new(t!(locale, desk.time), when),
        SummaryRow::new(t!(locale, desk.places), t!(locale, desk.places_left, count = detail.places_left)),
        SummaryRow::new(t!(locale, desk.host), reception.host(language)),
        SummaryRow::new(t!(locale, desk.place), reception.place(language).to_owned()),
        customer,
        SummaryRow::new(t!(locale, desk.attendees), t!(locale, desk.attendees_count, count = detail.attendees)),
        SummaryRow::new(t!(locale, desk.summary), typed(&detail.summary)),
    ];
    if !detail.hope.is_empty() {
        rows.push(SummaryRow::new(t!(locale, desk.hope), typed(&detail.hope)));
    }
    if detail.phone != card.phone {
        rows.push(SummaryRow::new(t!(locale, desk.contact), detail.phone.clone()));
    }
    rows
}

/// The buttons: confirm at once, decline with a reason.
pub fn actions(language: Language, now: At, matter: &ReceptionMatter, form: &CaseForm) -> Option<AnyView> {
    let locale = locale(language);
    let may = |action| matter.actions.contains(&action);
    let confirm = may(ReceptionAction::Confirm).then(|| {
        let code = ReceptionAction::Confirm.code();
        form.form(view! { <Button text=t!(locale, desk.confirm) name="do" value=code /> }.into_any())
    });
    let decline = may(ReceptionAction::Decline).then(|| {
        let fields = view! {
            <TextArea
                label=t!(locale, desk.reason)
                name="reason"
                hint=t!(locale, desk.reason_hint)
                value=form.value("reason", "")
                error=form.error(language, "reason", now)
                rows=2
            />
            <Button
                text=t!(locale, desk.decline)
                name="do"
                value=ReceptionAction::Decline.code()
                kind=ButtonKind::Secondary
            />
        };
        form.form(fields.into_any())
    });
    (!matter.actions.is_empty()).then(|| view! { {confirm} {decline} }.into_any())
}

/// Carries out a pressed button.
pub async fn act(
    bank: &Bank,
    staff: &Staff,
    case: &CaseLine,
    version: i64,
    pressed: &str,
    posted: &Values,
) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let action = ReceptionAction::parse(pressed).ok_or(Rejected::Refused(vec![DeskRefusal::NotNow]))?;
    let acted = act_on_reception(bank, staff, &case.number, version, action, posted.filled("reason")).await;
    acted.map_err(|rejected| match rejected {
        Rejected::Refused(refusal) => Rejected::Refused(vec![refusal]),
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
    })
}
