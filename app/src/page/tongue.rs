//! `lang` for Chinese words on an English page (names of people, streets, what somebody has typed), so that a screen reader
//! reads them in Chinese. It is done once on the rendered page, because such words can stand anywhere.

/// Elements whose text cannot hold another element, and islands, whose elements the browser compares with its own.
const WHOLE: [&str; 6] = ["textarea", "option", "script", "style", "title", "leptos-island"];

const OPEN: &str = "<span lang=\"zh-CN\">";

/// The page with each run of Chinese characters in an element of its own.
pub fn mark_chinese(html: &str) -> String {
    let mut marked = String::with_capacity(html.len() + 256);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        mark_text(&mut marked, &rest[..at]);
        rest = &rest[at..];
        let name = WHOLE.into_iter().find(|name| {
            let after = rest[1..].strip_prefix(name);
            after.is_some_and(|after| after.starts_with([' ', '>']))
        });
        let end = match name {
            Some(name) => rest.find(&format!("</{name}>")),
            None => tag_end(rest),
        };
        let (tag, after) = rest.split_at(end.unwrap_or(rest.len()));
        marked.push_str(tag);
        rest = after;
        // The closing tag of such an element.
        if name.is_some() {
            let (tag, after) = rest.split_at(tag_end(rest).unwrap_or(rest.len()));
            marked.push_str(tag);
            rest = after;
        }
    }
    mark_text(&mut marked, rest);
    marked
}

/// The length of the tag that begins here. A `>` within a quoted value does not end it.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    let end = tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map(|end| end + 1)
}

fn mark_text(marked: &mut String, text: &str) {
    if text.is_ascii() {
        marked.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(start) = rest.find(is_chinese) {
        let (before, from) = rest.split_at(start);
        // Figures and blanks between two Chinese characters belong to the run.
        let mut end = 0;
        for (at, c) in from.char_indices() {
            if is_chinese(c) {
                end = at + c.len_utf8();
            } else if !(c.is_ascii_digit() || c == ' ' || c == '*' || c == '·') {
                break;
            }
        }
        let (run, after) = from.split_at(end);
        marked.push_str(before);
        marked.push_str(OPEN);
        marked.push_str(run);
        marked.push_str("</span>");
        rest = after;
    }
    marked.push_str(rest);
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
        assert_eq!(mark_chinese(html), marked);
    }

    #[test]
    fn what_cannot_hold_an_element_and_islands_stay_as_they_are() {
        for html in [
            "<textarea name=\"a\">林</textarea>",
            "<option value=\"居住\">居住</option>",
            "<script nonce=\"n\">'林'</script>",
            "<leptos-island data-component=\"X\"><p>林</p></leptos-island>",
            "<p>plain</p>",
            "<p class=\"林",
            "<input value=\"a>林 onfocus=b\">",
        ] {
            assert_eq!(mark_chinese(html), html);
        }
        assert_eq!(mark_chinese("<textarea>林</textarea>王<br>"), "<textarea>林</textarea><span lang=\"zh-CN\">王</span><br>");
    }
}
