//! An application for a reception day on the desk: when, by whom, about what, and the two answers. Not here: what an
//! answer does (`bank::appointments::reception`) and the frame of the page (`crate::desk`).

use bank::appointments::reception::{ReceptionAction, ReceptionDetail, act_on_reception, reception_actions, reception_detail};
use bank::cases::{CaseLine, DeskRefusal};
use bank::kernel::bank::Bank;
use bank::kernel::failure::{Failure, Rejected};
use bank::kernel::language::{day_long, time_span};
use bank::sessions::Staff;
use leptos::prelude::*;

use super::ReceptionUi;
use crate::kinds::{Desk, Later, OnDesk, Pressed, Seen};
use crate::t;
use crate::typed::said;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::summary_list::SummaryRow;
use crate::ui::text_area::TextArea;
use crate::words::locale;

impl Desk for ReceptionUi {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> Later<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move { Ok(Box::new(load(bank, staff, case).await?) as Box<dyn OnDesk>) })
    }

    fn press<'a>(&self, pressed: Pressed<'a>) -> Later<'a, Result<(), Rejected<Vec<DeskRefusal>>>> {
        Box::pin(press(pressed))
    }
}

/// An application with what this staff member may do now.
#[derive(Clone, Debug)]
struct ReceptionMatter {
    detail: ReceptionDetail,
    actions: Vec<ReceptionAction>,
}

/// Reads it.
async fn load(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<ReceptionMatter, Failure> {
    Ok(ReceptionMatter { detail: reception_detail(bank, case).await?, actions: reception_actions(staff, case) })
}

impl OnDesk for ReceptionMatter {
    fn rows(&self, seen: &Seen<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        rows(seen, &self.detail, customer)
    }

    fn forms(&self, seen: &Seen<'_>) -> Option<AnyView> {
        forms(seen, &self.actions)
    }
}

fn rows(seen: &Seen<'_>, detail: &ReceptionDetail, customer: SummaryRow) -> Vec<SummaryRow> {
    let (language, locale) = (seen.language, locale(seen.language));
    let reception = &detail.reception;
    let when = t!(
        locale,
        appointments.when_where,
        day = day_long(language, reception.day),
        time = time_span(detail.slot, detail.slot_end),
        branch = seen.branch.to_owned()
    );
    let typed = |text: &str| view! { <p class="typed">{said(text)}</p> };
    let mut rows = vec![
        SummaryRow::new(t!(locale, reception.row_time), when),
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
    if detail.phone != seen.card.phone {
        rows.push(SummaryRow::new(t!(locale, reception.desk.contact), detail.phone.clone()));
    }
    rows
}

/// The buttons: confirm at once, decline with a reason.
fn forms(seen: &Seen<'_>, actions: &[ReceptionAction]) -> Option<AnyView> {
    let Seen { language, now, form, .. } = *seen;
    let locale = locale(language);
    let may = |action| actions.contains(&action);
    let confirm = may(ReceptionAction::Confirm).then(|| {
        let code = ReceptionAction::Confirm.code();
        form.form(view! { <Button text=t!(locale, reception.desk.confirm) name="do" value=code /> }.into_any())
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
                text=t!(locale, reception.desk.decline)
                name="do"
                value=ReceptionAction::Decline.code()
                kind=ButtonKind::Secondary
            />
        };
        form.form(fields.into_any())
    });
    (!actions.is_empty()).then(|| view! { {confirm} {decline} }.into_any())
}

/// Carries out a pressed button.
async fn press(pressed: Pressed<'_>) -> Result<(), Rejected<Vec<DeskRefusal>>> {
    let Pressed { bank, staff, case, version, button, posted } = pressed;
    let action = ReceptionAction::parse(button).ok_or(Rejected::Refused(vec![DeskRefusal::NotNow]))?;
    let acted = act_on_reception(bank, staff, &case.number, version, action, posted.filled("reason")).await;
    acted.map_err(|rejected| match rejected {
        Rejected::Refused(refusal) => Rejected::Refused(vec![refusal]),
        Rejected::Unexpected(failure) => Rejected::Unexpected(failure),
    })
}
