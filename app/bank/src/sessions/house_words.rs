//! Words of the bank that anybody tries first (docs/domain.md §12): its names, numbers and addresses, its branches, its products
//! and the portal. A password neither contains one of these names nor consists of their words.

use super::password_rule::SHORTEST_WITH_FACTOR;
use crate::branches::reference;
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::text::narrow;
use crate::recommendations::product_names;

/// The name of the portal.
const PORTAL: [&str; 2] = ["lobby", "网上厅堂"];

/// Shorter names and words occur in passwords by chance.
const TELLING: usize = 4;

/// The fewest characters of a piece of a name that is written without blanks, as in Chinese: two of them are a word.
const PIECE: usize = 2;

/// The names of this bank: those of its pages, its branches and products, and the portal's.
pub(super) async fn house_names(bank: &Bank, of_pages: &[String]) -> Result<Vec<String>, Failure> {
    let reference = reference(bank).await?;
    let branches = reference.branches.iter().flat_map(|branch| [branch.name_zh.clone(), branch.name_en.clone()]);
    let products = product_names(&mut bank.read().await?).await?;
    Ok(of_pages.iter().cloned().chain(branches).chain(products).chain(PORTAL.map(str::to_owned)).collect())
}

/// Whether a password contains a name of the bank, or has too little of its own besides their words and digits. Both in lower case.
pub(super) fn is_of_house(plain: &str, names: &[String]) -> bool {
    let password = solid(plain);
    let names: Vec<String> = names.iter().map(|name| narrow(name).to_lowercase()).collect();
    let whole = |name: &String| {
        let name = solid(name);
        name.len() >= TELLING && contains(&password, &name)
    };
    if names.iter().any(whole) {
        return true;
    }
    let words: Vec<Vec<char>> = names.iter().flat_map(|name| words(name)).collect();
    let (mut at, mut found, mut own) = (0, false, 0);
    while at < password.len() {
        match words.iter().map(|word| shared(word, &password[at..])).max().unwrap_or_default() {
            0 => {
                own += usize::from(!password[at].is_ascii_digit());
                at += 1;
            }
            taken => {
                found = true;
                at += taken;
            }
        }
    }
    found && own < SHORTEST_WITH_FACTOR
}

/// The letters and digits of a text: what stands between them hides nothing.
fn solid(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn words(name: &str) -> Vec<Vec<char>> {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(|word| word.chars().collect::<Vec<char>>());
    words.filter(|word| word.len() >= TELLING || (word.len() >= PIECE && !word.iter().any(char::is_ascii))).collect()
}

fn contains(text: &[char], part: &[char]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// How many characters of a word the rest of a password begins with: a whole word, or a piece of one in Chinese.
fn shared(word: &[char], rest: &[char]) -> usize {
    if word.iter().any(char::is_ascii) {
        return if rest.starts_with(word) { word.len() } else { 0 };
    }
    let longest = (PIECE..=word.len().min(rest.len())).rev();
    longest.into_iter().find(|length| contains(word, &rest[..*length])).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        [
            "岭南示范银行",
            "Lingnan Demo Bank",
            "95500",
            "0760-8888 0000",
            "portal.lingnan.example",
            "稳利 90 天",
            "ＶＩＰ理财",
            "lobby",
            "网上厅堂",
        ]
        .map(str::to_owned)
        .into()
    }

    #[test]
    fn a_password_holds_no_name_of_the_bank_and_is_not_built_from_their_words() {
        for held in [
            "seven umbrellas of Lingnan Demo Bank",
            "lingnan-demo-bank and umbrellas",
            "call 95500 about umbrellas",
            "umbrellas at 0760 88880000",
            "from portal.lingnan.example with love",
            "两把雨伞在岭南示范银行门口等着我们",
            "the lobby of seven umbrellas",
            "seven umbrellas of vip 理财",
            // Built from words.
            "Lingnan2026Lingnan",
            "mybank!lingnan2026",
            "岭南银行岭南银行2026年我",
            "bank bank bank bank 2026",
        ] {
            assert!(is_of_house(&held.to_lowercase(), &names()), "{held}");
        }
        for fine in [
            "seven umbrellas by the bank",
            "a demo of seven umbrellas",
            "never the same again",
            "南方的雨伞和北方的围巾都在门口",
            "1234 5678 9012 3456",
        ] {
            assert!(!is_of_house(fine, &names()), "{fine}");
        }
        assert!(!is_of_house("anything at all", &[]));
    }
}
