//! The change of a product (docs/domain.md §9): its texts, its sale, its risk levels. Another level needs a second
//! administrator; the gate decides with it from the next page on. New products are imported.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::entry::ProductEntry;
use super::entry_records::{count_admitted, find_product_entry, list_entries, put_products};
use super::model::{Product, RiskLevel};
use crate::administration::{
    Applied, ChangeKind, ChangeRefusal, Judged, Judgement, Proposal, Second, Standing, Touch, change_form,
};
use crate::kernel::bank::Bank;
use crate::kernel::database::{Conn, Tx};
use crate::kernel::entries::{EntryRefusal, EntryRule};
use crate::kernel::failure::{Failure, Rejected};
use crate::kernel::forms::{Field, FieldKind, Form, Values};
use crate::kernel::money::Fen;
use crate::kernel::time::day_text;
use crate::sessions::Staff;

/// The change of a product. Its subject is the code.
pub struct ProductChange;

/// The form: texts, sale, minimum, levels.
pub static PRODUCT_FORM: LazyLock<Form> = LazyLock::new(|| {
    let fields = vec![
        Field::new("name_zh", FieldKind::Short(|_| 60)),
        Field::new("name_en", FieldKind::Short(|_| 60)),
        Field::new("summary_zh", FieldKind::Short(|_| 200)),
        Field::new("summary_en", FieldKind::Short(|_| 200)),
        Field::new("state", FieldKind::Choice),
        Field::new("on_sale_from", FieldKind::Day),
        Field::new("on_sale_until", FieldKind::Day),
        Field::new("minimum", FieldKind::Amount),
        Field::new("issuer_level", FieldKind::Choice),
        Field::new("seller_level", FieldKind::Choice),
    ];
    change_form("admin_product", fields)
});

/// All products in their fixed order, for somebody who may change them.
pub async fn list_product_entries(bank: &Bank, staff: &Staff) -> Result<Vec<ProductEntry>, Failure> {
    if !staff.may(ProductChange.permission()) {
        return Ok(Vec::new());
    }
    list_entries(&mut bank.read().await?).await
}

/// The code of a level; empty for none.
fn level(level: Option<RiskLevel>) -> String {
    level.map_or_else(String::new, |level| level.code().to_owned())
}

fn values(product: &Product) -> Values {
    let state = serde_json::to_value(product.state).ok().and_then(|state| state.as_str().map(str::to_owned));
    let pairs = [
        ("name_zh", product.name.zh.clone()),
        ("name_en", product.name.en.clone()),
        ("summary_zh", product.summary.zh.clone()),
        ("summary_en", product.summary.en.clone()),
        ("state", state.unwrap_or_default()),
        ("on_sale_from", day_text(product.on_sale_from)),
        ("on_sale_until", product.on_sale_until.map_or_else(String::new, day_text)),
        ("minimum", product.minimum.yuan().to_string()),
        ("issuer_level", level(product.issuer_level)),
        ("seller_level", level(product.seller_level)),
    ];
    Values(pairs.map(|(field, value)| (field.to_owned(), value)).into())
}

/// The field of a refused part of the definition.
fn field_of(column: &'static str) -> &'static str {
    match column.strip_prefix("definition.").unwrap_or(column) {
        "name" => "name_zh",
        "summary" | "definition" => "summary_zh",
        other => other,
    }
}

/// The stored product with the typed parts, under the rules of an entry.
fn parse(stored: &ProductEntry, proposal: &Proposal<'_>) -> Result<ProductEntry, Vec<ChangeRefusal>> {
    let typed = |field: &str| proposal.values.filled(field);
    let fen = typed("minimum").map_or(Ok(Fen::ZERO), Fen::read_yuan).ok().filter(|fen| *fen >= Fen::ZERO);
    let Some(minimum) = fen else {
        return Err(vec![EntryRefusal { column: "minimum", rule: EntryRule::NotAnAmount }.into()]);
    };
    let mut definition: Map<String, Value> = match serde_json::to_value(&stored.product) {
        Ok(Value::Object(parts)) => parts,
        _ => Map::new(),
    };
    let mut missing = Vec::new();
    for (part, zh, en) in [("name", "name_zh", "name_en"), ("summary", "summary_zh", "summary_en")] {
        for field in [zh, en].into_iter().filter(|field| typed(field).is_none()) {
            missing.push(EntryRefusal { column: field, rule: EntryRule::Missing }.into());
        }
        definition.insert(part.to_owned(), json!({ "zh": typed(zh), "en": typed(en) }));
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    for part in ["state", "on_sale_from", "on_sale_until", "issuer_level", "seller_level"] {
        definition.insert(part.to_owned(), json!(typed(part)));
    }
    definition.insert("minimum".to_owned(), json!(minimum));
    let levels = |product: &Product| (product.issuer_level, product.seller_level);
    let [old_issuer, old_seller] = [levels(&stored.product).0, levels(&stored.product).1].map(level);
    if typed("issuer_level").unwrap_or_default() != old_issuer || typed("seller_level").unwrap_or_default() != old_seller {
        definition.insert("rerated_on".to_owned(), json!(day_text(proposal.now.day())));
    }
    let (position, definition) = (stored.position.to_string(), Value::Object(definition).to_string());
    let of = |column: &'static str| match column {
        "position" => Some(position.as_str()),
        "definition" => Some(definition.as_str()),
        _ => None,
    };
    let refused = |EntryRefusal { column, rule }| ChangeRefusal::from(EntryRefusal { column: field_of(column), rule });
    ProductEntry::parse(&of).map_err(|refusals| refusals.into_iter().map(refused).collect())
}

async fn parsed(conn: &mut Conn, proposal: &Proposal<'_>) -> Result<(ProductEntry, ProductEntry), Rejected<Vec<ChangeRefusal>>> {
    let stored = find_product_entry(conn, proposal.subject).await?;
    let stored = stored.ok_or_else(|| Rejected::Refused(vec![ChangeRefusal::NotYours]))?;
    let entry = parse(&stored, proposal).map_err(Rejected::Refused)?;
    Ok((stored, entry))
}

impl ChangeKind for ProductChange {
    fn code(&self) -> &'static str {
        "product"
    }

    fn form(&self) -> &'static LazyLock<Form> {
        &PRODUCT_FORM
    }

    fn standing<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Standing<'a> {
        Box::pin(async move { Ok(find_product_entry(conn, proposal.subject).await?.map(|entry| values(&entry.product))) })
    }

    fn judge<'a>(&'a self, conn: &'a mut Conn, proposal: &'a Proposal<'a>) -> Judged<'a> {
        Box::pin(async move {
            let (stored, entry) = parsed(conn, proposal).await?;
            let (before, after) = (&stored.product, &entry.product);
            let rerated = before.issuer_level != after.issuer_level || before.seller_level != after.seller_level;
            let count = count_admitted(conn, proposal.subject).await?;
            Ok(Judgement {
                values: values(after),
                effective_from: None,
                second: rerated.then_some(Second::RiskLevel),
                touches: vec![Touch::Cards { count }],
            })
        })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, proposal: &'a Proposal<'a>, _judgement: &'a Judgement) -> Applied<'a> {
        Box::pin(async move {
            let (_, entry) = parsed(tx, proposal).await?;
            let put = put_products(tx, std::slice::from_ref(&entry)).await;
            put.map_err(|rejected| {
                rejected.map(|refusals| refusals.into_iter().map(|(_, refusal)| ChangeRefusal::from(refusal)).collect::<Vec<_>>())
            })?;
            Ok(())
        })
    }
}
