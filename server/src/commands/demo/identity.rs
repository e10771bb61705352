//! Invented people: identity numbers with a valid check digit in a district that does not exist (999999), phone numbers, and
//! the rows of a customer with an account.

use bank::customers::{NewAccount, NewCustomer, insert_account, insert_customer};
use bank::kernel::database::Tx;
use bank::kernel::failure::Failure;
use bank::kernel::money::Fen;
use bank::kernel::people::IdType;
use bank::kernel::time::Day;
use bank::sessions::{CustomerKind, NewUser, insert_user};

/// A district number that does not exist, so that no real person has such an identity number.
const NOWHERE: &str = "999999";

/// An 18-digit identity number of an invented person (GB 11643 check digit).
pub(super) fn resident_id(born: Day, sequence: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits = format!("{NOWHERE}{:04}{:02}{:02}{:03}", born.year(), born.month(), born.day(), sequence % 1000);
    let sum: u32 = digits.chars().filter_map(|digit| digit.to_digit(10)).zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = usize::try_from(sum % 11).ok().and_then(|rest| CHECKS.get(rest)).copied().unwrap_or('X');
    format!("{digits}{check}")
}

/// A person of the demo bank. Ids equal the sign-in name, so that rows are easy to find in the database.
pub(super) struct Person<'p> {
    /// Sign-in name and id.
    pub name: &'p str,
    pub full_name: &'p str,
    /// `ms` or `mr`.
    pub title: &'static str,
    pub born: Day,
    /// Makes identity number and phone number unique.
    pub sequence: u32,
    pub phone: String,
    pub vip: bool,
    pub branch: &'p str,
    pub address: &'p str,
}

impl Person<'_> {
    /// Inserts the customer and their user.
    pub(super) async fn insert(&self, tx: &mut Tx, password_hash: &str) -> Result<(), Failure> {
        let customer = NewCustomer {
            id: self.name.to_owned(),
            number: self.name.to_owned(),
            kind: CustomerKind::Personal,
            name: self.full_name.to_owned(),
            title: self.title,
            birth_day: Some(self.born),
            id_type: IdType::ResidentId.code().to_owned(),
            id_number: resident_id(self.born, self.sequence),
            phone: self.phone.clone(),
            email: None,
            address: self.address.to_owned(),
            resident: true,
            capable: true,
            vip: self.vip,
            risk_flag: false,
            usual_branch_id: Some(self.branch.to_owned()),
            demo: true,
        };
        insert_customer(tx, &customer).await?;
        let user = NewUser {
            id: self.name.to_owned(),
            sign_in_name: self.name.to_owned(),
            password_hash: password_hash.to_owned(),
            role: "customer".to_owned(),
            name: self.full_name.to_owned(),
            customer_id: Some(self.name.to_owned()),
            branch_id: None,
        };
        insert_user(tx, &user).await
    }
}

/// Inserts an account with the id `<customer>-<place>`; the balance is in yuan.
pub(super) async fn account(
    tx: &mut Tx,
    customer: &str,
    place: u32,
    kind: &'static str,
    last4: &str,
    active: bool,
    yuan: i64,
) -> Result<(), Failure> {
    let account = NewAccount {
        id: format!("{customer}-{place}"),
        customer_id: customer.to_owned(),
        kind,
        number: None,
        last4: last4.to_owned(),
        active,
        balance: Fen::from_yuan(yuan),
    };
    insert_account(tx, &account).await
}

#[cfg(test)]
mod tests {
    use super::resident_id;
    use bank::kernel::people::ResidentId;
    use jiff::civil::date;

    #[test]
    fn an_invented_number_passes_the_check_and_belongs_to_no_district() {
        for sequence in [1, 2, 3, 18, 999] {
            let number = resident_id(date(1988, 5, 12), sequence);
            assert!(ResidentId::parse(&number, date(2026, 11, 23)).is_some(), "{number}");
            assert!(number.starts_with("999999"));
        }
    }
}
