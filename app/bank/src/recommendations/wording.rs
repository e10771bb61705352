//! Words that must not, and words that must, be used about products (rules of 2026-09-30, docs/domain.md §9), as data in
//! `data/wording.json`. Tests check product texts and catalogue texts with [`forbidden`].

use std::sync::LazyLock;

use serde::Deserialize;

use super::model::{ProductKind, RiskLevel};
use crate::kernel::bilingual::Bilingual;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    forbidden: Vec<String>,
    law: Vec<LawWords>,
    levels: Vec<LevelName>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LawWords {
    kinds: Vec<ProductKind>,
    words: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelName {
    level: RiskLevel,
    name: Bilingual,
}

/// Parsed once. A test proves that the file parses, so `None` does not occur.
static WORDING: LazyLock<Option<Wording>> = LazyLock::new(|| serde_json::from_str(include_str!("../../data/wording.json")).ok());

fn wording() -> Option<&'static Wording> {
    WORDING.as_ref()
}

/// The first forbidden word in a text, ignoring case, white space and hyphens.
pub fn forbidden(text: &str) -> Option<&'static str> {
    let text = folded(text);
    wording()?.forbidden.iter().map(String::as_str).find(|word| text.contains(&folded(word)))
}

/// Lower case, without white space and hyphens.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '·'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The legally required words beside a product of this kind; `None` if there are none.
pub fn law_words(kind: ProductKind) -> Option<&'static Bilingual> {
    wording()?.law.iter().find(|entry| entry.kinds.contains(&kind)).map(|entry| &entry.words)
}

/// The full name of a level, such as `风险等级 R1（五级中最低）`; it never praises the level.
pub fn level_name(level: RiskLevel) -> Option<&'static Bilingual> {
    wording()?.levels.iter().find(|entry| entry.level == level).map(|entry| &entry.name)
}

#[cfg(test)]
mod tests {
    use super::super::model::catalogue;
    use super::*;

    #[test]
    fn the_wording_file_is_whole() {
        let wording = wording().expect("data/wording.json reads");
        for word in ["低风险", "低门槛", "高收益", "秒到账"] {
            assert!(wording.forbidden.iter().any(|known| known == word), "{word}");
        }
        assert!(RiskLevel::ALL.into_iter().all(|level| level_name(level).is_some()));
    }

    #[test]
    fn r1_is_named_as_the_rules_ask() {
        let name = level_name(RiskLevel::R1).expect("a name");
        assert_eq!(name.zh, "风险等级 R1（五级中最低）");
    }

    #[test]
    fn wealth_products_carry_the_laws_words() {
        let words = law_words(ProductKind::Wealth).expect("words");
        assert_eq!(words.zh, "理财非存款、产品有风险、投资须谨慎");
        assert_eq!(law_words(ProductKind::Deposit), None);
    }

    #[test]
    fn a_forbidden_word_is_found_behind_spaces_hyphens_and_capitals() {
        assert_eq!(forbidden("这款 高 收 益 产品"), Some("高收益"));
        assert_eq!(forbidden("A Low-Risk choice"), Some("low risk"));
        assert_eq!(forbidden("Risk level R1 (lowest of five)"), None);
    }

    #[test]
    fn no_text_of_any_product_holds_a_forbidden_word() {
        for product in catalogue().expect("data/products.json reads") {
            for text in product.texts().flat_map(Bilingual::both) {
                assert_eq!(forbidden(text), None, "{}: {text}", product.code.as_str());
                assert!(!text.trim().is_empty(), "{}", product.code.as_str());
            }
        }
    }

    #[test]
    fn no_word_of_the_law_or_of_a_level_is_itself_forbidden() {
        let wording = wording().expect("data/wording.json reads");
        let law = wording.law.iter().map(|entry| &entry.words);
        let levels = wording.levels.iter().map(|entry| &entry.name);
        for text in law.chain(levels).flat_map(Bilingual::both) {
            assert_eq!(forbidden(text), None, "{text}");
        }
    }
}
