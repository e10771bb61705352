//! The two languages, and how days, times and amounts are formatted in them.
//!
//! The same pure functions format on the server and in the browser, so the results never differ. Formats: `12 月 2 日 周三`,
//! `200,000 元`; in English `Wed 2 Dec`, `CNY 200,000`. Sentences are in the message catalogue.

use serde::{Deserialize, Serialize};

use super::money::{Fen, grouped};
use super::time::{At, Day, Time, Weekday, days_between, hhmm};

/// A language of the portal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Language {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The tag used in HTML, in the cookie and in the database.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Parses a tag written by [`Language::tag`].
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The primary subtag, which is compared with the language ranges of `Accept-Language`.
    const fn primary(self) -> &'static str {
        match self {
            Self::ZhCn => "zh",
            Self::En => "en",
        }
    }

    /// The preferred language in an `Accept-Language` header: weights by RFC 9110 (12.5.4), look-up by RFC 4647 (3.4), so
    /// that `EN-us` means English and `zh-Hant-TW` Chinese. `None` if the header names neither.
    pub fn preferred(header: &str) -> Option<Self> {
        let ranges: Vec<(&str, u32)> = header.split(',').filter_map(range).collect();
        let refused = |language: Self| ranges.iter().any(|(range, weight)| *weight == 0 && language.matches(range));
        // Of equal weights the first wins; `max_by_key` returns the last.
        let wanted = ranges.iter().rev().filter(|(_, weight)| *weight > 0);
        let found = wanted.filter_map(|(range, weight)| {
            let mut any = Self::ALL.into_iter();
            let language = any.find(|language| if *range == "*" { !refused(*language) } else { language.matches(range) })?;
            Some((language, *weight))
        });
        found.max_by_key(|(_, weight)| *weight).map(|(language, _)| language)
    }

    /// Whether a range selects this language, compared by its primary subtag.
    fn matches(self, range: &str) -> bool {
        range.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(self.primary()))
    }
}

/// A language range with its weight in thousandths; `None` if the weight is malformed.
fn range(part: &str) -> Option<(&str, u32)> {
    let mut parts = part.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = parts.find_map(|parameter| parameter.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q")));
    let Some((_, weight)) = weight else { return Some((range, 1_000)) };
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let thousandths = format!("{part:0<3}").parse::<u32>().ok().filter(|_| part.len() <= 3)?;
    match whole {
        "0" => Some((range, thousandths)),
        "1" if thousandths == 0 => Some((range, 1_000)),
        _ => None,
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month_word(day: Day) -> &'static str {
    let index = usize::try_from(day.month()).unwrap_or(1).saturating_sub(1);
    MONTHS.get(index).copied().unwrap_or_default()
}

/// The weekday, short: `周三`, `Wed`.
pub const fn weekday(language: Language, weekday: Weekday) -> &'static str {
    match (language, weekday) {
        (Language::ZhCn, Weekday::Monday) => "周一",
        (Language::ZhCn, Weekday::Tuesday) => "周二",
        (Language::ZhCn, Weekday::Wednesday) => "周三",
        (Language::ZhCn, Weekday::Thursday) => "周四",
        (Language::ZhCn, Weekday::Friday) => "周五",
        (Language::ZhCn, Weekday::Saturday) => "周六",
        (Language::ZhCn, Weekday::Sunday) => "周日",
        (Language::En, Weekday::Monday) => "Mon",
        (Language::En, Weekday::Tuesday) => "Tue",
        (Language::En, Weekday::Wednesday) => "Wed",
        (Language::En, Weekday::Thursday) => "Thu",
        (Language::En, Weekday::Friday) => "Fri",
        (Language::En, Weekday::Saturday) => "Sat",
        (Language::En, Weekday::Sunday) => "Sun",
    }
}

/// The day without its weekday: `12 月 2 日`, `2 Dec`.
pub fn day_short(language: Language, day: Day) -> String {
    match language {
        Language::ZhCn => format!("{} 月 {} 日", day.month(), day.day()),
        Language::En => format!("{} {}", day.day(), month_word(day)),
    }
}

/// The day with its weekday: `12 月 2 日 周三`, `Wed 2 Dec`.
pub fn day_long(language: Language, day: Day) -> String {
    let word = weekday(language, day.weekday());
    match language {
        Language::ZhCn => format!("{} {word}", day_short(language, day)),
        Language::En => format!("{word} {}", day_short(language, day)),
    }
}

/// The day with its year, for days that may be years away: `2026 年 12 月 2 日`, `2 Dec 2026`.
pub fn day_with_year(language: Language, day: Day) -> String {
    match language {
        Language::ZhCn => format!("{} 年 {}", day.year(), day_short(language, day)),
        Language::En => format!("{} {}", day_short(language, day), day.year()),
    }
}

/// The month alone: `12 月`, `Dec`.
pub fn month_short(language: Language, day: Day) -> String {
    match language {
        Language::ZhCn => format!("{} 月", day.month()),
        Language::En => month_word(day).to_owned(),
    }
}

/// The month with its year: `2026 年 12 月`, `Dec 2026`.
pub fn month_with_year(language: Language, day: Day) -> String {
    match language {
        Language::ZhCn => format!("{} 年 {} 月", day.year(), day.month()),
        Language::En => format!("{} {}", month_word(day), day.year()),
    }
}

/// The day with weekday and year, for printed pages: `2026 年 12 月 2 日 周三`, `Wed 2 Dec 2026`.
pub fn day_full(language: Language, day: Day) -> String {
    let word = weekday(language, day.weekday());
    match language {
        Language::ZhCn => format!("{} {word}", day_with_year(language, day)),
        Language::En => format!("{word} {}", day_with_year(language, day)),
    }
}

/// A date and time with its year, for texts that are read later: `2026 年 12 月 2 日 周三 10:00`.
pub fn moment_full(language: Language, at: At) -> String {
    format!("{} {}", day_full(language, at.day()), hhmm(at.time()))
}

/// An amount with its currency: `200,000 元`, `CNY 200,000`.
pub fn amount(language: Language, amount: Fen) -> String {
    match language {
        Language::ZhCn => format!("{} 元", amount.grouped()),
        Language::En => format!("CNY {}", amount.grouped()),
    }
}

/// An amount as the text of a small button: `20 万`, in English `200,000`.
pub fn amount_short(language: Language, amount: Fen) -> String {
    const WAN: i64 = 10_000;
    match (language, amount.yuan()) {
        (Language::ZhCn, yuan) if yuan > 0 && yuan % WAN == 0 => format!("{} 万", grouped(yuan / WAN)),
        (_, yuan) => grouped(yuan),
    }
}

/// A day farther away than this is shown with its year.
const YEAR_IS_CLEAR_WITHIN_DAYS: i64 = 300;

/// The day relative to `now`: `昨天`, `今天`, `明天`, otherwise `12 月 2 日 周三`, with the year if it is far away.
pub fn day_from_now(language: Language, day: Day, now: At) -> String {
    let ahead = days_between(now.day(), day);
    match (language, ahead) {
        (Language::ZhCn, -1) => "昨天".to_owned(),
        (Language::ZhCn, 0) => "今天".to_owned(),
        (Language::ZhCn, 1) => "明天".to_owned(),
        (Language::En, -1) => "yesterday".to_owned(),
        (Language::En, 0) => "today".to_owned(),
        (Language::En, 1) => "tomorrow".to_owned(),
        (_, days) if days.abs() > YEAR_IS_CLEAR_WITHIN_DAYS => day_with_year(language, day),
        _ => day_long(language, day),
    }
}

/// The day without its weekday, with the year if it is far from `now`: `12 月 2 日`, `2025 年 5 月 26 日`.
pub fn day_clear(language: Language, day: Day, now: At) -> String {
    let is_far = days_between(now.day(), day).abs() > YEAR_IS_CLEAR_WITHIN_DAYS;
    if is_far { day_with_year(language, day) } else { day_short(language, day) }
}

/// A date and time relative to `now`: `今天 17:00`, `明天 10:00`, `12 月 2 日 周三 10:00`; in English `17:00 today`, because it
/// follows "by" and "until", and `Wed 2 Dec 10:00`.
pub fn moment(language: Language, at: At, now: At) -> String {
    let (day, time) = (day_from_now(language, at.day(), now), hhmm(at.time()));
    let near = days_between(now.day(), at.day()).abs() <= 1;
    match language {
        Language::En if near => format!("{time} {day}"),
        _ => format!("{day} {time}"),
    }
}

/// A time span within one day: `10:00–11:00`.
pub fn time_span(from: Time, to: Time) -> String {
    format!("{}–{}", hhmm(from), hhmm(to))
}

#[cfg(test)]
mod tests {
    use super::{
        Language, amount, amount_short, day_full, day_long, day_short, day_with_year, moment, moment_full, month_short,
        month_with_year, time_span,
    };
    use crate::kernel::money::Fen;
    use crate::kernel::time::At;
    use jiff::civil::{date, time};

    #[test]
    fn a_language_is_known_by_its_tag() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.tag()), Some(language));
        }
        assert_eq!(Language::parse("fr"), None);
        assert_eq!(serde_json::to_string(&Language::ZhCn).expect("json"), "\"zh-CN\"");
    }

    #[test]
    fn the_language_a_browser_prefers_is_the_one_it_weighs_most() {
        let zh = [
            "en;q=0.1,zh;q=0.9",
            "zh-CN,zh;q=0.9,en;q=0.8",
            "zh",
            "ZH-hant-tw",
            "fr, zh;q=0.2",
            "en;q=0, *",
            "*",
            "zh-Hans-CN;Q=1.000",
            "zh,en",
        ];
        for header in zh {
            assert_eq!(Language::preferred(header), Some(Language::ZhCn), "{header}");
        }
        for header in
            ["EN-us", "en", "zh;q=0.1, en-GB;q=0.2", "en,zh", "fr;q=1,en;q=0.3", "zh;q=0,*;q=0.5", "zh; q=x, en ; q=0.001"]
        {
            assert_eq!(Language::preferred(header), Some(Language::En), "{header}");
        }
        for header in ["", "fr", "zh;q=0", "en;q=2", ",;q=1", "english", "en;q=0.0001"] {
            assert_eq!(Language::preferred(header), None, "{header}");
        }
    }

    #[test]
    fn days_and_amounts_are_said_as_the_look_asks() {
        let day = date(2026, 12, 2);
        assert_eq!(day_long(Language::ZhCn, day), "12 月 2 日 周三");
        assert_eq!(day_long(Language::En, day), "Wed 2 Dec");
        assert_eq!(day_short(Language::ZhCn, day), "12 月 2 日");
        assert_eq!(day_short(Language::En, day), "2 Dec");
        assert_eq!(day_with_year(Language::ZhCn, day), "2026 年 12 月 2 日");
        assert_eq!(day_full(Language::ZhCn, day), "2026 年 12 月 2 日 周三");
        assert_eq!(
            (month_with_year(Language::ZhCn, day), month_with_year(Language::En, day)),
            ("2026 年 12 月".to_owned(), "Dec 2026".to_owned())
        );
        assert_eq!([month_short(Language::ZhCn, day), month_short(Language::En, day)], ["12 月", "Dec"]);
        assert_eq!(moment_full(Language::En, At::of(day, time(10, 0, 0, 0))), "Wed 2 Dec 2026 10:00");
        assert_eq!(amount(Language::ZhCn, Fen::from_yuan(200_000)), "200,000 元");
        assert_eq!(amount(Language::En, Fen::from_yuan(200_000)), "CNY 200,000");
        assert_eq!(amount_short(Language::ZhCn, Fen::from_yuan(200_000)), "20 万");
        assert_eq!(amount_short(Language::ZhCn, Fen::from_yuan(205_000)), "205,000");
        assert_eq!(amount_short(Language::En, Fen::from_yuan(200_000)), "200,000");
        assert_eq!(time_span(time(10, 0, 0, 0), time(11, 0, 0, 0)), "10:00–11:00");
    }

    #[test]
    fn a_moment_near_now_is_said_with_a_word() {
        let now = At::of(date(2026, 12, 31), time(10, 12, 0, 0));
        let say = |language, day, hour| moment(language, At::of(day, time(hour, 0, 0, 0)), now);
        assert_eq!(say(Language::ZhCn, date(2026, 12, 31), 17), "今天 17:00");
        assert_eq!(say(Language::ZhCn, date(2027, 1, 1), 10), "明天 10:00");
        assert_eq!(say(Language::ZhCn, date(2026, 12, 30), 21), "昨天 21:00");
        assert_eq!(say(Language::ZhCn, date(2027, 1, 5), 10), "1 月 5 日 周二 10:00");
        assert_eq!(say(Language::En, date(2026, 12, 31), 17), "17:00 today");
        assert_eq!(say(Language::En, date(2027, 1, 1), 10), "10:00 tomorrow");
        assert_eq!(say(Language::En, date(2026, 12, 2), 10), "Wed 2 Dec 10:00");
        assert_eq!(say(Language::En, date(2024, 12, 2), 10), "2 Dec 2024 10:00");
    }
}
