//! Sign-in, sign-out and the language switch. Before sign-in there is no owner a form state could have, so a refusal
//! comes back as a known `?refused=` code and a five-minute cookie with the name; a password is stored nowhere.

pub mod cookie;
mod forms;
mod pages;

use axum::routing::{get, post};

use crate::routes::{Callers, Route};

/// The addresses of this folder.
pub fn routes() -> Vec<Route> {
    vec![
        Route::show("/login", Callers::Anyone, get(pages::sign_in)),
        Route::take("/login", Callers::Anyone, post(forms::sign_in)),
        Route::take("/logout", Callers::Anyone, post(forms::sign_out)),
        Route::take("/language", Callers::Anyone, post(forms::language)),
    ]
}

/// Remembers the name that was typed when a sign-in is refused.
const NAME_COOKIE: &str = "sign_in_name";

/// A path of ours that a form may lead back to; anything else is the start page. Only one leading slash: `//host` and
/// `/\host` are other sites to a browser.
fn local_path(path: &str) -> &str {
    let second = path.as_bytes().get(1);
    let ours = path.starts_with('/') && !matches!(second, Some(b'/' | b'\\')) && !path.contains(['\r', '\n', '\t', '\\']);
    if ours { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(local_path("/me?x=1"), "/me?x=1");
        for elsewhere in ["", "https://a.example", "//a.example", "/\\a.example", "/a\r\nx", "me"] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
