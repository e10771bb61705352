//! Passwords that many people use (docs/domain.md §12), in lower case, sorted: of the public list of ten million passwords by Mark
//! Burnett the 100,000 most frequent of eight characters and more, and all of fifteen and more among its first million, because a
//! password without a second factor has at least fifteen. `data/README.md` names the source.

use std::sync::LazyLock;

const FILE: &str = include_str!("../../data/common-passwords.txt");

static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| FILE.lines().collect());

/// Whether many people use this password, which is in lower case.
pub(super) fn is_common(password: &str) -> bool {
    LINES.binary_search(&password).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::password_rule::SHORTEST_ALONE;
    use super::{LINES, is_common};

    #[test]
    fn the_list_is_whole_and_sorted() {
        let alone = LINES.iter().filter(|line| line.chars().count() >= SHORTEST_ALONE).count();
        assert_eq!((LINES.len(), alone), (109_458, 9_728));
        assert!(LINES.is_sorted_by(|a, b| a < b));
        assert!(LINES.iter().all(|line| line.chars().count() >= 8 && line.to_lowercase() == **line));
        assert!(is_common("mailcreated5240") && is_common("hd764nw5d7e1vb1") && is_common("lhbjkjubz2957704"));
        assert!(is_common("password") && is_common("qwertyuiop") && !is_common("correct horse battery"));
    }
}
