//! The data of a page of the reception form: the stored form, its validation, and reference data. Read once per page; the views
//! are pure. The rules are in `bank::appointments::reception`.

use axum::response::Response;
use bank::appointments::reception::{
    FORM, ParsedReceptionForm, ReceptionContext, ReceptionRefusal, Step, Upcoming, read_reception, reception_context,
};
use bank::branches::{Branch, Reference};
use bank::customers;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Draft, Values, latest_draft};
use bank::kernel::language::Language;
use bank::kernel::time::{At, Day, day_text};
use bank::sessions::Customer;

use super::PATH;
use super::words::{RefusalContext, offer_button};
use crate::form::{FormQuery, OpenForm};
use crate::ui::error_summary::OfferButton;
use crate::visit::Visit;
use crate::words::Locale;

/// The data of a page of the form.
pub struct ReceptionFormData {
    pub language: Language,
    pub locale: Locale,
    /// The bank's time.
    pub now: At,
    /// The stored form.
    pub shown: OpenForm,
    /// The step to show: the first open one, or an earlier one on request.
    pub step: Step,
    /// Whether only one day can be chosen, so that it is chosen already.
    pub only_day: bool,
    /// The field values, as typed.
    pub values: Values,
    /// The data the rules need.
    pub context: ReceptionContext,
    /// The result of parsing and validation.
    pub parsed: ParsedReceptionForm,
    /// Branches and calendar.
    pub reference: Reference,
    /// The masked phone number on file.
    pub phone_on_file: String,
    pub hotline: String,
    /// An unfinished form to resume, if a new one is opened.
    pub draft: Option<Draft>,
}

impl ReceptionFormData {
    /// Reads the data for a form; `Err` holds the redirect to the address of its step, if the step alone decides it: where
    /// nothing can be chosen, the page says so in place of the first one. The open step depends on posted values only. A step
    /// shows typed values over posted ones, the check step only posted ones.
    pub async fn read(
        bank: &Bank,
        customer: &Customer,
        visit: &Visit,
        shown: OpenForm,
        query: &FormQuery,
    ) -> Result<Result<Self, Response>, Failure> {
        let (context, reference) = reception_context(bank, customer).await?;
        let posted = customers::with_phone_on_file(bank, customer, &shown.state.values).await?;
        let mut parsed = read_reception(&posted, &shown.state.offered, &context);
        let open = parsed.first_open_step();
        let step = query.step.as_deref().and_then(Step::parse).filter(|asked| *asked <= open).unwrap_or(open);
        if (step != Step::When || has_place(&context, visit.now))
            && let Some(moved) = shown.moved_to_step(query, step.name())
        {
            return Ok(Err(moved));
        }
        let mut values = shown.state.values.clone();
        if step != Step::Check && !shown.state.typed.0.is_empty() {
            values = shown.state.shown(&FORM);
            let judged = customers::with_phone_on_file(bank, customer, &values).await?;
            parsed = read_reception(&judged, &shown.state.offered, &context);
        }
        // The only day is chosen already, with its times; it counts once a page with it was posted.
        let open = context.shown().filter(|upcoming| context.may_choose(upcoming)).map(|upcoming| upcoming.reception.day);
        let open: Vec<Day> = open.take(2).collect();
        let only_day = open.len() == 1;
        if let ([only], false) = (open.as_slice(), values.has("day")) {
            values.set("day", day_text(*only));
            parsed = read_reception(&values, &shown.state.offered, &context);
        }
        Ok(Ok(Self {
            language: visit.language,
            locale: visit.locale(),
            now: visit.now,
            parsed,
            step,
            only_day,
            values,
            phone_on_file: customers::profile(bank, customer).await?.phone_masked,
            hotline: visit.bank_details.hotline.clone(),
            draft: if shown.is_saved() { None } else { latest_draft(bank, customer.user_id(), &FORM).await? },
            shown,
            context,
            reference,
        }))
    }

    pub fn chosen(&self) -> Option<&Upcoming> {
        let id = self.parsed.reception.as_deref()?;
        self.context.upcoming.iter().find(|upcoming| upcoming.reception.id == id)
    }

    pub fn branch(&self, upcoming: &Upcoming) -> Option<&Branch> {
        self.reference.branch(&upcoming.reception.branch_id)
    }

    pub fn branch_name(&self, upcoming: &Upcoming) -> String {
        self.branch(upcoming).map_or_else(String::new, |branch| branch.name(self.language).to_owned())
    }

    /// Whether any reception has a place for this customer.
    pub fn is_open(&self) -> bool {
        has_place(&self.context, self.now)
    }

    /// The data for texts of refusals.
    pub fn refusal_context(&self) -> RefusalContext {
        let branches = self.context.upcoming.iter();
        RefusalContext {
            language: self.language,
            phone: self.hotline.clone(),
            branches: branches
                .map(|upcoming| (upcoming.reception.day, upcoming.reception.id.clone(), self.branch_name(upcoming)))
                .collect(),
        }
    }

    /// The refusals of a step.
    pub fn refusals(&self, step: Step) -> Vec<ReceptionRefusal> {
        let refusals = self.parsed.refusals_of(step).cloned().collect();
        self.shown.with_stored(refusals, |field| Step::of(field) == step)
    }

    /// The offers of a refusal, one click each.
    pub fn ways_out(&self, step: Step, refusal: &ReceptionRefusal) -> Vec<OfferButton> {
        let ways = refusal.offers().iter().map(|offer| {
            let mut fields = self.shown.hidden(step.name(), &[]);
            fields.extend(offer.nearest().0);
            OfferButton::fill(offer_button(&self.refusal_context(), refusal, offer), PATH, fields)
        });
        ways.collect()
    }
}

fn has_place(context: &ReceptionContext, now: At) -> bool {
    context.shown().any(|upcoming| upcoming.is_open(now))
}
