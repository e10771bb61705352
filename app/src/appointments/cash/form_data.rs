//! The data of a page of the cash form: the stored form, its validation, and reference data. Read once per page; the views are
//! pure. The rules are in `bank::appointments::cash`.

use axum::response::Response;
use bank::appointments::cash::{
    CashContext, CashParameters, CashRefusal, FORM, FreeAt, Moving, ParsedCashForm, Step, Timing, Wish, above_balance,
    cash_context, free_at_branches, other_branch, read_cash, waits_for_approver,
};
use bank::branches::{Branch, Reference};
use bank::customers;
use bank::kernel::bank::Bank;
use bank::kernel::failure::Failure;
use bank::kernel::forms::{Draft, Values, latest_draft};
use bank::kernel::language::{Language, amount, day_long};
use bank::kernel::money::Fen;
use bank::kernel::time::{At, Day, Time, hhmm, parse_day};
use bank::sessions::Customer;

use super::forms::BOOK;
use super::moving::MOVE;
use super::words::{RefusalContext, account_words, opening_words};
use crate::branches::phone_link;
use crate::form::{FormQuery, OpenForm};
use crate::t;
use crate::ui::error_summary::OfferButton;
use crate::visit::Visit;
use crate::words::Locale;

/// The data of a page of the form.
pub struct CashFormData {
    pub language: Language,
    pub locale: Locale,
    /// The bank's time.
    pub now: At,
    /// The stored form.
    pub shown: OpenForm,
    /// The step to show: the first open one, or an earlier one on request.
    pub step: Step,
    /// The field values, as typed.
    pub values: Values,
    /// The data the rules need.
    pub context: CashContext,
    /// The result of parsing and validation.
    pub parsed: ParsedCashForm,
    /// Branches and calendar.
    pub reference: Reference,
    /// The parameters of the chosen branch.
    pub parameters: CashParameters,
    /// Those on which its deadlines depend: of the day on which it was booked first.
    made: CashParameters,
    /// Active accounts: id and label.
    pub accounts: Vec<(String, String)>,
    /// Their balances, in the same order.
    pub balances: Vec<Fen>,
    /// Branches: id and name.
    branches: Vec<(String, String)>,
    /// The nearest free day of each branch that has one, for step 1.
    pub free: Vec<FreeAt>,
    /// The masked phone number on file.
    pub phone_on_file: String,
    pub hotline: String,
    /// The customer's usual branch.
    pub usual_branch: Option<String>,
    /// Whether the booking waits for the company's approver before the branch is asked.
    pub held: bool,
    /// An unfinished form to resume, if a new one is opened.
    pub draft: Option<Draft>,
    /// The booking that is being moved; `None`: a new one.
    pub moving: Option<Moving>,
}

impl CashFormData {
    /// Reads the data for a form; `Err` holds the redirect to the address of its step, if the step alone decides it. The open step
    /// depends on posted values only. A step shows typed values over posted ones, the check step only posted ones.
    pub async fn read(
        bank: &Bank,
        customer: &Customer,
        visit: &Visit,
        shown: OpenForm,
        query: &FormQuery,
        moving: Option<Moving>,
    ) -> Result<Result<Self, Response>, Failure> {
        // A form in which nothing was filled in begins with its first step. Of a move everything is filled in.
        if moving.is_none()
            && !shown.is_saved()
            && let Some(moved) = shown.moved_to_step(query, Step::Where.name())
        {
            return Ok(Err(moved));
        }
        let locale = visit.locale();
        let mut values = completed(bank, customer, moving.as_ref(), &shown.state.values).await?;
        let own = || moving.as_ref().map(|moving| moving.own.clone());
        let (mut context, mut reference) = cash_context(bank, customer, values.filled("branch"), own()).await?;
        let branch = values.filled("branch").map(str::to_owned);
        let mut parsed = read_cash(&values, &shown.state.offered, &context);
        let open = parsed.first_open_step();
        // Most who move a booking want another time.
        let first = moving.as_ref().filter(|_| query.key.is_none()).map(|_| Step::Where);
        let asked = query.step.as_deref().and_then(Step::parse).or(first);
        let step = asked.filter(|asked| *asked <= open).unwrap_or(open);
        if let Some(moved) = shown.moved_to_step(query, step.name()) {
            return Ok(Err(moved));
        }
        let mut as_typed = shown.state.values.clone();
        if step != Step::Check && !shown.state.typed.0.is_empty() {
            as_typed = shown.state.shown(&FORM);
            values = completed(bank, customer, moving.as_ref(), &as_typed).await?;
            // Of the values only the branch decides what is read.
            if values.filled("branch") != branch.as_deref() {
                (context, reference) = cash_context(bank, customer, values.filled("branch"), own()).await?;
            }
            parsed = read_cash(&values, &shown.state.offered, &context);
        }
        let chosen_day = values.filled("day").and_then(parse_day);
        if parsed.refusals.iter().any(CashRefusal::is_shortage) {
            let wish = Wish::of(&parsed, chosen_day);
            let chosen = parsed.branch.as_deref().unwrap_or_default();
            let other = other_branch(bank, &reference, &context, &wish, chosen).await?;
            for refusal in parsed.refusals.iter_mut().filter(|refusal| refusal.is_shortage()) {
                if let Some(offer) = &other {
                    refusal.add_offer(offer.clone());
                }
            }
        }
        let free = match step {
            Step::Where => free_at_branches(bank, &reference, &context, &Wish::of(&parsed, None)).await?,
            _ => Vec::new(),
        };
        let profile = customers::profile(bank, customer).await?;
        let accounts = customers::accounts(bank, customer).await?;
        let accounts: Vec<_> = accounts.iter().filter(|account| account.active).collect();
        let is_new = moving.is_none() && !shown.is_saved();
        let draft = if is_new { latest_draft(bank, customer.user_id(), &FORM).await? } else { None };
        let made_on = moving.as_ref().map_or(visit.now, |moving| moving.own.submitted_at).day();
        Ok(Ok(Self {
            language: visit.language,
            locale,
            now: visit.now,
            parameters: reference.parameters(values.filled("branch").unwrap_or_default(), visit.now.day()),
            made: reference.parameters(values.filled("branch").unwrap_or_default(), made_on),
            accounts: accounts.iter().map(|account| (account.id.clone(), account_words(locale, account))).collect(),
            balances: accounts.iter().map(|account| account.balance).collect(),
            branches: reference.branches.iter().map(|at| (at.id.clone(), at.name(visit.language).to_owned())).collect(),
            free,
            phone_on_file: profile.phone_masked,
            hotline: visit.bank_details.hotline.clone(),
            usual_branch: profile.usual_branch_id,
            held: waits_for_approver(bank, customer).await?,
            shown,
            step,
            values: as_typed,
            context,
            parsed,
            reference,
            draft,
            moving,
        }))
    }

    /// The value of the last button of the form.
    pub const fn last_button(&self) -> &'static str {
        if self.moving.is_some() { MOVE } else { BOOK }
    }

    /// The number of the booking that is being moved; empty: a new one.
    pub fn moving_number(&self) -> String {
        self.moving.as_ref().map_or_else(String::new, |moving| moving.number.clone())
    }

    /// Until when the customer can cancel the booking at this place.
    pub fn cancel_until(&self, branch: &Branch, day: Day, slot: Time) -> At {
        let timing = Timing { parameters: &self.made, ..self.timing(branch) };
        match &self.moving {
            Some(moving) => moving.own.cancel_until_at(&timing, &branch.id, day, slot),
            None => timing.cancel_until(self.now, At::of(day, slot)),
        }
    }

    /// When the answer of the branch about this place is due.
    pub fn answer_due(&self, branch: &Branch, day: Day, slot: Time) -> At {
        let timing = Timing { parameters: &self.made, ..self.timing(branch) };
        let near = self.moving.as_ref().and_then(|_| timing.answer_due_before(self.now, At::of(day, slot)));
        near.unwrap_or_else(|| timing.answer_due(self.now))
    }

    /// What is booked until a move is submitted, as a sentence.
    pub fn booked_now(&self) -> Option<String> {
        let Moving { own, .. } = self.moving.as_ref()?;
        let branch = self.reference.branch(&own.branch).map_or("", |branch| branch.name(self.language)).to_owned();
        let (day, slot) = (day_long(self.language, own.day), hhmm(own.slot));
        let money = amount(self.language, own.amount);
        let place = t!(self.locale, cash.moving.place, branch = branch, day = day, slot = slot, amount = money);
        Some(t!(self.locale, cash.moving.now, place = place))
    }

    pub fn branch(&self) -> Option<&Branch> {
        self.parsed.branch.as_deref().and_then(|id| self.reference.branch(id))
    }

    /// Phone number for questions: the branch's, otherwise the hotline.
    pub fn phone(&self) -> String {
        self.branch().map_or_else(|| self.hotline.clone(), |branch| branch.phone.clone())
    }

    /// By how much the amount exceeds the balance of the chosen account, as a sentence. Nothing is refused for it.
    pub fn above_balance(&self) -> Option<String> {
        let chosen = self.accounts.iter().position(|(id, _)| self.parsed.account.as_ref() == Some(id));
        let balance = chosen.and_then(|place| self.balances.get(place).copied());
        let over = above_balance(self.parsed.amount, balance)?;
        Some(t!(self.locale, cash.above_balance, amount = amount(self.language, over)))
    }

    /// Timing rules of a branch.
    pub fn timing<'t>(&'t self, branch: &'t Branch) -> Timing<'t> {
        Timing { calendar: &self.reference.calendar, hours: &branch.hours, parameters: &self.parameters }
    }

    /// The data for texts of refusals.
    pub fn refusal_context(&self) -> RefusalContext<'_> {
        RefusalContext {
            language: self.language,
            parameters: &self.parameters,
            branch: self.branch().map_or_else(|| t!(self.locale, cash.branch), |branch| branch.name(self.language).to_owned()),
            day: self.parsed.day,
            accounts: &self.accounts,
            branches: &self.branches,
            phone: self.phone(),
            opening: self
                .branch()
                .map(|branch| opening_words(self.language, &self.reference, branch, self.now))
                .unwrap_or_default(),
        }
    }

    /// The refusals of a step.
    pub fn refusals(&self, step: Step) -> Vec<CashRefusal> {
        let refusals = self.parsed.refusals_of(step).cloned().collect();
        self.shown.with_stored(refusals, |field| Step::of(field) == step)
    }

    /// The offers of a refusal, one click each.
    pub fn ways_out(&self, step: Step, refusal: &CashRefusal) -> Vec<OfferButton> {
        let context = self.refusal_context();
        let offers = refusal.offers().iter();
        let ways = offers.map(|offer| {
            let mut fields = self.shown.hidden(step.name(), &[]);
            fields.extend(offer.nearest().0);
            OfferButton::fill(super::words::offer_button(&context, refusal, offer), self.shown.path.clone(), fields)
        });
        // More than can be booked here is arranged on the phone.
        let calls = matches!(refusal, CashRefusal::AmountAboveMaximum { .. });
        let call = calls.then(|| {
            let phone = self.phone();
            OfferButton::go(t!(self.locale, cash.do_call, phone = phone.clone()), phone_link(&phone))
        });
        ways.chain(call).collect()
    }
}

/// A form's values completed for validation with what no page shows: that of the booking which is moved, or the phone number on file.
async fn completed(bank: &Bank, customer: &Customer, moving: Option<&Moving>, values: &Values) -> Result<Values, Failure> {
    match moving {
        Some(moving) => Ok(moving.completed(values)),
        None => customers::with_phone_on_file(bank, customer, values).await,
    }
}
