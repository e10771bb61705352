//! [`LocalPath`]: a path of the portal that a response may redirect to. Every redirect is made from one, so that user input
//! can neither redirect to another site nor inject a header.

/// Maximum length in bytes; all paths of the portal are shorter.
const LONGEST: usize = 4_000;

/// A path of the portal with its query, in visible ASCII only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Parses a path. `None` for another site (browsers treat `//host` and `/\host` as such), for control characters and for
    /// too long text. Characters other than visible ASCII are percent-encoded.
    pub fn parse(text: &str) -> Option<Self> {
        let second = text.as_bytes().get(1);
        let ours = text.starts_with('/') && !matches!(second, Some(b'/' | b'\\'));
        let plain = !text.contains(|c: char| c == '\\' || c.is_control());
        (ours && plain && text.len() <= LONGEST).then(|| Self(text.bytes().map(encoded).collect()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// Anything that is not a path of the portal becomes the home page.
impl From<&str> for LocalPath {
    fn from(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self("/".to_owned()))
    }
}

impl From<&String> for LocalPath {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::LocalPath;

    #[test]
    fn only_paths_of_ours_are_followed() {
        for (typed, path) in [("/me?x=1", "/me?x=1"), ("/desk?q=石 岐", "/desk?q=%E7%9F%B3%20%E5%B2%90"), ("/%01", "/%01")] {
            assert_eq!(LocalPath::from(typed).as_str(), path);
        }
        let long = format!("/{}", "a".repeat(5_000));
        let elsewhere =
            ["", "https://a.example", "//a.example", "/\\a.example", "/a\r\nx", "me", "/a\u{1}", "/a\t", "/\u{7f}", &long];
        for elsewhere in elsewhere {
            assert_eq!(LocalPath::from(elsewhere).as_str(), "/", "{elsewhere:?}");
        }
    }
}
