//! What a page of the reception form is made from: the form as it is stored, what it means today, and what it may name.
//! Read once for a page; the views are pure. Not here: what is allowed (`bank::appointments::reception`).

use bank::appointments::reception::{
    FORM, Reading, ReceptionContext, ReceptionRefusal, Step, Upcoming, read_reception, reception_context,
};
use bank::branches::{Branch, Reference};
use bank::customers;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Draft, Refusal, Values, latest_draft};
use bank::kernel::language::Language;
use bank::kernel::time::At;
use bank::sessions::Customer;

use super::PATH;
use super::words::{Told, offer_button};
use crate::form::Shown;
use crate::ui::error_summary::Offer;
use crate::visit::Visit;
use crate::words::Locale;

/// Everything a page of the form shows.
pub struct Sheet {
    /// The reader's language.
    pub language: Language,
    /// The catalogue's locale.
    pub locale: Locale,
    /// The bank's time.
    pub now: At,
    /// The form as it is stored.
    pub shown: Shown,
    /// The step to show: the first open one, or an earlier one that is asked for.
    pub step: Step,
    /// What its fields show: as typed.
    pub values: Values,
    /// What decides about it.
    pub context: ReceptionContext,
    /// What it means.
    pub reading: Reading,
    /// Branches and calendar.
    pub reference: Reference,
    /// The masked number the bank holds.
    pub phone_on_file: String,
    /// The bank's hotline.
    pub hotline: String,
    /// An unfinished form to go on with, on a fresh start.
    pub draft: Option<Draft>,
}

impl Sheet {
    /// Reads everything for a form; `asked` is the step the address names, `fresh` when it names no form. Which step is
    /// open follows from what was posted; a step shows what was typed over it, the check only what was posted.
    pub async fn read(
        bank: &Bank,
        customer: &Customer,
        visit: &Visit,
        shown: Shown,
        asked: Option<Step>,
        fresh: bool,
    ) -> Result<Self, Failure> {
        let (context, reference) = reception_context(bank, customer).await?;
        let posted = customers::with_phone_on_file(bank, customer, &shown.state.values).await?;
        let mut reading = read_reception(&posted, &shown.state.offered, &context);
        let open = reading.first_open_step();
        let step = asked.filter(|asked| *asked <= open).unwrap_or(open);
        let mut values = shown.state.values.clone();
        if step != Step::Check && !shown.state.typed.0.is_empty() {
            values = shown.state.shown(&FORM);
            let judged = customers::with_phone_on_file(bank, customer, &values).await?;
            reading = read_reception(&judged, &shown.state.offered, &context);
        }
        Ok(Self {
            language: visit.language,
            locale: visit.locale(),
            now: visit.now,
            reading,
            step,
            values,
            phone_on_file: customers::profile(bank, customer).await?.phone_masked,
            hotline: visit.house.hotline.clone(),
            draft: if fresh { latest_draft(bank, customer.user_id(), &FORM).await? } else { None },
            shown,
            context,
            reference,
        })
    }

    /// The reception chosen.
    pub fn chosen(&self) -> Option<&Upcoming> {
        let id = self.reading.reception.as_deref()?;
        self.context.upcoming.iter().find(|upcoming| upcoming.reception.id == id)
    }

    /// The branch of a reception.
    pub fn branch(&self, upcoming: &Upcoming) -> Option<&Branch> {
        self.reference.branch(&upcoming.reception.branch_id)
    }

    /// The name of a reception's branch.
    pub fn branch_name(&self, upcoming: &Upcoming) -> String {
        self.branch(upcoming).map_or_else(String::new, |branch| branch.name(self.language).to_owned())
    }

    /// Whether this customer can get a place anywhere.
    pub fn is_open(&self) -> bool {
        self.context.shown().any(|upcoming| upcoming.is_open(self.now))
    }

    /// What the words of refusals name.
    pub fn told(&self) -> Told {
        let branches = self.context.upcoming.iter();
        Told {
            language: self.language,
            phone: self.hotline.clone(),
            branches: branches
                .map(|upcoming| (upcoming.reception.day, upcoming.reception.id.clone(), self.branch_name(upcoming)))
                .collect(),
        }
    }

    /// The refusals a step shows: by the rules as things stand, and the one of the last transaction if the rules no
    /// longer say the same.
    pub fn refusals(&self, step: Step) -> Vec<ReceptionRefusal> {
        let mut refusals: Vec<ReceptionRefusal> = self.reading.refusals_of(step).cloned().collect();
        let stored = self.shown.refusal::<ReceptionRefusal>().filter(|stored| Step::of(stored.field()) == step);
        let stored = stored.filter(|stored| refusals.iter().all(|refusal| refusal.code() != stored.code()));
        refusals.extend(stored);
        refusals
    }

    /// The ways out of a refusal, one click each.
    pub fn ways_out(&self, step: Step, refusal: &ReceptionRefusal) -> Vec<Offer> {
        let ways = refusal.offers().iter().map(|offer| {
            let mut fields = self.shown.hidden(step.name(), &[]);
            fields.extend(offer.nearest().0);
            Offer::fill(offer_button(&self.told(), offer), PATH, fields)
        });
        ways.collect()
    }
}
