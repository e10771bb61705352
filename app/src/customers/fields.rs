//! The texts of the form of a new customer.

use bank::customers::{EnterRefusal, read_customer};
use bank::kernel::entries::EntryRefusal;
use bank::kernel::forms::{Field, Refusal as _, Values};
use bank::kernel::people::IdType;
use bank::sessions::Staff;

use crate::entries;
use crate::form::{Ask, Asks, OpenForm};
use crate::me::id_kind;
use crate::t;
use crate::ui::choice_group::Choice;
use crate::ui::error_summary::Refused;
use crate::visit::Visit;
use crate::words::Locale;

/// The fields with their typed values and what is wrong with them.
pub struct EntryFields {
    locale: Locale,
    values: Values,
    wrong: Vec<EntryRefusal>,
    /// What the stored customers refused at the last submission.
    stored: Option<EnterRefusal>,
}

impl EntryFields {
    pub fn read(visit: &Visit, staff: &Staff, shown: &OpenForm) -> Self {
        let values = shown.state.shown(&shown.form);
        // Nothing is wrong before the form was submitted.
        let refusal = shown.refusal::<EnterRefusal>();
        let wrong = read_customer(&values, staff.branch_id(), visit.now.day()).err().filter(|_| refusal.is_some());
        let stored = refusal.filter(|refusal| *refusal != EnterRefusal::Invalid);
        Self { locale: visit.locale(), values, wrong: wrong.unwrap_or_default(), stored }
    }

    pub fn is_company(&self) -> bool {
        self.values.filled("kind") == Some("company")
    }

    /// The value of the field `kind`.
    pub fn kind(&self) -> &'static str {
        if self.is_company() { "company" } else { "personal" }
    }

    /// What the stored customers refused.
    pub fn stored(&self) -> Option<&EnterRefusal> {
        self.stored.as_ref()
    }

    fn words(&self, refusal: &EntryRefusal) -> String {
        entries::words(self.locale, refusal.rule, |other| self.label(other).unwrap_or_default())
    }

    /// What the rules refuse, for the error summary.
    pub fn refused(&self) -> Vec<Refused> {
        let refused = |refusal: &EntryRefusal| {
            let label = self.label(refusal.column).unwrap_or_default();
            let title = t!(self.locale, customers.wrong, field = label.clone(), rule = self.words(refusal));
            Refused::new(refusal.rule.code(), title, String::new()).field(refusal.column, label)
        };
        self.wrong.iter().map(refused).collect()
    }

    /// Title and text of what the stored customers refuse.
    pub fn refusal_words(&self, refusal: &EnterRefusal) -> (String, String) {
        let l = self.locale;
        match refusal {
            EnterRefusal::Invalid => (String::new(), String::new()),
            EnterRefusal::NumberUsed => (t!(l, customers.refused.number), t!(l, customers.refused.number_text)),
            EnterRefusal::IdUsed => (t!(l, customers.refused.id), t!(l, customers.refused.id_text)),
            EnterRefusal::ApproverUsed => (t!(l, customers.refused.approver), t!(l, customers.refused.approver_text)),
            EnterRefusal::AccountUsed => (t!(l, customers.refused.account), t!(l, customers.refused.account_text)),
            EnterRefusal::NoBranch => (t!(l, customers.refused.no_branch), t!(l, customers.refused.no_branch_text)),
        }
    }

    fn choices(&self, field: &str, choices: &[(&str, String)]) -> Ask {
        let chosen = self.values.typed(field);
        let choice = |(code, words): &(&str, String)| Choice::new(*code, words.clone()).chosen(chosen == *code);
        Ask::new().choices(choices.iter().map(choice).collect())
    }
}

impl Asks for EntryFields {
    fn label(&self, name: &str) -> Option<String> {
        let l = self.locale;
        Some(match name {
            "number" => t!(l, customers.number),
            "name" if self.is_company() => t!(l, customers.field.company_name),
            "name" => t!(l, customers.name),
            "title" => t!(l, customers.field.title),
            "id_type" => t!(l, customers.field.id_type),
            "id_number" => t!(l, customers.field.id_number),
            "birth_day" => t!(l, customers.field.birth_day),
            "phone" => t!(l, customers.phone),
            "email" => t!(l, customers.field.email),
            "address" => t!(l, customers.field.address),
            "resident" => t!(l, customers.field.resident),
            "capable" => t!(l, customers.field.capable),
            "vip" => t!(l, customers.field.vip),
            "risk_flag" => t!(l, customers.field.risk_flag),
            "operator" => t!(l, customers.field.operator),
            "approver" => t!(l, customers.field.approver),
            "approver_sign_in_name" => t!(l, customers.field.approver_sign_in_name),
            "account_number" => t!(l, customers.field.account_number),
            "account_kind" => t!(l, customers.field.account_kind),
            "balance" => t!(l, customers.field.balance),
            _ => return None,
        })
    }

    fn ask(&self, field: &Field) -> Option<Ask> {
        let l = self.locale;
        Some(match &*field.name {
            // Chosen before; the page carries it.
            "kind" => return None,
            // What belongs to the other kind.
            "title" | "birth_day" if self.is_company() => return None,
            "operator" | "approver" | "approver_sign_in_name" if !self.is_company() => return None,
            "title" => self.choices("title", &[("ms", t!(l, customers.ms)), ("mr", t!(l, customers.mr))]),
            "id_type" => {
                let options = IdType::ALL.map(|kind| (kind.code().to_owned(), id_kind(l, kind.code())));
                Ask::new().options(options.into(), t!(l, customers.choose))
            }
            "account_kind" => self.choices(
                "account_kind",
                &[
                    ("debit_card", t!(l, customers.debit_card)),
                    ("passbook", t!(l, customers.passbook)),
                    ("settlement", t!(l, customers.settlement)),
                ],
            ),
            "number" => Ask::new().hint(t!(l, customers.hint.number)),
            "birth_day" => Ask::new().hint(t!(l, customers.hint.birth_day)),
            "balance" => Ask::new().unit(t!(l, customers.yuan)),
            _ => Ask::new(),
        })
    }

    fn typed(&self, name: &str) -> String {
        self.values.typed(name).to_owned()
    }

    fn error(&self, name: &str) -> Option<String> {
        let wrong = self.wrong.iter().find(|refusal| refusal.column == name).map(|refusal| self.words(refusal));
        wrong.or_else(|| {
            self.stored.as_ref().filter(|refusal| refusal.field() == name).map(|refusal| self.refusal_words(refusal).0)
        })
    }
}
