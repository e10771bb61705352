//! The rule for a new password (docs/domain.md §12): its length, that it is not one of the first that somebody tries, and that it
//! does not contain what others know of the user. Any characters are allowed, and none are required.

use super::common_passwords::is_common;
use super::house_words::{house_names, is_of_house};
use crate::kernel::bank::Bank;
use crate::kernel::failure::Failure;
use crate::kernel::text::{count, narrow};
use crate::kernel::time::Day;

/// The fewest characters of a password that alone lets its user in.
pub const SHORTEST_ALONE: usize = 15;

/// The fewest characters of a password beside a second factor.
pub const SHORTEST_WITH_FACTOR: usize = 8;

/// The most characters of a password.
pub const LONGEST: usize = 128;

/// Known texts with fewer characters are not looked for, because they occur in passwords by chance.
const TELLING: usize = 4;

/// The fewest characters of a run.
const RUN: usize = 3;

/// Neighbours on a keyboard, by row and by column, and in the alphabet.
const LINES: [&str; 16] = [
    "`1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
];

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer characters than this user's password must have.
    TooShort { fewest: usize },
    /// More than [`LONGEST`] characters.
    TooLong,
    /// Many people use it, or it repeats one that many use.
    Common,
    /// It consists of neighbouring keys, letters or digits in a row, or of the same one.
    Run,
    /// It contains the sign-in name, the customer number, the phone number or the birthday.
    HoldsName,
    /// It contains a name of the bank, or consists of their words.
    HoldsHouse,
    /// The second entry is not the same.
    Differs,
}

/// What others know of a user and of the bank.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownOfUser<'u> {
    /// The sign-in name, the customer number and the phone number.
    pub texts: &'u [&'u str],
    pub born: Option<Day>,
    /// Names of the bank.
    pub house: &'u [String],
}

/// A new password as typed, twice.
#[derive(Clone)]
pub struct NewPassword {
    pub password: String,
    pub again: String,
    /// The bank's names, numbers and addresses, as its pages show them.
    pub house: Vec<String>,
}

impl NewPassword {
    /// All names of the bank: those of its pages, and of the database.
    pub(super) async fn house_names(&self, bank: &Bank) -> Result<Vec<String>, Failure> {
        house_names(bank, &self.house).await
    }

    /// The password, if it fulfils the rule and was typed twice alike.
    pub fn check(self, fewest: usize, known: KnownOfUser<'_>) -> Result<String, PasswordFault> {
        check_password(&self.password, fewest, known)?;
        if self.password == self.again { Ok(self.password) } else { Err(PasswordFault::Differs) }
    }
}

/// The fewest characters of the password of a user who has a second factor, or none.
pub const fn shortest(has_factor: bool) -> usize {
    if has_factor { SHORTEST_WITH_FACTOR } else { SHORTEST_ALONE }
}

/// Whether a password is long enough only beside a second factor.
pub(super) fn needs_factor(password: &str) -> bool {
    count(password) < SHORTEST_ALONE
}

/// Checks a password as typed, which must have so many characters ([`shortest`]).
pub fn check_password(password: &str, fewest: usize, known: KnownOfUser<'_>) -> Result<(), PasswordFault> {
    let length = count(password);
    if length < fewest {
        return Err(PasswordFault::TooShort { fewest });
    }
    if length > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    let plain = plain(password);
    if is_common(&plain) || is_common(unit(&plain)) {
        return Err(PasswordFault::Common);
    }
    if is_run(&plain) {
        return Err(PasswordFault::Run);
    }
    if holds(&plain, known) {
        return Err(PasswordFault::HoldsName);
    }
    if is_of_house(&plain, known.house) { Err(PasswordFault::HoldsHouse) } else { Ok(()) }
}

/// Without differences in case and width, which hide nothing.
fn plain(text: &str) -> String {
    narrow(text).to_lowercase()
}

/// The shortest text of which this one is a repetition; the text itself if there is none.
fn unit(text: &str) -> &str {
    let repeats =
        |end: usize| text.len().is_multiple_of(end) && text.as_bytes().chunks(end).all(|chunk| chunk == &text.as_bytes()[..end]);
    let ends = text.char_indices().map(|(at, _)| at).skip(1);
    ends.take_while(|end| *end <= text.len() / 2).find(|end| repeats(*end)).map_or(text, |end| &text[..end])
}

/// Whether a password consists of runs, one after another or two interleaved, as in `q1w2e3`.
fn is_run(plain: &str) -> bool {
    let keys: Vec<char> = plain.chars().collect();
    let every_second = |first: usize| keys.iter().skip(first).step_by(2).copied().collect::<Vec<char>>();
    consists_of_runs(&keys) || (consists_of_runs(&every_second(0)) && consists_of_runs(&every_second(1)))
}

fn consists_of_runs(keys: &[char]) -> bool {
    let mut rest = keys;
    while !rest.is_empty() {
        let longest = run_at_start(rest);
        if longest < RUN {
            return false;
        }
        rest = &rest[longest..];
    }
    true
}

/// The length of the longest run with which the keys begin.
fn run_at_start(keys: &[char]) -> usize {
    let same = keys.iter().take_while(|key| **key == keys[0]).count();
    let along = |line: &[char]| {
        let starts = (0..line.len()).map(|start| line[start..].iter().zip(keys).take_while(|(a, b)| a == b).count());
        starts.max().unwrap_or_default()
    };
    let lines = LINES.iter().map(|line| {
        let mut line: Vec<char> = line.chars().collect();
        let forwards = along(&line);
        line.reverse();
        forwards.max(along(&line))
    });
    lines.max().unwrap_or_default().max(same)
}

fn holds(plain: &str, known: KnownOfUser<'_>) -> bool {
    let mut texts = known.texts.iter().map(|known| self::plain(known));
    if texts.any(|known| count(&known) >= TELLING && plain.contains(&known)) {
        return true;
    }
    // Separators between year, month and day hide nothing. Without the year it is no birthday but a number.
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let ways = ["%Y%m%d", "%d%m%Y", "%m%d%Y"];
    known.born.is_some_and(|born| ways.iter().any(|way| digits.contains(&born.strftime(way).to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordFault> {
        check_password(password, shortest(false), KnownOfUser::default())
    }

    #[test]
    fn length_counts_and_any_character_is_allowed() {
        assert_eq!(check("fourteen chars"), Err(PasswordFault::TooShort { fewest: 15 }));
        let long = "never the same ".repeat(9);
        for fine in ["fifteen chars !", "一二三四五六七八九十一二三四五", "👨‍👩‍👧‍👦 is one character here", &long[..128]]
        {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        assert_eq!(check(&long[..129]), Err(PasswordFault::TooLong));
    }

    #[test]
    fn beside_a_second_factor_eight_characters_are_enough_and_the_other_rules_hold() {
        let check = |password: &str| check_password(password, shortest(true), KnownOfUser::default());
        assert_eq!(check("7 chars"), Err(PasswordFault::TooShort { fewest: 8 }));
        assert_eq!(check("8 chars!"), Ok(()));
        for common in ["password", "iloveyou", "sunshine", "12345678", "qwertyuiop"] {
            assert!(matches!(check(common), Err(PasswordFault::Common | PasswordFault::Run)), "{common}");
        }
        assert!(needs_factor("fourteen chars") && !needs_factor("fifteen chars !"));
    }

    #[test]
    fn what_many_people_use_is_refused() {
        let long = ["mailcreated5240", "MailCreated5240", "123456789qwerty", "nick1234-rem936"];
        let short = ["passwordstandard", "PasswordStandard", "ｐａｓｓｗｏｒｄstandard", "passwordpassword", "PASSWORDpassword"];
        for common in [&long[..], &short[..]].concat() {
            assert_eq!(check(common), Err(PasswordFault::Common), "{common}");
        }
        assert_eq!(check("password of my own"), Ok(()));
    }

    #[test]
    fn keys_in_a_row_are_refused() {
        let runs = [
            "1qaz2wsx3edc4rfv5tgb",
            "asdfghjklasdfghjkl;'",
            "qwertyuiopASDFGHJKL",
            "zyxwvutsrqponmlkj",
            "abcabcabcabcabcabc",
            "               ",
            "!!!!!!!!!!!!!!!!!!!!",
            "a1b2c3d4e5f6g7h8i9",
            "000111222333444555666",
        ];
        for run in runs {
            assert!(matches!(check(run), Err(PasswordFault::Run | PasswordFault::Common)), "{run}");
        }
        for fine in ["were there popcorn", "asdfghjkl is a row", "tree tree tree tree"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        assert!(is_run("qwertyuiopasdfg") && is_run("q1w2e3r4t5y6u7i8o9") && !is_run("qwertyuiopasdx"));
    }

    #[test]
    fn what_others_know_is_not_part_of_it() {
        let known =
            KnownOfUser { texts: &["wangli", "622000100200", "13800138000", "c1"], born: "1968-05-01".parse().ok(), house: &[] };
        for held in [
            "I am WangLi from Shiqi",
            "my phone 13800138000",
            "ｗａｎｇｌｉ from here too",
            "since 1968-05-01 alive",
            "01.05.1968, a Wednesday",
        ] {
            assert_eq!(check_password(held, 15, known), Err(PasswordFault::HoldsName), "{held}");
        }
        assert_eq!(check_password("abc1 is a chance, not a name", 15, known), Ok(()));
        assert_eq!(check_password("in 1968 on 0501 and later", 15, known), Err(PasswordFault::HoldsName));
        assert_eq!(check_password("in 1968 and in May", 15, known), Ok(()));
        assert_eq!(check_password("no name, no number", 15, KnownOfUser { texts: &["", " "], ..KnownOfUser::default() }), Ok(()));
    }
}
