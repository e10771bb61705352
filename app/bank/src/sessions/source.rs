//! Where a sign-in comes from: network address and device (docs/domain.md §12). A browser that has signed in before holds a token in
//! a cookie and is a source of its own; everybody else shares the source of their network and kind of browser.

use std::net::{IpAddr, Ipv6Addr};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kernel::database::Tx;
use crate::kernel::failure::Failure;
use crate::kernel::seal::Seal;

/// The source of a request to sign in.
#[derive(Clone, Debug)]
pub struct Source {
    /// The network; `None`: a command on this machine, whose sign-ins make no known device.
    network: Option<IpAddr>,
    /// Browser and system in a few words.
    device: String,
    token: Option<DeviceToken>,
}

impl Source {
    /// A request from this address. One household or branch has a network of 64 bits in IPv6, of which it may use any address.
    pub fn at(address: IpAddr, device: String, token: Option<DeviceToken>) -> Self {
        let network = match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
            address @ IpAddr::V4(_) => address,
        };
        Self { network: Some(network), device, token }
    }

    /// A command on this machine.
    pub fn here(device: &str) -> Self {
        Self { network: None, device: device.to_owned(), token: None }
    }

    pub(super) fn device(&self) -> &str {
        &self.device
    }

    /// The hash of the token, empty without one.
    pub(super) fn token_hash(&self) -> String {
        self.token.as_ref().map(DeviceToken::hash).unwrap_or_default()
    }

    /// The token that the browser holds from now on: the one it has, if it was issued here, or a new one.
    pub(super) fn token(&self, tx: &Tx, issued: bool) -> Result<Option<DeviceToken>, Failure> {
        match &self.token {
            _ if self.network.is_none() => Ok(None),
            Some(token) if issued => Ok(Some(token.clone())),
            _ => DeviceToken::generate(tx).map(Some),
        }
    }

    /// The network in a few words; those who sign in by a command share one.
    fn network(&self) -> String {
        self.network.map_or_else(|| "here".to_owned(), |network| network.to_string())
    }

    /// In whose turn its passwords are compared: its own, if the device is known, or that of its network.
    pub(super) fn turn(&self, known: bool) -> String {
        if known { self.token_hash() } else { self.network() }
    }

    /// The blind index of the counter of the network.
    pub(super) fn network_index(&self, seal: &Seal) -> String {
        seal.index("sign_in_network", &self.network())
    }

    /// The network for the log, cut so far that it names nobody: the first 24 bits in IPv4, 48 in IPv6.
    pub(super) fn cut(&self) -> String {
        match self.network {
            Some(IpAddr::V4(address)) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            Some(IpAddr::V6(address)) => format!("{}/48", Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 48))),
            None => "this machine".to_owned(),
        }
    }

    /// The blind index of the counter of this source: of the device, if the user has signed in with it before.
    pub(super) fn index(&self, seal: &Seal, known: bool) -> String {
        let text =
            if known { format!("device/{}", self.token_hash()) } else { format!("network/{}/{}", self.network(), self.device) };
        seal.index("sign_in_source", &text)
    }
}

/// The secret of a known device: 256 random bits in a cookie. It opens nothing; it only gives the device a counter of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken(String);

impl DeviceToken {
    fn generate(tx: &Tx) -> Result<Self, Failure> {
        Ok(Self(URL_SAFE_NO_PAD.encode(tx.random::<32>()?)))
    }

    /// The token of a cookie.
    pub fn held(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The value for the cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.0.as_bytes()))
    }
}

impl std::fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceToken")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::kernel::seal::KEY_LEN;

    #[test]
    fn a_source_is_a_network_and_a_kind_of_browser_or_a_known_device() {
        let seal = Seal::new(&[7; KEY_LEN]).unwrap();
        let at = |address: &str, device: &str, token: Option<&str>| {
            Source::at(address.parse().unwrap(), device.to_owned(), token.map(DeviceToken::held))
        };
        let index = |source: Source, known| source.index(&seal, known);
        let first = index(at("192.0.2.1", "Firefox", None), false);
        assert_eq!(
            index(at("::ffff:192.0.2.1", "Firefox", Some("a")), false),
            first,
            "the token of somebody else counts for nothing"
        );
        for other in [at("192.0.2.2", "Firefox", None), at("192.0.2.1", "Chrome", None)] {
            assert_ne!(index(other, false), first);
        }
        let six = index(at("2001:db8::1", "Firefox", None), false);
        assert_eq!(index(at("2001:db8::ffff:1", "Firefox", None), false), six, "one household");
        assert_ne!(index(at("2001:db8:0:1::1", "Firefox", None), false), six);
        let known = index(at("192.0.2.1", "Firefox", Some("a")), true);
        assert_eq!(index(at("192.0.2.2", "Firefox", Some("a")), true), known, "wherever the device is");
        assert_ne!(known, first);
        assert_ne!(index(at("192.0.2.1", "Firefox", Some("b")), true), known);
    }

    #[test]
    fn the_log_names_a_network_and_nobody() {
        for (address, cut) in [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48")] {
            assert_eq!(Source::at(address.parse().unwrap(), String::new(), None).cut(), cut);
        }
    }
}
