//! Why a nested definition (a product, a survey) cannot be read: the part and the rule, never the value.

use serde::de::DeserializeOwned;

use super::model::ImportKind;
use crate::recommendations::{Product, ProductEntry};
use crate::surveys::{Survey, SurveyEntry};

/// Longest name of an unknown part that is repeated, characters.
const NAME_MAX: usize = 40;

/// What is wrong within the refused `column` of a definition; `None` if the column itself says it.
pub(super) fn detail(kind: ImportKind, column: &str, definition: &str) -> Option<String> {
    match (kind, column.strip_prefix("definition.")) {
        (ImportKind::Products, None) => unread::<Product>(definition),
        (ImportKind::Products, Some(part)) => unread::<Product>(&ProductEntry::with_only(definition, part)?),
        (ImportKind::Surveys, None) => unread::<Survey>(definition),
        (ImportKind::Surveys, Some("groups")) => SurveyEntry::fault_of_groups(definition),
        _ => None,
    }
}

fn unread<T: DeserializeOwned>(definition: &str) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_str(definition);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    let path = error.path().to_string();
    let inner = error.into_inner();
    if inner.is_syntax() || inner.is_eof() {
        return Some(format!("is not JSON (line {}, character {} of the definition)", inner.line(), inner.column()));
    }
    Some(rule(&path, &inner.to_string()))
}

/// The rule of a message of serde, which may hold the value.
fn rule(path: &str, message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let named = message.split('`').nth(1).filter(|name| is_plain(name));
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| format!("expected {expected}"));
    let within = |rule: String| if path == "." { rule } else { format!("{path}: {rule}") };
    if message.starts_with("missing field ") {
        return within(format!("{} is missing", named.unwrap_or("a part")));
    }
    let unknown = message.starts_with("unknown field ");
    if unknown {
        let part = named.map_or_else(|| "an unknown part".to_owned(), |name| format!("unknown part {name}"));
        // The path may end with the name.
        let raw = message.split('`').nth(1).unwrap_or_default();
        let above = path.strip_suffix(raw).unwrap_or(path).trim_end_matches('.');
        let above = if above.is_empty() { String::new() } else { format!("{above}: ") };
        return format!("{above}{part}, {}", expected.unwrap_or_else(|| "which no definition has".to_owned()));
    }
    let of_type = ["unknown variant ", "invalid type: ", "invalid length "].iter().any(|start| message.starts_with(start));
    within(expected.filter(|_| of_type).unwrap_or_else(|| "cannot be read".to_owned()))
}

/// Whether a name is one that a person would give a part, and no text.
fn is_plain(name: &str) -> bool {
    name.len() <= NAME_MAX && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use serde_json::{Value, json};

    use super::*;
    use crate::recommendations::catalogue;
    use crate::surveys::needs_2026;

    const MARKER: &str = "泄露标记";

    fn product(column: &str, change: impl FnOnce(&mut Value)) -> Option<String> {
        let mut product = serde_json::to_value(&catalogue().unwrap()[0]).unwrap();
        change(&mut product);
        detail(ImportKind::Products, column, &product.to_string())
    }

    fn survey(column: &str, change: impl FnOnce(&mut Value)) -> Option<String> {
        let mut survey = serde_json::to_value(needs_2026().unwrap()).unwrap();
        change(&mut survey);
        detail(ImportKind::Surveys, column, &survey.to_string())
    }

    #[test]
    fn part_and_rule_of_a_product_are_named() {
        let told = product("definition.name", |product| product["name"] = json!({"zh": "x", "en": "x", "de": "x"}));
        assert_eq!(told.unwrap(), "name: unknown part de, expected `zh` or `en`");
        let told = product("definition.rates", |product| product["rates"] = json!([{"effective": "2026-01-01"}]));
        assert_eq!(told.unwrap(), "rates[0]: basis_points is missing");
        let unknown = json!([{"effective": "2026-01-01", "basis_points": 95, "percent": MARKER}]);
        let told = product("definition.rates", |product| product["rates"] = unknown).unwrap();
        assert_eq!(told, "rates[0]: unknown part percent, expected `effective` or `basis_points`");
        let unknown = json!([{"question": "use", "option": "gold", "weight": 2}]);
        let told = product("definition", |product| product["suits"] = unknown).unwrap();
        assert_eq!(told, "suits[0]: unknown part weight, expected `question` or `option`");
        let told = product("definition.kind", |product| product["kind"] = json!(MARKER)).unwrap();
        assert!(told.starts_with("kind: expected one of `deposit`, `large_cd`") && !told.contains(MARKER), "{told}");
        let told = product("definition.minimum", |product| product["minimum"] = json!(MARKER)).unwrap();
        assert_eq!(told, "minimum: expected i64");
        let told = product("definition.on_sale_from", |product| product["on_sale_from"] = json!(MARKER)).unwrap();
        assert_eq!(told, "on_sale_from: cannot be read");
        let told = product("definition", |product| product["price"] = json!(MARKER)).unwrap();
        assert!(told.starts_with("unknown part price, expected one of `code`") && !told.contains(MARKER), "{told}");
        let told = product("definition", |product| product[MARKER] = json!(1)).unwrap();
        assert!(told.starts_with("an unknown part, expected one of `code`"), "{told}");
        assert_eq!(product("definition.term_days", |product| product["term_days"] = json!(-1)), None, "it reads");
        let told = detail(ImportKind::Products, "definition", "{\n\"code\": 泄露标记}").unwrap();
        assert_eq!(told, "is not JSON (line 2, character 9 of the definition)");
    }

    #[test]
    fn part_and_rule_of_a_survey_are_named() {
        let told = survey("definition", |survey| survey["groups"][0]["questions"][1]["kind"] = json!(MARKER)).unwrap();
        assert_eq!(told, "groups[0].questions[1].kind: expected one of `single`, `multi`, `multi_other`, `text`");
        let told =
            survey("definition", |survey| drop(survey["groups"][0]["questions"][1].as_object_mut().unwrap().remove("why")));
        assert_eq!(told.unwrap(), "groups[0].questions[1]: why is missing");
        let told = survey("definition.groups", |survey| survey["groups"][0]["questions"][1]["options"] = json!([]));
        assert_eq!(told.unwrap(), "groups[0].questions[1].options: a question to choose from needs some, a text has none");
    }

    #[test]
    fn a_message_that_holds_a_value_is_not_repeated() {
        assert_eq!(rule("a", "custom `泄露标记`, expected 泄露标记"), "a: cannot be read");
        assert_eq!(rule("a", "invalid type: string \"泄露标记, expected 1\", expected a number"), "a: expected a number");
    }
}
