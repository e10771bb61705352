//! A cash booking on the desk: its data and the day's stock. The state table is `bank::appointments::cash::states`, the forms
//! are in `desk_forms.rs`, the frame of the page is `crate::desk`.

use bank::appointments::cash::states::CashAction;
use bank::appointments::cash::{
    ArrivedInstead, CashDetail, CashParameters, Denomination, PROPOSAL_FIELDS, ProposalPlace, Proposed, StockLine, cash_detail,
    cash_stock, nearest_place, next_free_day, paid_field,
};
use bank::branches::{Branch, Reference, reference};
use bank::cases::{CaseLine, INTERNAL_REASON, OwnRefusal, PossibleAction, REASON, REASON_MAX, last_to_prepare, possible_actions};
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Field, FieldKind, Nearest};
use bank::kernel::language::{Language, time_span};
use bank::kernel::money::grouped;
use bank::kernel::people::IdType;
use bank::kernel::time::Day;
use bank::sessions::{Permission, Staff};
use leptos::prelude::*;

use super::words::{desk_field, desk_offer, desk_refusal, document_words, notes_words, purpose_words};
use super::{CashUi, desk_forms};
use crate::cases::comma;
use crate::form::Ask;
use crate::kinds::{ActForm, BoxFuture, Desk, DeskContext, OnDesk};
use crate::t;
use crate::typed::display_text;
use crate::ui::stock_bar::{StockBars, StockRow};
use crate::ui::summary_list::SummaryRow;
use crate::words::{Locale, locale};

impl Desk for CashUi {
    fn open<'a>(&self, bank: &'a Bank, staff: &'a Staff, case: &'a CaseLine) -> BoxFuture<'a, Result<Box<dyn OnDesk>, Failure>> {
        Box::pin(async move { Ok(Box::new(Box::pin(load(bank, staff, case)).await?) as Box<dyn OnDesk>) })
    }

    fn refusal(&self, language: Language, refusal: &OwnRefusal) -> Option<(String, String)> {
        refusal.read().map(|refusal| desk_refusal(language, &refusal))
    }

    fn on_board(&self, l: Locale, action: &str) -> Option<String> {
        match CashAction::parse(action)? {
            CashAction::Prepare => Some(t!(l, cash.desk.prepare)),
            CashAction::Arrive => Some(t!(l, cash.desk.arrive)),
            CashAction::Complete => Some(t!(l, cash.desk.to_pay)),
            _ => None,
        }
    }

    fn field(&self, locale: Locale, field: &str) -> Option<String> {
        desk_field(locale, field)
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::new(REASON, FieldKind::Lines(|_| REASON_MAX)),
            Field::new(INTERNAL_REASON, FieldKind::Lines(|_| REASON_MAX)),
            Field::new("offered_day", FieldKind::Day),
            Field::new(PROPOSAL_FIELDS[0], FieldKind::Choice),
            Field::new(PROPOSAL_FIELDS[1], FieldKind::Day),
            Field::new(PROPOSAL_FIELDS[2], FieldKind::Time),
            Field::new("collector", FieldKind::Choice),
            Field::new("agent_name", FieldKind::Line),
            Field::new("agent_id", FieldKind::Line),
            Field::new("id_checked", FieldKind::Choice),
            Field::new("purpose", FieldKind::Choice),
            Field::new("purpose_other", FieldKind::Short(|set| set.of::<CashParameters>().cash_purpose_other_max)),
        ];
        fields.extend(Denomination::ALL.map(|note| Field::new(paid_field(note.yuan()), FieldKind::Count)));
        fields
    }

    fn texts(&self) -> &'static [&'static str] {
        &[REASON, INTERNAL_REASON]
    }

    fn offer(&self, language: Language, nearest: &Nearest) -> Option<String> {
        desk_offer(language, nearest)
    }
}

/// A booking with the data for the decision.
#[derive(Clone, Debug)]
pub struct CashDeskCase {
    pub detail: CashDetail,
    /// The day's stock, while the booking reserves notes of it.
    pub stock: Vec<StockLine>,
    /// The actions this staff member may take now.
    pub actions: Vec<PossibleAction>,
    /// The nearest other day on which the branch could pay out the booking.
    pub free_day: Option<Day>,
    /// The nearest place that could be proposed instead of the booked one.
    pub free_place: Option<ProposalPlace>,
    /// The branches at which a place can be proposed, and that of a proposal.
    pub branches: Vec<Branch>,
    /// The day on which the cash would usually be made ready, if that is still to come.
    pub prepared_from: Option<Day>,
}

async fn load(bank: &Bank, staff: &Staff, case: &CaseLine) -> Result<CashDeskCase, Failure> {
    let (detail, actions) = tokio::try_join!(cash_detail(bank, case), possible_actions(bank, staff, case))?;
    let scope = staff.scope(Permission::SeeCases);
    let stock = async {
        if detail.state.is_live() { cash_stock(bank, &scope, &detail.branch_id, detail.day).await } else { Ok(Vec::new()) }
    };
    let declines = actions.iter().any(|may| may.action == CashAction::Decline.code());
    let free_day = async { if declines { next_free_day(bank, case).await } else { Ok(None) } };
    let proposes = actions.iter().any(|may| may.action == CashAction::Propose.code());
    let free_place = async { if proposes { nearest_place(bank, case).await } else { Ok(None) } };
    let (stock, free_day, free_place) = tokio::try_join!(stock, free_day, free_place)?;
    let reference = reference(bank).await?;
    let (calendar, today) = (&reference.calendar, bank.now().day());
    let is_early = detail.day > last_to_prepare(calendar, today);
    let prepared_from = is_early.then(|| calendar.previous_working(detail.day));
    let branches = if proposes { reference.branches.clone() } else { there(&reference, &detail).into_iter().collect() };
    Ok(CashDeskCase { detail, stock, actions, free_day, free_place, branches, prepared_from })
}

/// The branch of the other place that is proposed.
fn there(reference: &Reference, detail: &CashDetail) -> Option<Branch> {
    reference.branch(&detail.proposed.as_ref()?.proposal.branch_id).cloned()
}

impl OnDesk for CashDeskCase {
    fn rows(&self, context: &DeskContext<'_>, customer: SummaryRow) -> Vec<SummaryRow> {
        let mut rows = rows(context, &self.detail, customer);
        if let Some(proposed) = self.proposed_row(context) {
            rows.insert(1, proposed);
        }
        rows
    }

    fn panel(&self, context: &DeskContext<'_>) -> Option<AnyView> {
        stock(context.language, self)
    }

    fn forms(&self, context: &DeskContext<'_>) -> Vec<ActForm> {
        self.act_forms(context)
    }

    fn ask(&self, context: &DeskContext<'_>, field: &str) -> Option<Ask> {
        self.asked(context, field)
    }

    fn frame(&self, context: &DeskContext<'_>, frame: &str, fields: Vec<AnyView>) -> AnyView {
        desk_forms::frame(context, frame, fields)
    }
}

impl CashDeskCase {
    /// The other place that is proposed.
    fn proposed_row(&self, context: &DeskContext<'_>) -> Option<SummaryRow> {
        let (language, locale) = (context.language, locale(context.language));
        let Proposed { proposal, .. } = self.detail.proposed.as_ref()?;
        let branch = self.branches.first().map_or_else(String::new, |branch| branch.name(language).to_owned());
        let time = time_span(proposal.slot, proposal.end.time());
        let place = context
            .day(proposal.day)
            .map(|day| t!(locale, appointments.when_where, day = day, time = time.clone(), branch = branch.clone()));
        Some(SummaryRow::new(t!(locale, cash.desk.proposed), place.view()))
    }
}

fn rows(context: &DeskContext<'_>, detail: &CashDetail, customer: SummaryRow) -> Vec<SummaryRow> {
    let (language, locale) = (context.language, locale(context.language));
    let when = context.day(detail.day).map(|day| {
        let time = time_span(detail.slot, detail.slot_end);
        t!(locale, appointments.when_where, day = day, time = time, branch = context.branch.to_owned())
    });
    let mut notes = vec![notes_words(locale, &detail.notes)];
    notes.extend(detail.any_notes.then(|| t!(locale, cash.desk.notes_any)));
    notes.extend(detail.new_notes.then(|| t!(locale, cash.desk.notes_new)));
    let collector = match &detail.agent {
        None => myself(language, detail),
        Some((name, document, id)) => {
            let document = document_words(locale, *document);
            t!(locale, cash.desk.collector_agent, name = display_text(name), document = document, id = id.clone())
        }
    };
    let mut rows = vec![
        SummaryRow::new(t!(locale, cash.row_time), when.view()),
        SummaryRow::new(t!(locale, cash.desk.notes_row), notes.join(comma(language))),
        customer,
        SummaryRow::new(t!(locale, cash.desk.collector), collector),
        SummaryRow::new(t!(locale, cash.desk.account), t!(locale, cash.desk.account_last4, last4 = detail.account_last4.clone())),
    ];
    if detail.phone != context.card.phone {
        rows.push(SummaryRow::new(t!(locale, cash.desk.contact), detail.phone.clone()));
    }
    if let Some(purpose) = &detail.purpose {
        let other = detail.purpose_other.iter().map(|other| format!(" · {}", display_text(other)));
        rows.push(SummaryRow::new(
            t!(locale, cash.desk.purpose),
            format!("{}{}", purpose_words(locale, purpose), other.collect::<String>()),
        ));
    }
    if !detail.remark.is_empty() {
        rows.push(SummaryRow::new(t!(locale, cash.desk.remark), display_text(&detail.remark)));
    }
    if let Some(document) = detail.arrived_as.as_deref().filter(|text| !text.is_empty()) {
        let words = IdType::parse(document).map_or_else(|| document.to_owned(), |kind| document_words(locale, kind));
        rows.push(SummaryRow::new(t!(locale, cash.desk.id_shown), words));
    }
    let instead = detail.arrived_instead.as_ref().map(|who| match who {
        ArrivedInstead::Customer => myself(language, detail),
        ArrivedInstead::Agent(name, id) => t!(locale, cash.desk.arrived_agent, name = display_text(name), id = id.clone()),
    });
    rows.extend(instead.map(|who| SummaryRow::new(t!(locale, cash.desk.arrived_instead), who)));
    rows
}

/// The customer; for a company the operator who booked, by name, because the operator's document is checked.
pub fn myself(language: Language, detail: &CashDetail) -> String {
    let locale = locale(language);
    match &detail.operator {
        Some(name) => t!(locale, cash.desk.collector_operator, name = name.clone()),
        None => t!(locale, cash.desk.collector_self),
    }
}

/// The day's stock, every note of it.
fn stock(language: Language, desk_case: &CashDeskCase) -> Option<AnyView> {
    let l = locale(language);
    let row = |line: &StockLine| {
        let wanted = desk_case.detail.notes.count(line.note);
        let (taken, left) = (line.reserved - wanted, line.stock - line.reserved);
        StockRow {
            label: t!(l, cash.desk.stock_label, note = line.note.yuan()),
            taken,
            wanted,
            stock: line.stock,
            left: if left < 0 { t!(l, cash.desk.stock_short, count = grouped(-left)) } else { grouped(left) },
            figures: [line.stock, taken, wanted].map(grouped),
        }
    };
    let rows: Vec<StockRow> = desk_case.stock.iter().map(row).collect();
    let heads = [
        t!(l, cash.desk.stock_note),
        t!(l, cash.desk.stock_all),
        t!(l, cash.desk.stock_taken),
        t!(l, cash.desk.stock_wanted),
        t!(l, cash.desk.stock_left),
    ];
    (!rows.is_empty()).then(|| {
        view! {
            <section>
                <h2>{t!(l, cash.desk.stock)}</h2>
                <StockBars caption=t!(l, cash.desk.stock) heads=heads rows=rows />
            </section>
        }
        .into_any()
    })
}
