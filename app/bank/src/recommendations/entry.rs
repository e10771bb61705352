//! Products and holdings as entries: columns and rules of a row (docs/domain.md §9, §11). A product's definition is nested;
//! it is a column of its own that holds JSON, and a refusal names the part of it.

use serde_json::{Map, Value};

use super::model::Product;
use super::wording::forbidden;
use crate::kernel::bilingual::Bilingual;
use crate::kernel::entries::{Columns, EntryRefusal, EntryRule, Reader, read_code};
use crate::kernel::money::Fen;
use crate::kernel::time::Day;

/// Highest position of a product in the lists.
const POSITION_MAX: i64 = 9_999;

/// A product.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductEntry {
    /// Position in every fixed order, from 1.
    pub position: i64,
    /// Its code is the key of the entry.
    pub product: Product,
}

/// The parts of a definition, with the name of each in a refusal.
const PARTS: [(&str, &str); 26] = [
    ("code", "definition.code"),
    ("kind", "definition.kind"),
    ("name", "definition.name"),
    ("summary", "definition.summary"),
    ("issuer_level", "definition.issuer_level"),
    ("seller_level", "definition.seller_level"),
    ("rerated_on", "definition.rerated_on"),
    ("state", "definition.state"),
    ("on_sale_from", "definition.on_sale_from"),
    ("on_sale_until", "definition.on_sale_until"),
    ("minimum", "definition.minimum"),
    ("per_person", "definition.per_person"),
    ("term_days", "definition.term_days"),
    ("redeemable_within_days", "definition.redeemable_within_days"),
    ("customers", "definition.customers"),
    ("min_age", "definition.min_age"),
    ("max_age", "definition.max_age"),
    ("residents_only", "definition.residents_only"),
    ("private", "definition.private"),
    ("for_vip", "definition.for_vip"),
    ("fictitious", "definition.fictitious"),
    ("registration", "definition.registration"),
    ("benchmark", "definition.benchmark"),
    ("rates", "definition.rates"),
    ("features", "definition.features"),
    ("against", "definition.against"),
];

/// The smallest definition that can be read: a part that cannot is found by putting it in here.
const SMALLEST: &str = r#"{"code":"x","kind":"deposit","name":{"zh":"x","en":"x"},"summary":{"zh":"x","en":"x"},"state":"open",
    "on_sale_from":"2026-01-01","features":[],"against":[]}"#;

impl ProductEntry {
    pub const COLUMNS: [&'static str; 2] = ["position", "definition"];

    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let position = reader.need_whole("position", 1, POSITION_MAX);
        let definition: Option<Map<String, Value>> =
            reader.need("definition", EntryRule::NotADefinition, |text| serde_json::from_str(text).ok());
        let product = definition.as_ref().and_then(|definition| read_product(&mut reader, definition));
        if let Some(product) = &product {
            check(&mut reader, product);
        }
        let entry = (|| Some(Self { position: position?, product: product? }))();
        reader.finish(entry)
    }
}

#[cfg(feature = "records")]
impl ProductEntry {
    /// A definition that can be read but for this part, which is taken from another one. `None`: it has no such part.
    pub(crate) fn with_only(definition: &str, part: &str) -> Option<String> {
        let mut given: Map<String, Value> = serde_json::from_str(definition).ok()?;
        let mut sample: Map<String, Value> = serde_json::from_str(SMALLEST).ok()?;
        sample.insert(part.to_owned(), given.remove(part)?);
        Some(Value::Object(sample).to_string())
    }
}

fn read_product(reader: &mut Reader<'_, '_>, definition: &Map<String, Value>) -> Option<Product> {
    if let Ok(product) = serde_json::from_value(Value::Object(definition.clone())) {
        return Some(product);
    }
    let smallest: Map<String, Value> = serde_json::from_str(SMALLEST).unwrap_or_default();
    let mut named = false;
    for (part, column) in PARTS {
        let refusal = match definition.get(part) {
            None if smallest.contains_key(part) => Some(EntryRule::Missing),
            None => None,
            Some(value) => {
                let mut sample = smallest.clone();
                sample.insert(part.to_owned(), value.clone());
                let reads = serde_json::from_value::<Product>(Value::Object(sample)).is_ok();
                (!reads).then_some(EntryRule::NotADefinition)
            }
        };
        if let Some(rule) = refusal {
            reader.refuse(column, rule);
            named = true;
        }
    }
    if !named {
        // A part that no product has, or the survey answers it suits.
        reader.refuse("definition", EntryRule::NotADefinition);
    }
    None
}

/// What the types do not say.
fn check(reader: &mut Reader<'_, '_>, product: &Product) {
    let mut refuse = |column, rule, broken: bool| {
        if broken {
            reader.refuse(column, rule);
        }
    };
    let code = product.code.as_str();
    refuse("definition.code", EntryRule::NotACode, read_code(code).as_deref() != Some(code));
    let negative = |amount: Option<Fen>| amount.is_some_and(|amount| amount < Fen::ZERO);
    refuse("definition.minimum", EntryRule::NotAnAmount, negative(Some(product.minimum)));
    refuse("definition.per_person", EntryRule::NotAnAmount, negative(product.per_person));
    let below = |number: Option<i64>, least: i64| number.is_some_and(|number| number < least);
    refuse("definition.term_days", EntryRule::NotADefinition, below(product.term_days, 0));
    refuse("definition.redeemable_within_days", EntryRule::NotADefinition, below(product.redeemable_within_days, 0));
    let ages = product.min_age.zip(product.max_age).is_some_and(|(min, max)| min > max);
    refuse("definition.max_age", EntryRule::Contradicts("definition.min_age"), ages);
    let ended = product.on_sale_until.is_some_and(|until| until < product.on_sale_from);
    refuse("definition.on_sale_until", EntryRule::Contradicts("definition.on_sale_from"), ended);
    let unordered = product.rates.windows(2).any(|pair| matches!(pair, [a, b] if a.effective >= b.effective));
    refuse("definition.rates", EntryRule::NotADefinition, unordered);
    refuse("definition.against", EntryRule::Missing, product.against.is_empty());
    let blank = |text: &Bilingual| text.both().iter().any(|text| text.trim().is_empty());
    refuse("definition", EntryRule::Missing, product.texts().any(blank));
    let forbids = product.texts().flat_map(Bilingual::both).any(|text| forbidden(text).is_some());
    refuse("definition", EntryRule::ForbiddenWord, forbids);
}

/// What a customer holds of a product.
#[derive(Clone, PartialEq, Eq)]
pub struct HoldingEntry {
    /// The customer's number; with the product the key of the entry.
    pub customer: String,
    /// Code of the product.
    pub product: String,
    pub amount: Fen,
    /// `None`: open-ended.
    pub matures_on: Option<Day>,
}

impl HoldingEntry {
    pub const COLUMNS: [&'static str; 4] = ["customer", "product", "amount", "matures_on"];

    /// Whether customer and product exist is checked where the entry is stored.
    pub fn parse(columns: &Columns<'_>) -> Result<Self, Vec<EntryRefusal>> {
        let mut reader = Reader::new(columns);
        let customer = reader.need_code("customer");
        let product = reader.need_code("product");
        let amount = reader.need_amount("amount");
        let matures_on = reader.day("matures_on");
        let entry = (|| Some(Self { customer: customer?, product: product?, amount: amount?, matures_on }))();
        reader.finish(entry)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::recommendations::catalogue;
    use serde_json::json;

    fn refused(position: &str, definition: &str) -> Vec<(&'static str, EntryRule)> {
        let of = |column: &'static str| match column {
            "position" => Some(position),
            "definition" => Some(definition),
            _ => None,
        };
        let refusals = ProductEntry::parse(&of).err().unwrap_or_default();
        refusals.into_iter().map(|refusal| (refusal.column, refusal.rule)).collect()
    }

    /// The rules broken by a valid product with one part replaced.
    fn with(part: &str, value: Value) -> Vec<(&'static str, EntryRule)> {
        let mut product = serde_json::to_value(&catalogue().unwrap()[0]).unwrap();
        product[part] = value;
        refused("1", &product.to_string())
    }

    #[test]
    fn every_product_of_the_data_is_an_entry() {
        for product in catalogue().unwrap() {
            assert_eq!(refused("1", &serde_json::to_string(&product).unwrap()), [], "{}", product.code.as_str());
        }
    }

    #[test]
    fn every_part_of_a_product_is_known() {
        let product = serde_json::to_value(&catalogue().unwrap()[0]).unwrap();
        let known: Vec<&str> = PARTS.iter().map(|(part, _)| *part).chain(["suits"]).collect();
        for part in product.as_object().unwrap().keys() {
            assert!(known.contains(&part.as_str()), "{part}");
        }
        assert_eq!(known.len(), product.as_object().unwrap().len());
        assert!(serde_json::from_str::<Product>(SMALLEST).is_ok());
    }

    #[test]
    fn each_rule_of_a_product() {
        assert_eq!(refused("", "{}")[0], ("position", EntryRule::Missing));
        assert_eq!(refused("1", "[]"), [("definition", EntryRule::NotADefinition)]);
        assert_eq!(refused("1", ""), [("definition", EntryRule::Missing)]);
        let bare = refused("1", "{}");
        assert!(bare.contains(&("definition.code", EntryRule::Missing)) && bare.len() == 8, "{bare:?}");
        for (part, value, column, rule) in [
            ("code", json!("A B"), "definition.code", EntryRule::NotACode),
            ("kind", json!("gold"), "definition.kind", EntryRule::NotADefinition),
            ("on_sale_from", json!("soon"), "definition.on_sale_from", EntryRule::NotADefinition),
            ("on_sale_until", json!("2000-01-01"), "definition.on_sale_until", EntryRule::Contradicts("definition.on_sale_from")),
            ("minimum", json!(-1), "definition.minimum", EntryRule::NotAnAmount),
            ("per_person", json!(-1), "definition.per_person", EntryRule::NotAnAmount),
            ("term_days", json!(-1), "definition.term_days", EntryRule::NotADefinition),
            ("redeemable_within_days", json!(-1), "definition.redeemable_within_days", EntryRule::NotADefinition),
            ("against", json!([]), "definition.against", EntryRule::Missing),
            ("name", json!({"zh": " ", "en": "x"}), "definition", EntryRule::Missing),
            ("name", json!({"zh": "稳赚", "en": "x"}), "definition", EntryRule::ForbiddenWord),
            ("price", json!(1), "definition", EntryRule::NotADefinition),
        ] {
            assert_eq!(with(part, value), [(column, rule)], "{part}");
        }
        let rates = json!([{"effective": "2026-02-01", "basis_points": 1}, {"effective": "2026-01-01", "basis_points": 2}]);
        assert_eq!(with("rates", rates), [("definition.rates", EntryRule::NotADefinition)]);
        let unknown = json!([{"effective": "2026-01-01", "basis_points": 1, "percent": 0.01}]);
        assert_eq!(with("rates", unknown), [("definition.rates", EntryRule::NotADefinition)]);
    }

    #[test]
    fn each_rule_of_a_holding() {
        let row = [("customer", "C1001"), ("product", "deposit-1y"), ("amount", "20万"), ("matures_on", "2027-01-31")];
        let with = |replaced: (&'static str, &'static str)| {
            HoldingEntry::parse(&|column: &'static str| {
                [replaced].iter().chain(&row).find(|(name, _)| *name == column).map(|(_, value)| *value)
            })
        };
        let entry = with(("", "")).ok().unwrap();
        assert_eq!((entry.customer.as_str(), entry.amount), ("c1001", Fen::from_yuan(200_000)));
        assert_eq!(with(("matures_on", "")).ok().unwrap().matures_on, None);
        for (column, value, rule) in [
            ("customer", "", EntryRule::Missing),
            ("product", "一年", EntryRule::NotACode),
            ("amount", "5000,00", EntryRule::NotAnAmount),
            ("matures_on", "2027-02-30", EntryRule::NotADay),
        ] {
            assert_eq!(with((column, value)).err(), Some(vec![EntryRefusal { column, rule }]), "{column} {value}");
        }
    }
}
