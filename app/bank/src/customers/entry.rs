//! Customers and their accounts as entries: columns and rules of a row (docs/domain.md §3, §11, §12).

use crate::kernel::entries::{Columns, EntryRefusal, EntryRule, Reader, read_code};
use crate::kernel::money::Fen;
use crate::kernel::people::{IdType, Phone, ResidentId};
use crate::kernel::text::{length, narrow};
use crate::kernel::time::Day;
use crate::sessions::CustomerKind;

/// Maximum length of an organisation's name, characters.
const ORGANISATION_MAX: i64 = 80;

/// Maximum length of an address, characters.
const ADDRESS_MAX: i64 = 100;

/// Maximum length of an e-mail address, characters (RFC 5321).
const EMAIL_MAX: i64 = 254;

/// The digits of an account number.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 8..=30;

/// The kinds of account.
const ACCOUNT_KINDS: &[&str] = &["debit_card", "passbook", "settlement"];

/// A customer with the people who sign in for them: a person for themself, for a company its operator and, if there is one,
/// its approver.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerEntry {
    /// The key of the entry, and the sign-in name of the person or operator.
    pub number: String,
    pub kind: CustomerKind,
    pub name: String,
    /// `ms`, `mr` or blank.
    pub title: &'static str,
    /// Always set for a person.
    pub birth_day: Option<Day>,
    pub id_type: IdType,
    pub id_number: String,
    pub phone: String,
    pub email: Option<String>,
    /// Down to the district.
    pub address: String,
    /// Lives in China.
    pub resident: bool,
    /// Full capacity for civil conduct.
    pub capable: bool,
    /// 贵宾
    pub vip: bool,
    /// The purpose of a withdrawal is asked at any amount.
    pub risk_flag: bool,
    /// The branch the customer usually visits.
    pub branch: Option<String>,
    /// A company's operator: always set for a company, never for a person.
    pub operator: Option<String>,
    pub approver: Option<Approver>,
}

/// Who approves for a company.
#[derive(Clone, PartialEq, Eq)]
pub struct Approver {
    pub sign_in_name: String,
    pub name: String,
}

impl CustomerEntry {
    pub const COLUMNS: [&'static str; 18] = [
        "number",
        "kind",
        "name",
        "title",
        "birth_day",
        "id_type",
        "id_number",
        "phone",
        "email",
        "address",
        "resident",
        "capable",
        "vip",
        "risk_flag",
        "branch",
        "operator",
        "approver",
        "approver_sign_in_name",
    ];

    /// Whether the branch exists and the sign-in names are free is checked where the entry is stored.
    pub fn parse(columns: &Columns<'_>, today: Day) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let number = reader.need_code("number");
        let kind = reader.need_choice("kind", &["personal", "company"]);
        let company = kind == Some("company");
        let name = if company { reader.need_text("name", ORGANISATION_MAX) } else { reader.need_person("name") };
        let title = match reader.given("title") {
            Some(_) => reader.need_choice("title", &["ms", "mr"]).unwrap_or_default(),
            None => "",
        };
        let id_type = reader.need("id_type", EntryRule::NotOneOf(&ID_TYPES), |text| IdType::parse(&narrow(text)));
        let checked = id_type.unwrap_or(IdType::Other);
        let id_number = reader.need("id_number", EntryRule::NotAnIdNumber, |text| checked.parse_number(text, today));
        let birth_day = birth_day(&mut reader, company, id_type, id_number.as_deref(), today);
        let phone = reader.need("phone", EntryRule::NotAPhoneNumber, Phone::parse);
        let email = reader.read("email", EntryRule::NotAnEmail, read_email);
        let address = reader.need_text("address", ADDRESS_MAX);
        let (resident, capable) = (reader.flag("resident", true), reader.flag("capable", true));
        let (vip, risk_flag) = (reader.flag("vip", false), reader.flag("risk_flag", false));
        let branch = reader.read("branch", EntryRule::NotACode, read_code);
        let operator = if company { reader.need_person("operator") } else { None };
        let approver = if company { approver(&mut reader, number.as_deref(), operator.as_deref()) } else { None };
        if kind == Some("personal") {
            for column in ["operator", "approver", "approver_sign_in_name"] {
                if reader.given(column).is_some() {
                    reader.refuse(column, EntryRule::MustBeBlank);
                }
            }
        } else if company && !title.is_empty() {
            reader.refuse("title", EntryRule::MustBeBlank);
        }
        let entry = (|| {
            Some(Self {
                number: number?,
                kind: if kind? == "company" { CustomerKind::Company } else { CustomerKind::Personal },
                name: name?,
                title,
                birth_day,
                id_type: id_type?,
                id_number: id_number?,
                phone: phone?.as_str().to_owned(),
                email,
                address: address?,
                resident,
                capable,
                vip,
                risk_flag,
                branch,
                operator,
                approver,
            })
        })();
        reader.finish(entry)
    }
}

/// The codes of [`IdType`].
const ID_TYPES: [&str; 7] = {
    let mut codes = [""; 7];
    let mut place = 0;
    while place < codes.len() {
        codes[place] = IdType::ALL[place].code();
        place += 1;
    }
    codes
};

/// A person's date of birth: as given, else as encoded in the ID number, which it must not contradict.
fn birth_day(
    reader: &mut Reader<'_, '_>,
    company: bool,
    id_type: Option<IdType>,
    id_number: Option<&str>,
    today: Day,
) -> Option<Day> {
    let given = reader.day("birth_day");
    if company {
        if given.is_some() {
            reader.refuse("birth_day", EntryRule::MustBeBlank);
        }
        return None;
    }
    let future = given.is_some_and(|day| day > today);
    if future {
        reader.refuse("birth_day", EntryRule::InTheFuture);
    }
    let numbered = matches!(id_type, None | Some(IdType::ResidentId | IdType::ResidencePermit));
    let encoded = id_number.filter(|_| numbered).and_then(|number| ResidentId::parse(number, today)?.born());
    match (given, encoded) {
        (Some(given), Some(encoded)) if given != encoded && !future => {
            reader.refuse("birth_day", EntryRule::Contradicts("id_number"));
        }
        // A refused document may have held the date.
        (None, None) if reader.given("birth_day").is_none() && !numbered => reader.refuse("birth_day", EntryRule::Missing),
        _ => {}
    }
    given.or(encoded)
}

/// A company's approver: both columns or neither, and another person than the operator, by sign-in name and by name.
fn approver(reader: &mut Reader<'_, '_>, number: Option<&str>, operator: Option<&str>) -> Option<Approver> {
    if reader.given("approver").is_none() && reader.given("approver_sign_in_name").is_none() {
        return None;
    }
    let name = reader.need_person("approver");
    let sign_in_name = reader.need_code("approver_sign_in_name");
    if sign_in_name.is_some() && sign_in_name.as_deref() == number {
        reader.refuse("approver_sign_in_name", EntryRule::AlreadyUsed);
    }
    if name.is_some() && name.as_deref() == operator {
        reader.refuse("approver", EntryRule::AlreadyUsed);
    }
    Some(Approver { sign_in_name: sign_in_name?, name: name? })
}

/// An e-mail address in small letters. Only its shape is checked: one `@`, a domain with a point, no blanks.
pub(crate) fn read_email(text: &str) -> Option<String> {
    let email = narrow(text).to_lowercase();
    let (local, domain) = email.split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@,;:<>\"()[]\\".contains(c));
    let labels = domain.split('.').all(|label| !label.is_empty()) && domain.contains('.');
    (plain(local) && plain(domain) && labels && length(&email) <= EMAIL_MAX).then_some(email)
}

/// An account of a customer.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// The full number, digits only: the key of the entry.
    pub number: String,
    /// The customer's number.
    pub customer: String,
    /// `debit_card`, `passbook`, `settlement`.
    pub kind: &'static str,
    /// Whether cash can be booked from it.
    pub active: bool,
    pub balance: Fen,
}

impl AccountEntry {
    pub const COLUMNS: [&'static str; 5] = ["number", "customer", "kind", "active", "balance"];

    /// Whether the customer exists is checked where the entry is stored.
    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let number = reader.need("number", EntryRule::NotAnAccountNumber, read_account_number);
        let customer = reader.need_code("customer");
        let kind = reader.need_choice("kind", ACCOUNT_KINDS);
        let active = reader.flag("active", true);
        let balance = reader.need_amount("balance");
        let entry = (|| Some(Self { number: number?, customer: customer?, kind: kind?, active, balance: balance? }))();
        reader.finish(entry)
    }
}

/// The digits of an account number, typed with or without blanks and hyphens.
fn read_account_number(text: &str) -> Option<String> {
    let number: String = narrow(text).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    (ACCOUNT_DIGITS.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use jiff::civil::date;

    const PERSON: &[(&str, &str)] = &[
        ("number", "C1001"),
        ("kind", "personal"),
        ("name", "林晓岚"),
        ("title", "ms"),
        ("id_type", "身份证"),
        ("id_number", "11010519491231002x"),
        ("phone", "138 0013 8000"),
        ("email", "Lin@Example.com"),
        ("address", "广东省中山市石岐区"),
        ("vip", "yes"),
        ("branch", "shiqi"),
    ];

    const COMPANY: &[(&str, &str)] = &[
        ("number", "k1"),
        ("kind", "company"),
        ("name", "中山市恒达照明有限公司"),
        ("id_type", "other"),
        ("id_number", "99999999MADEM0C103"),
        ("phone", "13800001003"),
        ("address", "广东省中山市古镇镇"),
        ("operator", "何建平"),
        ("approver", "欧阳敏"),
        ("approver_sign_in_name", "k1-2"),
    ];

    type Row = [(&'static str, &'static str)];

    fn customer(row: &Row, replaced: &Row) -> Result<CustomerEntry, Vec<(&'static str, EntryRule)>> {
        let of = |column: &'static str| replaced.iter().chain(row).find(|(name, _)| *name == column).map(|(_, value)| *value);
        let refused = |refusals: Vec<EntryRefusal>| refusals.into_iter().map(|refusal| (refusal.column, refusal.rule)).collect();
        CustomerEntry::parse(&of, date(2026, 12, 1)).map_err(refused)
    }

    fn broken(row: &Row, replaced: &Row) -> Vec<(&'static str, EntryRule)> {
        customer(row, replaced).err().unwrap_or_default()
    }

    #[test]
    fn a_customer_is_read_and_normalised() {
        let Ok(lin) = customer(PERSON, &[]) else { panic!("refused") };
        assert_eq!(
            (lin.number.as_str(), lin.id_number.as_str(), lin.phone.as_str()),
            ("c1001", "11010519491231002X", "13800138000")
        );
        assert_eq!((lin.birth_day, lin.email.as_deref()), (Some(date(1949, 12, 31)), Some("lin@example.com")));
        assert!(lin.resident && lin.capable && lin.vip && !lin.risk_flag);
        let Ok(company) = customer(COMPANY, &[]) else { panic!("refused") };
        assert_eq!((company.operator.as_deref(), company.birth_day), (Some("何建平"), None));
        assert!(company.approver.is_some_and(|approver| approver.sign_in_name == "k1-2"));
        assert_eq!(broken(COMPANY, &[("approver", ""), ("approver_sign_in_name", "")]), []);
        assert_eq!(broken(PERSON, &[("birth_day", "1949-12-31")]), []);
        assert_eq!(broken(PERSON, &[("id_type", "passport"), ("id_number", "E1234"), ("birth_day", "1990/1/2")]), []);
    }

    #[test]
    fn each_rule_of_a_customer() {
        for column in ["number", "name", "id_number", "phone", "address"] {
            assert_eq!(broken(PERSON, &[(column, "")]), [(column, EntryRule::Missing)]);
        }
        for column in ["operator", "approver", "approver_sign_in_name"] {
            assert_eq!(broken(PERSON, &[(column, "王伟")]), [(column, EntryRule::MustBeBlank)]);
        }
        for (column, value, rule) in [
            ("number", "林", EntryRule::NotACode),
            ("name", "林1", EntryRule::NotAName),
            ("title", "dr", EntryRule::NotOneOf(&["ms", "mr"])),
            ("id_type", "driving licence", EntryRule::NotOneOf(&ID_TYPES)),
            ("id_number", "110105194912310021", EntryRule::NotAnIdNumber),
            ("birth_day", "1949-12-30", EntryRule::Contradicts("id_number")),
            ("birth_day", "soon", EntryRule::NotADay),
            ("birth_day", "2027-01-01", EntryRule::InTheFuture),
            ("phone", "0760-88880000", EntryRule::NotAPhoneNumber),
            ("email", "lin@example", EntryRule::NotAnEmail),
            ("email", "a b@example.com", EntryRule::NotAnEmail),
            ("vip", "maybe", EntryRule::NotYesOrNo),
            ("branch", "石岐", EntryRule::NotACode),
        ] {
            assert_eq!(broken(PERSON, &[(column, value)]), [(column, rule)], "{column} {value}");
        }
        let passport = [("id_type", "passport"), ("id_number", "E1234")];
        assert_eq!(broken(PERSON, &passport), [("birth_day", EntryRule::Missing)]);
        let unborn = [passport[0], passport[1], ("birth_day", "2027-01-01")];
        assert_eq!(broken(PERSON, &unborn), [("birth_day", EntryRule::InTheFuture)]);
        assert_eq!(broken(PERSON, &[("kind", "")]), [("kind", EntryRule::Missing)]);
        for (column, value, rule) in [
            ("operator", "", EntryRule::Missing),
            ("approver", "", EntryRule::Missing),
            ("approver_sign_in_name", "", EntryRule::Missing),
            ("approver_sign_in_name", "K1", EntryRule::AlreadyUsed),
            ("approver", "何建平", EntryRule::AlreadyUsed),
            ("birth_day", "1990-01-01", EntryRule::MustBeBlank),
            ("title", "mr", EntryRule::MustBeBlank),
        ] {
            assert_eq!(broken(COMPANY, &[(column, value)]), [(column, rule)], "{column} {value}");
        }
    }

    #[test]
    fn each_rule_of_an_account() {
        let row = [("number", "6222 0212-3456 7890"), ("customer", "c1001"), ("kind", "debit_card"), ("balance", "862,400.50")];
        let with = |replaced: (&'static str, &'static str)| {
            AccountEntry::parse(&|column: &'static str| {
                [replaced].iter().chain(&row).find(|(name, _)| *name == column).map(|(_, value)| *value)
            })
        };
        let Ok(account) = with(("", "")) else { panic!("refused") };
        assert_eq!((account.number.as_str(), account.active, account.balance), ("6222021234567890", true, Fen(86_240_050)));
        assert!(!with(("active", "no")).ok().unwrap().active);
        for (column, value, rule) in [
            ("number", "", EntryRule::Missing),
            ("number", "1234567", EntryRule::NotAnAccountNumber),
            ("number", "6222x21234567890", EntryRule::NotAnAccountNumber),
            ("customer", "", EntryRule::Missing),
            ("kind", "gold", EntryRule::NotOneOf(ACCOUNT_KINDS)),
            ("active", "x", EntryRule::NotYesOrNo),
            ("balance", "-1", EntryRule::NotAnAmount),
            ("balance", "", EntryRule::Missing),
        ] {
            assert_eq!(with((column, value)).err(), Some(vec![EntryRefusal { column, rule }]), "{column} {value}");
        }
    }
}
