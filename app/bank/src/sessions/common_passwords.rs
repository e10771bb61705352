//! Passwords that many people use (docs/domain.md §12): the 100,000 most frequent of eight characters and more from the public
//! list of ten million passwords by Mark Burnett, in lower case, sorted.

use std::sync::LazyLock;

const FILE: &str = include_str!("../../data/common-passwords.txt");

static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| FILE.lines().collect());

/// Whether many people use this password, which is in lower case.
pub(super) fn is_common(password: &str) -> bool {
    LINES.binary_search(&password).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{LINES, is_common};

    #[test]
    fn the_list_is_whole_and_sorted() {
        assert_eq!(LINES.len(), 100_000);
        assert!(LINES.is_sorted_by(|a, b| a < b));
        assert!(LINES.iter().all(|line| line.chars().count() >= 8 && line.to_lowercase() == **line));
        assert!(is_common("password") && is_common("qwertyuiop") && !is_common("correct horse battery"));
    }
}
