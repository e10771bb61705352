//! Where a request comes from: the network address, through the configured number of proxies, and the browser.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum_extra::extract::CookieJar;
use bank::sessions::Source;

use crate::visit::App;

/// Each proxy appends the address it was asked from.
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The source of a request, for handlers.
pub struct CameFrom(pub Source);

impl FromRequestParts<App> for CameFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let address = address(&parts.headers, peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), app.trusted_proxies);
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self(Source::at(address, device(&parts.headers), app.cookie.device(&jar))))
    }
}

/// The address of the client. Of `X-Forwarded-For` only what the trusted proxies have written is read, counted from the right:
/// everything to the left of it was sent by the client. A request that has passed fewer proxies counts by the address it came from.
fn address(headers: &HeaderMap, peer: IpAddr, trusted_proxies: usize) -> IpAddr {
    let entries: Vec<&str> =
        headers.get_all(FORWARDED).iter().flat_map(|line| line.to_str().unwrap_or_default().split(',')).map(str::trim).collect();
    let place = entries.len().checked_sub(trusted_proxies).filter(|_| trusted_proxies > 0);
    place.and_then(|place| entries.get(place)).and_then(|entry| read_address(entry)).unwrap_or(peer)
}

/// An address, which some proxies write with its port.
fn read_address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Browser and system in a few words, from known names only.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first = |names: &[&'static str]| names.iter().find(|name| agent.contains(**name)).copied();
    let browser = first(&["MicroMessenger", "Edg", "Firefox", "Chrome", "Safari"]).unwrap_or("?");
    let system = first(&["HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]).unwrap_or("?");
    format!("{browser} · {system}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_address_is_the_one_that_the_trusted_proxies_have_seen() {
        let peer: IpAddr = "10.0.0.1".parse().unwrap();
        for (lines, trusted, expected) in [
            (&[][..], 0, "10.0.0.1"),
            (&[], 1, "10.0.0.1"),
            (&["192.0.2.1"], 0, "10.0.0.1"),
            (&["192.0.2.1"], 1, "192.0.2.1"),
            (&["198.51.100.9, 192.0.2.1"], 1, "192.0.2.1"),
            (&["198.51.100.9", "192.0.2.1"], 1, "192.0.2.1"),
            (&["198.51.100.9, 192.0.2.1,10.0.0.2"], 2, "192.0.2.1"),
            (&["192.0.2.1"], 2, "10.0.0.1"),
            (&["192.0.2.1:4711"], 1, "192.0.2.1"),
            (&["[2001:db8::1]:4711"], 1, "2001:db8::1"),
            (&["2001:db8::1"], 1, "2001:db8::1"),
            (&["unknown"], 1, "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED, HeaderValue::from_str(line).unwrap());
            }
            assert_eq!(address(&headers, peer, trusted), expected.parse::<IpAddr>().unwrap(), "{lines:?} {trusted}");
        }
    }
}
