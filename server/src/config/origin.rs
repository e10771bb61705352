//! The public origin: the address in the browser. It decides whether cookies are `Secure`, from which origin forms may be
//! posted, and whether the server starts: plain http is permitted for a loopback host only.

use http::Uri;

/// Why an origin is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not of the form `scheme://host[:port]`.
    #[error("must be https://HOST or, on this machine only, http://HOST:PORT, without a path")]
    Unreadable,
    /// Passwords and sessions would cross the network in clear text.
    #[error(
        "http is allowed for a loopback host only: passwords would cross the network in the clear; set LOBBY_PUBLIC_ORIGIN to the https address"
    )]
    PlainHttp,
}

/// A permitted public origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicOrigin {
    text: String,
    secure: bool,
    loopback: bool,
    /// Whether it was configured, and not derived from the address to listen on.
    configured: bool,
}

impl PublicOrigin {
    /// Parses `https://host[:port]`, or http for a loopback host.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let uri: Uri = text.parse().map_err(|_| OriginError::Unreadable)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(OriginError::Unreadable)?;
        if uri.path() != "/" || uri.query().is_some() || text.contains(['@', '#']) {
            return Err(OriginError::Unreadable);
        }
        let loopback = is_loopback(host);
        match uri.scheme_str() {
            Some("https") => Ok(Self { text, secure: true, loopback, configured: false }),
            Some("http") if loopback => Ok(Self { text, secure: false, loopback, configured: false }),
            Some("http") => Err(OriginError::PlainHttp),
            _ => Err(OriginError::Unreadable),
        }
    }

    /// `scheme://host[:port]`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Marks it as configured: forms may be posted from it only.
    #[must_use]
    pub fn configured(self) -> Self {
        Self { configured: true, ..self }
    }

    /// Whether forms may be posted from this origin, as the header `Origin` names it. Without a configured one, one browser on this
    /// machine may use other names of it (localhost), which the same-site check compares with `Host`.
    pub fn admits(&self, origin: &str) -> bool {
        !self.configured || origin == self.text
    }

    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// What to say below printed links that only this computer can open; `None`: others can.
    pub fn links_note(&self) -> Option<String> {
        self.loopback.then(|| {
            format!(
                "Other computers cannot open {}: set LOBBY_PUBLIC_ORIGIN to the address in their browser and serve the portal there \
                 first; then these links work with that address in its place.",
                self.text
            )
        })
    }

    /// Whether the host is a loopback host.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

/// Whether a listening address `HOST:PORT` is reachable from this machine only.
pub fn is_loopback_address(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, _)| is_loopback(host))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{OriginError, PublicOrigin, is_loopback_address};

    #[test]
    fn http_is_for_a_loopback_host_only() {
        for ours in ["http://127.0.0.1:3000", "http://localhost:3000/", "http://[::1]:3000", "https://bank.example"] {
            assert!(PublicOrigin::parse(ours).is_ok(), "{ours}");
        }
        for plain in ["http://bank.example", "http://0.0.0.0:3000", "http://192.168.1.2:3000", "http://127.0.0.1.bank.example"] {
            assert_eq!(PublicOrigin::parse(plain), Err(OriginError::PlainHttp), "{plain}");
        }
        for wrong in ["", "bank.example", "ftp://bank.example", "https://bank.example/lobby", "https://", "https://a@b.example"] {
            assert_eq!(PublicOrigin::parse(wrong), Err(OriginError::Unreadable), "{wrong}");
        }
    }

    #[test]
    fn only_https_makes_cookies_secure() {
        assert_eq!(
            PublicOrigin::parse("https://Bank.example/").map(|origin| (origin.is_secure(), origin.as_str().to_owned())),
            Ok((true, "https://bank.example".to_owned()))
        );
        assert!(PublicOrigin::parse("http://localhost:3000").is_ok_and(|origin| !origin.is_secure()));
    }

    #[test]
    fn a_loopback_host_is_told_from_others() {
        for (address, here) in [("127.0.0.1:3000", true), ("localhost:1", true), ("[::1]:3000", true), ("0.0.0.0:3000", false)] {
            assert_eq!(is_loopback_address(address), here, "{address}");
        }
        assert!(PublicOrigin::parse("https://localhost:3000").is_ok_and(|origin| origin.is_loopback()));
        let note = |text| PublicOrigin::parse(text).ok().and_then(|origin| origin.links_note());
        assert!(note("http://127.0.0.1:3000").is_some_and(|note| note.contains("LOBBY_PUBLIC_ORIGIN")));
        assert_eq!(note("https://bank.example"), None);
        assert!(PublicOrigin::parse("https://bank.example").is_ok_and(|origin| !origin.is_loopback()));
    }
}
