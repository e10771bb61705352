//! `lang` for words in the other language (names of people, streets, what somebody has typed), so that a screen reader reads
//! them in their own. It is done once on the rendered page, because such words can stand anywhere.

use std::ops::Range;

use bank::kernel::language::Language;

use super::texts::each_text;

/// The page with each run of words in the other language in an element of its own. On a Chinese page these are names: two
/// words of Latin letters or more, each with a capital. One alone is an abbreviation, which Chinese voices read.
pub fn mark_foreign(language: Language, html: &str) -> String {
    each_text(html, |marked, text| mark_text(language, marked, text))
}

fn mark_text(page: Language, marked: &mut String, text: &str) {
    let other = match page {
        Language::En => Language::ZhCn,
        Language::ZhCn => Language::En,
    };
    let mut rest = text;
    while let Some(run) = next_run(other, rest) {
        let (before, from) = rest.split_at(run.start);
        let (run, after) = from.split_at(run.len());
        marked.push_str(before);
        marked.extend(["<span lang=\"", other.tag(), "\">", run, "</span>"]);
        rest = after;
    }
    marked.push_str(rest);
}

/// The first run of words in this language.
fn next_run(language: Language, text: &str) -> Option<Range<usize>> {
    match language {
        Language::ZhCn => next_chinese(text),
        Language::En => next_latin(text),
    }
}

/// The first run of Chinese characters. Figures and blanks between two of them belong to it.
fn next_chinese(text: &str) -> Option<Range<usize>> {
    if text.is_ascii() {
        return None;
    }
    let start = text.find(is_chinese)?;
    let mut end = start;
    for (at, c) in text[start..].char_indices() {
        if is_chinese(c) {
            end = start + at + c.len_utf8();
        } else if !(c.is_ascii_digit() || c == ' ' || c == '*' || c == '·') {
            break;
        }
    }
    Some(start..end)
}

/// The first run of two or more words of Latin letters, each with a capital and one blank before the next.
fn next_latin(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    // A word is not a part of a number, an address or an entity.
    let joined = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"@&;/._-".contains(byte));
    let word = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let capital = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let mut at = 0;
    while at < bytes.len() {
        let first = word(at);
        if !capital(at) || at.checked_sub(1).is_some_and(joined) {
            at = first.max(at + 1);
            continue;
        }
        let mut end = first;
        while bytes.get(end) == Some(&b' ') && capital(end + 1) {
            let next = word(end + 1);
            if joined(next) && bytes[next] != b'.' {
                break;
            }
            end = next;
        }
        if end > first {
            return Some(at..end);
        }
        at = first + 1;
    }
    None
}

const fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '\u{3001}'..='\u{3011}' | '\u{ff01}'..='\u{ff1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_words_of_a_text_get_their_language() {
        let html = "<h1 title=\"陈\">Good morning, 陈志远</h1><p>孙文中路 128 号, floor 2 &amp; 张*</p>";
        let marked = "<h1 title=\"陈\">Good morning, <span lang=\"zh-CN\">陈志远</span></h1>\
                      <p><span lang=\"zh-CN\">孙文中路 128 号</span>, floor 2 &amp; <span lang=\"zh-CN\">张</span>*</p>";
        assert_eq!(mark_foreign(Language::En, html), marked);
    }

    #[test]
    fn latin_names_on_a_chinese_page_get_their_language() {
        for (html, marked) in [
            ("<p>John Smith，您好</p>", "<p><span lang=\"en\">John Smith</span>，您好</p>"),
            ("李 Mary Ann St. James", "李 <span lang=\"en\">Mary Ann St</span>. James"),
            ("<p>用 ATM 取款，编号 qk2611 ab12，a@b.cn cc</p>", "<p>用 ATM 取款，编号 qk2611 ab12，a@b.cn cc</p>"),
            ("<p>a &amp; b &lt; c</p>", "<p>a &amp; b &lt; c</p>"),
            ("<p lang=\"en\">Run this on the server</p>", "<p lang=\"en\">Run this on the server</p>"),
            ("<h1>陈志远 128 号</h1>", "<h1>陈志远 128 号</h1>"),
        ] {
            assert_eq!(mark_foreign(Language::ZhCn, html), marked);
        }
    }
}
