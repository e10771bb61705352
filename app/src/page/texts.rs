//! The texts of a rendered page, for what is done to all of them wherever they stand.

/// Elements whose text cannot hold another element, and islands, whose elements the browser compares with its own.
const WHOLE: [&str; 6] = ["textarea", "option", "script", "style", "title", "leptos-island"];

/// The page with each of its texts as `write` writes it. Texts are as in HTML, with entities.
pub fn each_text(html: &str, mut write: impl FnMut(&mut String, &str)) -> String {
    let mut written = String::with_capacity(html.len() + 256);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        write(&mut written, &rest[..at]);
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
        written.push_str(tag);
        rest = after;
        // The closing tag of such an element.
        if name.is_some() {
            let (tag, after) = rest.split_at(tag_end(rest).unwrap_or(rest.len()));
            written.push_str(tag);
            rest = after;
        }
    }
    write(&mut written, rest);
    written
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

#[cfg(test)]
mod tests {
    use super::each_text;

    #[test]
    fn what_cannot_hold_an_element_and_islands_stay_as_they_are() {
        let marked = |html: &str| {
            each_text(html, |written, text| {
                if !text.is_empty() {
                    written.extend(["[", text, "]"]);
                }
            })
        };
        for html in [
            "<textarea name=\"a\">林</textarea>",
            "<option value=\"居住\">居住</option>",
            "<script nonce=\"n\">'林'</script>",
            "<leptos-island data-component=\"X\"><p>林</p></leptos-island>",
            "<p class=\"林",
            "<input value=\"a>林 onfocus=b\">",
        ] {
            assert_eq!(marked(html), html);
        }
        assert_eq!(marked("<textarea>林</textarea>王<br><p>a &amp; b</p>"), "<textarea>林</textarea>[王]<br><p>[a &amp; b]</p>");
    }
}
