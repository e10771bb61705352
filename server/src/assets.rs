//! Static assets: script, wasm, style sheet and the files of `public/`, embedded in the release binary (the dev profile
//! reads them from disk). Files under `/pkg-<hash>/` never change and are cached as immutable. Every file is also stored
//! compressed.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// Names the folder of the current script, wasm and style sheet.
const INDEX: &str = "assets.json";

/// An asset is not a page: nothing may run or load from it.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'");

/// The folder of the current script, wasm and style sheet; `pkg` if none has been built.
pub fn pkg() -> Arc<str> {
    let index = Site::get(INDEX).and_then(|file| serde_json::from_slice::<serde_json::Value>(&file.data).ok());
    index.as_ref().and_then(|index| index.get("pkg")?.as_str()).unwrap_or("pkg").into()
}

/// Answers a request for an asset; passes everything else on to the pages.
pub async fn assets_layer(request: Request, next: Next) -> Response {
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    match readable.then(|| find(request.uri().path(), request.headers())).flatten() {
        Some(found) => found.answer(request.headers()),
        None => next.run(request).await,
    }
}

struct Found {
    bytes: Vec<u8>,
    kind: &'static str,
    encoding: Option<&'static str>,
    tag: String,
    lasting: bool,
}

fn find(path: &str, headers: &HeaderMap) -> Option<Found> {
    let path = path.strip_prefix('/')?;
    let hidden = path.split('/').any(|part| part.is_empty() || part.starts_with('.'));
    if hidden || path == INDEX || path.contains('\\') {
        return None;
    }
    let kind = content_type(path)?;
    let plain = Site::get(path)?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let packed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, suffix)| Some((encoding, Site::get(&format!("{path}.{suffix}"))?)));
    // One ETag per file and encoding, derived from the hash of the uncompressed file (computed at compile time in a release).
    let hash: String = plain.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let (encoding, file) = packed.map_or((None, plain), |(encoding, file)| (Some(encoding), file));
    let tag = format!("\"{hash}-{}\"", encoding.unwrap_or("plain"));
    Some(Found { bytes: file.data.into_owned(), kind, encoding, tag, lasting: path.starts_with("pkg-") })
}

/// Whether an `Accept-Encoding` header lists this encoding without `q=0`.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = words.any(|word| word.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0)));
        named && !refused
    })
}

/// `None` for files that are not served under their own name: compressed copies and unknown types.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

impl Found {
    fn answer(self, asked: &HeaderMap) -> Response {
        let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|tags| {
            tags.split(',').any(|tag| {
                let tag = tag.trim();
                tag == "*" || tag.trim_start_matches("W/") == self.tag
            })
        });
        let mut response = Response::new(if known { Body::empty() } else { Body::from(self.bytes) });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let kept = if self.lasting { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(encoding) = self.encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_when_it_is_accepted() {
        assert!(accepts("gzip, deflate, br;q=0.8", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("identity", "gzip"));
        assert!(!accepts("", "br"));
    }

    #[test]
    fn compressed_copies_the_index_and_other_folders_are_not_served() {
        for path in ["/assets.json", "/pkg/lobby.js.br", "/../Cargo.toml", "/./favicon.svg", "//favicon.svg", "/", "favicon.svg"]
        {
            assert!(find(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }

    #[test]
    fn an_asset_that_is_known_is_not_sent_again() {
        let found =
            || Found { bytes: b"x".to_vec(), kind: "text/css", encoding: Some("br"), tag: "\"1-br\"".to_owned(), lasting: true };
        let mut asked = HeaderMap::new();
        assert_eq!(found().answer(&asked).status(), StatusCode::OK);
        asked.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"0-br\", W/\"1-br\""));
        assert_eq!(found().answer(&asked).status(), StatusCode::NOT_MODIFIED);
    }
}
