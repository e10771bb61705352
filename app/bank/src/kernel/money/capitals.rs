//! Amounts in Chinese capital numerals (中文大写), as bank papers write them: 正确填写票据和结算凭证的基本规定, annex 1 of
//! 支付结算办法 (People's Bank of China, 银发〔1997〕393 号), articles 3 to 5. Where the rule leaves a choice (a 0 in the place
//! of 万 or 元, 整 after 角), the shorter form is written.

use super::Fen;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// The places of a group of four digits, the largest first.
const PLACES: [(u64, &str); 4] = [(1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")];

/// 万 and 亿; above 亿 the count of 亿 is itself written with 万 and 亿.
const GROUPS: [(u64, &str); 2] = [(100_000_000, "亿"), (10_000, "万")];

impl Fen {
    /// The amount in capital numerals: 贰拾万元整, 壹仟肆佰零玖元伍角. An amount below zero begins with 负.
    pub fn in_capitals(self) -> String {
        let fen = self.0.unsigned_abs();
        let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
        let mut text = String::new();
        if self.0 < 0 {
            text.push('负');
        }
        if yuan > 0 {
            write_number(&mut text, yuan);
            text.push('元');
        }
        match (jiao, fen) {
            (0, 0) if yuan == 0 => text.push_str("零元整"),
            (0, 0) => text.push('整'),
            (0, _) if yuan > 0 => text.push('零'),
            _ => {}
        }
        for (digit, unit) in [(jiao, '角'), (fen, '分')] {
            if digit > 0 {
                text.push_str(word(digit));
                text.push(unit);
            }
        }
        text
    }
}

fn word(digit: u64) -> &'static str {
    usize::try_from(digit).ok().and_then(|digit| DIGITS.get(digit)).copied().unwrap_or_default()
}

/// Writes a number above zero.
fn write_number(text: &mut String, number: u64) {
    for (group, unit) in GROUPS {
        if number < group {
            continue;
        }
        write_number(text, number / group);
        text.push_str(unit);
        let rest = number % group;
        if rest > 0 {
            // The first place after the unit is 0.
            if rest < group / 10 {
                text.push('零');
            }
            write_number(text, rest);
        }
        return;
    }
    let mut skipped = false;
    let mut begun = false;
    for (place, unit) in PLACES {
        let digit = number / place % 10;
        if digit == 0 {
            skipped = begun;
            continue;
        }
        // Several 0 in a row are one 零.
        if skipped {
            text.push('零');
        }
        text.push_str(word(digit));
        text.push_str(unit);
        (skipped, begun) = (false, true);
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[track_caller]
    fn is(fen: i64, words: &str) {
        assert_eq!(Fen(fen).in_capitals(), words, "{fen}");
    }

    #[test]
    fn the_examples_of_the_rule() {
        is(140_950, "壹仟肆佰零玖元伍角");
        is(600_714, "陆仟零柒元壹角肆分");
        // The rule allows 零 before 叁角 and before 柒仟 as well.
        is(168_032, "壹仟陆佰捌拾元叁角贰分");
        is(10_700_053, "壹拾万柒仟元伍角叁分");
        is(1_640_902, "壹万陆仟肆佰零玖元零贰分");
        is(32_504, "叁佰贰拾伍元零肆分");
    }

    #[test]
    fn whole_yuan_end_with_zheng_and_fen_do_not() {
        is(20_000_000, "贰拾万元整");
        is(5_000_000, "伍万元整");
        is(100_000_000, "壹佰万元整");
        is(100, "壹元整");
        is(10, "壹角");
        is(1, "壹分");
        is(11, "壹角壹分");
        is(0, "零元整");
        is(-150, "负壹元伍角");
    }

    #[test]
    fn ten_is_written_with_its_one() {
        is(1_000, "壹拾元整");
        is(1_100, "壹拾壹元整");
        is(11_000_000, "壹拾壹万元整");
        is(100_000_000_000, "壹拾亿元整");
    }

    #[test]
    fn zeros_within_are_one_and_zeros_at_the_end_of_a_group_are_none() {
        is(100_100, "壹仟零壹元整");
        is(101_000, "壹仟零壹拾元整");
        is(110_000, "壹仟壹佰元整");
        is(1_000_100, "壹万零壹元整");
        is(1_010_000, "壹万零壹佰元整");
        is(1_100_000, "壹万壹仟元整");
        is(10_010_000, "壹拾万零壹佰元整");
        is(10_001_000_000, "壹亿零壹万元整");
        is(10_010_000_000, "壹亿零壹拾万元整");
        is(10_000_000_100, "壹亿零壹元整");
        is(10_000_010_000, "壹亿零壹佰元整");
        is(11_000_000_000, "壹亿壹仟万元整");
        is(10_100_010_000, "壹亿零壹佰万零壹佰元整");
    }

    #[test]
    fn the_largest_amount_is_written_too() {
        is(i64::MAX, "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分");
    }
}
