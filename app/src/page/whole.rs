//! Phone numbers, amounts, numbers of notes, dates, times and case numbers are not broken at the end of a line. It is done once
//! on the rendered page, because they can stand in any text: a space within one becomes one at which no line is broken, and one
//! with a dash, at which browsers break as well, stands in an element that the style sheet keeps together.

use super::texts::each_text;

/// The space at which no line is broken.
const UNBROKEN: char = '\u{a0}';

/// The longest text with dashes that is kept together, characters; longer ones are somebody's own.
const LONGEST: usize = 20;

/// Units that stand after a number, by their first character.
const UNITS: &str = "元万亿年月日号位张天小分岁";

/// The same in English, whole.
const UNIT_WORDS: [&str; 3] = ["yuan", "min", "h"];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The page with such texts kept together.
pub fn keep_whole(html: &str) -> String {
    each_text(html, write_whole)
}

fn write_whole(written: &mut String, text: &str) {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        written.push_str(text);
        return;
    }
    let mut rest = text;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        if let Some(length) = dashed(before, rest) {
            let (whole, after) = rest.split_at(length);
            written.extend(["<span class=\"whole\">", whole, "</span>"]);
            before = whole.chars().last();
            rest = after;
            continue;
        }
        let after = &rest[c.len_utf8()..];
        let is_within = c == ' ' && binds(&text[..text.len() - rest.len()], after);
        written.push(if is_within { UNBROKEN } else { c });
        before = Some(c);
        rest = after;
    }
}

/// The length of the text with dashes that begins here: 0760-0000 0001, 10:00–11:00, QK2-6111-AB1. It holds a figure and no small
/// letter, and is no part of an address.
fn dashed(before: Option<char>, text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || ":.,*@/_=#&%+".contains(c) || is_dash(c);
    let is_before = |c: char| c.is_ascii_alphanumeric() || ".*@/_=#&%+".contains(c) || is_dash(c);
    if before.is_some_and(is_before) || !text.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) {
        return None;
    }
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let whole = text[..end].trim_end_matches(['.', ',', ':', '-', '–']);
    let fits = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || ":.,*".contains(c) || is_dash(c);
    let has_figure = whole.bytes().any(|byte| byte.is_ascii_digit());
    if !whole.contains(is_dash) || !whole.chars().all(fits) || !has_figure || whole.chars().count() > LONGEST {
        return None;
    }
    // The second half of a phone number.
    let half = text.get(whole.len()..whole.len() + 5).filter(|_| whole.len() == end);
    let is_half = half.and_then(|half| half.strip_prefix(' ')).is_some_and(|half| half.bytes().all(|b| b.is_ascii_digit()));
    let is_more = text.get(whole.len() + 5..).is_some_and(|after| after.starts_with(is_part));
    Some(if is_half && !is_more { whole.len() + 5 } else { whole.len() })
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–')
}

/// Whether a space between these two is within an amount, a date, or a note and how many there are of it.
fn binds(before: &str, after: &str) -> bool {
    let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let ends = |words: &[&str]| {
        words.iter().any(|word| before.ends_with(word) && !before[..before.len() - word.len()].ends_with(char::is_alphabetic))
    };
    let starts = |words: &[&str]| {
        words.iter().any(|word| after.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
    };
    if before.ends_with(|c: char| c.is_ascii_digit()) {
        return after.starts_with(|c| UNITS.contains(c) || c == '×') || starts(&MONTHS) || starts(&UNIT_WORDS);
    }
    let is_of_notes = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',').starts_with(" 张");
    if before.ends_with('元') {
        return number(after) && is_of_notes(after);
    }
    (number(after) && (before.ends_with(['年', '月', '×']) || ends(&["CNY"]) || ends(&WEEKDAYS) || ends(&MONTHS)))
        || (before.ends_with('日') && after.starts_with('周'))
}

#[cfg(test)]
mod tests {
    use super::keep_whole;

    /// The page with the unbroken space as `~` and the kept text in brackets.
    fn kept(html: &str) -> String {
        keep_whole(html).replace('\u{a0}', "~").replace("<span class=\"whole\">", "[").replace("</span>", "]")
    }

    #[test]
    fn what_is_one_is_kept_together() {
        for (text, whole) in [
            ("请致电 0760-0000 0001。", "请致电 [0760-0000 0001]。"),
            ("Call 400-000-0000.", "Call [400-000-0000]."),
            ("12 月 2 日 周三 10:00–11:00，余 3 位", "12~月~2~日~周三 [10:00–11:00]，余 3~位"),
            ("2026 年 12 月 2 日", "2026~年~12~月~2~日"),
            ("200,000 元，20 万", "200,000~元，20~万"),
            ("100 元 1,900 张、50 元 200 张", "100~元~1,900~张、50~元~200~张"),
            ("先付 500 元 3 天后再付", "先付 500~元 3~天后再付"),
            ("1,900 × 100 yuan, 200 × 50 yuan", "1,900~×~100~yuan, 200~×~50~yuan"),
            ("09:30–10:00，30 min, in 2 h 20 min", "[09:30–10:00]，30~min, in 2~h 20~min"),
            ("Wed 2 Dec 2026 10:00, CNY 200,000", "Wed~2~Dec~2026 10:00, CNY~200,000"),
            ("编号 QK2-6111-AB1", "编号 [QK2-6111-AB1]"),
        ] {
            assert_eq!(kept(text), whole);
            assert_eq!(
                kept(&format!("<p title=\"{text}\">{text}</p>")),
                format!("<p title=\"{text}\">{whole}</p>"),
                "no attribute"
            );
        }
    }

    #[test]
    fn other_texts_and_long_ones_stay_as_they_are() {
        let long = "1234-".repeat(9);
        for text in [
            "e-mail",
            "A 17-year",
            "a@b-2.cn",
            "/x-1/2",
            "第 1 步，共 4 行",
            "10:00 石岐支行",
            "May be 2 Decks",
            "2 hosts, 3 minutes",
            "Sun-Yat-Sen 3",
            &long,
        ] {
            assert_eq!(kept(text), text);
        }
    }
}
