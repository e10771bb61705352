//! Parses amounts as people type them: `200,000 元`, `￥５００００`, `20万`, `5 万 5 千`, `贰拾万元整`. A text with two possible
//! meanings is refused with both of them.

use super::Fen;
use crate::kernel::text::{digits, narrow, separates};

/// Larger amounts are read as this one, yuan.
const MOST_YUAN: i64 = 999_999_999_999;

/// Fixed-point scale of the calculation, units per yuan, so that a decimal before a unit is exact: `1.2345万` is 12,345.
const PARTS: i128 = 1_000_000;

/// Words before (`BEFORE`) and after (`BEHIND`) the figures that carry no value.
const BEFORE: [&str; 7] = ["人民币", "CNY", "RMB", "cny", "rmb", "¥", "+"];
const BEHIND: [&str; 11] = ["整", "正", "元", "圆", "块钱", "块", "人民币", "CNY", "RMB", "cny", "rmb"];

impl Fen {
    /// Parses an amount in yuan as people type it, including negative amounts and amounts beyond every limit. `Err` holds the
    /// possible meanings of an ambiguous text (`5000,00`: 5,000 or 500,000); it is empty if the text is no amount.
    pub fn read_yuan(text: &str) -> Result<Self, Vec<Self>> {
        let narrowed = narrow(text);
        let mut bare = narrowed.as_str();
        while let Some(rest) = BEFORE.iter().find_map(|word| bare.strip_prefix(word)) {
            bare = rest.trim_start();
        }
        while let Some(rest) = BEHIND.iter().find_map(|word| bare.strip_suffix(word)) {
            bare = rest.trim_end();
        }
        let (sign, bare) = bare.strip_prefix('-').map_or((1, bare), |rest| (-1, rest));
        let bare = bare.trim_start().trim_start_matches('¥');
        let signed = |fen: Self| Self(sign * fen.0);
        let read = plain(bare).map_or_else(|| in_words(bare).unwrap_or_else(|| Err(readings(bare))), Ok);
        read.map(signed).map_err(|readings| readings.into_iter().map(signed).collect())
    }

    /// Converts from the fixed-point scale; `None` if a fraction of a fen is left. Amounts beyond every limit are accepted
    /// here, so that the limits can refuse them with the nearest accepted value.
    fn of_parts(parts: i128) -> Option<Self> {
        let fen = parts / (PARTS / 100);
        let most = i128::from(MOST_YUAN) * 100;
        (parts % (PARTS / 100) == 0).then(|| Self(i64::try_from(fen.min(most)).unwrap_or(i64::MAX)))
    }
}

/// Figures with at most two decimals, grouped by thousands or not at all.
fn plain(text: &str) -> Option<Fen> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let whole = digits(whole)?;
    if cents.is_empty() || cents.len() > 2 || !cents.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let tenfold = if cents.len() == 1 { 10 } else { 1 };
    let fen = cents.parse::<i64>().ok()? * tenfold;
    let yuan = whole.parse::<i64>().unwrap_or(MOST_YUAN).min(MOST_YUAN);
    Some(Fen(yuan * 100 + fen))
}

/// The possible meanings of figures with other separators: one whole number, or the last separator as decimal point.
fn readings(text: &str) -> Vec<Fen> {
    let separator = |c: char| c == '.' || separates(c);
    let figures: String = text.chars().filter(|c| !separator(*c)).collect();
    let groups: Vec<&str> = text.split(separator).filter(|group| !group.is_empty()).collect();
    let Some((cents, whole)) = groups.split_last().filter(|(_, whole)| !whole.is_empty()) else { return Vec::new() };
    if !figures.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    // `5000,00`, `1.000,00`: two figures at the end may be fen. `1.000`: zeros after a point may be decimals.
    let point = match cents.len() {
        1 | 2 => plain(&format!("{}.{cents}", whole.concat())),
        _ if text.matches('.').count() == 1 && cents.bytes().all(|b| b == b'0') => plain(&whole.concat()),
        // `180000.555`: behind more than three figures a point does not group thousands. Less than a fen is dropped.
        _ if text.matches('.').count() == 1 && matches!(whole, [whole] if whole.len() > 3) => {
            plain(&format!("{}.{}", whole.concat(), cents.get(..2).unwrap_or_default()))
        }
        _ => None,
    };
    let mut found: Vec<Fen> = point.into_iter().chain(plain(&figures)).collect();
    found.dedup();
    found
}

/// One token of an amount with units.
enum Token {
    /// A figure on the fixed-point scale, and whether it is a single digit.
    Number(i128, bool),
    /// 零 between parts.
    Zero,
    /// 十, 百, 千.
    Unit(i128),
    /// 万, 亿.
    Group(i128),
}

fn token(letter: char) -> Option<Token> {
    let digit = ["一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"];
    if let Some(place) = digit.iter().position(|forms| forms.contains(letter)) {
        return Some(Token::Number((i128::try_from(place).ok()? + 1) * PARTS, true));
    }
    Some(match letter {
        '零' | '〇' => Token::Zero,
        '十' | '拾' => Token::Unit(10),
        '百' | '佰' => Token::Unit(100),
        '千' | '仟' | 'k' | 'K' => Token::Unit(1_000),
        '万' | '萬' | 'w' | 'W' => Token::Group(10_000),
        '亿' | '億' => Token::Group(100_000_000),
        _ => return None,
    })
}

/// Figures before a unit, on the fixed-point scale.
fn figures(text: &str) -> Option<Token> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole = digits(whole)?;
    if part.len() > 6 || !part.bytes().all(|b| b.is_ascii_digit()) || (part.is_empty() && text.contains('.')) {
        return None;
    }
    let parts = format!("{part:0<6}").parse::<i128>().ok()?;
    let value = whole.parse::<i128>().unwrap_or(i128::from(MOST_YUAN)).min(i128::from(MOST_YUAN));
    Some(Token::Number(value * PARTS + parts, text.len() == 1))
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(letter) = rest.chars().next() {
        if letter.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && !separates(c)).unwrap_or(rest.len());
            let (number, behind) = rest.split_at(end);
            found.push(figures(number.trim_end())?);
            rest = behind;
        } else {
            found.push(token(letter)?);
            rest = rest.split_at(letter.len_utf8()).1.trim_start();
        }
    }
    Some(found)
}

/// Parses an amount with units. `None`: not an amount. `Err`: ambiguous, such as `5万5` (55,000 or 50,005).
fn in_words(text: &str) -> Option<Result<Fen, Vec<Fen>>> {
    // `total`: closed groups; `section`: the group being filled; `number`: a figure without a unit yet. `unit`, `group`:
    // the last units of either kind, which may only decrease.
    let (mut total, mut section, mut number) = (0_i128, 0_i128, None);
    let (mut unit, mut group, mut zero, mut last) = (i128::MAX, i128::MAX, false, 0_i128);
    for token in tokens(text)? {
        match token {
            Token::Number(value, alone) => {
                if number.replace((value, alone)).is_some() {
                    return None;
                }
            }
            Token::Zero if number.is_none() => zero = true,
            Token::Unit(of) if of < unit => {
                // 十五 is 15.
                let value = number.take().map_or((of == 10).then_some(PARTS), |(value, _)| Some(value))?;
                section += value * of;
                (unit, last, zero) = (of, of, false);
            }
            Token::Group(of) if of < group => {
                // 五千五万 is not a number.
                let odd = number.is_some_and(|(_, alone)| alone) && section > 0 && unit > 10 && !zero;
                let filled = section + number.take().map_or(0, |(value, _)| value);
                if filled == 0 || odd {
                    return None;
                }
                total += filled * of;
                (section, unit, group, last, zero) = (0, i128::MAX, of, of, false);
            }
            Token::Zero | Token::Unit(_) | Token::Group(_) => return None,
        }
    }
    let sum = total + section;
    let Some((value, alone)) = number else { return (last > 0).then(|| Fen::of_parts(sum).ok_or(Vec::new())) };
    if last == 0 || value >= last * PARTS {
        return None;
    }
    if alone && !zero && last > 10 {
        let short = value * last / 10;
        return Some(Err([sum + short, sum + value].into_iter().filter_map(Fen::of_parts).collect()));
    }
    Some(Fen::of_parts(sum + value).ok_or(Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::{Fen, MOST_YUAN};

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for text in [
            "200000",
            "200,000 元",
            "２００，０００",
            "￥200000",
            "¥ 200,000.00",
            "CNY 200,000",
            " 200 000.0 ",
            "200000元整",
            "20万",
            "２０ 万元",
            "20.0万",
            "20w",
            "200k",
            "二十万",
            "贰拾万元整",
            "人民币贰拾万圆整",
            "200千",
            "+200000",
            "0.2百万",
            "\u{202d}200000\u{202c}",
            "200'000",
            "200000块钱",
            "RMB 200000",
        ] {
            assert_eq!(Fen::read_yuan(text), Ok(Fen::from_yuan(200_000)), "{text}");
        }
        for (text, yuan) in [
            ("5 万 5 千", 55_000),
            ("5万零5", 50_005),
            ("5万5000", 55_000),
            ("5 万 500", 50_500),
            ("1.2345万", 12_345),
            ("十五万", 150_000),
            ("一百二十万", 1_200_000),
            ("1亿2千万", 120_000_000),
            ("两万三千四百五十", 23_450),
            ("五千", 5_000),
            ("１万", 10_000),
            ("25", 25),
            ("二十五", 25),
            ("60,050", 60_050),
        ] {
            assert_eq!(Fen::read_yuan(text), Ok(Fen::from_yuan(yuan)), "{text}");
        }
        assert_eq!(Fen::read_yuan("0.5"), Ok(Fen(50)));
        assert_eq!(Fen::read_yuan("-5"), Ok(Fen::from_yuan(-5)));
        assert_eq!(Fen::read_yuan("-5万"), Ok(Fen::from_yuan(-50_000)));
        for vast in ["9".repeat(30), format!("{}万", "9".repeat(30)), "9999999亿".to_owned()] {
            assert_eq!(Fen::read_yuan(&vast), Ok(Fen::from_yuan(MOST_YUAN)), "{vast}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_read_and_both_are_said() {
        let cases: [(&str, &[i64]); 14] = [
            ("5000,00", &[5_000, 500_000]),
            ("５０００，００ 元", &[5_000, 500_000]),
            ("1.000,00", &[1_000, 100_000]),
            ("1.000", &[1, 1_000]),
            ("1,00,000", &[100_000]),
            ("20,0000", &[200_000]),
            ("20 0000", &[200_000]),
            ("1.234.567", &[1_234_567]),
            ("1,000.000", &[1_000, 1_000_000]),
            ("5万5", &[55_000, 50_005]),
            ("三百五", &[350, 305]),
            ("50,00", &[50, 5_000]),
            ("-5000,00", &[-5_000, -500_000]),
            ("1.234", &[1_234]),
        ];
        for (text, yuan) in cases {
            assert_eq!(Fen::read_yuan(text), Err(yuan.iter().copied().map(Fen::from_yuan).collect()), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_has_no_reading() {
        for wrong in [
            "",
            "元",
            "abc",
            "--5",
            "-",
            "1e5",
            "1.",
            ".5",
            "万",
            "千万",
            "五六",
            "5千5万",
            "1.23456789万",
            "5元5角",
            "0x10",
            "1万万",
        ] {
            assert_eq!(Fen::read_yuan(wrong), Err(Vec::new()), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9.,' 万千百十零一五元¥亿-]{0,24}") {
            let _ = Fen::read_yuan(&text);
        }

        #[test]
        fn what_we_write_is_what_we_read(fen in 0_i64..100_000_000_000) {
            proptest::prop_assert_eq!(Fen::read_yuan(&Fen(fen).grouped()), Ok(Fen(fen)));
        }
    }
}
