//! The rule for a new password (docs/domain.md §12): its length, and that it does not contain what others know of the user.

use crate::kernel::text::{count, narrow};

/// The fewest characters of a password.
pub const SHORTEST: usize = 15;

/// The most characters of a password.
pub const LONGEST: usize = 128;

/// Known texts with fewer characters are not looked for, because they occur in passwords by chance.
const TELLING: usize = 4;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// It contains the sign-in name, the customer number or the phone number.
    HoldsName,
    /// The second entry is not the same.
    Differs,
}

/// A new password as typed, twice.
#[derive(Clone)]
pub struct NewPassword {
    pub password: String,
    pub again: String,
}

impl NewPassword {
    /// The password, if it fulfils the rule and was typed twice alike. For `known` see [`check_password`].
    pub fn check(self, known: &[&str]) -> Result<String, PasswordFault> {
        check_password(&self.password, known)?;
        if self.password == self.again { Ok(self.password) } else { Err(PasswordFault::Differs) }
    }
}

/// Checks a password as typed. `known` are the sign-in name, the customer number and the phone number of the user.
pub fn check_password(password: &str, known: &[&str]) -> Result<(), PasswordFault> {
    let length = count(password);
    if length < SHORTEST {
        return Err(PasswordFault::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    let plain = plain(password);
    let held = known.iter().map(|known| self::plain(known)).any(|known| count(&known) >= TELLING && plain.contains(&known));
    if held { Err(PasswordFault::HoldsName) } else { Ok(()) }
}

/// Without differences in case and width, which do not hide a name.
fn plain(text: &str) -> String {
    narrow(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_any_character_is_allowed() {
        assert_eq!(check_password("fourteen chars", &[]), Err(PasswordFault::TooShort));
        for fine in
            ["fifteen chars !", "一二三四五六七八九十一二三四五", "               ", "👨‍👩‍👧‍👦 is one character here", &"x".repeat(128)]
        {
            assert_eq!(check_password(fine, &[]), Ok(()), "{fine}");
        }
        assert_eq!(check_password(&"x".repeat(129), &[]), Err(PasswordFault::TooLong));
    }

    #[test]
    fn what_others_know_is_not_part_of_it() {
        let known = ["wangli", "622000100200", "13800138000", "c1"];
        for held in ["I am WangLi from Shiqi", "my phone 13800138000", "ｗａｎｇｌｉ from here too"] {
            assert_eq!(check_password(held, &known), Err(PasswordFault::HoldsName), "{held}");
        }
        assert_eq!(check_password("abc1 is a chance, not a name", &known), Ok(()));
        assert_eq!(check_password("no name, no number", &["", " "]), Ok(()));
    }
}
