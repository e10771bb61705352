//! The questions of `lobby init`. Each answer is judged when it is given, in the words of its question; before the last one all
//! answers stand in a list, and each can be given again by its number.

use std::io::{BufRead, Write};

use anyhow::bail;
use bank::branches::BankDetails;
use bank::founding::{Administrator, Founding};
use bank::kernel::entries::{EntryRule, read_code};

use super::{InitFlags, listed, staff_entry};

/// A question.
pub(super) struct Question {
    /// The column of the bank's details or of a staff member.
    column: &'static str,
    asks: &'static str,
    /// What an answer must be.
    rule: &'static str,
}

const fn question(column: &'static str, asks: &'static str, rule: &'static str) -> Question {
    Question { column, asks, rule }
}

const LINE: &str = "write 3 to 20 digits; spaces, hyphens, + and brackets may group them";
const CODE: &str = "use up to 32 small letters, digits, hyphens, underscores and points, beginning with a letter or digit";
const PERSON: &str = "write the full name of a person, with letters only";

/// The bank's details, then sign-in name and full name of each administrator.
pub(super) const QUESTIONS: [Question; 11] = [
    question("name_zh", "Name of the bank, Chinese", "write up to 60 characters"),
    question("name_en", "Name of the bank, English", "write up to 60 characters, with Latin letters"),
    question("hotline", "Service hotline, shown on every page", LINE),
    question("complaint_phone", "Phone number for complaints", LINE),
    question("complaint_address_zh", "Address for complaints, Chinese", "write up to 120 characters"),
    question("complaint_address_en", "Address for complaints, English", "write up to 120 characters, with Latin letters"),
    question("complaint_email", "E-mail address for complaints", "write an address such as complaints@bank.example"),
    question("sign_in_name", "Sign-in name of the first administrator", CODE),
    question("name", "Full name of the first administrator", PERSON),
    question("sign_in_name", "Sign-in name of the second administrator", CODE),
    question("name", "Full name of the second administrator", PERSON),
];

/// The number of questions about the bank.
const DETAILS: usize = BankDetails::COLUMNS.len();

/// Whether both have one full name, which one person with two sign-in names would have.
pub(super) fn namesakes([first, second]: &[Administrator; 2]) -> bool {
    first.name == second.name
}

/// Why an answer is refused; `others` are the answers of all questions, this one's is ignored.
fn complaint(place: usize, answer: &str, others: &[String]) -> Option<String> {
    let question = QUESTIONS.get(place)?;
    // The other columns are refused as missing; only this one counts here.
    let of = |column: &str| (column == question.column).then_some(answer);
    let refusals = if place < DETAILS {
        BankDetails::parse(&of).err()
    } else {
        let text = |column| of(column).unwrap_or_default();
        staff_entry(text("sign_in_name"), text("name")).err()
    };
    let refusal = refusals.unwrap_or_default().into_iter().find(|refusal| refusal.column == question.column);
    match refusal {
        Some(refusal) if refusal.rule == EntryRule::Missing => return Some("An answer is needed.".to_owned()),
        Some(_) => return Some(format!("This is not accepted: {}.", question.rule)),
        None => {}
    }
    let other = [DETAILS, DETAILS + 2].into_iter().find(|other| *other != place).and_then(|other| others.get(other));
    let same = question.column == "sign_in_name" && other.is_some_and(|other| read_code(other) == read_code(answer));
    same.then(|| "This is the sign-in name of the other administrator; two people approve each other's changes.".to_owned())
}

/// What is typed and shown.
pub(super) struct Dialogue<'d> {
    pub answers: &'d mut dyn BufRead,
    pub screen: &'d mut dyn Write,
}

impl Dialogue<'_> {
    /// Asks for what the flags do not give, each until it is accepted, and for a confirmation. `None`: it was not confirmed.
    pub(super) fn ask(&mut self, flags: &InitFlags) -> anyhow::Result<Option<Founding>> {
        let mut given: Vec<String> = Vec::new();
        for place in 0..QUESTIONS.len() {
            let flag = flag(flags, place);
            given.push(self.accepted(place, flag, &given)?);
        }
        if flags.yes {
            return founding(&given).map(Some);
        }
        loop {
            self.show(&given)?;
            let answer = self.line("Found this bank? [y/N, or the number of an answer to give it again]")?;
            match (answer.to_lowercase().as_str(), answer.parse::<usize>()) {
                ("y" | "yes", _) => return founding(&given).map(Some),
                (_, Ok(number)) if (1..=QUESTIONS.len()).contains(&number) => {
                    let answer = self.accepted(number - 1, None, &given)?;
                    if let Some(place) = given.get_mut(number - 1) {
                        *place = answer;
                    }
                }
                (_, Ok(_)) => writeln!(self.screen, "  The answers have the numbers 1 to {}.", QUESTIONS.len())?,
                _ => return Ok(None),
            }
        }
    }

    /// The first answer that is accepted; `flag` is the first one to be judged.
    fn accepted(&mut self, place: usize, flag: Option<String>, others: &[String]) -> anyhow::Result<String> {
        let asks = QUESTIONS.get(place).map_or("", |question| question.asks);
        let mut answer = flag;
        loop {
            let value = match answer.take() {
                Some(value) => value,
                None => self.line(asks)?,
            };
            match complaint(place, &value, others) {
                Some(complaint) => writeln!(self.screen, "  {asks}: {complaint}")?,
                None => return Ok(value),
            }
        }
    }

    /// All answers with their numbers.
    fn show(&mut self, given: &[String]) -> anyhow::Result<()> {
        writeln!(self.screen)?;
        for (number, (question, answer)) in (1..).zip(QUESTIONS.iter().zip(given)) {
            writeln!(self.screen, "{number:>2}  {}: {answer}", question.asks)?;
        }
        if namesakes(&founding(given)?.administrators) {
            writeln!(self.screen, "Both administrators have the same full name; they must be two people.")?;
        }
        Ok(())
    }

    fn line(&mut self, question: &str) -> anyhow::Result<String> {
        write!(self.screen, "{question}: ")?;
        self.screen.flush()?;
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            bail!("the input ended; nothing was changed");
        }
        Ok(answer.trim().to_owned())
    }
}

/// The answer that a flag gives.
fn flag(flags: &InitFlags, place: usize) -> Option<String> {
    let question = QUESTIONS.get(place)?;
    let Some(part) = place.checked_sub(DETAILS) else { return flags.column(question.column).map(str::to_owned) };
    let (sign_in_name, name) = flags.administrators.get(part / 2)?.split_once('=')?;
    Some(if part % 2 == 0 { sign_in_name } else { name }.to_owned())
}

/// The accepted answers as what they found.
fn founding(given: &[String]) -> anyhow::Result<Founding> {
    let of = |column: &'static str| {
        let place = BankDetails::COLUMNS.iter().position(|known| *known == column)?;
        given.get(place).map(String::as_str)
    };
    let refused = |refusals: Vec<_>| anyhow::anyhow!("{}", listed(&refusals));
    let details = BankDetails::parse(&of).map_err(refused)?;
    let mut administrators = Vec::new();
    for pair in given.get(DETAILS..).unwrap_or_default().chunks(2) {
        let [sign_in_name, name] = pair else { continue };
        let entry = staff_entry(sign_in_name, name).map_err(refused)?;
        administrators.push(Administrator { sign_in_name: entry.sign_in_name, name: entry.name });
    }
    let two = <[Administrator; 2]>::try_from(administrators);
    Ok(Founding { details, administrators: two.map_err(|_| anyhow::anyhow!("two administrators are needed"))? })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    const ANSWERS: &str = "海湾银行\nHarbour Bank\n95511\n0756-8888 0000\n珠海市香洲区\nXiangzhou, Zhuhai\ntousu@harbour.example\n\
                           wangli\n王莉\nliuyang\n刘洋\n";

    /// What is founded, and what the screen showed.
    fn typed(flags: &InitFlags, answers: &str) -> (anyhow::Result<Option<Founding>>, String) {
        let mut screen = Vec::new();
        let founding = Dialogue { answers: &mut answers.as_bytes(), screen: &mut screen }.ask(flags);
        (founding, String::from_utf8(screen).unwrap())
    }

    #[test]
    fn every_column_has_a_question_and_a_flag() {
        let asked: Vec<&str> = QUESTIONS.iter().map(|question| question.column).collect();
        assert_eq!(asked, [&BankDetails::COLUMNS[..], &["sign_in_name", "name", "sign_in_name", "name"]].concat());
        let flags = InitFlags {
            hotline: Some("95511".to_owned()),
            administrators: vec!["wangli=王莉".to_owned()],
            ..InitFlags::default()
        };
        assert_eq!([2, 7, 8].map(|place| flag(&flags, place).unwrap()), ["95511", "wangli", "王莉"]);
        assert_eq!([0, 9].map(|place| flag(&flags, place)), [None, None]);
    }

    #[test]
    fn a_refused_answer_is_asked_for_again_in_the_words_of_its_question() {
        let answers = "海湾银行\n海湾银行\nHarbour Bank\n12345678901234567890123456\n96\n95511\n0756-8888 0000\n珠海市香洲区\n\
                       Xiangzhou, Zhuhai\ntousu\ntousu@harbour.example\nWang Li\nwangli\n\n王莉\nWANGLI\nliuyang\n刘洋\ny\n";
        let (founding, screen) = typed(&InitFlags::default(), answers);
        let founding = founding.unwrap().unwrap();
        assert_eq!((founding.details.hotline.as_str(), founding.details.name_en.as_str()), ("95511", "Harbour Bank"));
        assert_eq!(founding.administrators.map(|administrator| administrator.sign_in_name), ["wangli", "liuyang"]);
        for (told, times) in [
            ("English: This is not accepted: write up to 60 characters, with Latin letters.", 1),
            ("3 to 20 digits", 2),
            ("first administrator: This is not accepted: use up to 32 small letters", 1),
            ("first administrator: An answer is needed.", 1),
            ("This is the sign-in name of the other administrator", 1),
            ("--", 0),
        ] {
            assert_eq!(screen.matches(told).count(), times, "{told}: {screen}");
        }
        assert!(typed(&InitFlags::default(), "海湾银行\n").0.is_err(), "the input ended");
    }

    #[test]
    fn before_the_last_answer_all_are_shown_and_each_can_be_given_again() {
        let (founding, screen) = typed(&InitFlags::default(), &format!("{ANSWERS}99\n3\n95522\n11\n王莉\nyes\n"));
        let founding = founding.unwrap().unwrap();
        assert_eq!((founding.details.hotline.as_str(), founding.administrators[1].name.as_str()), ("95522", "王莉"));
        assert!(screen.contains(" 3  Service hotline, shown on every page: 95511") && screen.contains("page: 95522"), "{screen}");
        assert_eq!(screen.matches("Both administrators have the same full name").count(), 1, "{screen}");
        for refusing in ["n", "", "no"] {
            assert!(typed(&InitFlags::default(), &format!("{ANSWERS}{refusing}\n")).0.unwrap().is_none(), "{refusing}");
        }
        let yes = InitFlags { yes: true, ..InitFlags::default() };
        assert!(typed(&yes, ANSWERS).0.unwrap().is_some(), "nothing more is asked");
    }
}
